"""The answers of the default study, freed from their files, for tests that write them as another tool would."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from impact import load, normalise, read_study
from impact.model import Responses
from impact.study import Question, Study

DEFAULT = Path(__file__).parents[2] / "data" / "koreis2022" / "study.toml"

# What one respondent said to one question: a code, a tuple of codes of a multiple choice, a number, a date or a text as
# "15", "2022-03-01", "A07"; None for a blank. A missing code of the questionnaire ("nsp") is a code like another.
Said = str | tuple[str, ...] | None


@dataclass(frozen=True)
class Cohort:
    """One group of the default study: its questions in order, what each respondent said, nobody twice."""

    study: Study
    group: str  # mentored | non_mentored | mentor
    answers: pd.DataFrame
    reasons: pd.DataFrame
    clusters: "pd.Series[str]"

    def __len__(self) -> int:
        return len(self.answers)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """The questions that this group's file holds."""
        return tuple(
            question
            for question in self.study.questionnaire.question
            if self.group in question.asked and (question.kind != "text" or question.id == self.study.design.cluster)
        )

    def said(self, question: Question) -> list[Said]:
        """What each respondent said, in the order of the rows."""
        return list(self._said[question.id])

    @cached_property
    def _said(self) -> Mapping[str, list[Said]]:
        return {question.id: self._said_to(question) for question in self.questions}

    def _said_to(self, question: Question) -> list[Said]:
        if question.id == self.study.design.cluster:
            return [str(text) for text in self.clusters]
        reasons = self.reasons[question.id]
        return [
            self._answer(question, row) if reason == "" else _missing_code(question, str(reason))
            for row, reason in reasons.items()
        ]

    def _answer(self, question: Question, row: object) -> Said:
        if question.kind == "multiple":
            ticked = (code for code in question.codes if self.answers.loc[row, f"{question.id}/{code}"] == 1)
            return tuple(ticked)
        value: Any = self.answers.loc[row, question.id]
        if question.kind == "number":
            return str(int(value)) if float(value).is_integer() else repr(float(value))
        return f"{value:%Y-%m-%d}" if question.kind == "date" else str(value)

    def asked(self, question: Question) -> list[bool]:
        """Whether each respondent was shown the question."""
        return (self.reasons[question.id] != "not_asked").tolist()


def cohorts() -> list[Cohort]:
    """The groups of the default study, in the order of its sources."""
    study = read_study(DEFAULT)
    responses: Responses = normalise(load(study), study)
    found = []
    for source in study.sources:
        rows = responses.people["group"] == source.group
        frames = (responses.answers[rows], responses.reasons[rows], responses.people.loc[rows, "cluster"])
        found.append(Cohort(study, str(source.group), *(frame.reset_index(drop=True) for frame in frames)))
    return found


def text(question: Question) -> str:
    """The question as a French form asks it."""
    return _french(question.text)


def labels(question: Question) -> dict[str, str]:
    """The answers that a French form offers, by code: the choices in order, then those that say why there is none."""
    return {answer.code: _french(answer.label) or answer.code for answer in (*question.choices, *question.missing)}


def _french(label: str | Mapping[str, str]) -> str:
    return label if isinstance(label, str) else label.get("fr", "")


def _missing_code(question: Question, reason: str) -> str | tuple[str, ...] | None:
    code = next((one.code for one in question.missing if one.reason == reason), None)
    return (code,) if code and question.kind == "multiple" else code
