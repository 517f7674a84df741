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


def test_a_real_export_without_faults_has_no_point(patrimoine):
    check, table = patrimoine
    assert check.findings == ()
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
