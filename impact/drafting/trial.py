"""A draft tried on the files it was made from: what would not be read as meant is set aside, with the reason."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import pandas as pd

from impact.drafting.draft import Asked, Given, Grouping
from impact.drafting.groups import of_rows
from impact.errors import ImpactError
from impact.model import Export
from impact.normalise import read_question
from impact.normalise._reading import Reading
from impact.normalise.columns import Feed, feeds
from impact.study import Question, Source

_LOST: Final = ("not_a_choice", "not_a_mark", "not_a_number", "not_a_date")
FEWEST, SHARE = 5, 0.05  # answers not understood, above which no figure would be given of the question


class Seen(NamedTuple):
    """How many of one group of one file answered a question, and how many gave each answer, by code."""

    base: int
    counts: Mapping[str, int]


@dataclass
class Tried:
    """What the trial found: questions set aside with the sentence that says why, and the answers others lost."""

    language: str
    aside: dict[str, str] = field(default_factory=dict)
    lost: dict[str, int] = field(default_factory=dict)
    seen: dict[str, list[Seen]] = field(default_factory=dict)  # by question, one a file and group that answered it


def tried(
    given: Given, asked: Sequence[Asked], questions: Sequence[Question], grouped: Sequence[Grouping], language: str
) -> Tried:
    """Every question on every export it was found in, each by itself and then all together."""
    found = Tried(language)
    by_id = {question.id: question for question in questions}
    for place, (export, grouping) in enumerate(zip(given.exports, grouped, strict=True)):
        rows = of_rows(export, grouping)
        held = [one for one in asked if any(each.export == place for each in one.fields)]
        together = _together(held, by_id, export, place)
        for one in held:
            _try_one(one, by_id[one.id], _Where(export, place, rows), together.get(one.id), found)
        if not together:
            _try_all(held, by_id, export, place, found)
    return found


class _Where(NamedTuple):
    """An export, its place among those given, and the group of each of its rows."""

    export: Export
    place: int
    rows: "pd.Series[str]"


def _together(held: Sequence[Asked], by_id: Mapping[str, Question], export: Export, place: int) -> Mapping[str, Feed]:
    """The columns of all questions at once; none where one is at fault, which then shows when each is tried alone."""
    try:
        return feeds(export, _source(export, place, held), [by_id[one.id] for one in held]) if held else {}
    except ImpactError:
        return {}


def _source(export: Export, place: int, asked: Sequence[Asked]) -> Source:
    renames = {heading: one.id for one in asked for where, heading in one.renames if where == place}
    return Source(file=export.source, group="mentored", rename=renames)


def _try_one(one: Asked, question: Question, where: "_Where", feed: Feed | None, found: Tried) -> None:
    export, place, rows = where
    source = _source(export, place, [one])
    wanted = {column.position for each in one.fields if each.export == place for column in each.all}
    try:
        feed = feed or feeds(export, source, [question])[question.id]
        if not wanted <= {column.position for column in feed.all} or len(feed.all) > len(wanted):
            raise ImpactError("draft_other_columns", file=export.source, question=question.id, columns=_letters(feed))
        reading = read_question(question, feed, export.cells, source, export)
    except ImpactError as fault:
        found.aside.setdefault(one.id, fault.say(found.language))
        return
    lost = {problem.row for problem in reading.problems if problem.problem in _LOST and problem.done == "set_aside"}
    answered = int((reading.reasons == "").sum())
    found.seen.setdefault(one.id, []).extend(_seen(question, reading, rows))
    if len(lost) >= FEWEST and len(lost) >= SHARE * (answered + len(lost)):
        found.lost[one.id] = found.lost.get(one.id, 0) + len(lost)


def _seen(question: Question, reading: Reading, rows: "pd.Series[str]") -> Iterator[Seen]:
    answered = reading.reasons == ""
    for group in sorted(set(rows[answered]) - {""}):
        held = answered & (rows == group)
        if question.kind == "multiple":
            counts = {name.split("/", 1)[1]: int(ticks[held].sum()) for name, ticks in reading.answers.items()}
        else:
            counts = {
                str(said): int(count) for said, count in reading.answers[question.id][held].value_counts().items()
            }
        yield Seen(int(held.sum()), counts)


def _letters(feed: Feed) -> str:
    return ", ".join(column.letter for column in feed.all)


def _try_all(held: Sequence[Asked], by_id: Mapping[str, Question], export: Export, place: int, found: Tried) -> None:
    """Two questions that take the same column: the second is set aside, until none does."""
    left = [one for one in held if one.id not in found.aside]
    while left:
        try:
            feeds(export, _source(export, place, left), [by_id[one.id] for one in left])
        except ImpactError as fault:
            second = str(fault.facts.get("second") or left[-1].id)
            found.aside[second] = fault.say(found.language)
            left = [one for one in left if one.id != second]
        else:
            return
