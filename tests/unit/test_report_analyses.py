"""What the pages say of the tables that stand only where there is something to put in them."""

import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from impact import analyse, load, normalise, protect, read_study, texts
from impact.figures import FIGURES, Scene
from impact.model import COMPARISONS, OCCASIONAL, TABLES, Results
from impact.report.book import Book, open_book, records
from impact.report.pages import MASKED, NONE, document
from impact.report.pages.mentors import mentors
from impact.report.pages.options import option_tables
from impact.report.pictures import CURVES, pictures
from impact.report.solidity import detectable, detectable_of, reliable
from impact.report.tables import as_written
from impact.report.workbook import _said, _scaled, _value
from impact.study import Study
from impact.study.locking import parts
from impact.study.plan import Plan, sealed
from tests.unit._fake_results import fake_results, fake_study

FR, EN = texts.load("fr"), texts.load("en")
PAIR, BANDS = COMPARISONS[0], COMPARISONS[3]
ROOT = Path(__file__).parents[2]


def book_of(results: Results | None = None, study: Study | None = None, language: str = "fr") -> Book:
    return open_book(results or fake_results(), study or fake_study(), texts.load(language))


def strings(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    for value in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from strings(value)


def section(content: dict[str, Any], name: str) -> dict[str, Any]:
    return next(each for each in content["sections"] if each["id"] == name)


# --- the gap that could be seen ---------------------------------------------------------------------------------------


def test_a_comparison_table_says_the_gap_it_could_have_seen() -> None:
    book = book_of()
    sizes = [row["estimate"] for row in records(book.results.sensitivity)
             if row["analysis"] == "detectable" and row["unit"] == "share" and row["status"] == "shown"
             and (row["group"], row["reference"]) == PAIR]  # fmt: skip
    said = detectable(book, book.indicators.values(), PAIR)
    assert said.startswith("Plus petit écart que ces comparaisons pouvaient voir (puissance 80\u202f%)")
    assert f"de {round(min(sizes) * 100)} à {round(max(sizes) * 100)}\u00a0points (parts)" in said
    table = next(block for block in section(document(book, {}), "schooling")["blocks"] if block["kind"] == "table")
    assert "Plus petit écart" in table["legend"]


def test_one_gap_is_told_once_and_an_unknown_one_not_at_all() -> None:
    book = book_of()
    ambition = [book.indicators["ambitieux"]]
    assert " à " not in detectable(book, ambition, PAIR).partition(":")[2]
    bare = replace(book.results, sensitivity=book.results.sensitivity.iloc[:0])
    assert detectable(book_of(bare), ambition, PAIR) == ""
    assert detectable_of(book_of(bare), ambition, COMPARISONS[1:3]) == ""


def test_a_gap_is_told_for_each_band_under_the_table_that_holds_both() -> None:
    said = detectable_of(book_of(), book_of().indicators.values(), COMPARISONS[1:3])
    assert "mentorés depuis 6 mois ou plus :" in said.replace("\u00a0:", " :")
    assert "mentorés depuis moins de 6 mois :" in said.replace("\u00a0:", " :")


def test_no_gap_is_told_of_a_masked_comparison() -> None:
    results = fake_results()
    crude = results.comparisons
    hidden = replace(results, comparisons=crude.assign(status="suppressed"))
    assert detectable(book_of(hidden), book_of().indicators.values(), PAIR) == ""


# --- indices ----------------------------------------------------------------------------------------------------------


def test_an_index_says_how_far_its_questions_go_together_and_when_weakly() -> None:
    said = reliable(book_of(), book_of().indicators.values())
    assert "alpha 0,58 [0,46 ; 0,68] (mentorés)" in said.replace("\u202f;", " ;").replace("\u00a0", " ")
    assert FR("report.reliable_loose") in said
    frame = fake_results().reliability
    tight = frame.assign(estimate=frame["estimate"] + 0.2)
    assert FR("report.reliable_loose") not in reliable(
        book_of(replace(fake_results(), reliability=tight)), book_of().indicators.values()
    )


def test_an_index_whose_coefficients_are_masked_says_nothing() -> None:
    frame = fake_results().reliability
    hidden = replace(fake_results(), reliability=frame.assign(status="suppressed"))
    assert reliable(book_of(hidden), book_of().indicators.values()) == ""


# --- sets of answers --------------------------------------------------------------------------------------------------


def test_answers_of_one_question_stand_on_one_base_with_the_test_of_the_set() -> None:
    (block,) = option_tables(book_of())
    assert block["title"] == "En cas de coup dur, sur qui peux-tu compter ?"
    # 60 of 155, 71 of 168; the difference is taken before rounding: 38.71 - 42.26 = -3.55
    assert block["rows"][0][:3] == ["Mes parents", "155", "39\u202f%"]
    assert block["rows"][0][4:6] == ["168", "42\u202f%"]
    assert block["rows"][0][7] == "○\u00a0\u22124"
    assert set(block["rows"][2][1:7]) == {MASKED}
    assert block["rows"][2][7:] == [NONE] * 3
    assert "ni à son absence" in block["legend"]


def test_a_set_that_differs_says_so_and_a_masked_one_is_left_out() -> None:
    results = fake_results()
    joint = results.options["choice"] == ""
    apart = results.options.assign(p_adjusted=results.options["p_adjusted"].mask(joint, 0.01))
    (block,) = option_tables(book_of(replace(results, options=apart)))
    assert "ne se répartissent pas de la même façon (p\u00a0=\u00a00,01)" in block["legend"]
    hidden = replace(results, options=results.options.assign(status="suppressed"))
    assert option_tables(book_of(hidden)) == []


# --- both sides -------------------------------------------------------------------------------------------------------


def test_both_sides_stand_beside_each_other_with_their_agreement() -> None:
    page = mentors(book_of())
    assert page is not None
    (row,) = next(block for block in page["blocks"] if block["kind"] == "table")["rows"]
    # 118 of 160 young people, 141 of 190 mentors; 88 pairs
    assert row[1:3] == ["160", "74\u202f%"]
    assert row[4:6] == ["190", "74\u202f%"]
    assert row[7] == "88"
    assert row[8].startswith("74\u202f% [64")
    assert row[9].startswith("0,31 [0,11")


def test_without_pairs_no_agreement_is_told() -> None:
    results = fake_results()
    page = mentors(book_of(replace(results, agreement=results.agreement.iloc[:0])))
    assert page is not None
    assert FR("report.mirrors_no_pairs") in str(list(strings(page)))
    assert "kappa" not in str(page)
    estimates = results.estimates
    without = estimates[estimates["group"] != "mentor"]
    assert mentors(book_of(replace(results, estimates=without))) is None


# --- duration ---------------------------------------------------------------------------------------------------------


def test_curves_are_those_of_the_primary_questions_first(tmp_path: Path) -> None:
    drawn = pictures(book_of(), tmp_path)["trend"]
    ambitious, absent = (drawn.alt.find(words) for words in ("Je me considère", "A manqué les cours"))
    assert -1 < absent < ambitious
    assert "Pour douze mois de plus : +6\u00a0points, de \u22122 à +12" in drawn.alt.replace("\u00a0:", " :")


def test_curves_are_four_at_most_and_a_masked_one_is_none() -> None:
    results = fake_results()
    curve = results.trend[results.trend["indicator"] == "ambitieux"]
    shares = [each.id for each in fake_study().questionnaire.indicator if each.kind == "share"]
    many = pd.concat([curve.assign(indicator=name) for name in shares], ignore_index=True)
    scene = Scene(replace(results, trend=many), fake_study(), FR)
    assert len({row["indicator"] for row in FIGURES["trend"].drawn(scene)}) == len(shares) > CURVES
    hidden = Scene(replace(results, trend=results.trend.assign(status="suppressed")), fake_study(), FR)
    assert not FIGURES["trend"].shows(hidden)


def test_the_reserve_on_who_stays_stands_under_the_curves(tmp_path: Path) -> None:
    book = book_of()
    content = document(book, pictures(book, tmp_path))
    figure = next(b for b in section(content, "duration")["blocks"] if b.get("title") == FR("report.trend"))
    assert "celles et ceux qui sont restés" in figure["note"][0]["text"]


# --- what was planned -------------------------------------------------------------------------------------------------


def locked(study: Study, sources: dict[str, str], **changed: Any) -> Study:
    """The study with a plan that was locked when `sources` stood there, and what was changed since."""
    plan = Plan(Path("study.plan.toml"), (sealed("2022-03-01", "0.1", sources, parts(study), ""),))
    return replace(study, plan=plan, analysis=study.analysis.model_copy(update=changed))


def test_a_planned_comparison_has_a_sign_and_the_method_says_when_it_was_locked() -> None:
    content = document(book_of(study=locked(fake_study(), {"a.csv": ""})), {})
    table = next(block for block in section(content, "schooling")["blocks"] if block["kind"] == "table")
    assert all(row[0].endswith("\u00a0§") for row in table["rows"])
    assert FR("report.planned_legend") in table["legend"]
    said = " ".join(strings(section(content, "method")))
    assert "verrouillé le 01/03/2022" in said
    assert FR("report.method_plan_before") in said


def test_what_changed_since_the_lock_is_exploratory() -> None:
    changed = document(book_of(study=locked(fake_study(), {"a.csv": "x"}, level=0.9)), {})
    table = next(block for block in section(changed, "schooling")["blocks"] if block["kind"] == "table")
    assert not any("§" in row[0] for row in table["rows"])
    said = " ".join(strings(section(changed, "method")))
    assert "1 fichier de réponses était déjà là" in said
    assert "1 partie du plan a changé depuis" in said


def test_a_plan_locked_when_all_the_answers_were_there_says_so_and_signs_nothing() -> None:
    study = locked(fake_study(), {"a.csv": "x"})
    assert study.plan is not None
    late = replace(study, plan=replace(study.plan, today=frozenset({"x"})))
    content = document(book_of(study=late), {})
    said = " ".join(strings(section(content, "method")))
    assert FR("report.method_plan_late") in said
    assert "prévues" not in said
    assert "§" not in " ".join(strings(content))


def test_without_a_plan_nothing_is_said_of_one() -> None:
    assert "§" not in " ".join(strings(document(book_of(), {})))


# --- method and workbook ----------------------------------------------------------------------------------------------


def test_the_method_names_what_the_report_uses_and_nothing_else() -> None:
    said = " ".join(strings(section(document(book_of(), {}), "method")))
    for author in ("Li, Morgan et Zaslavsky", "VanderWeele et Ding", "Manski", "Lee, 2009", "Hothorn", "Anderson",
                   "Cronbach", "Rao et Scott", "Cohen, 1960"):  # fmt: skip
        assert author in said
    assert "Hainmueller" not in said
    bare = fake_results()
    empty = {name: getattr(bare, name).iloc[:0] for name in OCCASIONAL}
    crude = bare.comparisons[bare.comparisons["adjustment"] == "none"]
    said = " ".join(strings(section(document(book_of(replace(bare, comparisons=crude, **empty)), {}), "method")))
    for author in ("Morgan", "VanderWeele", "Manski", "Cronbach", "Cohen"):
        assert author not in said
    assert FR("report.method_unadjusted") in said


@pytest.mark.parametrize(
    ("row", "column", "written"),
    [
        ({"analysis": "detectable", "unit": "share"}, "estimate", (12.0, "points")),
        ({"analysis": "e_value", "unit": "share"}, "estimate", (0.12, "decimal")),
        ({"analysis": "bounds", "unit": "share"}, "limit_low", (12.0, "points")),
        ({"measure": "slope", "unit": "share"}, "low", (12.0, "points")),
        ({"measure": "curve", "unit": "share"}, "low", (0.12, "percent")),
        ({"measure": "odds_ratio", "unit": "share"}, "low", (0.12, "decimal")),
        ({"measure": "alpha"}, "estimate", (0.12, "decimal")),
        ({"measure": "agreement"}, "estimate", (0.12, "percent")),
        ({"measure": "kappa"}, "estimate", (0.12, "decimal")),
        ({"choice": "oui", "reference": ""}, "estimate", (0.12, "percent")),
        ({"choice": "oui", "reference": "non_mentored"}, "estimate", (12.0, "points")),
        ({"covariate": "age", "category": ""}, "mean", (0.12, "decimal")),
        ({"covariate": "age", "category": "missing"}, "mean", (0.12, "percent")),
        ({"covariate": "age", "category": "missing"}, "std_difference", (0.12, "decimal")),
        ({"quantile": 0.1}, "propensity", (0.12, "percent")),
        ({"effective": 0.12}, "effective", (0.12, "tenths")),
    ],
)
def test_every_number_has_the_form_of_what_it_is(row: dict[str, Any], column: str, written: tuple[float, str]) -> None:
    value, form = _scaled(0.12, row, column)
    assert form == written[1]
    assert math.isclose(value, written[0])


CODED = ("measure", "adjustment", "analysis", "interval", "test", "unit", "verdict", "status", "plan", "arm",
         "covariate", "category", "mirror", "reason", "group", "reference")  # fmt: skip


@pytest.fixture(scope="module")
def bundled() -> Book:
    study = read_study(ROOT / "data" / "koreis2022" / "study.toml")
    results = protect(analyse(normalise(load(study), study), study), study)
    return open_book(results, locked(study, {}), FR)


@pytest.mark.parametrize("name", TABLES)
def test_no_code_of_a_table_reaches_the_workbook_as_it_is(name: str, bundled: Book) -> None:
    for book in (bundled, book_of(), book_of(language="en")):
        frame = as_written(book.results, book.study, name)
        coded = [column for column in CODED if column in frame]
        for row in records(frame.drop_duplicates(coded)) if coded else ():
            for column in (each for each in CODED if row.get(each)):
                shown = _value(row, column, lambda *cell, book=book: _said(book, *cell))
                bare = isinstance(shown, str) and shown == row[column]
                assert not bare or row[column] in book.texts.entries.values(), f"{name}.{column}: {row[column]}"
