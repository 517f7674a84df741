"""Scales of the plots: where they start and end, and their ticks in words."""

import math
from collections.abc import Iterable
from typing import Final

from impact.figures._chart import Scale
from impact.texts import Texts
from impact.texts.typography import percent, ticks

QUARTERS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)


def share_scale(texts: Texts) -> Scale:
    """All shares are drawn from 0 to 100 %, so that no page makes a gap look larger than another page does."""
    return Scale(0.0, 1.0, tuple((tick, percent(tick, texts)) for tick in QUARTERS))


def scored_scale(low: float, high: float, unit: str, texts: Texts) -> Scale:
    """All of a question's scores, a tick on each where they are few."""
    span = high - low
    if low.is_integer() and high.is_integer() and span <= 10:
        places = [low + place for place in range(int(span) + 1)]
        return Scale(low, high, tuple(zip(places, ticks(places, unit, texts), strict=True)))
    return free_scale((low, high), unit, texts)


def free_scale(values: Iterable[float], unit: str, texts: Texts, measure: str = "", neutral: float = math.nan) -> Scale:
    """A scale around finite values and the neutral one, its ends and ticks on round numbers.

    Where no difference is nought, nought stands in the middle: every such figure is then read in the same way.
    """
    finite = [value for value in (*values, neutral) if math.isfinite(value)] or [0.0]
    low, high = min(finite), max(finite)
    if neutral == 0:
        low, high = -max(-low, high), max(-low, high)
    step = _step(max(high - low, 0.06))  # under a hundredth, ticks would need more decimals than the values have
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    if not math.isnan(neutral):  # both directions are always there to be seen
        around = round(neutral / step)
        first, last = min(first, around - 1), max(last, around + 1)
    last = max(last, first + 1)
    places = [place * step for place in range(first, last + 1)]
    return Scale(places[0], places[-1], tuple(zip(places, ticks(places, unit, texts, measure), strict=True)), neutral)


def _step(span: float) -> float:
    """The smallest of 1, 2, 5 times a power of ten that cuts a span in at most six."""
    power = 10.0 ** math.floor(math.log10(span / 6))
    return next(power * times for times in (1, 2, 5, 10) if span / (power * times) <= 6)
