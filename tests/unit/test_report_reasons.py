"""What a report says where it has little to say: the true reason, and nothing of what it does not use."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from impact import texts
from impact.errors import ImpactError
from impact.model import Results
from impact.report import report
from impact.study import Study
from tests.unit._fake_results import fake_results, fake_study
from tests.unit.test_report_pages import blocks, pages, without
from tests.unit.test_report_sentences import strings

FR = texts.load("fr")
COMPARING = ("p corrigée", "MOVER", "Newcombe", "Écarts", "écart", "L’unité d’un écart")


def alone() -> tuple[Results, Study]:
    """A study of the mentored only, without bands."""
    results = without({"non_mentored", "mentor", "mentored_over", "mentored_under", "mentored_unknown"})
    study = replace(fake_study(), duration=None, published=None, sources=fake_study().sources[:1])
    return results, study


def told(results: Results) -> tuple[str, str, str]:
    """The first page's message, a chapter's, and that of all results."""
    content = pages(results, alone()[1])
    said = {section["id"]: section["message"] for section in content["sections"]}
    return said["essentials"], said["schooling"], said["results"]


def test_figures_on_few_answers_are_said_to_be_shown_and_not_commented_on() -> None:
    results = alone()[0]
    small = results.estimates.assign(n=results.estimates["n"].where(results.estimates["status"] != "shown", 29))
    first, chapter, last = told(replace(results, estimates=small))
    assert first == FR("report.results_small")
    assert chapter == FR("report.dimension_small")
    assert last == FR("report.results_message_alone")
    assert "masqué" not in first + chapter


def test_figures_that_are_masked_are_said_to_be() -> None:
    results = alone()[0]
    first, chapter, last = told(replace(results, estimates=_blank(results.estimates, "suppressed")))
    assert first == last == FR("report.results_nothing")
    assert chapter == FR("report.dimension_nothing")


def test_questions_that_nobody_answered_are_said_to_be() -> None:
    results = alone()[0]
    first, chapter, last = told(replace(results, estimates=_blank(results.estimates, "too_few")))
    assert first == last == FR("report.results_few")
    assert chapter == FR("report.dimension_few")


def test_groups_that_no_indicator_is_about_are_said_to_have_none() -> None:
    results = alone()[0]
    first, chapter, last = told(replace(results, estimates=results.estimates.iloc[:0]))
    assert first == last == FR("report.results_none")
    assert chapter == FR("report.dimension_none")
    assert "trop peu" not in first + chapter


def _blank(estimates: pd.DataFrame, status: str) -> pd.DataFrame:
    numbers = [name for name in estimates if pd.api.types.is_numeric_dtype(estimates[name])]
    return estimates.assign(status=status, **dict.fromkeys(numbers, float("nan")))


def test_a_report_without_comparison_uses_no_word_of_comparisons() -> None:
    said = " ".join(strings(method_of(*alone())))
    assert not [word for word in COMPARING if word in said]
    assert "Base" in said
    compared = " ".join(strings(method_of(fake_results(), fake_study())))
    assert all(word in compared for word in COMPARING)


def test_the_method_names_only_the_figures_there_are() -> None:
    results, study = alone()
    kept = tuple(each for each in study.questionnaire.indicator if each.kind == "share")
    questionnaire = study.questionnaire.model_copy(update={"indicator": kept})
    questionnaire.__dict__.pop("indicators", None)  # a cached property of the copy
    shares = replace(results, estimates=results.estimates[results.estimates["unit"] == "share"])
    said = " ".join(strings(method_of(shares, replace(study, questionnaire=questionnaire))))
    assert "Parts : Wilson" in said
    assert "Moyennes" not in said
    assert "Indice" not in said
    assert "Moyennes et indices : Student" in " ".join(strings(method_of(results, study)))


def method_of(results: Results, study: Study) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in pages(results, study)["sections"] if each["id"] == "method")
    return found


def test_how_the_questionnaire_was_handed_out_is_supposed_and_not_told() -> None:
    (bias,) = (item for block in blocks(pages(), "definitions") for item in block["items"]
               if item["term"] == FR("report.method_bias"))  # fmt: skip
    (pleasing,) = (text for text in bias["paragraphs"] if text.startswith("**Vouloir bien répondre"))
    assert " Si l’association" in pleasing


def test_a_questionnaire_without_indicator_is_refused_with_one_to_write(tmp_path: Path) -> None:
    results, study = alone()
    empty = study.questionnaire.model_copy(update={"indicator": ()})
    empty.__dict__.pop("indicators", None)
    with pytest.raises(ImpactError) as fault:
        report(results, replace(study, questionnaire=empty), tmp_path / "out")
    said = str(fault.value)
    question = empty.question[0]
    assert study.about.questionnaire in said
    assert f'question = "{question.id}"' in said
    assert f'counts = ["{question.codes[0]}"]' in said
    assert not (tmp_path / "out").exists()
    bare = replace(study, questionnaire=empty.model_copy(update={"question": ()}))
    with pytest.raises(ImpactError, match="aucune question à choix"):
        report(results, bare, tmp_path / "out")
