"""Why a cell is blank, where the tool or the study tells: someone had stopped, or the question was not there yet."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from impact.errors import ImpactError
from impact.model import Export
from impact.normalise._reading import distinct
from impact.normalise.columns import Feed
from impact.normalise.quantities import date, day_first_in_time
from impact.study import Source


def explained(reasons: pd.DataFrame, export: Export, source: Source, feeding: Mapping[str, Feed]) -> pd.DataFrame:
    """The reasons of one source, `no_answer` made `not_yet` or `partial` where that is known; inputs left as they are.

    `not_yet`: the study says since which day a question was on the form, and the answers are older. `partial`: the tool
    says that the respondent did not finish, and nothing is answered from there on. ImpactError where the file does not
    date its answers.
    """
    reasons = reasons.copy(deep=False)
    for question, day in source.since.items():
        if question in feeding:
            earlier = answered_before(export, source, day).reindex(reasons.index)
            reasons.loc[earlier & (reasons[question] == "no_answer"), question] = "not_yet"
    stopped = [row for row, flag in export.flags.items() if flag == "partial" and row in reasons.index]
    if stopped:
        in_order = sorted(feeding, key=lambda question: feeding[question].columns[0].position)
        reasons.loc[stopped, in_order] = _left_after(reasons.loc[stopped, in_order])
    return reasons


def answered_before(export: Export, source: Source, day: str) -> "pd.Series[bool]":
    """Which answers of a file are older than a day ("2024-03-01")."""
    if export.answered_on is None:
        raise ImpactError("normalise_since_undated", file=export.source)
    limit = date(day)
    if limit is None:
        raise ImpactError("normalise_since_no_day", file=export.source, value=day)
    days = answer_days(export)
    return days.notna() & (days < limit)


def answer_days(export: Export) -> "pd.Series[pd.Timestamp]":
    """The day of each answer, NaT where the tool's own date is blank or cannot be read."""
    cells = export.cells[export.answered_on]
    places, values = distinct(cells)
    order = day_first_in_time(values)
    days = np.array([date(value, order is not False) or pd.NaT for value in values], dtype=object)
    return pd.Series(pd.to_datetime(days[places]), cells.index)


def _left_after(reasons: pd.DataFrame) -> pd.DataFrame:
    """Rows of reasons, questions in the form's order: `no_answer` behind the last answer is `partial`."""
    answered = reasons == ""
    later = answered.loc[:, ::-1].cummax(axis=1).loc[:, ::-1]  # whether this question or one behind it is answered
    return reasons.where(later | (reasons != "no_answer"), "partial")
