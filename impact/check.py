"""What `impact check` shows: what was read, which column feeds which question, what was not understood.

Counts and headings only: no table here holds an answer of one respondent but the cells that were not understood.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from impact.model import REASONS, Export, Responses
from impact.study import Study
from impact.texts import Texts

_MOST_PROBLEMS = 30  # on a terminal; problems.csv holds them all


class Table(NamedTuple):
    """One table of the check, every cell already in words."""

    title: str
    headings: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    note: str = ""


def tables(exports: Sequence[Export], responses: Responses, study: Study, texts: Texts) -> Iterator[Table]:
    """The tables of a check, in the order one reads them."""
    yield _sources(responses, texts)
    yield _questions(responses, study, texts)
    yield _unmapped(exports, responses, study, texts)
    yield _problems(responses, texts)


def _sources(responses: Responses, texts: Texts) -> Table:
    rows = []
    for source, group, stage, reason, count in responses.flow.itertuples(index=False):
        detail = texts(f"flow.{reason}") if f"flow.{reason}" in texts else reason
        rows.append((source, texts(f"flow.{stage}"), detail or (texts(f"group.{group}") if group else ""), str(count)))
    return Table(texts("check.sources"), _headings(texts, "source", "stage", "detail", "count"), rows)


def _questions(responses: Responses, study: Study, texts: Texts) -> Table:
    """Per question: the columns that feed it, how many answered, the blanks by reason."""
    fed: dict[str, list[str]] = {}
    for source, question, column, _ in responses.mapping.itertuples(index=False):
        fed.setdefault(question, []).append(f"{source} {column}")
    rows = []
    for question in study.questionnaire.question:
        counted = responses.reasons.loc[responses.people["group"].isin(question.asked), question.id].value_counts()
        blanks = [f"{counted[reason]} {texts(f'reason.{reason}')}" for reason in REASONS if counted.get(reason, 0)]
        columns = fed.get(question.id, [])
        shown = ", ".join(columns[:4]) + (" …" if len(columns) > 4 else "")
        rows.append((question.id, shown or "—", str(counted.get("", 0)), " · ".join(blanks)))
    return Table(texts("check.questions"), _headings(texts, "question", "columns", "answered", "blanks"), rows)


def _unmapped(exports: Sequence[Export], responses: Responses, study: Study, texts: Texts) -> Table:
    """The columns that no question takes: headings only, their cells are never looked at."""
    used = set(zip(responses.mapping["source"], responses.mapping["column"], strict=True))
    rows = [
        (export.source, column.letter, column.heading)
        for export in exports
        for column in export.columns
        if (export.source, column.letter) not in used and column.heading != study.about.identifier
    ]
    return Table(
        texts("check.unmapped"), _headings(texts, "source", "column", "heading"), rows, texts("check.unmapped_note")
    )


def _problems(responses: Responses, texts: Texts) -> Table:
    """One line a value that was not understood, with how often and where first; the most frequent first."""
    lines = responses.problems.fillna({"row": 0})
    alike = lines.groupby(["source", "column", "heading", "value", "problem", "done"], sort=False)["row"]
    counted = alike.agg(["size", "min"]).reset_index().sort_values("size", ascending=False, kind="stable")
    rows = []
    for line in counted.head(_MOST_PROBLEMS).to_dict("records"):
        where = f"{line['column']} « {line['heading']} »" if line["column"] else ""
        what, done = texts(f"problem.{line['problem']}"), texts(f"done.{line['done']}")
        rows.append((line["source"], where, line["value"], what, str(line["size"]), str(line["min"] or ""), done))
    left = len(counted) - len(rows)
    headings = _headings(texts, "source", "column", "value", "problem", "count", "first_row", "done")
    return Table(texts("check.problems"), headings, rows, texts("check.problems_left", count=left) if left else "")


def _headings(texts: Texts, *names: str) -> tuple[str, ...]:
    return tuple(texts(f"heading.{name}") for name in names)
