"""What every figure of estimates shares: their rows on scales that suit them, their signs, their words."""

import math
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Final

from impact.figures._chart import Row
from impact.figures._scene import Record, Scene, dimension_label, indicator
from impact.model import STATUSES
from impact.texts.typography import limits as written_limits
from impact.texts.typography import number, percent, plural, unit_name, value

FEW: Final = 30  # answers: under this a value is shown as indicative
UNITS: Final = ("share", "index", "mean")  # the order of blocks


def unit_of(scene: Scene, row: Record) -> str:
    """The unit of a row, a masked one included: its indicator's kind is its unit."""
    found = indicator(scene, row)
    return str(row["unit"] or (found.kind if found else "index"))


def scored(scene: Scene, row: Record) -> tuple[float, float] | None:
    """The lowest and highest score of a row's question, where its choices have scores."""
    found = indicator(scene, row)
    question = scene.study.questionnaire.questions.get(found.question) if found else None
    scores = [choice.value for choice in question.choices if choice.value is not None] if question else []
    return (min(scores), max(scores)) if len(scores) > 1 else None


def families(scene: Scene, rows: Iterable[Record]) -> list[tuple[str, list[Record]]]:
    """Rows by what can stand on one scale: shares; indices; means of the same scores; each other mean by itself."""

    def family(row: Record) -> tuple[int, str]:
        unit = unit_of(scene, row)
        scores = scored(scene, row)
        same = "" if unit != "mean" else f"{scores}" if scores else row["indicator"]
        return UNITS.index(unit) if unit in UNITS else len(UNITS), same

    rows = list(rows)
    order = list(dict.fromkeys(family(row) for row in rows))
    order.sort(key=lambda found: found[0])
    kept = [[row for row in rows if family(row) == found] for found in order]
    return [(unit_of(scene, members[0]), members) for members in kept]


def with_headings(scene: Scene, rows: list[Record], draw: Callable[[Scene, list[Record]], Row]) -> Iterator[Row]:
    """One `Row` an indicator, under its dimension's name where there are several, not all with a single row."""
    dimensions = {row["dimension"] for row in rows}
    several = 1 < len(dimensions) < len({row["indicator"] for row in rows})
    headed = several or (scene.part_of is not None and scene.dimension == "")
    for dimension, inside in groupby(rows, key=lambda row: str(row["dimension"])):
        if headed:
            yield Row(dimension_label(scene, dimension))
        for _, lanes in groupby(inside, key=lambda row: str(row["indicator"])):
            yield draw(scene, list(lanes))


def seen(rows: list[Record]) -> list[Record]:
    """The rows of indicators of which something is seen: one that is masked in every group would be an empty line."""
    kept = {row["indicator"] for row in rows if not row["status"].startswith("suppressed")}
    return [row for row in rows if row["indicator"] in kept]


def left_out(scene: Scene, rows: list[Record]) -> tuple[str, ...]:
    """The note that counts the lines that `seen` leaves out of these rows, where there are any."""
    count = len({row["indicator"] for row in rows}) - len({row["indicator"] for row in seen(rows)})
    key = f"left_out_{plural(count, scene.texts)}"
    return (scene.say(key, count=number(count, scene.texts)),) if count else ()


def masked(scene: Scene, row: Record) -> str:
    """The sign in place of a value that is not shown, by the row's status."""
    return scene.say(f"sign_{row['status']}")


def better_note(scene: Scene, row: Record) -> str:
    """What stands under a label where less is better; "" elsewhere."""
    found = indicator(scene, row)
    return scene.say("lower_is_better") if found and found.better == "lower" else ""


def unsaid(scene: Scene, row: Record) -> str:
    """What the text alternative says in place of a value: nothing where it is masked, for those rows are counted."""
    return scene.say(f"said_{row['status']}")


def limits(scene: Scene, row: Record, unit: str, measure: str = "") -> dict[str, str]:
    """The words of a value and its limits, to fill a sentence."""
    low, high = written_limits(row["low"], row["high"], unit, scene.texts, measure)
    return {"value": value(row["estimate"], unit, scene.texts, measure), "low": low, "high": high}


def level(scene: Scene, rows: Iterable[Record]) -> str:
    """The level of the intervals, as a percentage."""
    known = (row["level"] for row in rows if not math.isnan(row["level"]))
    return percent(next(known, scene.study.analysis.level), scene.texts)


def titled(scene: Scene, key: str, unit: str, measure: str = "") -> str:
    """The title of a column of values: its name above its unit."""
    return scene.say(key, unit=unit_name(unit, scene.texts, measure))


def statuses(scene: Scene, rows: Iterable[Record]) -> tuple[str, ...]:
    """The notes that explain the signs in place of values, where there are any."""
    found = {row["status"] for row in rows}
    return tuple(dict.fromkeys(scene.say(f"note_{status}") for status in STATUSES[1:] if status in found))


def badge(scene: Scene) -> str:
    """What must stand on every figure: that the data are synthetic, or not for the public, or not yet."""
    study = scene.study
    keys = (("synthetic", study.about.synthetic), ("internal", study.internal), ("draft", study.draft))
    return " · ".join(scene.say(key) for key, holds in keys if holds)


def described(scene: Scene, lead: str, told: Iterable[tuple[str, tuple[str, ...]]], undrawn: int = 0) -> str:
    """The text alternative: what the figure is, each row and what it says, how many are masked, the `undrawn` ones
    included, the badge."""
    told = list(told)
    parts = [lead]
    for label, words in told:
        if said := "; ".join(filter(None, words)):
            parts.append(scene.say("row", label=label, said=said))
    hidden = undrawn + sum(not words for _, lanes in told for words in lanes)
    if hidden:
        parts.append(scene.say(f"masked_{plural(hidden, scene.texts)}", count=hidden))
    return " ".join([*parts, f"{badge(scene)}."] if badge(scene) else parts)


def span(rows: Iterable[Record]) -> list[float]:
    """Every value and limit that is shown, to draw a scale around."""
    return [row[name] for row in rows for name in ("estimate", "low", "high")]
