"""What holds for any export: rows conserved, no value lost without a line, spelling and order of no effect."""

from datetime import date as day

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from impact.matching import fold
from impact.model import REASONS
from impact.normalise import normalise
from impact.normalise.quantities import date, number
from tests.unit._exports import AGREEMENT, DONT_KNOW, YES_NO, export, study

QUESTIONS = [
    {"id": "avis", "kind": "single", "text": "Avis", "choices": AGREEMENT, "missing": DONT_KNOW},
    {"id": "age", "kind": "number", "text": "Âge", "min": 10, "max": 25, "units": ["ans"]},
    {
        "id": "present",
        "kind": "single",
        "text": "Présent",
        "choices": YES_NO,
        "only_if": {"question": "avis", "is": ["plutot"]},
    },
    {
        "id": "appuis",
        "kind": "multiple",
        "text": "Appuis",
        "choices": [
            {"code": "ami", "label": "Un ami, une amie"},
            {"code": "educ", "label": "Un éducateur / une éducatrice"},
        ],
    },
]
HEADINGS = ["Mentor", "Avis", "Âge", "Présent", "Appuis"]
SOURCE = [{"file": "a.csv", "group": {"column": "Mentor", "mentored": ["oui"], "non_mentored": ["non"]}}]

known = st.sampled_from(
    [choice["label"]["fr"] for choice in AGREEMENT] + ["Ne sait pas", "", "oui", "non", "12", "12,5 ans"]
)
cells = known | st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=12)
rows = st.lists(st.tuples(st.sampled_from(["oui", "non", ""]), cells, cells, cells, cells), min_size=1, max_size=12)


def read(table):
    return normalise([export(HEADINGS, table)], study(QUESTIONS, source=SOURCE))


@given(rows.filter(lambda table: any(row[0] in ("oui", "non") for row in table)))
def test_rows_are_conserved_and_every_blank_has_its_reason(table):
    responses = read(table)
    counts = responses.flow.groupby("stage")["count"].sum()
    assert counts["received"] == len(table) == counts["kept"] + counts.get("dropped", 0)
    assert set(responses.reasons.to_numpy().ravel()) <= {"", *REASONS}
    for question in QUESTIONS:
        column = question["id"] if question["kind"] != "multiple" else f"{question['id']}/ami"
        assert (responses.answers[column].notna() == (responses.reasons[question["id"]] == "")).all()


@given(rows.filter(lambda table: any(row[0] in ("oui", "non") for row in table)))
def test_no_value_is_lost_without_a_line(table):
    """A cell that holds something is an answer, a known reason, or a line of problems at its row."""
    responses = read(table)
    told = {
        (row, heading) for row, heading in zip(responses.problems["row"], responses.problems["heading"], strict=True)
    }
    for place, question in enumerate(QUESTIONS, start=1):
        for person, reason in zip(responses.people.itertuples(), responses.reasons[question["id"]], strict=True):
            filled = table[person.row - 2][place].strip() != ""
            if filled and reason not in ("", "dont_know"):
                assert (person.row, HEADINGS[place]) in told


@given(rows.filter(lambda table: any(row[0] in ("oui", "non") for row in table)), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(table, shuffler):
    order = list(range(len(table)))
    shuffler.shuffle(order)
    first, second = read(table), read([table[place] for place in order])
    back = pd.Series([order[row - 2] + 2 for row in second.people["row"]])
    same = second.answers.set_axis(back).sort_index()
    pd.testing.assert_frame_equal(
        same, first.answers.set_axis(pd.Index(first.people["row"])), check_names=False, check_index_type=False
    )


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


@given(st.sampled_from(AGREEMENT), st.sampled_from(["  {} ", "\u00a0{}", "{}\u200b", "\ufeff{}"]), st.booleans())
def test_spelling_is_of_no_effect(choice, dress, capitals):
    label = choice["label"]["fr"]
    text = dress.format(label.upper() if capitals else label)
    responses = read([["oui", text, "", "", ""]])
    assert responses.answers["avis"].tolist() == [choice["code"]]


@given(st.sets(st.sampled_from(["ami", "educ"]), min_size=1), st.sampled_from([", ", ";", "; ", " | ", "\n", " / "]))
def test_joined_options_come_apart_whatever_joins_them(codes, joint):
    labels = {"ami": "Un ami, une amie", "educ": "Un éducateur / une éducatrice"}
    responses = read([["oui", "", "", "", joint.join(labels[code] for code in sorted(codes))]])
    assert {code for code in labels if responses.answers[f"appuis/{code}"].iloc[0] == 1} == codes
    assert responses.problems.empty


@given(
    st.integers(-(10**9), 10**9),
    st.integers(0, 99),
    st.sampled_from([".", ","]),
    st.sampled_from(["", " ", "\u202f", "\u00a0"]),
)
def test_numbers_come_back_as_they_were_written(whole, cents, point, thousands):
    written = f"{whole:,}".replace(",", thousands) + f"{point}{cents:02d}"
    assert number(written) == pytest.approx(float(f"{whole}.{cents:02d}"))


@given(
    st.dates(min_value=day(1990, 1, 1), max_value=day(2049, 12, 31)),
    st.sampled_from(["%d/%m/%Y", "%Y-%m-%d", "%d-%m-%y", "%d.%m.%Y", "%Y-%m-%dT10:00:00", "%d/%m/%Y 15:40:59"]),
)
def test_dates_come_back_as_they_were_written(when, pattern):
    found = date(when.strftime(pattern))
    assert found is not None
    assert found.date() == when
