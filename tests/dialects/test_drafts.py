"""What `impact init` drafts from the default study's answers, in each dialect, gives the figures that they hold."""

import numpy as np
import pytest

from impact import analyse, load, normalise, read_study
from impact.drafting import draft, write
from tests.dialects._cohort import cohorts
from tests.dialects.test_dialects import WRITERS

# Files that say no wording of an answer: which of its codes are the high ones, only the person knows.
NUMBERS_ALONE = {"sas_transport_8", "sas_data_set", "qualtrics_codes"}


@pytest.fixture(scope="module")
def young():
    return [cohort for cohort in cohorts() if cohort.group != "mentor"]


def counted(cohort):
    """Of each question of frequency, how many answered it and the share who said often or very often, by hand."""
    figures = set()
    for question in cohort.questions:
        if "tres_souvent" in question.codes:
            said = [one for one in cohort.said(question) if one in question.codes]
            figures.add((len(said), round(np.mean([one in ("souvent", "tres_souvent") for one in said]), 12)))
    return figures


@pytest.mark.parametrize("name", WRITERS)
def test_a_draft_of_any_dialect_gives_the_figures_of_its_files(name, young, tmp_path):
    write(draft([tmp_path / WRITERS[name](cohort, tmp_path)["file"] for cohort in young]))
    study = read_study(tmp_path)
    assert [source.group for source in study.sources] == ["mentored", "non_mentored"]
    estimates = analyse(normalise(load(study), study), study).estimates
    for cohort in young if name not in NUMBERS_ALONE else ():
        mine = estimates[estimates["group"] == cohort.group]
        found = {(int(n), round(value, 12)) for n, value in zip(mine["n"], mine["estimate"], strict=True)}
        assert counted(cohort) <= found
