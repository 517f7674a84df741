"""The cover: who answered, one dot a person."""

from typing import Final

from impact.model import COMPARISONS
from impact.report.book import Book
from impact.report.pages._blocks import Block
from impact.report.sentences import name, name_of
from impact.texts.typography import number

MOST_DOTS: Final = 1800  # more would be a grey sheet: a dot then stands for several people
TITLE_SIZES: Final = ((36, 46), (72, 37), (120, 31))  # longest title, size in points


def cover(book: Book) -> Block:
    """Title, group sizes as dots, and what kind of study and data this is."""
    texts, about = book.texts, book.study.about
    sizes = {group: book.results.sizes.get(group, 0) for group in book.study.groups}
    total = sum(sizes.values())
    each = next(step for step in (1, 2, 5, 10, 20, 50, 100, 1000, 10**9) if total / step <= MOST_DOTS)
    labels = {group: f"{number(size, texts)} {name_of(book, group, size)}" for group, size in sizes.items() if size}
    first, second = (name(book, group) for group in COMPARISONS[0])
    design = "report.cover_observational" if book.compared else "report.cover_alone"
    caption = texts("report.cover_caption" if each == 1 else "report.cover_caption_many",
                    total=number(total, texts), each=number(each, texts))  # fmt: skip
    return {
        "kicker": texts("report.cover_kicker", year=about.year),
        "size": title_size(texts.label(about.title)),
        "design": texts(design, first=first, second=second),
        "badges": notices(book),
        "groups": [
            {
                "id": group,
                "dots": -(-sizes[group] // each),
                "number": number(sizes[group], texts),
                "label": name_of(book, group, sizes[group]),
            }
            for group in labels
        ],
        "caption": f"{caption} {texts('report.cover_synthetic')}" if about.synthetic else caption,
        "alt": texts("report.cover_alt", groups=", ".join(labels.values())),
    }  # fmt: skip


def notices(book: Book) -> list[str]:
    """What every page and every file must say of the data."""
    study = book.study
    keys = (("synthetic", study.about.synthetic), ("internal", study.internal), ("draft", study.draft))
    return [book.texts(f"report.{key}") for key, holds in keys if holds]


def entitled(book: Book) -> str:
    """The study's title as the properties of a file bear it, read before any page is: with whom it is for."""
    title = book.texts.label(book.study.about.title)
    return f"{title} ({book.texts('report.internal')})" if book.study.internal else title


def title_size(title: str) -> int:
    """The size in points at which a title fits the cover in three lines or so."""
    return next((size for longest, size in TITLE_SIZES if len(title) <= longest), 25)
