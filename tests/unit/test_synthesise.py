"""The default study's exports from their recipe: the figures published, the traps, the same bytes."""

import shutil
import tomllib
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from impact import ImpactError, load, normalise, read_study
from impact.study.published import Published
from impact.synthesise import from_recipe
from impact.synthesise._draw import allotted, highest, quantities, sliced, ticked
from impact.synthesise._recipe import Quantity

STUDY = Path(__file__).parents[2] / "data" / "koreis2022"
EXPORTS = ("jeunes_mentores.csv", "jeunes_sans_mentor.sav", "mentors.xlsx")


@pytest.fixture(scope="module")
def responses():
    study = read_study(STUDY)
    return normalise(load(study), study)


@pytest.fixture(scope="module")
def remade(tmp_path_factory):
    folder = tmp_path_factory.mktemp("remade")
    from_recipe(read_study(STUDY), STUDY / "recipe.toml", folder)
    return folder


def members(workbook: Path) -> dict[str, bytes]:
    """The files inside a workbook: the zip around them depends on the machine's zlib."""
    with zipfile.ZipFile(workbook) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


# --- the committed exports -------------------------------------------------------------------------------------------


def test_the_recipe_makes_the_committed_exports(remade):
    for name in EXPORTS[:2]:
        assert (remade / name).read_bytes() == (STUDY / name).read_bytes(), name
    assert members(remade / EXPORTS[2]) == members(STUDY / EXPORTS[2])


def test_the_same_recipe_makes_the_same_bytes(remade, tmp_path):
    from_recipe(read_study(STUDY), STUDY / "recipe.toml", tmp_path)
    for name in EXPORTS:
        assert (tmp_path / name).read_bytes() == (remade / name).read_bytes(), name


def answered(responses, group: str, question: str, *codes: str) -> tuple[int, int]:
    """How many of a group chose one of the codes, and how many answered."""
    inside = responses.members(group) & (responses.reasons[question] == "")
    boxes = [f"{question}/{code}" for code in codes if f"{question}/{code}" in responses.answers]
    chosen = responses.answers[boxes].eq(1).any(axis=1) if boxes else responses.answers[question].isin(codes)
    return int((chosen & inside).sum()), int(inside.sum())


# The published shares, typed from published.md at their published rounding: indicator's question, codes, group, share.
@pytest.mark.parametrize(
    ("question", "codes", "group", "share"),
    [
        ("soutiens", ["mentor"], "mentored", 0.20),
        ("influences", ["plutot", "tout_a_fait"], "mentored_over", 0.40),
        ("ambition_declaree", ["plutot", "tout_a_fait"], "mentored_over", 0.90),
        ("ambition_declaree", ["plutot", "tout_a_fait"], "mentored_under", 0.71),
        ("absence", ["tres_souvent"], "mentored", 0.06),
        ("absence", ["tres_souvent"], "non_mentored", 0.19),
        ("envie", ["plutot", "tout_a_fait"], "mentored", 0.71),
    ],
)
def test_the_published_figures_come_out_when_rounded(responses, question, codes, group, share):
    count, base = answered(responses, group, question, *codes)
    assert round(count / base, 2) == share


def test_the_published_figures_are_written_once_and_well():
    published = Published.model_validate(tomllib.loads((STUDY / "published.toml").read_text(encoding="utf-8")))
    shares = {figure.id: figure.value for figure in published.figure if figure.kind == "share"}
    assert sorted(shares.values()) == [0.06, 0.19, 0.20, 0.40, 0.71, 0.71, 0.90]
    assert [figure.value for figure in published.figure if figure.kind == "size"] == [163, 174, 202]


def test_sizes_duplicates_and_bands(responses):
    flow = responses.flow.set_index(["source", "stage", "reason"])["count"]
    assert flow.xs("kept", level="stage").tolist() == [163, 174, 202]
    assert flow[(EXPORTS[0], "dropped", "duplicate")] == flow[(EXPORTS[1], "dropped", "duplicate")] == 1
    bands = responses.people["band"].value_counts()
    assert (bands["over"], bands["under"], bands["unknown"]) == (101, 50, 12)
    assert (responses.people["months"] == 6).sum() >= 5  # the rule at exactly six months has something to decide


def test_a_duplicate_repeats_its_respondent_and_stands_in_the_study_file():
    study = read_study(STUDY)
    for export, source, (copied, copy) in zip(load(study), study.sources, [(41, 44), (87, 90)], strict=False):
        assert source.drop_rows[0].rows == (copy,)
        mapped = [column.position for column in export.columns if not column.heading.startswith(("ID", "Date"))]
        assert (export.cells.loc[copied, mapped] == export.cells.loc[copy, mapped]).all()


