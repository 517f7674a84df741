"""Twins of real files: what a tool is known by outlives its respondents, and so does what its columns are."""

import shutil
from pathlib import Path

import pytest

from impact import load, normalise, read_study, synthesise
from impact.drafting import draft, write

# What each file has that no export of the tests has.
FILES = {
    "google_ahp/survey_sheets_export.csv": "moments written by day first, words among them",
    "kobo_dori/dori_xml_values.csv": "boxes beside a cell that says « autre » with them",
    "limesurvey_biodiv/third.csv": "hundreds of columns",
    "limesurvey_limonaid/survey_100001_R_data_file.csv": "the answers of a pair for R, whose program is lost",
    "qualtrics_workshop/01-02-pre_workshop.tsv": "moments of the whole world",
    "sphinx_annecy/exp_QuestionnairevilledAnnecy.xlsx": "a sheet that tells of the columns",
    "surveymonkey_538/thanksgiving-2015-poll-data.csv": "numbers of respondents known by their length",
}


def twins(shared, file, folder):
    """The study that `init` drafts for a file, and its twin."""
    shutil.copy(shared / file, folder)
    write(draft([folder / Path(file).name], None, "fr"))
    study = read_study(folder)
    synthesise(study, folder / "twin", seed=1)
    return study, read_study(folder / "twin")


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("file", FILES)
def test_the_twin_of_a_real_file_is_its_tool_s(file, shared, tmp_path):
    study, twin = twins(shared, file, tmp_path)
    (real,), (made,) = load(study), load(twin)
    assert (made.tool, made.signs, made.left_out) == (real.tool, real.signs, real.left_out)
    assert (list(made.header), list(made.cells.index)) == (list(real.header), list(real.cells.index))
    assert laid_out(made)[: len(real.columns)] == laid_out(real)
    problems = {
        name: set(normalise(load(one), one).problems["problem"]) for name, one in (("real", study), ("twin", twin))
    }
    assert problems["twin"] <= problems["real"]


def test_the_form_beside_a_twin_tells_no_more_than_the_columns_need(shared, tmp_path):
    """Kobo's answers are known by the form beside them; a list of one choice may be one of people."""
    study, twin = twins(shared, "kobo_dori/kobo_data_survey_choices.xlsx", tmp_path)
    (real,), (made,) = load(study), load(twin)
    assert (real.tool, made.tool, made.signs) == ("kobo", "kobo", real.signs)
    form = made.beside
    assert list(form) == ["survey", "choices"]
    assert {len(line) for lines in form.values() for line in lines} == {2}
    listed = {name for name, _ in form["choices"][1:]}
    assert listed
    assert listed == {kind.split()[1] for kind, _ in form["survey"] if kind.startswith("select_multiple")}


def laid_out(export):
    return [(column.heading, column.block, column.layout) for column in export.columns]
