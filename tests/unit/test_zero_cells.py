"""Cells of nobody and of everybody, groups of one, constant answers: limits in every table, or a refusal by name."""

from functools import cache

import numpy as np
import pandas as pd
import pytest

from impact.analyse import analyse
from impact.errors import ImpactError
from impact.model import OCCASIONAL, Results
from impact.normalise import normalise
from tests.unit._exports import AGREEMENT, YES_NO, export, study

HEADINGS = (
    "Mentor",
    "Absence",
    "Avis",
    "Envie",
    "Aide [ami]",
    "Aide [aucun]",
    "Mois",
    "Sexe",
    "Poids",
    "Maison",
    "Ville",
)
QUESTIONS = [
    {"id": "absence", "kind": "single", "text": "Absence", "choices": YES_NO},
    {"id": "avis", "kind": "single", "text": "Avis", "choices": AGREEMENT},
    {"id": "envie", "kind": "single", "text": "Envie", "choices": AGREEMENT},
    {"id": "aide", "kind": "multiple", "text": "Aide",
     "choices": [{"code": code, "label": code} for code in ("ami", "aucun")]},
    {"id": "sexe", "kind": "single", "text": "Sexe", "choices": [{"code": c, "label": c} for c in ("f", "g")]},
    {"id": "mois", "kind": "number", "text": "Mois"},
    {"id": "poids", "kind": "number", "text": "Poids"},
    {"id": "maison", "kind": "text", "text": "Maison"},
    {"id": "ville", "kind": "text", "text": "Ville"},
]  # fmt: skip
LABEL = {"dimension": "d", "label": "L"}
INDICATORS = [
    LABEL | {"id": "absents", "kind": "share", "question": "absence", "counts": ["oui"]},
    LABEL | {"id": "ami", "kind": "share", "question": "aide", "counts": ["ami"]},
    LABEL | {"id": "accord", "kind": "mean", "question": "avis", "better": "higher"},
    LABEL | {"id": "envies", "kind": "mean", "question": "envie", "better": "higher"},
    LABEL | {"id": "d", "kind": "index", "items": ["accord", "envies"], "better": "higher"},
]
SOURCE = [{"file": "a.csv", "group": {"column": "Mentor", "mentored": ["1"], "non_mentored": ["0"]}}]
SCALE = ["Pas du tout d’accord", "Plutôt pas d’accord", "Plutôt d’accord", "Tout à fait d’accord"]

ARMS = {
    "none against some": ((30, 0), (30, 20)),
    "some against none": ((30, 20), (30, 0)),
    "none against none": ((30, 0), (30, 0)),
    "all against all": ((30, 30), (30, 30)),
    "none against all": ((30, 0), (30, 30)),
    "one against one": ((1, 1), (1, 0)),
    "one against some": ((1, 0), (30, 20)),
    "two against two": ((2, 1), (2, 2)),
    "nobody against some": ((0, 0), (30, 20)),
}
DESIGNS = {
    "plain": {},
    "equal weights": {"design": {"weight": "poids"}},
    "unequal weights": {"design": {"weight": "poids"}},
    "clusters": {"design": {"cluster": "maison"}},
    "strata": {"design": {"stratum": "ville"}},
    "whole": {"design": {"weight": "poids", "stratum": "ville", "cluster": "maison"}},
}
WANTED = {
    "estimates": ("n", "missing", "estimate", "std_error", "df", "low", "high"),
    "comparisons": ("estimate", "std_error", "low", "high", "p"),
    "trend": ("n", "estimate", "std_error", "df", "low", "high"),
    "reliability": ("items", "n", "estimate", "low", "high"),
    "agreement": ("pairs", "estimate", "low", "high"),
    "breakdowns": ("n", "missing", "estimate", "std_error", "df", "low", "high"),
    "balance": ("n", "n_reference", "mean", "mean_reference"),
    "adjustment": ("n", "n_reference", "effective", "effective_reference"),
    "overlap": ("propensity",),
}
# What each analysis of `sensitivity` must tell, and what must lie apart.
ANALYSES = {
    "detectable": ("estimate",),
    "e_value": ("estimate", "low"),
    "bounds": ("low", "high", "limit_low", "limit_high"),
    "trimming": ("low", "high", "limit_low", "limit_high"),
}


