"""What weights, strata and clusters tell of homes and of people of one weight: nothing that may not be shown.

Who knows how many people of a group are in each home tries all counts of yes, home by home, and keeps those that give
the printed error. In a public report no such trial tells anything where homes are few: every table is the same, byte
for byte, whoever of a group is in which of its homes. The same attacks find everything in an internal report.
"""

import math
from itertools import product

import numpy as np
import pytest

from impact.analyse import analyse
from impact.normalise import normalise
from impact.protect import protect
from impact.report.tables import write_tables
from tests.attack.cohorts import MONTHS, SOURCE, question, share
from tests.unit._exports import export, study

HEADS = ("Mentor", "Mois", "q", "note", "sexe", "Foyer")
HOME = {"id": "foyer", "kind": "text", "text": "Foyer"}
LEAVES = (("1", "24", 70), ("1", "0", 60), ("0", "", 90))
FEW, SAFE = 11, 5
# Homes of the mentored and of the others: who said yes, who did not.
TWO = {"1": [(20, 12), (1, 6)], "0": [(20, 25), (15, 20)]}
THREE = {"1": [(20, 12), (1, 6), (6, 1)], "0": [(20, 25), (15, 20), (5, 5)]}
WEIGHTS = {"1": {"0.8": (20, 20), "1.9": (8, 0)}, "0": {"0.9": (25, 30), "1.3": (15, 20)}}


def asked(rows, heads, questions, audience, **tables):
    yes = share("part", "q", "oui")
    mean = {"id": "moyenne", "dimension": "d", "kind": "mean", "label": "M", "question": "note"}
    indicators = [yes, mean] if "note" in heads else [yes]
    made = study(questions, indicators, source=[SOURCE], disclosure={"audience": audience}, **tables)
    return made, protect(analyse(normalise([export(heads, rows)], made), made), made)


def people(seed, homes):
    """Answers of all leaves, and their homes: whoever is where, which the seed says, each leaf has as many in each."""
    rng = np.random.default_rng(1)
    rows = []
    for group, months, size in LEAVES:
        made = [
            [group, months and str(int(months) + i % 5), rng.choice(["oui", "non", ""], p=[0.5, 0.4, 0.1]),
             rng.choice(["a", "b", "c", "d"]), rng.choice(["f", "g"]), f"h{i * homes // size}"]
            for i in range(size)
        ]  # fmt: skip
        who = np.random.default_rng(seed).permutation(size)
        rows += [[*row[:-1], made[place][-1]] for row, place in zip(made, who, strict=True)]
    return rows


def whole(seed, homes, role, audience, folder, **tables):
    codes = question("note", "a", "b", "c", "d", values=True)
    questions = [question("q", "oui", "non"), codes, question("sexe", "f", "g"), MONTHS, HOME]
    wanted = {"duration": {"question": "mois"}, "analysis": {"adjust_for": ["sexe"], "breakdowns": ["sexe"]}}
    made, results = asked(people(seed, homes), HEADS, questions, audience, design={role: "foyer"}, **wanted | tables)
    write_tables(results, made, folder)
    return {file.name: file.read_bytes() for file in sorted(folder.glob("*.csv"))}


@pytest.mark.parametrize("homes", [2, 3, 5, 9])
@pytest.mark.parametrize("role", ["cluster", "stratum"])
def test_every_public_table_is_the_same_whoever_is_in_which_of_few_homes(role, homes, tmp_path):
    first, second = (whole(seed, homes, role, "public", tmp_path) for seed in (2, 3))
    assert len(first) > 5
    assert first == second


@pytest.mark.parametrize("role", ["cluster", "stratum"])
def test_internal_tables_tell_who_is_in_which_home(role, tmp_path):
    first, second = (whole(seed, 3, role, "internal", tmp_path) for seed in (2, 3))
    told = {name.split("-")[0] for name in first if first[name] != second[name]}
    assert {"estimates", "comparisons", "trend", "breakdowns"} <= told


def of_homes(homes, audience, role):
    rows = [
        [group, answer, f"{group}{place}"]
        for group, each in homes.items()
        for place, counts in enumerate(each)
        for answer, count in zip(("oui", "non"), counts, strict=True)
        for _ in range(count)
    ]
    found = asked(rows, ("Mentor", "q", "Foyer"), [question("q", "oui", "non"), HOME], audience, design={role: "foyer"})
    return found[1].estimates.set_index("group")


