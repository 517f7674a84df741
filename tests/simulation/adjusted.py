"""How often the interval of an adjusted difference holds the true one, where the propensity model is right.

Two groups that differ in a number, a yes or no and a question of three levels, which the answers hang on as well. The
true difference is that of the population each adjustment stands for: those in the overlap, the first group, all.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from scipy import special

from impact.adjust import ADJUSTMENTS, weighed
from impact.adjust.arms import Outcome
from impact.adjust.covariates import Covariate
from impact.adjust.weighting import Refused, pair_of
from impact.contrasts import CONTRASTS, Estimated
from impact.intervals import interval
from impact.sample import Design

LEVEL = 0.95
TARGETS = {"overlap": "overlap", "att": "first", "ate": "all", "entropy": "first", "doubly_robust": "all"}


class Scene(NamedTuple):
    """A population: `usual` and `effect` on the logit scale of a share, or of a mean; how many people are drawn.

    With `clusters`, people come in as many clusters of unequal size, which pull both the group and the answers.
    """

    kind: str = "share"
    usual: float = -0.8
    effect: float = 0.5
    people: int = 300
    clusters: int = 0


class Attained(NamedTuple):
    """What the interval of one adjustment attained over the replications that were not refused."""

    adjustment: str
    coverage: float
    width: float
    bias: float
    replications: int


class _People(NamedTuple):
    number: np.ndarray
    yes: np.ndarray
    level: np.ndarray
    cluster: np.ndarray
    propensity: np.ndarray
    expected: tuple[np.ndarray, np.ndarray]  # in the first group, in the second


def attained(scene: Scene, replications: int, seed: int) -> list[Attained]:
    """The attained coverage of every adjustment in one scene; the same seed gives the same figures."""
    rng = np.random.default_rng(seed)
    truths = _truths(scene, rng)
    found = {name: [] for name in ADJUSTMENTS}
    for _ in range(replications):
        for name, estimate in _adjusted(scene, rng):
            found[name].append((estimate.low, estimate.high, estimate.estimate))
    return [_summary(name, np.array(rows), truths[TARGETS[name]]) for name, rows in found.items()]


def _adjusted(scene: Scene, rng: np.random.Generator) -> Iterator[tuple[str, Estimated]]:
    people = _draw(scene, rng, scene.people)
    inside = rng.random(scene.people) < people.propensity
    expected = np.where(inside, *people.expected)
    if scene.kind == "share":
        y = (rng.random(scene.people) < expected).astype(float)
    else:
        y = expected + rng.normal(size=scene.people)
    y[rng.random(scene.people) < 0.05] = np.nan
    design = Design.of(scene.people, cluster=people.cluster if scene.clusters else None)
    pair = pair_of(_covariates(people), (inside * 1.0, ~inside * 1.0), design)
    method = "wilson" if scene.kind == "share" else "student"
    for name, adjustment in ADJUSTMENTS.items():
        try:
            weighting = weighed(name, pair, 5)
        except Refused:
            continue
        a, b = (adjustment.arm(pair, weighting, Outcome(y, scene.kind), side) for side in (True, False))
        arms = [Estimated(arm.mean, arm.std_error, *interval(method, arm, LEVEL)) for arm in (a, b)]
        yield name, CONTRASTS["difference"].between(*arms, a.correlation(b))


def _draw(scene: Scene, rng: np.random.Generator, size: int) -> _People:
    cluster = np.zeros(size, dtype=int)
    pull = np.zeros(size)
    if scene.clusters:
        chances = rng.dirichlet(np.full(scene.clusters, 4.0))
        cluster = rng.choice(scene.clusters, size, p=chances)
        pull = rng.normal(scale=0.4, size=scene.clusters)[cluster]
    number, yes, level = rng.normal(size=size), rng.random(size) < 0.5, rng.integers(0, 3, size)
    common = 0.5 * number + 0.6 * yes - 0.4 * (level == 1)
    outcomes = tuple(scene.usual + common + pull + scene.effect * (1 + 0.3 * number) * side for side in (1, 0))
    if scene.kind == "share":
        outcomes = tuple(special.expit(one) for one in outcomes)
    propensity = special.expit(-0.2 + 0.5 * number + 0.4 * yes - 0.5 * (level == 2))
    return _People(number, yes, level, cluster, propensity, outcomes)


def _covariates(people: _People) -> tuple[Covariate, ...]:
    answered = np.zeros(people.number.size, dtype=bool)
    return (
        Covariate("number", people.number, {}, answered),
        Covariate("yes", None, {"yes": people.yes, "no": ~people.yes}, answered),
        Covariate("level", None, {str(code): people.level == code for code in range(3)}, answered),
    )


def _truths(scene: Scene, rng: np.random.Generator) -> dict[str, float]:
    """The true difference in each population, over two million people."""
    many = _draw(scene._replace(clusters=scene.clusters * 5000), rng, 2_000_000)
    gap, chance = many.expected[0] - many.expected[1], many.propensity
    weights = {"overlap": chance * (1 - chance), "first": chance, "all": np.ones_like(chance)}
    return {name: float((w * gap).sum() / w.sum()) for name, w in weights.items()}


def _summary(name: str, rows: np.ndarray, truth: float) -> Attained:
    low, high, estimate = rows.T
    held = (low <= truth) & (truth <= high)
    return Attained(name, held.mean(), (high - low).mean(), estimate.mean() - truth, len(rows))
