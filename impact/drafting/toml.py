"""Values and comments as a study file holds them: whatever a heading or an answer is made of, the file can be read."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from impact.drafting.wording import one_line

WIDEST: Final = 120
_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_TURNING: Final = (0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A))  # lines, or their direction
_SHORT: Final = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


def string(text: str) -> str:
    """A text between quotes, what cannot stand there escaped."""
    return '"' + "".join(_SHORT.get(sign) or _escaped(sign) for sign in text) + '"'


def _escaped(sign: str) -> str:
    number = ord(sign)
    if 0xD800 <= number <= 0xDFFF:  # half a sign, which no file can hold
        return "\\uFFFD"
    hidden = number < 0x20 or 0x7F <= number < 0xA0 or number in (0xFEFF, *_TURNING)
    return f"\\u{number:04X}" if hidden else sign


def number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def words(texts: Mapping[str, str]) -> str:
    """A label: one text, or one a language."""
    languages = {language: text for language, text in texts.items() if text}
    if not languages.keys() - {""} or len(set(languages.values())) == 1:
        return string(next(iter(languages.values()), ""))
    return table((language or "fr", string(text)) for language, text in languages.items())


def table(pairs: Iterable[tuple[str, str]]) -> str:
    """A table on one line; its values are written already."""
    return "{" + ", ".join(f"{key(name)} = {value}" for name, value in pairs) + "}"


def key(name: str) -> str:
    return name if _BARE.fullmatch(name) else string(name)


def strings(values: Iterable[str]) -> str:
    return "[" + ", ".join(map(string, values)) + "]"


def listed(name: str, values: Sequence[str], remarks: Sequence[str] = ()) -> list[str]:
    """A list, one value a line, the remarks beside them aligned."""
    widths = [len(value) for value in values]
    edge = min(max(widths, default=0), 90)
    lines = [f"{name} = ["]
    for value, remark in zip(values, remarks or [""] * len(values), strict=True):
        beside = f"{' ' * max(edge - len(value), 0)}  # {remark}" if remark else ""
        lines.append(f"    {value},{beside}")
    return [*lines, "]"]


def comment(text: str, first: str = "# ") -> list[str]:
    """A comment of as many lines as it takes."""
    lines, line = [], ""
    for word in one_line(text).split():
        if line and len(first) + len(line) + 1 + len(word) > WIDEST:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return [(first if place == 0 else "# ") + one for place, one in enumerate([*lines, line])]


def title(text: str) -> list[str]:
    """A line that sets a part of the file apart."""
    line = "# " + "-" * (WIDEST - 3)
    return [line, *comment(text), line]
