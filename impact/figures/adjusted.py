"""Differences as they are and once adjusted: one row an indicator, one line for each way of comparing."""

from typing import Final

from matplotlib.figure import Figure

from impact.figures._chart import Block, Column, Lane, Layout, Row, chart, told
from impact.figures._levels import (
    badge,
    better_note,
    described,
    families,
    level,
    limits,
    masked,
    span,
    statuses,
    titled,
    unit_of,
    unsaid,
)  # fmt: skip
from impact.figures._scales import free_scale
from impact.figures._scene import Record, Scene, group_name, indicator_label, records, shown
from impact.figures._style import ADJUSTMENT_MARKS
from impact.figures.forest import MEASURE, SIGNS, written

LAYOUT: Final = Layout(
    label=56, start=61, end=119, columns=(Column(131.5, "center", True), Column(148, strong=True), Column(174)),
    marks=125,
)  # fmt: skip
ROWS: Final = ("comparisons", "indicator")


def shows(scene: Scene) -> bool:
    """Whether there is an adjusted difference to see."""
    return any(shown(row) and row["adjustment"] != "none" for row in drawn(scene))


def draw(scene: Scene) -> Figure:
    """The figure of the scene's comparison, all dimensions or one."""
    rows = drawn(scene)
    present = [name for name in ADJUSTMENT_MARKS if any(row["adjustment"] == name for row in rows)]
    key = tuple((ADJUSTMENT_MARKS[name], scene.say(f"by_{name}")) for name in present)
    found = [verdict for verdict in SIGNS if any(row["verdict"] == verdict for row in rows)]
    signs = "   ".join(scene.say("sign_of", sign=SIGNS[each], verdict=scene.say(f"verdict_{each}")) for each in found)
    return chart(_blocks(scene, rows), LAYOUT, key, (signs, *statuses(scene, rows)), badge(scene))


def alt(scene: Scene) -> str:
    """The same rows in words."""
    rows = drawn(scene)
    group, reference = (group_name(name, scene.study, scene.texts) for name in scene.comparison)
    lead = scene.say("alt_adjusted", group=group, reference=reference, level=level(scene, rows))
    return described(scene, lead, told(_blocks(scene, rows)))


def drawn(scene: Scene) -> list[Record]:
    """The differences of the scene's comparison, crude and adjusted, of the indicators that have an adjusted one."""
    rows = [
        row
        for row in records(scene, scene.results.comparisons)
        if (row["group"], row["reference"], row["measure"]) == (*scene.comparison, MEASURE)
    ]
    order, kept = list(ADJUSTMENT_MARKS), {row["indicator"] for row in rows if _adjusted(row)}
    place = {name: place for place, name in enumerate(dict.fromkeys(row["indicator"] for row in rows))}
    ours = [row for row in rows if row["indicator"] in kept and row["adjustment"] in order]
    return sorted(ours, key=lambda row: (place[row["indicator"]], order.index(row["adjustment"])))


def _adjusted(row: Record) -> bool:
    return row["adjustment"] != "none" and shown(row)


def _blocks(scene: Scene, rows: list[Record]) -> list[Block]:
    return [_block(scene, unit, inside) for unit, inside in families(scene, rows)]


def _block(scene: Scene, unit: str, rows: list[Record]) -> Block:
    scale = free_scale(span(rows), unit, scene.texts, MEASURE, neutral=0.0)
    captions = (scene.say("lower"), scene.say("higher"))
    titles = ("", titled(scene, "gap", unit, MEASURE), scene.say("interval", level=level(scene, rows)))
    group, reference = (group_name(name, scene.study, scene.texts) for name in scene.comparison)
    names = dict.fromkeys(row["indicator"] for row in rows)
    lines = tuple(_row(scene, [row for row in rows if row["indicator"] == name]) for name in names)
    return Block(lines, scale.captioned(captions), titles, scene.say("against", group=group, reference=reference))


def _row(scene: Scene, rows: list[Record]) -> Row:
    return Row(indicator_label(scene, rows[0]), tuple(_lane(scene, row) for row in rows), better_note(scene, rows[0]))


def _lane(scene: Scene, row: Record) -> Lane:
    mark = ADJUSTMENT_MARKS[row["adjustment"]]
    if not shown(row):
        return Lane(mark, ("", masked(scene, row), ""), unsaid(scene, row))
    unit = unit_of(scene, row)
    gap = scene.say("said_gap", **limits(scene, row, unit, MEASURE), verdict=scene.say(f"verdict_{row['verdict']}"))
    said = scene.say("said_row", label=scene.say(f"by_{row['adjustment']}"), said=gap)
    return Lane(mark, written(scene, row), said, row["estimate"], row["low"], row["high"])
