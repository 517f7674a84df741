"""Answers as an SPSS file holds them: short names, value labels on numbers, missing codes, boxes as 0 and 1."""

import pandas as pd

from impact import texts
from impact.study import Question
from impact.synthesise._respondents import BLANK, Cohort
from impact.synthesise._sheet import CODED, MARK, Builder, Layout, Sheet

FIRST_ROW = 1  # SPSS counts its cases from 1: it has no header row
_FRENCH = texts.load("fr").label
_LONGEST_LABEL = 60  # signs of a variable label: older tools cut there, and so does this file
_MISSING = {"nsp": 8, "npr": 9, "nc": 7}  # 98, 99 and 97 for a number


def sheet(cohort: Cohort, answers: pd.DataFrame) -> Sheet:
    """The file of a cohort, duplicates included."""
    build = Builder(pd.RangeIndex(FIRST_ROW, FIRST_ROW + len(answers)))
    build.add(("NUMERO", "Numéro du questionnaire"), answers["numbered"].tolist())
    for question in cohort.study.questionnaire.question:
        if cohort.source.group in question.asked:
            _add(build, cohort, question, answers)
    build.add((CODED, MARK), ["1"] * len(answers), {"1": "Oui"})
    return build.sheet(Layout("spss"))


def _add(build: Builder, cohort: Cohort, question: Question, answers: pd.DataFrame) -> None:
    label = _cut(_FRENCH(question.text))
    if question.kind == "multiple":
        for choice in question.choices:
            if choice.columns:
                heading = (choice.columns[0], _cut(_FRENCH(choice.label)))
                boxes = [BLANK if box is None else str(box) for box in answers[f"{question.id}/{choice.code}"]]
                build.add(heading, boxes, {"0": "Non cité", "1": "Cité"})
        return
    codes = _codes(cohort, question)
    missing = _missing_codes(question)
    labels = {number: _FRENCH(choice.label) for choice in question.choices for number in [codes[choice.code]]}
    labels |= {missing[one.code]: _FRENCH(one.label) for one in question.missing}
    declared = frozenset() if question.id in cohort.source.undeclared else frozenset(missing.values())
    written = codes | missing
    said = [written.get(code, code) if code else BLANK for code in answers[question.id]]
    build.add((question.columns[0], label), said, labels, declared)


def _codes(cohort: Cohort, question: Question) -> dict[str, str]:
    """The number of each choice, in the order this file lists them."""
    orders = cohort.source.orders
    order = orders.get(question.id) or orders.get(question.scale) or question.codes
    return {code: str(number) for number, code in enumerate(order, 1)}


def _missing_codes(question: Question) -> dict[str, str]:
    tens = 90 if question.kind == "number" else 0
    return {one.code: str(tens + _MISSING[one.code]) for one in question.missing}


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_LABEL else text[:_LONGEST_LABEL]
