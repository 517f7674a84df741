"""What an adjusted comparison stands on: how alike the groups are, what is left of them, what silence could change."""

import math
from collections.abc import Iterable

from impact.model import WITH_RARE
from impact.report.adjusting import PLAIN, overlapping, refusal, ways
from impact.report.book import Book, Row, first_of, gap, gap_is_sayable, records, sensitivity
from impact.report.pages._blocks import (
    NONE,
    Block,
    Cell,
    capital,
    column,
    field,
    gap_cells,
    legend,
    masked,
    note,
    short,
    table,
    titled,
)  # fmt: skip
from impact.report.sentences import called, name, primaries
from impact.study import Indicator
from impact.texts.typography import interval, number, value

FAR = 0.1  # a standardised difference from which two groups are said to differ (Austin 2009)
FAR_SIGN = "\u00a0‡"


def balance_table(book: Book, pair: tuple[str, str], adjustment: str) -> Block | None:
    """Each characteristic in the two groups, as they are and once adjusted, and how far apart they stand."""
    texts = book.texts
    rows = [row for row in records(book.results.balance) if (row["group"], row["reference"]) == pair]
    sides = [each for each in (PLAIN, adjustment) if any(row["adjustment"] == each for row in rows)]
    found = {(row["covariate"], row["category"], row["adjustment"]): row for row in rows}
    seen = {row["covariate"] for row in rows if row["status"] == "shown"}
    lines = dict.fromkeys((row["covariate"], row["category"] if row["covariate"] in seen else "") for row in rows)
    first = {row["covariate"]: row for row in reversed(rows)}  # stands for one that is masked whole
    cells: list[list[Cell]] = [
        [covariate_name(book, covariate, category),
         *(cell for each in sides for cell in _balance_cells(
             book, found.get((covariate, category, each)) if covariate in seen else first[covariate]))]
        for covariate, category in lines
    ]  # fmt: skip
    if not any(row["status"] == "shown" for row in rows):
        return None
    each_way = [*(column(short(book, group), 19, tone="muted") for group in pair),
                column(texts("table.std_difference"), 20, bold=True)]  # fmt: skip
    columns = [column(texts("table.covariate"), align="left"), *(each_way * len(sides))]
    spans = [("", 1), *((_side(book, pair, each), 3) for each in sides)]
    far = texts("adjusted.legend_far") if any(_text(cell).endswith(FAR_SIGN) for row in cells for cell in row) else ""
    block = {**table(columns, cells, spans), "size": 8, "padding": 0.9,
             "legend": " ".join(filter(None, (far, legend(book, cells))))}  # fmt: skip
    return titled(block, texts("adjusted.balance"), texts("adjusted.balance_table_subtitle"),
                  note(book, texts("adjusted.balance_table_reading"), field(book, pair)))  # fmt: skip


def _side(book: Book, pair: tuple[str, str], adjustment: str) -> str:
    """The head of the columns of one way of comparing: by name where several adjustments are made."""
    if adjustment == PLAIN:
        return book.texts("adjusted.way_none")
    if len(ways(book, pair)) < 2:
        return book.texts("adjusted.way_some")
    return book.texts("adjusted.way_named", way=book.texts(f"table.adjustment_{adjustment}"))


def covariate_name(book: Book, covariate: str, category: str) -> str:
    """A characteristic as the head of a row: its question's name and, for an answer, that answer."""
    question = book.study.question(covariate)
    label = capital(book.texts.label(question.name))
    if not category:
        return f"{label} ({question.units[0]})" if question.units else label
    code = category.removesuffix(WITH_RARE)
    said = answer_name(book, covariate, code)
    if code != category:
        said = book.texts("table.category_with_rare", answer=said)
    return book.texts("adjusted.category", label=label, category=said)


def answer_name(book: Book, question: str, code: str) -> str:
    """An answer to a closed question by its label."""
    choices = {choice.code: choice.label for choice in book.study.question(question).choices}
    known = f"table.category_{code}"
    own = book.texts(known) if known in book.texts else code
    return book.texts.label(choices[code]) if code in choices else own


def _balance_cells(book: Book, row: Row | None) -> list[Cell]:
    if row is None or row["status"] != "shown":
        sign = masked(row) if row else NONE
        return [sign, sign, sign]
    unit = "share" if row["category"] else "mean"
    apart = float(row["std_difference"])
    written = number(apart, book.texts, 2)
    far = abs(apart) > FAR
    cell: Cell = {"text": written + FAR_SIGN, "tone": "down"} if far else written
    return [*(value(row[key], unit, book.texts) for key in ("mean", "mean_reference")), cell]


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else cell["text"]


