"""What SPSS, Stata and SAS files have in common: typed values under labels, and codes that are declared missing."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pandas as pd

from impact import texts
from impact.errors import ImpactError
from impact.loaders._rows import is_number, value
from impact.loaders._sheet import categorical
from impact.loaders._table import listed
from impact.loaders._text import is_sound
from impact.loaders._values import written
from impact.matching import says_no_answer
from impact.model import NOTHING, Column, Export

Parsed = tuple[Mapping[str, Sequence[Any]], Any]  # pyreadstat's: values by variable, and what it knows of them

OTHER_ENCODINGS: Final = ("utf-8", "cp1252", "macintosh")  # as iconv names them
SAMPLE: Final = 2_000  # answers of a variable by which its encoding is judged
SET_APART: Final = re.compile(r"9*[6-9]|7{2,}|8{2,}")  # codes that people keep for no answer
FEWEST_LABELS: Final = 2  # answers of a variable that bear a label, from which on a code without one is worth a word
LONGEST_CODE: Final = 8  # signs
LISTED: Final = 10  # such codes of one variable, beyond which its labels are those of a few of many numbers


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable as pyreadstat gives it, and how its values are written; `missing` are codes, not yet written."""

    name: str
    label: str
    values: Sequence[Any]
    write: Callable[[Any], str] = written
    labels: Mapping[Any, str] = field(default_factory=lambda: NOTHING)
    missing: frozenset[Any] = frozenset()
    block: str = ""  # these four as in `Column`, `ticked` not yet written
    item: str = ""
    layout: str = ""
    ticked: Any = None


def parse(path: Path, reader: Callable[[str | None], Parsed], encoding: str) -> tuple[*Parsed, tuple[str, ...]]:
    """What `reader` finds in a file under the encoding that the study names, and what is to be said of it.

    Where it names none: under the file's own, unless that one is wrong: then under the first that gives sound texts.
    Raises ImpactError where the file cannot be read, or holds no respondent.
    """
    found = _read(reader, encoding or None)
    used = "" if encoding else _better(found, reader)
    if used:
        found = _read(reader, used)
    if isinstance(found, Exception):
        raise ImpactError("loader_unreadable", file=path.name) from found
    values, about = found
    if not values or not len(next(iter(values.values()))):
        raise ImpactError("loader_no_answer", file=path.name)
    return values, about, ((texts.load()("note.encoding_claimed", encoding=used),) if used else ())


def _better(found: Parsed | Exception, reader: Callable[[str | None], Parsed]) -> str:
    """The encoding that reads better than the one a file names, "" where none does.

    A wrong one may also lose a text without a word: no other is better that reads fewer.
    """
    failed = isinstance(found, Exception)
    said = [] if isinstance(found, Exception) else _texts(found)
    if not failed and is_sound("\n".join(said)):
        return ""
    readings = {name: _read(reader, name) for name in OTHER_ENCODINGS}
    others = {name: _texts(parsed) for name, parsed in readings.items() if not isinstance(parsed, Exception)}
    sound = (name for name, read in others.items() if len(read) >= len(said) and is_sound("\n".join(read)))
    most = max(others, key=lambda name: len(others[name]), default="")
    return next(sound, most if failed else "")


def _read(reader: Callable[[str | None], Parsed], encoding: str | None) -> Parsed | Exception:
    try:
        return reader(encoding)
    except Exception as fault:  # the library raises its own errors, ValueError, MemoryError, UnicodeDecodeError…
        return fault


def _texts(parsed: Parsed) -> list[str]:
    """The labels of a file, and some of its answers in words."""
    values, about = parsed
    said = [*filter(None, about.column_labels)]
    said += [label for labels in about.variable_value_labels.values() for label in labels.values()]
    words = (answer for answers in values.values() for answer in answers[:SAMPLE] if isinstance(answer, str))
    return [*said, *filter(None, words)]


