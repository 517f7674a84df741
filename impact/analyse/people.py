"""The people behind every figure, by what they answered: what disclosure control judges, whatever their weights."""

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from impact.analyse._cohort import Drawn
from impact.analyse.distributions import chosen_by, not_offered
from impact.indicators import answered
from impact.model import COUNTS, MISSING_CATEGORY, SOURCE_GROUPS, WEIGHED, parts_of
from impact.sample import IntArray
from impact.study import Indicator, Question

# Counts of an index's joint answers, beyond what the level of each item tells, that its figures leave in doubt. Tried:
# of two yes or no (one free) its error alone leaves one table, of three (four free) alpha, omega and their limits do.
FEWEST_FREE = 9
_CLOSED = ("single", "multiple")
_SIDES = ("yes", "no")
# Weights of a group, the fewest that do not tell who of each weight gave an answer that five people gave: five of 30
# are chosen in 142,506 ways, of which a weighted share of three digits and its error of two leave many alike.
FEWEST_WEIGHTS: Final = 30


class Tally(NamedTuple):
    """One variable among some groups that share no one: `counts` has a row a group, a column a modality."""

    layer: str
    question: str
    variable: str
    modalities: Sequence[str]
    groups: Sequence[str]
    counts: IntArray


class Source(NamedTuple):
    """One of SOURCE_GROUPS by the smallest groups that are shown of it. `rows` are its people's places in the frame,
    `leaf` says of each of them in which of `leaves` they are."""

    name: str
    leaves: tuple[str, ...]
    rows: IntArray
    leaf: IntArray

    def tally(self, place: IntArray, size: int) -> IntArray:
        """How many of each leaf are at each of `size` places; `place` has one a person of the source, -1 for none."""
        inside = place >= 0
        found = np.bincount(self.leaf[inside] * size + place[inside], minlength=len(self.leaves) * size)
        return np.asarray(found.reshape(len(self.leaves), size), dtype=np.intp)


def people_behind(drawn: Drawn, others: Iterable[Tally] = ()) -> pd.DataFrame:
    """One row a modality and smallest group, of every variable that a table tells of; and those of `others`."""
    found = [*(each for source in sources(drawn) for each in _of(drawn, source)), *others]
    rows = [
        (one.layer, one.question, one.variable, modality, group, count)
        for one in found
        for group, line in zip(one.groups, one.counts.tolist(), strict=True)
        for modality, count in zip(one.modalities, line, strict=True)
        if count or not one.layer.endswith("values")
    ]
    return pd.DataFrame(rows, columns=list(COUNTS))


def sources(drawn: Drawn) -> Iterator[Source]:
    """The source groups that hold someone."""
    held = drawn.cohort.rows
    for name in (one for one in SOURCE_GROUPS if one in held):
        leaves = parts_of(name, held) or (name,)
        rows = np.concatenate([held[leaf] for leaf in leaves])
        sizes = [held[leaf].size for leaf in leaves]
        yield Source(name, leaves, rows, np.repeat(np.arange(len(leaves)), sizes))


def _of(drawn: Drawn, source: Source) -> Iterator[Tally]:
    questionnaire = drawn.study.questionnaire
    held = {*(one.question for one in questionnaire.indicator), *drawn.responses.mapping["question"]}
    asked = [one for one in questionnaire.question if source.name in one.asked and one.id in held]
    lacking = not_offered(drawn.responses.comparability)
    for question in asked:
        yield from _silences(drawn, source, question)
        if question.kind in _CLOSED:
            yield from _answers(drawn, source, question, lacking)
    yield from _routes(drawn, source, asked)
    yield from _values(drawn, source)
    yield from _items(drawn, source)
    for name in drawn.study.analysis.adjust_for:
        yield from _covariate(drawn, source, drawn.study.question(name))
    for weight, some in enumerate(_of_one_weight(drawn, source)):
        for one in _weighed(drawn, some, asked, lacking):
            yield one._replace(layer=f"{WEIGHED}{one.layer}", variable=f"{weight}/{one.variable}")


def _of_one_weight(drawn: Drawn, source: Source) -> Iterator[Source]:
    """The people of a source by their weight, where there are several and fewer than FEWEST_WEIGHTS: who knows the
    weights solves a weighted figure for how many of each gave an answer."""
    weight, different = pd.factorize(drawn.cohort.weights[source.name][source.rows])
    if 1 < len(different) < FEWEST_WEIGHTS:
        for place in range(len(different)):
            yield source._replace(rows=source.rows[weight == place], leaf=source.leaf[weight == place])


