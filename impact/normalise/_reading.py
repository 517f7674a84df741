"""What reading the columns of one question gives, whatever its kind."""

import re
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from impact.model import Column, Values

_LONGEST_SHOWN = 40
_PERSONAL = re.compile(r"@|\d[\d .-]{5,}\d")  # an address or a number that may lead to someone
_MOST_WORDS = 5


class Problem(NamedTuple):
    """A cell, row or column that was not understood, and what was done about it: keys of texts, section `problem`."""

    row: int | None  # as the file counts, None for a whole column
    column: Column | None
    value: str
    problem: str
    done: str


class Reading(NamedTuple):
    """The answers to one question of one source, one value a row, and why the others are missing.

    `answers` maps the question's id, or "question/choice" for a multiple choice, to its values; `reasons` holds ""
    where the question is answered. A problem never loses a value: its row, column and value are in `problems`.
    """

    answers: dict[str, Values]
    reasons: Values
    problems: list[Problem]


def distinct(cells: Values) -> tuple[npt.NDArray[np.intp], list[str]]:
    """The different texts of some cells and, for each cell, the place of its own: the work is that of the texts."""
    if not isinstance(cells.dtype, pd.CategoricalDtype):
        places, texts = pd.factorize(cells)
        return places, [str(text) for text in texts]
    codes, known = cells.cat.codes.to_numpy(), cells.cat.categories
    used = np.bincount(codes, minlength=len(known)) > 0
    return (np.cumsum(used) - 1)[codes], known[used].tolist()


def cell_problems(cells: Values, column: Column, value: str, problem: str, done: str) -> list[Problem]:
    """One line a cell that holds this value, which is not shown where the column may lead to someone."""
    shown = "" if column.personal else showable(value)
    return [Problem(int(row), column, shown, problem, done) for row in cells.index[cells == value]]


def impersonal(heading: str) -> str:
    """A heading as a message may show it: a file without headings has a respondent's answers in their place."""
    return "…" if _PERSONAL.search(heading) else heading


def showable(value: str) -> str:
    """A value as a message may show it: what looks like free text or a way to reach someone is withheld.

    So is a whole date, which may be that of a birth.
    """
    if len(value) > _LONGEST_SHOWN or len(value.split()) > _MOST_WORDS or _PERSONAL.search(value):
        return ""
    return value
