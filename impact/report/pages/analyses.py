"""The methods beyond a figure and its interval, each in a sentence and with its source, where the report uses it."""

from datetime import date

from impact.analyse.planned import standing
from impact.model import merged_in
from impact.report.adjusting import covariates
from impact.report.book import Book
from impact.report.pages._blocks import Block
from impact.report.sentences import name
from impact.texts.typography import day, number, percent, plural


def analyses(book: Book) -> list[Block | None]:
    """Terms and paragraphs, in the order of the pages that use them."""
    return [_plan(book), _adjusting(book), _solidity(book), _duration(book), _indices(book), _sets(book)]


def _item(book: Book, key: str, paragraphs: list[str]) -> Block | None:
    written = [text for text in paragraphs if text]
    return {"term": book.texts(f"report.{key}"), "paragraphs": written} if written else None


def _plan(book: Book) -> Block | None:
    """When the plan was locked, what was there already, and how many comparisons it foresaw."""
    found, texts = standing(book.results, book.study), book.texts
    if found is None:
        return None
    key = "report.method_plan_text_given" if found.given else "report.method_plan_text"
    locked = texts(key, date=day(date.fromisoformat(found.date), texts), hash=found.hash[:12])
    if found.late:
        return _item(book, "method_plan", [f"{locked} {texts('report.method_plan_late')}"])
    there = texts("report.method_plan_before") if found.before else texts(
        f"report.method_plan_there_{plural(len(found.there), texts)}", count=number(len(found.there), texts)
    )  # fmt: skip
    merged = merged_in(book.results.sizes)
    planned, exploratory = (number(count, texts) for count in found.counts["comparisons"])
    counts = texts("report.method_plan_counts", planned=planned, exploratory=exploratory)
    changed = len(found.changes)
    key = f"report.method_plan_changes_{plural(changed, texts)}"
    put = texts("report.method_plan_merged", group=name(book, merged)) if merged else ""
    return _item(book, "method_plan", [f"{locked} {there}", counts, put,
                                       texts(key, count=number(changed, texts)) if changed else ""])  # fmt: skip


def _adjusting(book: Book) -> Block | None:
    """What is adjusted for, by which weights, how their error is known, and when a comparison is refused."""
    results, texts, analysis = book.results, book.texts, book.study.analysis
    if results.adjustment.empty:
        return None
    used = [each for each in analysis.adjustments if (results.adjustment["adjustment"] == each).any()]
    least = number(analysis.respondents_per_covariate, texts)
    return _item(book, "method_adjusting", [
        texts("report.method_adjusting_text", covariates=covariates(book)),
        *(texts(f"report.method_adjusting_{each}") for each in used),
        texts("report.method_adjusting_error", least=least),
    ])  # fmt: skip


def _solidity(book: Book) -> Block | None:
    """What a comparison could have seen, and what could undo it."""
    made = set(book.results.sensitivity["analysis"])
    power = percent(book.study.analysis.power, book.texts)
    keys = [key for key in ("detectable", "e_value", "bounds", "trimming") if key in made]
    return _item(book, "method_solidity", [book.texts(f"report.method_{key}", power=power) for key in keys])


def _duration(book: Book) -> Block | None:
    """How the bands of one question are corrected together, and what the curves are."""
    texts, said = book.texts, []
    if any(pair[0].startswith("mentored_") for _, *pair in book.gaps):
        said.append(texts(f"report.method_bands_{book.study.analysis.duration_correction}"))
    if not book.results.trend.empty:
        said.append(texts("report.method_trend"))
    return _item(book, "method_duration", said)


def _indices(book: Book) -> Block | None:
    """How an index is made, and how far its items go together."""
    texts = book.texts
    if not any(each.kind == "index" for each in book.indicators.values()):
        return None
    reliability = "" if book.results.reliability.empty else texts("report.method_reliability")
    return _item(book, "method_indices", [texts("report.method_index"), reliability])


def _sets(book: Book) -> Block | None:
    """What holds the answers of one question together, and the pairs of the two sides."""
    results, texts = book.results, book.texts
    said = [] if results.options.empty else [texts("report.method_options")]
    said += [] if results.agreement.empty else [texts("report.method_agreement")]
    return _item(book, "method_sets", said)
