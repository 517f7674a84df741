"""Real exports of KoboToolbox and ODK: what is found in each, and the same answers in two dialects.

Expected counts were taken from the files with Python's csv and a reader of XLSX alone.
"""

import csv
import shutil
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from impact import load, normalise, read_study
from impact.loaders.forms import recognised
from tests.unit._loaders import read

HERE = Path(__file__).parent
RESTAURANT = "kobo_formpack/restaurant_profile - all versions - french - 2024-03-06-10-00-00.csv"

# File: tool, respondents, columns, boxes of each multiple choice by its block, rows left out.
FOUND = {
    "kobo_dori/dori_xml_values.csv": ("kobo", 30, 65, {"h_3_type_latrine": 6, "r_besoin_assistance": 11}, {}),
    "kobo_dori/dori_labels_fr.xlsx": ("kobo", 30, 65, {"Lesquelles principalement ?": 6, "De quels types": 11}, {}),
    "kobo_dori/kobo_data_survey_choices.xlsx": (
        "kobo", 30, 52, {"h_3_type_latrine": 6, "r_besoin_assistance": 11}, {},
    ),
    "kobo_cruncher/data_likert.xlsx": ("kobo", 120, 18, {}, {}),
    RESTAURANT: ("kobo", 8, 19, {"type de restaurant": 2}, {}),
    "kobo_formpack/restaurant_profile_xml.csv": ("kobo", 8, 19, {"eatery_type": 2}, {}),
    "kobo_formpack/grouped_repeatable.xlsx": ("kobo", 6, 13, {}, {}),
    "kobo_formpack/hxl_grouped_repeatable.csv": ("kobo", 6, 13, {}, {2: "hxl"}),
    "kobo_formpack/or_other_labels_both.csv": ("kobo", 3, 19, {"Who are your favourite emperors?": 5}, {}),
    "kobo_formpack/quotes_newlines_and_long_urls.csv": ("kobo", 5, 12, {}, {}),
    "kobo_formpack/geojson_and_selects.csv": ("kobo", 1, 18, {}, {}),
    "odk_central/selectMultiple.csv": ("odk", 2, 20, {"q1": 2, "g1-q2": 4}, {}),
}  # fmt: skip


@pytest.mark.parametrize("name", FOUND)
def test_what_is_found_in_a_real_export(name, shared):
    tool, respondents, columns, blocks, left_out = FOUND[name]
    found = read(shared / name)
    assert (found.tool, list(found.header), len(found.cells)) == (tool, [1], respondents)
    assert (len(found.columns), dict(found.left_out)) == (columns, left_out)
    counted = Counter(column.block for column in found.columns if column.block)
    assert list(counted.values()) == list(blocks.values())
    assert all(short in block for short, block in zip(blocks, counted, strict=True))
    summaries = [column.heading for column in found.columns if column.layout == "summary"]
    assert summaries == list(counted)


def test_where_someone_stood_and_what_they_sent_is_personal(shared):
    found = read(shared / "kobo_formpack/geojson_and_selects.csv")
    personal = [column.position for column in found.columns if column.role == "personal"]
    assert personal == [1, 2, 3, 4, 5, 6, 7, 12, 14]  # the point, its four parts, the photo, its address, two of Kobo's


def test_sheets_of_repeats_are_left_aside_with_a_word(shared):
    path = shared / "kobo_formpack/grouped_repeatable.xlsx"
    aside = [note for note in read(path).notes if "houshold_member_repeat" in note]
    assert len(aside) == 1
    assert "groupes répétés" in aside[0]
    repeats = read(path, sheet="houshold_member_repeat")
    assert len(repeats.cells) == 13
    assert any("une ligne n’y est pas un répondant" in note for note in repeats.notes)


def test_a_form_beside_the_answers_is_seen_where_the_study_names_their_sheet(shared):
    path = shared / "kobo_dori/kobo_data_survey_choices.xlsx"
    chosen, named = read(path), read(path, sheet="data")
    assert (named.tool, named.signs, named.columns) == ("kobo", chosen.signs, chosen.columns)


@pytest.fixture
def real(shared, tmp_path):
    def answers(name, file):
        """The responses of a study on one dialect of its export."""
        folder = tmp_path / file.replace(" ", "").replace("/", "_")
        folder.mkdir()
        written = (HERE / name / "study.toml").read_text(encoding="utf-8")
        first = next(line for line in written.splitlines() if line.startswith("file = "))
        path = shared / file
        (folder / "study.toml").write_text(written.replace(first, f'file = "{path.name}"'), encoding="utf-8")
        shutil.copy(HERE / name / "questionnaire.toml", folder)
        shutil.copy(path, folder)
        study = read_study(folder)
        return normalise(load(study), study)

    return answers


