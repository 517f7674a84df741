"""Workbooks: .xlsx, .xls and .ods, recognised by their first bytes whatever their name."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

from impact import texts
from impact.errors import ImpactError
from impact.loaders import _archive, _table
from impact.loaders._sheet import Book, Coded, Sheet
from impact.loaders._told import coded, opened
from impact.loaders._values import written
from impact.study.schema import Source

PRIORITY: Final = 10
ZIP: Final = b"PK\x03\x04"
OLE: Final = b"\xd0\xcf\x11\xe0"  # an old .xls, or an .xlsx under a password
SECTOR: Final = 512  # bytes; an OLE container is whole sectors, and its reader is loud about one cut short
ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
# Cells for which JSON has no type: the name the child gives theirs, and what makes one of its parts.
TYPED: Final[Mapping[str, Callable[..., object]]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "timedelta": timedelta,
}


class Page(NamedTuple):
    """A sheet as it was opened, its columns coded texts."""

    name: str
    visible: bool
    rows: int
    columns: tuple[Coded, ...]


def matches(path: Path, head: bytes) -> bool:
    """A zip or an OLE container; whether it is a workbook is said on reading, in the user's terms."""
    return head.startswith((ZIP, OLE))


def read(path: Path, source: Source) -> Book:
    """Every sheet of a workbook; cells in error keep the text that Excel shows (#N/A), rows the sheet's numbers.

    Raises ImpactError for a file that is no workbook, is protected or damaged, or costs more than a file may.
    """
    zipped = _check_container(path)
    pages = opened(path, "workbook", _pages)
    if pages is None:
        raise ImpactError("loader_unreadable", file=path.name)
    sheets = tuple(_sheet(path, page, zipped) for page in pages)
    return Book(path, "workbook", sheets, () if zipped else (texts.load()("note.old_xls"),))


def _sheet(path: Path, page: Page, zipped: bool) -> Sheet:
    """One sheet as texts; only the one that is read will have its notes told."""
    shown, notes = _revealed(path, page) if zipped else (page.columns, ())
    sheet = Sheet.of_columns([column.written(str) for column in shown], page.rows, page.name)
    return replace(sheet, visible=page.visible, notes=notes)


def _check_container(path: Path) -> bool:
    """Whether the workbook is a zip (.xlsx, .ods); raises ImpactError where it is no workbook, or is protected."""
    with path.open("rb") as file:
        head = file.read(4)
    if head == ZIP:
        _archive.check(path)
    elif head != OLE:
        raise ImpactError("loader_unreadable", file=path.name)
    elif path.stat().st_size % SECTOR:
        raise ImpactError("loader_truncated", file=path.name)
    elif ENCRYPTED in path.read_bytes():
        raise ImpactError("loader_protected", file=path.name)
    return head == ZIP


def _pages(found: Mapping[str, Any]) -> tuple[Page, ...]:
    return tuple(
        Page(str(one["name"]), bool(one["visible"]), int(one["rows"]), _columns(one["columns"], int(one["rows"])))
        for one in found["sheets"]
    )


def _columns(found: Sequence[Mapping[str, Any]], rows: int) -> tuple[Coded, ...]:
    packed = (coded(column, rows) for column in found)
    return tuple(replace(column, values=[written(_cell(value)) for value in column.values]) for column in packed)


def _cell(value: Any) -> object:  # noqa: ANN401 – a cell of any type
    return TYPED[value[0]](*value[1:]) if isinstance(value, list) else value


def _revealed(path: Path, page: Page) -> tuple[tuple[Coded, ...], tuple[str, ...]]:
    """The columns of a sheet with the texts of cells in error, and what is to be said of these."""
    hidden = _archive.hidden(path, page.name)
    values = [list(column.values) for column in page.columns]
    try:
        for cell, text in hidden.errors.items():
            row, column = _archive.place(cell)
            page.columns[column - 1].codes[row - 1] = len(values[column - 1])  # the rectangle holds it, as a blank
            values[column - 1].append(text)
    except (IndexError, ValueError) as outside:
        raise ImpactError("loader_unreadable", file=path.name) from outside
    shown = (replace(column, values=texts) for column, texts in zip(page.columns, values, strict=True))
    return tuple(shown), tuple(_told(hidden))


def _told(hidden: _archive.Hidden) -> Iterator[str]:
    """Where the cells in error are, and the formulas without a result."""
    say = texts.load()
    if hidden.errors:
        yield say(
            "note.cells_in_error", cells=_table.listed([f"{cell} {text}" for cell, text in hidden.errors.items()])
        )
    if hidden.not_computed:
        yield say("note.not_computed", cells=_table.listed(hidden.not_computed))
