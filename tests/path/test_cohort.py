"""The bundled study without its comparison group: everything that can be said is said, and nothing that is not so."""

import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from impact import analyse, load, normalise, protect, read_study, report, texts
from impact.model import TABLES
from impact.report.book import open_book
from impact.report.pages import NONE, document
from impact.report.tables import write_tables
from tests.path.test_default_study import STUDY

BUNDLED = STUDY.parent
FR = texts.load("fr")
# What is taken out of the study file, besides the non-mentored: each as a pattern of its text.
PARTS = {
    "non_mentored": r"\[\[source\]\] +# fichier SPSS.*?\n\n",
    "mentors": r"\[\[source\]\] +# réponses d'un formulaire.*?\n\n",
    "duration": r"\[duration\].*?\n\n",
    "published": r'published = "published.toml"\n',
}
COHORTS = {
    "months and published": (),
    "no months": ("duration",),
    "nothing published": ("published",),
    "neither": ("duration", "published"),
    "mentored alone": ("mentors", "duration", "published"),
}
# Words of a report that has somebody to be compared with.
OF_OTHERS = re.compile(r"non mentoré|jeunes sans mentor", re.IGNORECASE)
OF_TWO = re.compile(r"\bcontre\b|écarts? en points|par rapport aux", re.IGNORECASE)  # bands have these as well


def cohort(folder, out):
    """A study like the bundled one, with parts taken out: read, and all its results."""
    shutil.copytree(BUNDLED, folder, dirs_exist_ok=True)
    text = (folder / "study.toml").read_text(encoding="utf-8")
    for part in ("non_mentored", *out):
        text, count = re.subn(PARTS[part], "", text, flags=re.DOTALL)
        assert count == 1, part
    (folder / "study.toml").write_text(text, encoding="utf-8")
    study = read_study(folder)
    return study, analyse(normalise(load(study), study), study)


@pytest.fixture(scope="module", params=COHORTS)
def made(request, tmp_path_factory):
    study, results = cohort(tmp_path_factory.mktemp("cohort") / "study", COHORTS[request.param])
    return study, results, COHORTS[request.param]


@pytest.fixture(scope="module")
def whole():
    study = read_study(STUDY)
    return analyse(normalise(load(study), study), study)


def single(frame, study):
    """Rows of what is no index: an index is on the scale of those it was standardised on, which are others here."""
    kinds = {one.id: one.kind for one in study.questionnaire.indicator}
    return frame[frame["indicator"].map(kinds) != "index"]


def test_levels_are_those_of_the_whole_study(made, whole):
    study, results, _ = made
    keys, said = ["indicator", "group"], ["n", "missing", "estimate"]
    here = single(results.estimates, study).set_index(keys)
    there = single(whole.estimates, study).set_index(keys)
    held = set(results.sizes)
    assert set(here.index) == {key for key in there.index if key[1] in held}
    pd.testing.assert_frame_equal(here[said], there.loc[here.index, said], rtol=1e-12)
    assert ((here["low"] <= here["estimate"]) & (here["estimate"] <= here["high"]) & (here["low"] < here["high"])).all()


def test_the_bands_are_compared_with_each_other_and_nobody_else_with_anybody(made):
    _, results, out = made
    pairs = set(zip(results.comparisons["group"], results.comparisons["reference"], strict=True))
    assert pairs == (set() if "duration" in out else {("mentored_over", "mentored_under_unknown")})
    assert "non_mentored" not in set(results.sizes)
    for table in ("balance", "adjustment", "overlap", "sensitivity", "options"):
        frame = getattr(results, table)
        assert not {"non_mentored"} & set(frame["group"]) | {"non_mentored"} & set(frame["reference"])
    assert results.comparability.empty


def test_the_trend_over_months_is_that_of_the_whole_study(made, whole):
    study, results, out = made
    if "duration" in out:
        assert results.trend.empty
        return
    here, there = single(results.trend, study), single(whole.trend, study)
    assert len(here)
    names = ["indicator", "measure", "months", "n", "estimate", "verdict", "status"]
    pd.testing.assert_frame_equal(here[names], there[names].set_index(here.index), rtol=1e-9)


def test_each_index_has_its_reliability(made):
    study, results, _ = made
    indices = {one.id for one in study.questionnaire.indicator if one.kind == "index"}
    mentored = results.reliability[results.reliability["group"] == "mentored"]
    assert set(mentored["indicator"]) == indices
    assert (mentored["status"] == "shown").all()


def test_published_figures_are_beside_the_cohorts_own_and_no_other(made):
    _, results, out = made
    if "published" in out:
        assert results.published.empty
        return
    assert set(results.published["group"]) <= set(results.sizes)
    assert set(results.published["reference"]) == {""}
    assert (results.published["status"] == "shown").all()
    shares = results.published[results.published["unit"] == "share"]
    assert len(shares)
    assert ((shares["low"] < shares["estimate"]) & (shares["estimate"] < shares["high"])).all()


def test_the_pages_say_nothing_of_a_group_that_is_not_there(made):
    study, results, out = made
    content = document(open_book(protect(results, study), study, FR), {})
    own = {FR.label(one) for one in (study.about.population, study.about.collection)}
    said = [text for text in strings(content) if text not in own]
    assert [text for text in said if OF_OTHERS.search(text)] == []
    assert "duration" not in out or [text for text in said if OF_TWO.search(text)] == []
    assert content["cover"]["design"] == FR("report.cover_alone")
    assert FR("report.method_alone") in said


def test_no_column_and_no_table_of_the_pages_is_empty(made):
    study, results, _ = made
    content = document(open_book(protect(results, study), study, FR), {})
    for table in tables(content):
        assert table["rows"]
        if table.get("title") == FR("adjusted.footing"):  # a comparison refused has its reason, and no figure
            continue
        for column in zip(*(row for row in table["rows"] if isinstance(row, list)), strict=False):
            assert {str(cell) for cell in column} - {NONE, ""}, (table.get("title"), column)


def test_every_table_written_has_rows_or_is_one_that_is_always_there(made, tmp_path):
    study, results, out = made
    write_tables(protect(results, study), study, tmp_path)
    empty = {path.stem for path in tmp_path.glob("*.csv") if pd.read_csv(path).empty}
    allowed = {"comparability"} | ({"comparisons"} if "duration" in out else set())
    assert empty <= allowed | ({"published"} if "published" in out else set())
    assert {path.stem for path in tmp_path.glob("*.csv")} <= set(TABLES)


def test_a_report_of_the_mentored_alone_is_made(tmp_path):
    study, results = cohort(tmp_path / "study", COHORTS["mentored alone"])
    files = report(protect(results, study), study, tmp_path / "out")
    assert {Path(path).name for path in files} >= {"rapport.pdf", "tables.xlsx", "manifest.json"}


def strings(node):
    if isinstance(node, str):
        yield node
    for part in node.values() if isinstance(node, dict) else node if isinstance(node, list | tuple) else ():
        yield from strings(part)


def tables(node):
    if isinstance(node, dict) and node.get("kind") == "table":
        yield node
    for part in node.values() if isinstance(node, dict) else node if isinstance(node, list | tuple) else ():
        yield from tables(part)
