"""What young people and mentors say of the same thing, side by side, and how often pairs agree where they are known."""

from impact.analyse.agreement import Mirrored, mirrored
from impact.model import COMPARISONS
from impact.report.book import Book, Row, estimate, first_of, records, sayable
from impact.report.pages._blocks import (
    NONE,
    Block,
    Cell,
    base_cell,
    capital,
    column,
    field,
    legend,
    level_cells,
    masked,
    note,
    prose,
    section,
    short,
    table,
    titled,
)  # fmt: skip
from impact.report.sentences import level
from impact.texts.typography import interval, number, percent

SIDES = (COMPARISONS[0][0], "mentor")
Found = dict[tuple[str, str, str], Row]


def mentors(book: Book) -> Block | None:
    """The things told by both sides; nothing where no figure of both may be shown."""
    told = [each for each in mirrored(book.study.questionnaire) if _shown(book, each)]
    if not told:
        return None
    texts = book.texts
    agreed: Found = {(row["indicator"], row["mirror"], row["measure"]): row for row in records(book.results.agreement)}
    paragraphs = [texts("report.mirrors_text"), texts("report.mirrors_pairs" if agreed else "report.mirrors_no_pairs")]
    return section("mentors", texts("report.mirrors"), _message(book, told),
                   [prose(paragraphs), _table(book, told, agreed)])  # fmt: skip


def _shown(book: Book, told: Mirrored) -> bool:
    return all(estimate(book, one.id, group) for one, group in zip(told, SIDES, strict=True))


def _message(book: Book, told: list[Mirrored]) -> str:
    """The two figures of the first thing that may be said."""
    able = {
        each.young.id: each
        for each in told
        if all(sayable(book, one.id, group) for one, group in zip(each, SIDES, strict=True))
    }
    first = first_of(book, [each.young for each in able.values()])
    if first is None:
        return book.texts("report.mirrors_message")
    young, mentor = (level(book, one, group) for one, group in zip(able[first.id], SIDES, strict=True))
    return book.texts("report.mirrors_said", young=young, mentor=mentor)


def _table(book: Book, told: list[Mirrored], agreed: Found) -> Block | None:
    texts = book.texts
    rows: list[list[Cell]] = [
        [texts.label(each.young.label),
         *(cell for one, group in zip(each, SIDES, strict=True)
           for cell in (base_cell(book, one.id, group), *level_cells(book, one.id, group))),
         *(_agreement(book, each, agreed) if agreed else ())]
        for each in told
    ]  # fmt: skip
    each_side = [column(texts("table.n"), 9, tone="muted"), column(texts("table.result"), 12, bold=True),
                 column(texts("table.interval"), 18, tone="muted")]  # fmt: skip
    pairs = [column(texts("table.pairs"), 11, tone="muted"),
             column(capital(texts("table.measure_agreement")), 23, bold=True),
             column(capital(texts("table.measure_kappa")), 27, tone="muted")]  # fmt: skip
    columns = [column(texts("table.indicator"), align="left"), *(each_side * 2), *(pairs if agreed else [])]
    spans = [("", 1), *((short(book, group), 3) for group in SIDES), *([("", 3)] if agreed else [])]
    block = {**table(columns, rows, spans), "size": 8, "padding": 0.9, "legend": legend(book, rows)}
    return titled(block, texts("report.mirrors_table"), texts("report.mirrors_subtitle"),
                  note(book, texts("report.mirrors_reading"), field(book, SIDES)))  # fmt: skip


def _agreement(book: Book, told: Mirrored, agreed: Found) -> tuple[str, str, str]:
    """How many pairs answered both, how many of them agree, and kappa."""
    rows = [agreed.get((told.young.id, told.mentor.id, measure)) for measure in ("agreement", "kappa")]
    raw, kappa = rows
    if raw is None or kappa is None or raw["status"] != "shown":
        sign = masked(raw) if raw else NONE
        return sign, sign, sign
    limits = interval(raw["low"], raw["high"], "share", book.texts)
    chance = interval(kappa["low"], kappa["high"], "index", book.texts)
    return (number(raw["pairs"], book.texts), f"{percent(raw['estimate'], book.texts)} {limits}",
            f"{number(kappa['estimate'], book.texts, 2)} {chance}")  # fmt: skip
