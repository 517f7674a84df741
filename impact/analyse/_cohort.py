"""What every table of results is drawn from: who is in which group, and the sample of each indicator in each group."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from impact.contrasts import Estimated
from impact.indicators import Scored
from impact.model import BANDS, GROUPS, Responses
from impact.sample import Design, FloatArray, Sample
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
    weights: Mapping[str, FloatArray]  # one a group, 0 outside it
    sizes: Mapping[str, int]


class Drawn(NamedTuple):
    """All that a table of results may be drawn from. `refused` holds the indicators that the two groups of young people
    were not asked alike, `scores` one number a respondent of each indicator, `cells` its samples by group."""

    responses: Responses
    study: Study
    cohort: Cohort
    scores: Mapping[str, Scored]
    cells: Mapping[str, Mapping[str, Cell]]
    refused: frozenset[str]


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
        {group: np.where(inside, weight, 0.0) for group, inside in held.items()},
        {group: int(inside.sum()) for group, inside in held.items()},
    )


def source_group(group: str) -> str:
    """The group of the questionnaire that a group of the tables belongs to: a band is a part of the mentored."""
    return "mentored" if group.removeprefix("mentored_") in BANDS else group
