"""Adjusted comparisons in the tables: beside the crude ones, on declared covariates, or refused with a reason."""

import numpy as np
import pytest
from pandas.testing import assert_frame_equal

from impact import texts
from impact.adjust import ADJUSTMENTS
from impact.analyse import analyse
from impact.check import examine
from impact.check.page import page
from impact.errors import ImpactError
from impact.model import ADJUSTMENT, BALANCE, COMPARED, OVERLAP
from impact.multiplicity import benjamini_hochberg, holm
from impact.normalise import normalise
from impact.protect import protect
from impact.study.reading import read_study
from tests.unit._exports import AGREEMENT, YES_NO, export, study

PLACES = [{"code": code, "label": code.title()} for code in ("foyer", "famille", "hotel")]
QUESTIONS = (
    {"id": "absence", "kind": "single", "text": "Absence", "choices": YES_NO},
    {"id": "avis", "kind": "single", "text": "Avis", "choices": AGREEMENT},
    {"id": "age", "kind": "number", "text": "Âge"},
    {"id": "lieu", "kind": "single", "text": "Lieu", "choices": PLACES},
    {"id": "mois", "kind": "number", "text": "Mois"},
)
INDICATORS = (
    {"id": "absents", "dimension": "d", "kind": "share", "label": "L", "question": "absence", "counts": ["oui"]},
    {"id": "accord", "dimension": "d", "kind": "mean", "label": "L", "question": "avis"},
)
HEADINGS = ("Mentor", "Absence", "Avis", "Âge", "Lieu", "Mois")
BOTH = [{"file": "a.csv", "group": {"column": "Mentor", "mentored": ["1"], "non_mentored": ["0"]}}]
SIGNED = {"verdict": "identical", "by": "Quelqu’un", "why": "Les autres ne répondaient pas ce jour-là."}
LABELS = [choice["label"]["fr"] for choice in AGREEMENT]


def answers(people=200, seed=1):
    """Rows under HEADINGS: the mentored are older and live elsewhere, and both go with being absent."""
    rng = np.random.default_rng(seed)
    rows = []
    for _ in range(people):
        age, place = round(rng.normal(16, 2), 1), rng.choice(["Foyer", "Famille", "Hotel"], p=[0.5, 0.3, 0.2])
        mentored = rng.random() < 1 / (1 + np.exp(-(0.4 * (age - 16) + 0.6 * (place == "Famille"))))
        absent = rng.random() < 0.25 + 0.03 * (age - 16) + 0.1 * (place == "Famille")
        months = str(rng.integers(1, 12)) if mentored else ""
        written = "" if rng.random() < 0.08 else str(age)
        rows.append([str(int(mentored)), "Oui" if absent else "Non", rng.choice(LABELS), written, place, months])
    return rows


def made(rows=None, questions=QUESTIONS, indicators=INDICATORS, headings=HEADINGS, **tables):
    tables["analysis"] = {"adjust_for": ["age", "lieu"]} | tables.pop("analysis", {})
    built = study(list(questions), list(indicators), source=BOTH, **tables)
    rows = answers() if rows is None else rows
    return analyse(normalise([export(headings, rows)], built), built), built


def differences(found, **where):
    frame = found.comparisons[found.comparisons["measure"] == "difference"]
    for column, value in where.items():
        frame = frame[frame[column] == value]
    return frame


def test_nothing_is_adjusted_unless_covariates_are_declared():
    found, _ = made(analysis={"adjust_for": []})
    assert set(found.comparisons["adjustment"]) == {"none"}
    for table, columns in (("balance", BALANCE), ("adjustment", ADJUSTMENT), ("overlap", OVERLAP)):
        assert getattr(found, table).empty
        assert list(getattr(found, table).columns) == list(columns)


def test_a_cohort_of_one_group_needs_no_covariate():
    sexe = {"id": "sexe", "kind": "single", "text": "S", "choices": YES_NO}  # which no column carries
    found, _ = made([row for row in answers() if row[0] == "1"], (*QUESTIONS, sexe), analysis={"adjust_for": ["sexe"]})
    assert len(found.estimates) == 2
    assert found.comparisons.empty
    assert found.balance.empty


