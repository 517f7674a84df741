"""Rows of points and intervals on a common scale, with what they say in columns at the right."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Final

from matplotlib.figure import Figure

from impact.figures._canvas import Canvas, Strip, box, dot, gap, rule, rules, stack, width_of, words, wrapped
from impact.figures._style import (
    BODY,
    GREY,
    HEADING,
    INK,
    LINK,
    PALE,
    QUIET,
    RULE,
    SMALL,
    SMALL_STRONG,
    STRONG,
    WIDTH,
    Look,
    Mark,
)

LINE: Final = 3.55  # mm from a line of words to the next
LANE: Final = 3.7  # mm from a lane to the next
SMALL_LINE: Final = 3.1
HALF: Final = 1.05  # mm from the middle of a line to its baseline
BAND: Final = 2.2  # mm, the height of an interval
AIR: Final = 3.0  # mm of white in a row, above and below together


@dataclass(frozen=True, slots=True)
class Lane:
    """One value of a row: its mark, what the columns say, what the text alternative says.

    A masked value has no number: its cells say so, and nothing of it is drawn.
    """

    mark: Mark
    cells: tuple[str, ...]
    said: str
    value: float = math.nan
    low: float = math.nan
    high: float = math.nan


@dataclass(frozen=True, slots=True)
class Row:
    """A label and its lanes; a row without lanes is a heading. `said` is what the text alternative calls it, where that
    is not its label."""

    label: str
    lanes: tuple[Lane, ...] = ()
    note: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Scale:
    """The values that the plot spans, its ticks and their words, where no difference is, and which way is which."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    neutral: float = math.nan
    captions: tuple[str, str] = ("", "")

    def captioned(self, captions: tuple[str, str]) -> "Scale":
        """The same with words above its two ends."""
        return Scale(self.low, self.high, self.ticks, self.neutral, captions)


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that share a scale, the titles of their columns, and what stands above the labels."""

    rows: tuple[Row, ...]
    scale: Scale | None
    titles: tuple[str, ...]
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """Where a column stands, which end of its words stands there, and whether it takes the mark's colour."""

    x: float
    anchor: str = "right"
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """The places of a chart in millimetres: where labels end, where the plot starts and ends, the columns.

    `marks` is where each lane's mark stands again, before its words; 0 for nowhere. `lane` is how far a row's lanes
    stand from each other; 0 for all on one line.
    """

    label: float
    start: float
    end: float
    columns: tuple[Column, ...]
    marks: float = 0.0
    lane: float = LANE


def told(blocks: Iterable[Block]) -> list[tuple[str, tuple[str, ...]]]:
    """What each row says in words, for the text alternative: its label, then its lanes."""
    rows = [row for block in blocks for row in block.rows if row.lanes]
    return [(row.said or row.label, tuple(lane.said for lane in row.lanes)) for row in rows]


Key = tuple[tuple[Mark, str], ...]
KeyLine = list[tuple[float, Mark, str]]  # with where each starts, in millimetres


def chart(blocks: list[Block], layout: Layout, key: Key, notes: tuple[str, ...], badge: str) -> Figure:
    """The figure: a key, the blocks one under the other, notes at the foot and the badge at its right."""
    strips: list[Strip] = [(4.8, partial(paint_key, items)) for items in key_lines(key)]
    for place, block in enumerate(blocks):
        strips += [gap(2.6)] if place else []
        strips += _block(_following(blocks[0], block) if place else block, layout)
    return stack([*strips, *foot(notes, badge)])


def _following(first: Block, block: Block) -> Block:
    """A later block: what stands above its columns only where it is not what stands there already."""
    pairs = zip(first.titles, block.titles, strict=True)
    titles = tuple("" if title == above else title.replace("\n", " ") for above, title in pairs)
    scale = block.scale.captioned(("", "")) if block.scale and first.scale else block.scale
    return Block(block.rows, scale, titles, "" if block.subject == first.subject else block.subject)


