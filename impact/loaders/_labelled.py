"""What SPSS, Stata and SAS files have in common: typed values under labels, and codes that are declared missing."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

import pandas as pd

from impact import texts
from impact.errors import ImpactError
from impact.loaders import _announced, _told
from impact.loaders._rows import is_number, value
from impact.loaders._sheet import Coded
from impact.loaders._table import listed
from impact.loaders._text import is_sound
from impact.loaders._told import LAST_COLUMN
from impact.loaders._values import written
from impact.matching import says_no_answer
from impact.model import NOTHING, Column, Export

OTHER_ENCODINGS: Final = ("utf-8", "cp1252", "macintosh")  # as iconv names them
SAMPLE: Final = 2_000  # answers of a variable by which its encoding is judged
SET_APART: Final = re.compile(r"9*[6-9]|7{2,}|8{2,}")  # codes that people keep for no answer
FEWEST_LABELS: Final = 2  # answers of a variable that bear a label, from which on a code without one is worth a word
LONGEST_CODE: Final = 8  # signs
LISTED: Final = 10  # such codes of one variable, beyond which its labels are those of a few of many numbers


class Stored(NamedTuple):
    """One variable as its file has it. `missing` are codes that are missing one by one, `ranges` those that are from
    "lo" to "hi"; `form` is how its values are shown ("F8.2", "%td") and `kind` how they are stored ("double")."""

    name: str
    label: str
    form: str
    kind: str
    cells: Coded
    labels: Mapping[Any, str]
    ranges: tuple[Mapping[str, Any], ...]
    missing: frozenset[Any]


class Joined(NamedTuple):
    """Variables that a multiple-response set joins: boxes, or as many answers as were given. `counted` ticks a box."""

    name: str
    label: str
    members: tuple[str, ...]
    boxes: bool
    counted: Any


class Parsed(NamedTuple):
    """The variables of a file, and its multiple-response sets."""

    rows: int
    variables: tuple[Stored, ...]
    sets: tuple[Joined, ...]


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable, and how its values are written; `missing` are codes, not yet written."""

    name: str
    label: str
    cells: Coded
    write: Callable[[Any], str] = written
    labels: Mapping[Any, str] = field(default_factory=lambda: NOTHING)
    missing: frozenset[Any] = frozenset()
    block: str = ""  # these four as in `Column`, `ticked` not yet written
    item: str = ""
    layout: str = ""
    ticked: Any = None

    def text(self, value: Any) -> str:  # noqa: ANN401 – as its file stores it
        """A value as it is shown; as it is stored where it cannot be shown so, a clock of a thousand centuries say."""
        if value is None:
            return ""
        try:
            return self.write(value)
        except (OverflowError, TypeError, ValueError):
            return value.rstrip() if isinstance(value, str) else written(value)


def parse(path: Path, kind: str, encoding: str) -> tuple[Parsed, tuple[str, ...]]:
    """What stands in a file under the encoding that the study names, and what is to be said of it.

    Where it names none: under the file's own, unless that one is wrong: then under the first that gives sound texts.
    `kind` is one of `_reader.LABELLED`. Raises ImpactError where the file cannot be read, or holds no respondent.
    """
    _announced.check(path, kind)
    found = _read(path, kind, encoding)
    used = "" if encoding else _better(found, path, kind)
    if used:
        found = _read(path, kind, used)
    if found is None:
        raise ImpactError("loader_unreadable", file=path.name)
    if not found.rows or not found.variables:
        raise ImpactError("loader_no_answer", file=path.name)
    if len(found.variables) > LAST_COLUMN:
        raise ImpactError("loader_too_wide", file=path.name, columns=len(found.variables), limit=LAST_COLUMN)
    return found, ((texts.load()("note.encoding_claimed", encoding=used),) if used else ())


def _better(found: Parsed | None, path: Path, kind: str) -> str:
    """The encoding that reads better than the one a file names, "" where none does.

    A wrong one may also lose a text without a word: no other is better that reads fewer.
    """
    said = _texts(found) if found else []
    if found and is_sound("\n".join(said)):
        return ""
    readings = {name: _read(path, kind, name) for name in OTHER_ENCODINGS}
    others = {name: _texts(parsed) for name, parsed in readings.items() if parsed}
    sound = (name for name, read in others.items() if len(read) >= len(said) and is_sound("\n".join(read)))
    most = max(others, key=lambda name: len(others[name]), default="")
    return next(sound, "" if found else most)


def _read(path: Path, kind: str, encoding: str) -> Parsed | None:
    return _told.opened(path, kind, _parsed, encoding)


def _parsed(found: Mapping[str, Any]) -> Parsed:
    rows = int(found["rows"])
    sets = (
        Joined(str(name), str(about["label"] or ""), tuple(map(str, about["variable_list"])), *_counting(about))
        for name, about in found["sets"]
    )
    return Parsed(rows, tuple(_stored(one, rows) for one in found["variables"]), tuple(sets))


def _counting(about: Mapping[str, Any]) -> tuple[bool, Any]:
    return bool(about["is_dichotomy"]), about["counted_value"]


def _stored(found: Mapping[str, Any], rows: int) -> Stored:
    return Stored(
        name=str(found["name"]),
        label=str(found["label"]),
        form=str(found["format"]),
        kind=str(found["type"]),
        cells=_told.coded(found, rows),
        labels={code: str(label) for code, label in found["labels"]},
        ranges=tuple({"lo": bounds["lo"], "hi": bounds["hi"]} for bounds in found["ranges"]),
        missing=frozenset(found["missing"]),
    )


def _texts(parsed: Parsed) -> list[str]:
    """The labels of a file, and some of its answers in words."""
    said = [variable.label for variable in parsed.variables if variable.label]
    said += [label for variable in parsed.variables for label in variable.labels.values()]
    words = (answer for variable in parsed.variables for answer in variable.cells.first(SAMPLE))
    return [*said, *(answer for answer in words if answer and isinstance(answer, str))]


def export(path: Path, kind: str, variables: Sequence[Variable], notes: Sequence[str]) -> Export:
    """The export that variables make: a column's headings are the name and the label, rows are numbered from 1."""
    columns = tuple(_column(place, variable) for place, variable in enumerate(variables))
    cells = {place: variable.cells.written(variable.text) for place, variable in enumerate(variables)}
    frame = pd.DataFrame(cells, range(1, len(variables[0].cells) + 1))
    return Export(path.name, kind, "", columns, frame, {}, (*notes, *_remarks(columns, frame)))


def cut_labels(variables: Sequence[Variable], labels: range, value_labels: range) -> tuple[str, ...]:
    """A word on labels as long, in bytes, as the program lets them be: no text ends there by chance."""
    cut = [
        one.name
        for one in variables
        if len(one.label.encode()) in labels or any(len(text.encode()) in value_labels for text in one.labels.values())
    ]
    return (texts.load()("note.labels_cut", columns=listed(cut)),) if cut else ()


def _column(place: int, variable: Variable) -> Column:
    return Column(
        place,
        (variable.name, variable.label) if variable.label else (variable.name,),
        block=variable.block,
        labels={variable.text(code): label.strip() for code, label in variable.labels.items()},
        declared_missing=frozenset(variable.text(code) for code in variable.missing),
        item=variable.item,
        layout=variable.layout,
        ticked=variable.text(variable.ticked),
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