def test_adjusted_rows_stand_after_the_crude_ones_and_leave_them_as_they_are():
    crude, _ = made(analysis={"adjust_for": []})
    found, _ = made(analysis={"adjustments": list(ADJUSTMENTS)})
    first, rest = found.comparisons.iloc[: len(crude.comparisons)], found.comparisons.iloc[len(crude.comparisons) :]
    assert first.equals(crude.comparisons)
    assert "none" not in set(rest["adjustment"])
    order = rest.drop_duplicates(["indicator", "adjustment"])[["indicator", "adjustment"]].to_numpy().tolist()
    assert order == [[one["id"], name] for one in INDICATORS for name in ADJUSTMENTS]
    assert list(found.comparisons.columns) == list(COMPARED)


def test_an_adjusted_row_has_every_figure_and_names_its_methods():
    found, _ = made(analysis={"adjustments": list(ADJUSTMENTS)})
    rows = found.comparisons[found.comparisons["adjustment"] != "none"]
    figures = rows[["estimate", "std_error", "low", "high", "p", "p_adjusted"]].to_numpy(dtype=float)
    assert np.isfinite(figures).all()
    assert (rows["low"] < rows["high"]).all()
    assert set(rows["test"]) == {"design_t"}
    assert set(rows["interval"]) == {"mover_wilson", "mover_student", "bonett"}
    assert set(rows["status"]) == {"shown"}


def test_the_adjusted_difference_is_the_difference_of_weighted_shares():
    """With one covariate of two answers, the overlap weights are the other group's part of each answer: by hand."""
    rows = [["1", "Oui" if i < 20 else "Non", LABELS[0], "", "Foyer", ""] for i in range(40)]
    rows += [["1", "Oui" if i < 5 else "Non", LABELS[0], "", "Hotel", ""] for i in range(20)]
    rows += [["0", "Oui" if i < 6 else "Non", LABELS[0], "", "Foyer", ""] for i in range(20)]
    rows += [["0", "Oui" if i < 10 else "Non", LABELS[0], "", "Hotel", ""] for i in range(40)]
    found, _ = made(rows, analysis={"adjust_for": ["lieu"], "adjustments": ["overlap", "att", "ate"]})
    # 20 of 60 and 40 of 60 in each place: overlap n1 n0 / (n1 + n0) is the same in both places.
    gaps = 20 / 40 - 6 / 20, 5 / 20 - 10 / 40
    expected = {"overlap": np.mean(gaps), "att": (40 * gaps[0] + 20 * gaps[1]) / 60, "ate": np.mean(gaps)}
    for name, gap in expected.items():
        row = differences(found, indicator="absents", adjustment=name).iloc[0]
        assert row["estimate"] == pytest.approx(gap, abs=1e-12)


def test_p_is_corrected_within_each_adjustment():
    """The bands of a question first among themselves, then all the questions."""
    analysis = {"adjustments": ["overlap", "att"], "primary": ["absents"], "duration_correction": "holm"}
    found, _ = made(analysis=analysis, duration={"question": "mois"})
    for name in ("none", "overlap", "att"):
        rows = differences(found, adjustment=name)
        primary = (rows["indicator"] == "absents") & (rows["group"] == "mentored")
        entering = rows["p"].astype(float)
        for _, bands in rows[rows["group"] != "mentored"].groupby("indicator"):
            entering[bands.index] = holm(bands["p"].to_numpy(dtype=float))
        for family, correct in ((primary, holm), (~primary, benjamini_hochberg)):
            expected = correct(entering[family].to_numpy())
            assert rows.loc[family, "p_adjusted"].to_numpy(dtype=float) == pytest.approx(expected)


def test_bands_are_adjusted_against_the_others_and_against_each_other():
    found, _ = made(duration={"question": "mois"})
    groups = found.adjustment[["group", "reference"]].to_numpy().tolist()
    assert groups == [
        ["mentored", "non_mentored"], ["mentored_over", "non_mentored"], ["mentored_under", "non_mentored"],
        ["mentored_over", "mentored_under"],
    ]  # fmt: skip
    assert (
        differences(found, adjustment="overlap", indicator="absents")[["group", "reference"]].to_numpy().tolist()
        == groups
    )


def test_an_indicator_drawn_from_a_covariate_is_not_adjusted():
    """Nor is an index of which it is an item."""
    other = {"id": "en_foyer", "dimension": "d", "kind": "share", "label": "L", "question": "lieu", "counts": ["foyer"]}
    index = {"id": "d", "dimension": "d", "kind": "index", "label": "L", "items": ["absents", "en_foyer"]}
    found, built = made(indicators=(*INDICATORS, other, index))
    assert set(differences(found, adjustment="none")["indicator"]) == {"absents", "accord", "en_foyer", "d"}
    assert set(differences(found, adjustment="overlap")["indicator"]) == {"absents", "accord"}
    assert [one.id for one in built.unadjusted] == ["en_foyer", "d"]


