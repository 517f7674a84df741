"""Sphinx iQ's workbooks: made by hand as it writes them, and a real one counted by other means."""

import re
from collections import Counter

import pandas as pd
import pytest
import xlsxwriter

from impact import normalise
from impact.errors import ImpactError
from impact.loaders.forms import forms, recognised
from tests.unit._exports import study
from tests.unit._loaders import delimited, read, read_text, refused

AUTHOR = "CamilleExemple"
OTHER = "Si 'Autre' précisez :"
HEADINGS = (
    "As-tu un mentor ?",
    OTHER,
    "Tes aides ?_1",
    "Tes aides ?_2",
    "Tes aides ?_3",
    OTHER,
    "Ton_avis",
    "Ton âge ?",
)
VARIABLES = (
    ("mentor", "FU", "oui ; non ; Autre"),
    ("mentor_Autre", "OT", ""),
    ("aides", "FM", "Tuteur ; Parrain ; Autre"),
    ("aides_Autre", "OT", ""),
    ("avis", "FE", "1 ; Item2 ; Item3 ; Item4 ; 5"),
    ("age", "ON", ""),
    ("CLE", "OC", ""),
    ("DATE_ENREG", "OD", ""),
    ("PROGRESSION", "FU", "En cours ; Terminé ; QuotaFull ; ScreenOut"),
)
ROWS = (
    ("oui", "", "Parrain", "Autre", "", "un oncle", "5", 15),
    ("non", "", "Tuteur", "", "", "", "Item3", 17),
    ("Autre", "peut-être", "", "", "", "", "", ""),
)


def workbook(folder, headings=HEADINGS, rows=ROWS, variables=VARIABLES, **about):
    """A survey's export; `about` overrides what its second sheet says, `variables` None leaves that sheet out."""
    path = folder / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("Enquête")
        first = about.pop("first", "")
        if first:
            page.write(0, 0, first)
        page.write_row(1, 1, headings)
        for number, row in enumerate(rows, 1):
            page.write_row(number + 1, 0, (number, *row))
        if variables is not None:
            told = book.add_worksheet("information")
            for place, line in enumerate(information(variables, str(about.pop("count", len(rows))), **about)):
                told.write_row(place, 0, line)
    return path


def information(variables, count, stratum="Echantillon total", chosen=""):
    yield "Informations d'export :", "Fichier de données produit par Sphinx iQ", "© Le Sphinx Développement"
    yield ()
    yield "Enquête", "Nom", "Mentorat 2022"
    yield "", "Chemin", f"C:\\Users\\{AUTHOR}\\Mentorat.sphx"
    yield "Export", "Date", "30/06/2022 18:00:00"
    yield "", "Langue", "FR"
    yield "", "Nombre d'observations exportées", count
    yield "", "Strate", stratum
    yield "", "Filtre(s)", chosen
    for number, (name, kind, choices) in enumerate(variables, 1):
        start = "" if number > 1 else "Liste des variables de l'export"
        yield start, f"V{number}. {name}", kind, choices


@pytest.mark.parametrize("first", ["", "N°Obs"])
def test_headings_stand_in_the_second_row(first, tmp_path):
    found = read(workbook(tmp_path, first=first))
    assert (found.tool, found.sheet, max(found.header)) == ("sphinx", "Enquête", 2)
    assert list(found.cells.index) == [3, 4, 5]
    assert [column.role for column in found.columns] == ["metadata", *[""] * len(HEADINGS)]
    assert not [note for note in found.notes if "non lues" in note or "sans intitulé" in note]


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_text_is_known_by_its_first_cell(line_end, tmp_path):
    rows = [("N°Obs", *HEADINGS), *((str(number), *map(str, row)) for number, row in enumerate(ROWS, 1))]
    found = read_text(tmp_path, delimited(rows, ";", line_end))
    assert (found.tool, list(found.header), len(found.cells), found.signs) == ("sphinx", [1], 3, ("« N°Obs »",))
    assert [column.position for column in found.columns if column.layout] == [3, 4, 5]


def test_a_sheet_named_by_the_study_is_read_with_what_tells_of_it(tmp_path):
    found = read(workbook(tmp_path), sheet="Enquête")
    assert found.tool == "sphinx"
    assert [column.labels for column in found.columns] == [column.labels for column in read(workbook(tmp_path)).columns]


def test_other_tables_are_left_to_others(tmp_path):
    rows = [("numéro", "Utilisez-vous Sphinx iQ ?"), ("1", "Fichier produit par Sphinx iQ")]
    assert read_text(tmp_path, delimited(rows)).tool == ""


