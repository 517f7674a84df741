"""LimeSurvey's exports, made by hand as each version writes them, and the real ones counted by other means."""

import csv
import re
from itertools import groupby

import pandas as pd
import pytest

from tests.unit._loaders import delimited, read, read_text

CODES = ("id", "submitdate", "lastpage", "startlanguage")
DONE = ("1", "2022-06-01 10:00:00", "3", "fr")


def export(folder, headings, *rows, **overrides):
    return read_text(folder, delimited([headings, *rows], ","), **overrides)


def columns_of(found):
    return {column.heading: (column.block, column.item) for column in found.columns}


@pytest.mark.parametrize(
    "own",
    [
        ("id", "submitdate", "lastpage"),
        ("Response ID", "Date submitted", "Last page"),
        ("ID de la réponse", "Date de soumission", "Dernière page"),
        ("ID réponse", "Langue"),
        ("Antwort ID", "Datum Abgeschickt", "Letzte Seite"),
        ("id. Response ID", "submitdate. Date submitted", "lastpage. Last page"),
        ("id | ID de la réponse", "submitdate | Date de soumission", "lastpage | Dernière page"),
        ("ID_de_la_réponse", "Date_de_soumission", "Dernière_page"),
        ("ID de la répons.. ", "Date de soumiss.. ", "Dernière page"),
        ("", "id", "submitdate"),  # put through pandas
        ("\ufeffResponse ID", "Date started"),
    ],
)
def test_it_is_known_by_its_own_columns(own, tmp_path):
    found = export(tmp_path, (*own, "Quel âge as-tu ?"), *([str(row)] * (len(own) + 1) for row in range(3)))
    assert found.tool == "limesurvey"
    assert all(sign.strip("« »") in " ".join(own) for sign in found.signs)
    assert [column.role for column in found.columns][len(own) - 1 :] == ["metadata", ""]


@pytest.mark.parametrize(
    "headings",
    [
        ("id", "langue", "âge"),  # a table kept by hand
        ("id", "startdate", "seed"),
        ("id_reponse", "langue", "participation_journees"),
        ("Response ID", "Time Started", "Date Submitted", "Status", "IP Address", "Quel âge ?"),  # Alchemer's
        ("Q1. Ton âge", "Q2. Ta classe", "Q3. Ton mentor", "Q4. Tes projets"),
        ("ID", "Heure de début", "Heure de fin", "Adresse de messagerie", "Nom"),
        ("q1[1]", "q1[2]", "Nom de l'école"),
    ],
)
def test_other_tables_are_left_to_others(headings, tmp_path):
    assert export(tmp_path, headings, *([str(row)] * len(headings) for row in range(3))).tool != "limesurvey"


def test_codes_in_brackets_are_a_mark_of_their_own(tmp_path):
    found = export(tmp_path, ("Q1", "Q2[SQ001]", "Q2[SQ002]", "Q2[other]"), ("A1", "Y", "", "chez moi"))
    assert found.tool == "limesurvey"
    assert columns_of(found)["Q2[SQ001]"] == ("Q2", "SQ001")


@pytest.mark.parametrize(
    ("headings", "blocks"),
    [
        (("Q1[SQ001]", "Q1[SQ002]", "Q1[other]"), [("Q1", "SQ001"), ("Q1", "SQ002"), ("Q1", "other")]),
        (("Q1_SQ001", "Q1_SQ002", "Q1_other"), [("Q1", "SQ001"), ("Q1", "SQ002"), ("Q1", "other")]),
        (("Q1_a_0", "Q1_a_1", "Q1_b_0", "Q1_b_1"), [("Q1_a", "0"), ("Q1_a", "1"), ("Q1_b", "0"), ("Q1_b", "1")]),
        (("Q1[a][1]", "Q1[a][2]"), [("Q1[a]", "1"), ("Q1[a]", "2")]),
        (("Q1[SQ1_X]", "Q1[SQ1_Y]"), [("Q1", "SQ1_X"), ("Q1", "SQ1_Y")]),
        (("Q1[SQ001]", "Q1[SQ001comment]", "Q1[SQ002]"), [("Q1", "SQ001"), ("", "SQ001comment"), ("Q1", "SQ002")]),
        (("Q1", "Q1[comment]"), [("", ""), ("", "comment")]),
    ],
)
def test_codes_say_the_question_and_the_item(headings, blocks, tmp_path):
    found = export(tmp_path, (*CODES, *headings), (*DONE, *["x"] * len(headings)))
    assert list(columns_of(found).values())[len(CODES) :] == blocks


