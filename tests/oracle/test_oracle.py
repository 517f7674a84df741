"""What R and statsmodels find on the same answers; the CSV files' first lines name script, software and version."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import normal_sample_size_one_tail
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from impact.contrasts import CONTRASTS, Estimated, detectable, difference, ratio
from impact.intervals import INTERVALS, interval
from impact.multiplicity import benjamini_hochberg, holm
from impact.sample import Design, Sample
from impact.significance import p_value

FOLDER = Path(__file__).parent

# Both sides compute in double precision, in other orders: what they lose stays far below this.
TOLERANCE = 1e-10

WEIGHTED = ("weighted", "stratified", "whole")


def table(name: str) -> pd.DataFrame:
    return pd.read_csv(FOLDER / name, comment="#", keep_default_na=False, na_values={"score": "", "share": ""})


def cases(name: str) -> list:
    rows = table(name).to_dict("records")
    return [
        pytest.param(row, id="-".join(str(value) for value in row.values() if isinstance(value, str | int)))
        for row in rows
    ]


def equal(found: object, expected: object) -> None:
    np.testing.assert_allclose(found, expected, rtol=TOLERANCE, atol=TOLERANCE)


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return table("frame.csv")


@pytest.fixture(scope="module")
def designs(frame: pd.DataFrame) -> dict[str, Design]:
    rows, stratum, cluster = len(frame), frame["stratum"], frame["cluster"]
    return {
        "plain": Design.plain(rows),
        "weighted": Design.plain(rows),
        "stratified": Design.of(rows, stratum=stratum),
        "clustered": Design.of(rows, cluster=cluster),
        "whole": Design.of(rows, stratum=stratum, cluster=cluster),
    }


@pytest.fixture(scope="module")
def sample(frame, designs):
    """The answers of a group to a variable, under one of the designs."""

    def of(design: str, group: str, variable: str) -> Sample:
        weight = frame["weight"] if design in WEIGHTED else np.ones(len(frame))
        inside = np.ones(len(frame), dtype=bool) if group == "all" else frame["group"] == group
        return Sample(frame[variable], weight * inside, designs[design])

    return of


@pytest.mark.parametrize("row", cases("survey_means.csv"))
def test_mean_error_and_df_are_those_of_svymean_on_the_domain(row, sample):
    found = sample(row["design"], row["group"], row["variable"])
    assert found.n == row["n"]
    assert found.df == row["df"]
    equal([found.mean, found.std_error], [row["mean"], row["std_error"]])
    if found.kind == "mean":
        equal(interval("student", found, 0.95), [row["student_low"], row["student_high"]])


@pytest.mark.parametrize("row", cases("survey_intervals.csv"))
def test_intervals_under_a_design_are_those_of_svyciprop(row, sample):
    found = interval(row["interval"], sample(row["design"], row["group"], row["variable"]), row["level"])
    equal(found, [row["low"], row["high"]])


@pytest.mark.parametrize("row", cases("survey_contrasts.csv"))
def test_contrasts_of_groups_that_share_clusters_have_the_error_of_svycontrast(row, sample):
    a, b = (sample(row["design"], row[arm], row["variable"]) for arm in ("a", "b"))
    arms = [Estimated(arm.mean, arm.std_error, arm.mean, arm.mean) for arm in (a, b)]
    found = {name: CONTRASTS[name].between(*arms, a.correlation(b)) for name in ("difference", "ratio")}
    equal(
        [
            found["difference"].estimate,
            found["difference"].std_error,
            found["ratio"].estimate,
            found["ratio"].std_error,
        ],
        [row["difference"], row["difference_error"], row["ratio"], row["ratio_error"]],
    )
    assert a.design.df(a.rows, b.rows) == row["df"]
    equal(p_value("design_t", a, b), row["p"])


def plain_share(yes: int, n: int) -> Sample:
    return Sample(np.arange(n) < yes)


@pytest.mark.parametrize("row", cases("base_shares.csv"))
def test_intervals_of_plain_shares_are_those_of_r(row):
    found = interval(row["interval"], plain_share(row["yes"], row["n"]), row["level"])
    equal(found, [row["low"], row["high"]])


@pytest.mark.parametrize("method", ["wilson", "beta", "jeffreys", "agresti_coull"])
@pytest.mark.parametrize(("yes", "n"), [(0, 30), (1, 30), (15, 148), (30, 30), (5, 7)])
@pytest.mark.parametrize("level", [0.8, 0.95])
def test_intervals_of_plain_shares_are_those_of_statsmodels(method, yes, n, level):
    low, high = proportion_confint(yes, n, 1 - level, method)
    if method == "jeffreys":  # statsmodels leaves the ends of 0 and n open, Brown, Cai & DasGupta close them
        low, high = 0 if yes == 0 else low, 1 if yes == n else high
    equal(interval(method, plain_share(yes, n), level), [low, high])


@pytest.mark.parametrize("method", ["jeffreys", "agresti_coull"])
@pytest.mark.parametrize("group", ["all", "a", "b"])
def test_methods_without_an_r_function_are_those_of_statsmodels_on_the_effective_size(method, group, sample):
    found = sample("whole", group, "share")
    size = found.mean * (1 - found.mean) / found.std_error**2
    assert size < found.n
    if method == "jeffreys":
        size *= (stats.t.ppf(0.975, found.n - 1) / stats.t.ppf(0.975, found.df)) ** 2
        alpha = 0.05
    else:
        alpha = 2 * stats.norm.sf(stats.t.ppf(0.975, found.df))
    equal(interval(method, found, 0.95), proportion_confint(size * found.mean, size, alpha, method))


@pytest.mark.parametrize("design", ["plain", "weighted", "clustered", "whole"])
@pytest.mark.parametrize("group", ["all", "a", "b"])
def test_score_limits_on_a_scale_are_wilson_of_statsmodels_at_the_size_that_the_error_tells(design, group, sample):
    found = sample(design, group, "score")
    low, high = -1.0, 12.0
    found.bounds = (low, high)
    place, error = (found.mean - low) / (high - low), found.std_error / (high - low)
    size, alpha = place * (1 - place) / error**2, 2 * stats.norm.sf(stats.t.ppf(0.975, found.df))
    limits = proportion_confint(size * place, size, alpha, "wilson")
    equal(interval("scale_score", found, 0.95), [low + limit * (high - low) for limit in limits])


def test_each_interval_has_an_oracle():
    asked = set(table("base_shares.csv")["interval"]) | set(table("survey_intervals.csv")["interval"])
    assert asked | {"agresti_coull", "student", "scale_score"} == set(INTERVALS)


def two_plain(yes_a: int, n_a: int, yes_b: int, n_b: int) -> tuple[Sample, Sample]:
    """Two shares of one frame, nobody in both."""
    answers = np.concatenate([np.arange(n_a) < yes_a, np.arange(n_b) < yes_b])
    in_a, design = np.arange(n_a + n_b) < n_a, Design.plain(n_a + n_b)
    return Sample(answers, in_a, design), Sample(answers, ~in_a, design)


@pytest.mark.parametrize("row", cases("base_pairs.csv"))
@pytest.mark.parametrize("test", ["score", "fisher_midp"])
def test_p_of_two_plain_shares_is_that_of_r(row, test):
    equal(p_value(test, *two_plain(row["yes_a"], row["n_a"], row["yes_b"], row["n_b"])), row[test])


@pytest.mark.parametrize("row", cases("base_pairs.csv"))
def test_difference_of_two_plain_shares_is_newcombe_of_statsmodels(row):
    counts = row["yes_a"], row["n_a"], row["yes_b"], row["n_b"]
    a, b = two_plain(*counts)
    arms = [Estimated(arm.mean, arm.std_error, *interval("wilson", arm, 0.95)) for arm in (a, b)]
    assert a.correlation(b) == 0
    found = difference(*arms)
    equal([found.low, found.high], confint_proportions_2indep(*counts, method="newcomb", compare="diff"))


@pytest.mark.parametrize("row", cases("base_means.csv"))
def test_welch_is_that_of_r(row, sample):
    equal(p_value("welch", *(sample("plain", row[arm], "score") for arm in ("a", "b"))), row["welch"])


def test_corrections_are_those_of_r_and_statsmodels():
    expected = table("base_adjusted.csv")
    for correct, column, method in ((holm, "holm", "holm"), (benjamini_hochberg, "benjamini_hochberg", "fdr_bh")):
        equal(correct(expected["p"]), expected[column])
        equal(correct(expected["p"]), multipletests(expected["p"], method=method)[1])


@pytest.mark.parametrize("row", cases("base_power.csv"))
def test_detectable_difference_of_equal_arms_is_that_of_power_prop_test(row):
    equal(detectable(row["share"], row["n"], row["n"], row["level"], row["power"]), row["detectable"])


@pytest.mark.parametrize(("share", "n_a", "n_b"), [(0.4, 60, 103), (0.4, 30, 103), (0.19, 163, 174), (0.4, 150, 190)])
def test_detectable_difference_of_unequal_arms_needs_the_sizes_of_statsmodels(share, n_a, n_b):
    other = share + detectable(share, n_a, n_b, 0.95)
    pooled = (n_a * other + n_b * share) / (n_a + n_b)
    none = np.sqrt(pooled * (1 - pooled) * (1 + n_a / n_b))
    some = np.sqrt(other * (1 - other) + share * (1 - share) * n_a / n_b)
    equal(normal_sample_size_one_tail(other - share, 0.8, 0.025, std_null=none, std_alternative=some), n_a)


@pytest.mark.parametrize("correlation", [-0.6, 0.0, 0.5, 0.9])
def test_ratio_of_arms_with_symmetric_limits_is_fieller(correlation):
    # Fieller (1954): the R for which |a - R b| is its own reach, sqrt(x^2 + R^2 y^2 - 2 correlation R x y).
    a, b, x, y = 0.5, 0.4, 0.1, 0.08
    roots = np.roots([b**2 - y**2, -2 * (a * b - correlation * x * y), a**2 - x**2])
    found = ratio(Estimated(a, 0.0, a - x, a + x), Estimated(b, 0.0, b - y, b + y), correlation)
    equal([found.low, found.high], sorted(roots))


@pytest.mark.parametrize("row", cases("apistrat.csv"))
def test_school_sample_is_that_of_svymean(row, shared):
    schools = pd.read_csv(shared / "survey_api" / "apistrat.csv")
    answers = schools[row["variable"]]
    if row["answer"]:
        answers = (answers == row["answer"]).astype(float).where(answers.notna())
    inside = schools[row["by"]] == row["group"] if row["by"] else np.ones(len(schools), dtype=bool)
    found = Sample(answers, schools["pw"] * inside, Design.of(len(schools), stratum=schools["stype"]))
    assert (found.n, found.df) == (row["n"], row["df"])
    equal([found.mean, found.std_error], [row["mean"], row["std_error"]])
