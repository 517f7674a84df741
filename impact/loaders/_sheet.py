"""A file as it was opened, before it is known which tool wrote it and which rows are respondents."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

Row: TypeAlias = tuple[str, ...]
Places: TypeAlias = npt.NDArray[np.intp]  # rows, counted from 0

WIDEST: Final = 5_000  # columns; the widest real export seen has 1 400
TOP: Final = 60  # rows that a tool may look at to recognise its own


@dataclass(frozen=True)
class Sheet:
    """The rows of one sheet or text, every cell a text and every row as wide: "" fills those that ended before.

    A row stands at a place, counted from 0 with the blank ones; `numbers` names each as the user sees it. `frame` has
    one categorical column a column of the sheet, named by its position, the place as its index. `lengths` holds the
    number of cells each row had in the file, None where all had as many.
    """

    name: str  # "" where the format has none
    numbers: Sequence[int]
    frame: pd.DataFrame
    lengths: npt.NDArray[np.intp] | None = None
    visible: bool = True
    notes: tuple[str, ...] = ()

    @classmethod
    def of(cls, rows: Sequence[Sequence[str]], name: str = "", numbers: Sequence[int] | None = None) -> "Sheet":
        """A sheet of these rows, numbered from 1 where nothing else is said."""
        lengths = np.array([len(row) for row in rows], dtype=np.intp)
        width = int(lengths.max()) if len(rows) else 0
        even = bool((lengths == width).all())
        squared = rows if even else [(*row, *("",) * (width - len(row))) for row in rows]
        columns = list(zip(*squared, strict=True)) or [()] * width
        frame = pd.DataFrame({place: categorical(column) for place, column in enumerate(columns)}, range(len(rows)))
        return cls(name, numbers or range(1, len(rows) + 1), frame, None if even else lengths)

    @classmethod
    def of_columns(cls, columns: Sequence[pd.Categorical], height: int, name: str) -> "Sheet":
        """A sheet of these columns, all of one height; its rows are numbered from 1."""
        frame = pd.DataFrame(dict(enumerate(columns)), range(height))
        return cls(name, range(1, height + 1), frame)

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def width(self) -> int:
        """How many columns the widest row has."""
        return self.frame.shape[1]

    @cached_property
    def top(self) -> tuple[Row, ...]:
        """The first rows, cut at their own length."""
        return tuple(self.row(place) for place in range(min(TOP, len(self))))

    def row(self, place: int) -> Row:
        """The cells of one row, as many as the file has."""
        length = self.width if self.lengths is None else int(self.lengths[place])
        return tuple(self._texts[column][self._codes[column][place]] for column in range(length))

    def distinct(self, column: int, start: int = 0) -> tuple[str, ...]:
        """The different texts of a column from a place on, blanks left out, in the order of their first appearance."""
        codes = self._codes[column][start:]
        found, first = np.unique(codes, return_index=True)
        texts = self._texts[column]
        return tuple(texts[code] for code in found[np.argsort(first)] if texts[code].strip())

    def holding(self, column: int, start: int, fits: Iterable[bool]) -> Places:
        """The places, from one on, of a column's cells whose text fits; `fits` answers for each of `values`."""
        chosen = np.fromiter(fits, dtype=bool, count=len(self._texts[column]))
        return np.flatnonzero(chosen[self._codes[column][start:]]) + start

    def values(self, column: int) -> Sequence[str]:
        """The different texts of a column, blanks among them, in no order that means anything."""
        return self._texts[column]

    @cached_property
    def _codes(self) -> list[npt.NDArray[Any]]:
        return [self.frame[column].cat.codes.to_numpy() for column in self.frame]

    @cached_property
    def _texts(self) -> list[list[str]]:
        return [self.frame[column].cat.categories.tolist() for column in self.frame]


@dataclass(frozen=True)
class Book:
    """A file whose rows are known: its sheets, a text having one without a name. `format` is the loader's name.

    Where the study names a sheet, it alone is in `sheets`; the others are `aside`, and may tell of its answers.
    """

    path: Path
    format: str
    sheets: tuple[Sheet, ...]
    notes: tuple[str, ...] = ()
    aside: tuple[Sheet, ...] = ()

    @property
    def file(self) -> str:
        """The file's name."""
        return self.path.name

    def sheet(self, name: str) -> Sheet | None:
        """The sheet of a name, None where there is none."""
        return next((sheet for sheet in self.sheets if sheet.name == name), None)


@dataclass(frozen=True, slots=True)
class Coded:
    """A column as its different values and, for each row, the place of its own among them."""

    values: Sequence[Any]
    codes: npt.NDArray[np.uint32]

    @classmethod
    def of(cls, cells: Sequence[Any]) -> "Coded":
        """These cells; None is a value like another."""
        places = {value: place for place, value in enumerate(dict.fromkeys(cells))}
        return cls(list(places), np.array([places[cell] for cell in cells], dtype=np.uint32))

    def __len__(self) -> int:
        return len(self.codes)

    def first(self, count: int) -> list[Any]:
        """The values of the first rows."""
        return [self.values[code] for code in self.codes[:count].tolist()]

    def written(self, write: Callable[[Any], str]) -> pd.Categorical:
        """The cells as texts, each value written once, as `categorical` gives them."""
        used, held = pd.factorize(self.codes)
        texts = np.array([write(self.values[code]) for code in held.tolist()], dtype=object)
        merged, different = pd.factorize(texts)
        return _coded(merged[used], different)


def categorical(cells: Sequence[Any]) -> pd.Categorical:
    """Cells as a categorical column: each distinct text once, in the order of its first appearance."""
    codes, texts = pd.factorize(np.array(cells, dtype=object))
    return _coded(codes, texts)


def compact(cells: pd.Categorical) -> pd.Categorical:
    """The same cells, without the texts that none of them holds."""
    used = np.bincount(cells.codes, minlength=len(cells.categories)) > 0
    if used.all():
        return cells
    return _coded((np.cumsum(used) - 1)[cells.codes], cells.categories[used])


def _coded(codes: npt.NDArray[Any], texts: Any) -> pd.Categorical:  # noqa: ANN401 – an index or an array of texts
    dtype = pd.CategoricalDtype(pd.Index(texts, dtype=object))
    small = codes.astype(np.min_scalar_type(-max(len(texts), 1)))
    return pd.Categorical.from_codes(small, dtype=dtype)
