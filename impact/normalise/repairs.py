"""How often each repair of the study file was needed: what was done to the answers is counted like the rows."""

from collections.abc import Container, Mapping

import pandas as pd

from impact.matching import fold
from impact.model import Export, Values
from impact.normalise._reading import distinct
from impact.normalise.columns import Feed
from impact.study import Source


def repairs_made(export: Export, source: Source, feeding: Mapping[str, Feed], rows: pd.Index) -> dict[str, int]:
    """By repair: the columns that `rename` linked, the cells that `recode`, `merge` and `repair_encoding` changed.

    A repair that the study does not ask for is left out; one that it asks for and that changed nothing counts 0.
    """
    cells = export.cells.loc[rows]
    found: dict[str, int] = {}
    if source.rename:
        found["rename"] = sum(len(feeding[name].columns) for name in set(source.rename.values()) if name in feeding)
    if source.recode:
        found["recode"] = sum(
            _recoded(cells, feeding[name], said) for name, said in source.recode.items() if name in feeding
        )
    if source.merge:
        found["merge"] = sum(_merged(cells, feeding[name]) for name in source.merge if name in feeding)
    if source.repair_encoding:
        found["repair_encoding"] = export.repaired
    return found


def _recoded(cells: pd.DataFrame, feed: Feed, said: Mapping[str, str]) -> int:
    wanted = {fold(value) for value in said}
    return sum(_holding(cells[column.position], wanted) for column in feed.all)


def _holding(cells: Values, wanted: Container[str]) -> int:
    return int(cells.isin([text for text in distinct(cells)[1] if fold(text) in wanted]).sum())


def _merged(cells: pd.DataFrame, feed: Feed) -> int:
    """The answers that stand elsewhere than in the first of the merged columns."""
    return sum(int((cells[column.position].str.strip() != "").sum()) for column in feed.columns[1:])
