"""A real source as its twin needs to know it: which columns carry what, who stands where, what may be repeated."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from impact.loaders.pointers import Pointers
from impact.matching import fold
from impact.model import Column, Export
from impact.normalise import to_the_day
from impact.normalise.closed import NO, YES, Answers, reader
from impact.normalise.columns import Feed, feeds
from impact.study import Question, Source, Study
from impact.study.schema import GroupColumn

SYNTHETIC_TEXT = "texte synthétique"

_MARKS = YES | NO | {"x", "y", "n", "o", "on", "off", "n/a", "checked", "unchecked", "selected", "not selected"}
_BLANKS = {"", "n/a"}
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_UNFILLED = ("no_answer", "not_asked", "unknown")
_FEWEST_LEFT = 5  # questions asked and left blank at the end, from which on a respondent is held to have stopped


@dataclass(frozen=True)
class Original:
    """One source of a study, read and normalised.

    `answers` and `reasons` have one row a kept respondent, its index the row of the file. `status` has one entry a row
    of the file: its group, or the reason why it was dropped. `stopped` maps a row to its last answered column, for
    those who stopped on the way. `sorting` maps the positions of columns that sort the rows to the values the study
    file names, folded.
    """

    study: Study
    source: Source
    export: Export
    feeds: Mapping[str, Feed]
    answers: pd.DataFrame
    reasons: pd.DataFrame
    status: "pd.Series[str]"
    stopped: Mapping[int, int]
    sorting: Mapping[int, frozenset[str]]

    @property
    def kept(self) -> pd.Index:
        """The rows of kept respondents."""
        return self.answers.index

    @property
    def mapped(self) -> list[int]:
        """The positions of the columns that carry a question, from left to right."""
        return sorted({column.position for feed in self.feeds.values() for column in feed.columns})

    def numeric(self, position: int) -> bool:
        """Whether a column of SPSS or Stata holds numbers alone, so that no text can stand there."""
        filled = self.export.cells[position]
        numbers = (_NUMBER.fullmatch(text) or re.fullmatch(r"\.[a-z]", text) for text in filled[filled != ""].unique())
        return self.export.format in ("spss", "spss_syntax", "stata") and all(numbers)

    def blank(self, text: str) -> bool:
        """Whether a cell stands for no answer: it is blank, or what the tool writes in a blank's place."""
        return fold(text) in _BLANKS or text in self.export.blanks


def original(study: Study, source: Source, export: Export) -> Original:
    """What a twin needs to know of one source."""
    export = replace(export, cells=export.cells.astype(object))
    responses = to_the_day([export], replace(study, sources=(source,)))
    rows = pd.Index(responses.people["row"].astype(int))
    status = pd.Series("dropped", export.cells.index, dtype=object)
    for entry in source.drop_rows:
        named = [row for row in entry.rows if row in status.index]
        status.loc[named] = entry.reason
    status.loc[rows] = responses.people["group"].to_numpy()
    groups = set(responses.people["group"])
    asked = [question for question in study.questionnaire.question if groups & set(question.asked)]
    found = feeds(export, source, asked)
    whole = Original(
        study, source, export, found, responses.answers.set_index(rows), responses.reasons.set_index(rows), status, {},
        _sorting(export, source),
    )  # fmt: skip
    return replace(whole, stopped=_stopped(whole))


def _sorting(export: Export, source: Source) -> dict[int, frozenset[str]]:
    named: list[tuple[Iterable[str], Iterable[str]]] = [([entry.column], entry.is_) for entry in source.drop_rows]
    if isinstance(source.group, GroupColumn):
        columns = source.group.column
        said = (*source.group.mentored, *source.group.non_mentored, *source.group.mentor)
        named.append(([columns] if isinstance(columns, str) else columns, said))
    pointers, allowed = Pointers(export), dict[int, frozenset[str]]()
    for headings, values in named:
        for column in pointers.at(filter(None, headings)):
            allowed[column.position] = allowed.get(column.position, frozenset()) | {fold(value) for value in values}
    return allowed


def _stopped(whole: Original) -> dict[int, int]:
    """Those who left blank the last questions they were asked, with the last column that they filled.

    Texts and what the design needs do not count: a tool may fill them by itself, at the end.
    """
    design = whole.study.design
    apart = {design.weight, design.stratum, design.cluster, design.pair}
    asked = [name for name in whole.feeds if name not in apart and whole.study.question(name).kind != "text"]
    names = sorted(asked, key=lambda name: whole.feeds[name].columns[0].position)
    ends = [max(column.position for column in whole.feeds[name].columns) for name in names]
    stopped = {}
    for row, *reasons in whole.reasons[names].itertuples():
        filled = [place for place, reason in enumerate(reasons) if reason not in _UNFILLED]
        last = filled[-1] if filled else -1
        if reasons[last + 1 :].count("no_answer") >= _FEWEST_LEFT:
            stopped[row] = ends[last] if filled else -1
    return stopped


class Declared:
    """What may stand in the twin as it stands in the file: blanks, marks, and what the study's files declare."""

    def __init__(self, whole: Original, question: Question, column: Column, item: str = "") -> None:
        answers = Answers(question, whole.source.recode.get(question.id, {}))
        self.known = set(reader(question, column, answers)) | set(column.declared_missing)
        self.of_text = answers.of_text
        self.allowed = whole.sorting.get(column.position, frozenset())
        self.labels = column.labels
        self.boxed = bool(item)
        self.blank = whole.blank
        self.foreign = foreign(whole, column.position)

    def __call__(self, text: str) -> str:
        """The text itself where it is declared, else one that is evidently synthetic."""
        if self.blank(text) or text in self.known or (self.boxed and fold(text) in _MARKS):
            return text
        if fold(self.labels.get(text, text)) in self.allowed or self.of_text(text) is not None:
            return text
        return self.foreign


def foreign(whole: Original, position: int) -> str:
    """What stands for a cell that the questionnaire does not know: a text, or a code of nines that has no label."""
    if not whole.numeric(position):
        return SYNTHETIC_TEXT
    labels = whole.export.columns[position].labels
    return next(code for length in range(2, 9) if (code := "9" * length) not in labels)
