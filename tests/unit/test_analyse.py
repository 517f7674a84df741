"""From responses to tables: bases, groups, comparisons, what is published beside."""

import math

import numpy as np
import pytest

from impact.analyse import analyse
from impact.errors import ImpactError
from impact.model import COMPARED, ESTIMATES, PUBLISHED
from impact.normalise import normalise
from impact.protect import protect
from impact.study import Published
from tests.unit._exports import AGREEMENT, DONT_KNOW, YES_NO, export, study

ABSENCE = {"id": "absence", "kind": "single", "text": "Absence", "choices": YES_NO, "missing": DONT_KNOW}
OPINION = {"id": "opinion", "kind": "single", "text": "Avis", "choices": AGREEMENT, "missing": DONT_KNOW}
SHARE = {"id": "absents", "dimension": "d", "kind": "share", "label": "L", "question": "absence", "counts": ["oui"]}
MEAN = {"id": "accord", "dimension": "d", "kind": "mean", "label": "L", "question": "opinion", "better": "higher"}
BOTH = [{"file": "a.csv", "group": {"column": "Mentor", "mentored": ["1"], "non_mentored": ["0"]}}]


def results(rows, questions=(ABSENCE,), indicators=(SHARE,), headings=("Mentor", "Absence"), **tables):
    made = study(list(questions), list(indicators), source=BOTH, **tables)
    return analyse(normalise([export(headings, rows)], made), made), made


def shares(*arms):
    """Rows of (mentored or not, how many, how many say yes)."""
    return [[group, "oui" if i < yes else "non"] for group, n, yes in arms for i in range(n)]


def only(frame, **where):
    for column, value in where.items():
        frame = frame[frame[column] == value]
    assert len(frame) == 1, where
    return frame.iloc[0]


def test_the_published_absence_figures_bear_what_arithmetic_says():
    """10 of 163 against 33 of 174: -12.8 points, Newcombe's interval -19.9 to -5.8.

    Ratio 0.32; Katz's logarithms, exp(ln 0.3235 ± 1.96 sqrt(1/10 - 1/163 + 1/33 - 1/174)), give 0.165 to 0.635.
    """
    found, _ = results(shares(("1", 163, 10), ("0", 174, 33)))
    row = only(found.comparisons, measure="difference")
    assert [round(100 * row[name], 1) for name in ("estimate", "low", "high")] == [-12.8, -19.9, -5.8]
    assert (row["interval"], row["verdict"], row["test"]) == ("newcombe", "lower", "score")
    ratio = only(found.comparisons, measure="ratio")
    assert [ratio[name] for name in ("estimate", "low", "high")] == pytest.approx([0.3235, 0.165, 0.635], abs=0.008)
    assert ratio["p"] == row["p"]


def test_the_base_is_those_who_answered_and_the_rest_is_told_by_reason():
    rows = [["1", "oui"], ["1", "non"], ["1", "Ne sait pas"], ["1", ""], ["1", "oui"]]
    found, _ = results(rows)
    row = only(found.estimates)
    assert (row["n"], row["missing"], row["estimate"]) == (3, 2, pytest.approx(2 / 3))
    assert dict(zip(found.missing["reason"], found.missing["count"], strict=True)) == {"dont_know": 1, "no_answer": 1}


@pytest.mark.parametrize("yes", [0, 30])
def test_none_or_all_of_thirty_keep_an_interval_weighted_or_not(yes):
    for weights in (["1"] * 60, [str(1 + i % 3) for i in range(60)]):
        rows = [[*row, weight] for row, weight in zip(shares(("1", 30, yes), ("0", 30, yes)), weights, strict=True)]
        poids = {"id": "poids", "kind": "number", "text": "Poids"}
        found, _ = results(rows, (ABSENCE, poids), headings=("Mentor", "Absence", "Poids"), design={"weight": "poids"})
        numbers = found.estimates[["estimate", "low", "high"]].to_numpy(dtype=float)
        assert np.isfinite(numbers).all()
        assert (numbers[:, 2] - numbers[:, 1] > 0.05).all()
        gap = only(found.comparisons, measure="difference")
        assert gap["low"] < gap["estimate"] == 0 < gap["high"]
        assert not found.comparisons[["estimate", "low", "high", "p"]].isna().any(axis=None)


