"""Disclosure control: what may leave the room. A pure step, before any table is written or any page drawn.

The primary rule (CASD; INSEE; trust levels of the study's `[disclosure]`): a row is shown when at least `minimum_base`
people answered and, for a share, at least `minimum_answer` people stand on each side; else the whole row goes, its
base, its figure, its interval and every comparison drawn from it. Judged on counts of people, never on weights.
"""

from dataclasses import replace
from typing import Any, TypeAlias

import pandas as pd

from impact.indicators import STANDARD
from impact.model import MISREAD, SILENCES, WITH_RARE, Results, Values
from impact.study import Study
from impact.study.schema import Disclosure

_Pairs: TypeAlias = set[tuple[str, str]]
_FEWEST_ITEMS = 2
_TYPED = (*MISREAD, *SILENCES)
_KEPT = {"estimates": ("indicator", "dimension", "group", "level", "interval", "unit", "status"),
         "comparisons": ("indicator", "dimension", "group", "reference", "measure", "adjustment", "level", "interval",
                         "test", "unit", "status"),
         "distributions": ("question", "dimension", "group", "choice", "status"),
         "published": ("figure", "indicator", "dimension", "group", "published", "base", "published_low",
                       "published_high", "unit", "status"),
         "balance": ("covariate", "category", "group", "reference", "adjustment", "status"),
         "adjustment": ("group", "reference", "adjustment", "n", "n_reference", "status", "reason"),
         "overlap": ("group", "reference", "arm", "quantile", "status"),
         "reliability": ("indicator", "dimension", "group", "measure", "items", "level", "interval", "status"),
         "trend": ("indicator", "dimension", "group", "measure", "months", "level", "interval", "test", "unit",
                   "status"),
         "sensitivity": ("indicator", "dimension", "group", "reference", "adjustment", "analysis", "level", "unit",
                         "status"),
         "options": ("question", "dimension", "group", "reference", "choice", "level", "interval", "test", "status"),
         "agreement": ("indicator", "mirror", "measure", "level", "interval", "status")}  # fmt: skip


def protect(results: Results, study: Study) -> Results:
    """Results whose unsafe rows keep their names and nothing else; all of them for an `internal` audience.

    Status becomes `suppressed`. The counts of people that the rule is judged on are gone from what is returned.
    """
    if study.disclosure.audience == "internal":
        return replace(results, counts=results.counts.iloc[:0], protected=True)
    hidden = _hidden_rows(results, study)
    estimates = _without(results.estimates, _keys(results.estimates, "indicator", "group").isin(hidden), "estimates")
    published, spreads = results.published, _hidden_spreads(results, study.disclosure)
    unseen = set(_keys(results.distributions[spreads], "question", "group"))
    return replace(
        _without_few(results, hidden, unseen, study),
        estimates=estimates,
        comparisons=_without(
            results.comparisons,
            _either_arm(results.comparisons, hidden) | _counted(results.comparisons, results, study),
            "comparisons",
        ),
        missing=_without_rows(results.missing, hidden),
        problems=_without_rare_values(results.problems, study.disclosure),
        comparability=_without_met_answers(results.comparability),
        distributions=_without(results.distributions, spreads, "distributions"),
        published=_without(published, _hidden_published(published, hidden), "published"),
        counts=results.counts.iloc[:0],
        protected=True,
    )


def _without_few(results: Results, hidden: _Pairs, unseen: _Pairs, study: Study) -> Results:
    """The occasional tables without what stands on hidden figures (`hidden`: indicator, group), on hidden answers
    (`unseen`: question, group), or on too few people.

    The levels of a covariate hold enough people of each group (`impact.adjust.covariates.levels`). Where one is hidden
    all the same for what its figures tell, so is what the covariates alone make: the propensity, the effective size.
    """
    trend, reliability, agreement, balance = results.trend, results.reliability, results.agreement, results.balance
    adjustment, rule, telling = results.adjustment, study.disclosure, _telling(balance, study)
    veiled = set(_keys(balance[telling], "group", "reference"))
    few: dict[str, pd.Series[bool]] = {
           "balance": telling | _few(balance, rule) | _of_one_level(balance),
           "adjustment": _few(adjustment, rule) | _keys(adjustment, "group", "reference").isin(veiled),
           "overlap": _few_beyond(results, rule) | _keys(results.overlap, "group", "reference").isin(veiled),
           "reliability": _keys(reliability, "indicator", "group").isin(hidden) | _few(reliability, rule),
           "trend": _keys(trend, "indicator", "group").isin(hidden | _of_hidden_bands(hidden)) | _few(trend, rule),
           "sensitivity": _either_arm(results.sensitivity, hidden)
                          | _counted(results.sensitivity, results, study),
           "options": _either_arm(results.options, unseen, "question"),
           "agreement": _hidden_agreement(agreement, hidden) | (agreement["pairs"] < rule.minimum_base)}  # fmt: skip
    kept: dict[str, Any] = {name: _without(getattr(results, name), away, name) for name, away in few.items()}
    return replace(results, **kept)


