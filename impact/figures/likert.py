"""Ordered answers as bars of 100 %: one bar a group; the answers that an indicator counts are ruled and added up."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Final

from matplotlib.figure import Figure

from impact.figures import _style as style
from impact.figures._canvas import Canvas, Strip, box, gap, rule, stack, width_of, words, wrapped
from impact.figures._chart import HALF, LINE, SMALL_LINE, KeyLine, foot, head_words, key_lines, paint_key
from impact.figures._levels import badge, described, level, masked, statuses, unsaid
from impact.figures._scene import Record, Scene, every, group_name, records, shown
from impact.model import GROUPS, SOURCE_GROUPS
from impact.study import Question
from impact.texts.typography import bare, interval, number, percent, value

NAME, START, END = 34.0, 50.0, 145.0  # mm: where names end, where bars start and end
TOTAL, LIMITS = 156.0, 174.0  # mm: right edges of the total and of its interval
BAR, PITCH = 4.8, 7.4  # mm: the height of a bar, from one bar to the next
BETWEEN = 0.35  # mm of white after each answer
ROWS: Final = ("distributions", "question")
FEWEST: Final = 3  # with two answers a bar says no more than a share does


@dataclass(frozen=True, slots=True)
class Part:
    """One answer in a bar: its share, as it is written, its colour and label, whether the indicator counts it."""

    share: float
    text: str
    colour: str
    label: str
    counted: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """One group: its name, its base, its parts (none where it is masked), the total counted and its interval.

    Where the answers are masked, `base` is the sign that says so; the total has its own row in the tables, and stands.
    """

    name: str
    base: str
    parts: tuple[Part, ...]
    total: str
    limits: str
    said: str


@dataclass(frozen=True, slots=True)
class Panel:
    """One question: its text, the colour of each answer, its bars."""

    text: str
    key: tuple[tuple[str, str], ...]
    bars: tuple[Bar, ...]


def shows(scene: Scene) -> bool:
    """Whether there is an ordered answer to see."""
    return any(map(shown, drawn(scene)))


def draw(scene: Scene) -> Figure:
    """The ordered questions of all dimensions or one; those with the same answers stand under one key."""
    strips: list[Strip] = []
    panels = _panels(scene)
    for alike in _by_key(panels):
        strips += [gap(3.0)] if strips else []
        strips.append(_head(scene, alike))
        strips += [strip for panel in alike for strip in _strips(panel)]
    counted = [scene.say("counted_note")] if _added(panels) else []
    notes = (" ".join([*counted, scene.say("rounded_note")]), *statuses(scene, drawn(scene)))
    return stack([*strips, *foot(notes, badge(scene))])


def alt(scene: Scene) -> str:
    """The same bars in words."""
    told = [(panel.text, tuple(bar.said for bar in panel.bars)) for panel in _panels(scene)]
    return described(scene, scene.say("alt_likert"), told)


def _by_key(panels: list[Panel]) -> list[list[Panel]]:
    keys = dict.fromkeys(panel.key for panel in panels)
    return [[panel for panel in panels if panel.key == key] for key in keys]


def _added(panels: list[Panel]) -> bool:
    """Whether some answers are counted and added up."""
    return any(bar.total for panel in panels for bar in panel.bars)


# --- from rows to bars -----------------------------------------------------------------------------------------------


def drawn(scene: Scene) -> list[Record]:
    """The answers to the ordered questions, group by group, in the table's order."""
    questions = scene.study.questionnaire.questions
    rows = records(scene, scene.results.distributions)
    whole = any(row["group"] == "mentored" for row in rows)
    groups = SOURCE_GROUPS if whole else GROUPS  # bands stand for the mentored where the table holds them alone
    return [row for row in rows if row["group"] in groups and _ordered(questions[row["question"]])]


def _ordered(question: Question) -> bool:
    scored = all(choice.value is not None for choice in question.choices)
    return question.kind == "single" and scored and FEWEST <= len(question.choices) <= max(style.ORDERED)


def _panels(scene: Scene) -> list[Panel]:
    totals = {(row["indicator"], row["group"]): row for row in every(scene.results.estimates)}
    by_question = groupby(drawn(scene), key=lambda row: str(row["question"]))
    return [_panel(scene, scene.study.question(question), list(rows), totals) for question, rows in by_question]


def _panel(scene: Scene, question: Question, rows: list[Record], totals: Mapping[tuple[str, str], Record]) -> Panel:
    found = [one for one in scene.study.questionnaire.indicator if one.question == question.id]
    counted = next((one for one in found if one.kind == "share"), None)
    colours = style.ORDERED[len(question.choices)]
    if any(one.better == "lower" for one in found):
        colours = colours[::-1]  # the most favourable answer is always the blue one
    key = tuple((colour, scene.label(choice.label)) for choice, colour in zip(question.choices, colours, strict=True))
    codes = counted.counts if counted else ()
    look = {code: (*seen, code in codes) for code, seen in zip(question.codes, key, strict=True)}
    by_group = groupby(rows, key=lambda row: str(row["group"]))
    bars = tuple(
        _bar(scene, list(inside), look, totals.get((counted.id, group)) if counted else None)
        for group, inside in by_group
    )
    return Panel(scene.label(question.text), key, bars)


