"""Through analyse: sensitivity of each comparison, reliability of each index."""

import math

import pytest
from scipy import stats

from impact.analyse import analyse
from impact.contrasts import detectable
from impact.model import RELIABILITY, SENSITIVITY
from impact.normalise import normalise
from impact.protect import protect
from impact.sensitivity import e_values
from tests.unit._exports import AGREEMENT, DONT_KNOW, YES_NO, export, study

ABSENCE = {"id": "absence", "kind": "single", "text": "Absence", "choices": YES_NO, "missing": DONT_KNOW}
SCHOOL = {"id": "ecole", "kind": "single", "text": "École", "choices": YES_NO}
SHARE = {"id": "absents", "dimension": "d", "kind": "share", "label": "L", "question": "absence", "counts": ["oui"]}
BOTH = [{"file": "a.csv", "group": {"column": "Mentor", "mentored": ["1"], "non_mentored": ["0"]}}]
ANALYSES = ["detectable", "e_value", "bounds", "trimming"]
LEVELS = ["Pas du tout d’accord", "Plutôt pas d’accord", "Plutôt d’accord", "Tout à fait d’accord"]


def results(rows, questions=(ABSENCE,), indicators=(SHARE,), headings=("Mentor", "Absence"), **tables):
    made = study(list(questions), list(indicators), source=BOTH, **tables)
    return analyse(normalise([export(headings, rows)], made), made), made


def answers(group, yes, no, silent):
    return [[group, "oui"]] * yes + [[group, "non"]] * no + [[group, ""]] * silent


def by_analysis(found, **where):
    rows = found.sensitivity
    for column, value in where.items():
        rows = rows[rows[column] == value]
    return rows.set_index("analysis")


def test_four_analyses_of_a_crude_comparison():
    """20 of 40 mentored said yes, 10 kept silent; 12 of 30 others, 3 silent: bounds and cuts are counts of people."""
    found, _ = results(answers("1", 20, 10, 10) + answers("0", 12, 15, 3))
    assert list(found.sensitivity.columns) == list(SENSITIVITY)
    rows = by_analysis(found)
    assert rows.index.tolist() == ANALYSES
    assert (rows["status"] == "shown").all()
    assert rows.loc["detectable", "estimate"] == detectable(12 / 27, 30, 27, 0.95, 0.8)
    ratio = found.comparisons[found.comparisons["measure"] == "ratio"].iloc[0]
    expected = e_values(ratio["estimate"], ratio["low"], ratio["high"])
    assert tuple(rows.loc["e_value", ["estimate", "low"]]) == pytest.approx(expected)
    assert tuple(rows.loc["bounds", ["low", "high"]]) == pytest.approx((20 / 40 - 15 / 30, 30 / 40 - 12 / 30))
    assert tuple(rows.loc["trimming", ["low", "high"]]) == pytest.approx((20 / 30 - 12 / 22.5, 20 / 30 - 7.5 / 22.5))
    limits = rows.loc[["bounds", "trimming"], ["limit_low", "low", "high", "limit_high"]].to_numpy(dtype=float)
    assert (limits[:, :-1] < limits[:, 1:]).all()


@pytest.mark.parametrize(("audience", "alike", "kept"), [("internal", 0.02, 1), ("public", 0.05, 95 / 96)])
def test_few_clusters_ask_for_a_larger_gap_as_their_test_does(audience, alike, kept):
    """Student's quantiles on 5 degrees of freedom, both arms in six clusters: the gap solves its own equation."""
    rows = [[group, "oui" if i % 2 else "non", f"c{i // 2 % 6}"] for group in "10" for i in range(48)]
    cluster = {"id": "grappe", "kind": "text", "text": "Grappe"}
    design = {"design": {"cluster": "grappe"}, "disclosure": {"audience": audience}}
    found, _ = results(rows, (ABSENCE, cluster), headings=("Mentor", "Absence", "Grappe"), **design)
    gap = by_analysis(found).loc["detectable", "estimate"]
    # Each cluster has as many of both answers: what is lost is that of eight people of one arm alike by 0.02,
    # or by 0.05 where answers may not tell it, and the variance is that of 96 people about their mean.
    pooled, n = 0.5 + gap / 2, 48 * kept / (1 + 7 * alike)
    none, some = math.sqrt(2 * pooled * (1 - pooled) / n), math.sqrt(((0.5 + gap) * (0.5 - gap) + 0.25) / n)
    assert gap == pytest.approx(stats.t.ppf(0.975, 5) * none + stats.t.ppf(0.8, 5) * some)
    assert gap > 1.2 * detectable(0.5, 48, 48, 0.95)


