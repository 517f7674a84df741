"""Coverage without chance: every outcome of plain shares, with its probability."""

from collections.abc import Iterator
from functools import cache
from itertools import product

import numpy as np
from scipy import stats

from impact.contrasts import CONTRASTS, Estimated
from impact.intervals import INTERVALS
from impact.sample import FloatArray, Sample
from tests.simulation._cells import OPEN, Ask, Cell, arm, attained

SIZES = (15, 20, 30, 45, 60, 103, 163, 174, 250, 400)
SHARES = tuple(step / 100 for step in range(1, 100))
# Counts that are expected where Wilson's coverage is known to dip: just below the lower limits of 1, 2 and 3 of n.
DIPS = (0.15, 0.17, 0.54, 1.0)
SHARE_METHODS = tuple(name for name, known in INTERVALS.items() if known.kind == "share")
DEFAULT = "wilson"
# Coverage jumps at each limit: it is taken this near to it, on either side.
NEAR = 1e-9

ARMS = ((15, 15), (30, 30), (60, 60), (30, 120), (60, 103), (163, 174), (400, 100))
ARM_SHARES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99)
OTHER_MEASURES = tuple(sorted(CONTRASTS.keys() - {"difference", "ratio"}))
FEW_ARMS = ((30, 30), (60, 103))
FEW_SHARES = (0.02, 0.1, 0.3, 0.5, 0.8, 0.95)


def cells() -> Iterator[Ask]:
    """Shares of every method on the whole grid; differences and ratios of the default, the rest on a part of it."""
    for method, n in product(SHARE_METHODS, SIZES):
        extra = tuple(count / n for count in DIPS) if method == DEFAULT else ()
        yield from ((share, (method, n, p)) for p in sorted({*SHARES, *extra}))
        yield worst_share, (method, n)
    for measure, method in product(("difference", "ratio"), SHARE_METHODS):
        usual = method == DEFAULT
        for sizes, shares in product(ARMS if usual else FEW_ARMS, [ARM_SHARES if usual else FEW_SHARES]):
            yield from ((pair, (measure, method, sizes, truths)) for truths in product(shares, shares))
    for measure, sizes, truths in product(OTHER_MEASURES, ARMS, product(FEW_SHARES, FEW_SHARES)):
        yield pair, (measure, DEFAULT, sizes, truths)


def share(method: str, n: int, p: float, setting: str = "share") -> Cell:
    """One plain share."""
    found = attained(*_limits(method, n), p, _chance(n, p))
    return Cell(setting, method, "share", n, 0, p, 0, 0, 0, "plain", **found)


def worst_share(method: str, n: int) -> Cell:
    """The lowest coverage of any p at which both expected counts are 1 or more."""
    edges = np.concatenate(_limits(method, n))
    beside = np.concatenate([edges - NEAR, edges + NEAR, [1 / n, 1 - 1 / n]])
    candidates = beside[(beside >= 1 / n) & (beside <= 1 - 1 / n)]
    return min((share(method, n, float(p), "share_worst") for p in candidates), key=lambda cell: cell.coverage)


def pair(measure: str, method: str, sizes: tuple[int, int], truths: tuple[float, float]) -> Cell:
    """What sets two plain shares apart, by a measure of CONTRASTS; the truth is that of the shares themselves."""
    low, high = limits_of_pairs(measure, method, *sizes)
    chance = np.outer(_chance(sizes[0], truths[0]), _chance(sizes[1], truths[1]))
    truth = CONTRASTS[measure].between(*(Estimated(p, 0.0, p, p) for p in truths), 0.0).estimate
    found = attained(low, high, truth, chance.ravel(), measure in OPEN)
    return Cell(measure, method, "share", *sizes, *truths, 0, 0, "plain", **found)


@cache
def _limits(method: str, n: int) -> tuple[FloatArray, FloatArray]:
    arms = [arm(Sample(np.arange(n) < yes), method) for yes in range(n + 1)]
    return np.array([one.low for one in arms]), np.array([one.high for one in arms])


@cache
def limits_of_pairs(measure: str, method: str, n: int, reference: int) -> tuple[FloatArray, FloatArray]:
    ours, theirs = ([arm(Sample(np.arange(m) < yes), method) for yes in range(m + 1)] for m in (n, reference))
    found = [CONTRASTS[measure].between(one, other, 0.0) for one, other in product(ours, theirs)]
    return np.array([one.low for one in found]), np.array([one.high for one in found])


@cache
def _chance(n: int, p: float) -> FloatArray:
    return np.asarray(stats.binom.pmf(np.arange(n + 1), n, p))
