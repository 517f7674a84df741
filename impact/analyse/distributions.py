"""Every answer to the closed questions, and why the others are missing."""

import numpy as np
import pandas as pd

from impact.analyse._cohort import Drawn, Row, source_group
from impact.model import DISTRIBUTIONS, MISSING, Responses
from impact.study import Indicator


def missing(drawn: Drawn) -> pd.DataFrame:
    """Why each group's answers are missing, by indicator: the counts of a group add up to its `missing`."""
    rows, study, cohort = [], drawn.study, drawn.cohort
    for indicator in study.questionnaire.indicator:
        absent = np.isnan(drawn.scores[indicator.id].y)
        reasons = _reasons(indicator, drawn.responses)[absent]
        asked = study.questionnaire.asked_of(indicator)
        for group in (group for group in cohort.sizes if source_group(group) in asked):
            inside = cohort.weights[group][absent] > 0
            counted = pd.Series(reasons[inside]).value_counts().sort_index()
            rows += [(indicator.id, group, reason, int(count)) for reason, count in counted.items()]
    return pd.DataFrame(rows, columns=list(MISSING))


def _reasons(indicator: Indicator, responses: Responses) -> "np.ndarray[tuple[int], np.dtype[np.object_]]":
    """The reason of each blank; `no_answer` for an index none of whose items was answered, `unknown` for an answer
    without a score."""
    if indicator.kind == "index":
        return np.full(len(responses.people), "no_answer", dtype=object)
    reasons = responses.reasons[indicator.question].to_numpy(dtype=object)
    return np.where(reasons == "", "unknown", reasons)


def distributions(drawn: Drawn) -> pd.DataFrame:
    """Every answer of the closed questions that a file carries or an indicator stands on: counts of people, weighted
    shares. One without indicator, such as sex or region, tells who answered; it has no dimension."""
    rows: list[Row] = []
    responses, study, cohort = drawn.responses, drawn.study, drawn.cohort
    questions = {one.question: one.dimension for one in reversed(study.questionnaire.indicator) if one.question}
    held = {*questions, *responses.mapping["question"]}
    for question in study.questionnaire.question:
        if question.id not in held or question.kind not in ("single", "multiple"):
            continue
        answered = (responses.reasons[question.id] == "").to_numpy()
        codes = [*question.codes, *(["other"] if question.other else [])]
        chosen = {code: chosen_by(responses, question.id, code) for code in codes}
        dimension = questions.get(question.id, "")
        for group in (group for group in cohort.sizes if source_group(group) in question.asked):
            weight = np.where(answered, cohort.weights[group], 0.0)
            base, total = int((weight > 0).sum()), weight.sum()
            for code in codes:
                inside = chosen[code] & (weight > 0)
                rows.append({
                    "question": question.id, "dimension": dimension, "group": group, "choice": code,
                    "n": base, "count": int(inside.sum()), "share": weight[inside].sum() / total if base else np.nan,
                    "status": "shown" if base else "too_few",
                })  # fmt: skip
    return pd.DataFrame(rows, columns=list(DISTRIBUTIONS))


def chosen_by(responses: Responses, question: str, code: str) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    name = f"{question}/{code}"
    if name in responses.answers:
        return (responses.answers[name] == 1).to_numpy()
    if question in responses.answers:
        return (responses.answers[question] == code).to_numpy()
    return np.zeros(len(responses.people), dtype=bool)
