"""Figures by other answers: the estimates, what a study may ask for, and what may leave the room."""

from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from impact import read_study, texts
from impact.analyse import analyse
from impact.errors import ImpactError
from impact.model import BREAKDOWNS
from impact.normalise import normalise
from impact.protect import protect
from impact.protect.joint import Printed, ranges
from impact.report.book import open_book
from impact.report.pages.breakdowns import breakdowns as page
from impact.report.tables import write_tables
from tests.unit._exports import AGREEMENT, YES_NO, export, study
from tests.unit.test_analyse import BOTH, only
from tests.unit.test_study import STUDY

SEX = {"id": "sexe", "kind": "single", "text": "Sexe", "label": "sexe",
       "choices": [{"code": "f", "label": "Fille"}, {"code": "g", "label": "Garçon"}]}  # fmt: skip
ABSENCE = {"id": "absence", "kind": "single", "text": "Absence", "choices": YES_NO}
OPINION = {"id": "opinion", "kind": "single", "text": "Avis", "choices": AGREEMENT}
MONTHS = {"id": "mois", "kind": "number", "text": "Mois", "asked": ["mentored"]}
CLUSTER = {"id": "foyer", "kind": "text", "text": "Foyer"}
ABSENT = {"id": "absents", "dimension": "d", "kind": "share", "label": "L", "question": "absence", "counts": ["oui"]}
AGREES = {"id": "accord", "dimension": "d", "kind": "mean", "label": "L", "question": "opinion"}
GIRLS = {"id": "filles", "dimension": "d", "kind": "share", "label": "L", "question": "sexe", "counts": ["f"]}
INDEX = {"id": "indice", "dimension": "d", "kind": "index", "label": "L", "items": ["filles", "accord"]}
HEADINGS = ("Mentor", "Sexe", "Absence", "Avis", "Mois", "Foyer")
LABELS = {choice["code"]: choice["label"]["fr"] for choice in AGREEMENT}


def made(breakdowns=("sexe",), indicators=(ABSENT, AGREES), **tables):
    tables = {"duration": {"question": "mois", "threshold_months": 6}} | tables
    return study([SEX, ABSENCE, OPINION, MONTHS, CLUSTER], list(indicators), source=BOTH,
                 analysis={"breakdowns": list(breakdowns)}, **tables)  # fmt: skip


def people(*cells):
    """Rows of (group, sex, months, how many, how many of them absent): opinions go round, so do six homes."""
    rows = []
    for group, sex, months, count, absent in cells:
        for i in range(count):
            opinion = list(LABELS.values())[i % 4]
            rows.append([group, sex, "oui" if i < absent else "non", opinion, months, f"F{len(rows) % 6}"])
    return rows


def found_in(rows, asked=None):
    asked = asked or made()
    return analyse(normalise([export(HEADINGS, rows)], asked), asked)


COHORT = people(("1", "Fille", "9", 40, 15), ("1", "Garçon", "9", 35, 20), ("1", "Fille", "3", 30, 12),
                ("1", "Garçon", "3", 28, 9), ("0", "Fille", "", 50, 21), ("0", "Garçon", "", 60, 25))  # fmt: skip


# --- the estimates ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("group", "choice", "kept"), [
    ("mentored", "f", ("1", "Fille", ("9", "3"))), ("mentored_over", "g", ("1", "Garçon", ("9",))),
    ("non_mentored", "g", ("0", "Garçon", ("",))),
])  # fmt: skip
def test_a_row_is_the_estimate_of_those_people_alone(group, choice, kept):
    """By hand: Wilson's limits of their share, Student's of their mean, with the error of a domain of the frame."""
    table = found_in(COHORT).breakdowns
    mine = [one for one in COHORT if (one[0], one[1]) == kept[:2] and one[4] in kept[2]]
    n, frame = len(mine), len(COHORT)
    row = only(table, indicator="absents", group=group, choice=choice, by="sexe")
    yes, z = sum(one[2] == "oui" for one in mine), stats.norm.isf(0.025)
    reach = z * np.sqrt(z**2 + 4 * yes * (n - yes) / n)
    limits = [(2 * yes + z**2 - reach) / (2 * (n + z**2)), (2 * yes + z**2 + reach) / (2 * (n + z**2))]
    assert [row["n"], row["estimate"], row["low"], row["high"]] == pytest.approx([n, yes / n, *limits], rel=1e-12)
    row = only(table, indicator="accord", group=group, choice=choice, by="sexe")
    y = np.array([[*LABELS.values()].index(one[3]) + 1 for one in mine])
    error = np.sqrt(frame / (frame - 1) * ((y - y.mean()) ** 2).sum()) / n
    reach = stats.t.isf(0.025, n - 1) * error
    expected = [n, y.mean(), error, n - 1, y.mean() - reach, y.mean() + reach]
    assert row[["n", "estimate", "std_error", "df", "low", "high"]].tolist() == pytest.approx(expected, rel=1e-12)


