"""How answers go with the months of mentoring: a curve and its band an indicator, in small panels, two a line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Final

from matplotlib.figure import Figure

from impact.figures import _style as style
from impact.figures._canvas import Canvas, Strip, area, gap, rules, stack, words, wrapped
from impact.figures._chart import HALF, LINE, SMALL_LINE, Scale, foot
from impact.figures._levels import badge, described, level, limits, scored, span, unit_of
from impact.figures._scales import free_scale, scored_scale, share_scale
from impact.figures._scene import Record, Scene, indicator_label, records, shown
from impact.texts.typography import number

PANEL: Final = 83.0  # mm: a panel's width
PLOT: Final = (10.0, 2.0)  # mm of white at the left and at the right of a plot
TALL: Final = 34.0  # mm: a plot's height
ROWS: Final = ("trend", "indicator")
STEPS: Final = (1, 2, 3, 6, 12, 24, 60, 120)  # months between the ticks of an axis, at most seven of them


@dataclass(frozen=True, slots=True)
class Panel:
    """One indicator: its name in lines, its slope in lines, its curve, its scale and its ticks of months."""

    label: list[str]
    slope: list[str]
    curve: list[Record]
    scale: Scale
    months: tuple[tuple[float, str], ...]


def shows(scene: Scene) -> bool:
    """Whether there is a curve to see."""
    return bool(drawn(scene))


def draw(scene: Scene) -> Figure:
    """The curves of all dimensions or one, the slope of each in words."""
    panels = [_panel(scene, rows) for rows in _by_indicator(scene)]
    strips: list[Strip] = []
    for place in range(0, len(panels), 2):
        strips += [gap(4.0)] if strips else []
        strips += _line(panels[place : place + 2])
    return stack([*strips, *foot((scene.say("months_note"),), badge(scene))])


def alt(scene: Scene) -> str:
    """The same curves in words: the level at their two ends and in the middle, and the slope."""
    lead = scene.say("alt_trend", level=level(scene, drawn(scene)))
    told = [(indicator_label(scene, rows[0]), _said(scene, rows)) for rows in _by_indicator(scene)]
    return described(scene, lead, told)


def drawn(scene: Scene) -> list[Record]:
    """The points of the curves that are shown, in the table's order."""
    rows = records(scene, scene.results.trend)
    return [row for row in rows if row["measure"] == "curve" and shown(row)]


def _by_indicator(scene: Scene) -> list[list[Record]]:
    rows = drawn(scene)
    return [
        [row for row in rows if row["indicator"] == name] for name in dict.fromkeys(row["indicator"] for row in rows)
    ]


