"""The PDF: one JSON in, one tagged document out (PDF/UA-1 and PDF/A-3a), the same bytes for the same JSON."""

import json
from base64 import a85encode
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pikepdf
import typst

from impact.report.tagging import row_headers

TEMPLATE: Final = Path(__file__).parent / "template"
FONTS: Final = Path(__file__).parent / "fonts"
STANDARDS: Final = ("a-3a", "ua-1")
AMBIGUOUS: Final = b"\r\nendstream"  # is the carriage return the last byte of the stream, or of its end?


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
    return _finished(content)


def _finished(content: bytes) -> bytes:
    """The document with its row headers, saved the same way each time."""
    with pikepdf.open(BytesIO(content)) as pdf:
        row_headers(pdf)
        end_streams_plainly(pdf)
        packed = saved(pdf, packed=True)
        return packed if AMBIGUOUS not in packed else saved(pdf, packed=False)


def end_streams_plainly(pdf: pikepdf.Pdf) -> None:
    """Write a stream whose last byte is a carriage return in letters (ASCII85): before the line feed that ends every
    stream that byte would look like a part of the line's end, and strict PDF/A readers would miscount the length."""
    for stream in pdf.objects:
        if isinstance(stream, pikepdf.Stream) and (raw := stream.read_raw_bytes()).endswith(b"\r"):
            held = stream.get("/Filter")
            filters = list(held) if isinstance(held, pikepdf.Array) else [] if held is None else [held]
            stream.write(a85encode(raw) + b"~>", filter=pikepdf.Array([pikepdf.Name.ASCII85Decode, *filters]))


def saved(pdf: pikepdf.Pdf, packed: bool) -> bytes:
    """The document's bytes; not packed, every stream is written exactly as it is held, never coded anew."""
    out, mode, decoded = BytesIO(), pikepdf.ObjectStreamMode, pikepdf.StreamDecodeLevel
    pdf.save(
        out,
        deterministic_id=True,
        compress_streams=packed,
        object_stream_mode=mode.generate if packed else mode.disable,
        stream_decode_level=decoded.generalized if packed else decoded.none,
    )
    return out.getvalue()


@cache
def _fonts() -> typst.Fonts:
    """The report's own fonts and those typst carries; the machine's own would change the page."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[FONTS])
