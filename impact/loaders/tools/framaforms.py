"""Framaforms, which is Drupal 7's Webform: three lines of headings, and blocks of columns whose end nothing marks.

The second line holds the text of a question above its first column only, where it has several; it is as empty above
the others as above the single questions that follow. Where a block ends is deduced from what its columns hold, and
said.
"""

import re
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final, NamedTuple

from impact import texts
from impact.loaders._sheet import Book, Sheet
from impact.loaders.tools import Found, Tool, headed, marks
from impact.loaders.tools._drafts import with_drafts
from impact.loaders.tools._trials import flagged
from impact.matching import fold
from impact.model import Column, Export

# What stands above the tool's own columns, in the second line.
DETAILS: Final = ("détails de la soumission", "submission details", "submission_details")
SUBMITTED: Final = ("heure de soumission", "submitted time", "webform_time", "time")
DRAFTS: Final = ("brouillon", "draft", "webform_draft")
METADATA: Final = (
    "séquentiel", "sid", *SUBMITTED, "heure de complétion", "heure de modification", *DRAFTS,
    "serial", "completed time", "modified time",
    "webform_serial", "webform_sid", "webform_completed_time", "webform_modified_time",
)  # fmt: skip
PERSONAL: Final = (
    "adresse ip", "uid", "nom d'utilisateur", "ip address", "username",
    "webform_ip_address", "webform_uid", "webform_username",
)  # fmt: skip
FEWEST: Final = 3  # of the tool's own columns: whoever exports may leave some out
FEWEST_ALONE: Final = 7  # where no line stands above them
FIRST: Final = 5  # rows among which the second line of headings stands

TICKED: Final = frozenset(("x",))  # all that a column of ticks holds
BLANK: Final[frozenset[str]] = frozenset()  # what a column that nobody filled holds
MOST_LABELS: Final = 11  # of a grid: more different texts are no scale
UPLOAD: Final = (("nom", "name"), ("taille (ko)", "taille (kb)", "size (kb)"))  # the two columns of a file sent

# The option that holds a free text, last of its block; with keys, the question's own and "_other".
OTHER: Final = re.compile(
    r"(autres?|other)( (reponse|choix|raison|option)s?)?[\s.…:,(–-]*"
    r"((veuillez |merci de |please |a )?(precise[rz]|specify))?[\s.…:)]*|.*_other"
)
# A free text that belongs to the question on its left without being one of its options.
SPECIFY: Final = re.compile(r"(?!autres?\b|other\b).*\b(precise[rz]|precision|specify)\b.*")


class Block(NamedTuple):
    """Several columns that carry one question, from the place of the first to that after the last."""

    text: str
    start: int
    end: int
    other: bool = False  # whether the last holds a free text


class Held(NamedTuple):
    """The folded texts of each column that is no heading's, None where there are too many for a block."""

    sheet: Sheet
    start: int  # the place of the first respondent

    def __call__(self, place: int) -> frozenset[str] | None:
        """What a column holds, blanks left out."""
        found = self.sheet.distinct(place, self.start)
        return frozenset(map(fold, found)) if len(found) <= MOST_LABELS else None


def recognise(book: Book) -> Found | None:
    """A row that begins with « Détails de la soumission » above one that names the tool's own columns."""
    for sheet in book.sheets:
        for place, (above, own) in enumerate(zip(sheet.top[:FIRST], sheet.top[1:], strict=False)):
            if above and fold(above[0]) in {fold(name) for name in DETAILS}:
                signs = marks(own, (*METADATA, *PERSONAL))
                if len(signs) >= FEWEST:
                    header = tuple(range(max(place - 1, 0), place + 2))
                    return Found(sheet, header, tuple(f"« {sign} »" for sign in (above[0].strip(), *signs)))
        cut = marks(sheet.top[0] if sheet.top else (), (*METADATA, *PERSONAL))
        if len(cut) >= FEWEST_ALONE:  # someone took away the two lines above
            return Found(sheet, (0,), tuple(f"« {sign} »" for sign in cut))
    return None


def columns(found: Found, book: Book) -> tuple[Column, ...]:
    """One column a column; those of a block are named by the question and their own heading, those alone by theirs."""
    if len(found.rows) < 2:  # taken away, or the study names another row of headings
        return headed(found, book)
    above, own = ([cell.strip() for cell in row] for row in found.rows[-2:])
    inside = {
        place: block
        for block in _blocks(above, own, Held(found.sheet, found.start))
        for place in range(block.start, block.end)
    }
    alone = Counter(fold(text) for place, text in enumerate(own) if place not in inside)
    again = {text for text, count in alone.items() if count > 1}
    named = [_boxed(inside[place], place, own) if place in inside else None for place in range(len(own))]
    return tuple(column or _alone(place, own, inside, again) for place, column in enumerate(named))


def _boxed(block: Block, place: int, own: Sequence[str]) -> Column:
    """A column of a block; the free text of "other" is an item under its plain name, whatever the form calls it."""
    item = "Autre" if block.other and place == block.end - 1 else own[place]
    return Column(place, (f"{block.text} [{own[place]}]", own[place]), block=block.text, item=item)


