"""The same respondent twice: who, and which row the study keeps."""

from typing import Final

import pandas as pd

from impact.loaders.pointers import Pointers
from impact.model import Export, Values
from impact.study import Source

FEWEST_ANSWERS: Final = (
    5  # cells that two respondents must share before they can be one: short forms are alike by chance
)


def same_respondent(export: Export, rows: pd.Index, identifier: str) -> "pd.Series[int]":
    """A number a row, equal for the rows of one respondent; rows that are nobody's double are left out.

    They bear the same identifier, where the study names one; else every answer of the file is the same, the tool's own
    columns (number, date…) set aside.
    """
    columns = Pointers(export).at([identifier]) if identifier else []
    if columns:
        values = export.cells.loc[rows, columns[0].position].astype(object)
        return _numbered(values[values.str.strip() != ""])
    positions = [column.position for column in export.columns if column.role in ("", "note")]
    codes = pd.DataFrame({place: pd.factorize(export.cells.loc[rows, place])[0] for place in positions}, rows)
    filled = sum((export.cells.loc[rows, place] != "").astype(int) for place in positions)
    enough = codes[filled >= FEWEST_ANSWERS] if positions else codes.iloc[:0]
    return _numbered(pd.util.hash_pandas_object(enough, index=False))


def superfluous(export: Export, source: Source, rows: pd.Index, identifier: str) -> list[int]:
    """The rows that `keep_duplicate` leaves out: all but the first, or the last, of each respondent's."""
    if source.keep_duplicate not in ("first", "last"):
        return []
    twice = same_respondent(export, rows, identifier)
    return [int(row) for row in twice.index[twice.duplicated(keep=source.keep_duplicate)]]


def _numbered(values: Values) -> "pd.Series[int]":
    twice = values[values.duplicated(keep=False)]
    return pd.Series(pd.factorize(twice)[0], twice.index)
