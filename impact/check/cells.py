"""Cells that were not understood, gathered by column: each value once, with the nearest known answer."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pandas as pd

from impact.check import lines
from impact.check.files import lacking_here, near_question
from impact.check.nouns import KINDS, Finding, Line, Value
from impact.check.parts import Part, place, pointed_at
from impact.matching import fold, nearest
from impact.model import Column
from impact.normalise.ages import is_birth
from impact.study import Question, Study

# What may be right, or is out of the figures for a known reason; any other cell set aside is an answer lost.
_LOOK = (
    "implausible", "two_boxes", "answered_though_not_asked", "summary_differs", "missing_beside_answers",
    "exclusive_beside_answers", "pair_twice",
)  # fmt: skip
_FEWEST, _SHARE = 5, 0.05  # as many rows as that and it is the questionnaire that is wrong, not a respondent
# Cells whose value can be written in another way, by `recode`.
_RECODED = (
    "not_a_choice", "not_a_number", "not_a_date", "unit_unknown", "range", "open_bound", "about", "date_serial",
    "says_missing", "implausible", "not_a_mark",
)  # fmt: skip
_TOLD = (*_RECODED, "labelled_missing")  # a value stands behind each, shown or withheld
_SAYS = "says_"  # begins the problems that name a reason: "says_refused"
_FIRST_DAY = date(1899, 12, 30)  # Excel counts days from here
_DATE = re.compile(r"[\d/.:T -]{6,19}")
_JOINT = re.compile(r"[;,|\n]")
_DIGITS = re.compile(r"\d+(?:[.,]\d+)?")
_FEW_SIGNS = 4
_MANY = 4  # different texts of their own, from which on the question had a field for them


def cells_not_understood(part: Part, study: Study) -> Iterator[Finding]:
    """The problems of one source, one finding a column and kind."""
    problems = part.problems[~part.problems["problem"].isin(["no_column", "identifier_twice"])]
    owner = {column.letter: question for question, columns in part.fed.items() for column in columns}
    for (letter, problem), cells in problems.groupby(["column", "problem"], sort=False):
        column = part.column(str(letter))
        question = study.questionnaire.questions.get(owner.get(str(letter), ""))
        kind = _kind(str(problem))
        values = _values(part, question, column, cells, kind)
        rows = tuple(sorted({int(row) for row in cells["row"].dropna()}))
        yield Finding(
            kind=kind,
            severity=_severity(kind, str(cells["done"].iloc[0]), rows, part),
            source=part.export.source,
            sheet=part.export.sheet,
            place=place(column) if column else None,
            question=question.id if question else "",
            rows=rows,
            values=values,
            lines=tuple(_proposed(str(problem), part, study, question, values)) if question else (),
            facts={"problem": str(problem), "done": str(cells["done"].iloc[0])},
        )


def _kind(problem: str) -> str:
    if problem.startswith(_SAYS):
        return "says_missing"
    return problem if problem in KINDS else "other_problem"


def _severity(kind: str, done: str, rows: tuple[int, ...], part: Part) -> str:
    """A text of their own among several answers counts as "other": nothing is lost, whatever else it may mean."""
    many = kind == "answered_though_not_asked" and len(rows) >= max(_FEWEST, _SHARE * len(part.rows))
    return "settle" if many or (kind not in _LOOK and done in ("set_aside", "dropped")) else "look"


def _values(
    part: Part, question: Question | None, column: Column | None, cells: pd.DataFrame, kind: str
) -> tuple[Value, ...]:
    """Each value with its rows, the most frequent first; what may lead to someone is withheld."""
    if kind not in _TOLD and not (cells["value"] != "").any():
        return ()
    texts = cells["value"].where(cells["value"] != "", _dates(part, question, column, cells))
    if column is None or column.personal:
        texts = texts.map(lambda _: "")
    found = []
    for text, alike in cells.groupby(texts, sort=False):
        label = column.labels.get(str(text), "") if column else ""
        near = _near(kind, question, label or str(text), str(cells["problem"].iloc[0])) if question and text else ""
        found.append(Value(str(text), tuple(int(row) for row in alike["row"].dropna()), near, label))
    return tuple(sorted(found, key=lambda value: (not value.text, -len(value.rows))))


def _dates(part: Part, question: Question | None, column: Column | None, cells: pd.DataFrame) -> "pd.Series[str]":
    """A date looks like a telephone number, and is told only where it is nobody's birth."""
    nothing = pd.Series("", cells.index, dtype=object)
    if column is None or question is None or question.kind != "date" or is_birth(question, column):
        return nothing
    texts = part.export.cells[column.position].reindex(cells["row"].astype(int)).astype(object)
    return pd.Series([text if _DATE.fullmatch(str(text)) else "" for text in texts], cells.index, dtype=object)


