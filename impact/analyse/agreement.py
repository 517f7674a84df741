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
    """The answers of both sides to one thing, one value a pair in which both answered. `apart`: what those answered of
    whom sums over all and over pairs tell the difference: young people without a pair, mentors without one, mentors of
    several pairs."""

    mirrored: Mirrored
    x: FloatArray
    y: FloatArray
    w: FloatArray
    unit: IntArray
    apart: tuple[FloatArray, ...]


def agreements(drawn: Drawn) -> pd.DataFrame:
    """Raw agreement and Cohen's kappa of everything that both sides of a pair told; no row without a code of pairs.

    Kappa is weighted by squared distances where the figure is a mean. A mentor with several young people is one unit;
    so is a cluster of the study's design, where it declares one. A young person's weight is the pair's.
    """
    rows = [row for side in _sides(drawn) for row in _rows(side, drawn)]
    return pd.DataFrame(rows, columns=list(AGREEMENT))


def pairs_behind(drawn: Drawn) -> Iterator[Tally]:
    """Pairs as disclosure control judges them: who agrees and who does not, and of a yes or no, among those of one
    answer too: kappa and agreement tell all four counts. Where all who say yes agree, each mentor who said so would
    know what their young person said. And what those of no pair answered, which all less the pairs tell."""
    for side in _sides(drawn):
        alike, share, young = side.x == side.y, side.mirrored.young.kind == "share", side.mirrored.young.id
        among = [said == value for said in (side.x, side.y) for value in (0, 1)] if share else []
        for number, inside in enumerate((np.ones(alike.size, dtype=bool), *among)):
            counts = np.array([[(alike & inside).sum(), (~alike & inside).sum()]])
            yield Tally("pair", young, str(number), ("alike", "apart"), (PAIRS,), counts)
        for number, answers in enumerate(side.apart):
            if answers.size:
                many = int(np.unique(answers, return_counts=True)[1].max())
                counts = np.array([[many, answers.size - many]])
                yield Tally("pair", young, f"rest {number}", ("told", "others"), (PAIRS,), counts)


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
        said = drawn.scores[two.young.id].y, drawn.scores[two.mentor.id].y
        x, y = said[0][young], said[1][mentor]
        both = ~np.isnan(x) & ~np.isnan(y)
        if both.any():
            unit = np.unique(units[both], return_inverse=True)[1]
            weight = people["weight"].to_numpy(dtype=float)[young][both]
            yield Side(two, x[both], y[both], weight, unit, _apart(drawn, said, young[both], mentor[both]))


def _apart(drawn: Drawn, said: tuple[FloatArray, ...], young: IntArray, mentor: IntArray) -> tuple[FloatArray, ...]:
    """What those in no pair answered, young people then mentors; and mentors of several pairs, who count as often."""
    found = []
    for group, answers, paired in zip(("mentored", "mentor"), said, (young, mentor), strict=True):
        alone = np.setdiff1d(drawn.cohort.rows[group], paired)
        found.append(answers[alone])
    rows, times = np.unique(mentor, return_counts=True)
    found.append(said[1][rows[times > 1]])
    return tuple(answers[~np.isnan(answers)] for answers in found)


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
