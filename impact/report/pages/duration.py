"""The split by duration, and why it is read with care."""

from collections.abc import Sequence

from impact.model import COMPARISONS, merged_in
from impact.report.book import CURVES, Book, bands_headline, estimate
from impact.report.pages._blocks import Block, Pictures, field, note, picture, prose, section, titled
from impact.report.pages.dimensions import comparison_table, opening, reading, scores
from impact.report.sentences import band, comparison, name, named, survivors
from impact.study import Indicator
from impact.texts.typography import number, percent, plural

BOTH = COMPARISONS[0]


def duration(book: Book, pictures: Pictures) -> Block | None:
    """What the two bands say; nothing where the study has no bands, or none of their figures may be shown."""
    if not book.banded or not any(estimate(book, each, group) for each in book.indicators for group in book.bands):
        return None
    texts = book.texts
    compared = [each for each in book.indicators.values() if (each.id, *book.bands) in book.gaps]
    first = bands_headline(book)
    # What is said of those who stayed is true of a known duration alone, whoever else the band may count.
    caution = texts("report.duration_stayers", group=name(book, "mentored_over"))
    paragraphs = [comparison(book, first, book.bands) if first else "", caution, _unknown(book)]
    opened = f"{opening(book, compared, book.bands)} {_kept(book, compared)}" if first else ""
    message = opened.strip() or texts("report.duration_message")
    blocks = [
        prose(paragraphs, scores(book, compared, book.bands)),
        _figure(book, pictures, "duration", texts("report.duration_figure")),
        _curves(book, pictures),
        _answers(book, pictures),
        _table(book, compared),
    ]
    return section("duration", texts("report.duration"), message, blocks)


def _kept(book: Book, compared: Sequence[Indicator]) -> str:
    """What remains clear between the two bands once the number of comparisons is allowed for."""
    kept = survivors(book, compared, book.bands)
    key = "duration_kept" if kept else "duration_kept_none"
    return book.texts(f"report.{key}", names=named(book, kept, book.bands)) if compared else ""


def _unknown(book: Book) -> str:
    """Where those of unknown duration are counted."""
    merged = merged_in(book.results.sizes)
    if merged:
        return book.texts("report.duration_merged", group=name(book, merged))
    count = book.results.sizes.get("mentored_unknown", 0)
    key = f"report.duration_unknown_{plural(count, book.texts)}"
    return book.texts(key, count=number(count, book.texts)) if count else ""


def _figure(book: Book, pictures: Pictures, key: str, title: str) -> Block | None:
    confidence = percent(book.study.analysis.level, book.texts)
    subtitle = book.texts("report.duration_figure_subtitle", level=confidence)
    return titled(picture(pictures, key), title, subtitle, note(book, "", field(book, BOTH)))


def _curves(book: Book, pictures: Pictures) -> Block | None:
    """The level by months of mentoring: the same reserve as for the bands stands under it."""
    texts, confidence = book.texts, percent(book.study.analysis.level, book.texts)
    return titled(
        picture(pictures, "trend"),
        texts("report.trend"),
        _drawn(book, confidence),
        note(book, texts("report.trend_reading"), field(book, BOTH[:1])),
    )


def _drawn(book: Book, confidence: str) -> str:
    """What the curves are; how many of them, where there are more than are drawn."""
    found = book.results.trend
    curves = found[(found["measure"] == "curve") & (found["status"] == "shown")]["indicator"].nunique()
    if curves <= CURVES:
        return book.texts("report.trend_subtitle", level=confidence)
    return book.texts("report.trend_subtitle_first", count=number(CURVES, book.texts), level=confidence)


def _answers(book: Book, pictures: Pictures) -> Block | None:
    """Every answer to the first questions, by group: what stands behind their figures."""
    texts = book.texts
    title, subtitle = texts("report.duration_likert"), texts("report.duration_likert_subtitle")
    return titled(
        picture(pictures, "likert"),
        title,
        subtitle,
        note(book, texts("report.duration_likert_reading"), field(book, BOTH)),
    )


def _table(book: Book, compared: Sequence[Indicator]) -> Block | None:
    """Every comparison of the two bands: what is counted is shown."""
    if not compared:
        return None
    block = comparison_table(book, compared, book.bands)
    over, under = (band(book, group) for group in book.bands)
    subtitle = book.texts("report.duration_table_subtitle", over=over, under=under)
    return titled(
        block,
        book.texts("report.duration_table"),
        subtitle,
        note(book, reading(book, compared, book.bands), field(book, book.bands, compared)),
    )
