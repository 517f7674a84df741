"""Figures: one a file, drawn from the tables only.

A member of `FIGURES` is a module with three functions, and joins by being a file here:

- `shows(scene) -> bool`: whether the tables hold a row for it, masked rows included;
- `draw(scene) -> matplotlib.figure.Figure`: 174 mm wide, as high as its rows need, without title (the page has it);
- `alt(scene) -> str`: what the figure says, in words, from the same rows, and how many are masked.

None computes a number. Importing this package imports matplotlib: what must start fast does not import it.
"""

from typing import Final

from impact.figures._canvas import readable
from impact.figures._save import png, svg
from impact.figures._scene import Scene, group_name
from impact.registry import members

FIGURES: Final = members(__name__)

__all__ = ["FIGURES", "Scene", "group_name", "png", "readable", "svg"]