@pytest.mark.parametrize("covariates", [["age"], ["age", "lieu"]])
def test_a_check_names_the_indicators_that_will_not_be_adjusted(covariates):
    other = {"id": "en_foyer", "dimension": "d", "kind": "share", "label": "L", "question": "lieu", "counts": ["foyer"]}
    built = study(QUESTIONS, [*INDICATORS, other], source=BOTH, analysis={"adjust_for": covariates})
    exports = [export(HEADINGS, answers())]
    found = examine(exports, normalise(exports, built), built)
    points = [one for one in found.findings if one.kind == "unadjusted"]
    if "lieu" not in covariates:
        assert not points
        return
    (point,) = points
    assert (point.severity, point.facts["indicators"]) == ("look", "en_foyer")
    for language in texts.languages():
        shown = page(found, built, texts.load(language))
        assert any("en_foyer" in one.what for section in shown.sections for one in section.points)


def test_what_is_credited_to_the_mentor_is_not_adjusted():
    found, _ = made(indicators=(INDICATORS[0] | {"attribution": True}, INDICATORS[1]))
    assert set(found.comparisons["indicator"]) == {"accord"}


def test_a_group_in_which_nobody_answered_has_rows_without_figures():
    rows = [[row[0], row[1] if row[0] == "1" else "", *row[2:]] for row in answers()]
    found, _ = made(rows, comparability={"absence": SIGNED})
    row = differences(found, indicator="absents", adjustment="overlap").iloc[0]
    assert row["status"] == "too_few"
    assert np.isnan(row["estimate"])


@pytest.mark.parametrize(("answered", "status"), [(9, "too_few"), (40, "shown")])
def test_answers_of_a_few_people_are_not_adjusted_however_many_were_weighed(answered, status):
    others = [place for place, row in enumerate(answers()) if row[0] == "0"]
    rows = [[*row[:1], "" if place in others[answered:] else row[1], *row[2:]] for place, row in enumerate(answers())]
    found, _ = made(rows, comparability={"absence": SIGNED})
    assert set(differences(found, indicator="absents", adjustment="overlap")["status"]) == {status}
    assert set(differences(found, indicator="absents", adjustment="none")["status"]) == {"shown"}


def reasons(found):
    return found.adjustment.set_index(["group", "reference"])["reason"].to_dict()


def test_too_few_people_are_refused_and_said_so():
    found, _ = made(answers(60), analysis={"respondents_per_covariate": 30})
    (row,) = found.adjustment.to_dict("records")
    assert (row["status"], row["reason"]) == ("too_few", "few_people")
    assert min(row["n"], row["n_reference"]) < 30 * row["parameters"]
    assert set(found.comparisons["adjustment"]) == {"none"}
    assert set(found.balance["adjustment"]) == {"none"}
    assert found.overlap.empty


def test_a_place_that_only_the_mentored_live_in_is_refused():
    rows = [[*row[:4], "Famille" if row[0] == "1" and place else "Foyer", row[5]]
            for place, row in zip([0, 1] * 100, answers(), strict=True)]  # fmt: skip
    found, _ = made(rows, analysis={"adjustments": ["overlap", "doubly_robust"]})
    assert found.adjustment["reason"].tolist() == ["answer_apart", "answer_apart"]


def test_a_covariate_that_nobody_of_a_group_answered_is_refused():
    rows = [[*row[:3], "" if row[0] == "0" else row[3], *row[4:]] for row in answers()]
    found, _ = made(rows, duration={"question": "mois"}, comparability={"age": SIGNED})
    refused = {pair: reason for pair, reason in reasons(found).items() if reason}
    assert set(refused.values()) == {"covariate_unanswered"}
    assert {reference for _, reference in refused} == {"non_mentored"}


def test_a_covariate_that_was_not_asked_alike_is_refused_against_the_others_only():
    by = {"verdict": "not_comparable", "by": "Quelqu’un"}
    found, _ = made(duration={"question": "mois"}, comparability={"lieu": by})
    assert {reference: reason for (_, reference), reason in reasons(found).items()} == {
        "non_mentored": "covariate_apart", "mentored_under": "",
    }  # fmt: skip


