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
from impact.sample import Design, correlation
from tests.simulation._cells import Ask, Cell, arm, filled, seeded

REPLICATIONS = 3000  # five adjustments on each; a Monte Carlo error of 0.004 at a coverage of 0.95
METHODS = {"share": "wilson", "mean": "student"}
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


SCENES = (Scene(), Scene(people=150), Scene(usual=-2.5, people=400), Scene(kind="mean"), Scene(clusters=25))


class _People(NamedTuple):
    number: np.ndarray
    yes: np.ndarray
    level: np.ndarray
    cluster: np.ndarray
    propensity: np.ndarray
    expected: tuple[np.ndarray, np.ndarray]  # in the first group, in the second


def cells() -> Iterator[Ask]:
    """Every adjustment in every scene."""
    yield from ((made, (scene,)) for scene in SCENES)


def made(scene: Scene, replications: int = REPLICATIONS) -> list[Cell]:
    """A cell for each adjustment, all on the same draws; what an adjustment refuses is left out of its cell."""
    draws = seeded("adjusted", scene)
    truths = _truths(scene, draws)
    found: dict[str, list[Estimated]] = {name: [] for name in ADJUSTMENTS}
    for _ in range(replications):
        for name, estimate in _adjusted(scene, draws):
            found[name].append(estimate)
    return [
        filled(_named(scene, name, truths[TARGETS[name]]), rows, truths[TARGETS[name]]) for name, rows in found.items()
    ]


def _named(scene: Scene, adjustment: str, truth: float) -> Cell:
    """A cell whose `n` is that of both groups together, and whose truth is the difference itself."""
    design = "clusters" if scene.clusters else "plain"
    of_kind = ("adjusted_difference", METHODS[scene.kind], f"{scene.kind} about {scene.usual}")
    return Cell(*of_kind, scene.people, 0, truth, 0, scene.clusters, 0, design, adjustment=adjustment)


def _adjusted(scene: Scene, draws: np.random.Generator) -> Iterator[tuple[str, Estimated]]:
    people = _draw(scene, draws, scene.people)
    inside = draws.random(scene.people) < people.propensity
    expected = np.where(inside, *people.expected)
    if scene.kind == "share":
        y = (draws.random(scene.people) < expected).astype(float)
    else:
        y = expected + draws.normal(size=scene.people)
    y[draws.random(scene.people) < 0.05] = np.nan
    design = Design.of(scene.people, cluster=people.cluster if scene.clusters else None)
    pair = pair_of(_covariates(people), (inside * 1.0, ~inside * 1.0), design)
    for name, adjustment in ADJUSTMENTS.items():
        try:
            weighting = weighed(name, pair, 5)
        except Refused:
            continue
        a, b = (adjustment.arm(pair, weighting, Outcome(y, scene.kind), side) for side in (True, False))
        yield (
            name,
            CONTRASTS["difference"].between(*(arm(one, METHODS[scene.kind]) for one in (a, b)), correlation(a, b)),
        )


def _draw(scene: Scene, draws: np.random.Generator, size: int) -> _People:
    cluster = np.zeros(size, dtype=int)
    pull = np.zeros(size)
    if scene.clusters:
        chances = draws.dirichlet(np.full(scene.clusters, 4.0))
        cluster = draws.choice(scene.clusters, size, p=chances)
        pull = draws.normal(scale=0.4, size=scene.clusters)[cluster]
    number, yes, level = draws.normal(size=size), draws.random(size) < 0.5, draws.integers(0, 3, size)
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


def _truths(scene: Scene, draws: np.random.Generator) -> dict[str, float]:
    """The true difference in each population, over two million people."""
    many = _draw(scene._replace(clusters=scene.clusters * 5000), draws, 2_000_000)
    gap, chance = many.expected[0] - many.expected[1], many.propensity
    weights = {"overlap": chance * (1 - chance), "first": chance, "all": np.ones_like(chance)}
    return {name: float((w * gap).sum() / w.sum()) for name, w in weights.items()}
