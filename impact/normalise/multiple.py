"""Multiple choice: from boxes (0/1, marks, words) and from cells that join the options, to one 0/1 column a choice."""

import re
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from impact.matching import fold
from impact.model import Column, Values
from impact.normalise._reading import Problem, Reading, cell_problems, distinct
from impact.normalise.closed import NO, OTHER, YES, Answers, meaning, reader
from impact.normalise.columns import OTHER_WORDS, Feed
from impact.normalise.silences import SILENT, silence
from impact.study import Question

Marks = npt.NDArray[np.float64]

_TICKS = YES | {"x", "y", "o", "on", "checked", "selected", "coche"}
_UNTICKED = NO | {"n", "off", "not selected", "unchecked"}
_NOT_SHOWN = {"n/a"}  # LimeSurvey's full answers: the box was never on the screen
_JOINTS = r"\s*(?:[;,|/]|$)\s*"

_TICKED, _LEFT, _BLANK, _HIDDEN = 1.0, 0.0, -1.0, -2.0


class Boxes(NamedTuple):
    """Boxes of one question, one column a code of the questionnaire: ticked, left, blank or hidden."""

    states: pd.DataFrame
    problems: list[Problem]


def read_boxes(feed: Feed, cells: pd.DataFrame, answers: Answers) -> Boxes:
    """What each box says, one column of `cells` a box; two columns of one item count as one box."""
    states: dict[str, Marks] = {}
    problems: list[Problem] = []
    for column, item in zip(feed.columns, feed.items, strict=True):
        state, faults = _box(answers, column, item, cells[column.position])
        states[item] = np.maximum(states[item], state) if item in states else state
        problems += faults
    return Boxes(pd.DataFrame(states, index=cells.index), problems)


def _box(answers: Answers, column: Column, item: str, cells: Values) -> tuple[Marks, list[Problem]]:
    places, values = distinct(cells)
    said = [_mark(answers, column, item, value) for value in values]
    problems = [
        problem
        for value, state in zip(values, said, strict=True)
        if state is None
        for problem in cell_problems(cells, column, value, "not_a_mark", "set_aside")
    ]
    return np.array([_BLANK if state is None else state for state in said])[places], problems


def _mark(answers: Answers, column: Column, item: str, value: str) -> float | None:
    """What a box holds; None where that is not understood. A free text ticks "other", or a choice so labelled."""
    key = fold(answers.rewritten.get(fold(value), value))
    if not key or value in column.declared_missing:
        return _HIDDEN if not key and answers.blank.reason == "not_asked" else _BLANK
    blank = answers.blanks.get(key)
    if key in _NOT_SHOWN or (blank and blank.reason == "not_asked"):
        return _HIDDEN
    if blank:
        return _BLANK
    if column.ticked:
        return _TICKED if key == fold(column.ticked) else _LEFT
    question = answers.question
    label = fold(column.labels.get(value, key))
    if label in _TICKS or label in _item_texts(question, item):
        return _TICKED
    if label in _UNTICKED:
        return _LEFT
    if key in _TICKS or key in _UNTICKED:  # a value label such as "Cité" says less than its 1
        return _TICKED if key in _TICKS else _LEFT
    return _TICKED if item == OTHER or OTHER_WORDS & _item_texts(question, item) else None


def _item_texts(question: Question, item: str) -> set[str]:
    return {fold(text) for answer in question.answers if answer.code == item for text in answer.texts}


def from_boxes(question: Question, boxes: Boxes) -> Reading:
    """A multiple choice from its boxes. Where nothing is ticked, `none_ticked` says whether that is an answer.

    A block with explicit noughts tells "nothing ticked" (noughts) from "not answered" (blank); one that only holds
    marks cannot. A block hidden as a whole was not asked; a box hidden beside a ticked one is just not ticked.
    """
    states = boxes.states
    ticked = states == _TICKED
    none = ~ticked.any(axis=1)
    hidden = none & (states == _HIDDEN).all(axis=1)
    tells = bool((states == _LEFT).any(axis=None))
    left = none & ~hidden & ((states == _LEFT).any(axis=1) if tells else True)
    reasons: Values = pd.Series("", states.index, dtype=object)
    reasons[none] = "no_answer"
    reasons[hidden] = "not_asked"
    if question.none_ticked == "answered":
        reasons[left] = ""
    return _settled(question, boxes.states.columns, ticked, reasons, boxes.problems)


