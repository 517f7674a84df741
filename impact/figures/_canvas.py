"""A sheet measured in millimetres from its top left corner, and the four things drawn on it, one over the other."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from unicodedata import category

from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, get_font
from matplotlib.ft2font import LoadFlags
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Transform

from impact.figures._style import FAMILY, FILES, POINT, WHITE, WIDTH, Look, Mark


@dataclass(frozen=True, slots=True)
class Canvas:
    """A figure and the way from millimetres (right, down) to its own coordinates."""

    figure: Figure
    transform: Transform


Point = tuple[float, float]

# A strip is a height and what draws it at a given top: a figure is its strips, one under the other.
Painter = Callable[[Canvas, float], None]
Strip = tuple[float, Painter]


def stack(strips: Iterable[Strip]) -> Figure:
    """A figure of full width made of strips; its height is theirs, so that no row is ever squeezed."""
    strips = list(strips)
    height = sum(tall for tall, _ in strips)
    figure = Figure(figsize=(WIDTH / 25.4, height / 25.4), facecolor=WHITE)
    inches = Affine2D().scale(1 / 25.4, -1 / 25.4).translate(0, height / 25.4)
    canvas, top = Canvas(figure, inches + figure.dpi_scale_trans), 0.0
    for tall, paint in strips:
        paint(canvas, top)
        top += tall
    return figure


def gap(height: float) -> Strip:
    """A strip of white."""
    return height, lambda canvas, top: None


def words(canvas: Canvas, x: float, y: float, text: str, look: Look, anchor: str = "left") -> None:
    """Words on a baseline; `anchor` says which of their ends stands at x: left, center or right."""
    canvas.figure.text(
        x, y, text, transform=canvas.transform, color=look.colour, ha=anchor, va="baseline",
        fontproperties=_font(look.size, look.weight), parse_math=False,
    )  # fmt: skip


def rule(canvas: Canvas, start: Point, end: Point, colour: str, width: float) -> None:
    """A straight line; its width in points."""
    rules(canvas, [(start, end)], colour, width)


def rules(canvas: Canvas, segments: Sequence[tuple[Point, Point]], colour: str, width: float) -> None:
    """Straight lines of one look, drawn as one path: many rules cost no more than one."""
    path = Path([point for segment in segments for point in segment], [Path.MOVETO, Path.LINETO] * len(segments))
    drawn = PathPatch(path, fill=False, edgecolor=colour, linewidth=width, transform=canvas.transform, zorder=1)
    drawn.set_capstyle("butt")
    canvas.figure.add_artist(drawn)


def area(canvas: Canvas, points: Sequence[Point], colour: str) -> None:
    """A filled outline."""
    drawn = PathPatch(Path(points, closed=False), facecolor=colour, linewidth=0, transform=canvas.transform, zorder=1)
    canvas.figure.add_artist(drawn)


def box(canvas: Canvas, corner: tuple[float, float], size: tuple[float, float], colour: str) -> None:
    """A filled rectangle from its top left corner."""
    drawn = Rectangle(corner, *size, facecolor=colour, linewidth=0, transform=canvas.transform, zorder=1)
    canvas.figure.add_artist(drawn)


def dot(canvas: Canvas, x: float, y: float, mark: Mark) -> None:
    """A mark, edged in white so that it stands off what lies beneath."""
    inside, edge = (mark.colour, WHITE) if mark.filled else (WHITE, mark.colour)
    drawn = Line2D((x,), (y,), linestyle="none", marker=mark.shape, transform=canvas.transform, zorder=1)
    drawn.set(markersize=mark.size, markerfacecolor=inside, markeredgecolor=edge)
    drawn.set_markeredgewidth(0.6 if mark.filled else 1.3)
    canvas.figure.add_artist(drawn)


@cache
def width_of(text: str, look: Look) -> float:
    """The width of words in millimetres."""
    font = get_font(str(FILES[look.weight]))
    font.set_size(look.size, 72)
    font.set_text(text, 0.0, flags=LoadFlags.NO_HINTING)
    return font.get_width_height()[0] / 64 * POINT


def wrapped(text: str, look: Look, width: float, most: int = 5) -> list[str]:
    """Words in lines no wider than `width`, the last not left with a crumb.

    A word too long is cut, and what passes `most` lines ends in "…".
    """
    lines = _filled(text, look, width, most)
    narrower = width - 3
    while len(lines) > 1 and width_of(lines[-1], look) < width / 3 and narrower > width / 2:
        again = _filled(text, look, narrower, most)
        if len(again) > len(lines) or " ".join(again) != " ".join(lines):
            break
        lines, narrower = again, narrower - 3
    return lines


def _filled(text: str, look: Look, width: float, most: int) -> list[str]:
    lines, rest = [""], text.split(" ")
    while rest:
        word = rest.pop(0)
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if width_of(longer, look) <= width:
            lines[-1] = longer
        elif lines[-1]:
            lines.append("")
            rest.insert(0, word)
        else:
            cut = _fitting(word, look, width)
            lines[-1] = word[:cut]
            rest.insert(0, word[cut:])
            lines.append("")
        if len(lines) > most:
            return [*lines[: most - 1], _shortened(lines[most - 1], look, width)]
    return [part for part in lines if part]


def _fitting(word: str, look: Look, width: float) -> int:
    """How many of a word's letters fit, one at least: found by halves, for a word may have no end."""
    return max(1, bisect_right(range(1, len(word) + 1), width, key=lambda cut: width_of(word[:cut], look)))


def _shortened(text: str, look: Look, width: float) -> str:
    kept = bisect_right(range(1, len(text) + 1), width, key=lambda cut: width_of(text[:cut] + "…", look))
    return text[:kept].rstrip() + "…"


def readable(text: str) -> str:
    """The text without what the font cannot draw: control characters go, unknown signs become "□", all on one line."""
    known = _glyphs()
    kept = (" " if sign in "\n\r\t" else sign for sign in text if sign in "\n\r\t" or category(sign)[0] != "C")
    return "".join(sign if ord(sign) in known else "□" for sign in kept).strip()


@cache
def _glyphs() -> frozenset[int]:
    return frozenset(get_font(str(FILES[400])).get_charmap())


@cache
def _font(size: float, weight: int) -> FontProperties:
    return FontProperties(family=FAMILY, weight=weight, size=size, fname=str(FILES[weight]))
