"""What the header of a labelled file announces, held against the file's size before any library believes it.

A header that lies makes a library ask for the memory of two thousand million respondents. Layouts after the PSPP
developers' guide (system files), Stata's `help dta`, and M. Shotwell's description of sas7bdat (2012).
"""

import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from impact.errors import ImpactError

HEAD: Final = 512  # bytes in which each format says its numbers, and more than any has before its variables
# Bytes that the 8 of a value take at least in a system file: as they are, as one command byte, and that one deflated.
SMALLEST: Final = {0: 8.0, 1: 1.0, 2: 1 / 1032}
RECORDS: Final = 176  # where the variables of a system file begin
VARIABLE: Final = 2  # the type of their records
LITTLE: Final = (2, 3)  # the layout codes of a system file, as its own byte order reads them
TAGGED: Final = re.compile(rb"<byteorder>(MSF|LSF)</byteorder><K>(.{2}|.{4})</K><N>(.{4}|.{8})</N>", re.DOTALL)
LONG: Final = ord("3")  # what SAS marks a wider layout by


def check(path: Path, kind: str) -> None:
    """Raises ImpactError where a header announces more than its file can hold; `kind` is one of `_reader.LABELLED`."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(HEAD)
        try:
            if kind == "sas" and _pages(head) > size:
                raise ImpactError("loader_unreadable", file=path.name)
            if kind == "sav" and _packing(head) not in SMALLEST:  # read as another packing, answers would be others'
                raise ImpactError("loader_unreadable", file=path.name)
            cases, variables, smallest = _announced(kind, head, file)
        except (struct.error, IndexError):  # shorter than its header
            raise ImpactError("loader_unreadable", file=path.name) from None
    if cases * variables * smallest > size:
        raise ImpactError("loader_announces", file=path.name, cases=cases, variables=variables)


def _announced(kind: str, head: bytes, file: BinaryIO) -> tuple[int, int, float]:
    """Cases, values a case, and the bytes that a value takes at least; 0 cases where the header does not say."""
    if kind == "sav":
        return _system(head, file)
    if kind == "dta":
        return (*_stata(head), 1.0)
    return 0, 0, 0.0


def _system(head: bytes, file: BinaryIO) -> tuple[int, int, float]:
    order, cases = _order(head), struct.unpack_from(f"{_order(head)}i", head, 80)[0]
    file.seek(RECORDS)
    return max(cases, 0), sum(1 for _ in _records(file, order)), SMALLEST[_packing(head)]


def _order(head: bytes) -> str:
    return "<" if struct.unpack_from("<i", head, 64)[0] in LITTLE else ">"


def _packing(head: bytes) -> int:
    """How a system file says that its cases are packed: one of SMALLEST."""
    return int(struct.unpack_from(f"{_order(head)}i", head, 72)[0])


def _records(file: BinaryIO, order: str) -> Iterator[None]:
    """The records of the variables, one for each 8 bytes of a case; the library judges what is wrong in them."""
    while len(record := file.read(32)) == 32:
        kind, _, labelled, missing = struct.unpack_from(f"{order}iiii", record)
        if kind != VARIABLE:
            return
        yield
        if labelled == 1:
            length = file.read(4)
            if len(length) < 4:
                return
            file.seek(-(-struct.unpack(f"{order}I", length)[0] // 4) * 4, 1)
        file.seek(8 * min(abs(missing), 3), 1)


def _stata(head: bytes) -> tuple[int, int]:
    tagged = TAGGED.search(head)
    if tagged:
        order = "little" if tagged[1] == b"LSF" else "big"
        return int.from_bytes(tagged[3], order), int.from_bytes(tagged[2], order)  # type: ignore[arg-type]
    variables, cases = struct.unpack_from("<Hi" if head[1] == 2 else ">Hi", head, 4)
    return max(cases, 0), variables


def _pages(head: bytes) -> int:
    """The bytes that a SAS data set's header and pages take together."""
    order = "<" if head[37] == 1 else ">"
    shift = 4 if head[35] == LONG else 0
    header, page = struct.unpack_from(f"{order}II", head, 196 + shift)
    pages = struct.unpack_from(f"{order}Q" if head[32] == LONG else f"{order}I", head, 204 + shift)[0]
    return int(header + page * pages)
