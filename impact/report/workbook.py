"""The tables as a workbook for people: labels in place of ids, one number a cell, real percentages, no formula."""

import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache, partial
from io import BytesIO
from typing import Any, Final

import pandas as pd
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from impact import __version__
from impact.model import TABLES, WITH_RARE
from impact.normalise.differences import shown
from impact.report.book import Book, Row, masked_rows, records
from impact.report.pages import MASKED, NONE, entitled, notices, problem_name, reason_name
from impact.report.pages._blocks import capital
from impact.report.sentences import name
from impact.report.tables import as_written
from impact.texts.signs import still
from impact.texts.typography import MINUS, spaces

WIDTHS: Final = {
    "indicator": 52, "question": 60, "figure": 62, "dimension": 30, "group": 36, "reference": 36, "heading": 50,
    "source": 28, "problem": 44, "choice": 30, "value": 30, "interval": 30, "test": 30, "status": 20, "verdict": 26,
    "unit": 18, "reason": 24, "done": 24, "found": 26, "differs": 28, "mentored_source": 28, "mentored_shows": 46,
    "non_mentored_source": 28, "non_mentored_shows": 46, "recode": 60, "untold": 26, "signed_by": 24, "why": 60,
    "plan": 16, "audience": 16, "covariate": 44, "category": 30, "arm": 30, "mirror": 52, "adjustment": 26,
    "analysis": 30, "by": 44,
}  # fmt: skip
LONGEST: Final = 32_000  # characters of a cell: a workbook holds 32 767
SHORTEST: Final = 13  # characters: the narrowest column
_WHOLE: Final = frozenset({"n", "missing", "count", "row", "df", "n_reference", "parameters", "items", "pairs"})
_SHARES: Final = frozenset({"level", "share", "quantile", "propensity"})
_PLAIN: Final = frozenset({"std_difference", "variance_ratio", "largest_std_difference"})
_TENTHS: Final = frozenset({"effective", "effective_reference", "months"})
_SCALED: Final = frozenset(
    {"estimate", "low", "high", "std_error", "published", "published_low", "published_high", "mean", "mean_reference",
     "limit_low", "limit_high"}
)  # fmt: skip
_NUMBERS: Final = _WHOLE | _SHARES | _PLAIN | _TENTHS | _SCALED | {"p", "p_adjusted"}
# What is in the unit of its indicator; a difference of shares is then in points. All else is a plain number.
_DIFFERENCES: Final = frozenset({"difference", "slope", "detectable", "bounds", "trimming"})
_IN_UNIT: Final = _DIFFERENCES | {"", "curve", "agreement"}
_FORMATS: Final = {
    "whole": "0", "percent": '0"\u00a0"%', "points": "0.0", "tenths": "0.0", "decimal": "0.00", "p": "0.000",
}  # fmt: skip

_VERBATIM: Final = frozenset(
    {
        "source",
        "sheet",
        "column",
        "heading",
        "value",
        "mentored_source",
        "non_mentored_source",
        "recode",
        "signed_by",
        "why",
    }
)  # fmt: skip – as they stand in the user's file

Formats = Mapping[str, Format]
Said = Callable[[str, str, str], str]  # a cell in words: its column, its value, what it stands beside


def workbook(book: Book) -> bytes:
    """The workbook's bytes; the same for the same tables."""
    out = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(out, options) as file:
        formats = _formats(file)
        file.set_properties(_properties(book))
        _read_me(book, file.add_worksheet(book.texts("table.sheet_read_me")), formats)
        for table in TABLES:
            frame = as_written(book.results, book.study, table)
            frame = frame.assign(audience="internal") if book.study.internal else frame  # a sheet may be sent alone
            if len(frame):
                _sheet(book, file.add_worksheet(book.texts(f"table.sheet_{table}")), frame, formats)
    return out.getvalue()


def _properties(book: Book) -> dict[str, Any]:
    """Title, owner and what the data are; the date is the study's year, never the clock's."""
    about = book.study.about
    return {
        "title": still(entitled(book)),
        "author": still(about.organisation),
        "subject": " · ".join(notices(book)),
        "comments": " · ".join(notices(book)),
        "created": datetime(about.year, 1, 1, tzinfo=UTC),
    }


def _formats(file: Workbook) -> dict[str, Format]:
    look = {"font_name": "Calibri", "font_size": 10, "valign": "top"}
    made = {
        key: file.add_format({**look, "num_format": written, "align": "right"}) for key, written in _FORMATS.items()
    }
    made["text"] = file.add_format({**look, "text_wrap": True})
    made["sign"] = file.add_format({**look, "align": "right", "font_color": "#566070"})
    made["head"] = file.add_format({**look, "bold": True, "text_wrap": True, "bottom": 1, "font_color": "#14536B"})
    return made


