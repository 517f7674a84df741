"""Tests of no difference between two arms: each maps two samples to a two-sided p, never NaN.

A test joins by being a function here and a name in TESTS. An arm that cannot show anything (nobody answered, or its
error cannot be told) gives 1.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import special

from impact.errors import ImpactError
from impact.sample import Kind, Sample

# Below this expected count the score test's normal approximation is not trusted (Cochran 1954).
SMALL_CELL: Final = 5
# A difference whose variance is this part of the arms' own, or less, is what rounding leaves of one without error.
ROUNDING: Final = 1e-12


@dataclass(frozen=True, slots=True)
class Test:
    """How p is found, for which kinds of indicator, and whether for plain samples only."""

    p: Callable[[Sample, Sample], float]
    kinds: frozenset[Kind]
    plain: bool


def p_value(method: str, a: Sample, b: Sample) -> float:
    """The two-sided p of a method of TESTS for two samples of one frame.

    Raises ImpactError for a method that does not exist or fits neither the kind of indicator nor the design.
    """
    plain = a.plain and b.plain
    fitting = [name for name, test in TESTS.items() if a.kind in test.kinds and (plain or not test.plain)]
    if method not in fitting:
        raise ImpactError("test_unfit", method=method, kind=a.kind, known=", ".join(fitting))
    return min(TESTS[method].p(a, b), 1.0)


def choose(a: Sample, b: Sample) -> str:
    """The test for two samples by default: exact where a cell is small, of the design where there is one."""
    if not (a.plain and b.plain):
        return "design_t"
    if a.kind == "mean":
        return "welch"
    return "fisher_midp" if _smallest_expected(a, b) < SMALL_CELL else "score"


def score(a: Sample, b: Sample) -> float:
    """Two plain shares, normal approximation with the pooled variance: Pearson's chi-square without correction."""
    return 2 * float(special.ndtr(-_score(a, b)))


def fisher_midp(a: Sample, b: Sample) -> float:
    """Two plain shares given both margins, with half the probability of what was observed.

    Two-sided by doubling the smaller tail, at most 1 (Hirji, Tan & Elashoff 1991), as R's epitools::ormidp.test and
    exact2x2 with tsmethod = "central", midp = TRUE; in Lydersen, Fagerland & Laake (2009) the tail is not doubled but
    completed by the tables that are less probable.
    """
    return _midp(round(a.n * a.mean) if a.n else 0, a.n, round(b.n * b.mean) if b.n else 0, b.n)


def welch(a: Sample, b: Sample) -> float:
    """Two plain means whose variances may differ (Welch 1947).

    Two arms whose answers are all the same, but not alike, show two values only: p is that of `fisher_midp`.
    """
    if min(a.n, b.n) < 2:
        return 1.0
    of_a, of_b = a.spread / (a.n - 1), b.spread / (b.n - 1)
    if not of_a + of_b:
        return 1.0 if a.mean == b.mean else _midp(0, a.n, b.n, b.n)
    df = (of_a + of_b) ** 2 / (of_a**2 / (a.n - 1) + of_b**2 / (b.n - 1))
    return 2 * float(special.stdtr(df, -abs(a.mean - b.mean) / math.sqrt(of_a + of_b)))


def design_t(a: Sample, b: Sample) -> float:
    """Two shares or means of any design: their difference over its linearised error, covariance included.

    Referred to Student's t on the primary units that hold either group less their strata (Korn & Graubard 1999). Where
    the difference has no error of its own (0 of n against n of n), the score statistic on effective sizes stands in.
    """
    if math.isinf(a.std_error) or math.isinf(b.std_error):
        return 1.0
    alone = a.std_error**2 + b.std_error**2
    variance = alone - 2 * a.covariance(b)
    statistic = abs(a.mean - b.mean) / math.sqrt(variance) if variance > ROUNDING * alone else _score(a, b)
    return 2 * float(special.stdtr(a.design.df_of(a.held, b.held), -statistic))


TESTS: Final[dict[str, Test]] = {
    "score": Test(score, frozenset({"share"}), plain=True),
    "fisher_midp": Test(fisher_midp, frozenset({"share"}), plain=True),
    "welch": Test(welch, frozenset({"mean"}), plain=True),
    "design_t": Test(design_t, frozenset({"share", "mean"}), plain=False),
}


def _score(a: Sample, b: Sample) -> float:
    """The distance of two means over the error it would have, were all answers drawn alike from those of both arms."""
    distance, n_a, n_b = abs(a.mean - b.mean), a.n_eff, b.n_eff
    if not min(n_a, n_b) or not distance:
        return 0.0
    mean = (n_a * a.mean + n_b * b.mean) / (n_a + n_b)
    squares = n_a * (a.spread + (a.mean - mean) ** 2) + n_b * (b.spread + (b.mean - mean) ** 2)
    return distance / math.sqrt(squares / (n_a + n_b) * (1 / n_a + 1 / n_b))


def _midp(yes_a: int, n_a: int, yes_b: int, n_b: int) -> float:
    yes = yes_a + yes_b
    table = np.arange(max(0, yes - n_b), min(n_a, yes) + 1)
    cells = np.array([table, n_a - table, yes - table, n_b - yes + table])
    logs = -special.gammaln(cells + 1).sum(axis=0)
    chance = np.exp(logs - logs.max())
    chance /= chance.sum()
    observed = chance[table == yes_a].sum() / 2
    return 2 * float(min(chance[table < yes_a].sum(), chance[table > yes_a].sum()) + observed)


def _smallest_expected(a: Sample, b: Sample) -> float:
    """The smallest count that the four cells would hold, were the shares equal."""
    if not min(a.n, b.n):
        return 0.0
    yes = a.n * a.mean + b.n * b.mean
    return min(yes, a.n + b.n - yes) * min(a.n, b.n) / (a.n + b.n)
