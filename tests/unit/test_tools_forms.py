"""Microsoft Forms, Typeform and Tally: what they are recognised by, what their columns are."""

from datetime import datetime

import pandas as pd
import pytest

from impact.normalise import normalise
from tests.unit._exports import YES_NO, study
from tests.unit._loaders import delimited, read, read_text
from tests.unit.test_loaders_workbook import workbook

SENT = datetime(2022, 6, 1, 9, 30)


def microsoft(folder, headings, *rows, first=("ID", "Heure de début", "Heure de fin"), name="Feuil1"):
    lines = [(number, SENT, SENT, *row) for number, row in enumerate(rows, 1)]
    return read(workbook(folder / "a.xlsx", {name: [(*first, *headings), *lines]}))


@pytest.mark.parametrize("name", ["Sheet1", "Form1", "Feuil1", "Réponses"])
@pytest.mark.parametrize(
    "first",
    [
        ("ID", "Start time", "Completion time"), ("Id", "Heure de début", "Heure de fin"),
        ("ID", "Startzeit", "Fertigstellungszeit"), ("ID", "Hora de inicio", "Hora de finalización"),
    ],
)  # fmt: skip
def test_microsoft_is_known_by_its_first_columns(tmp_path, first, name):
    found = microsoft(tmp_path, ["Âge ?"], ["12"], first=first, name=name)
    assert (found.tool, found.signs, found.answered_on) == ("microsoft", tuple(f"« {one} »" for one in first), 2)
    assert [column.role for column in found.columns] == ["metadata", "metadata", "metadata", ""]


def test_microsoft_names_who_answered(tmp_path):
    headings = ["Adresse de messagerie", "Nom", "Langue", "Heure de la dernière modification", "Quel est ton nom ?"]
    found = microsoft(tmp_path, headings, ["anonymous", "", "", "", "x"])
    assert [column.role for column in found.columns[3:]] == ["personal", "personal", "metadata", "metadata", ""]
    spanish = microsoft(tmp_path, ["Correo electrónico", "Nombre", "Nombre"], ["anonymous", "", "3"])
    assert [column.role for column in spanish.columns[3:]] == ["personal", "personal", ""]


def test_what_a_microsoft_quiz_adds_is_no_question(tmp_path):
    headings = ["Total points", "Capitale ?", "Points - Capitale ?", "Feedback - Capitale ?", "Points - Autre"]
    found = microsoft(tmp_path, headings, ["1", "Paris", "1", "", "3"])
    assert [column.role for column in found.columns[3:]] == ["metadata", "", "metadata", "metadata", ""]


@pytest.mark.parametrize(
    ("headings", "second"),
    [
        (["Pourquoi ?", "Pourquoi ?2"], "Pourquoi ? (2)"),
        (["Pourquoi ?2"], "Pourquoi ?"),  # the first was deleted
        (["Classe 1", "Classe 2"], ""),
        (["Classe", "Classe 2"], ""),  # a space: a name of its own
        (["Covid19"], ""),
    ],
)
def test_numbers_that_microsoft_adds_to_equal_headings(tmp_path, headings, second):
    last = microsoft(tmp_path, headings, ["a"] * len(headings)).columns[-1]
    assert last.headings == ((headings[-1], second) if second else (headings[-1],))


def test_each_copy_of_a_microsoft_heading_can_be_pointed_at(tmp_path):
    found = microsoft(tmp_path, ["Pourquoi\u00a0?\u00a0", "Pourquoi\u00a0?2"], ["Oui", "Non"])
    for heading, said in (("Pourquoi ?", "oui"), ("Pourquoi ? (2)", "non"), ("Pourquoi ?2", "non")):
        question = {"id": "q", "kind": "single", "text": heading, "choices": YES_NO}
        assert normalise([found], study([question])).answers["q"].tolist() == [said]


def test_boxes_of_microsoft_end_with_their_sign(tmp_path):
    found = microsoft(tmp_path, ["Qui ?"], ["Un ami, une amie;Mon mentor;"], ["Mon mentor;"], [""])
    choices = [{"code": "ami", "label": "Un ami, une amie"}, {"code": "mentor", "label": "Mon mentor"}]
    read_as = normalise([found], study([{"id": "q", "kind": "multiple", "text": "Qui ?", "choices": choices}]))
    assert read_as.answers["q/ami"].tolist()[:2] == [1.0, 0.0]
    assert read_as.answers["q/mentor"].tolist()[:2] == [1.0, 1.0]
    assert read_as.reasons["q"].tolist() == ["", "", "no_answer"]