def test_weighted_share_by_hand():
    poids = {"id": "poids", "kind": "number", "text": "Poids"}
    rows = [["1", "oui", "3"], ["1", "non", "1"], ["1", "non", "2"]]
    found, _ = results(rows, (ABSENCE, poids), headings=("Mentor", "Absence", "Poids"), design={"weight": "poids"})
    assert only(found.estimates)["estimate"] == pytest.approx(3 / 6)


def test_a_mean_scores_the_ordered_answers():
    rows = [["1", "Pas du tout d’accord"], ["1", "Tout à fait d’accord"], ["1", "Plutôt d’accord"], ["1", ""]]
    found, _ = results(rows, (OPINION,), (MEAN,), ("Mentor", "Avis"))
    row = only(found.estimates)
    assert (row["n"], row["estimate"], row["interval"]) == (3, pytest.approx(8 / 3), "student")


def test_attribution_is_never_compared():
    found, _ = results(shares(("1", 30, 10), ("0", 30, 20)), indicators=(SHARE | {"attribution": True},))
    assert len(found.estimates) == 2
    assert found.comparisons.empty
    assert list(found.comparisons.columns) == list(COMPARED)


def test_one_group_has_estimates_and_no_comparison():
    found, _ = results(shares(("1", 30, 10)))
    assert found.estimates["group"].tolist() == ["mentored"]
    assert found.comparisons.empty


def test_a_group_in_which_nobody_answered_is_too_few_and_not_nan_in_disguise():
    found, _ = results([["1", "oui"], ["1", "non"], ["0", ""]])
    row = only(found.estimates, group="non_mentored")
    assert (row["n"], row["missing"], row["status"]) == (0, 1, "too_few")
    assert set(found.comparisons["status"]) == {"too_few"}


def test_duration_splits_the_mentored_and_keeps_the_unknown_in_sight():
    months = {"id": "mois", "kind": "number", "text": "Mois"}
    rows = [["1", "oui", "8"], ["1", "non", "6"], ["1", "oui", "2"], ["1", "non", ""], ["0", "oui", ""]]
    found, _ = results(rows, (ABSENCE, months), headings=("Mentor", "Absence", "Mois"), duration={"question": "mois"})
    assert dict(found.sizes) == {
        "mentored": 4, "mentored_over": 2, "mentored_under": 1, "mentored_unknown": 1, "non_mentored": 1,
    }  # fmt: skip
    pairs = found.comparisons[["group", "reference"]].drop_duplicates().to_numpy().tolist()
    assert pairs == [
        ["mentored", "non_mentored"], ["mentored_over", "non_mentored"], ["mentored_under", "non_mentored"],
        ["mentored_over", "mentored_under"],
    ]  # fmt: skip


def test_an_index_standardises_on_the_non_mentored_and_turns_reversed_items():
    """Two independent items in the reference: equal weights, so the index is the mean of the two z-scores."""
    questions = ({**OPINION, "id": "a", "text": "A"}, {**OPINION, "id": "b", "text": "B"})
    indicators = (
        MEAN | {"id": "ma", "question": "a", "better": "higher"},
        MEAN | {"id": "mb", "question": "b", "better": "lower"},
        {"id": "d", "dimension": "d", "kind": "index", "label": "L", "items": ["ma", "mb"], "better": "higher"},
    )
    codes = ["pas_du_tout", "tout_a_fait"]  # 1 and 4: mean 2.5, standard deviation 1.5 in the reference below
    rows = [["0", a, b] for a in codes for b in codes] + [["1", "tout_a_fait", "pas_du_tout"], ["1", "tout_a_fait", ""]]
    found, _ = results(rows, questions, indicators, ("Mentor", "A", "B"))
    index = found.estimates[found.estimates["indicator"] == "d"].set_index("group")
    assert index.loc["non_mentored", "estimate"] == pytest.approx(0, abs=1e-12)
    assert index.loc["mentored", "estimate"] == pytest.approx(1.0)  # (1 + 1)/2, then 1 alone


