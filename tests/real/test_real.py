"""Real exports, read where they stand: each with a study and a questionnaire of its own, through the whole path.

Expected counts are taken from the files by other means: pandas or pyreadstat alone, and R survey for the estimates.
"""

import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from impact import analyse, load, normalise, protect, read_study, report

HERE = Path(__file__).parent
EXPORTS = {
    "patrimoine": "limesurvey_patrimoine/results-survey4914.xlsx",
    "fecondite": "questionr_fecondite/femmes.sav",
    "apistrat": "survey_api/apistrat.csv",
    "jobs": "causal_jobs/jobs.csv",
}


@pytest.fixture
def real(shared, tmp_path):
    """The study of a real export, the export beside it as an association would have it."""

    def study(name):
        for file in (HERE / name).glob("*.toml"):
            shutil.copy(file, tmp_path)
        shutil.copy(shared / EXPORTS[name], tmp_path)
        return read_study(tmp_path / "study.toml")

    return study


def walked(study):
    responses = normalise(load(study), study)
    return responses, analyse(responses, study)


def cell(results, indicator, group):
    rows = results.estimates[(results.estimates["indicator"] == indicator) & (results.estimates["group"] == group)]
    return rows.iloc[0]


@pytest.mark.parametrize("name", EXPORTS)
def test_rows_are_conserved_and_the_report_is_written(name, real, tmp_path):
    study = real(name)
    responses, results = walked(study)
    counts = responses.flow.groupby("stage")["count"].sum()
    assert counts["received"] == counts["kept"] + counts.get("dropped", 0)
    assert counts["kept"] == len(responses.people)
    folder = tmp_path / "out"
    report(protect(results, study), study, folder, study.about.language, ("pdf", "xlsx"))
    assert (folder / "rapport.pdf").read_bytes().startswith(b"%PDF")
    assert len(pd.read_csv(folder / "estimates.csv")) == len(results.estimates)


def test_limesurvey_boxes_keep_their_base(real, shared):
    """N/A in every box is a question not shown; N/A beside a ticked box is a box that "alone" made unavailable."""
    responses, results = walked(real("patrimoine"))
    raw = pd.read_excel(shared / EXPORTS["patrimoine"], engine="calamine", dtype=str, keep_default_na=False)
    visitors = raw[raw.iloc[:, 2] == "Oui"]
    row = cell(results, "par_internet", "mentored")
    assert (row["n"], row["estimate"]) == (
        (visitors.iloc[:, 3:7] == "Oui").any(axis=1).sum(),
        pytest.approx((visitors.iloc[:, 5] == "Oui").sum() / (visitors.iloc[:, 3:7] == "Oui").any(axis=1).sum()),
    )
    family = cell(results, "en_famille", "mentored")
    assert family["estimate"] * family["n"] == pytest.approx((visitors.iloc[:, 17] == "Oui").sum())
    dropped = responses.flow.set_index("reason").loc["no_group", "count"]
    assert dropped == (raw.iloc[:, 2] == "N/A").sum()
    assert (responses.reasons.loc[responses.people["group"] == "non_mentored", "sources"] == "not_asked").all()


def test_spss_labels_and_missing_codes_survive(real, shared):
    responses, results = walked(real("fecondite"))
    raw, _ = pyreadstat.read_sav(shared / EXPORTS["fecondite"], user_missing=True)
    urban = raw[raw["milieu"] == 1]
    employed = urban[urban["travail"] != 9]
    row = cell(results, "emploi", "mentored")
    assert (row["n"], row["missing"]) == (len(employed), (urban["travail"] == 9).sum())
    assert row["estimate"] == pytest.approx(
        employed.loc[employed["travail"] == 1, "poids"].sum() / employed["poids"].sum()
    )
    ideal = responses.reasons["nb_enf_ideal"].value_counts()
    assert ideal["dont_know"] == (raw["nb_enf_ideal"] == 96).sum()
    assert ideal.get("unknown", 0) == (raw["nb_enf_ideal"] == 99).sum()
    assert responses.problems.empty


def test_apistrat_equals_r_survey(real):
    """Shares, standard errors and df of a stratified weighted sample, R survey's svymean and degf to 1e-10."""
    expected = pd.read_csv(HERE.parent / "oracle" / "apistrat.csv", comment="#", keep_default_na=False)
    expected = expected[(expected["by"] == "yr.rnd") & expected["answer"].isin(["Yes", ""])]
    study = real("apistrat")  # three strata, of which a public report makes no use
    inside = replace(study, disclosure=study.disclosure.model_copy(update={"audience": "internal"}))
    _, results = walked(inside)
    for want in expected.itertuples(index=False):
        row = cell(results, want.variable.replace(".", "_"), {"Yes": "mentored", "No": "non_mentored"}[want.group])
        assert row["estimate"] == pytest.approx(want.mean, rel=1e-10)
        assert row["std_error"] == pytest.approx(want.std_error, rel=1e-10)
        assert (row["n"], row["df"]) == (want.n, want.df)
    assert len(expected) == 8  # three shares and a mean, in two domains


def test_jobs_groups_come_from_a_column(real, shared):
    _, results = walked(real("jobs"))
    raw = pd.read_csv(shared / EXPORTS["jobs"])
    for group, arm in (("mentored", 1), ("non_mentored", 0)):
        row = cell(results, "working", group)
        assert row["estimate"] == pytest.approx((raw.loc[raw["treat"] == arm, "work1"] == "psyemp").mean())
        mood = cell(results, "depression_after", group)
        assert mood["estimate"] == pytest.approx(raw.loc[raw["treat"] == arm, "depress2"].mean())
    assert set(results.comparisons["reference"]) == {"non_mentored"}