def test_more_power_asks_for_a_larger_gap():
    rows = answers("1", 20, 10, 0) + answers("0", 12, 15, 0)
    gaps = [
        by_analysis(results(rows, analysis={"power": power})[0]).loc["detectable", "estimate"] for power in (0.7, 0.9)
    ]
    assert gaps[0] < gaps[1]


def test_who_was_not_asked_did_not_keep_silent():
    """Those who left school are not asked about absence: nobody of those asked is silent, so nothing is open."""
    absence = ABSENCE | {"only_if": {"question": "ecole", "is": ["oui"]}}
    asked = [[group, "oui", "oui" if i % 2 else "non"] for group in "10" for i in range(20)]
    found, _ = results([*asked, *[["1", "non", ""]] * 15], (SCHOOL, absence), headings=("Mentor", "École", "Absence"))
    rows = by_analysis(found)
    gap = found.comparisons.iloc[0]
    for analysis in ("bounds", "trimming"):
        assert tuple(rows.loc[analysis, ["low", "high"]]) == (0, 0)
        assert tuple(rows.loc[analysis, ["limit_low", "limit_high"]]) == pytest.approx((gap["low"], gap["high"]))


def test_dont_know_is_an_answer_that_could_have_been_any():
    found, _ = results([*answers("1", 10, 10, 0), *[["1", "Ne sait pas"]] * 5, *answers("0", 10, 10, 0)])
    assert tuple(by_analysis(found).loc["bounds", ["low", "high"]]) == pytest.approx((10 / 25 - 0.5, 15 / 25 - 0.5))


def test_a_group_that_kept_silent_has_bounds_alone():
    found, _ = results([*answers("1", 6, 6, 0), *[["0", "Ne sait pas"]] * 12])
    rows = by_analysis(found)
    assert rows["status"].to_dict() == {"detectable": "too_few", "e_value": "too_few", "bounds": "shown",
                                        "trimming": "too_few"}  # fmt: skip
    assert tuple(rows.loc["bounds", ["low", "high"]]) == (-0.5, 0.5)


@pytest.mark.parametrize("yes", [0, 30])
@pytest.mark.parametrize("weighted", [False, True])
def test_none_or_all_of_thirty_leave_no_gap_in_the_table(yes, weighted):
    poids = {"id": "poids", "kind": "number", "text": "Poids"}
    rows = [[*row, str(1 + place % 3)] for place, row in
            enumerate(answers("1", yes, 30 - yes, 2) + answers("0", yes, 30 - yes, 5))]  # fmt: skip
    design = {"design": {"weight": "poids"}} if weighted else {}
    found, _ = results(rows, (ABSENCE, poids), headings=("Mentor", "Absence", "Poids"), **design)
    table = by_analysis(found)
    assert not table.loc[["detectable", "e_value"], "estimate"].isna().any()
    wide = table.loc[["bounds", "trimming"], ["limit_low", "low", "high", "limit_high"]].to_numpy(dtype=float)
    assert (wide[:, 3] - wide[:, 0] > 0.05).all()
    assert (wide[:, :-1] <= wide[:, 1:]).all()


def test_a_mean_has_its_e_value_through_a_standardised_difference():
    opinion = {"id": "opinion", "kind": "single", "text": "Avis", "choices": AGREEMENT}
    mean = {"id": "accord", "dimension": "d", "kind": "mean", "label": "L", "question": "opinion"}
    rows = [[group, LEVELS[(i + shift) % 3 + shift]] for group, shift in (("1", 1), ("0", 0)) for i in range(30)]
    found, _ = results(rows, (opinion,), (mean,), ("Mentor", "Avis"))
    row = by_analysis(found).loc["e_value"]
    gap = found.comparisons.iloc[0]
    # Both groups hold three answers ten times each: a variance of 2/3 on n, 60/58 of it on n - 2.
    deviation = math.sqrt(2 / 3 * 60 / 58)
    ratios = [math.exp(0.91 * gap[name] / deviation) for name in ("estimate", "low", "high")]
    assert (row["estimate"], row["low"]) == pytest.approx(e_values(*ratios))