def _bar(scene: Scene, rows: list[Record], look: Mapping[str, tuple[str, str, bool]], total: Record | None) -> Bar:
    name, (sum_of, limits) = group_name(rows[0]["group"], scene.study, scene.texts), _total(scene, total)
    if not all(shown(row) for row in rows):
        return Bar(name, masked(scene, rows[0]), (), sum_of, limits, unsaid(scene, rows[0]))
    parts = tuple(_part(scene, row["share"], *look[row["choice"]]) for row in rows if row["choice"] in look)
    answers = (scene.say("said_plain", group=part.label, value=percent(part.share, scene.texts)) for part in parts)
    said = scene.say("said_row", label=name, said=", ".join(answers))
    return Bar(name, scene.say("n", count=number(rows[0]["n"], scene.texts)), parts, sum_of, limits, said)


def _part(scene: Scene, share: float, colour: str, label: str, counted: bool) -> Part:
    return Part(share, bare(share, "share", scene.texts), colour, label, counted)


def _total(scene: Scene, total: Record | None) -> tuple[str, str]:
    if total is None:
        return "", ""
    if not shown(total):
        return masked(scene, total), ""
    limits = interval(total["low"], total["high"], total["unit"], scene.texts)
    return value(total["estimate"], total["unit"], scene.texts), limits


# --- from bars to strips ---------------------------------------------------------------------------------------------


def _head(scene: Scene, panels: list[Panel]) -> Strip:
    marks = tuple((style.Mark(style.SQUARE, colour, colour, size=7.5), name) for colour, name in panels[0].key)
    lines = key_lines(marks, END)
    totals = (scene.say("counted"), scene.say("interval", level=level(scene, ())))
    said = totals if _added(panels) else ("", "")
    titles = [title.split("\n") for title in said]
    tall = 0.8 + max(len(lines) * 4.6, SMALL_LINE * max(map(len, titles)))
    return tall + 1.4, partial(_paint_head, lines, titles, tall)


def _paint_head(lines: list[KeyLine], titles: list[list[str]], tall: float, canvas: Canvas, top: float) -> None:
    bottom = top + tall
    for place, items in enumerate(reversed(lines)):
        paint_key(items, canvas, bottom - (place + 1) * 4.6 + 0.6)
    for title, x in zip(titles, (TOTAL, LIMITS), strict=True):
        head_words(canvas, x, bottom, title, "right")
    rule(canvas, (0, bottom + 1.4), (style.WIDTH, bottom + 1.4), style.GREY, 0.6)


def _strips(panel: Panel) -> Iterator[Strip]:
    lines = wrapped(panel.text, style.STRONG, style.WIDTH)
    yield 2.4 + LINE * len(lines) + 1.0, partial(_paint_text, lines)
    for bar in panel.bars:
        yield PITCH, partial(_paint_bar, bar)
    yield 1.6, _paint_rule


def _paint_text(lines: list[str], canvas: Canvas, top: float) -> None:
    for place, part in enumerate(lines):
        words(canvas, 0, top + 2.4 + LINE * (place + 0.5) + HALF, part, style.STRONG)


def _paint_rule(canvas: Canvas, top: float) -> None:
    rule(canvas, (0, top + 1.6), (style.WIDTH, top + 1.6), style.RULE, 0.4)


def _paint_bar(bar: Bar, canvas: Canvas, top: float) -> None:
    middle, x = top + PITCH / 2 - 0.3, START
    name = wrapped(bar.name, style.BODY, NAME, most=2)
    for place, line in enumerate(name):
        words(canvas, 0, middle + HALF + LINE * (place - (len(name) - 1) / 2), line, style.BODY)
    if bar.parts:
        words(canvas, START - 2.5, middle + HALF - 0.1, bar.base, style.SMALL, "right")
    else:
        box(canvas, (START, middle - BAR / 2), (END - START, BAR), style.PALE)
        words(canvas, START + 1.5, middle + HALF, bar.base, style.QUIET)
    for part in bar.parts:
        wide = part.share * (END - START)
        _paint_part(canvas, part, (x, middle - BAR / 2), wide)
        x += wide
    _rule_counted(canvas, bar, middle + BAR / 2 + 0.75)
    strong = style.STRONG.coloured(style.BLUE) if bar.limits else style.QUIET
    words(canvas, TOTAL, middle + HALF, bar.total, strong, "right")
    words(canvas, LIMITS, middle + HALF, bar.limits, style.QUIET, "right")


def _paint_part(canvas: Canvas, part: Part, corner: tuple[float, float], wide: float) -> None:
    x, y = corner
    seen = max(wide - BETWEEN, 0.0)
    box(canvas, corner, (seen, BAR), part.colour)
    if width_of(part.text, style.BODY) + 1.2 <= seen:
        look = style.BODY.coloured(style.WHITE) if part.colour in style.DARK else style.BODY
        words(canvas, x + seen / 2, y + BAR / 2 + HALF, part.text, look, "center")


def _rule_counted(canvas: Canvas, bar: Bar, y: float) -> None:
    """One rule under each run of answers that the indicator counts."""
    x = START
    for counted, run in groupby(bar.parts, key=lambda part: part.counted):
        wide = sum(part.share for part in run) * (END - START)
        if counted:
            rule(canvas, (x, y), (x + wide - BETWEEN, y), style.INK, 1.0)
        x += wide
