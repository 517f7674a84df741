"""What a figure is drawn from, and the names of what it shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from impact.figures._canvas import readable
from impact.model import COMPARISONS, WITH_RARE, Results
from impact.study import Indicator, Study
from impact.texts import Texts
from impact.texts.typography import number, sentence, spaces


@dataclass(frozen=True, slots=True)
class Scene:
    """The tables that may leave the room, the study they belong to, the words, and which part to draw.

    `dimension` is one of the questionnaire's, or "" for all. `comparison` is (group, reference), for figures that
    show one. `part_of` is the scene that this one is cut from, whose scale it keeps; None where it is whole.
    """

    results: Results
    study: Study
    texts: Texts
    dimension: str = ""
    comparison: tuple[str, str] = COMPARISONS[0]
    part_of: "Scene | None" = None

    def say(self, key: str, **values: object) -> str:
        """A text of the section `figure`, filled, with the spaces of its language."""
        return sentence(self.texts, f"figure.{key}", **values)

    def label(self, label: str | Mapping[str, str]) -> str:
        """A label of a study file as it can be drawn: its language, its spaces, signs that the font has."""
        return readable(spaces(self.texts.label(label), self.texts))


Record = dict[str, Any]


def every(table: pd.DataFrame) -> list[Record]:
    """All rows of a table, in its order."""
    names = [str(name) for name in table.columns]
    return [dict(zip(names, row, strict=True)) for row in table.itertuples(index=False, name=None)]


def records(scene: Scene, table: pd.DataFrame) -> list[Record]:
    """The rows of a table that belong to the scene's dimension, in the table's order."""
    return [row for row in every(table) if scene.dimension in ("", row["dimension"])]


def shown(row: Record) -> bool:
    """Whether a row may be printed and said."""
    return bool(row["status"] == "shown")


def indicator(scene: Scene, row: Record) -> Indicator | None:
    """The indicator of a row; None for a dimension's index that the questionnaire does not write down."""
    return scene.study.questionnaire.indicators.get(row["indicator"])


def indicator_label(scene: Scene, row: Record) -> str:
    """What a row is called: its indicator's label, or its dimension's."""
    found = indicator(scene, row)
    return scene.label(found.label if found else scene.study.questionnaire.dimension[row["dimension"]].label)


def covariate_label(scene: Scene, covariate: str, category: str) -> str:
    """A characteristic of the groups: its question's name and, for one of its answers, that answer."""
    question = scene.study.question(covariate)
    label = scene.label(question.name)
    label = label[:1].upper() + label[1:]
    if not category:
        return label
    choices = {choice.code: choice.label for choice in question.choices}
    code = category.removesuffix(WITH_RARE)
    own = scene.say(f"category_{code}") if f"figure.category_{code}" in scene.texts else scene.label(code)
    said = scene.label(choices[code]) if code in choices else own
    if code != category:
        said = scene.say("category_with_rare", answer=said)
    return scene.say("said_row", label=label, said=said)


def dimension_label(scene: Scene, dimension: str) -> str:
    """What a dimension is called; "" where a row has none."""
    known = scene.study.questionnaire.dimension
    return scene.label(known[dimension].label) if dimension in known else ""


def group_name(group: str, study: Study, texts: Texts) -> str:
    """A group of GROUPS in words, the study's threshold included: "mentorés depuis 6 mois ou plus"."""
    duration = study.duration
    months = duration.threshold_months if duration else 6.0
    past = "_past" if duration and duration.at_threshold == "under" else ""
    key = f"group.{group}{past if group.startswith(('mentored_over', 'mentored_under')) else ''}"
    return sentence(texts, key, months=number(months, texts, 0 if months == int(months) else 1))
