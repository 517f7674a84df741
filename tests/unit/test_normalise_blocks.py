"""Multiple choices as tools spread them: slots, boxes beside a summary, marks and blanks that the tool explains."""

from dataclasses import replace

import pandas as pd
import pytest

from impact.loaders.pointers import Pointers
from impact.normalise import normalise
from tests.unit._exports import YES_NO, export, study
from tests.unit.test_normalise import SUPPORTS, says

HEADING = "Sur qui compter ?"


def laid_out(found, **by_heading):
    """An export whose columns of these layouts, blocks and items are what a tool says they are."""
    columns = tuple(replace(column, **by_heading.get(column.heading, {})) for column in found.columns)
    return replace(found, columns=columns)


def read(found, question=SUPPORTS):
    responses = normalise([found], study([question]))
    ticked = {code: says(responses.answers[f"appuis/{code}"]) for code in ("mentor", "ami", "personne")}
    return ticked, responses.reasons["appuis"].tolist(), responses.problems


def slots(*rows):
    headings = [f"{HEADING}_{place}" for place in (1, 2, 3)]
    return laid_out(export(headings, rows), **{name: {"block": HEADING, "layout": "slots"} for name in headings})


def test_slots_hold_the_answers_given_and_not_the_options_in_order():
    ticked, reasons, problems = read(
        slots(["Un ami, une amie", "", ""], ["Mon mentor", "Un ami, une amie", ""], ["", "", ""])
    )
    assert ticked == {"mentor": [0, 1, None], "ami": [1, 1, None], "personne": [0, 0, None]}
    assert reasons == ["", "", "no_answer"]
    assert problems.empty


def test_a_slot_that_says_no_option_is_told_and_counts_as_answered():
    ticked, reasons, problems = read(slots(["Mon chat", "Mon mentor", ""]))
    assert (ticked["mentor"], reasons) == ([1], [""])
    assert problems["problem"].tolist() == ["not_a_choice"]


def summed_up(*rows):
    found = export(["appuis", "appuis/mentor", "appuis/ami", "appuis/personne"], rows)
    return laid_out(found, appuis={"layout": "summary"})


def test_boxes_and_the_cell_that_sums_them_up_confirm_each_other():
    ticked, reasons, problems = read(summed_up(["mentor ami", "1", "1", "0"], ["ami", "0", "1", "0"], ["", "", "", ""]))
    assert ticked == {"mentor": [1, 0, None], "ami": [1, 1, None], "personne": [0, 0, None]}
    assert reasons == ["", "", "no_answer"]
    assert problems.empty


def test_where_boxes_and_summary_differ_the_boxes_are_kept_and_the_row_is_told():
    ticked, _, problems = read(summed_up(["mentor", "0", "1", "0"], ["ami", "0", "1", "0"]))
    assert ticked["ami"] == [1, 1]
    assert problems[["row", "problem", "done"]].to_numpy().tolist() == [[2, "summary_differs", "boxes_kept"]]


def test_a_summary_alone_speaks_where_a_version_of_the_form_had_no_boxes():
    ticked, reasons, problems = read(summed_up(["mentor", "", "", ""], ["ami", "0", "1", "0"]))
    assert ticked == {"mentor": [1, 0], "ami": [0, 1], "personne": [0, 0]}
    assert (reasons, problems.empty) == (["", ""], True)


def test_the_value_that_ticks_is_the_one_that_the_file_names():
    """SPSS: a set of dichotomies counted at 2, where 1 is no."""
    headings = [f"q/{code}" for code in ("mentor", "ami", "personne")]
    found = export(headings, [["2", "1", "1"], ["1", "1", "1"]])
    found = laid_out(found, **{name: {"block": HEADING, "item": name[2:], "ticked": "2"} for name in headings})
    ticked, reasons, _ = read(found)
    assert (ticked["mentor"], reasons) == ([1, None], ["", "no_answer"])


@pytest.mark.parametrize(
    ("blanks", "reasons"),
    [
        ({}, ["", "no_answer", "unknown"]),
        ({"": "not_asked", "-99": "no_answer"}, ["", "not_asked", "no_answer"]),
    ],
)
def test_a_tool_that_tells_blanks_apart_is_believed(blanks, reasons):
    question = {"id": "aide", "kind": "single", "text": "Aide", "choices": YES_NO}
    found = replace(export(["Aide"], [["Oui"], [""], ["-99"]]), blanks=blanks)
    assert normalise([found], study([question])).reasons["aide"].tolist() == reasons