@pytest.mark.parametrize(
    ("name", "values", "labels"),
    [
        ("dori", "kobo_dori/dori_xml_values.csv", "kobo_dori/dori_labels_fr.xlsx"),
        ("restaurants", "kobo_formpack/restaurant_profile_xml.csv", RESTAURANT),
    ],
)
def test_the_same_answers_in_values_and_in_labels(name, values, labels, real):
    one, other = real(name, values), real(name, labels)
    pd.testing.assert_frame_equal(one.answers, other.answers)
    pd.testing.assert_frame_equal(one.reasons, other.reasons)
    columns = ["row", "column", "problem", "done"]
    assert one.problems[columns].sort_values(columns).to_numpy().tolist() == (
        other.problems[columns].sort_values(columns).to_numpy().tolist()
    )


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def test_routing_is_recomputed_where_kobo_leaves_a_blank(real, shared):
    responses = real("dori", "kobo_dori/dori_xml_values.csv")
    lines = rows(shared / "kobo_dori/dori_xml_values.csv")
    access = [line["CONSENSUS/h_3_/h_3_acces_latrine"] for line in lines]
    types = [line["CONSENSUS/h_3_/h_3_type_latrine"] for line in lines]
    expected = [
        "not_asked" if had == "non" else "" if said else "no_answer" for had, said in zip(access, types, strict=True)
    ]
    assert responses.reasons["h_3_type_latrine"].tolist() == expected
    told = responses.problems[responses.problems["problem"] == "answered_though_not_asked"]
    assert len(told) == sum(had == "non" and bool(said) for had, said in zip(access, types, strict=True)) > 0
    for code in ("latrine_prive", "autre"):
        ticked = sum(code in said.split() for had, said in zip(access, types, strict=True) if had == "oui")
        assert responses.answers[f"h_3_type_latrine/{code}"].sum() == ticked > 0


def test_a_summary_speaks_for_versions_that_had_no_boxes_and_noughts_are_an_answer(real):
    """By eye: the first versions had no boxes; rows 4 to 7 answer, row 8 ticks nothing, the other rows are blank."""
    responses = real("restaurants", "kobo_formpack/restaurant_profile_xml.csv")
    assert responses.reasons["eatery_type"].tolist() == ["no_answer"] * 2 + [""] * 5 + ["no_answer"]
    assert responses.answers["eatery_type/takeaway"].fillna(-1).tolist() == [-1, -1, 1, 0, 1, 0, 0, -1]
    assert responses.answers["eatery_type/sit_down"].fillna(-1).tolist() == [-1, -1, 0, 1, 1, 1, 0, -1]


# File: title, questions by kind, those with a condition, what is not taken.
FORMS = {
    "kobo_dori/kobo_data_survey_choices.xlsx": ("", {"single": 12, "number": 2, "multiple": 2, "text": 3, "note": 10}),
    "kobo_cruncher/form_likert.xlsx": ("Likert_demo", {"single": 18}),
    "xlsform_pyxform/or_other.xlsx": ("", {"single": 2}),
}


@pytest.mark.parametrize("name", FORMS)
def test_what_is_found_in_a_real_form(name, shared):
    title, kinds = FORMS[name]
    reader = recognised(shared / name)
    form = reader.read(shared / name)
    assert (reader.TITLE, form.title) == ("XLSForm", title)
    assert Counter(item.kind for item in form.items) == kinds


def test_a_real_form_says_its_options_bounds_and_conditions(shared):
    path = shared / "kobo_dori/kobo_data_survey_choices.xlsx"
    items = {item.name: item for item in recognised(path).read(path).items}
    assert list(items["i_enum_id"].choices)[:2] == ["1", "2"]  # 1.0 and 2.0 in the sheet
    assert (items["i_enquete_age"].minimum, items["i_enquete_age"].maximum) == (18, 125)
    assert items["r_besoin_assistance"].exclusive == ("aucun",)
    assert 'selected(${acces_latrine},"oui")' in items["h_3_type_latrine"].asked_if
    assert not items["h_3_type_latrine"].routes  # the form names a question that it does not have
