"""Typeform: a multiple choice is one column an option, headed by the option alone; its question is not in the file."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final

from impact import texts
from impact.loaders._sheet import Book
from impact.loaders.tools import Found, Tool, headed, marks
from impact.loaders.tools._trials import flagged, with_flag
from impact.matching import fold
from impact.model import Column, Export

FIRST: Final = "#"
MARKS: Final = ("Start Date (UTC)", "Submit Date (UTC)", "Network ID", "Response Type", "Stage Date (UTC)")
FEWEST: Final = 2
OTHERS: Final = frozenset(("other", "autre", "andere", "otro", "altro", "outro"))
ASKING: Final = ("?", ":", "...", "…")  # ends of a question; an option of a list seldom has one
RESPONSE: Final = "Response Type"
ROLES: Final = dict.fromkeys((FIRST, *MARKS, "Tags", "Ending", "Score"), "metadata") | dict.fromkeys(
    ("Network ID", "Company", "Entreprise", "Société"), "personal"
)


def recognise(book: Book) -> Found | None:
    """The response's token under "#" first, and what Typeform writes last."""
    for sheet in book.sheets:
        first = sheet.top[0] if sheet.top else ()
        known = marks(first, MARKS)
        if first and first[0].strip() == FIRST and len(known) >= FEWEST:
            return Found(sheet, (0,), tuple(f"« {name} »" for name in (FIRST, *known)))
    return None


def columns(found: Found, book: Book) -> tuple[Column, ...]:
    """Runs of boxes as blocks, named by their letters for want of a question; free texts beside what they complete."""
    plain = list(headed(found, book))
    boxes = [_box(column, found.sheet.distinct(column.position, found.start)) for column in plain]
    for begin, end in _runs(plain, boxes):
        block = texts.load(texts.DEFAULT)("note.typeform_block", first=plain[begin].letter, last=plain[end - 1].letter)
        for place in range(begin, end):
            plain[place] = replace(plain[place], block=block, item=plain[place].heading)
    for place, column in enumerate(plain[1:], 1):
        if _is_other(column) and not column.block:
            asked = plain[place - 1].heading
            both = (*column.headings, f"{asked} [{column.heading}]")
            plain[place] = replace(column, headings=both, block=asked, item=column.heading)
    return tuple(plain)


def _box(column: Column, cells: Sequence[str]) -> str:
    """What a column may be: "box" where it holds its own heading, "blank" where nothing under no question, else ""."""
    if cells:
        return "box" if [fold(cell) for cell in cells] == [fold(column.heading)] else ""
    return "" if column.heading.rstrip().endswith(ASKING) else "blank"


def _is_other(column: Column) -> bool:
    return fold(column.heading) in OTHERS


def _runs(plain: Sequence[Column], boxes: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where each run of boxes begins and ends: two columns at least, one of them ticked, an "Other" closing it."""
    begin = 0
    for kind, run in groupby(_kinds(plain, boxes), key=bool):
        size = len(list(run))
        if kind:
            yield from _cut(plain, boxes, begin, begin + size)
        begin += size


def _kinds(plain: Sequence[Column], boxes: Sequence[str]) -> Iterator[str]:
    """The kinds, an "Other" after a box being one."""
    before = ""
    for column, kind in zip(plain, boxes, strict=True):
        before = ("other" if before in ("box", "blank") else "") if _is_other(column) else kind
        yield before


def _cut(plain: Sequence[Column], boxes: Sequence[str], begin: int, end: int) -> Iterator[tuple[int, int]]:
    """The runs between two "Other": whoever is asked for one more option is asked it last."""
    start = begin
    for place in range(begin, end):
        if _is_other(plain[place]) or place == end - 1:
            kinds = [boxes[one] for one in range(start, place + 1) if not _is_other(plain[one])]
            if len(kinds) > 1 and "box" in kinds:
                yield start, place + 1
            start = place + 1


def finish(export: Export) -> Export:
    """Responses that were not sent, the rows of trials, and the question that each run of boxes lacks."""
    types = next((column for column in export.columns if fold(column.heading) == fold(RESPONSE)), None)
    if types is not None:
        cells = export.cells[types.position].astype(object)
        export = with_flag(export, cells.index[~cells.map(fold).isin(("completed", ""))], "partial")
    blocks = dict.fromkeys(column.block for column in export.columns if column.block and not _is_other(column))
    say = texts.load()
    asking = [say("note.typeform_asks", block=block) for block in blocks]
    return flagged(replace(export, notes=(*export.notes, *asking)))


TOOL: Final = Tool(
    title="Typeform",
    priority=50,
    recognise=recognise,
    columns=columns,
    roles=ROLES,
    finish=finish,
    answered_on=("Submit Date (UTC)", "Start Date (UTC)"),
)