def _read_me(book: Book, sheet: Worksheet, formats: Formats) -> None:
    texts, about = book.texts, book.study.about
    sheets = [key for key in TABLES if len(getattr(book.results, key))]
    lines = [
        ("", " · ".join(notices(book))),
        ("title", texts.label(about.title)),
        ("organisation", about.organisation or NONE),
        ("year", str(about.year)),
        *((f"sheet_{key}", texts(f"table.about_{key}")) for key in sheets),
        (
            "signs",
            " ".join(texts(f"report.legend_{key}") for key in [*(["masked"] if masked_rows(book) else []), "none"]),
        ),
        ("rounding", texts("table.about_rounding")),
        ("software", f"impact {__version__}"),
    ]
    rows = [(texts(f"table.{key}") if key else texts("table.notice"), text) for key, text in lines if text]
    _lay_out(book, sheet, [(texts("table.subject"), 24), (texts("table.meaning"), 100)], formats)
    for place, (subject, text) in enumerate(rows, 1):
        sheet.write_string(place, 0, spaces(subject, texts), formats["text"])
        sheet.write_string(place, 1, still(spaces(text, texts))[:LONGEST], formats["text"])


def _sheet(book: Book, sheet: Worksheet, frame: pd.DataFrame, formats: Formats) -> None:
    """One table: its first row names the columns, then a row each; the id by which programs know it comes last."""
    columns = list(frame.columns)
    key = next((column for column in ("indicator", "question") if column in columns), "")
    heads = [(book.texts(f"table.{column}"), WIDTHS.get(column, SHORTEST)) for column in columns]
    _lay_out(book, sheet, [*heads, *([(book.texts("table.identifier"), 26)] if key else [])], formats)
    said = cache(partial(_said, book))  # the same words recur row by row
    for place, row in enumerate(records(frame), 1):
        for x, column in enumerate(columns):
            _write(sheet, (place, x), _value(row, column, said), formats)
        if key:
            sheet.write_string(place, len(columns), still(str(row[key])) or NONE, formats["text"])
    sheet.autofilter(0, 0, len(frame), len(columns) - (not key))


def _lay_out(book: Book, sheet: Worksheet, heads: list[tuple[str, int]], formats: Formats) -> None:
    for x, (label, width) in enumerate(heads):
        sheet.set_column(x, x, width)
        sheet.write_string(0, x, spaces(label, book.texts), formats["head"])
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    notice = " · ".join(notices(book))
    sheet.set_header(f"&L{_plain(book.texts.label(book.study.about.title))}&R{notice}")
    sheet.set_footer(f"&L{_plain(book.study.about.organisation)}&C{notice}&R&P")


def _plain(text: str) -> str:
    """A text for a header, where & begins a code and more than 80 characters would run over the page."""
    doubled = still(text)[:80].replace("\n", " ").replace("&", "&&")
    return re.sub(r"&(?=[G\[])", "& ", doubled)  # the library would look for the picture that these codes announce


def _write(sheet: Worksheet, place: tuple[int, int], value: "tuple[float, str] | str", formats: Formats) -> None:
    if isinstance(value, str):
        sheet.write_string(
            *place, still(value)[:LONGEST], formats["sign" if value in (MASKED, NONE, "∞", f"{MINUS}∞") else "text"]
        )
    else:
        sheet.write_number(*place, value[0], formats[value[1]])


def _value(row: Row, column: str, said: Said) -> "tuple[float, str] | str":
    """A number and its format's name, or a text; a cell is never left empty."""
    value = row[column]
    if column not in _NUMBERS and not (column == "base" and isinstance(value, (int, float))):
        return _words(row, column, said)
    if pd.isna(value):
        hidden = str(row.get("status", "")).startswith("suppressed") or (column == "count" and "status" not in row)
        return MASKED if hidden else NONE
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    return _scaled(float(value), row, column)


def _scaled(value: float, row: Row, column: str) -> tuple[float, str]:
    """Shares as percentages, their differences in points, the rest as it is."""
    if column in _WHOLE or column == "base" or row.get("unit") == "size":
        return value, "whole"
    if column in ("p", "p_adjusted"):
        return value, "p"
    if column in _SHARES:
        return value, "percent"
    if column in _TENTHS:
        return value, "tenths"
    if column in _PLAIN or not _is_share(row):
        return value, "decimal"
    return (round(value * 100, 10), "points") if _what(row) in _DIFFERENCES else (value, "percent")


