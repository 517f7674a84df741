"""Google Forms, by its three routes."""

import csv
from collections import Counter
from datetime import datetime

import pandas as pd
import pytest

from impact.normalise.blanks import answer_days
from tests.unit._loaders import delimited, read, read_text, refused, save
from tests.unit.test_loaders_workbook import workbook

FRENCH = "Horodateur"
MOMENTS = ("10/01/2024 15:40:59", "11/01/2024 08:14:57", "12/01/2024 09:00:00")


def sheet(headings, *rows, dated=FRENCH, moments=MOMENTS):
    """A sheet of answers downloaded as CSV: a moment before each row."""
    lines = [(moment, *row) for moment, row in zip(moments, rows, strict=False)]
    return delimited([(dated, *headings), *lines], ",")


@pytest.mark.parametrize(
    "dated",
    ["Horodateur", "Timestamp", "Zeitstempel", "Marca temporal", "Carimbo de data/hora", "Informazioni cronologiche"],
)
@pytest.mark.parametrize("moment", ["10/01/2024 15:40:59", "8/21/2019 13:10:31", "2024/01/10 2:29:13 PM UTC+1"])
def test_the_first_heading_and_its_moments_tell(tmp_path, dated, moment):
    found = read_text(tmp_path, sheet(["Âge ?"], ["12"], ["13"], dated=dated, moments=[moment, moment]))
    assert (found.tool, found.signs, found.answered_on) == ("google", (f"« {dated} »",), 0)
    assert [column.role for column in found.columns] == ["metadata", ""]
    assert len(found.cells) == 2


@pytest.mark.parametrize(
    "rows",
    [
        [("Timestamp", "température"), ("1", "21"), ("2", "22")],  # counts, not moments
        [("id", "Horodateur"), ("1", MOMENTS[0]), ("2", MOMENTS[1])],  # not first
        [("Date", "q"), (MOMENTS[0], "a"), (MOMENTS[1], "b")],
    ],
)
def test_a_table_that_only_looks_like_it_is_no_form(tmp_path, rows):
    assert read_text(tmp_path, delimited(rows)).tool == ""
    assert refused(save(tmp_path, delimited(rows)), format="google").key == "loader_not_this_tool"


@pytest.mark.parametrize("separator", [",", "\t"])
def test_forms_own_file_is_quoted_whole(tmp_path, separator):
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=separator, lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writerows([("Timestamp", "Qui ?"), ("2024/01/10 2:29:13 PM UTC+1", "Un ami, une amie;Mon mentor")])
    found = read(path)
    assert found.tool == "google"
    assert found.cells[1].tolist() == ["Un ami, une amie;Mon mentor"]


@pytest.mark.parametrize("name", ["Réponses au formulaire 1", "Form Responses 2", "Formularantworten 1"])
def test_the_name_of_the_sheet_is_enough(tmp_path, name):
    big = [("a", "b", "c", "d"), *[("1", "2", "3", "4")] * 9]
    answers = [("Âge ?", "Ville ?"), ("12", "Lyon")]
    found = read(workbook(tmp_path / "a.xlsx", {"Calculs": big, name: answers}))
    assert (found.tool, found.sheet, found.signs) == ("google", name, (f"feuille « {name} »",))
    assert any("Calculs" in note for note in found.notes)


def test_two_sheets_of_answers_are_never_put_together(tmp_path):
    one = [(FRENCH, "Âge ?"), *[(datetime(2024, 1, 10 + day, 15), "12") for day in range(3)]]
    sheets = {"Réponses au formulaire 1": one, "Réponses au formulaire 2": one[:2]}
    found = read(workbook(tmp_path / "a.xlsx", sheets))
    assert (found.sheet, len(found.cells)) == ("Réponses au formulaire 1", 3)
    assert found.signs == ("feuille « Réponses au formulaire 1 »", "« Horodateur »")
    assert any("Réponses au formulaire 2" in note for note in found.notes)
    asked = read(tmp_path / "a.xlsx", sheet="Réponses au formulaire 2")
    assert (asked.tool, len(asked.cells)) == ("google", 1)


def test_a_grid_is_a_block_of_rows(tmp_path):
    headings = [
        "Es-tu d'accord ? [Je suis seul]",
        "Es-tu d'accord ? [Je suis aidé (un peu)]",
        "Âge [en années]",
        "Ville",
    ]
    found = read_text(tmp_path, sheet(headings, ["Oui", "Non", "12", "Lyon"]))
    assert [(column.block, column.item) for column in found.columns[1:]] == [
        ("Es-tu d'accord ?", "Je suis seul"),
        ("Es-tu d'accord ?", "Je suis aidé (un peu)"),
        ("Âge", "en années"),
        ("", ""),
    ]


def test_the_same_question_in_two_branches_stays_two_columns(tmp_path):
    grid = ["Accord ? [Seul]", "Accord ? [Aidé]"]
    found = read_text(tmp_path, sheet(["Pourquoi ?", *grid, "Pourquoi ?", *grid], ["a", "b", "c", "d", "e", "f"]))
    assert [column.heading for column in found.columns[1:]] == ["Pourquoi ?", *grid, "Pourquoi ?", *grid]
    assert [column.block for column in found.columns[1:]] == [
        "", "Accord ?", "Accord ?", "", "Accord ? (2)", "Accord ? (2)",
    ]  # fmt: skip


def test_help_under_a_question_does_not_hide_it(tmp_path):
    headings = ["Qui t'aide ?\n(plusieurs réponses)", "Pourquoi ?\nA", "Pourquoi ?\nB"]
    found = read_text(tmp_path, sheet(headings, ["a", "b", "c"]))
    assert found.columns[1].headings == (headings[0], "Qui t'aide ?")
    assert [column.headings for column in found.columns[2:]] == [
        (headings[1],),
        (headings[2],),
    ]  # which one, no one knows


