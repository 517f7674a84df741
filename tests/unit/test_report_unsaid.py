"""Sentences for indicators without a verb of their own, and means with what they count in."""

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from impact import texts
from impact.model import COMPARISONS, Results
from impact.report.book import Book, open_book
from impact.report.pages.dimensions import comparison_table, reading, reading_level
from impact.report.pages.method import method
from impact.report.sentences import against, difference, finding, level
from impact.texts.typography import spaces
from tests.unit._fake_results import fake_results, fake_study
from tests.unit.test_report_sentences import strings

PAIR = COMPARISONS[0]
ASKED = {"fr": "Au cours du mois, « très souvent » absent ?", "en": "This month, “very often” absent?"}


def book_with(language: str = "fr", question: str = "", results: Results | None = None, **changes: Any) -> Book:
    """The fake study, its indicators without `says`; one question (and its indicator's label) rewritten."""
    study = fake_study()
    tables = study.questionnaire.model_dump(by_alias=True)
    for indicator in tables["indicator"]:
        indicator["says"] = ""
        if indicator["id"] == question and "label" in changes:
            indicator["label"] = changes["label"]
    for asked in tables["question"]:
        if asked["id"] == question:
            asked.update({key: value for key, value in changes.items() if key != "label"})
    study = replace(study, questionnaire=type(study.questionnaire).model_validate(tables))
    return open_book(results or fake_results(), study, texts.load(language))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        # 9 of 149 are 6.04 %, 31 of 163 are 19.02 %
        ("fr", "À la question «\u00a0Au cours du mois, “très souvent” absent\u202f?\u00a0», 6\u202f% des jeunes "
         "mentorés répondent «\u00a0Très souvent\u00a0», contre 19\u202f% des jeunes non mentorés"),
        ("en", "To the question “This month, ‘very often’ absent?”, 6% of mentored young people answer “Very often”, "
         "against 19% of non-mentored young people"),
    ],
)  # fmt: skip
def test_a_share_without_a_verb_tells_the_question_and_the_answer(language: str, said: str) -> None:
    book = book_with(language, "absence_tres_souvent", text=ASKED)
    assert spaces(against(book, book.indicators["absence_tres_souvent"], PAIR), book.texts) == said


def test_several_answers_that_count_are_all_told() -> None:
    book = book_with()
    said = level(book, book.indicators["ambitieux"], "mentored")
    assert said.endswith("des jeunes mentorés répondent « Plutôt d'accord » ou « Tout à fait d'accord »")


def test_a_question_is_never_glued_to_a_colon_or_a_comma() -> None:
    """The draft of `impact init` calls each indicator by its question."""
    for name, label in (("regrets", "Combien de regrets ?"), ("absence_tres_souvent", "Absent ?")):
        book = book_with(question=name, label=label)
        one = book.indicators[name]
        for said in (finding(book, one, PAIR), reading(book, [one], PAIR), reading_level(book, one, "mentored")):
            assert "? :" not in said and "?," not in said and "?." not in said
    book = book_with(question="regrets", label="Combien de regrets ?")
    assert level(book, book.indicators["regrets"], "mentored").startswith("À la question « Nombre de fois")


def with_mean(estimate: float) -> Results:
    """The fake results with the mean of the mentored rewritten, and the others' at 4."""
    results = fake_results()
    frame = results.estimates.copy()
    mean = frame["indicator"] == "regrets"
    frame.loc[mean, ["estimate", "low", "high"]] = [4.0, 3.5, 4.5]
    whole = mean & (frame["group"] == "mentored")
    frame.loc[whole, ["estimate", "low", "high"]] = [estimate, estimate - 0.444, estimate + 0.444]
    gaps = results.comparisons.copy()
    row = (gaps["indicator"] == "regrets") & (gaps["group"] == "mentored")
    gaps.loc[row, ["estimate", "low", "high", "verdict"]] = [-3.25, -4.5, -2.0, "lower"]
    return replace(results, estimates=frame, comparisons=gaps)


@pytest.mark.parametrize(("mean", "written"), [(9.994, ("9,99", "4,00")), (53.03, ("53,0", "4,0"))])
def test_a_mean_of_ten_or_more_has_one_decimal_in_every_group(mean: float, written: tuple[str, str]) -> None:
    book = book_with(results=with_mean(mean))
    block = comparison_table(book, [book.indicators["regrets"]], PAIR)
    assert tuple(block["rows"][0][1:3]) == written
    told = texts.load("fr")("report.method_rounding_mean") in " ".join(strings(method(book)))
    assert told == (mean >= 10)


def test_a_mean_is_told_in_what_its_question_counts_in() -> None:
    changes: dict[str, Any] = {"kind": "number", "choices": [], "units": ["ans", "an"], "label": "Âge"}
    book = book_with(question="regrets", results=with_mean(53.03), **changes)
    age = book.indicators["regrets"]
    assert level(book, age, "mentored") == "Âge : 53,0\u00a0ans chez les jeunes mentorés"
    assert "de 3,3\u00a0ans" in difference(book, age, PAIR)  # 3.25, halves away from zero
    assert comparison_table(book, [age], PAIR)["rows"][0][0] == "Âge (ans)"
    plain = book_with(question="regrets", results=with_mean(53.03), label="Âge")
    assert level(plain, plain.indicators["regrets"], "mentored") == "Âge : 53,0 chez les jeunes mentorés"


def test_the_tables_keep_the_unit_that_they_promise() -> None:
    results = with_mean(53.03)
    open_book(results, fake_study(), texts.load("fr"))
    assert set(pd.unique(results.estimates["unit"])) == {"share", "mean", "index", ""}