def _weighed(
    drawn: Drawn, source: Source, asked: Sequence[Question], lacking: set[tuple[str, str, str]]
) -> Iterator[Tally]:
    """What weighted figures tell of: all but who kept silent, whom no weight stands for."""
    for question in asked:
        if question.kind in _CLOSED:
            yield from _answers(drawn, source, question, lacking)
    yield from _values(drawn, source)
    yield from _items(drawn, source)
    for name in drawn.study.analysis.adjust_for:
        for one in _covariate(drawn, source, drawn.study.question(name)):
            told = [place for place, modality in enumerate(one.modalities) if modality != MISSING_CATEGORY]
            if one.variable != MISSING_CATEGORY:
                yield one._replace(modalities=[one.modalities[place] for place in told], counts=one.counts[:, told])


def _places(drawn: Drawn, source: Source, question: Question, codes: Sequence[str]) -> IntArray:
    """Which of the codes of a question of one answer each person of a source gave, -1 for none."""
    if question.id not in drawn.responses.answers:
        return np.full(source.rows.size, -1)
    given = drawn.responses.answers[question.id].cat  # as `coded` holds closed answers
    known = [codes.index(code) if code in codes else -1 for code in given.categories]
    return np.array([*known, -1])[given.codes.to_numpy()[source.rows]]


def codes_of(question: Question) -> tuple[str, ...]:
    return (*question.codes, *(("other",) if question.other else ()))


def _answers(drawn: Drawn, source: Source, question: Question, lacking: set[tuple[str, str, str]]) -> Iterator[Tally]:
    codes, shares = codes_of(question), _shares(drawn, source, question)
    if question.kind == "multiple":
        base = answered(question, drawn.responses)[source.rows]
        counted = {one.id: frozenset(one.counts) for one in shares}
        counted |= {f"{question.id}/{place}": some for place, some in enumerate(_led(drawn, source, question))}
        for layer, sides in (("figures", counted), ("spread", {code: frozenset((code,)) for code in codes})):
            for name, ticked in sides.items():
                marks = [chosen_by(drawn.responses, question.id, code)[source.rows] for code in ticked]
                counts = source.tally(np.where(base, np.where(np.any(marks, axis=0), 0, 1), -1), 2)
                if layer == "figures" or counts[:, 0].any() or (question.id, source.name, name) not in lacking:
                    yield Tally(layer, question.id, name, _SIDES, source.leaves, counts)
        return
    place = _places(drawn, source, question, codes)
    counts = source.tally(place, len(codes))
    offered = [i for i, code in enumerate(codes)
               if counts[:, i].any() or (question.id, source.name, code) not in lacking]  # fmt: skip
    yield Tally("spread", question.id, "", [codes[i] for i in offered], source.leaves, counts[:, offered])
    told = [*(frozenset(one.counts) for one in shares), *_led(drawn, source, question)]
    if told:
        signs = ["".join("01"[code in one] for one in told) for code in codes]
        names = list(dict.fromkeys(signs))
        joined = np.stack([counts[:, [sign == name for sign in signs]].sum(axis=1) for name in names], axis=1)
        yield Tally("figures", question.id, " ".join(one.id for one in shares), names, source.leaves, joined)


def _led(drawn: Drawn, source: Source, question: Question) -> list[frozenset[str]]:
    """The answers that lead to another question of the source, where the question has figures of its own: how many were
    asked the other tells how many gave them, which one vector has to hold beside the shares."""
    questionnaire = drawn.study.questionnaire
    if all(one.question != question.id for one in questionnaire.indicator):
        return []
    found = [
        frozenset(code for code in codes_of(question) if code in route.is_ or code in route.is_not)
        for one in questionnaire.question
        for route in one.only_if
        if source.name in one.asked and route.question == question.id and not route.bounded
    ]
    return list(dict.fromkeys(found))


def _shares(drawn: Drawn, source: Source, question: Question) -> list[Indicator]:
    questionnaire = drawn.study.questionnaire
    return [
        one
        for one in questionnaire.indicator
        if one.kind == "share" and one.question == question.id and source.name in questionnaire.asked_of(one)
    ]


def _values(drawn: Drawn, source: Source) -> Iterator[Tally]:
    """The numbers behind each mean and index."""
    questionnaire = drawn.study.questionnaire
    for one in questionnaire.indicator:
        if one.kind != "share" and source.name in questionnaire.asked_of(one):
            yield _numbers("values", one.question or one.id, one.id, drawn.scores[one.id].y[source.rows], source)


