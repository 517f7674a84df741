"""How long a mentored respondent has been mentored: months, and on which side of the threshold."""

import numpy as np
import pandas as pd

from impact.errors import ImpactError
from impact.study import Study


def months_between(start: "pd.Series[pd.Timestamp]", until: "pd.Series[pd.Timestamp]") -> "pd.Series[float]":
    """Calendar months from one day to another: 1 March to 1 September is exactly 6, whatever the months' lengths.

    Whole months, then the days left over the days of the month they fall in. NaN where a date is missing.
    """
    whole = (until.dt.year - start.dt.year) * 12 + (until.dt.month - start.dt.month)
    start_day = np.minimum(start.dt.day, until.dt.days_in_month)  # 31 August + 1 month ends on 30 September
    whole -= (until.dt.day < start_day).astype(int)
    left = (until.dt.day - start_day) % until.dt.days_in_month
    return (whole + left / until.dt.days_in_month).astype(float)


def with_duration(study: Study, people: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """People with `months` and `band`: over, under, unknown; "" outside the mentored, or without `[duration]`."""
    if study.duration is None:
        return people.assign(months=np.nan, band="")
    months, band = _told(study, answers)
    band[band == ""] = _sides(study, months)[band == ""]
    mentored = people["group"] == "mentored"
    return people.assign(months=months.where(mentored), band=band.where(mentored, ""))


def _told(study: Study, answers: pd.DataFrame) -> "tuple[pd.Series[float], pd.Series[str]]":
    """Months, and the bands that were answered as such."""
    duration = study.duration
    assert duration is not None
    months = pd.Series(np.nan, answers.index)
    band = pd.Series("", answers.index, dtype=object)
    if duration.question:
        asked = study.question(duration.question)
        if asked.kind == "number":
            months = answers[asked.id].astype(float)
        elif asked.kind == "single" and (duration.over or duration.under):
            band[answers[asked.id].isin(duration.over)] = "over"
            band[answers[asked.id].isin(duration.under)] = "under"
        else:
            raise ImpactError("normalise_duration_kind", file=study.file.name, question=asked.id)
    if duration.start and duration.until:
        months = months.fillna(months_between(answers[duration.start], answers[duration.until]))
    return months.where(~(months < 0)), band


def _sides(study: Study, months: "pd.Series[float]") -> "pd.Series[str]":
    duration = study.duration
    assert duration is not None
    over = (
        months >= duration.threshold_months if duration.at_threshold == "over" else months > duration.threshold_months
    )
    return pd.Series(np.where(months.isna(), "unknown", np.where(over, "over", "under")), months.index, dtype=object)