def with_summary(reading: Reading, boxes: Boxes, summary: Column, cells: Values, answers: Answers) -> Reading:
    """A multiple choice whose boxes stand beside one cell that joins the options: each confirms the other.

    Where every box is blank and the cell is not (a version of the form that had no boxes), the cell speaks. Where both
    speak and differ, the boxes are kept and the row is a problem.
    """
    joined = from_joined(answers.question, summary, cells, answers)
    alone = (boxes.states == _BLANK).all(axis=1) & (cells.astype(object).str.strip() != "")
    taken = {
        name: values.where(~alone, joined.answers.get(name, pd.Series(np.nan, values.index)))
        for name, values in reading.answers.items()
    }
    both = (reading.reasons == "") & (joined.reasons == "") & ~alone
    differ = pd.Series(False, cells.index)
    for name, values in joined.answers.items():
        differ |= values.ne(reading.answers.get(name, 0.0))
    faults = [Problem(int(row), summary, "", "summary_differs", "boxes_kept") for row in cells.index[both & differ]]
    kept = [problem for problem in joined.problems if problem.row is None or alone[problem.row]]
    reasons = reading.reasons.where(~alone, joined.reasons)
    return Reading(taken, reasons, [*reading.problems, *kept, *faults])


def from_slots(feed: Feed, cells: pd.DataFrame, answers: Answers) -> Reading:
    """A multiple choice whose answers are packed to the left: the k-th column holds the k-th one given."""
    question = answers.question
    names = list(dict.fromkeys((*(missing.code for missing in question.missing), *question.codes, OTHER)))
    marks = np.zeros((len(cells), len(names)), dtype=bool)
    problems: list[Problem] = []
    for column in feed.columns:
        places, values = distinct(cells[column.position])
        labelled = reader(question, column, answers)
        for place, value in enumerate(values):
            said = meaning(value, labelled, answers)
            code = said.code or next((one.code for one in question.missing if one.reason == said.reason), None)
            if value.strip() and not said.problem and code in names:
                marks[places == place, names.index(code)] = True
            elif said.problem in SILENT:
                problems += cell_problems(cells[column.position], column, value, said.problem, "set_aside")
            elif said.problem:
                marks[places == place, names.index(OTHER)] = True
                problems += cell_problems(cells[column.position], column, value, said.problem, "other")
    ticked = pd.DataFrame(marks, cells.index, names)
    none = "" if question.none_ticked == "answered" else answers.blank.reason
    reasons: Values = pd.Series(np.where(marks.any(axis=1), "", none), cells.index, dtype=object)
    return _settled(question, ticked.columns, ticked, reasons, problems)


def from_joined(question: Question, column: Column, cells: Values, answers: Answers) -> Reading:
    """A multiple choice whose options are joined in one cell; an option may hold the joining sign."""
    places, values = distinct(cells)
    parts = [split(value, answers) for value in values]
    names = list(dict.fromkeys((*(missing.code for missing in question.missing), *question.codes, OTHER)))
    marks = np.array([[name in found for name in names] for found, _ in parts], dtype=bool).reshape(
        len(values), len(names)
    )
    ticked = pd.DataFrame(marks[places], cells.index, names)
    problems = [
        problem
        for value, (_, said) in zip(values, parts, strict=True)
        if said in SILENT or (said and not question.other)
        for problem in cell_problems(cells, column, value, said, "set_aside" if said in SILENT else "other")
    ]
    why = [_reason_of_blank(value, said, answers) for value, (_, said) in zip(values, parts, strict=True)]
    none = np.array(why, dtype=object)[places]
    reasons: Values = pd.Series(np.where(ticked.any(axis=1), "", none), cells.index, dtype=object)
    return _settled(question, ticked.columns, ticked, reasons, problems)