def test_holm_corrects_the_primary_family_and_the_rest_by_false_discovery():
    questions = tuple({**ABSENCE, "id": name, "text": name} for name in "abc")
    indicators = tuple(SHARE | {"id": f"i_{name}", "question": name} for name in "abc")
    rows = [
        [group, "oui" if i < x else "non", "oui" if i < y else "non", "oui" if i < z else "non"]
        for group, x, y, z in (("1", 10, 15, 20), ("0", 22, 20, 21)) for i in range(40)
    ]  # fmt: skip
    found, _ = results(rows, questions, indicators, ("Mentor", "a", "b", "c"), analysis={"primary": ["i_a", "i_b"]})
    p = found.comparisons[found.comparisons["measure"] == "difference"].set_index("indicator")
    smaller, larger = sorted([p.loc["i_a", "p"], p.loc["i_b", "p"]])
    assert p.loc["i_a", "p_adjusted"] == pytest.approx(min(1, 2 * smaller))  # Holm by hand, two hypotheses
    assert p.loc["i_b", "p_adjusted"] == pytest.approx(max(min(1, 2 * smaller), larger))
    assert p.loc["i_c", "p_adjusted"] == pytest.approx(p.loc["i_c", "p"])  # alone in its family


def figure(name, group, value, **more):
    rounding = 0.01 if value < 1 else 1
    return {
        "id": name,
        "says": "x",
        "group": group,
        "value": value,
        "rounding": rounding,
        "base": "unknown",
        "where": [],
    } | more


PUBLISHED_2022 = {
    "title": "T",
    "year": 2022,
    "figure": [
        figure("n1", "mentored", 163, kind="size", base=163),
        figure("n2", "non_mentored", 174, kind="size", base=174),
        figure("a", "mentored", 0.06, indicator="absents"),
        figure("b", "non_mentored", 0.19, indicator="absents"),
        figure("r", "mentored", 3, indicator="absents", kind="ratio", reference="non_mentored"),
    ],
}


def test_published_figures_stand_beside_ours_with_what_they_bear():
    made = study([ABSENCE], [SHARE], source=BOTH)
    object.__setattr__(made, "published", Published.model_validate(PUBLISHED_2022))
    found = analyse(normalise([export(("Mentor", "Absence"), shares(("1", 163, 10), ("0", 174, 33)))], made), made)
    assert list(found.published.columns) == list(PUBLISHED)
    rows = found.published.set_index("figure")
    assert rows.loc["n1", "estimate"] == 163
    assert rows.loc["b", "estimate"] == pytest.approx(33 / 174)
    # 33 of 174 by Wilson: 0.1384 to 0.2545 (R 4.2 prop.test without correction)
    assert [round(rows.loc["b", name], 3) for name in ("published_low", "published_high")] == [0.138, 0.254]
    assert rows.loc["r", "estimate"] == pytest.approx((10 / 163) / (33 / 174))
    assert math.isfinite(rows.loc["r", "published_high"])


def test_protect_hides_whole_rows_and_every_comparison_drawn_from_them():
    found, made = results(shares(("1", 40, 4), ("0", 40, 20)))
    safe = protect(found, made)
    hidden = only(safe.estimates, group="mentored")
    assert hidden["status"] == "suppressed"
    figures = ["n", "missing", "estimate", "std_error", "df", "low", "high"]
    assert hidden[figures].isna().all()
    assert only(safe.estimates, group="non_mentored")["status"] == "shown"
    assert set(safe.comparisons["status"]) == {"suppressed"}
    assert (
        safe.comparisons[["estimate", "std_error", "low", "high", "p", "p_adjusted", "verdict"]].isna().all(axis=None)
    )
    assert set(safe.distributions[safe.distributions["group"] == "mentored"]["status"]) == {"suppressed"}
    assert safe.counts.empty
    assert list(safe.estimates.columns) == list(ESTIMATES)


SEX = {"id": "sexe", "kind": "single", "text": "Sexe",
       "choices": [{"code": "f", "label": "Fille"}, {"code": "g", "label": "Garçon"}]}  # fmt: skip


def test_closed_questions_without_indicator_tell_who_answered():
    """30 of each group: 12 girls of the mentored and 4 of the others; nobody was asked for their region."""
    rows = [[*row, "Fille" if place % 30 < girls else "Garçon"]
            for girls, group in ((12, "1"), (4, "0")) for place, row in enumerate(shares((group, 30, 10)))]  # fmt: skip
    region = {**SEX, "id": "region", "text": "Région"}
    found, made = results(rows, (ABSENCE, SEX, region), headings=("Mentor", "Absence", "Sexe"))
    table = found.distributions[found.distributions["question"] == "sexe"]
    counted = {(row["group"], row["choice"]): (row["n"], row["count"]) for row in table.to_dict("records")}
    assert counted == {
        ("mentored", "f"): (30, 12), ("mentored", "g"): (30, 18),
        ("non_mentored", "f"): (30, 4), ("non_mentored", "g"): (30, 26),
    }  # fmt: skip
    assert set(table["dimension"]) == {""}
    assert "region" not in set(found.distributions["question"])
    safe = protect(found, made).distributions
    safe = safe[safe["question"] == "sexe"]
    assert safe[safe["group"] == "mentored"]["status"].eq("shown").all()
    few = safe[safe["group"] == "non_mentored"]
    assert few["status"].eq("suppressed").all()
    assert few[["n", "count", "share"]].isna().all(axis=None)


