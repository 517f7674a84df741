"""Which sheet of a workbook holds the answers."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from impact import texts
from impact.errors import ImpactError
from impact.loaders import _rows
from impact.loaders._sheet import Book, Row, Sheet
from impact.matching import fold, nearest
from impact.study.schema import Source

# Headings of a sheet of repeated groups, of which one respondent fills several rows (Kobo, ODK).
REPEATED: Final = frozenset(("_parent_index", "PARENT_KEY"))
LISTED: Final = 10


def only_asked(book: Book, source: Source) -> Book:
    """The book with the sheet that the study names alone, or whole. ImpactError where it has no such sheet."""
    if not source.sheet:
        return book
    sheet = book.sheet(source.sheet)
    if sheet:
        return replace(book, sheets=(sheet,), aside=tuple(one for one in book.sheets if one is not sheet))
    names = [one.name for one in book.sheets]
    near = nearest(source.sheet, names)
    key = "loader_unknown_sheet_near" if near else "loader_unknown_sheet"
    raise ImpactError(key, file=book.file, sheet=source.sheet, known=", ".join(names), near=near)


def fullest(book: Book) -> Sheet:
    """The sheet that holds most; a hidden one where nothing else is filled.

    A sheet of repeated groups is taken only by name. "Sheet1" has no privilege: it is the only sheet of Microsoft Forms
    and LimeSurvey, and beside others it is where Excel puts a pivot table.
    """
    held = [sheet for sheet in book.sheets if filled(sheet)]
    if not held:
        raise ImpactError("loader_empty", file=book.file)
    people = [sheet for sheet in held if not REPEATED.intersection(sheet.top[0] if sheet.top else ())]
    return max(people or held, key=lambda sheet: (sheet.visible, filled(sheet)))


def filled(sheet: Sheet) -> int:
    """How many cells hold something."""
    return sum(len(sheet.holding(column, 0, map(bool, sheet.values(column)))) for column in range(sheet.width))


def other_sheets(book: Book, chosen: Sheet, header: Row, used: Sequence[str] = ()) -> Iterator[str]:
    """Says which filled sheets were not read, and which of them hold the same headings; `used` names those that tell of
    the answers, and were."""
    unread = [sheet for sheet in book.sheets if sheet is not chosen and sheet.name not in used]
    others = [sheet for sheet in unread if not _rows.blank(sheet).all()]
    say = texts.load()
    if others:
        yield say("note.other_sheets", sheet=chosen.name, others=_listed(others))
    alike = [sheet for sheet in others if any(_same(row, header) for row in sheet.top[: _rows.TOP])]
    if alike:
        yield say("note.alike_sheets", others=_listed(alike))


def _same(row: Row, header: Row) -> bool:
    return [fold(cell) for cell in row if cell.strip()] == [fold(cell) for cell in header if cell.strip()]


def _listed(sheets: Sequence[Sheet]) -> str:
    more = f"… ({len(sheets)})" if len(sheets) > LISTED else ""
    return ", ".join(sheet.name for sheet in sheets[:LISTED]) + more