def answers(count: int, yes: int, mentor: str, unequal: bool) -> list[list[str]]:
    """People of one group, of whom the first `yes` say yes to all, the others no to all."""
    rows = []
    for i in range(count):
        agrees, box = (SCALE[3], "1") if i < yes else (SCALE[0], "0")
        weight = str(1 + i % 3) if unequal else "7"
        months = str(3 + i % 9) if mentor == "1" else ""
        place = i % 6
        rows.append([mentor, "oui" if i < yes else "non", agrees, agrees, box, str(1 - int(box)), months,
                     "fg"[i % 2], weight, f"m{place}", f"v{place % 2}"])  # fmt: skip
    return rows


@cache
def results(arms: tuple[tuple[int, int], tuple[int, int]], design: str, times: str = "") -> Results:
    rows = [row for mentor, arm in zip("10", arms, strict=True) for row in answers(*arm, mentor, "unequal" in design)]
    rows = [[*row[:8], row[8] + times, *row[9:]] for row in rows]
    made = study(
        QUESTIONS, INDICATORS, source=SOURCE, duration={"question": "mois"},
        analysis={"adjust_for": ["sexe"], "breakdowns": ["sexe"]}, **DESIGNS[design],
    )  # fmt: skip
    return analyse(normalise([export(HEADINGS, rows)], made), made)


def tables(found: Results) -> dict[str, pd.DataFrame]:
    return {name: getattr(found, name) for name in ("estimates", "comparisons", *OCCASIONAL)}


def hold(found: Results) -> None:
    """Every row that is shown has its figures, none NaN, and limits that are apart."""
    for name, table in tables(found).items():
        shown = table[table["status"] == "shown"]
        wanted = [column for column in WANTED.get(name, ()) if column in table]
        blank = shown[shown[wanted].isna().any(axis=1)]
        assert blank.empty, f"{name}:\n{blank.to_string()}"
        if {"low", "high"} <= set(table) and name != "sensitivity":
            limited = shown[shown["low"].notna()]
            assert (limited["low"] < limited["high"]).all(), f"{name}:\n{limited.to_string()}"
            assert (limited["low"] <= limited["estimate"]).all(), f"{name}:\n{limited.to_string()}"
            assert (limited["estimate"] <= limited["high"]).all(), f"{name}:\n{limited.to_string()}"


def hold_sensitivity(table: pd.DataFrame) -> None:
    shown = table[table["status"] == "shown"]
    assert set(shown["analysis"]) <= set(ANALYSES)
    for analysis, wanted in ANALYSES.items():
        rows = shown[shown["analysis"] == analysis]
        assert not rows[list(wanted)].isna().any(axis=None), rows.to_string()
        assert (rows["limit_low"].isna() | (rows["limit_low"] < rows["limit_high"])).all(), rows.to_string()


def hold_options(table: pd.DataFrame) -> None:
    """Shares of one group, the joint test of two groups, and the difference of each answer: each has its figures."""
    shown = table[table["status"] == "shown"]
    one, joint = shown["reference"] == "", shown["choice"] == ""
    for rows, wanted in ((one, ["n", "estimate", "low", "high"]), (joint, ["p"]),
                         (~one & ~joint, ["estimate", "std_error", "low", "high", "p"])):  # fmt: skip
        assert not shown.loc[rows, wanted].isna().any(axis=None), shown[rows].to_string()


def test_the_tables_that_are_held_have_rows():
    held = {
        name
        for arms in ("none against some", "some against none")
        for name, table in tables(results(ARMS[arms], "plain")).items()
        if (table["status"] == "shown").any()
    }
    assert held >= {"estimates", "comparisons", *OCCASIONAL} - {"agreement"}  # which stands below


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("arms", ARMS.values(), ids=list(ARMS))
def test_every_table_has_its_limits_or_a_refusal_by_name(arms, design):
    try:
        found = results(arms, design)
    except ImpactError as refusal:
        assert refusal.key in ("single_cluster", "single_cluster_stratum")
        assert min(count for count, _ in arms) < 3
        return
    hold(found)
    hold_sensitivity(found.sensitivity)
    hold_options(found.options)
    for group, (count, _) in zip(("mentored", "non_mentored"), arms, strict=True):
        rows = found.estimates[(found.estimates["group"] == group) & (found.estimates["indicator"] == "absents")]
        assert rows["n"].tolist() == ([count] if count else [])
        assert rows["status"].eq("shown").all()


