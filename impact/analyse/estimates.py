"""Levels: the estimate of every indicator in every group that it was asked of, and the people behind it."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from impact.analyse._cohort import Cell, Cohort, Row
from impact.contrasts import Estimated
from impact.indicators import Scored
from impact.intervals import interval
from impact.model import COUNTS
from impact.sample import Sample
from impact.study import Indicator, Study

Counted = tuple[str, str, int, float, float, float, float]  # a row of COUNTS


def levels(indicator: Indicator, scored: Scored, cohort: Cohort, study: Study) -> dict[str, Cell]:
    """One cell a group that the indicator was asked of and that holds someone."""
    groups = cohort.asked(study.questionnaire.asked_of(indicator))
    return {group: _estimate(indicator, group, scored, cohort, study) for group in groups}


def _estimate(indicator: Indicator, group: str, scored: Scored, cohort: Cohort, study: Study) -> Cell:
    sample = Sample(scored.y, cohort.weights[group], cohort.design, scored.kind, scored.bounds)
    method = study.analysis.share_interval if scored.kind == "share" else study.analysis.mean_interval
    row: Row = {
        "indicator": indicator.id, "dimension": indicator.dimension, "group": group, "n": sample.n,
        "missing": cohort.sizes[group] - sample.n, "level": study.analysis.level, "interval": method,
        "unit": indicator.kind, "status": "shown" if sample.n else "too_few",
    }  # fmt: skip
    if not sample.n:
        return Cell(sample, row, None)
    low, high = interval(method, sample, study.analysis.level)
    row |= {"estimate": sample.mean, "std_error": sample.std_error, "df": sample.df, "low": low, "high": high}
    return Cell(sample, row, Estimated(sample.mean, sample.std_error, low, high))


def people_behind(estimated: Mapping[str, Mapping[str, Cell]], others: Iterable[Counted] = ()) -> pd.DataFrame:
    """People behind each row of `estimates`, and others: disclosure control judges people, whatever their weights."""
    rows: list[Counted] = []
    for indicator, cells in estimated.items():
        for group, cell in cells.items():
            y, share = cell.sample.y, cell.sample.kind == "share"
            yes = float(y.sum()) if share else np.nan
            lowest, highest = (y.min(), y.max()) if y.size else (np.nan, np.nan)
            rows.append((indicator, group, y.size, yes, y.size - yes, lowest, highest))
    return pd.DataFrame([*rows, *others], columns=list(COUNTS))
