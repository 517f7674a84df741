"""Two groups set against each other, as their answers are: no adjustment."""

from collections.abc import Iterator
from typing import NamedTuple

from impact.analyse._cohort import Cell, Drawn, Row
from impact.contrasts import CONTRASTS, named, verdict
from impact.model import COMPARISONS, Responses
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
    """Who is compared with whom, on what. What the mentored credit their mentor with is compared with nothing.

    Two bands of the mentored are compared whatever the non-mentored were asked, for they were asked by one form.
    """
    for indicator in drawn.study.questionnaire.indicator:
        cells = drawn.cells[indicator.id]
        for group, reference in () if indicator.attribution else COMPARISONS:
            if group in cells and reference in cells:
                refused = indicator.id in drawn.refused and reference == "non_mentored"
                yield Pair(indicator, cells[group], cells[reference], refused)


def crude(drawn: Drawn) -> Iterator[Row]:
    """Every measure of what sets two groups apart. Those not asked alike have their rows, without a number."""
    for indicator, one, other, refused in pairs(drawn):
        rows = compared(indicator, one, other, drawn.study)
        yield from map(_without_numbers, rows) if refused else rows


def _without_numbers(row: Row) -> Row:
    """A comparison that is not made: its names and why."""
    kept = ("indicator", "dimension", "group", "reference", "measure", "adjustment", "level", "interval", "unit")
    return {name: row[name] for name in kept} | {"status": "not_comparable"}


def compared(indicator: Indicator, one: Cell, other: Cell, study: Study, adjustment: str = "none") -> Iterator[Row]:
    """One row a measure. Adjusted arms are never plain, so that their test is that of a design."""
    known = one.arm is not None and other.arm is not None
    test = choose(one.sample, other.sample) if known else ""
    common: Row = {
        "indicator": indicator.id, "dimension": indicator.dimension, "group": one.row["group"],
        "reference": other.row["group"], "adjustment": adjustment, "level": study.analysis.level, "test": test,
        "p": p_value(test, one.sample, other.sample) if known else None, "unit": indicator.kind,
        "status": "shown" if known else "too_few",
    }  # fmt: skip
    for measure, contrast in CONTRASTS.items():
        if indicator.kind not in contrast.units:
            continue
        plain = one.sample.plain and other.sample.plain
        row = common | {"measure": measure, "interval": named(measure, str(one.row["interval"]), plain)}
        if one.arm is not None and other.arm is not None:
            found = contrast.between(one.arm, other.arm, one.sample.correlation(other.sample))
            gap = study.analysis.smallest_useful_gap if measure == "difference" and indicator.kind == "share" else None
            row |= {
                "estimate": found.estimate, "std_error": found.std_error, "low": found.low, "high": found.high,
                "verdict": verdict(found.low, found.high, contrast.neutral, gap),
            }  # fmt: skip
        yield row
