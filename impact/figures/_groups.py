"""Groups side by side: one row an indicator, one line a group, its value and interval."""

from typing import Final

from matplotlib.figure import Figure

from impact.figures._chart import Block, Column, Lane, Layout, Row, Scale, chart, told
from impact.figures._levels import (
    FEW,
    badge,
    better_note,
    described,
    families,
    level,
    limits,
    masked,
    scored,
    span,
    statuses,
    titled,
    unit_of,
    unsaid,
    with_headings,
)  # fmt: skip
from impact.figures._scales import free_scale, scored_scale, share_scale
from impact.figures._scene import Record, Scene, group_name, indicator_label, records, shown
from impact.figures._style import GROUP_MARKS
from impact.texts.typography import interval, number, value

LAYOUT: Final = Layout(
    label=60, start=66, end=118, columns=(Column(139.5, strong=True), Column(159.5), Column(174)), marks=125.5
)


def rows_of(scene: Scene, groups: tuple[str, ...]) -> list[Record]:
    """The estimates of these groups, in the table's order."""
    return [row for row in records(scene, scene.results.estimates) if row["group"] in groups]


def draw_groups(scene: Scene, rows: list[Record]) -> Figure:
    """The figure of these estimates, with a key to the groups that are there."""
    present = [group for group in GROUP_MARKS if any(row["group"] == group for row in rows)]
    key = tuple((GROUP_MARKS[group], group_name(group, scene.study, scene.texts)) for group in present)
    few = any(shown(row) and row["n"] < FEW for row in rows)
    notes = (*statuses(scene, rows), *([scene.say("few_note", base=FEW)] if few else []))
    return chart(_blocks(scene, rows), LAYOUT, key, notes, badge(scene))


def describe_groups(scene: Scene, rows: list[Record]) -> str:
    """The same estimates in words."""
    return described(scene, scene.say("alt_levels", level=level(scene, rows)), told(_blocks(scene, rows)))


def _blocks(scene: Scene, rows: list[Record]) -> list[Block]:
    return [_block(scene, unit, inside) for unit, inside in families(scene, rows)]


def _block(scene: Scene, unit: str, rows: list[Record]) -> Block:
    titles = (titled(scene, "value", unit), scene.say("interval", level=level(scene, rows)), scene.say("answers"))
    return Block(tuple(with_headings(scene, rows, _row)), _scale(scene, unit, rows), titles)


def _scale(scene: Scene, unit: str, rows: list[Record]) -> Scale:
    if unit == "share":
        return share_scale(scene.texts)
    scores = scored(scene, rows[0]) if unit == "mean" else None
    return scored_scale(*scores, unit, scene.texts) if scores else free_scale(span(rows), unit, scene.texts)


def _row(scene: Scene, rows: list[Record]) -> Row:
    return Row(indicator_label(scene, rows[0]), tuple(_lane(scene, row) for row in rows), better_note(scene, rows[0]))


def _lane(scene: Scene, row: Record) -> Lane:
    mark = GROUP_MARKS[row["group"]]
    if not shown(row):
        return Lane(mark, (masked(scene, row), "", ""), unsaid(scene, row))
    unit = unit_of(scene, row)
    written = value(row["estimate"], unit, scene.texts)
    cells = (
        scene.say("few", value=written) if row["n"] < FEW else written,
        interval(row["low"], row["high"], unit, scene.texts),
        number(row["n"], scene.texts),
    )
    group = group_name(row["group"], scene.study, scene.texts)
    said = scene.say("said_of", group=group, **limits(scene, row, unit))
    return Lane(mark, cells, said, row["estimate"], row["low"], row["high"])