@pytest.mark.parametrize(("n", "yes", "status"), [(10, 5, "suppressed"), (11, 5, "shown"), (11, 7, "suppressed")])
def test_the_primary_rule_at_its_edges(n, yes, status):
    found, made = results(shares(("1", n, yes)))
    assert only(protect(found, made).estimates)["status"] == status


def test_an_internal_audience_sees_everything():
    found, made = results(shares(("1", 10, 1)), disclosure={"audience": "internal"})
    assert only(protect(found, made).estimates)["status"] == "shown"


def test_inputs_are_left_as_they_were():
    made = study([ABSENCE], [SHARE], source=BOTH)
    responses = normalise([export(("Mentor", "Absence"), shares(("1", 30, 3), ("0", 30, 20)))], made)
    before = [frame.copy(deep=True) for frame in (responses.people, responses.answers, responses.reasons)]
    found = analyse(responses, made)
    kept = found.estimates.copy(deep=True)
    protect(found, made)
    assert all(
        frame.equals(was)
        for frame, was in zip((responses.people, responses.answers, responses.reasons), before, strict=True)
    )
    assert found.estimates.equals(kept)


def test_too_many_answers_lost_stop_the_run_and_a_few_do_not():
    few = shares(("1", 95, 40)) + [["1", "Ouii"]] * 4
    found, _ = results(few)
    assert only(found.estimates)["n"] == 95
    with pytest.raises(ImpactError, match="« absence » : 6 sur 101 ; des valeurs que moins de 11 personnes donnent"):
        results(shares(("1", 95, 40)) + [["1", "Ouii"]] * 6)


def test_a_mean_never_gives_a_hidden_share_of_its_question_away():
    share = SHARE | {"id": "tres", "question": "opinion", "counts": ["tout_a_fait"]}
    answers = ["Tout à fait d’accord"] * 3 + ["Plutôt d’accord"] * 20 + ["Pas du tout d’accord"] * 10 + ["Ne sait pas"]
    found, made = results([["1", text] for text in answers], (OPINION,), (share, MEAN), ("Mentor", "Avis"))
    safe = protect(found, made)
    assert set(safe.estimates["status"]) == {"suppressed"}
    assert safe.missing.empty


def test_without_a_comparison_group_an_index_stands_on_everyone():
    index = {"id": "d", "dimension": "d", "kind": "index", "label": "L", "items": ["accord"]}
    rows = [["1", "Pas du tout d’accord"], ["1", "Tout à fait d’accord"], ["1", ""]]
    found, _ = results(rows, (OPINION,), (MEAN, index), ("Mentor", "Avis"))
    assert only(found.estimates, indicator="d")["estimate"] == pytest.approx(0, abs=1e-12)


def test_nine_digit_clusters_keep_every_digit():
    lieu = {"id": "lieu", "kind": "number", "text": "Lieu"}
    rows = [[*row, str(750_000_001 + i % 16)] for i, row in enumerate(shares(("1", 64, 30)))]
    found, _ = results(rows, (ABSENCE, lieu), headings=("Mentor", "Absence", "Lieu"), design={"cluster": "lieu"})
    assert only(found.estimates)["df"] == 15


def test_an_index_that_the_non_mentored_were_not_asked_stands_on_those_who_were():
    asked = {**OPINION, "asked": ["mentored"]}
    index = {"id": "d", "dimension": "d", "kind": "index", "label": "L", "items": ["accord"]}
    rows = [["1", "Plutôt d’accord"], ["1", "Tout à fait d’accord"], ["0", ""], ["0", ""]]
    found, _ = results(rows, (asked,), (MEAN, index), ("Mentor", "Avis"))
    row = only(found.estimates, indicator="d")
    assert (row["group"], row["n"], row["estimate"], row["status"]) == ("mentored", 2, pytest.approx(0), "shown")


