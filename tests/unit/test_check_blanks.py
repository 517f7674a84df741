"""Blanks that a file does not explain: what was led past, and boxes all left; each told, with the line that says it."""

import random
import time
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from impact import texts
from impact.check import examine
from impact.check.page import page
from impact.model import Column
from impact.normalise import normalise
from impact.normalise.hidden import hidden
from impact.study import Question
from tests.unit._exports import YES_NO, export, study

QUESTIONS = [
    {"id": "vu", "kind": "single", "text": "En avez-vous un ?", "choices": YES_NO},
    {"id": "mois", "kind": "number", "text": "Depuis combien de mois ?"},
    {"id": "avis", "kind": "single", "text": "Est-ce utile ?", "choices": YES_NO},
    {"id": "age", "kind": "number", "text": "Quel âge avez-vous ?"},
]
HEADINGS = [one["text"] for one in QUESTIONS]


def examined(headings, rows, questions, **changed):
    found = replace(export(headings, rows), **changed)
    asked = study(questions)
    return examine([found], normalise([found], asked), asked), asked


def routed(yes, no, slips=0, silent=0):
    """Who says yes answers all but `silent` of them; who says no is led past two questions, but `slips` answer them."""
    rows = [["Oui", "" if n < silent else str(n), "" if n < silent else "Oui", str(20 + n)] for n in range(yes)]
    return rows + [["Non", "3" if n < slips else "", "Non" if n < slips else "", str(50 + n)] for n in range(no)]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (routed(30, 10), True),
        (routed(30, 9), False),  # fewer people than that may each have had a reason
        (routed(30, 40, slips=2), True),
        (routed(30, 40, slips=3), False),  # 7.5 % answered: no form let them past
        (routed(30, 10, silent=9), True),
        (routed(30, 10, silent=10), False),  # a third of the others leave it blank too
        (routed(4, 30), False),
    ],
)
def test_what_one_answer_leads_past_is_told_with_the_condition_to_write(rows, told):
    check, asked = examined(HEADINGS, rows, QUESTIONS)
    found = [one for one in check.findings if one.kind == "hidden"]
    assert bool(found) == told
    for one in found:
        assert one.severity == "look"
        assert one.question == "mois, avis"
        assert one.rows == tuple(number for number, row in enumerate(rows, start=2) if row[0] == "Non")
        assert {(line.file, line.under, line.text) for line in one.lines} == {
            ("questionnaire", name, 'only_if = {question = "vu", is = ["oui"]}') for name in ("mois", "avis")
        }
        (point,) = page(check, asked, texts.load()).sections[0].points
        assert "« Non » à « En avez-vous un ? » (vu)" in point.what.replace("\u00a0", " ")
        (write,) = point.writes  # two questions take the same line, which is written out once
        assert write.lines == ('only_if = {question = "vu", is = ["oui"]}',)
        assert "« mois », « avis »" in write.where.replace("\u00a0", " ")


def test_the_condition_written_there_is_nothing_left_to_tell():
    condition = {"only_if": {"question": "vu", "is": ["oui"]}}
    questions = [one | (condition if one["id"] in ("mois", "avis") else {}) for one in QUESTIONS]
    check, _ = examined(HEADINGS, routed(30, 12), questions)
    assert check.findings == ()
    blanks = {one.question: dict(one.fed[0].blanks) for one in check.questions}
    assert blanks["mois"] == blanks["avis"] == {"not_asked": 12}


def test_an_answer_that_the_questionnaire_does_not_list_is_told_apart_by_the_others():
    rows = [["Oui", "1", "Oui", "20"]] * 20 + [["Non", "", "", "30"]] * 12 + [["autre chose", "2", "Oui", "40"]] * 6
    check, _ = examined(HEADINGS, rows, [QUESTIONS[0] | {"other": True}, *QUESTIONS[1:]])
    (found,) = [one for one in check.findings if one.kind == "hidden"]
    assert {line.text for line in found.lines} == {'only_if = {question = "vu", is_not = ["non"]}'}


def test_chance_blanks_are_led_past_by_nothing():
    drawn = random.Random(3)
    rows = [[drawn.choice(("Oui", "Non")), *(drawn.choice(("", "1")) for _ in range(3))] for _ in range(400)]
    rows = [[one, two, "Oui" if three else "", four] for one, two, three, four in rows]
    check, _ = examined(HEADINGS, rows, QUESTIONS)
    assert [one for one in check.findings if one.kind == "hidden"] == []


def test_pairs_of_questions_cost_little():
    count, many = 100_000, 60
    drawn = np.random.default_rng(1)
    questions = [
        Question.model_validate({"id": f"q{n}", "kind": "single", "text": f"Q{n}", "choices": YES_NO})
        for n in range(many)
    ]
    said = {f"q{n}": np.array(["oui", "non"], dtype=object)[drawn.integers(0, 2, count)] for n in range(many)}
    blank = drawn.random((count, many)) < 0.1
    blank[:, many - 1] = said["q0"] == "non"
    answers = pd.DataFrame({name: np.where(blank[:, n], None, said[name]) for n, name in enumerate(said)})
    reasons = pd.DataFrame({name: np.where(blank[:, n], "no_answer", "") for n, name in enumerate(said)}, dtype=object)
    began = time.process_time()
    found = hidden(questions, answers, reasons)
    assert [(one.question, one.decides, one.away, one.shown) for one in found] == [
        (f"q{many - 1}", "q0", ("non",), ("oui",))
    ]
    assert time.process_time() - began < 15


