"""« De l'export au rapport » of LISEZMOI.md: each example is done again, no line changed but those it says."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest

from tests.dialects import framaforms, google, kobo, spss
from tests.dialects._cohort import cohorts

ROOT = Path(__file__).parents[2]
MOST_LINES = 10
# The export that each example of the guide starts from.
WRITERS = {
    "Framaforms": framaforms.WRITERS["framaforms_semicolon"],
    "KoboToolbox": kobo.WRITERS["kobo_labels_xlsx"],
    "Google Forms": google.WRITERS["google_sheets_csv"],
    "SPSS (.sav)": spss.WRITERS["spss_boxes"],
}


class Edit(NamedTuple):
    """Lines of a file, in their place, and those that replace them."""

    file: str
    before: list[str]
    after: list[str]
    written: int


def examples():
    """The examples of the guide: title, commands, edits."""
    text = (ROOT / "LISEZMOI.md").read_text(encoding="utf-8")
    guide = re.search(r"^## De l'export au rapport\n(.*?)^## ", text, re.DOTALL | re.MULTILINE)[1]
    for title, body in re.findall(r"^### (.*?)\n(.*?)(?=^### |\Z)", guide, re.DOTALL | re.MULTILINE):
        blocks = dict(re.findall(r"^```(\w+)\n(.*?)^```$", body, re.DOTALL | re.MULTILINE))
        yield title, blocks["console"].splitlines(), list(edits(blocks["diff"]))


def edits(block):
    """Each run of lines without a blank one is an edit, in the file last named."""
    file = ""
    for run in block.strip("\n").split("\n\n"):
        lines = run.splitlines()
        if lines[0].startswith("--- "):
            file, lines = lines[0][4:], lines[1:]
        before = [line[1:] for line in lines if line[0] in " -"]
        after = [line[1:] for line in lines if line[0] in " +"]
        yield Edit(file, before, after, sum(line[0] == "+" for line in lines))


EXAMPLES = {title: (commands, changes) for title, commands, changes in examples()}


def test_the_guide_has_the_four_examples():
    assert EXAMPLES.keys() == WRITERS.keys()


@pytest.mark.parametrize("title", EXAMPLES)
def test_no_example_asks_for_more_than_ten_lines(title):
    assert 0 < sum(edit.written for edit in EXAMPLES[title][1]) <= MOST_LINES


def typed(command, folder):
    """A command of the guide, as a person types it in a folder."""
    program, *arguments = shlex.split(command)
    assert program == ".venv/bin/impact"
    done = subprocess.run(
        [sys.executable, "-m", "impact", *arguments], cwd=folder, capture_output=True, text=True, timeout=300,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def changed(folder, edit):
    path = folder / edit.file
    lines = path.read_text(encoding="utf-8").splitlines()
    size = len(edit.before)
    places = [place for place in range(len(lines)) if lines[place : place + size] == edit.before]
    assert len(places) == 1, edit
    lines[places[0] : places[0] + size] = edit.after
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("title", EXAMPLES)
def test_each_example_leads_to_a_report_with_the_figures_of_its_files(title, tmp_path):
    (init, check, report), changes = EXAMPLES[title]
    files = [word for word in shlex.split(init)[2:] if Path(word).suffix]
    young = [cohort for cohort in cohorts() if cohort.group != "mentor"]
    for cohort, name in zip(young, files, strict=True):
        (tmp_path / WRITERS[title](cohort, tmp_path)["file"]).rename(tmp_path / name)
    assert re.search("Ensuite : .*impact check", typed(init, tmp_path))
    for edit in changes:
        changed(tmp_path / shlex.split(init)[-1], edit)
    typed(check, tmp_path)
    typed(report, tmp_path)
    estimates = pd.read_csv(tmp_path / "rapport" / "estimates.csv").set_index(["indicator", "group"])
    assert (tmp_path / "rapport" / "rapport.pdf").stat().st_size > 10_000
    for cohort in young:
        homework = said(cohort, "devoirs")
        done = estimates.loc[("je_fais_mes_devoirs_haut", cohort.group)]
        assert done["n"] == len(homework)
        assert done["estimate"] == pytest.approx(
            sum(one in ("souvent", "tres_souvent") for one in homework) / len(homework)
        )
        ages = [float(one) for one in said(cohort, "age")]
        mean = estimates.loc[("quel_age_as_tu_moyenne", cohort.group)]
        assert mean["n"] == len(ages)
        assert mean["estimate"] == float(f"{sum(ages) / len(ages):.3g}")  # what a public report tells of a mean


def said(cohort, identifier):
    """The answers of a group to one question, those that are none left out."""
    question = next(one for one in cohort.questions if one.id == identifier)
    missing = {one.code for one in question.missing}
    return [one for one in cohort.said(question) if one is not None and one not in missing]
