"""Coverage by simulation where people were drawn in clusters of unequal size, weighted or not."""

from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import NamedTuple

import numpy as np
from scipy import special, stats

from impact.contrasts import CONTRASTS, Estimated
from impact.intervals import INTERVALS
from impact.sample import Design, FloatArray, IntArray, Sample, correlation
from tests.simulation._cells import Ask, Cell, arm, seeded, simulated

CLUSTERS = (8, 10, 15, 20, 25, 40)
CORRELATIONS = (0.05, 0.1)
SHARES = (0.01, 0.02, 0.05, 0.2, 0.5, 0.9)
PAIRS = ((0.02, 0.1), (0.06, 0.19), (0.3, 0.3), (0.5, 0.4), (0.85, 0.7))
MEANS = (1.15, 1.6, 2.5, 3.7)  # of a scale of 1 to 4
USUAL_SIZE = 9
SPREAD_OF_SIZES, FEWEST = 0.6, 2
WEIGHTS = (0.5, 1.0, 2.0)


class Drawn(NamedTuple):
    """How people were drawn: clusters, the correlation within them, their usual size, two arms in each or apart."""

    clusters: int
    icc: float
    weighted: bool = False
    shared: bool = True
    size: int = USUAL_SIZE


# Few clusters of many people, where few rare answers say little of how alike the people of a cluster are.
LARGE = Drawn(15, 0.1, size=20)
LARGE_SHARES = (0.01, 0.014, 0.02, 0.025, 0.03, 0.05, 0.2, 0.5, 0.9)
OTHERS = tuple(name for name, known in INTERVALS.items() if known.kind == "share" and name != "wilson")
MEAN_METHODS = tuple(name for name, known in INTERVALS.items() if known.kind == "mean")


class Frame(NamedTuple):
    """Who stands where: what stays the same from one draw of the answers to the next."""

    design: Design
    cluster: IntArray
    ours: FloatArray  # 1 in the first arm, 0 in the other


def cells() -> Iterator[Ask]:
    """Shares and means of one group, then differences and ratios of two."""
    yield from _of_one()
    for clusters, shared, icc, weighted, truths in product(
        CLUSTERS[1:], (True, False), CORRELATIONS, (False, True), PAIRS
    ):
        yield pair, ("difference", Drawn(clusters, icc, weighted, shared), truths)
    for clusters, shared, truths in product(CLUSTERS[1:], (True, False), PAIRS):
        yield pair, ("ratio", Drawn(clusters, 0.1, shared=shared), truths)


def _of_one() -> Iterator[Ask]:
    """The default on every design, the other methods on some."""
    for clusters, icc, weighted, p in product(CLUSTERS, CORRELATIONS, (False, True), SHARES):
        yield share, ("wilson", Drawn(clusters, icc, weighted), p)
    for drawn, p in product((Drawn(15, 0.1, size=4), Drawn(25, 0.1, size=4)), SHARES):
        yield share, ("wilson", drawn, p)
    for method, drawn, p in product(OTHERS, (Drawn(20, 0.1), Drawn(40, 0.1)), SHARES):
        yield share, (method, drawn, p)
    for method, p in product(("wilson", *OTHERS), LARGE_SHARES):
        yield share, (method, LARGE, p)
    for method, clusters, weighted, truth in product(MEAN_METHODS, CLUSTERS, (False, True), MEANS):
        yield mean, (method, Drawn(clusters, 0.1, weighted), truth)


def share(method: str, drawn: Drawn, p: float) -> Cell:
    """The share of one group drawn in clusters."""
    frame, draws = _frame(drawn), seeded("share", drawn, p)

    def one() -> Estimated:
        answers = draws.random(frame.cluster.size) < _chances(draws, drawn, p)[0][frame.cluster]
        return arm(Sample(answers, _weights(draws, frame, drawn), frame.design), method)

    return simulated(_cell(("share", method, "share"), frame.cluster, drawn, (p, 0)), one, p)


