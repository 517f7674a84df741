"""Answers as Google Forms leaves them in a spreadsheet: one sheet, typed moments, multiple choices joined by ", "."""

import pandas as pd

from impact import texts
from impact.study import Question
from impact.synthesise._respondents import BLANK, Cohort, moments
from impact.synthesise._sheet import MARK, Builder, Layout, Sheet

FIRST_ROW = 2
_FRENCH = texts.load("fr").label


def sheet(cohort: Cohort, answers: pd.DataFrame) -> Sheet:
    """The answers of a cohort as Sheets downloads them."""
    build = Builder(pd.RangeIndex(FIRST_ROW, FIRST_ROW + len(answers)))
    came = moments(cohort, answers["day"].tolist(), (9, 22))
    build.add(("Horodateur",), [moment.isoformat() for moment in came])
    build.add(("Numéro du questionnaire",), answers["numbered"].tolist())
    for question in cohort.study.questionnaire.question:
        if cohort.source.group in question.asked:
            heading = cohort.source.headings.get(question.id, _FRENCH(question.text))
            build.add((heading,), _said(question, answers))
    build.add((MARK,), ["Oui"] * len(answers))
    return build.sheet(Layout("workbook", sheet="Réponses au formulaire 1"))


def _said(question: Question, answers: pd.DataFrame) -> list[str]:
    if question.kind == "multiple":
        labels = {f"{question.id}/{choice.code}": _FRENCH(choice.label) for choice in question.choices}
        boxes = answers[list(labels)] == "1"
        return [", ".join(boxes.columns[ticked].map(labels)) for ticked in boxes.to_numpy()]
    labels = {answer.code: _FRENCH(answer.label) for answer in (*question.missing, *question.choices)}
    return [labels.get(code, code) if code else BLANK for code in answers[question.id]]
