"""What R's survey finds in a sample of two stages and, by the public path, in the bundled study under five designs."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import impact
from impact.contrasts import CONTRASTS, Estimated
from impact.sample import Design, Sample
from impact.significance import p_value
from tests.oracle import default

FOLDER = Path(__file__).parent

# Both sides compute in double precision, in other orders: what they lose stays far below this.
TOLERANCE = 1e-10
BY = "renoncement"  # the question that figures are broken down by

# What each design of default.R takes from the frame.
DESIGNS = {
    "plain": (), "weighted": ("weight",), "stratified": ("stratum",), "clustered": ("cluster",),
    "whole": ("weight", "stratum", "cluster"),
}  # fmt: skip


def table(name: str) -> pd.DataFrame:
    return pd.read_csv(FOLDER / name, comment="#", keep_default_na=False, na_values={"rao_scott": "NA"})


def cases(name: str) -> list:
    return [
        pytest.param(row, id="-".join(str(value) for value in row.values() if isinstance(value, str)))
        for row in table(name).to_dict("records")
    ]


def equal(found: object, expected: object) -> None:
    np.testing.assert_allclose(found, expected, rtol=TOLERANCE, atol=TOLERANCE)


@pytest.fixture(scope="module")
def schools(shared):
    """The answers of a group of schools to a variable; an answer's share, or the mean of a number."""
    frame = pd.read_csv(shared / "survey_api" / "apiclus2.csv")
    design = Design.of(len(frame), cluster=frame["dnum"])

    def of(by: str, group: str, variable: str, answer: str) -> Sample:
        answers = frame[variable]
        if answer:
            answers = (answers == answer).astype(float).where(answers.notna())
        inside = frame[by] == group if by else np.ones(len(frame), dtype=bool)
        return Sample(answers, frame["pw"] * inside, design)

    return of


@pytest.mark.parametrize("row", cases("apiclus2.csv"))
def test_schools_within_districts_have_the_mean_of_svymean(row, schools):
    found = schools(row["by"], row["group"], row["variable"], row["answer"])
    assert (found.n, found.df) == (row["n"], row["df"])
    equal([found.mean, found.std_error], [row["mean"], row["std_error"]])


@pytest.mark.parametrize("row", cases("apiclus2_contrasts.csv"))
def test_groups_that_share_districts_differ_as_svycontrast_says(row, schools):
    a, b = (schools(row["by"], row[arm], row["variable"], row["answer"]) for arm in ("a", "b"))
    arms = [Estimated(arm.mean, arm.std_error, arm.mean, arm.mean) for arm in (a, b)]
    for name in ("difference", "ratio"):
        found = CONTRASTS[name].between(*arms, a.correlation(b))
        equal([found.estimate, found.std_error], [row[name], row[f"{name}_error"]])
    assert a.design.df(a.rows, b.rows) == row["df"]
    if row["answer"]:
        equal(p_value("rao_scott", a, b), row["rao_scott"])


@pytest.fixture(scope="module")
def study() -> impact.Study:
    return impact.read_study(default.STUDY)


@pytest.fixture(scope="module")
def responses(study) -> impact.Responses:
    return impact.normalise(impact.load(study), study)


@pytest.fixture(scope="module", params=DESIGNS)
def drawn(request, study, responses) -> tuple[str, impact.Results]:
    """A design of default.R and what `analyse` finds in the bundled study under it."""
    frame = table("default_frame.csv")
    blank = {"weight": 1.0, "stratum": "", "cluster": ""}
    taken = DESIGNS[request.param]
    people = responses.people.assign(**blank | {name: frame[name] for name in taken})
    design = study.design.model_copy(update={name: name if name in taken else "" for name in blank})
    analysis = study.analysis.model_copy(update={"breakdowns": (BY,)})
    inside = study.disclosure.model_copy(update={"audience": "internal"})  # R's groups and errors are the frame's own
    asked = replace(study, design=design, analysis=analysis, disclosure=inside)
    return request.param, impact.analyse(replace(responses, people=people), asked)


def under(design: str, name: str) -> pd.DataFrame:
    rows = table(name)
    return rows[rows["design"] == design]


def beside(expected: pd.DataFrame, found: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """R's rows beside those found, none left alone."""
    both = expected.merge(found, on=keys, suffixes=("_r", ""), validate="one_to_one")
    assert 0 < len(both) == len(expected)
    return both


def test_the_frame_that_r_read_is_what_the_loaders_read(responses):
    found = default.frame(responses).astype(str)
    committed = pd.read_csv(FOLDER / "default_frame.csv", comment="#", dtype=str, keep_default_na=False)
    pd.testing.assert_frame_equal(committed, found)


def test_the_bundled_study_has_the_levels_of_svymean(drawn):
    design, found = drawn
    expected = under(design, "default_means.csv")
    both = beside(expected, found.estimates, ["indicator", "group"])
    assert (both["n"] == both["n_r"]).all()
    assert (both["df"] == both["df_r"]).all()
    equal(both["estimate"], both["mean"])
    equal(both["std_error"], both["std_error_r"])


def test_the_bundled_study_broken_down_has_the_domains_of_svymean(drawn):
    design, found = drawn
    both = beside(under(design, "default_breakdowns.csv"), found.breakdowns, ["indicator", "group", "choice"])
    assert (both["n"] == both["n_r"]).all()
    assert (both["df"] == both["df_r"]).all()
    equal(both["estimate"], both["mean"])
    equal(both["std_error"], both["std_error_r"])


@pytest.mark.parametrize("measure", ["difference", "ratio"])
def test_the_bundled_study_has_the_contrasts_of_svycontrast(drawn, measure):
    design, found = drawn
    expected = under(design, "default_contrasts.csv")
    if measure == "ratio":
        expected = expected[expected["rao_scott"].notna()]  # shares: means have no ratio here
    crude = found.comparisons.query("measure == @measure and adjustment == 'none'")
    both = beside(expected, crude, ["indicator", "group", "reference"])
    equal(both["estimate"], both[measure])
    equal(both["std_error"], both[f"{measure}_error"])
    tested = both[both["test"] == "rao_scott"]
    assert tested.empty == (design == "plain")
    equal(tested["p"], tested["rao_scott"])


def test_the_bundled_study_has_the_joint_tests_of_svychisq(drawn):
    design, found = drawn
    expected = under(design, "default_tests.csv")
    sets = found.options.query("choice == '' and status == 'shown'")
    both = beside(expected, sets, ["question", "group", "reference"])
    tested = both[both["test"] == "rao_scott"]
    assert tested.empty == (design == "plain")
    equal(tested["p"], tested["p_r"])
