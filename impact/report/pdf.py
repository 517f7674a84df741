"""The PDF: one JSON in, one tagged document out (PDF/UA-1 and PDF/A-3a), the same bytes for the same JSON."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst

from impact.report.tagging import row_headers

TEMPLATE: Final = Path(__file__).parent / "template"
FONTS: Final = Path(__file__).parent / "fonts"
STANDARDS: Final = ("a-3a", "ua-1")


def render(document: Mapping[str, Any]) -> bytes:
    """The document as a PDF. Data reach the template as one JSON value, never as code.

    RuntimeError where typst warns: a warning is a page that somebody cannot read.
    """
    compiler = typst.Compiler(
        TEMPLATE / "report.typ",
        root=TEMPLATE,
        font_paths=_fonts(),
        sys_inputs={"data": json.dumps(document, ensure_ascii=False)},
    )
    new_year = int(datetime(document["year"], 1, 1, tzinfo=UTC).timestamp())
    content, warnings = compiler.compile_with_warnings(format="pdf", pdf_standards=list(STANDARDS), timestamp=new_year)
    if warnings:
        raise RuntimeError("; ".join(str(warning.message) for warning in warnings))
    if not isinstance(content, bytes):
        raise TypeError("typst gave no single document")
    return row_headers(content)


@cache
def _fonts() -> typst.Fonts:
    """The report's own fonts and those typst carries; the machine's own would change the page."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[FONTS])