def test_a_multiple_choice_is_slots_and_a_text_belongs_to_what_stands_on_its_left(tmp_path):
    found = read(workbook(tmp_path))
    assert [column.headings[0] for column in found.columns] == [
        "", "As-tu un mentor ?", f"As-tu un mentor ? – {OTHER}", "Tes aides ?_1", "Tes aides ?_2", "Tes aides ?_3",
        f"Tes aides ? – {OTHER}", "Ton_avis", "Ton âge ?",
    ]  # fmt: skip
    assert [(column.block, column.layout) for column in found.columns] == [
        *[("", "")] * 3, *[("Tes aides ?", "slots")] * 3, *[("", "")] * 3,
    ]  # fmt: skip
    assert found.columns[2].headings[1] == found.columns[6].headings[1] == OTHER  # as the file has it
    assert "Ton avis" in found.columns[7].headings  # a line break of the question
    assert [list(found.columns[place].labels) for place in (1, 3, 7, 8)] == [
        ["oui", "non", "Autre"], ["Tuteur", "Parrain", "Autre"], ["1", "Item2", "Item3", "Item4", "5"], [],
    ]  # fmt: skip


def test_slots_are_read_by_their_labels(tmp_path):
    choices = [{"code": label.lower(), "label": label} for label in ("Tuteur", "Parrain", "Autre")]
    questions = [{"id": "q", "kind": "multiple", "text": "Tes aides ?", "choices": choices}]
    said = normalise((read(workbook(tmp_path)),), study(questions))
    assert said.answers.loc[:, ["q/tuteur", "q/parrain", "q/autre"]].fillna(-1).to_numpy().tolist() == [
        [0, 1, 1], [1, 0, 0], [-1, -1, -1],
    ]  # fmt: skip
    assert said.reasons["q"].tolist() == ["", "", "no_answer"]


@pytest.mark.parametrize(
    ("rows", "slots"),
    [
        ([("b", "a", ""), ("a", "", "")], True),
        ([("b", "a", "c"), ("a", "c", "b")], False),  # each filled to the end: ranks, perhaps
        ([("b", "", "a"), ("a", "", "")], False),  # not packed to the left
        ([("b", "b", ""), ("a", "", "")], False),  # a grid repeats its scale
    ],
)
def test_without_the_second_sheet_slots_are_known_by_how_they_are_filled(rows, slots, tmp_path):
    found = read(workbook(tmp_path, ("Q_1", "Q_2", "Q_3"), rows, None, first="N°Obs"))
    assert [column.layout == "slots" for column in found.columns] == [False, *[slots] * 3]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, []),
        ({"count": 4}, ["annonce 4 réponses ; le tableau en a 3"]),
        ({"stratum": "Filles"}, ["Filles"]),
        ({"chosen": "Age > 15"}, ["Age > 15"]),
        ({"variables": (VARIABLES[0], *VARIABLES[2:])}, ["À partir de la colonne C"]),  # a column not listed
        ({"variables": VARIABLES[:5]}, ["À partir de la colonne I"]),
    ],
)
def test_where_the_sheet_and_the_table_disagree_is_said(changed, said, tmp_path):
    notes = [note for note in read(workbook(tmp_path, **changed)).notes if "ligne 2" not in note]
    assert len(notes) == len(said)
    assert all(text in note for text, note in zip(said, notes, strict=True))


def test_the_rest_of_the_table_is_read_where_the_order_is_lost(tmp_path):
    found = read(workbook(tmp_path, variables=VARIABLES[1:]))  # the list begins one later
    assert [column.layout for column in found.columns[3:6]] == ["slots"] * 3


SYSTEM_ROWS = [(*ROWS[0], "k1", "30/06/2022", "Terminé"), (*ROWS[1], "k2", "30/06/2022", "En cours")]


def test_what_the_tool_adds_is_no_question(tmp_path):
    headings = (*HEADINGS, "Clé de la réponse", "DATE_ENREG", "Progression de la saisie")
    found = read(workbook(tmp_path, headings, SYSTEM_ROWS))
    assert [column.role for column in found.columns[-3:]] == ["personal", "metadata", "metadata"]
    assert found.answered_on == len(HEADINGS) + 2
    assert dict(found.flags) == {4: "partial"}


def test_the_sheet_is_a_questionnaire(tmp_path):
    path = workbook(tmp_path)
    form = recognised(path).read(path)
    assert (form.title, form.source) == ("Mentorat 2022", "a.xlsx")
    assert [(item.name, item.kind, dict(item.texts), item.columns) for item in form.items] == [
        ("mentor", "single", {"fr": "As-tu un mentor ?"}, ("As-tu un mentor ?",)),
        ("mentor_Autre", "text", {"fr": f"As-tu un mentor ? – {OTHER}"}, (f"As-tu un mentor ? – {OTHER}",)),
        ("aides", "multiple", {"fr": "Tes aides ?"}, ("Tes aides ?",)),
        ("aides_Autre", "text", {"fr": f"Tes aides ? – {OTHER}"}, (f"Tes aides ? – {OTHER}",)),
        ("avis", "single", {"fr": "Ton avis"}, ("Ton_avis",)),
        ("age", "number", {"fr": "Ton âge ?"}, ("Ton âge ?",)),
    ]
    assert list(form.items[4].choices) == ["1", "Item2", "Item3", "Item4", "5"]
    assert form.items[2].choices["Parrain"] == {"fr": "Parrain"}


