"""Every figure of the study: all indicators, all groups, with their bases."""

from impact.model import GROUPS
from impact.report.adjusting import pair_of, way
from impact.report.book import Book, Row, adjusted_gap, estimate, gap, in_dimension, labelled
from impact.report.pages._blocks import (
    Block,
    Cell,
    base_cell,
    column,
    field,
    legend,
    level_cells,
    note,
    row_cells,
    section,
    short,
    table,
    titled,
)  # fmt: skip
from impact.report.pages.dimensions import no_result
from impact.report.pages.options import option_tables
from impact.report.sentences import lost_by_correction, name
from impact.report.solidity import detectable_of
from impact.study import Indicator


def all_results(book: Book) -> Block:
    """One table a dimension, so that each keeps its own headings."""
    texts, groups = book.texts, _groups(book)
    levels = [made for each in book.study.questionnaire.dimension if (made := _table(book, each, groups))]
    if not levels:
        return section("results", texts("report.results"), no_result(book), [])
    compared = _band_gaps(book)
    tables = [made for made in (*levels, *option_tables(book), _adjusted(book), compared) if made]
    last = tables[-1]  # what the signs mean, whom and what the tables stand on are said once, under it
    signs = legend(book, [row for made in tables for row in made["rows"]])
    last["legend"] = " ".join(filter(None, (last["legend"], signs)))
    last["note"] = note(book, texts("report.unadjusted") if compared else "", field(book, groups))
    said = texts("report.results_message" if book.gaps else "report.results_message_alone")
    return section("results", texts("report.results"), said, tables)


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
    texts, pairs = book.texts, book.pairs[1:3]
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
    seen = detectable_of(book, compared, pairs)
    return titled({**block, "size": 7.8, "padding": 0.9, "legend": seen}, texts("report.results_bands"),
                  texts("report.results_bands_subtitle"))  # fmt: skip


def _adjusted(book: Book) -> Block | None:
    """Every comparison of the first two groups, without and with adjustment."""
    pair = pair_of(book)
    adjustment = way(book, pair) if pair else ""
    compared = [each for each in book.indicators.values() if pair and (each.id, *pair, adjustment) in book.adjusted]
    if pair is None or not any(adjusted_gap(book, each.id, pair, adjustment) for each in compared):
        return None
    texts = book.texts
    rows: list[list[Cell]] = [
        [labelled(book, each), *(cell for cells in _ways(book, each, pair, adjustment) for cell in cells)]
        for each in compared
    ]
    each_way = [column(texts("table.gap"), 17, bold=True), column(texts("table.interval"), 25, tone="muted"),
                column(texts("table.p_adjusted"), 14, tone="muted")]  # fmt: skip
    columns = [column(texts("table.indicator"), align="left"), *(each_way * 2)]
    block = table(columns, rows, [("", 1), (texts("adjusted.way_none"), 3), (texts("adjusted.way_some"), 3)])
    subtitle = texts("report.results_adjusted_subtitle", first=name(book, pair[0]), second=name(book, pair[1]))
    return titled({**block, "size": 7.8, "padding": 0.9}, texts("report.results_adjusted"), subtitle)


def _ways(book: Book, indicator: Indicator, pair: tuple[str, str], adjustment: str) -> tuple[list[Cell], list[Cell]]:
    crude = _alone(book, indicator, book.gaps.get((indicator.id, *pair)))
    return crude, _alone(book, indicator, book.adjusted.get((indicator.id, *pair, adjustment)))


def _gap(book: Book, indicator: Indicator, pair: tuple[str, str]) -> list[Cell]:
    """A difference, its interval and its p; in brackets, as a verdict would be, where it is clear only taken alone."""
    return _alone(book, indicator, book.gaps.get((indicator.id, *pair)))


def _alone(book: Book, indicator: Indicator, row: Row | None) -> list[Cell]:
    size, *rest = row_cells(book, indicator, row)[:3]
    if row is None or isinstance(size, str) or not lost_by_correction(row):
        return [size, *rest]
    return [{**size, "text": book.texts("table.taken_alone", outcome=size["text"])}, *rest]


def _cells(book: Book, indicator: str, group: str) -> tuple[str, str]:
    return base_cell(book, indicator, group), level_cells(book, indicator, group)[0]