def _reason_of_blank(value: str, problem: str, answers: Answers) -> str:
    """Why a cell that joins no option holds none."""
    if problem in SILENT:
        return "unknown"
    said = answers.blanks.get(fold(value), answers.blank)
    return "" if said.reason == "no_answer" and answers.question.none_ticked == "answered" else said.reason


def split(value: str, answers: Answers) -> tuple[set[str], str]:
    """The codes a cell joins, and the problem it is where something was left that is no option (counted as "other")."""
    if fold(value) in answers.blanks:
        return set(), ""
    known = _options(answers)
    words = value.split()
    if words and all(fold(word) in known for word in words):  # Kobo and ODK join codes with a space
        return {known[fold(word)] for word in words}, ""
    spaced = _spaced(tuple(map(fold, words)), known)
    if len(spaced) == 1:  # Kobo joins labels so, too: there is one way to cut them
        return set(spaced.pop()), ""
    if silence(value) and fold(value) not in known:
        return set(), silence(value)
    options = "|".join(re.escape(text) for text in sorted(known, key=len, reverse=True))
    option = re.compile(rf"({options})(?:{_JOINTS}|\s*\+\s*(?={options}))")
    rest, found, left = fold(re.sub(r"[\r\n]+", ";", value)).strip(" ;,|"), set(), ""
    if not rest and value.strip():  # nothing but joints: something was typed, and no one can say what
        return {OTHER}, "not_a_choice"
    while rest:
        match = option.match(rest)
        if match:
            found.add(known[match[1]])
            rest = rest[match.end() :]
        else:  # a text of their own: up to the next joint, after which an option may follow
            found.add(OTHER)
            left = "not_a_choice"
            _, _, rest = _partition(rest)
    return found, left


def _options(answers: Answers) -> dict[str, str]:
    """What a cell may join, folded, and the code of each; a missing code is one, and the word for "other"."""
    said = answers.by_label | answers.by_code | answers.recoded
    others = dict.fromkeys(OTHER_WORDS, OTHER) if answers.question.other else {}
    missing = {fold(text): one.code for one in answers.question.missing for text in one.texts}
    return others | {text: one.code for text, one in said.items() if one.code} | missing


def _spaced(words: tuple[str, ...], known: Mapping[str, str]) -> set[frozenset[str]]:
    """Every set of codes whose texts, one behind the other, are these words."""
    ends: list[set[frozenset[str]]] = [{frozenset()}, *(set() for _ in words)]
    parts = {tuple(text.split()): code for text, code in known.items()}
    longest = max(map(len, parts), default=0)
    for end in range(1, len(words) + 1):
        for start in range(max(0, end - longest), end):
            code = parts.get(words[start:end])
            if code and ends[start]:
                ends[end] |= {codes | {code} for codes in ends[start]}
    return ends[-1]


def _partition(text: str) -> tuple[str, str, str]:
    joint = re.search(r"\s*[;,|]\s*", text)
    return (text[: joint.start()], joint[0], text[joint.end() :]) if joint else (text, "", "")


def _settled(
    question: Question, items: pd.Index, ticked: pd.DataFrame, reasons: Values, problems: list[Problem]
) -> Reading:
    """Missing options set aside, exclusive ones checked, one 0/1 column a choice."""
    codes = list(dict.fromkeys((*question.codes, *([OTHER] if OTHER in items else []))))
    chosen = ticked.reindex(columns=codes, fill_value=False)
    for missing in question.missing:
        if missing.code in items:
            said = ticked[missing.code]
            alone = said & ~chosen.any(axis=1)
            reasons[alone] = missing.reason
            problems += _row_problems(ticked.index[said & ~alone], "missing_beside_answers", "set_aside")
    for choice in question.choices:
        if choice.exclusive:
            both = chosen[choice.code] & (chosen.sum(axis=1) > 1)
            problems += _row_problems(ticked.index[both], "exclusive_beside_answers", "kept")
    answered = reasons == ""
    columns = {f"{question.id}/{code}": chosen[code].astype(float).where(answered) for code in codes}
    return Reading(columns, reasons, problems)


def _row_problems(rows: pd.Index, problem: str, done: str) -> list[Problem]:
    return [Problem(int(row), None, "", problem, done) for row in rows]