def key_lines(key: Key, room: float = WIDTH) -> list[KeyLine]:
    """Marks and their names, with where each starts, on as many lines as the room needs."""
    lines: list[KeyLine] = []
    x = math.inf
    for mark, name in key:
        wide = 3.8 + width_of(name, SMALL)
        if x + wide > room:
            lines.append([])
            x = 0.0
        lines[-1].append((x, mark, name))
        x += wide + 5.0
    return lines


def paint_key(items: KeyLine, canvas: Canvas, top: float) -> None:
    """One line of a key."""
    for x, mark, name in items:
        dot(canvas, x + 1.1, top + 1.6, mark)
        words(canvas, x + 3.8, top + 1.6 + 0.92, name, SMALL)


def foot(notes: tuple[str, ...], badge: str) -> Iterator[Strip]:
    """What the signs mean, at the left; whether the data are synthetic or internal, at the right."""
    room = WIDTH - (width_of(badge, SMALL_STRONG) + 6 if badge else 0)
    lines = [part for note in notes for part in wrapped(note, SMALL, room)]
    if not lines and not badge:
        return
    yield gap(1.2)
    for place, part in enumerate(lines or [""]):
        yield SMALL_LINE + 0.4, partial(_foot_line, part, "" if place else badge)


def _foot_line(note: str, badge: str, canvas: Canvas, top: float) -> None:
    words(canvas, 0, top + 2.6, note, SMALL)
    words(canvas, WIDTH, top + 2.6, badge, SMALL_STRONG, "right")


def _block(block: Block, layout: Layout) -> Iterator[Strip]:
    yield _head(block, layout)
    for place, row in enumerate(block.rows):
        yield _row(row, block.scale, layout, first=place == 0) if row.lanes else _heading(row, first=place == 0)
    if block.scale:
        yield 4.6, partial(_axis, block.scale, layout)


def _head(block: Block, layout: Layout) -> Strip:
    subject = wrapped(block.subject, SMALL, layout.start - 4)
    titles = [title.split("\n") for title in block.titles]
    tall = 0.8 + SMALL_LINE * max(map(len, (subject, *titles)))
    return tall + 1.4, partial(_paint_head, block, layout, (subject, titles), tall)


def _paint_head(
    block: Block, layout: Layout, parts: tuple[list[str], list[list[str]]], tall: float, canvas: Canvas, top: float
) -> None:
    bottom, (subject, titles) = top + tall, parts
    head_words(canvas, 0, bottom, subject, "left")
    for title, column in zip(titles, layout.columns, strict=True):
        head_words(canvas, column.x, bottom, title, column.anchor)
    if block.scale:
        before, after = block.scale.captions
        words(canvas, layout.start, bottom - 0.7, before, SMALL)
        words(canvas, layout.end, bottom - 0.7, after, SMALL, "right")
    rule(canvas, (0, bottom + 1.4), (WIDTH, bottom + 1.4), GREY, 0.6)


def head_words(canvas: Canvas, x: float, bottom: float, lines: list[str], anchor: str) -> None:
    """The words at the head of a column, their last line just above `bottom`."""
    for place, part in enumerate(reversed(lines)):
        words(canvas, x, bottom - 0.7 - SMALL_LINE * place, part, SMALL, anchor)


def _heading(row: Row, first: bool) -> Strip:
    above = 2.2 if first else 4.0
    return above + 3.6, partial(_paint_heading, row.label, above)


def _paint_heading(label: str, above: float, canvas: Canvas, top: float) -> None:
    words(canvas, 0, top + above + 1.9, label, HEADING)
    rule(canvas, (0, top + above + 3.6), (WIDTH, top + above + 3.6), RULE, 0.5)


def _row(row: Row, scale: Scale | None, layout: Layout, first: bool) -> Strip:
    label = wrapped(row.label, BODY, layout.label)
    note = wrapped(row.note, SMALL, layout.label) if row.note else []
    tall = AIR + max(LINE * len(label) + SMALL_LINE * len(note), layout.lane * len(row.lanes))
    return tall, partial(_paint_row, (label, note, row.lanes), scale, layout, tall)


