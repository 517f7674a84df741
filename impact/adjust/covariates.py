"""From what two groups answered to the columns of a model: dummies of closed answers, standardised numbers.

Nobody is dropped for a covariate that they did not answer. Those without an answer are a level of a closed question,
and of a number the mean of the others with a column that marks them: weights then balance what was answered and who
answered it (Rosenbaum & Rubin 1984, appendix B; D'Agostino & Rubin 2000).

A level that few people of either group gave, silence too, is none of its own: nothing can be balanced of it, and what
is told of it would be told of them. They stand with the most common level, or at the mean. What is balanced and what is
shown are the same levels.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from impact.model import MISSING_CATEGORY, WITH_RARE
from impact.sample import FloatArray, IntArray

BoolArray = npt.NDArray[np.bool_]

# A level that fewer people of a group gave tells next to nothing and can make weights run away.
RAREST: Final = 5
# A level that is no level for being rare in one group alone, and this part more common in the other, sets them apart.
APART: Final = 0.1
# A column of which this part, or less, is left beside the others says what they say.
COLLINEAR: Final = 1e-9


class Covariate(NamedTuple):
    """The answers of the whole frame to one question, one a row: numbers with NaN, or who ticked what.

    Of a closed question `numbers` is None and `marks` says of each choice, in the questionnaire's order, who gave it;
    of a number `marks` is empty. `missing` says who did not answer. An answer of fewer than `rarest` people of either
    of two groups is no level.
    """

    name: str
    numbers: FloatArray | None
    marks: Mapping[str, BoolArray]
    missing: BoolArray
    rarest: int = RAREST


class Levels(NamedTuple):
    """Who of two groups gave which answer to a closed question. `base` is the level that the others are set against,
    "" where they do not exclude each other. `apart`: an answer that many of one group gave is too rare in the other."""

    base: str
    marks: Mapping[str, BoolArray]
    apart: bool


class Term(NamedTuple):
    """One column: the covariate, its category ("" for a number), one value a person of the pair."""

    covariate: str
    category: str
    values: FloatArray


def terms(covariates: Sequence[Covariate], rows: IntArray, inside: BoolArray, weight: FloatArray) -> tuple[Term, ...]:
    """The columns of a pair's model beside its constant, for the frame's rows `rows` and their design weights.

    `inside` says which of the people are in the first of the two groups.

    Of a closed question the most common level is left out. Left out as well is what does not vary, and what the columns
    before it already say (two questions that the same people skipped).
    """
    kept: list[Term] = []
    basis = [np.ones(rows.size) / np.sqrt(rows.size)]
    for term in (term for covariate in covariates for term in _of(covariate, rows, inside, weight)):
        # Twice: what rounding leaves of the first pass is not taken for something new.
        rest = _beside(_beside(term.values, basis), basis)
        size = np.linalg.norm(rest)
        if size > COLLINEAR * np.linalg.norm(term.values):
            kept.append(term)
            basis.append(rest / size)
    return tuple(kept)


def levels(covariate: Covariate, rows: IntArray, inside: BoolArray) -> Levels:
    """Who of the frame's rows `rows` gave which answer, and who gave none; a choice of that code joins them.

    What few of either group gave joins the most common answer, whose name then ends by WITH_RARE: everyone is in one
    level. Of answers that do not exclude each other, those that few gave, or that all but few gave, are no level.
    """
    everyone = _answers(covariate)
    marks = {code: mark[rows] for code, mark in everyone.items()}
    apart = any(_apart(mark, inside, covariate.rarest) for code, mark in marks.items() if code != MISSING_CATEGORY)
    told = {code: mark for code, mark in marks.items() if min(_sizes(mark, inside)) >= covariate.rarest}
    if covariate.numbers is not None or (np.sum(list(everyone.values()), axis=0) != 1).any():
        kept = {code: mark for code, mark in told.items() if min(_sizes(~mark, inside)) >= covariate.rarest}
        return Levels("", kept, apart)
    # The most common of the whole frame: were it of the pair, two pairs of one group would tell what joined each base.
    given = told or {code: mark for code, mark in marks.items() if mark.any()}
    base = max(given, key=lambda code: int(everyone[code].sum()))
    rest = ~np.any([np.zeros_like(inside), *(mark for code, mark in told.items() if code != base)], axis=0)
    name = base if (marks[base] == rest).all() else base + WITH_RARE
    order = [code for code in marks if code in told or code == base]
    return Levels(name, dict((name, rest) if code == base else (code, marks[code]) for code in order), apart)


def _answers(covariate: Covariate) -> dict[str, BoolArray]:
    """Who of the whole frame gave which answer, or none."""
    marks = dict(covariate.marks)
    marks[MISSING_CATEGORY] = marks.get(MISSING_CATEGORY, np.zeros_like(covariate.missing)) | covariate.missing
    return marks


def _sizes(mark: BoolArray, inside: BoolArray) -> tuple[int, int]:
    return int((mark & inside).sum()), int((mark & ~inside).sum())


def _apart(mark: BoolArray, inside: BoolArray, rarest: int) -> bool:
    """Whether an answer is rare in one group alone and far more common in the other."""
    first, second = _sizes(mark, inside)
    whole, other = _sizes(np.ones_like(inside), inside)
    gap = abs(first * other - second * whole)
    return min(first, second) < rarest <= max(first, second) and gap > APART * whole * other


def _beside(values: FloatArray, basis: Sequence[FloatArray]) -> FloatArray:
    for direction in basis:
        values = values - direction * (direction @ values)
    return values


def _of(covariate: Covariate, rows: IntArray, inside: BoolArray, weight: FloatArray) -> Iterator[Term]:
    if covariate.numbers is not None:
        yield from _number(covariate.name, covariate.numbers[rows], ~covariate.missing[rows], weight)
    base, marks, _ = levels(covariate, rows, inside)
    for code, mark in marks.items():
        if code != base:
            yield Term(covariate.name, code, mark.astype(np.float64))


def _number(name: str, numbers: FloatArray, answered: BoolArray, weight: FloatArray) -> Iterator[Term]:
    if not answered.any():
        return
    w, answers = weight[answered], numbers[answered]
    mean = float(w @ answers / w.sum())
    spread = float(np.sqrt(w @ (answers - mean) ** 2 / w.sum()))
    if spread > COLLINEAR * max(1.0, abs(mean)):
        filled = np.where(answered, numbers, mean)
        yield Term(name, "", (filled - mean) / spread)
