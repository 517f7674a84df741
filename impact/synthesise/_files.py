"""Writing a sheet in its format: same sheet, same bytes. No clock is read, and what the libraries date is undated."""

import csv
import io
import re
import shutil
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from impact.loaders.containers import r_syntax
from impact.model import Column
from impact.synthesise import _r_program
from impact.synthesise._sets import are_sets, with_sets
from impact.synthesise._sheet import MARK, Sheet

_DAY = datetime(2022, 1, 1)
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d+)?")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d+)?)?")
_TAG = re.compile(r"\.[a-z]")  # Stata's missing codes
_SPSS_DATE, _SPSS_TIME = slice(92, 101), slice(101, 109)  # where a .sav's header holds when it was written
_STATA_TIME = re.compile(rb"(?<=<timestamp>\x11).{17}(?=</timestamp>)")
_MOST_MISSING = 3  # single codes that SPSS can declare missing
_LONGEST_NAME = 31  # of a sheet, in Excel


def write(sheet: Sheet, path: Path) -> tuple[Path, ...]:
    """Write a sheet at a path, whose folder is made where it lacks; what goes in pairs is two files. Each is there
    whole or not at all, and its owner's alone, as the export that it is the twin of."""
    draft = path.with_name(f".{path.name}.partial")
    shutil.rmtree(draft, ignore_errors=True)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft.mkdir(mode=0o700)
    made = _written(sheet, draft / path.name)
    for each in made:
        each.chmod(0o600)
        each.replace(path.with_name(each.name))
    draft.rmdir()
    return tuple(path.with_name(each.name) for each in made)


def _written(sheet: Sheet, path: Path) -> tuple[Path, ...]:
    if sheet.layout.format == "r_syntax":
        return _for_r(sheet, path)
    _WRITERS[sheet.layout.format](sheet, path)
    return (path,)


def _lines(sheet: Sheet) -> dict[int, list[str]]:
    """Every line of a text file or workbook by its number: the headings, the respondents and the others."""
    written = sheet.layout.headings[: len(sheet.columns)]
    lines = {sheet.layout.header_row: [*written, *(column.heading for column in sheet.columns[len(written) :])]}
    lines |= {row: list(cells) for row, cells in sheet.layout.others.items()}
    lines |= {row: list(cells) for row, *cells in sheet.cells.itertuples()}
    return dict(sorted(lines.items()))


def _delimited(sheet: Sheet, path: Path) -> None:
    layout, text = sheet.layout, io.StringIO()
    csv.writer(
        text,
        delimiter=layout.separator,
        quoting=csv.QUOTE_ALL if layout.quote_all else csv.QUOTE_MINIMAL,
        lineterminator=layout.newline,
    ).writerows(_lines(sheet).values())
    path.write_bytes((layout.preamble + text.getvalue()).encode(layout.encoding))


def _for_r(sheet: Sheet, path: Path) -> tuple[Path, Path]:
    """The answers and the program of a pair, whichever of the two `path` is."""
    answers, program = (path.with_name(name) for name in r_syntax.names(path.name))
    _delimited(sheet, answers)
    program.write_bytes(_r_program.text(sheet.columns, answers.name).encode())
    return answers, program


def _workbook(sheet: Sheet, path: Path) -> None:
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(path, options)
    book.set_properties({"title": MARK, "comments": MARK, "created": _DAY})
    formats = [book.add_format({"num_format": form}) for form in ("dd/mm/yyyy", "dd/mm/yyyy hh:mm:ss")]
    _fill(book.add_worksheet(sheet.layout.sheet[:_LONGEST_NAME]), _lines(sheet), *formats)
    for name, rows in sheet.layout.beside.items():
        _fill(book.add_worksheet(name), dict(enumerate(rows, 1)), *formats)
    book.close()


def _fill(page: Worksheet, lines: Mapping[int, Iterable[str]], day: Format, moment: Format) -> None:
    """One page of a workbook, each cell as what its text says; lines by their number, from 1 on."""
    for row, line in lines.items():
        for column, text in enumerate(line):
            if _MOMENT.fullmatch(text):
                page.write_datetime(row - 1, column, datetime.fromisoformat(text), moment if "T" in text else day)
            elif _NUMBER.fullmatch(text):
                page.write_number(row - 1, column, float(text))
            elif text in ("TRUE", "FALSE"):
                page.write_boolean(row - 1, column, text == "TRUE")
            elif text:
                page.write_string(row - 1, column, text)