def test_an_answer_that_everyone_gave_is_the_group_itself():
    """Under clusters too: a part that is all of a group has its estimate, its error and its degrees of freedom."""
    asked = made(design={"cluster": "foyer"})
    rows = [[group, "Fille", *rest] for group, _, *rest in COHORT]
    found = found_in(rows, asked)
    names = ["n", "missing", "estimate", "std_error", "df", "low", "high"]
    for row in found.breakdowns[found.breakdowns["choice"] == "f"].to_dict("records"):
        whole = only(found.estimates, indicator=row["indicator"], group=row["group"])
        assert [row[name] for name in names] == pytest.approx(whole[names].tolist(), rel=1e-12)


def test_rows_stand_in_the_order_of_the_questionnaire_and_missing_is_told_of_the_part():
    rows = [[*one[:2], "", *one[3:]] if place < 3 else one for place, one in enumerate(COHORT)]
    table = found_in(rows).breakdowns
    assert tuple(table.columns) == BREAKDOWNS
    assert table["choice"].tolist() == ["f", "g"] * 8
    assert only(table, indicator="absents", group="mentored_over", choice="f")[["n", "missing"]].tolist() == [37, 3]
    assert only(table, indicator="absents", group="mentored_over", choice="g")["missing"] == 0


def test_no_figure_is_broken_down_by_its_own_answers():
    found = found_in(COHORT, made(indicators=(ABSENT, AGREES, GIRLS, INDEX)))
    assert set(found.breakdowns["indicator"]) == {"absents", "accord"}


def test_by_default_there_is_no_such_table(tmp_path):
    plain = made(breakdowns=())
    found = protect(found_in(COHORT, plain), plain)
    assert found.breakdowns.empty and found.crossed.empty
    assert "breakdowns.csv" not in {path.name for path in write_tables(found, plain, tmp_path)}
    assert page(open_book(found, plain, texts.load("fr"))) is None


# --- what a study may ask for -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("names", "said"), [
    ('"sexxe"', "« sexxe ».*sexe"), ('"duree_mois"', "« duree_mois » est une question de genre"),
    ('"soutiens"', "une seule réponse.*par exemple : "), ('"sexe", "sexe"', "« sexe » est écrit deux fois"),
])  # fmt: skip
def test_what_no_figure_can_be_broken_down_by_is_refused(tmp_path, names, said):
    named = STUDY.replace("questionnaire.toml", "koreis2022") + f"[analysis]\nbreakdowns = [{names}]\n"
    (tmp_path / "study.toml").write_text(named, encoding="utf-8")
    with pytest.raises(ImpactError, match=said):
        read_study(tmp_path)


def test_a_question_that_no_file_carries_is_refused():
    asked = made()
    with pytest.raises(ImpactError) as refused:
        rows = [[one[0], *one[2:]] for one in COHORT]
        analyse(normalise([export((HEADINGS[0], *HEADINGS[2:]), rows)], asked), asked)
    assert refused.value.key == "analyse_breakdown_no_column"


# --- what may leave the room ------------------------------------------------------------------------------------------

PRINTED_WHOLE = people(("1", "Fille", "9", 40, 15), ("1", "Garçon", "9", 35, 20), ("0", "Fille", "", 50, 21),
                       ("0", "Garçon", "", 60, 25))  # fmt: skip


def statuses(found, **where):
    for column, value in where.items():
        found = found[found[column] == value]
    return dict(zip(found["choice"], found["status"], strict=True))


def protected(rows, asked=None):
    asked = asked or made()
    return protect(found_in(rows, asked), asked)


def test_rows_that_tell_of_nobody_are_printed_as_they_are():
    found, raw = protected(PRINTED_WHOLE), found_in(PRINTED_WHOLE)
    assert set(found.breakdowns["status"]) == {"shown"}
    assert found.breakdowns["n"].tolist() == raw.breakdowns["n"].tolist()
    assert found.crossed.empty and len(raw.crossed)


