"""A figure that would be higher than its page, in parts that are not: each a figure of its own, no row left out."""

import math
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from types import ModuleType
from typing import Final

from matplotlib.figure import Figure

from impact.figures._levels import UNITS, unit_of
from impact.figures._scene import Record, Scene

ROOM: Final = 176.0  # mm: an A4 page's text, less a section's opening, the figure's own and the words under it


def parts(member: ModuleType, scene: Scene, room: float = ROOM) -> list[Scene]:
    """What the scene shows, in scenes of at most `room` millimetres: whole where it fits, else cut between units, then
    between dimensions, and inside a dimension only where that alone is too long. Parts keep the scale of the whole."""
    if fits(member.draw(scene), room):
        return [scene]
    column, made = member.ROWS[1], list[list[str]]()
    rows = sorted(member.drawn(scene), key=lambda row: _kin(scene, row)[0])
    for _, inside in groupby(rows, key=lambda row: _kin(scene, row)):
        names = list(dict.fromkeys(str(row[column]) for row in inside))
        for some in _fitting(member, scene, names, room):
            if made and _height(member, _part(member, scene, [*made[-1], *some])) <= room:
                made[-1] += some
            else:
                made.append(some)
    made[-1] += _undrawn(member, scene)
    return [_part(member, scene, names) for names in made]


def fits(drawn: Figure, room: float = ROOM) -> bool:
    """Whether a figure is no higher than what a page leaves it."""
    return _tall(drawn) <= room


def _undrawn(member: ModuleType, scene: Scene) -> list[str]:
    """What the figure holds and does not draw: its last part counts it."""
    table, column = member.ROWS
    shown = {str(row[column]) for row in member.drawn(scene)}
    return [str(name) for name in getattr(scene.results, table)[column].unique() if name not in shown]


def _kin(scene: Scene, row: Record) -> tuple[int, str]:
    """What rows stand together by: their unit, in the order of the blocks of a figure, then their dimension."""
    unit = unit_of(scene, row) if "unit" in row else ""
    return UNITS.index(unit) if unit in UNITS else len(UNITS), str(row.get("dimension", ""))


def _fitting(member: ModuleType, scene: Scene, names: list[str], room: float) -> Iterator[list[str]]:
    """Names in runs of nearly one length, each as high as the room at most; a single one is never cut."""
    count = min(math.ceil(_height(member, _part(member, scene, names)) / room), len(names))
    if count == 1:
        yield names
        return
    for place in range(count):
        run = names[place * len(names) // count : (place + 1) * len(names) // count]
        yield from _fitting(member, scene, run, room)


def _part(member: ModuleType, scene: Scene, names: list[str]) -> Scene:
    table, column = member.ROWS
    frame = getattr(scene.results, table)
    results = replace(scene.results, **{table: frame[frame[column].isin(names)]})
    return replace(scene, results=results, part_of=scene)


def _height(member: ModuleType, scene: Scene) -> float:
    return _tall(member.draw(scene))


def _tall(drawn: Figure) -> float:
    return float(drawn.get_size_inches()[1]) * 25.4
