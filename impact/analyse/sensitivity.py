"""How much of each comparison hangs on what was not seen: the gap that these sizes see, a cause left out, those who
kept silent, arms that answered unequally."""

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from impact.analyse._cohort import Drawn, Row
from impact.analyse.comparisons import Pair, pairs
from impact.contrasts import CONTRASTS, detectable
from impact.model import SENSITIVITY
from impact.sensitivity import (
    Asked,
    Bounds,
    as_ratio,
    detectable_mean,
    e_values,
    missing_bounds,
    pooled_spread,
    trimming_bounds,
)
from impact.study import Indicator

# Reasons of those who were not asked: they did not keep silent.
_NOT_ASKED = ("not_asked", "not_applicable", "not_yet")
_CRUDE = ("detectable", "e_value", "bounds", "trimming")
_TOO_FEW: Row = {"status": "too_few"}


def sensitivities(drawn: Drawn, comparisons: pd.DataFrame) -> pd.DataFrame:
    """Four analyses a crude comparison, and the E-value of each adjusted one, in the order of `comparisons`."""
    asked: dict[str, dict[str, Asked]] = {}
    again: dict[tuple[str, str, str], list[dict[Any, Any]]] = {}
    for made in comparisons[comparisons["adjustment"] != "none"].to_dict("records"):
        again.setdefault((made["indicator"], made["group"], made["reference"]), []).append(made)
    rows: list[Row] = []
    for two in pairs(drawn):
        if two.indicator.id not in asked:
            asked[two.indicator.id] = _asked(drawn, two.indicator)
        rows += _rows(drawn, two, asked[two.indicator.id], again.get(_key(two), ()))
    return pd.DataFrame(rows, columns=list(SENSITIVITY))


def _key(two: Pair) -> tuple[str, str, str]:
    return two.indicator.id, str(two.one.row["group"]), str(two.other.row["group"])


def _rows(drawn: Drawn, two: Pair, asked: Mapping[str, Asked], adjusted: Iterable[dict[Any, Any]]) -> Iterator[Row]:
    names: Row = {
        "indicator": two.indicator.id, "dimension": two.indicator.dimension, "group": two.one.row["group"],
        "reference": two.other.row["group"], "adjustment": "none", "level": drawn.study.analysis.level,
        "unit": two.indicator.kind,
    }  # fmt: skip
    if two.refused:
        yield from (names | {"analysis": analysis, "status": "not_comparable"} for analysis in _CRUDE)
        return
    a, b = (asked[str(cell.row["group"])] for cell in (two.one, two.other))
    known, some = bool(two.one.arm and two.other.arm), bool(a.rows.size and b.rows.size)
    level = drawn.study.analysis.level
    yield names | {"analysis": "detectable"} | (_detectable(drawn, two) if known else _TOO_FEW)
    yield names | {"analysis": "e_value"} | (_crude_e_value(two) if known else _TOO_FEW)
    yield names | {"analysis": "bounds"} | _bounds(missing_bounds(a, b, level) if some else None)
    yield names | {"analysis": "trimming"} | _bounds(trimming_bounds(a, b, level) if some else None)
    yield from (names | row for row in _adjusted_e_values(two, adjusted))


def _asked(drawn: Drawn, indicator: Indicator) -> dict[str, Asked]:
    """Those of each group who were asked; an index was asked of whoever was asked one of its items."""
    questions = [drawn.study.questionnaire.indicators[item].question for item in indicator.items]
    blank = np.flatnonzero(np.isnan(drawn.scores[indicator.id].y))
    reasons = (drawn.responses.reasons[name].iloc[blank] for name in questions or [indicator.question])
    away = blank[np.logical_and.reduce([some.isin(_NOT_ASKED) for some in reasons])]
    asked = {}
    for group, cell in drawn.cells[indicator.id].items():
        weights = drawn.cohort.weights[group].copy()
        weights[away] = 0.0
        asked[group] = Asked(cell.sample, weights)
    return asked


def _detectable(drawn: Drawn, two: Pair) -> Row:
    """The gap that arms of these sizes see, from the reference's share, or of means that vary as these do."""
    a, b, choices = two.one.sample, two.other.sample, drawn.study.analysis
    plain, df = a.plain and b.plain, drawn.cohort.design.df(a.rows, b.rows)
    if a.kind == "share":
        gap = detectable(b.mean, a.n_eff, b.n_eff, choices.level, choices.power, math.inf if plain else df)
    else:
        df = a.n + b.n - 2 if plain else df
        gap = detectable_mean(pooled_spread(a, b), (a.n_eff, b.n_eff), df, choices.level, choices.power)
    return {"estimate": gap, "status": "shown"}


def _crude_e_value(two: Pair) -> Row:
    assert two.one.arm is not None
    assert two.other.arm is not None
    contrast = CONTRASTS["ratio" if two.indicator.kind == "share" else "difference"]
    found = contrast.between(two.one.arm, two.other.arm, two.one.sample.correlation(two.other.sample))
    return _e_value(two, (found.estimate, found.low, found.high))


def _adjusted_e_values(two: Pair, adjusted: Iterable[dict[Any, Any]]) -> Iterator[Row]:
    """From the rows of the comparisons, whatever the adjustment."""
    measure = "ratio" if two.indicator.kind == "share" else "difference"
    for row in (one for one in adjusted if one["measure"] == measure):
        names = {"analysis": "e_value", "adjustment": row["adjustment"]}
        shown = row["status"] == "shown"
        yield names | (
            _e_value(two, (row["estimate"], row["low"], row["high"])) if shown else {"status": row["status"]}
        )


def _e_value(two: Pair, found: tuple[float, float, float]) -> Row:
    """Of a ratio of shares; of a difference of means once turned into one."""
    if two.indicator.kind != "share":
        spread = pooled_spread(two.one.sample, two.other.sample)
        if math.isnan(spread):
            return _TOO_FEW
        found = as_ratio(found[0], spread), as_ratio(found[1], spread), as_ratio(found[2], spread)
    estimate, low = e_values(*found)
    return {"estimate": estimate, "low": low, "status": "shown"}


def _bounds(found: Bounds | None) -> Row:
    if found is None:
        return _TOO_FEW
    return {"status": "shown", **found._asdict()}
