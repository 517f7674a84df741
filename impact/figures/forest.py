"""Differences between two groups: one row an indicator, its point, its interval, and which side of nothing it is on."""

from typing import Final

from matplotlib.figure import Figure

from impact.figures._chart import Block, Column, Lane, Layout, Row, chart, told
from impact.figures._levels import (
    badge,
    better_note,
    described,
    families,
    left_out,
    level,
    limits,
    masked,
    seen,
    span,
    statuses,
    titled,
    unit_of,
    unsaid,
    with_headings,
)  # fmt: skip
from impact.figures._scales import free_scale
from impact.figures._scene import Record, Scene, group_name, indicator, indicator_label, records, shown
from impact.figures._style import APART, BETTER, CLOSE, UNSURE, WORSE, Mark
from impact.texts.typography import bare, interval

LAYOUT: Final = Layout(
    label=60, start=65, end=126, columns=(Column(133.5, "center", True), Column(149, strong=True), Column(174))
)
SIGNS: Final = {"higher": "▲", "lower": "▼", "equivalent": "≈", "inconclusive": "○"}
NAMES: Final = {BETTER: "better", WORSE: "worse", APART: "apart", CLOSE: "close", UNSURE: "unsure"}
FOR_WHOM: Final = {BETTER: "said_better", WORSE: "said_worse", APART: "said_apart"}
MEASURE: Final = "difference"
ROWS: Final = ("comparisons", "indicator")


def shows(scene: Scene) -> bool:
    """Whether there is a difference to see."""
    return any(map(shown, drawn(scene)))


def draw(scene: Scene) -> Figure:
    """The figure of the scene's comparison, all dimensions or one."""
    rows = drawn(scene)
    found = {_mark(scene, row): None for row in rows if shown(row)}
    group = group_name(scene.comparison[0], scene.study, scene.texts)
    key = tuple((mark, scene.say(name, group=group)) for mark, name in NAMES.items() if mark in found)
    notes = (*statuses(scene, rows), *left_out(scene, _compared(scene)))
    return chart(_blocks(scene, rows), LAYOUT, key, notes, badge(scene))


def alt(scene: Scene) -> str:
    """The same rows in words."""
    rows = drawn(scene)
    group, reference = (group_name(name, scene.study, scene.texts) for name in scene.comparison)
    lead = scene.say("alt_forest", group=group, reference=reference, level=level(scene, rows))
    return described(scene, lead, told(_blocks(scene, rows)), len(_compared(scene)) - len(rows))


def drawn(scene: Scene) -> list[Record]:
    """The crude differences of the scene's comparison, in the table's order, but for those that are masked."""
    return seen(_compared(scene))


def _compared(scene: Scene) -> list[Record]:
    group, reference = scene.comparison
    return [
        row
        for row in records(scene, scene.results.comparisons)
        if (row["group"], row["reference"], row["measure"], row["adjustment"]) == (group, reference, MEASURE, "none")
    ]


def _blocks(scene: Scene, rows: list[Record]) -> list[Block]:
    return [_block(scene, unit, inside) for unit, inside in families(scene, rows)]


def _block(scene: Scene, unit: str, rows: list[Record]) -> Block:
    scale = free_scale(_reach(scene, rows), unit, scene.texts, MEASURE, neutral=0.0)
    captions = (scene.say("lower"), scene.say("higher"))
    titles = ("", titled(scene, "gap", unit, MEASURE), scene.say("interval", level=level(scene, rows)))
    group, reference = (group_name(name, scene.study, scene.texts) for name in scene.comparison)
    against = scene.say("against", group=group, reference=reference)
    return Block(tuple(with_headings(scene, rows, _row)), scale.captioned(captions), titles, against)


def _reach(scene: Scene, rows: list[Record]) -> list[float]:
    """The values of the whole figure on the scale of these rows, so that its parts can be compared."""
    whole = families(scene, drawn(scene.part_of or scene))
    names = {row["indicator"] for row in rows}
    return [value for _, inside in whole if names & {row["indicator"] for row in inside} for value in span(inside)]


def _row(scene: Scene, rows: list[Record]) -> Row:
    return Row(indicator_label(scene, rows[0]), tuple(_lane(scene, row) for row in rows), better_note(scene, rows[0]))


def _lane(scene: Scene, row: Record) -> Lane:
    if not shown(row):
        return Lane(UNSURE, ("", masked(scene, row), ""), unsaid(scene, row))
    unit = unit_of(scene, row)
    mark, verdict = _mark(scene, row), scene.say(f"verdict_{row['verdict']}")
    if mark in FOR_WHOM:
        group = group_name(scene.comparison[0], scene.study, scene.texts)
        verdict = scene.say("verdict_with", verdict=verdict, side=scene.say(FOR_WHOM[mark], group=group))
    said = scene.say("said_gap", **limits(scene, row, unit, MEASURE), verdict=verdict)
    return Lane(mark, written(scene, row), said, row["estimate"], row["low"], row["high"])


def written(scene: Scene, row: Record) -> tuple[str, str, str]:
    """What stands beside the point of a difference: the sign of its verdict, its value, its interval."""
    unit = unit_of(scene, row)
    value = bare(row["estimate"], unit, scene.texts, MEASURE)
    return SIGNS[row["verdict"]], value, interval(row["low"], row["high"], unit, scene.texts, MEASURE)


def _mark(scene: Scene, row: Record) -> Mark:
    verdict, found = row["verdict"], indicator(scene, row)
    if verdict not in ("higher", "lower"):
        return CLOSE if verdict == "equivalent" else UNSURE
    better = found.better if found else "higher"  # an index is oriented so that more is better
    return APART if better == "neutral" else BETTER if verdict == better else WORSE
