"""The sheets of an XLSForm as they stand: who reads an export beside its form needs them, and who reads the form."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

from impact.loaders._sheet import Book, Sheet
from impact.matching import fold

SURVEY: Final = "survey"
CHOICES: Final = "choices"
SETTINGS: Final = "settings"
PARTS: Final = (SURVEY, CHOICES, SETTINGS, "external_choices", "entities", "osm")
TRANSLATED: Final = ("label", "hint")
# Languages that forms name by their own word; most add the code, "Français (fr)".
LANGUAGES: Final = {
    "francais": "fr", "french": "fr", "anglais": "en", "english": "en", "espanol": "es", "spanish": "es",
    "deutsch": "de", "german": "de", "portugues": "pt", "portuguese": "pt", "arabic": "ar", "italiano": "it",
}  # fmt: skip
# Ways of writing the two kinds of select that pyxform takes for one.
SELECT: Final = re.compile(
    r"(?P<kind>select[_ ]one(?: from)?|select1|add select one prompt using|select[_ ]multiple(?: from)?|"
    r"select all that apply(?: from)?|add select multiple prompt using)\s+(?P<list>\S+)(?P<other>\s+or[_ ]other)?"
)

WHOLE: Final = re.compile(r"^(-?\d+)\.0+$")  # a number that was typed as one

Translated = Mapping[str, str]  # a text by language code, "" where the form names none


@dataclass(frozen=True)
class Row:
    """One row of the survey sheet. `cells` by column, folded, a text that is translated by "label::fr"."""

    number: int
    cells: Mapping[str, str]

    @property
    def name(self) -> str:
        """The question's name, "" for the end of a group."""
        return self.cells.get("name", "").strip()

    @cached_property
    def type(self) -> str:
        """The type, as pyxform spells it: case, spaces and a hyphen never count."""
        return " ".join(fold(self.cells.get("type", "")).replace("-", "_").split())

    @cached_property
    def select(self) -> "re.Match[str] | None":
        """The parts of a select's type: `kind`, `list`, `other`."""
        return SELECT.fullmatch(self.type)

    @property
    def multiple(self) -> bool:
        """Whether several options may be ticked."""
        return bool(self.select and "one" not in self.select["kind"] and "select1" not in self.select["kind"])

    @property
    def labels(self) -> Translated:
        """The wording in each language that has one."""
        return labels(self.cells)


@dataclass(frozen=True)
class Written:
    """A form as it is written: the rows that hold something, the options of each list by name, the settings."""

    rows: tuple[Row, ...]
    choices: Mapping[str, Mapping[str, Translated]]
    settings: Mapping[str, str] = field(default_factory=dict)
    twice: tuple[tuple[str, str], ...] = ()  # (list, name) of options written more than once

    def options(self, row: Row) -> Mapping[str, Translated]:
        """The options of a select, in the form's order."""
        return self.choices.get(row.select["list"], {}) if row.select else {}


def is_part(sheet: str) -> bool:
    """Whether a sheet is a form's, by its name."""
    return fold(sheet) in PARTS


def of_book(book: Book) -> Written | None:
    """The form that a book's sheets hold, None where they hold none. A text holds them one below the other, each named
    in the first column, or the survey alone."""
    sheets = {fold(sheet.name): tuple(_records(sheet)) for sheet in book.sheets if is_part(sheet.name)}
    if len(book.sheets) == 1 and not book.sheets[0].name:
        sheets = _stacked(book.sheets[0]) or {SURVEY: tuple(_records(book.sheets[0]))}
    rows = tuple(row for row in sheets.get(SURVEY, ()) if row.type)
    if not any(row.name for row in rows):
        return None
    settings = next(iter(sheets.get(SETTINGS, ())), Row(0, {}))
    return Written(rows, *_lists(sheets.get(CHOICES, ()), dict(settings.cells)))


def beside(book: Book) -> Written | None:
    """The form that stands in a workbook beside the answers, if any."""
    sheets = (*book.sheets, *book.aside)
    return of_book(replace(book, sheets=sheets)) if any(fold(sheet.name) == SURVEY for sheet in sheets) else None


def options(book: Book) -> dict[str, tuple[str, ...]]:
    """The names of the options of each multiple choice, where a form stands beside the answers."""
    form = beside(book)
    return {row.name: tuple(form.options(row)) for row in form.rows if row.multiple} if form else {}


def bare(form: Written) -> dict[str, tuple[tuple[str, ...], ...]]:
    """The sheets of a form, with no more than tells what its answers are: the types and names of the questions, and the
    options of multiple choices. Another list may be one of people."""
    lists = {row.select["list"]: form.options(row) for row in form.rows if row.select and row.multiple}
    return {
        SURVEY: (("type", "name"), *((row.type, row.name) for row in form.rows)),
        CHOICES: (("list_name", "name"), *((name, option) for name, options in lists.items() for option in options)),
    }


def labels(cells: Mapping[str, str]) -> dict[str, str]:
    """The labels of a row by language."""
    written = {key.removeprefix("label::"): text for key, text in cells.items() if key.startswith("label::")}
    return {language: " ".join(text.split()) for language, text in written.items() if text.strip()}


def _lists(
    rows: Sequence[Row], settings: Mapping[str, str]
) -> tuple[dict[str, dict[str, Translated]], Mapping[str, str], tuple[tuple[str, str], ...]]:
    lists: dict[str, dict[str, Translated]] = {}
    twice = []
    for row in rows:
        named = fold(row.cells.get("list_name", ""))
        if named and row.name:
            written, name = lists.setdefault(named, {}), WHOLE.sub(r"\1", row.name)
            if name in written:
                twice.append((named, name))
            written.setdefault(name, row.labels)
    return lists, settings, tuple(dict.fromkeys(twice))


def _stacked(sheet: Sheet) -> dict[str, tuple[Row, ...]]:
    """The sheets of a form written as one text: the name of each in the first column, its rows from the second on."""
    firsts = [(sheet.row(place) or ("",))[0] for place in range(len(sheet))]
    starts = [place for place, first in enumerate(firsts) if is_part(first)]
    ends = [*starts[1:], len(sheet)] if starts else []
    return {
        fold(firsts[start]): tuple(_of_rows([(sheet.numbers[p], sheet.row(p)[1:]) for p in range(start, end)]))
        for start, end in zip(starts, ends, strict=True)
    }


def _records(sheet: Sheet) -> Iterator[Row]:
    return _of_rows([(sheet.numbers[place], sheet.row(place)) for place in range(len(sheet))])


def _of_rows(rows: Sequence[tuple[int, Sequence[str]]]) -> Iterator[Row]:
    """The rows below the first that holds something, which names the columns."""
    filled = [(number, row) for number, row in rows if any(map(str.strip, row))]
    names = [_column(cell) for cell in filled[0][1]] if filled else []
    for number, row in filled[1:]:
        yield Row(number, {name: cell for name, cell in zip(names, row, strict=False) if name and cell.strip()})


def _column(heading: str) -> str:
    """A column's name whatever its case and spaces: "list name" is list_name, "Label : fr" is label::fr."""
    name, sign, language = fold(heading).partition(":")
    name = "_".join(name.split())
    if name in TRANSLATED:
        return f"{name}::{_language(language.strip(': '))}"
    return name if not sign else f"{name}::{language.strip(': ')}"


def _language(name: str) -> str:
    """A language's code: the one in brackets, the word's own, or the word."""
    bracketed = re.search(r"\(([a-z]{2,3}(?:-[a-z]+)?)\)\s*$", name)
    return bracketed[1] if bracketed else LANGUAGES.get(name, name)
