"""What the two groups were not asked alike, what is decided of it, and who answers for it."""

from typing import Any

from impact.normalise.differences import said
from impact.report.book import Book, records
from impact.report.pages._blocks import Block, Cell, capital, column, literal, note, prose, table, titled
from impact.texts.typography import number


def compared(book: Book) -> list[Block | None]:
    """A paragraph that counts, and a table of the questions that are not compared or that a person signed."""
    by_question: dict[str, list[dict[str, Any]]] = {}
    for row in records(book.results.comparability):
        by_question.setdefault(str(row["question"]), []).append(row)
    if not by_question:
        return []
    firsts = [rows[0] for rows in by_question.values()]
    refused = [row for row in firsts if not row["compared"]]
    signed = [row for row in firsts if row["compared"] and row["found"] == "doubtful"]
    counts = {"total": len(firsts), "refused": len(refused), "signed": len(signed)}
    counts["alike"] = len(firsts) - len(refused) - len(signed)
    written = {key: number(count, book.texts) for key, count in counts.items()}
    paragraphs = [
        f"**{book.texts('report.compared')}.** {book.texts('report.compared_text', **written)}",
        book.texts("report.compared_refused") if refused else "",
    ]
    told = [rows for rows in by_question.values() if not rows[0]["compared"] or rows[0]["signed_by"]]
    return [prose(paragraphs), _table(book, told)]


def _table(book: Book, told: list[list[dict[str, Any]]]) -> Block | None:
    texts = book.texts
    if not told:
        return None
    rows: list[list[Cell]] = [[_asked(book, group[0]), _differs(book, group), _decision(book, group[0])]
                              for group in told]  # fmt: skip
    columns = [column(texts("table.question"), 44, align="left"),
               column(texts("report.compared_differs"), align="left", tone="muted"),
               column(texts("report.compared_decision"), 70, align="left")]  # fmt: skip
    return titled(table(columns, rows), texts("report.compared_title"), texts("report.compared_subtitle"),
                  note(book, "", texts("report.compared_field")))  # fmt: skip


def _asked(book: Book, row: dict[str, Any]) -> str:
    return book.texts.label(book.study.question(str(row["question"])).text)


def _differs(book: Book, rows: list[dict[str, Any]]) -> str:
    sentences = said(rows, book.study, book.texts)
    return literal(capital(" ; ".join(sentences) or book.texts("report.compared_no_difference")) + ".")


def _decision(book: Book, row: dict[str, Any]) -> str:
    """Whether a question is compared, and what the person who signed it says."""
    by, why = literal(str(row["signed_by"])), literal(str(row["why"]))
    key = "compared" if row["compared"] else "compared_not"
    if not by:
        return book.texts("report.compared_not")
    return book.texts(f"report.{key}_by" if why else f"report.{key}_by_alone", by=by, why=why)
