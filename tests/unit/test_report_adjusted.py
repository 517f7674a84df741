"""The page of adjusted comparisons: what holds, what does not, what cannot be told; never a cause."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from impact import texts
from impact.figures import FIGURES, Scene
from impact.figures._scene import covariate_label
from impact.model import COMPARISONS, WITH_RARE, Results
from impact.report.adjusting import (
    STANDINGS,
    adjusted_is_sayable,
    became,
    by_standing,
    e_value,
    overlapping,
    pair_of,
    standing,
    way,
)
from impact.report.book import Book, adjusted_gap, gap, open_book, printed, records
from impact.report.pages import Picture, document
from impact.report.pages.balance import covariate_name
from impact.report.pictures import pictures
from impact.report.workbook import _choice as written_category
from impact.study import Study
from tests.unit._fake_results import fake_results, fake_study

FR, EN = texts.load("fr"), texts.load("en")
PAIR = COMPARISONS[0]
ABSENCE = fake_study().questionnaire.indicators["absence_tres_souvent"]


def book_of(results: Results | None = None, study: Study | None = None, language: str = "fr") -> Book:
    return open_book(results or fake_results(), study or fake_study(), texts.load(language))


def with_adjusted(name: str = ABSENCE.id, **cells: Any) -> Results:
    """The fake results, the adjusted difference of an indicator rewritten."""
    results = fake_results()
    frame = results.comparisons.copy()
    row = (frame["indicator"] == name) & (frame["adjustment"] == "overlap")
    assert row.sum() == 1
    for column, value in cells.items():
        frame.loc[row, column] = value
    return replace(results, comparisons=frame)


def page_of(results: Results | None = None, study: Study | None = None, language: str = "fr") -> dict[str, Any]:
    content = document(book_of(results, study, language), {})
    return next(section for section in content["sections"] if section["id"] == "adjusted")


def said(page: dict[str, Any]) -> str:
    paragraphs = [text for block in page["blocks"] for text in block.get("paragraphs", [])]
    return " ".join([page["message"], *paragraphs])


def table_of(page: dict[str, Any], key: str) -> dict[str, Any]:
    return next(block for block in page["blocks"] if block.get("title") == FR(f"adjusted.{key}"))


CLEAR = {"estimate": -0.10, "low": -0.18, "high": -0.02, "verdict": "lower", "p_adjusted": 0.001}


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (CLEAR, "kept"),
        (CLEAR | {"p_adjusted": 0.2}, "weaker"),
        (CLEAR | {"verdict": "inconclusive", "high": 0.02}, "gone"),
        (CLEAR | {"estimate": 0.1, "low": 0.02, "high": 0.18, "verdict": "higher"}, "turned"),
        (CLEAR | {"verdict": "equivalent", "low": -0.03, "high": 0.03}, "equivalent"),
    ],
)
def test_what_became_of_a_clear_difference(cells: dict[str, Any], expected: str) -> None:
    book = book_of(with_adjusted(**cells))
    assert standing(book, ABSENCE, PAIR, "overlap") == expected
    assert FR.label(ABSENCE.label).replace("«", "“").replace("»", "”").split("“")[0] in became(
        book, ABSENCE, PAIR, "overlap"
    )


def test_what_became_of_a_comparison_that_was_not_clear() -> None:
    confident = fake_study().questionnaire.indicators["avenir_confiant"]
    assert standing(book_of(), confident, PAIR, "overlap") == "flat"
    clear = {"estimate": 0.2, "low": 0.1, "high": 0.3, "verdict": "higher", "p_adjusted": 0.001}
    assert standing(book_of(with_adjusted("avenir_confiant", **clear)), confident, PAIR, "overlap") == "new"


def crude_lost(results: Results) -> Results:
    """The same, the crude difference clear by itself alone."""
    frame = results.comparisons.copy()
    frame.loc[(frame["indicator"] == ABSENCE.id) & (frame["adjustment"] == "none"), "p_adjusted"] = 0.2
    return replace(results, comparisons=frame)


@pytest.mark.parametrize(("p", "expected"), [(0.001, "kept"), (0.2, "alone")])
def test_a_difference_clear_by_itself_alone_is_held_to_no_more_than_it_was(p: float, expected: str) -> None:
    book = book_of(crude_lost(with_adjusted(**CLEAR | {"p_adjusted": p})))
    assert standing(book, ABSENCE, PAIR, "overlap") == expected


def test_the_count_of_what_stays_clear_sets_like_beside_like() -> None:
    results = with_adjusted(**CLEAR | {"p_adjusted": 0.2})
    book = book_of(results)
    rows = [
        (printed(gap(book, each.id, PAIR)), printed(adjusted_gap(book, each.id, PAIR, "overlap")))
        for each in book.indicators.values()
        if adjusted_is_sayable(book, each, PAIR, "overlap")
    ]
    clear = [two for two in rows if two[0]["verdict"] in ("higher", "lower")]
    still = [two for two in clear if two[0]["verdict"] == two[1]["verdict"]]
    firm = [two for two in clear if two[0]["p_adjusted"] < 0.05]
    kept = [two for two in firm if two[0]["verdict"] == two[1]["verdict"] and two[1]["p_adjusted"] < 0.05]
    assert len(clear) >= len(firm) > len(kept)
    expected = FR("adjusted.tally", still=len(still), alone=len(clear), kept=len(kept), firm=len(firm))
    assert page_of(results)["message"].endswith(expected)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (CLEAR, "Après ajustement : 10 points (de 2 à 18)."),
        (CLEAR | {"verdict": "inconclusive", "high": 0.02}, "Après ajustement, l’écart n’est plus net : de −18 à +2"),
        (CLEAR | {"p_adjusted": 0.2}, "Après ajustement, l’écart n’est plus net que pris seul : 10 points"),
        (CLEAR | {"status": "suppressed"}, ""),
    ],
)
def test_the_essentials_put_the_adjusted_difference_beside_the_crude_one(cells: dict[str, Any], expected: str) -> None:
    page = document(book_of(with_adjusted(**cells)), {})["sections"][0]
    cards = next(block for block in page["blocks"] if block["kind"] == "cards")["items"]
    told = plain(next(card["comparison"] for card in cards if card["dimension"] == "La scolarité"))
    assert expected in told
    assert ("Après ajustement" in told) == bool(expected)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_what_stays_clear_is_said_with_what_does_once_adjusted() -> None:
    kept = plain(document(book_of(with_adjusted(**CLEAR)), {})["sections"][0]["message"])
    gone = plain(
        document(book_of(with_adjusted(**CLEAR | {"verdict": "inconclusive", "high": 0.02})), {})["sections"][0][
            "message"
        ]
    )
    label = FR.label(ABSENCE.label).split("«")[0].strip()
    assert label in kept.split("Après ajustement, ")[1].split(". ")[0]
    assert label not in gone.split("Après ajustement, ")[1].split(". ")[0]


def test_nothing_is_announced_or_fixed_in_advance_where_no_plan_was_locked() -> None:
    for language, words in (
        ("fr", ("avance", "avant de voir")),
        ("en", ("in advance", "beforehand", "before the figures")),
    ):
        content = json.dumps(document(book_of(language=language), {}), ensure_ascii=False)
        assert [word for word in words if word in content] == []


def several(**verdicts: str) -> tuple[Results, Study]:
    """Other adjustments beside the first, each finding the same for every question, save the headline's verdict."""
    results, study = with_adjusted(**CLEAR), fake_study()
    first, made = results.comparisons[results.comparisons["adjustment"] == "overlap"], results.adjustment
    for name, verdict in verdicts.items():
        found = first.assign(adjustment=name)
        found.loc[found["indicator"] == ABSENCE.id, "verdict"] = verdict
        comparisons = pd.concat([results.comparisons, found], ignore_index=True)
        footing = pd.concat([results.adjustment, made.assign(adjustment=name)], ignore_index=True)
        results = replace(results, comparisons=comparisons, adjustment=footing)
    asked = study.analysis.model_copy(update={"adjustments": ("overlap", *verdicts)})
    return results, replace(study, analysis=asked)


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ({"att": "lower", "ate": "lower"}, "les autres ajustements vont dans le même sens"),
        ({"att": "inconclusive", "ate": "lower"}, "l’écart n’est plus net avec poids des mentorés (ATT)."),
        ({"att": "inconclusive", "ate": "inconclusive"}, "l’écart n’est plus net avec les autres ajustements."),
        ({"att": "higher"}, "l’écart change de sens avec"),
    ],
)
def test_whether_the_other_adjustments_agree_is_said(verdicts: dict[str, str], expected: str) -> None:
    page = page_of(*several(**verdicts))
    assert expected in said(page)
    assert "cette page dit le premier, poids de recouvrement" in said(page)
    assert "poids de recouvrement" in json.dumps(table_of(page, "balance")["spans"], ensure_ascii=False)
    rows = table_of(page, "ways")["rows"]
    assert all(len(row) == 1 + len(verdicts) for row in rows)


