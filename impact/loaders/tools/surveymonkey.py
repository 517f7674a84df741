"""SurveyMonkey: two rows of headings, a question over the first of its columns, what each column is below."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from impact.loaders._sheet import Book, Sheet
from impact.loaders.tools import Found, Tool, marks
from impact.loaders.tools import _blocks as blocks
from impact.matching import fold
from impact.model import Column, Export

FIRST: Final = ("Respondent ID", "RespondentID", "ID du répondant")
METADATA: Final = ("Collector ID", "CollectorID", "ID du collecteur")
DATES: Final = ("End Date", "EndDate", "Date de fin", "Start Date", "StartDate", "Date de début", "Date Modified")
PERSONAL: Final = (
    "IP Address", "Adresse IP", "Email Address", "Adresse e-mail", "First Name", "Prénom", "Last Name",
    "Nom de famille",
    "Custom Data*", "Données personnalisées*",
)  # fmt: skip
ROLES: Final = dict.fromkeys((*METADATA, *DATES), "metadata") | dict.fromkeys((*FIRST, *PERSONAL), "personal")
OTHER_TOOL: Final = "submission id"  # Tally's first heading: its second is SurveyMonkey's
# What stands under a question of one column.
WHOLE: Final = frozenset(
    map(fold, ("Response", "Open-Ended Response", "Réponse", "Réponse ouverte", "Réponse à texte libre"))
)
FEWEST: Final = 2  # of these words, by which a file without respondents' numbers is known
RESPONDENT: Final = re.compile(r"\d{9,12}")  # a respondent's number
CODED: Final = re.compile(r"(q\d{4})_\d{4}")  # "q0004_0001": the names of a file that was made for SPSS
MOSTLY: Final = 0.5
OTHERS: Final = ("other", "autre")  # how the heading of a free text begins, folded
REMARKS: Final = ("comment", "remarque")  # how that of a remark begins, which answers nothing
OTHER: Final = "other"  # the item of a free text, as `normalise` knows it


class Run(NamedTuple):
    """A question and the places of its columns."""

    question: str
    places: range


def recognise(book: Book) -> Found | None:
    """Respondents' numbers first, or the words that stand under questions of one column."""
    return next((found for sheet in book.sheets if (found := _recognised(sheet))), None)


def _recognised(sheet: Sheet) -> Found | None:
    if len(sheet.top) < 2 or OTHER_TOOL in map(fold, sheet.top[0]):
        return None
    first, second = sheet.top[:2]
    heads = marks(first, FIRST)
    words = [cell.strip() for cell in second if fold(cell) in WHOLE]
    doubled = len(words) >= FEWEST or (heads and _is_second(first, second))
    if doubled and (heads or _is_second(first, second)):
        return Found(sheet, (0, 1), tuple(f"« {sign} »" for sign in (*heads, *dict.fromkeys(words))))
    numbered = heads and fold(first[0]) == fold(heads[0])
    if numbered and all(RESPONDENT.fullmatch(cell.strip()) for cell in sheet.distinct(0, 1)):
        return Found(sheet, (0,), (f"« {heads[0]} »",))
    coded = [cell for cell in first if CODED.fullmatch(cell.strip())]
    if len(coded) > MOSTLY * len(first):
        return Found(sheet, (0,), (f"« {coded[0]} »",))
    return None


def _is_second(first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether the second row says more of the first: nothing under what is the tool's own, something where that is
    blank."""
    own = {fold(name) for name in (*FIRST, *METADATA, *DATES)}
    pairs = list(zip(first, second, strict=False))
    return all(not below.strip() for above, below in pairs if fold(above) in own) and any(
        below.strip() and (not above.strip() or fold(below) in WHOLE) for above, below in pairs
    )


def columns(found: Found, book: Book) -> tuple[Column, ...]:
    """A question of one column by its text; the others as a block, each column named "Question [item]"."""
    if len(found.header) == 1:
        return tuple(_single_row(found))
    above, below = found.rows
    return tuple(column for run in _runs(above, below) for column in _of_run(found, run, below))


def _runs(above: Sequence[str], below: Sequence[str]) -> Iterator[Run]:
    """A question reaches from its text to the next, over columns that say what they are."""
    begin = 0
    for place in range(1, len(above) + 1):
        if place == len(above) or above[place].strip() or not below[place].strip():
            yield Run(above[begin], range(begin, place))
            begin = place


def _of_run(found: Found, run: Run, below: Sequence[str]) -> Iterator[Column]:
    """The columns of a question, each as a box or a row of it unless it holds the answer whole."""
    question = blocks.plain(run.question)
    parts = [place for place in run.places if fold(below[place]) not in WHOLE]
    if len(run.places) == 1 or not question:
        for place in run.places:
            yield Column(place, blocks.named((run.question, below[place] if place in parts else "")))
        return
    alone = len(parts) == len(run.places)
    layout = "rank" if alone and blocks.are_ranks(found.sheet, parts, found.start) else ""
    for place in run.places:
        item = blocks.plain(below[place])
        if place in parts:
            yield _part(place, question, item, layout, free=not alone and not fold(item).startswith(REMARKS))
        else:
            yield Column(place, blocks.named((run.question,)))


def _part(place: int, question: str, item: str, layout: str, free: bool) -> Column:
    """One column of a block; `free`: it completes an answer that stands whole beside it."""
    headings = (f"{question} [{item}]", item)
    return Column(place, headings, block=question, item=OTHER if free else item, layout=layout)


def _is_other(item: str) -> bool:
    return fold(item).startswith(OTHERS)


def _single_row(found: Found) -> Iterator[Column]:
    """The columns of a file of one row: a block by what two headings begin with, or by the box's own cell."""
    headings = [blocks.plain(heading) for heading in found.rows[0]]
    asked = Counter(heading.rpartition(blocks.JOINT)[0] for heading in headings)
    for place, heading in enumerate(headings):
        column = Column(place, blocks.named((found.rows[0][place],)))
        coded = CODED.fullmatch(heading)
        cells = blocks.said(found.sheet, place, found.start)
        question, _, item = heading.rpartition(blocks.JOINT)
        if coded and len(cells) == 1:
            named = (*column.headings, f"{coded[1]} [{cells[0]}]")
            column = replace(column, headings=named, block=coded[1], item=cells[0])
        elif question and (asked[question] > 1 or question in headings):
            free = _is_other(item) and [fold(cell) for cell in cells] != [fold(item)]
            column = replace(column, block=question, item=OTHER if free else item)
        yield column


def finish(export: Export) -> Export:
    """What stands for no answer in a file that was saved again."""
    return replace(export, blanks=blocks.blanks_of_r(export))


TOOL: Final = Tool(
    title="SurveyMonkey",
    priority=30,
    recognise=recognise,
    columns=columns,
    roles=ROLES,
    finish=finish,
    answered_on=DATES,
)
