"""Over the months of mentoring: what twelve months more go with, and the level at so many months.

Among the mentored whose months are known. Those mentored longer are also those who stayed: nothing here is an effect.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd

from impact.analyse._cohort import Drawn, Row
from impact.analyse.people import Tally
from impact.contrasts import verdict
from impact.families import corrected_slopes
from impact.model import TREND
from impact.regression import Slope, curve, slope
from impact.sample import FloatArray, Sample
from impact.study import Indicator

YEAR: Final = 12.0  # months that a slope is told for
POINTS: Final = 13  # of a curve, at most
TAIL: Final = 0.05  # of the months on either side, of which no curve is told


def trend(drawn: Drawn) -> pd.DataFrame:
    """A slope an indicator and, where it can be told, its curve. No row where no months are known.

    What the mentored credit their mentor with is told too: it is compared with nobody. What asks for the months
    themselves is left out.
    """
    months = drawn.responses.people["months"].to_numpy(dtype=float)
    inside = drawn.cohort.weights.get("mentored", np.zeros(len(months)))
    weight = np.where(np.isfinite(months), inside, 0.0)
    rows = [row for one in _indicators(drawn) for row in _rows(one, months, weight, drawn)] if weight.any() else []
    return corrected_slopes(pd.DataFrame(rows, columns=list(TREND)), drawn.study)


def _indicators(drawn: Drawn) -> Iterator[Indicator]:
    """The indicators of the mentored, but for those that the months are taken from."""
    duration, indicators = drawn.study.duration, drawn.study.questionnaire.indicators
    told = {duration.question, duration.start, duration.until} - {""} if duration else set()
    for one in indicators.values():
        questions = {one.question, *(indicators[item].question for item in one.items)}
        if "mentored" in drawn.cells[one.id] and not questions & told:
            yield one


def left_out(drawn: Drawn) -> Iterator[Tally]:
    """The mentored whose months are not known, by what they answered, as disclosure control judges them: beside all the
    mentored, or a band that took them in, what is told over the months would tell of them."""
    unknown = ~np.isfinite(drawn.responses.people["months"].to_numpy(dtype=float))
    inside = drawn.cohort.weights.get("mentored", np.zeros(unknown.size)) > 0
    for one in _indicators(drawn):
        scored = drawn.scores[one.id]
        answers = scored.y[unknown & inside & np.isfinite(scored.y)]
        _, many = np.unique(answers, return_counts=True)
        told = int(answers.sum()) if scored.kind == "share" else int(many.max(initial=0))
        if answers.size:
            counts = np.array([[told, answers.size - told]], dtype=np.intp)
            yield Tally("months", one.question or one.id, one.id, ("told", "others"), ("mentored",), counts)


def _rows(indicator: Indicator, months: FloatArray, weight: FloatArray, drawn: Drawn) -> Iterator[Row]:
    scored, level = drawn.scores[indicator.id], drawn.study.analysis.level
    sample = Sample(scored.y, weight, drawn.cohort.design, scored.kind, scored.bounds)
    common: Row = {
        "indicator": indicator.id, "dimension": indicator.dimension, "group": "mentored", "level": level,
        "unit": indicator.kind,
    }  # fmt: skip
    row = common | {"measure": "slope", "months": YEAR, "interval": "student", "test": "slope_t"}
    found = slope(months / YEAR, sample, level)
    if found is None:
        yield row | {"status": "too_few"}
        return
    yield row | _told(found) | {"n": sample.n, "status": "shown"}
    at = _months(months[sample.rows], drawn.study.disclosure.minimum_base)
    for point in (curve(months, sample, at, level) if at.size else None) or ():
        yield common | {
            "measure": "curve", "months": point.at, "n": sample.n, "estimate": point.estimate,
            "std_error": point.std_error, "df": sample.design.df(sample.rows) - 2, "low": point.low, "high": point.high,
            "interval": "logit" if sample.kind == "share" else "student", "status": "shown",
        }  # fmt: skip


def _told(found: Slope) -> Row:
    """A slope, its limits, its test and what they allow to be said."""
    names = ("estimate", "std_error", "df", "low", "high", "p")
    return {name: getattr(found, name) for name in names} | {"verdict": verdict(found.low, found.high, 0.0)}


def _months(months: FloatArray, least: int) -> FloatArray:
    """Whole months, evenly set from the first to the last that a curve is told for; none where these do not follow.

    As many people as a base must have, `least`, were mentored no longer than the first, and as many at least as long as
    the last: how long one person was mentored, or a few, is never told.
    """
    tail = max(TAIL, least / months.size)
    if tail > 0.5:
        return np.empty(0)
    first, last = np.ceil(np.quantile(months, tail)), np.floor(np.quantile(months, 1 - tail))
    return np.unique(np.round(np.linspace(first, last, POINTS))) if first <= last else np.empty(0)
