"""Multiple-response sets of an SPSS file, which the library reads and does not write."""

import re
import struct
from collections.abc import Iterator, Sequence

from impact.model import Column

_EXTENSION, _SETS, _NAMES = 7, 7, 13  # a record that extends the dictionary, and what it may hold
_FIRST = struct.pack("<iiii", _EXTENSION, 3, 4, 8)  # how the first of these records begins


def with_sets(content: bytes, columns: Sequence[Column]) -> bytes:
    """A system file whose blocks of boxes and of slots are sets, as the columns say."""
    lines = "".join(f"{line}\n" for line in _lines(columns, _short_names(content))).encode()
    if not lines:
        return content
    place = content.index(_FIRST)
    record = struct.pack("<iiii", _EXTENSION, _SETS, 1, len(lines)) + lines
    return content[:place] + record + content[place:]


def are_sets(columns: Sequence[Column]) -> bool:
    """Whether any column belongs to a set."""
    return any(_is_member(column) for column in columns)


def _is_member(column: Column) -> bool:
    named = column.item in column.headings[:2]  # LimeSurvey tells its boxes by their labels, without a set
    return bool(column.block and named and (column.ticked or column.layout == "slots"))


def _lines(columns: Sequence[Column], short: dict[str, str]) -> Iterator[str]:
    """Each set as the dictionary holds it: its name, its kind, the counted value, its label, its variables."""
    members = [column for column in columns if _is_member(column)]
    for number, block in enumerate(dict.fromkeys(column.block for column in members), 1):
        own = [column for column in members if column.block == block]
        names = " ".join(short.get(column.heading, column.heading).lower() for column in own)
        counted = own[0].ticked
        kind = f"D{len(counted.encode())} {counted}" if counted else "C"
        yield f"$set{number}={kind} {len(block.encode())} {block} {names}"


def _short_names(content: bytes) -> dict[str, str]:
    """The names of eight signs under which the dictionary holds the longer ones."""
    begun = struct.pack("<iii", _EXTENSION, _NAMES, 1)
    place = content.find(begun)
    if place < 0:
        return {}
    start = place + len(begun) + 4
    (size,) = struct.unpack("<i", content[start - 4 : start])
    pairs = re.findall(r"([^=\t]+)=([^\t]+)", content[start : start + size].decode("utf-8"))
    return {long: name for name, long in pairs}
