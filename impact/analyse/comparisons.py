"""Two groups set against each other, as their answers are: no adjustment."""

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from impact.analyse._cohort import Cell, Drawn, Row, source_group
from impact.contrasts import named, verdict
from impact.effects import Measure, Side, wanted
from impact.model import Band, Responses, comparisons_in
from impact.sample import FloatArray, Sample
from impact.significance import choose, p_value
from impact.study import Indicator, Study


def not_comparable(responses: Responses, study: Study) -> frozenset[str]:
    """The indicators whose question the two groups were not asked alike, and the indices that hold one of them.

    An index is dropped whole: without the item it would be another index than the one whose levels are printed.
    """
    table = responses.comparability
    questions = set(table.loc[~table["compared"], "question"])
    indicators = study.questionnaire.indicators.values()
    single = {one.id for one in indicators if one.question in questions}
    return frozenset(single | {one.id for one in indicators if single.intersection(one.items)})


class Pair(NamedTuple):
    """Two groups to be set against each other on an indicator. `refused`: they were not asked alike."""

    indicator: Indicator
    one: Cell
    other: Cell
    refused: bool


def pairs(drawn: Drawn) -> Iterator[Pair]:
    """Who is compared with whom, on what. What the mentored credit their mentor with is compared with nothing, and the
    duration of mentoring not between the bands that it makes.

    Two bands of the mentored are compared whatever the non-mentored were asked, for they were asked by one form.
    """
    for indicator in drawn.study.questionnaire.indicator:
        cells, makes_bands = drawn.cells[indicator.id], _makes_bands(indicator, drawn.study)
        for group, reference in () if indicator.attribution else comparisons_in(cells):
            if group in cells and reference in cells and not (makes_bands and source_group(group) != group):
                refused = indicator.id in drawn.refused and reference == "non_mentored"
                yield Pair(indicator, cells[group], cells[reference], refused)


def _makes_bands(indicator: Indicator, study: Study) -> bool:
    """Whether an indicator, or an item of an index, is drawn from a question that tells how long someone is mentored:
    the bands differ in it by construction."""
    items = [study.questionnaire.indicators[item] for item in indicator.items]
    return any(one.question in duration_questions(study) for one in (indicator, *items))


def duration_questions(study: Study) -> frozenset[str]:
    """The questions that sort the mentored into bands."""
    duration = study.duration
    return frozenset({duration.question, duration.start, duration.until} - {""}) if duration else frozenset()


def crude(drawn: Drawn) -> Iterator[Row]:
    """Every measure of what sets two groups apart. Those not asked alike have their rows, without a number.

    ImpactError for a test that does not fit the answers or the design.
    """
    measures = wanted(drawn.study.analysis.measures)
    for two in pairs(drawn):
        ordered = _ordered(two.indicator, drawn.study)
        known = two.one.arm is not None and two.other.arm is not None and not two.refused
        test = test_of(two.one.sample, two.other.sample, drawn.study) if known else ""
        fitting = {name: one for name, one in measures.items() if ordered or not one.ordered}
        rows = _rows(two, drawn.study, fitting, test, "none")
        yield from map(_without_numbers, rows) if two.refused else rows


def compared(indicator: Indicator, one: Cell, other: Cell, study: Study, adjustment: str) -> Iterator[Row]:
    """One row a measure for two adjusted arms, whose only test is that of their own errors: tests of counts and of
    ranks do not know that the weights were estimated."""
    measures = {name: one for name, one in wanted(study.analysis.measures).items() if not one.ordered}
    return _rows(Pair(indicator, one, other, False), study, measures, "design_t", adjustment)


def test_of(a: Sample, b: Sample, study: Study) -> str:
    """The test of a difference that the study names for such answers, or the one that fits by default."""
    asked = study.analysis.share_test if a.kind == "share" else study.analysis.mean_test
    return choose(a, b) if asked == "auto" else asked


