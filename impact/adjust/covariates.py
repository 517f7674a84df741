"""From what two groups answered to the columns of a model: dummies of closed answers, standardised numbers.

Nobody is dropped for a covariate that they did not answer. Those without an answer are a level of a closed question,
and of a number the mean of the others with a column that marks them: weights then balance what was answered and who
answered it (Rosenbaum & Rubin 1984, appendix B; D'Agostino & Rubin 2000). Where one of the two groups answered whole,
nothing can be balanced of who did not: they stand with the most common level, or at the mean, and are no level.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from impact.model import MISSING_CATEGORY
from impact.sample import FloatArray, IntArray

BoolArray = npt.NDArray[np.bool_]

# A level that fewer people of a pair chose, or all but fewer, tells next to nothing and can make weights run away.
RAREST: Final = 5
# A column of which this part, or less, is left beside the others says what they say.
COLLINEAR: Final = 1e-9


class Covariate(NamedTuple):
    """The answers of the whole frame to one question, one a row: numbers with NaN, or who ticked what.

    Of a closed question `numbers` is None and `marks` says of each choice, in the questionnaire's order, who gave it;
    of a number `marks` is empty. `missing` says who did not answer.
    """

    name: str
    numbers: FloatArray | None
    marks: Mapping[str, BoolArray]
    missing: BoolArray


class Term(NamedTuple):
    """One column: the covariate, its category ("" for a number), one value a person of the pair."""

    covariate: str
    category: str
    values: FloatArray


def terms(covariates: Sequence[Covariate], rows: IntArray, inside: BoolArray, weight: FloatArray) -> tuple[Term, ...]:
    """The columns of a pair's model beside its constant, for the frame's rows `rows` and their design weights.

    `inside` says which of the people are in the first of the two groups.

    Of a closed question the most common level is left out, and with it each level of fewer than RAREST people, which
    joins it. Left out as well is what does not vary, and what the columns before it already say (two questions that
    the same people skipped).
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


def categories(covariate: Covariate, rows: IntArray, unanswered: BoolArray) -> dict[str, BoolArray]:
    """Who of the frame's rows `rows` gave which answer, and who gave none; a choice of that code joins them."""
    marks = {code: mark[rows] for code, mark in covariate.marks.items()}
    marks[MISSING_CATEGORY] = marks.get(MISSING_CATEGORY, np.zeros(rows.size, dtype=bool)) | unanswered
    return marks


def _beside(values: FloatArray, basis: Sequence[FloatArray]) -> FloatArray:
    for direction in basis:
        values = values - direction * (direction @ values)
    return values


def _of(covariate: Covariate, rows: IntArray, inside: BoolArray, weight: FloatArray) -> Iterator[Term]:
    missing = covariate.missing[rows]
    level = missing & (missing[inside].any() and missing[~inside].any())
    marks = categories(covariate, rows, level)
    if covariate.numbers is not None:
        yield from _number(covariate.name, covariate.numbers[rows], ~missing, weight)
    elif np.sum(list(marks.values()), axis=0).max(initial=0) <= 1:  # one answer each: one level goes, that of most
        most = max(marks, key=lambda code: int(marks[code].sum()))
        marks = {code: mark for code, mark in marks.items() if code != most}
    yield from _dummies(covariate.name, marks)


def _dummies(name: str, marks: Mapping[str, BoolArray]) -> Iterator[Term]:
    for code, mark in marks.items():
        if min(mark.sum(), mark.size - mark.sum()) >= RAREST:
            yield Term(name, code, mark.astype(np.float64))


def _number(name: str, numbers: FloatArray, answered: BoolArray, weight: FloatArray) -> Iterator[Term]:
    if not answered.any():
        return
    w, answers = weight[answered], numbers[answered]
    mean = float(w @ answers / w.sum())
    spread = float(np.sqrt(w @ (answers - mean) ** 2 / w.sum()))
    if spread > COLLINEAR * max(1.0, abs(mean)):
        filled = np.where(answered, numbers, mean)
        yield Term(name, "", (filled - mean) / spread)
