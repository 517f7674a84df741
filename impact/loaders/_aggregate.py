"""Tables of results are refused: their rows are categories, and counting these would give figures about nobody."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from impact import texts
from impact.errors import ImpactError
from impact.loaders._rows import TOTALS, folded, is_number, value
from impact.loaders._sheet import Row
from impact.model import Export

MOST_ROWS: Final = 150  # categories of a table of results: the departments are a hundred
YEARS: Final = re.compile(r"(19|20)\d\d(\s*[-/]\s*(19|20)?\d\d)?")
SIGNS_NEEDED: Final = 3
DECISIVE: Final = frozenset(("sign_counts", "sign_shares", "sign_years"))
COUNTS: Final = frozenset(("n", "nb", "effectif", "effectifs", "nombre", "frequence", "frequences", "count"))
SHARES: Final = frozenset(("%", "en %", "pourcentage", "pourcentages", "part", "percent", "share"))
TITLES: Final = re.compile(r"%|\b(tableau|part|proportion|repartition|effectifs?|nombre)\b")
NO_FIGURE: Final = frozenset(("", "nr", "nd", "n.d", "ns", "so", "s", "-", "--", "…", "na", "n/a", "nc", "/"))


def check(found: Export, above: str) -> None:
    """Raises ImpactError for a table of results, with its signs; `above` is what stands over the headings.

    Three signs are needed, one of them a column of counts, a column of shares that add up to 100 %, or a column a year:
    a sheet of respondents by name, with marks, a title and a line of means, has all the others.
    """
    if len(found.cells) > MOST_ROWS:
        return
    signs = list(_signs(found, above))
    if len(signs) >= SIGNS_NEEDED and DECISIVE.intersection(signs):
        say = texts.load()
        place = f"{found.source}, {found.sheet}" if found.sheet else found.source
        raise ImpactError("loader_aggregated", file=place, signs=", ".join(say(f"note.{sign}") for sign in signs))


def _signs(found: Export, above: str) -> Iterator[str]:
    filled = [column.position for column in found.columns if (found.cells[column.position] != "").any()]
    rows: list[Row] = list(found.cells[filled].itertuples(index=False, name=None))
    names = [folded(found.columns[place].heading) for place in filled]
    lines = [row for row in rows if folded(row[0]) not in TOTALS]
    if any(_categories(lines, leading) for leading in (1, 2)):
        yield "sign_categories"
    if any(name in COUNTS for name in names):
        yield "sign_counts"
    if any(_shares(name, [row[place] for row in lines]) for place, name in enumerate(names) if place):
        yield "sign_shares"
    if sum(bool(YEARS.fullmatch(name)) for name in names) > 1:
        yield "sign_years"
    if "total" in found.left_out.values() or len(lines) < len(rows):
        yield "sign_total"
    if TITLES.search(folded(above)):
        yield "sign_title"


def _categories(rows: Sequence[Row], leading: int) -> bool:
    """Whether each row is named by a text of its own, in its first columns, and all else are figures.

    A first text stands for the rows below it as well, where it is blank.
    """
    labels, first = [], ""
    for row in rows:
        first = row[0].strip() or first
        labels.append(" ".join((first, *row[1:leading])).strip())
    figures = [cell for row in rows for cell in row[leading:] if folded(cell) not in NO_FIGURE]
    return (
        len(rows) > 1
        and all(labels)
        and len(set(labels)) == len(labels)
        and not any(is_number(cell) for row in rows for cell in row[:leading])
        and bool(figures)
        and all(map(is_number, figures))
    )


def _shares(name: str, cells: Sequence[str]) -> bool:
    """Whether a column adds up to a whole: 100 where its heading or its cells say percent, or 1."""
    numbers = [value(cell) for cell in cells if is_number(cell)]
    if len(numbers) < 2 or len(numbers) < len(cells):
        return False
    percent = name in SHARES or "%" in name or all("%" in cell for cell in cells)
    total = sum(numbers)
    return percent and (abs(total - 100) <= 1.5 or abs(total - 1) <= 0.015)
