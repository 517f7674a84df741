"""From bytes to text: which encoding a text export was written in."""

import codecs
import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

import numpy as np

from impact import texts
from impact.errors import ImpactError
from impact.loaders._sheet import Sheet

BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark begins alike
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
EIGHT_BITS: Final = ("cp1252", "mac_roman")  # Excel on Windows, old Excel on Mac; the first where both read as well
# What stands beside ASCII in French and English answers. Only a decoding that gives mostly these is believed.
EXPECTED: Final = frozenset("àâäçéèêëîïôöùûüÿœæÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒÆñáíóúßå’‘“”«»–—…•€°²º½·×§©®\u00a0\u202f\u200b")
HALF: Final = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")
ASCII: Final = bytes(range(128))
BELIEVED: Final = 0.9  # share of expected characters under which a second opinion is asked
# UTF-8 once read as cp1252 and saved again; the text is damaged inside a file that is itself valid.
DAMAGED: Final = re.compile("Ã[©¨ª§ «´»¹®¯\u00a0]|â€[™œ“”¦]|\ufffd")


def decode(data: bytes, file: str, asked: str = "") -> tuple[str, list[str]]:
    """The text of a file and what was found out, as sentences; `asked` is the encoding the study names.

    Raises ImpactError for an unknown encoding, for bytes that the asked one cannot hold, and for a file that changes
    its encoding on the way.
    """
    encoding = asked or by_mark(data) or without_mark(data)
    text = _strict(data, file, encoding) if asked else _loose(data, encoding) if encoding else _utf8(data)
    if not text and not encoding:
        check_no_half(data, file)
        check_unmixed(data, file)
        encoding = max(EIGHT_BITS, key=lambda name: _plausible(beyond_ascii(data, name)))
        text = _loose(data, encoding)
    encoding = encoding or "utf-8"
    text = text.lstrip("\ufeff").removeprefix("ï»¿")  # a mark kept by a tool that added its own
    return text, list(_remarks(data, text, encoding, certain=bool(asked)))


def by_mark(data: bytes) -> str:
    """The encoding that the first bytes announce, "" where none do."""
    return next((name for mark, name in BYTE_ORDER_MARKS if data.startswith(mark)), "")


def without_mark(data: bytes) -> str:
    """UTF-16 without its mark: every other byte of Western text is NUL, which no other encoding writes."""
    sample = data[:4096]
    for name, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        if len(zeros) > 1 and zeros.count(0) > 0.6 * len(zeros) and sample.count(0) < 1.2 * zeros.count(0):
            return name
    return ""


def check_no_half(data: bytes, file: str) -> None:
    """Raises ImpactError for a half of a surrogate pair: UTF-8 forbids it, and as cp1252 it would read as letters."""
    found = HALF.search(data)
    if found:
        raise ImpactError("loader_half_sign", file=file, line=data.count(b"\n", 0, found.start()) + 1)


def check_unmixed(data: bytes, file: str) -> None:
    """Raises ImpactError where some lines are UTF-8 and others are not: two files pasted together, or a bad edit."""
    lines = [(number, line) for number, line in enumerate(data.split(b"\n"), 1) if not line.isascii()]
    readable = [_holds(line, "utf-8") for _, line in lines]
    if any(fits and _plausible(line.decode("utf-8")) == 1 for fits, (_, line) in zip(readable, lines, strict=True)):
        first = next(number for fits, (number, _) in zip(readable, lines, strict=True) if not fits)
        raise ImpactError("loader_mixed_encoding", file=file, line=first)


def _utf8(data: bytes) -> str:
    """The text of UTF-8 bytes, "" where they are not."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return ""


def _holds(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _loose(data: bytes, encoding: str) -> str:
    """The text with U+FFFD for what the encoding does not know: cp1252 leaves five bytes without a character."""
    return data.decode(encoding, errors="replace")


def _strict(data: bytes, file: str, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except LookupError as fault:
        raise ImpactError("loader_unknown_encoding", file=file, encoding=encoding) from fault
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        raise ImpactError("loader_wrong_encoding", file=file, encoding=encoding, line=line) from fault


def beyond_ascii(data: bytes, encoding: str) -> str:
    """What an encoding of one byte a character makes of the bytes that are not ASCII."""
    return _loose(data.translate(None, ASCII), encoding)


def _plausible(text: str) -> float:
    """The share of the characters beyond ASCII that French and English answers hold; 1 where there are none."""
    counts = Counter(text)
    beyond = sum(count for character, count in counts.items() if not character.isascii())
    expected = sum(count for character, count in counts.items() if character in EXPECTED)
    return expected / beyond if beyond else 1.0


def _remarks(data: bytes, text: str, encoding: str, *, certain: bool) -> Iterator[str]:
    say = texts.load()
    yield say("note.encoding", encoding=encoding.removesuffix("-sig"))
    if encoding in EIGHT_BITS and not certain and _plausible(beyond_ascii(data, encoding)) < BELIEVED:
        other = _second_opinion(data)
        yield say("note.encoding_doubtful", encoding=encoding, other=other or "?")
    yield from _damage(damages(text))


def remarks_of(sheet: Sheet, encoding: str) -> Iterator[str]:
    """What is to be said of a text whose encoding is sure, from its cells."""
    yield texts.load()("note.encoding", encoding=encoding)
    found = 0
    for column in range(sheet.width):
        counts = [damages(text) for text in sheet.values(column)]
        if any(counts):
            found += sum(np.array(counts)[sheet.frame[column].cat.codes])
    yield from _damage(int(found))


def _damage(count: int) -> Iterator[str]:
    if count:
        yield texts.load()("note.damaged_text", count=count)


def damages(text: str) -> int:
    """How many places of a text show that it was once read in a wrong encoding; three quick looks spare a slow one."""
    return len(DAMAGED.findall(text)) if any(sign in text for sign in ("Ã", "â€", "\ufffd")) else 0


def is_sound(text: str) -> bool:
    """Whether a text reads as French and English ones do, and was not damaged by a wrong decoding."""
    return not damages(text) and _plausible(text) >= BELIEVED


def _second_opinion(data: bytes) -> str:
    import charset_normalizer  # noqa: PLC0415 – only a file that nothing else explains needs it

    found = charset_normalizer.from_bytes(data[:200_000]).best()
    return found.encoding if found else ""
