"""A synthetic cohort of one source: every answer in the questionnaire's codes, before any tool writes it."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd

from impact.errors import ImpactError
from impact.study import Question, Study
from impact.study.questionnaire import Routing
from impact.synthesise._draw import Flags, Floats, allotted, quantities, sliced, ticked
from impact.synthesise._recipe import Answer, Recipe, SourceRecipe

BLANK = ""  # asked, and left blank; a question that was not asked holds None

_COMMON = 0.4  # of a trait's variance that all traits of a respondent share
_CARELESS = 0.8  # spread of how easily respondents leave blanks, on the log scale
_DAYS_A_MONTH = 30.44


@dataclass(frozen=True)
class Cohort:
    """The respondents of one source: where they stand and what they lean to, drawn before any answer.

    `traits` maps each trait to one standardised number a respondent; `careless` weighs who leaves blanks; `days` are
    the days of their answers, in order.
    """

    study: Study
    recipe: Recipe
    source: SourceRecipe
    clusters: tuple[str, ...]
    traits: dict[str, Floats]
    careless: Floats
    days: tuple[date, ...]

    def rng(self, name: str) -> np.random.Generator:
        """Random numbers of one purpose: changing how one question is answered changes no other."""
        return np.random.default_rng(
            [self.recipe.seed, *(zlib.crc32(part.encode()) for part in (self.source.file, name))]
        )


def draw(study: Study, recipe: Recipe, source: SourceRecipe) -> tuple[Cohort, pd.DataFrame]:
    """The cohort of a source and its answers, one row a respondent in the order of their answers.

    One column a question, or "question/choice" with "1" and "0" for a multiple choice: a code, a missing code, a
    number as text, a date as "2022-03-01", BLANK where nothing was answered, None where it was not asked.
    """
    cohort = _cohort(study, recipe, source)
    answers = pd.DataFrame(index=range(source.size))
    for question in _in_order(study, recipe, source):
        columns = _answered(cohort, question, recipe.answer[question.id], answers)
        answers = pd.concat([answers, columns], axis=1)
    return cohort, answers


def _in_order(study: Study, recipe: Recipe, source: SourceRecipe) -> list[Question]:
    """Questions of the source's group; dates last, as they rest on the months and on what has ended."""
    asked = [question for question in study.questionnaire.question if source.group in question.asked]
    lacking = [question.id for question in asked if question.id not in recipe.answer]
    if lacking:
        raise ImpactError("synthesise_recipe_lacks", question=lacking[0], group=source.group)
    return sorted(asked, key=lambda question: question.kind == "date")


def _cohort(study: Study, recipe: Recipe, source: SourceRecipe) -> Cohort:
    rng = np.random.default_rng([recipe.seed, zlib.crc32(source.file.encode())])
    codes = [f"{source.clusters.prefix}{place:02d}" for place in range(1, len(source.clusters.sizes) + 1)]
    members = np.repeat(np.arange(len(codes)), source.clusters.sizes)[rng.permutation(source.size)]
    common = rng.normal(size=source.size)
    traits = {}
    for name in sorted({answer.trait for answer in recipe.answer.values()} - {""}):
        shared = rng.normal(size=len(codes))[members]
        own = np.sqrt(_COMMON) * common + np.sqrt(1 - _COMMON) * rng.normal(size=source.size)
        traits[name] = np.sqrt(recipe.cluster_share) * shared + np.sqrt(1 - recipe.cluster_share) * own
    first, last = date.fromisoformat(recipe.first_day), date.fromisoformat(recipe.last_day)
    days = sorted(int(day) for day in rng.integers(0, (last - first).days + 1, source.size))
    return Cohort(
        study, recipe, source, tuple(codes[member] for member in members), traits,
        np.exp(_CARELESS * rng.normal(size=source.size)), tuple(first + timedelta(days=day) for day in days),
    )  # fmt: skip