def test_what_a_quiz_adds_is_no_question(tmp_path):
    headings = ["Score", "Capitale ?", "Capitale ? [Score]", "Capitale ? [Feedback]", "Avis ? [Score]"]
    found = read_text(tmp_path, sheet(headings, ["4 / 10", "Paris", "1 / 1", "", "3"]))
    assert [column.role for column in found.columns[1:]] == ["metadata", "", "metadata", "metadata", ""]
    answered = read_text(tmp_path, sheet(["Score"], ["7"]))
    assert answered.columns[1].role == ""


def test_who_answered_is_personal(tmp_path):
    headings = ["Adresse e-mail", "Ton CV", "Column 29", "Colonne 30"]
    link = "https://drive.google.com/open?id=1"
    found = read_text(tmp_path, sheet(headings, ["a@b.fr", link, "", "à revoir"], ["", "", "", ""]))
    assert [column.role for column in found.columns[1:]] == ["personal", "personal", "note", ""]


@pytest.mark.parametrize(
    ("moment", "answers", "flagged"),
    [
        ("Test", ["Oui", "Non", "12"], True),
        ("azerty", ["Oui", "Non", "12"], True),
        (MOMENTS[2], ["test", "TEST 2", "12"], True),
        (MOMENTS[2], ["aaa", "aaaa", ""], True),
        (MOMENTS[2], ["azerty", "azerty", "azerty"], True),
        (MOMENTS[2], ["Oui", "Oui", "Oui"], False),
        (MOMENTS[2], ["Test", "Non", "12"], False),  # one word may be an answer
        ("papier", ["Oui", "Non", "12"], False),
        ("", ["Oui", "Non", "12"], False),
    ],
)
def test_rows_of_trials_are_flagged_and_kept(tmp_path, moment, answers, flagged):
    text = sheet(["a", "b", "c"], ["Oui", "Non", "1"], ["Non", "Oui", "2"], answers, moments=[*MOMENTS[:2], moment])
    found = read_text(tmp_path, text)
    assert dict(found.flags) == ({4: "test"} if flagged else {})
    assert len(found.cells) == 3


@pytest.mark.parametrize(
    ("moments", "days"),
    [
        (["9/3/2022 10:00:00", "10/1/2022 10:00:00", "12/2/2022 10:00:00"], ["2022-09-03", "2022-10-01", "2022-12-02"]),
        (["9/3/2022 10:00:00", "10/3/2022 10:00:00", "1/4/2022 10:00:00"], ["2022-03-09", "2022-03-10", "2022-04-01"]),
        (["1/2/2022 10:00:00", "2/3/2022 10:00:00", "3/4/2022 10:00:00"], ["2022-02-01", "2022-03-02", "2022-04-03"]),
        (["2022/06/07 2:29:13 PM UTC+2", "2022/06/08 1:29:13 AM UTC+2"], ["2022-06-07", "2022-06-08"]),
    ],
)  # fmt: skip
def test_answers_that_follow_each_other_tell_the_day_from_the_month(tmp_path, moments, days):
    found = read_text(tmp_path, sheet(["q"], *(["a"] for _ in moments), moments=moments))
    assert answer_days(found).dt.strftime("%Y-%m-%d").tolist() == days


# --- real exports ----------------------------------------------------------------------------------------------------


def table(path):
    """The file by pandas alone, headings as they stand."""
    return pd.read_csv(path, dtype=str, keep_default_na=False, header=None)


def test_answers_from_a_french_sheet(shared):
    path = shared / "google_ahp" / "survey_sheets_export.csv"
    found, apart = read(path), table(path)
    assert (found.tool, found.signs, list(found.header)) == ("google", ("« Horodateur »",), [1])
    assert found.cells.shape == (len(apart) - 1, apart.shape[1]) == (17, 102)
    assert [column.heading for column in found.columns] == apart.iloc[0].tolist()
    assert sorted(found.flags.values()) == ["test"] * (apart[0] == "Test").sum() == ["test", "test"]
    brackets = [heading.strip() for heading in apart.iloc[0] if heading.strip().endswith("]")]
    rows = [column for column in found.columns if column.block]
    assert len(rows) == len(brackets) == 91
    assert len({column.block for column in rows}) == len({text[: text.rindex("[")].strip() for text in brackets}) == 40
    assert apart.iloc[0].duplicated(keep=False).sum() == 7  # one question of comments a branch, none merged


def test_a_sheet_whose_moments_were_taken_away(shared):
    found = read(shared / "google_edav" / "Survey Response.xlsx")
    assert (found.tool, found.sheet, list(found.header)) == ("google", "Form Responses 1", [1])
    assert found.cells.shape == (114, 38)
    assert found.answered_on is None
    often = Counter(column.heading for column in found.columns if column.heading.endswith("]"))
    copies: dict[str, int] = {}
    for heading, times in often.items():
        question = heading[: heading.rindex("[")].strip()
        copies[question] = max(times, copies.get(question, 0))
    assert copies["Software experience (the smaller list)"] == 3  # asked again in later years
    assert len({column.block for column in found.columns if column.block}) == sum(copies.values())


def test_open_answers_from_an_american_sheet(shared):
    path = shared / "google_autistica" / "Form Responses 1(3).csv"
    found, apart = read(path), table(path)
    assert (found.tool, found.answered_on, dict(found.flags)) == ("google", 0, {})
    assert found.cells.shape == (len(apart) - 1, 5) == (42, 5)
    assert found.cells.to_numpy().tolist() == apart.iloc[1:].to_numpy().tolist()
