"""By the path of a study: the measures and tests of a comparison, the correction of bands, what is not compared."""

import math

import numpy as np
import pytest
from scipy import stats

from impact.errors import ImpactError
from tests.unit._exports import AGREEMENT
from tests.unit.test_analyse import ABSENCE, MEAN, OPINION, SHARE, only, results, shares

LABELS = [choice["label"]["fr"] for choice in AGREEMENT]
WEIGHT = {"id": "poids", "kind": "number", "text": "Poids"}
MONTHS = {"id": "mois", "kind": "number", "text": "Mois"}
NUMBER = {"id": "age", "kind": "number", "text": "Age"}
EVERYTHING = ("difference", "ratio", "odds_ratio", "effect_size", "superiority")


def opinions(*arms):
    """Rows of (group, counts): so many of each answer, from the lowest to the highest."""
    return [[group, LABELS[place]] for group, counts in arms for place, n in enumerate(counts) for _ in range(n)]


def ordered(*arms, **tables):
    return results(opinions(*arms), (OPINION,), (MEAN,), ("Mentor", "Avis"), **tables)[0].comparisons


def weighted(rows, question, indicator, heading, **tables):
    """The same answers with weights of 1 and 2 in turn."""
    rows = [[*row, str(1 + place % 2)] for place, row in enumerate(rows)]
    return results(rows, (question, WEIGHT), (indicator,), ("Mentor", heading, "Poids"), design={"weight": "poids"},
                   **tables)[0].comparisons  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "of_shares", "of_answers"),
    [
        (None, ["difference", "ratio", "cohen_h"], ["difference", "cohen_d", "superiority"]),
        (EVERYTHING, ["difference", "ratio", "odds_ratio", "cohen_h"], ["difference", "cohen_d", "superiority"]),
        (["ratio"], ["difference", "ratio"], ["difference"]),
        ([], ["difference"], ["difference"]),
    ],
)
def test_the_measures_of_shares_and_of_ordered_answers(asked, of_shares, of_answers):
    tables = {} if asked is None else {"analysis": {"measures": list(asked)}}
    found, _ = results(shares(("1", 40, 20), ("0", 40, 30)), **tables)
    assert found.comparisons["measure"].tolist() == of_shares
    assert ordered(("1", [5, 5, 9, 9]), ("0", [9, 9, 5, 5]), **tables)["measure"].tolist() == of_answers


def test_a_number_has_no_order_but_its_distance():
    rows = [[group, str(age)] for group in "10" for age in range(12, 20)]
    found, _ = results(rows, (NUMBER,), (MEAN | {"question": "age"},), ("Mentor", "Age"))
    assert found.comparisons["measure"].tolist() == ["difference", "cohen_d"]
    assert set(found.comparisons["test"]) == {"welch"}


def test_every_measure_of_ordered_answers_bears_the_test_of_what_it_measures():
    rows = ordered(("1", [5, 5, 9, 9]), ("0", [9, 9, 5, 5]))
    answers = [np.repeat([1, 2, 3, 4], counts) for counts in ([5, 5, 9, 9], [9, 9, 5, 5])]
    welch, ranks = stats.ttest_ind(*answers, equal_var=False).pvalue, stats.brunnermunzel(*answers).pvalue
    expected = {"difference": ("welch", welch), "cohen_d": ("welch", welch), "superiority": ("brunner_munzel", ranks)}
    for measure, (test, p) in expected.items():
        row = only(rows, measure=measure)
        assert row["test"] == test
        assert [row["p"], row["p_adjusted"]] == pytest.approx([p, p])  # alone in its family
    chance = stats.mannwhitneyu(*answers).statistic / 28**2
    assert only(rows, measure="superiority")["estimate"] == pytest.approx(chance)
    # Cohen's d: variances alike, so the pooled spread.
    gap = answers[0].mean() - answers[1].mean()
    assert only(rows, measure="cohen_d")["estimate"] == pytest.approx(gap / answers[0].std(ddof=1))


def test_the_measures_of_two_shares_by_hand():
    found, _ = results(shares(("1", 40, 20), ("0", 50, 40)), analysis={"measures": list(EVERYTHING)})
    rows = found.comparisons.set_index("measure")
    assert rows.loc["odds_ratio", "estimate"] == pytest.approx((20 / 20) / (40 / 10))
    assert rows.loc["cohen_h", "estimate"] == pytest.approx(
        2 * math.asin(math.sqrt(0.5)) - 2 * math.asin(math.sqrt(0.8))
    )
    assert set(rows["verdict"]) == {"lower"}


