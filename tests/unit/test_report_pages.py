"""The pages as plain data: every study gets a report that stands, whatever it lacks."""

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from impact import texts
from impact.model import OCCASIONAL, TABLES, Results
from impact.report.book import open_book
from impact.report.pages import Picture, document
from impact.report.pages.cover import MOST_DOTS
from impact.study import Study
from tests.unit._fake_results import fake_results, fake_study

FR = texts.load("fr")
WITH_STATUS = [name for name, columns in TABLES.items() if "status" in columns]
PICTURES = {"forest": Picture("<svg/>", "Diagramme"), "shares_schooling": Picture("<svg/>", "Diagramme")}


def pages(results: Results | None = None, study: Study | None = None, language: str = "fr") -> dict[str, Any]:
    return document(open_book(results or fake_results(), study or fake_study(), texts.load(language)), PICTURES)


def without(groups: set[str]) -> Results:
    """The fake results of a study where nobody of these groups answered."""
    results = fake_results()

    def others(name: str, *columns: str) -> Any:
        frame = getattr(results, name)
        return frame[~frame[list(columns)].isin(groups).any(axis=1)]

    sides = {"group", "reference", "arm"}
    further = {name: others(name, *(sides & set(OCCASIONAL[name]))) for name in OCCASIONAL if name != "agreement"}

    return replace(
        results,
        estimates=others("estimates", "group"),
        comparisons=others("comparisons", "group", "reference"),
        missing=others("missing", "group"),
        distributions=others("distributions", "group"),
        published=others("published", "group"),
        flow=others("flow", "group"),
        sizes={group: size for group, size in results.sizes.items() if group not in groups},
        agreement=results.agreement.iloc[: 0 if {"mentored", "mentor"} & groups else None],
        **further,
    )


def ids(content: dict[str, Any]) -> list[str]:
    return [section["id"] for section in content["sections"]]


