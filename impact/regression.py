"""How the answers of a group go with a number known of each respondent: a slope, and a curve with its limits.

Both describe; neither says what makes what. They are None where the answers cannot tell them: never NaN, never an
interval without width.
"""

import math
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from scipy import special

from impact.adjust.newton import Minimum, minimum
from impact.adjust.weighting import CERTAIN, linear, logistic
from impact.sample import ROUNDING, FloatArray, IntArray, Sample

FEWEST: Final = 10  # answers; below, coverage was not looked into
FEWEST_SIDE: Final = 5  # of yes and of no
KNOTS: Final = (0.1, 0.5, 0.9)  # quantiles of the number (Harrell 2001, table 2.3)


class Slope(NamedTuple):
    """What one unit more of the number goes with. `std_error` holds `linearised`, R survey's, over what the fit itself
    takes away from it on average; `df` are those of Satterthwaite, at most the design's less 1."""

    estimate: float
    std_error: float
    df: float
    low: float
    high: float
    p: float
    linearised: float


class Level(NamedTuple):
    """Where the curve passes at a value of the number, and its pointwise limits."""

    at: float
    estimate: float
    std_error: float
    low: float
    high: float


def slope(x: FloatArray, sample: Sample, level: float) -> Slope | None:
    """The weighted least squares slope of the answers on `x`, one number a row of the sample's frame.

    Its error is linearised over clusters and strata as that of R survey's svyglm. With few respondents or a few extreme
    values of `x` that error is too small and Student's quantile on the design's degrees of freedom too near: both are
    set right by what they would be on average, were the answers equally spread whatever `x` (Satterthwaite 1946; Bell &
    McCaffrey 2002; Imbens & Kolesár 2016). None for fewer than FEWEST answers, FEWEST_SIDE on either side of a share,
    one value of `x`, one answer, or a fit without an error.
    """
    held = x[sample.rows]
    df = sample.design.df(sample.rows) - 1
    if not _enough(sample) or df < 1 or np.all(held == held[0]):
        return None
    w, total = sample.w, float(sample.w.sum())
    away = held - _product(w, held) / total
    lever = w * away / _product(w, away**2)
    estimate = _product(lever, sample.y)
    moves = sample.design.influence(sample.rows, lever * (sample.y - sample.mean - estimate * away))
    linearised, simple = _product(moves, moves), _product(lever, lever)
    if linearised <= ROUNDING * sample.spread * simple:
        return None
    trace, square = _form(lever, away, w / total, sample)
    error, freedom = math.sqrt(linearised * simple / trace), min(trace**2 / square, df)
    reach = float(special.stdtrit(freedom, (1 + level) / 2)) * error
    p = 2 * float(special.stdtr(freedom, -abs(estimate) / error))
    return Slope(estimate, error, freedom, estimate - reach, estimate + reach, p, math.sqrt(linearised))


def _product(a: FloatArray, b: FloatArray) -> float:
    """The sum of products, summed in one order whatever the machine's linear algebra does."""
    return float((a * b).sum())


def _enough(sample: Sample) -> bool:
    yes = float(sample.y.sum())
    sided = sample.kind != "share" or min(yes, sample.n - yes) >= FEWEST_SIDE
    return sample.n >= FEWEST and sided and sample.spread > 0


def _form(lever: FloatArray, away: FloatArray, part: FloatArray, sample: Sample) -> tuple[float, float]:
    """The traces of the quadratic form that a slope's linearised variance is, and of its square.

    They are what it is on average and half its variance, for answers of variance 1 drawn one by one. Each row moves the
    slope by `lever` times its residual, and the fitted line by `part` and by `lever` times its distance `away`. So the
    form is diagonal over the primary units but for four columns, and its traces are sums over the units.
    """
    design = sample.design
    columns = np.column_stack(
        [design.influence(sample.rows, lever * each) for each in (np.ones_like(away), away, part, lever)]
    ) / math.sqrt(design.inflation(sample.rows))  # assumed, not estimated: no answers would set it right
    if design.stratum is None:
        columns -= columns.mean(axis=0)  # which `influence` spares where scores add up to zero: these do not
    units = sample.rows if design.unit is None else design.unit[sample.rows]
    stratum = np.zeros(len(columns), dtype=np.intp) if design.stratum is None else design.stratum
    counts = design.sizes[stratum]
    own = np.bincount(units, lever**2, len(columns)) * counts / np.maximum(counts - 1, 1)
    across = _product(part, lever)
    hats = np.array([[_product(part, part), across], [across, _product(lever, lever)]])
    core = np.block([[hats, -np.eye(2)], [-np.eye(2), np.zeros((2, 2))]])
    shared = core @ columns.T @ columns
    totals = np.bincount(stratum, own, design.sizes.size) / design.sizes
    trace = (own * (1 - 1 / counts)).sum() + np.trace(shared)
    square = (own**2 * (1 - 2 / counts)).sum() + (totals**2).sum() + np.trace(shared @ shared)
    square += 2 * (own * ((columns @ core) * columns).sum(axis=1)).sum()
    return float(trace), float(square)


