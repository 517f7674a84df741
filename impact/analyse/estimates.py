"""Levels: the estimate of every indicator in every group that it was asked of."""

from impact.analyse._cohort import Cell, Cohort, Row
from impact.contrasts import Estimated
from impact.indicators import Scored
from impact.intervals import interval
from impact.sample import Sample
from impact.study import Indicator, Study


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
