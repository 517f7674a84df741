"""What the mentored say beside what the non-mentored say, and the mentors where they were asked."""

from typing import Final

from matplotlib.figure import Figure

from impact.figures._groups import describe_groups, draw_groups, rows_of
from impact.figures._scene import Scene
from impact.model import SOURCE_GROUPS

GROUPS: Final = SOURCE_GROUPS


def shows(scene: Scene) -> bool:
    """Whether there is an estimate to draw, masked or not."""
    return bool(rows_of(scene, GROUPS))


def draw(scene: Scene) -> Figure:
    """The figure of all dimensions or one: a line a group under each indicator."""
    return draw_groups(scene, rows_of(scene, GROUPS))


def alt(scene: Scene) -> str:
    """The same rows in words."""
    return describe_groups(scene, rows_of(scene, GROUPS))
