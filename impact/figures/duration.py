"""Those mentored for long, those mentored for less, and the non-mentored."""

from typing import Final

from matplotlib.figure import Figure

from impact.figures._groups import describe_groups, draw_groups, rows_of
from impact.figures._levels import seen
from impact.figures._scene import Record, Scene, shown
from impact.model import GROUPS

BANDS: Final = tuple(group for group in GROUPS if group.startswith("mentored_") and group != "mentored_unknown")
ROWS: Final = ("estimates", "indicator")
DRAWN: Final = (*BANDS, "non_mentored")


def shows(scene: Scene) -> bool:
    """Whether there is a result by duration to see."""
    return any(shown(row) and row["group"] in BANDS for row in drawn(scene))


def draw(scene: Scene) -> Figure:
    """The figure of all dimensions or one: a line a group under each indicator asked of the mentored."""
    return draw_groups(scene, _split(scene))


def alt(scene: Scene) -> str:
    """The same rows in words."""
    return describe_groups(scene, _split(scene))


def drawn(scene: Scene) -> list[Record]:
    """The estimates of what was asked of a band, in the table's order, but for what is masked in all groups."""
    return seen(_split(scene))


def _split(scene: Scene) -> list[Record]:
    rows = rows_of(scene, DRAWN)
    split = {row["indicator"] for row in rows if row["group"] in BANDS}
    return [row for row in rows if row["indicator"] in split]
