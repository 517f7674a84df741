"""Delimited text: CSV and its kin, in every encoding and with every separator that survey tools and spreadsheets write.

The fallback: whatever no other loader recognises and that may be text.
"""

import codecs
import csv
import io
import re
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from impact import texts
from impact.errors import ImpactError
from impact.loaders import _quick, _signatures, _text
from impact.loaders._rows import extent
from impact.loaders._sheet import WIDEST, Book, Row, Sheet
from impact.study.schema import Source

PRIORITY: Final = 0
SEPARATORS: Final = (";", ",", "\t", "|")
NAMES: Final = {";": "semicolon", ",": "comma", "\t": "tab", "|": "bar"}  # keys of texts, section note
LONGEST: Final = _quick.LONGEST  # characters of one cell: a quote that is never closed goes beyond
ENDLESS: Final = 20 * WIDEST  # cells of a line: spreadsheets write blanks up to their last column, 16 384
LARGE: Final = 1_000_000  # bytes from which on a text is first tried with the quick reader
SAMPLE: Final = 200_000  # characters that the separator and the line ends are found on
ANNOUNCED: Final = re.compile(r'"?sep=(.)"?(?:\r\n|\r|\n)', re.IGNORECASE)  # a first line that Excel writes and hides
LINE_END: Final = re.compile(r'"[^"]*"|(\r\n|\r|\n)')


def matches(path: Path, head: bytes) -> bool:
    """Whatever may be text."""
    return not _signatures.kind(head)


def read(path: Path, source: Source) -> Book:
    """A text export. Rows are numbered as a spreadsheet shows them: an answer on several lines is one row.

    Raises ImpactError where a line cannot be cut into cells without guessing.
    """
    file, data = path.name, path.read_bytes()
    _check_no_endless_line(data, file)
    quick = _quickly(path, data, source)
    if quick:
        return quick
    text, notes = _text.decode(data, file, source.encoding)
    check_no_nul(text, file)
    announced = ANNOUNCED.match(text)
    body = text[announced.end() :] if announced else text
    separator = asked_separator(source, file) or (announced[1] if announced else find_separator(body))
    first = 2 if announced else 1
    rows = _not_too_wide(records(body, separator, file, first), file)
    numbers = range(first, first + len(rows))
    return Book(path, "delimited", (Sheet.of(rows, numbers=numbers),), (*notes, _said(separator)))


def _check_no_endless_line(data: bytes, file: str) -> None:
    """ImpactError for a line of far more cells than any table has, even of blanks: cut into cells, it would take many
    times its size in memory."""
    signs = [sign.encode() for sign in SEPARATORS]
    long = (line for line in io.BytesIO(data) if len(line) > ENDLESS)
    columns = max((row.count(sign) + 1 for line in long for row in line.split(b"\r") for sign in signs), default=0)
    if columns > ENDLESS:
        raise ImpactError("loader_too_wide", file=file, columns=columns, limit=WIDEST)


def _not_too_wide(rows: list[Row], file: str) -> list[Row]:
    """The rows, blanks beyond the widest table allowed cut off. ImpactError where a cell holds something there: what
    looks at every column of such a table would take minutes to say so."""
    if max(map(len, rows), default=0) <= WIDEST:
        return rows
    width = max(map(extent, rows))
    if width > WIDEST:
        raise ImpactError("loader_too_wide", file=file, columns=width, limit=WIDEST)
    return [row[:WIDEST] for row in rows]


def _said(separator: str) -> str:
    say = texts.load()
    return say("note.separator", separator=say(f"note.{NAMES[separator]}") if separator in NAMES else separator)


def _quickly(path: Path, data: bytes, source: Source) -> Book | None:
    """A large UTF-8 text in which nothing has to be said line by line; None for every other."""
    body = data.removeprefix(codecs.BOM_UTF8)
    head = body[: 4 * SAMPLE].decode("utf-8", errors="ignore")
    if len(data) < LARGE or source.encoding or _text.by_mark(body) or _text.without_mark(body) or b"\0" in body:
        return None
    if ANNOUNCED.match(head):
        return None
    separator = asked_separator(source, path.name) or find_separator(head)
    sheet = _quick.sheet(body, separator)
    if sheet is None:
        return None
    return Book(path, "delimited", (sheet,), (*_text.remarks_of(sheet, "utf-8"), _said(separator)))


def asked_separator(source: Source, file: str) -> str:
    """The separator that the study names, "" where it names none."""
    if source.separator and (len(source.separator) != 1 or source.separator in '"\r\n '):
        raise ImpactError("loader_separator", file=file, separator=source.separator)
    return source.separator


def find_separator(text: str) -> str:
    """The separator that cuts most lines, the headings among them, into the same number of cells.

    Counting characters would be fooled: headings and answers hold commas and semicolons.
    """
    return max(SEPARATORS, key=lambda separator: _fit(text[:SAMPLE], separator))


def _fit(text: str, separator: str) -> tuple[bool, bool, int]:
    widths = _widths(text, separator)
    width, count = Counter(widths).most_common(1)[0] if widths else (0, 0)
    if width < 2:
        return False, False, 0
    return count >= 0.8 * len(widths), widths[0] == width, width


def _widths(text: str, separator: str) -> list[int]:
    reader, widths = csv.reader(lines(text), delimiter=separator), []
    try:
        for row in reader:
            widths.append(len(row))
    except csv.Error:  # said with its line when the whole file is read
        pass
    return [width for width in (widths[:-1] if len(text) == SAMPLE else widths) if width]


def lines(text: str) -> Iterable[str]:
    """The lines of a text with their ends, which the first line break outside quotes tells: old Macs wrote "\\r" alone.

    The other break is left inside the lines: within quotes it belongs to an answer, outside the parser refuses it.
    """
    breaks = (found[1] for found in LINE_END.finditer(text[:SAMPLE]) if found[1])
    if next(breaks, "\n") == "\r":
        return re.findall(r"[^\r]*\r|[^\r]+$", text)
    return io.StringIO(text, newline="\n")


def records(text: str, separator: str, file: str, first: int) -> list[Row]:
    """The rows of a text; equal answers are one string in memory, wide files stay small.

    What the parser refuses is told by the line it stands on, `first` being that of the text's beginning.
    """
    reader = csv.reader(lines(text), delimiter=separator, strict=True)
    rows: list[Row] = []
    line = first
    try:
        for row in reader:
            rows.append(tuple(map(sys.intern, row)))  # tuples of texts leave the garbage collector at rest
            line = reader.line_num + first
    except csv.Error as fault:
        raise _broken(fault, file, line, reader.line_num + first - 1) from fault
    return rows


def _broken(fault: csv.Error, file: str, begun: int, reached: int) -> ImpactError:
    """The parser's message as the user's: the row began on one line, the parser stumbled on another."""
    said = str(fault)
    if "unexpected end" in said:
        return ImpactError("loader_open_quote", file=file, line=begun)
    if "field limit" in said:
        return ImpactError("loader_long_cell", file=file, line=begun, limit=LONGEST)
    if "new-line character" in said:
        return ImpactError("loader_lone_break", file=file, line=reached)
    return ImpactError("loader_quote_inside", file=file, line=reached)


def check_no_nul(text: str, file: str) -> None:
    """Raises ImpactError for a NUL, behind which most programs lose the rest of the cell."""
    found = text.find("\0")
    if found >= 0:
        line = len(re.findall(r"\r\n|\r|\n", text[:found])) + 1
        raise ImpactError("loader_nul", file=file, line=line)