def blocks(content: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [block for section in content["sections"] for block in section["blocks"] if block["kind"] == kind]


def test_sections_come_in_order_and_are_numbered() -> None:
    content = pages()
    assert ids(content) == [
        "essentials", "overview", "socio_affective", "daily_life", "ambition", "schooling", "duration", "adjusted",
        "published", "quality", "mentors", "results", "breakdowns", "method",
    ]  # fmt: skip
    assert [section["number"] for section in content["sections"]] == [str(place) for place in range(1, 15)]
    assert all(section["message"] for section in content["sections"])


def test_figures_and_tables_are_numbered_in_the_order_of_the_pages() -> None:
    content = pages()
    tables = [block["label"] for block in blocks(content, "table")]
    assert tables == [f"Tableau {place}" for place in range(1, len(tables) + 1)]
    assert [block["label"] for block in blocks(content, "figure")] == ["Graphique 1", "Graphique 2"]


def test_a_card_a_dimension_says_figure_interval_and_comparison() -> None:
    (cards,) = blocks(pages(), "cards")
    card = next(item for item in cards["items"] if item["dimension"] == "La scolarité")
    # 9 of 149 and 31 of 163 answered; Wilson's limits, by R's prop.test(correct = FALSE): 3.21–11.08 and 13.73–25.73
    assert [figure["number"] for figure in card["figures"]] == ["6\u202f%", "19\u202f%"]
    assert "[3\u202f;\u00a011] et [14\u202f;\u00a026]" in card["comparison"]
    assert card["verdict"] == {"sign": "▼", "text": "écart net en faveur des mentorés", "tone": "up"}
    assert len(cards["items"]) == 4


def test_every_row_of_a_table_has_a_cell_a_column() -> None:
    for study in (fake_study(), replace(fake_study(), duration=None)):
        for table in blocks(pages(study=study), "table"):
            assert {len(row) for row in table["rows"]} == {len(table["columns"])}
            assert not table["spans"] or sum(span["width"] for span in table["spans"]) == len(table["columns"])


def test_a_masked_row_is_one_sign_with_its_legend() -> None:
    content = pages()
    table = next(block for block in blocks(content, "table") if block["rows"][-1][0].startswith("A renoncé"))
    assert table["rows"][-1][1] == "s"
    assert table["rows"][-1][3:] == ["s", "s", "s", "s"]
    assert FR("report.legend_masked") in table["legend"]


def test_without_a_comparison_group_nothing_is_compared() -> None:
    content = pages(without({"non_mentored", "mentor"}))
    assert "overview" in ids(content)  # the picture is there: what has nothing to show is left out by who draws
    (cards,) = blocks(content, "cards")
    assert all(len(card["figures"]) <= 1 for card in cards["items"])
    assert not blocks(content, "band")
    assert content["cover"]["design"] == FR("report.cover_alone")
    said = " ".join(section["message"] for section in content["sections"] if section["id"] != "duration")
    assert "contre" not in said


def test_without_mentors_bands_or_published_figures_their_pages_are_left_out() -> None:
    bare = without({"mentor", "mentored_over", "mentored_under", "mentored_unknown"})
    content = pages(bare, replace(fake_study(), duration=None, published=None))
    assert not {"duration", "published"} & set(ids(content))
    assert [group["id"] for group in content["cover"]["groups"]] == ["mentored", "non_mentored"]


def test_an_empty_dimension_keeps_its_page_and_says_so() -> None:
    results = fake_results()
    estimates = results.estimates[results.estimates["dimension"] != "ambition"]
    comparisons = results.comparisons[results.comparisons["dimension"] != "ambition"]
    content = pages(replace(results, estimates=estimates, comparisons=comparisons))
    section = next(each for each in content["sections"] if each["id"] == "ambition")
    assert section["message"] == FR("report.dimension_none")
    assert section["blocks"] == []
    (cards,) = blocks(content, "cards")
    assert cards["items"][2]["sentence"] == FR("report.dimension_none")


def test_the_banner_says_what_the_data_are() -> None:
    study = fake_study()
    assert pages()["banner"] == "Données synthétiques"
    internal = replace(study, disclosure=study.disclosure.model_copy(update={"audience": "internal"}))
    assert pages(study=internal)["banner"] == "Données synthétiques · Usage interne"
    real = replace(study, about=study.about.model_copy(update={"synthetic": False}))
    assert pages(study=real)["banner"] == ""
    assert pages(study=real)["cover"]["badges"] == []


@pytest.mark.parametrize(("size", "each"), [(1800, 1), (1801, 2), (9001, 10)])
def test_the_cover_never_holds_too_many_dots(size: int, each: int) -> None:
    content = pages(replace(without({"non_mentored", "mentor"}), sizes={"mentored": size}))
    (group,) = content["cover"]["groups"]
    assert group["dots"] == -(-size // each)
    assert group["dots"] <= MOST_DOTS
    assert (f"représente {each} personnes" in content["cover"]["caption"]) == (each > 1)


def test_missing_answers_are_ranked_and_leave_out_who_was_not_asked() -> None:
    results = fake_results()
    extra = results.missing.iloc[[0, 0]].assign(
        indicator=["ambitieux", "veut_reussir"], group="mentored", reason=["not_asked", "refused"], count=[900, 500]
    )
    content = pages(replace(results, missing=pd.concat([results.missing, extra])))
    table = next(block for block in blocks(content, "table") if block["title"] == FR("report.quality_missing"))
    assert table["rows"][0][0] == "Veut réussir à l'école"
    assert table["columns"][2]["label"] == FR("reason.refused")
    assert not any("900" in cell for row in table["rows"] for cell in row)


def test_pages_speak_the_language_asked_for() -> None:
    content = pages(language="en")
    assert (content["language"], content["contents"]) == ("en", "Contents")
    titles = [section["title"] for section in content["sections"]]
    assert titles[:3] == ["In brief", "All comparisons", "Socio-affective situation"]
    assert titles[-1] == "Method and limits"


def missing_of(content: dict[str, Any]) -> dict[str, list[Any]]:
    table = next(block for block in blocks(content, "table") if block["title"] == FR("report.quality_missing"))
    return {row[0]: row for row in table["rows"]}


def test_missing_answers_are_ranked_by_share_of_those_asked_and_masked_questions_are_left_out() -> None:
    results = fake_results()
    missing = results.missing.iloc[[0, 0, 0]].assign(
        indicator=["moins_isole", "veut_reussir", "abandon_orientation"],
        group=["mentor", "mentored", "non_mentored"], reason="refused", count=[10, 12, 90],
    )  # fmt: skip
    # Five more kept silent of whom no reason is told apart; of all others everyone answered.
    alone = (results.estimates["indicator"] == "moins_isole") & (results.estimates["group"] == "mentor")
    estimates = results.estimates.assign(missing=0).assign(missing=lambda frame: frame["missing"].mask(alone, 15))
    content = pages(replace(results, missing=missing, estimates=estimates))
    rows = missing_of(content)
    # 190 mentors answered, 15 did not: 15 of 205, 7.3 %; 160 + 168 young people and 12: 12 of 340, 3.5 %
    assert [row[1:] for row in rows.values()] == [
        ["205", "10", "5", "15", "7\u202f%"], ["340", "12", "0", "12", "4\u202f%"],
    ]  # fmt: skip
    notes = [part["text"] for table in blocks(content, "table") for part in table["note"]]
    assert any(FR("report.quality_missing_hidden") in text for text in notes)


def test_a_figure_says_whom_it_is_about_and_no_other_group() -> None:
    content = pages()
    for block in [*blocks(content, "figure"), *blocks(content, "table")][:4]:
        said = " ".join(part["text"] for part in block["note"] if part["term"] == FR("report.field"))
        assert "mentors" not in said.replace("mentorés", "")
    study = fake_study()
    asked = [{**each.model_dump(by_alias=True)} for each in study.questionnaire.question]
    asked[1]["only_if"] = {"question": asked[0]["id"], "is": ["oui"]}
    tables = study.questionnaire.model_dump(by_alias=True) | {"question": asked}
    routed = replace(study, questionnaire=type(study.questionnaire).model_validate(tables))
    table = blocks(pages(study=routed), "table")[0]
    assert "parmi celles et ceux à qui elle a été posée" in table["note"][1]["text"]
    assert "parmi celles" not in blocks(pages(), "table")[0]["note"][1]["text"]


def test_every_table_says_whom_it_is_about_and_where_it_comes_from() -> None:
    for section in pages()["sections"]:
        tables = [block for block in section["blocks"] if block["kind"] == "table"]
        for table in tables[-1:] if section["id"] in ("results", "breakdowns") else tables:
            assert {FR("report.field"), FR("report.source")} <= {part["term"] for part in table["note"]}


def test_a_reading_begins_with_a_capital() -> None:
    content = pages()
    notes = [part for kind in ("figure", "table") for block in blocks(content, kind) for part in block["note"]]
    readings = [part["text"] for part in notes if part["term"] == FR("report.reading")]
    assert readings
    assert all(text[0] == text[0].upper() for text in readings)


def test_users_marks_stay_marks() -> None:
    study = fake_study()
    tables = study.questionnaire.model_dump(by_alias=True)
    for indicator in tables["indicator"]:
        indicator["label"] = indicator["says"] = "a **gras** b ***"
    starred = replace(
        study,
        about=study.about.model_copy(update={"organisation": "**Asso**"}),
        questionnaire=type(study.questionnaire).model_validate(tables),
    )
    plain, marked = (str(pages(study=each)["sections"]).count("**") for each in (study, starred))
    assert plain > 0
    assert marked == plain


def test_signs_that_the_font_lacks_are_counted_where_the_data_are_judged() -> None:
    study = fake_study()

    def said(title: str) -> str:
        content = pages(study=replace(study, about=study.about.model_copy(update={"title": title})))
        section = next(each for each in content["sections"] if each["id"] == "quality")
        return " ".join(section["blocks"][0]["paragraphs"])

    assert "□" not in said("Étude")
    assert "1 signe que la police ne porte pas est remplacé" in said("Étude 漢 漢")
    assert "2 signes différents" in said("Étude 漢字")


def test_one_person_is_one() -> None:
    results = fake_results()
    flow = results.flow.iloc[[0, 3]].assign(count=1, stage=["received", "kept"], reason="")
    one = replace(results, flow=flow, sizes={**results.sizes, "mentored": 1, "mentored_unknown": 1})
    content = pages(one)
    assert content["cover"]["groups"][0]["label"] == "jeune mentoré"
    section = next(each for each in content["sections"] if each["id"] == "quality")
    assert section["message"] == "1 ligne reçue, 1 questionnaire retenu."
    assert "1 jeune mentoré" in str(section["blocks"])
    assert "Pour 1 personne mentorée" in str(content)


def test_another_unit_than_young_people_agrees_with_its_groups() -> None:
    study = fake_study()
    said = str(pages(study=replace(study, about=study.about.model_copy(update={"unit": {"fr": "personnes"}}))))
    assert "personnes du groupe mentoré" in said
    assert "personnes mentorés" not in said
    assert "personnes non mentorés" not in said
    assert "jeunes" not in said.replace("des jeunes en plus grande difficulté", "").replace("Jeunes de 11", "")


def test_an_internal_report_says_nothing_of_masking() -> None:
    study, results = fake_study(), fake_results()
    internal = replace(study, disclosure=study.disclosure.model_copy(update={"audience": "internal"}))
    frames = {
        name: (frame := getattr(results, name))[~frame["status"].str.startswith("suppressed")] for name in WITH_STATUS
    }
    said = str(pages(replace(results, **frames), internal))
    assert "rien n’y est masqué" in said
    assert "masqué" not in said.replace("rien n’y est masqué", "")


def test_masked_rows_are_counted_in_the_method_and_none_is_said_in_words() -> None:
    results = fake_results()
    frames = [getattr(results, name) for name in WITH_STATUS]
    masked = sum(int(frame["status"].isin(["suppressed", "suppressed_secondary"]).sum()) for frame in frames)
    total = sum(map(len, frames))
    assert masked > 1
    assert f"{masked} lignes des tableaux, sur {total}, sont masquées" in str(pages())
    bare = {name: getattr(results, name).query("status == 'shown'") for name in WITH_STATUS}
    assert "Aucune ligne des tableaux n’est masquée." in str(pages(replace(results, **bare)))
