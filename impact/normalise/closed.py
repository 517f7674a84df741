"""Closed questions: what a cell says, in the questionnaire's codes."""

import re
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from impact.errors import ImpactError
from impact.matching import fold
from impact.model import NOTHING, Column, Values
from impact.normalise._reading import Problem, Reading, cell_problems, distinct, showable
from impact.normalise.silences import silence
from impact.study import Question

OTHER = "other"  # the implicit code of a free text in place of a choice
YES = {fold(word) for word in ("oui", "yes", "true", "vrai", "1")}
NO = {fold(word) for word in ("non", "no", "false", "faux", "0")}
_WHOLE = re.compile(r"(-?\d+)\.0+")


class Meaning(NamedTuple):
    """What a cell says: a code, or the reason there is none; `problem` where it was not understood."""

    code: str | None
    reason: str = ""
    problem: str = ""


class Answers:
    """The texts that a question's answers may be written as, and what each means.

    A code or a label of a choice, in any language of the questionnaire; a missing code or its label; yes and no in all
    the ways tools write them, where the choices are yes and no; an entry of the study's `recode`. `blanks` are what
    stands for no answer in the files of a tool ("N/A"), unless the questionnaire or the study says what they mean.
    """

    def __init__(self, question: Question, recode: Mapping[str, str], blanks: Mapping[str, str] = NOTHING) -> None:
        self.question = question
        self.recode = recode
        self.blank = Meaning(None, blanks.get("", "no_answer"))
        self.blanks = {fold(text): Meaning(None, reason) for text, reason in blanks.items() if text}
        reasons = {missing.code: Meaning(None, missing.reason) for missing in question.missing}
        meanings = reasons | {code: Meaning(code) for code in (*question.codes, OTHER)}
        self.recoded = {fold(value): meanings[code] for value, code in recode.items() if code in meanings}
        self.rewritten = {fold(value): text for value, text in recode.items()}
        self.by_code = {fold(code): meanings[code] for code in (*reasons, *question.codes)}
        self.by_label: dict[str, Meaning] = {}
        for answer in question.answers:
            self.by_label |= {fold(label): meanings[answer.code] for label in answer.texts[1:]}
        self.by_word = self._yes_and_no()

    def _yes_and_no(self) -> dict[str, Meaning]:
        said = {text: meaning.code for text, meaning in (*self.by_code.items(), *self.by_label.items()) if meaning.code}
        yes, no = {said[word] for word in YES if word in said}, {said[word] for word in NO if word in said}
        if len(self.question.choices) != 2 or len(yes) != 1 or len(no) != 1 or yes == no:
            return {}
        return dict.fromkeys(YES, Meaning(yes.pop())) | dict.fromkeys(NO, Meaning(no.pop()))

    def of_text(self, value: str) -> Meaning | None:
        """What a text says, None where the questionnaire does not know it. ImpactError where it says two things."""
        key = fold(plain(value))
        if key in self.recoded:
            return self.recoded[key]
        code, label = self.by_code.get(key), self.by_label.get(key)
        if code and label and code != label:
            raise ImpactError("normalise_code_and_label", question=self.question.id, value=showable(value))
        return code or label or self.by_word.get(key) or self.blanks.get(key)


def plain(value: str) -> str:
    """A number written "3.0" is "3"."""
    whole = _WHOLE.fullmatch(value.strip())
    return whole[1] if whole else value


def reader(question: Question, column: Column, answers: Answers) -> "dict[str, Meaning]":
    """What each value label of a column says; a column whose labels say nothing here is read by its codes alone."""
    known = {code: answers.of_text(label) for code, label in column.labels.items()}
    labelled = {code: meaning for code, meaning in known.items() if meaning}
    if any(meaning.code for meaning in labelled.values()):
        labelled |= {code: _no_choice(question) for code in known if code not in labelled}
    for code in column.declared_missing:
        meaning = labelled.get(code) or (answers.of_text(code) if code not in column.labels else None)
        if meaning and meaning.code:
            raise ImpactError(
                "normalise_missing_and_choice",
                question=question.id,
                column=column.letter,
                heading=column.heading,
                code=code,
            )
        labelled[code] = meaning if meaning and not meaning.problem else Meaning(None, "unknown")
    return labelled


def meaning(value: str, labelled: Mapping[str, Meaning], answers: Answers) -> Meaning:
    """What one cell says; a text that is no answer is a problem, or "other" where the question has one."""
    if not value.strip():
        return answers.blank
    if value in labelled and fold(value) not in answers.recoded:
        return labelled[value]
    said = answers.of_text(value)
    if said:
        return said
    silent = silence(value)
    return Meaning(None, "unknown", silent) if silent else _no_choice(answers.question)


def _no_choice(question: Question) -> Meaning:
    return Meaning(OTHER) if question.other else Meaning(None, "unknown", "not_a_choice")


def read_single(question: Question, column: Column, cells: Values, answers: Answers) -> Reading:
    """A single choice in one column. Only distinct values are looked at: the cost is that of the rows."""
    labelled = reader(question, column, answers)
    places, values = distinct(cells)
    said = [meaning(value, labelled, answers) for value in values]
    codes = np.array([one.code for one in said], dtype=object)[places]
    reasons = np.array([one.reason for one in said], dtype=object)[places]
    problems = [
        problem
        for value, one in zip(values, said, strict=True)
        if one.problem
        for problem in cell_problems(cells, column, value, one.problem, "set_aside")
    ]
    index = cells.index
    return Reading(
        {question.id: pd.Series(codes, index, dtype=object)}, pd.Series(reasons, index, dtype=object), problems
    )


def read_boxes(question: Question, columns: "tuple[Column, ...]", ticked: pd.DataFrame) -> Reading:
    """A single choice spread over boxes, `ticked` one column a code: two boxes ticked is a problem, and no answer."""
    count = ticked.sum(axis=1)
    codes = ticked.idxmax(axis=1).astype(object).where(count == 1, None)
    missing = {one.code: one.reason for one in question.missing}
    reasons = codes.map(lambda code: missing.get(code, "") if code else "no_answer").astype(object)
    reasons[count > 1] = "unknown"
    codes = codes.where(~codes.isin(list(missing)), None)
    problems = [Problem(int(row), columns[0], "", "two_boxes", "set_aside") for row in ticked.index[count > 1]]
    return Reading({question.id: codes}, reasons, problems)
