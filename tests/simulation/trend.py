"""How often the limits of a slope over months, and of its curve, hold the truth: writes trend.csv beside this file.

Run from the root as `python -m tests.simulation.trend`, or by `make simulate`. Months are many short and few long, as
those of mentoring are: the few weigh most on a slope. Beside its limits stand those of R's survey, whose error is the
linearised one and whose quantile is Student's on the design's degrees of freedom less 1: they are why ours are wider.
"""

import itertools
import math
import os
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import special

from impact import __version__
from impact.regression import curve, slope
from impact.sample import Design, FloatArray, Sample
from tests.simulation._cells import LEVEL, seeded

FILE = Path(__file__).with_name("trend.csv")
DRAWS = 2000  # a Monte Carlo error of 0.005 at a coverage of 0.95
PEOPLE, SHARES, PER_MONTH = (20, 30, 50, 100, 160, 400), (0.1, 0.3, 0.5), (0.0, 0.005)
CLUSTERED = ((100, 15), (160, 15), (160, 30), (400, 30))
PULL = 0.6  # spread of the clusters on the logit scale
LONGEST = 60
AT = np.array([12.0])


class Trend(NamedTuple):
    """One setting: how many people in how many clusters (0: none), their share at 12 months, what a month adds to it.

    `told` is the part of the draws in which the slope is not refused, on which the coverages are: those of the slope's
    limits, of those of R's survey, and of the curve's at 12 months.
    """

    people: int
    clusters: int
    share: float
    per_month: float
    told: float
    slope: float
    linearised: float
    curve: float


def attained(people: int, clusters: int, share: float, per_month: float) -> Trend:
    """The coverages of one setting, on draws of its own."""
    random = seeded("trend", people, clusters, share, per_month)
    held = np.array([_one(random, people, clusters, share, per_month) for _ in range(DRAWS)])
    told = ~np.isnan(held[:, 0])
    means = [_mean(column[~np.isnan(column)]) for column in held.T]
    return Trend(people, clusters, share, per_month, float(told.mean()), *means)


def _mean(held: FloatArray) -> float:
    return float(held.mean()) if held.size else math.nan


def _one(random: np.random.Generator, people: int, clusters: int, share: float, per_month: float) -> FloatArray:
    """Whether each of the three holds, NaN where it is refused."""
    months = np.clip(np.round(random.lognormal(2.3, 0.8, people)), 1, LONGEST)
    cluster = random.integers(0, max(clusters, 1), people)
    usual = np.clip(share + per_month * (months - AT[0]), 0.01, 0.99)
    pull = random.normal(0, PULL, max(clusters, 1))[cluster] if clusters else 0.0
    answers = random.random(people) < special.expit(special.logit(usual) + pull)
    alone = clusters and np.unique(cluster).size < clusters
    design = Design.of(people, cluster=cluster) if clusters and not alone else Design.plain(people)
    sample = Sample(answers.astype(float), design=design, kind="share")
    found = None if alone else slope(months, sample, LEVEL)
    if found is None:
        return np.full(3, math.nan)
    reach = special.stdtrit(design.df(sample.rows) - 1, (1 + LEVEL) / 2) * found.linearised
    (level,) = curve(months, sample, AT, LEVEL) or (None,)
    of_curve = math.nan if level is None or clusters else level.low <= share <= level.high
    return np.array([found.low <= per_month <= found.high, abs(found.estimate - per_month) <= reach, of_curve])


def main() -> None:
    """Every setting, on every core. Clusters pull a slope's own truth towards 0: there it is 0."""
    plain = [(people, 0, *rest) for people, *rest in itertools.product(PEOPLE, SHARES, PER_MONTH)]
    asked = [*plain, *((people, clusters, 0.3, 0.0) for people, clusters in CLUSTERED)]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        made = list(pool.map(attained, *zip(*asked, strict=True)))
    head = f"# tests/simulation/trend.py, impact {__version__}, numpy {np.__version__}, {DRAWS} draws a line\n"
    FILE.write_text(head + pd.DataFrame(made).round(4).to_csv(index=False, lineterminator="\n"), encoding="utf-8")


if __name__ == "__main__":
    main()