def _answered(cohort: Cohort, question: Question, answer: Answer, answers: pd.DataFrame) -> pd.DataFrame:
    """The columns of one question: drawn among those asked who answer, missing codes and blanks for the others."""
    rng = cohort.rng(question.id)
    asked = _asked(question, answers)
    names = [question.id] if question.kind != "multiple" else [f"{question.id}/{code}" for code in question.codes]
    columns = pd.DataFrame(np.full((len(answers), len(names)), None, dtype=object), answers.index, names)
    missing = cohort.source.missing if answer.missing is None else answer.missing
    told = {code: share for code, share in missing.items() if code == "blank" or code in _missing_codes(question)}
    counts = [int(share) if share >= 1 else int(rng.binomial(asked.sum(), share)) for share in told.values()]
    taken = allotted(rng, int(asked.sum()), counts, cohort.careless[asked])
    for place, code in enumerate(told):
        columns.iloc[np.flatnonzero(asked)[taken == place]] = BLANK if code == "blank" else code
    answering = np.zeros(len(asked), bool)
    answering[np.flatnonzero(asked)[taken == -1]] = True
    for part, key in _parts(cohort, question, answer, answers, answering):
        columns.iloc[np.flatnonzero(part)] = _drawn(cohort, question, answer, key, part, answers)
    return _with_slip(cohort, columns, answer, answering)


def _missing_codes(question: Question) -> set[str]:
    return {missing.code for missing in question.missing}


def _asked(question: Question, answers: pd.DataFrame) -> Flags:
    asked = np.ones(len(answers), bool)
    for routing in question.only_if:
        asked &= _lets(routing, answers)
    return asked


def _lets(routing: Routing, answers: pd.DataFrame) -> Flags:
    """Whose answer lets a question be asked; a blank lets none."""
    codes = routing.is_ or routing.is_not
    if routing.question not in answers:  # a multiple choice, one column a box
        boxes = answers[[f"{routing.question}/{code}" for code in codes]]
        ticked = (boxes == "1").any(axis=1)
        return (ticked if routing.is_ else boxes.isin(("0", "1")).all(axis=1) & ~ticked).to_numpy()
    said = answers[routing.question]
    if routing.bounded:
        return pd.to_numeric(said, errors="coerce").between(*routing.bounds).to_numpy()
    return np.array([bool(code) and routing.lets(str(code)) for code in said], bool)


def _parts(
    cohort: Cohort, question: Question, answer: Answer, answers: pd.DataFrame, answering: Flags
) -> Iterator[tuple[Flags, str]]:
    """Those who answer, split by band where the bands answer in their own way, each with its key of the recipe."""
    group = cohort.source.group
    keys = {**answer.shares, **answer.numbers, **answer.text}
    if answer.date or group in keys:
        yield answering, group
        return
    if f"{group}_over" not in keys:
        raise ImpactError("synthesise_recipe_lacks", question=question.id, group=group)
    bands = _bands(cohort, answers)
    for band in ("over", "under", "unknown"):
        yield answering & (bands == band), f"{group}_{band}"


def _bands(cohort: Cohort, answers: pd.DataFrame) -> "np.ndarray[tuple[int], np.dtype[np.str_]]":
    duration = cohort.study.duration
    if duration is None or duration.question not in answers:
        raise ImpactError("synthesise_recipe_bands", file=cohort.source.file)
    months = pd.to_numeric(answers[duration.question], errors="coerce").to_numpy()
    over = months >= duration.threshold_months
    if duration.at_threshold == "under":
        over = months > duration.threshold_months
    return np.where(np.isnan(months), "unknown", np.where(over, "over", "under"))


def _drawn(
    cohort: Cohort, question: Question, answer: Answer, key: str, part: Flags, answers: pd.DataFrame
) -> pd.DataFrame:
    """The answers of those in `part`: one row each, one column or one a choice."""
    if answer.date:
        return pd.DataFrame(_dates(cohort, answer, part, answers), dtype=object)
    if question.kind == "text":
        return pd.DataFrame(_texts(cohort, question, answer, key, part), dtype=object)
    if question.kind == "number":
        return pd.DataFrame(_numbers(cohort, question, answer, key, answers[part]), dtype=object)
    if question.kind == "multiple":
        lean = np.column_stack([_lean(cohort, f"{question.id}/{code}", answer, part) for code in question.codes])
        boxes = ticked(lean, answer.shares[key], [choice.exclusive for choice in question.choices])
        return pd.DataFrame(np.where(boxes, "1", "0"), dtype=object)
    if answer.by_cluster:
        return pd.DataFrame(_of_clusters(cohort, question, answer.shares[key], part), dtype=object)
    places = sliced(_lean(cohort, question.id, answer, part), answer.shares[key])
    return pd.DataFrame(np.array(question.codes, dtype=object)[places])


