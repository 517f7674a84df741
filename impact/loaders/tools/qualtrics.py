"""Qualtrics: three rows of headings (names, texts, import identifiers), two in older files, one in re-saved ones."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from impact.loaders._sheet import Book, Row, Sheet
from impact.loaders.tools import Found, Tool, marks
from impact.loaders.tools import _blocks as blocks
from impact.loaders.tools._trials import with_flag
from impact.matching import fold
from impact.model import FLAGS, Column, Export

IMPORT: Final = re.compile(r'\s*\{\s*"+ImportId"+\s*:')  # what begins every cell of the third row
TOP: Final = 5  # rows in which it is looked for
FEWEST: Final = 6  # of Qualtrics' own columns, by which a file that lost that row is known
LEGACY: Final = ("ResponseID", "ResponseSet")  # below V1 and V2
DATES: Final = ("EndDate", "RecordedDate", "StartDate")
METADATA: Final = (
    *DATES, "Status", "Progress", "Duration (in seconds)", "Finished", "ResponseId", "DistributionChannel",
    "UserLanguage", "ResponseSet",
)  # fmt: skip
# The same, as the second row says it: all that is left where the first was deleted.
TEXTS: Final = (
    "End Date", "Recorded Date", "Start Date", "Response Type", "Response ID", "Distribution Channel", "User Language",
)  # fmt: skip
PERSONAL: Final = (
    "IPAddress", "RecipientLastName", "RecipientFirstName", "RecipientEmail", "ExternalReference", "LocationLatitude",
    "LocationLongitude",
)  # fmt: skip
ROLES: Final = {
    **dict.fromkeys((*METADATA, *TEXTS), "metadata"),
    **dict.fromkeys((*PERSONAL, "ExternalDataReference", "EmailAddress", "LocationAccuracy", "Q_URL"), "personal"),
    # What panels send along: their number for a person, where that person lives.
    **dict.fromkeys(("rid", "pid", "psid", "PROLIFIC_PID", "workerId", "zip"), "personal"),
    **dict.fromkeys(
        (
            "Q_RecaptchaScore", "Q_BallotBoxStuffing", "Q_PopulateResponse", "Q_RelevantID*", "Q_DuplicateRespondent",
            "Q_TotalDuration", "Q_Language", "Q_Straightlining*", "Q_Unanswered*", "Q_AmbiguousText*", "*_First Click",
            "*_Last Click", "*_Page Submit", "*_Click Count", "*_Browser", "*_Version", "*_Operating System",
            "*_Resolution", "Version", "Operating System", "Resolution", "*_DO", "*_DO_*", "* - Topics",
            "* - Parent Topics", "* - Sentiment*",
        ),
        "metadata",
    ),
}  # fmt: skip
SCORE: Final = re.compile(r"SC\d+")
PART: Final = re.compile(r"(.+?)[_#]\d+(_TEXT)?")  # "Q2_6_TEXT": a question, one of its options, its free text
CHOSEN: Final = (" - Selected Choice", " - Choix sélectionné")  # how the text of a question with a free text ends
OTHER: Final = "other"  # the item of a free text, as `normalise` knows it
BITS: Final = {1: "preview", 2: "test", 8: "spam"}  # of a status written as a number
WORDS: Final = {"preview": "preview", "apercu": "preview", "test": "test", "spam": "spam"}
WHOLE: Final = 100  # per cent
UNFINISHED: Final = frozenset(("false", "faux", "0", "non", "no"))
SEEN: Final = "-99"  # seen but unanswered, where whoever exported asked for it
FEWEST_SEEN: Final = 2  # questions that hold it: in one alone it may be an answer


def recognise(book: Book) -> Found | None:
    """The row of import identifiers; the two rows of older files; or six of Qualtrics' own columns."""
    return next((found for sheet in book.sheets if (found := _recognised(sheet))), None)


def _recognised(sheet: Sheet) -> Found | None:
    top = [(place, row) for place, row in enumerate(sheet.top[:TOP]) if any(map(str.strip, row))]
    for index, (_, row) in enumerate(top):
        signs = [cell for cell in row if IMPORT.match(cell)]
        if signs:
            return Found(sheet, tuple(place for place, _ in top[max(index - 2, 0) : index + 1]), (f"« {signs[0]} »",))
    if len(top) < 2:
        return None
    (first, names), (second, below) = top[:2]
    if [cell.strip() for cell in below[:2]] == list(LEGACY):
        return Found(sheet, (first, second), tuple(f"« {name} »" for name in LEGACY))
    known = marks(names, (*METADATA, *TEXTS, *PERSONAL))
    if len(known) < FEWEST:
        return None
    header = (first, second) if _are_texts(names, below) else (first,)
    return Found(sheet, header, tuple(f"« {name} »" for name in known))


def _are_texts(names: Row, below: Row) -> bool:
    """Whether the second row says the questions: a date stands there in no respondent's way."""
    dates = set(map(fold, DATES))
    cells = [cell for name, cell in zip(names, below, strict=False) if fold(name) in dates and cell.strip()]
    return bool(cells) and not any(sign.isdigit() for cell in cells for sign in cell)