@pytest.mark.parametrize("arms", ARMS.values(), ids=list(ARMS))
@pytest.mark.parametrize("measure", ["difference", "ratio"])
def test_a_share_compared_is_finite_but_for_a_ratio_over_nobody(arms, measure):
    (count, _), (others, yes) = arms
    table = results(arms, "plain").comparisons
    rows = table[(table["measure"] == measure) & (table["indicator"] == "absents") & (table["adjustment"] == "none")]
    rows = rows[(rows["group"] == "mentored") & (rows["reference"] == "non_mentored")]
    assert len(rows) == (1 if min(count, others) else 0)
    infinite = measure == "ratio" and yes == 0
    assert np.isinf(rows["high"].to_numpy(dtype=float)).tolist() == [infinite] * len(rows)
    assert np.isfinite(rows["low"].to_numpy(dtype=float)).all()


def same(one: Results, other: Results) -> None:
    for name, table in tables(one).items():
        pd.testing.assert_frame_equal(table, tables(other)[name], rtol=1e-12, obj=name)


@pytest.mark.parametrize("arms", ARMS.values(), ids=list(ARMS))
def test_equal_weights_are_no_weights(arms):
    same(results(arms, "plain"), results(arms, "equal weights"))


@pytest.mark.parametrize("arms", [ARMS["none against some"], ARMS["all against all"]])
@pytest.mark.parametrize("design", ["equal weights", "unequal weights", "whole"])
def test_a_thousand_times_the_weights_say_the_same(arms, design):
    same(results(arms, design), results(arms, design, times="000"))


@pytest.mark.parametrize(
    ("column", "design", "key"),
    [("Maison", {"cluster": "maison"}, "single_cluster"),
     ("Maison", {"cluster": "maison", "stratum": "ville"}, "single_cluster_stratum"),
     ("Ville", {"stratum": "ville"}, "single_cluster_stratum")],
)  # fmt: skip
def test_one_cluster_alone_is_refused_by_name(column, design, key):
    """One cluster in all; one cluster a stratum; one respondent in a stratum."""
    rows = answers(30, 10, "1", False) + answers(30, 20, "0", False)
    for i, row in enumerate(rows):
        row[HEADINGS.index("Maison")] = "m" if "stratum" not in design else f"m{i % 6}"
        if len(design) == 2:
            row[HEADINGS.index("Maison")] = row[HEADINGS.index("Ville")]
        elif column == "Ville" and i == 0:
            row[HEADINGS.index("Ville")] = "v9"
    made = study(QUESTIONS, INDICATORS, source=SOURCE, design=design)
    responses = normalise([export(HEADINGS, rows)], made)
    with pytest.raises(ImpactError) as refusal:
        analyse(responses, made)
    assert refusal.value.key == key


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(("young", "mentors"), [("oui", "oui"), ("non", "non"), ("oui", "non")])
@pytest.mark.parametrize("pairs", [1, 2, 30])
def test_pairs_that_all_say_one_thing_have_their_limits(pairs, young, mentors, weighted):
    asked = {"asked": ["mentored", "mentor"]}
    questions = [{"id": "binome", "kind": "text", "text": "Code"} | asked,
                 {"id": "semaine", "kind": "single", "text": "Semaine", "choices": YES_NO} | asked,
                 {"id": "poids", "kind": "number", "text": "Poids"} | asked]  # fmt: skip
    indicator = LABEL | {"id": "hebdo", "kind": "share", "question": "semaine", "counts": ["oui"]}
    sources = [{"file": "a.csv", "group": "mentored"}, {"file": "b.csv", "group": "mentor"}]
    design = {"pair": "binome"} | ({"weight": "poids"} if weighted else {})
    made = study(questions, [indicator], source=sources, design=design)
    files = [
        export(("Code", "Semaine", "Poids"), [[f"P{i}", said, str(1 + i % 3)] for i in range(pairs)], source=name)
        for said, name in ((young, "a.csv"), (mentors, "b.csv"))
    ]
    found = analyse(normalise(files, made), made)
    hold(found)
    assert found.agreement.set_index("measure").loc["agreement", "pairs"] == pairs
