"""All answers to a closed question as one set: how far off all of them may be at once, and whether two arms differ.

An arm is one `Sample` an answer, all on the same base. A test joins by being a function here and a name in JOINT.
"""

from collections.abc import Callable, Sequence
from typing import Final, Literal, NamedTuple

import numpy as np
from scipy import special

from impact.association import answers, rao_scott_f, several_f
from impact.sample import FloatArray, Sample
from impact.significance import choose, p_value

# Cochran (1954): a chi-square is trusted where every cell would hold one answer, and four in five of them five.
FEWEST, FEW, MOST_FEW = 1, 5, 0.2
# Tables drawn at random where it is not: p is then known to half a point at 5 %.
DRAWN: Final = 9_999
SEED: Final = 1965
# Above this many different combinations of answers there are people enough for the chi-square of several answers.
MOST_PATTERNS: Final = 1_000
# Up to so many people a combination, drawing people is faster than drawing how many gave each combination.
FEW_PEOPLE: Final = 15
# A statistic of a drawn table is as large as the one seen but for rounding.
ROUNDING: Final = 1e-9


class Joint(NamedTuple):
    """The test of a whole set between two arms: its name and p."""

    test: str
    p: float


def at_once(kind: str, size: int) -> int:
    """How many answers of a set are told apart at once. Of two that exclude each other each tells the other."""
    return 1 if kind == "single" and size == 2 else size


def level_of_each(level: float, together: int) -> float:
    """The level of each of several intervals for all to hold at once at `level`, whatever ties them: Bonferroni.

    With Wilson's limits and one answer a person these are the simultaneous intervals of Goodman (1965).
    """
    return 1 - (1 - level) / max(together, 1)


def one_answer(a: Sequence[Sample], b: Sequence[Sample]) -> Joint:
    """Whether two arms chose alike, one answer a person.

    Drawn one by one: Pearson's chi-square, or the same by tables drawn at random with both margins where cells are
    small (Hope 1968; seeded, so that p is the same each time). Under a design: Rao & Scott's correction, second order.
    """
    if not (a[0].plain and b[0].plain):
        found = _known(a, b) and rao_scott_f(answers(a), answers(b))
        return Joint("rao_scott", found.p if found else _smallest(a, b))
    rows_a, rows_b = _chosen(a, b)
    expected = np.outer([len(rows_a), len(rows_b)], _pooled(rows_a, rows_b))
    if expected.size < 4:
        return Joint("pearson", 1.0)
    if expected.min() >= FEWEST and (expected < FEW).mean() <= MOST_FEW:
        seen = np.array([rows_a.sum(axis=0), rows_b.sum(axis=0)])
        chi_square = float(((seen - expected) ** 2 / expected).sum())
        return Joint("pearson", float(special.chdtrc(expected.shape[1] - 1, chi_square)))
    return Joint("permutation", _permuted(rows_a, rows_b, 1 / _pooled(rows_a, rows_b)))


def several_answers(a: Sequence[Sample], b: Sequence[Sample]) -> Joint:
    """Whether two arms chose alike, several answers a person: the chi-squares of each answer added up, referred to what
    the ties between the answers, and the design, make of their sum (Decady & Thomas 2000; Thomas & Decady 2004).

    Where a cell is small and people were drawn one by one, the same sum with people shared out between the arms at
    random, their answers kept together (Bilder & Loughin 2004; seeded).
    """
    if a[0].plain and b[0].plain:
        rows_a, rows_b = _chosen(a, b)
        share = _pooled(rows_a, rows_b)
        if not share.size:
            return Joint("rao_scott_sum", 1.0)
        least = min(len(rows_a), len(rows_b)) * np.minimum(share, 1 - share).min()
        if least < FEW and len(np.unique(np.vstack([rows_a, rows_b]), axis=0)) <= MOST_PATTERNS:
            return Joint("permutation", _permuted(rows_a, rows_b, 1 / (share * (1 - share))))
    found = _known(a, b) and several_f(answers(a, whole=False), answers(b, whole=False))
    return Joint("rao_scott_sum", found.p if found else _smallest(a, b))


Test = Callable[[Sequence[Sample], Sequence[Sample]], Joint]
JOINT: Final[dict[str, Test]] = {"single": one_answer, "multiple": several_answers}


def _known(a: Sequence[Sample], b: Sequence[Sample]) -> bool:
    """Whether both arms tell an error: more than one primary unit each."""
    return min(a[0].df, b[0].df) > 0


def _smallest(a: Sequence[Sample], b: Sequence[Sample]) -> float:
    """The smallest p of an answer, times their number: where the set as a whole shows no error of its own."""
    found = [p_value(choose(one, other), one, other) for one, other in zip(a, b, strict=True)]
    return min(1.0, min(found) * len(found))


def _chosen(a: Sequence[Sample], b: Sequence[Sample]) -> tuple[FloatArray, FloatArray]:
    """One row a person, one column an answer that somebody chose and somebody did not."""
    rows = [np.column_stack([answer.y for answer in arm]) for arm in (a, b)]
    varies = np.ptp(np.vstack(rows), axis=0) > 0
    return rows[0][:, varies], rows[1][:, varies]


def _pooled(a: FloatArray, b: FloatArray) -> FloatArray:
    """The share of each answer in both arms together."""
    return np.asarray((a.sum(axis=0) + b.sum(axis=0)) / (len(a) + len(b)), dtype=np.float64)


def _permuted(a: FloatArray, b: FloatArray, weight: FloatArray) -> float:
    """The chance, were people shared out between the arms at random, of shares as far apart as those seen.

    The table seen is one of those drawn, so that p is never 0 and never too small (Phipson & Smyth 2010).
    """
    patterns, place = np.unique(np.vstack([a, b]), axis=0, return_inverse=True)
    counts = [np.bincount(rows, minlength=len(patterns)) for rows in np.split(place.ravel(), [len(a)])]
    first, second = sorted(counts, key=lambda arm: (int(arm.sum()), arm.tolist()))  # whichever arm is named first
    whole, size, rest = first + second, int(first.sum()), int(second.sum())

    def apart(drawn: FloatArray) -> FloatArray:
        gap = drawn @ patterns / size - (whole - drawn) @ patterns / rest
        return np.asarray(gap**2 @ weight, dtype=np.float64)

    how: Literal["count", "marginals"] = "count" if size + rest < FEW_PEOPLE * len(patterns) else "marginals"  # faster
    tables = np.random.default_rng(SEED).multivariate_hypergeometric(whole, size, DRAWN, method=how)
    as_far = apart(tables.astype(np.float64)) >= apart(first.astype(np.float64)) * (1 - ROUNDING)
    return float(1 + np.count_nonzero(as_far)) / (1 + DRAWN)
