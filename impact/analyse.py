"""From responses to the tables of results. A pure step: every figure of every output is a row made here."""

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from impact.contrasts import CONTRASTS, Estimated, named, verdict
from impact.indicators import Scored, score
from impact.intervals import interval
from impact.model import (
    BANDS,
    COMPARED,
    COMPARISONS,
    COUNTS,
    DISTRIBUTIONS,
    ESTIMATES,
    GROUPS,
    MISSING,
    PUBLISHED,
    Responses,
    Results,
)
from impact.multiplicity import benjamini_hochberg, holm
from impact.normalise.losses import refuse_lost_answers
from impact.sample import Design, FloatArray, Sample
from impact.significance import choose, p_value
from impact.study import Indicator, Study
from impact.study.published import Figure

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


def analyse(responses: Responses, study: Study) -> Results:
    """Estimates, comparisons and what is missing, for every indicator and group, rows in the questionnaire's order.

    Shares and means with the intervals that `[analysis]` names; differences and ratios from their arms' intervals;
    every table as `impact.model` names its columns. What the two groups were not asked alike has its estimates and no
    comparison. Nothing is masked: that is `protect`'s. ImpactError where too many answers to a question were not
    understood for its figures to be right.
    """
    refuse_lost_answers(responses, study)
    cohort = _cohort(responses, study)
    scores = {one.id: score(one, study.questionnaire, responses) for one in study.questionnaire.indicator}
    estimated = {one.id: _estimates(one, scores[one.id], cohort, study) for one in study.questionnaire.indicator}
    rows = [cell.row for cells in estimated.values() for cell in cells.values()]
    refused = _not_comparable(responses, study)
    compared = [
        row
        for one in study.questionnaire.indicator
        for row in _comparisons(one, estimated[one.id], study, refused=one.id in refused)
    ]
    estimates = pd.DataFrame(rows, columns=list(ESTIMATES))
    comparisons = _adjusted_for_several(pd.DataFrame(compared, columns=list(COMPARED)), study)
    return Results(
        estimates=estimates,
        comparisons=comparisons,
        missing=_missing(responses, study, scores, cohort),
        distributions=_distributions(responses, study, cohort),
        published=_published(study, estimates, comparisons, cohort),
        flow=responses.flow,
        problems=responses.problems,
        comparability=responses.comparability,
        counts=_counts(estimated),
        sizes=cohort.sizes,
    )


def _cohort(responses: Responses, study: Study) -> Cohort:
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


# --- one group -------------------------------------------------------------------------------------------------------


def source_group(group: str) -> str:
    """The group of the questionnaire that a group of the tables belongs to: a band is a part of the mentored."""
    return "mentored" if group.removeprefix("mentored_") in BANDS else group


def _estimates(indicator: Indicator, scored: Scored, cohort: Cohort, study: Study) -> dict[str, Cell]:
    asked = study.questionnaire.asked_of(indicator)
    groups = [group for group in cohort.sizes if source_group(group) in asked]
    return {group: _estimate(indicator, group, scored, cohort, study) for group in groups}


def _estimate(indicator: Indicator, group: str, scored: Scored, cohort: Cohort, study: Study) -> Cell:
    sample = Sample(scored.y, cohort.weights[group], cohort.design, scored.kind, scored.bounds)
    method = study.analysis.share_interval if scored.kind == "share" else study.analysis.mean_interval
    row: Row = {
        "indicator": indicator.id, "dimension": indicator.dimension, "group": group, "n": sample.n,
        "missing": cohort.sizes[group] - sample.n, "level": study.analysis.level, "interval": method,
        "unit": indicator.kind, "status": "shown" if sample.n else "too_few",
    }  # fmt: skip
    if not sample.n:
        return Cell(sample, row, None)
    low, high = interval(method, sample, study.analysis.level)
    row |= {"estimate": sample.mean, "std_error": sample.std_error, "df": sample.df, "low": low, "high": high}
    return Cell(sample, row, Estimated(sample.mean, sample.std_error, low, high))


def _counts(estimated: Mapping[str, Mapping[str, Cell]]) -> pd.DataFrame:
    """People behind each row of `estimates`: disclosure control judges people, whatever their weights."""
    rows = []
    for indicator, cells in estimated.items():
        for group, cell in cells.items():
            y, share = cell.sample.y, cell.sample.kind == "share"
            yes = float(y.sum()) if share else np.nan
            lowest, highest = (y.min(), y.max()) if y.size else (np.nan, np.nan)
            rows.append((indicator, group, y.size, yes, y.size - yes, lowest, highest))
    return pd.DataFrame(rows, columns=list(COUNTS))


