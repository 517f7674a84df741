"""A file about to be written: its columns, its cells as texts, and how its format lays them out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from impact.matching import fold
from impact.model import Column

MARK = "Données synthétiques"  # stands in every file written here, whatever the language of the study
CODED = "SYNTH"  # what stands above that column where headings are codes


@dataclass(frozen=True)
class Layout:
    """How a format holds a table. Each format reads the fields that concern it and no other.

    `others` are the lines that are no respondent: row number, as the file counts, to its cells.
    """

    format: Literal["delimited", "workbook", "r_syntax", "spss", "stata"]
    encoding: str = "utf-8-sig"
    separator: str = ";"
    quote_all: bool = True
    newline: str = "\r\n"
    sheet: str = "Feuil1"
    header_row: int = 1
    headings: tuple[str, ...] = ()  # what that row holds, where it is not the heading of each column
    preamble: str = ""  # what stands above the first line: "sep=;"
    others: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    beside: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)  # other sheets, by name
    compressed: bool = False  # .zsav

    @property
    def labelled(self) -> bool:
        """Whether each column has a name and a label."""
        return self.format in ("r_syntax", "spss", "stata")


@dataclass(frozen=True)
class Sheet:
    """Cells as an `Export` holds them: each a text, one column a `Column`, the index the row as the file counts."""

    columns: tuple[Column, ...]
    cells: pd.DataFrame
    layout: Layout


def is_mark(column: Column) -> bool:
    """Whether a column only says that the file is synthetic."""
    return not {fold(MARK), fold(CODED)}.isdisjoint(map(fold, column.headings))


class Builder:
    """Columns added one after the other, from left to right."""

    def __init__(self, rows: pd.Index) -> None:
        self.rows = rows
        self.columns: list[Column] = []
        self.values: dict[int, pd.Series[str]] = {}

    def add(
        self,
        headings: tuple[str, ...],
        values: list[str],
        labels: Mapping[str, str] | None = None,
        declared_missing: frozenset[str] = frozenset(),
    ) -> None:
        """One more column: its headings and a text a row."""
        position = len(self.columns)
        self.columns.append(Column(position, headings, "", labels or {}, declared_missing))
        self.values[position] = pd.Series(values, self.rows, dtype=object)

    def sheet(self, layout: Layout) -> Sheet:
        """The whole table."""
        return Sheet(tuple(self.columns), pd.DataFrame(self.values, self.rows), layout)