HELP = {
    "id": "aides", "kind": "multiple", "text": "Quelles aides ?",
    "choices": [{"code": name, "label": name} for name in ("Bus", "Train", "Vélo")],
}  # fmt: skip
BOXES = [f"Quelles aides ? [{name}]" for name in ("Bus", "Train", "Vélo")]
TICKED = [["Oui", "Non", "Non"], ["Non", "Oui", "Oui"], ["Non", "Non", "Oui"]]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([*TICKED, ["Non"] * 3, [""] * 3, ["Non"] * 3], (5, 7)),  # one that writes « Non » tells blanks apart
        ([["x", "", ""], ["", "x", "x"], ["", "", ""], ["x", "", ""]], (4,)),  # marks alone do not
        (TICKED, ()),
        ([*TICKED, [""] * 3], ()),
    ],
)
def test_boxes_all_left_are_counted_and_what_they_do_to_the_base_is_said(rows, told):
    check, _ = examined(BOXES, rows, [HELP])
    found = [one for one in check.findings if one.kind == "none_ticked"]
    assert [one.rows for one in found] == ([told] if told else [])
    answered = sum(any(cell in ("Oui", "x") for cell in row) for row in rows)
    for one in found:
        assert (one.severity, one.question) == ("look", "aides")
        assert dict(one.facts) == {"count": len(told), "answered": answered, "total": answered + len(told)}
        assert [(line.under, line.text) for line in one.lines] == [("aides", 'none_ticked = "answered"')]


NONE = {"code": "Aucune", "label": "Aucune", "exclusive": True}


@pytest.mark.parametrize(
    ("headings", "question"),
    [
        (BOXES, HELP | {"none_ticked": "answered"}),
        (BOXES, HELP | {"none_ticked": "missing"}),  # said by the questionnaire: looked at already
        ([*BOXES, "Quelles aides ? [Aucune]"], HELP | {"choices": [*HELP["choices"], NONE]}),
    ],
)
def test_what_no_box_ticked_means_is_asked_once(headings, question):
    rows = [[*row, *["Non"] * (len(headings) - 3)] for row in [*TICKED, ["Non"] * 3]]
    assert examined(headings, rows, [question])[0].findings == ()


# --- rows alike ------------------------------------------------------------------------------------------------------

WIDTH = 24
YES = [{"id": f"q{n}", "kind": "single", "text": f"Q{n}", "choices": YES_NO} for n in range(WIDTH)]


def table(*more, numbered):
    """Answers drawn apart, then more rows; a number a row in the tool's own column, where it has one."""
    drawn = random.Random(7)
    rows = [[drawn.choice(("Oui", "Non")) for _ in range(WIDTH)] for _ in range(40)]
    rows += [list(rows[one]) if isinstance(one, int) else one for one in more]
    headings = [f"Q{n}" for n in range(WIDTH)]
    if not numbered:
        return export(headings, rows)
    made = export([*headings, "id"], [[*row, str(number)] for number, row in enumerate(rows)])
    columns = (*made.columns[:-1], Column(WIDTH, ("id",), role="metadata"))
    return replace(made, columns=columns)


def doubles_of(found):
    asked = study(YES)
    check = examine([found], normalise([found], asked), asked)
    kinds = ("same_row", "same_answers", "test")
    return [(one.kind, one.severity, one.rows) for one in check.findings if one.kind in kinds]


@pytest.mark.parametrize(("numbered", "severity"), [(False, "settle"), (True, "look")])
def test_rows_alike_that_the_tool_numbers_apart_are_only_looked_at(numbered, severity):
    assert doubles_of(table(3, numbered=numbered)) == [("same_row", severity, (5, 42))]


def test_people_led_past_nearly_all_of_a_form_are_no_doubles():
    past = ["Non", "Oui", "Oui", *[""] * (WIDTH - 3)]
    assert doubles_of(table(past, past, past, numbered=True)) == []
    half = [*["Non"] * (WIDTH // 2), *[""] * (WIDTH // 2)]
    others = [["Oui", *half[1:]], [half[0], "Oui", *half[2:]], *[list(half) for _ in range(30)]]
    assert doubles_of(table(*others, numbered=True)) == []  # as many answer alike as chance would have it


def test_rows_that_the_tool_calls_tests_have_one_cure():
    found = replace(table(3, numbered=False), flags={5: "test", 42: "test"})
    assert doubles_of(found) == [("test", "settle", (5, 42))]


def test_the_line_proposed_touches_no_other_row():
    rest = ["Non", "Oui", "Oui", "Non", "Oui", *[""] * (WIDTH - 5)]
    asked = study(YES)
    found = table(3, rest, rest, numbered=False)
    (one,) = [one for one in examine([found], normalise([found], asked), asked).findings if one.kind == "same_row"]
    assert one.rows == (5, 42)
    assert [line.text for line in one.lines] == ['drop_rows = [{rows = [42], reason = "duplicate"}]']
