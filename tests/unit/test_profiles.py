"""Adjusted figures beside crude ones: shown where no one can count what a few people of one profile answered."""

import itertools
import math

import numpy as np
import pytest

from impact.analyse import analyse
from impact.analyse.profiles import powers
from impact.normalise import normalise
from impact.protect import protect
from tests.unit._exports import YES_NO, export, study

BOTH = [{"file": "a.csv", "group": {"column": "Mentor", "mentored": ["1"], "non_mentored": ["0"]}}]
ABSENCE = {"id": "absence", "kind": "single", "text": "Absence", "choices": YES_NO}
ALONE = {"id": "mna", "kind": "single", "text": "MNA", "choices": YES_NO}
AGE = {"id": "age", "kind": "number", "text": "Âge"}
SHARE = {"id": "absents", "dimension": "d", "kind": "share", "label": "L", "question": "absence", "counts": ["oui"]}


def of_profiles(*cells):
    """Rows of (group, MNA or not, people, how many of them are absent)."""
    return [[group, "Oui" if i < yes else "Non", mna] for group, mna, n, yes in cells for i in range(n)]


def adjusted(headings, rows, covariates, **tables):
    tables["analysis"] = {"adjust_for": [one["id"] for one in covariates]} | tables.get("analysis", {})
    made = study([ABSENCE, *covariates], [SHARE], source=BOTH, **{"analysis": {}} | tables)
    found = analyse(normalise([export(["Mentor", "Absence", *headings], rows)], made), made)
    return found, protect(found, made)


def told(safe, table="comparisons"):
    frame = getattr(safe, table)
    return {made: set(rows["status"]) for made, rows in frame.groupby(frame["adjustment"] != "none")}


@pytest.mark.parametrize("adjustment", ["overlap", "att", "ate", "entropy", "doubly_robust"])
def test_what_all_of_a_few_people_answered_is_not_told_by_what_is_adjusted_for_them(adjustment):
    rows = of_profiles(("1", "Oui", 20, 12), ("1", "Non", 45, 20), ("0", "Oui", 7, 7), ("0", "Non", 58, 28))
    found, safe = adjusted(["MNA"], rows, [ALONE], analysis={"adjust_for": ["mna"], "adjustments": [adjustment]})
    assert "shown" in told(found)[True]
    for table in ("comparisons", "sensitivity"):
        assert told(safe, table)[True] == {"suppressed"}
        assert "shown" in told(safe, table)[False]


def test_the_figure_that_is_hidden_would_leave_one_table():
    """Made like the mentored, 20 of whom are alone here: of 35 absent others, how many of the 7 like them?"""
    rows = of_profiles(("1", "Oui", 20, 12), ("1", "Non", 45, 20), ("0", "Oui", 7, 7), ("0", "Non", 58, 28))
    found, _ = adjusted(["MNA"], rows, [ALONE], analysis={"adjust_for": ["mna"], "adjustments": ["att"]})
    frame = found.comparisons.query("measure == 'difference' and adjustment == 'att'")
    told = f"{frame['estimate'].item():.3g}"
    gaps = {yes: 32 / 65 - (20 / 65 * yes / 7 + 45 / 65 * (35 - yes) / 58) for yes in range(8)}
    assert [yes for yes, gap in gaps.items() if f"{gap:.3g}" == told] == [7]


@pytest.mark.parametrize(("yes", "status"), [(10, "shown"), (16, "suppressed"), (20, "suppressed"), (3, "suppressed")])
def test_enough_people_of_each_profile_and_answer_may_be_told(yes, status):
    rows = of_profiles(("1", "Oui", 30, 12), ("1", "Non", 45, 20), ("0", "Oui", 20, yes), ("0", "Non", 58, 28))
    assert ("shown" in told(adjusted(["MNA"], rows, [ALONE])[1])[True]) == (status == "shown")


@pytest.mark.parametrize(("values", "status"), [(2, "suppressed"), (12, "shown")])
def test_a_number_of_many_values_makes_tables_that_nobody_counts(values, status):
    rng = np.random.default_rng(1)
    rows = [[group, "Oui" if rng.random() < 0.4 else "Non", str(11 + min(int(rng.exponential(3)), values - 1))]
            for group in "10" for _ in range(90)]  # fmt: skip
    if values == 2:
        rows = [[group, "Oui" if age == "11" or i % 3 == 0 else "Non", age]
                for group in "10" for i, age in enumerate(["11"] * 7 + ["12"] * 83)]  # fmt: skip
    assert (told(adjusted(["Âge"], rows, [AGE])[1])[True] == {"suppressed"}) == (status == "suppressed")


def test_an_internal_audience_reads_every_adjusted_figure():
    rows = of_profiles(("1", "Oui", 20, 12), ("1", "Non", 45, 20), ("0", "Oui", 7, 7), ("0", "Non", 58, 28))
    found, safe = adjusted(["MNA"], rows, [ALONE], disclosure={"audience": "internal"})
    assert told(found) == told(safe)


@pytest.mark.parametrize("sizes", [[1] * 9, [2, 3, 4], [1, 1, 1, 5, 7], [30], [1, 40]])
def test_tables_are_counted_as_one_by_one(sizes):
    """Never more than there are: those of people who are alone in their profile may be counted alone, where enough."""
    every = [sum(table) for table in itertools.product(*(range(size + 1) for size in sizes))]
    for yes in range(sum(sizes) + 1):
        assert powers(np.array(sizes), yes) == pytest.approx(math.log10(every.count(yes)), abs=1e-9)
    assert powers(np.ones(400, dtype=np.intp), 200) == 40
