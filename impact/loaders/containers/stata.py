"""Stata: .dta of every format since Stata 8, with value labels and tagged missing values (.a to .z)."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np

from impact import texts
from impact.loaders import _labelled
from impact.loaders._values import moment, written
from impact.model import Export
from impact.study.schema import Source

PRIORITY: Final = 10
TAGGED: Final = b"<stata_dta>"  # formats 117 and later
OLDER: Final = range(104, 117)  # the first byte of the others, which may be a letter: two more bytes tell text apart
WIDE: Final = 118  # the first release whose names take 129 bytes
NOTED: Final = 4_000_000  # bytes within which Stata notes what it knows of a file, before the answers
CLOCK: Final = re.compile(r"[Hh]{2}:?MM(:?SS)?")  # a %tc that shows hours only


def matches(path: Path, head: bytes) -> bool:
    """The mark of a recent file; or an older one's release, byte order and file type."""
    return head.startswith(TAGGED) or (len(head) > 3 and head[0] in OLDER and head[1] in (1, 2) and head[2] == 1)


def read(path: Path, source: Source) -> Export:
    """A file of Stata. Tagged missing values are written ".a", are declared missing and keep their labels."""
    parsed, notes = _labelled.parse(path, "dta", source.encoding)
    variables = [_variable(stored) for stored in parsed.variables]
    return _labelled.export(path, "stata", variables, (*notes, *_languages(path)))


def _languages(path: Path) -> Iterator[str]:
    """A word on a file whose labels are in several languages: the library gives those of the active one."""
    with path.open("rb") as file:
        start = file.read(NOTED)
    tagged = re.match(rb"<stata_dta><header><release>(\d+)", start)
    size = 129 if tagged and int(tagged[1]) >= WIDE else 33
    known = _characteristic(start, b"_lang_list", size).split()
    if len(known) > 1:
        active = _characteristic(start, b"_lang_c", size)
        yield texts.load()("note.stata_languages", languages=", ".join(known), active=active)


def _characteristic(start: bytes, name: bytes, size: int) -> str:
    """What Stata notes of a file under a name, which stands in a field of `size` bytes before it."""
    place = start.find(name + b"\0")
    return start[place + size :].partition(b"\0")[0].decode("utf-8", "replace") if place >= 0 else ""


def _variable(stored: _labelled.Stored) -> _labelled.Variable:
    plain = writer(stored.form, single=stored.kind == "float")
    tagged = stored.kind != "string"
    return _labelled.Variable(
        name=stored.name,
        label=stored.label.strip(),
        cells=stored.cells,
        write=lambda value: f".{value}" if tagged and isinstance(value, str) else plain(value),
        labels=stored.labels,
        missing=stored.missing,
    )


def writer(form: str, *, single: bool) -> Callable[[Any], str]:
    """How the values of a variable are written, by its Stata format ("%td", "%9.0g").

    A number stored in single precision is written as short as that precision allows: 1.91, not 1.9099999666213989.
    """
    kind = re.match(r"%-?(t.|d)?(.*)", form)
    dated = kind[1] if kind else None
    if dated == "tc" and kind and CLOCK.fullmatch(kind[2]):
        return lambda value: _dated(value, lambda ms: moment(_moment(ms))[11:])
    if dated in DATES:
        return lambda value: _dated(value, DATES[dated])
    if single:
        return lambda value: written(float(str(np.float32(value))))
    return written


def _moment(milliseconds: float) -> datetime:
    return datetime(1960, 1, 1) + timedelta(milliseconds=milliseconds)


def _day(days: float) -> str:
    return (date(1960, 1, 1) + timedelta(days=days)).isoformat()


def _month(months: float) -> str:
    """The first day of a month counted from January 1960."""
    return date(1960 + int(months // 12), 1 + int(months % 12), 1).isoformat()


def _week(weeks: float) -> str:
    """The first day of a week counted from 1960, of which Stata gives each year 52."""
    return (date(1960 + int(weeks // 52), 1, 1) + timedelta(weeks=weeks % 52)).isoformat()


# Days, milliseconds (without and with leap seconds), months, quarters, half-years and weeks since 1960.
DATES: Final[dict[str | None, Callable[[float], str]]] = {
    "d": _day,
    "td": _day,
    "tc": lambda milliseconds: moment(_moment(milliseconds)),
    "tC": lambda milliseconds: moment(_moment(milliseconds)),
    "tm": _month,
    "tq": lambda quarters: _month(quarters * 3),
    "th": lambda halves: _month(halves * 6),
    "tw": _week,
}


def _dated(value: float, write: Callable[[float], str]) -> str:
    """A date, or its stored number where it lies beyond the calendar: kept, so that it can be seen and mended."""
    try:
        return write(value)
    except (OverflowError, ValueError):
        return written(value)
