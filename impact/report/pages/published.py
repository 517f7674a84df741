"""Figures published elsewhere beside this cohort's own, and what their bases let them bear."""

from impact.report.book import Book
from impact.report.pages._blocks import Block, Pictures, field, note, picture, prose, section, titled
from impact.texts.typography import percent


def published(book: Book, pictures: Pictures) -> Block | None:
    """The published figures; nothing where the study names none."""
    source = book.study.published
    if source is None or book.results.published.empty:
        return None
    texts = book.texts
    confidence = percent(book.study.analysis.level, texts)
    title = texts.label(source.title)
    warning = texts("report.published_synthetic") if book.study.about.synthetic else ""
    groups = book.results.published["group"]
    figure = titled(picture(pictures, "published"), texts("report.published_figure"),
                    texts("report.published_figure_subtitle", level=confidence),
                    note(book, texts("report.published_reading"), field(book, groups)))  # fmt: skip
    blocks = [prose([warning, texts("report.published_bases")]), figure]
    return section("published", texts("report.published"), texts("report.published_message", title=title), blocks)