@pytest.mark.parametrize(
    ("headings", "blocks"),
    [
        (("Qui ? [Un ami]", "Qui ? [Autre]"), [("Qui ?", "Un ami"), ("Qui ?", "Autre")]),
        (("Qui [en vrai] ? [Un ami [proche]]", "Qui [en vrai] ? [Autre]"),
         [("Qui [en vrai] ?", "Un ami [proche]"), ("Qui [en vrai] ?", "Autre")]),
        (("Ton poids [en kg]", "Ton âge"), [("", ""), ("", "")]),
        (("Où ?", "Où ? [Autre]", "Où ? [Commentaire]"), [("", ""), ("Où ?", "Autre"), ("", "Commentaire")]),
        (("A [x", "A [y]"), [("", ""), ("", "")]),  # a bracket that nothing closes
        (("Note : [Un ami][Échelle 1]", "Note : [Un ami][Échelle 2]"),
         [("Note : [Un ami]", "Échelle 1"), ("Note : [Un ami]", "Échelle 2")]),
        (("Deux\nlignes\t? [a]", "Deux\nlignes\t? [b]"), [("Deux\nlignes\t?", "a"), ("Deux\nlignes\t?", "b")]),
    ],
)  # fmt: skip
def test_texts_are_cut_at_their_last_bracket(headings, blocks, tmp_path):
    found = export(tmp_path, ("ID de la réponse", "Date de soumission", *headings), ("1", "2022-06-01", *headings))
    assert list(columns_of(found).values())[2:] == blocks


@pytest.mark.parametrize("sign", [". ", "._.", " - ", " :: "])
def test_a_questionnaire_may_name_the_code_or_the_text(sign, tmp_path):
    own = [f"{code}{sign}{name}" for code, name in (("id", "Response ID"), ("submitdate", "Date submitted"))]
    found = export(tmp_path, (*own, f"Q1[S1]{sign}Qui ? [Ami]", f"Q2{sign}Ton âge ?"), ("1", "2022-06-01", "Y", "15"))
    assert found.columns[2].headings == (f"Q1[S1]{sign}Qui ? [Ami]", "Q1[S1]", "Q1_S1", "Qui ? [Ami]")
    assert found.columns[3].headings == (f"Q2{sign}Ton âge ?", "Q2", "Ton âge ?")
    assert found.columns[0].headings == (own[0], "id", "Response ID")


def test_what_may_lead_to_someone_is_personal(tmp_path):
    headings = ("id", "submitdate", "token", "ipaddr", "refurl", "firstname", "email", "attribute_1", "Q1")
    found = export(tmp_path, headings, *[("1", "2022-06-01", *"abcdefg")] * 2)
    assert [column.role for column in found.columns] == ["metadata"] * 2 + ["personal"] * 6 + [""]


def test_an_everyday_word_behind_the_first_question_is_a_question(tmp_path):
    headings = ("ID réponse", "Langue", "Quel âge as-tu ?", "Langue")
    found = export(tmp_path, headings, ("1", "fr", "15", "arabe"))
    assert [column.role for column in found.columns] == ["metadata", "metadata", "", ""]


RANKED = [("A1", "A2", ""), ("A2", "A1", "A3"), ("A3", "A1", ""), ("", "", ""), ("A2", "A3", "A1")]
SCALED = [("A1", "A1", "A2"), ("A2", "A1", "A3"), ("A3", "A1", "A3"), ("A1", "A2", "A3")]
GRIDDED = [("A1", "", "A2"), ("A2", "A1", "A3"), ("A3", "A1", "A2"), ("A1", "A2", "A3")]


@pytest.mark.parametrize(("cells", "layout"), [(RANKED, "rank"), (SCALED, ""), (GRIDDED, "")])
def test_numbered_codes_are_a_ranking_only_where_every_row_is_one(cells, layout, tmp_path):
    rows = [(str(row), *DONE[1:], *line) for row, line in enumerate(cells, 1)]
    found = export(tmp_path, (*CODES, "Q1[1]", "Q1[2]", "Q1[3]"), *rows)
    assert {column.layout for column in found.columns[4:]} == {layout}


