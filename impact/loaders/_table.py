"""From the rows of a file to an Export: headings found, rows that are no respondent set aside, every row as wide."""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, takewhile
from typing import Final

import numpy as np
import pandas as pd

from impact import texts
from impact.errors import ImpactError
from impact.loaders import _aggregate, _rows
from impact.loaders._rows import Row
from impact.model import Column, Export

WIDEST: Final = 5_000  # columns; the widest real export seen has 1 400
SYSTEMATIC: Final = 3  # short rows that end on an answer, from which on the file is believed to trim its blanks
LISTED: Final = 10  # rows or columns named in a note
TAIL: Final = 20  # last rows that are looked at twice


@dataclass(frozen=True, slots=True)
class Grid:
    """The rows of a file before it is known which are respondents; `numbers` names each as the user sees it."""

    source: str
    format: str
    sheet: str
    numbers: Sequence[int]
    rows: Sequence[Row]


def export(grid: Grid, header_row: int | None, notes: Iterable[str]) -> Export:
    """The export that a grid holds; `header_row` is the row of the headings where the study names it.

    Raises ImpactError where there are no headings or no answers, where a row cannot be cut to the headings' width
    without shifting answers, and where the table is one of results, not of respondents.
    """
    headings = _headings(grid, header_row)
    reasons = _rows.left_out(grid.rows, headings)
    kept = [place for place in range(headings + 1, len(grid.rows)) if place not in reasons]
    if not kept:
        raise ImpactError("loader_no_answer", file=grid.source)
    rows, width, padded = _squared(grid, headings, kept)
    columns = tuple(Column(place, (cell,)) for place, cell in enumerate(_cut(grid.rows[headings], width)))
    cells = frame(rows, [grid.numbers[place] for place in kept])
    left_out = {grid.numbers[place]: reason for place, reason in reasons.items()}
    found = Export(grid.source, grid.format, grid.sheet, columns, cells, left_out)
    _aggregate.check(found, above=" ".join(cell for row in grid.rows[:headings] for cell in row))
    remarks = _remarks(found, grid.numbers[headings])
    padding = [texts.load()("note.padded_rows", count=padded)] if padded else []
    return replace(found, notes=(*notes, *remarks, *padding))


def frame(rows: Sequence[Row], numbers: Sequence[int]) -> pd.DataFrame:
    """Rows as a frame of texts, each column in one stretch of memory: what follows reads column by column."""
    cells = np.asfortranarray(np.array(rows, dtype=object))
    return pd.DataFrame(cells, index=pd.Index(list(numbers), dtype="int64"), dtype=object, copy=False)


def _headings(grid: Grid, asked: int | None) -> int:
    """The place of the row of headings."""
    if asked is None:
        found = _rows.find_headings(grid.rows)
        if found is None:
            raise ImpactError("loader_empty", file=grid.source)
        return found
    if asked not in grid.numbers or _rows.is_blank(grid.rows[grid.numbers.index(asked)]):
        raise ImpactError("loader_header_row", file=grid.source, row=asked)
    return grid.numbers.index(asked)


def _squared(grid: Grid, headings: int, kept: Sequence[int]) -> tuple[list[Row], int, int]:
    """The kept rows, all as wide as the headings; that width; how many rows were short of blank cells.

    Unnamed columns at the right that nobody fills are no columns. An answer beyond the last heading is an error, for
    nobody can say which question it belongs to, and so is a row that breaks off.
    """
    header = grid.rows[headings]
    rows = [grid.rows[place] for place in kept]
    for place, row in zip(kept, rows, strict=True):
        if len(row) > len(header) and any(map(str.strip, row[len(header) :])):
            raise _misshapen("loader_row_long", grid, place, len(header))
    named = _rows.extent(header)
    width = named if named == len(header) else max(named, *map(_rows.extent, rows))
    if width > WIDEST:
        raise ImpactError("loader_too_wide", file=grid.source, columns=width, limit=WIDEST)
    short = [index for index, row in enumerate(rows) if len(row) < width]
    broken = _broken(rows, short, width) if short else None
    if broken is not None:
        raise _misshapen("loader_row_short", grid, kept[broken], width)
    return [_cut(row, width) for row in rows], width, len(short)