def test_a_covariate_that_was_not_asked_alike_is_not_set_side_by_side():
    by = {"verdict": "not_comparable", "by": "Quelqu’un"}
    found, built = made(duration={"question": "mois"}, comparability={"lieu": by})
    for table in (found.balance, protect(found, built).balance):
        (row,) = table[(table["covariate"] == "lieu") & (table["group"] == "mentored")].to_dict("records")
        assert (row["category"], row["status"]) == ("", "not_comparable")
        assert np.isnan([row[name] for name in ("n", "n_reference", "mean", "mean_reference", "std_difference")]).all()
        others = table[(table["covariate"] == "age") & (table["group"] == "mentored")]
        assert (others["status"] == "shown").all()
    bands = found.balance[(found.balance["covariate"] == "lieu") & (found.balance["reference"] == "mentored_under")]
    assert (bands["status"] == "shown").all()


@pytest.mark.parametrize("language", texts.languages())
@pytest.mark.parametrize(
    "reason",
    [
        "few_people",
        "few_left",
        "one_cluster",
        "separated",
        "unbalanced",
        "covariate_unanswered",
        "covariate_apart",
        "answer_apart",
    ],
)
def test_every_reason_has_its_words(reason, language):
    assert f"adjustment.reason_{reason}" in texts.load(language)


def test_who_did_not_answer_a_covariate_is_adjusted_all_the_same():
    found, _ = made()
    sizes = found.sizes
    assert found.adjustment.loc[0, ["n", "n_reference"]].tolist() == [sizes["mentored"], sizes["non_mentored"]]
    missing = found.balance.query("covariate == 'age' and category == 'missing'")
    assert (missing["mean"] > 0).all()


def test_the_balance_table_tells_each_covariate_before_and_after():
    found, _ = made(analysis={"adjustments": ["overlap", "entropy"]})
    keys = found.balance[["covariate", "category"]].drop_duplicates().to_numpy().tolist()
    assert keys == [["age", ""], ["age", "missing"], ["lieu", "foyer"], ["lieu", "famille"], ["lieu", "hotel"]]
    largest = found.balance.assign(size=found.balance["std_difference"].abs()).groupby("adjustment")["size"].max()
    assert largest["none"] > 0.2
    assert largest[["overlap", "entropy"]].max() < 1e-9
    told = found.adjustment.set_index("adjustment")["largest_std_difference"]
    assert told.to_dict() == pytest.approx(largest[["overlap", "entropy"]].to_dict())


def test_several_answers_and_a_weight_are_balanced_too():
    several = {"id": "aides", "kind": "multiple", "text": "Aides", "none_ticked": "answered",
               "choices": [{"code": "a", "label": "A"}, {"code": "b", "label": "B"}]}  # fmt: skip
    weight = {"id": "poids", "kind": "number", "text": "Poids"}
    rng = np.random.default_rng(4)
    rows = [[*row, *("Oui" if rng.random() < 0.4 + 0.2 * (row[0] == "1") else "Non" for _ in "ab"), str(1 + i % 3)]
            for i, row in enumerate(answers())]  # fmt: skip
    found, _ = made(
        rows, (*QUESTIONS, several, weight), headings=(*HEADINGS, "Aides [A]", "Aides [B]", "Poids"),
        design={"weight": "poids"}, analysis={"adjust_for": ["aides"]},
    )  # fmt: skip
    after = found.balance[found.balance["adjustment"] == "overlap"]
    assert after["category"].tolist() == ["a", "b"]
    assert after["std_difference"].abs().max() < 1e-9


# What is at fault in the study


def test_an_adjustment_that_does_not_exist_names_those_that_do():
    with pytest.raises(ImpactError, match="overlap, att, ate, entropy, doubly_robust"):
        made(analysis={"adjustments": ["overlapp"]})


def test_a_covariate_without_a_column_is_named():
    with pytest.raises(ImpactError, match="« sexe »"):
        made(questions=(*QUESTIONS, {"id": "sexe", "kind": "number", "text": "S"}), analysis={"adjust_for": ["sexe"]})


QUESTIONNAIRE = """
[dimension.d]
label = "D"
[[question]]
id = "q"
text = "Q"
{question}
[[question]]
id = "x"
text = "X"
kind = "number"
[[indicator]]
id = "i"
dimension = "d"
label = "I"
kind = "mean"
question = "x"
"""
STUDY = """
[study]
title = "T"
year = 2026
questionnaire = "q.toml"
[[source]]
file = "a.csv"
group = "mentored"
[analysis]
adjust_for = {covariates}
"""


