"""From the rows of a file to an Export: its tool and headings found, rows that are no respondent set aside."""

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise, takewhile
from typing import Final

import numpy as np
import pandas as pd

from impact import texts
from impact.errors import ImpactError
from impact.loaders import _aggregate, _choosing, _roles, _rows, _two_lines
from impact.loaders._sheet import WIDEST, Book, Places, Row, Sheet, compact
from impact.loaders.tools import Found, tools
from impact.model import NOTHING, Export
from impact.study.schema import Source

SYSTEMATIC: Final = 3  # short rows that end on an answer, from which on the file is believed to trim its blanks
LISTED: Final = 10  # rows or columns named in a note
LOST: Final = re.compile(r"\d[.,]\d{1,6}E\+1\d")
TAIL: Final = 20  # last rows that are looked at twice


def export(book: Book, source: Source, asked: str = "") -> Export:
    """The export that a book holds, as the tool that wrote it; `asked` is the tool that the study names, or UNMARKED.

    Raises ImpactError where there are no headings or no answers, where a row cannot be cut to the headings' width
    without shifting answers, and where the table is one of results, not of respondents.
    """
    chosen = _choosing.only_asked(book, source)
    name, found = _recognised(chosen, source, asked)
    tool = tools().get(name)
    sheet = found.sheet
    reasons = _rows.left_out(sheet, found.header)
    kept = _kept(sheet, found, reasons)
    if not len(kept):
        raise ImpactError("loader_no_answer", file=book.file)
    width, padded = _squared(book.file, found, kept)
    columns = tool.columns(found, chosen) if tool else _two_lines.columns(sheet, found.header)
    columns = _roles.with_roles(columns[:width], tool.roles if tool else NOTHING)
    numbers = sheet.numbers
    made = Export(
        source=book.file,
        format=book.format,
        sheet=sheet.name,
        columns=columns,
        cells=_cells(sheet, kept, width),
        left_out={numbers[place]: reason for place, reason in reasons.items()},
        tool=name,
        signs=found.signs,
        header={numbers[place]: sheet.row(place) for place in found.header},
        beside=found.beside,
    )
    made = replace(made, columns=_roles.told_by_cells(made))
    made = _roles.finished(made, tool) if tool else _checked(made, found)
    padding = [texts.load()("note.padded_rows", count=padded)] if padded else []
    others = _choosing.other_sheets(book, sheet, sheet.row(max(found.header, default=0)), found.used)
    notes = (*book.notes, *others, *sheet.notes, *_remarks(made), *found.notes, *made.notes, *padding)
    return replace(made, notes=notes)


def _recognised(book: Book, source: Source, asked: str) -> tuple[str, Found]:
    """The tool that wrote a book and what it was recognised by; "" and the row of headings for a table without mark."""
    named = {name: tool for name, tool in tools().items() if asked in ("", name)}
    for name, tool in named.items():
        found = _with_header_row(tool.recognise(book), book, source)
        if found and (asked or not _is_set_aside(found, book)):
            return name, found
    if asked in named:
        raise ImpactError("loader_not_this_tool", file=book.file, tool=named[asked].title, format=asked)
    sheet = _choosing.fullest(book)
    places = _two_lines.headings(sheet, _headings(sheet, book.file, source.header_row))
    rows = listed([sheet.numbers[place] for place in places])
    notes = (texts.load()("note.two_lines", rows=rows),) if len(places) > 1 else ()
    return "", Found(sheet, places, (), notes=notes)


def _is_set_aside(found: Found, book: Book) -> bool:
    """Whether a tool's sheet holds headings alone, beside one that holds answers."""
    return bool(_rows.blank(found.sheet)[found.start :].all()) and _choosing.fullest(book) is not found.sheet


def _with_header_row(found: Found | None, book: Book, source: Source) -> Found | None:
    """What a tool found, its headings beginning at the row that the study names.

    Rows of its own headings below that one stay headings: they are nobody's answers.
    """
    if found is None or source.header_row is None:
        return found
    named = _headings(found.sheet, book.file, source.header_row)
    own = tuple(place for place in found.header if place >= named) if named in found.header else ()
    return found._replace(header=own or (named,))


