"""What one file shows of a question: its words, its answers, whom it was shown to."""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from impact.model import Column, Export, Values
from impact.normalise._reading import Reading, distinct
from impact.normalise.closed import Answers
from impact.normalise.columns import Feed
from impact.normalise.multiple import split
from impact.normalise.offered import Offered, offered
from impact.normalise.routing import not_asked
from impact.normalise.wording import Wording, wordings
from impact.study import Question, Questionnaire, Source

GROUPS: Final = ("mentored", "non_mentored")  # whose answers are compared

Rows = npt.NDArray[np.bool_]


class Shown(NamedTuple):
    """One question in one file, for one group.

    `place` is that of the source in the study: of one source, both groups were asked by the same columns. `people` were
    there to be asked; the file says that it did not show the question to `hidden` of them, and `blank` left it for no
    reason that is known. Of `given` answers, `several` hold more than one option, and `free` could: none stands alone.
    """

    source: str
    place: int
    wordings: tuple[Wording, ...]
    offered: Offered
    lacks: tuple[str, ...]  # questions that this one hangs on and that the file does not hold
    people: int
    hidden: int
    blank: int
    given: int
    free: int
    several: int


class File(NamedTuple):
    """One file on the questionnaire, its answers and reasons once routed. `alone` says that no other file holds the
    other group: there is then no other file to set its questions beside."""

    export: Export
    source: Source
    place: int
    groups: "pd.Series[str]"
    feeding: Mapping[str, Feed]
    frames: tuple[pd.DataFrame, pd.DataFrame]  # answers, reasons
    alone: bool


def asked_of_both(questionnaire: Questionnaire) -> list[Question]:
    """The questions that two groups may be compared on. Texts are not: no figure is drawn from them."""
    return [one for one in questionnaire.question if set(GROUPS) <= set(one.asked) and one.kind != "text"]


def shows(
    questionnaire: Questionnaire, file: File, readings: Mapping[str, Reading]
) -> Iterator[tuple[str, str, Shown]]:
    """What a file shows of each question asked of both groups, as (question, group, what it shows).

    A group to which no question was put shows nothing.
    """
    members = {group: (file.groups == group).to_numpy() for group in GROUPS}
    here = {group: inside for group, inside in members.items() if inside.any()}
    left_alone = not file.export.flags and not file.source.since and file.groups.isin(GROUPS).all()
    for question in asked_of_both(questionnaire) if here else ():
        if question.id in file.feeding:
            raw = _Reasons(readings[question.id].reasons)
            same = left_alone and not question.only_if  # nothing on the way could change a reason
            final = raw if same else _Reasons(file.frames[1][question.id])
            yield from _shown(questionnaire, question, file, (readings[question.id], raw, final), here)


def _shown(
    questionnaire: Questionnaire,
    question: Question,
    file: File,
    told: "tuple[Reading, _Reasons, _Reasons]",
    here: Mapping[str, Rows],
) -> Iterator[tuple[str, str, Shown]]:
    """By group, from what was read and the reasons of blanks before and after routing."""
    reading, raw, final = told
    hidden = raw.are("not_asked")
    if hidden.any():
        hidden &= ~_away(questionnaire, question, file)
    there = hidden | ~final.are("not_asked", "not_yet", "partial")
    several = _several(question, file, reading)
    given, blank = final.are("") | several, raw.are("no_answer")
    counted = (hidden, blank, given, several | (given & ~_alone(question, reading)), several)
    for group, inside in here.items():
        people = there & inside
        if not (people & ~hidden).any():
            continue
        words = () if file.alone else wordings(question, file.feeding[question.id])
        answers = Offered() if file.alone else _offered(question, file, reading, people)
        yield question.id, group, Shown(
            file.export.source, file.place, words, answers, _lacks(questionnaire, question, file, group),
            *(int((people & one).sum()) for one in (there, *counted)),
        )  # fmt: skip


class _Reasons:
    """Why each row has no answer, each reason looked for once among the few that there are."""

    def __init__(self, reasons: "pd.Series[str]") -> None:
        self.places, self.texts = pd.factorize(reasons.to_numpy(dtype=object))

    def are(self, *names: str) -> Rows:
        """Which rows have one of these reasons."""
        return np.asarray(np.array([text in names for text in self.texts], dtype=bool)[self.places])


def _away(questionnaire: Questionnaire, question: Question, file: File) -> Rows:
    """Who was not asked by the questionnaire's own rules: what the file hides from them is no filter of its own."""
    if not question.only_if:
        return np.zeros(len(file.groups), dtype=bool)
    away, _ = not_asked(questionnaire, question, file.groups, *file.frames, file.feeding)
    return away.to_numpy()


def _lacks(questionnaire: Questionnaire, question: Question, file: File, group: str) -> tuple[str, ...]:
    """What decides whether this group is asked a question, and that the file does not hold."""
    decides = (questionnaire.questions[route.question] for route in question.only_if)
    return tuple(one.id for one in decides if group in one.asked and one.id not in file.feeding)


def _several(question: Question, file: File, reading: Reading) -> Rows:
    """Whose answer holds more than one option, understood or not."""
    if question.kind == "multiple":
        ticks = [values.to_numpy(dtype=float) for values in reading.answers.values()]
        return np.asarray(sum((tick == 1).astype(int) for tick in ticks) > 1)
    rows = {problem.row for problem in reading.problems if problem.problem == "two_boxes"}
    if any(problem.problem == "not_a_choice" for problem in reading.problems):
        rows |= _joined(question, file)
    return file.groups.index.isin(list(rows)) if rows else np.zeros(len(file.groups), dtype=bool)


def _alone(question: Question, reading: Reading) -> Rows:
    """Whose answer is an option that excludes all others ("nothing"): it cannot be one of several."""
    alone = {f"{question.id}/{choice.code}" for choice in question.choices if choice.exclusive}
    ticks = [values.to_numpy(dtype=float) == 1 for name, values in reading.answers.items() if name in alone]
    return np.asarray(np.logical_or.reduce(ticks)) if ticks else np.zeros(len(reading.reasons), dtype=bool)


def _joined(question: Question, file: File) -> set[int | None]:
    """The rows of a single choice whose cell joins options."""
    cells = file.export.cells.loc[file.groups.index, file.feeding[question.id].columns[0].position]
    answers = _answers(question, file)
    places, values = distinct(cells)
    joins = np.array([len(split(value, answers)[0] & set(question.codes)) > 1 for value in values], dtype=bool)
    return set(cells.index[joins[places]])


def _offered(question: Question, file: File, reading: Reading, people: Rows) -> Offered:
    if question.kind not in ("single", "multiple"):
        return Offered()
    feed = file.feeding[question.id]
    columns = () if feed.items else feed.columns
    values = [value for column in columns for value in distinct(_cells(file, people, column))[1]]
    boxes = reading.answers if question.kind == "multiple" else {}
    ticked = [name.rpartition("/")[2] for name, said in boxes.items() if (said.to_numpy()[people] == 1).any()]
    return offered(question, feed, _answers(question, file), [value for value in values if value.strip()], ticked)


def _cells(file: File, people: Rows, column: Column) -> Values:
    """A column's cells of these people; not copied where they are all of the file."""
    cells = file.export.cells[column.position]
    return cells if len(people) == len(cells) and people.all() else cells.loc[file.groups.index[people]]


def _answers(question: Question, file: File) -> Answers:
    return Answers(question, file.source.recode.get(question.id, {}), file.export.blanks)
