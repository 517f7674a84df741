"""Which results were decided upon before the answers were looked at: `planned`, or `exploratory`.

None is planned where all the answers were there when the plan was locked (`Plan.late`). Else
a row is planned where all that it stands on says what the lock says (`Plan.held`): its indicator (of an index, its
items too), the design, the level and the interval; of a band, the duration; of a comparison, its measure, test, gap,
family, and what it is adjusted for. An answer of a set is planned where it is all that an indicator counts, or all that
it leaves; the test of a whole set is in no plan.

A band that took in those of unknown duration is in no plan either, nor is what is corrected together with it.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from impact.effects import ASKED
from impact.model import TABLES, Results, merged_in
from impact.study import Indicator, Study
from impact.study.locking import changes, default
from impact.study.plan import Change

PLANNED, EXPLORATORY = "planned", "exploratory"

_MEASURED: Final = {measure: asked for asked, measures in ASKED.items() for measure in measures}
_READ: Final = ("indicator", "mirror", "group", "reference", "by", "measure", "adjustment", "analysis", "unit")
# Choices that some rows alone stand on; a change of any other concerns them all.
_LOCAL: Final = frozenset(
    {"share_interval", "mean_interval", "share_test", "mean_test", "measures", "primary", "smallest_useful_gap",
     "power", "duration_correction", "adjust_for", "adjustments", "respondents_per_covariate", "breakdowns"}
)  # fmt: skip

_Row = Mapping[str, str]


class Standing(NamedTuple):
    """What a report can say of the plan. `counts` maps each table that is `tagged` to how many of its shown rows are
    planned and how many exploratory, of `comparisons` the unadjusted differences alone, as a reader counts them;
    `there` are the exports that stood there when the plan was locked."""

    date: str  # of the lock that results are held against: "2026-11-25"
    given: bool  # whether that day was written by hand
    late: bool  # whether all the answers were there already
    hash: str
    locked: tuple[str, ...]  # the dates of all locks
    exports: int
    there: tuple[str, ...]
    changes: tuple[Change, ...]
    counts: Mapping[str, tuple[int, int]]

    @property
    def before(self) -> bool:
        """Whether no export was there yet."""
        return not self.there


def standing(results: Results, study: Study) -> Standing | None:
    """How the results stand to the plan; None where none was locked."""
    if study.plan is None:
        return None
    held = study.plan.held
    counts = {}
    for name, columns in TABLES.items():
        if tagged(name) and "status" in columns:
            table = getattr(results, name)
            tags = planned(table, study)[(table["status"] == "shown") & _counted(name, table)]
            counts[name] = (int((tags == PLANNED).sum()), int((tags == EXPLORATORY).sum()))
    dates = tuple(lock.date for lock in study.plan.locks)
    return Standing(
        held.date, held.given, study.plan.late, held.hash, dates, len(held.sources), held.there, changes(study), counts
    )


def _counted(name: str, table: pd.DataFrame) -> "pd.Series[bool]":
    """One row a thing told: other measures and adjustments of a comparison are the same one told again."""
    if name != "comparisons":
        return pd.Series(True, table.index)
    return (table["measure"] == "difference") & (table["adjustment"] == "none")


def planned(table: pd.DataFrame, study: Study) -> "pd.Series[str]":
    """PLANNED or EXPLORATORY for each row of a table of results that is `tagged`; "" where a row has no indicator.

    ValueError where the study has no plan.
    """
    if study.plan is None:
        raise ValueError("no plan was locked")
    if "indicator" not in table:
        return _of_answers(table, study)
    if study.plan.late:
        return pd.Series(np.where(table["indicator"] == "", "", EXPLORATORY), table.index, dtype=object)
    read, moved = [name for name in _READ if name in table], _moved(study)
    merged = merged_in(table["group"]) if "group" in table else ""

    @cache
    def tag(*values: str) -> str:
        row = dict(zip(read, values, strict=True))
        if not row["indicator"]:
            return ""
        if merged and _beside_merged(row, merged, "p" in table):
            return EXPLORATORY
        return EXPLORATORY if any(_otherwise(row, frozenset(table.columns), moved, study)) else PLANNED

    cells = table[read].fillna("").astype(str).itertuples(index=False, name=None)
    return pd.Series([tag(*values) for values in cells], table.index, dtype=object)


def announced(study: Study, choice: str) -> bool:
    """Whether a lock proves that a choice of `[analysis]` was made before any answer was there, and stands as it was.

    Of `primary`, its indicators must be as they were, too.
    """
    if study.plan is None or study.plan.held.there:
        return False
    moved, concerned = _moved(study), study.analysis.primary if choice == "primary" else ()
    return choice not in moved.choices and not moved.indicators.intersection(concerned)


def tagged(name: str) -> bool:
    """Whether the rows of a table are results that can be planned."""
    return "indicator" in TABLES[name] or name == "options"


def _of_answers(table: pd.DataFrame, study: Study) -> "pd.Series[str]":
    """The answers of sets of answers, judged as the share that counts that answer alone."""
    counting = [one for one in reversed(study.questionnaire.indicator) if one.counts]
    shares = {(one.question, left): one.id for one in counting if (left := _left(one, study))}
    shares |= {(one.question, *one.counts): one.id for one in counting if len(one.counts) == 1}
    asked = [shares.get(key, "") for key in zip(table["question"], table["choice"], strict=True)]
    return planned(table.assign(indicator=asked, unit="share"), study).replace("", EXPLORATORY)


def _left(indicator: Indicator, study: Study) -> str:
    """The one answer that a share does not count, of a question that takes one answer a person; "" for none or more."""
    question = study.question(indicator.question)
    left = {*question.codes, *(["other"] if question.other else [])} - set(indicator.counts)
    return left.pop() if question.kind == "single" and len(left) == 1 else ""


class _Moved(NamedTuple):
    """What is no longer as it was locked."""

    indicators: frozenset[str]  # an index as soon as one of its items is
    choices: frozenset[str]  # keys of [analysis]
    covariates: bool
    duration: bool
    design: bool
    pairs: frozenset[str]  # indicators whose mirror is another; all, where the code of pairs is
    then: Mapping[str, object]  # [analysis] as it was locked


def _moved(study: Study) -> _Moved:
    assert study.plan is not None
    found = changes(study)
    single = {one.name for one in found if one.kind == "indicator" and one.keys != ("mirrors",)}
    indices = {one.id for one in study.questionnaire.indicator if single.intersection(one.items)}
    kinds = {one.kind for one in found if one.keys != ("pair",)}
    choices = frozenset(key for one in found if one.kind == "analysis" for key in one.keys)
    then = study.plan.held.parts.get(("analysis", ""), {})
    covariates = "covariate" in kinds or "adjust_for" in choices
    design = "design" in kinds
    return _Moved(frozenset(single | indices), choices, covariates, "duration" in kinds, design, _unpaired(study), then)


def _unpaired(study: Study) -> frozenset[str]:
    """Indicators that are set against another side, or in other pairs, than was locked."""
    found = changes(study)
    if any(one.kind == "design" and "pair" in one.keys for one in found):
        return frozenset(study.questionnaire.indicators)
    return frozenset(one.name for one in found if one.kind == "indicator" and "mirrors" in one.keys)


def _beside_merged(row: _Row, merged: str, corrected: bool) -> bool:
    """Whether a row stands on a band that took in others or, where rows are `corrected` together, beside it."""
    groups = (row.get("group", ""), row.get("reference", ""))
    compared = corrected and bool(row.get("reference")) and any(group.startswith("mentored_") for group in groups)
    return merged in groups or compared


def _otherwise(row: _Row, columns: frozenset[str], moved: _Moved, study: Study) -> Iterator[bool]:
    """Each reason why a row is not what was planned, as far as it holds."""
    yield moved.design or bool(moved.choices - _LOCAL)
    yield bool(moved.indicators.intersection((row["indicator"], row.get("mirror", ""))))
    yield "mirror" in row and bool(moved.pairs.intersection((row["indicator"], row["mirror"])))
    groups = (row.get("group", ""), row.get("reference", ""))
    banded = any(group.startswith("mentored_") for group in groups)
    yield moved.duration and (banded or row.get("measure") in ("slope", "curve"))
    kind = "share" if row.get("unit") in ("share", "ratio") else "mean"
    yield "low" in columns and f"{kind}_interval" in moved.choices
    if "p" in columns:
        yield f"{kind}_test" in moved.choices
        yield _of_another_family(row["indicator"], moved, study)
        yield banded and "duration_correction" in moved.choices
    if row.get("reference"):
        yield "smallest_useful_gap" in moved.choices
        yield _not_foreseen(row, moved)
    yield row.get("analysis") == "detectable" and "power" in moved.choices
    yield "breakdowns" in moved.choices and bool(row.get("by")) and row["by"] not in _listed(moved, "breakdowns")


def _of_another_family(indicator: str, moved: _Moved, study: Study) -> bool:
    """Whether a p was to be corrected together with others than it is."""
    then, now = _listed(moved, "primary"), study.analysis.primary
    if indicator in now:
        return set(then) != set(now)
    return indicator in then


def _not_foreseen(row: _Row, moved: _Moved) -> bool:
    """Whether a measure or an adjustment was added, or stands on other covariates."""
    measure, adjustment = row.get("measure", ""), row.get("adjustment", "")
    foreseen = {"difference", *_listed(moved, "measures")}  # a difference is always among what is computed
    if "measures" in moved.choices and measure and _MEASURED.get(measure, measure) not in foreseen:
        return True
    if adjustment in ("", "none"):
        return False
    return (
        moved.covariates
        or "respondents_per_covariate" in moved.choices
        or adjustment not in _listed(moved, "adjustments")
    )


def _listed(moved: _Moved, key: str) -> tuple[str, ...]:
    found = moved.then.get(key, default("analysis", key))
    return tuple(found) if isinstance(found, (list, tuple)) else ()
