"""Workbooks: .xlsx, .xls and .ods, recognised by their first bytes whatever their name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from impact import texts
from impact.errors import ImpactError
from impact.loaders import _archive, _table
from impact.loaders._values import written
from impact.matching import nearest
from impact.model import Export
from impact.study.schema import Source

PRIORITY: Final = 10
ZIP: Final = b"PK\x03\x04"
OLE: Final = b"\xd0\xcf\x11\xe0"  # an old .xls, or an .xlsx under a password
SECTOR: Final = 512  # bytes; an OLE container is whole sectors, and its reader is loud about one cut short
ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
ANSWERS: Final = re.compile(r"(réponses au formulaire|form responses) \d+", re.IGNORECASE)  # Google Forms
# Headings of a sheet of repeated groups, of which one respondent fills several rows (Kobo, ODK).
REPEATED: Final = frozenset(("_parent_index", "PARENT_KEY"))

Cells = list[list[Any]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet, its cells from A1 on, typed as the workbook types them."""

    name: str
    visible: bool
    cells: Cells

    @property
    def filled(self) -> int:
        """How many cells hold something."""
        return sum(len(row) - row.count("") for row in self.cells)


def matches(path: Path, head: bytes) -> bool:
    """A zip or an OLE container; whether it is a workbook is said on reading, in the user's terms."""
    return head.startswith((ZIP, OLE))


def read(path: Path, source: Source) -> Export:
    """One sheet of a workbook: the one the study names, else Google's sheet of answers, else the most filled one.

    A sheet of repeated groups is taken only by name, a hidden one where nothing else is filled.
    "Sheet1" has no privilege: it is the only sheet of Microsoft Forms and LimeSurvey, and beside others it is where
    Excel puts a pivot table. Cells in error keep the text that Excel shows (#N/A); rows keep the sheet's numbers.
    Raises ImpactError for a file that is no workbook, is protected or damaged, and for an unknown sheet.
    """
    zipped = _check_container(path)
    sheets = _opened(path)
    sheet = _chosen(sheets, source.sheet, path.name)
    seen: dict[str, str] = {}
    rows = [[seen.setdefault(text, text) for text in map(written, row)] for row in sheet.cells]
    notes = list(_other_sheets(sheets, sheet))
    notes += _reveal(path, sheet.name, rows) if zipped else [texts.load()("note.old_xls")]
    grid = _table.Grid(path.name, "workbook", sheet.name, range(1, len(rows) + 1), list(map(tuple, rows)))
    return _table.export(grid, source.header_row, notes)


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


def _opened(path: Path) -> list[Sheet]:
    """Every sheet of cells; charts and macros have none."""
    import python_calamine as calamine  # noqa: PLC0415 – a study of text files does without

    try:
        with calamine.load_workbook(path) as book:
            return [
                Sheet(
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


def _chosen(sheets: list[Sheet], asked: str, file: str) -> Sheet:
    if asked:
        return _named(sheets, asked, file)
    filled = [sheet for sheet in sheets if sheet.filled]
    if not filled:
        raise ImpactError("loader_empty", file=file)
    answers = [sheet for sheet in filled if ANSWERS.fullmatch(sheet.name)]
    people = [sheet for sheet in filled if not REPEATED.intersection(sheet.cells[0])]
    return max(answers or people or filled, key=lambda sheet: (sheet.visible, sheet.filled))


def _named(sheets: list[Sheet], asked: str, file: str) -> Sheet:
    names = [sheet.name for sheet in sheets]
    if asked in names:
        return sheets[names.index(asked)]
    near = nearest(asked, names)
    key = "loader_unknown_sheet_near" if near else "loader_unknown_sheet"
    raise ImpactError(key, file=file, sheet=asked, known=", ".join(names), near=near)


def _other_sheets(sheets: list[Sheet], chosen: Sheet) -> Iterator[str]:
    others = [sheet.name for sheet in sheets if sheet is not chosen and sheet.filled]
    if others:
        yield texts.load()("note.other_sheets", sheet=chosen.name, others=_table.listed(others))


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
