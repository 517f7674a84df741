"""How far apart two groups are in each characteristic, before and after adjusting: standardised differences."""

import math
from typing import Final

from matplotlib.figure import Figure

from impact.figures._canvas import wrapped
from impact.figures._chart import Block, Column, Lane, Layout, Row, Scale, chart, told
from impact.figures._levels import badge, described, masked, statuses, unsaid
from impact.figures._scales import free_scale
from impact.figures._scene import Record, Scene, covariate_label, every, group_name, shown
from impact.figures._style import ADJUSTMENT_MARKS, BODY
from impact.texts.typography import number, plural

LAYOUT: Final = Layout(
    label=72, start=77, end=141, columns=(Column(157, strong=True), Column(174, strong=True)), lane=0
)
ROWS: Final = ("balance", "covariate")
FAR: Final = 0.1  # a standardised difference from which two groups are said to differ (Austin 2009)
MOST: Final = 14  # rows that surely stand on a page


def shows(scene: Scene) -> bool:
    """Whether there is a characteristic to see, before and after; none belongs to a dimension."""
    rows = drawn(scene)
    return any(map(shown, rows)) and _after(rows) != ""


def draw(scene: Scene) -> Figure:
    """The figure of the scene's comparison, for the first way of adjusting that the study names."""
    rows = drawn(scene)
    key = tuple((ADJUSTMENT_MARKS[name], scene.say(f"by_{name}")) for name in ("none", _after(rows)))
    notes = (scene.say("far_note"), *_undrawn(scene, rows), *statuses(scene, rows))
    return chart([_block(scene, rows)], LAYOUT, key, notes, badge(scene))


def alt(scene: Scene) -> str:
    """The same rows in words."""
    group, reference = (group_name(name, scene.study, scene.texts) for name in scene.comparison)
    lead = scene.say("alt_balance", group=group, reference=reference)
    hidden = {_key(row) for row in _compared(scene)} - {_key(row) for row in _both(scene)}
    return described(scene, lead, told([_block(scene, drawn(scene))]), len(hidden))


def drawn(scene: Scene) -> list[Record]:
    """The characteristics of the scene's two groups, before adjusting and after the first way that was made.

    Where they are too many for a page, those that the groups are furthest apart in before: all stand in the table.
    """
    rows = _both(scene)
    before = {_key(row): abs(row["std_difference"]) for row in rows if row["adjustment"] == "none" and shown(row)}
    kept = set(sorted(dict.fromkeys(map(_key, rows)), key=lambda key: -before.get(key, 0.0))[:MOST])
    return [row for row in rows if _key(row) in kept]


def _both(scene: Scene) -> list[Record]:
    """Without the characteristics that are masked whole: each would be empty lines."""
    rows = _compared(scene)
    seen = {row["covariate"] for row in rows if shown(row)}
    return [row for row in rows if row["covariate"] in seen]


def _compared(scene: Scene) -> list[Record]:
    ours = [row for row in every(scene.results.balance) if (row["group"], row["reference"]) == scene.comparison]
    after = _after(ours)
    return [row for row in ours if row["adjustment"] in ("none", after)]


def _undrawn(scene: Scene, rows: list[Record]) -> list[str]:
    """That not every characteristic is drawn, where that is so."""
    hidden = {row["covariate"] for row in _compared(scene)} - {row["covariate"] for row in _both(scene)}
    key = f"covariates_{plural(len(hidden), scene.texts)}"
    said = [scene.say(key, count=len(hidden))] if hidden else []
    fewer = {_key(row) for row in rows} < {_key(row) for row in _both(scene)}
    return [scene.say("furthest", most=MOST), *said] if fewer and scene.part_of is None else said


def _key(row: Record) -> tuple[str, str]:
    return row["covariate"], row["category"]


def _after(rows: list[Record]) -> str:
    return next((str(row["adjustment"]) for row in rows if row["adjustment"] != "none"), "")


def _block(scene: Scene, rows: list[Record]) -> Block:
    keys = list(dict.fromkeys((row["covariate"], row["category"]) for row in rows))
    lines = tuple(_row(scene, [row for row in rows if (row["covariate"], row["category"]) == key]) for key in keys)
    return Block(lines, _scale(scene, rows), (scene.say("before"), scene.say("after")), scene.say("apart_by"))


def _scale(scene: Scene, rows: list[Record]) -> Scale:
    """From as far as the groups are apart on one side to as much on the other, the limits of alike always in it."""
    seen = [row["std_difference"] for row in rows if shown(row)]
    return free_scale((*seen, -FAR, FAR), "index", scene.texts, "difference", neutral=0.0)


def _row(scene: Scene, rows: list[Record]) -> Row:
    lanes = tuple(_lane(scene, row, place) for place, row in enumerate(rows))
    label = covariate_label(scene, rows[0]["covariate"], rows[0]["category"])
    return Row(" ".join(wrapped(label, BODY, LAYOUT.label, most=2)), lanes)


def _lane(scene: Scene, row: Record, place: int) -> Lane:
    mark = ADJUSTMENT_MARKS[row["adjustment"]]
    if not shown(row):
        cells = (masked(scene, row), "") if place == 0 else ("", masked(scene, row))
        return Lane(mark, cells, unsaid(scene, row))
    apart = float(row["std_difference"])
    written = number(apart, scene.texts, 2)
    marked = scene.say("far", value=written) if abs(apart) > FAR else written
    said = scene.say("said_plain", group=scene.say(f"by_{row['adjustment']}"), value=written)
    value = apart if math.isfinite(apart) else math.nan
    return Lane(mark, (marked, "") if place == 0 else ("", marked), said, value)