def _alone(place: int, own: Sequence[str], inside: dict[int, Block], again: Container[str]) -> Column:
    """A question of one column. « Veuillez préciser » and « Pourquoi ? » say little, and come back: what stands on the
    left tells of what."""
    if place and own[place] and (SPECIFY.fullmatch(fold(own[place])) or fold(own[place]) in again):
        left = next((p for p in range(place - 1, -1, -1) if p in inside or fold(own[p]) != fold(own[place])), 0)
        question = inside[left].text if left in inside else own[left]
        return Column(place, (f"{question} – {own[place]}", own[place]))
    return Column(place, (own[place],))


def _blocks(above: Sequence[str], own: Sequence[str], held: Held) -> Iterator[Block]:
    """The blocks, each from a text of the second line on; the first text stands above the tool's own columns."""
    starts = [place for place, text in enumerate(above) if text and place]
    for start, limit in pairwise((*starts, len(own))):
        if [fold(text) in names for text, names in zip(own[start:limit], UPLOAD, strict=False)] == [True, True]:
            yield Block(above[start], start, start + 2)
        elif _is_grid(start, limit, held):
            yield Block(above[start], start, _end_of_grid(start, limit, own, held))
        else:
            yield _boxes(above[start], range(start, limit), own, held)


def _is_grid(start: int, limit: int, held: Held) -> bool:
    """Whether the first column that holds anything holds more than ticks; where those before it were left blank by
    everyone, the next must share its answers."""
    first = next((place for place in range(start, limit) if held(place) != BLANK), limit)
    said = held(first) if first < limit else BLANK
    if said is not None and said <= TICKED:
        return False
    return first == start or bool(said and first + 1 < limit and _shares(held(first + 1), said))


def _shares(said: frozenset[str] | None, labels: frozenset[str]) -> bool:
    """Whether a column's answers are mostly those of a scale, or the reverse, and leave it small enough to be one: few
    respondents seldom give every answer to every row."""
    if said is None or len(said | labels) > MOST_LABELS:
        return False
    return 2 * len(said & labels) >= min(len(said), len(labels))


def _end_of_grid(start: int, limit: int, own: Sequence[str], held: Held) -> int:
    labels = BLANK
    for place in range(start, limit):
        said = held(place)
        if said == BLANK:
            if place > start and _stands_alone(place, start, own):
                return place
            continue
        if (labels and not _shares(said, labels)) or (said is None and place > start):
            return place
        labels |= said or BLANK
        if said is None:
            return place + 1
    return limit


def _boxes(text: str, places: range, own: Sequence[str], held: Held) -> Block:
    """A block of ticks. Columns that everyone left blank belong to it, but for what is asked as a question of its own
    or follows the free text of "other", which is always last."""
    end = places.start
    last_is_other = False
    for place in places:
        said = held(place)
        other = bool(OTHER.fullmatch(fold(own[place])))
        if said == TICKED:
            end, last_is_other = place + 1, False
        elif said == BLANK:
            if last_is_other or (place > places.start and _stands_alone(place, places.start, own)):
                if not _ticked_later(place, places, held):
                    break
                continue
            end, last_is_other = place + 1, other
        else:
            return Block(text, places.start, place + 1, other=True) if other else Block(text, places.start, end)
    return Block(text, places.start, max(end, places.start + 1), last_is_other)


def _ticked_later(place: int, places: range, held: Held) -> bool:
    """Whether the columns that everyone left blank from here on are followed by one of ticks."""
    said = next((held(later) for later in range(place, places.stop) if held(later) != BLANK), None)
    return said == TICKED


def _stands_alone(place: int, start: int, own: Sequence[str]) -> bool:
    """Whether a column that nobody filled is headed as a question of its own rather than as one more of a block."""
    asked = own[place].endswith("?") and not any(text.endswith("?") for text in own[start:place])
    return asked or bool(SPECIFY.fullmatch(fold(own[place])))


def finish(export: Export) -> Export:
    """Drafts are partial answers; every block is told, for its end was deduced."""
    told = replace(export, notes=(*export.notes, *_told(export.columns)))
    return flagged(with_drafts(told, DRAFTS))


def _told(named: Sequence[Column]) -> Iterator[str]:
    spans: dict[tuple[str, int], list[Column]] = {}
    start = 0
    for column in named:
        before = named[column.position - 1].block if column.position else ""
        start = start if column.block == before else column.position
        if column.block:
            spans.setdefault((column.block, start), []).append(column)
    if spans:
        say = texts.load()
        each = [
            say("note.framaforms_block", question=text, first=span[0].letter, last=span[-1].letter)
            for (text, _), span in spans.items()
        ]
        yield say("note.framaforms_blocks", blocks=" ; ".join(each))


TOOL: Final = Tool(
    title="Framaforms (Drupal Webform 7)",
    priority=80,
    recognise=recognise,
    columns=columns,
    roles=dict.fromkeys(METADATA, "metadata") | dict.fromkeys(PERSONAL, "personal"),
    finish=finish,
    answered_on=SUBMITTED,
)