def export(path: Path, kind: str, variables: Sequence[Variable], notes: Sequence[str]) -> Export:
    """The export that variables make: a column's headings are the name and the label, rows are numbered from 1."""
    columns = tuple(_column(place, variable) for place, variable in enumerate(variables))
    cells = {place: categorical(_written(variable)) for place, variable in enumerate(variables)}
    frame = pd.DataFrame(cells, range(1, len(variables[0].values) + 1))
    return Export(path.name, kind, "", columns, frame, {}, (*notes, *_remarks(columns, frame)))


def cut_labels(variables: Sequence[Variable], labels: range, value_labels: range) -> tuple[str, ...]:
    """A word on labels as long, in bytes, as the program lets them be: no text ends there by chance."""
    cut = [
        one.name
        for one in variables
        if len(one.label.encode()) in labels or any(len(text.encode()) in value_labels for text in one.labels.values())
    ]
    return (texts.load()("note.labels_cut", columns=listed(cut)),) if cut else ()


def _written(variable: Variable) -> list[str]:
    """The values as texts, each distinct one written once."""
    answers = {value: variable.write(value) for value in set(variable.values) if not _is_blank(value)}
    return [answers.get(value, "") for value in variable.values]  # noqa: PD011 – no pandas here


def _is_blank(value: object) -> bool:
    return value is None or value != value


def _column(place: int, variable: Variable) -> Column:
    return Column(
        place,
        (variable.name, variable.label) if variable.label else (variable.name,),
        block=variable.block,
        labels={variable.write(code): label.strip() for code, label in variable.labels.items()},
        declared_missing=frozenset(variable.write(code) for code in variable.missing),
        item=variable.item,
        layout=variable.layout,
        ticked="" if variable.ticked is None else variable.write(variable.ticked),
    )


def _remarks(columns: Sequence[Column], cells: pd.DataFrame) -> Iterator[str]:
    """Codes that look like missing ones and are not declared so, and codes that their variable's labels leave out."""
    say = texts.load()
    undeclared, unlabelled = [], []
    for column in columns:
        counts = cells[column.position].value_counts()
        counts = counts[(counts > 0) & (counts.index != "")]
        held = {code: int(counts[code]) for code in sorted(counts.index)}
        apart = _set_apart(column.labels)
        undeclared += [
            f"{column.heading} {code} « {column.labels[code]} » ({count})"
            for code, count in held.items()
            if code in column.labels and code not in column.declared_missing
            if code in apart or says_no_answer(column.labels[code])
        ]
        unlabelled += [f"{column.heading} {_shown(code)} ({held[code]})" for code in _unlabelled(column, held)]
    if undeclared:
        yield say("note.undeclared_missing", codes=listed(undeclared))
    if unlabelled:
        yield say("note.unlabelled_codes", codes=listed(unlabelled))


def _set_apart(codes: Iterable[str]) -> set[str]:
    """The codes that stand beyond a gap behind all others, or below nought where the others do not, as those that
    people keep for no answer: 9 behind 1 to 4, 98 and 99, -1."""
    ordered = sorted(filter(is_number, codes), key=value)
    negative = [code for code in ordered if value(code) < 0]
    others = ordered[len(negative) :]
    gaps = [place for place in range(1, len(others)) if value(others[place]) - value(others[place - 1]) > 1]
    beyond = others[gaps[0] :] if gaps else []
    kept = beyond if all(map(SET_APART.fullmatch, beyond)) else []
    return {*kept, *(negative if others else [])}


def _unlabelled(column: Column, held: Mapping[str, int]) -> list[str]:
    """The codes without a label, where the labels are those of a list of answers and not of a few of many numbers."""
    missing = column.declared_missing
    answers = [code for code, label in column.labels.items() if code not in missing and not says_no_answer(label)]
    without = [code for code in held if code not in column.labels and code not in missing]
    return without if len(answers) >= FEWEST_LABELS and len(without) <= LISTED else []


def _shown(code: str) -> str:
    """A code as a message may show it: a longer text is someone's words."""
    return code if len(code) <= LONGEST_CODE else "…"
