"""Coverage of the means of plain samples: an ordered answer of four choices, and counts that a few drive up."""

from collections.abc import Iterator
from functools import cache
from itertools import combinations, product
from math import lgamma

import numpy as np

from impact.contrasts import CONTRASTS, Estimated
from impact.intervals import INTERVALS
from impact.sample import Design, FloatArray, Sample
from tests.simulation._cells import Ask, Cell, arm, attained, seeded, simulated

METHODS = tuple(name for name, known in INTERVALS.items() if known.kind == "mean")
SCALE = (1.0, 4.0)
# The chances of the four choices, from an even spread to one where nearly all agree wholly.
SCALES = {
    "scale, even": (0.25, 0.25, 0.25, 0.25),
    "scale, high": (0.05, 0.15, 0.40, 0.40),
    "scale, two ends": (0.45, 0.05, 0.05, 0.45),
    "scale, very high": (0.02, 0.03, 0.15, 0.80),
}
# Negative binomial: the mean, and how even the respondents are; the smaller, the longer the tail.
COUNTS = {"count, few": (1.0, 1.0), "count, long tail": (3.0, 0.5)}
SIZES = (15, 30, 60, 103, 174, 400)
MOST_EXACT = 30  # of 30 answers there are 5 456 different sets of counts, of 60 seven times as many
ARMS = ((15, 15), (30, 30), (60, 103), (400, 100))
PAIRS = (("scale, high", "scale, even"), ("scale, very high", "scale, high"), ("count, few", "count, long tail"))


def cells() -> Iterator[Ask]:
    """Means of each kind of answers, then differences of two."""
    for method, answers in product(METHODS, (*SCALES, *COUNTS)):
        yield from ((mean, (method, answers, n)) for n in SIZES)
    for method, (ours, theirs) in product(METHODS, PAIRS):
        yield from ((difference, (method, ours, theirs, sizes)) for sizes in ARMS)


def mean(method: str, answers: str, n: int) -> Cell:
    """One mean: exact where the sets of counts are few, else simulated."""
    truth, named = _truth(answers), Cell("mean", method, answers, n, 0, _truth(answers), 0, 0, 0, "plain")
    if answers in SCALES and n <= MOST_EXACT:
        low, high, counts = _limits(method, n)
        return named._replace(**attained(low, high, truth, _chance(counts, SCALES[answers])))
    draws = seeded("mean", answers, n)
    return simulated(named, lambda: arm(_sample(answers, _drawn(draws, answers, n)), method), truth)


def difference(method: str, ours: str, theirs: str, sizes: tuple[int, int]) -> Cell:
    """The difference of two means of two groups drawn apart."""
    draws, truth = seeded("mean_difference", ours, theirs, sizes), _truth(ours) - _truth(theirs)

    def one() -> Estimated:
        arms = (
            arm(_sample(name, _drawn(draws, name, n)), method) for name, n in zip((ours, theirs), sizes, strict=True)
        )
        return CONTRASTS["difference"].between(*arms, 0.0)

    truths = (_truth(ours), _truth(theirs))
    named = Cell("mean_difference", method, f"{ours} / {theirs}", *sizes, *truths, 0, 0, "plain")
    return simulated(named, one, truth)


def _truth(answers: str) -> float:
    return float(np.arange(1, 5) @ SCALES[answers]) if answers in SCALES else COUNTS[answers][0]


def _drawn(draws: np.random.Generator, answers: str, n: int) -> FloatArray:
    if answers in SCALES:
        return draws.choice(np.arange(1.0, 5.0), n, p=SCALES[answers])
    centre, even = COUNTS[answers]
    return draws.negative_binomial(even, even / (even + centre), n).astype(float)


def _sample(answers: str, y: FloatArray) -> Sample:
    return Sample(y, None, Design.plain(y.size), "mean", SCALE if answers in SCALES else None)


@cache
def _limits(method: str, n: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The limits of every way in which n answers can fall on the four choices, and how many fall on each."""
    bars = np.array(list(combinations(range(n + 3), 3)))
    counts = np.diff(np.column_stack([np.full(len(bars), -1), bars, np.full(len(bars), n + 3)])) - 1
    arms = [arm(_sample("scale, even", np.repeat(np.arange(1.0, 5.0), row)), method) for row in counts]
    return np.array([one.low for one in arms]), np.array([one.high for one in arms]), counts.astype(float)


def _chance(counts: FloatArray, chances: tuple[float, ...]) -> FloatArray:
    """The multinomial probability of each row of counts."""
    factorial = np.array([lgamma(count + 1) for count in range(int(counts[0].sum()) + 1)])
    whole = factorial[counts.astype(int)]
    return np.asarray(np.exp(factorial[-1] - whole.sum(axis=1) + counts @ np.log(chances)))
