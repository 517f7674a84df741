"""A check laid out on a terminal of any width: what is long goes to the next line, nothing is cut."""

import io
from collections.abc import Iterator
from typing import Final

from rich.color import ColorSystem
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.style import Style
from rich.text import Text

from impact.check.wording import Page, Point, Table, Write
from impact.texts.signs import inert

_INDENT: Final = 4
_HELD: Final = "\ue000"  # stands for a no-break space while lines are broken, which rich would break there


def printed(page: Page, width: int, styled: bool = False) -> str:
    """The page as text, at most `width` signs a line, with plain spaces that everyone can copy.

    A line to write is the exception: it stands whole, at the margin where it is too long for its indent, for a line
    break would make it unreadable to the program once copied.
    """
    console = Console(file=io.StringIO(), width=width, highlight=False, emoji=False)
    above = [_text(page.title, "bold"), _text(page.verdict, "bold"), *([_text(page.note)] if page.note else [])]
    segments = console.render(Group(*above, *_sections(page, width)))
    system = ColorSystem.STANDARD if styled else None
    written = "".join((one.style or Style()).render(one.text, color_system=system) for one in segments)
    return "\n".join(line.rstrip() for line in written.replace(_HELD, " ").split("\n"))


def _text(said: str, style: str = "") -> Text:
    return Text(inert(said).replace("\u202f", _HELD).replace("\u00a0", _HELD), style)


def _inside(said: str) -> RenderableType:
    return Padding(_text(said), (0, 0, 0, _INDENT), expand=False)


def _sections(page: Page, width: int) -> Iterator[RenderableType]:
    number = 0
    for section in page.sections:
        yield Text()
        yield _text(section.title, "bold underline")
        yield _text(section.verdict)
        for point in section.points:
            number += 1
            yield Text()
            yield from _point(number, point, width)
        if section.table:
            yield from _table(section.table)
        yield from (_text(said) for said in section.more)


def _point(number: int, point: Point, width: int) -> Iterator[RenderableType]:
    yield _text(f"{number:>2}. {point.what}", "bold")
    for said in filter(None, (point.where, *point.more)):
        yield _inside(said)
    for write in point.writes:
        yield from _write(write, width)


def _write(write: Write, width: int) -> Iterator[RenderableType]:
    yield _inside(write.where)
    for line in write.lines:
        indent = 2 * _INDENT if len(line) + 2 * _INDENT <= width else 0
        yield Text(" " * indent + inert(line), "bold", no_wrap=True, overflow="ignore")


def _table(table: Table) -> Iterator[RenderableType]:
    """Rows as short paragraphs under their name, which is not said twice."""
    named = ""
    for name, *cells in table.rows:
        if name != named:
            yield _text(name, "bold")
        named = name
        yield _inside(" — ".join(filter(None, cells)))
