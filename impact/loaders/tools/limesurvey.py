"""LimeSurvey 3 to 6: CSV, XLSX and .vv, in every style of headings, with codes or full answers."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby, takewhile
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from impact.loaders._limesurvey import (
    COMMENT,
    DATED,
    EVERYDAY,
    FILE_COUNT,
    NOT_SHOWN,
    OTHER_CHOSEN,
    OWN,
    RANK,
    ROLES,
    UNDATED,
    Part,
    bracketed,
    of_labelled,
    own,
    underscored,
    with_own,
)
from impact.loaders._sheet import Book, Row, Sheet
from impact.loaders.tools import Found, Tool
from impact.matching import fold
from impact.model import NOTHING, Column, Export

DEEPEST: Final = 5  # rows in which the headings are looked for: a re-saved file may have a title above
CODE: Final = re.compile(r"[A-Za-z]\w*(\[\w*\]){0,2}")
BOXED: Final = re.compile(r"[A-Za-z]\w*\[\w+\](\[\w+\])?")
CODE_AND_TEXT: Final = re.compile(r"([A-Za-z]\w*(?:\[\w*\]){0,2})(\. |\._\.)(.*)", re.DOTALL)
NUMBERED: Final = re.compile(r"\d+X\d+X\d+(\w*)")  # the codes of an older .vv: survey, group, question, sub-question
MOSTLY: Final = 0.7  # of the headings
FEWEST: Final = 3  # headings in brackets by which codes alone are known as LimeSurvey's
# What no other tool calls its columns; "Date submitted" and "IP address" stand in Alchemer's files too.
SURE_CODES: Final = frozenset(("submitdate", "lastpage", "startlanguage", "datestamp"))
NOT_SURE: Final = frozenset(
    ("date submitted", "ip address", "email address", "first name", "last name", "prenom", "nom de famille", "token")
)
ABSENT: Final = "N/A"  # what full answers hold where a box was not on the screen, up to version 5
BOX: Final = frozenset(("", "n/a", "oui", "non", "yes", "no", "ja", "nein"))  # folded
ESCAPES: Final = {"{newline}": "\n", "{cr}": "\r", "{tab}": "\t", "{quote}": '"', "{lbrace}": "{"}
ESCAPED: Final = re.compile("|".join(map(re.escape, ESCAPES)))


class Style(NamedTuple):
    """How the headings of a file name the columns: by codes, by texts, or by a code and a text with a sign between."""

    codes: bool
    texts: bool
    separator: str = ""


class Cut(NamedTuple):
    """What one heading says: its own column's code, else the question and the item, by code and by text."""

    own: str
    code: Part
    text: Part


# Recognising


def recognise(book: Book) -> Found | None:
    """LimeSurvey's own columns in the first rows of a sheet, or headings that only it writes."""
    for sheet in book.sheets:
        for place, row in enumerate(sheet.top[:DEEPEST]):
            signs = _signs(row)
            if signs:
                return Found(sheet, _header(sheet, place), tuple(f"« {sign} »" for sign in signs))
    return None


def _header(sheet: Sheet, place: int) -> tuple[int, ...]:
    """One row of headings, or the two of a .vv: texts above codes."""
    below = sheet.top[place + 1] if place + 1 < len(sheet.top) else ()
    coded = [cell for cell in below if CODE.fullmatch(cell) or NUMBERED.fullmatch(cell)]
    is_vv = below and below[0] == "id" and len(SURE_CODES.intersection(below)) > 1 and len(coded) == _filled(below)
    return (place, place + 1) if is_vv else (place,)


def _filled(row: Row) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _signs(row: Row) -> list[str]:
    """What a row holds of LimeSurvey's own headings, [] where that does not tell it from other tools."""
    cells = [cell.strip() for cell in row if cell.strip()]
    if not cells:
        return []
    lead = list(takewhile(own, cells))  # an everyday word tells nothing behind the first question
    named = [cell for cell in cells if own(cell) and (cell in lead or fold(cell) not in EVERYDAY)]
    first = own(cells[0]) == "id"
    if first and cells[0].casefold() == "id":
        named = [cell for cell in named if cell in OWN]
        return named if SURE_CODES.intersection(named) else []
    if first and any(cell not in OWN and fold(cell.replace("_", " ")) not in NOT_SURE for cell in named[1:]):
        return named
    if first and len(named) > 1 and any(cell.endswith("]") for cell in cells):
        return named
    return _signs_of_codes(cells)


