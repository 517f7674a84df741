"""How a file is laid out, so that its twin can be laid out alike."""

import csv
import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Literal

from impact.loaders import _text
from impact.loaders.containers.delimited import ANNOUNCED, find_separator
from impact.model import Export
from impact.study import Source
from impact.synthesise._original import SYNTHETIC_TEXT
from impact.synthesise._sheet import MARK, Layout

# What a format is written as: .xls and .ods become .xlsx, SAS's files those of SPSS, which hold as much.
_WRITABLE = {"workbook": ".xlsx", "stata": ".dta", "sas": ".sav"}
_LINES_OF = {"blank_row": (), "note": (f"Note : {SYNTHETIC_TEXT}",), "total": ("Total",)}
_ENCODINGS = ("utf-8", "cp1252", "mac_roman")


def layout_of(path: Path, export: Export, source: Source) -> Layout:
    """The layout of an export: where its headings stand, the rows that are no respondent, and its format's own ways."""
    if export.format == "delimited":
        return _delimited(path, source, export)
    if export.format in ("spss", "sas"):
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
    return Layout(form, header_row=last, headings=export.header[last], others=others)


def _marked(export: Export, row: int) -> tuple[str, ...]:
    """A row of headings above the last, which names the column that says what the twin is: left blank there, it would
    be one more column of the question before."""
    cells, width = export.header[row], len(export.columns)
    if MARK in cells or not any(map(str.strip, cells)):
        return cells
    return (*cells[:width], *("",) * (width - len(cells)), MARK)


def _line(export: Export, reason: str) -> tuple[str, ...]:
    if reason == "repeated_header":
        return export.header[max(export.header)]
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
