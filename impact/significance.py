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

from impact import ranks
from impact.association import answers, rao_scott_f
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


def choose(a: Sample, b: Sample, ordered: bool = False) -> str:
    """The test for two samples by default: exact where a cell is small, of ranks for `ordered` answers, of the design
    where there is one."""
    plain = a.plain and b.plain
    if a.kind == "share":
        return "rao_scott" if not plain else "fisher_midp" if _smallest_expected(a, b) < SMALL_CELL else "score"
    if ordered:
        return "brunner_munzel" if plain else "rank_test"
    return "welch" if plain else "design_t"


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


def boschloo(a: Sample, b: Sample) -> float:
    """Two plain shares given the two sizes only: Fisher's one-sided p as the statistic, at the common share that makes
    it largest, the smaller side doubled (Boschloo 1970; scipy's boschloo_exact). Slow in large groups: on request.
    """
    from scipy import stats  # noqa: PLC0415 – half a second to load, for a test that few studies ask for

    arms = sorted((round(arm.n * arm.mean) if arm.n else 0, arm.n) for arm in (a, b))
    yes, no = [count for count, _ in arms], [n - count for count, n in arms]
    if not min(a.n, b.n) or a.mean == b.mean:  # equal shares, none or all of both included: no table is less unlikely
        return 1.0
    return float(stats.boschloo_exact([yes, no]).pvalue)


def brunner_munzel(a: Sample, b: Sample) -> float:
    """Two plain arms of ordered answers: whether those of one are as often above those of the other as below.

    Student's t on the degrees of freedom of Brunner & Munzel (2000). Where all answers of one arm are above all of the
    other, only one way of sharing them out does this: p is that of `fisher_midp` for such a split.
    """
    if min(a.n, b.n) < 2:
        return 1.0
    found = ranks.superiority(a, b)
    if not found.known:
        return 1.0 if abs(found.chance - 0.5) < ROUNDING else _midp(0, a.n, b.n, b.n)
    return 2 * float(special.stdtr(found.df, -abs(found.chance - 0.5) / found.std_error))


def rank_test(a: Sample, b: Sample) -> float:
    """Ordered answers of any design: Wilcoxon's test on ranks weighted as the answers are (Lumley & Scott 2013).

    Two arms whose answers are all the same, but not alike, fall to the score statistic on effective sizes.
    """
    found = ranks.rank_difference(a, b) if a.n and b.n else None
    if found is None or math.isinf(found.std_error):
        return 1.0
    if not found.std_error:
        return _p_of_score(a, b)
    return 2 * float(special.stdtr(found.df, -abs(found.chance - 0.5) / found.std_error))


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
    if not variance > ROUNDING * alone:
        return _p_of_score(a, b)
    return 2 * float(special.stdtr(a.design.df_of(a.held, b.held), -abs(a.mean - b.mean) / math.sqrt(variance)))


def rao_scott(a: Sample, b: Sample) -> float:
    """Two shares of any design: Pearson's chi-square of the table of arm by answer over what the design makes of it,
    referred to F on the design's degrees of freedom (Rao & Scott 1984; Thomas & Rao 1987; R survey's svychisq).

    Where the design shows no error (0 of n against n of n), the score statistic on effective sizes stands in.
    """
    if math.isinf(a.std_error) or math.isinf(b.std_error):
        return 1.0
    found = rao_scott_f(answers([a]), answers([b])) if a.std_error or b.std_error else None
    return _p_of_score(a, b) if found is None else found.p


TESTS: Final[dict[str, Test]] = {
    "score": Test(score, frozenset({"share"}), plain=True),
    "fisher_midp": Test(fisher_midp, frozenset({"share"}), plain=True),
    "boschloo": Test(boschloo, frozenset({"share"}), plain=True),
    "rao_scott": Test(rao_scott, frozenset({"share"}), plain=False),
    "welch": Test(welch, frozenset({"mean"}), plain=True),
    "brunner_munzel": Test(brunner_munzel, frozenset({"mean"}), plain=True),
    "rank_test": Test(rank_test, frozenset({"mean"}), plain=False),
    "design_t": Test(design_t, frozenset({"share", "mean"}), plain=False),
}


def _p_of_score(a: Sample, b: Sample) -> float:
    """The score statistic on effective sizes, referred to Student's t on the design's degrees of freedom."""
    return 2 * float(special.stdtr(a.design.df_of(a.held, b.held), -_score(a, b)))


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
