"""Who answered, what is missing and why, and what could not be understood."""

from collections import Counter

from impact.model import REASONS, SOURCE_GROUPS
from impact.report.book import Book, records
from impact.report.pages._blocks import Block, Cell, column, note, prose, section, table, titled
from impact.report.sentences import name
from impact.texts.typography import number

MOST_MISSING = 12  # questions in the table; the whole of it is in missing.csv


def quality(book: Book) -> Block:
    """From what was received to what was kept, and what is missing in it."""
    texts, flow = book.texts, book.results.flow
    total = {stage: int(flow.loc[flow["stage"] == stage, "count"].sum()) for stage in ("received", "kept")}
    message = texts("report.quality_message", **{stage: number(count, texts) for stage, count in total.items()})
    empty = "" if _missing_rows(book) else texts("report.quality_no_missing")
    clear = texts("report.quality_no_problems") if book.results.problems.empty else ""
    paragraphs = [texts("report.quality_rate"), texts("report.quality_reasons"), empty, clear]
    return section("quality", texts("report.quality"), message,
                   [prose(paragraphs), _flow(book), _missing(book), _problems(book)])  # fmt: skip


def reason_name(book: Book, reason: str) -> str:
    """Why an answer is missing or a row was dropped; a reason that the study wrote itself stays as written."""
    key = next((key for key in (f"reason.{reason}", f"flow.{reason}") if key in book.texts), "")
    return book.texts(key) if key else reason.replace("_", " ")


def _flow(book: Book) -> Block | None:
    texts, rows = book.texts, records(book.results.flow)
    reasons = list(dict.fromkeys(row["reason"] for row in rows if row["stage"] == "dropped"))
    cells: list[list[Cell]] = [_flow_row(book, [row for row in rows if row["source"] == source], reasons)
                               for source in dict.fromkeys(row["source"] for row in rows)]  # fmt: skip
    if not cells:
        return None
    heads = ["received", *reasons, "kept"]
    labels = [texts("table.received"), *(reason_name(book, each) for each in reasons), texts("table.kept")]
    counts = [column(label, 19, bold=key == "kept", tone="muted" if key in reasons else "strong")
              for key, label in zip(heads, labels, strict=True)]  # fmt: skip
    columns = [
        column(texts("table.source"), align="left"),
        *counts,
        column(texts("table.kept_groups"), 50, align="left"),
    ]
    return titled(table(columns, cells), texts("report.quality_flow"), texts("report.quality_flow_subtitle"))


def _flow_row(book: Book, rows: list[dict[str, object]], reasons: list[str]) -> list[Cell]:
    """One file: received, dropped by reason, kept, and in which groups."""

    def total(stage: str, reason: str = "") -> str:
        return number(
            sum(int(str(row["count"])) for row in rows if (row["stage"], row["reason"]) == (stage, reason)), book.texts
        )

    groups = [f"{number(float(str(row['count'])), book.texts)} {name(book, str(row['group']))}"
              for row in rows if row["stage"] == "kept" and row["group"]]  # fmt: skip
    return [str(rows[0]["source"]), total("received"), *(total("dropped", each) for each in reasons), total("kept"),
            ", ".join(groups)]  # fmt: skip


def _missing_rows(book: Book) -> list[tuple[str, dict[str, int]]]:
    """Indicators with most missing answers first (the questionnaire's order between equals), counts by reason."""
    frame = book.results.missing
    frame = frame[frame["group"].isin(SOURCE_GROUPS) & (frame["reason"] != "not_asked")].dropna(subset="count")
    counts: dict[str, dict[str, int]] = {}
    for row in records(frame):
        reasons = counts.setdefault(row["indicator"], {})
        reasons[row["reason"]] = reasons.get(row["reason"], 0) + int(row["count"])
    kept = {name: reasons for name, reasons in counts.items() if book.indicators[name].kind == "share"} or counts
    return sorted(kept.items(), key=lambda item: -sum(item[1].values()))[:MOST_MISSING]


def _missing(book: Book) -> Block | None:
    texts, ranked = book.texts, _missing_rows(book)
    if not ranked:
        return None
    reasons = [each for each in REASONS if any(each in counts for _, counts in ranked)]
    rows: list[list[Cell]] = [
        [texts.label(book.indicators[name].label), *(number(counts.get(each, 0), texts) for each in reasons),
         number(sum(counts.values()), texts)]
        for name, counts in ranked
    ]  # fmt: skip
    counted = [column(reason_name(book, each), 19, tone="muted") for each in reasons]
    columns = [
        column(texts("table.indicator"), align="left"),
        *counted,
        column(texts("table.total"), 15, bold=True),
    ]
    return titled(table(columns, rows), texts("report.quality_missing"), texts("report.quality_missing_subtitle"),
                  note(book, texts("report.quality_missing_reading")))  # fmt: skip


def _problems(book: Book) -> Block | None:
    """How many cells were not understood, by kind."""
    texts, frame = book.texts, book.results.problems
    if frame.empty:
        return None
    counted = Counter((row["source"], row["problem"]) for row in records(frame))
    rows: list[list[Cell]] = [[source, problem_name(book, problem), number(count, texts)]
                              for (source, problem), count in sorted(counted.items())]  # fmt: skip
    columns = [column(texts("table.source"), 60, align="left"), column(texts("table.problem"), align="left"),
               column(texts("table.cells"), 18, bold=True)]  # fmt: skip
    return titled(table(columns, rows), texts("report.quality_problems"), texts("report.quality_problems_subtitle"))


def problem_name(book: Book, problem: str) -> str:
    """What was wrong with a cell, in words."""
    key = f"problem.{problem}"
    return book.texts(key) if key in book.texts else problem.replace("_", " ")
