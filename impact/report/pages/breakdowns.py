"""The figures by the answers to other questions, where the study declares some: levels side by side, no comparison."""

from collections.abc import Mapping, Sequence
from typing import Any

from impact.model import SOURCE_GROUPS
from impact.report.book import Book, Row, in_dimension, labelled, records
from impact.report.pages._blocks import (
    MASKED,
    NONE,
    Block,
    Cell,
    capital,
    column,
    field,
    legend,
    level_of,
    masked,
    note,
    section,
    short,
    table,
)  # fmt: skip
from impact.report.pages.balance import answer_name
from impact.study import Indicator
from impact.texts.typography import number

Found = Mapping[tuple[str, str, str], Row]  # the rows of one question: by indicator, group, choice


def breakdowns(book: Book) -> Block | None:
    """A table a question and dimension; None where nothing of it may be printed, or none is declared.

    Of the groups that are no part of another: the bands stand in the tables that go with the report.
    """
    texts, rows = book.texts, records(book.results.breakdowns)
    tables = [made for by in book.study.analysis.breakdowns for made in _tables(book, by, rows)]
    if not tables:
        return None
    cells = [row for made in tables for row in made["rows"]]
    why = texts("report.breakdowns_masked") if any(MASKED in row for row in cells) else ""
    tables[-1]["legend"] = " ".join(filter(None, (legend(book, cells), why)))
    tables[-1]["note"] = note(book, texts("report.breakdowns_reading"), field(book, book.study.groups))
    return section("breakdowns", texts("report.breakdowns"), texts("report.breakdowns_message"), tables)


def _tables(book: Book, by: str, rows: list[dict[str, Any]]) -> list[Block]:
    """The tables of one question, one a dimension that has a figure to show."""
    found = {(row["indicator"], row["group"], row["choice"]): row for row in rows
             if row["by"] == by and row["group"] in SOURCE_GROUPS}  # fmt: skip
    printed = {indicator for (indicator, _, _), row in found.items() if row["status"] == "shown"}
    made = []
    for dimension in book.study.questionnaire.dimension:
        indicators = [each for each in in_dimension(book, dimension) if each.id in printed]
        if indicators:
            made.append(_table(book, by, indicators, found))
    return made


def _table(book: Book, by: str, indicators: Sequence[Indicator], found: Found) -> Block:
    """A line an indicator and answer; base, figure and interval of each group."""
    texts, names = book.texts, {each.id for each in indicators}
    mine = [key for key in found if key[0] in names]
    groups = [group for group in SOURCE_GROUPS if any(group == held for _, held, _ in mine)]
    rows: list[list[Cell]] = [
        [texts("adjusted.category", label=labelled(book, each), category=answer_name(book, by, choice)),
         *(cell for group in groups for cell in _cells(book, found.get((each.id, group, choice))))]
        for each in indicators
        for choice in dict.fromkeys(choice for name, _, choice in mine if name == each.id)
    ]  # fmt: skip
    each_group = [column(texts("table.n"), 9, tone="muted"), column(texts("table.result"), 15, bold=True),
                  column(texts("table.interval"), 20, tone="muted")]  # fmt: skip
    columns = [column(texts("table.indicator"), align="left"), *(each_group * len(groups))]
    block = table(columns, rows, [("", 1), *((short(book, group), 3) for group in groups)])
    title = texts("report.breakdowns_by", question=capital(texts.label(book.study.question(by).name)))
    label = texts.label(book.study.questionnaire.dimension[indicators[0].dimension].label)
    return {**block, "size": 7.8, "padding": 0.9, "title": title, "subtitle": label}


def _cells(book: Book, row: Row | None) -> tuple[str, str, str]:
    if row is None or row["status"] != "shown":
        sign = masked(row) if row else NONE
        return sign, sign, sign
    whole = book.estimates[row["indicator"], row["group"]]  # written as the group's own figure is
    return number(row["n"], book.texts), *level_of(book, {**row, "unit": whole["unit"]})
