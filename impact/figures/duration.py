"""Those mentored for long, those mentored for less, and the non-mentored."""

from typing import Final

from matplotlib.figure import Figure

from impact.figures._groups import describe_groups, draw_groups, rows_of
from impact.figures._scene import Record, Scene

BANDS: Final = ("mentored_over", "mentored_under")
GROUPS: Final = (*BANDS, "non_mentored")


def shows(scene: Scene) -> bool:
    """Whether the study splits the mentored by duration, masked or not."""
    return bool(_rows(scene))


def draw(scene: Scene) -> Figure:
    """The figure of all dimensions or one: a line a group under each indicator asked of the mentored."""
    return draw_groups(scene, _rows(scene))


def alt(scene: Scene) -> str:
    """The same rows in words."""
    return describe_groups(scene, _rows(scene))


def _rows(scene: Scene) -> list[Record]:
    rows = rows_of(scene, GROUPS)
    split = {row["indicator"] for row in rows if row["group"] in BANDS}
    return [row for row in rows if row["indicator"] in split]