def _ordered(indicator: Indicator, study: Study) -> bool:
    """Whether an indicator is the mean of answers with an order: the values of a closed question's choices."""
    return indicator.kind == "mean" and study.question(indicator.question).kind == "single"


def _without_numbers(row: Row) -> Row:
    """A comparison that is not made: its names and why."""
    kept = ("indicator", "dimension", "group", "reference", "measure", "adjustment", "level", "interval", "unit")
    return {name: row[name] for name in kept} | {"status": "not_comparable"}


def _rows(two: Pair, study: Study, measures: Mapping[str, Measure], test: str, adjustment: str) -> Iterator[Row]:
    """One row a measure, each with the test of what it measures: `test`, or that of ranks for the places of answers."""
    indicator, one, other, refused = two
    known = one.arm is not None and other.arm is not None and not refused
    common: Row = {
        "indicator": indicator.id, "dimension": indicator.dimension, "group": one.row["group"],
        "reference": other.row["group"], "adjustment": adjustment, "level": study.analysis.level,
        "test": test if known else "", "p": p_value(test, one.sample, other.sample) if known else None,
        "unit": indicator.kind, "status": "shown" if known else "too_few",
    }  # fmt: skip
    plain = one.sample.plain and other.sample.plain
    for name, measure in measures.items():
        if indicator.kind not in measure.units:
            continue
        row = common | {"measure": name, "interval": named(name, str(one.row["interval"]), plain)}
        if one.arm is not None and other.arm is not None and not refused:
            sides = Side(one.sample, one.arm), Side(other.sample, other.arm)
            found = measure.between(*sides, study.analysis.level)
            gap = study.analysis.smallest_useful_gap if name == "difference" and indicator.kind == "share" else None
            row |= _of_ranks(two) if measure.ordered else {}
            row |= {
                "estimate": found.estimate, "std_error": found.std_error, "low": found.low, "high": found.high,
                "verdict": verdict(found.low, found.high, measure.neutral, gap),
            }  # fmt: skip
        yield row


def _of_ranks(two: Pair) -> Row:
    """The test of the places of answers, whatever test the study names for means."""
    a, b = two.one.sample, two.other.sample
    test = choose(a, b, ordered=True)
    return {"test": test, "p": p_value(test, a, b)}


def bands(comparisons: pd.DataFrame, drawn: Drawn) -> dict[tuple[str, str], Band]:
    """What the crude comparisons of each question by duration have in common, where each has an error of its own."""
    if drawn.study.analysis.duration_correction != "max_t":
        return {}
    crude = (comparisons["adjustment"] == "none") & (comparisons["status"] == "shown")
    rows = comparisons[crude & (comparisons["measure"] == "difference") & (comparisons["group"] != "mentored")]
    found = {}
    for indicator, some in rows.groupby("indicator", sort=False):
        pairs = tuple(zip(some["group"], some["reference"], strict=True))
        covariance = _covariance(pairs, drawn.cells[str(indicator)])
        if covariance is not None:
            found[str(indicator), "none"] = Band(pairs, covariance, _df(pairs, drawn.cells[str(indicator)]))
    return found


def _covariance(pairs: Iterable[tuple[str, str]], cells: Mapping[str, Cell]) -> FloatArray | None:
    """The covariance of these differences; None where one of them has no error of its own."""
    moves = np.array([cells[group].sample.influence - cells[reference].sample.influence for group, reference in pairs])
    errors = np.array([cells[group].sample.std_error for group in {one for pair in pairs for one in pair}])
    covariance = moves @ moves.T
    known = np.isfinite(errors).all() and np.diag(covariance).min() > 0
    return covariance if known else None


def _df(pairs: Iterable[tuple[str, str]], cells: Mapping[str, Cell]) -> float:
    """The degrees of freedom of the design over these groups; infinite where each was drawn by itself."""
    samples = [cells[group].sample for group in sorted({one for pair in pairs for one in pair})]
    if all(sample.plain for sample in samples):
        return math.inf
    return samples[0].design.df_of(*(sample.held for sample in samples))
