"""What tools have in common that spread one question over several columns and say its text above each."""

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import takewhile
from typing import Final

import numpy as np
import numpy.typing as npt

from impact.loaders._sheet import Sheet
from impact.matching import fold
from impact.model import NOTHING, Export

TAG: Final = re.compile(r"</?[a-z!][^<>]*>", re.IGNORECASE)
JOINT: Final = " - "  # between a question and its item
FEWEST_RANKED: Final = 5  # rows in which every option has a rank of its own: five rows of a grid are never so by chance
FEWEST_OF_R: Final = 2  # columns that hold NA: in one alone it may be an answer
NOTHING_SAID: Final = frozenset(("", "na", "not selected", "-99"))  # folded; what fills the blanks of re-saved files


def plain(text: str) -> str:
    """A text without the markup and the line breaks that the form's author gave it."""
    return " ".join(html.unescape(TAG.sub(" ", text)).split())


def named(texts: Iterable[str]) -> tuple[str, ...]:
    """The different texts that name a column, each followed by its plain form where that reads otherwise."""
    found: dict[str, str] = {}
    for text in filter(str.strip, texts):
        for form in (text, plain(text)):
            found.setdefault(fold(form), form)
    return tuple(filter(str.strip, found.values())) or ("",)


def shared_question(texts: Sequence[str]) -> str:
    """The question that texts of several columns begin with ("Question - item"), "" where they share none."""
    if len(texts) < 2:
        return ""
    first, last = min(texts), max(texts)  # what these two begin with, all others do
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False))
    prefix = "".join(sign for sign, _ in alike)
    return prefix[: max(prefix.rfind(JOINT), 0)]


def said(sheet: Sheet, column: int, start: int) -> tuple[str, ...]:
    """The different answers of a column, without what only fills its blanks."""
    return tuple(cell for cell in sheet.distinct(column, start) if fold(cell) not in NOTHING_SAID)


def are_ranks(sheet: Sheet, columns: Sequence[int], start: int) -> bool:
    """Whether each column of a block holds the rank of its option: 1 to as many as there are, each once in a row."""
    ranks = {str(rank): rank for rank in range(1, len(columns) + 1)}
    if len(columns) < 3 or any(cell.strip() not in ranks for one in columns for cell in said(sheet, one, start)):
        return False
    values = np.column_stack([_numbers(sheet, one, start, ranks) for one in columns])
    whole = values[(values > 0).all(axis=1)]
    return len(whole) >= FEWEST_RANKED and bool((np.sort(whole, axis=1) == list(ranks.values())).all())


def _numbers(sheet: Sheet, column: int, start: int, ranks: Mapping[str, int]) -> npt.NDArray[np.intp]:
    cells = sheet.frame[column].array[start:]
    known = np.array([ranks.get(text.strip(), 0) for text in cells.categories], dtype=np.intp)
    return known[np.asarray(cells.codes, dtype=np.intp)]


def blanks_of_r(export: Export) -> Mapping[str, str]:
    """What stands for no answer: NA, where R saved the file again and so left no cell blank."""
    cells = [export.cells[column.position].cat.categories for column in export.columns]
    if sum("NA" in texts for texts in cells) < FEWEST_OF_R or any("" in texts for texts in cells):
        return NOTHING
    return {"NA": "no_answer"}
