"""SAS: data sets (.sas7bdat), with the catalogue of formats beside them, and transport files (.xpt)."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from impact import texts
from impact.loaders import _labelled, _pairs, _told
from impact.loaders._values import duration, moment, written
from impact.model import NOTHING, Export
from impact.study.schema import Source

PRIORITY: Final = 10
DATA_SET: Final = bytes(12) + bytes.fromhex("c2ea8160b31411cfbd92080009c7318c181f1011")
TRANSPORT: Final = (
    b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!", b"HEADER RECORD*******LIBV8   HEADER RECORD!!!!!!!",
)  # fmt: skip
CATALOGUE: Final = ".sas7bcat"
COMMON: Final = "formats.sas7bcat"  # how SAS names the catalogue of a folder
LONGEST_LABEL: Final = {TRANSPORT[0]: range(38, 41)}  # bytes at which labels are cut; those of the others take 256
USUAL: Final = range(253, 257)

# How SAS's formats of dates begin, those of moments first: DATETIME begins like DATE.
MOMENTS: Final = ("DATETIME", "DATEAMPM", "E8601DT", "B8601DT", "MDYAMPM", "NLDATM")
DURATIONS: Final = ("TIME", "HHMM", "TOD", "MMSS", "HOUR", "E8601TM", "B8601TM", "NLTIM")
DAYS: Final = (
    "DATE", "DDMMYY", "MMDDYY", "YYMMDD", "E8601DA", "B8601DA", "JULIAN", "MONYY", "MMYY", "YYMM", "YYQ", "WORDDAT",
    "WEEKDAT", "EURDFD", "NLDATE", "YEAR",
)  # fmt: skip
NUMBERS: Final = ("BEST", "COMMA", "DOLLAR", "EURO", "NUMX", "PERCENT", "NLNUM", "NLMNY")
NOTHING_KNOWN: Final[Mapping[str, Mapping[Any, str]]] = {}
WIDTH: Final = re.compile(r"[\d.]+$")  # no format of one's own ends on a digit


def matches(path: Path, head: bytes) -> bool:
    """The mark of a data set, or the first record of a transport file."""
    return head.startswith((DATA_SET, *TRANSPORT))


def read(path: Path, source: Source) -> Export:
    """A file of SAS. Special missing values are written ".A", are declared missing; labels come from the catalogue."""
    with path.open("rb") as file:
        head = file.read(len(TRANSPORT[0]))
    transport = head in TRANSPORT
    parsed, notes = _labelled.parse(path, "xpt" if transport else "sas", source.encoding)
    formats, said = _catalogue(path, source.encoding, [_format(stored) for stored in parsed.variables])
    variables = [_variable(stored, formats) for stored in parsed.variables]
    cut = _labelled.cut_labels(variables, LONGEST_LABEL.get(head, USUAL), range(0))
    portable = (texts.load()("note.transport"),) if transport else ()
    return _labelled.export(path, "sas", variables, (*notes, *said, *cut, *portable))


def companion(path: Path) -> Path | None:
    """The catalogue of formats beside a file, under its name or that which SAS gives it."""
    return _pairs.beside(path, [path.with_suffix(CATALOGUE).name, COMMON])


def _catalogue(path: Path, encoding: str, used: Sequence[str]) -> tuple[Mapping[str, Mapping[Any, str]], list[str]]:
    """The labels of each format, from the catalogue beside a file, and what is to be said of it."""
    say = texts.load()
    found = companion(path)
    own = sorted({name for name in used if name and not name.startswith((*MOMENTS, *DURATIONS, *DAYS, *NUMBERS))})
    if found is None:
        return NOTHING_KNOWN, [say("note.no_catalogue", formats=", ".join(own))] if own else []
    labels = _told.opened(found, "catalogue", _labels, encoding)
    if labels is None:
        return NOTHING_KNOWN, [say("note.catalogue_unread", file=found.name)]
    return labels, [say("note.catalogue", file=found.name)]


def _labels(found: Mapping[str, Any]) -> Mapping[str, Mapping[Any, str]]:
    return {str(name).upper(): {code: str(label) for code, label in labels} for name, labels in found["formats"]}


def _format(stored: _labelled.Stored) -> str:
    """The format of a variable without its width: "DATE", "SEXEF"; "" where it has none or shows a plain number."""
    form = WIDTH.sub("", stored.form.upper())
    return "" if form in ("F", "Z", "$", "$CHAR", "$F") else form


def _variable(stored: _labelled.Stored, formats: Mapping[str, Mapping[Any, str]]) -> _labelled.Variable:
    form = _format(stored)
    plain = writer("" if form in formats else form)
    number = stored.kind != "string"
    return _labelled.Variable(
        name=stored.name,
        label=stored.label.strip(),
        cells=stored.cells,
        write=lambda value: f".{value}" if number and isinstance(value, str) else plain(value),
        labels=formats.get(form, NOTHING),
        missing=stored.missing if number else frozenset(),
    )


def writer(form: str) -> Callable[[Any], str]:
    """How the values of a variable are written, by its SAS format; days and seconds are counted from 1960."""
    if form.startswith(MOMENTS):
        return lambda value: _dated(value, lambda seconds: moment(datetime(1960, 1, 1) + timedelta(seconds=seconds)))
    if form.startswith(DURATIONS):
        return lambda value: duration(timedelta(seconds=value))
    if form.startswith(DAYS):
        return lambda value: _dated(value, lambda days: (date(1960, 1, 1) + timedelta(days=days)).isoformat())
    return lambda value: value.rstrip() if isinstance(value, str) else written(value)


def _dated(value: float, write: Callable[[float], str]) -> str:
    """A date, or its stored number where it lies beyond the calendar: kept, so that it can be seen and mended."""
    try:
        return write(value)
    except OverflowError:
        return written(value)
