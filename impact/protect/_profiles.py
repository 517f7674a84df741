"""Adjusted figures that would tell what few people of one profile answered.

A profile is the people of a group who answered all covariates alike. Crude and adjusted figures are made of how many of
each profile gave an answer. Either enough people of every profile gave each answer; or so many tables have the same
crude totals that many of them print the same figures. These hold some six digits an adjustment (two adjusted means; the
errors hardly vary between such tables): tried with groups of 60 and 80 people, two tables of 10^5 print the same, 10^2
of 10^7, 10^5 of 10^10. A number of many values, or several covariates, make more tables by far. They are counted as if
everyone's covariates were known, which is more than a reader is told.
"""

import pandas as pd

from impact.model import Results
from impact.study import Study

_DIGITS, _LEFT_OPEN = 6, 3  # powers of ten: what an adjustment prints, and what must be left beyond


def of_few_profiles(frame: pd.DataFrame, results: Results, study: Study) -> "pd.Series[bool]":
    """Rows of `frame` that are adjusted and that would tell of a profile of few people."""
    rule, judged = study.disclosure, _judged(results)
    enough = len(study.analysis.adjustments) * _DIGITS + _LEFT_OPEN
    unsafe = set()
    for (indicator, groups), told in judged.items():
        question = study.questionnaire.indicators[indicator].question
        least = 1 if question in rule.not_sensitive else rule.minimum_answer
        many = told["people"] >= rule.minimum_base and told["answer"] >= least
        if told["tables"] < enough and not many:
            unsafe.add((indicator, *groups.split()))
    keys = pd.Series(
        list(zip(frame["indicator"], frame["group"], frame["reference"], strict=True)), frame.index, dtype=object
    )
    return (frame["adjustment"] != "none") & keys.isin(unsafe)


def _judged(results: Results) -> dict[tuple[str, str], dict[str, int]]:
    """What is judged of each indicator and two groups."""
    counts = results.counts[results.counts["layer"] == "adjusted"]
    found: dict[tuple[str, str], dict[str, int]] = {}
    columns = ("question", "variable", "modality", "count")
    for indicator, groups, name, count in zip(*(counts[column].tolist() for column in columns), strict=True):
        found.setdefault((indicator, groups), {})[name] = count
    return found