def _lean(cohort: Cohort, name: str, answer: Answer, part: Flags) -> Floats:
    """How much each respondent of `part` leans to the last choices: their trait, and chance."""
    chance = cohort.rng(f"{name} lean").normal(size=len(part))[part]
    if not answer.trait:
        return chance
    trait = cohort.traits[answer.trait][part]
    return np.asarray(answer.loading * trait + np.sqrt(1 - answer.loading**2) * chance, dtype=np.float64)


def _of_clusters(cohort: Cohort, question: Question, shares: tuple[float, ...], part: Flags) -> list[str]:
    clusters = sorted(set(cohort.clusters))
    places = sliced(cohort.rng(f"{question.id} cluster").normal(size=len(clusters)), shares)
    of_cluster = {cluster: question.codes[place] for cluster, place in zip(clusters, places, strict=True)}
    return [of_cluster[cohort.clusters[place]] for place in np.flatnonzero(part)]


def _numbers(cohort: Cohort, question: Question, answer: Answer, key: str, answers: pd.DataFrame) -> list[str]:
    values, caps = quantities(cohort.rng(f"{question.id} value"), len(answers), answer.numbers[key])
    for place, cap in enumerate(caps):
        ceiling = pd.to_numeric(answers[cap].iloc[place], errors="coerce") if cap else np.nan
        values[place] = min(values[place], ceiling if ceiling == ceiling else np.inf)
    return [f"{value:g}" for value in values]


def _texts(cohort: Cohort, question: Question, answer: Answer, key: str, part: Flags) -> list[str]:
    places = cohort.rng(f"{question.id} place").integers(1, 61, len(part))
    like, fill = answer.like or question.id, answer.text[key].format
    lean = _lean(cohort, like, cohort.recipe.answer[like], np.ones(len(part), bool))
    ranks = pd.Series(lean).groupby([*cohort.clusters]).rank()
    return [
        fill(cluster=cohort.clusters[row], place=f"{places[row]:02d}", rank=f"{int(ranks[row]):02d}")
        for row in np.flatnonzero(part)
    ]


def _dates(cohort: Cohort, answer: Answer, part: Flags, answers: pd.DataFrame) -> list[str]:
    """First meeting or end of each mentoring, so that both agree with the months told and the day of the answer."""
    duration = cohort.study.duration
    months = pd.to_numeric(answers[duration.question], errors="coerce").fillna(5) if duration else None
    since_end = _months_since_end(cohort, answers)
    dates = []
    for row in np.flatnonzero(part):
        ago = since_end[row] + (float(months.iloc[row]) + 0.4 if answer.date == "start" and months is not None else 0)
        dates.append((cohort.days[row] - timedelta(days=round(ago * _DAYS_A_MONTH))).isoformat())
    return dates


def _months_since_end(cohort: Cohort, answers: pd.DataFrame) -> Floats:
    """Months since the mentoring ended: 0 for those whom no question about its end was asked."""
    ends = [name for name, answer in cohort.recipe.answer.items() if answer.date == "end"]
    ended = np.zeros(len(answers), bool)
    for name in ends:
        ended |= _asked(cohort.study.question(name), answers)
    months = cohort.rng("since the end").uniform(0.5, 7, len(answers))
    months[~ended] = 0.0
    return months


def _with_slip(cohort: Cohort, columns: pd.DataFrame, answer: Answer, answering: Flags) -> pd.DataFrame:
    """One respondent in the middle of those who answer typed what cannot be."""
    value = answer.slip.get(cohort.source.group)
    if value is not None:
        rows = np.flatnonzero(answering)
        columns.iloc[rows[len(rows) // 2]] = value
    return columns


def moments(cohort: Cohort, days: list[date], hours: tuple[int, int]) -> list[datetime]:
    """A moment of each of these days, between two hours, in order within each day: rows stand as they came in."""
    seconds = cohort.rng("moments").integers(hours[0] * 3600, hours[1] * 3600, len(days))
    ordered = pd.DataFrame({"day": days, "second": seconds}).groupby("day", sort=False)["second"].transform(np.sort)
    return [
        datetime(day.year, day.month, day.day) + timedelta(seconds=int(second))
        for day, second in zip(days, ordered, strict=True)
    ]