def footing_table(book: Book) -> Block | None:
    """Each adjusted comparison: how many people it rests on, how alike they are, or why it is not made."""
    texts = book.texts
    rows: list[list[Cell]] = [_footing(book, row) for row in records(book.results.adjustment)]
    if not rows:
        return None
    columns = [column(texts("adjusted.footing_pair"), 52, align="left"),
               column(texts("table.adjustment"), 27, align="left", tone="muted"),
               column(texts("adjusted.footing_sizes"), 21, tone="muted"),
               column(texts("adjusted.footing_effective"), 21, bold=True),
               column(texts("adjusted.footing_largest"), 17, tone="muted"),
               column(texts("adjusted.footing_said"), align="left")]  # fmt: skip
    block = {**table(columns, rows), "size": 8, "padding": 0.9, "legend": legend(book, rows)}
    groups = [group for row in records(book.results.adjustment) for group in (row["group"], row["reference"])]
    return titled(block, texts("adjusted.footing"), texts("adjusted.footing_subtitle"),
                  note(book, texts("adjusted.footing_reading"), field(book, groups)))  # fmt: skip


def _footing(book: Book, row: Row) -> list[Cell]:
    texts = book.texts
    pair = texts("adjusted.against", group=short(book, row["group"]), reference=name(book, row["reference"]))
    names = [pair, capital(texts(f"table.adjustment_{row['adjustment']}"))]
    sizes = _both(book, (row["n"], row["n_reference"]))
    if row["reason"]:
        return [*names, sizes, NONE, NONE, refusal(book, row)]
    if row["status"] != "shown":
        return [*names, sizes, masked(row), masked(row), masked(row)]
    effective = _both(book, (row["effective"], row["effective_reference"]))
    largest = number(row["largest_std_difference"], texts, 2)
    return [*names, sizes, effective, largest, overlapping(book, row) or NONE]


def _both(book: Book, sizes: Iterable[float]) -> str:
    written = [NONE if math.isnan(size) else number(size, book.texts) for size in sizes]
    return book.texts("adjusted.both", first=written[0], second=written[1])


def bounds_table(book: Book, pair: tuple[str, str]) -> Block | None:
    """What the answers that are missing could make of the differences announced in advance."""
    texts = book.texts
    primary = [book.indicators[each] for each in book.study.analysis.primary if each in book.indicators]
    kept = [each for each in primary if gap(book, each.id, pair) and sensitivity(book, each.id, pair, PLAIN, "bounds")]
    if not any(_silent(book, each, pair) for each in kept):
        return None
    rows: list[list[Cell]] = [
        [texts.label(each.label), *gap_cells(book, each, pair)[:2],
         *(_limits(book, sensitivity(book, each.id, pair, PLAIN, analysis), names)
           for analysis, names in (("bounds", ("low", "high")), ("bounds", ("limit_low", "limit_high")),
                                   ("trimming", ("low", "high")), ("trimming", ("limit_low", "limit_high"))))]
        for each in kept
    ]  # fmt: skip
    columns = [column(texts("table.indicator"), align="left"), column(texts("table.gap"), 15, bold=True),
               column(texts("table.interval"), 20, tone="muted"),
               column(texts("adjusted.bounds_column"), 20, bold=True),
               column(texts("adjusted.bounds_limits"), 22, tone="muted"),
               column(texts("adjusted.trimming_column"), 22, bold=True),
               column(texts("adjusted.bounds_limits"), 22, tone="muted")]  # fmt: skip
    told = " ".join(filter(None, (_silence(book, kept, pair), legend(book, rows))))
    block = {**table(columns, rows), "size": 8, "padding": 0.9, "legend": told}
    return titled(block, texts("adjusted.bounds"), texts("adjusted.bounds_subtitle", primary=primaries(book)),
                  note(book, texts("adjusted.bounds_reading"), field(book, pair, kept)))  # fmt: skip


def _silent(book: Book, indicator: Indicator, pair: tuple[str, str]) -> bool:
    """Whether someone who was asked gave no answer: the bounds are then apart."""
    row = sensitivity(book, indicator.id, pair, PLAIN, "bounds")
    return row is not None and bool(row["low"] < row["high"])


def _silence(book: Book, kept: list[Indicator], pair: tuple[str, str]) -> str:
    """Whether zero stays out of the headline difference, whatever those without an answer had said; "" where it may
    not be told."""
    first = first_of(book, [each for each in kept if gap_is_sayable(book, each, pair)])
    if first is None or not _silent(book, first, pair):
        return ""
    found = {key: sensitivity(book, first.id, pair, PLAIN, key) for key in ("bounds", "trimming")}
    said = {key: book.texts(f"adjusted.limits_{_zero(row)}") for key, row in found.items() if row}
    return book.texts("adjusted.silence", label=capital(called(book, first)), **said) if len(said) == len(found) else ""


def _zero(row: Row) -> str:
    """Where zero stands: outside the bounds and their interval, outside the bounds alone, or within."""
    if row["limit_low"] > 0 or row["limit_high"] < 0:
        return "out"
    return "in" if row["low"] > 0 or row["high"] < 0 else "within"


def _limits(book: Book, row: Row | None, names: tuple[str, str]) -> str:
    if row is None:
        return NONE
    low, high = (float(row[name]) for name in names)
    return interval(low, high, row["unit"], book.texts, "difference")
