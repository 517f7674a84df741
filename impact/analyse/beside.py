"""The published figures of another study beside this cohort's own."""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from impact.analyse._cohort import Cohort, Row, source_group
from impact.contrasts import CONTRASTS, Estimated
from impact.intervals import interval
from impact.model import PUBLISHED, named_in
from impact.sample import Sample
from impact.study import Study
from impact.study.published import Figure


def published(study: Study, estimates: pd.DataFrame, comparisons: pd.DataFrame, cohort: Cohort) -> pd.DataFrame:
    """Each published figure beside this cohort's own row; none of a group that this study does not have.

    `group` and `reference` are this cohort's: where a band took in those of unknown duration, they say so.
    """
    if study.published is None:
        return pd.DataFrame(columns=list(PUBLISHED))
    figures = [figure for figure in study.published.figure if _has(study, figure)]
    rows = [_beside(figure, study, (estimates, comparisons), cohort) for figure in figures]
    return pd.DataFrame(rows, columns=list(PUBLISHED))


def _has(study: Study, figure: Figure) -> bool:
    """Whether the study has the groups of a figure: bands, only where it says how long mentoring has lasted."""
    groups = [group for group in (figure.group, figure.reference) if group]
    held = all(source_group(group) in study.groups for group in groups)
    return held and (study.duration is not None or all(group in study.groups for group in groups))


def _beside(figure: Figure, study: Study, tables: tuple[pd.DataFrame, pd.DataFrame], cohort: Cohort) -> Row:
    assert study.published is not None
    low, high = _bears(figure, study.published.figure, study.analysis.level)
    group, reference = (named_in(each, cohort.sizes) for each in (figure.group, figure.reference))
    row: Row = {
        "figure": figure.id, "indicator": figure.indicator, "dimension": "", "group": group,
        "reference": reference, "published": figure.value, "base": figure.base, "published_low": low,
        "published_high": high, "unit": figure.kind, "status": "too_few",
    }  # fmt: skip
    if figure.kind == "size":
        size = cohort.sizes.get(group, 0)
        return row | {"n": size, "estimate": size, "status": "shown"}
    found = _row_of(figure, group, reference, *tables)
    if found is None:
        return row
    sizes = tables[0].query("indicator == @figure.indicator and group == @group")["n"]
    wanted = ("dimension", "estimate", "low", "high", "status")
    return row | {"n": sizes.iloc[0]} | {name: found[name] for name in wanted}


def _row_of(
    figure: Figure, group: str, reference: str, estimates: pd.DataFrame, comparisons: pd.DataFrame
) -> "pd.Series[Any] | None":
    """The row of this cohort's tables that a published figure stands beside."""
    if figure.kind == "ratio":
        frame = comparisons[(comparisons["measure"] == "ratio") & (comparisons["reference"] == reference)]
    else:
        frame = estimates
    rows = frame[(frame["indicator"] == figure.indicator) & (frame["group"] == group)]
    return rows.iloc[0] if len(rows) else None


def _bears(figure: Figure, figures: Iterable[Figure], level: float) -> tuple[float, float]:
    """The interval that a published figure can bear at best: on its base, else on the whole of a group of known size.

    Simple random sampling is assumed, as is all one can do with a figure published without its design: Wilson for a
    share; for a ratio MOVER from the two shares published of the same item. (NaN, NaN) where nothing can be told.
    """
    by_group: dict[tuple[str, str], Figure] = {
        (one.indicator, one.group): one for one in figures if one.kind == "share"
    }
    sizes: dict[str, int] = {one.group: int(one.value) for one in figures if one.kind == "size"}

    def arm(share: Figure) -> Estimated | None:
        base = share.base if isinstance(share.base, int) else sizes.get(share.group)
        if not base:
            return None
        answers = np.arange(base) < round(share.value * base)
        sample = Sample(answers, kind="share")
        return Estimated(share.value, sample.std_error, *interval("wilson", sample, level))

    if figure.kind == "size":
        return math.nan, math.nan
    pairs = [figure] if figure.kind == "share" else [
        by_group.get((figure.indicator, group)) for group in (figure.group, figure.reference)
    ]  # fmt: skip
    arms = [arm(share) if share else None for share in pairs]
    known = [one for one in arms if one is not None]
    if len(known) < len(arms):
        return math.nan, math.nan
    found = known[0] if len(known) == 1 else CONTRASTS["ratio"].between(known[0], known[1], 0.0)
    return found.low, found.high
