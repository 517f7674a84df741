"""Who was asked: a question is for some groups, and may hang on the answer to another."""

from collections.abc import Collection

import pandas as pd

from impact.normalise._reading import Problem
from impact.study import Question, Questionnaire
from impact.study.questionnaire import Routing

Frame = pd.DataFrame


def route(
    questionnaire: Questionnaire, groups: "pd.Series[str]", answers: Frame, reasons: Frame, fed: Collection[str]
) -> tuple[Frame, Frame, dict[str, list[Problem]]]:
    """Answers and reasons with the reason `not_asked` where a respondent was not asked.

    A question was not asked where one of its conditions fails. An answer to a question that was not asked is set aside
    and told. Where no condition fails but the answer that decides is itself missing, or is of a question that no column
    of the file feeds (`fed` names those that one does), a blank is `unknown`: it cannot be told whether the question
    was asked. Inputs are left as they are; problems come by question.
    """
    answers, reasons = answers.copy(deep=False), reasons.copy(deep=False)
    problems: dict[str, list[Problem]] = {}
    here = set(groups.unique())
    for question in questionnaire.question:
        if not question.only_if and here <= set(question.asked):
            continue
        away, unsure = not_asked(questionnaire, question, groups, answers, reasons, fed)
        answered_away = away & (reasons[question.id] == "")
        if answered_away.any():
            rows = answers.index[answered_away]
            problems[question.id] = [Problem(row, None, "", "answered_though_not_asked", "set_aside") for row in rows]
            for column in columns_of(question, answers):
                answers.loc[answered_away, column] = None if answers[column].dtype == object else float("nan")
        reasons.loc[away, question.id] = "not_asked"
        reasons.loc[unsure & (reasons[question.id] == "no_answer"), question.id] = "unknown"
    return answers, reasons, problems


def columns_of(question: Question, answers: Frame) -> list[str]:
    """The columns of `answers` that hold a question: one, or one a choice."""
    if question.kind != "multiple":
        return [question.id] if question.id in answers else []
    return [name for code in (*question.codes, "other") if (name := f"{question.id}/{code}") in answers]


def not_asked(
    questionnaire: Questionnaire,
    question: Question,
    groups: "pd.Series[str]",
    answers: Frame,
    reasons: Frame,
    fed: Collection[str],
) -> "tuple[pd.Series[bool], pd.Series[bool]]":
    """Who was surely not asked, and of whom it cannot be told."""
    away = ~groups.isin(question.asked)
    unsure = pd.Series(False, groups.index)
    for routing in question.only_if:
        decides = questionnaire.questions[routing.question]
        held = decides.id in fed or ~groups.isin(decides.asked)
        fits, known = _holds(routing, decides, answers, reasons[decides.id])
        away = away | (known & held & ~fits)
        unsure = unsure | ~(known & held)
    return away, unsure & ~away


def _holds(
    routing: Routing, decides: Question, answers: Frame, reasons: "pd.Series[str]"
) -> "tuple[pd.Series[bool], pd.Series[bool]]":
    """Whose answer lets a question be asked, and of whom that is known.

    Who was not asked what decides gave none of the answers wanted. Whether that lets `is_not` hold, forms do not agree
    on: there it stays unknown.
    """
    answered = reasons == ""
    if routing.bounded:
        within = answers[decides.id].between(*routing.bounds)
        return answered & within, answered | (reasons == "not_asked")
    if not routing.is_not:
        return answered & _chosen(decides, routing.is_, answers), answered | (reasons == "not_asked")
    named = {one.reason for one in decides.missing if one.code in routing.is_not}
    return answered & ~_chosen(decides, routing.is_not, answers), answered | reasons.isin(named)


def _chosen(question: Question, codes: tuple[str, ...], answers: Frame) -> "pd.Series[bool]":
    if question.kind != "multiple":
        return answers[question.id].isin(codes)
    boxes = [name for code in codes if (name := f"{question.id}/{code}") in answers]
    return (answers[boxes] == 1).any(axis=1)