def test_all_above_all_is_neither_certain_nor_without_a_limit():
    rows = ordered(("1", [0, 0, 6, 4]), ("0", [5, 7, 0, 0]))
    row = only(rows, measure="superiority")
    assert (row["estimate"], row["high"], row["verdict"]) == (1, 1, "higher")
    assert 0.6 < row["low"] < 0.95
    # One of the ways to share 22 people out in ten and twelve, twice half of it.
    assert row["p"] == pytest.approx(1 / math.comb(22, 10))


def test_all_alike_is_inconclusive():
    rows = ordered(("1", [0, 0, 0, 12]), ("0", [0, 0, 0, 15]))
    row = only(rows, measure="superiority")
    assert (row["estimate"], row["p"], row["verdict"]) == (0.5, 1, "inconclusive")
    assert row["low"] < 0.4 < 0.6 < row["high"]
    assert not rows[["estimate", "std_error", "low", "high", "p", "p_adjusted"]].isna().any(axis=None)


@pytest.mark.parametrize(("yes", "test"), [(20, "score"), (2, "fisher_midp")])
def test_plain_shares_are_tested_by_score_or_exactly(yes, test):
    found, _ = results(shares(("1", 40, yes), ("0", 40, yes + 1)))
    assert set(found.comparisons["test"]) == {test}


def test_under_a_design_shares_are_tested_by_table_and_ordered_answers_by_rank():
    rows = weighted(shares(("1", 40, 20), ("0", 40, 30)), ABSENCE, SHARE, "Absence")
    assert set(rows["test"]) == {"rao_scott"}
    rows = weighted(opinions(("1", [5, 5, 9, 9]), ("0", [9, 9, 5, 5])), OPINION, MEAN, "Avis")
    assert dict(zip(rows["measure"], rows["test"], strict=True)) == {
        "difference": "design_t", "cohen_d": "design_t", "superiority": "rank_test",
    }  # fmt: skip


@pytest.mark.parametrize("test", ["score", "fisher_midp", "boschloo"])
def test_a_study_may_name_its_test_of_shares(test):
    found, _ = results(shares(("1", 15, 4), ("0", 15, 9)), analysis={"share_test": test})
    assert set(found.comparisons["test"]) == {test}


def test_a_study_may_name_its_test_of_means():
    rows = ordered(("1", [5, 5, 9, 9]), ("0", [9, 9, 5, 5]), analysis={"mean_test": "brunner_munzel"})
    answers = [np.repeat([1, 2, 3, 4], counts) for counts in ([5, 5, 9, 9], [9, 9, 5, 5])]
    assert set(rows["test"]) == {"brunner_munzel"}
    assert rows["p"].to_numpy(dtype=float) == pytest.approx(stats.brunnermunzel(*answers).pvalue)


def test_places_stand_in_the_families_of_differences_one_question_at_a_time():
    """Benjamini–Hochberg by scipy over two questions: the p of ranks of the one beside the p of Welch of the other."""
    second = OPINION | {"id": "second", "text": "Second"}
    first = opinions(("1", [5, 5, 9, 9]), ("0", [9, 9, 5, 5]))
    other = opinions(("1", [2, 6, 10, 10]), ("0", [8, 10, 5, 5]))
    rows = [[*one, two[1]] for one, two in zip(first, other, strict=True)]
    means = (MEAN, MEAN | {"id": "i_second", "question": "second"})
    table = results(rows, (OPINION, second), means, ("Mentor", "Avis", "Second"))[0].comparisons
    p = {(row["indicator"], row["measure"]): (row["p"], row["p_adjusted"]) for row in table.to_dict("records")}
    for one, two in ((MEAN["id"], "i_second"), ("i_second", MEAN["id"])):
        for measure in ("difference", "superiority"):
            family = [p[one, measure][0], p[two, "difference"][0]]
            expected = stats.false_discovery_control(family, method="bh")[0]
            assert p[one, measure][1] == pytest.approx(expected)


def test_the_places_of_two_bands_are_corrected_together():
    """One comparison of two bands is corrected for nothing, so that p of ranks stays what scipy says."""
    rows = [[*row, str(3 + 6 * (place % 2))] for place, row in enumerate(opinions(("1", [10, 12, 14, 16])))]
    table = results(rows, (OPINION, MONTHS), (MEAN,), ("Mentor", "Avis", "Mois"), duration={"question": "mois"})[0]
    row = only(table.comparisons, measure="superiority")
    answers = [[1 + LABELS.index(one[1]) for one in rows if one[2] == months] for months in ("9", "3")]
    expected = stats.brunnermunzel(*answers).pvalue
    assert [row["p"], row["p_adjusted"]] == pytest.approx([expected, expected])


