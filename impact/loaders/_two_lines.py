"""Headings on two lines, as people lay them out by hand: a group of columns named once, above what each column is."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from impact.loaders import _rows
from impact.loaders._sheet import Row, Sheet
from impact.model import Column

NEARLY_ALL: Final = 0.9  # of the rows fill a column whose heading stands on the first line alone
FEWEST_GROUPS: Final = 2  # of a line above full headings; one alone may be a title


def headings(sheet: Sheet, place: int) -> tuple[int, ...]:
    """The places of the rows of headings, given one that is: itself, and the one below or above where both are."""
    if place + 2 < len(sheet) and _names_below(sheet, place):
        return place, place + 1
    if place and _groups_above(sheet.row(place - 1), sheet.row(place)):
        return place - 1, place
    return (place,)


def columns(sheet: Sheet, places: tuple[int, ...]) -> tuple[Column, ...]:
    """One column a column: under a group, named by the second line and in the group's block."""
    above, below = (_wide(sheet.row(place), sheet.width) for place in (places[0], places[-1]))
    plain = [Column(place, (low or high,)) for place, (high, low) in enumerate(zip(above, below, strict=True))]
    if len(places) > 1:
        for start, end in _groups(above, below):
            for place in range(start, end):
                plain[place] = replace(plain[place], block=above[start].strip(), item=below[place].strip())
    return tuple(plain)


def _wide(row: Row, width: int) -> Row:
    return (*row, *("",) * (width - len(row)))


def _groups(above: Row, below: Row) -> Iterator[tuple[int, int]]:
    """Where each group begins and ends: from a name to the next, as far as the second line goes on; two columns at
    least."""
    named = [place for place, cell in enumerate(above) if cell.strip()]
    for start, following in zip(named, [*named[1:], len(above)], strict=True):
        end = next((place for place in range(start, following) if not below[place].strip()), following)
        if end > start + 1:
            yield start, end


def _names_below(sheet: Sheet, place: int) -> bool:
    """Whether the row below a row of headings names the columns of its groups, and holds nothing elsewhere.

    A respondent would have answered what nearly everybody does, under a heading of the first line.
    """
    above, below = (_wide(sheet.row(one), sheet.width) for one in (place, place + 1))
    grouped = {place for start, end in _groups(above, below) for place in range(start, end)}
    alone = [column for column in _rows.filled(above) if column not in grouped]
    return (
        bool(grouped)
        and grouped == set(_rows.filled(below))
        and not any(_rows.is_typed(below[column]) for column in grouped)
        and any(_nearly_full(sheet, column, place + 2) for column in alone)
    )


def _nearly_full(sheet: Sheet, column: int, start: int) -> bool:
    held = sheet.holding(column, start, [bool(text.strip()) for text in sheet.values(column)])
    return len(held) >= NEARLY_ALL * (len(sheet) - start)


def _groups_above(above: Row, below: Row) -> bool:
    """Whether a row above full headings names groups of them: several, none over the first column."""
    width = max(len(above), len(below))
    named, full = _rows.filled(above), set(_rows.filled(below))
    return (
        len(named) >= FEWEST_GROUPS
        and named[0] > 0
        and full >= {0, *named}
        and len(list(_groups(_wide(above, width), _wide(below, width)))) >= FEWEST_GROUPS
        and not any(_rows.is_typed(cell) for cell in (*above, *below) if cell.strip())
    )
