"""Ordered answers of two arms set against each other one by one: which stands above, how surely, and what p says of it.

Only the order of the answers counts, never the numbers that stand for them. Ties count for half.
"""

import math
from typing import Final, NamedTuple

import numpy as np
from scipy import special

from impact.sample import FloatArray, Sample

# A variance of places, which lie in [0, 1], below this is what rounding leaves of none.
ROUNDING: Final = 1e-24


class Places(NamedTuple):
    """How the answers of one arm stand among those of the other: one value for each different answer of the arm."""

    part: FloatArray  # of the arm, who gave it
    below: FloatArray  # of the other arm, who gave a lower one, and half of those who gave the same
    own: FloatArray  # the same within the arm itself

    @property
    def mean(self) -> float:
        """The chance that an answer of this arm is above one of the other, plus half that of a tie."""
        return float(self.part @ self.below)

    @property
    def variance(self) -> float:
        """How unlike the arm's places are."""
        return float(self.part @ (self.below - self.mean) ** 2)


class Superiority(NamedTuple):
    """The chance of standing above, its standard error and the degrees of freedom of that error.

    `known` is False where the answers tell no error: then `std_error` is 0, or infinite where an arm is too small.
    """

    chance: float
    std_error: float
    df: float

    @property
    def known(self) -> bool:
        """Whether there is an error to build limits and a test on."""
        return 0 < self.std_error < math.inf


def places(a: Sample, b: Sample) -> tuple[Places, Places]:
    """How the answers of each of two arms stand among the other's."""
    (of_a, _), (of_b, _) = a.ranked, b.ranked
    part_a, part_b = _parts(a), _parts(b)
    return (
        Places(part_a, _below(of_a, of_b, part_b), np.cumsum(part_a) - part_a / 2),
        Places(part_b, _below(of_b, of_a, part_a), np.cumsum(part_b) - part_b / 2),
    )


def superiority(a: Sample, b: Sample) -> Superiority:
    """The chance that an answer of arm a is above one of arm b, plus half that of a tie.

    Two plain arms: the variance and the degrees of freedom of Brunner & Munzel (2000). Under a design: the places are
    scores, linearised over the primary units. Infinite error where an arm of one answer or one unit cannot tell it.
    """
    one, other = places(a, b)
    if a.plain and b.plain:
        return _drawn_one_by_one(a, b, one, other)
    df = a.design.df_of(a.held, b.held)
    if math.isinf(a.std_error) or math.isinf(b.std_error) or df < 1:
        return Superiority(one.mean, math.inf, df)
    moves = _influence(a, one.below - one.mean) - _influence(b, other.below - other.mean)
    return Superiority(one.mean, _error(float(moves @ moves)), df)


def rank_difference(a: Sample, b: Sample) -> Superiority:
    """The same chance with the error that it has where the arms do not differ: of ranks in both arms together.

    The ranks of all answers, over their number, are compared as means of the two arms; their difference is the chance
    less one half (Lumley & Scott 2013, R survey's svyranktest; tied answers share the mean of their weighted ranks).
    The degrees of freedom are those of the primary units that hold either arm less their strata, less 1.
    """
    one, other = places(a, b)
    df = a.design.df_of(a.held, b.held) - 1
    if math.isinf(a.std_error) or math.isinf(b.std_error) or df < 1:
        return Superiority(one.mean, math.inf, df)
    of_a = a.weight / (a.weight + b.weight)
    ranks = of_a * one.own + (1 - of_a) * one.below, (1 - of_a) * other.own + of_a * other.below
    moves = _influence(a, ranks[0] - one.part @ ranks[0]) - _influence(b, ranks[1] - other.part @ ranks[1])
    return Superiority(one.mean, _error(float(moves @ moves)), df)


def _drawn_one_by_one(a: Sample, b: Sample, one: Places, other: Places) -> Superiority:
    if min(a.n, b.n) < 2:
        return Superiority(one.mean, math.inf, 0)
    of_a, of_b = one.variance / (a.n - 1), other.variance / (b.n - 1)
    error = _error(of_a + of_b)
    if not error:
        return Superiority(one.mean, 0.0, 0)
    return Superiority(one.mean, error, (of_a + of_b) ** 2 / (of_a**2 / (a.n - 1) + of_b**2 / (b.n - 1)))


def _parts(sample: Sample) -> FloatArray:
    """The part of a sample that gave each of its different answers."""
    different, place = sample.ranked
    totals = np.bincount(place, sample.w, minlength=different.size)
    return np.asarray(totals / totals.sum(), dtype=np.float64)


def _below(answers: FloatArray, others: FloatArray, part: FloatArray) -> FloatArray:
    """The part of the others below each answer, and half of those level with it."""
    reached = np.concatenate([[0.0], np.cumsum(part)])
    lower, upto = (reached[np.searchsorted(others, answers, side)] for side in ("left", "right"))
    return np.asarray((lower + upto) / 2, dtype=np.float64)


def _influence(sample: Sample, score: FloatArray) -> FloatArray:
    """One value a primary unit, from one score for each different answer."""
    _, place = sample.ranked
    return sample.design.influence(sample.rows, sample.w * score[place] / sample.w.sum())


def _error(variance: float) -> float:
    return math.sqrt(variance) if variance > ROUNDING else 0.0


def score_limits(chance: float, sizes: tuple[float, float], quantile: float) -> tuple[float, float]:
    """The limits of a chance of standing above where no error can be told from the answers: 0, 1, or all alike.

    All chances that this one does not contradict, given the error that they would have in arms of these sizes
    (Newcombe 2006, part 2, method 5). Never empty; (0, 1) for an infinite quantile.
    """
    return _lower(chance, sizes, quantile), 1 - _lower(1 - chance, sizes, quantile)


def _lower(chance: float, sizes: tuple[float, float], quantile: float) -> float:
    """The smallest chance that is not contradicted, by halving: what is below is, what is above is not."""
    away, near = 0.0, chance
    if not math.isfinite(quantile):
        return 0.0
    while away < (middle := (away + near) / 2) < near:
        contradicted = (chance - middle) ** 2 > quantile**2 * _variance(middle, sizes)
        away, near = (middle, near) if contradicted else (away, middle)
    return near if away else 0.0


def _variance(chance: float, sizes: tuple[float, float]) -> float:
    """The variance of the chance seen in arms of these sizes, were it this one (Newcombe 2006, part 2)."""
    others = max(sum(sizes) / 2 - 1, 0.0)
    spread = 1 + others * ((1 - chance) / (2 - chance) + chance / (1 + chance))
    return chance * (1 - chance) * spread / (sizes[0] * sizes[1])


def student(df: float, level: float) -> float:
    """Student's two-sided quantile; infinite where there is no degree of freedom."""
    return float(special.stdtrit(df, (1 + level) / 2)) if df > 0 else math.inf
