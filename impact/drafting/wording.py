"""Texts of forms and answers, as a draft needs them: compared, shortened, made into names."""

import re
from collections.abc import Collection
from typing import Final

from impact.matching import fold

# "satisfait·e", "satisfait(e)", "isolé.e.s": how an ending is written says nothing of the answer.
_ENDINGS: Final = re.compile(r"(?<=\w)(?:·(?:e|ne|ve|se|trice)?(?:·?s)?|\((?:e|ne|s|es)\)|[.]e(?:[.]?s)?|-e-s)(?!\w)")
_CLOSING: Final = " .!?…:;,*"
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
_TAG: Final = re.compile(r"<[a-zA-Z/][^<>]{0,200}>")
LONGEST_NAME: Final = 32
LONGEST_LABEL: Final = 90


def plain(text: str) -> str:
    """A text folded, without what its end is dressed with: a stop, a star, an ending for either gender."""
    return _ENDINGS.sub("", fold(text)).strip(_CLOSING)


def one_line(text: str) -> str:
    """A text as a line of a file or of a page can hold it."""
    return " ".join(_CONTROL.sub(" ", _TAG.sub(" ", text)).split())


def shortened(text: str, longest: int = LONGEST_LABEL) -> str:
    """A text cut at a word, and seen to be."""
    text = one_line(text)
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[longest // 2 :] else cut).rstrip(_CLOSING) + "…"


def slug(text: str, longest: int = LONGEST_NAME) -> str:
    """A text as an identifier: lower case, no accent, words joined by "_"; "" where nothing of it can be written."""
    words = re.findall(r"[a-z0-9]+", _ENDINGS.sub("", fold(text)).replace("œ", "oe").replace("æ", "ae"))
    name = ""
    for word in words:
        if name and len(name) + 1 + len(word) > longest:
            break
        name = f"{name}_{word}" if name else word[:longest]
    return f"q_{name}" if name[:1].isdigit() else name


def unused(name: str, taken: Collection[str]) -> str:
    """The name, or the first of name_2, name_3… that is not taken."""
    if name not in taken:
        return name
    number = 2
    while f"{name}_{number}" in taken:
        number += 1
    return f"{name}_{number}"