def test_a_part_with_few_people_or_few_answers_is_hidden_and_so_is_what_would_tell_it():
    """Three boys of the others were absent: neither they, nor the girls, whom the group less the boys would tell."""
    rows = people(("1", "Fille", "9", 40, 15), ("1", "Garçon", "9", 35, 20), ("0", "Fille", "", 50, 21),
                  ("0", "Garçon", "", 60, 3))  # fmt: skip
    found = protected(rows).breakdowns
    share = found[found["indicator"] == "absents"]
    assert statuses(share, group="non_mentored") == {"g": "suppressed", "f": "suppressed"}
    assert statuses(share, group="mentored") == {"f": "shown", "g": "shown"}
    hidden = share[share["status"] != "shown"]
    assert hidden[["n", "missing", "estimate", "std_error", "df", "low", "high"]].isna().all(axis=None)


def test_few_who_gave_no_answer_to_the_other_question_hide_one_of_its_answers():
    """Girls, boys and four who did not say: the four would be told. The larger part stays."""
    rows = PRINTED_WHOLE + people(("0", "", "", 4, 2))
    found = protected(rows).breakdowns
    for indicator in ("absents", "accord"):
        assert statuses(found, group="non_mentored", indicator=indicator) == {"g": "shown", "f": "suppressed"}


def test_a_band_and_an_answer_together_tell_the_rest():
    """Girls mentored for long, beside all girls: their rows would tell of the eight girls mentored for less."""
    rows = people(("1", "Fille", "9", 40, 15), ("1", "Garçon", "9", 35, 20), ("1", "Fille", "3", 8, 7),
                  ("1", "Garçon", "3", 30, 12), ("0", "Fille", "", 50, 21), ("0", "Garçon", "", 60, 25))  # fmt: skip
    share = protected(rows).breakdowns.query("indicator == 'absents'")
    assert statuses(share, group="mentored") == {"f": "shown", "g": "shown"}
    assert set(statuses(share, group="mentored_over").values()) == {"suppressed"}
    assert statuses(share, group="mentored_under") == {"f": "suppressed", "g": "suppressed"}


def test_a_hidden_group_has_no_row_and_neither_has_one_whose_answers_are_hidden():
    few_absent = people(("1", "Fille", "9", 40, 2), ("1", "Garçon", "9", 35, 2), ("0", "Fille", "", 50, 21),
                        ("0", "Garçon", "", 60, 25))  # fmt: skip
    found = protected(few_absent).breakdowns
    assert set(statuses(found, group="mentored", indicator="absents").values()) == {"suppressed"}
    four_girls = people(("1", "Fille", "9", 40, 15), ("1", "Garçon", "9", 35, 20), ("0", "Fille", "", 4, 2),
                        ("0", "Garçon", "", 60, 25))  # fmt: skip
    found = protected(four_girls)
    assert set(found.distributions.query("question == 'sexe' and group == 'non_mentored'")["status"]) != {"shown"}
    assert set(found.breakdowns.query("group == 'non_mentored'")["status"]) == {"suppressed"}


def test_an_index_is_printed_only_beside_all_its_items():
    """From the index of those girls and all its items but one, that one would follow."""
    both = {**INDEX, "items": ["absents", "accord"]}
    asked = made(indicators=(ABSENT, AGREES, both))
    whole = protected(PRINTED_WHOLE, asked).breakdowns
    assert set(whole["status"]) == {"shown"}
    rows = people(("1", "Fille", "9", 40, 3), ("1", "Garçon", "9", 35, 20), ("0", "Fille", "", 50, 21),
                  ("0", "Garçon", "", 60, 25))  # fmt: skip
    found = protected(rows, asked)
    assert statuses(found.estimates.assign(choice=found.estimates["group"]), indicator="indice")["mentored"] == "shown"
    table = found.breakdowns
    assert statuses(table, indicator="absents", group="mentored") == {"f": "suppressed", "g": "suppressed"}
    assert statuses(table, indicator="accord", group="mentored") == {"f": "shown", "g": "shown"}
    assert statuses(table, indicator="indice", group="mentored") == {"f": "suppressed", "g": "suppressed"}


def test_an_internal_report_prints_everything():
    asked = made(disclosure={"audience": "internal"})
    rows = people(("1", "Fille", "9", 4, 1), ("1", "Garçon", "9", 35, 20), ("0", "Fille", "", 5, 1),
                  ("0", "Garçon", "", 6, 2))  # fmt: skip
    found = protect(found_in(rows, asked), asked)
    assert set(found.breakdowns["status"]) == {"shown"}
    assert found.crossed.empty