def _what(row: Row) -> str:
    """What the figure of a row is: its measure or analysis; of an answer, a difference where two groups are set."""
    if "choice" in row and row.get("reference"):
        return "difference"
    return str(row.get("measure") or row.get("analysis") or "")


def _is_share(row: Row) -> bool:
    """Whether the figure of a row is a share or a difference of shares: by its unit; of an answer or a category
    without one, as such; of pairs that agree."""
    by_answer = row.get("category") or row.get("measure") == "agreement" or ("choice" in row and "unit" not in row)
    return bool(by_answer or row.get("unit") == "share") and _what(row) in _IN_UNIT


def _words(row: Row, column: str, said: Said) -> str:
    value = row[column]
    if pd.isna(value) or value == "":
        return NONE
    asked = row.get("question") or row.get("covariate") or (row.get("by") if column == "choice" else "")
    return said(column, str(value), str(asked or _what(row)))


def _said(book: Book, column: str, value: str, context: str) -> str:
    """A cell in words; `context` is the question of a choice, the measure of a unit."""
    if column in _VERBATIM:
        return value
    label = _LABELS.get(column)
    return spaces(label(book, value, context) if label else _known(book, f"{column}_{value}", value), book.texts)


def _known(book: Book, key: str, otherwise: str) -> str:
    return book.texts(f"table.{key}") if f"table.{key}" in book.texts else otherwise


def _method(book: Book, method: str, _: str) -> str:
    """An interval or test by name; limits built from two arms' intervals name these too."""
    for prefix, key in (("simultaneous_", "table.simultaneous_over"), ("mover_", "table.mover_over")):
        if method.startswith(prefix):
            return book.texts(key, interval=_method(book, method.removeprefix(prefix), _))
    return _known(book, f"method_{method}", method)


def _unit(book: Book, unit: str, measure: str) -> str:
    if measure not in _IN_UNIT:
        return _known(book, f"unit_{measure}", NONE)
    written = "points" if unit == "share" and measure in _DIFFERENCES else unit
    return _known(book, f"unit_{written}", written)


def _choice(book: Book, code: str, question: str) -> str:
    choices = {choice.code: choice.label for choice in book.study.question(question).choices}
    if code in choices:
        return book.texts.label(choices[code])
    if code.endswith(WITH_RARE):
        return book.texts("table.category_with_rare", answer=_choice(book, code.removesuffix(WITH_RARE), question))
    return _known(book, f"category_{code}", code)


def _untold(book: Book, value: str, _: str) -> str:
    return ", ".join(_known(book, f"untold_{name}", name) for name in value.split(", "))


def _shows(book: Book, value: str, question: str) -> str:
    return shown(value, book.study.question(question), book.texts)


def _figure(book: Book, identifier: str, _: str) -> str:
    figures = {figure.id: figure.says for figure in book.study.published.figure} if book.study.published else {}
    return book.texts.label(figures.get(identifier, identifier))


_LABELS: Final[Mapping[str, Callable[[Book, str, str], str]]] = {
    "indicator": lambda book, value, _: book.texts.label(book.indicators[value].label),
    "question": lambda book, value, _: book.texts.label(book.study.question(value).text),
    "mirror": lambda book, value, _: book.texts.label(book.indicators[value].label),
    "by": lambda book, value, _: capital(book.texts.label(book.study.question(value).name)),
    "covariate": lambda book, value, _: capital(book.texts.label(book.study.question(value).name)),
    "dimension": lambda book, value, _: book.texts.label(book.study.questionnaire.dimension[value].label),
    "group": lambda book, value, _: name(book, value),
    "reference": lambda book, value, _: name(book, value),
    "arm": lambda book, value, _: name(book, value),
    "choice": _choice,
    "category": _choice,
    "figure": _figure,
    "reason": lambda book, value, _: reason_name(book, value),
    "problem": lambda book, value, _: problem_name(book, value),
    "unit": _unit,
    "interval": _method,
    "test": _method,
    "compared": lambda book, value, _: book.texts(f"table.compared_{value.lower()}"),
    "mentored_shows": _shows,
    "non_mentored_shows": _shows,
    "untold": _untold,
    "stage": lambda book, value, _: book.texts(f"flow.{value}"),
    "done": lambda book, value, _: book.texts(f"done.{value}") if f"done.{value}" in book.texts else value,
}