def _said(scene: Scene, rows: list[Record]) -> tuple[str, ...]:
    points = [rows[0], rows[len(rows) // 2], rows[-1]]
    levels = [
        scene.say("said_of", group=scene.say("at_months", months=_months(scene, row)),
                  **limits(scene, row, unit_of(scene, row)))
        for row in points
    ]  # fmt: skip
    return tuple(filter(None, (*levels, _slope(scene, rows[0]["indicator"]))))


def _months(scene: Scene, row: Record) -> str:
    months = float(row["months"])
    return number(months, scene.texts, 0 if months.is_integer() else 1)


def _slope(scene: Scene, name: str) -> str:
    """The slope over twelve months in words, taken alone where it is no more once the number of slopes is allowed for;
    "" where it is not shown."""
    rows = [row for row in records(scene, scene.results.trend) if (row["indicator"], row["measure"]) == (name, "slope")]
    row = next(filter(shown, rows), None)
    if row is None:
        return ""
    verdict = scene.say(f"verdict_{row['verdict']}")
    lost = row["verdict"] in ("higher", "lower") and not row["p_adjusted"] < 1 - row["level"]
    key = "slope_alone" if lost else "slope"
    return scene.say(key, **limits(scene, row, unit_of(scene, row), "difference"), verdict=verdict)


# --- from rows to panels ---------------------------------------------------------------------------------------------


def _panel(scene: Scene, rows: list[Record]) -> Panel:
    label = wrapped(indicator_label(scene, rows[0]), style.STRONG, PANEL, most=3)
    slope = wrapped(_slope(scene, rows[0]["indicator"]), style.SMALL, PANEL, most=2)
    ticks = tuple((tick, number(tick, scene.texts)) for tick in _ticks(rows))
    return Panel(label, slope, rows, _scale(scene, rows), ticks)


def _scale(scene: Scene, rows: list[Record]) -> Scale:
    unit, scores = unit_of(scene, rows[0]), scored(scene, rows[0])
    if unit == "share":
        return share_scale(scene.texts)
    ends = scored_scale(*scores, unit, scene.texts) if scores and unit == "mean" else None
    return ends or free_scale(span(rows), unit, scene.texts)


def _ticks(rows: list[Record]) -> Iterator[float]:
    first, last = (float(rows[place]["months"]) for place in (0, -1))
    step = next((step for step in STEPS if (last - first) / step <= 6), STEPS[-1])
    place = -(-first // step) * step
    while place <= last:
        yield place
        place += step


# --- from panels to strips -------------------------------------------------------------------------------------------


def _line(panels: Sequence[Panel]) -> Iterator[Strip]:
    """Panels side by side: their names on one height, their plots on another."""
    names = 2.0 + LINE * max(len(panel.label) for panel in panels)
    slopes = 1.0 + SMALL_LINE * max(len(panel.slope) for panel in panels)
    yield names + slopes, partial(_paint_names, panels, names)
    yield TALL + 5.5, partial(_paint_plots, panels)


def _left(place: int) -> float:
    return place * (style.WIDTH - PANEL)


def _paint_names(panels: Sequence[Panel], below: float, canvas: Canvas, top: float) -> None:
    for place, panel in enumerate(panels):
        for line, text in enumerate(panel.label):
            words(canvas, _left(place), top + LINE * (line + 0.5) + HALF, text, style.STRONG)
        for line, text in enumerate(panel.slope):
            words(canvas, _left(place), top + below + SMALL_LINE * (line + 0.5), text, style.SMALL)


def _paint_plots(panels: Sequence[Panel], canvas: Canvas, top: float) -> None:
    for place, panel in enumerate(panels):
        _paint_plot(panel, (_left(place) + PLOT[0], _left(place) + PANEL - PLOT[1]), canvas, top + 1.5)


def _paint_plot(panel: Panel, ends: tuple[float, float], canvas: Canvas, top: float) -> None:
    bottom, (start, end) = top + TALL - 2, ends
    first, last = (float(panel.curve[at]["months"]) for at in (0, -1))
    scale = panel.scale

    def x(months: float) -> float:
        return start + (months - first) / max(last - first, 1.0) * (end - start)

    def y(value: float) -> float:
        inside = min(max(value, scale.low), scale.high)
        return bottom - (inside - scale.low) / (scale.high - scale.low) * (bottom - top)

    rules(canvas, [((start, y(tick)), (end, y(tick))) for tick, _ in scale.ticks], style.PALE, 0.6)
    rules(canvas, [((x(tick), bottom), (x(tick), bottom + 1)) for tick, _ in panel.months], style.GREY, 0.5)
    rules(canvas, [((start, bottom), (end, bottom))], style.GREY, 0.5)
    upper = [(x(row["months"]), y(row["high"])) for row in panel.curve]
    lower = [(x(row["months"]), y(row["low"])) for row in panel.curve]
    area(canvas, [*upper, *reversed(lower)], style.BLUE_TINT)
    rules(canvas, list(pairwise((x(row["months"]), y(row["estimate"])) for row in panel.curve)), style.BLUE, 1.4)
    for tick, name in scale.ticks:
        words(canvas, start - 1.5, y(tick) + HALF - 0.2, name, style.SMALL, "right")
    for tick, name in panel.months:
        words(canvas, x(tick), bottom + 4, name, style.SMALL, "center")