def test_one_adjustment_alone_is_not_set_beside_others() -> None:
    page = page_of()
    assert "autres ajustements" not in json.dumps(page, ensure_ascii=False)
    assert FR("adjusted.ways") not in [block.get("title") for block in page["blocks"]]


def bounds(results: Results, analysis: str = "bounds", **cells: float) -> Results:
    frame = results.sensitivity.copy()
    for column, value in cells.items():
        frame.loc[frame["analysis"] == analysis, column] = value
    return replace(results, sensitivity=frame)


@pytest.mark.parametrize(
    ("cells", "key"),
    [
        ({"low": -0.2, "high": -0.1, "limit_low": -0.3, "limit_high": -0.01}, "out"),
        ({"low": -0.2, "high": -0.1, "limit_low": -0.3, "limit_high": 0.01}, "in"),
        ({"low": -0.2, "high": 0.1, "limit_low": -0.3, "limit_high": 0.2}, "within"),
    ],
)
def test_whether_zero_stays_out_had_the_silent_answered(cells: dict[str, float], key: str) -> None:
    for analysis in ("bounds", "trimming"):
        table = table_of(page_of(bounds(fake_results(), analysis, **cells)), "bounds")
        word = "si les personnes sans réponse avaient répondu, " if analysis == "bounds" else "à réponse égale, "
        assert f"{word}{FR(f'adjusted.limits_{key}')}" in table["legend"]