def test_a_ranking_says_so_in_words(tmp_path):
    headings = ("ID de la réponse", "Date de soumission", "Tes projets [Classement 1]", "Tes projets [Classement 2]")
    found = export(tmp_path, headings, ("1", "2022-06-01", "Métier", "Voyage"))
    assert [column.layout for column in found.columns] == ["", "", "rank", "rank"]


@pytest.mark.parametrize(
    ("dates", "flags", "dated"),
    [
        (("2022-06-01 10:00:00", "", "2022-06-03 10:00:00"), {3: "partial"}, 1),
        (("", "", ""), {}, 3),  # the export kept no date: nobody is said to have stopped
        (("1980-01-01 00:00:00", "", "1980-01-01 00:00:00"), {3: "partial"}, 3),  # an anonymous survey
    ],
)
def test_an_answer_without_a_date_of_submission_was_not_finished(dates, flags, dated, tmp_path):
    rows = [(str(number), day, "x", "2022-05-30 09:00:00") for number, day in enumerate(dates, 1)]
    found = export(tmp_path, ("id", "submitdate", "Q1", "startdate"), *rows)
    assert (found.flags, found.answered_on) == (flags, dated)


@pytest.mark.parametrize(
    ("cells", "blanks"),
    [
        (("Oui", "Non", "N/A"), {"N/A": "not_asked"}),
        (("Yes", "N/A", ""), {"N/A": "not_asked"}),
        (("N/A", "rien", "Oui"), {}),  # somebody typed it
        (("Oui", "Non", ""), {}),
    ],
)
def test_a_box_that_says_not_available_was_not_shown(cells, blanks, tmp_path):
    rows = [(str(number), "2022-06-01", cell) for number, cell in enumerate(cells, 1)]
    assert export(tmp_path, ("ID de la réponse", "Date de soumission", "Q [a]"), *rows).blanks == blanks


REAL = {
    "limesurvey_patrimoine/results-survey4914.xlsx": ("limesurvey", 348, 22, 4),
    "limesurvey_patrimoine/results-survey4914.tsv": ("", 348, 21, 0),  # headings made anew: no mark is left
    "limesurvey_biodiv/third.csv": ("limesurvey", 2, 1396, 342),
    "limesurvey_rse/2018_public_data.csv": ("limesurvey", 997, 707, 26),
    "limesurvey_limonaid/survey_100001_R_data_file.csv": ("limesurvey", 3, 646, 3),
}


@pytest.mark.parametrize("name", REAL)
def test_real_exports_are_read_whole(name, shared):
    tool, respondents, columns, blocks = REAL[name]
    found = read(shared / name)
    headings, rows = plain(shared / name)
    assert (found.tool, list(found.header), set(found.left_out.values()) - {"blank_row"}) == (tool, [1], set())
    assert (len(found.cells), len(found.columns)) == (len(rows), len(headings)) == (respondents, columns)
    assert [column.heading.strip() for column in found.columns] == [heading.strip() for heading in headings]
    runs = [block for block, _ in groupby(column.block for column in found.columns) if block]
    assert len(runs) == (len(blocks_of(headings)) if tool else 0) == blocks


def plain(path):
    """The headings and the rows as Python's own parser, or pandas alone, gives them."""
    if path.suffix == ".xlsx":
        heading, *rows = pd.read_excel(
            path, engine="calamine", header=None, dtype=str, keep_default_na=False
        ).to_numpy()
    else:
        with path.open(encoding="utf-8-sig", newline="") as file:
            heading, *rows = csv.reader(file, delimiter="\t" if path.suffix == ".tsv" else ",")
    return heading, [row for row in rows if any(row)]


def blocks_of(headings):
    """Neighbours that agree up to their last bracket; one alone is a block if its code or another column says so."""
    cut = [re.match(r"(?:([A-Za-z]\w*)\[\w+\](?:\. |\._\.))?(.*?)\s*\[[^\[\]]*\]\s*$", one, re.S) for one in headings]
    runs = [(name, len(list(run))) for name, run in groupby(one.groups() if one else None for one in cut)]
    return [name for name, length in runs if name and (name[0] or length > 1 or name[1] in filter(None, headings))]
