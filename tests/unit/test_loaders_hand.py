"""Sheets kept by hand: headings on two lines, one sheet a site, long numbers cut; and real ones."""

from datetime import date

import pandas as pd
import pytest

from impact.normalise import normalise
from tests.unit._exports import study
from tests.unit._loaders import delimited, read, read_text, refused, save
from tests.unit.test_loaders_workbook import workbook

GROUPS = ("id", "âge", "Sur qui compter ?", "", "", "note")
NAMES = ("", "", "Mentor", "Ami", "Personne", "")
PEOPLE = (("1", "12", "x", "", "", "bien"), ("2", "13", "", "x", "", ""), ("3", "12", "", "", "x", "non"))


def held(found):
    return [(column.heading, column.block, column.item) for column in found.columns]


@pytest.mark.parametrize("above", [[], [("Enquête 2022",)], [("Enquête 2022",), (), ("page 1",)]])
def test_groups_named_above_their_columns(tmp_path, above):
    found = read_text(tmp_path, delimited([*above, GROUPS, NAMES, *PEOPLE]))
    assert held(found) == [
        ("id", "", ""), ("âge", "", ""), ("Mentor", "Sur qui compter ?", "Mentor"),
        ("Ami", "Sur qui compter ?", "Ami"), ("Personne", "Sur qui compter ?", "Personne"), ("note", "", ""),
    ]  # fmt: skip
    assert list(found.header) == [len(above) + 1, len(above) + 2]
    assert len(found.cells) == 3
    assert any("deux lignes" in note for note in found.notes)
    choices = [{"code": name.lower(), "label": name} for name in NAMES if name]
    question = {"id": "q", "kind": "multiple", "text": "Sur qui compter ?", "choices": choices}
    answers = normalise([found], study([question])).answers
    assert answers[["q/mentor", "q/ami", "q/personne"]].to_numpy().tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]


def test_groups_above_full_headings(tmp_path):
    above = ("", "", "Sur qui compter ?", "", "", "Loisirs ?", "")
    names = ("id", "âge", "Mentor", "Ami", "Personne", "Sport", "Musique")
    people = [("1", "12", "x", "", "", "x", ""), ("2", "13", "", "x", "", "", "x")]
    found = read_text(tmp_path, delimited([("Enquête 2022",), above, names, *people]))
    assert [column.heading for column in found.columns] == list(names)
    assert [column.block for column in found.columns] == ["", "", *["Sur qui compter ?"] * 3, *["Loisirs ?"] * 2]
    assert dict(found.left_out) == {1: "note"}
    assert len(found.cells) == 2


@pytest.mark.parametrize(
    ("rows", "header"),
    [
        # The first respondent answered nothing but what has no heading.
        ([("id", "q", "", ""), ("1", "a", "b", ""), ("2", "", "b", "c")], [1]),
        ([("id", "q", "", ""), ("", "", "12", "13"), ("2", "", "14", "15")], [1]),
        # Nobody fills the columns of the first line: these may be respondents.
        ([("q", "r", "s", "t", ""), ("", "", "", "b", "c"), ("", "", "", "c", "d"), ("1", "", "", "", "")], [1]),
        # A date at the right of a title, then the headings.
        ([("", "", "le 3 mars", ""), ("id", "q", "r", "s"), ("1", "a", "b", "c")], [2]),
        ([("", "Année", "2021", ""), ("id", "q", "r", "s"), ("1", "a", "b", "c"), ("2", "a", "b", "c")], [2]),
    ],
)
def test_one_line_of_headings_stays_one(tmp_path, rows, header):
    assert list(read_text(tmp_path, delimited(rows)).header) == header


def test_one_sheet_a_site_is_told_and_not_stacked(tmp_path):
    headings = ("Nom de la structure", "Âge ?", "Aidé ?")
    sites = {name: [headings, ("a", "12", "Oui"), ("b", "13", "Non")] for name in ("Lyon", "Paris")}
    path = workbook(tmp_path / "a.xlsx", {**sites, "Liste": [("Ville", "CP"), ("Lyon", "69")]})
    found = read(path)
    assert (found.sheet, len(found.cells)) == ("Lyon", 2)
    alike = [note for note in found.notes if "Mêmes intitulés" in note]
    assert len(alike) == 1 and "Paris" in alike[0] and "Liste" not in alike[0]


