"""Which comparisons are corrected together, since several questions are asked at once."""

import math
from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from impact.analyse._cohort import Cell, Drawn
from impact.model import COMPARED
from impact.multiplicity import benjamini_hochberg, holm, max_t
from impact.sample import FloatArray
from impact.study import Study

_KEYS: Final = ["indicator", "group", "reference", "adjustment"]


def corrected(comparisons: pd.DataFrame, drawn: Drawn) -> pd.DataFrame:
    """With `p_adjusted`: Holm over the primary family, Benjamini–Hochberg over all the other comparisons.

    The primary family is the primary indicators, all mentored against the non-mentored. The bands of one question are
    first corrected together, and enter the rest so. A ratio bears the p of its difference: it is the same test; the
    places of ordered answers have their own, which takes the difference's place in these families, question by
    question. Each adjustment has families of its own: it answers the same questions again.
    """
    shown = comparisons["status"] == "shown"
    tests = comparisons[(comparisons["measure"] == "difference") & shown]
    p = _banded(tests, drawn)
    found = tests[_KEYS].assign(p_adjusted=_by_family(tests, p, drawn.study))
    merged = comparisons.drop(columns="p_adjusted").merge(found, on=_KEYS, how="left").set_axis(comparisons.index)
    places = comparisons[(comparisons["measure"] == "superiority") & shown]
    merged.loc[places.index, "p_adjusted"] = _of_places(places, tests, p, drawn)
    return merged[list(COMPARED)]


def _of_places(places: pd.DataFrame, tests: pd.DataFrame, p: "pd.Series[float]", drawn: Drawn) -> "pd.Series[float]":
    """The corrected p of the places of ordered answers: each question's stand in the families of the differences
    `tests`, whose own are `p`, in the place of this question's and of no other's."""
    rows = pd.MultiIndex.from_frame(tests[_KEYS]).get_indexer(pd.MultiIndex.from_frame(places[_KEYS]))
    at = pd.Series(tests.index[rows], places.index)
    own = tests["p"].astype(float)
    own[at] = places["p"].to_numpy(dtype=float)
    asked = tests[tests["indicator"].isin(places["indicator"])]
    own = _banded(asked.assign(p=own), drawn)
    found = pd.Series(np.nan, places.index)
    for indicator, there in at.groupby(places["indicator"], sort=False):
        mixed = p.copy()
        mixed.update(own[asked["indicator"] == indicator])
        found[there.index] = _by_family(tests, mixed, drawn.study)[there].to_numpy()
    return found


def _banded(tests: pd.DataFrame, drawn: Drawn) -> "pd.Series[float]":
    """The p of these rows, those of the bands of a question corrected together."""
    p = tests["p"].astype(float)
    p.update(_across_bands(tests[tests["group"] != "mentored"], drawn))
    return p


def _by_family(tests: pd.DataFrame, p: "pd.Series[float]", study: Study) -> "pd.Series[float]":
    """These p corrected over their families, an adjustment at a time."""
    whole = (tests["group"] == "mentored") & (tests["reference"] == "non_mentored")
    primary = tests["indicator"].isin(study.analysis.primary) & whole
    adjusted = pd.Series(np.nan, tests.index)
    for adjustment in tests["adjustment"].unique():
        for first, correct in ((primary, holm), (~primary, benjamini_hochberg)):
            family = first & (tests["adjustment"] == adjustment)
            adjusted[family] = correct(p[family].to_numpy())
    return adjusted


def _across_bands(tests: pd.DataFrame, drawn: Drawn) -> "pd.Series[float]":
    """The p of each band against the non-mentored and of the bands against each other, corrected within the question.

    Adjusted comparisons fall to Holm: each pair of groups has weights of its own, so that three no longer make two.
    """
    name = drawn.study.analysis.duration_correction
    found = pd.Series(np.nan, tests.index)
    for (indicator, adjustment), rows in tests.groupby(["indicator", "adjustment"], sort=False):
        p = rows["p"].to_numpy(dtype=float)
        cells = drawn.cells[str(indicator)] if (name, adjustment) == ("max_t", "none") else {}
        errors = _covariance(rows, cells)
        found[rows.index] = holm(p) if errors is None else max_t(p, errors, _df(rows, cells))
    return found


def _covariance(rows: pd.DataFrame, cells: Mapping[str, Cell]) -> FloatArray | None:
    """The covariance of the differences of these rows; None where one of them has no error of its own."""
    if not cells:
        return None
    moves = np.array([
        cells[group].sample.influence - cells[reference].sample.influence
        for group, reference in zip(rows["group"], rows["reference"], strict=True)
    ])  # fmt: skip
    errors = np.array([cells[group].sample.std_error for group in {*rows["group"], *rows["reference"]}])
    covariance = moves @ moves.T
    known = np.isfinite(errors).all() and np.diag(covariance).min() > 0
    return covariance if known else None


def _df(rows: pd.DataFrame, cells: Mapping[str, Cell]) -> float:
    """The degrees of freedom of the design over the groups of these rows; infinite where each was drawn by itself."""
    samples = [cells[group].sample for group in sorted({*rows["group"], *rows["reference"]})]
    if all(sample.plain for sample in samples):
        return math.inf
    return samples[0].design.df_of(*(sample.held for sample in samples))
