"""The answers to each closed question as one set: their shares and what sets two groups apart, all held at once."""

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from impact.analyse._cohort import Drawn, Row, source_group
from impact.analyse.comparisons import duration_questions, test_of
from impact.analyse.distributions import LACKING, chosen_by, not_offered
from impact.contrasts import Estimated, difference, named, verdict
from impact.families import corrected_sets
from impact.indicators import answered
from impact.intervals import interval
from impact.joint import JOINT, at_once, level_of_each
from impact.model import OPTIONS, comparisons_in
from impact.multiplicity import holm
from impact.sample import Sample
from impact.significance import p_value
from impact.study import Question, Study


class Option(NamedTuple):
    """One answer in one group: its sample and, where someone answered, its share with its simultaneous limits."""

    sample: Sample
    arm: Estimated | None


class Set(NamedTuple):
    """The answers to a question by group, one a code. `compared`: an indicator sets groups against each other on it;
    `refused`: the two groups of young people were not asked alike; `apart`: the codes that one of them was not
    offered."""

    question: Question
    dimension: str
    codes: tuple[str, ...]
    groups: Mapping[str, Sequence[Option]]
    compared: bool
    refused: bool
    apart: frozenset[str]


def options(drawn: Drawn) -> pd.DataFrame:
    """Shares of every answer, by group, with limits that hold for the whole set at once; then, for each two groups, one
    test of the whole set and each answer's difference.

    What the mentored credit their mentor with, and a question that no indicator stands on, has shares only: who
    answered is no result, and how alike groups are is not for a test to say (Imai, King & Stuart 2008).
    """
    rows: list[Row] = []
    lacking = not_offered(drawn.responses.comparability)
    for one in _sets(drawn):
        rows += [row for group in one.groups for row in _shares(one, group, drawn.study, lacking)]
        rows += [row for pair in _pairs(one, drawn.study) for row in _compared(one, pair, drawn.study)]
    return corrected_sets(pd.DataFrame(rows, columns=list(OPTIONS)))


def _sets(drawn: Drawn) -> Iterator[Set]:
    responses, study = drawn.responses, drawn.study
    indicators = [one for one in study.questionnaire.indicator if one.question]
    dimensions = {one.question: one.dimension for one in reversed(indicators)}
    credited = {one.question for one in indicators if one.attribution}
    table = responses.comparability
    refused, held = set(table.loc[~table["compared"], "question"]), {*dimensions, *responses.mapping["question"]}
    lacking = not_offered(table, (*LACKING, "answer"))
    for question in study.questionnaire.question:
        if question.id in held and question.kind in JOINT:
            codes = (*question.codes, *(["other"] if question.other else []))
            yield Set(
                question, dimensions.get(question.id, ""), codes, _groups(drawn, question, codes),
                question.id in dimensions and question.id not in credited, question.id in refused,
                frozenset(code for name, _, code in lacking if name == question.id),
            )  # fmt: skip


def _groups(drawn: Drawn, question: Question, codes: Sequence[str]) -> dict[str, list[Option]]:
    """One sample an answer and group; those of a group are of the same people, who are looked up once."""
    base, cohort = np.where(answered(question, drawn.responses), 0.0, np.nan), drawn.cohort
    chosen = [chosen_by(drawn.responses, question.id, code).astype(np.float64) for code in codes]
    level = level_of_each(drawn.study.analysis.level, at_once(question.kind, len(codes)))
    people = {
        group: Sample(base, cohort.weights[group], cohort.design, "share") for group in cohort.asked(question.asked)
    }
    return {
        group: [_option(sample.answering(y), drawn.study.analysis.share_interval, level) for y in chosen]
        for group, sample in people.items()
    }


def _option(sample: Sample, method: str, level: float) -> Option:
    if not sample.n:
        return Option(sample, None)
    return Option(sample, Estimated(sample.mean, sample.std_error, *interval(method, sample, level)))


def _pairs(one: Set, study: Study) -> Iterator[tuple[str, str]]:
    """Who is compared with whom; on what makes the bands, the bands are not."""
    makes_bands = one.question.id in duration_questions(study)
    for group, reference in comparisons_in(one.groups) if one.compared else ():
        if group in one.groups and reference in one.groups and not (makes_bands and source_group(group) != group):
            yield group, reference


def _names(one: Set, group: str, reference: str, study: Study) -> Row:
    return {
        "question": one.question.id, "dimension": one.dimension, "group": group, "reference": reference,
        "level": study.analysis.level,
    }  # fmt: skip


def _shares(one: Set, group: str, study: Study, lacking: Container[tuple[str, str, str]]) -> Iterator[Row]:
    """One row an answer, but for those that the group was not offered: nobody there refused them."""
    common, method = _names(one, group, "", study), study.analysis.share_interval
    for code, (sample, arm) in zip(one.codes, one.groups[group], strict=True):
        row = common | {"choice": code, "n": sample.n, "interval": f"simultaneous_{method}"}
        if arm is None:
            yield row | {"status": "too_few"}
        elif arm.estimate or (one.question.id, source_group(group), code) not in lacking:
            yield row | _told(arm) | {"status": "shown"}


def _told(found: Estimated) -> Row:
    return {"estimate": found.estimate, "std_error": found.std_error, "low": found.low, "high": found.high}


def _compared(one: Set, pair: tuple[str, str], study: Study) -> Iterator[Row]:
    """One row for the whole set, its choice blank, then one an answer."""
    a, b = (one.groups[group] for group in pair)
    common, outer = _names(one, *pair, study), pair[1] == "non_mentored"
    status = "not_comparable" if one.refused and outer else "shown" if a[0].arm and b[0].arm else "too_few"
    kept = [not (outer and code in one.apart) for code in one.codes]
    yield common | {"choice": "", "interval": ""} | _joint(one, (a, b), kept, status)
    rows = [
        common | {"choice": code} | _difference(x, y, study, status if asked else "not_comparable")
        for code, asked, x, y in zip(one.codes, kept, a, b, strict=True)
    ]
    shown = [row for row in rows if row["status"] == "shown"]
    found = np.array([row["p"] for row in shown], dtype=np.float64)
    together = found if at_once(one.question.kind, len(shown)) == 1 else holm(found)
    for row, p in zip(shown, together, strict=True):
        row["p_adjusted"] = float(p)
    yield from rows


def _joint(one: Set, arms: tuple[Sequence[Option], Sequence[Option]], kept: Sequence[bool], status: str) -> Row:
    """The test of the set. Of one answer a person it is not made without an answer that one group was not offered."""
    a, b = ([option.sample for option, asked in zip(arm, kept, strict=True) if asked] for arm in arms)
    if not a or (one.question.kind == "single" and not all(kept)):
        status = "not_comparable"
    if status != "shown":
        return {"test": "", "status": status}
    found = JOINT[one.question.kind](a, b)
    return {"test": found.test, "p": found.p, "status": status}


def _difference(a: Option, b: Option, study: Study, status: str) -> Row:
    plain, method = a.sample.plain and b.sample.plain, study.analysis.share_interval
    row: Row = {"interval": "simultaneous_" + named("difference", method, plain)}
    if status != "shown" or a.arm is None or b.arm is None:
        return row | {"status": status}
    test = test_of(a.sample, b.sample, study)
    found = difference(a.arm, b.arm, a.sample.correlation(b.sample))
    said = verdict(found.low, found.high, 0.0, study.analysis.smallest_useful_gap)
    p = p_value(test, a.sample, b.sample)
    return row | _told(found) | {"test": test, "p": p, "verdict": said, "status": status}
