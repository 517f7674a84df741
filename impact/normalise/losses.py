"""When too much was not understood, a figure would be about those who happened to be: better to stop."""

import pandas as pd

from impact.errors import ImpactError
from impact.matching import nearest
from impact.model import MISREAD, Responses
from impact.study import Study

_FEWEST, _SHARE = 5, 0.05  # a slip of the keyboard is one cell, a slip of the study file is one in twenty at least
_SHOWN, _ROWS = 3, 8


def refuse_lost_answers(responses: Responses, study: Study) -> None:
    """ImpactError where, in one source, an indicator's question lost at least five answers and one in twenty.

    An answer set aside leaves the base: a label mistyped in the questionnaire would move the figure and nothing else.
    """
    used = {indicator.question for indicator in study.questionnaire.indicator if indicator.question}
    fed = responses.mapping[responses.mapping["question"].isin(used)]
    problems = responses.problems[
        responses.problems["problem"].isin(MISREAD) & (responses.problems["done"] == "set_aside")
    ]
    lost = problems.merge(fed[["source", "column", "question"]], on=["source", "column"])
    faults = []
    for (source, question), cells in lost.groupby(["source", "question"], sort=False):
        rows = cells["row"].nunique()
        answered = _answered(responses, str(source), str(question))
        if rows >= _FEWEST and rows >= _SHARE * (answered + rows):
            faults.append(
                ImpactError(
                    "analyse_lost_question", source=source, question=question, lost=rows, filled=answered + rows,
                    values=_most_frequent(cells, study, str(question)),
                )
            )  # fmt: skip
    if faults:
        raise ImpactError("analyse_lost_answers", count=len(faults), faults=faults)


def _answered(responses: Responses, source: str, question: str) -> int:
    return int((responses.reasons.loc[responses.people["source"] == source, question] == "").sum())


def _most_frequent(cells: pd.DataFrame, study: Study, question: str) -> tuple[ImpactError, ...]:
    """The values that explain most of the loss, with the nearest answer; of those that few people give, the rows alone,
    unless the study is for internal use: what is rare is somebody's."""
    base = 1 if study.internal else study.disclosure.minimum_base
    values = cells.loc[cells["value"] != "", "value"]
    counted = values.value_counts()
    often = counted[counted >= base].head(_SHOWN)
    told = tuple(_value(str(value), int(count), study, question) for value, count in often.items())
    rare = cells.loc[~cells["value"].isin(counted.index[counted >= base]), "row"].drop_duplicates()
    if rare.empty:
        return told
    rows = ", ".join(map(str, rare.head(_ROWS))) + ("…" if len(rare) > _ROWS else "")
    return (*told, ImpactError("analyse_lost_rare", base=base, rows=rows))


def _value(value: str, count: int, study: Study, question: str) -> ImpactError:
    labels = [text for answer in study.question(question).answers for text in answer.texts]
    near = nearest(value, labels)
    return ImpactError("analyse_lost_value_near" if near else "analyse_lost_value", value=value, count=count, near=near)
