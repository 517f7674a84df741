"""Signs that a file may hold and that would act on whoever reads it: they are shown, and do nothing."""

import re
from typing import Final

# What commands a terminal, and what turns the direction of the text behind it.
_ACTING: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_LINE_END: Final = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_MARKS: Final = re.compile("[\u200e\u200f]")  # of direction: they turn a few signs only


def inert(text: str) -> str:
    """A text to be read, each sign that would act replaced by the mark of one that cannot be shown."""
    return _ACTING.sub("\ufffd", text)


def escaped(text: str) -> str:
    """A text between quotes as JSON writes it, such signs by their number: copied, it still means the same."""
    return _ACTING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def still(text: str) -> str:
    """A text for a file that other programs open, without the signs that act: every end of line is a line feed."""
    if text.isascii() and text.isprintable():
        return text
    return _ACTING.sub("", _MARKS.sub("", _LINE_END.sub("\n", text)))