def _of_hidden_bands(hidden: _Pairs) -> _Pairs:
    """The same indicators of all the mentored, where a band of them is hidden: a curve over months, or a slope beside
    the other band, would tell the level that the band hides."""
    return {(indicator, "mentored") for indicator, group in hidden if group.startswith("mentored_")}


def _either_arm(frame: pd.DataFrame, hidden: _Pairs, subject: str = "indicator") -> "pd.Series[bool]":
    """Rows one of whose two groups is hidden for what the row is about."""
    return _keys(frame, subject, "group").isin(hidden) | _keys(frame, subject, "reference").isin(hidden)


def _few(frame: pd.DataFrame, rule: Disclosure) -> "pd.Series[bool]":
    """Rows on fewer people than a base must have, in either group."""
    sizes = [name for name in ("n", "n_reference") if name in frame]
    few: pd.Series[bool] = (frame[sizes].astype(float) < rule.minimum_base).any(axis=1)
    return few


def _telling(balance: pd.DataFrame, study: Study) -> "pd.Series[bool]":
    """Rows of a covariate whose figures would tell what a few people of one of the two groups answered, or all."""
    return _of_one_value(balance) | _told_elsewhere(balance, study)


def _counted(frame: pd.DataFrame, results: Results, study: Study) -> "pd.Series[bool]":
    """Rows that are adjusted for closed questions alone, one of which is hidden in these two groups.

    Such a figure is made of a few counts: trying them all finds the hidden one, and what those few people answered.
    """
    adjusted = frame["adjustment"] != "none"
    if any(study.question(name).kind == "number" for name in study.analysis.adjust_for):
        return adjusted & False
    hidden = results.balance[_telling(results.balance, study)]
    return adjusted & _keys(frame, "group", "reference").isin(set(_keys(hidden, "group", "reference")))


def _of_one_value(balance: pd.DataFrame) -> "pd.Series[bool]":
    """Numbers that all of a group gave alike: their mean is what each of them answered."""
    ratio = balance["variance_ratio"].astype(float)
    return (balance["category"] == "") & ~(ratio > 0)


def _of_one_level(balance: pd.DataFrame) -> "pd.Series[bool]":
    """The answer that all of a group gave, or all with those of rare answers."""
    means = balance[["mean", "mean_reference"]].astype(float)
    return (balance["category"] != "") & means.isin((0.0, 1.0)).any(axis=1)


def _told_elsewhere(balance: pd.DataFrame, study: Study) -> "pd.Series[bool]":
    """Covariates with rare answers that an indicator counts as well: beside its share, the rest would be the rare."""
    asked = {one.question for one in study.questionnaire.indicator}
    rare = set(balance.loc[balance["category"].str.endswith(WITH_RARE), "covariate"])
    return balance["covariate"].isin(asked & rare)


def _few_beyond(results: Results, rule: Disclosure) -> "pd.Series[bool]":
    """Quantiles with fewer people on one side than a base must have."""
    overlap = results.overlap
    quantile, sizes = overlap["quantile"].astype(float), overlap["arm"].map(dict(results.sizes)).astype(float)
    return (sizes * quantile.clip(upper=1 - quantile)).lt(rule.minimum_base)


def _hidden_agreement(frame: pd.DataFrame, hidden: _Pairs) -> "pd.Series[bool]":
    """Pairs of a figure that is hidden on either side, or most of which agree, or do not."""
    young = pd.Series(
        [(one, "mentored") in hidden or (one, "pair") in hidden for one in frame["indicator"]], frame.index, dtype=bool
    )
    return young | pd.Series([(one, "mentor") in hidden for one in frame["mirror"]], frame.index, dtype=bool)


