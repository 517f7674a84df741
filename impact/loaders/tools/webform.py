"""Drupal's Webform since Drupal 8: one row of headings, in words ("Question: Option") or keys ("question__option")."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final

from impact.loaders._sheet import Book
from impact.loaders.tools import Found, Tool, headed, marks
from impact.loaders.tools._drafts import with_drafts
from impact.loaders.tools._trials import flagged
from impact.matching import fold
from impact.model import Column, Export

SENT: Final = ("Completed", "completed", "Terminé", "Created", "created", "Créé")
DRAFTS: Final = ("in draft", "is draft", "is draft?", "in_draft", "brouillon", "en brouillon", "est un brouillon")
METADATA: Final = (
    "serial", "sid", "uuid", "created", "completed", "changed", "in_draft", "current_page", "langcode",
    "webform_id", "entity_type", "entity_id", "locked", "sticky", "notes", "metatag",
    "serial number", "submission id", "submission uuid", *DRAFTS, "current page", "language", "flagged",
    "webform", "webform: id", "webform: title", "webform: url",
    "submitted to", "submitted to: entity type", "submitted to: entity id", "submitted to: entity title",
    "submitted to: entity url",
    "numéro de série", "numéro de la soumission", "id de la soumission", "uuid de la soumission", "créé", "terminé",
    "modifié", "page actuelle", "langue", "verrouillé", "épinglé", "formulaire web",
)  # fmt: skip
PERSONAL: Final = (
    "token", "uri", "remote_addr", "uid", "uid__id", "uid__title", "uid__url",
    "submission uri", "remote ip address", "submitted by", "submitted by: id", "submitted by: title",
    "submitted by: url",
    "jeton", "uri de la soumission", "adresse ip distante", "soumis par", "soumis par : id", "soumis par : titre",
    "soumis par : url",
)  # fmt: skip
# Of those, what no other tool names so: without one of them, "created" and "language" may be anyone's.
SURE: Final = ("sid", "submission id", "submission uuid", "serial number", "remote_addr", "uuid de la soumission")
FEWEST: Final = 6  # of the tool's own columns: whoever exports may leave some out

TICK: Final = "x"
OTHER: Final = frozenset(("other", "autre"))
# Between a question and its option or row. A French colon has a space before it, and is part of the text.
JOINTS: Final = (re.compile(r"(?<=\S): (?=\S)"), re.compile(r"(?<=[^_])__(?=[^_])"))


def recognise(book: Book) -> Found | None:
    """A first row that holds six of the tool's own columns, one of them its alone."""
    for sheet in book.sheets:
        row = sheet.top[0] if sheet.top else ()
        signs = marks(row, (*METADATA, *PERSONAL))
        if len(signs) >= FEWEST and marks(row, SURE):
            return Found(sheet, (0,), tuple(f"« {sign} »" for sign in signs))
    return None


def columns(found: Found, book: Book) -> tuple[Column, ...]:
    """Neighbours that one question heads are its block. Ticks are options; the rest, rows of a grid or parts of an
    answer, which a questionnaire may name by their own text alone."""
    plain = headed(found, book)
    own = {fold(name) for name in (*METADATA, *PERSONAL)}
    ways = [{} if fold(column.heading) in own else _ways(column.heading) for column in plain]
    blocks = [_block(ways, place) for place in range(len(plain))]
    parted = [
        replace(one, block=block, item=ways[place][block]) if block else one
        for place, (one, block) in enumerate(zip(plain, blocks, strict=True))
    ]
    runs = [tuple(run) for _, run in groupby(parted, key=lambda column: column.block)]
    return tuple(
        column for run in runs for column in (run if not run[0].block or _ticked(run, found) else _rows_of(run))
    )


def _rows_of(block: Sequence[Column]) -> tuple[Column, ...]:
    """The rows of a grid or the parts of an answer, each by its own text as well."""
    return tuple(replace(column, headings=(column.heading, column.item)) for column in block)


def _ways(heading: str) -> dict[str, str]:
    """Every way to cut a heading into a question and what it is of it, the shortest question first."""
    cuts = sorted(cut.span() for joint in JOINTS for cut in joint.finditer(heading))
    return {heading[:start].strip(): heading[end:].strip() for start, end in cuts}


def _block(ways: Sequence[dict[str, str]], place: int) -> str:
    """The question that a column shares with a neighbour, "" where it stands alone."""
    beside = (*ways[max(place - 1, 0) : place], *ways[place + 1 : place + 2])
    return next((block for block in ways[place] if any(block in other for other in beside)), "")


def _ticked(block: Sequence[Column], found: Found) -> bool:
    """Whether the columns of a block hold ticks alone, but for the free text of "other"."""
    asked = [column for column in block if fold(column.item) not in OTHER]
    return all(
        {fold(text) for text in found.sheet.distinct(column.position, found.start)} <= {TICK} for column in asked
    )


def finish(export: Export) -> Export:
    """Drafts are partial answers."""
    return flagged(with_drafts(export, DRAFTS))


TOOL: Final = Tool(
    title="Drupal Webform",
    priority=10,
    recognise=recognise,
    columns=columns,
    roles=dict.fromkeys(METADATA, "metadata") | dict.fromkeys(PERSONAL, "personal"),
    finish=finish,
    answered_on=SENT,
)
