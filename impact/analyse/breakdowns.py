"""Levels by the answers to the closed questions that `[analysis] breakdowns` names, within each group.

Those who gave an answer are a domain of the same frame: rows elsewhere stay at weight 0, as they do of a band, so that
intervals, strata and clusters are those of `estimates` (Lumley 2010, ch. 2). Levels side by side are no test of what
sets them apart, and none is made here.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from impact.analyse._cohort import Drawn, Row, source_group
from impact.analyse.distributions import chosen_by, not_offered
from impact.errors import ImpactError
from impact.intervals import interval
from impact.model import BREAKDOWNS, CROSSED, empty, parts_of
from impact.sample import BoolArray, IntArray, Sample
from impact.study import Indicator, Question, Study

# Why someone was led past a question.
PAST: Final = ("not_asked", "not_applicable")


@dataclass(frozen=True, eq=False)
class _Answers:
    """The answers of one breakdown question: who gave each, in the questionnaire's order."""

    question: Question
    chosen: dict[str, BoolArray]


def breakdowns(drawn: Drawn) -> pd.DataFrame:
    """The estimate of every indicator by each answer to each breakdown question, in the groups that were asked both.

    An indicator drawn from a breakdown question has no row by it: all would be answers to that very question. An
    answer that a group was not offered has none there. ImpactError for a question that no file carries.
    """
    asked, lacking = _asked(drawn), not_offered(drawn.responses.comparability)
    rows = [
        _row(drawn, indicator, group, answers.question.id, code, inside)
        for indicator in drawn.study.questionnaire.indicator
        for group in drawn.cohort.asked(drawn.study.questionnaire.asked_of(indicator))
        for answers in asked
        if source_group(group) in answers.question.asked
        and answers.question.id not in _questions(indicator, drawn.study)
        for code, inside in answers.chosen.items()
        if (answers.question.id, source_group(group), code) not in lacking or inside[drawn.cohort.rows[group]].any()
    ]
    return pd.DataFrame(rows, columns=list(BREAKDOWNS))


def _asked(drawn: Drawn) -> list[_Answers]:
    held = set(drawn.responses.mapping["question"])
    found = []
    for name in drawn.study.analysis.breakdowns:
        if name not in held:
            raise ImpactError("analyse_breakdown_no_column", question=name)
        question = drawn.study.question(name)
        codes = [*question.codes, *(["other"] if question.other else [])]
        found.append(_Answers(question, {code: chosen_by(drawn.responses, name, code) for code in codes}))
    return found


def _questions(indicator: Indicator, study: Study) -> set[str]:
    """The questions that an indicator, or an index by its items, is drawn from."""
    known = study.questionnaire.indicators
    return {one.question for one in (indicator, *(known[item] for item in indicator.items))}


def _row(drawn: Drawn, indicator: Indicator, group: str, by: str, code: str, inside: BoolArray) -> Row:
    scored, cohort, analysis = drawn.scores[indicator.id], drawn.cohort, drawn.study.analysis
    weights = np.where(inside, cohort.weights[group], 0.0)
    sample = Sample(scored.y, weights, cohort.design, scored.kind, scored.bounds)
    method = analysis.share_interval if scored.kind == "share" else analysis.mean_interval
    row: Row = {
        "indicator": indicator.id, "dimension": indicator.dimension, "group": group, "by": by, "choice": code,
        "n": sample.n, "missing": int(inside[cohort.rows[group]].sum()) - sample.n, "level": analysis.level,
        "interval": method, "unit": indicator.kind, "status": "shown" if sample.n else "too_few",
    }  # fmt: skip
    if not sample.n:
        return row
    low, high = interval(method, sample, analysis.level)
    return row | {"estimate": sample.mean, "std_error": sample.std_error, "df": sample.df, "low": low, "high": high}


def crossed(drawn: Drawn) -> pd.DataFrame:
    """How many people of each smallest group, by their answers to all breakdown questions at once, gave each answer.

    Columns as CROSSED: `subject` is the question of indicators, or an index; `choices` a code a breakdown question, ""
    for no answer; `answers` one number an indicator of the subject, in the questionnaire's order, None where it has
    none, or () for who was led past the question. What disclosure control is judged on, beside `counts`; empty where
    no breakdown is declared.
    """
    asked = _asked(drawn)
    if not asked:
        return empty(CROSSED)
    choices, known = _choices(asked), drawn.study.questionnaire
    rows = [
        (subject, group, *cell, count)
        for subject, indicators in _subjects(drawn.study)
        for group, people in _leaves(drawn, known.asked_of(indicators[0]))
        for cell, count in Counter(_given(drawn, indicators, choices, people)).items()
    ]
    return pd.DataFrame(rows, columns=list(CROSSED))


def _subjects(study: Study) -> Iterator[tuple[str, list[Indicator]]]:
    """The indicators that stand on one question, or an index alone."""
    together: dict[str, list[Indicator]] = {}
    for one in study.questionnaire.indicator:
        together.setdefault(one.question or one.id, []).append(one)
    yield from together.items()


def _given(
    drawn: Drawn, indicators: Sequence[Indicator], choices: Sequence[tuple[str, ...]], people: IntArray
) -> Iterator[tuple[tuple[str, ...], tuple[float | None, ...]]]:
    """What each of these people chose and answered; nothing of who was asked and gave no answer."""
    scores = np.column_stack([drawn.scores[one.id].y for one in indicators])
    past = _led_past(drawn, indicators[0].question)
    for one in people:
        answers = tuple(None if np.isnan(score) else float(score) for score in scores[one])
        if past[one]:
            yield choices[one], ()
        elif any(score is not None for score in answers):
            yield choices[one], answers


def _led_past(drawn: Drawn, question: str) -> BoolArray:
    """Who was led past a question by an answer to another: its base tells how many gave that answer."""
    if question and drawn.study.question(question).only_if:
        return drawn.responses.reasons[question].isin(PAST).to_numpy()
    return np.zeros(len(drawn.responses.people), dtype=np.bool_)


def _choices(asked: Sequence[_Answers]) -> list[tuple[str, ...]]:
    """The code that each respondent gave to each breakdown question."""
    each = []
    for answers in asked:
        codes = np.array(["", *answers.chosen], dtype=object)
        place = np.zeros(next(iter(answers.chosen.values())).size, dtype=np.intp)
        for number, inside in enumerate(answers.chosen.values(), 1):
            place[inside] = number
        each.append(codes[place])
    return list(zip(*each, strict=True))


def _leaves(drawn: Drawn, asked: Sequence[str]) -> Iterator[tuple[str, IntArray]]:
    """The smallest groups, which no other divides, and who is in each: of the mentored their bands, if any."""
    groups = [group for group in drawn.cohort.rows if source_group(group) in asked]
    for group in groups:
        if not parts_of(group, groups):
            yield group, drawn.cohort.rows[group]
