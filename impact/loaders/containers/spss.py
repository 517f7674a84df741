"""SPSS: .sav, .zsav and .por, with value labels and the codes that the file declares missing."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from impact import texts
from impact.loaders import _labelled, _pairs, _syntax, _text
from impact.loaders._values import duration, moment, written
from impact.model import Export
from impact.study.schema import Source

PRIORITY: Final = 10
SYSTEM: Final = (b"$FL2", b"$FL3")  # .sav, .zsav
PORTABLE: Final = b"SPSSPORT"
EPOCH: Final = datetime(1582, 10, 14)  # dates are seconds since the eve of the Gregorian calendar

DAYS: Final = ("DATE", "ADATE", "EDATE", "SDATE", "JDATE", "QYR", "MOYR", "WKYR")
MOMENTS: Final = ("DATETIME", "YMDHMS")
DURATIONS: Final = ("TIME", "DTIME", "MTIME")
LONGEST_NAME: Final = 8  # signs of a name in a portable file
# Bytes at which labels are cut; a last letter of two or three bytes goes whole.
LONGEST_LABEL: Final = range(253, 257)
LONGEST_VALUE_LABEL: Final = range(117, 121)


def matches(path: Path, head: bytes) -> bool:
    """The mark of a system file, or that of a portable one, which stands in lines of 80 characters."""
    return head.startswith(SYSTEM) or PORTABLE in head.replace(b"\r", b"").replace(b"\n", b"")[:600]


def read(path: Path, source: Source) -> Export:
    """A file of SPSS, dates written by their variable's format, codes declared missing kept as they are."""
    system = _is_system(path)
    parsed, notes = _labelled.parse(path, "sav" if system else "por", source.encoding)
    variables = [_variable(stored) for stored in parsed.variables]
    if system:
        variables = _with_sets(variables, parsed.sets)
    else:
        variables, said = _with_syntax(path, variables)
        notes = (*notes, said)
    cut = _labelled.cut_labels(variables, LONGEST_LABEL, LONGEST_VALUE_LABEL)
    return _labelled.export(path, "spss", variables, (*notes, *cut))


def companion(path: Path) -> Path | None:
    """The program of the same name beside a portable file."""
    return None if _is_system(path) else _pairs.beside(path, [path.with_suffix(".sps").name])


def _is_system(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) in SYSTEM


def _variable(stored: _labelled.Stored) -> _labelled.Variable:
    return _labelled.Variable(
        name=stored.name,
        label=stored.label.strip(),
        cells=stored.cells,
        write=writer(stored.form),
        labels=stored.labels,
        missing=declared_missing(stored.ranges, {*stored.cells.values, *stored.labels}),
    )


def _with_syntax(path: Path, variables: list[_labelled.Variable]) -> tuple[list[_labelled.Variable], str]:
    """The variables of a portable file, whose missing codes the library does not give, with those that the program of
    the same name beside it declares; and what is to be said of it."""
    program = companion(path)
    if program is None:
        return variables, texts.load()("note.portable")
    said, _ = _text.decode(program.read_bytes(), program.name)
    syntax = _syntax.parse(said, [variable.name for variable in variables])
    ranges = {name.upper()[:LONGEST_NAME]: bounds for name, bounds in syntax.missing.items()}
    declared = [
        replace(one, missing=declared_missing(ranges[one.name], {*one.cells.values, *one.labels}))
        if one.name in ranges
        else one
        for one in variables
    ]
    return declared, texts.load()("note.companion", file=program.name)


def _with_sets(variables: Sequence[_labelled.Variable], sets: Sequence[_labelled.Joined]) -> list[_labelled.Variable]:
    """Variables that a multiple-response set joins, as the block of a question: a box each, or as many answers as were
    given from the left. A variable of two sets is of the first one alone."""
    found = {variable.name: variable for variable in variables}
    for joined in sets:
        for member in joined.members:
            variable = found.get(member)
            if variable and not variable.block:
                found[member] = replace(
                    variable,
                    block=joined.label.strip() or joined.name.lstrip("$"),
                    item=variable.label or variable.name,
                    layout="" if joined.boxes else "slots",
                    ticked=_counted(variable, joined.counted) if joined.boxes else None,
                )
    return list(found.values())


def _counted(variable: _labelled.Variable, value: object) -> object:
    """The counted value as the variable holds it: a text among texts; None where the library knows none, or it is no
    number among numbers."""
    if value is None or any(isinstance(answer, str) for answer in variable.cells.values):
        return None if value is None else str(value)
    try:
        return float(str(value))
    except ValueError:
        return None


def declared_missing(ranges: Sequence[Mapping[str, Any]], codes: set[Any]) -> frozenset[Any]:
    """The single codes that are declared missing, and those of the file's codes that lie in a declared range."""
    single = {bounds["lo"] for bounds in ranges if bounds["lo"] == bounds["hi"]}
    inside = {
        code
        for code in codes
        for bounds in ranges
        if type(code) is type(bounds["lo"]) and bounds["lo"] <= code <= bounds["hi"]
    }
    return frozenset(single | inside)


def writer(form: str) -> Callable[[Any], str]:
    """How the values of a variable are written, by its SPSS format ("F8.2", "EDATE10", "A40")."""
    kind = re.match("[A-Z]*", form.upper())[0]  # type: ignore[index]  # matches the empty text at worst
    if kind in DAYS:
        return lambda value: _dated(value, lambda found: found.date().isoformat())
    if kind in MOMENTS:
        return lambda value: _dated(value, moment)
    if kind in DURATIONS:
        return lambda value: duration(timedelta(seconds=value))
    return lambda value: value.rstrip() if isinstance(value, str) else written(value)


def _dated(seconds: float, write: Callable[[datetime], str]) -> str:
    """A date, or its stored number where it lies beyond the calendar: kept, so that it can be seen and mended."""
    try:
        return write(EPOCH + timedelta(seconds=seconds))
    except OverflowError:
        return written(seconds)
