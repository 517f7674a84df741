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
    left_out,
    level,
    limits,
    masked,
    scored,
    seen,
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
    """The estimates of these groups, masked ones included, in the table's order."""
    return [row for row in records(scene, scene.results.estimates) if row["group"] in groups]


def draw_groups(scene: Scene, whole: list[Record]) -> Figure:
    """The figure of these estimates, with a key to the groups that are there; what is masked in all is counted."""
    rows = seen(whole)
    present = [group for group in GROUP_MARKS if any(row["group"] == group for row in rows)]
    key = tuple((GROUP_MARKS[group], group_name(group, scene.study, scene.texts)) for group in present)
    few = any(shown(row) and row["n"] < FEW for row in rows)
    marked = [scene.say("few_note", base=FEW)] if few else []
    notes = (*statuses(scene, rows), *marked, *left_out(scene, whole))
    return chart(_blocks(scene, rows), LAYOUT, key, notes, badge(scene))


def describe_groups(scene: Scene, whole: list[Record]) -> str:
    """The same estimates in words."""
    rows = seen(whole)
    lead = scene.say("alt_levels", level=level(scene, rows))
    return described(scene, lead, told(_blocks(scene, rows)), len(whole) - len(rows))


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
    label, lanes, note = indicator_label(scene, rows[0]), tuple(_lane(scene, row) for row in rows), ""
    if _apart(scene, rows):
        note = scene.say("levels_not_comparable")
    notes = " · ".join(filter(None, (better_note(scene, rows[0]), note)))
    return Row(label, lanes, notes, scene.say("said_apart_of", label=label) if note else "")


def _apart(scene: Scene, rows: list[Record]) -> bool:
    """Whether levels stand side by side of groups that were not asked alike."""
    frame = scene.results.comparisons
    refused = frame[(frame["status"] == "not_comparable") & (frame["indicator"] == rows[0]["indicator"])]
    groups = {row["group"] for row in rows}
    pairs = zip(refused["group"], refused["reference"], strict=True)
    return any({group, reference} <= groups for group, reference in pairs)


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