def test_adjusted_comparisons_have_an_e_value_each():
    age = {"id": "age", "kind": "number", "text": "Âge", "asked": ["mentored", "non_mentored"]}
    rows = [[*row, str(12 + place % 7)] for place, row in enumerate(answers("1", 20, 40, 0) + answers("0", 30, 30, 0))]
    found, _ = results(
        rows, (ABSENCE, age), headings=("Mentor", "Absence", "Âge"),
        analysis={"adjust_for": ["age"], "adjustments": ["overlap", "att"]},
    )  # fmt: skip
    ratios = found.comparisons[found.comparisons["measure"] == "ratio"].set_index("adjustment")
    rows = found.sensitivity[found.sensitivity["analysis"] == "e_value"].set_index("adjustment")
    assert rows.index.tolist() == ["none", "overlap", "att"]
    for adjustment in rows.index:
        expected = e_values(*ratios.loc[adjustment, ["estimate", "low", "high"]])
        assert tuple(rows.loc[adjustment, ["estimate", "low"]]) == pytest.approx(expected)


def test_a_hidden_group_hides_its_analyses():
    found, made = results(answers("1", 40, 4, 2) + answers("0", 20, 20, 2))
    safe = protect(found, made).sensitivity
    assert set(safe["status"]) == {"suppressed"}
    assert safe[["estimate", "low", "high", "limit_low", "limit_high"]].isna().all(axis=None)


# Reliability


def items(count):
    questions = tuple({"id": f"q{i}", "kind": "single", "text": f"Q{i}", "choices": AGREEMENT} for i in range(count))
    single = tuple(
        {"id": f"m{i}", "dimension": "d", "kind": "mean", "label": "L", "question": f"q{i}", "better": "higher"}
        for i in range(count)
    )
    index = {"id": "d", "dimension": "d", "kind": "index", "label": "L", "items": [one["id"] for one in single]}
    return questions, (*single, index), ("Mentor", *(f"Q{i}" for i in range(count)))


def test_reliability_of_an_index_by_hand():
    """Two items whose answers go together 12 times of 16 and apart 4 times: r of 1/2, alpha of 2/3; no omega of two."""
    questions, indicators, headings = items(2)
    low, high = LEVELS[0], LEVELS[3]
    rows = [["1", *pair] for pair, times in (((low, low), 6), ((high, high), 6), ((low, high), 2), ((high, low), 2))
            for _ in range(times)]  # fmt: skip
    found, _ = results(rows, questions, indicators, headings)
    assert list(found.reliability.columns) == list(RELIABILITY)
    table = found.reliability.set_index("measure")
    assert table.loc["alpha", "estimate"] == pytest.approx(2 / 3)
    assert table.loc["alpha", ["items", "n", "group"]].tolist() == [2, 16, "mentored"]
    assert table.loc["alpha", "low"] < 2 / 3 < table.loc["alpha", "high"] < 1
    assert table["status"].to_dict() == {"alpha": "shown", "omega": "too_few"}


def test_a_turned_item_counts_the_other_way_round():
    questions, indicators, headings = items(3)
    turned = [one | {"better": "lower"} if one["id"] == "m2" else one for one in indicators]
    rows = [["1", LEVELS[i % 4], LEVELS[(i + i // 20) % 4], LEVELS[3 - i % 4]] for i in range(40)]
    told = [results(rows, questions, tuple(made), headings)[0].reliability for made in (turned, indicators)]
    alpha, straight = (table.set_index("measure").loc["alpha", "estimate"] for table in told)
    assert alpha > 0.5 > straight


@pytest.mark.parametrize("people", [1, 3])
def test_few_people_tell_no_reliability(people):
    questions, indicators, headings = items(3)
    found, _ = results([["1", *LEVELS[:3]]] * people, questions, indicators, headings)
    assert found.reliability["status"].tolist() == ["too_few", "too_few"]
    assert found.reliability[["estimate", "low", "high"]].isna().all(axis=None)


def test_weights_of_thousands_change_no_reliability():
    poids = {"id": "poids", "kind": "number", "text": "Poids"}
    questions, indicators, headings = items(3)
    told = []
    for times in (1, 1000):
        rows = [["1", LEVELS[i % 4], LEVELS[(i + i // 9) % 4], LEVELS[(i + i // 7) % 4], str(times * (1 + i % 3))]
                for i in range(40)]  # fmt: skip
        found, _ = results(rows, (*questions, poids), indicators, (*headings, "Poids"), design={"weight": "poids"})
        told.append(found.reliability[["n", "estimate", "low", "high"]].to_numpy(dtype=float))
    assert told[0] == pytest.approx(told[1])
