"""What other tools are known to get wrong, each as a test that would catch it here, on the path from export to table.

Each test says whose failure it is and what goes wrong there.
"""

from collections.abc import Sequence
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from impact.analyse import analyse
from impact.contrasts import Estimated, ratio
from impact.intervals import INTERVALS, interval
from impact.model import Results
from impact.normalise import normalise
from impact.protect import protect
from impact.sample import Sample
from impact.study import Study
from tests.unit._exports import YES_NO, export, study

ORACLE = Path(__file__).parents[1] / "oracle"
ABSENCE = {"id": "absence", "kind": "single", "text": "Absence", "choices": YES_NO}
SHARE = {"id": "absents", "dimension": "d", "kind": "share", "label": "L", "question": "absence", "counts": ["oui"]}
WEIGHT = {"id": "poids", "kind": "number", "text": "Poids"}
MONTHS = {"id": "mois", "kind": "number", "text": "Mois"}
BOTH = [{"file": "a.csv", "group": {"column": "Mentor", "mentored": ["1"], "non_mentored": ["0"]}}]
FIGURES = ["estimate", "std_error", "low", "high"]


def found(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    questions: Sequence[dict],
    indicators: Sequence[dict],
    **tables,
) -> tuple[Results, Study]:
    made = study(questions, indicators, source=BOTH, **tables)
    return analyse(normalise([export(headings, rows)], made), made), made


def shares(*arms: tuple[str, int, int]) -> list[list[str]]:
    """Rows of (mentored or not, how many, how many say yes)."""
    return [[group, "oui" if i < yes else "non"] for group, n, yes in arms for i in range(n)]


def absences(*arms: tuple[str, int, int], **tables) -> Results:
    return found(("Mentor", "Absence"), shares(*arms), [ABSENCE], [SHARE], **tables)[0]


def only(frame: pd.DataFrame, **where: object) -> pd.Series:
    for column, value in where.items():
        frame = frame[frame[column] == value]
    assert len(frame) == 1, where
    return frame.iloc[0]


def difference(results: Results) -> pd.Series:
    return only(results.comparisons, measure="difference", adjustment="none")


def test_a_category_that_nobody_chose_stays_in_the_table_at_nought():
    """weightipy drops a weighting target that has no respondent and says nothing: the rest makes a wrong whole."""
    sex = {"id": "sexe", "kind": "single", "text": "Sexe",
           "choices": [{"code": code, "label": code} for code in ("fille", "garçon", "autre")]}  # fmt: skip
    rows = [["1", "fille"], ["1", "garçon"]] * 12 + [["0", "fille"]] * 15
    results, _ = found(("Mentor", "Sexe"), rows, [sex], [])
    counts = results.distributions.set_index(["group", "choice"])["count"]
    assert counts.to_dict() == {
        ("mentored", "fille"): 12, ("mentored", "garçon"): 12, ("mentored", "autre"): 0,
        ("non_mentored", "fille"): 15, ("non_mentored", "garçon"): 0, ("non_mentored", "autre"): 0,
    }  # fmt: skip


def test_a_category_that_one_group_lacks_is_told_and_never_weighted_away_in_silence():
    """weightipy again: groups that cannot be made alike in a category are refused, not made alike without it. The row
    says that another answer is in it, and the reason that the two groups are apart; no row is of nobody."""
    sex = {"id": "sexe", "kind": "single", "text": "Sexe", "choices": [{"code": c, "label": c} for c in ("f", "g")]}
    rows = [[*row, "g" if i % 2 else "f"] for i, row in enumerate(shares(("1", 60, 20)))]
    rows += [[*row, "f"] for row in shares(("0", 60, 30))]
    results, _ = found(
        ("Mentor", "Absence", "Sexe"), rows, [ABSENCE, sex], [SHARE], analysis={"adjust_for": ["sexe"]}
    )  # fmt: skip
    crude = results.balance[results.balance["adjustment"] == "none"].set_index("category")
    assert crude["mean"].to_dict() == crude["mean_reference"].to_dict() == {"f+rare": 1.0}
    refused = only(results.adjustment, adjustment="overlap")
    assert (refused["status"], refused["reason"]) == ("too_few", "answer_apart")
    assert set(results.comparisons.loc[results.comparisons["status"] == "shown", "adjustment"]) == {"none"}


