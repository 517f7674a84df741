"""Figures published elsewhere, with the interval they can bear, beside those computed here."""

import math
from itertools import groupby
from typing import Final

from matplotlib.figure import Figure

from impact.figures._chart import Block, Column, Lane, Layout, Row, Scale, chart, told
from impact.figures._levels import badge, described, level, limits, masked, span, statuses, titled, unsaid
from impact.figures._scales import free_scale, share_scale
from impact.figures._scene import Record, Scene, group_name, records, shown
from impact.figures._style import GROUP_MARKS, PUBLISHED, Mark
from impact.model import MERGED
from impact.texts.typography import interval, number, value

LAYOUT: Final = Layout(
    label=64, start=70, end=118, columns=(Column(139.5, strong=True), Column(159.5), Column(174)), marks=125.5
)
ROWS: Final = ("published", "figure")
COMPUTED: Final = GROUP_MARKS["mentored"]
NEUTRAL: Final = {"ratio": 1.0}  # what no difference is; a unit not named here has none


def shows(scene: Scene) -> bool:
    """Whether there are published figures to set to see: they are public, whatever is masked of ours."""
    return bool(drawn(scene))


def draw(scene: Scene) -> Figure:
    """The figure: shares on one scale, ratios on another, sizes without any."""
    rows = drawn(scene)
    key = ((PUBLISHED, scene.say("published_key")), (COMPUTED, scene.say("computed_key")))
    notes = [scene.say("published_note")] if any(math.isfinite(row["published_low"]) for row in rows) else []
    notes += [scene.say("base_note")] if any(row["base"] == "unknown" for row in rows) else []
    return chart(_blocks(scene, rows), LAYOUT, key, (*notes, *statuses(scene, rows)), badge(scene))


def alt(scene: Scene) -> str:
    """The same rows in words."""
    return described(scene, scene.say("alt_published", level=level(scene, ())), told(_blocks(scene, drawn(scene))))


def drawn(scene: Scene) -> list[Record]:
    """The published figures, in the table's order."""
    return records(scene, scene.results.published)


def _blocks(scene: Scene, rows: list[Record]) -> list[Block]:
    rows = sorted(rows, key=lambda row: ("share", "ratio", "size").index(row["unit"]))
    return [_block(scene, str(unit), list(inside)) for unit, inside in groupby(rows, key=lambda row: row["unit"])]


def _block(scene: Scene, unit: str, rows: list[Record]) -> Block:
    titles = (titled(scene, "value", unit), scene.say("interval", level=level(scene, ())), scene.say("answers"))
    if unit == "size":  # a size is its own base, and has no interval
        titles = (titles[0], "", "")
    return Block(tuple(_row(scene, row) for row in rows), _scale(scene, unit, rows), titles)


def _scale(scene: Scene, unit: str, rows: list[Record]) -> Scale | None:
    if unit == "share":
        return share_scale(scene.texts)
    seen = [*span(rows), *(row[name] for row in rows for name in ("published", "published_low", "published_high"))]
    return None if unit == "size" else free_scale(seen, unit, scene.texts, neutral=NEUTRAL.get(unit, math.nan))


def _row(scene: Scene, row: Record) -> Row:
    published = scene.study.published
    says = {figure.id: figure.says for figure in published.figure} if published else {}
    label = scene.label(says[row["figure"]])
    if row["group"] in MERGED.values():
        label = scene.say("computed_of", label=label, group=group_name(row["group"], scene.study, scene.texts))
    return Row(label[:1].upper() + label[1:], (_published(scene, row), _computed(scene, row)))


def _published(scene: Scene, row: Record) -> Lane:
    theirs = {"estimate": row["published"], "low": row["published_low"], "high": row["published_high"]}
    base = scene.say("base_unknown") if row["base"] == "unknown" else number(float(row["base"]), scene.texts)
    return _lane(scene, PUBLISHED, row["unit"], theirs, base)


def _computed(scene: Scene, row: Record) -> Lane:
    if not shown(row):
        return Lane(COMPUTED, (masked(scene, row), "", ""), unsaid(scene, row))
    return _lane(scene, COMPUTED, row["unit"], row, number(row["n"], scene.texts))


def _lane(scene: Scene, mark: Mark, unit: str, found: Record, base: str) -> Lane:
    who = scene.say("published" if mark is PUBLISHED else "computed")
    known = math.isfinite(found["low"]) or math.isfinite(found["high"])
    said = scene.say("said_of" if known else "said_plain", group=who, **limits(scene, found, unit))
    written = value(found["estimate"], unit, scene.texts)
    cells = (written, interval(found["low"], found["high"], unit, scene.texts), base)
    if unit == "size":
        cells = (written, "", "")
    return Lane(mark, cells, said, found["estimate"], found["low"], found["high"])
