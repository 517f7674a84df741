"""From exports to responses: every file onto the one questionnaire, nothing lost without a line.

`normalise` reads as the table of contents; each step is a module of this room.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from impact.errors import ImpactError
from impact.model import FLOW, PROBLEMS, Column, Export, Responses, Values
from impact.normalise._reading import Problem, Reading
from impact.normalise.ages import coarse, moments, read_age
from impact.normalise.blanks import explained
from impact.normalise.closed import Answers, read_boxes, read_single
from impact.normalise.columns import Feed, feeds
from impact.normalise.comparability import comparability
from impact.normalise.duration import with_duration
from impact.normalise.fields import fields
from impact.normalise.multiple import from_boxes, from_joined, from_slots, with_summary
from impact.normalise.multiple import read_boxes as boxes_of
from impact.normalise.pairs import pair_problems, with_pairs
from impact.normalise.people import Sorted, flow_of, refuse_unknown_identifier, repeated, sort_rows, with_design
from impact.normalise.quantities import read_date, read_number
from impact.normalise.repairs import repairs_made
from impact.normalise.routing import route
from impact.normalise.showing import GROUPS, File, Shown, shows
from impact.study import Question, Source, Study
from impact.study.schema import groups_of

_COLUMN_READERS = {"single": read_single, "number": read_number, "date": read_date}


class Part(NamedTuple):
    """One source on the questionnaire: its own frames, rows still counted as its file does."""

    export: Export
    source: Source
    sorted: Sorted
    feeds: dict[str, Feed]
    answers: pd.DataFrame
    reasons: pd.DataFrame
    problems: list[Problem]
    shown: list[tuple[str, str, Shown]]


def normalise(exports: Sequence[Export], study: Study) -> Responses:
    """All sources of a study on its questionnaire: one row a kept respondent, a reason for every blank, and neither
    the day of a birth, of which an age alone is told, nor that of an answer, of which the month is.

    `exports` come in the order of the study's sources. ImpactError where a heading, a value, a weight, a stratum or a
    cluster cannot be understood in one way only, or where what the study signs of a question cannot be; every other
    cell not understood is a line of `problems`.
    """
    responses = to_the_day(exports, study)
    dated = moments(exports, responses.mapping)
    return replace(responses, answers=coarse(responses.answers, study.questionnaire.questions, dated))


def to_the_day(exports: Sequence[Export], study: Study) -> Responses:
    """The same before dates are cut, for what makes other dates like them."""
    refuse_unknown_identifier(exports, study.about.identifier)
    parts = [_part(export, source, study) for export, source in zip(exports, study.sources, strict=True)]
    people = pd.concat([_people(part) for part in parts], ignore_index=True)
    answers = pd.concat([part.answers for part in parts], ignore_index=True)
    reasons = pd.concat([part.reasons for part in parts], ignore_index=True)
    people = with_duration(study, with_design(study, people, answers), answers)
    people = with_pairs(study, people, answers)
    mapping = pd.concat([_mapping(part) for part in parts], ignore_index=True)
    return Responses(
        people=people[["source", "row", "group", "band", "months", "weight", "stratum", "cluster", "pair", "link"]],
        answers=_without_texts(study, answers),
        reasons=reasons,
        mapping=mapping,
        flow=pd.DataFrame([line for part in parts for line in _flow(part)], columns=list(FLOW)),
        problems=pd.concat(
            [*(_problems(part) for part in parts), pair_problems(study, people, mapping)], ignore_index=True
        ),
        comparability=comparability(study, [line for part in parts for line in part.shown]),
        fields=pd.concat([fields(part.export, part.feeds, part.sorted.used) for part in parts], ignore_index=True),
        notes=tuple(f"{export.source} : {note}" for export in exports for note in export.notes),
    )


def _part(export: Export, source: Source, study: Study) -> Part:
    rows = sort_rows(export, source, study.about.identifier)
    questions = study.questionnaire.question
    if rows.groups.empty:
        raise ImpactError(
            "normalise_all_dropped", file=export.source, reasons=", ".join(sorted(set(rows.dropped.values())))
        )
    here = set(rows.groups.unique())
    asked = [question for question in questions if here & set(question.asked)]
    feeding = feeds(export, source, asked)
    cells = export.cells.loc[rows.groups.index]
    readings = {one.id: read_question(one, feeding.get(one.id), cells, source, export) for one in questions}
    columns = {name: values for reading in readings.values() for name, values in reading.answers.items()}
    reasons = pd.DataFrame({name: reading.reasons for name, reading in readings.items()}, cells.index)
    answers, reasons, routed = route(
        study.questionnaire, rows.groups, pd.DataFrame(columns, cells.index), reasons, feeding
    )
    reasons = explained(reasons, export, source, feeding)
    lacking = [one.id for one in asked if one.id not in feeding and one.id not in source.absent]
    problems = [
        *rows.problems,
        *_located(feeding, {question: reading.problems for question, reading in readings.items()}),
        *_located(feeding, routed),
        *(Problem(None, None, question, "no_column", "not_asked") for question in lacking),
        *repeated(export, source, study.about.identifier, rows.groups),
    ]
    file = File(
        export, source, study.sources.index(source), rows.groups, feeding, (answers, reasons), alone=_alone(study)
    )
    shown = list(shows(study.questionnaire, file, readings)) if set(GROUPS) <= set(study.groups) else []
    return Part(export, source, rows, feeding, answers, reasons, problems, shown)


def _alone(study: Study) -> bool:
    """Whether one file holds both groups that are compared, and no other holds either."""
    return sum(bool({*groups_of(source)} & {*GROUPS}) for source in study.sources) == 1


def _located(feeding: Mapping[str, Feed], problems: Mapping[str, list[Problem]]) -> Iterator[Problem]:
    """A problem of a row stands at the first column of its question."""
    for question, lines in problems.items():
        first = feeding[question].columns[0] if question in feeding else None
        yield from (line if line.column else line._replace(column=first) for line in lines)


def read_question(
    question: Question, feed: Feed | None, cells: pd.DataFrame, source: Source, export: Export
) -> Reading:
    """What one source says to one question: `not_asked` all along where no column carries it. `cells` are those of the
    rows asked for."""
    index = cells.index
    if feed is None:
        names = [f"{question.id}/{code}" for code in question.codes] if question.kind == "multiple" else [question.id]
        dtype = {"multiple": "float64", "number": "float64", "date": "datetime64[ns]"}.get(question.kind, "object")
        nothing = {name: pd.Series(None, index, dtype=dtype) for name in names}
        return Reading(nothing, pd.Series("not_asked", index, dtype=object), [])
    answers = Answers(question, source.recode.get(question.id, {}), export.blanks)
    if feed.items:
        return _from_block(question, feed, cells, answers)
    if feed.slots and question.kind == "multiple":
        return from_slots(feed, cells, answers)
    column, values, problems = _one_column(feed, cells)
    if feed.free:
        values = _with_free_text(values, cells[feed.free.position])
    if question.kind == "text":
        reading = _read_text(question, values)
    elif question.kind == "multiple":
        reading = from_joined(question, column, values, answers)
    elif question.age_on:
        reading = read_age(question, column, values, answers, export)
    else:
        reading = _COLUMN_READERS[question.kind](question, column, values, answers)
    return reading._replace(problems=[*problems, *reading.problems])


def _from_block(question: Question, feed: Feed, cells: pd.DataFrame, answers: Answers) -> Reading:
    boxes = boxes_of(feed, cells, answers)
    if question.kind != "multiple":
        single = read_boxes(question, feed.columns, boxes.states == 1)
        return single._replace(problems=[*single.problems, *boxes.problems])
    reading = from_boxes(question, boxes)
    if feed.summary:
        return with_summary(reading, boxes, feed.summary, cells[feed.summary.position], answers)
    return reading


def _one_column(feed: Feed, cells: pd.DataFrame) -> tuple[Column, Values, list[Problem]]:
    """The columns of a feed as one: where `coalesce` merges several, two that are both filled are a problem."""
    values = cells[feed.columns[0].position]
    if len(feed.columns) == 1:
        return feed.columns[0], values, []
    several = cells[[column.position for column in feed.columns]].astype(object)
    held = several.apply(lambda column: column.str.strip() != "")
    filled = held.sum(axis=1)
    merged = several.where(held).bfill(axis=1).iloc[:, 0].where(filled == 1, "").astype(object)
    twice = [Problem(int(row), None, "", "two_columns_filled", "set_aside") for row in several.index[filled > 1]]
    return feed.columns[0], merged, twice


def _with_free_text(values: Values, free: Values) -> Values:
    """What was chosen or, where nothing was and words stand beside it, those words."""
    chosen = values.astype(object)
    return chosen.where(chosen.str.strip() != "", free.astype(object))


def _read_text(question: Question, values: Values) -> Reading:
    values = values.astype(object)
    blank = values.map(lambda text: not str(text).strip())
    reasons: Values = pd.Series(np.where(blank, "no_answer", ""), values.index, dtype=object)
    return Reading({question.id: values.where(~blank, None)}, reasons, [])


def _without_texts(study: Study, answers: pd.DataFrame) -> pd.DataFrame:
    """Free texts are personal: none goes further than this, but the codes of the design."""
    design = {study.design.weight, study.design.stratum, study.design.cluster}
    texts = [q.id for q in study.questionnaire.question if q.kind == "text" and q.id not in design]
    return answers.drop(columns=texts)


def _people(part: Part) -> pd.DataFrame:
    groups = part.sorted.groups
    place = {"source": part.export.source, "sheet": part.export.sheet}
    links = [part.export.links.get(int(row), "") for row in groups.index] if part.export.links else ""
    return pd.DataFrame({**place, "row": groups.index, "group": groups.to_numpy(), "link": links})


def _mapping(part: Part) -> pd.DataFrame:
    lines = [
        (part.export.source, question, column.letter, column.heading)
        for question, feed in part.feeds.items()
        for column in feed.all
    ]
    lines += [(part.export.source, "", column.letter, column.heading) for column in part.sorted.used]
    return pd.DataFrame(lines, columns=["source", "question", "column", "heading"])


def _flow(part: Part) -> Iterator[tuple[str, str, str, str, int]]:
    """Every row received, dropped or kept, and how often each repair of the study file was needed."""
    yield from flow_of(part.export, part.sorted)
    counted = repairs_made(part.export, part.source, part.feeds, part.sorted.groups.index)
    yield from ((part.export.source, "", "repaired", repair, count) for repair, count in counted.items())


def _problems(part: Part) -> pd.DataFrame:
    lines = [
        (
            part.export.source, part.export.sheet, problem.row, problem.column.letter if problem.column else "",
            problem.column.heading if problem.column else "", problem.value, problem.problem, problem.done,
        )
        for problem in part.problems
    ]  # fmt: skip
    lines.sort(key=lambda line: (line[2] is None, line[2] or 0))
    frame = pd.DataFrame(lines, columns=list(PROBLEMS))
    return frame.astype({"row": "Int64"})
