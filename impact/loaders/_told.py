"""What a child process found in a file, as values of this program; what became of the child, as a sentence."""

import base64
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np

from impact import apart
from impact.errors import ImpactError
from impact.loaders._sheet import Coded
from impact.model import Column

LAST_ROW: Final = 200_000  # of a sheet: one cell typed far away lays out all that is before it
LAST_COLUMN: Final = 5_000
PACKED: Final[Mapping[str, Any]] = {"B": np.uint8, "H": np.uint16, "I": np.uint32}

Found = Mapping[str, Any]
T = TypeVar("T")


def opened(path: Path, kind: str, take: Callable[[Found], T], encoding: str = "") -> T | None:
    """What `take` makes of what a child found in a file; None where its library refuses to read it.

    Raises ImpactError where the file crashes the child or costs more than it may, where it is protected, and where what
    the child says has not the shape that it should.
    """
    said = apart.said(apart.Request(kind, os.path.abspath(path), encoding, LAST_ROW, LAST_COLUMN))
    if said.end:
        raise _ended(said.end, path.name)
    try:
        if "fault" not in said.answer:
            return take(said.answer)
        _say_refused(said.answer, path.name)
    except (AttributeError, IndexError, KeyError, OverflowError, TypeError, ValueError) as misshapen:
        raise ImpactError("loader_unreadable", file=path.name) from misshapen
    return None


def coded(column: Found, rows: int) -> Coded:
    """A column as the child packs it. ValueError where it has not one value a row."""
    letter, packed = column["codes"]
    codes = np.frombuffer(base64.b64decode(packed), PACKED[letter]).astype(np.uint32)
    values = list(column["values"])
    if len(codes) != rows or (rows and int(codes.max()) >= len(values)):
        raise ValueError("not one value a row")
    return Coded(values, codes)


def _ended(end: str, file: str) -> ImpactError:
    if end == apart.MEMORY_OUT:
        return ImpactError("loader_too_heavy", file=file, limit=apart.MEMORY // 1_000_000_000)
    if end == apart.TIME_OUT:
        return ImpactError("loader_too_slow", file=file, limit=apart.PATIENCE)
    return ImpactError("loader_unreadable", file=file)


def _say_refused(found: Found, file: str) -> None:
    """Raises ImpactError for what is known of a file that the library refuses; nothing for what is not."""
    if found["fault"] == "protected":
        raise ImpactError("loader_protected", file=file)
    if found["fault"] == "far":
        row, column = found["place"]
        raise ImpactError("loader_far_cell", file=file, cell=f"{Column(int(column) - 1, ()).letter}{int(row)}")
