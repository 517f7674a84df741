"""How far the items of an index tell one thing: Cronbach's alpha and McDonald's omega, with intervals.

Both are of the sum of the standardised items, turned so that more is better, from correlations over the people who
answered both items of a pair (R psych's default). A measure joins by being a function here and a name in MEASURES.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from scipy import special

from impact.intervals import score_limits
from impact.sample import ROUNDING, Design, FloatArray

# A spread below this part of the answers' size is what rounding leaves of answers that are all the same.
_CONSTANT: Final = 1e-9
# Loadings that move by less than this have settled; this many steps settle any that can be told.
_SETTLED: Final = 1e-14
_MOST_STEPS: Final = 200
_LEAST_DAMPING: Final = 1e-4


class Reliable(NamedTuple):
    """A coefficient with its limits, and the fewest people who stand behind one correlation of two items."""

    n: int
    estimate: float
    low: float
    high: float


class Items(NamedTuple):
    """One column an item, turned so that more is better, one row a row of the frame, NaN where there is no answer; a
    weight a row, 0 outside the group."""

    y: FloatArray
    w: FloatArray
    design: Design


@dataclass(frozen=True, slots=True)
class Measure:
    """A coefficient from a matrix of correlations, and its slope by each of them; for how many items or more; the least
    that it can be."""

    of: Callable[[FloatArray], tuple[float, FloatArray]]
    fewest: int
    least: float


def reliability(measure: str, items: Items, level: float) -> Reliable | None:
    """A coefficient of MEASURES and its limits; None where too few items, an item that does not vary or too few people
    (no more than items behind some correlation) leave it untold.

    The limits are those of log(1 - coefficient) (Bonett 2002), its error by the delta method from the people's own
    products, whatever the answers' distribution (Maydeu-Olivares, Coffman & Hartmann 2007), linearised under a design,
    with Student's quantile. Where the answers leave no error (items all alike) the mean correlation is taken for a
    share of people whose items agree: its Wilson limits are wide enough.
    """
    count = items.y.shape[1]
    if count < MEASURES[measure].fewest:
        return None
    r, n = correlations(items)
    if n <= count or np.isnan(r).any():
        return None
    estimate, slopes = MEASURES[measure].of(r)
    low, high = _limits(items, (estimate, slopes), r, level)
    return Reliable(n, estimate, max(min(low, estimate), MEASURES[measure].least), max(high, estimate))


def correlations(items: Items) -> tuple[FloatArray, int]:
    """The correlation of each pair of items over those who answered both, NaN where one of them does not vary, and the
    fewest people behind any of them."""
    count = items.y.shape[1]
    r, n = np.eye(count), len(items.y)
    for i, j in _pairs(count):
        pair = _pair(items, i, j)
        n = min(n, pair.rows.size)
        r[i, j] = r[j, i] = pair.r
    return r, n


def alpha(r: FloatArray) -> tuple[float, FloatArray]:
    """Cronbach's (1951) alpha of standardised items, from their mean correlation; psych's std.alpha.

    Minus infinity where the items undo each other so far that their sum does not vary.
    """
    count = len(r)
    mean = (r.sum() - count) / (count * (count - 1))
    total = 1 + (count - 1) * mean
    if total <= _CONSTANT:
        return -math.inf, np.zeros_like(r)
    slope = count / total**2 / (count * (count - 1) / 2)
    return count * mean / total, np.full_like(r, slope)


def omega(r: FloatArray) -> tuple[float, FloatArray]:
    """McDonald's (1999, equation 6.20b) omega of one common factor: the part of the sum's variance that the factor
    makes, by the loadings of `loadings`."""
    factor = loadings(r)
    made, left = factor.sum() ** 2, (1 - factor**2).sum()
    slope = 2 * factor.sum() * (left + factor.sum() * factor) / (made + left) ** 2
    return float(made / (made + left)), _by_correlation(r, factor, slope)


MEASURES: Final[dict[str, Measure]] = {"alpha": Measure(alpha, 2, -math.inf), "omega": Measure(omega, 3, 0.0)}


def loadings(r: FloatArray) -> FloatArray:
    """The loadings on one factor that leave the smallest squared residuals beside the diagonal (minres: Harman & Jones
    1966; psych's fa), none beyond 1: Newton's steps from the first principal component, damped where they overshoot
    (Levenberg 1944)."""
    values, vectors = np.linalg.eigh(r)
    factor = np.clip(vectors[:, -1] * math.sqrt(values[-1]), -1.0, 1.0)
    damping, left = 0.0, _residuals(r, factor)
    for _ in range(_MOST_STEPS):
        tried = np.clip(factor + _step(r, factor, damping), -1.0, 1.0)
        moved, found = float(np.abs(tried - factor).max()), _residuals(r, tried)
        if moved <= _SETTLED:
            break
        if found <= left:
            factor, left, damping = tried, found, damping / 10 if damping > _LEAST_DAMPING else 0.0
        else:
            damping = max(10 * damping, _LEAST_DAMPING)
    return factor if factor.sum() >= 0 else -factor


def _residuals(r: FloatArray, factor: FloatArray) -> float:
    beside = r - np.outer(factor, factor)
    return float((beside**2).sum() - (np.diag(beside) ** 2).sum()) / 4


def _step(r: FloatArray, factor: FloatArray, damping: float) -> FloatArray:
    """Where Newton would move the loadings; one at its end that would leave stays."""
    beside = r - np.outer(factor, factor)
    np.fill_diagonal(beside, 0.0)
    down = beside @ factor
    free = (np.abs(factor) < 1) | (down * factor < 0)
    curve = damping * np.eye(len(r)) - _curvature(r, factor)
    step = np.zeros(len(r))
    step[free] = np.linalg.lstsq(curve[np.ix_(free, free)], down[free], rcond=None)[0]
    return step


def _curvature(r: FloatArray, factor: FloatArray) -> FloatArray:
    """The slope by each loading of what settles each: minus the second derivatives of `_residuals`."""
    moves = r - 2 * np.outer(factor, factor)
    np.fill_diagonal(moves, factor**2 - factor @ factor)
    return np.asarray(moves, dtype=np.float64)


def _by_correlation(r: FloatArray, factor: FloatArray, slope: FloatArray) -> FloatArray:
    """The slope by each correlation of what has `slope` by each loading: implicit differentiation of the conditions
    that settle the loadings; one held at 1 stays there."""
    free = np.abs(factor) < 1
    by_condition = np.zeros(len(r))
    by_condition[free] = np.linalg.lstsq(_curvature(r, factor)[np.ix_(free, free)], -slope[free], rcond=None)[0]
    found = np.outer(by_condition, factor)
    return np.asarray(found + found.T, dtype=np.float64)


class _Pair(NamedTuple):
    """Two items over those who answered both: their rows, correlation, and what each person adds to it."""

    rows: "np.ndarray[tuple[int], np.dtype[np.intp]]"
    r: float
    scores: FloatArray


def _pairs(count: int) -> list[tuple[int, int]]:
    return [(i, j) for i in range(count) for j in range(i + 1, count)]


def _pair(items: Items, i: int, j: int) -> _Pair:
    rows = np.flatnonzero((items.w > 0) & ~np.isnan(items.y[:, i]) & ~np.isnan(items.y[:, j]))
    if not rows.size:
        return _Pair(rows, math.nan, np.zeros(0))
    share = items.w[rows] / items.w[rows].sum()
    x, y = (_standardised(items.y[rows, item], share) for item in (i, j))
    if x is None or y is None:
        return _Pair(rows, math.nan, np.zeros(rows.size))
    r = min(max(float(share @ (x * y)), -1.0), 1.0)
    return _Pair(rows, r, share * (x * y - r * (x**2 + y**2) / 2))


def _standardised(y: FloatArray, share: FloatArray) -> FloatArray | None:
    mean = float(share @ y)
    spread = math.sqrt(float(share @ (y - mean) ** 2))
    return (y - mean) / spread if spread > _CONSTANT * max(1.0, abs(mean)) else None


def _limits(items: Items, found: tuple[float, FloatArray], r: FloatArray, level: float) -> tuple[float, float]:
    estimate, slopes = found
    scores, answered = np.zeros(len(items.y)), np.zeros(len(items.y), dtype=bool)
    for i, j in _pairs(len(r)):
        pair = _pair(items, i, j)
        scores[pair.rows] += slopes[i, j] * pair.scores
        answered[pair.rows] = True
    rows = np.flatnonzero(answered)
    influence, df = items.design.influence(rows, scores[rows]), items.design.df(rows)
    quantile = float(special.stdtrit(df, (1 + level) / 2)) if df else math.inf
    variance = float(influence @ influence)
    left = 1 - estimate
    if df and variance > ROUNDING and _CONSTANT < left < math.inf:  # neither at an end nor without an error
        times = math.exp(quantile * math.sqrt(variance) / left)
        return 1 - left * times, 1 - left / times
    return _limits_of_mean(items.w[rows], r, quantile)


def _limits_of_mean(w: FloatArray, r: FloatArray, quantile: float) -> tuple[float, float]:
    """The limits of alpha where the mean correlation, from its least to 1, is taken for a share of the people."""
    count = len(r)
    least = -1 / (count - 1)
    place = ((r.sum() - count) / (count * (count - 1)) - least) / (1 - least)
    limits = score_limits(min(max(float(place), 0.0), 1.0), float(w.sum() ** 2 / (w**2).sum()), quantile)
    low, high = (1 - (1 / limit - 1) / (count - 1) if limit else -math.inf for limit in limits)
    return low, high
