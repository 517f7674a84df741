"""Every figure of the study: all indicators, all groups, with their bases."""

from impact.model import COMPARISONS, GROUPS
from impact.report.book import Book, estimate, gap, in_dimension, labelled
from impact.report.pages._blocks import (
    Block,
    Cell,
    base_cell,
    column,
    field,
    gap_cells,
    legend,
    level_cells,
    note,
    section,
    short,
    table,
    titled,
)  # fmt: skip
from impact.report.pages.dimensions import no_result
from impact.report.sentences import lost_by_correction
from impact.study import Indicator


def all_results(book: Book) -> Block:
    """One table a dimension, so that each keeps its own headings."""
    texts, groups = book.texts, _groups(book)
    tables = [made for name in book.study.questionnaire.dimension if (made := _table(book, name, groups))]
    if (compared := _band_gaps(book)) is not None:
        tables.append(compared)
    if tables:  # what the signs mean, whom and what the tables stand on are said once, under the last
        tables[-1]["legend"] = legend(book, [row for made in tables for row in made["rows"]])
        tables[-1]["note"] = note(book, texts("report.unadjusted") if compared else "", field(book, groups))
    said = texts("report.results_message" if book.gaps else "report.results_message_alone")
    message = said if tables else no_result(book)
    return section("results", texts("report.results"), message, tables)


def _groups(book: Book) -> list[str]:
    present = {group for _, group in book.estimates}
    return [group for group in GROUPS if group in present and group != "mentored_unknown"]


def _table(book: Book, dimension: str, groups: list[str]) -> Block | None:
    texts, indicators = book.texts, in_dimension(book, dimension)
    if not any(estimate(book, each.id, group) for each in indicators for group in groups):
        return None
    rows: list[list[Cell]] = [
        [labelled(book, each), *(cell for group in groups for cell in _cells(book, each.id, group))]
        for each in indicators
    ]
    base, result = (14, 22) if len(groups) == 1 else (9, 12.5)  # a group alone leaves room for large numbers
    each_group = [column(texts("table.n"), base, tone="muted"), column(texts("table.result"), result, bold=True)]
    columns = [column(texts("table.indicator"), align="left"), *(each_group * len(groups))]
    block = table(columns, rows, [("", 1), *((short(book, group), 2) for group in groups)])
    label = texts.label(book.study.questionnaire.dimension[dimension].label)
    return titled({**block, "size": 7.8, "padding": 0.9}, label, "")


def _band_gaps(book: Book) -> Block | None:
    """Each band against the non-mentored: the comparisons that no other page prints."""
    texts, pairs = book.texts, COMPARISONS[1:3]
    compared = [each for each in book.indicators.values() if any(gap(book, each.id, pair) for pair in pairs)]
    if not compared:
        return None
    rows: list[list[Cell]] = [
        [labelled(book, each), *(cell for pair in pairs for cell in _gap(book, each, pair))] for each in compared
    ]
    each_pair = [column(texts("table.gap"), 17, bold=True), column(texts("table.interval"), 25, tone="muted"),
                 column(texts("table.p_adjusted"), 14, tone="muted")]  # fmt: skip
    columns = [column(texts("table.indicator"), align="left"), *(each_pair * len(pairs))]
    block = table(columns, rows, [("", 1), *((short(book, pair[0]), 3) for pair in pairs)])
    return titled({**block, "size": 7.8, "padding": 0.9}, texts("report.results_bands"),
                  texts("report.results_bands_subtitle"))  # fmt: skip


def _gap(book: Book, indicator: Indicator, pair: tuple[str, str]) -> list[Cell]:
    """A difference, its interval and its p; in brackets, as a verdict would be, where it is clear only taken alone."""
    size, *rest = gap_cells(book, indicator, pair)[:3]
    row = gap(book, indicator.id, pair)
    if row is None or isinstance(size, str) or not lost_by_correction(row):
        return [size, *rest]
    return [{**size, "text": book.texts("table.taken_alone", outcome=size["text"])}, *rest]


def _cells(book: Book, indicator: str, group: str) -> tuple[str, str]:
    return base_cell(book, indicator, group), level_cells(book, indicator, group)[0]
