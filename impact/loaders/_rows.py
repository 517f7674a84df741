"""Which rows of a sheet or text are headings, respondents, or neither.

A respondent is never dropped on a suspicion: a row below the headings is left out only where it is blank, repeats the
headings, or stands in the tail of the table and cannot be an answer sheet (see `is_total`, `is_note`).
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from impact.loaders._sheet import Places, Row, Sheet
from impact.matching import fold

TOP: Final = 30  # rows that hold something in which the headings are looked for
NUMBER: Final = re.compile(r"[-+−]?\d[\d\s]*(?:[.,]\d+)?(?:e[-+]?\d+)?\s*%?", re.IGNORECASE)
OTHER_TYPES: Final = re.compile(r"\d{4}-\d\d-\d\d(T.*)?|\d{1,2}/\d{1,2}/\d{2,4}( .*)?|TRUE|FALSE")
YEAR: Final = re.compile(r"(19|20)\d\d")
SUBTOTALS: Final = ("sous-total", "sous total", "subtotal")
TOTALS: Final = frozenset(
    (*SUBTOTALS, "total", "totaux", "total general", "grand total", "ensemble", "moyenne", "moyennes", "somme", "mean")
)
NOTE: Final = re.compile(
    r"\*|►|\(\d+\)\s|(sources?|notes?|lecture|champ|n\.?\s?b\.?|remarques?|avertissement|legende|precision)\s*:"
)


def is_blank(row: Row) -> bool:
    """Whether no cell holds anything but spaces."""
    return not any(map(str.strip, row))


def is_number(cell: str) -> bool:
    """Whether a cell is a number as people write it: spaces for thousands, comma or dot, percent."""
    return bool(NUMBER.fullmatch(cell.strip()))


def value(cell: str) -> float:
    """The number in a cell that `is_number`; a percent sign is dropped."""
    return float(re.sub(r"[\s%]", "", cell).replace(",", ".").replace("−", "-"))


def folded(cell: str) -> str:
    """A word without case, accents and closing punctuation."""
    return fold(cell).strip(" :.*")


def extent(row: Row) -> int:
    """How many cells up to the last that holds something."""
    return next((place for place in range(len(row), 0, -1) if row[place - 1].strip()), 0)


def find_headings(sheet: Sheet) -> int | None:
    """The place of the row of headings, None where every row is blank.

    It is the first row that holds anything, unless that row looks like a title: filled for less than 60 % of the used
    width, with fewer than four cells, and not as wide as most rows (one row too long is a fault to tell). Then it is
    the first row filled by 60 % with distinct texts above a row that holds a number or a date (or two above, where a
    shorter one is between: names within groups); in a table of texts alone, the first row with nearly as many distinct
    texts as any.
    """
    top = [(place, row) for place, row in enumerate(sheet.top) if not is_blank(row)][:TOP]
    if not top:
        return next((int(place) for place in np.flatnonzero(~blank(sheet))), None)
    extents = [extent(row) for _, row in top]
    used = max(extents)
    first, row = top[0]
    held = len(filled(row))
    if held >= 0.6 * used or held >= 4 or 1 < held == Counter(extents).most_common(1)[0][0]:
        return first
    counts = [_distinct_texts(row) for _, row in top]
    rows = [row for _, row in top]
    for index, (place, count) in enumerate(zip((place for place, _ in top), counts, strict=True)):
        if count >= 0.6 * used and _above_answers(rows[index : index + 3]):
            return place
    return next(place for (place, _), count in zip(top, counts, strict=True) if count >= 0.9 * max(counts))


def _above_answers(rows: Sequence[Row]) -> bool:
    """Whether the first of three rows stands above answers that are typed."""
    row, *below = rows
    if not below or any(map(is_typed, below[0])):
        return bool(below)
    return len(below) > 1 and len(filled(below[0])) < len(filled(row)) and any(map(is_typed, below[1]))


def blank(sheet: Sheet) -> npt.NDArray[np.bool_]:
    """Whether each row of a sheet is blank."""
    empty = np.ones(len(sheet), dtype=bool)
    for column in range(sheet.width):
        empty[sheet.holding(column, 0, [bool(text.strip()) for text in sheet.values(column)])] = False
        if not empty.any():
            break
    return empty


def left_out(sheet: Sheet, headings: Sequence[int]) -> dict[int, str]:
    """The places of the rows that are no respondent, in the file's order, each with its reason; `headings` are the
    places of the rows of headings, which are in neither."""
    empty, last = blank(sheet), max(headings)
    reasons = {place: "blank_row" if empty[place] else "note" for place in range(last) if place not in headings}
    reasons |= dict.fromkeys(map(int, np.flatnonzero(empty[last + 1 :]) + last + 1), "blank_row")
    header = _trimmed(sheet.row(last))
    if len(filled(header)) > 1:
        alike = _beginning(sheet, last + 1, lambda text: text == header[0])
        reasons |= {int(p): "repeated_header" for p in alike if not empty[p] and _trimmed(sheet.row(p)) == header}
    subtotals = _beginning(sheet, last + 1, lambda text: text.casefold().startswith(SUBTOTALS))
    reasons |= {int(place): "total" for place in subtotals if _counts_only(sheet.row(place))}
    return dict(sorted((reasons | _tail(sheet, last, reasons)).items()))


def _beginning(sheet: Sheet, start: int, fits: Callable[[str], bool]) -> Places:
    return sheet.holding(0, start, map(fits, sheet.values(0)))


def _tail(sheet: Sheet, headings: int, known: Mapping[int, str]) -> dict[int, str]:
    """Totals and notes below the last respondent: from the last row up, until one is a respondent's."""
    found: dict[int, str] = {}
    header = sheet.row(headings)
    for place in range(len(sheet) - 1, headings, -1):
        if place in known:
            continue
        row = sheet.row(place)
        if is_note(row, header):
            found[place] = "note"
        elif _odd(row) and _sums_up_all(sheet, place, headings, known):
            found[place] = "total"
        else:
            break
    return found


