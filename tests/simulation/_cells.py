"""What every part of the simulation writes: one cell of the table of attained coverage."""

import zlib
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from impact.contrasts import Estimated
from impact.intervals import interval
from impact.sample import FloatArray, Sample

LEVEL = 0.95
SEED = 20221127
OPEN = ("ratio", "odds_ratio")  # what may have no upper end: their usual width is the median
REPLICATIONS = 8000  # a Monte Carlo error of 0.0024 at a coverage of 0.95


class Cell(NamedTuple):
    """How often the limits of a method hold the truth, in one setting.

    `n` and `reference` are the sizes of the arms (0 where there is one arm); `truth` and `truth_reference` what the
    arms' estimates aim at: a share, or the mean of a distribution of `answers`. `clusters` is 0 where each respondent
    was drawn alone, and `design_effect` is what the clusters' true correlation and the weights make of the variance of
    a share (the first arm's). `width` is the mean width, of OPEN the median. `below` and `above` are how often the
    whole interval lies below, or above, the truth. `error` is the Monte Carlo standard error, 0 where `how` is exact.
    """

    setting: str  # share | share_worst (of all p) | difference | ratio | mean | …
    method: str
    answers: str
    n: int
    reference: int
    truth: float
    truth_reference: float
    clusters: int
    icc: float
    design: str  # plain | clusters | shared | apart, "weighted" after it
    design_effect: float = 1.0
    adjustment: str = "none"
    coverage: float = 0.0
    width: float = 0.0
    below: float = 0.0
    above: float = 0.0
    error: float = 0.0
    how: str = "exact"


# The function that makes a cell, or several on the same draws, and what it is given.
Ask = tuple[Callable[..., Cell | list[Cell]], tuple[object, ...]]


def arm(sample: Sample, method: str) -> Estimated:
    """An arm as `impact.analyse` makes it."""
    return Estimated(sample.mean, sample.std_error, *interval(method, sample, LEVEL))


def seeded(*names: object) -> np.random.Generator:
    """Draws of one cell: they depend on its names alone, not on the cells before it."""
    return np.random.default_rng([SEED, zlib.crc32(repr(names).encode())])


def attained(
    low: FloatArray, high: FloatArray, truth: float, chance: FloatArray, median: bool = False
) -> dict[str, float]:
    """Coverage, width (its mean, or its median) and the two ways of missing, each outcome with its chance."""
    below, above = float(chance[high < truth].sum()), float(chance[low > truth].sum())
    width = _median(high - low, chance) if median else float((high - low) @ chance)
    return {"coverage": 1 - below - above, "width": width, "below": below, "above": above}


def simulated(named: Cell, one: Callable[[], Estimated], truth: float) -> Cell:
    """A cell filled from that many draws of `one`."""
    return filled(named, [one() for _ in range(REPLICATIONS)], truth)


def filled(named: Cell, found: Sequence[Estimated], truth: float) -> Cell:
    """A cell filled from what was found in draws that are as likely one as another."""
    low, high = np.array([one.low for one in found]), np.array([one.high for one in found])
    figures = attained(low, high, truth, np.full(len(found), 1 / len(found)), named.setting in OPEN)
    error = float(np.sqrt(figures["coverage"] * (1 - figures["coverage"]) / len(found)))
    return named._replace(**figures, error=error, how=f"{len(found)} replications, seed {SEED}")


def _median(values: FloatArray, chance: FloatArray) -> float:
    order = np.argsort(values, kind="stable")
    return float(values[order][np.searchsorted(np.cumsum(chance[order]), 0.5)])
