"""Adjusted comparisons as R finds them by textbook formulas, on a synthetic frame and on JOBS II."""

from functools import cache, partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from statsmodels.genmod.families import Binomial
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.regression.linear_model import WLS

from impact.adjust import ADJUSTMENTS
from impact.adjust.arms import Outcome, weighted_mean
from impact.adjust.balance import QUANTILES, balance, effective, quantiles
from impact.adjust.covariates import Covariate
from impact.adjust.weighting import overlap, pair_of
from impact.sample import Design
from impact.significance import p_value

FOLDER = Path(__file__).parent
# R takes derivatives by differences, which cost it three or four digits.
TOLERANCE = 1e-8
COVARIATES = {
    "frame": ("age", "sex", "place"),
    "jobs": ("econ_hard", "depress1", "sex", "age", "nonwhite", "income", "educ"),
}
WEIGHTED = ("weighted", "stratified", "whole")
STRATIFIED, CLUSTERED = ("stratified", "whole"), ("clustered", "whole")
SHARES = ("share", "rare", "work")
ARM = ("design", "adjustment", "variable")


@cache
def table(name):
    """An empty category is a number's, an empty answer of the frame none."""
    missing = [""] if name == "adjust_frame.csv" else ["NA"]
    return pd.read_csv(FOLDER / name, comment="#", keep_default_na=False, na_values=missing)


def cases(name, *keys):
    rows = table(name)[list(keys)].drop_duplicates()
    return [pytest.param(*row, id="-".join(row)) for row in rows.itertuples(index=False)]


def equal(found, expected):
    np.testing.assert_allclose(found, expected, rtol=TOLERANCE, atol=TOLERANCE)


def covariate(frame, name):
    answers = frame[name]
    missing = answers.isna().to_numpy()
    if pd.api.types.is_numeric_dtype(answers):
        return Covariate(name, answers.to_numpy(dtype=float), {}, missing)
    marks = {code: (answers == code).to_numpy() for code in sorted(answers.dropna().unique())}
    return Covariate(name, None, marks, missing)


@pytest.fixture(scope="module")
def jobs(shared):
    frame = pd.read_csv(shared / "causal_jobs" / "jobs.csv")
    return frame.assign(group=np.where(frame["treat"] == 1, "a", "b"), work=(frame["work1"] == "psyemp").astype(float))


@pytest.fixture
def laid_out(request):
    """The frame, its covariates and the pair of its groups a and b, under one of the designs."""

    def of(name):
        frame = request.getfixturevalue("jobs") if name == "jobs" else table("adjust_frame.csv")
        weight = frame["weight"].to_numpy() if name in WEIGHTED else np.ones(len(frame))
        design = Design.of(
            len(frame),
            stratum=frame["stratum"] if name in STRATIFIED else None,
            cluster=frame["cluster"] if name in CLUSTERED else None,
        )
        covariates = tuple(map(partial(covariate, frame), COVARIATES["jobs" if name == "jobs" else "frame"]))
        groups = tuple(np.where(frame["group"] == group, weight, 0.0) for group in ("a", "b"))
        return frame, covariates, pair_of(covariates, groups, design)

    return of


@pytest.mark.parametrize(
    ("design", "adjustment", "variable"), cases("adjust_arms.csv", "design", "adjustment", "variable")
)
def test_arms_their_errors_and_what_sets_them_apart_are_those_of_r(design, adjustment, variable, laid_out):
    rows = table("adjust_arms.csv").query("design == @design and adjustment == @adjustment and variable == @variable")
    (expected,) = rows.to_dict("records")
    frame, _, pair = laid_out(design)
    outcome = Outcome(frame[variable].to_numpy(dtype=float), "share" if variable in SHARES else "mean")
    made = ADJUSTMENTS[adjustment]
    weighting = made.weigh(pair)
    a, b = (made.arm(pair, weighting, outcome, inside) for inside in (True, False))
    assert (a.df, b.df) == (expected["df_a"], expected["df_b"])
    equal([a.mean, b.mean], [expected["mean_a"], expected["mean_b"]])
    equal([a.std_error, b.std_error], [expected["error_a"], expected["error_b"]])
    equal(a.correlation(b), expected["correlation"])
    equal(p_value("design_t", a, b), expected["p"])