def _sums_up_all(sheet: Sheet, place: int, headings: int, known: Mapping[int, str]) -> bool:
    above = [sheet.row(other) for other in range(headings + 1, place) if other not in known]
    return bool(above) and is_total(sheet.row(place), above)


def is_note(row: Row, header: Row) -> bool:
    """Whether a row of the tail is a note under the table: one cell alone, the first, that begins like one."""
    return len(_trimmed(header)) > 1 and filled(row) == [0] and bool(NOTE.match(fold(row[0][:40])))


def is_total(row: Row, above: Sequence[Row]) -> bool:
    """Whether a row of the tail sums up the rows above it; its cells, but for the word, are numbers.

    Either its first filled cell says so (Total, Ensemble, Moyenne…) in a column where nobody else gave that answer, and
    half of its numbers stand under texts or are the sum, the count or the mean of their column. Or it has no identifier
    where every row above has one, and all of its numbers, three at least, are so.
    """
    lead, *rest = filled(row)
    named = folded(row[lead]) in TOTALS
    counts = rest if named else [lead, *rest]
    if not all(is_number(row[place]) for place in counts):
        return False
    columns = {place: [other[place] for other in above if len(other) > place] for place in (lead, *rest)}
    summed = sum(_sums_up(row[place], columns[place]) for place in counts)
    if named:
        given = any(folded(answer) == folded(row[lead]) for answer in columns[lead])
        return not given and 2 * summed >= len(counts) and max(map(len, above)) > 1
    return lead > 0 and summed == len(counts) >= 3 and all(other[0].strip() for other in above)


def _odd(row: Row) -> bool:
    """A quick look that spares the slow one: a total begins with its word, or with a blank."""
    return not row[0].strip() or folded(row[0]) in TOTALS


def _counts_only(row: Row) -> bool:
    return all(is_number(cell) for cell in row[1:] if cell.strip())


def _sums_up(cell: str, column: Sequence[str]) -> bool:
    answers = [answer for answer in column if answer.strip()]
    numbers = [value(answer) for answer in answers if is_number(answer)]
    if not answers:
        return False
    if len(numbers) < len(answers) / 2:
        return True
    decimals = len(re.sub(r".*[.,]|\D", "", cell)) if re.search(r"[.,]\d", cell) else 0
    targets = (sum(numbers), len(answers), sum(numbers) / len(numbers))
    return any(abs(value(cell) - target) <= 0.5001 * 10**-decimals for target in targets)


def filled(row: Row) -> list[int]:
    return [place for place, cell in enumerate(row) if cell.strip()]


def _trimmed(row: Row) -> Row:
    return row[: extent(row)]


def _distinct_texts(row: Row) -> int:
    """How many different headings a row could hold; tables of results have years among theirs."""
    return len({cell.strip() for cell in row if cell.strip() and (YEAR.fullmatch(cell.strip()) or not is_typed(cell))})


def is_typed(cell: str) -> bool:
    """Whether a cell is a number, a date or a boolean: no heading, as a rule."""
    return is_number(cell) or bool(OTHER_TYPES.fullmatch(cell.strip()))