def curve(x: FloatArray, sample: Sample, at: FloatArray, level: float) -> list[Level] | None:
    """The level of the answers at each value of `at`: a restricted cubic spline of `x` with three knots (Harrell 2001).

    Of a share, a logistic one, which stays within 0 and 1; pointwise limits on the scale of the fit, with Student's
    quantile on the design's degrees of freedom less 2, as R survey's svyglm. None where `slope` is, where the knots
    coincide, where a value of `x` foretells every answer, or where the curve leaves the scale.
    """
    held = x[sample.rows]
    knots = np.quantile(held, KNOTS) if sample.n else np.zeros(3)
    df = sample.design.df(sample.rows) - 2
    if not _enough(sample) or df < 1 or np.any(np.diff(knots) <= 0):
        return None
    place, different = pd.factorize(held, sort=True)
    basis = _spline(different, knots)
    fit = _fit(basis, place, sample)
    if fit is None:
        return None
    points, covariance = _spline(at, knots), _covariance(basis, place, fit, sample)
    errors = np.sqrt(np.einsum("ij,jk,ik->i", points, covariance, points))
    return _levels(at, points @ fit.coefficients, errors, float(special.stdtrit(df, (1 + level) / 2)), sample)


def _spline(x: FloatArray, knots: FloatArray) -> FloatArray:
    """A constant, the number and its bend, straight beyond the outer knots, which stand at 0 and 1 here."""
    u, middle = (x - knots[0]) / (knots[2] - knots[0]), float((knots[1] - knots[0]) / (knots[2] - knots[0]))

    def cubed(knot: float) -> FloatArray:
        return np.asarray(np.maximum(u - knot, 0) ** 3, dtype=np.float64)

    return np.column_stack(
        [np.ones(u.size), u, cubed(0) - cubed(middle) / (1 - middle) + cubed(1) * middle / (1 - middle)]
    )


def _fit(different: FloatArray, place: IntArray, sample: Sample) -> Minimum | None:
    """The coefficients, from the answers at each different value: as many rows as values, whatever the people.

    `different` has one row a value of the number, `place` says which each person has.
    """
    weight, total = (np.bincount(place, each).astype(np.float64) for each in (sample.w, sample.w * sample.y))
    start = np.zeros(different.shape[1])
    if sample.kind != "share":
        return minimum(different, lambda predictor: linear(predictor, total / weight, weight), start)
    both, counts = np.concatenate([different, different]), np.concatenate([total, weight - total])
    yes = np.arange(len(both)) < len(different)
    fit = minimum(both, lambda predictor: logistic(predictor, yes.astype(np.float64), np.maximum(counts, 0.0)), start)
    return None if fit is None or special.expit(-np.abs(fit.predictor)).min() <= CERTAIN else fit


def _covariance(different: FloatArray, place: IntArray, fit: Minimum, sample: Sample) -> FloatArray:
    """That of the coefficients, linearised over clusters and strata (Binder 1983)."""
    predictor, directions = different @ fit.coefficients, different @ fit.inverse
    level = special.expit(predictor) if sample.kind == "share" else predictor
    residual = sample.w * (sample.y - level[place])
    moves = [sample.design.influence(sample.rows, residual * direction[place]) for direction in directions.T]
    return np.array([[_product(one, other) for other in moves] for one in moves])


def _levels(
    at: FloatArray, predictor: FloatArray, errors: FloatArray, quantile: float, sample: Sample
) -> list[Level] | None:
    low, high = predictor - quantile * errors, predictor + quantile * errors
    if sample.kind == "share":
        share = special.expit(predictor)
        predictor, errors, low, high = share, share * (1 - share) * errors, special.expit(low), special.expit(high)
    least, most = sample.bounds or (-math.inf, math.inf)
    told = errors > math.sqrt(ROUNDING * sample.spread)  # below, what rounding leaves of none
    if not np.all(told & (least < predictor) & (predictor < most)):
        return None
    columns = (at, predictor, errors, np.maximum(low, least), np.minimum(high, most))
    return [Level(*map(float, row)) for row in zip(*columns, strict=True)]
