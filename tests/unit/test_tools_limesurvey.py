"""LimeSurvey's exports, made by hand as each version writes them, and the real ones counted by other means."""

import csv
import re
from itertools import groupby

import pandas as pd
import pyreadstat
import pytest

from impact import normalise
from impact.errors import ImpactError
from tests.unit._exports import study
from tests.unit._loaders import delimited, read, read_text

CODES = ("id", "submitdate", "lastpage", "startlanguage")
ENGLISH = ("Response ID", "Date submitted", "Last page", "Start language")
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


@pytest.mark.parametrize(
    "timings",
    [
        ("interviewtime", "groupTime12", "Q1Time"),
        ("Total time", "Group time: Toi", "Question time: Q1"),
        ("Temps total", "Temps pour le groupe : Toi", "Temps pour la question : Q1"),
    ],
)
def test_times_behind_the_whole_time_are_no_questions(timings, tmp_path):
    own = CODES[:2] if timings[0] == "interviewtime" else ("ID de la réponse", "Date de soumission")
    headings = (*own, "Temps libre", *timings) if " " in timings[0] else (*own, "freetime", *timings)
    found = export(tmp_path, headings, ("1", "2022-06-01", "beaucoup", "80.5", "60.25", "20.25"))
    assert [column.role for column in found.columns] == ["metadata", "metadata", "", *["metadata"] * 3]


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


ASKED = "Qui t'aide (vraiment) ?"
VV = (
    (*ENGLISH, f"{ASKED} (Un ami)", f"{ASKED} (Autre)", "Pourquoi ? "),
    (*CODES, "Q1_SQ001", "Q1_other", "Q2"),
    (*DONE, "Y", "", '{quote}Non", dit-il{newline}puis{tab}: {lbrace}oui}'),
    ("2", "{question_not_shown}", "1", "fr", "{question_not_shown}", "{question_not_shown}", ""),
)


def vv(folder, rows, **changes):
    lines = [[changes.get(cell, cell) for cell in row] for row in rows]
    return read_text(folder, "\n".join("\t".join(line) for line in lines) + "\n")


def test_a_vv_has_two_lines_of_headings_and_its_own_way_of_writing(tmp_path):
    found = vv(tmp_path, VV)
    assert (found.tool, list(found.header), found.blanks) == (
        "limesurvey",
        [1, 2],
        {"{question_not_shown}": "not_asked"},
    )
    assert found.cells[6].tolist() == ['"Non", dit-il\npuis\t: {oui}', ""]
    assert found.cells.index.tolist() == [3, 4]
    assert (found.flags, found.answered_on) == ({4: "partial"}, 1)
    box, other, why = found.columns[4:]
    assert (box.block, box.item) == ("Qui t'aide (vraiment) ?", "Un ami")
    assert {"Q1_SQ001", "Q1[SQ001]", "Qui t'aide (vraiment) ? [Un ami]"} <= set(box.headings)
    assert other.item == "Autre"
    assert {heading.strip() for heading in why.headings} == {"Pourquoi ?", "Q2"}


@pytest.mark.parametrize("sign", [" - ", "\n"])
def test_a_vv_may_part_its_texts_otherwise(sign, tmp_path):
    texts = [f'"{cell[:-1].replace(" (Un", f"{sign}Un").replace(" (Autre", f"{sign}Autre")}"' for cell in VV[0][4:6]]
    found = vv(tmp_path, ((*VV[0][:4], *texts, VV[0][6]), *VV[1:]))
    assert [(column.block, column.item) for column in found.columns[4:6]] == [
        ("Qui t'aide (vraiment) ?", "Un ami"),
        ("Qui t'aide (vraiment) ?", "Autre"),
    ]


def test_an_older_vv_numbers_its_questions(tmp_path):
    codes = {"Q1_SQ001": "7X1X4SQ001", "Q1_other": "7X1X4other", "Q2": "7X1X5"}
    texts = {cell: "Qui t'aide ?" for cell in VV[0][4:6]}
    found = vv(tmp_path, VV, **codes, **texts)
    assert (found.tool, list(found.header)) == ("limesurvey", [1, 2])
    assert [(column.block, column.item) for column in found.columns[4:]] == [
        ("Qui t'aide ?", "SQ001"), ("Qui t'aide ?", "other"), ("", ""),
    ]  # fmt: skip


def test_the_code_of_a_free_answer_reads_as_the_word(tmp_path):
    found = export(tmp_path, (*CODES, "Q1", "Q1[other]"), (*DONE, "-oth-", "chez moi"), (*DONE, "A1", ""))
    assert found.columns[4].labels == {"-oth-": "Autre"}


def test_two_questions_of_one_text_are_two_blocks(tmp_path):
    headings = (
        "ID de la réponse",
        "Date de soumission",
        "Précise [a]",
        "Précise [b]",
        "Ton âge",
        "Précise [a]",
        "Précise [b]",
    )
    found = export(tmp_path, headings, ("1", "2022-06-01", "Oui", "Non", "15", "Non", "Non"))
    assert [column.block for column in found.columns][2:] == ["Précise"] * 2 + [""] + ["Précise (2)"] * 2
    question = {"id": "precise", "kind": "multiple", "text": {"fr": "Précise"},
                "choices": [{"code": "a", "label": "A"}, {"code": "b", "label": "B"}]}  # fmt: skip
    with pytest.raises(ImpactError) as fault:
        normalise([found], study([question]))
    assert (fault.value.key, fault.value.facts["columns"]) == ("normalise_two_columns", "C, F")
    for heading, ticked in (("Précise (1)", [1]), ("Précise (2)", [])):
        source = {"file": "a.csv", "group": "mentored", "rename": {heading: "precise"}}
        answers = normalise([found], study([question], source=[source])).answers
        assert answers["precise/a"].dropna().tolist() == ticked


def test_a_comment_beside_a_box_is_no_box(tmp_path):
    headings = ("Q1[a]", "Q1[acomment]", "Q1[b]", "Q1[bcomment]")
    found = export(tmp_path, (*CODES, *headings), (*DONE, "Y", "parce que", "", ""))
    question = {"id": "Q1", "kind": "multiple", "text": {"fr": "Qui ?"},
                "choices": [{"code": "a", "label": "A"}, {"code": "b", "label": "B"}]}  # fmt: skip
    answers = normalise([found], study([question])).answers
    assert (answers["Q1/a"].tolist(), answers["Q1/b"].tolist()) == ([1], [0])
    assert "Q1/other" not in answers


def test_a_sav_of_limesurvey_is_put_in_blocks(tmp_path):
    names = ["id", "submitdate", "lastpage", "startlanguage", "datestamp", "Q1_SQ001", "Q1_SQ002"]
    frame = pd.DataFrame(
        [[1, "2022-06-01", 3, "fr", "2022-06-01", 1, 0], [2, "", 1, "fr", "2022-06-02", 0, 1]], columns=names
    )
    labels = [*names[:5], "[Un ami] Qui t'aide ?", "[Personne] Qui t'aide ?"]
    boxes = {name: {1: "Oui", 0: "Non sélectionné"} for name in names[5:]}
    pyreadstat.write_sav(frame, tmp_path / "a.sav", column_labels=labels, variable_value_labels=boxes)
    found = read(tmp_path / "a.sav")
    assert (found.tool, found.flags) == ("limesurvey", {2: "partial"})
    assert [(column.block, column.item, column.ticked) for column in found.columns[5:]] == [
        ("Qui t'aide ?", "Un ami", "1"), ("Qui t'aide ?", "Personne", "1"),
    ]  # fmt: skip


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