def _headings(sheet: Sheet, file: str, asked: int | None) -> int:
    """The place of the row of headings."""
    if asked is None:
        found = _rows.find_headings(sheet)
        if found is None:
            raise ImpactError("loader_empty", file=file)
        return found
    if asked not in sheet.numbers or _rows.is_blank(sheet.row(sheet.numbers.index(asked))):
        raise ImpactError("loader_header_row", file=file, row=asked)
    return sheet.numbers.index(asked)


def _kept(sheet: Sheet, found: Found, reasons: Container[int]) -> Places:
    return np.array([p for p in range(found.start, len(sheet)) if p not in reasons], dtype=np.intp)


def _cells(sheet: Sheet, kept: Places, width: int) -> pd.DataFrame:
    """The kept rows, each named by its number, without the texts that only other rows hold."""
    index = pd.Index(np.asarray(sheet.numbers)[kept])
    columns = {place: compact(sheet.frame[place].array[kept]) for place in range(width)}
    return pd.DataFrame(columns, index)


def _checked(made: Export, found: Found) -> Export:
    """A table without a tool's mark may be one of results."""
    above = [found.sheet.row(place) for place in range(min(found.header))]
    _aggregate.check(made, above=" ".join(cell for row in above for cell in row))
    return made


def _squared(file: str, found: Found, kept: Places) -> tuple[int, int]:
    """The width of the table and how many rows were short of blank cells.

    Unnamed columns at the right that nobody fills are no columns. An answer beyond the last heading is an error, for
    nobody can say which question it belongs to, and so is a row that breaks off.
    """
    sheet = found.sheet
    longest = max(len(sheet.row(place)) for place in found.header)
    named = max(_rows.extent(sheet.row(place)) for place in found.header)
    width = longest if longest == named else max(named, _filled_width(sheet, kept, longest))
    if width > WIDEST:
        raise ImpactError("loader_too_wide", file=file, columns=width, limit=WIDEST)
    if sheet.lengths is None:
        return width, 0
    lengths = sheet.lengths[kept]
    for place in kept[lengths > longest]:
        if any(map(str.strip, sheet.row(place)[longest:])):
            raise _misshapen("loader_row_long", file, sheet, int(place), longest)
    short = np.flatnonzero(lengths < width).tolist()
    if short:
        rows = [sheet.row(int(place)) for place in kept]
        broken = _broken(rows, short, width)
        if broken is not None:
            raise _misshapen("loader_row_short", file, sheet, int(kept[broken]), width)
    return width, len(short)


def _filled_width(sheet: Sheet, kept: Places, longest: int) -> int:
    """How many columns up to the last, under the headings' own width, that a kept row fills."""
    for place in range(longest - 1, -1, -1):
        cells = sheet.frame[place].array[kept]
        if any(text.strip() for text in compact(cells).categories):
            return place + 1
    return 0


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


def _misshapen(key: str, file: str, sheet: Sheet, place: int, width: int) -> ImpactError:
    found = len(sheet.row(place))
    return ImpactError(key, file=file, line=sheet.numbers[place], found=found, expected=width)


def _remarks(found: Export) -> Iterator[str]:
    """What was found out about the table, as sentences."""
    say = texts.load()
    header_row = max(found.header)
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
    lost = [column.letter for column in found.columns if any(map(_lost, found.cells[column.position].cat.categories))]
    if lost:
        yield say("note.lost_digits", columns=listed(lost))
    yield from _unnamed(found)


def _lost(text: str) -> bool:
    """Whether a spreadsheet kept a long number by its first digits only: 1,23457E+15."""
    return "E+" in text and bool(LOST.fullmatch(text.strip()))


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
    unnamed = [column for column in found.columns if not column.heading.strip() and not column.role]
    if unnamed and unnamed[0].position == 0 and _counts_rows(found.cells[0].tolist()):
        yield say("note.row_numbers")
        unnamed = unnamed[1:]
    filled = [column.letter for column in unnamed if (found.cells[column.position] != "").any()]
    if filled:
        yield say("note.unnamed_columns", columns=listed(filled))


def _counts_rows(cells: Sequence[str]) -> bool:
    """Whether a column is the row numbers that pandas or R writes before a table: some rows may have gone since."""
    return all(map(str.isdecimal, cells)) and all(int(one) < int(next_) for one, next_ in pairwise(cells))


def listed(names: Sequence[object]) -> str:
    """Names in a row, the first ten of them."""
    more = f"… ({len(names)})" if len(names) > LISTED else ""
    return ", ".join(map(str, names[:LISTED])) + more
