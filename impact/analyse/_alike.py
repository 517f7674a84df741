"""What every adjusted comparison stands on: the declared covariates, and the weights of each two groups, found once."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from impact.adjust import weighed
from impact.adjust.covariates import RAREST, Covariate
from impact.adjust.weighting import Pair, Refused, Weighting, pair_of
from impact.analyse._cohort import Drawn
from impact.analyse.distributions import chosen_by
from impact.errors import ImpactError
from impact.model import comparisons_in


class Alike(NamedTuple):
    """Two groups and, by name of an adjustment, the weights that make them alike or the reason why there are none.
    `apart` are the covariates that the two were not asked alike: not to be set side by side."""

    group: str
    reference: str
    pair: Pair
    covariates: tuple[Covariate, ...]
    found: dict[str, Weighting | str]
    apart: frozenset[str]


def alike(drawn: Drawn) -> tuple[Alike, ...]:
    """The groups that are compared, in the order of COMPARISONS; none where the study declares no covariate.

    ImpactError for a covariate that no file carries.
    """
    analysis = drawn.study.analysis
    held = drawn.cohort.weights
    compared = [(group, reference) for group, reference in comparisons_in(held) if group in held and reference in held]
    if not analysis.adjust_for or not compared:
        return ()
    covariates = tuple(_covariate(drawn, name) for name in analysis.adjust_for)
    return tuple(_alike(drawn, group, reference, covariates) for group, reference in compared)


def _alike(drawn: Drawn, group: str, reference: str, covariates: tuple[Covariate, ...]) -> Alike:
    weights = drawn.cohort.weights[group], drawn.cohort.weights[reference]
    pair = pair_of(covariates, weights, drawn.cohort.design)
    apart = _apart(drawn) if reference == "non_mentored" else frozenset[str]()
    reason, names = "covariate_apart" if apart else _lacking(covariates, pair), drawn.study.analysis.adjustments
    found = {name: reason or _weighed(drawn, pair, name) for name in names}
    return Alike(group, reference, pair, covariates, found, apart)


def _weighed(drawn: Drawn, pair: Pair, name: str) -> Weighting | str:
    try:
        return weighed(name, pair, drawn.study.analysis.respondents_per_covariate)
    except Refused as refused:
        return refused.reason


def _apart(drawn: Drawn) -> frozenset[str]:
    """The covariates that the two groups were not asked alike: making them alike in one would mean nothing."""
    table = drawn.responses.comparability
    return frozenset(drawn.study.analysis.adjust_for) & frozenset(table.loc[~table["compared"], "question"])


def _lacking(covariates: Sequence[Covariate], pair: Pair) -> str:
    """A reason where nobody of a group answered one of the covariates."""
    empty = any(one.missing[pair.rows][pair.inside == side].all() for one in covariates for side in (True, False))
    return "covariate_unanswered" if empty else ""


def _covariate(drawn: Drawn, name: str) -> Covariate:
    """The answers to a declared question. Each option of a multiple choice is a category, beside the others.

    What the study would not publish of so few people is no level of its own, so that what the covariates make may be.
    """
    responses, question = drawn.responses, drawn.study.question(name)
    if name not in set(responses.mapping["question"]):
        raise ImpactError("analyse_covariate_no_column", question=name)
    rule = drawn.study.disclosure
    rarest = RAREST if rule.audience == "internal" else max(RAREST, rule.minimum_answer)
    missing = (responses.reasons[name] != "").to_numpy()
    if question.kind == "number":
        return Covariate(name, np.asarray(responses.answers[name], dtype=np.float64), {}, missing, rarest)
    codes = [*question.codes, *(["other"] if question.other else [])]
    marks = {code: chosen_by(responses, name, code) & ~missing for code in codes}
    return Covariate(name, None, marks, missing, rarest)


def weightings(one: Alike) -> Iterator[tuple[str, Weighting]]:
    """The adjustments that were made, by name."""
    for name, found in one.found.items():
        if isinstance(found, Weighting):
            yield name, found
