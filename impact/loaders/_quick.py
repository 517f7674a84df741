"""A large and plain text, cut into columns by pandas' parser: the same cells as row by row, several times faster.

That parser forgives what must be told: a row cut short, a quote that closes amid a cell. So its result is believed only
where the file's own count of separators, line ends and quotes says that nothing was forgiven; None otherwise.
"""

import io
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from impact.loaders._sheet import WIDEST, Sheet

PLAIN: Final = (b";", b",", b"\t", b"|")
QUOTE, LINE_FEED, RETURN = b'"\n\r'
TAIL: Final = 1_000  # bytes at the end in which blank lines are looked for
LONGEST: Final = 131_072  # characters of one cell, the slow parser's own limit
CHUNK: Final = 1 << 22  # bytes looked at together: what is found there must fit in the processor's memory


def sheet(data: bytes, separator: str) -> Sheet | None:
    """The rows of a UTF-8 text without a mark; None where they must be read one by one."""
    sign = separator.encode()
    if sign not in PLAIN or data.count(sign, 0, data.find(b"\n")) >= WIDEST or not _quotes_are_plain(data, sign):
        return None
    frame = _parsed(data, separator)
    if frame is None or not _accounted_for(data, sign, frame):
        return None
    return Sheet("", range(1, len(frame) + 1), frame)


def _parsed(data: bytes, separator: str) -> pd.DataFrame | None:
    try:
        return pd.read_csv(
            io.BytesIO(data), sep=separator, header=None, dtype="category", na_filter=False, skip_blank_lines=False
        )
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError):
        return None


def _accounted_for(data: bytes, sign: bytes, frame: pd.DataFrame) -> bool:
    """Whether every separator and line end of the file is one between cells, or stands in a cell.

    A row that is longer than the first is refused by the parser, and one that is shorter takes separators away: where
    the sum is right, every row is as wide. Blank lines have no separator; only those at the end are allowed for. A
    return alone ends a row as well, and makes more rows than there are line feeds.
    """
    if any('"' in text or len(text) > LONGEST for column in frame for text in frame[column].cat.categories):
        return False
    end = data[-TAIL:]
    trailing = end.count(b"\n", len(end.rstrip(b"\r\n"))) - 1
    rows = len(frame) - max(trailing, 0)
    between = rows * (frame.shape[1] - 1)
    inside = int(_inside(frame, sign.decode()).sum())
    ends = len(frame) - (0 if data.endswith(b"\n") else 1) + int(_inside(frame, "\n").sum())
    return data.count(sign) == between + inside and data.count(b"\n") == ends


def _inside(frame: pd.DataFrame, sign: str) -> npt.NDArray[np.int64]:
    """How often a sign stands within the cells of each row."""
    found = np.zeros(len(frame), dtype=np.int64)
    for column in frame:
        counts = np.array([text.count(sign) for text in frame[column].cat.categories], dtype=np.int64)
        if counts.any():
            found += counts[frame[column].cat.codes.to_numpy()]
    return found


def _quotes_are_plain(data: bytes, sign: bytes) -> bool:
    """Whether quotes come in pairs, each opening at the start of a cell and closing at its end."""
    if QUOTE not in data:
        return True
    signs = np.frombuffer(data, dtype=np.uint8)
    edge = np.zeros(256, dtype=bool)
    edge[[sign[0], LINE_FEED, RETURN]] = True
    closing = 0  # whether the next quote closes
    for start in range(0, len(signs), CHUNK):
        places = np.flatnonzero(signs[start : start + CHUNK] == QUOTE) + start
        opens, closes = places[closing::2], places[1 - closing :: 2]
        before, after = signs[np.maximum(opens - 1, 0)], signs[np.minimum(closes + 1, len(signs) - 1)]
        if not (edge[before] | (opens == 0)).all() or not (edge[after] | (closes == len(signs) - 1)).all():
            return False
        closing = (closing + len(places)) % 2
    return not closing