def _paint_row(
    content: tuple[list[str], list[str], tuple[Lane, ...]], scale: Scale | None, layout: Layout, tall: float,
    canvas: Canvas, top: float,
) -> None:  # fmt: skip
    label, note, lanes = content
    middle = top + tall / 2
    rule(canvas, (0, top + tall), (WIDTH, top + tall), RULE, 0.4)
    _label(canvas, label, note, middle)
    if scale:
        _grid(canvas, scale, layout, top, tall)
        _links(canvas, lanes, scale, layout, middle)
    for place, lane in enumerate(lanes):
        y = _level(place, len(lanes), middle, layout)
        if scale:
            _lane(canvas, lane, scale, layout, y)
        _cells(canvas, lane, layout, y)
        if layout.marks:
            dot(canvas, layout.marks, y, lane.mark)


def _label(canvas: Canvas, label: list[str], note: list[str], middle: float) -> None:
    y = middle - (LINE * len(label) + SMALL_LINE * len(note)) / 2 + LINE / 2
    for part in label:
        words(canvas, 0, y + HALF, part, BODY)
        y += LINE
    for part in note:
        words(canvas, 0, y + HALF - 0.25, part, SMALL)
        y += SMALL_LINE


def _grid(canvas: Canvas, scale: Scale, layout: Layout, top: float, tall: float) -> None:
    places = [_place(tick, scale, layout) for tick, _ in scale.ticks]
    rules(canvas, [((x, top), (x, top + tall)) for x in places], PALE, 0.6)
    if not math.isnan(scale.neutral):
        x = _place(scale.neutral, scale, layout)
        rule(canvas, (x, top), (x, top + tall), INK, 0.8)


def _links(canvas: Canvas, lanes: tuple[Lane, ...], scale: Scale, layout: Layout, middle: float) -> None:
    """A thin line from each value to the next, so that the eye sees the gap."""
    points = [
        (_place(lane.value, scale, layout), _level(place, len(lanes), middle, layout))
        for place, lane in enumerate(lanes)
        if math.isfinite(lane.value)
    ]
    if len(points) > 1:
        rules(canvas, list(pairwise(points)), LINK, 0.8)


def _level(place: int, lanes: int, middle: float, layout: Layout) -> float:
    return middle + (place - (lanes - 1) / 2) * layout.lane


def _lane(canvas: Canvas, lane: Lane, scale: Scale, layout: Layout, y: float) -> None:
    if not math.isnan(lane.low):
        low, high = _place(lane.low, scale, layout), _place(lane.high, scale, layout)
        box(canvas, (low, y - BAND / 2), (high - low, BAND), lane.mark.tint)
        rule(canvas, (low, y), (high, y), lane.mark.colour, 0.9)
        for x, limit in ((low, lane.low), (high, lane.high)):
            if math.isinf(limit):
                dot(canvas, x, y, Mark("<" if limit < 0 else ">", lane.mark.colour, lane.mark.tint, size=5.0))
    if math.isfinite(lane.value):
        dot(canvas, _place(lane.value, scale, layout), y, lane.mark)


def _cells(canvas: Canvas, lane: Lane, layout: Layout, y: float) -> None:
    masked = math.isnan(lane.value)
    for cell, column in zip(lane.cells, layout.columns, strict=True):
        look: Look = STRONG.coloured(lane.mark.colour) if column.strong and not masked else QUIET
        words(canvas, column.x, y + HALF, cell, look, column.anchor)


def _axis(scale: Scale, layout: Layout, canvas: Canvas, top: float) -> None:
    for tick, name in scale.ticks:
        words(canvas, _place(tick, scale, layout), top + 3.3, name, SMALL, "center")


def _place(value: float, scale: Scale, layout: Layout) -> float:
    """Millimetres of a value on the scale, its ends standing for all that lies beyond."""
    share = (min(max(value, scale.low), scale.high) - scale.low) / (scale.high - scale.low)
    return layout.start + share * (layout.end - layout.start)
