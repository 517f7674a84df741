"""Who answered, what is missing and why, and what could not be understood."""

from collections import Counter, defaultdict

from impact.model import REASONS, SOURCE_GROUPS
from impact.report.book import Book, estimate, records
from impact.report.files import named
from impact.report.pages._blocks import Block, Cell, column, field, note, prose, section, table, titled
from impact.report.pages.comparability import compared
from impact.report.sentences import name_of
from impact.study import Indicator
from impact.texts.typography import number, percent, plural

MOST_MISSING = 12  # questions in the table; the whole of it is in missing.csv


def quality(book: Book, signs: int = 0) -> Block:
    """From what was received to what was kept, and what is missing in it; `signs` of the report no font can set."""
    texts, flow = book.texts, book.results.flow
    total = {stage: int(flow.loc[flow["stage"] == stage, "count"].sum()) for stage in ("received", "kept")}
    said = {key: texts(f"report.quality_{key}_{plural(count, texts)}", count=number(count, texts))
            for key, count in total.items()}  # fmt: skip
    message = texts("report.quality_message", **said)
    boxed = texts(f"report.quality_signs_{plural(signs, texts)}", count=number(signs, texts)) if signs else ""
    empty = "" if _missing_rows(book) else texts("report.quality_no_missing")
    clear = texts("report.quality_no_problems") if book.results.problems.empty else ""
    few = "" if book.study.internal else texts("report.quality_few", answer=book.study.disclosure.minimum_answer)
    paragraphs = [texts("report.quality_rate"), f"{texts('report.quality_reasons')} {few}".strip(), empty, clear, boxed]
    return section("quality", texts("report.quality"), message,
                   [prose(paragraphs), _flow(book), _missing(book), _problems(book), *compared(book)])  # fmt: skip


def reason_name(book: Book, reason: str) -> str:
    """Why an answer is missing, a row was dropped or a comparison not adjusted. What the study wrote stays."""
    keys = (f"reason.{reason}", f"flow.{reason}", f"adjustment.reason_{reason}")
    key = next((key for key in keys if key in book.texts), "")
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
    return titled(table(columns, cells), texts("report.quality_flow"), texts("report.quality_flow_subtitle"),
                  note(book, "", texts("report.field_lines")))  # fmt: skip


def _flow_row(book: Book, rows: list[dict[str, object]], reasons: list[str]) -> list[Cell]:
    """One file: received, dropped by reason, kept, and in which groups."""

    def total(stage: str, reason: str = "") -> str:
        return number(
            sum(int(str(row["count"])) for row in rows if (row["stage"], row["reason"]) == (stage, reason)), book.texts
        )

    kept = [(int(str(row["count"])), str(row["group"])) for row in rows if row["stage"] == "kept" and row["group"]]
    groups = [f"{number(count, book.texts)} {name_of(book, group, count)}" for count, group in kept]
    return [str(rows[0]["source"]), total("received"), *(total("dropped", each) for each in reasons), total("kept"),
            ", ".join(groups)]  # fmt: skip


def _missing_rows(book: Book) -> list[tuple[Indicator, int, Counter[str]]]:
    """Questions with the largest share of missing answers first (the questionnaire's order between equals): how many
    were asked, how many gave no answer by reason, those whose reason is not told apart under `unknown`. A question that
    is masked for a group is left out whole."""
    frame = book.results.missing
    lost: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in records(frame[frame["group"].isin(SOURCE_GROUPS)].dropna(subset="count")):
        lost[row["indicator"]][row["reason"]] += int(row["count"])
    for name, silent in _silent(book).items():
        lost[name]["unknown"] += max(0, silent - lost[name].total())
    for counts in lost.values():
        del counts["not_asked"], counts["not_yet"]
    answered = {each.id: _answered(book, each) for each in _questions(book)}
    ranked = [(book.indicators[each], count + lost[each].total(), +lost[each])
              for each, count in answered.items() if count is not None and +lost[each]]  # fmt: skip
    return sorted(ranked, key=lambda item: -item[2].total() / item[1])[:MOST_MISSING]


def _silent(book: Book) -> Counter[str]:
    """How many gave no answer to what each indicator stands on, in all groups together."""
    shown = (row for (_, group), row in book.estimates.items() if group in SOURCE_GROUPS and row["status"] == "shown")
    found = Counter[str]()
    for row in shown:
        found[str(row["indicator"])] += int(row["missing"])
    return found


def _questions(book: Book) -> list[Indicator]:
    """One indicator a question, the first share of it where there is one; no index, which is no question."""
    own = [each for each in book.indicators.values() if each.question]
    first = {each.question: each for each in reversed(sorted(own, key=lambda each: each.kind != "share"))}
    return [each for each in own if first[each.question] is each]


def _answered(book: Book, indicator: Indicator) -> int | None:
    """How many answered in all groups together; None where a group's figure is not shown."""
    rows = [row for group in SOURCE_GROUPS if (row := book.estimates.get((indicator.id, group))) is not None]
    shown = [row for row in rows if estimate(book, indicator.id, str(row["group"]))]
    return sum(int(row["n"]) for row in shown) if len(shown) == len(rows) else None


def _asked(book: Book, indicator: Indicator) -> str:
    """What was asked: the indicator's label or, where a question has several, its own words."""
    several = sum(each.question == indicator.question for each in book.indicators.values()) > 1
    question = book.study.question(indicator.question)
    return book.texts.label(question.text if several else indicator.label)


def _missing(book: Book) -> Block | None:
    texts, ranked = book.texts, _missing_rows(book)
    if not ranked:
        return None
    reasons = [each for each in REASONS if any(each in counts for _, _, counts in ranked)]
    rows: list[list[Cell]] = [
        [_asked(book, each), number(asked, texts), *(number(counts[reason], texts) for reason in reasons),
         number(counts.total(), texts), percent(counts.total() / asked, texts)]
        for each, asked, counts in ranked
    ]  # fmt: skip
    counted = [column(reason_name(book, each), 17, tone="muted") for each in reasons]
    columns = [
        column(texts("table.indicator"), align="left"),
        column(texts("table.asked"), 13, tone="muted"),
        *counted,
        column(texts("table.total"), 12),
        column(texts("table.share"), 12, bold=True),
    ]
    hidden = any(_answered(book, each) is None for each in _questions(book))
    keys = ["quality_missing_reading", *(["quality_missing_hidden"] if hidden else [])]
    said = " ".join(texts(f"report.{key}") for key in keys)
    return titled(table(columns, rows), texts("report.quality_missing"), texts("report.quality_missing_subtitle"),
                  note(book, said, field(book, book.study.groups)))  # fmt: skip


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
    where = texts("report.quality_problems_subtitle", file=named("problems.csv", book.study))
    return titled(table(columns, rows), texts("report.quality_problems"), where,
                  note(book, "", texts("report.field_lines")))  # fmt: skip


def problem_name(book: Book, problem: str) -> str:
    """What was wrong with a cell, in words."""
    key = f"problem.{problem}"
    return book.texts(key) if key in book.texts else problem.replace("_", " ")
