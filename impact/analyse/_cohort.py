"""What every table of results is drawn from: who is in which group, and the sample of each indicator in each group."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from impact.contrasts import Estimated
from impact.indicators import Scored
from impact.model import BANDS, GROUPS, Responses, parts_of
from impact.sample import Design, FloatArray, IntArray, Sample
from impact.study import Study

Row = dict[str, object]


class Cell(NamedTuple):
    """One indicator in one group: its sample, its row of `estimates` and, where someone answered, its arm."""

    sample: Sample
    row: Row
    arm: Estimated | None


class Cohort(NamedTuple):
    """What all indicators share: the design, the weights of each group and the groups that hold someone."""

    design: Design
    rows: Mapping[str, IntArray]  # who is in each group, in the frame's order
    weights: Mapping[str, FloatArray]  # one a group, 0 outside it
    sizes: Mapping[str, int]

    def asked(self, groups: Container[str]) -> list[str]:
        """The groups that hold someone, out of the groups of the questionnaire that were asked."""
        return [group for group in self.sizes if source_group(group) in groups]


class Drawn(NamedTuple):
    """All that a table of results may be drawn from. `refused` holds the indicators that the two groups of young people
    were not asked alike, `scores` one number a respondent of each indicator, `cells` its samples by group."""

    responses: Responses
    study: Study
    cohort: Cohort
    scores: Mapping[str, Scored]
    cells: Mapping[str, Mapping[str, Cell]]
    refused: frozenset[str]


def coded(responses: Responses, study: Study) -> Responses:
    """The same responses, with groups and the answers to closed questions held as categories.

    Whoever looks for a code then compares small integers, once the words of each column were read one single time.
    """
    closed = [one.id for one in study.questionnaire.question if one.kind == "single" and one.id in responses.answers]
    people, answers = responses.people, responses.answers
    return replace(
        responses,
        people=people.assign(**{name: _categories(people[name]) for name in ("group", "band")}),
        answers=answers.assign(**{name: _categories(answers[name]) for name in closed}),
    )


def _categories(words: "pd.Series[str]") -> "pd.Series[str]":
    place, different = pd.factorize(words)
    return pd.Series(pd.Categorical.from_codes(place, different), words.index)


def gathered(responses: Responses, study: Study) -> Cohort:
    """The groups of a study's respondents, laid out once for all its tables."""
    people = responses.people
    stratum = people["stratum"] if study.design.stratum else None
    cluster = people["cluster"] if study.design.cluster else None
    members = {group: responses.members(group).to_numpy() for group in GROUPS}
    weight = people["weight"].to_numpy(dtype=float)
    held = {group: inside for group, inside in members.items() if inside.any()}
    return Cohort(
        Design.of(len(people), stratum, cluster),
        {group: np.flatnonzero(inside) for group, inside in held.items()},
        {group: np.where(inside, weight, 0.0) for group, inside in held.items()},
        {group: int(inside.sum()) for group, inside in held.items()},
    )


def guarded(cohort: Cohort, scores: Mapping[str, Scored], responses: Responses, study: Study) -> Cohort:
    """The same, with the errors of a public report telling nothing of a cluster or a stratum (`Design.guarded`)."""
    if study.disclosure.audience == "internal" or cohort.design.is_plain:
        return cohort
    leaf = np.zeros(cohort.design.rows, dtype=np.intp)
    for place, group in enumerate(cohort.rows, 1):
        if not parts_of(group, cohort.rows):
            leaf[cohort.rows[group]] = place
    return cohort._replace(design=cohort.design.guarded(_told(cohort, scores, responses, study), leaf))


def _told(cohort: Cohort, scores: Mapping[str, Scored], responses: Responses, study: Study) -> Iterator[IntArray]:
    """The people behind each figure that may be shown of a group, and of those who gave one answer to a breakdown
    question: where fewer than `minimum_base` answered, none is."""
    least, questionnaire = study.disclosure.minimum_base, study.questionnaire
    for indicator in questionnaire.indicator:
        answered = ~np.isnan(scores[indicator.id].y)
        for group in cohort.asked(questionnaire.asked_of(indicator)):
            rows = cohort.rows[group][answered[cohort.rows[group]]]
            parts = [responses.answers[one].iloc[rows] for one in study.analysis.breakdowns if one in responses.answers]
            for some in (rows, *(rows[(part == code).to_numpy()] for part in parts for code in part.unique())):
                if some.size >= least:
                    yield some


def source_group(group: str) -> str:
    """The group of the questionnaire that a group of the tables belongs to: a band is a part of the mentored."""
    return "mentored" if group.removeprefix("mentored_") in BANDS else group