def _hidden_rows(results: Results, study: Study) -> set[tuple[str, str]]:
    """The (indicator, group) pairs that the primary rule hides, with all that stand on the same question.

    A mean beside a hidden share of one question, base and standard error included, would give the share away.
    """
    unsafe = _unsafe(results.counts, study.disclosure)
    question = {one.id: one.question or one.id for one in study.questionnaire.indicator}
    closed = {(question[indicator], group) for indicator, group in unsafe}
    pairs = _keys(results.counts, "indicator", "group")
    hidden = {(indicator, group) for indicator, group in pairs if (question[indicator], group) in closed}
    return hidden | {(indicator, group) for indicator, group in pairs if _bare_index(study, indicator, group, hidden)}


def _bare_index(study: Study, indicator: str, group: str, hidden: set[tuple[str, str]]) -> bool:
    """Whether an index stands beside fewer than two of its items: it would then be one of them in disguise.

    In its own group, and in the one that its items are standardised on: from an index and all its items but one, the
    level of that one among those others follows.
    """
    items = study.questionnaire.indicators[indicator].items
    beside = (sum((item, one) not in hidden for item in items) for one in (group, STANDARD))
    return bool(items) and min(beside) < _FEWEST_ITEMS


def _unsafe(counts: pd.DataFrame, rule: Disclosure) -> set[tuple[str, str]]:
    few = counts["n"] < rule.minimum_base
    one_sided = counts[["yes", "no"]].min(axis=1) < rule.minimum_answer  # NaN, so False, where it is no share
    constant = (counts["lowest"] == counts["highest"]) & counts["yes"].isna()
    return set(_keys(counts[few | one_sided | constant], "indicator", "group"))


def _hidden_spreads(results: Results, rule: Disclosure) -> "pd.Series[bool]":
    """Rows of a question's distribution: whole or not at all, by question and group."""
    frame = results.distributions
    least = frame.groupby(["question", "group"])["count"].transform("min")
    others = (frame["n"] - frame["count"]).groupby([frame["question"], frame["group"]])
    most_left = others.transform("min")
    return (frame["n"] < rule.minimum_base) | (least < rule.minimum_answer) | (most_left < rule.minimum_answer)


def _hidden_published(published: pd.DataFrame, hidden: set[tuple[str, str]]) -> "pd.Series[bool]":
    groups = published["group"].where(published["reference"] == "", published["reference"])
    return _keys(published, "indicator", "group").isin(hidden) | pd.Series(
        list(zip(published["indicator"], groups, strict=True)), published.index, dtype=object
    ).isin(hidden)


def _keys(frame: pd.DataFrame, *columns: str) -> Values:
    return pd.Series(list(zip(*(frame[column] for column in columns), strict=True)), frame.index, dtype=object)


def _without(frame: pd.DataFrame, hidden: "pd.Series[bool]", table: str) -> pd.DataFrame:
    """The frame with every figure of the hidden rows blank and their status `suppressed`."""
    hidden = hidden & (frame["status"] == "shown")
    figures = [column for column in frame.columns if column not in _KEPT[table]]
    blank = frame.copy()
    for column in figures:
        blank[column] = frame[column].mask(hidden)
    blank["status"] = frame["status"].mask(hidden, "suppressed")
    return blank


def _without_rare_values(problems: pd.DataFrame, rule: Disclosure) -> pd.DataFrame:
    """What few people typed in place of an answer may tell who they are: `impact check` shows it, no file does."""
    alike = problems.groupby(["source", "column", "value"])["problem"].transform("size")
    typed = problems["problem"].isin(_TYPED) & (alike < rule.minimum_base)
    return problems.assign(value=problems["value"].mask(typed, ""))


def _without_met_answers(comparability: pd.DataFrame) -> pd.DataFrame:
    """An answer that only a respondent's own tells to have been offered says that someone gave it."""
    met = comparability["differs"] == "answer"
    sides = ["mentored_shows", "non_mentored_shows"]
    return comparability.assign(**{side: comparability[side].mask(met, "") for side in sides})


def _without_rows(missing: pd.DataFrame, hidden: set[tuple[str, str]]) -> pd.DataFrame:
    """Reasons of hidden rows go whole: a reason without its count would still say that it occurred."""
    return missing[~_keys(missing, "indicator", "group").isin(hidden)].reset_index(drop=True)