def test_identifiers_cut_by_a_spreadsheet_are_told(tmp_path):
    found = read_text(tmp_path, delimited([("id", "q", "r"), ("1,23457E+15", "a", "1E+5"), ("1,23457E+15", "b", "3")]))
    assert [note for note in found.notes if "derniers chiffres" in note and "colonnes A :" in note]


@pytest.mark.parametrize("system", [False, True])
def test_both_calendars_of_excel_give_the_same_days(tmp_path, system):
    rows = [("id", "jour"), (1, date(2022, 3, 1)), (2, date(2022, 12, 31))]
    found = read(workbook(tmp_path / "a.xlsx", {"Feuil1": rows}, date_1904=system))
    assert found.cells[1].tolist() == ["2022-03-01", "2022-12-31"]


# --- real sheets -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "sheet", "header", "shape"),
    [
        ("deaths.xlsx", "arts", 5, (14, 6)),
        ("empty-named-column.xlsx", "Sheet1", 1, (3, 4)),
        ("los-angeles-arrests-xlsx.xlsx", "Sheet1", 3, (193, 36)),
        ("type-me.xlsx", "logical_coercion", 1, (10, 2)),
    ],
)
def test_real_sheets_by_hand(shared, name, sheet, header, shape):
    found = read(shared / "hand_readxl" / name)
    assert (found.tool, found.sheet, list(found.header), found.cells.shape) == ("", sheet, [header], shape)


def test_titles_above_and_notes_below_a_real_sheet(shared):
    """Ten people, as its authors say; four lines below are notes without a word that says so: told, never dropped."""
    found = read(shared / "hand_readxl" / "deaths.xlsx")
    assert set(found.left_out.values()) == {"note"} and list(found.left_out) == [1, 2, 3, 4]
    assert found.cells[5].str.fullmatch(r"\d{4}-\d\d-\d\d(T.*)?").sum() == 10  # each has a day of death
    assert any("(16, 17, 18, 19)" in note for note in found.notes)
    assert any("Mêmes intitulés" in note and "other" in note for note in found.notes)


@pytest.mark.parametrize("sheet", ["", "Tableau A1", "Tableau A2", "Tableau B1", "Tableau B10", "Tableau B20"])
def test_real_tables_of_results_are_refused(shared, sheet):
    (path,) = (shared / "hand_drees").glob("*.xlsx")
    fault = refused(path, **({"sheet": sheet} if sheet else {}))
    assert fault.key == "loader_aggregated"
    assert "une colonne par année" in str(fault)


@pytest.mark.parametrize(
    ("file", "numbered"), [("questionr_hdv2003/hdv2003.csv", False), ("psych_bfi/bfi.csv", True)]
)  # fmt: skip
def test_tables_that_r_wrote(shared, file, numbered):
    found = read(shared / file)
    apart = pd.read_csv(shared / file, dtype=str, keep_default_na=False)
    assert (found.tool, list(found.header), dict(found.left_out)) == ("", [1], {})
    assert found.cells.to_numpy().tolist() == apart.to_numpy().tolist()
    assert any("numéroter" in note for note in found.notes) == numbered


def test_a_table_of_results_under_labels_of_two_levels_is_refused(tmp_path):
    rows = [
        ("Tableau 1 : part des jeunes",), ("Public", "Durée", "2015-2016", "2016-2017"),
        ("Suivis", "… moins de 6 mois", "12", "13"), ("", "… plus", "20", "/"),
        ("Sortis", "… moins de 6 mois", "5", "NC"), ("", "… plus", "7", "8"),
    ]  # fmt: skip
    assert refused(save(tmp_path, delimited(rows))).key == "loader_aggregated"


@pytest.mark.parametrize(
    ("cells", "role"),
    [
        (["ana@asso.fr", "luc.b@mail.example.org", ""], "personal"),
        (["06 12 34 56 78", "0612345678", "+33 6 12 34 56 78"], "personal"),
        (["192.168.0.1", "10.0.0.2", ""], "personal"),
        (["FR76 3000 6000 0112 3456 7890 189", "", ""], "personal"),
        (["01", "2A", "75"], ""),
        (["12/03/2022", "2022-03-12", "1.5"], ""),
        (["voir ana@asso.fr", "Oui", "Non"], ""),
        (["ana@asso.fr", "Oui", "Non"], ""),  # one among answers
        (["", "", ""], ""),
    ],
)
def test_what_leads_to_someone_is_known_by_itself(tmp_path, cells, role):
    found = read_text(tmp_path, delimited([("id", "Contact ?"), *enumerate(cells, 1)]))
    assert found.columns[1].role == role