def test_a_test_that_does_not_know_the_weights_is_refused():
    with pytest.raises(ImpactError, match="« boschloo »"):
        weighted(shares(("1", 40, 20), ("0", 40, 30)), ABSENCE, SHARE, "Absence", analysis={"share_test": "boschloo"})


@pytest.mark.parametrize("key", ["measures", "duration_correction"])
def test_a_name_that_does_not_exist_is_refused(key):
    with pytest.raises(ImpactError, match="« wald »"):
        results(shares(("1", 40, 20), ("0", 40, 30)), analysis={key: ["wald"] if key == "measures" else "wald"})


def in_bands(*arms, **tables):
    """Comparisons of three groups: (group, months, how many, how many say yes)."""
    rows = [[group, "oui" if i < yes else "non", months] for group, months, n, yes in arms for i in range(n)]
    found, _ = results(rows, (ABSENCE, MONTHS), headings=("Mentor", "Absence", "Mois"), duration={"question": "mois"},
                       **tables)  # fmt: skip
    return found.comparisons[found.comparisons["measure"] == "difference"]


EVEN = (("1", "9", 60, 20), ("1", "2", 60, 40), ("0", "", 60, 20))


def test_the_bands_of_a_question_are_one_family_corrected_in_one_step():
    """20, 40 and 20 of 60: three even variances, so that one step is Tukey's studentised range."""
    rows = in_bands(*EVEN, analysis={"primary": ["absents"]})
    bands = rows[rows["group"] != "mentored"]
    z = stats.norm.isf(bands["p"].to_numpy(dtype=float) / 2)
    corrected = stats.studentized_range.sf(z * math.sqrt(2), 3, 1e9)  # as good as infinitely many
    expected = stats.false_discovery_control(corrected, method="bh")
    assert bands["p_adjusted"].to_numpy(dtype=float) == pytest.approx(expected, rel=1e-5)
    whole = only(rows, group="mentored")
    assert whole["p_adjusted"] == pytest.approx(whole["p"])  # the primary family, alone


def test_two_bands_without_anyone_to_compare_them_with_are_corrected_for_nothing():
    row = only(in_bands(*EVEN[:2]), group="mentored_over")
    assert row["p_adjusted"] == pytest.approx(row["p"])


def test_bands_without_an_error_of_their_own_fall_to_holm():
    """0 of 60 in both bands: their difference has no error."""
    rows = in_bands(("1", "9", 60, 0), ("1", "2", 60, 0), ("0", "", 60, 20), analysis={"primary": ["absents"]})
    assert only(rows, reference="mentored_under")["p"] == 1
    p = rows[rows["group"] != "mentored"]["p_adjusted"].to_numpy(dtype=float)
    raw = rows[rows["group"] != "mentored"]["p"].to_numpy(dtype=float)
    holm = np.array([3 * raw[0], 3 * raw[0], 1.0])  # the two against the others are equal
    assert p == pytest.approx(stats.false_discovery_control(holm, method="bh"))


def test_what_makes_the_bands_is_not_compared_between_them():
    """The months of those mentored for longer are more: nothing is found by saying so."""
    rows = [[*row, months] for months in ("9", "2") for row in shares(("1", 30, 10), ("0", 30, 20))]
    index = {"id": "d", "dimension": "d", "kind": "index", "label": "L", "items": ["longueur", "absents"]}
    months = MEAN | {"id": "longueur", "question": "mois"}
    headings, made = ("Mentor", "Absence", "Mois"), {"question": "mois"}
    found, _ = results(rows, (ABSENCE, MONTHS), (SHARE, months, index), headings, duration=made)
    groups = found.comparisons.groupby("indicator")[["group", "reference"]].agg(lambda one: sorted(set(one)))
    assert groups.loc["absents", "group"] == ["mentored", "mentored_over", "mentored_under"]
    for name in ("longueur", "d"):
        assert groups.loc[name].tolist() == [["mentored"], ["non_mentored"]]
    levels = found.estimates[found.estimates["indicator"] == "longueur"]
    assert {"mentored_over", "mentored_under"} <= set(levels["group"])  # what they are is still told