def test_an_item_that_never_varies_is_left_out_of_the_index():
    """3.3 for everyone has a spread of rounding alone, which would divide the index by nothing."""
    constant = {"id": "fixe", "kind": "number", "text": "Fixe"}
    indicators = (
        MEAN, MEAN | {"id": "mf", "question": "fixe"},
        {"id": "d", "dimension": "d", "kind": "index", "label": "L", "items": ["accord", "mf"]},
    )  # fmt: skip
    rows = [[group, answer, "3,3"] for group in "10" for answer in ("Plutôt d’accord", "Tout à fait d’accord")] * 9
    found, _ = results(rows, (OPINION, constant), indicators, ("Mentor", "Avis", "Fixe"))
    index = found.estimates[found.estimates["indicator"] == "d"]
    assert index["estimate"].abs().max() < 1e-9


def test_a_comparison_against_a_hidden_reference_is_hidden():
    found, made = results(shares(("1", 40, 20), ("0", 40, 4)))
    safe = protect(found, made)
    assert only(safe.estimates, group="mentored")["status"] == "shown"
    assert set(safe.comparisons["status"]) == {"suppressed"}


def test_a_mean_of_answers_all_alike_is_hidden():
    found, made = results([["1", "Plutôt d’accord"]] * 20, (OPINION,), (MEAN,), ("Mentor", "Avis"))
    assert only(protect(found, made).estimates)["status"] == "suppressed"


def test_an_index_that_would_tell_a_hidden_share_of_the_others_is_hidden_in_every_group():
    """Two items weigh alike: from the index of the mentored and three of the four shares, the fourth would follow."""
    second = {"id": "b", "kind": "single", "text": "B", "choices": YES_NO}
    shares_of = [
        SHARE,
        {"id": "s2", "dimension": "d", "kind": "share", "label": "L", "question": "b", "counts": ["oui"]},
    ]
    index = {"id": "d", "dimension": "d", "kind": "index", "label": "L", "items": ["absents", "s2"]}
    rows = [[*row, "oui" if i % 2 else "non"] for i, row in enumerate(shares(("1", 60, 30), ("0", 70, 3)))]
    found, made = results(rows, (ABSENCE, second), (*shares_of, index), ("Mentor", "Absence", "B"))
    told = found.estimates.set_index(["indicator", "group"])["estimate"]
    apart = (told["absents", "mentored"] - 3 / 70) / np.sqrt(3 / 70 * 67 / 70)
    apart += (told["s2", "mentored"] - told["s2", "non_mentored"]) / 0.5
    assert told["d", "mentored"] == pytest.approx(apart / 2)
    kept = protect(found, made).estimates.set_index(["indicator", "group"])
    assert kept.loc["d", "status"].tolist() == ["suppressed", "suppressed"]
    assert kept.loc["d", "estimate"].isna().all()
    assert kept.loc[("s2", "mentored"), "status"] == "shown"


def test_an_index_of_one_shown_item_is_hidden():
    index = {"id": "d", "dimension": "d", "kind": "index", "label": "L", "items": ["accord"]}
    rows = [["1", "Plutôt d’accord"], ["1", "Tout à fait d’accord"]] * 20
    found, made = results(rows, (OPINION,), (MEAN, index), ("Mentor", "Avis"))
    safe = protect(found, made)
    assert only(safe.estimates, indicator="accord")["status"] == "shown"
    assert only(safe.estimates, indicator="d")["status"] == "suppressed"


def test_holm_stands_over_the_whole_groups_alone():
    months = {"id": "mois", "kind": "number", "text": "Mois"}
    rows = [[*row, "8" if i % 2 else "2"] for i, row in enumerate(shares(("1", 60, 20), ("0", 60, 35)))]
    found, _ = results(
        rows, (ABSENCE, months), headings=("Mentor", "Absence", "Mois"), duration={"question": "mois"},
        analysis={"primary": ["absents"]},
    )  # fmt: skip
    row = only(found.comparisons, measure="difference", group="mentored")
    assert row["p_adjusted"] == pytest.approx(row["p"])  # alone in its family


@pytest.mark.parametrize("many", [1, 12])
def test_neither_the_row_nor_what_is_typed_in_place_of_an_answer_is_in_a_public_file(many):
    found, made = results([*shares(("1", 295, 100)), *[["1", "Léa"]] * many])
    assert found.problems["value"].tolist() == ["Léa"] * many
    told = protect(found, made).problems
    assert told["value"].tolist() == [""] * many
    assert told["row"].isna().all()
    assert told["column"].tolist() == found.problems["column"].tolist()