# --- Typeform --------------------------------------------------------------------------------------------------------

LAST = ("Start Date (UTC)", "Submit Date (UTC)", "Network ID")
DAY = "2021-03-27 10:37:43"


def typeform(folder, headings, *rows, last=LAST, ends=(DAY, DAY, "7c03")):
    lines = [(f"token{number}", *row, *ends) for number, row in enumerate(rows)]
    return read_text(folder, delimited([("#", *headings, *last), *lines], ",", "\n"))


def blocks(found):
    """The blocks with the headings of their columns."""
    held: dict[str, list[str]] = {}
    for column in found.columns:
        if column.block:
            held.setdefault(column.block, []).append(column.heading)
    return held


def test_typeform_is_known_by_its_token_and_its_dates(tmp_path):
    found = typeform(tmp_path, ["Email", "Âge ?"], ["a@b.fr", "12"])
    assert (found.tool, found.signs) == ("typeform", tuple(f"« {one} »" for one in ("#", *LAST)))
    assert found.columns[found.answered_on].heading == "Submit Date (UTC)"
    assert [column.role for column in found.columns] == [
        "metadata", "personal", "", "metadata", "metadata", "personal",
    ]  # fmt: skip
    assert read_text(tmp_path, delimited([("#", "âge"), ("1", "12")], ",")).tool == ""


def test_a_run_of_boxes_is_one_block_named_by_its_letters(tmp_path):
    headings = ["Âge ?", "Ami", "Mentor", "Personne", "Other", "Ville ?", "Jamais posée ?", "Lycée", "Collège"]
    found = typeform(
        tmp_path, headings,
        ["12", "Ami", "", "", "mon chat", "Lyon", "", "Lycée", ""],
        ["13", "Ami", "Mentor", "", "", "Paris", "", "", "Collège"],
    )  # fmt: skip
    assert blocks(found) == {"Cases C à F": ["Ami", "Mentor", "Personne", "Other"], "Cases I à J": ["Lycée", "Collège"]}
    asking = [note for note in found.notes if "Cases" in note]
    assert len(asking) == 2 and "columns" in asking[0]


def test_the_study_points_at_a_block_of_typeform(tmp_path):
    rows = [["Ami", "", "mon chat"], ["", "Mentor", ""], ["", "", ""]]
    found = typeform(tmp_path, ["Ami", "Mentor", "Other"], *rows)
    choices = [{"code": "ami", "label": "Ami"}, {"code": "mentor", "label": "Mentor"}]
    question = {"id": "q", "kind": "multiple", "text": "Qui ?", "other": True, "columns": ["Cases B à D"]}
    read_as = normalise([found], study([question | {"choices": choices}]))
    assert read_as.problems.empty
    ticked = read_as.answers[["q/ami", "q/mentor", "q/other"]].to_numpy().tolist()
    assert ticked[:2] == [[1, 0, 1], [0, 1, 0]]
    assert read_as.reasons["q"].tolist() == ["", "", "no_answer"]
    pointed = [choice | {"columns": [choice["label"]]} for choice in choices]
    by_choice = normalise([found], study([{"id": "q", "kind": "multiple", "text": "Qui ?", "choices": pointed}]))
    assert by_choice.answers["q/ami"].tolist()[:2] == [1, 0]


def test_the_free_text_of_a_single_choice_stands_beside_it(tmp_path):
    found = typeform(tmp_path, ["Métier ?", "Other", "Âge ?"], ["", "facteur", "40"], ["Médecin", "", "50"])
    assert found.columns[2].headings == ("Other", "Métier ? [Other]")
    choices = [{"code": "medecin", "label": "Médecin"}]
    question = {"id": "q", "kind": "single", "text": "Métier ?", "choices": choices, "other": True}
    source = [{"file": "a.csv", "group": "mentored", "merge": {"q": ["Métier ?", "Métier ? [Other]"]}}]
    merged = normalise([found], study([question], source=source))
    assert merged.answers["q"].tolist() == ["other", "medecin"]