def test_the_limits_of_both_kinds_of_bounds_are_printed() -> None:
    cells = {"low": -0.21, "high": -0.11, "limit_low": -0.32, "limit_high": -0.02}
    rows = table_of(page_of(bounds(fake_results(), "trimming", **cells)), "bounds")["rows"]
    assert [plain(cell) for cell in rows[0][-2:]] == ["[−21 ; −11]", "[−32 ; −2]"]


def test_where_nobody_kept_silent_there_is_no_table_of_bounds() -> None:
    results = bounds(fake_results(), low=-0.1, high=-0.1)
    assert FR("adjusted.bounds") not in [block.get("title") for block in page_of(results)["blocks"]]


def test_a_difference_that_is_no_longer_clear_is_inconclusive_and_never_absent() -> None:
    told = said(page_of(with_adjusted(estimate=-0.05, low=-0.15, high=0.05, verdict="inconclusive")))
    assert "n’est plus net\u00a0: non concluant, de \u221215 à +5\u00a0points" in told.replace(" :", "\u00a0:")
    assert "Cela ne dit pas qu’il n’y a pas d’écart" in told


def test_the_message_names_what_was_allowed_for_and_both_sizes() -> None:
    message = page_of(with_adjusted(**CLEAR))["message"]
    assert "âge, « Où vis-tu en ce moment, la plupart des nuits de la semaine ? »" in message
    assert "10\u00a0points (de 2 à 18), contre 13\u00a0points sans ajustement" in message


def test_what_was_not_asked_is_always_said_to_remain() -> None:
    for language in ("fr", "en"):
        assert texts.load(language)("adjusted.unasked") in said(page_of(language=language))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_is_drawn_from_a_covariate_is_named_as_compared_unadjusted_only(language: str) -> None:
    study = fake_study()
    told = study.questionnaire.indicators["absence_tres_souvent"]
    analysis = study.analysis.model_copy(update={"adjust_for": (*study.analysis.adjust_for, told.question)})
    changed = replace(study, analysis=analysis)
    words = texts.load(language)
    opening = words("adjusted.unadjusted", names="\n").split("\n")[0]
    assert opening in said(page_of(study=changed, language=language))
    assert opening not in said(page_of(language=language))


def test_every_standing_has_its_words_and_each_comparison_counts_once() -> None:
    for words in (FR, EN):
        for key in STANDINGS:
            assert {f"adjusted.became_{key}", f"adjusted.aside_{key}_one", f"adjusted.aside_{key}_other"} <= set(
                words.entries
            )
    book = book_of()
    found = by_standing(book, book.indicators.values(), PAIR, "overlap")
    aside = next(block for block in page_of()["blocks"] if block["kind"] == "prose")["aside"]
    assert sum(int(score["count"]) for score in aside) == sum(map(len, found.values())) > 3


