"""Dates and ages that cannot be, and questions that nobody answered before a day."""

import math
from collections.abc import Iterator

import pandas as pd

from impact.check import lines
from impact.check.nouns import Finding, Value
from impact.check.parts import Part, asked_here, place
from impact.matching import fold
from impact.model import Responses
from impact.normalise import read_question
from impact.normalise.ages import is_birth
from impact.normalise.blanks import answer_days
from impact.normalise.columns import Feed
from impact.study import Question, Study

_FEWEST_BEFORE = 5  # rows that leave a question blank before its first answer
_LIKELY = 0.001  # chance of as many blanks in a row, had the question been there
_OLDEST = 110  # years
_YEARS = {"an", "ans", "annees", "years", "year", "years old"}
_AGES = {"age", "ages"}


def impossible_days(part: Part, responses: Responses, study: Study) -> Iterator[Finding]:
    """A start after its end; a start or a birth after the answer itself; an age that nobody has."""
    duration = study.duration
    if duration and {duration.start, duration.until} <= part.fed.keys() - {""}:  # "" is a column that only sorts rows
        starts, ends = (_days(part, responses, study.question(name)) for name in (duration.start, duration.until))
        yield from _rows_found("start_after_until", part, study.question(duration.start), starts > ends, duration.until)
    for question in asked_here(part, study):
        if question.id in part.fed and question.kind == "date" and part.export.answered_on is not None:
            begins = (duration is not None and question.id == duration.start) or is_birth(
                question, part.fed[question.id][0]
            )
            days = answer_days(part.export).reindex(part.rows).set_axis(part.rows.index)
            later = _days(part, responses, question) >= days.dt.normalize() + pd.Timedelta(days=1)
            yield from _rows_found("date_after_answer", part, question, later & begins, "")
        elif question.id in part.fed and question.kind == "number" and _is_age(question):
            ages = responses.answers.loc[part.rows.index, question.id]
            yield from _rows_found("impossible_age", part, question, (ages < 0) | (ages > _OLDEST), "")


def _days(part: Part, responses: Responses, question: Question) -> "pd.Series[pd.Timestamp]":
    """The dates of a question to the day, which the responses tell by their month: needed here alone."""
    cells = part.export.cells.loc[part.rows]
    reading = read_question(question, Feed(part.fed[question.id]), cells, part.source, part.export)
    days = reading.answers[question.id].set_axis(part.rows.index)
    return days.where(responses.reasons.loc[part.rows.index, question.id] == "")


def _is_age(question: Question) -> bool:
    words = set(fold(question.id).replace("_", " ").split())
    return bool(_AGES & words) and (not question.units or bool(_YEARS & {fold(unit) for unit in question.units}))


def _rows_found(kind: str, part: Part, question: Question, found: "pd.Series[bool]", until: str) -> Iterator[Finding]:
    """One finding for the rows of a question, with the cells as the file writes them, but for a birth."""
    rows = part.file_rows(found.index[found])
    if not rows:
        return
    column = part.fed[question.id][0]
    values: tuple[Value, ...] = ()
    if not column.personal and not is_birth(question, column):
        cells = part.export.cells.loc[list(rows), column.position].astype(object)
        values = tuple(
            Value(str(text), tuple(int(row) for row in alike)) for text, alike in cells.groupby(cells).groups.items()
        )
    said = {value.text: lines.ASKS for value in values}
    proposed = lines.recode(part.source, question.id, said) or [lines.drop_rows(part.source, rows, "implausible")]
    yield Finding(
        kind=kind,
        severity="look",
        source=part.export.source,
        sheet=part.export.sheet,
        place=place(column),
        question=question.id,
        rows=rows,
        values=values,
        lines=tuple(proposed),
        facts={"count": len(rows), "until": until},
    )


def blank_until(part: Part, responses: Responses, study: Study) -> Iterator[Finding]:
    """Questions blank in every answer before some day and mostly filled from then on: added while people answered."""
    if part.export.answered_on is None:
        return
    days = answer_days(part.export).reindex(part.rows).set_axis(part.rows.index).dt.normalize()
    dated = days.index[days.notna()]
    for question in asked_here(part, study):
        if question.id in part.fed and question.id not in part.source.since:
            reasons = responses.reasons.loc[dated, question.id]
            day = _first_day(reasons, days[dated])
            if day is not None:
                before = part.file_rows(dated[(reasons == "no_answer") & (days[dated] < day)])
                yield _since(part, question, f"{day:%Y-%m-%d}", before)


def _first_day(reasons: "pd.Series[str]", days: "pd.Series[pd.Timestamp]") -> pd.Timestamp | None:
    """The day of the first answer, where as many blanks before it would be no chance; None elsewhere.

    Who says "don't know" has seen the question, too: only `no_answer` is blank. Who was not asked tells nothing.
    """
    told = reasons != "not_asked"
    blank = told & reasons.isin(("no_answer", "partial"))
    if not (told & ~blank).any():
        return None
    day = days[told & ~blank].min()
    before = int((blank & (days < day)).sum())
    after = told & (days >= day)
    share = float((blank & after).sum() / after.sum())
    rare = share == 0 or before * math.log(share) < math.log(_LIKELY)
    return day if before >= _FEWEST_BEFORE and rare else None


def _since(part: Part, question: Question, day: str, rows: tuple[int, ...]) -> Finding:
    column = part.fed[question.id][0]
    return Finding(
        kind="blank_until",
        severity="look",
        source=part.export.source,
        sheet=part.export.sheet,
        place=place(column),
        question=question.id,
        rows=rows,
        lines=(lines.since(part.source, question.id, day),),
        facts={"count": len(rows), "day": day},
    )