def test_a_tool_that_tells_blanks_apart_is_believed_for_boxes_too():
    found = export(
        ["appuis/mentor", "appuis/ami", "appuis/personne"], [["1", "", ""], ["", "", ""], ["-99", "-99", "-99"]]
    )
    ticked, reasons, problems = read(replace(found, blanks={"": "not_asked", "-99": "no_answer"}))
    assert (ticked["mentor"], reasons) == ([1, None, None], ["", "not_asked", "no_answer"])
    assert problems.empty


def test_a_questionnaire_says_more_of_a_blank_than_its_tool():
    question = {
        "id": "aide",
        "kind": "single",
        "text": "Aide",
        "choices": YES_NO,
        "missing": [{"code": "N/A", "reason": "not_applicable"}],
    }
    found = replace(export(["Aide"], [["N/A"]]), blanks={"N/A": "not_asked"})
    assert normalise([found], study([question])).reasons["aide"].tolist() == ["not_applicable"]


def test_a_block_named_by_the_format_is_pointed_at_by_its_text_and_its_item():
    found = laid_out(
        export(["c1", "c2"], [["X", ""]]),
        c1={"block": HEADING, "item": "Mon mentor"},
        c2={"block": HEADING, "item": "Personne"},
    )
    assert [item for _, item in Pointers(found).inside([HEADING])] == ["mon mentor", "personne"]
    assert pd.isna(read(found)[0]["mentor"][0]) is False


@pytest.mark.parametrize(
    ("other", "reasons", "problems"),
    [(True, ["", "", "no_answer"], 0), (False, ["", "unknown", "no_answer"], 1)],
)
def test_words_in_place_of_a_choice_answer(other, reasons, problems):
    """SurveyMonkey leaves the choice blank where "other" was filled in; a remark answers nothing."""
    question = {"id": "q", "kind": "single", "text": "Ça va ?", "choices": YES_NO, "other": other}
    headings = ["Ça va ?", "Ça va ? [Autre]", "Ça va ? [Commentaire]"]
    found = export(headings, [["Oui", "", "x"], ["", "Bof", ""], ["", "", "x"]])
    found = laid_out(found, **{headings[1]: {"block": "Ça va ?", "item": "other"}})
    responses = normalise([found], study([question]))
    assert responses.answers["q"].tolist() == ["oui", "other" if other else None, None]
    assert responses.reasons["q"].tolist() == reasons
    assert len(responses.problems) == problems


def test_the_marks_of_boxes_are_recoded_by_the_study():
    found = export(
        ["appuis/mentor", "appuis/ami", "appuis/personne"], [["1", "2", "2"], ["2", "1", "2"], ["2", "2", "2"]]
    )
    recode = {"appuis": {"1": "oui", "2": "non"}}
    responses = normalise([found], study([SUPPORTS], source=[{"file": "a.csv", "group": "mentored", "recode": recode}]))
    assert says(responses.answers["appuis/mentor"]) == [1, 0, None]
    assert responses.problems.empty
    assert len(normalise([found], study([SUPPORTS])).problems) == 7


def test_the_word_for_other_in_a_summary_is_the_box_of_other():
    question = SUPPORTS | {"other": True}
    found = export(
        ["appuis", "appuis/mentor", "appuis/ami", "appuis/personne", "appuis/Autre"],
        [["Mon mentor Autre", "1", "0", "0", "1"], ["Autre", "0", "0", "0", "1"], ["Mon mentor", "1", "0", "0", "1"]],
    )
    ticked, reasons, problems = read(laid_out(found, appuis={"layout": "summary"}), question)
    assert (ticked["mentor"], reasons) == ([1, 0, 1], ["", "", ""])
    assert problems[["row", "problem"]].to_numpy().tolist() == [[4, "summary_differs"]]


def test_a_number_points_at_the_column_of_a_heading_before_the_block_of_that_text():
    headings = [HEADING, "Mon mentor", "Un ami, une amie"]
    found = export(headings, [["Mon mentor ; Un ami, une amie", "", "X"], ["Personne", "X", ""]])
    found = laid_out(found, **{name: {"block": HEADING, "item": name} for name in headings[1:]})
    source = [{"file": "a.csv", "group": "mentored", "rename": {f"{HEADING} (1)": "appuis"}}]
    assert says(normalise([found], study([SUPPORTS], source=source)).answers["appuis/mentor"]) == [1, 0]
    assert read(found)[0]["mentor"] == [0, 1]
