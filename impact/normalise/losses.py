"""When too much was not understood, a figure would be about those who happened to be: better to stop."""

import pandas as pd

from impact.errors import ImpactError
from impact.model import MISREAD, Responses
from impact.study import Study

_FEWEST, _SHARE = 5, 0.05  # a slip of the keyboard is one cell, a slip of the study file is one in twenty at least
_SHOWN = 3


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
                    values=_most_frequent(cells["value"]),
                )
            )  # fmt: skip
    if faults:
        raise ImpactError("analyse_lost_answers", count=len(faults), faults=faults)


def _answered(responses: Responses, source: str, question: str) -> int:
    return int((responses.reasons.loc[responses.people["source"] == source, question] == "").sum())


def _most_frequent(values: "pd.Series[str]") -> str:
    counted = values[values != ""].value_counts().head(_SHOWN)
    return ", ".join(f"« {value} » ({count})" for value, count in counted.items()) or "—"
