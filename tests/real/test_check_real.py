"""The check of real files and of the default study: what it counts is recounted by pandas alone."""

import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from impact import load, normalise, read_study
from impact.check import examine

HERE = Path(__file__).parent
DEFAULT = HERE.parents[1] / "data" / "koreis2022"


def checked(folder):
    study = read_study(folder)
    exports = load(study)
    return examine(exports, normalise(exports, study), study)


@pytest.fixture
def patrimoine(shared, tmp_path):
    for file in (HERE / "patrimoine").glob("*.toml"):
        shutil.copy(file, tmp_path)
    export = shared / "limesurvey_patrimoine" / "results-survey4914.xlsx"
    shutil.copy(export, tmp_path)
    return checked(tmp_path), pd.read_excel(export, dtype=str, keep_default_na=False, engine="calamine")


def test_a_real_export_is_counted_as_pandas_counts_it(patrimoine):
    check, table = patrimoine
    (source,) = check.sources
    assert source.received == len(table)
    kept = table[table.iloc[:, 2].isin(["Oui", "Non"])]
    assert sum(source.kept.values()) == len(kept)
    questions = {one.question: one.fed[0] for one in check.questions}
    for name, column in (("accueil", "J"), ("sexe", "V"), ("offre", "T")):
        (place,) = questions[name].places
        written = kept.iloc[:, ord(column) - ord("A")]
        assert place.letter == column
        assert {one.label: one.times for one in questions[name].answers} == (
            written[~written.isin(["", "N/A"])].value_counts().to_dict()
        )
        assert questions[name].answered + sum(questions[name].blanks.values()) == len(kept)


def test_a_real_export_has_the_blanks_that_it_does_not_explain_and_no_other_point(patrimoine):
    """Column C: whether one took part; J, N, O: shown to those who did, which nothing in the file says; D to G: boxes
    all « Non » for some who were shown them."""
    check, table = patrimoine
    assert [(one.kind, one.severity) for one in check.findings] == [("hidden", "look"), ("none_ticked", "look")]
    routed, boxes = check.findings
    away = table[table.iloc[:, 2] == "Non"]
    assert routed.rows == tuple(away.index + 2)
    hidden_from = [line.under for line in routed.lines]
    letters = {one.question: one.fed[0].places[0].letter for one in check.questions if one.fed}
    assert [letters[name] for name in hidden_from] == ["J", "N", "O"]
    for letter in "JNO":
        place = ord(letter) - ord("A")
        assert (away.iloc[:, place] == "").mean() >= 0.95
        assert (table[table.iloc[:, 2] == "Oui"].iloc[:, place] == "").mean() <= 0.30
    assert {line.text.split(" = ", 1)[0] for line in routed.lines} == {"only_if"}
    left = table[(table.iloc[:, 3:7] == "Non").all(axis=1)]
    assert boxes.rows == tuple(left.index + 2)
    ticked = int((table.iloc[:, 3:7] == "Oui").any(axis=1).sum())
    assert (boxes.facts["answered"], boxes.facts["total"]) == (ticked, ticked + len(left))
    unread = {one.place.letter: one.filled for one in check.unmapped}
    assert unread == {letter: int((table.iloc[:, ord(letter) - ord("A")] != "").sum()) for letter in unread}


def test_the_default_study_has_the_points_that_its_recipe_plants():
    told = [(one.severity, one.source, one.values[0].text) for one in checked(DEFAULT).findings]  # noqa: PD011
    assert told == [("settle", "mentors.xlsx", "un an et demi"), ("look", "jeunes_mentores.csv", "151")]


def test_the_rows_that_its_recipe_copies_are_found_once_they_are_not_dropped(tmp_path):
    folder = shutil.copytree(DEFAULT, tmp_path / "study")
    study = folder / "study.toml"
    study.write_text(re.sub(r"(?m)^drop_rows = .*$", "", study.read_text(encoding="utf-8")), encoding="utf-8")
    recipe = (folder / "recipe.toml").read_text(encoding="utf-8")
    copied = [(int(of), int(row)) for row, of in re.findall(r"duplicates = \[\{row = (\d+), of = (\d+)\}", recipe)]
    twice = [one.rows for one in checked(folder).findings if one.kind == "identifier_twice"]
    assert sorted(twice) == sorted(copied)
    assert not [one for one in checked(folder).findings if one.kind.startswith("same_")]