def _near(kind: str, question: Question, text: str, problem: str) -> str:
    """The code of the known answer most like a text; the day or the only number that it holds."""
    if kind == "says_missing":
        reason = problem.removeprefix(_SAYS)
        return next((one.code for one in question.missing if one.reason == reason), "")
    if question.kind in ("single", "multiple"):
        strange = next(iter(_strange(question, text)), "")
        known = {name: code for name, code in _codes(question).items() if _comparable(strange, name)}
        return known.get(nearest(strange, known), "") if strange else ""
    if kind == "date_serial":
        return f"{_FIRST_DAY + timedelta(days=int(float(text)))}"
    digits = _DIGITS.findall(text)
    sure = question.kind == "number" and len(digits) == 1 and kind in ("not_a_number", "about", "unit_unknown")
    return digits[0] if sure and digits[0] != text.strip() else ""


def _comparable(text: str, name: str) -> bool:
    """A text of a few signs is like some part of any long label."""
    return len(text) > _FEW_SIGNS or len(name) <= 2 * len(text)


def _codes(question: Question) -> dict[str, str]:
    return {name: answer.code for answer in question.answers for name in answer.texts}


def _strange(question: Question, text: str) -> list[str]:
    """What of a cell is no known answer: all of it, or some of the options that a multiple choice joins."""
    if question.kind != "multiple":
        return [text]
    known = {fold(name) for name in _codes(question)}
    return [part.strip() for part in _JOINT.split(text) if part.strip() and fold(part) not in known]


def _proposed(problem: str, part: Part, study: Study, question: Question, values: tuple[Value, ...]) -> Iterator[Line]:
    """The lines that may be written about values of a question."""
    shown = [value for value in values if value.text]
    kind = _kind(problem)
    if kind == "says_missing" and lines.editable(study) and not any(value.near for value in shown):
        reason = problem.removeprefix(_SAYS)
        yield from (lines.missing(question, value.text, value.text, reason) for value in shown)
    elif kind == "labelled_missing":
        yield from (_missing(part, question, value.text) for value in shown if lines.editable(study))
    elif kind == "unit_unknown" and (words := _unit_words(shown)) and lines.editable(study):
        yield lines.units(question, words)
    elif kind == "not_a_choice" and _speak_freely(question, values) and lines.editable(study):
        yield lines.other(question)
    elif kind in _RECODED:
        said = {strange: value.near or lines.ASKS for value in shown for strange in _strange(question, value.text)[:1]}
        yield from lines.recode(part.source, question.id, said)


def _missing(part: Part, question: Question, code: str) -> Line:
    labels = {label for column in part.fed[question.id] if (label := column.labels.get(code))}
    label = min(labels, default=code)
    return lines.missing(question, code, label, lines.reason_of(label))


def _unit_words(values: list[Value]) -> list[str]:
    """The words after the numbers, where every value is a number and a word."""
    found = [re.fullmatch(r"\d+(?:[.,]\d+)?\s*([^\W\d_]+)\.?", value.text.strip()) for value in values]
    return sorted({match[1] for match in found if match}) if found and all(found) else []


def _speak_freely(question: Question, values: tuple[Value, ...]) -> bool:
    """Whether people wrote texts of their own where the questionnaire has no field for them."""
    strange = [value for value in values if not value.near]
    if question.kind == "multiple":
        return bool(strange)
    return len(strange) + sum(len(value.rows) > 1 and not value.text for value in strange) >= _MANY


def questions_without_column(part: Part, study: Study) -> Iterator[Finding]:
    """Questions that no column of a file feeds: one finding each where a column is near, one for all the others."""
    lacking = lacking_here(part, study)
    unclaimed = {column.position for columns in part.fed.values() for column in columns}
    left = list(lacking)
    for column in part.export.columns:
        if column.role or column.position in unclaimed or not (part.export.cells[column.position] != "").any():
            continue
        near = near_question(column, left)
        if near:
            left = [one for one in left if one.id != near]
            line = lines.rename(part.source, pointed_at(part.export, column), near)
            yield _lacking(part, "no_column_near", near, line, column)
    if left:
        names = [one.id for one in left]
        yield _lacking(part, "no_column", ", ".join(names), lines.absent(part.source, names), None)


def _lacking(part: Part, kind: str, question: str, line: Line, column: Column | None) -> Finding:
    return Finding(
        kind=kind,
        severity="settle",
        source=part.export.source,
        sheet=part.export.sheet,
        place=place(column) if column else None,
        question=question,
        lines=(line,),
        facts={"count": question.count(",") + 1},
    )
