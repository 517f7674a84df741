"""How a file is laid out, so that its twin can be laid out alike."""

import csv
import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Literal

from impact.loaders import _text
from impact.loaders.containers import r_syntax
from impact.loaders.containers.delimited import ANNOUNCED, find_separator
from impact.model import Export
from impact.study import Source
from impact.synthesise._original import SYNTHETIC_TEXT
from impact.synthesise._sheet import CODED, MARK, Layout

# What a format is written as: .xls and .ods become .xlsx; SAS's files, and a text that SPSS's syntax goes with, those
# of SPSS, which hold as much and count their rows alike.
_WRITABLE = {"workbook": ".xlsx", "stata": ".dta", "sas": ".sav", "spss_syntax": ".sav"}
_LINES_OF = {"blank_row": (), "note": (f"Note : {SYNTHETIC_TEXT}",), "total": ("Total",)}
_ENCODINGS = ("utf-8", "cp1252", "mac_roman")
_CODE = re.compile(r"[A-Za-z_]\w*(\[\w*\])*")


def layout_of(path: Path, export: Export, source: Source) -> Layout:
    """The layout of an export: where its headings stand, the rows that are no respondent, and its format's own ways."""
    if export.format == "delimited":
        return _delimited(path, source, export)
    if export.format == "r_syntax":
        answers, _ = r_syntax.files(path)
        return replace(_delimited(answers, source, export), format="r_syntax")
    if export.format in ("spss", "sas", "spss_syntax"):
        return Layout("spss", compressed=path.read_bytes()[:4] == b"$FL3")
    if export.format == "stata":
        return Layout("stata")
    return replace(_ruled("workbook", export), sheet=export.sheet or "Feuil1", beside=export.beside)


def written_name(file: str, export: Export) -> str:
    """The name of the twin of a file: its own, or with the ending of the format that can be written."""
    ending = Path(file).suffix.lower()
    if export.format == "spss":
        wanted = ".sav" if ending == ".por" else ending
    else:
        wanted = _WRITABLE.get(export.format, ending)
    return file if ending == wanted else str(Path(file).with_suffix(wanted))


def _ruled(form: Literal["delimited", "workbook"], export: Export) -> Layout:
    """Where the headings stand, and what the lines that are no respondent hold."""
    *above, last = export.header
    others = {row: _line(export, reason) for row, reason in export.left_out.items()}
    others |= {row: _marked(export, row) for row in above}
    return Layout(form, header_row=last, headings=_marked(export, last), others=others)


def _marked(export: Export, row: int) -> tuple[str, ...]:
    """A row of headings, which names the column that says what the twin is as it names the others: by a code, a text,
    or not at all."""
    cells, width = export.header[row], len(export.columns)
    filled = [cell for cell in cells if cell.strip()]
    if MARK in cells or CODED in cells or not filled:
        return cells
    mark = CODED if all(map(_CODE.fullmatch, filled)) else MARK
    return (*cells[:width], *("",) * (width - len(cells)), mark if _names_each(export, row) else "")


def _names_each(export: Export, row: int) -> bool:
    """Whether a row of headings names columns for themselves: not what those of a block are, below the row that names
    the others, nor the first column alone, as Sphinx does. Above a block the mark is needed: it would go on."""
    named = [column for column, cell in zip(export.columns, export.header[row], strict=False) if cell.strip()]
    if len(export.header) > 1 and row == max(export.header):
        return not all(column.block for column in named)
    return len(export.header) == 1 or any(column.position for column in named)


def _line(export: Export, reason: str) -> tuple[str, ...]:
    if reason == "repeated_header":
        return _marked(export, max(export.header))
    if reason == "hxl":  # as wide as the headings: it would be a row that breaks off
        return ("#meta", *("",) * len(export.columns))
    return _LINES_OF.get(reason, ())


def _delimited(path: Path, source: Source, export: Export) -> Layout:
    data = path.read_bytes()
    text, _ = _text.decode(data, path.name, source.encoding)
    announced = ANNOUNCED.match(text)
    body = text[announced.end() :] if announced else text
    separator = source.separator or (announced[1] if announced else find_separator(body))
    found = re.search(r"\r\n|\r|\n", body)
    return replace(
        _ruled("delimited", export),
        encoding=source.encoding or _encoding(data, text),
        separator=separator,
        quote_all=_quoted(body, separator),
        newline=found[0] if found else "\r\n",
        preamble=announced[0] if announced else "",
    )


def _encoding(data: bytes, text: str) -> str:
    known = _text.by_mark(data) or _text.without_mark(data)
    return known or next((name for name in _ENCODINGS if data.decode(name, errors="replace") == text), "utf-8")


def _quoted(body: str, separator: str) -> bool:
    """Whether every heading stands in quotes, whether it needs them or not."""
    headings = next((row for row in csv.reader(io.StringIO(body, newline=""), delimiter=separator) if row), [])
    return body.lstrip().startswith('"') and body[:100_000].count(f'"{separator}"') >= len(headings) - 1
