"""How people answered: what the tool flags, and the same answer all along questions that share a scale."""

from collections.abc import Iterator, Sequence
from typing import Final

import pandas as pd

from impact.check import lines
from impact.check.nouns import Finding, Line
from impact.check.parts import Part, asked_here, pointed_at
from impact.model import FLAGS, Column, Responses
from impact.study import Choice, Indicator, Question, Study

_FEWEST_QUESTIONS: Final = 5
_FEWEST_CHOICES: Final = 3  # with two, the same answer everywhere is often sincere
_MOST_VALUES: Final = 3  # of a column that tells the flagged rows from the others


def flagged(part: Part) -> Iterator[Finding]:
    """Rows that the tool, or what stands in them, says are no whole answers. Those dropped already are not told."""
    for flag in FLAGS:
        rows = tuple(int(row) for row in part.rows if part.export.flags.get(int(row)) == flag)
        if rows:
            yield Finding(
                kind=flag,
                severity="look" if flag == "partial" else "settle",
                source=part.export.source,
                sheet=part.export.sheet,
                rows=rows,
                lines=(_dropping(part, rows, flag),),
                facts={"count": len(rows)},
            )


def _dropping(part: Part, rows: tuple[int, ...], flag: str) -> Line:
    """The line that sets these rows aside: by a column of the tool where one tells them apart, else by number."""
    if len(rows) > 1:
        for column in part.export.columns:
            values = _telling(part, column, rows) if column.role == "metadata" else []
            if values:
                return lines.drop_where(part.source, pointed_at(part.export, column), values, flag)
    return lines.drop_rows(part.source, rows, flag)


def _telling(part: Part, column: Column, rows: tuple[int, ...]) -> list[str]:
    """The few values of a column that these rows hold and no other kept row does, [] where there are none such."""
    cells = part.export.cells.loc[part.rows, column.position].astype(object)
    inside = cells.index.isin(rows)
    values = sorted({str(value) for value in cells[inside]})
    return values if len(values) <= _MOST_VALUES and not cells[~inside].isin(values).any() else []


def straight_lines(part: Part, responses: Responses, study: Study) -> Iterator[Finding]:
    """Respondents who gave one answer to all the questions of a scale, where that cannot well be what they think."""
    for questions in _scales(part, study):
        answers = responses.answers.loc[part.rows.index, [one.id for one in questions]]
        answered = answers.notna()
        first = answers.bfill(axis=1).iloc[:, 0]
        alike = (answers.eq(first, axis=0) | ~answered).all(axis=1) & (answered.sum(axis=1) >= _FEWEST_QUESTIONS)
        rows = part.file_rows(alike.index[alike & _opposite(questions, answered, study)])
        if rows:
            yield _straight(part, questions, rows)


def _straight(part: Part, questions: Sequence[Question], rows: tuple[int, ...]) -> Finding:
    return Finding(
        kind="straight_line",
        severity="look",
        source=part.export.source,
        sheet=part.export.sheet,
        rows=rows,
        lines=(lines.drop_rows(part.source, rows, "straight_line"),),
        facts={"count": len(rows), "questions": ", ".join(one.id for one in questions), "size": len(questions)},
    )


def _scales(part: Part, study: Study) -> Iterator[list[Question]]:
    """The sets of single choices that a file feeds and that offer the same answers."""
    sets: dict[tuple[str, ...], list[Question]] = {}
    for question in asked_here(part, study):
        if question.kind == "single" and question.id in part.fed and len(question.codes) >= _FEWEST_CHOICES:
            sets.setdefault(question.codes, []).append(question)
    yield from (questions for questions in sets.values() if len(questions) >= _FEWEST_QUESTIONS)


def _opposite(questions: Sequence[Question], answered: pd.DataFrame, study: Study) -> "pd.Series[bool]":
    """Who answered two questions of opposite direction; everyone where no direction is known."""
    known = directions(study)
    up, down = ([one.id for one in questions if known.get(one.id) == sign] for sign in (1, -1))
    if not up and not down:
        return pd.Series(True, answered.index)
    return answered[up].any(axis=1) & answered[down].any(axis=1)


def directions(study: Study) -> dict[str, int]:
    """By question: 1 where the last choices are the better ones, -1 where the first are, by what its indicators say."""
    found: dict[str, int] = {}
    for indicator in study.questionnaire.indicator:
        question = study.questionnaire.questions.get(indicator.question)
        if question and question.kind == "single" and indicator.better != "neutral":
            rising = _rising(indicator, question.choices)
            if rising:
                found[question.id] = rising if indicator.better == "higher" else -rising
    return found


def _rising(indicator: Indicator, choices: Sequence[Choice]) -> int:
    """Whether an indicator counts the last choices of a question (1) or the first (-1); 0 where it counts neither."""
    if indicator.kind == "mean":
        values = [choice.value for choice in choices if choice.value is not None]
        return (values[-1] > values[0]) - (values[-1] < values[0]) if values else 0
    places = [place for place, choice in enumerate(choices) if choice.code in indicator.counts]
    middle = (len(choices) - 1) / 2
    mean = sum(places) / len(places) if places else middle
    return (mean > middle) - (mean < middle)
