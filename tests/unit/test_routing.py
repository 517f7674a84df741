"""Who was asked: conditions of every form, one or several, and what a blank means under each."""

import pytest

from impact.errors import ImpactError
from impact.normalise import normalise
from impact.study import read_study
from tests.unit._exports import DONT_KNOW, YES_NO, export, study

PUPIL = {"id": "eleve", "kind": "single", "text": "Élève ?", "choices": YES_NO, "missing": DONT_KNOW}
AGE = {"id": "age", "kind": "number", "text": "Âge"}
HELP = {
    "id": "aide",
    "kind": "multiple",
    "text": "Aide",
    "choices": [{"code": "mentor", "label": "Mentor"}, {"code": "ami", "label": "Ami"}],
}
LAST = {"id": "fin", "kind": "single", "text": "Et ?", "choices": YES_NO}


def blanks(only_if, before, answers):
    """Why `fin`, left blank by all, is blank, where `before` was answered so."""
    exports = [export([before["text"], "Et ?"], [[answer, ""] for answer in answers])]
    responses = normalise(exports, study([before, LAST | {"only_if": only_if}]))
    return responses.reasons["fin"].tolist()


@pytest.mark.parametrize("only_if", [{"question": "eleve", "is": ["oui"]}, [{"question": "eleve", "is": ["oui"]}]])
def test_one_condition_is_a_table_or_a_list_of_one(only_if):
    assert blanks(only_if, PUPIL, ["Oui", "Non", ""]) == ["no_answer", "not_asked", "unknown"]


def test_is_not_asks_those_who_said_anything_else():
    only_if = {"question": "eleve", "is_not": ["non"]}
    assert blanks(only_if, PUPIL, ["Oui", "Non", ""]) == ["no_answer", "not_asked", "unknown"]


def test_is_not_may_name_a_code_that_says_why_there_is_no_answer():
    only_if = {"question": "eleve", "is_not": ["nsp"]}
    assert blanks(only_if, PUPIL, ["Oui", "Ne sait pas", ""]) == ["no_answer", "not_asked", "unknown"]


@pytest.mark.parametrize(
    ("bounds", "asked"),
    [
        ({"min": 16}, [False, True, True, True]),
        ({"max": 17}, [True, True, True, False]),
        ({"min": 16, "max": 17}, [False, True, True, False]),
    ],
)
def test_a_number_decides_bounds_included(bounds, asked):
    reasons = blanks({"question": "age"} | bounds, AGE, ["15", "16", "17", "18", ""])
    assert reasons == [*("no_answer" if one else "not_asked" for one in asked), "unknown"]


@pytest.mark.parametrize(("way", "asked"), [("is", [True, False, True]), ("is_not", [False, True, False])])
def test_a_box_decides(way, asked):
    reasons = blanks({"question": "aide", way: ["mentor"]}, HELP, ["mentor", "ami", "mentor ami", ""])
    assert reasons == [*("no_answer" if one else "not_asked" for one in asked), "unknown"]


def test_all_conditions_must_hold_and_one_that_fails_is_enough():
    only_if = [{"question": "eleve", "is": ["oui"]}, {"question": "age", "min": 16}]
    rows = [["Oui", "16", ""], ["Oui", "15", ""], ["", "15", ""], ["Non", "", ""], ["Oui", "", ""], ["Oui", "9", "Oui"]]
    responses = normalise([export(["Élève ?", "Âge", "Et ?"], rows)], study([PUPIL, AGE, LAST | {"only_if": only_if}]))
    expected = ["no_answer", "not_asked", "not_asked", "not_asked", "unknown", "not_asked"]
    assert responses.reasons["fin"].tolist() == expected
    assert responses.problems[["row", "problem"]].to_numpy().tolist() == [[7, "answered_though_not_asked"]]


def test_who_was_not_asked_what_decides_was_not_asked_further_but_where_anything_else_is_wanted():
    hidden = AGE | {"only_if": {"question": "eleve", "is": ["oui"]}}
    for bound, way, reason in (({"min": 16}, AGE, "not_asked"), ({"is_not": ["non"]}, LAST, "unknown")):
        middle = way | {"id": "milieu", "text": "Milieu", "only_if": hidden["only_if"]}
        asked = LAST | {"only_if": {"question": "milieu"} | bound}
        found = export(["Élève ?", "Milieu", "Et ?"], [["Non", "", ""]])
        assert normalise([found], study([PUPIL, middle, asked])).reasons["fin"].tolist() == [reason]


QUESTIONNAIRE = """
[dimension.d]
label = "D"
[[question]]
id = "eleve"
kind = "single"
text = "Élève ?"
choices = [{code = "oui", label = "Oui"}, {code = "non", label = "Non"}]
missing = [{code = "nsp", label = "Ne sait pas", reason = "dont_know"}]
[[question]]
id = "age"
kind = "number"
text = "Âge"
[[question]]
id = "fin"
kind = "text"
text = "Et ?"
only_if = ROUTES
[[indicator]]
id = "eleves"
dimension = "d"
kind = "share"
question = "eleve"
counts = ["oui"]
label = "Élèves"
"""
STUDY = """
[study]
title = "T"
year = 2026
questionnaire = "questionnaire.toml"
[[source]]
file = "a.csv"
group = "mentored"
"""


def written(folder, routes):
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    (folder / "questionnaire.toml").write_text(QUESTIONNAIRE.replace("ROUTES", routes), encoding="utf-8")
    return read_study(folder)


def test_a_questionnaire_lists_its_conditions(tmp_path):
    study = written(tmp_path, '[{question = "eleve", is = ["oui"]}, {question = "age", min = 16}]')
    assert [routing.question for routing in study.question("fin").only_if] == ["eleve", "age"]
    assert len(written(tmp_path, '{question = "eleve", is_not = ["nsp"]}').question("fin").only_if) == 1


@pytest.mark.parametrize(
    ("routes", "sentence"),
    [
        ('{question = "eleve"}', "d’une seule façon"),
        ('{question = "eleve", is = ["oui"], is_not = ["non"]}', "d’une seule façon"),
        ('{question = "eleve", min = 1}', "d’une seule façon"),
        ('{question = "age", is = ["1"]}', "d’une seule façon"),
        ('{question = "eleve", is = ["peut-être"]}', "« peut-être »"),
        ('{question = "eleve", is_not = ["nom"]}', "« nom »"),
        ('{question = "fin", is = ["oui"]}', "écrite avant elle"),
        ('[{question = "eleve", is = ["oui"]}, {question = "ages", min = 16}]', "« age »"),
        ('{question = "eleve", is_nott = ["non"]}', "Vouliez-vous écrire « is_not »"),
        ('[{question = "age", min = "seize"}]', "un nombre est attendu"),
    ],
)
def test_faults_of_a_condition_are_said(tmp_path, routes, sentence):
    with pytest.raises(ImpactError, match=sentence) as fault:
        written(tmp_path, routes)
    assert "fin" in str(fault.value)
