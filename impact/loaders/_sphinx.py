"""What Sphinx iQ writes beside its answers: the sheet `information`, which says in order what each column is.

The sheet also holds the path of the survey on its author's machine, which names them: that line is never read.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from impact.loaders import _choosing, _rows
from impact.loaders._sheet import Book, Row, Sheet
from impact.matching import fold

MADE_BY: Final = "produit par sphinx"
WIDEST: Final = 6  # columns of the sheet: a question that names the tool stands in a wider one
PATHS: Final = ("chemin", "path")
PATH: Final = re.compile(r"^[a-z]:\\|^\\\\|\.sphx\b", re.IGNORECASE)
VARIABLE: Final = re.compile(r"V\d+\.\s*(.+)", re.DOTALL)
SLOT: Final = re.compile(r"(.+)_(\d+)", re.DOTALL)
MULTIPLE: Final = "FM"
NUMBERED: Final = ("n°obs", "n° obs")  # heads the numbers of the answers, in some versions
WHOLE: Final = ("", "echantillon total")
# What Sphinx adds to every survey, listed last and seldom all in the table.
SYSTEM: Final = (
    "CLE", "DATE_SAISIE", "DATE_ENREG", "DATE_MODIF", "TEMPS_SAISIE", "ORIGINE_SAISIE", "LANG_SAISIE",
    "APPAREIL_SAISIE", "PROGRESSION", "DERNIERE_QUESTION_SAISIE",
)  # fmt: skip
OTHER_TEXT: Final = re.compile(r"si ['\"]?autre['\"]?,? precisez\W*")


class Variable(NamedTuple):
    """A question as the sheet lists it: FU one choice, FM several, FE a scale, ON number, OT text, OC code, OD date."""

    name: str
    kind: str
    choices: tuple[str, ...]


class Information(NamedTuple):
    """What the sheet says of an export."""

    sheet: str
    rows: tuple[Row, ...]  # without the path of the survey
    made_by: str  # as it stands in the file
    title: str
    language: str
    exported: int | None  # answers
    subset: tuple[str, ...]  # stratum and filter, where not all answers were exported
    variables: tuple[Variable, ...]


class Placed(NamedTuple):
    """A variable and its columns."""

    variable: Variable
    places: tuple[int, ...]


def information(book: Book) -> Information | None:
    """What the sheet `information` says, None where the book has none."""
    for sheet in (*book.sheets, *book.aside):
        made_by = next((cell.strip() for cell in (sheet.top or ((),))[0] if MADE_BY in fold(cell)), "")
        if made_by and sheet.width <= WIDEST:
            return _read(sheet, made_by)
    return None


def _read(sheet: Sheet, made_by: str) -> Information:
    written = [tuple(cell.strip() for cell in (*sheet.row(place), "", "", "", ""))[:4] for place in range(len(sheet))]
    rows = tuple(row for row in written if fold(row[1]) not in PATHS and not PATH.search(row[2]))
    said = {fold(key): value for _, key, value, _ in reversed(rows)}
    exported = said.get("nombre d'observations exportees", "")
    stratum, chosen = said.get("strate", ""), said.get("filtre(s)", "")
    return Information(
        sheet.name,
        rows,
        made_by,
        said.get("nom", ""),
        said.get("langue", "").lower(),
        int(exported) if exported.isdigit() else None,
        tuple(text for text in (stratum, chosen) if fold(text) not in WHOLE),
        tuple(
            Variable(found[1].strip(), kind, tuple(one.strip() for one in choices.split(" ; ") if one.strip()))
            for _, key, kind, choices in rows
            if (found := VARIABLE.fullmatch(key))
        ),
    )


def answers(book: Book, about: Information | None) -> tuple[Sheet, tuple[int, ...]]:
    """The sheet of the answers and its rows of headings: the second, under a blank one or one that only numbers."""
    others = tuple(sheet for sheet in book.sheets if not about or sheet.name != about.sheet)
    sheet = _choosing.fullest(replace(book, sheets=others))
    first = next((place for place, row in enumerate(sheet.top) if not _rows.is_blank(row)), 0)
    numbered = _rows.filled(sheet.row(first)) == [0] and fold(sheet.row(first)[0]) in NUMBERED
    return sheet, (first, first + 1) if numbered and first + 1 < len(sheet) else (first,)


def placed(variables: Sequence[Variable], headings: Sequence[str]) -> Iterator[Placed]:
    """Each variable with its columns, in order, from the second column on, until the table or the order ends.

    The names of the sheet are not the headings of the table: only the run of a multiple choice shows that both agree.
    """
    place = 1
    for variable in variables:
        if place >= len(headings):
            return
        slots = slots_at(place, headings)
        expected = len(variable.choices) if variable.kind == MULTIPLE else 1
        if max(slots, 1) != expected:
            return
        yield Placed(variable, tuple(range(place, place + expected)))
        place += expected


def slots_at(place: int, headings: Sequence[str]) -> int:
    """How many columns from one on are headed "…_1", "…_2", … with the same text; 0 where that is no run."""
    first = SLOT.fullmatch(headings[place])
    if not first or first[2] != "1":
        return 0
    length = 1
    while place + length < len(headings) and headings[place + length] == f"{first[1]}_{length + 1}":
        length += 1
    return length if length > 1 else 0


def stem(heading: str) -> str:
    """The question of a column headed "…_1"."""
    found = SLOT.fullmatch(heading)
    return found[1] if found else heading


def unbroken(heading: str) -> str:
    """A heading on one line: Sphinx writes "_" where the question has a line break."""
    return " ".join(heading.replace("_", " ").split())