def test_a_refused_adjustment_gives_its_reason_and_no_number() -> None:
    rows = table_of(page_of(), "footing")["rows"]
    assert len(rows) == len(COMPARISONS)
    assert rows[1][3:] == ["–", "–", FR("adjustment.reason_separated")]
    results = fake_results()
    refused = results.adjustment.assign(reason="few_people", status="too_few")
    crude = results.comparisons[results.comparisons["adjustment"] == "none"]
    page = page_of(replace(results, adjustment=refused, comparisons=crude))
    assert page["message"] == f"Comparaison n{FR('adjustment.reason_few_people')[1:]}"
    assert "points" not in said(page)


def test_masked_adjusted_differences_are_told_by_none() -> None:
    results = fake_results()
    frame = results.comparisons
    frame = frame.assign(status=frame["status"].mask(frame["adjustment"] != "none", "suppressed"))
    page = page_of(replace(results, comparisons=frame))
    assert page["message"] == FR("adjusted.untold")


def test_without_an_adjustment_there_is_no_page() -> None:
    results = fake_results()
    bare = replace(results, adjustment=results.adjustment.iloc[:0], balance=results.balance.iloc[:0])
    content = document(book_of(bare), {})
    assert "adjusted" not in [section["id"] for section in content["sections"]]


def test_a_characteristic_that_sets_the_groups_apart_has_a_sign() -> None:
    rows = {row[0]: row[1:] for row in table_of(page_of(), "balance")["rows"]}
    assert rows["Âge (ans)"] == ["15,62", "14,71", {"text": "0,38\u00a0‡", "tone": "down"}, "15,20", "15,20", "0,00"]
    assert rows["Où vis-tu en ce moment, la plupart des nuits de la semaine ? : En famille d'accueil"][2] == "0,06"
    assert set(rows["Où vis-tu en ce moment, la plupart des nuits de la semaine ? : sans réponse"]) == {"s"}


def test_a_category_that_rare_answers_joined_says_so_in_the_page_the_figure_and_the_workbook() -> None:
    for language in ("fr", "en"):
        book, words = book_of(language=language), texts.load(language)
        scene = Scene(book.results, book.study, words)
        question = next(book.study.question(each) for each in book.study.analysis.adjust_for
                        if book.study.question(each).choices)  # fmt: skip
        code, label = question.choices[0].code + WITH_RARE, words.label(question.choices[0].label)
        said = words("table.category_with_rare", answer=label)
        assert said != label
        assert covariate_name(book, question.id, code).endswith(said)
        assert covariate_label(scene, question.id, code).endswith(scene.label(said))
        assert written_category(book, code, question.id) == said
        missing = words("table.category_with_rare", answer=words("table.category_missing"))
        assert covariate_name(book, question.id, "missing" + WITH_RARE).endswith(missing)


def test_an_unmeasured_factor_is_told_of_only_where_the_interval_leaves_none_out() -> None:
    book = book_of()
    assert "d’au moins 3,9" in e_value(book, ABSENCE, PAIR, "overlap")
    assert "sans ajustement" in e_value(book, ABSENCE, PAIR, "overlap")  # the fake rows have the crude one alone
    assert e_value(book, book.indicators["avenir_confiant"], PAIR, "overlap") == ""


@pytest.mark.parametrize(
    ("shift", "key"), [(0.0, "overlap_wide"), (0.25, "overlap_part"), (0.6, "overlap_none"), (float("nan"), "")]
)
def test_overlap_is_told_in_words(shift: float, key: str) -> None:
    results = fake_results()
    frame = results.overlap
    moved = frame["propensity"] + shift * (frame["arm"] == "mentored")
    frame = frame.assign(propensity=moved, status=frame["status"] if shift == shift else "suppressed")
    book = book_of(replace(results, overlap=frame))
    row = records(book.results.adjustment)[0]
    assert overlapping(book, row) == (FR(f"adjusted.{key}") if key else "")


def test_bounds_for_silence_are_those_of_the_primary_family() -> None:
    rows = table_of(page_of(), "bounds")["rows"]
    assert [row[0] for row in rows] == [FR.label(fake_study().questionnaire.indicators[name].label)
                                        for name in fake_study().analysis.primary]  # fmt: skip