def _signs_of_codes(cells: Sequence[str]) -> list[str]:
    """A file that lost LimeSurvey's own columns is known by its codes in brackets, with or without texts."""
    paired = [cell for cell in cells if _own_pair(cell)]
    if len(paired) > 1:
        return paired
    found = [cell for cell in cells if CODE_AND_TEXT.match(cell)]
    boxed = [cell for cell in found if "[" in CODE_AND_TEXT.match(cell)[1] or "._." in cell]  # type: ignore[index]
    if boxed and len(found) > max(MOSTLY * len(cells), FEWEST):
        return boxed[:FEWEST]
    boxed = [cell for cell in cells if BOXED.fullmatch(cell)]
    return boxed[:FEWEST] if len(boxed) >= FEWEST and all(map(CODE.fullmatch, cells)) else []


def _own_pair(heading: str) -> tuple[str, str] | None:
    """The code and the sign between of "id. Response ID", None for what is no column of LimeSurvey's own."""
    for code, texts in OWN.items():
        for text in texts if heading.startswith(code) else ():
            sign = heading[len(code) : -len(text)]
            if sign and own(heading[len(heading) - len(text) :]) == code:
                return code, sign
    return None


# Columns


def columns(found: Found, book: Book) -> tuple[Column, ...]:
    """Every column under all its names; those of one question have its text, or its code, as their block."""
    rows = found.rows
    cuts = _cuts_of_vv(rows) if len(rows) > 1 else _cuts(rows[0])
    named = [
        _column(place, names, cut) for place, (names, cut) in enumerate(zip(zip(*rows, strict=True), cuts, strict=True))
    ]
    return tuple(_ranked(found, _blocks(with_own(named, [cut.own for cut in cuts]), cuts)))


def _cuts(headings: Row) -> list[Cut]:
    style = _style(headings)
    if not style.codes:
        return [Cut(own(text), Part("", ""), bracketed(text)) for text in headings]
    pairs = [_split(heading, style) for heading in headings]
    codes = _coded([code for code, _ in pairs])
    if not style.texts:
        return [Cut(own(code), part, Part("", "")) for (code, _), part in zip(pairs, codes, strict=True)]
    return [
        Cut(own(code), part if "[" in code or text.rstrip().endswith("]") else Part(code, ""), bracketed(text))
        for (code, text), part in zip(pairs, codes, strict=True)
    ]


def _style(headings: Row) -> Style:
    pairs = [pair for heading in headings if (pair := _own_pair(heading))]
    if pairs:
        return Style(codes=True, texts=True, separator=pairs[0][1])
    filled = [heading for heading in headings if heading.strip()]
    if all(map(CODE.fullmatch, filled)):
        return Style(codes=True, texts=False)
    matched = [found for heading in filled if (found := CODE_AND_TEXT.match(heading))]
    both = len(matched) > MOSTLY * len(filled)
    return Style(codes=both, texts=True, separator=matched[0][2] if both else "")


def _split(heading: str, style: Style) -> tuple[str, str]:
    """The code and the text of a heading."""
    code, _, text = heading.partition(style.separator) if style.separator else (heading, "", "")
    return (code, text) if CODE.fullmatch(code) else ("", heading)


def _coded(codes: Sequence[str]) -> list[Part]:
    """Codes cut in two: by brackets, or by underscores where the file has no bracket."""
    if any("[" in code for code in codes):
        return [bracketed(code) for code in codes]
    return [Part(code, "") if own(code) else part for code, part in zip(codes, underscored(codes), strict=True)]


