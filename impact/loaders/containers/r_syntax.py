"""LimeSurvey's pair for R: a CSV of codes, and beside it the R program that says what they mean.

The CSV alone is a text like another; it is the program that makes a pair of them.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from impact import texts
from impact.errors import ImpactError
from impact.loaders import _limesurvey, _pairs, _signatures, _table, _text
from impact.loaders.containers import delimited
from impact.model import Column, Export
from impact.study.schema import Source

PRIORITY: Final = 10
PAIR: Final = ("_R_data_file.csv", "_R_syntax_file.R")
PROGRAM: Final = re.compile(rb"^\s*#?\s*data <- read\.csv\(", re.MULTILINE)

STRING: Final = r'"(?:[^"\\]|\\.)*"'
LABEL: Final = re.compile(rf"attributes\(data\)\$variable\.labels\[(\d+)\] <- ({STRING})", re.DOTALL)
NAME: Final = re.compile(rf"names\(data\)\[(\d+)\] <- ({STRING})", re.DOTALL)
LISTED: Final = rf"c\(((?:{STRING}|[^\"()])*)\)"
FACTOR: Final = re.compile(rf"data\[, (\d+)\] <- factor\(data\[, \d+\], levels={LISTED},\s*labels={LISTED}", re.DOTALL)
VALUE: Final = re.compile(rf"({STRING})|([^\s,\"]+)", re.DOTALL)


@dataclass
class Program:
    """What the program says, by the place of the column counted from 1."""

    names: Mapping[int, str] = field(default_factory=dict)
    labels: Mapping[int, str] = field(default_factory=dict)
    values: Mapping[int, Mapping[str, str]] = field(default_factory=dict)


def matches(path: Path, head: bytes) -> bool:
    """LimeSurvey's program for R, or a CSV of its name that stands beside one."""
    if _signatures.kind(head):
        return False
    if path.suffix.casefold() == ".r":
        return bool(PROGRAM.search(head))
    return path.name.casefold().endswith(PAIR[0].casefold()) and bool(_pairs.beside(path, [_other(path.name)]))


def read(path: Path, source: Source) -> Export:
    """The answers under the names and labels of the program, whichever of the two is named.

    Raises ImpactError where the answers do not stand beside it, or where the two do not go together.
    """
    data, program = files(path)
    text, _ = _text.decode(program.read_bytes(), program.name)
    said = parse(text)
    found = _table.export(delimited.read(data, source), source, "limesurvey")
    if len(found.columns) != len(said.names):
        facts = {"file": data.name, "line": max(found.header), "found": len(found.columns)}
        raise ImpactError("loader_pair_differs", **facts, other=program.name, expected=len(said.names))
    columns = [_column(column, said) for column in found.columns]
    told = texts.load()("note.companion", file=(program if data == path else data).name)
    return replace(
        found,
        source=path.name,
        format="r_syntax",
        columns=tuple(_limesurvey.of_labelled(columns)),
        notes=(*found.notes, told),
    )


def files(path: Path) -> tuple[Path, Path]:
    """The answers and the program, whichever of the two is named. ImpactError where the other is not beside it."""
    other = companion(path)
    return (other, path) if path.suffix.casefold() == ".r" else (path, other)


def companion(path: Path) -> Path:
    """The other file of the pair."""
    return _pairs.needed(path, _other(path.name))


def _other(name: str) -> str:
    """The name of the file that goes with this one."""
    return next(one for one in names(name) if one != name)


def names(name: str) -> tuple[str, str]:
    """The names of the answers and of the program, given either."""
    data, program = PAIR
    if name.casefold().endswith(data.casefold()):
        return name, name[: -len(data)] + program
    if name.casefold().endswith(program.casefold()):
        return name[: -len(program)] + data, name
    return str(Path(name).with_suffix(".csv")), name


def parse(text: str) -> Program:
    """What the program says of each column; it is read, never run."""
    return Program(
        names={int(place): _plain(name) for place, name in NAME.findall(text)},
        labels={int(place): _plain(label) for place, label in LABEL.findall(text)},
        values={
            int(place): dict(zip(_values(levels), _values(labels), strict=False))
            for place, levels, labels in FACTOR.findall(text)
        },
    )


def _values(listed: str) -> Iterator[str]:
    for quoted, bare in VALUE.findall(listed):
        yield _plain(quoted) if quoted else bare


def _plain(string: str) -> str:
    return re.sub(r"\\(.)", r"\1", string[1:-1], flags=re.DOTALL)


def _column(column: Column, said: Program) -> Column:
    """A column under its code, then its label; its own heading, whole, comes last."""
    place = column.position + 1
    names = (said.names.get(place, ""), said.labels.get(place, ""))
    headings = tuple(dict.fromkeys(filter(str.strip, names)))
    return replace(column, headings=headings or column.headings, block="", item="", labels=said.values.get(place, {}))
