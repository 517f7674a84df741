"""Whether the pages, the figures, the workbook and what goes with them say more than the printed rows of the tables.

The equations of `attacker` are drawn from the CSV tables. Here every number of the other files is traced back to a row
that is printed there: one that cannot be is something else to reckon with, or a masked figure.
"""

import math
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path

import pandas as pd

from impact import texts
from tests.attack import files

Tables = Mapping[str, pd.DataFrame]
PLACES = (0, 1, 2, 3)  # decimals that a page may write
NUDGES = (-1e-9, 1e-9)  # a half may be rounded either way
PARTS = 13  # pages, parts of a figure, questions: fewer than this in the studies that are attacked
PLOTTED = 0.35  # points of percent: what the places of a drawing are written to, and more


def unexplained(folder: Path) -> dict[str, set]:
    """By file, the numbers that no printed row, no size of a group and no fixed sentence accounts for, and the limits,
    two and two, that are those of no printed row."""
    tables = files.csv_tables(folder)
    known, limits = _numbers(tables) | _fixed() | _sizes(tables), _limits(tables)
    words = {"rapport.pdf": files.pdf_words(folder / "rapport.pdf")}
    words |= {path.name: files.svg_words(path) for path in sorted(folder.glob("figures/*.svg"))}
    words |= {path.name: files.png_words(path) for path in sorted(folder.glob("figures/*.png"))}
    found = {}
    for name, said in words.items():
        alone = {each for each in files.numbers(said) if abs(each) not in known}
        found[name] = alone | {pair for pair in files.limits(said) if pair not in limits}
    return {name: left for name, left in found.items() if left}


def _limits(tables: Tables) -> set[tuple[float, float]]:
    """The two limits of every printed row, as a page may round them."""
    found = {pair for said in texts.load("fr").entries.values() for pair in files.limits(said)}
    for low, high in _pairs(tables):
        for scale in (1, 100):  # near zero, one limit has a decimal more than the other
            lows, highs = ({round(scale * value + nudge, places) for nudge in NUDGES for places in PLACES}
                           for value in (low, high))  # fmt: skip
            found |= set(product(lows, highs))
    return found


def _pairs(tables: Tables) -> Iterator[tuple[float, float]]:
    """Limits of a row; the least and the most of the gaps that the comparisons of two groups could see."""
    for frame in (frame for frame in tables.values() if "low" in frame):
        yield from frame[["low", "high"]].dropna().itertuples(index=False)
    seen = (
        tables["sensitivity"].query("analysis == 'detectable' and status == 'shown'") if "sensitivity" in tables else ()
    )
    for _, some in seen.groupby(["group", "reference", "unit"]) if len(seen) else ():
        yield some["estimate"].min(), some["estimate"].max()


def drawn_elsewhere(folder: Path) -> dict[str, list[float]]:
    """By figure, the places of marks and intervals that are at no printed figure of a share."""
    tables = files.csv_tables(folder)
    known = sorted(_drawable(tables))
    found = {}
    for path in sorted(folder.glob("figures/*.svg")):
        values = [value for value in files.svg_values(path) if -PLOTTED < value < 100 + PLOTTED]
        found[path.name] = [value for value in values if min(abs(value - each) for each in known) > PLOTTED]
    return {name: left for name, left in found.items() if left}


def _drawable(tables: Tables) -> Iterator[float]:
    yield from (0.0, 100.0)
    frame = tables["estimates"]
    for row in frame[(frame["status"] == "shown") & (frame["unit"] == "share")].itertuples():
        yield from (100 * row.estimate, 100 * row.low, 100 * row.high)
    for row in tables["distributions"].query("status == 'shown'").itertuples():
        yield 100 * row.share


def numbers_beside(folder: Path) -> list[tuple[str, int]]:
    """Rows of the workbook that hold another number than the same row of the CSV table: sheet and row."""
    tables, found = files.csv_tables(folder), []
    sheets, say = files.sheets(folder / "tables.xlsx"), texts.load("fr")
    named = {say(f"table.sheet_{name}"): frame for name, frame in tables.items() if len(frame)}
    extra = set(sheets) - set(named) - {say("table.sheet_read_me")}
    found += [(name, 0) for name in sorted(extra)]
    for name, frame in named.items():
        if len(frame) != len(sheets[name]) - 1:
            found.append((name, 0))
        for place, (row, cells) in enumerate(zip(frame.to_dict("records"), sheets[name][1:], strict=False), 1):
            own = [float(value) for value in row.values() if _is_number(value)]
            held = [value for value in cells if _is_number(value)]
            known = [scale * value for value in own for scale in (1, 100)]
            if any(min((abs(value - each) for each in known), default=math.inf) > 1e-6 for value in held):
                found.append((name, place))
    return found


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _numbers(tables: Tables) -> set[float]:
    """Every figure of the printed rows, as a page may round it; shares in percent as well."""
    found: set[float] = set()
    for frame in tables.values():
        held = frame.drop(columns=[name for name in frame if name in files.NAMES])
        values = {each for name in held for each in pd.to_numeric(held[name], errors="coerce").dropna()}
        for value in (abs(float(each)) for each in values if math.isfinite(each)):
            found |= {
                round(scale * value + nudge, places) for scale in (1, 100) for places in PLACES for nudge in NUDGES
            }
    return found


def _sizes(tables: Tables) -> set[float]:
    """What is counted of all people: rows received and kept, groups, indicators, pages and parts, masked rows."""
    kept = tables["flow"].query("stage == 'kept'").groupby("group")["count"].sum()
    judged = [frame["status"].astype(str) for frame in tables.values() if "status" in frame]
    masked = sum(int(one.str.startswith("suppressed").sum()) for one in judged)
    return {float(each) for each in {*kept, int(kept.sum()), masked, sum(map(len, judged)), *range(PARTS)}}


def _fixed() -> set[float]:
    """The numbers of the program's own sentences, of ticks, of a p that is written as below 0.001 or above 0.99."""
    written = {abs(each) for said in texts.load("fr").entries.values() for each in files.numbers(said)}
    return {*written, 0.001, 0.99, *(10.0 * tick for tick in range(11)), 25.0, 75.0}
