"""The report of a study whose groups were not asked one question alike: read back, it says so wherever it must."""

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from impact import analyse, load, normalise, protect, read_study, report
from impact.model import COMPARABILITY
from tests.unit._loaders import delimited, save
from tests.unit._pdf import words_of

STUDY = """
[study]
title = "Essai"
year = 2026
questionnaire = "questionnaire.toml"

[[source]]
file = "a.csv"
group = "mentored"

[[source]]
file = "b.csv"
group = "non_mentored"
"""
QUESTIONS = """
[dimension.d]
label = "D"

[[question]]
id = "absence"
kind = "single"
text = "As-tu manqué des cours ?"
columns = ["Manques-tu les cours ?"]
choices = [{code = "oui", label = "Oui"}, {code = "non", label = "Non"}]

[[question]]
id = "lire"
kind = "single"
text = "Aimes-tu lire ?"
columns = ["Tu aimes la lecture ?"]
choices = [{code = "oui", label = "Oui"}, {code = "non", label = "Non"}]

[[indicator]]
id = "absents"
dimension = "d"
kind = "share"
question = "absence"
counts = ["oui"]
label = "Absents"
"""
OTHERWISE = ("Manques-tu les cours ?", "Tu aimes la lecture ?")
ALIKE = ("As-tu manqué des cours ?", "Aimes-tu lire ?")
READERS = """
[[indicator]]
id = "lecteurs"
dimension = "d"
kind = "share"
question = "lire"
counts = ["oui"]
label = "Lecteurs"
"""
SIGNED = """
[comparability.absence]
verdict = "recodable"
by = "A. Martin"
why = "Même sens, relu à deux."
"""


@pytest.fixture
def written(tmp_path):
    """The report of 80 made-up people, the others asked under these headings; 12 and 25 of 40 miss class."""

    def write(headings, added=""):
        rows = [("Oui" if i < 12 else "Non", "Oui" if i % 2 else "Non") for i in range(40)]
        others = [("Oui" if i < 25 else "Non", "Oui" if i % 4 else "Non") for i in range(40)]
        save(tmp_path, delimited([ALIKE, *rows]))
        save(tmp_path, delimited([headings, *others]), "b.csv")
        save(tmp_path, STUDY + added, "study.toml")
        save(tmp_path, QUESTIONS + READERS, "questionnaire.toml")
        study = read_study(tmp_path)
        results = protect(analyse(normalise(load(study), study), study), study)
        report(results, study, tmp_path / "out")
        return tmp_path / "out"

    return write


def status(folder):
    rows = pd.read_csv(folder / "comparisons.csv")
    return rows.groupby("indicator")["status"].unique().map(list).to_dict()


def test_what_is_not_compared_is_said_with_its_reason(written):
    folder = written((OTHERWISE[0], ALIKE[1]))
    assert status(folder) == {"absents": ["not_comparable"], "lecteurs": ["shown"]}
    words = words_of(folder / "rapport.pdf").replace("\u202f", " ").replace("\xa0", " ")
    assert "Questions regardées : 2." in words
    assert "Comparées parce que quelqu’un en répond : 0. Non comparées : 1." in words
    assert (
        "Le texte n’est pas le même : « As-tu manqué des cours ? » dans a.csv, « Manques-tu les cours ? » dans b.csv."
    ) in words
    assert "nc : non comparable, la question n’est pas posée de la même façon aux deux groupes." in words
    assert "Absents 30 % 63 % nc nc nc nc" in words  # 12 and 25 of 40; the figures stay, the difference goes
    assert "comparaison avec les non mentorés" in words  # the one of reading, in the band of numbers
    assert "1 comparaison" in words


def test_what_is_signed_is_compared_and_says_who_answers_for_it(written):
    folder = written((OTHERWISE[0], ALIKE[1]), SIGNED)
    assert status(folder) == {"absents": ["shown"], "lecteurs": ["shown"]}
    words = words_of(folder / "rapport.pdf").replace("\u202f", " ").replace("\xa0", " ")
    assert "Comparées parce que quelqu’un en répond : 1. Non comparées : 0." in words
    assert "Comparée. A. Martin : Même sens, relu à deux." in words
    assert "nc : non comparable" not in words


def test_the_table_is_written_for_programs_and_for_people(written):
    folder = written(OTHERWISE)
    table = pd.read_csv(folder / "comparability.csv", keep_default_na=False)
    assert tuple(table.columns) == COMPARABILITY
    assert table[["question", "verdict", "compared", "differs"]].to_numpy().tolist() == [
        ["absence", "doubtful", False, "wording"], ["lire", "doubtful", False, "wording"],
    ]  # fmt: skip
    sheet = CalamineWorkbook.from_path(folder / "tables.xlsx").get_sheet_by_name("Comparable ou non").to_python()
    assert sheet[1][:5] == ["As-tu manqué des cours\u202f?", "à juger", "non", "à juger", "texte"]
    assert "Manques-tu les cours\u202f?" in sheet[1]


def test_where_all_is_alike_a_line_says_so_and_no_table(written):
    words = words_of(written(ALIKE) / "rapport.pdf").replace("\u202f", " ").replace("\xa0", " ")
    assert "Les mêmes, ou les mêmes sous d’autres codes : 2." in words
    assert "Les questions qui ne sont pas posées de la même façon" not in words
