"""Workbooks: .xlsx, .xls and .ods, recognised by their first bytes whatever their name."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from impact import texts
from impact.errors import ImpactError
from impact.loaders import _archive, _table
from impact.loaders._sheet import Book, Sheet
from impact.loaders._values import written
from impact.study.schema import Source

PRIORITY: Final = 10
ZIP: Final = b"PK\x03\x04"
OLE: Final = b"\xd0\xcf\x11\xe0"  # an old .xls, or an .xlsx under a password
SECTOR: Final = 512  # bytes; an OLE container is whole sectors, and its reader is loud about one cut short
ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")

Cells = list[list[Any]]


def matches(path: Path, head: bytes) -> bool:
    """A zip or an OLE container; whether it is a workbook is said on reading, in the user's terms."""
    return head.startswith((ZIP, OLE))


def read(path: Path, source: Source) -> Book:
    """Every sheet of a workbook; cells in error keep the text that Excel shows (#N/A), rows the sheet's numbers.

    Raises ImpactError for a file that is no workbook, is protected or damaged.
    """
    zipped = _check_container(path)
    sheets = tuple(_sheet(path, name, visible, cells, zipped) for name, visible, cells in _opened(path))
    return Book(path, "workbook", sheets, () if zipped else (texts.load()("note.old_xls"),))


def _sheet(path: Path, name: str, visible: bool, cells: Cells, zipped: bool) -> Sheet:
    """One sheet as texts; only the one that is read will have its notes told."""
    rows = [list(map(written, row)) for row in cells]
    notes = tuple(_reveal(path, name, rows)) if zipped else ()
    return replace(Sheet.of(rows, name), visible=visible, notes=notes)


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


def _opened(path: Path) -> list[tuple[str, bool, Cells]]:
    """Every sheet of cells, its name, whether it shows, its cells typed; charts and macros have none."""
    import python_calamine as calamine  # noqa: PLC0415 – a study of text files does without

    try:
        with calamine.load_workbook(path) as book:
            return [
                (
                    about.name,
                    about.visible == calamine.SheetVisibleEnum.Visible,
                    book.get_sheet_by_name(about.name).to_python(skip_empty_area=False),
                )
                for about in book.sheets_metadata
                if about.typ == calamine.SheetTypeEnum.WorkSheet
            ]
    except calamine.PasswordError as fault:
        raise ImpactError("loader_protected", file=path.name) from fault
    except calamine.CalamineError as fault:
        raise ImpactError("loader_unreadable", file=path.name) from fault
    except BaseException as fault:  # a panic of the reader is no Exception
        if type(fault).__name__ != "PanicException":
            raise
        raise ImpactError("loader_unreadable", file=path.name) from fault


def _reveal(path: Path, sheet: str, rows: list[list[str]]) -> Iterator[str]:
    """Writes the texts of cells in error into the rows, and says where they and formulas without a result are."""
    hidden = _archive.hidden(path, sheet)
    say = texts.load()
    for cell, text in hidden.errors.items():
        row, column = _archive.place(cell)
        rows[row - 1][column - 1] = text  # the sheet's rectangle holds it, as a blank
    if hidden.errors:
        yield say(
            "note.cells_in_error", cells=_table.listed([f"{cell} {text}" for cell, text in hidden.errors.items()])
        )
    if hidden.not_computed:
        yield say("note.not_computed", cells=_table.listed(hidden.not_computed))
