"""Tally: the options of a multiple choice joined in one cell, and beside it one TRUE/FALSE column an option."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from impact.loaders._sheet import Book
from impact.loaders.tools import Found, Tool, headed, marks
from impact.loaders.tools._trials import flagged
from impact.matching import fold
from impact.model import Column

MARKS: Final = ("Submission ID", "Respondent ID", "Submitted at")
TICKED: Final = "TRUE"
BOXES: Final = frozenset(("true", "false"))
ROLES: Final = {
    "Submission ID": "metadata",
    "Respondent ID": "personal",
    "Submitted at": "metadata",
    "Score": "metadata",
}
OPENING: Final = re.compile(r"\s*\(")


def recognise(book: Book) -> Found | None:
    """The three columns that Tally puts first."""
    for sheet in book.sheets:
        known = marks(sheet.top[0] if sheet.top else (), MARKS)
        if len(known) == len(MARKS):
            return Found(sheet, (0,), tuple(f"« {name} »" for name in known))
    return None


def columns(found: Found, book: Book) -> tuple[Column, ...]:
    """The boxes of a question and the cell that sums them up; rows of a grid, "Question (Row)", as a block."""
    plain = headed(found, book)
    known = {fold(column.heading) for column in plain}
    cells = [found.sheet.distinct(column.position, found.start) for column in plain]
    asked = [_question(column.heading, known, cells[column.position]) for column in plain]
    summed = {fold(question) for question in asked if question}
    grids = Counter(fold(_start(column.heading)) for column in plain)
    return tuple(_column(column, asked[column.position], summed, grids) for column in plain)


def _column(column: Column, asked: str, summed: set[str], grids: Counter[str]) -> Column:
    if asked:
        return replace(column, block=asked, item=_inside(column.heading, asked), ticked=TICKED)
    if fold(column.heading) in summed:
        return replace(column, layout="summary")
    start = _start(column.heading)
    if start and grids[fold(start)] > 1:
        return replace(column, block=start, item=_inside(column.heading, start))
    return column


def _question(heading: str, known: set[str], cells: Sequence[str]) -> str:
    """The question of which a column is a box: what stands before one of its brackets, where another column is it."""
    if not set(map(fold, cells)) <= BOXES:
        return ""
    starts = (heading[: found.start()] for found in OPENING.finditer(heading))
    return next((start for start in starts if fold(start) in known and heading.rstrip().endswith(")")), "")


def _start(heading: str) -> str:
    """What stands before the bracket that closes a heading, "" where none does."""
    place = heading.rfind("(") if heading.rstrip().endswith(")") else 0
    return heading[:place].rstrip() if place > 0 else ""


def _inside(heading: str, start: str) -> str:
    return heading.rstrip()[len(start) :].strip()[1:-1]


TOOL: Final = Tool(
    title="Tally",
    priority=45,
    recognise=recognise,
    columns=columns,
    roles=ROLES,
    finish=flagged,
    answered_on=("Submitted at",),
)