def mean(method: str, drawn: Drawn, truth: float) -> Cell:
    """The mean of a scale of 1 to 4 whose answers lean to one end by cluster."""
    frame, draws, place = _frame(drawn), seeded("mean", drawn, truth), (truth - 1) / 3

    def one() -> Estimated:
        answers = 1.0 + draws.binomial(3, _chances(draws, drawn, place)[0][frame.cluster])
        return arm(Sample(answers, _weights(draws, frame, drawn), frame.design, "mean", (1.0, 4.0)), method)

    return simulated(_cell(("mean", method, "scale"), frame.cluster, drawn, (truth, 0)), one, truth)


def pair(measure: str, drawn: Drawn, truths: tuple[float, float]) -> Cell:
    """A difference or a ratio of two groups, which stand side by side in every cluster or each in its own ones."""
    frame, draws = _frame(drawn), seeded(measure, drawn, truths)

    def one() -> Estimated:
        ours, theirs = (chances[frame.cluster] for chances in _chances(draws, drawn, *truths))
        answers = draws.random(frame.cluster.size) < np.where(frame.ours, ours, theirs)
        weights = _weights(draws, frame, drawn)
        a, b = (Sample(answers, weights * inside, frame.design) for inside in (frame.ours, 1 - frame.ours))
        return CONTRASTS[measure].between(arm(a, "wilson"), arm(b, "wilson"), correlation(a, b))

    truth = truths[0] - truths[1] if measure == "difference" else truths[0] / truths[1]
    named = _cell((measure, "wilson", "share"), frame.cluster[frame.ours > 0], drawn, truths)
    others = int(frame.cluster.size - frame.ours.sum())
    how = named.design.replace("clusters", "shared" if drawn.shared else "apart")
    return simulated(named._replace(reference=others, design=how), one, truth)


@cache
def _frame(drawn: Drawn) -> Frame:
    """Clusters whose sizes are those of a lognormal at equal steps of probability; arms of half of each, or apart."""
    steps = (np.arange(drawn.clusters) + 0.5) / drawn.clusters
    sizes = np.round(stats.lognorm.ppf(steps, SPREAD_OF_SIZES, scale=drawn.size))
    sizes = np.maximum(sizes, FEWEST).astype(int)
    cluster = np.repeat(np.arange(drawn.clusters), sizes)
    within = np.concatenate([np.arange(size) for size in sizes])
    ours = (within if drawn.shared else cluster) % 2
    return Frame(Design.of(cluster.size, cluster=cluster), cluster, ours.astype(float))


def _chances(draws: np.random.Generator, drawn: Drawn, *shares: float) -> list[FloatArray]:
    """The share that each cluster aims at, of a beta law; a cluster high for one arm is as high for the other."""
    place, scale = draws.random(drawn.clusters), (1 - drawn.icc) / drawn.icc
    return [special.betaincinv(p * scale, (1 - p) * scale, place) for p in shares]


def _weights(draws: np.random.Generator, frame: Frame, drawn: Drawn) -> FloatArray:
    size = frame.cluster.size
    return draws.choice(WEIGHTS, size) if drawn.weighted else np.ones(size)


def _design_effect(cluster: IntArray, drawn: Drawn) -> float:
    """What unequal weights (Kish 1965) and people alike within clusters of unequal size make of a share's variance."""
    weights, sizes = np.array(WEIGHTS), np.unique(cluster, return_counts=True)[1]
    unequal = float((weights**2).mean() / weights.mean() ** 2) if drawn.weighted else 1.0
    return unequal + (float((sizes**2).sum() / sizes.sum()) - 1) * drawn.icc


def _cell(what: tuple[str, str, str], cluster: IntArray, drawn: Drawn, truths: tuple[float, float]) -> Cell:
    """The names of a cell, for a first arm whose people stand in these clusters."""
    how = "clusters, weighted" if drawn.weighted else "clusters"
    size, effect = int(cluster.size), _design_effect(cluster, drawn)
    return Cell(*what, size, 0, *truths, drawn.clusters, drawn.icc, how, effect)
