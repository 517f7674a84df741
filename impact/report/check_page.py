"""A check as one HTML page: read by anyone, on its own, asking nothing of any other place."""

import base64
import hashlib
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from impact.check.wording import Page, Section
from impact.texts import Texts
from impact.texts.signs import inert

_FOLDER: Final = Path(__file__).parent


def html(page: Page, words: Texts) -> str:
    """The page whole: its style within, no script. Whatever a file or a study says is text there, never a tag."""
    style = (_FOLDER / "check.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    shown = {
        "language": page.language,
        "title": page.title,
        "verdict": page.verdict,
        "note": page.note,
        "use": page.use,
    }
    return (
        _templates()
        .get_template("check.html")
        .render(page=shown | {"sections": _sections(page)}, words=words, style=Markup(style), digest=digest)
    )


@cache
def _templates() -> Environment:
    return Environment(loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, finalize=_inert)


def _inert(value: object) -> object:
    """What the page shows: a text without signs that act; what is markup already is the program's own."""
    return inert(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _sections(page: Page) -> list[dict[str, Any]]:
    """Sections as the template walks them: points numbered through, the rows of a table gathered by their name."""
    found, start = [], 1
    for section in page.sections:
        found.append(section._asdict() | {"start": start, "table": _table(section)})
        start += len(section.points)
    return found


def _table(section: Section) -> dict[str, Any] | None:
    if section.table is None:
        return None
    named = [list(rows) for _, rows in groupby(section.table.rows, key=lambda row: row[0])]
    return section.table._asdict() | {"named": named}