def _cuts_of_vv(rows: Sequence[Row]) -> list[Cut]:
    """Codes below texts that say the sub-question in round brackets, behind a dash, on a second line, or not at all."""
    texts, codes = rows[0], rows[-1]
    if any(map(NUMBERED.fullmatch, codes)):
        found = [NUMBERED.fullmatch(code) for code in codes]
        parts = [Part(text, one[1] if one else "") for text, one in zip(texts, found, strict=True)]
        return [Cut(own(code), Part("", ""), part) for code, part in zip(codes, parts, strict=True)]
    return [
        Cut(own(code), part, _worded(text) if part.item else Part("", ""))
        for text, code, part in zip(texts, codes, _coded(codes), strict=True)
    ]


def _worded(text: str) -> Part:
    """The text of a sub-question behind that of its question, in one of the three ways that a .vv has."""
    if text.rstrip().endswith(")"):
        return bracketed(text, "(", ")")
    sign = next((sign for sign in ("\n", " - ") if sign in text.strip()), "")
    question, _, item = text.rpartition(sign) if sign else (text, "", "")
    return Part(question.strip(), item.strip()) if sign else Part("", "")


def _column(place: int, names: Row, cut: Cut) -> Column:
    """A column under its names: what the file shows, then the code in both of its ways, then the text."""
    code, text = cut.code, cut.text
    others = []
    if code.item:
        others += [f"{code.question}[{code.item}]", f"{code.question}_{code.item}"]
    elif code.question:
        others.append(code.question)
    if text.question.strip():
        others.append(f"{text.question} [{text.item}]" if text.item else text.question)
    others += [name.replace("_", " ") for name in names if "_" in name and " " not in name and not code.question]
    headings = dict.fromkeys(filter(str.strip, (*names, *others)))
    return Column(place, tuple(headings) or ("",))


def _blocks(named: Sequence[Column], cuts: Sequence[Cut]) -> Iterator[Column]:
    """Columns with their block and item; two questions of one text are two blocks, the second named "… (2)"."""
    runs: Counter[str] = Counter()
    last = Part("", "")
    for column, cut in zip(_inside(named, cuts), cuts, strict=True):
        if not column.block:
            last = last if column.item else Part("", "")  # a comment between two boxes parts nothing
            yield column
            continue
        runs[column.block] += last != (column.block, cut.code.question)
        last = Part(column.block, cut.code.question)
        copy = runs[column.block]
        yield column if copy == 1 else replace(column, block=f"{column.block} ({copy})")


def _inside(named: Sequence[Column], cuts: Sequence[Cut]) -> Iterator[Column]:
    """Columns with the text or the code of their question as their block; a comment has an item and no block.

    A text that ends in a bracket is cut only beside another of its question.
    """
    parts = [cut.text if cut.text.question.strip() else cut.code for cut in cuts]
    for place, (column, cut, part) in enumerate(zip(named, cuts, parts, strict=True)):
        beside = {parts[other].question for other in (place - 1, place + 1) if 0 <= other < len(parts)}
        item = part.item or cut.code.item
        if column.role or not item or not (cut.code.item or part.question in beside):
            yield column
        elif fold(cut.code.item or item) in FILE_COUNT:
            yield replace(column, role="metadata")
        else:
            comment = COMMENT.fullmatch(fold(cut.code.item or item))
            yield replace(column, block="" if comment else part.question, item=item)


# Rankings: the k-th column of a block holds the option ranked k.


def _ranked(found: Found, named: Iterator[Column]) -> Iterator[Column]:
    for _, run in groupby(named, key=lambda column: column.block):
        columns = list(run)
        rank = bool(columns[0].block) and _is_ranking(found, columns)
        yield from (replace(column, layout="rank") if rank else column for column in columns)


def _is_ranking(found: Found, columns: Sequence[Column]) -> bool:
    items = [fold(column.item) for column in columns]
    if all(RANK.fullmatch(item) for item in items):
        return True
    numbered = len(items) > 1 and items == [str(number) for number in range(1, len(items) + 1)]
    return numbered and "[" not in columns[0].block and _ranks(found, [column.position for column in columns])