# --- two groups ------------------------------------------------------------------------------------------------------


def _not_comparable(responses: Responses, study: Study) -> set[str]:
    """The indicators whose question the two groups were not asked alike, and the indices that hold one of them.

    An index is dropped whole: without the item it would be another index than the one whose levels are printed.
    """
    table = responses.comparability
    questions = set(table.loc[~table["compared"], "question"])
    indicators = study.questionnaire.indicators.values()
    single = {one.id for one in indicators if one.question in questions}
    return single | {one.id for one in indicators if single.intersection(one.items)}


def _comparisons(indicator: Indicator, cells: Mapping[str, Cell], study: Study, refused: bool) -> Iterator[Row]:
    """Differences and ratios of an indicator. What the mentored credit their mentor with is compared with nothing.

    `refused`: with the non-mentored, the rows stand without a number; two bands of the mentored are compared all the
    same, for they were asked by one form.
    """
    if indicator.attribution:
        return
    for group, reference in COMPARISONS:
        if group in cells and reference in cells:
            rows = _compare(indicator, cells[group], cells[reference], study)
            yield from map(_without_numbers, rows) if refused and reference == "non_mentored" else rows


def _without_numbers(row: Row) -> Row:
    """A comparison that is not made: its names and why."""
    kept = ("indicator", "dimension", "group", "reference", "measure", "adjustment", "level", "interval", "unit")
    return {name: row[name] for name in kept} | {"status": "not_comparable"}


def _compare(indicator: Indicator, one: Cell, other: Cell, study: Study) -> Iterator[Row]:
    known = one.arm is not None and other.arm is not None
    test = choose(one.sample, other.sample) if known else ""
    common: Row = {
        "indicator": indicator.id, "dimension": indicator.dimension, "group": one.row["group"],
        "reference": other.row["group"], "adjustment": "none", "level": study.analysis.level, "test": test,
        "p": p_value(test, one.sample, other.sample) if known else None, "unit": indicator.kind,
        "status": "shown" if known else "too_few",
    }  # fmt: skip
    for measure, contrast in CONTRASTS.items():
        if indicator.kind not in contrast.units:
            continue
        plain = one.sample.plain and other.sample.plain
        row = common | {"measure": measure, "interval": named(measure, str(one.row["interval"]), plain)}
        if one.arm is not None and other.arm is not None:
            found = contrast.between(one.arm, other.arm, one.sample.correlation(other.sample))
            gap = study.analysis.smallest_useful_gap if measure == "difference" and indicator.kind == "share" else None
            row |= {
                "estimate": found.estimate, "std_error": found.std_error, "low": found.low, "high": found.high,
                "verdict": verdict(found.low, found.high, contrast.neutral, gap),
            }  # fmt: skip
        yield row


def _adjusted_for_several(comparisons: pd.DataFrame, study: Study) -> pd.DataFrame:
    """With `p_adjusted`: Holm over the primary family, Benjamini–Hochberg over all the other comparisons.

    The primary family is the primary indicators, all mentored against the non-mentored. A ratio bears the p of its
    difference: it is the same test.
    """
    keys = ["indicator", "group", "reference"]
    tests = comparisons[(comparisons["measure"] == "difference") & (comparisons["status"] == "shown")]
    whole = (tests["group"] == "mentored") & (tests["reference"] == "non_mentored")
    primary = tests["indicator"].isin(study.analysis.primary) & whole
    adjusted = pd.Series(np.nan, tests.index)
    for family, correct in ((primary, holm), (~primary, benjamini_hochberg)):
        if family.any():
            adjusted[family] = correct(tests.loc[family, "p"].to_numpy(dtype=float))
    found = tests[keys].assign(p_adjusted=adjusted)
    merged = comparisons.drop(columns="p_adjusted").merge(found, on=keys, how="left")
    return merged[list(COMPARED)]


# --- beside the figures ----------------------------------------------------------------------------------------------


def _missing(responses: Responses, study: Study, scores: Mapping[str, Scored], cohort: Cohort) -> pd.DataFrame:
    """Why each group's answers are missing, by indicator: the counts of a group add up to its `missing`."""
    rows = []
    for indicator in study.questionnaire.indicator:
        absent = np.isnan(scores[indicator.id].y)
        reasons = _reasons(indicator, responses)[absent]
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