def columns(found: Found, book: Book) -> tuple[Column, ...]:
    """The name, then the text; the columns of a question spread over several as one block, free texts beside it."""
    names, *others = found.rows
    asked = next((row for row in others if not any(map(IMPORT.match, row))), ("",) * len(names))
    made = [_column(place, name, text) for place, (name, text) in enumerate(zip(names, asked, strict=True))]
    texts = [blocks.plain(text) for text in asked]
    for stem, places in _spread(names).items():
        for part in _block(found, stem, places, texts):
            named = (*made[part.position].headings, *part.headings)
            made[part.position] = replace(part, headings=named)
    return tuple(_with_free_texts(made, names))


def _column(place: int, name: str, text: str) -> Column:
    headings = blocks.named((name, text))
    whole = tuple(one.removesuffix(end) for one in headings for end in CHOSEN if one.endswith(end))
    return Column(place, (*headings, *whole), role="metadata" if SCORE.fullmatch(name.strip()) else "")


def _spread(names: Sequence[str]) -> dict[str, list[int]]:
    """The columns of each question that has several, free texts apart."""
    found: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        part = PART.fullmatch(name.strip())
        if part and not part[2]:
            found.setdefault(part[1], []).append(place)
    return {stem: places for stem, places in found.items() if len(places) > 1}


def _block(found: Found, stem: str, places: Sequence[int], texts: Sequence[str]) -> list[Column]:
    """The block and the item of a question's columns, by the texts or, where the file lost them, by the boxes' own
    cells; none where neither tells them. The heading "Q2 [item]" is to join the others."""
    question = blocks.shared_question([texts[place] for place in places])
    if question:
        items = [texts[place][len(question) + len(blocks.JOINT) :] for place in places]
    elif any(texts[place] for place in places):
        return []
    else:
        answers = [blocks.said(found.sheet, place, found.start) for place in places]
        items = [cells[0] if cells else "" for cells in answers]
        if any(len(cells) > 1 for cells in answers) or not any(items):
            return []
    block = next((question.removesuffix(end) for end in CHOSEN if question.endswith(end)), question) or stem
    layout = "rank" if blocks.are_ranks(found.sheet, places, found.start) else ""
    return [  # a box that nobody ticked says nothing where the texts are lost
        Column(place, (f"{stem} [{item}]",), block=block, item=item, layout=layout)
        for place, item in zip(places, items, strict=True)
        if item
    ]


def _with_free_texts(made: Sequence[Column], names: Sequence[str]) -> Iterator[Column]:
    """The columns, the free text of an option as the "other" of the question that it completes."""
    parts = [PART.fullmatch(name.strip()) for name in names]
    questions = {name.strip(): column.headings[-1] for name, column in zip(names, made, strict=True)}
    questions |= {part[1]: column.block for part, column in zip(parts, made, strict=True) if part and column.block}
    for part, column in zip(parts, made, strict=True):
        asked = questions.get(part[1]) if part and part[2] else None
        yield replace(column, block=asked, item=OTHER) if asked else column


def finish(export: Export) -> Export:
    """Previews, tests and spam, answers that were not finished, and what stands for a question seen and left."""
    for name in ("Status", "Response Type"):
        export = _flagged(export, name, _of_status)
    export = _flagged(export, "Finished", lambda cell: "partial" if fold(cell) in UNFINISHED else "")
    export = _flagged(export, "Progress", lambda cell: "partial" if cell.isdigit() and int(cell) < WHOLE else "")
    return replace(export, blanks=_blanks(export))


def _flagged(export: Export, name: str, judge: Callable[[str], str]) -> Export:
    """An export whose rows are flagged by what one of Qualtrics' own columns says of them."""
    for column in export.columns:
        if column.role == "metadata" and fold(name) in map(fold, column.headings):
            flags = export.cells[column.position].astype(object).map(judge)
            for flag in FLAGS:
                export = with_flag(export, flags.index[flags == flag], flag)
    return export


def _of_status(cell: str) -> str:
    """The flag of a status, which is a word or a sum of bits."""
    if cell.isdigit():
        return next((flag for bit, flag in BITS.items() if int(cell) & bit), "")
    return next((flag for word, flag in WORDS.items() if word in fold(cell)), "")


def _blanks(export: Export) -> Mapping[str, str]:
    """What blanks mean where questions seen and left hold -99: then the others were not shown."""
    asked = [export.cells[column.position].cat.categories for column in export.columns if not column.role]
    if sum(SEEN in cells for cells in asked) >= FEWEST_SEEN:
        return {"": "not_asked", SEEN: "no_answer"}
    return blocks.blanks_of_r(export)


TOOL: Final = Tool(
    title="Qualtrics",
    priority=90,
    recognise=recognise,
    columns=columns,
    roles=ROLES,
    finish=finish,
    answered_on=(*DATES, *TEXTS[:3]),
)
