"""Whether young people and their mentors say the same of the same thing, pair by pair."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from impact.agreement import Answers, kappa
from impact.analyse._cohort import Drawn, Row
from impact.analyse.people import Tally
from impact.intervals import interval
from impact.model import AGREEMENT
from impact.sample import Design, FloatArray, IntArray, Sample
from impact.study import Indicator, Questionnaire

# What the people behind a row of agreement are counted under: no group of the study, both sides of pairs.
PAIRS = "pair"
_FEWEST_UNITS = 2


class Mirrored(NamedTuple):
    """One thing told by both sides: the figure of the mentored and that of the mentors."""

    young: Indicator
    mentor: Indicator


class Side(NamedTuple):
    """The answers of both sides to one thing, one value a pair in which both answered."""

    mirrored: Mirrored
    x: FloatArray
    y: FloatArray
    w: FloatArray
    unit: IntArray


def agreements(drawn: Drawn) -> pd.DataFrame:
    """Raw agreement and Cohen's kappa of everything that both sides of a pair told; no row without a code of pairs.

    Kappa is weighted by squared distances where the figure is a mean. A mentor with several young people is one unit;
    so is a cluster of the study's design, where it declares one. A young person's weight is the pair's.
    """
    rows = [row for side in _sides(drawn) for row in _rows(side, drawn)]
    return pd.DataFrame(rows, columns=list(AGREEMENT))


def pairs_behind(drawn: Drawn) -> Iterator[Tally]:
    """Pairs as disclosure control judges them: who agrees and who does not, and of a yes or no, among those of one
    answer too. Where all who say yes agree, each mentor who said so would know what their young person said."""
    for side in _sides(drawn):
        alike, share = side.x == side.y, side.mirrored.young.kind == "share"
        among = [said == value for said in (side.x, side.y) for value in (0, 1)] if share else []
        for number, inside in enumerate((np.ones(alike.size, dtype=bool), *among)):
            counts = np.array([[(alike & inside).sum(), (~alike & inside).sum()]])
            if inside.any():
                yield Tally("pair", side.mirrored.young.id, str(number), ("alike", "apart"), (PAIRS,), counts)


def mirrored(questionnaire: Questionnaire) -> Iterator[Mirrored]:
    """Figures that mirror each other, each pair once: declared by one of the two or by both; or asked of both sides."""
    found = {(each.young.id, each.mentor.id): each for each in _mirrored(questionnaire)}
    yield from found.values()


def _mirrored(questionnaire: Questionnaire) -> Iterator[Mirrored]:
    for indicator in questionnaire.indicator:
        asked = {"mentored", "mentor"} & set(questionnaire.asked_of(indicator))
        if indicator.mirrors:
            other = questionnaire.indicators[indicator.mirrors]
            yield Mirrored(indicator, other) if asked == {"mentored"} else Mirrored(other, indicator)
        elif len(asked) == len(Mirrored._fields) and indicator.kind != "index":
            yield Mirrored(indicator, indicator)


def _sides(drawn: Drawn) -> Iterator[Side]:
    young, mentor = _matched(drawn.responses.people)
    if not young.size:
        return
    people = drawn.responses.people
    units = people["cluster"].to_numpy()[young] if drawn.study.design.cluster else mentor
    for two in mirrored(drawn.study.questionnaire):
        x, y = drawn.scores[two.young.id].y[young], drawn.scores[two.mentor.id].y[mentor]
        both = ~np.isnan(x) & ~np.isnan(y)
        if both.any():
            unit = np.unique(units[both], return_inverse=True)[1]
            yield Side(two, x[both], y[both], people["weight"].to_numpy(dtype=float)[young][both], unit)


def _matched(people: pd.DataFrame) -> tuple[IntArray, IntArray]:
    """The rows of the two of each pair: every young person whose code is that of a mentor."""
    rows = pd.Series(np.arange(len(people)), people.index)
    mentors = (people["group"] == "mentor") & (people["pair"] != "")
    mentor = people["pair"].map(pd.Series(rows[mentors].to_numpy(), people.loc[mentors, "pair"]))
    held = (people["group"] == "mentored") & mentor.notna()
    return rows[held].to_numpy(dtype=np.intp), mentor[held].to_numpy(dtype=np.intp)


def _rows(side: Side, drawn: Drawn) -> Iterator[Row]:
    choices = drawn.study.analysis
    row: Row = {
        "indicator": side.mirrored.young.id, "mirror": side.mirrored.mentor.id, "pairs": side.x.size,
        "level": choices.level, "status": "shown",
    }  # fmt: skip
    alone = np.unique(side.unit).size == side.unit.size
    if not alone and side.unit.max() + 1 < _FEWEST_UNITS:
        for measure in ("agreement", "kappa"):
            yield row | {"measure": measure, "interval": "", "status": "too_few"}
        return
    design = Design.plain(side.x.size) if alone else Design.of(side.x.size, cluster=side.unit)
    alike = Sample(side.x == side.y, side.w, design, "share")
    low, high = interval(choices.share_interval, alike, choices.level)
    yield row | {
        "measure": "agreement", "estimate": alike.mean, "low": low, "high": high, "interval": choices.share_interval
    }  # fmt: skip
    found = kappa(Answers(side.x, side.y, side.w, design), choices.level, side.mirrored.young.kind == "mean")
    told: Row = {"status": "too_few"}
    if found is not None:
        told = {"estimate": found.estimate, "low": found.low, "high": found.high}
    yield row | {"measure": "kappa", "interval": "wilson"} | told
