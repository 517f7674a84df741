"""The pieces a page is made of, as plain data: what the template lays out."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from impact import __version__
from impact.figures import group_name
from impact.model import SOURCE_GROUPS
from impact.report.book import PLAN_SIGN, SMALL_BASE, Book, Row
from impact.report.sentences import OUTCOMES, SIGNS, bracket, name, outcome, verdict
from impact.study import Indicator
from impact.texts.typography import bare, number, p_value, value

Block: TypeAlias = dict[str, Any]
Cell: TypeAlias = str | dict[str, str]  # a text, or a text and its tone


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure as it was drawn: SVG text, and what a person who does not see it is told."""

    svg: str
    alt: str


Pictures: TypeAlias = Mapping[str, Picture]

MASKED: Final = "s"
NOT_COMPARABLE: Final = "nc"
NONE: Final = "–"
DAGGER: Final = " †"


def section(identifier: str, title: str, message: str, blocks: Iterable[Block | None]) -> Block:
    """A numbered part of the report; its message is also its line in the contents."""
    return {
        "id": identifier,
        "title": title,
        "message": message,
        "flow": False,
        "blocks": [block for block in blocks if block],
    }


def prose(paragraphs: Iterable[str], aside: Sequence[Mapping[str, str]] = ()) -> Block | None:
    """Paragraphs in the text column, small scores beside them in the margin."""
    written = [paragraph for paragraph in paragraphs if paragraph]
    return {"kind": "prose", "paragraphs": written, "aside": list(aside)} if written or aside else None


def column(label: str, width: float = 0, *, align: str = "right", bold: bool = False, tone: str = "strong") -> Block:
    """A column of a table: `width` in millimetres, 0 to take what is left."""
    return {"label": label, "width": width, "align": align, "bold": bold, "tone": tone}


def table(columns: Sequence[Block], rows: Sequence[Sequence[Cell]], spans: Sequence[tuple[str, int]] = ()) -> Block:
    """A table; `spans` heads groups of columns with a line above their own headings."""
    return {
        "kind": "table", "columns": list(columns), "rows": [list(row) for row in rows],
        "spans": [{"text": text, "width": width} for text, width in spans],
        "title": "", "subtitle": "", "legend": "", "note": [], "size": 8.4, "padding": 1.25,
    }  # fmt: skip


def titled(block: Block | None, title: str, subtitle: str, note: Sequence[Mapping[str, str]] = ()) -> Block | None:
    """The same figure or table under a title, a line on what it shows, and its reading note."""
    return block and {**block, "title": title, "subtitle": subtitle, "note": list(note)}


def legend(book: Book, rows: Iterable[Iterable[Cell]]) -> str:
    """What the signs in these cells mean, each said only where it occurs."""
    written = {cell if isinstance(cell, str) else cell["text"] for row in rows for cell in row}
    keys = (
        ("masked", MASKED in written),
        ("not_comparable", NOT_COMPARABLE in written),
        ("small", any(cell.endswith(DAGGER) for cell in written)),
        ("none", NONE in written),
    )
    planned = [book.texts("report.planned_legend")] if any(cell.endswith(PLAN_SIGN) for cell in written) else []
    return " ".join([*planned, *(book.texts(f"report.legend_{key}") for key, occurs in keys if occurs)])


def note(book: Book, reading: str, field: str) -> list[dict[str, str]]:
    """The three columns under a figure or table: how to read it, whom it is about, where it comes from."""
    texts = book.texts
    return [*read_as(book, reading), {"term": texts("report.field"), "text": field},
            {"term": texts("report.source"), "text": source(book)}]  # fmt: skip


def read_as(book: Book, reading: str) -> list[dict[str, str]]:
    """The first of the three columns alone, where the table below it says whom it is about and where it comes from."""
    return [{"term": book.texts("report.reading"), "text": capital(reading)}] if reading else []


def field(book: Book, groups: Iterable[str], indicators: Iterable[Indicator] = ()) -> str:
    """Whom a figure or table is about: the groups in it, and whether a question was asked of a part of them only."""
    sources = {group if group in SOURCE_GROUPS else "mentored" for group in groups}
    written = ", ".join(name(book, group) for group in book.study.groups if group in sources)
    key = "field_routed" if any(routed(book, each) for each in indicators) else "field_answered"
    return capital(book.texts(f"report.{key}", groups=written))