def test_what_was_not_answered_is_no_level_and_the_caller_s_frames_stay_as_they_were():
    """tableone makes missing answers a level "None" of its percentages and tests, and writes into the frame given."""
    made = study([ABSENCE], [SHARE], source=BOTH)
    rows = [*shares(("1", 20, 5), ("0", 20, 10)), *([group, ""] for group in "10" for _ in range(10))]
    exports = [export(("Mentor", "Absence"), rows)]
    cells = exports[0].cells.copy(deep=True)
    responses = normalise(exports, made)
    frames = [frame.copy(deep=True) for frame in (responses.people, responses.answers, responses.reasons)]
    results = analyse(responses, made)
    row = only(results.estimates, group="mentored")
    assert (row["n"], row["missing"], row["estimate"]) == (20, 10, 0.25)
    assert set(results.distributions["choice"]) == {"oui", "non"}
    counted = results.distributions[results.distributions["group"] == "mentored"]
    assert counted["share"].sum() == pytest.approx(1)
    silent = absences(("1", 20, 5), ("0", 20, 10))
    assert difference(results)["p"] == difference(silent)["p"]
    assert exports[0].cells.equals(cells)
    after = (responses.people, responses.answers, responses.reasons)
    assert all(frame.equals(before) for frame, before in zip(after, frames, strict=True))


@pytest.mark.parametrize("yes", [(6, 20), (0, 20), (1, 2)])
def test_a_difference_is_newcombe_s_and_not_wald_s(yes):
    """gtsummary's add_difference gives Wald's limits where its readers expect Newcombe's (CAMIS, issue 323)."""
    row = difference(absences(("1", 30, yes[0]), ("0", 30, yes[1])))
    limits = {
        method: confint_proportions_2indep(yes[0], 30, yes[1], 30, method=method) for method in ("newcomb", "wald")
    }
    assert (row["low"], row["high"]) == pytest.approx(limits["newcomb"])
    assert abs(row["low"] - limits["wald"][0]) > 0.005
    assert row["interval"] == "newcombe"


def weighted(times: float, weights: Sequence[float] = (1, 2, 4)) -> Results:
    rows = [[*row, str(times * weights[i % 3])] for i, row in enumerate(shares(("1", 30, 9), ("0", 30, 15)))]
    tables = {"design": {"weight": "poids"}}
    return found(("Mentor", "Absence", "Poids"), rows, [ABSENCE, WEIGHT], [SHARE], **tables)[0]


def test_weights_are_no_replications():
    """SPSS WEIGHT takes a weight of 10 for ten people: limits then narrow, and p falls, as the weights grow."""
    usual, tenfold = weighted(1), weighted(10)
    for table in ("estimates", "comparisons"):
        one, ten = getattr(usual, table), getattr(tenfold, table)
        numbers = one.select_dtypes("number").columns
        np.testing.assert_allclose(one[numbers].astype(float), ten[numbers].astype(float), rtol=1e-12)
    row, plain = only(tenfold.estimates, group="mentored"), only(weighted(1, (1, 1, 1)).estimates, group="mentored")
    assert row["n"] == 30
    assert row["high"] - row["low"] > plain["high"] - plain["low"]  # unequal weights lose, whatever their sum