def test_the_first_way_of_adjusting_that_was_made_is_the_one_told() -> None:
    study, results = fake_study(), fake_results()
    study = replace(study, analysis=study.analysis.model_copy(update={"adjustments": ("att", "overlap")}))
    assert way(book_of(results, study), PAIR) == "overlap"  # att has no row
    att = results.adjustment.iloc[:1].assign(adjustment="att")
    both = replace(results, adjustment=pd.concat([results.adjustment, att], ignore_index=True))
    assert way(book_of(both, study), PAIR) == "att"


def test_what_an_adjustment_stands_on_is_masked_by_a_sign() -> None:
    results = fake_results()
    away = results.adjustment.assign(
        effective=float("nan"), effective_reference=float("nan"), largest_std_difference=float("nan"),
        status="suppressed",
    )  # fmt: skip
    overlap = results.overlap.assign(propensity=float("nan"), status="suppressed")
    page = page_of(replace(results, adjustment=away, overlap=overlap))
    made = [row for row in table_of(page, "footing")["rows"] if row[-1] == "s"]
    assert made
    assert all(row[3:] == ["s", "s", "s"] for row in made)
    assert page["message"] == page_of()["message"]


def test_without_a_comparison_group_the_bands_have_the_page() -> None:
    results = fake_results()
    bands = results.adjustment[results.adjustment["reference"] == "mentored_under"]
    assert pair_of(book_of(replace(results, adjustment=bands))) == COMPARISONS[3]


def test_the_figure_opens_with_the_primary_questions(tmp_path: Any) -> None:
    drawn = pictures(book_of(), tmp_path)
    labels = [FR.label(ABSENCE.label), FR.label(fake_study().questionnaire.indicators["ambitieux"].label)]
    said_of = drawn["adjusted"].alt.replace("’", "'")
    assert -1 < said_of.find(labels[0][:20]) < said_of.find(labels[1].strip("« »")[:15]) < said_of.find("démarches")


def test_the_figure_draws_each_way_beside_the_plain_one() -> None:
    results = fake_results()
    frame = results.comparisons
    att = frame[frame["adjustment"] == "overlap"].assign(adjustment="att")
    both = replace(results, comparisons=pd.concat([frame, att], ignore_index=True))
    figure = FIGURES["adjusted"]
    names = [row["adjustment"] for row in figure.drawn(Scene(both, fake_study(), FR, "ambition"))]
    assert names[:3] == ["none", "overlap", "att"]
    assert FR("figure.by_att") in figure.alt(Scene(both, fake_study(), FR, "ambition"))


def test_more_characteristics_than_a_page_holds_are_the_furthest_apart() -> None:
    results = fake_results()
    row = results.balance[(results.balance["covariate"] == "accueil") & (results.balance["category"] == "famille")]
    many = [row.assign(category=f"c{place}", std_difference=place / 100) for place in range(60)]
    scene = Scene(replace(results, balance=pd.concat(many, ignore_index=True)), fake_study(), FR)
    drawn = FIGURES["balance"].drawn(scene)
    assert {row["category"] for row in drawn} == {f"c{place}" for place in range(46, 60)}
    assert FIGURES["balance"].draw(scene).get_size_inches()[1] * 25.4 < 176


@pytest.mark.parametrize(
    ("primary", "first"), [(("regrets",), "regretté"), (("ambitieux", "absence_tres_souvent"), "ambitieux")]
)
def test_the_figure_draws_the_primary_questions_first(tmp_path: Path, primary: tuple[str, ...], first: str) -> None:
    study = fake_study()
    asked = replace(study, analysis=study.analysis.model_copy(update={"primary": primary}))
    told = pictures(book_of(study=asked), tmp_path)["adjusted"].alt
    words = ("regretté", "qualités", "démarches", "ambitieux", "confiance", "manqué", "réussir")
    drawn = sorted((word for word in words if word in told), key=told.index)
    assert drawn[0] == first


def test_the_figure_draws_the_adjustment_that_the_page_tells_alone(tmp_path: Path) -> None:
    told = pictures(book_of(*several(att="lower", ate="lower")), tmp_path)["adjusted"].alt
    assert FR("figure.by_overlap") in told
    assert FR("figure.by_att") not in told


def test_no_primary_question_is_named_where_there_is_none() -> None:
    study = fake_study()
    none = replace(study, analysis=study.analysis.model_copy(update={"primary": ()}))
    content = document(book_of(study=none), {"adjusted": Picture("<svg/>", "")})
    page = next(each for each in content["sections"] if each["id"] == "adjusted")
    figure = next(each for each in page["blocks"] if each["kind"] == "figure")
    assert "principales" not in figure["subtitle"]