def error(yes, sizes, units, role):
    """The linearised error of a share of homes that are the clusters, `units` in all, or the strata."""
    share = sum(yes) / sum(sizes)
    apart = [count - share * size for count, size in zip(yes, sizes, strict=True)]
    if role == "cluster":
        return math.sqrt(units / (units - 1) * sum(each**2 for each in apart)) / sum(sizes)
    inside = [count * (size - count) / (size - 1) for count, size in zip(yes, sizes, strict=True)]
    return math.sqrt(sum(inside)) / sum(sizes)


def candidates(row, homes, units, role):
    """The counts of yes by home that print this error, to two digits."""
    sizes = [sum(home) for home in homes]
    total, printed = round(row["estimate"] * row["n"]), f"{row['std_error']:.2g}"
    tries = product(*(range(size + 1) for size in sizes))
    return {yes for yes in tries if sum(yes) == total and f"{error(yes, sizes, units, role):.2g}" == printed}


@pytest.mark.parametrize(("homes", "role"), [(TWO, "cluster"), (THREE, "cluster"), (TWO, "stratum")])
def test_an_internal_error_gives_the_count_of_every_home(homes, role):
    found, units = of_homes(homes, "internal", role), sum(map(len, homes.values()))
    for group, each in (("mentored", homes["1"]), ("non_mentored", homes["0"])):
        left = candidates(found.loc[group], each, units, role)
        assert tuple(yes for yes, _ in each) in left
        assert len(left) <= 6  # of some thousands


@pytest.mark.parametrize("role", ["cluster", "stratum"])
@pytest.mark.parametrize("homes", [TWO, THREE])
def test_a_public_error_is_that_of_any_counts_of_the_homes(homes, role):
    """All the ways of sharing out as many yes among homes of these sizes print one error."""
    moved = {group: [(a + 1, b - 1) if not place else (a - 1, b + 1) if place == 1 else (a, b)
                     for place, (a, b) in enumerate(each)] for group, each in homes.items()}  # fmt: skip
    one, other = (of_homes(each, "public", role) for each in (homes, moved))
    assert one["std_error"].notna().all()
    assert one.equals(other)


def of_weights(classes, audience):
    rows = [
        [group, answer, weight]
        for group, each in classes.items()
        for weight, counts in each.items()
        for answer, count in zip(("oui", "non"), counts, strict=True)
        for _ in range(count)
    ]
    weight = {"id": "poids", "kind": "number", "text": "Poids"}
    questions = [question("q", "oui", "non"), weight]
    return asked(rows, ("Mentor", "q", "Poids"), questions, audience, design={"weight": "poids"})[1].distributions


def by_weight(row, classes):
    """The counts of yes by weight that give a printed share to three digits, and the count where it is printed."""
    sizes, weights = [sum(counts) for counts in classes.values()], [float(weight) for weight in classes]
    total, printed = sum(map(np.multiply, sizes, weights)), f"{row['share']:.3g}"
    return {
        yes
        for yes in product(*(range(size + 1) for size in sizes))
        if (np.isnan(row["count"]) or sum(yes) == row["count"])
        and f"{sum(map(np.multiply, yes, weights)) / total:.3g}" == printed
    }


def told_of_weights(classes, audience):
    """The counts by weight that the distribution of a group leaves alone, by group."""
    found = of_weights(classes, audience).query("choice == 'oui' and status == 'shown'").set_index("group")
    names = {"mentored": "1", "non_mentored": "0"}
    left = {name: by_weight(row, classes[names[name]]) for name, row in found.iterrows()}
    return {names[name]: next(iter(some)) for name, some in left.items() if len(some) == 1}


def test_an_internal_share_and_its_count_give_those_of_each_weight():
    assert told_of_weights(WEIGHTS, "internal") == {"1": (20, 8), "0": (25, 15)}


def test_no_public_share_gives_a_count_by_weight_that_may_not_be_shown():
    assert "1" not in told_of_weights(WEIGHTS, "public")
    rng, shown = np.random.default_rng(5), 0
    for _ in range(40):
        drawn = {group: {weight: rng.integers(1, 26, 2) for weight in each} for group, each in WEIGHTS.items()}
        found = of_weights(drawn, "public")
        assert found["count"].isna().all()
        for group in found.loc[found["status"] == "shown", "group"].unique():
            classes = drawn["1" if group == "mentored" else "0"].values()
            assert min(map(sum, classes)) >= FEW
            assert min(map(min, classes)) >= SAFE
            shown += 1
    assert shown > 10
