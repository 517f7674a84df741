"""What no tool wrote is not taken for a tool's, and the study has the last word: on the tool, and on the headings."""

import pytest

from impact.errors import ImpactError
from tests.unit._loaders import delimited, read, read_text, refused, save
from tests.unit.test_loaders_workbook import workbook

OTHERS = [
    ("id", "Nom", "Timestamp", "Âge"),
    ("#", "Nom", "Date de début", "Date de fin"),
    ("ID", "Start time", "Nom", "Réponse"),
    ("_id", "_notes", "_status", "Nom"),
    ("id", "Langue", "Prénom", "Token"),
    ("ID réponse", "Prénom", "Nom de famille", "Âge"),
    ("ID réponse", "Nom", "Langue", "Âge"),
    ("Response ID", "Nom", "Âge", "Langue"),
    ("id", "Aide [école]", "Aide [santé]", "Aide [sport]"),
    ("Status", "Start Date", "End Date", "Progress", "Finished", "Nom"),
    ("ID du répondant", "Q1", "Q2"),
    ("Respondent ID", "Q1", "Q2"),
    ("Key", "Status", "Nom", "Prénom"),
    ("Réponse", "Réponse", "Nom"),
    ("Submission ID", "Respondent ID", "Q1"),
    ("Q1. Âge", "Q2. Sexe", "Q3. Ville", "Q4. Aide"),
]
SENT = [("Horodateur", "Âge"), ("10/01/2024 15:40:59", "16"), ("11/01/2024 15:40:59", "17")]


@pytest.mark.parametrize("headings", OTHERS)
def test_a_sheet_kept_by_hand_is_no_tools(headings, tmp_path):
    found = read_text(tmp_path, delimited([headings, *([str(row)] * len(headings) for row in (1, 2, 3))]))
    assert (found.tool, found.signs) == ("", ())
    assert len(found.cells) == 3


def test_the_study_may_say_that_no_tool_wrote_a_file(tmp_path):
    path = save(tmp_path, delimited(SENT))
    assert read(path).tool == "google"
    found = read(path, format="table")
    assert (found.tool, found.answered_on, found.columns[0].role) == ("", None, "")
    assert found.cells[1].tolist() == ["16", "17"]
    with pytest.raises(ImpactError, match="« table »"):
        read(path, format="tables")


HEADED = {
    "qualtrics": [
        ("StartDate", "Q1"), ("Start Date", "Âge"), ('{"ImportId":"startDate"}', '{"ImportId":"QID1"}'),
        ("2024-01-10 15:40:59", "16"), ("2024-01-11 15:40:59", "17"),
    ],
    "surveymonkey": [
        ("Respondent ID", "Âge", "Aides", ""), ("", "Response", "Santé", "École"),
        ("1000000001", "16", "Santé", ""), ("1000000002", "17", "", "École"),
    ],
    "framaforms": [
        ("Titre", "", "", ""), ("Détails de la soumission", "", "", "Aides"), ("SID", "Brouillon", "UID", "Santé"),
        ("1", "0", "0", "X"), ("2", "0", "0", ""),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("tool", "asked"), [(tool, row) for tool, rows in HEADED.items() for row in range(1, len(rows))]
)
def test_no_heading_of_a_tool_becomes_a_respondent(tool, asked, tmp_path):
    rows = HEADED[tool]
    last = len(rows) - 2
    found = read_text(tmp_path, delimited(rows), header_row=asked)
    assert found.tool == tool
    assert list(found.header) == (list(range(asked, last + 1)) or [asked])
    assert len(found.cells) == min(2, len(rows) - asked)
    assert len(found.cells) + len(found.left_out) + len(found.header) == len(rows)


@pytest.mark.parametrize(
    "headings",
    [
        ("ID", "Heure de début", "Heure de fin", "Âge"),
        ("Submission ID", "Respondent ID", "Submitted at", "Âge"),
        ("_id", "_uuid", "_submission_time", "_index"),
    ],
)
def test_a_tools_headings_without_answers_are_not_read_in_place_of_the_answers(headings, tmp_path):
    people = [("N°", "Âge"), ("1", "16"), ("2", "17")]
    path = workbook(tmp_path / "a.xlsx", {"Modèle": [headings], "Réponses": people})
    found = read(path)
    assert (found.sheet, found.tool, len(found.cells)) == ("Réponses", "", 2)
    assert refused(workbook(tmp_path / "b.xlsx", {"Modèle": [headings]})).key == "loader_no_answer"