def _items(drawn: Drawn, source: Source) -> Iterator[Tally]:
    """How many gave each set of answers to the items of an index, where these are few enough to be found: how far items
    tell one thing, and the error of their index, stand on those sets."""
    questionnaire = drawn.study.questionnaire
    for one in questionnaire.indicator:
        if one.kind != "index" or source.name not in questionnaire.asked_of(one):
            continue
        y = np.column_stack([drawn.scores[item].y[source.rows] for item in one.items])
        y = y[:, ~np.isnan(y).all(axis=0)]
        whole = ~np.isnan(y).any(axis=1)
        found = [np.unique(np.round(column[whole], 9), return_inverse=True) for column in y.T]
        sizes = [values.size for values, _ in found]
        free = math.prod(sizes) - sum(size - 1 for size in sizes) - 1
        if len(sizes) > 1 and free < FEWEST_FREE:
            place = np.full(source.rows.size, -1)
            place[whole] = np.ravel_multi_index([at for _, at in found], sizes) if whole.any() else []
            names = [" ".join(map(str, at)) for at in np.ndindex(*sizes)]
            counts = source.tally(place, len(names))
            yield Tally("items", one.id, "pair" if free == 1 else "", names, source.leaves, counts)


def _numbers(layer: str, question: str, variable: str, y: "np.ndarray[tuple[int], np.dtype[np.float64]]",
             source: Source) -> Tally:  # fmt: skip
    place, different = pd.factorize(np.round(y, 9), sort=True)
    counts = source.tally(np.asarray(place, dtype=np.intp), len(different))
    return Tally(layer, question, variable, [repr(float(value)) for value in different], source.leaves, counts)


def _silences(drawn: Drawn, source: Source, question: Question) -> Iterator[Tally]:
    """Those who said that a question was none for them, where someone did; who was sent past it, `_routes` tells."""
    reasons = drawn.responses.reasons[question.id].to_numpy(dtype=object)[source.rows]
    away = (reasons == "not_applicable") | ((reasons == "not_asked") & (not question.only_if))
    if away.any():
        counts = source.tally(np.where(away, 0, 1), 2)
        yield Tally("silence", question.id, "", _SIDES, source.leaves, counts)


def _routes(drawn: Drawn, source: Source, asked: Sequence[Question]) -> Iterator[Tally]:
    """Who was asked which of the questions that hang on one another: every pattern of them is a modality. Those of whom
    it is not known hide nobody: who knows how many answered would set them aside.

    Where all were asked alike, a modality without anyone says so, if a closed question that the file holds decides: it
    would tell that nobody gave its other answers.
    """
    questionnaire, reasons = drawn.study.questionnaire, drawn.responses.reasons
    for head in dict.fromkeys(questionnaire.families.values()):
        routed = [one for one in asked if one.only_if and questionnaire.families[one.id] == head]
        if not routed:
            continue
        away = [reasons[one.id].to_numpy(dtype=object)[source.rows] == "not_asked" for one in routed]
        told_of = ~np.logical_or.reduce(
            [reasons[one.id].to_numpy(dtype=object)[source.rows] == "unknown" for one in routed]
        )
        signs = pd.Series(map("".join, zip(*np.where(away, "1", "0"), strict=True))).where(told_of)
        place, names = pd.factorize(signs, sort=True)
        told, decided = [str(name) for name in names], len(names) == 1 and _decided(drawn, source, routed)
        if len(told) > 1 or decided:
            told += ["nobody"] if decided else []
            counts = source.tally(np.asarray(place, dtype=np.intp), len(told))
            yield Tally("routes", head, "", told, source.leaves, counts)


def _decided(drawn: Drawn, source: Source, routed: Sequence[Question]) -> bool:
    fed = set(drawn.responses.mapping["question"])
    decides = (drawn.study.question(routing.question) for one in routed for routing in one.only_if)
    return any(one.kind in _CLOSED and one.id in fed and source.name in one.asked for one in decides)


def _covariate(drawn: Drawn, source: Source, question: Question) -> Iterator[Tally]:
    """The answers to a covariate as it is set side by side: those who gave none are one more answer."""
    silent = (drawn.responses.reasons[question.id] != "").to_numpy()[source.rows]
    gave = (question.id, MISSING_CATEGORY, _SIDES, source.leaves, source.tally(np.where(silent, 0, 1), 2))
    if question.kind == "number":
        y = np.asarray(drawn.responses.answers[question.id], dtype=np.float64)[source.rows]
        yield _numbers("covariate", question.id, "", y, source)
        yield Tally("covariate", *gave)
        return
    codes = codes_of(question)
    if question.kind == "single":
        place = np.where(silent, len(codes), _places(drawn, source, question, codes))
        counts = source.tally(place, len(codes) + 1)
        yield Tally("covariate", question.id, "", (*codes, MISSING_CATEGORY), source.leaves, counts)
        return
    for code in codes:
        ticked = chosen_by(drawn.responses, question.id, code)[source.rows] & ~silent
        yield Tally("covariate", question.id, code, _SIDES, source.leaves, source.tally(np.where(ticked, 0, 1), 2))
    yield Tally("covariate", *gave)
