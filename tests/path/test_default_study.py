"""The default study through the whole path: what was published comes out, and twice the same bytes."""

import hashlib
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from impact import analyse, load, normalise, protect, read_study
from tests.unit._pdf import words_of

STUDY = Path(__file__).parents[2] / "data" / "koreis2022" / "study.toml"
UNDER = 50  # mentored for less than six months: data/koreis2022/recipe.toml


def impact(*arguments, **environment):
    """The command as a person types it, out of their terminal."""
    return subprocess.run(
        [sys.executable, "-m", "impact", *map(str, arguments)], capture_output=True, text=True, timeout=300,
        env=os.environ | environment,
    )  # fmt: skip


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Everything that `impact report` writes for the default study."""
    folder = tmp_path_factory.mktemp("reports") / "koreis2022"
    done = impact("report", STUDY, "-o", folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def results():
    study = read_study(STUDY)
    return protect(analyse(normalise(load(study), study), study), study)


# Figure by figure of published.md: indicator, group, the percentage as it was printed.
PRINTED = [
    ("absence_tres_souvent", "mentored", 6),
    ("absence_tres_souvent", "non_mentored", 19),
    ("ambitieux", "mentored_over", 90),
    ("arret_influences", "mentored_over", 40),
    ("compte_sur_mentor", "mentored", 20),
    ("envie_reussir", "mentored", 71),
]


@pytest.mark.parametrize(("indicator", "group", "percent"), PRINTED)
def test_published_figures_come_out_as_printed(written, indicator, group, percent):
    estimates = pd.read_csv(written / "estimates.csv")
    row = estimates[(estimates["indicator"] == indicator) & (estimates["group"] == group)]
    assert len(row) == 1
    assert round(100 * row["estimate"].iloc[0]) == percent
    assert row["status"].iloc[0] == "shown"


def test_the_band_that_took_in_others_is_whole_where_nothing_is_merged():
    """71 % of those mentored for less than six months call themselves ambitious: for an internal audience alone, since
    a public report counts those of unknown duration with them."""
    study = read_study(STUDY)
    internal = replace(study, disclosure=study.disclosure.model_copy(update={"audience": "internal"}))
    found = analyse(normalise(load(internal), internal), internal)
    rows = found.estimates.query("indicator == 'ambitieux' and group == 'mentored_under'")
    assert round(100 * rows["estimate"].iloc[0]) == 71
    assert found.sizes["mentored_under"] == UNDER
    assert found.sizes["mentored_unknown"] > 0


def test_three_times_fewer(written):
    compared = pd.read_csv(written / "comparisons.csv")
    chosen = (compared["indicator"] == "absence_tres_souvent") & (compared["measure"] == "ratio")
    row = compared[chosen & (compared["group"] == "mentored")]
    assert round(1 / row["estimate"].iloc[0]) == 3


def test_group_sizes_and_conservation(results):
    assert [results.sizes[group] for group in ("mentored", "non_mentored", "mentor")] == [163, 174, 202]
    flow = results.flow.pivot_table("count", "source", "stage", aggfunc="sum", fill_value=0)
    assert (flow["received"] == flow["dropped"] + flow["kept"]).all()
    assert (results.flow["reason"] == "duplicate").sum() == 2


def test_an_answer_offered_to_one_group_only_hides_none_of_the_others(results):
    """« Mon mentor ou ma mentore » has no box in the file of the non-mentored: no row there, and no difference."""
    rows = results.options[results.options["question"] == "soutiens"]
    others = rows[(rows["group"] == "non_mentored") & (rows["reference"] == "")]
    assert set(others["status"]) == {"shown"}
    assert "mentor" not in set(others["choice"]) | set(
        results.distributions.query("question == 'soutiens' and group == 'non_mentored'")["choice"]
    )
    compared = rows[(rows["group"] == "mentored") & (rows["reference"] == "non_mentored")].set_index("choice")
    assert compared["status"].to_dict() == {
        code: "not_comparable" if code == "mentor" else "shown" for code in compared.index
    }
    assert 0 < compared.loc["", "p"] <= 1


def test_traps_are_found(results):
    assert "implausible" in set(results.problems["problem"])
    assert results.sizes["mentored_under_unknown"] > UNDER


def test_no_page_names_the_band_that_took_in_others_without_saying_so(written):
    """Pages, figures and workbook: "moins de 6 mois" is always followed by whom else it counts."""
    words = words_of(written / "rapport.pdf")
    words += " ".join(path.read_text(encoding="utf-8") for path in sorted((written / "figures").glob("*.svg")))
    with zipfile.ZipFile(written / "tables.xlsx") as book:
        words += book.read("xl/sharedStrings.xml").decode("utf-8")
    bare = re.sub(r"[\s\u00a0\u202f]+", " ", words)
    named = re.findall(r"moins de 6 ?mois.{0,25}", bare)
    assert len(named) > 10
    assert not [each for each in named if not re.match(r"moins de 6 ?mois(, | \()ou\b", each)]


def test_the_questionnaire_is_as_wide_as_the_study_says():
    study = read_study(STUDY)
    indicators = study.questionnaire.indicator
    assert len(indicators) >= 30
    assert {one.id for one in indicators if one.kind == "index"} == set(study.questionnaire.dimension)
    assert len(study.questionnaire.dimension) == 4


def test_not_all_is_in_favour_of_mentoring(results):
    study = read_study(STUDY)
    better = {one.id: one.better for one in study.questionnaire.indicator}
    rows = results.comparisons.query("measure == 'difference' and group == 'mentored' and reference == 'non_mentored'")
    good = [(row.estimate > 0) == (better[row.indicator] == "higher") for row in rows.itertuples()]
    assert 0.1 < 1 - sum(good) / len(good) < 0.6


def test_everything_is_there_and_says_synthetic(written):
    names = {path.relative_to(written).as_posix() for path in written.rglob("*") if path.is_file()}
    assert {"rapport.pdf", "tables.xlsx", "manifest.json"} <= names
    for table in ("estimates", "comparisons", "flow", "problems", "missing", "distributions", "published"):
        assert set(pd.read_csv(written / f"{table}.csv")["data"]) <= {"synthetic"}
    assert {name for name in names if name.startswith("figures/")}
    assert {Path(name).suffix for name in names if name.startswith("figures/")} == {".svg", ".png"}


@pytest.mark.usefixtures("written")
def test_nothing_is_written_beside_a_study_of_nobody():
    assert not [path.name for path in STUDY.parent.iterdir() if "publications" in path.name or "fiche" in path.name]


def test_the_same_input_gives_the_same_bytes(written, tmp_path):
    done = impact("report", STUDY, "-o", tmp_path / "again", PYTHONHASHSEED="7", TZ="Pacific/Kiritimati", LC_ALL="C")
    assert done.returncode == 0, done.stderr
    assert digests(tmp_path / "again") == digests(written)


def digests(folder):
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*") if path.is_file()
    }  # fmt: skip


def test_outputs_are_for_their_owner_alone(written):
    assert written.stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in written.rglob("*"))


def test_no_path_of_the_machine_leaves(written):
    home = str(STUDY.parents[2]).encode()
    assert not [path for path in written.rglob("*") if path.is_file() and home in path.read_bytes()]


def test_elsewhere_than_on_a_terminal_each_step_is_a_plain_line(tmp_path):
    done = impact("analyse", STUDY, "-o", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert [line for line in done.stdout.splitlines() if line.startswith("[")][:1] == ["[1/4] Lecture des exports"]
    assert "\x1b" not in done.stdout


WRONG = [
    (["report", "nowhere"], 1, "n’existe pas"),
    (["report"], 2, "Il manque « ÉTUDE »"),
    (["reprt", STUDY], 2, "ne commence pas par une commande connue"),
    (["report", STUDY, "--langage", "fr"], 2, "L’option « --langage » n’existe pas"),
    (["report", STUDY, "--language", "xx"], 1, "Choisissez parmi : en, fr"),
    (["report", STUDY, "--format", "docx"], 1, "docx"),
]


@pytest.mark.parametrize(("arguments", "status", "sentence"), WRONG)
def test_faults_are_sentences_and_statuses(arguments, status, sentence):
    done = impact(*arguments)
    assert done.returncode == status
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_check_writes_nothing_and_shows_no_answer_of_a_text(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = impact("check", STUDY, PYTHONPATH=str(STUDY.parents[2]))
    assert done.returncode == 0, done.stderr
    assert not list(tmp_path.iterdir())
    assert "not_asked" not in done.stdout


def test_a_covariate_with_a_rare_answer_is_shown_and_so_is_what_the_adjustment_stands_on(results):
    """A person or two said « Autrement » of their sex: they stand with the most common answer."""
    sex = results.balance[(results.balance["covariate"] == "sexe") & (results.balance["group"] == "mentored")]
    assert set(sex["category"]) == {"fille+rare", "garcon"}
    assert set(results.balance["status"]) == {"shown"}
    assert set(results.adjustment["status"]) == {"shown"}
    assert results.adjustment["effective"].notna().all()
    between = results.overlap[(results.overlap["group"] == "mentored")]
    assert set(between["status"]) == {"shown"}
