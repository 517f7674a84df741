"""What R finds of ranks, sets of answers, effect sizes and bands corrected together: compare.R, and scipy beside it."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from impact.association import Found, answers, several_f
from impact.contrasts import CONTRASTS, Estimated
from impact.effects import Side, cohen_d, superiority
from impact.intervals import interval
from impact.multiplicity import max_t
from impact.sample import Design, Sample
from impact.significance import p_value

FOLDER = Path(__file__).parent
# Both sides compute in double precision, in other orders: what they lose stays far below this.
TOLERANCE = 1e-10


def table(name: str) -> pd.DataFrame:
    return pd.read_csv(FOLDER / name, comment="#", keep_default_na=False)


def cases(name: str) -> list:
    return [
        pytest.param(row, id="-".join(str(value) for value in row.values() if isinstance(value, str)))
        for row in table(name).to_dict("records")
    ]


def equal(found: object, expected: object, tolerance: float = TOLERANCE) -> None:
    np.testing.assert_allclose(found, expected, rtol=tolerance, atol=tolerance)


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    """frame.csv with the columns that compare.R adds: answers without ties, two boxes more."""
    found = pd.read_csv(FOLDER / "frame.csv", comment="#")
    number, yes = np.arange(1, len(found) + 1), found["share"] == 1
    return found.assign(
        fine=found["score"] + number * 37 % 241 / 1000,
        box1=(yes & (found["cluster"] % 2 == 0)).astype(float).where(found["share"].notna()),
        box2=((number % 3 == 0) | yes).astype(float).where(found["share"].notna()),
    )


@pytest.fixture(scope="module")
def sample(frame):
    """The answers of a group to a variable, under one of the designs."""
    stratum, cluster = frame["stratum"], frame["cluster"]
    designs = {
        "plain": Design.plain(len(frame)), "weighted": Design.plain(len(frame)),
        "stratified": Design.of(len(frame), stratum=stratum), "clustered": Design.of(len(frame), cluster=cluster),
        "whole": Design.of(len(frame), stratum=stratum, cluster=cluster),
    }  # fmt: skip

    def of(design: str, group: str, answer: pd.Series, kind: str = "mean") -> Sample:
        weight = 1.0 if design in ("plain", "clustered") else frame["weight"]
        return Sample(answer, weight * (frame["group"] == group), designs[design], kind)

    return of


def side(sample: Sample) -> Side:
    return Side(sample, Estimated(sample.mean, sample.std_error, *interval("student", sample, 0.95)))


@pytest.mark.parametrize("row", cases("compare_ranks.csv"))
def test_ranks_are_those_of_svyranktest_and_places_those_of_svytotal(row, frame, sample):
    a, b = (sample(row["design"], row[arm], frame[row["variable"]]) for arm in ("a", "b"))
    equal(p_value("rank_test", a, b), row["p"])
    found = superiority(side(a), side(b), 0.95)
    equal(
        [found.estimate, found.std_error, found.low, found.high],
        [row["chance"], row["error"], row["low"], row["high"]],
    )


@pytest.mark.parametrize(("a", "b"), [("a", "b"), ("a", "c"), ("b", "c")])
@pytest.mark.parametrize("variable", ["score", "fine"])
def test_plain_ranks_are_those_of_brunner_and_munzel_in_scipy(a, b, variable, frame, sample):
    one, other = (sample("plain", group, frame[variable]) for group in (a, b))
    expected = stats.brunnermunzel(one.y, other.y)
    equal(p_value("brunner_munzel", one, other), expected.pvalue)
    found = superiority(side(one), side(other), 0.95)
    chance = stats.mannwhitneyu(one.y, other.y).statistic / (one.n * other.n)
    equal([found.estimate, found.std_error], [chance, abs((chance - 0.5) / expected.statistic)])


@pytest.mark.parametrize("row", cases("compare_effects.csv"))
def test_effect_sizes_are_those_of_svyvar_by_bonett(row, frame, sample):
    a, b = (sample(row["design"], row[arm], frame["score"]) for arm in ("a", "b"))
    found = cohen_d(side(a), side(b), 0.95)
    equal([found.estimate, found.std_error], [row["d"], row["error"]])


def test_an_effect_size_as_bonett_prints_its_interval():
    """Bonett (2008), eq. 10 and 12, for two plain arms: the error from both variances, d itself included."""
    rng = np.random.default_rng(8)
    y, inside = np.concatenate([rng.normal(1, 2, 40), rng.normal(0, 1, 55)]), np.arange(95) < 40
    design = Design.plain(95)
    a, b = (Sample(y, rows, design, "mean") for rows in (inside, ~inside))
    found = cohen_d(side(a), side(b), 0.95)
    v, n = np.array([a.y.var(ddof=1), b.y.var(ddof=1)]), np.array([40, 55])
    s = math.sqrt(v.mean())
    d = (a.y.mean() - b.y.mean()) / s
    own = d**2 * (v**2 / (n - 1)).sum() / (8 * s**4)
    # R's variance of a plain domain is v (n - 1) / n^2 times 95 / 94 where Bonett has v / (n - 1).
    gap = (v * (n - 1) / n**2 * 95 / 94).sum() / s**2
    equal([found.estimate, found.std_error], [d, math.sqrt(gap + own)])
    reach = stats.norm.isf(0.025) * math.sqrt((v / (n - 1)).sum() / s**2 + own)
    equal(
        [found.low, found.high], [d - reach, d + reach], 0.02
    )  # Student's limits of each mean, in place of normal ones


def of_table(found: Found | None, row: dict) -> None:
    assert found is not None
    equal([found.f, found.df, found.denominator, found.p], [row["f"], row["ndf"], row["ddf"], row["p"]])


@pytest.mark.parametrize("row", cases("compare_sets.csv"))
def test_several_answers_are_those_of_svytotal_and_satterthwaite(row, frame, sample):
    boxes = ("share", "box1", "box2")
    arms = [answers([sample(row["design"], row[arm], frame[box], "share") for box in boxes], whole=False)
            for arm in ("a", "b")]  # fmt: skip
    of_table(several_f(*arms), row)


def plain_arm(yes: int, n: int) -> Estimated:
    arm = Sample(np.arange(n) < yes, kind="share")
    return Estimated(arm.mean, arm.std_error, *interval("wilson", arm, 0.95))


@pytest.mark.parametrize("row", table("compare_pairs.csv").to_dict("records"))
def test_measures_of_two_plain_shares_are_those_of_epir_and_of_score_limits(row):
    arms = plain_arm(row["yes_a"], row["n_a"]), plain_arm(row["yes_b"], row["n_b"])
    found = {name: CONTRASTS[name].between(*arms, 0.0) for name in ("ratio", "odds_ratio", "cohen_h")}
    equal([found["ratio"].estimate, found["odds_ratio"].estimate], [row["risk_ratio"], row["odds_ratio"]])
    for name, prefix in (("ratio", "ratio"), ("odds_ratio", "odds"), ("cohen_h", "h")):
        equal([found[name].low, found[name].high], [row[f"{prefix}_low"], row[f"{prefix}_high"]])
    equal(found["cohen_h"].estimate, row["h"])


@pytest.mark.parametrize("row", table("compare_pairs.csv").to_dict("records"))
def test_exact_tests_of_two_plain_shares_are_those_of_r_and_scipy(row):
    n_a, n_b = row["n_a"], row["n_b"]
    y = np.concatenate([np.arange(n_a) < row["yes_a"], np.arange(n_b) < row["yes_b"]])
    inside, design = np.arange(n_a + n_b) < n_a, Design.plain(n_a + n_b)
    a, b = Sample(y, inside, design, "share"), Sample(y, ~inside, design, "share")
    equal(p_value("fisher_midp", a, b), row["fisher_midp"])
    if a.mean != b.mean and n_a < 50:
        yes = [row["yes_a"], row["yes_b"]]
        expected = stats.boschloo_exact([yes, [n_a - yes[0], n_b - yes[1]]]).pvalue
        # scipy looks for the worst common share from points that depend on the order of the columns.
        equal(p_value("boschloo", a, b), expected, 1e-6)


@pytest.mark.parametrize(("yes_a", "n_a", "yes_b", "n_b"), [(3, 7, 6, 7), (1, 6, 5, 8)])
def test_boschloo_is_fisher_at_the_worst_common_share(yes_a, n_a, yes_b, n_b):
    """Every table of the two sizes, Fisher's one-sided p of each as its rank, on a fine grid of common shares."""
    y = np.concatenate([np.arange(n_a) < yes_a, np.arange(n_b) < yes_b])
    inside, design = np.arange(n_a + n_b) < n_a, Design.plain(n_a + n_b)
    found = p_value("boschloo", Sample(y, inside, design, "share"), Sample(y, ~inside, design, "share"))
    i, j = np.meshgrid(np.arange(n_a + 1), np.arange(n_b + 1), indexing="ij")
    fisher = stats.hypergeom.cdf(i, n_a + n_b, i + j, n_a)  # the first arm so low or lower: it has the smaller share
    extreme = fisher <= fisher[yes_a, yes_b] * (1 + 1e-12)
    common = np.linspace(0, 1, 20_001)[:, None, None]
    chance = (stats.binom.pmf(i, n_a, common) * stats.binom.pmf(j, n_b, common) * extreme).sum(axis=(1, 2)).max()
    assert found == pytest.approx(2 * chance, rel=1e-6)  # the grid of shares