def cohorts():
    """Small cohorts, where much is hidden: sizes and answers drawn, seeded."""
    for seed in range(12):
        draw = np.random.default_rng(seed)
        cells = list(product((("1", "9"), ("1", "3"), ("0", "")), ("Fille", "Garçon", "")))
        sizes = draw.integers(6, 34, len(cells)) // np.where([sex == "" for _, sex in cells], 6, 1)
        yield [(group, sex, months, int(n), int(draw.binomial(n, 0.4)))
               for ((group, months), sex), n in zip(cells, sizes, strict=True)]  # fmt: skip


def attacked(cells, found):
    """The ranges that the printed rows of the share leave, of every union of cells: (union, people, low, high)."""
    bands = [("mentored_over" if months == "9" else "mentored_under") if group == "1" else "non_mentored"
             for group, _, months, *_ in cells]  # fmt: skip
    sexes = [{"Fille": "f", "Garçon": "g", "": ""}[sex] for _, sex, *_ in cells]
    sizes, yes = np.array([n for *_, n, _ in cells]), np.array([count for *_, count in cells])

    def inside(group, choice=None):
        return np.array([(band == group or band.startswith(f"{group}_")) and choice in (None, sex)
                         for band, sex in zip(bands, sexes, strict=True)])  # fmt: skip

    levels, crossed = (table[(table["indicator"] == "absents") & (table["status"] == "shown")]
                       for table in (found.estimates, found.breakdowns))  # fmt: skip
    groups = [inside(group) for group in levels["group"]]
    parts = [inside(group, choice) for group, choice in zip(crossed["group"], crossed["choice"], strict=True)]
    rows = [Printed(cells, np.array([cells @ yes, cells @ (sizes - yes)])) for cells in (*groups, *parts)]
    asked = np.array([mask for band in {*bands} for sex in ("f", "g", "", None) if (mask := inside(band, sex)).any()]
                     + [inside("mentored", sex) for sex in ("f", "g", "")])  # fmt: skip
    asked = asked[asked @ sizes > 0]
    return asked @ sizes, *ranges(sizes, rows, asked), len(parts)


def test_no_small_group_is_told_by_the_printed_rows_of_small_cohorts():
    """Each small group keeps a range of five, or its size; no larger one is forced to an end. The raw rows fail."""
    printed, naive = 0, 0
    for cells in cohorts():
        rows = people(*cells)
        for found in (protected(rows), found_in(rows)):
            people_in, low, high, count = attacked(cells, found)
            people_in, wide = people_in[:, None], high - low
            safe = np.where(people_in < 11, wide >= np.minimum(people_in, 5), (high >= 5) & (low <= people_in - 5))
            if found.protected and count:
                assert safe.all()
                printed += count
            elif not found.protected:
                naive += not safe.all()
    assert printed > 20
    assert naive == 12


def test_who_gave_which_hidden_answer_changes_nothing_that_is_printed():
    """Of girls and boys mentored for long or less, what the margins print is the same; who is absent is not."""
    cells = [("1", "Fille", "9", 40, 15), ("1", "Garçon", "9", 35, 20), ("1", "Fille", "3", 9, 6),
             ("1", "Garçon", "3", 30, 12), ("0", "Fille", "", 50, 21), ("0", "Garçon", "", 60, 25)]  # fmt: skip
    moved = [("1", "Fille", "9", 40, 16), ("1", "Garçon", "9", 35, 19), ("1", "Fille", "3", 9, 5),
             ("1", "Garçon", "3", 30, 13), *cells[4:]]  # fmt: skip
    before, after = (protected(people(*some)).breakdowns.query("indicator == 'absents'") for some in (cells, moved))
    assert set(before["status"]) == {"shown", "suppressed"}
    pd.testing.assert_frame_equal(before, after)


# --- what is read -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", texts.languages())
def test_the_report_has_its_tables_and_says_that_they_test_nothing(language):
    asked = made()
    found = protect(found_in(PRINTED_WHOLE, asked), asked)
    words = texts.load(language)
    section = page(open_book(found, asked, words))
    assert section["message"] == words("report.breakdowns_message")
    (table,) = section["blocks"]
    assert [len(row) for row in table["rows"]] == [7] * 4
    cells = [[cell if isinstance(cell, str) else cell["text"] for cell in row] for row in table["rows"]]
    assert [row[0].rpartition(" ")[2] for row in cells] == ["Fille", "Garçon"] * 2
    assert [row[1] for row in cells] == ["40", "35"] * 2
    assert cells[0][2].startswith("38")  # 15 of 40


def test_a_section_without_a_figure_is_left_out():
    asked = made()
    found = protect(found_in(PRINTED_WHOLE, asked), asked)
    hidden = replace(found, breakdowns=found.breakdowns.assign(status="suppressed"))
    assert page(open_book(hidden, asked, texts.load("fr"))) is None
