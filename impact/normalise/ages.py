"""What days become once the step that needs them is done: a birth an age, the moment of an answer its month."""

from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from impact.errors import ImpactError
from impact.matching import fold
from impact.model import Column, Export, Values
from impact.normalise._reading import Problem, Reading
from impact.normalise.blanks import answer_days
from impact.normalise.closed import Answers
from impact.normalise.quantities import outside, read_date
from impact.study import Question
from impact.study.questionnaire import WHEN_ANSWERING

_BIRTH = ("naissance", "birth")
_OLDEST = 120  # years


def is_birth(question: Question, column: Column | None = None) -> bool:
    """Whether a date is that of someone's birth."""
    headings = column.headings if column else question.columns
    said = fold(" ".join((question.id, *question.texts, *headings)))
    return bool(question.age_on) or any(word in said for word in _BIRTH)


def completed_years(born: Values, on: Values) -> Values:
    """Ages in completed years on some days, as floats; NaN where either day is missing."""
    before = (on.dt.month < born.dt.month) | ((on.dt.month == born.dt.month) & (on.dt.day < born.dt.day))
    return (on.dt.year - born.dt.year - before.astype(int)).where(born.notna() & on.notna()).astype(float)


def read_age(question: Question, column: Column, cells: Values, answers: Answers, export: Export) -> Reading:
    """The ages of people whose column holds their birth, on the day that the question says.

    A birth after that day or more than 120 years before it, and an age outside the question's bounds, are implausible;
    where the file does not say the day of one answer, the age is unknown. No problem shows a birth. ImpactError where
    the age is that of the day of the answer and the file dates none.
    """
    born = question.model_copy(update={"kind": "date", "min": None, "max": None})
    reading = read_date(born, column, cells, answers)
    days = _days(question, cells, export)
    ages = completed_years(reading.answers[question.id], days)
    reasons = reading.reasons.mask((reading.reasons == "") & days.isna(), "unknown")
    wrong = (ages < 0) | (ages > _OLDEST) | ages.map(lambda age: outside(question, age))
    reasons = reasons.mask((reasons == "") & wrong, "implausible")
    told = [problem._replace(value="") for problem in reading.problems]
    rows = cells.index[((reasons == "implausible") & (reading.reasons == "")).to_numpy()]
    told += [Problem(int(row), column, "", "implausible", "set_aside") for row in rows]
    return Reading({question.id: ages.where(reasons == "")}, reasons, told)


def _days(question: Question, cells: Values, export: Export) -> Values:
    """The day on which each respondent's age is told."""
    if question.age_on != WHEN_ANSWERING:
        return pd.Series(pd.Timestamp(question.age_on), cells.index)
    if export.answered_on is None:
        raise ImpactError("normalise_age_undated", file=export.source, question=question.id)
    return answer_days(export).reindex(cells.index)


def coarse(answers: pd.DataFrame, questions: Mapping[str, Question], moments: Collection[str]) -> pd.DataFrame:
    """Answers without the day of a birth, left out, or that of an answer, told by the first of its month.

    `moments` names the questions that a tool's own date of the answer feeds.
    """
    dates = [name for name in map(str, answers.columns) if name in questions and questions[name].kind == "date"]
    births = [name for name in dates if is_birth(questions[name])]
    months = {name: answers[name].dt.to_period("M").dt.to_timestamp() for name in dates if name in moments}
    return answers.assign(**months).drop(columns=births)


def moments(exports: Sequence[Export], mapping: pd.DataFrame) -> frozenset[str]:
    """The questions that a column which dates each answer feeds, in any file."""
    dated = {
        (export.source, export.columns[export.answered_on].letter)
        for export in exports
        if export.answered_on is not None
    }
    fed = zip(mapping["source"], mapping["column"], mapping["question"], strict=True)
    return frozenset(str(question) for source, column, question in fed if (source, column) in dated)