def _distributions(responses: Responses, study: Study, cohort: Cohort) -> pd.DataFrame:
    """Every answer of the closed questions that a file carries or an indicator stands on: counts of people, weighted
    shares. One without indicator, such as sex or region, tells who answered; it has no dimension."""
    rows: list[Row] = []
    questions = {one.question: one.dimension for one in reversed(study.questionnaire.indicator) if one.question}
    held = {*questions, *responses.mapping["question"]}
    for question in study.questionnaire.question:
        if question.id not in held or question.kind not in ("single", "multiple"):
            continue
        answered = (responses.reasons[question.id] == "").to_numpy()
        codes = [*question.codes, *(["other"] if question.other else [])]
        chosen = {code: _chosen(responses, question.id, code) for code in codes}
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


def _chosen(responses: Responses, question: str, code: str) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    name = f"{question}/{code}"
    if name in responses.answers:
        return (responses.answers[name] == 1).to_numpy()
    if question in responses.answers:
        return (responses.answers[question] == code).to_numpy()
    return np.zeros(len(responses.people), dtype=bool)


def _published(study: Study, estimates: pd.DataFrame, comparisons: pd.DataFrame, cohort: Cohort) -> pd.DataFrame:
    """Each published figure beside this cohort's own row."""
    if study.published is None:
        return pd.DataFrame(columns=list(PUBLISHED))
    rows = [_beside(figure, study, (estimates, comparisons), cohort) for figure in study.published.figure]
    return pd.DataFrame(rows, columns=list(PUBLISHED))


def _beside(figure: Figure, study: Study, tables: tuple[pd.DataFrame, pd.DataFrame], cohort: Cohort) -> Row:
    assert study.published is not None
    low, high = _bears(figure, study.published.figure, study.analysis.level)
    row: Row = {
        "figure": figure.id, "indicator": figure.indicator, "dimension": "", "group": figure.group,
        "reference": figure.reference, "published": figure.value, "base": figure.base, "published_low": low,
        "published_high": high, "unit": figure.kind, "status": "too_few",
    }  # fmt: skip
    if figure.kind == "size":
        size = cohort.sizes.get(figure.group, 0)
        return row | {"n": size, "estimate": size, "status": "shown"}
    found = _row_of(figure, *tables)
    if found is None:
        return row
    sizes = tables[0].query("indicator == @figure.indicator and group == @figure.group")["n"]
    wanted = ("dimension", "estimate", "low", "high", "status")
    return row | {"n": sizes.iloc[0]} | {name: found[name] for name in wanted}


def _row_of(figure: Figure, estimates: pd.DataFrame, comparisons: pd.DataFrame) -> "pd.Series[Any] | None":
    """The row of this cohort's tables that a published figure stands beside."""
    if figure.kind == "ratio":
        frame = comparisons[(comparisons["measure"] == "ratio") & (comparisons["reference"] == figure.reference)]
    else:
        frame = estimates
    rows = frame[(frame["indicator"] == figure.indicator) & (frame["group"] == figure.group)]
    return rows.iloc[0] if len(rows) else None


def _bears(figure: Figure, figures: Iterable[Figure], level: float) -> tuple[float, float]:
    """The interval that a published figure can bear at best: on its base, else on the whole of a group of known size.

    Simple random sampling is assumed, as is all one can do with a figure published without its design: Wilson for a
    share; for a ratio MOVER from the two shares published of the same item. (NaN, NaN) where nothing can be told.
    """
    by_group: dict[tuple[str, str], Figure] = {
        (one.indicator, one.group): one for one in figures if one.kind == "share"
    }
    sizes: dict[str, int] = {one.group: int(one.value) for one in figures if one.kind == "size"}

    def arm(share: Figure) -> Estimated | None:
        base = share.base if isinstance(share.base, int) else sizes.get(share.group)
        if not base:
            return None
        answers = np.arange(base) < round(share.value * base)
        sample = Sample(answers, kind="share")
        return Estimated(share.value, sample.std_error, *interval("wilson", sample, level))

    if figure.kind == "size":
        return math.nan, math.nan
    pairs = [figure] if figure.kind == "share" else [
        by_group.get((figure.indicator, group)) for group in (figure.group, figure.reference)
    ]  # fmt: skip
    arms = [arm(share) if share else None for share in pairs]
    known = [one for one in arms if one is not None]
    if len(known) < len(arms):
        return math.nan, math.nan
    found = known[0] if len(known) == 1 else CONTRASTS["ratio"].between(known[0], known[1], 0.0)
    return found.low, found.high