@pytest.mark.parametrize("case", table("compare_bands.csv")["case"].unique())
def test_three_groups_in_one_step_are_those_of_multcomp(case):
    rows = table("compare_bands.csv").query("case == @case")
    df = float(str(rows["df"].iloc[0]).replace("Inf", "inf"))
    found = max_t(rows["p"], rows[["v1", "v2", "v3"]], df)
    # Integrals within integrals are told to 1e-10 of 1, a small chance as its distance from 1.
    np.testing.assert_allclose(found, rows["exact"], rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(found, rows["single_step"], atol=2e-6)  # multcomp's lattice stops at 1e-7 to 1e-6


@pytest.mark.parametrize("df", [3, 12, 100])
@pytest.mark.parametrize("t", [0.5, 2.0, 3.5])
def test_three_even_groups_in_one_step_are_those_of_tukey_in_scipy(df, t):
    contrasts = np.array([[1, 0, -1], [0, 1, -1], [1, -1, 0]])
    found = max_t([2 * stats.t.sf(t, df)] * 3, contrasts @ contrasts.T, df)
    np.testing.assert_allclose(found, stats.studentized_range.sf(t * math.sqrt(2), 3, df), rtol=1e-8)


def test_one_contrast_alone_is_left_as_it_is():
    equal(max_t([0.03], [[2.0]], 7), [0.03])
    equal(max_t([0.03, 0.2], np.ones((2, 2)), math.inf), [0.03, 0.2])  # the same contrast twice