def test_yes_and_no_of_typeform(tmp_path):
    found = typeform(tmp_path, ["Inscrit ?"], ["1"], ["0"], [""])
    question = {"id": "q", "kind": "single", "text": "Inscrit ?", "choices": YES_NO}
    assert normalise([found], study([question])).answers["q"].tolist() == ["oui", "non", None]


def test_responses_of_typeform_that_were_not_sent(tmp_path):
    last = (
        "Response Type",
        "Start Date (UTC)",
        "Stage Date (UTC)",
        "Submit Date (UTC)",
        "Network ID",
        "Tags",
        "Ending",
    )
    rows = [("t1", "12", "completed", DAY, "", DAY, "a", "", ""), ("t2", "", "partial", DAY, DAY, "", "b", "", "")]
    found = read_text(tmp_path, delimited([("#", "Âge ?", *last), *rows], ",", "\n"))
    assert dict(found.flags) == {3: "partial"}
    assert len(found.cells) == 2


def test_seven_runs_of_boxes_in_a_real_form(shared):
    path = shared / "typeform_opportunite" / "res_YvBfAdHB_old.csv"
    found = read(path)
    apart = pd.read_csv(path, dtype=str, keep_default_na=False, header=None)
    assert (found.tool, list(found.header)) == ("typeform", [1])
    assert found.cells.shape == (len(apart) - 1, apart.shape[1]) == (6, 91)
    own = [place for place in apart if {*apart[place][1:]} - {""} == {apart[place][0]}]
    boxes = [column for column in found.columns if column.block.startswith("Cases ")]
    assert {column.position for column in boxes} >= set(own)  # every column that only holds its heading
    assert all({*apart[c.position][1:]} <= {"", c.heading} for c in boxes if c.heading != "Other")
    assert list(blocks(found))[:2] == ["Quelle est votre spécialité ?", "Cases L à Q"]
    assert len({column.block for column in boxes}) == 7 == sum("Cases" in note for note in found.notes)


# --- Tally -----------------------------------------------------------------------------------------------------------


def tally(folder, headings, *rows):
    lines = [("s1", "r1", "2024-08-11 23:25:40", *row) for row in rows]
    return read_text(folder, delimited([("Submission ID", "Respondent ID", "Submitted at", *headings), *lines], ","))


def test_tally_is_known_by_its_first_columns(tmp_path):
    found = tally(tmp_path, ["Âge ?"], ["12"])
    assert (found.tool, found.answered_on) == ("tally", 2)
    assert [column.role for column in found.columns] == ["metadata", "personal", "metadata", ""]


def test_boxes_of_tally_stand_beside_the_cell_that_sums_them_up(tmp_path):
    headings = [
        "Qui (au plus deux) ?",
        "Qui (au plus deux) ? (Un ami, une amie)",
        "Qui (au plus deux) ? (Autre (dire))",
    ]
    found = tally(
        tmp_path, headings,
        ["Un ami, une amie, Autre (dire)", "TRUE", "TRUE"], ["Un ami, une amie", "TRUE", "FALSE"], ["", "", ""],
    )  # fmt: skip
    assert [(column.block, column.item, column.layout) for column in found.columns[3:]] == [
        ("", "", "summary"), (headings[0], "Un ami, une amie", ""), (headings[0], "Autre (dire)", ""),
    ]  # fmt: skip
    choices = [{"code": "ami", "label": "Un ami, une amie"}, {"code": "autre", "label": "Autre (dire)"}]
    read_as = normalise([found], study([{"id": "q", "kind": "multiple", "text": headings[0], "choices": choices}]))
    assert read_as.problems.empty
    assert read_as.answers["q/ami"].tolist()[:2] == [1, 1]
    assert read_as.answers["q/autre"].tolist()[:2] == [1, 0]
    assert read_as.reasons["q"].tolist() == ["", "", "no_answer"]


def test_a_grid_of_tally_is_a_block(tmp_path):
    found = tally(tmp_path, ["Accord ? (Seul)", "Accord ? (Aidé)", "Âge (en années)"], ["Oui", "Non", "12"])
    assert [(column.block, column.item) for column in found.columns[3:]] == [
        ("Accord ?", "Seul"), ("Accord ?", "Aidé"), ("", ""),
    ]  # fmt: skip
