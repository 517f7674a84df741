"""The pages of the report as plain data, in reading order: what the template lays out and another format may."""

from collections.abc import Iterable
from typing import Any

from impact.report.book import Book
from impact.report.pages._blocks import MASKED, NONE, Block, Picture, Pictures, shortened
from impact.report.pages.cover import cover, notices
from impact.report.pages.dimensions import dimension
from impact.report.pages.duration import duration
from impact.report.pages.method import method
from impact.report.pages.published import published
from impact.report.pages.quality import problem_name, quality, reason_name
from impact.report.pages.results import all_results
from impact.report.pages.summary import essentials, how_to_read, overview

__all__ = [
    "MASKED", "NONE", "Picture", "Pictures", "document", "notices", "problem_name", "reason_name",
]  # fmt: skip


def document(book: Book, pictures: Pictures) -> dict[str, Any]:
    """The whole report: cover, contents, numbered sections made of blocks. Only what `protect` let through is in it."""
    texts, about = book.texts, book.study.about
    dimensions = [dimension(book, name, pictures) for name in book.study.questionnaire.dimension]
    sections = [essentials(book), overview(book, pictures), *dimensions, duration(book, pictures),
                published(book, pictures), quality(book), all_results(book), method(book)]  # fmt: skip
    title = texts.label(about.title)
    return {
        "language": texts.language,
        "title": title,
        "organisation": about.organisation,
        "year": about.year,
        "description": texts("report.description", title=title, year=about.year),
        "footer": [shortened(about.organisation, 40), shortened(title, 80)],
        "banner": " · ".join(notices(book)),
        "cover": cover(book),
        "contents": texts("report.contents"),
        "how_to_read": how_to_read(book),
        "sections": numbered(book, [each for each in sections if each]),
    }


def numbered(book: Book, sections: Iterable[Block]) -> list[Block]:
    """Sections, figures and tables with their numbers, in the order of the pages."""
    counts = {"figure": 0, "table": 0}
    placed = []
    for place, section in enumerate(sections, 1):
        blocks = [_labelled(book, block, counts) for block in section["blocks"]]
        placed.append({**section, "number": str(place), "blocks": blocks})
    return placed


def _labelled(book: Book, block: Block, counts: dict[str, int]) -> Block:
    kind = block["kind"]
    if kind not in counts:
        return block
    counts[kind] += 1
    return {**block, "label": book.texts(f"report.{kind}", number=counts[kind])}
