"""Google Forms: the answers as Sheets writes them (CSV, TSV, XLSX), and as Forms itself does (CSV, ";" between boxes).

The sheet keeps every question ever asked, in the order they were linked; a branch that repeats a question repeats its
heading, and the copies are kept apart.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from impact.loaders import _choosing, _rows
from impact.loaders._sheet import Book, Sheet
from impact.loaders.tools import Found, Tool, headed
from impact.loaders.tools._trials import flagged
from impact.matching import fold
from impact.model import Column

# What heads the column that dates each answer, in the languages of the forms met.
DATED: Final = (
    "Horodateur", "Timestamp", "Zeitstempel", "Marca temporal", "Carimbo de data/hora", "Informazioni cronologiche",
)  # fmt: skip
ANSWERS: Final = re.compile(
    r"(reponses au formulaire|form responses|formularantworten|respuestas de formulario|respostas ao formulario"
    r"|risposte del modulo) \d+"
)
MOMENT: Final = re.compile(r"(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})[T ,]+\d{1,2}[:.h]\d\d.*")
ROW: Final = re.compile(r"(.*\S)\s*\[([^\[\]]*)\]\s*", re.DOTALL)  # "Question [row of the grid]"
MARKED: Final = frozenset(("score", "note", "feedback", "commentaire", "commentaires"))  # beside a quiz's question
POINTS: Final = re.compile(r"\d+([.,]\d+)?\s*/\s*\d+([.,]\d+)?")  # "4 / 10"
UPLOADED: Final = ("https://drive.google.com/", "https://docs.google.com/")
PLACEHOLDER: Final = re.compile(r"(column|colonne|spalte|columna|coluna|colonna) \d+")  # a column added by hand
ROLES: Final = dict.fromkeys(DATED, "metadata") | dict.fromkeys(
    (
        "e-mail-adresse", "benutzername", "direccion de correo electronico", "correo electronico", "nombre de usuario",
        "endereco de e-mail", "nome de usuario", "indirizzo email", "indirizzo e-mail", "nome utente",
    ),
    "personal",
)  # fmt: skip


def recognise(book: Book) -> Found | None:
    """A sheet that bears the name of a form's answers, or whose first heading dates each answer and does."""
    named = [sheet for sheet in book.sheets if ANSWERS.fullmatch(fold(sheet.name)) and _choosing.filled(sheet)]
    dated = [sheet for sheet in book.sheets if _is_dated(sheet)]
    candidates = [sheet for sheet in named if sheet in dated] or named or dated
    if not candidates:
        return None
    sheet = max(candidates, key=lambda one: (one.visible, _choosing.filled(one)))
    place = 0 if sheet in dated else _rows.find_headings(sheet)
    if place is None:
        return None
    signs = [f"feuille « {sheet.name} »"] if sheet in named else []
    signs += [f"« {sheet.row(0)[0].strip()} »"] if sheet in dated else []
    return Found(sheet, (place,), tuple(signs))


def _is_dated(sheet: Sheet) -> bool:
    """Whether the first column is headed as Google heads it and half of its cells, at least, are moments."""
    if not sheet.top or not sheet.top[0] or fold(sheet.top[0][0]) not in set(map(fold, DATED)):
        return False
    cells = sheet.distinct(0, 1)
    return 2 * sum(bool(MOMENT.fullmatch(cell.strip())) for cell in cells) >= max(len(cells), 1)


def columns(found: Found, book: Book) -> tuple[Column, ...]:
    """Grids as blocks of rows, what a quiz adds as metadata, links to uploaded files as personal."""
    plain = headed(found, book)
    asked = {fold(column.heading) for column in plain}
    lines = Counter(fold(_first_line(column.heading)) for column in plain)
    copies: dict[str, list[set[str]]] = {}
    return tuple(
        _column(
            replace(column, headings=_named(column, lines)), asked, copies, found.sheet.distinct(place, found.start)
        )
        for place, column in enumerate(plain)
    )


def _named(column: Column, lines: Counter[str]) -> tuple[str, ...]:
    """The heading and, where help follows it on other lines, its first one if no other heading begins so."""
    first = _first_line(column.heading)
    unclear = first == column.heading or lines[fold(first)] > 1 or ROW.fullmatch(column.heading)
    return column.headings if unclear else (*column.headings, first)


def _first_line(heading: str) -> str:
    return heading.strip().split("\n")[0].strip()


def _column(column: Column, asked: set[str], copies: dict[str, list[set[str]]], cells: Sequence[str]) -> Column:
    row = ROW.fullmatch(column.heading)
    if row and fold(row[2]) in MARKED and fold(row[1]) in asked:
        return replace(column, role="metadata")
    if fold(column.heading) == "score" and cells and all(POINTS.fullmatch(cell.strip()) for cell in cells):
        return replace(column, role="metadata")
    if cells and all(cell.startswith(UPLOADED) for cell in cells):
        return replace(column, role="personal")
    if not cells and PLACEHOLDER.fullmatch(fold(column.heading)):
        return replace(column, role="note")
    return replace(column, block=_block(row[1], row[2], copies), item=row[2]) if row else column


def _block(question: str, item: str, copies: dict[str, list[set[str]]]) -> str:
    """The grid a row is of: the same in another branch begins where a row comes again, and is another one."""
    rows = copies.setdefault(fold(question), [set()])
    if fold(item) in rows[-1]:
        rows.append(set())
    rows[-1].add(fold(item))
    return question if len(rows) == 1 else f"{question} ({len(rows)})"


TOOL: Final = Tool(
    title="Google Forms",
    priority=20,
    recognise=recognise,
    columns=columns,
    roles=ROLES,
    finish=flagged,
    answered_on=DATED,
)