def test_what_was_not_understood(responses):
    problems = responses.problems[["source", "problem", "value"]].to_numpy().tolist()
    assert problems == [
        [EXPORTS[0], "implausible", "151"],
        [EXPORTS[2], "unit_unknown", "un an et demi"],
    ]


def test_blanks_have_their_reasons_and_stay_few(responses):
    asked = responses.reasons.where(responses.reasons != "not_asked")
    lost = asked.apply(lambda reasons: reasons.dropna().isin(["dont_know", "refused", "no_answer"]).mean())
    for question in ("confiance", "regrets", "ambition_declaree", "absence", "isolement"):
        assert 0.01 < lost[question] < 0.12, question
    said = set(pd.unique(responses.reasons.to_numpy().ravel()))
    assert said >= {"dont_know", "refused", "not_applicable", "not_asked", "no_answer"}
    assert "structure" not in lost[lost > 0].index  # the design knows everyone's cluster


def test_schooling_is_asked_of_those_in_school(responses):
    away = responses.answers["scolarise"] == "non"
    assert (responses.reasons.loc[away, ["absence", "devoirs", "resultats"]] == "not_asked").all(axis=None)
    assert away.sum() > 20


def test_clusters_are_shared_unequal_and_alike_inside(responses):
    sizes = responses.people.groupby("group")["cluster"].value_counts()
    assert sizes.groupby("group").size().to_dict() == {"mentor": 18, "mentored": 18, "non_mentored": 20}
    assert set(sizes["mentor"].index) == set(sizes["mentored"].index)
    assert sizes.max() >= 5 * sizes.min()
    values = {"pas_du_tout": 1, "plutot_pas": 2, "plutot": 3, "tout_a_fait": 4}
    trust = responses.answers["confiance"].map(values).dropna().astype(float)
    within = trust.groupby(responses.people["cluster"]).transform("mean")
    assert (trust - within).var() < 0.97 * trust.var()


def cronbach(frame: pd.DataFrame) -> float:
    """Cronbach (1951): k/(k-1) (1 - sum of the items' variances / variance of their sum)."""
    count = frame.shape[1]
    return count / (count - 1) * (1 - frame.var().sum() / frame.sum(axis=1).var())


def test_answers_hang_together(responses):
    questionnaire = read_study(STUDY).questionnaire
    for index in (indicator for indicator in questionnaire.indicator if indicator.kind == "index"):
        items = {}
        for name in index.items:
            indicator = questionnaire.indicators[name]
            values = {choice.code: choice.value for choice in questionnaire.questions[indicator.question].choices}
            sign = -1 if indicator.better == "lower" else 1
            items[name] = sign * responses.answers[indicator.question].map(values).astype(float)
        assert 0.6 <= cronbach(pd.DataFrame(items).dropna()) <= 0.8, index.id


def test_some_figures_speak_against_mentoring(responses):
    def share(group, question, *codes):
        count, base = answered(responses, group, question, *codes)
        return count / base

    against = [("seul", ["souvent", "tres_souvent"]), ("renoncement", ["oui"])]
    for question, codes in against:
        assert share("mentored", question, *codes) > share("non_mentored", question, *codes) + 0.05


def test_every_file_says_that_it_is_synthetic():
    with (STUDY / EXPORTS[0]).open(encoding="utf-8-sig") as file:
        assert file.readline().rstrip().endswith(';"Données synthétiques"')
    _, about = pyreadstat.read_sav(STUDY / EXPORTS[1], metadataonly=True)
    assert about.file_label == "Données synthétiques"
    assert about.column_names_to_labels["SYNTH"] == "Données synthétiques"
    properties = members(STUDY / EXPORTS[2])["docProps/core.xml"].decode()
    assert "Données synthétiques" in properties
    assert read_study(STUDY).about.synthetic


def test_the_tools_write_as_they_do():
    raw = (STUDY / EXPORTS[0]).read_bytes()
    assert raw.startswith(b'\xef\xbb\xbf"ID de la r') and raw.endswith(b'"\r\n\r\n')
    assert b'"N/A"' in raw and b'"Oui";"Non"' in raw
    _, about = pyreadstat.read_sav(STUDY / EXPORTS[1], metadataonly=True, user_missing=True)
    assert about.variable_value_labels["Q4"][1] == "Très souvent"  # another order than the questionnaire's
    assert {bounds["lo"] for bounds in about.missing_ranges["Q4"]} == {8, 9}
    assert "Q2" not in about.missing_ranges and about.variable_value_labels["Q2"][8] == "Ne sait pas"
    export = load(read_study(STUDY))[2]
    assert export.sheet == "Réponses au formulaire 1" and export.columns[0].heading == "Horodateur"
    assert export.cells[0].str.fullmatch(r"2022-\d\d-\d\dT\d\d:\d\d:\d\d").all()
    assert export.cells[0].is_monotonic_increasing