@pytest.mark.parametrize(("design", "adjustment"), cases("adjust_balance.csv", "design", "adjustment"))
def test_balance_and_effective_sizes_are_those_of_r(design, adjustment, laid_out):
    _, covariates, pair = laid_out(design)
    weights = pair.weight if adjustment == "none" else ADJUSTMENTS[adjustment].weigh(pair).weights
    found = {(line.covariate, line.category): line for line in balance(covariates, pair, weights)}
    rows = table("adjust_balance.csv").query("design == @design and adjustment == @adjustment").to_dict("records")
    assert list(found) == [(row["covariate"], row["category"]) for row in rows]
    for row in rows:
        line = found[row["covariate"], row["category"]]
        assert line.n == (row["n_a"], row["n_b"])
        equal(line.means, [row["mean_a"], row["mean_b"]])
        equal([line.difference, line.ratio], [row["std_difference"], row["variance_ratio"]])
        equal(effective(pair, weights), [row["effective_a"], row["effective_b"]])


def test_the_balance_of_the_groups_as_they_are_is_that_of_matchit(laid_out):
    """Which standardises for the two groups together by the mean of their variances, as here for every adjustment."""
    _, covariates, pair = laid_out("jobs")
    found = {line.covariate + line.category: line for line in balance(covariates, pair, pair.weight)}
    for row in table("adjust_matchit.csv").to_dict("records"):
        line = found[row["term"]]
        equal(line.means, [row["mean_a"], row["mean_b"]])
        equal([line.difference, line.ratio], [row["std_difference"], row["variance_ratio"]])


@pytest.mark.parametrize("design", table("adjust_overlap.csv")["design"].unique())
def test_quantiles_of_the_propensity_are_those_of_r(design, laid_out):
    pair = laid_out(design)[2]
    rows = table("adjust_overlap.csv").query("design == @design")
    for arm, inside in (("a", True), ("b", False)):
        of_arm = rows[rows["arm"] == arm]
        assert tuple(of_arm["quantile"]) == QUANTILES
        equal(quantiles(pair, inside), of_arm["propensity"])


@pytest.mark.parametrize("design", ["plain", "weighted"])
def test_the_propensity_is_that_of_statsmodels(design, laid_out):
    pair = laid_out(design)[2]
    model = GLM(pair.inside.astype(float), pair.x, family=Binomial(), freq_weights=pair.weight)
    equal(pair.chances, model.fit(tol=1e-14, maxiter=100).fittedvalues)


@pytest.mark.parametrize("design", ["plain", "weighted"])
def test_overlap_weights_over_one_closed_question_are_its_regression(design, laid_out):
    """Least squares with one dummy a level weighs the levels by the variance of belonging, as overlap weights do
    (Angrist 1998)."""
    frame, covariates, pair = laid_out(design)
    place = [one for one in covariates if one.name == "place"]
    groups = tuple(_on_frame(pair, np.where(pair.inside == side, pair.weight, 0.0)) for side in (True, False))
    pair = pair_of(tuple(place), groups, pair.design)
    y = frame["score"].fillna(3.0).to_numpy()
    a, b = (weighted_mean(pair, overlap(pair), Outcome(y, "mean"), inside) for inside in (True, False))
    model = WLS(y[pair.rows], np.column_stack([pair.inside, pair.x]), weights=pair.weight)
    equal(a.mean - b.mean, model.fit().params[0])


def _on_frame(pair, values):
    whole = np.zeros(pair.design.rows)
    whole[pair.rows] = values
    return whole


def test_every_adjustment_has_an_oracle():
    assert set(table("adjust_arms.csv")["adjustment"]) == set(ADJUSTMENTS)
