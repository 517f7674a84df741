"""What became of each column of an export: for the register in which an association says what it does with data."""

from collections.abc import Iterable, Mapping

import pandas as pd

from impact.model import FIELDS, Column, Export
from impact.normalise._reading import impersonal
from impact.normalise.columns import Feed


def fields(export: Export, feeding: Mapping[str, Feed], sorting: Iterable[Column]) -> pd.DataFrame:
    """One row a column, in the file's order, as FIELDS; a heading that leads to someone is not shown."""
    asked = {column.position for feed in feeding.values() for column in (*feed.all, *filter(None, [feed.free]))}
    sorts = {column.position for column in sorting}
    lines = [(export.source, impersonal(column.heading), _use(column, asked, sorts)) for column in export.columns]
    return pd.DataFrame(lines, columns=list(FIELDS))


def _use(column: Column, asked: set[int], sorts: set[int]) -> str:
    if column.personal:
        return "dropped" if column.trace else "kept"
    if column.position in asked:
        return "question"
    return "rows" if column.position in sorts else column.role or "unused"