# --- faults of a recipe ----------------------------------------------------------------------------------------------


def faulty(tmp_path: Path, old: str, new: str) -> Path:
    text = (STUDY / "recipe.toml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "recipe.toml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "key", "fact"),
    [
        ("seed = 2022", "seed = ", "synthesise_recipe_unreadable", "recipe.toml"),
        ("seed = 2022", "sed = 2022", "synthesise_recipe_fault", "seed"),
        ("[answer.seul]", "[answer.seule]", "synthesise_recipe_lacks", "seul"),
        ("shares = {mentor = [0.16, 0.29, 0.37, 0.18]}", "", "synthesise_recipe_lacks", "effort"),
    ],
)
def test_a_faulty_recipe_is_said(tmp_path, old, new, key, fact):
    with pytest.raises(ImpactError) as found:
        from_recipe(read_study(STUDY), faulty(tmp_path, old, new), tmp_path / "out")
    assert found.value.key == key
    assert fact in found.value.say("fr") and fact in found.value.say("en")


def test_bands_need_a_duration(tmp_path):
    shutil.copytree(STUDY, tmp_path / "study")
    file = tmp_path / "study" / "study.toml"
    text = file.read_text(encoding="utf-8")
    start, end = text.index("[duration]"), text.index("[design]")
    file.write_text(text[:start] + text[end:], encoding="utf-8")
    with pytest.raises(ImpactError) as found:
        from_recipe(read_study(file), STUDY / "recipe.toml", tmp_path / "out")
    assert found.value.key == "synthesise_recipe_bands"


# --- drawing ---------------------------------------------------------------------------------------------------------


def test_cumulated_counts_are_the_nearest_there_are():
    # 96 respondents: 10 % of the first two choices is 9.6, so 10; 55 % of the first three is 52.8, so 53.
    places = sliced(np.arange(96.0), [0.02, 0.08, 0.45, 0.45])
    assert np.bincount(places).tolist() == [2, 8, 43, 43]
    assert (np.diff(places) >= 0).all()  # those who lean least choose first


def test_the_highest_are_taken():
    assert highest(np.array([3.0, 1.0, 2.0]), 2).tolist() == [True, False, True]
    assert not highest(np.array([3.0, 1.0]), 0).any()


@given(st.integers(5, 60), st.lists(st.floats(0.05, 0.9), min_size=2, max_size=6), st.integers(0, 1000))
def test_ticks_keep_their_counts_and_leave_nobody_out(size, shares, seed):
    exclusive = [False] * (len(shares) - 1) + [True]
    shares = [*shares[:-1], shares[-1] / 3]
    counts = [int(share * size + 0.5) for share in shares]
    boxes = ticked(np.random.default_rng(seed).normal(size=(size, len(shares))), shares, exclusive)
    free = size - counts[-1]
    assert boxes[:, -1].sum() == counts[-1]
    assert not boxes[boxes[:, -1], :-1].any()
    assert boxes[:, :-1].sum(axis=0).tolist() == [min(count, free) for count in counts[:-1]]
    assert boxes.any(axis=1).sum() == min(size, counts[-1] + sum(min(count, free) for count in counts[:-1]))


def test_blanks_are_allotted_in_exact_numbers_to_the_careless_first():
    rng = np.random.default_rng(1)
    weights = np.r_[np.full(100, 1e6), np.full(900, 1e-6)]
    taken = allotted(rng, 1000, [30, 20], weights)
    assert np.bincount(taken + 1).tolist() == [950, 30, 20]
    assert (taken[100:] == -1).all()


def test_numbers_stay_inside_and_in_their_count():
    drawn = [Quantity(low=1, high=5, mean=3, sd=1, count=40), Quantity(low=7, high=60, mean=16)]
    values, caps = quantities(np.random.default_rng(2), 100, drawn)
    assert ((values >= 1) & (values <= 5)).sum() == 40
    assert ((values >= 7) & (values <= 60)).sum() == 60
    assert (values == np.round(values)).all() and set(caps) == {""}