def _spss(sheet: Sheet, path: Path) -> None:
    frame, formats = _typed(sheet)
    numbers = {str(name) for name in frame if frame[name].dtype.kind == "f"}
    compressed = sheet.layout.compressed and not are_sets(sheet.columns)  # a .zsav has no room for another record
    pyreadstat.write_sav(
        frame, path, file_label=MARK, compress=compressed, row_compress=not compressed,
        column_labels=_column_labels(sheet), variable_format=formats,
        variable_value_labels=_value_labels(sheet, numbers),
        missing_ranges={column.heading: _declared(column.declared_missing, column.heading in numbers)
                        for column in sheet.columns if column.declared_missing},
    )  # fmt: skip
    content = bytearray(path.read_bytes())
    content[_SPSS_DATE], content[_SPSS_TIME] = b"01 Jan 22", b"00:00:00"
    path.write_bytes(with_sets(bytes(content), sheet.columns))


def _stata(sheet: Sheet, path: Path) -> None:
    frame, _ = _typed(sheet)
    tagged = {
        column.heading: sorted({code[1:] for code in _held(sheet, column) if _TAG.fullmatch(code)})
        for column in sheet.columns
        if column.heading in _tagged(sheet)
    }
    pyreadstat.write_dta(
        frame, path, file_label=MARK, column_labels=_column_labels(sheet),
        variable_value_labels=_value_labels(sheet, {column.heading for column in sheet.columns}),
        missing_user_values=tagged,
    )  # fmt: skip
    path.write_bytes(_STATA_TIME.sub(b"01 Jan 2022 00:00", path.read_bytes()))


def _typed(sheet: Sheet) -> tuple[pd.DataFrame, dict[str, str]]:
    """The cells as numbers, dates or texts, each column of one kind, and the formats that SPSS shows them in."""
    columns: dict[str, pd.Series[Any]] = {}
    formats: dict[str, str] = {}
    tagged = _tagged(sheet)
    for column in sheet.columns:
        cells = sheet.cells[column.position]
        filled = cells[cells != ""]
        name = column.heading
        if name in tagged:
            columns[name] = cells.map(_tag_or_number).astype(object)
        elif _all(_NUMBER, filled) and all(map(_NUMBER.fullmatch, _known(sheet, column))):
            columns[name] = pd.to_numeric(cells.where(cells != "", None)).astype(float)
            decimals = 2 if filled.str.contains(".", regex=False).any() else 0
            formats[name] = f"F{max(2, int(filled.str.len().max()))}.{decimals}"
        elif _all(_MOMENT, filled):
            columns[name] = pd.to_datetime(cells.where(cells != "", None))
            formats[name] = "DATETIME20"
        else:
            columns[name] = cells
    return pd.DataFrame(columns), formats


def _known(sheet: Sheet, column: Column) -> list[str]:
    """The codes that must be of a column's own kind: SAS's ".A" makes a column of texts of one of SPSS's numbers."""
    return [*column.labels, *(column.declared_missing if sheet.layout.format == "spss" else ())]


def _all(pattern: re.Pattern[str], filled: "pd.Series[Any]") -> bool:
    return len(filled) > 0 and all(pattern.fullmatch(text) for text in filled.unique())


def _tagged(sheet: Sheet) -> set[str]:
    """The columns of a Stata file that hold ".a" to ".z": numbers with their reasons for missing."""
    if sheet.layout.format != "stata":
        return set()
    held = {column.heading: _held(sheet, column) for column in sheet.columns}
    return {heading for heading, texts in held.items() if any(_TAG.fullmatch(text) for text in texts)}


def _held(sheet: Sheet, column: Column) -> list[str]:
    """The codes that a column knows, and those that it holds."""
    return [*column.labels, *sheet.cells[column.position].unique()]


def _tag_or_number(text: str) -> float | str | None:
    if _TAG.fullmatch(text):
        return text[1:]
    return float(text) if text else None


def _column_labels(sheet: Sheet) -> dict[str, str | None]:
    return {column.heading: column.headings[1] for column in sheet.columns if len(column.headings) > 1}


def _value_labels(sheet: Sheet, numbers: set[str]) -> dict[str, Any]:
    labelled = [column for column in sheet.columns if column.labels]
    return {column.heading: _coded(column.labels, column.heading in numbers) for column in labelled}


def _coded(labels: Mapping[str, str], number: bool) -> dict[float | str, str]:
    return {_code(code, number): label for code, label in labels.items()}


def _code(code: str, number: bool) -> float | str:
    if _TAG.fullmatch(code):
        return code[1:]
    return float(code) if number and _NUMBER.fullmatch(code) else code


def _declared(codes: Iterable[str], number: bool) -> list[Any]:
    """Missing codes as SPSS takes them: three single ones at most, else all numbers from the least to the greatest."""
    written = sorted((_code(code, number) for code in codes), key=lambda code: (isinstance(code, str), code))
    if len(written) <= _MOST_MISSING or not number:
        return list(written[:_MOST_MISSING])
    return [{"lo": written[0], "hi": written[-1]}]


_WRITERS: dict[str, Callable[[Sheet, Path], None]] = {
    "delimited": _delimited, "workbook": _workbook, "spss": _spss, "stata": _stata,
}  # fmt: skip
