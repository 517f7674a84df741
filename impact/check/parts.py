"""One source at a time: its export, what the study says of it, and its rows among the responses."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from impact.check.nouns import Place
from impact.matching import fold
from impact.model import Column, Export, Responses
from impact.normalise._reading import impersonal
from impact.study import Question, Source, Study


class Part(NamedTuple):
    """One source. `rows` maps the index of the responses to the rows of the file."""

    export: Export
    source: Source
    rows: "pd.Series[int]"
    groups: frozenset[str]
    flow: pd.DataFrame
    problems: pd.DataFrame
    fed: Mapping[str, tuple[Column, ...]]  # by question; "" for the columns that only sort rows

    def column(self, letter: str) -> Column | None:
        """The column of a letter."""
        return next((column for column in self.export.columns if column.letter == letter), None)

    def file_rows(self, index: pd.Index) -> tuple[int, ...]:
        """Rows of the responses as the file counts them."""
        return tuple(int(row) for row in self.rows.loc[index])


def parts_of(exports: Sequence[Export], responses: Responses, study: Study) -> list[Part]:
    """The sources in the study's order. Responses follow that order, so each source's rows are the next ones."""
    found = []
    start = 0
    stages = list(_by_source(responses.flow))
    for export, source, flow in zip(exports, study.sources, stages, strict=True):
        kept = int(flow.loc[flow["stage"] == "kept", "count"].sum())
        people = responses.people.iloc[start : start + kept]
        start += kept
        problems = responses.problems[
            (responses.problems["source"] == export.source) & (responses.problems["sheet"] == export.sheet)
        ]
        fed = _fed(export, responses.mapping)
        found.append(Part(export, source, people["row"], frozenset(people["group"]), flow, problems, fed))
    return found


def _by_source(flow: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """The lines of the flow, one source after the other: each begins with the rows received."""
    return (lines for _, lines in flow.groupby((flow["stage"] == "received").cumsum()))


def _fed(export: Export, mapping: pd.DataFrame) -> dict[str, tuple[Column, ...]]:
    columns = {column.letter: column for column in export.columns}
    lines = mapping[mapping["source"] == export.source]
    fed: dict[str, tuple[Column, ...]] = {}
    for question, letter in zip(lines["question"], lines["column"], strict=True):
        if letter in columns:
            fed[question] = (*fed.get(question, ()), columns[letter])
    return fed


def asked_here(part: Part, study: Study) -> list[Question]:
    """The questions that the groups of a source were asked."""
    return [question for question in study.questionnaire.question if part.groups & set(question.asked)]


def place(column: Column) -> Place:
    """Where a column stands, its heading as a message may show it."""
    return Place(column.letter, impersonal(column.heading))


def pointed_at(export: Export, column: Column) -> str:
    """The text that points at one column of an export: the second of two equal headings is "… (2)"."""
    alike = [other.position for other in export.columns if fold(other.heading) == fold(column.heading)]
    number = alike.index(column.position) + 1
    return f"{column.heading} ({number})" if len(alike) > 1 else column.heading
