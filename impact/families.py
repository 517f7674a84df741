"""Which comparisons are corrected together, since several questions are asked at once.

What is printed is corrected over what is printed: the p of a masked row, through those corrected with it, would be told
by halves. So these are called again once disclosure control has passed.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from impact.model import COMPARED, Band
from impact.multiplicity import benjamini_hochberg, holm, max_t
from impact.sample import BoolArray, FloatArray
from impact.study import Study

_KEYS: Final = ["indicator", "group", "reference", "adjustment"]


Bands = Mapping[tuple[str, str], Band]
Correct = Callable[[FloatArray], FloatArray]


def corrected(comparisons: pd.DataFrame, study: Study, bands: Bands) -> pd.DataFrame:
    """With `p_adjusted`: Holm over the primary family, Benjamini–Hochberg over all the other comparisons.

    The primary family is the primary indicators, all mentored against the non-mentored. The bands of one question are
    first corrected together, and enter the rest so. A ratio bears the p of its difference: it is the same test; the
    places of ordered answers have their own, which takes the difference's place in these families, question by
    question. Each adjustment has families of its own: it answers the same questions again. `bands` holds, by indicator
    and adjustment, what the comparisons by duration have in common.
    """
    shown = comparisons["status"] == "shown"
    tests = comparisons[(comparisons["measure"] == "difference") & shown]
    p = _banded(tests, study, bands)
    found = tests[_KEYS].assign(p_adjusted=_by_family(tests, p, study))
    merged = comparisons.drop(columns="p_adjusted").merge(found, on=_KEYS, how="left").set_axis(comparisons.index)
    places = comparisons[(comparisons["measure"] == "superiority") & shown]
    merged.loc[places.index, "p_adjusted"] = _of_places(places, tests, _Given(p, study, bands))
    return merged[list(COMPARED)]


class _Given(NamedTuple):
    """The p of the differences, those of bands corrected together, and what they were corrected by."""

    p: "pd.Series[float]"
    study: Study
    bands: Bands


def _of_places(places: pd.DataFrame, tests: pd.DataFrame, given: _Given) -> "pd.Series[float]":
    """The corrected p of the places of ordered answers: each question's stand in the families of the differences
    `tests`, in the place of this question's and of no other's."""
    rows = pd.MultiIndex.from_frame(tests[_KEYS]).get_indexer(pd.MultiIndex.from_frame(places[_KEYS]))
    at = pd.Series(tests.index[rows], places.index)
    own = tests["p"].astype(float)
    own[at] = places["p"].to_numpy(dtype=float)
    asked = tests[tests["indicator"].isin(places["indicator"])]
    own = _banded(asked.assign(p=own), given.study, given.bands)
    families, whole = _families(tests, given.study), np.asarray(given.p, dtype=np.float64)
    place = pd.Series(rows, places.index)
    found = pd.Series(np.nan, places.index)
    for indicator, there in place.groupby(places["indicator"], sort=False):
        its = own[asked["indicator"] == indicator]
        mixed = whole.copy()
        mixed[tests.index.get_indexer(its.index)] = its
        found[there.index] = _each_family(families, mixed)[there]
    return found


def _banded(tests: pd.DataFrame, study: Study, bands: Bands) -> "pd.Series[float]":
    """The p of these rows, those of the bands of a question corrected together."""
    p = tests["p"].astype(float)
    p.update(_across_bands(tests[tests["group"] != "mentored"], study, bands))
    return p


def _by_family(tests: pd.DataFrame, p: "pd.Series[float]", study: Study) -> "pd.Series[float]":
    """These p corrected over their families, an adjustment at a time."""
    return pd.Series(_each_family(_families(tests, study), np.asarray(p, dtype=np.float64)), tests.index)


def _families(tests: pd.DataFrame, study: Study) -> list[tuple[BoolArray, Correct]]:
    """The rows of each family, and what corrects it."""
    whole = (tests["group"] == "mentored") & (tests["reference"] == "non_mentored")
    primary = (tests["indicator"].isin(study.analysis.primary) & whole).to_numpy(dtype=bool)
    alike = [(tests["adjustment"] == name).to_numpy(dtype=bool) for name in tests["adjustment"].unique()]
    both = ((primary, holm), (~primary, benjamini_hochberg))
    return [(first & each, correct) for each in alike for first, correct in both]


def _each_family(families: Sequence[tuple[BoolArray, Correct]], p: FloatArray) -> FloatArray:
    adjusted = np.full(p.size, np.nan)
    for rows, correct in families:
        adjusted[rows] = correct(p[rows])
    return adjusted


def _across_bands(tests: pd.DataFrame, study: Study, bands: Bands) -> "pd.Series[float]":
    """The p of each band against the non-mentored and of the bands against each other, corrected within the question.

    Adjusted comparisons fall to Holm: each pair of groups has weights of its own, so that three no longer make two.
    """
    found = pd.Series(np.nan, tests.index)
    for key, rows in tests.groupby(["indicator", "adjustment"], sort=False):
        p, band = rows["p"].to_numpy(dtype=float), bands.get((str(key[0]), str(key[1])))
        if study.analysis.duration_correction != "max_t" or band is None:
            found[rows.index] = holm(p)
            continue
        at = [band.pairs.index(pair) for pair in zip(rows["group"], rows["reference"], strict=True)]
        found[rows.index] = max_t(p, band.covariance[np.ix_(at, at)], band.df)
    return found


def corrected_slopes(table: pd.DataFrame, study: Study) -> pd.DataFrame:
    """With `p_adjusted`, over the slopes alone: Holm for the primary indicators, Benjamini–Hochberg for the others."""
    shown = (table["measure"] == "slope") & (table["status"] == "shown")
    primary = table["indicator"].isin(study.analysis.primary)
    for first, correct in ((primary, holm), (~primary, benjamini_hochberg)):
        family = shown & first
        table.loc[family, "p_adjusted"] = correct(table.loc[family, "p"].to_numpy(dtype=float))
    return table


def corrected_sets(table: pd.DataFrame) -> pd.DataFrame:
    """With `p_adjusted` of the joint tests: Benjamini–Hochberg over all the sets. That of an answer is of its set."""
    sets = (table["choice"] == "") & (table["status"] == "shown")
    table.loc[sets, "p_adjusted"] = benjamini_hochberg(table.loc[sets, "p"].to_numpy(dtype=float))
    return table
