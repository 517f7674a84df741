"""Whether the two of a pair say the same: Cohen's kappa and its limits."""

import math
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

from impact.contrasts import Estimated
from impact.intervals import score_limits
from impact.sample import Design, FloatArray

# A variance below this, on kappa's own scale, is what rounding leaves of zero.
_ROUNDING: Final = 1e-24


class Answers(NamedTuple):
    """What the two of each pair answered, one row a pair, nothing missing; a weight above 0 a pair; how the pairs were
    drawn."""

    x: FloatArray
    y: FloatArray
    w: FloatArray
    design: Design


def kappa(answers: Answers, level: float, ordered: bool) -> Estimated | None:
    """Cohen's (1960) kappa; of answers in order, weighted by the squares of their distances (Cohen 1968).

    Its error is that of Fleiss, Cohen & Everitt (1969), as R's psych without weights, times n/(n - 1) as all linearised
    errors here; pairs that share a cluster are summed in it. The limits are Wilson's for the agreement seen, on the
    size that kappa's variance stands for, with Student's quantile, brought to kappa's scale: full agreement keeps a
    lower limit. For them the variance is no smaller than that of the same table with one pair more, spread over its
    cells: without it, few pairs among whom one answer is rare would leave the limits too narrow. None where both sides
    always gave one and the same answer: chance alone would agree as well.
    """
    codes, table, weights = _crossed(answers, ordered)
    if len(table) == 1:
        return None
    share, each = answers.w / answers.w.sum(), weights[codes[0], codes[1]]
    seen = min(max(float(share @ each), float(each.min())), float(each.max()))  # full agreement is 1, not nearly so
    chance, slopes = _slopes(table, weights)
    pairs = np.arange(each.size)
    influence, df = answers.design.influence(pairs, share * slopes[codes[0], codes[1]]), answers.design.df(pairs)
    variance = float(influence @ influence)
    estimate, error = (seen - chance) / (1 - chance), math.sqrt(variance) if df else math.inf
    one_more = (each.size * table + 1 / table.size) / (each.size + 1)
    most = max(_spread(one_more, weights) / (_spread(table, weights) or math.inf), 1.0) * variance
    size = _size(share, seen * (1 - seen), most * (1 - chance) ** 2, df)
    limits = score_limits(seen, size, float(special.stdtrit(df, (1 + level) / 2)) if df else math.inf)
    return Estimated(estimate, error, *((limit - chance) / (1 - chance) for limit in limits))


def _crossed(answers: Answers, ordered: bool) -> tuple[npt.NDArray[np.intp], FloatArray, FloatArray]:
    """The place of each answer among those met, the weighted table of the two sides, and how far two answers agree."""
    values, place = np.unique(np.concatenate([answers.x, answers.y]), return_inverse=True)
    codes = place.reshape(2, -1)
    table = np.zeros((values.size, values.size))
    np.add.at(table, (codes[0], codes[1]), answers.w / answers.w.sum())
    if not ordered or len(table) == 1:
        return codes, table, np.eye(values.size)
    apart = (values[:, None] - values) / (values[-1] - values[0])
    return codes, table, 1 - apart**2


def _slopes(table: FloatArray, weights: FloatArray) -> tuple[float, FloatArray]:
    """The agreement that chance gives, and how far a pair in each cell moves kappa (Fleiss, Cohen & Everitt 1969)."""
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    seen, chance = float((weights * table).sum()), float(rows @ weights @ columns)
    expected = (weights @ columns)[:, None] + rows @ weights
    moved = (weights - seen) * (1 - chance) - (expected - 2 * chance) * (1 - seen)
    return chance, moved / (1 - chance) ** 2


def _spread(table: FloatArray, weights: FloatArray) -> float:
    """The variance of what one pair adds to kappa."""
    return float((table * _slopes(table, weights)[1] ** 2).sum())


def _size(share: FloatArray, spread: float, variance: float, df: int) -> float:
    """The size of the simple sample whose agreement would be as precise; the units' number where all agree."""
    if df and min(spread, variance) > _ROUNDING:
        return spread / variance
    return min(df + 1, 1 / float((share**2).sum()))