def test_totals_are_those_of_everyone_whatever_is_masked():
    """acro works totals out again from the cells that are left: what was masked then leaves the totals too."""
    rows = [[*row, "9"] for row in shares(("1", 34, 17))] + [[*row, "2"] for row in shares(("1", 6, 3))]
    rows += [[*row, ""] for row in shares(("0", 40, 20))]
    results, made = found(
        ("Mentor", "Absence", "Mois"), rows, [ABSENCE, MONTHS], [SHARE], duration={"question": "mois"}
    )  # fmt: skip
    safe = protect(results, made)
    assert only(safe.estimates, group="mentored_under")["status"] != "shown"
    before = results.estimates.set_index("group")
    shown = safe.estimates[safe.estimates["status"] == "shown"].set_index("group")
    assert len(shown)
    for group, row in shown.iterrows():
        # A public table keeps ten digits.
        assert row[["n", *FIGURES]].tolist() == pytest.approx(before.loc[group, ["n", *FIGURES]].tolist(), rel=1e-9)
    assert before.loc["mentored", "n"] == safe.sizes["mentored"] == 40


@pytest.mark.parametrize(("n", "yes"), list(product((1, 8, 30), ("none", "all"))))
@pytest.mark.parametrize("method", [name for name, known in INTERVALS.items() if known.kind == "share"])
def test_eight_of_eight_are_no_certainty(n, yes, method):
    """samplics gives (1.0, 1.0) for 8 of 8."""
    results = absences(("1", n, n if yes == "all" else 0), analysis={"share_interval": method})
    row = only(results.estimates, group="mentored")
    assert row["estimate"] == (1 if yes == "all" else 0)
    # Were the share half an answer away from certainty, such a sample would still come more often than not.
    assert row["low"] <= 1 - 0.5 / n if yes == "all" else row["high"] >= 0.5 / n


def test_ninety_nine_for_a_refusal_is_no_number():
    """svy reads a column of numbers in which 99 means "refusal" as it stands: the mean takes in the 99."""
    question = {"id": "age", "kind": "number", "text": "Âge", "min": 0, "max": 120}
    indicator = {"id": "age_moyen", "dimension": "d", "kind": "mean", "label": "L", "question": "age"}
    rows = [["1", "15"], ["1", "17"], ["1", "99"], ["1", "99"]]
    declared = question | {"missing": [{"code": "99", "label": "Refus", "reason": "refused"}]}
    for asked, marks in ((declared, {}), (question, {"labels": {1: {"99": "Refus"}}, "declared_missing": {1: ["99"]}})):
        made = study([asked], [indicator], source=BOTH)
        results = analyse(normalise([export(("Mentor", "Âge"), rows, **marks)], made), made)
        row = only(results.estimates)
        assert (row["n"], row["missing"], row["estimate"], row["high"] < 99) == (2, 2, 16, True)


def test_the_base_of_a_multiple_choice_is_who_answered_it():
    """Kobo divided by all submissions, with those who were never asked (kobocat, issue 207); others by all ticks."""
    question = {"id": "aide", "kind": "multiple", "text": "Aide", "only_if": {"question": "absence", "is": ["oui"]},
                "choices": [{"code": code, "label": code} for code in ("famille", "ami", "aucun")]}  # fmt: skip
    indicators = [
        {"id": code, "dimension": "d", "kind": "share", "label": code, "question": "aide", "counts": [code]}
        for code in ("famille", "ami", "aucun")
    ]
    boxes = [("1", "1", "0")] * 6 + [("1", "0", "0")] * 2 + [("0", "0", "1")] * 2 + [("", "", "")] * 3
    rows = [["1", "oui", *box] for box in boxes] + [["1", "non", "", "", ""] for _ in range(20)]
    headings = ("Mentor", "Absence", "aide/famille", "aide/ami", "aide/aucun")
    results, _ = found(headings, rows, [ABSENCE, question], indicators)
    estimates = results.estimates.set_index("indicator")
    assert estimates["n"].tolist() == [10, 10, 10]  # 6 + 2 ticked something, 2 ticked "none"
    assert estimates["estimate"].tolist() == [0.8, 0.6, 0.2]  # more than one in all: each is a share of people
    assert estimates["missing"].tolist() == [23, 23, 23]
    reasons = results.missing[results.missing["indicator"] == "ami"].set_index("reason")["count"]
    assert reasons.to_dict() == {"not_asked": 20, "no_answer": 3}


