"""Figures: one a file, drawn from the tables only.

A member of `FIGURES` is a module with four functions and a name, and joins by being a file here:

- `shows(scene) -> bool`: whether there is anything to see: a chart of masked rows alone is empty axes;
- `drawn(scene) -> list[Record]`: the rows that it draws, masked ones included but for what is masked in every group;
- `draw(scene) -> matplotlib.figure.Figure`: 174 mm wide, as high as its rows need, without title (the page has it);
- `ROWS`: the table these rows are of, and the column whose every value is a row of the figure;
- `alt(scene) -> str`: what the figure says, in words, from the same rows, and how many are masked.

None computes a number. Importing this package imports matplotlib: what must start fast does not import it.
"""

from typing import Final

from matplotlib.figure import Figure

from impact import texts
from impact.errors import ImpactError
from impact.figures._canvas import readable
from impact.figures._parts import fits, parts
from impact.figures._save import png, svg
from impact.figures._scene import Scene, group_name
from impact.model import Results
from impact.registry import members
from impact.study import Study

FIGURES: Final = members(__name__)

__all__ = ["FIGURES", "Figure", "Scene", "draw", "fits", "group_name", "parts", "png", "readable", "svg"]


def draw(figure: str, results: Results, study: Study, dimension: str = "", language: str = "") -> Figure:
    """One figure of FIGURES by name, of one dimension or of all, in the study's language unless another is asked for.

    Raises ImpactError for a name that is no figure, listing those there are.
    """
    if figure not in FIGURES:
        raise ImpactError("figure_unknown", figure=figure, known=", ".join(FIGURES))
    words = texts.load(language or study.about.language)
    drawn: Figure = FIGURES[figure].draw(Scene(results, study, words, dimension))
    if not drawn.axes:  # a notebook shows no figure without axes, and ours are painted straight on the paper
        drawn.add_axes((0, 0, 1, 1)).set_axis_off()
    return drawn
