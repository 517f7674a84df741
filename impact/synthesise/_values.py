"""Numbers, dates and boxes of the twin: made anew from how those of the file are spread, written as the file writes."""

import re
from datetime import date, datetime

import numpy as np
import pandas as pd

from impact.matching import fold
from impact.normalise.quantities import day_first, number
from impact.study import Question
from impact.study.questionnaire import WHEN_ANSWERING
from impact.synthesise._draw import Floats

_NUMBER = re.compile(r"[-+]?[\d\s\u00a0\u202f]*\d(?:([.,])(\d+))?")
_FEWEST = 10  # values of a group, below which those of every group are used
_RARE = 3  # a value held by fewer is moved a little
NO_DAY = "2000-01-01"  # when the twin's own people answered
_TRIMMED = 0.05  # at each end: the greatest and the least are someone's


def impossible(question: Question) -> str:
    """A value that is outside what the question allows, evidently."""
    if question.kind == "date" or question.age_on:
        return "2999-01-01"
    high = float(question.max) if question.max is not None else 0.0
    return f"{10 * abs(high) + 1:g}" if question.max is not None else f"{float(question.min or 0) - 1000:g}"


def like(values: Floats, every: Floats, size: int, rng: np.random.Generator) -> Floats:
    """So many numbers spread as `values` are, or as `every` group's where these are few; no rare one is repeated."""
    known: Floats = np.sort(values if len(values) >= _FEWEST else every)
    low, high = np.quantile(known, [_TRIMMED, 1 - _TRIMMED])
    made = rng.choice(np.clip(known, low, high), size)
    seen, counts = np.unique(known, return_counts=True)
    rare = ~np.isin(made, seen[counts >= _RARE])
    moved = made + rng.normal(0, 0.2 * (known.std() or 1.0), size)
    return np.asarray(np.clip(np.where(rare, moved, made), low, high), dtype=np.float64)


def written_like(value: float, text: str, units: tuple[str, ...]) -> str:
    """A number as another one was typed: as many decimals, the same decimal sign, the unit where it had one."""
    found = _NUMBER.match(text.strip())
    sign, decimals = (found[1] or ".", len(found[2] or "")) if found else (".", 0)
    rest = text.strip()[found.end() :] if found else ""
    unit = rest if fold(rest) in {fold(word) for word in units} else ""
    whole = f"{value:.{min(decimals, 6)}f}".replace(".", sign) + unit
    said = number(whole, units)  # a unit that the question converts would say another number
    return whole if said is not None and abs(said - value) <= 0.5 * 10.0**-decimals + 1e-9 else f"{value:g}"


def dates_like(days: Floats, texts: "list[str]", rng: np.random.Generator) -> list[str]:
    """Days since 1970 as dates, each as one of `texts` is written: 2022-03-01, or 01/03/2022."""
    first = day_first(texts)
    return [_dated(date.fromordinal(719163 + int(day)), texts[rng.integers(len(texts))], first) for day in days]


def _dated(day: date, text: str, day_before_month: bool | None) -> str:
    if re.fullmatch(r"\d{4}-\d\d-\d\dT.*", text):
        return f"{day.isoformat()}T00:00:00"
    if re.match(r"\d{1,2}/\d{1,2}/\d{2,4}", text):
        return f"{day:%m/%d/%Y}" if day_before_month is False else f"{day:%d/%m/%Y}"
    return day.isoformat()


def births(question: Question, ages: Floats) -> Floats:
    """Days since 1970 on which people of these ages were born, half a year past their birthday when they answered."""
    said = question.age_on if question.age_on != WHEN_ANSWERING else NO_DAY
    on = (date.fromisoformat(said) - date(1970, 1, 1)).days
    return np.asarray(np.floor(on - (np.floor(ages) + 0.5) * 365.25), dtype=np.float64)


def days_of(moments: "pd.Series[pd.Timestamp]") -> Floats:
    """Days since 1970."""
    return np.asarray((moments - datetime(1970, 1, 1)) / pd.Timedelta(days=1), dtype=np.float64)
