"""The nouns of a draft: what is proposed of a question before anyone has said that it is right."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from impact.model import Column, Export, Form, Route

FEWEST: Final = 3  # respondents who gave the same answer before it is taken for one that the form offers

Texts = Mapping[str, str]  # by language code, "" where the form names none


@dataclass(frozen=True, slots=True)
class Given:
    """What the command was given: exports with their place below the study's folder, and forms."""

    exports: tuple[Export, ...]
    files: tuple[str, ...]  # as study.toml names them, one an export
    forms: tuple[Form, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """The columns of one question in one export. `name` is the heading (or the block's) that points at them alone.

    `others` are further headings that do. `items` names the option of each column where they are boxes; `layout` is
    "boxes", "slots" or "". `written` is set where a free text stands beside the question's answers.
    """

    export: int
    columns: tuple[Column, ...]
    name: str
    others: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    layout: str = ""
    summary: Column | None = None
    written: bool = False
    unnamed: bool = False  # boxes whose question the file does not say

    @property
    def all(self) -> tuple[Column, ...]:
        return (*self.columns, self.summary) if self.summary else self.columns


@dataclass(frozen=True, slots=True)
class Option:
    """An answer of a closed question; `reason` says why it is none, "" where it is one. `count` is of respondents."""

    code: str
    label: Texts
    count: int = 0
    reason: str = ""
    value: float | None = None
    exclusive: bool = False
    top: bool = False  # on the high side of its scale
    columns: tuple[str, ...] = ()  # the headings of its own box, where no text above the boxes names them all


@dataclass(frozen=True, slots=True)
class Guess:
    """What the answers of a field look like. `scale` names a known scale, "" where the options have no known order.

    `left_out` says why a field makes no question: personal, text, blank, identifier, repeated; "" where it makes one.
    """

    kind: str = "text"
    options: tuple[Option, ...] = ()
    scale: str = ""
    other: bool = False
    units: tuple[str, ...] = ()
    age_on: str = ""  # as in a questionnaire: its column holds a date of birth
    minimum: float | None = None
    maximum: float | None = None
    left_out: str = ""
    why: str = ""  # of what is personal, one of model.TRACES: by its heading or by its values
    remarks: tuple[str, ...] = ()  # keys of texts, section "draft"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of the draft, with the fields that carry it and what was guessed of it."""

    id: str
    text: Texts
    guess: Guess
    fields: tuple[Field, ...]
    columns: tuple[str, ...] = ()  # headings, besides its text and its id
    groups: tuple[str, ...] = ()  # those it was asked of, () for all
    routes: tuple[Route, ...] = ()
    asked_if: str = ""  # the form's own condition, where a questionnaire cannot say it
    familiar: tuple[str, float] | None = None  # id of a bundled question, likeness of 100
    renames: tuple[tuple[int, str], ...] = ()  # export and heading, where the questionnaire cannot name it for all
    awaited: tuple[int, ...] = ()  # exports that may carry it under a heading still to be confirmed
    from_form: bool = False
    name: str = ""  # in its form, by which other questions hang on it

    @property
    def choices(self) -> tuple[Option, ...]:
        return tuple(option for option in self.guess.options if not option.reason)

    @property
    def missing(self) -> tuple[Option, ...]:
        return tuple(option for option in self.guess.options if option.reason)


@dataclass(frozen=True, slots=True)
class Grouping:
    """The group of one export: a name, or a column with the answers that say each. `sure` where nobody need look."""

    group: str = ""
    column: str = ""
    answers: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    sure: bool = False

    @property
    def groups(self) -> tuple[str, ...]:
        return tuple(self.answers) if self.column else (self.group,)


def said(texts: Texts, language: str) -> str:
    """A text in a language, else in French, else in whichever there is."""
    return texts.get(language) or texts.get("fr") or texts.get("") or next(iter(texts.values()), "")
