"""Reliability, agreement and sensitivity as R's psych, epiR, survey and stats find them; the CSV files' first lines
name script, software and version."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.inter_rater import cohens_kappa

from impact.agreement import Answers, kappa
from impact.analyse import analyse
from impact.normalise import normalise
from impact.reliability import Items, reliability
from impact.sample import Design, Sample
from impact.sensitivity import Asked, detectable_mean, imbens_manski, missing_bounds, trimming_bounds
from tests.unit._exports import export, study

FOLDER = Path(__file__).parent

# Both sides compute in double precision, in other orders: what they lose stays far below this.
TOLERANCE = 1e-10
# R's side takes its slopes by differences of fourth order, whose error is of this order.
BY_DIFFERENCES = 1e-8
# psych's fa stops its search here.
BY_SEARCH = 1e-5


def table(name: str) -> pd.DataFrame:
    return pd.read_csv(FOLDER / name, comment="#")


def cases(name: str) -> list:
    return [pytest.param(row, id=str(place)) for place, row in enumerate(table(name).to_dict("records"))]


def equal(found: object, expected: object, tolerance: float = TOLERANCE) -> None:
    np.testing.assert_allclose(found, expected, rtol=tolerance, atol=tolerance)


@pytest.fixture(scope="module")
def items() -> pd.DataFrame:
    return table("items.csv").assign(e=lambda frame: -frame["e"])


def plain_items(frame: pd.DataFrame) -> Items:
    return Items(frame.to_numpy(dtype=float), np.ones(len(frame)), Design.plain(len(frame)))


@pytest.mark.parametrize("row", cases("reliability.csv"))
def test_alpha_and_omega_are_those_of_psych(row, items):
    found = plain_items(items[row["set"].split()])
    alpha, omega = (reliability(measure, found, 0.95) for measure in ("alpha", "omega"))
    assert alpha.n == row["n"]
    equal(alpha.estimate, row["alpha"])
    if np.isnan(row["omega"]):
        assert omega is None  # two items have no factor of their own
    else:
        equal(omega.estimate, row["omega"])
        equal(omega.estimate, row["psych_omega"], BY_SEARCH)


@pytest.mark.parametrize("row", cases("bfi.csv"))
def test_alpha_and_omega_of_the_big_five_are_those_of_psych(row, shared):
    people = pd.read_csv(shared / "psych_bfi" / "bfi.csv")
    people = people.assign(**{item: 7 - people[item] for item in ("A1", "C4", "C5", "E1", "E2", "O2", "O5")})
    found = plain_items(people[row["set"].split()])
    assert reliability("alpha", found, 0.95).n == row["n"]
    equal(reliability("alpha", found, 0.95).estimate, row["alpha"])
    equal(reliability("omega", found, 0.95).estimate, row["omega"])
    equal(reliability("omega", found, 0.95).estimate, row["psych_omega"], BY_SEARCH)


@pytest.mark.parametrize("row", cases("reliability_limits.csv"))
def test_limits_of_alpha_and_omega_have_the_variance_of_survey(row, items):
    names = row["set"].split()
    inside = (items["part"] == 1) & items[names].notna().all(axis=1)
    weight = np.ones(len(items)) if row["design"] == "plain" else items["weight"].to_numpy()
    design = Design.of(len(items), cluster=items["cluster"] if row["design"] == "clustered" else None)
    found = reliability(
        row["measure"], Items(items[names].to_numpy(dtype=float), weight * inside, design), row["level"]
    )
    least = -np.inf if row["measure"] == "alpha" else 0.0  # omega is a part of a variance
    equal(found[1:], [row["estimate"], max(row["low"], least), row["high"]], BY_DIFFERENCES)


@pytest.fixture(scope="module")
def pairs() -> pd.DataFrame:
    return table("pairs.csv")


def answers(pairs: pd.DataFrame, x: str, y: str, weighted: bool = False, clustered: bool = False) -> Answers:
    weight = pairs["weight"].to_numpy() if weighted else np.ones(len(pairs))
    design = Design.of(len(pairs), cluster=pairs["mentor"] if clustered else None)
    return Answers(pairs[x].to_numpy(dtype=float), pairs[y].to_numpy(dtype=float), weight, design)


@pytest.mark.parametrize("row", cases("agreement.csv"))
def test_kappa_and_its_error_are_those_of_psych_epir_and_statsmodels(row, pairs):
    squares = row["weighting"] == "squares"
    found = kappa(answers(pairs, row["x"], row["y"]), 0.95, ordered=squares)
    reference = cohens_kappa(pd.crosstab(pairs[row["x"]], pairs[row["y"]]), wt="quadratic" if squares else None)
    # Every linearised error here, like survey's, has n - 1 where Fleiss, Cohen & Everitt have n.
    error = found.std_error * np.sqrt((len(pairs) - 1) / len(pairs))
    equal([found.estimate, error], [row["kappa"], reference.std_kappa])
    if not squares:
        equal([found.estimate, error], [row["epi_kappa"], row["error"]])


@pytest.mark.parametrize("row", cases("agreement_design.csv"))
def test_kappa_of_pairs_that_share_a_mentor_has_the_variance_of_survey(row, pairs):
    given = answers(pairs, "x", "y", weighted=True, clustered=row["design"] == "clustered")
    found = kappa(given, 0.95, ordered=row["weighting"] == "squares")
    equal(found.estimate, row["kappa"])
    equal(found.std_error, row["error"], BY_DIFFERENCES)


@pytest.mark.parametrize("row", cases("sensitivity_constants.csv"))
def test_the_constant_of_imbens_and_manski(row):
    equal(imbens_manski(row["width"], row["error"], row["level"]), row["constant"])


@pytest.mark.parametrize("row", cases("sensitivity_missing.csv"))
def test_bounds_for_missing_answers(row):
    frame = table("frame.csv")
    design = {
        "plain": Design.plain(len(frame)),
        "weighted": Design.plain(len(frame)),
        "whole": Design.of(len(frame), frame["stratum"], frame["cluster"]),
    }[row["design"]]
    weight = np.ones(len(frame)) if row["design"] == "plain" else frame["weight"].to_numpy()
    kind, ends = ("share", (0.0, 1.0)) if row["variable"] == "share" else ("mean", (1.0, 5.0))
    y = frame[row["variable"]].to_numpy(dtype=float)
    weights = [weight * (frame["group"] == group).to_numpy() for group in "ab"]
    arms = [Asked(Sample(y, one, design, kind, ends), one) for one in weights]
    equal(missing_bounds(*arms, row["level"]), [row[name] for name in ("low", "high", "limit_low", "limit_high")])


def asked(a: list[float], asked_a: int, b: list[float], asked_b: int, kind: str) -> tuple[Asked, Asked]:
    y = np.concatenate([a, np.full(asked_a - len(a), np.nan), b, np.full(asked_b - len(b), np.nan)])
    in_a, design = np.arange(y.size) < asked_a, Design.plain(y.size)
    ends = (0.0, 1.0) if kind == "share" else (1.0, 5.0)
    return tuple(Asked(Sample(y, inside, design, kind, ends), inside.astype(float)) for inside in (in_a, ~in_a))


@pytest.mark.parametrize("row", cases("sensitivity_trimming.csv"))
def test_bounds_for_unequal_response_have_the_variance_of_lee(row, monkeypatch):
    seen = []
    monkeypatch.setattr("impact.sensitivity.imbens_manski", lambda width, error, level: seen.append(error) or 1.96)
    a, b = ([float(answer) for answer in row[arm].split()] for arm in "ab")
    arms = asked(a, row["asked_a"], b, row["asked_b"], row["kind"])
    found = trimming_bounds(*arms, 0.95)
    equal(found[:2], [row["low"], row["high"]])
    # Every linearised error here has n - 1 where Lee has n.
    n = row["asked_a"] + row["asked_b"]
    equal(seen, [max(row["low_error"], row["high_error"]) * np.sqrt(n / (n - 1))])
    turned = trimming_bounds(*arms[::-1], 0.95)
    equal(turned, [-found.high, -found.low, -found.limit_high, -found.limit_low])


@pytest.mark.parametrize("row", cases("sensitivity_power.csv"))
def test_detectable_difference_of_means_is_that_of_power_t_test(row):
    sizes = row["n_a"], row["n_b"]
    found = detectable_mean(3.0, sizes, sum(sizes) - 2, row["level"], row["power"])
    equal(found, 3 * row["detectable"])
    if row["n_a"] == row["n_b"]:
        equal(found, 3 * row["power_t_test"])


NUMBER = {"kind": "number", "asked": ["mentored", "non_mentored"]}


@pytest.mark.parametrize("row", cases("anderson.csv"))
def test_an_index_is_andersons_by_hand(row):
    """Through the whole analysis: part 0 are the non-mentored, on whom the items are standardised."""
    frame = table("items.csv")
    names = ["a", "b", "d", "e"]
    frame = frame[frame[names].notna().all(axis=1)] if row["complete"] else frame
    questions = [NUMBER | {"id": name, "text": name} for name in (*names, "weight")]
    single = [
        {"id": f"m_{name}", "dimension": "d", "kind": "mean", "question": name, "label": "L",
         "better": "lower" if name == "e" else "higher"} for name in names
    ]  # fmt: skip
    index = {"id": "d", "dimension": "d", "kind": "index", "label": "L", "items": [one["id"] for one in single]}
    group = {"column": "part", "mentored": ["1"], "non_mentored": ["0"]}
    made = study(
        questions, [*single, index], source=[{"file": "a.csv", "group": group}],
        design={"weight": "weight"} if row["weighted"] else {},
    )  # fmt: skip
    cells = frame[["part", *names, "weight"]].map(lambda value: "" if value != value else f"{value:g}")
    found = analyse(normalise([export(list(cells), cells.to_numpy().tolist())], made), made).estimates
    found = found[found["indicator"] == "d"].set_index("group")["estimate"]
    equal(found["mentored"], row["mentored"])
    equal(found["non_mentored"], row["non_mentored"])