def _broken(rows: Sequence[Row], short: Sequence[int], width: int) -> int | None:
    """The first short row that is not merely trimmed of its blank cells, by what the file shows.

    Some tools drop the blanks at the end of a row (Excel, those of a block of 16 rows). Three signs of a break instead:
    a short row and those after it add up to one whole row; a cell alone continues the last answer of a whole row; or
    one or two rows alone are short and end on an answer. Only a row that does not begin with a number, where the whole
    rows do, can be the rest of another.
    """
    whole = [row for row in rows if len(row) == width]
    numbered = bool(whole) and all(_rows.is_number(row[0]) for row in whole)
    rests = {place for place in short if not (numbered and _rows.is_number(rows[place][0]))}
    split = next((place for place in short if _adds_up(rows, place, rests, width)), None)
    ending = [place for place in short if rows[place][-1].strip()]
    alone = [place for place in ending if len(ending) < SYSTEMATIC or _hangs_over(rows, place, rests)]
    return split if split is not None else next(iter(alone), None)


def _adds_up(rows: Sequence[Row], place: int, rests: Container[int], width: int) -> bool:
    """Whether a short row and those after it that can be its rest make a whole row; trimmed blocks do not."""
    after = takewhile(lambda other: other in rests, range(place + 1, min(place + LISTED, len(rows))))
    lengths = [len(rows[other]) - 1 for other in (place, *after)]
    block = len(set(lengths)) == 1 and (
        len(lengths) >= SYSTEMATIC or (place and len(rows[place - 1]) == len(rows[place]))
    )
    return not block and width - 1 in list(accumulate(lengths))[1:]


def _hangs_over(rows: Sequence[Row], place: int, rests: Container[int]) -> bool:
    """Whether a row of one cell follows a row that ends on an answer, and can be the rest of that answer."""
    above = rows[place - 1] if place else ()
    return len(rows[place]) == 1 < len(above) and place in rests and bool(above[-1].strip())


def _misshapen(key: str, grid: Grid, place: int, width: int) -> ImpactError:
    return ImpactError(key, file=grid.source, line=grid.numbers[place], found=len(grid.rows[place]), expected=width)


def _cut(row: Row, width: int) -> Row:
    return row if len(row) == width else (row + ("",) * (width - len(row)))[:width]


def _remarks(found: Export, header_row: int) -> Iterator[str]:
    """What was found out about the table, as sentences."""
    say = texts.load()
    if any(number < header_row for number in found.left_out):
        yield say("note.header_row", row=header_row)
    for reason in ("total", "note", "repeated_header"):
        numbers = [number for number, why in found.left_out.items() if why == reason and number > header_row]
        if numbers:
            yield say(f"note.left_out_{reason}", rows=listed(numbers))
    tail = _nearly_empty_tail(found.cells)
    if tail:
        yield say("note.nearly_empty_tail", rows=listed(tail))
    if len(found.columns) == 1:
        yield say("note.one_column")
    yield from _unnamed(found)


def _nearly_empty_tail(cells: pd.DataFrame) -> list[int]:
    """The last rows, where they lack what every row above begins with: notes without a word that says so, perhaps."""
    named = cells[0].str.strip() != ""
    filled = (cells.iloc[-TAIL:] != "").sum(axis=1)
    suspect = (~named | (filled == 1)).iloc[-TAIL:]
    tail = list(takewhile(lambda number: suspect[number], reversed(suspect.index)))
    above = named.iloc[: len(cells) - len(tail)]
    return sorted(tail) if len(tail) < len(suspect) and cells.shape[1] > 3 and above.all() else []


def _unnamed(found: Export) -> Iterator[str]:
    say = texts.load()
    unnamed = [column for column in found.columns if not column.heading.strip()]
    if unnamed and unnamed[0].position == 0 and _counts_rows(found.cells[0].tolist()):
        yield say("note.row_numbers")
        unnamed = unnamed[1:]
    filled = [column.letter for column in unnamed if (found.cells[column.position] != "").any()]
    if filled:
        yield say("note.unnamed_columns", columns=listed(filled))


def _counts_rows(cells: Sequence[str]) -> bool:
    """Whether a column is the row numbers that pandas (0, 1, 2…) or R (1, 2, 3…) writes in front of a table."""
    return any(all(cell == str(number) for number, cell in enumerate(cells, start)) for start in (0, 1))


def listed(names: Sequence[object]) -> str:
    """Names in a row, the first ten of them."""
    more = f"… ({len(names)})" if len(names) > LISTED else ""
    return ", ".join(map(str, names[:LISTED])) + more