def test_the_author_s_machine_is_never_shown(tmp_path):
    path = workbook(tmp_path)
    found = read(path)
    assert AUTHOR not in repr(found) + repr(found.beside) + "".join(found.notes)
    assert AUTHOR not in repr(recognised(path).read(path))
    assert "Mentorat 2022" in repr(found.beside)  # the rest of the sheet is there


def test_a_workbook_without_that_sheet_is_no_form(tmp_path):
    path = workbook(tmp_path, variables=None, first="N°Obs")
    assert recognised(path) is None
    with pytest.raises(ImpactError, match=r"a\.xlsx.*information"):
        forms()["sphinx"].read(path)


def test_a_workbook_of_that_sheet_alone_has_no_answers(tmp_path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("information")
        for place, line in enumerate(information(VARIABLES, "3")):
            page.write_row(place, 0, line)
    assert AUTHOR not in str(refused(path, format="sphinx"))


ANNECY = "sphinx_annecy/exp_QuestionnairevilledAnnecy.xlsx"


@pytest.fixture(scope="module")
def annecy(shared):
    """The real export, and the same cells as pandas alone sees them."""
    path = shared / ANNECY
    plain = pd.read_excel(path, sheet_name=None, header=None, dtype=str, keep_default_na=False, engine="calamine")
    table, about = plain.values()
    return read(path), table, about


def test_the_real_export_has_the_rows_and_headings_of_its_file(annecy):
    found, table, _ = annecy
    assert (found.tool, list(found.header), dict(found.left_out)) == ("sphinx", [2], {1: "blank_row"})
    answered = (table.iloc[:, 0] != "").sum()
    assert len(found.cells) == answered == 25
    assert len(found.columns) == table.shape[1] == 33
    headings = table[(table != "").any(axis=1)].iloc[0]
    assert all(text.strip() in column.headings for text, column in zip(headings, found.columns, strict=True))


def test_the_real_export_s_choices_are_counted_as_its_cells_are(annecy):
    """Blocks, base and ticks of every multiple choice against a recount of the cells, by nothing but their headings."""
    found, table, about = annecy
    rows = table[(table != "").any(axis=1)]
    stems = Counter(re.sub(r"_\d+$", "", text) for text in rows.iloc[0] if re.search(r"\?_\d+$", text))
    assert Counter(column.block for column in found.columns if column.block) == stems
    listed = [line for line in about.to_numpy().tolist() if line[2] == "FM"]
    assert sorted(stems.values()) == sorted(len(line[3].split(" ; ")) for line in listed)
    for number, (stem, line) in enumerate(zip(stems, listed, strict=True)):
        choices = [{"code": f"c{place}", "label": label} for place, label in enumerate(line[3].split(" ; "))]
        question = {"id": f"q{number}", "kind": "multiple", "text": stem, "choices": choices}
        said = normalise((found,), study([question])).answers
        slots = rows.iloc[1:, [place for place, text in enumerate(rows.iloc[0]) if text.startswith(f"{stem}_")]]
        counted = Counter(cell for cell in slots.to_numpy().ravel() if cell)
        assert {
            one["label"]: said[f"q{number}/{one['code']}"].sum() for one in choices if counted[one["label"]]
        } == counted
        assert said[f"q{number}/c0"].notna().sum() == (slots != "").any(axis=1).sum()


def test_the_real_export_says_that_one_answer_is_lacking(annecy):
    found, _, about = annecy
    announced = next(line[2] for line in about.to_numpy().tolist() if line[1] == "Nombre d'observations exportées")
    assert [
        note for note in found.notes if f"annonce {announced} réponses" in note and f"en a {len(found.cells)}" in note
    ]


def test_the_real_form_lists_every_question_but_the_tool_s_own(shared, annecy):
    _, _, about = annecy
    form = recognised(shared / ANNECY).read(shared / ANNECY)
    own = [line[1] for line in about.to_numpy().tolist() if re.match(r"V\d+\. [A-Z_]+$", line[1])]
    listed = [line[1] for line in about.to_numpy().tolist() if re.match(r"V\d+\.", line[1])]
    assert (len(form.items), len(own)) == (len(listed) - len(own), 10)
    assert all(item.columns for item in form.items)
