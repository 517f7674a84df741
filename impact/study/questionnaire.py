"""What was asked, and which figures are drawn from it: `questionnaire.toml`, shared by years and associations."""

import math
from functools import cached_property
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field

from impact.study._model import Code, Id, Label, Table

Reason = Literal[
    "dont_know", "refused", "not_applicable", "not_asked", "not_yet", "partial", "no_answer", "implausible", "unknown"
]
Group = Literal["mentored", "non_mentored", "mentor"]
WHEN_ANSWERING: Final = "answer"  # the age of each respondent on the day of their own answer
Better = Literal["higher", "lower", "neutral"]


class Dimension(Table):
    """One of the parts that the results are grouped by."""

    label: Label


class Answer(Table):
    """An answer that a closed question offers."""

    code: Code
    label: Label

    @property
    def texts(self) -> tuple[str, ...]:
        """All it may be written as: its code, its label in every language."""
        labels = (self.label,) if isinstance(self.label, str) else tuple(self.label.values())
        return (self.code, *filter(None, labels))


class Choice(Answer):
    """One answer of a closed question. `value` scores it for a mean; `exclusive` stands alone ("nobody")."""

    value: float | None = None
    exclusive: bool = False
    columns: tuple[str, ...] = ()  # the columns of this choice, where a question is spread over several


class MissingCode(Answer):
    """An answer that says why there is none."""

    label: Label = ""
    reason: Reason


class Scale(Table):
    """Choices that several questions share."""

    id: Id
    choices: tuple[Choice, ...]
    missing: tuple[MissingCode, ...] = ()


class Routing(Table):
    """A question asked only of those who answered another in a given way: by one of these codes, by none of these, or
    by a number within bounds. Of a multiple choice, `is` asks for one box ticked, `is_not` for none."""

    question: str
    is_: tuple[Code, ...] = Field(default=(), alias="is")
    is_not: tuple[Code, ...] = ()
    min: float | None = None
    max: float | None = None

    @property
    def bounded(self) -> bool:
        """Whether it is a number that decides."""
        return self.min is not None or self.max is not None

    @property
    def bounds(self) -> tuple[float, float]:
        """Between which a number lets the question be asked, both included."""
        return (-math.inf if self.min is None else self.min, math.inf if self.max is None else self.max)

    def lets(self, code: str) -> bool:
        """Whether the code of a single choice lets the question be asked."""
        return code not in self.is_not if self.is_not else code in self.is_


def _several(value: object) -> object:
    """One table stands for a list of one."""
    return [value] if isinstance(value, dict) else value


Routes = Annotated[tuple[Routing, ...], BeforeValidator(_several)]  # all must hold


class Question(Table):
    """One question, its answers and the columns that carry it."""

    id: Id
    kind: Literal["single", "multiple", "number", "date", "text"]
    text: Label
    label: Label = ""  # in few words, for tables and for "compte tenu de : âge ; sexe"; without it, the text stands
    scale: str = ""
    choices: tuple[Choice, ...] = ()  # its own, or those of its scale once the questionnaire is read
    missing: tuple[MissingCode, ...] = ()
    columns: tuple[str, ...] = ()  # headings, or a block's heading, besides its id and its texts
    asked: tuple[Group, ...] = ("mentored", "non_mentored", "mentor")
    only_if: Routes = ()
    none_ticked: Literal["missing", "answered"] = "missing"
    other: bool = False  # a free text in place of a choice is an answer
    coalesce: bool = False  # several columns, never both filled, are one
    min: float | str | None = None  # of a number, or of a date as "2022-01-31"
    max: float | str | None = None
    age_on: str = ""  # its column holds a date of birth, of which the age is told: "answer", or a day as "2022-06-30"
    units: tuple[str, ...] = ()  # words allowed after a number, what it counts in first: "mois", "ans" (1 an = 12)

    @property
    def texts(self) -> tuple[str, ...]:
        """The wording in every language."""
        return (self.text,) if isinstance(self.text, str) else tuple(self.text.values())

    @property
    def name(self) -> Label:
        """What it is called where it is no sentence of its own: its label, else its wording."""
        return self.label or self.text

    @property
    def answers(self) -> tuple[Answer, ...]:
        """All that a respondent may tick: the missing codes, then the choices."""
        return (*self.missing, *self.choices)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of its choices, in the questionnaire's order."""
        return tuple(choice.code for choice in self.choices)


class Indicator(Table):
    """One figure a group: a share of those who answered, a mean, or an index of other indicators.

    `asked` narrows the groups of its question: an option that only the mentored are offered is no figure of the others.
    `says` completes "6 % of young people …" in the report. `attribution` marks a question where the respondent credits
    the mentor: it is reported as what they say, never compared and never called an effect. `mirrors` names the figure
    of the same thing as the other side of a pair tells it; one that is asked of both sides mirrors itself.
    """

    id: Id
    dimension: str
    kind: Literal["share", "mean", "index"]
    label: Label
    says: Label = ""
    question: str = ""
    counts: tuple[Code, ...] = ()  # the codes that count, for a share
    items: tuple[str, ...] = ()  # the indicators of an index
    asked: tuple[Group, ...] = ()  # the groups it is a figure of, where they are not all those of its question
    better: Better = "neutral"
    attribution: bool = False
    mirrors: str = ""  # the indicator by which the other side of a pair, mentored or mentor, tells of the same thing


class Questionnaire(Table):
    """A whole questionnaire. Lists keep the file's order, which is the order of every table and page."""

    title: Label = ""
    dimension: dict[Id, Dimension]
    scale: tuple[Scale, ...] = ()
    question: tuple[Question, ...]
    indicator: tuple[Indicator, ...]

    @cached_property
    def questions(self) -> dict[str, Question]:
        """Questions by id."""
        return {question.id: question for question in self.question}

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        """Indicators by id."""
        return {indicator.id: indicator for indicator in self.indicator}

    @cached_property
    def families(self) -> dict[str, str]:
        """Each question's first one of all those that hang on one another, or on the same: itself where it is alone."""
        heads: dict[str, str] = {}
        for question in self.question:
            joined = [heads[routing.question] for routing in question.only_if]
            first = next((one for one in heads if one in joined), question.id)
            heads = {one: first if head in joined else head for one, head in heads.items()} | {question.id: first}
        return heads

    def asked_of(self, indicator: Indicator) -> tuple[Group, ...]:
        """The source groups that an indicator's question, or any of an index's items, was asked of."""
        if indicator.asked:
            return indicator.asked
        if indicator.kind != "index":
            return self.questions[indicator.question].asked
        asked = {group for item in indicator.items for group in self.asked_of(self.indicators[item])}
        return tuple(group for group in ("mentored", "non_mentored", "mentor") if group in asked)
