"""How alike two groups are in their covariates, before and after weights, and how much the weights leave of them."""

import math
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np

from impact.adjust.covariates import BoolArray, Covariate, levels
from impact.adjust.weighting import Pair
from impact.sample import FloatArray

# The quantiles of the propensity that tell where the two groups overlap.
QUANTILES: Final = (0.1, 0.25, 0.5, 0.75, 0.9)
# A difference of this part of the spread, or less, is what rounding and the tightness of a fit leave of none.
ROUNDING: Final = 1e-9


class Balance(NamedTuple):
    """One category of a covariate, or a number, in the two groups. `ratio` is NaN for a category.

    `n` counts the people whom the means are over: all of the group for a category, those who answered for a number.
    """

    covariate: str
    category: str
    n: tuple[int, int]
    means: tuple[float, float]
    difference: float
    ratio: float


def balance(covariates: Sequence[Covariate], pair: Pair, weights: FloatArray) -> Iterator[Balance]:
    """Each level of a closed question, each number, under `weights` (one a person of the pair).

    The standardised difference is the difference of the weighted means over the root of the mean of the two groups'
    variances before any adjustment, whatever the adjustment, so that all of them can be set side by side (Austin &
    Stuart 2015); infinite where neither group varies and they differ. The variance ratio is the first group's over the
    second's, under the weights.
    """
    for covariate in covariates:
        missing = covariate.missing[pair.rows]
        if covariate.numbers is not None and not missing.all():
            yield _line(covariate.name, "", covariate.numbers[pair.rows], ~missing, (pair, weights))
        for code, mark in levels(covariate, pair.rows, pair.inside).marks.items():
            everyone = np.ones(mark.size, dtype=bool)
            yield _line(covariate.name, code, mark.astype(np.float64), everyone, (pair, weights))


def effective(pair: Pair, weights: FloatArray) -> tuple[float, float]:
    """What the weights leave of each group: (sum w)^2 / sum w^2 (Kish 1965)."""
    first, second = (weights[pair.inside == side] for side in (True, False))
    return float(first.sum() ** 2 / (first @ first)), float(second.sum() ** 2 / (second @ second))


def quantiles(pair: Pair, inside: bool) -> FloatArray:
    """The QUANTILES of the propensity among the people of one group, each counted once (R's type 7)."""
    return np.asarray(np.quantile(pair.chances[pair.inside == inside], QUANTILES), dtype=np.float64)


def _line(
    covariate: str, category: str, values: FloatArray, known: BoolArray, weighed: tuple[Pair, FloatArray]
) -> Balance:
    pair, weights = weighed
    groups = [known & (pair.inside == side) for side in (True, False)]
    before = [_moments(values[group], pair.weight[group], category) for group in groups]
    after = [_moments(values[group], weights[group], category) for group in groups]
    (mean, variance), (other, of_other) = after
    ratio = variance / of_other if of_other > 0 and not category else math.nan
    spread = math.sqrt((before[0][1] + before[1][1]) / 2)
    sizes = int(groups[0].sum()), int(groups[1].sum())
    return Balance(covariate, category, sizes, (mean, other), _over(mean - other, spread), ratio)


def _over(gap: float, spread: float) -> float:
    """One over the other; 0 where rounding alone is left, as of means that weights made the same."""
    if abs(gap) <= ROUNDING * spread or not gap:
        return 0.0
    return gap / spread if spread or math.isnan(spread) else math.copysign(math.inf, gap)


def _moments(values: FloatArray, w: FloatArray, category: str) -> tuple[float, float]:
    """The weighted mean and variance: p(1 - p) for a category; for a number without the bias of small groups, which is
    R's var where all weights are alike. (NaN, NaN) where nobody answered."""
    if not values.size:
        return math.nan, math.nan
    if values.min() == values.max():  # exactly, where rounding would leave a variance to divide by
        return float(values[0]), 0.0
    mean = float((w * values).sum() / w.sum())
    w = w / w.sum()
    if category:
        return mean, max(mean * (1 - mean), 0.0)
    left = 1 - float(w @ w)
    return mean, float(w @ (values - mean) ** 2) / left if left > 0 else 0.0