def test_the_column_that_makes_the_groups_is_no_covariate(tmp_path):
    question = (
        'kind = "single"\ncolumns = ["Mentoré ?"]\nchoices = [{code = "1", label = "1"}, {code = "0", label = "0"}]'
    )
    (tmp_path / "q.toml").write_text(QUESTIONNAIRE.format(question=question), encoding="utf-8")
    groups = 'group = {column = "mentoré ?", mentored = ["1"], non_mentored = ["0"]}'
    text = STUDY.format(covariates='["q"]').replace('group = "mentored"', groups)
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ImpactError) as caught:
        read_study(tmp_path / "study.toml")
    assert (caught.value.key, caught.value.facts["question"]) == ("study_covariate_groups", "q")


@pytest.mark.parametrize(
    ("question", "covariates", "key"),
    [
        ('kind = "text"', '["q"]', "study_covariate_kind"),
        ('kind = "date"', '["q"]', "study_covariate_kind"),
        ('kind = "number"\nasked = ["mentored"]', '["q"]', "study_covariate_one_group"),
        ('kind = "number"', '["x", "q", "x"]', "study_twice"),
        ('kind = "number"', '["absente"]', "study_no_question_far"),
    ],
)
def test_a_covariate_that_cannot_serve_is_refused_before_anything_is_read(tmp_path, question, covariates, key):
    (tmp_path / "q.toml").write_text(QUESTIONNAIRE.format(question=question), encoding="utf-8")
    (tmp_path / "study.toml").write_text(STUDY.format(covariates=covariates), encoding="utf-8")
    with pytest.raises(ImpactError) as caught:
        read_study(tmp_path / "study.toml")
    assert caught.value.key == key


# What may leave the room


def hidden(found, built):
    table = protect(found, built).balance
    return set(table.loc[table["status"] == "suppressed", "covariate"])


def assert_alike(kept, found):
    """The same rows, but for what is rounded: half a unit of the third digit."""
    assert_frame_equal(kept, found, rtol=5e-3, atol=1e-12)


def with_rare(people=3, group="0"):
    """The answers, with a few people of a group who live in a hotel, and none else."""
    rows = [[*row[:4], "Foyer" if row[4] == "Hotel" else row[4], row[5]] for row in answers()]
    for place in [place for place, row in enumerate(rows) if row[0] == group][:people]:
        rows[place][4] = "Hotel"
    return rows


def categories(frame, covariate="lieu", adjustment="overlap"):
    kept = frame.query("covariate == @covariate and adjustment == @adjustment")
    return dict(zip(kept["category"], kept["status"], strict=True))


@pytest.mark.parametrize("group", ["0", "1"])
def test_rare_answers_of_either_group_stand_with_the_most_common_and_all_is_shown(group):
    found, built = made(with_rare(group=group))
    kept = protect(found, built)
    assert categories(kept.balance) == {"foyer+rare": "shown", "famille": "shown"}
    assert_alike(kept.balance, found.balance)
    assert_alike(kept.adjustment, found.adjustment)
    assert "shown" in set(kept.overlap["status"])
    homes = kept.balance[kept.balance["covariate"] == "lieu"].groupby("adjustment")[["mean", "mean_reference"]].sum()
    assert homes.to_numpy() == pytest.approx(1.0)


def test_the_answers_that_a_study_would_not_publish_are_rare_and_those_of_an_internal_one_only_if_few():
    rows = with_rare(7) + [["1", "Oui", LABELS[0], "15", "Hotel", "3"]] * 7
    assert list(categories(made(rows)[0].balance)) == ["foyer", "famille", "hotel"]
    stricter = {"minimum_answer": 8}
    assert list(categories(made(rows, disclosure=stricter)[0].balance)) == ["foyer+rare", "famille"]
    internal = stricter | {"audience": "internal"}
    assert list(categories(made(rows, disclosure=internal)[0].balance)) == ["foyer", "famille", "hotel"]
    assert list(categories(made(with_rare(), disclosure=internal)[0].balance)) == ["foyer+rare", "famille"]