def _ranks(found: Found, positions: Sequence[int]) -> bool:
    """Whether the rows of numbered columns are rankings: filled from the left, nothing twice, letters among them."""
    cells = np.array([found.sheet.frame[place].astype(object)[found.start :] for place in positions])
    given = cells != ""
    count = given.sum(axis=0)
    packed = given == (np.arange(len(positions))[:, None] < count)
    if (count > 1).sum() < FEWEST or not packed.all():
        return False
    texts = set(cells[given])
    twice = any(len(set(row[:held])) < held for row, held in zip(cells.T, count, strict=True))
    return not twice and len(texts) <= len(positions) and not all(text.isdigit() for text in texts)


# What the rows tell


def finish(export: Export) -> Export:
    """Answers that were not finished, what stands for a box not shown, and the date of each answer."""
    if len(export.header) > 1:
        export = _unescaped(export)
    if not export.header:  # a file that carries its own labels
        export = replace(export, columns=tuple(of_labelled(export.columns)))
    submitted = next((column.position for column in export.columns if _is(column, "submitdate")), None)
    flags: dict[int, str] = {}
    if submitted is not None:
        blank = export.cells[submitted].astype(object).map(lambda cell: not cell.strip() or cell == NOT_SHOWN)
        flags = {} if blank.all() else dict.fromkeys(map(int, blank.index[blank]), "partial")
    return replace(
        export,
        columns=tuple(_labelled(column, export) for column in export.columns),
        flags={**export.flags, **flags},
        blanks={**export.blanks, **_blanks(export)},
        answered_on=_dated(export),
    )


def _is(column: Column, code: str) -> bool:
    return any(own(heading) == code for heading in column.headings)


def _dated(export: Export) -> int | None:
    """The column that dates the answers: not one that is blank all along, nor one that an anonymous survey fills."""
    wanted = dict.fromkeys(own(name) for name in DATED)
    for code in wanted:
        for column in export.columns:
            if column.role == "metadata" and _is(column, code) and _tells_time(export, column):
                return column.position
    return None


def _tells_time(export: Export, column: Column) -> bool:
    texts = export.cells[column.position].cat.categories
    return any(text.strip() and text != NOT_SHOWN and not text.startswith(UNDATED) for text in texts)


def _blanks(export: Export) -> Mapping[str, str]:
    """What stands for a question not shown. N/A says so only in columns of boxes, where nobody can have typed it."""
    held = [export.cells[column.position].cat.categories for column in export.columns]
    if any(NOT_SHOWN in texts for texts in held):
        return {NOT_SHOWN: "not_asked"}
    boxes = any({*map(fold, texts)} <= BOX and ABSENT in texts for texts in held if 1 < len(texts) <= len(BOX))
    return {ABSENT: "not_asked"} if boxes else NOTHING


def _labelled(column: Column, export: Export) -> Column:
    """A list with a free answer: the code that stands for it is labelled as the word that LimeSurvey shows."""
    if OTHER_CHOSEN in column.labels or OTHER_CHOSEN not in export.cells[column.position].cat.categories:
        return column
    return replace(column, labels={**column.labels, OTHER_CHOSEN: "Autre"})


def _unescaped(export: Export) -> Export:
    """The cells of a .vv as they were typed: it writes line breaks, tabs, quotes and braces as words."""
    cells = {}
    for position in export.cells:
        column = export.cells[position].astype(object)
        kept = {text: _typed(text) for text in column.unique() if "{" in text}
        cells[position] = column.replace(kept).astype("category") if kept else export.cells[position]
    return replace(export, cells=pd.DataFrame(cells, export.cells.index))


def _typed(text: str) -> str:
    return text if text == NOT_SHOWN else ESCAPED.sub(lambda found: ESCAPES[found[0]], text)


TOOL: Final = Tool(
    title="LimeSurvey",
    priority=40,
    recognise=recognise,
    columns=columns,
    roles=ROLES,
    finish=finish,
    answered_on=DATED,
)
