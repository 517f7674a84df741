"""A group's answers as numbers under labels, for the files of statistical programs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from impact.study import Question
from tests.dialects._cohort import Cohort, Said, labels, text

Cell = float | str | None
APART = 991  # the first of the codes that say why there is no answer: no age, no number of months


@dataclass
class Variable:
    """One column: what stands above it, its cells, its labels, and which of its codes say that there is no answer."""

    question: Question
    label: str
    cells: list[Cell]
    labels: Mapping[float, str] = field(default_factory=dict)
    missing: Mapping[float, str] = field(default_factory=dict)  # code to label
    item: str = ""  # an option, where the column is a box
    kind: str = "number"  # number | date | text


def codes(question: Question) -> dict[str, float]:
    """The number of each answer: 1, 2, 3… for choices, then those that say why there is none."""
    known = {code: float(place) for place, code in enumerate(question.codes, 1)}
    return known | {one.code: float(APART + place) for place, one in enumerate(question.missing)}


def variables(cohort: Cohort) -> list[Variable]:
    """One variable a question, or an option of a multiple choice."""
    return [variable for question in cohort.questions for variable in _of(cohort, question)]


def _of(cohort: Cohort, question: Question) -> list[Variable]:
    said, names, numbers = cohort.said(question), labels(question), codes(question)
    if question.kind == "multiple":
        return [
            Variable(question, f"{text(question)} - {label}", [_box(one, code) for one in said], item=label)
            for code, label in names.items()
        ]
    missing = {numbers[one.code]: names[one.code] for one in question.missing}
    known = {numbers[code]: names[code] for code in question.codes}
    cells = [_cell(question, one, numbers) for one in said]
    kind = question.kind if question.kind in ("date", "text") else "number"
    return [Variable(question, text(question), cells, known, missing, kind=kind)]


def _box(said: Said, code: str) -> Cell:
    return None if said is None else float(code in said)


def _cell(question: Question, said: Said, numbers: Mapping[str, float]) -> Cell:
    if said is None or question.kind == "text":
        return said if isinstance(said, str) else None
    return numbers[said] if said in numbers else _quantity(question, str(said))


def _quantity(question: Question, said: str) -> float:
    return float(date.fromisoformat(said).toordinal()) if question.kind == "date" else float(said)
