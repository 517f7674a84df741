"""Every answer to the closed questions, and why the others are missing."""

from collections.abc import Container
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from impact.analyse._cohort import Drawn, Row, source_group
from impact.indicators import answered
from impact.model import DISTRIBUTIONS, MISSING, Responses
from impact.sample import IntArray
from impact.study import Indicator

LACKING: Final = ("reserved", "column", "option")  # what `differs` says where one file has no such answer


def missing(drawn: Drawn) -> pd.DataFrame:
    """Why each group's answers are missing, by indicator: the counts of a group add up to its `missing`."""
    rows: list[tuple[str, str, str, int]] = []
    for indicator in drawn.study.questionnaire.indicator:
        absent = np.flatnonzero(np.isnan(drawn.scores[indicator.id].y))
        place, reasons = pd.factorize(_reasons(indicator, drawn.responses, absent), sort=True)
        for group in drawn.cohort.asked(drawn.study.questionnaire.asked_of(indicator)):
            inside = drawn.cohort.weights[group][absent] > 0
            counts = np.bincount(place[inside], minlength=len(reasons))
            rows += [(indicator.id, group, reasons[i], int(counts[i])) for i in np.flatnonzero(counts)]
    return pd.DataFrame(rows, columns=list(MISSING))


def _reasons(indicator: Indicator, responses: Responses, absent: IntArray) -> "npt.NDArray[np.object_]":
    """The reasons of these blanks; `no_answer` for an index none of whose items was answered, `unknown` for an answer
    without a score."""
    if indicator.kind == "index":
        return np.full(absent.size, "no_answer", dtype=object)
    reasons = responses.reasons[indicator.question].to_numpy(dtype=object)[absent]
    return np.where(reasons == "", "unknown", reasons)


def distributions(drawn: Drawn) -> pd.DataFrame:
    """Every answer of the closed questions that a file carries or an indicator stands on: counts of people, weighted
    shares. One without indicator, such as sex or region, tells who answered; it has no dimension. A group has no row
    of an answer that it was not offered: nobody there refused it."""
    rows: list[Row] = []
    responses, study, cohort = drawn.responses, drawn.study, drawn.cohort
    questions = {one.question: one.dimension for one in reversed(study.questionnaire.indicator) if one.question}
    held, lacking = {*questions, *responses.mapping["question"]}, not_offered(responses.comparability)
    for question in study.questionnaire.question:
        if question.id not in held or question.kind not in ("single", "multiple"):
            continue
        answered_by = answered(question, responses)
        codes = [*question.codes, *(["other"] if question.other else [])]
        chosen = {code: chosen_by(responses, question.id, code) for code in codes}
        dimension = questions.get(question.id, "")
        for group in cohort.asked(question.asked):
            base = cohort.rows[group][answered_by[cohort.rows[group]]]
            weight = cohort.weights[group][base]
            total = weight.sum()
            for code in codes:
                inside = chosen[code][base]
                if (question.id, source_group(group), code) in lacking and not inside.any():
                    continue
                rows.append({
                    "question": question.id, "dimension": dimension, "group": group, "choice": code, "n": base.size,
                    "count": int(inside.sum()), "share": weight[inside].sum() / total if base.size else np.nan,
                    "status": "shown" if base.size else "too_few",
                })  # fmt: skip
    return pd.DataFrame(rows, columns=list(DISTRIBUTIONS))


def not_offered(comparability: pd.DataFrame, differs: Container[str] = LACKING) -> set[tuple[str, str, str]]:
    """The answers that the file of one of the two groups does not offer while that of the other does: (question, group
    that lacks it, code). By default not those that only an answer tells to be offered: who gave it is nobody's to
    read."""
    found = set()
    for row in comparability.itertuples():
        if row.differs in differs:
            lacks = "non_mentored" if row.mentored_shows else "mentored"
            found.add((str(row.question), lacks, str(row.mentored_shows or row.non_mentored_shows)))
    return found


def chosen_by(responses: Responses, question: str, code: str) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    name = f"{question}/{code}"
    if name in responses.answers:
        return (responses.answers[name] == 1).to_numpy()
    if question in responses.answers:
        return (responses.answers[question] == code).to_numpy()
    return np.zeros(len(responses.people), dtype=bool)
