"""What the mentored say beside what the non-mentored say, and the mentors where they were asked."""

from typing import Final

from matplotlib.figure import Figure

from impact.figures._groups import describe_groups, draw_groups, rows_of
from impact.figures._levels import seen
from impact.figures._scene import Record, Scene, shown
from impact.model import SOURCE_GROUPS

ROWS: Final = ("estimates", "indicator")
GROUPS: Final = SOURCE_GROUPS


def shows(scene: Scene) -> bool:
    """Whether there is an estimate to see."""
    return any(map(shown, drawn(scene)))


def draw(scene: Scene) -> Figure:
    """The figure of all dimensions or one: a line a group under each indicator."""
    return draw_groups(scene, rows_of(scene, GROUPS))


def alt(scene: Scene) -> str:
    """The same rows in words."""
    return describe_groups(scene, rows_of(scene, GROUPS))


def drawn(scene: Scene) -> list[Record]:
    """The estimates of the groups, in the table's order, but for what is masked in all of them."""
    return seen(rows_of(scene, GROUPS))
