"""ODK Central and Briefcase: XML values, groups joined by "-", the options of a split multiple choice after "/"."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from impact import texts
from impact.loaders._sheet import Book, Sheet
from impact.loaders.tools import Found, Tool, _paths, marks
from impact.matching import fold
from impact.model import Column, Export

KEY: Final = "KEY"
PARENT: Final = "PARENT_KEY"
MARKS: Final = (
    "SubmissionDate", "SubmitterID", "SubmitterName", "AttachmentsPresent", "AttachmentsExpected", "Status",
    "ReviewState", "DeviceID", "Edits", "FormVersion", "meta-instanceID", "meta-instanceName", "instanceID",
)  # fmt: skip
FEWEST: Final = 3
REFUSED: Final = "rejected"
ROLES: Final = dict.fromkeys((KEY, PARENT, *MARKS, "SET-OF-*", "today"), "metadata") | dict.fromkeys(
    ("SubmitterID", "SubmitterName", "DeviceID", "meta-instanceName", "start", "end", "audit", "username"), "personal"
)


def recognise(book: Book) -> Found | None:
    """The key of each submission, and what the server adds; or the key of the parent, in a file of repeats."""
    return next((found for sheet in book.sheets if (found := _marked(sheet))), None)


def _marked(sheet: Sheet) -> Found | None:
    first = sheet.top[0] if sheet.top else ()
    key, parent, known = marks(first, (KEY,)), marks(first, (PARENT,)), marks(first, MARKS)
    if not key or not (parent or len(known) >= FEWEST):
        return None
    notes = (texts.load()("note.repeats_read"),) if parent else ()
    return Found(sheet, (0,), tuple(f"« {name} »" for name in (*known, *key, *parent)), notes=notes)


def columns(found: Found, book: Book) -> tuple[Column, ...]:
    """Names without their groups behind the whole ones, boxes told from questions."""
    names = [heading.strip() for heading in found.rows[0]]
    boxes = _paths.boxes_below(names, [_paths.ticks(found, place) for place in range(len(names))], ("/",))
    return _paths.columns(_paths.Layout(names, boxes, _paths.group_tails(names, "-")))


def finish(export: Export) -> Export:
    """What the file cannot tell, and whom the review refused."""
    return replace(export, notes=(*export.notes, *_remarks(export)))


def _remarks(export: Export) -> Iterator[str]:
    say = texts.load()
    blocks = dict.fromkeys(column.block for column in export.columns if column.block)
    if blocks:
        yield say("note.odk_split", questions=", ".join(blocks))
    state = next((column.position for column in export.columns if fold(column.heading) == "reviewstate"), None)
    refused = 0 if state is None else int((export.cells[state].astype(object).map(fold) == REFUSED).sum())
    if refused:
        yield say("note.review_refused", count=refused)


TOOL: Final = Tool(
    title="ODK",
    priority=85,
    recognise=recognise,
    columns=columns,
    roles=ROLES,
    finish=finish,
    answered_on=("SubmissionDate", "end", "today"),
)