def routed(book: Book, indicator: Indicator) -> bool:
    """Whether what an indicator stands on was asked according to an earlier answer."""
    items = [routed(book, book.indicators[each]) for each in indicator.items]
    question = book.study.questionnaire.questions.get(indicator.question)
    return any(items) or (question is not None and bool(question.only_if))


def literal(text: str) -> str:
    """A user's words as they are: two asterisks, which the page takes for its own mark of bold, are set apart by a hair
    space."""
    return re.sub(r"\*(?=\*)", "*\u200a", text)


def source(book: Book) -> str:
    """Whose answers and whose calculations; said to be made up where they are."""
    texts, about = book.texts, book.study.about
    owner = f"{literal(about.organisation)}, " if about.organisation else ""
    said = texts("report.source_text", organisation=owner, year=about.year, version=__version__)
    return f"{capital(said)} {texts('report.source_synthetic')}" if about.synthetic else capital(said)


def level_cells(book: Book, indicator: str, group: str) -> tuple[str, str]:
    """A group's figure and its interval, or the sign that stands for them."""
    return level_of(book, book.estimates.get((indicator, group)))


def level_of(book: Book, row: Row | None) -> tuple[str, str]:
    """The same of any row of a level."""
    if row is None:
        return NONE, NONE
    if row["status"] != "shown":
        return masked(row), masked(row)
    flag = DAGGER if row["n"] < SMALL_BASE else ""
    return value(row["estimate"], row["unit"], book.texts) + flag, bracket(book, row)


def short(book: Book, group: str) -> str:
    """A group as the head of a column: "Mentorés depuis 6 mois ou plus"."""
    return capital(group_name(group, book.study, book.texts))


def base_cell(book: Book, indicator: str, group: str) -> str:
    """The number of those who answered, or the sign that stands for it."""
    row = book.estimates.get((indicator, group))
    if row is None:
        return NONE
    return number(row["n"], book.texts) if row["status"] == "shown" else masked(row)


def gap_cells(book: Book, indicator: Indicator, pair: tuple[str, str]) -> tuple[Cell, Cell, Cell, Cell]:
    """A difference with its sign and tone, its interval, its p corrected for the number of comparisons, its verdict."""
    return row_cells(book, indicator, book.gaps.get((indicator.id, *pair)))


def row_cells(book: Book, indicator: Indicator, row: Row | None) -> tuple[Cell, Cell, Cell, Cell]:
    """The same of any difference, adjusted or not."""
    if row is None or row["status"] != "shown":
        sign = masked(row) if row else NONE
        return sign, sign, sign, sign
    result = outcome(indicator, row)
    tone = OUTCOMES[result] if OUTCOMES[result] != "flat" else "strong"
    written = f"{SIGNS[row['verdict']]}\u00a0{bare(row['estimate'], row['unit'], book.texts, 'difference')}"
    p = p_value(row["p_adjusted"], book.texts).removeprefix("p\u00a0=\u00a0").removeprefix("p\u00a0")
    said = verdict(book, "table.outcome", indicator, row)
    words = {"text": said, "tone": tone if tone != "strong" else "muted"}
    return {"text": written, "tone": tone}, bracket(book, row), p, words


def masked(row: Row) -> str:
    """The sign of a row that is not printed: one sign for every cause of secrecy, one for what was not asked alike, a
    dash where nothing can be told."""
    if row["status"] == "not_comparable":
        return NOT_COMPARABLE
    return MASKED if str(row["status"]).startswith("suppressed") else NONE


def capital(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


def picture(pictures: Pictures, key: str) -> Block | None:
    """The figure of that name as a block, if there was anything to draw."""
    drawn = pictures.get(key)
    if drawn is None:
        return None
    return {"kind": "figure", "svg": drawn.svg, "alt": drawn.alt, "title": "", "subtitle": "", "note": []}


def shortened(text: str, most: int) -> str:
    """A text for one line of so many characters."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
