"""Masking row by row, as a careful person does by hand: what the attacker must break, so that he can fail elsewhere."""

from dataclasses import replace
from functools import partial

import pandas as pd

from impact.model import Results
from impact.study import Study


def naive(results: Results, study: Study, *, answers: bool) -> Results:
    """Each row judged alone: its base and, where `answers`, the people on each side of it; no row for what the others
    tell of it. Comparisons lose the rows whose arms are hidden. Tables that stand on more than one row are left out."""
    rule = study.disclosure
    levels, spread = results.estimates, results.distributions
    few, rare = (frame["n"].astype(float) < rule.minimum_base for frame in (levels, spread))
    if answers:
        shares = levels["unit"] == "share"
        least = levels["n"].astype(float) * levels["estimate"].astype(float).combine(1 - levels["estimate"], min)
        few |= shares & (least.round() < rule.minimum_answer)
        sides = spread["count"].combine(spread["n"] - spread["count"], min)
        rare |= sides.groupby([spread["question"], spread["group"]]).transform("min") < rule.minimum_answer
    hidden = set(_keys(levels[few], "indicator", "group"))
    unseen = set(_keys(spread[rare], "question", "group"))
    gaps = results.comparisons
    empty = {name: getattr(results, name).iloc[:0] for name in ("trend", "reliability", "sensitivity", "balance")}
    return replace(
        results,
        estimates=_without(results.estimates, _of(results.estimates, "indicator", ("group",), hidden)),
        comparisons=_without(gaps, _of(gaps, "indicator", ("group", "reference"), hidden)),
        distributions=_without(spread, _of(spread, "question", ("group",), unseen)),
        options=_without(results.options, _of(results.options, "question", ("group", "reference"), unseen)),
        missing=results.missing[~_of(results.missing, "indicator", ("group",), hidden)],
        counts=results.counts.iloc[:0],
        protected=True,
        **empty,
    )  # fmt: skip


def _keys(frame: pd.DataFrame, *columns: str) -> list[tuple]:
    return list(zip(*(frame[column] for column in columns), strict=True))


def _of(frame: pd.DataFrame, subject: str, arms: tuple[str, ...], hidden: set) -> "pd.Series[bool]":
    found = pd.Series(False, frame.index)
    for arm in arms:
        found |= pd.Series([key in hidden for key in _keys(frame, subject, arm)], frame.index, dtype=bool)
    return found


def _without(frame: pd.DataFrame, away: "pd.Series[bool]") -> pd.DataFrame:
    """The rows that are away keep their names."""
    names = ("indicator", "question", "dimension", "group", "reference", "choice", "measure", "adjustment", "level",
             "interval", "unit", "test", "status")  # fmt: skip
    blank = frame.copy()
    for column in frame.columns.difference(names):
        blank[column] = frame[column].mask(away)
    return blank.assign(status=frame["status"].mask(away, "suppressed"))


NAIVE = {
    "base": partial(naive, answers=False),
    "base and answers": partial(naive, answers=True),
}
