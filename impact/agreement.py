"""Whether the two of a pair say the same: Cohen's kappa and its limits."""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

from impact.contrasts import Estimated
from impact.intervals import score_limits
from impact.sample import ROUNDING, Design, FloatArray


class Answers(NamedTuple):
    """What the two of each pair answered, one row a pair, nothing missing; a weight above 0 a pair; how the pairs were
    drawn."""

    x: FloatArray
    y: FloatArray
    w: FloatArray
    design: Design


def kappa(answers: Answers, level: float, ordered: bool) -> Estimated | None:
    """Cohen's (1960) kappa; of answers in order, weighted by the squares of their distances (Cohen 1968).

    Its error is that of Fleiss, Cohen & Everitt (1969), as R's psych and epiR, times n/(n - 1) as all linearised errors
    here; pairs that share a cluster are summed in it. The limits are Wilson's for the agreement seen, on the size that
    kappa's variance stands for, brought to kappa's scale: full agreement keeps a lower limit. None where both sides
    always gave one and the same answer: chance alone would agree as well.
    """
    codes, table, weights = _crossed(answers, ordered)
    if len(table) == 1:
        return None
    share, each = answers.w / answers.w.sum(), weights[codes[0], codes[1]]
    seen = min(max(float(share @ each), float(each.min())), float(each.max()))  # full agreement is 1, not nearly so
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    chance = float(rows @ weights @ columns)
    expected = (weights @ columns)[codes[0]] + (rows @ weights)[codes[1]]
    scores = (each - seen) * (1 - chance) - (expected - 2 * chance) * (1 - seen)
    pairs = np.arange(answers.x.size)
    influence = answers.design.influence(pairs, share * scores / (1 - chance) ** 2)
    variance, df = float(influence @ influence), answers.design.df(pairs)
    size = _size(answers, seen, variance * (1 - chance) ** 2, df)
    low, high = score_limits(seen, size, _quantile(answers, df, level))
    estimate = (seen - chance) / (1 - chance)
    error = math.sqrt(variance) if df else math.inf
    return Estimated(estimate, error, *((limit - chance) / (1 - chance) for limit in (low, high)))


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


def _size(answers: Answers, seen: float, variance: float, df: int) -> float:
    """The size of the simple sample whose agreement would be as precise; the clusters' number where all agree."""
    spread = seen * (1 - seen)
    if df and spread > 0 and variance > ROUNDING * spread:
        return spread / variance
    return min(df + 1, float(answers.w.sum() ** 2 / (answers.w**2).sum()))


def _quantile(answers: Answers, df: int, level: float) -> float:
    """The normal quantile for pairs drawn one by one, Student's under a design or with weights."""
    if answers.design.is_plain and np.all(answers.w == answers.w[0]):
        return float(special.ndtri((1 + level) / 2))
    return float(special.stdtrit(df, (1 + level) / 2)) if df else math.inf
