"""A text without headings and the SPSS syntax that says what it holds (.dat and .sps), as LimeSurvey writes them."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

from impact import texts
from impact.errors import ImpactError
from impact.loaders import _labelled, _pairs, _signatures, _syntax, _text
from impact.loaders._sheet import Coded
from impact.loaders._syntax import NUMBER, Syntax
from impact.loaders._values import moment, written
from impact.loaders.containers.spss import declared_missing
from impact.model import Export
from impact.study.schema import Source

PRIORITY: Final = 10
COMMANDS: Final = re.compile(rb"^\s*(GET\s+DATA|VARIABLE\s+LABELS|VALUE\s+LABELS)\b", re.IGNORECASE | re.MULTILINE)
PAIR: Final = ("_SPSS_data_file.dat", "_SPSS_syntax_file.sps")
MOMENTS: Final = ("%d-%m-%Y %H:%M:%S", "%d-%m-%Y")

Cells = list[str | None]


def matches(path: Path, head: bytes) -> bool:
    """A program of SPSS; or a text that bears the name under which LimeSurvey writes the answers of one."""
    if _signatures.kind(head):
        return False
    named = path.suffix.casefold() == ".dat" and (
        _is_limesurvey(path.name) or _pairs.beside(path, _syntaxes(path.name))
    )
    return bool(named) or bool(path.suffix.casefold() == ".sps" and COMMANDS.search(head))


def read(path: Path, source: Source) -> Export:
    """The answers under the names, the labels and the missing codes of the syntax, whichever of the two is named.

    Raises ImpactError where the other file does not stand beside it, or where the two do not go together.
    """
    data, program, syntax = _pair(path)
    text, notes = _text.decode(data.read_bytes(), data.name, source.encoding)
    columns = _columns(text, data, syntax, program.name)
    variables = [
        _variable(name, form, cells, syntax)
        for (name, form), cells in zip(syntax.formats.items(), columns, strict=True)
    ]
    told = texts.load()("note.companion", file=program.name if data == path else data.name)
    made = _labelled.export(path, "spss_syntax", variables, (*notes, told))
    return replace(made, tool="limesurvey" if _is_limesurvey(data.name) else "")


def companion(path: Path) -> Path:
    """The other file of the pair."""
    data, program, _ = _pair(path)
    return program if data == path else data


def _pair(path: Path) -> tuple[Path, Path, Syntax]:
    """The answers and the syntax, whichever of the two is named, and what the syntax says."""
    is_program = path.suffix.casefold() == ".sps"
    program = path if is_program else _pairs.needed(path, *_syntaxes(path.name))
    said, _ = _text.decode(program.read_bytes(), program.name)
    syntax = _syntax.parse(said)
    data = _pairs.needed(path, *_answers(path.name, syntax)) if is_program else path
    return data, program, syntax


def _is_limesurvey(name: str) -> bool:
    return name.casefold().endswith(PAIR[0].casefold())


def _syntaxes(data: str) -> list[str]:
    """The names under which the syntax of a file of answers may stand."""
    own = [data[: -len(PAIR[0])] + PAIR[1]] if _is_limesurvey(data) else []
    return [*own, str(Path(data).with_suffix(".sps"))]


def _answers(program: str, syntax: Syntax) -> list[str]:
    """The names under which the answers of a syntax may stand: the one it says, else one like its own."""
    own = [program[: -len(PAIR[1])] + PAIR[0]] if program.casefold().endswith(PAIR[1].casefold()) else []
    said = [re.split(r"[\\/]", syntax.data)[-1]] if syntax.data else []
    return [*said, *own, str(Path(program).with_suffix(".dat"))]


def _columns(text: str, data: Path, syntax: Syntax, program: str) -> list[Cells]:
    """The answers by column; None for a blank. A line may end on more separators than there are variables."""
    width = len(syntax.formats)
    rows: list[Cells] = []
    for line, row in enumerate(_rows(text, data.name), 1):
        cells = [cell if cell.strip() else None for cell in row]
        if len(cells) < width or any(cells[width:]):
            facts = {"file": data.name, "line": line, "found": len(cells), "other": program, "expected": width}
            raise ImpactError("loader_pair_differs", **facts)
        rows.append(cells[:width])
    if not rows or not width:
        raise ImpactError("loader_no_answer", file=data.name)
    return [list(column) for column in zip(*rows, strict=True)]


def _rows(text: str, file: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), quotechar="'", strict=True)
    try:
        return [row for row in reader if row]
    except csv.Error as fault:
        raise ImpactError("loader_quote_inside", file=file, line=reader.line_num) from fault


def _variable(name: str, form: str, cells: Cells, syntax: Syntax) -> _labelled.Variable:
    """One variable, numbers as numbers where its format says so and all of its answers are."""
    labels: Mapping[float | str, str] = syntax.value_labels.get(name, {})
    label = syntax.labels.get(name, "")
    numeric = not form.startswith("A") and all(cell is None or NUMBER.fullmatch(cell.strip()) for cell in cells)
    values: Sequence[float | str | None] = cells
    if numeric:
        values = [None if cell is None else float(cell) for cell in cells]
    missing = declared_missing(
        syntax.missing.get(name, ()), {value for value in (*values, *labels) if value is not None}
    )
    write = _written if not form.startswith("DATE") else _dated
    return _labelled.Variable(name, label.strip(), Coded.of(values), write, labels, missing)


def _written(value: float | str) -> str:
    return value.strip() if isinstance(value, str) else written(float(value))


def _dated(value: float | str) -> str:
    """A day, or a moment of it, as every format writes them; what is no date stays as it is."""
    for form in MOMENTS:
        try:
            found = datetime.strptime(str(value).strip(), form)
        except ValueError:
            continue
        return moment(found).removesuffix("T00:00:00")
    return _written(value)
