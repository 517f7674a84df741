"""The pages of the report as plain data, in reading order: what the template lays out and another format may."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from impact.figures import readable
from impact.report.book import Book
from impact.report.pages._blocks import MASKED, NONE, Block, Picture, Pictures, literal, shortened
from impact.report.pages.adjusted import adjusted
from impact.report.pages.breakdowns import breakdowns
from impact.report.pages.cover import cover, entitled, notices
from impact.report.pages.dimensions import dimension
from impact.report.pages.duration import duration
from impact.report.pages.mentors import mentors
from impact.report.pages.method import method
from impact.report.pages.published import published
from impact.report.pages.quality import problem_name, quality, reason_name
from impact.report.pages.results import all_results
from impact.report.pages.summary import essentials, how_to_read, overview
from impact.texts import Texts

__all__ = [
    "MASKED", "NONE", "Picture", "Pictures", "document", "entitled", "notices", "problem_name", "reason_name",
]  # fmt: skip


def document(book: Book, pictures: Pictures) -> dict[str, Any]:
    """The whole report: cover, contents, numbered sections made of blocks. Only what `protect` let through is in it."""
    texts, about = book.texts, book.study.about
    title, titled = texts.label(about.title), entitled(book)
    book = replace(book, texts=_Literal(texts.language, texts.entries))
    dimensions = [dimension(book, name, pictures) for name in book.study.questionnaire.dimension]
    before = [essentials(book), overview(book, pictures), *dimensions, duration(book, pictures),
              adjusted(book, pictures), published(book, pictures)]  # fmt: skip
    after = [mentors(book), all_results(book), breakdowns(book), method(book)]
    signs = unset_signs([title, about.organisation, *before, *after])
    sections = [*before, quality(book, signs), *after]
    return {
        "language": texts.language,
        "title": title,
        "entitled": titled,
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


class _Literal(Texts):
    """The words of a language, where no mark in users' labels is taken for the page's own."""

    def label(self, label: str | Mapping[str, str]) -> str:
        return literal(super().label(label))


def unset_signs(node: Any) -> int:  # noqa: ANN401 – any JSON value
    """How many different signs of the texts in a JSON value the report's font cannot set."""
    return len({sign for sign in set("".join(_texts(node))) if readable(sign) == "□" != sign})


def _texts(node: Any) -> Iterator[str]:  # noqa: ANN401 – any JSON value
    if isinstance(node, str):
        yield unicodedata.normalize("NFC", node)
    elif isinstance(node, (Mapping, list)):
        for key, value in node.items() if isinstance(node, Mapping) else enumerate(node):
            if key != "svg":
                yield from _texts(value)


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