def test_rare_answers_that_an_indicator_would_tell_hide_their_covariate_and_what_it_makes():
    """The share in a home beside the share in a home or elsewhere tells how many are elsewhere."""
    homes = {"id": "en_foyer", "dimension": "d", "kind": "share", "label": "L", "question": "lieu", "counts": ["foyer"]}
    found, built = made(with_rare(), indicators=(*INDICATORS, homes))
    kept = protect(found, built)
    assert set(categories(kept.balance).values()) == {"suppressed"}
    assert set(categories(kept.balance, "age").values()) == {"shown"}
    assert kept.adjustment[["effective", "effective_reference", "largest_std_difference"]].isna().all(axis=None)
    assert kept.overlap["propensity"].isna().all()
    assert hidden(*made(indicators=(*INDICATORS, homes))) == set()


def test_an_answer_that_all_gave_is_hidden_and_nothing_else_is():
    rows = [[*row[:4], "Foyer", row[5]] for row in answers()]
    found, built = made(rows)
    assert hidden(found, built) == {"lieu"}
    kept = protect(found, built)
    assert_alike(kept.adjustment, found.adjustment)


def test_what_an_adjustment_of_a_small_group_stands_on_is_hidden():
    rule = {"minimum_base": 100}
    found, built = made(disclosure=rule)
    kept = protect(found, built)
    assert min(kept.adjustment.loc[0, ["n", "n_reference"]]) < 100
    assert kept.adjustment[["effective", "effective_reference", "largest_std_difference"]].isna().all(axis=None)
    assert kept.adjustment["status"].tolist() == ["suppressed"]


@pytest.mark.parametrize(("covariates", "status"), [(["lieu"], "suppressed"), (["lieu", "age"], "shown")])
def test_a_comparison_adjusted_for_hidden_closed_answers_alone_does_not_count_them(covariates, status):
    """Such a figure is made of few counts, and trying them all would find them; of a number, of too many to try."""
    homes = {"id": "en_foyer", "dimension": "d", "kind": "share", "label": "L", "question": "lieu", "counts": ["foyer"]}
    found, built = made(with_rare(), indicators=(*INDICATORS, homes), analysis={"adjust_for": covariates})
    kept = protect(found, built)
    for table in (kept.comparisons, kept.sensitivity):
        by_adjustment = table[table["indicator"] == "absents"].groupby("adjustment")["status"].unique()
        assert {name: list(status) for name, status in by_adjustment.items()} == {
            "none": ["shown"],
            "overlap": [status],
        }


def test_a_number_that_all_of_a_group_gave_alike_is_hidden():
    rows = [[row[0], row[1], row[2], "15.1" if row[0] == "0" else row[3], *row[4:]] for row in answers()]
    found, built = made(rows)
    ages = found.balance[found.balance["covariate"] == "age"]
    assert ages.loc[ages["category"] == "", "variance_ratio"].isna().all()  # no variance to divide by, not a tiny one
    assert "age" in hidden(found, built)
    turned = [[{"0": "1", "1": "0"}[row[0]], *row[1:]] for row in rows]
    assert "age" in hidden(*made(turned))


def test_an_internal_audience_sees_every_covariate():
    found, built = made(answers(40), analysis={"respondents_per_covariate": 1}, disclosure={"audience": "internal"})
    assert hidden(found, built) == set()


def test_an_adjusted_comparison_of_a_hidden_arm_is_hidden_with_the_crude_one():
    rows = [[row[0], "Non" if row[0] == "1" and i > 12 else row[1], *row[2:]] for i, row in enumerate(answers())]
    found, built = made(rows)
    kept = protect(found, built).comparisons
    statuses = kept[kept["indicator"] == "absents"].groupby("adjustment")["status"].unique()
    assert [list(one) for one in statuses] == [["suppressed"], ["suppressed"]]
    figures = ["estimate", "std_error", "low", "high", "p", "p_adjusted", "verdict"]
    assert kept.loc[kept["indicator"] == "absents", figures].isna().all(axis=None)


def test_quantiles_of_the_propensity_with_few_people_beyond_are_hidden():
    found, built = made()
    kept = protect(found, built).overlap
    for row in kept.to_dict("records"):
        beyond = found.sizes[row["arm"]] * min(row["quantile"], 1 - row["quantile"])
        assert (row["status"] == "suppressed") == (beyond < built.disclosure.minimum_base)
        assert np.isnan(row["propensity"]) == (row["status"] == "suppressed")
    assert set(kept["status"]) == {"shown", "suppressed"}
