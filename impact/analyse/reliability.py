"""Whether the items of each index tell one thing, group by group."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from impact.analyse._cohort import Drawn, Row
from impact.model import RELIABILITY
from impact.reliability import MEASURES, Items, reliability
from impact.study import Indicator


def reliabilities(drawn: Drawn) -> pd.DataFrame:
    """Every measure of MEASURES of every index, in each group that it is a figure of."""
    rows = [
        row
        for indicator in drawn.study.questionnaire.indicator
        for group in (drawn.cells[indicator.id] if indicator.kind == "index" else ())
        for row in _rows(drawn, indicator, group)
    ]
    return pd.DataFrame(rows, columns=list(RELIABILITY))


def _rows(drawn: Drawn, indicator: Indicator, group: str) -> Iterator[Row]:
    items, level = _items(drawn, indicator, group), drawn.study.analysis.level
    for measure in MEASURES:
        row: Row = {
            "indicator": indicator.id, "dimension": indicator.dimension, "group": group, "measure": measure,
            "items": items.y.shape[1], "level": level, "interval": "delta", "status": "too_few",
        }  # fmt: skip
        found = reliability(measure, items, level)
        yield row if found is None else row | found._asdict() | {"status": "shown"}


def _items(drawn: Drawn, indicator: Indicator, group: str) -> Items:
    """The items that someone of the group answered, turned so that more is better."""
    items = [drawn.study.questionnaire.indicators[item] for item in indicator.items]
    y = np.column_stack([(-1.0 if item.better == "lower" else 1.0) * drawn.scores[item.id].y for item in items])
    weight = drawn.cohort.weights[group]
    answered = ~np.isnan(y[weight > 0]).all(axis=0)
    return Items(y[:, answered], weight, drawn.cohort.design)
