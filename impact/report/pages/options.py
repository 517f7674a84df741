"""Questions of which several answers may be ticked: every answer on one base, and the set as a whole."""

from typing import Any

from impact.model import COMPARISONS
from impact.report.book import Book, Row, records
from impact.report.pages._blocks import NONE as NONE
from impact.report.pages._blocks import Block, Cell, capital, column, masked, short, table, titled
from impact.report.sentences import SIGNS
from impact.texts.typography import bare, interval, number, p_value, percent

PAIR = COMPARISONS[0]


def option_tables(book: Book) -> list[Block]:
    """One table a multiple-choice question that has a figure to show, in the questionnaire's order."""
    rows = records(book.results.options)
    multiple = [each.id for each in book.study.questionnaire.question if each.kind == "multiple"]
    by_question = {name: [row for row in rows if row["question"] == name] for name in multiple}
    return [_table(book, name, inside) for name, inside in by_question.items() if _shows(inside)]


def _shows(rows: list[dict[str, Any]]) -> bool:
    return any(row["status"] == "shown" and not row["reference"] for row in rows)


def _table(book: Book, question: str, rows: list[dict[str, Any]]) -> Block:
    texts, asked = book.texts, book.study.question(question)
    found = {(row["choice"], row["group"], row["reference"]): row for row in rows}
    groups = [group for group in book.study.groups if any((choice, group, "") in found for choice in asked.codes)]
    paired = any((choice, *PAIR) in found for choice in asked.codes)
    choices = dict.fromkeys(row["choice"] for row in rows if row["choice"])
    labels = {choice.code: texts.label(choice.label) for choice in asked.choices}
    cells: list[list[Cell]] = [
        [capital(labels.get(choice, choice)),
         *(cell for group in groups for cell in _level(book, found.get((choice, group, "")))),
         *(_gap(book, found.get((choice, *PAIR))) if paired else ())]
        for choice in choices
    ]  # fmt: skip
    each_group = [column(texts("table.n"), 9, tone="muted"), column(texts("table.result"), 13, bold=True),
                  column(texts("table.interval"), 19, tone="muted")]  # fmt: skip
    of_gap = [column(texts("table.gap"), 15, bold=True), column(texts("table.interval"), 22, tone="muted"),
              column(texts("table.p_adjusted"), 14, tone="muted")]  # fmt: skip
    columns = [column(texts("table.choice"), align="left"), *(each_group * len(groups)), *(of_gap if paired else [])]
    spans = [("", 1), *((short(book, group), 3) for group in groups), *([("", 3)] if paired else [])]
    together = _together(book, found.get(("", *PAIR)))
    block = {**table(columns, cells, spans), "size": 7.8, "padding": 0.9, "legend": together}
    key = "options_subtitle" if paired else "options_subtitle_alone"
    subtitle = texts(f"report.{key}", level=percent(book.study.analysis.level, texts))
    made = titled(block, texts.label(asked.text), subtitle)
    return made or block


def _level(book: Book, row: Row | None) -> tuple[str, str, str]:
    if row is None or row["status"] != "shown":
        sign = masked(row) if row else NONE
        return sign, sign, sign
    return (
        number(row["n"], book.texts),
        percent(row["estimate"], book.texts),
        interval(row["low"], row["high"], "share", book.texts),
    )


def _gap(book: Book, row: Row | None) -> tuple[str, str, str]:
    if row is None or row["status"] != "shown":
        sign = masked(row) if row else NONE
        return sign, sign, sign
    written = f"{SIGNS[row['verdict']]}\u00a0{bare(row['estimate'], 'share', book.texts, 'difference')}"
    p = p_value(row["p_adjusted"], book.texts).removeprefix("p\u00a0=\u00a0").removeprefix("p\u00a0")
    return written, interval(row["low"], row["high"], "share", book.texts, "difference"), p


def _together(book: Book, row: Row | None) -> str:
    """What the test of the whole set comes to, in a sentence; "" where it is not shown."""
    if row is None or row["status"] != "shown":
        return ""
    corrected = row["p_adjusted"] if row["p_adjusted"] == row["p_adjusted"] else row["p"]
    key = "apart" if corrected < 1 - row["level"] else "open"
    return book.texts(f"report.options_{key}", p=p_value(corrected, book.texts))
