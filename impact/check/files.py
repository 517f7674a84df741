"""What each file is and what was read of it: rows, tool, columns, and what each question found there."""

from collections.abc import Collection, Iterator, Sequence

import pandas as pd

from impact.check.notes import asks
from impact.check.nouns import Counted, Fed, Place, QuestionRead, SourceRead, Unmapped
from impact.check.parts import Part, asked_here, place
from impact.loaders import personal
from impact.loaders.pointers import Pointers
from impact.matching import nearest
from impact.model import REASONS, Column, Responses
from impact.normalise._reading import distinct
from impact.normalise.quantities import order_shown
from impact.study import Question, Study

_LONGER = 1.5  # times: a short text within a long one is alike by its parts, and asks something else
_FEWEST_SIGNS = 6  # of a heading or a question: two shorter texts are alike by chance
_OTHER = "other"
FEW = 5  # values that no bound is told by, at each end: who holds them could be known


def source_read(part: Part, study: Study) -> SourceRead:
    """One file: how it was recognised, what became of its rows."""
    export = part.export
    return SourceRead(
        source=export.source,
        sheet=export.sheet,
        format=export.format,
        tool=export.tool,
        signs=export.signs,
        header=tuple(sorted(export.header)),
        received=_counted(part, "received", "reason").get("", 0),
        dropped=_counted(part, "dropped", "reason"),
        kept=_counted(part, "kept", "group"),
        repaired=_counted(part, "repaired", "reason"),
        metadata=tuple(place(one) for one in _unused(part) if one.role in ("metadata", "note") and not one.trace),
        personal=tuple(
            place(one) for one in _unused(part) + _texts(part) if one.personal and one.trace != "identifier"
        ),
        traces={one.letter: one.trace for one in part.export.columns if one.trace},
        needed=tuple(_needed(part, study)),
        notes=tuple(note for note in export.notes if asks(note) is None),
    )


def _counted(part: Part, stage: str, by: str) -> dict[str, int]:
    lines = part.flow[part.flow["stage"] == stage]
    return {str(name): int(count) for name, count in zip(lines[by], lines["count"], strict=True)}


def _texts(part: Part) -> list[Column]:
    """The columns of questions that people answer in their own words, dropped as they are read."""
    return [column for name, columns in part.fed.items() if name for column in columns if column.trace]


def _needed(part: Part, study: Study) -> Iterator[tuple[Place, str]]:
    """The columns that may lead to someone and that a question is read from all the same, with the question."""
    for name, columns in part.fed.items():
        question = study.questionnaire.questions.get(name)
        known = {text for answer in question.answers for text in answer.texts} if question else set()
        for column in columns if question else ():
            if not column.trace and (column.role == "personal" or _leads(part, column, known)):
                yield place(column), name


def _leads(part: Part, column: Column, known: Collection[str]) -> bool:
    texts = [text for text in distinct(part.export.cells[column.position])[1] if text.strip()]
    said = [column.labels.get(text, text) for text in texts]
    unknown = [text for text in texts if text not in known]
    return personal.names_someone(column.headings[:1], said) or personal.reached(unknown)


def _unused(part: Part) -> list[Column]:
    used = {column.position for columns in part.fed.values() for column in columns}
    return [column for column in part.export.columns if column.position not in used]


def unmapped(part: Part, study: Study) -> Iterator[Unmapped]:
    """The columns that no question takes, the tool's own and those that lead to someone left aside."""
    lacking = lacking_here(part, study)
    taken: set[str] = set()
    named = Pointers(part.export).at([study.about.identifier]) if study.about.identifier else []
    for column in _unused(part):
        if column.role == "" and column not in named:
            filled = int((part.export.cells[column.position] != "").sum())
            near = near_question(column, [one for one in lacking if one.id not in taken]) if filled else ""
            taken.add(near)
            if column.trace and not near:  # named among the personal ones
                continue
            yield Unmapped(part.export.source, place(column), filled, near)


def lacking_here(part: Part, study: Study) -> list[Question]:
    """The questions that this file should hold and that no column of it feeds."""
    return [one for one in asked_here(part, study) if one.id not in part.fed and one.id not in part.source.absent]


def near_question(column: Column, lacking: Sequence[Question]) -> str:
    """The question without a column that a heading is most like: proposed, never taken."""
    names = ((name, one.id) for one in lacking for name in (*one.texts, *one.columns, one.id))
    known = {name: question for name, question in names if _as_long(name, column.heading)}
    return known.get(nearest(column.heading, known), "")


def _as_long(one: str, two: str) -> bool:
    short, long = sorted((len(one), len(two)))
    return short >= _FEWEST_SIGNS and long <= _LONGER * short


def questions_read(parts: Sequence[Part], responses: Responses, study: Study) -> Iterator[QuestionRead]:
    """Every question that a file of the study should hold, with what each file says to it."""
    for question in study.questionnaire.question:
        asked = [part for part in parts if part.groups & set(question.asked)]
        fed = tuple(_fed(part, question, responses) for part in asked if question.id in part.fed)
        if asked:
            yield QuestionRead(question.id, question.text, question.kind, fed)


def _fed(part: Part, question: Question, responses: Responses) -> Fed:
    reasons = responses.reasons.loc[part.rows.index, question.id].value_counts()
    low, high = _bounds(question, responses.answers, part.rows.index)
    order, proofs = _order(part, question)
    return Fed(
        source=part.export.source,
        places=tuple(place(column) for column in part.fed[question.id]),
        answered=int(reasons.get("", 0)),
        answers=tuple(_answers(question, responses.answers, part.rows.index)),
        blanks={reason: int(reasons[reason]) for reason in REASONS if reasons.get(reason, 0)},
        low=low,
        high=high,
        order=order,
        proofs=proofs,
    )


def _order(part: Part, question: Question) -> tuple[str, int]:
    """In which order a file's dates are read, and what shows it."""
    if question.kind != "date":
        return "", 0
    cells = [part.export.cells[column.position] for column in part.fed[question.id]]
    return order_shown([text for column in cells for text in distinct(column)[1]])


def _answers(question: Question, answers: pd.DataFrame, rows: pd.Index) -> Iterator[Counted]:
    """How often each answer was given, those that nobody gave too: a label that is never met may be misspelt."""
    if question.kind not in ("single", "multiple"):
        return
    single = answers.loc[rows, question.id].value_counts() if question.kind == "single" else pd.Series(dtype=int)
    for code, label in [(one.code, one.label) for one in question.choices] + [(_OTHER, "")]:
        box = f"{question.id}/{code}"
        count = int(answers.loc[rows, box].sum()) if box in answers else int(single.get(code, 0))
        if count or code in question.codes:
            yield Counted(code, label, count)


def _bounds(question: Question, answers: pd.DataFrame, rows: pd.Index) -> tuple[str, str]:
    """Between which values the answers lie, a few at each end left out: the greatest and the least are someone's."""
    if question.id not in answers or question.kind not in ("number", "date"):
        return "", ""
    values = answers.loc[rows, question.id].dropna().sort_values()
    if len(values) < 2 * FEW:
        return "", ""
    low, high = values.iloc[FEW - 1], values.iloc[-FEW]
    how = "%Y-%m-%d" if question.kind == "date" else ".10g"
    return f"{low:{how}}", f"{high:{how}}"