def test_two_files_laid_one_under_the_other_keep_each_its_own_labels():
    """dplyr's bind_rows lost the value labels of the second file (issue 5492): its 1 was read as the first file's 1."""
    sources = [{"file": "a.sav", "group": "mentored"}, {"file": "b.sav", "group": "non_mentored"}]
    made = study([ABSENCE], [SHARE], source=sources)
    rows = [["1"]] * 9 + [["2"]] * 21
    files = [
        export(("Absence",), rows, labels={0: labels}, source=name)
        for name, labels in (("a.sav", {"1": "Oui", "2": "Non"}), ("b.sav", {"1": "Non", "2": "Oui"}))
    ]
    estimates = analyse(normalise(files, made), made).estimates.set_index("group")["estimate"]
    assert estimates.to_dict() == {"mentored": pytest.approx(9 / 30), "non_mentored": pytest.approx(21 / 30)}


@pytest.fixture(scope="module")
def r_says() -> pd.DataFrame:
    return pd.read_csv(ORACLE / "zero_cells.csv", comment="#").set_index("method")


def test_nobody_of_thirty_has_limits_where_r_survey_has_none(r_says):
    """R survey 4.1: at 0 of 30 the logit interval has no width, the exact one is NaN."""
    assert r_says.loc["logit", "high"] - r_says.loc["logit", "low"] < 1e-10
    assert r_says.loc[["beta"], ["low", "high"]].isna().all(axis=None)
    exact = proportion_confint(0, 30, 0.05, "beta")
    for method in ("logit", "beta"):
        assert interval(method, Sample(np.zeros(30)), 0.95) == pytest.approx(exact)


def test_the_arm_of_nobody_adds_its_own_doubt_to_a_difference_where_r_survey_adds_none(r_says):
    """R survey 4.1: the limits of 0/30 less 20/30 are those of 20/30 alone, as if 0/30 were known for certain."""
    limits = ["low", "high"]
    assert r_says.loc["wald", limits].tolist() == pytest.approx(r_says.loc["error_of_b_alone", limits].tolist())
    row = difference(absences(("1", 30, 0), ("0", 30, 20)))
    assert (row["low"], row["high"]) == pytest.approx(confint_proportions_2indep(0, 30, 20, 30, method="newcomb"))
    alone = proportion_confint(20, 30, 0.05, "wilson")
    assert row["high"] > -alone[0]  # the empty arm may lie above 0: the gap may be smaller than the other arm alone


ARMS = (((0, 30), (20, 30)), ((20, 30), (0, 30)), ((0, 30), (0, 30)))


@pytest.mark.parametrize(("a", "b"), ARMS)
def test_a_ratio_at_zero_cells_has_limits_where_statsmodels_divides_by_zero(a, b):
    """statsmodels raises ZeroDivisionError for the log ratio and the log odds of a zero cell."""
    for compare, method in (("ratio", "log"), ("odds-ratio", "logit")):
        with pytest.raises(ZeroDivisionError):
            confint_proportions_2indep(*a, *b, compare=compare, method=method)
    arms = [Sample(np.arange(n) < yes) for yes, n in (a, b)]
    made = ratio(*(Estimated(arm.mean, arm.std_error, *interval("wilson", arm, 0.95)) for arm in arms))
    row = only(absences(("1", a[1], a[0]), ("0", b[1], b[0])).comparisons, measure="ratio", adjustment="none")
    assert row[FIGURES].tolist() == [made.estimate, made.std_error, made.low, made.high]
    assert not row[FIGURES].isna().any()
    assert row["low"] < row["high"]
    assert np.isinf(row["high"]) == (b[0] == 0)  # over nobody the ratio has no upper end: infinite, and said so
