"""The survey tools, one file each: how a tool's exports are recognised, and what its columns and rows are.

A file of this folder offers `TOOL`, and whoever adds one writes nothing elsewhere. A tool never opens a file: it looks
at the rows of one that was opened (`Book`), whatever container it came in.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Final, NamedTuple

from impact import registry
from impact.loaders._sheet import Book, Sheet
from impact.matching import fold
from impact.model import NOTHING, Column, Export


class Found(NamedTuple):
    """A tool's export, recognised: the sheet of the answers, the places of its rows of headings, from top to bottom,
    and the signs it was recognised by, each as it stands in the file ("« _uuid »", "feuille « Form Responses 1 »").
    `used` names the other sheets that tell of the answers; `notes` are sentences on what they say;
    `beside` holds the rows of those without which a file is not this tool's, nothing in them leading to someone.
    """

    sheet: Sheet
    header: tuple[int, ...]
    signs: tuple[str, ...]
    used: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    beside: Mapping[str, tuple[tuple[str, ...], ...]] = MappingProxyType({})

    @property
    def rows(self) -> list[tuple[str, ...]]:
        """The rows of headings, all as wide as the sheet."""
        width = self.sheet.width
        return [(*row, *("",) * (width - len(row))) for row in map(self.sheet.row, self.header)]

    @property
    def start(self) -> int:
        """The place of the first row below the headings."""
        return max(self.header, default=-1) + 1


def headed(found: Found, book: Book) -> tuple[Column, ...]:
    """One column a column, named by the cell of each of its rows of headings that holds something."""
    cells = [dict.fromkeys(filter(str.strip, cells)) for cells in zip(*found.rows, strict=True)]
    return tuple(Column(place, tuple(headings) or ("",)) for place, headings in enumerate(cells))


def untouched(export: Export) -> Export:
    """Nothing that this tool knows besides its columns."""
    return export


@dataclass(frozen=True)
class Tool:
    """What is known of a tool's exports.

    `recognise` says whether a book is this tool's; it must be quick and sure, and None where in doubt. `columns` names
    the columns: headings (the whole one first, shorter ones that a questionnaire may name after it), `block` and `item`
    where several columns carry one question, `layout`, labels. Roles are given afterwards, by `roles`: heading, folded
    or as a pattern with `*`, to "metadata", "personal" or "note". `finish` adds what the rows tell: `flags`, `blanks`,
    `left_out` (with the rows taken out of `cells`), `answered_on`. `answered_on` here names the headings, in order of
    preference, of the column that dates each answer.
    """

    title: str  # as the user knows it: "KoboToolbox"
    priority: int  # the highest is asked first
    recognise: Callable[[Book], Found | None]
    columns: Callable[[Found, Book], tuple[Column, ...]] = headed
    roles: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    finish: Callable[[Export], Export] = untouched
    answered_on: Sequence[str] = ()


UNMARKED: Final = "table"  # what a study calls a file that no tool wrote, whatever its headings recall


@cache
def tools() -> dict[str, Tool]:
    """The tools by name, those asked first before the others."""
    found = {name: module.TOOL for name, module in registry.members(__name__).items()}
    return dict(sorted(found.items(), key=lambda pair: -pair[1].priority))


def marks(cells: Sequence[str], known: Sequence[str]) -> list[str]:
    """Those of a tool's known headings that a row holds, as the row writes them: most tools are recognised by some."""
    wanted = {fold(name) for name in known}
    return [cell.strip() for cell in cells if fold(cell) in wanted]
