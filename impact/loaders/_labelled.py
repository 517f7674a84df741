"""What SPSS and Stata files have in common: typed values under labels, and codes that the file declares missing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from impact.errors import ImpactError
from impact.loaders._sheet import categorical
from impact.loaders._values import written
from impact.model import NOTHING, Column, Export

Parsed = tuple[Mapping[str, Sequence[Any]], Any]  # pyreadstat's: values by variable, and what it knows of them


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable as pyreadstat gives it, and how its values are written; `missing` are codes, not yet written."""

    name: str
    label: str
    values: Sequence[Any]
    write: Callable[[Any], str] = written
    labels: Mapping[Any, str] = field(default_factory=lambda: NOTHING)
    missing: frozenset[Any] = frozenset()


def parse(path: Path, reader: Callable[[str | None], Parsed], encoding: str) -> Parsed:
    """What `reader` finds in a file under the encoding that the study names.

    Where it names none: under the file's own, and where that one is wrong, as cp1252, the usual truth.
    Raises ImpactError where the file cannot be read, or holds no respondent.
    """
    for attempt in (encoding,) if encoding else (None, "cp1252"):
        try:
            values, about = reader(attempt)
        except Exception as fault:  # the library raises its own errors, ValueError, MemoryError, UnicodeDecodeError…
            last = fault
            continue
        if not values or not len(next(iter(values.values()))):
            raise ImpactError("loader_no_answer", file=path.name)
        return values, about
    raise ImpactError("loader_unreadable", file=path.name) from last


def export(path: Path, kind: str, variables: Sequence[Variable], notes: Sequence[str]) -> Export:
    """The export that variables make: a column's headings are the name and the label, rows are numbered from 1."""
    columns = tuple(_column(place, variable) for place, variable in enumerate(variables))
    cells = {place: categorical(_written(variable)) for place, variable in enumerate(variables)}
    rows = range(1, len(variables[0].values) + 1)
    return Export(path.name, kind, "", columns, pd.DataFrame(cells, rows), {}, tuple(notes))


def _written(variable: Variable) -> list[str]:
    """The values as texts, each distinct one written once."""
    answers = {value: variable.write(value) for value in set(variable.values) if not _is_blank(value)}
    return [answers.get(value, "") for value in variable.values]  # noqa: PD011 – no pandas here


def _is_blank(value: object) -> bool:
    return value is None or value != value


def _column(place: int, variable: Variable) -> Column:
    labels = {variable.write(code): label.strip() for code, label in variable.labels.items()}
    headings = (variable.name, variable.label) if variable.label else (variable.name,)
    return Column(
        place, headings, labels=labels, declared_missing=frozenset(variable.write(code) for code in variable.missing)
    )
