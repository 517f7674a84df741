"""From answers to one number a respondent: what counts, what scores, what makes an index.

A kind of indicator joins by being a function here and a name in KINDS.
"""

import math
from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np

from impact.model import Responses
from impact.sample import BoolArray, FloatArray, Kind
from impact.study import Indicator, Question, Questionnaire

STANDARD: Final = "non_mentored"  # the group whose means and spreads the items of an index are measured in
_FEWEST_FOR_SPREAD = 2
_ROUNDING = 1e-9  # a spread below this is what rounding leaves of answers that are all the same


class Scored(NamedTuple):
    """One number a respondent, NaN where there is none; whether its mean is a share; the ends of its scale, if any."""

    y: FloatArray
    kind: Kind
    bounds: tuple[float, float] | None = None


def score(indicator: Indicator, questionnaire: Questionnaire, responses: Responses) -> Scored:
    """The numbers of an indicator, one a respondent of `responses`, in its order."""
    return KINDS[indicator.kind](indicator, questionnaire, responses)


def answered(question: Question, responses: Responses) -> BoolArray:
    """Who answered a question: an answer is blank exactly where there is a reason for it."""
    if question.id in responses.answers:
        return responses.answers[question.id].notna().to_numpy()
    return np.asarray(responses.reasons[question.id] == "", dtype=np.bool_)


def _share(indicator: Indicator, questionnaire: Questionnaire, responses: Responses) -> Scored:
    """1 for an answer that counts, 0 for another; of a multiple choice, 1 where any option that counts is ticked."""
    question = questionnaire.questions[indicator.question]
    if question.kind == "multiple":
        names = [name for code in indicator.counts if (name := f"{question.id}/{code}") in responses.answers]
        counts = (responses.answers[names] == 1).any(axis=1).to_numpy()
    else:
        counts = np.logical_or.reduce([responses.answers[question.id] == code for code in indicator.counts])
    y: FloatArray = np.asarray(np.where(answered(question, responses), counts, math.nan), dtype=np.float64)
    return Scored(y, "share")


def _mean(indicator: Indicator, questionnaire: Questionnaire, responses: Responses) -> Scored:
    """The number answered, or the `value` of the choice."""
    question = questionnaire.questions[indicator.question]
    if question.kind == "number":
        return Scored(np.asarray(responses.answers[question.id], dtype=np.float64), "mean", _limits(question))
    values = {choice.code: choice.value for choice in question.choices if choice.value is not None}
    y = np.asarray(responses.answers[question.id].map(values), dtype=np.float64)
    return Scored(y, "mean", _ends(min(values.values()), max(values.values())))


def _limits(question: Question) -> tuple[float, float] | None:
    if isinstance(question.min, (int, float)) and isinstance(question.max, (int, float)):
        return _ends(float(question.min), float(question.max))
    return None


def _ends(least: float, most: float) -> tuple[float, float] | None:
    """The ends of a scale; a scale of one value has none."""
    return (least, most) if least < most else None


def _index(indicator: Indicator, questionnaire: Questionnaire, responses: Responses) -> Scored:
    """The items' standardised scores, more always better, averaged by their inverse covariance (Anderson 2008).

    Means and spreads are those of the non-mentored, or of everyone where none of them answered. A respondent's index is
    over the items they answered. An item that does not vary is left out. Unlike Anderson, a weight below 0 is set to 0:
    what the other items already tell may count for nothing, never against.
    """
    items = [questionnaire.indicators[item] for item in indicator.items]
    signs = [-1.0 if item.better == "lower" else 1.0 for item in items]
    raw = np.column_stack(
        [sign * score(item, questionnaire, responses).y for sign, item in zip(signs, items, strict=True)]
    )
    reference = (responses.people["group"] == STANDARD).to_numpy()
    if np.isnan(raw[reference]).all():
        reference = np.ones(len(raw), dtype=bool)
    weight = responses.people["weight"].to_numpy(dtype=float)[reference]
    centre, spread = _moments(raw[reference], weight)
    varies = spread > _ROUNDING * np.maximum(1, np.abs(centre))
    if not varies.any():
        return Scored(np.full(len(raw), math.nan), "mean")
    z = (raw[:, varies] - centre[varies]) / spread[varies]
    weights = _inverse_covariance_weights(z[reference], weight)
    answered = ~np.isnan(z)
    total = answered @ weights
    with np.errstate(invalid="ignore"):
        y = np.where(total > 0, np.where(answered, z, 0.0) @ weights / total, math.nan)
    return Scored(y, "mean")


def _moments(values: FloatArray, weight: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Weighted mean and standard deviation of each column over its own answers; a spread of 0 where too few answer."""
    answered = ~np.isnan(values)
    w = answered * weight[:, None]
    total = np.maximum(w.sum(axis=0), np.finfo(float).tiny)
    centre = (w * np.where(answered, values, 0.0)).sum(axis=0) / total
    deviation = np.where(answered, values - centre, 0.0)
    spread = np.sqrt((w * deviation**2).sum(axis=0) / total)
    return centre, np.where(answered.sum(axis=0) >= _FEWEST_FOR_SPREAD, spread, 0.0)


def _inverse_covariance_weights(z: FloatArray, weight: FloatArray) -> FloatArray:
    """The row sums of the inverse of the items' covariance, pairwise over answers; equal weights where it has none."""
    answered = ~np.isnan(z)
    filled = np.where(answered, z, 0.0)
    pairs = (answered * weight[:, None]).T @ answered
    covariance = np.divide((filled * weight[:, None]).T @ filled, pairs, out=np.zeros_like(pairs), where=pairs > 0)
    if np.linalg.eigvalsh(covariance).min() <= 1e-8:  # pairwise covariances need not be those of any data
        return np.ones(z.shape[1])
    return np.asarray(np.maximum(np.linalg.solve(covariance, np.ones(z.shape[1])), 0.0), dtype=np.float64)


Kinds = Callable[[Indicator, Questionnaire, Responses], Scored]
KINDS: Final[dict[str, Kinds]] = {"share": _share, "mean": _mean, "index": _index}
