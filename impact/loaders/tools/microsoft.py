"""Microsoft Forms: one workbook, one row a respondent, boxes joined by ";" with one more at the end."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from impact.loaders._sheet import Book, Row
from impact.loaders.tools import Found, Tool, headed
from impact.loaders.tools._trials import flagged
from impact.matching import fold
from impact.model import Column

IDS: Final = frozenset(("id", "id."))
STARTS: Final = ("Start time", "Heure de début", "Startzeit", "Hora de inicio")
ENDS: Final = ("Completion time", "Heure de fin", "Fertigstellungszeit", "Hora de finalización")
# "Points - Q" and "Feedback - Q" stand beside the question Q of a quiz.
MARKED: Final = re.compile(r"(?:points|feedback|commentaires|punkte|puntos|comentarios)\s*[-–]\s*(.+)", re.DOTALL)
COPY: Final = re.compile(r"(.*\D)(\d{1,2})", re.DOTALL)  # Excel's tables number equal headings: "Pourquoi ?2"
CLOSED: Final = ("?", "!", ".", ":", "…", ")")  # after which a digit is no word of the question
METADATA: Final = (
    *STARTS, *ENDS, "Language", "Langue", "Sprache", "Idioma", "Total points", "Points totaux", "Gesamtpunktzahl",
    "Puntos totales", "Quiz feedback", "Commentaires du quiz", "Last modified time",
    "Heure de la dernière modification", "Zeit der letzten Änderung", "Hora de la última modificación",
)  # fmt: skip
ROLES: Final[Mapping[str, str]] = dict.fromkeys(METADATA, "metadata")
# Who answered, in the two columns behind the dates and nowhere else: « Nombre » is a name there, a count elsewhere.
SIGNED: Final = frozenset(("e-mail", "email", "correo electronico", "adresse de messagerie", "name", "nom", "nombre"))
PLACES_SIGNED: Final = (3, 4)


def recognise(book: Book) -> Found | None:
    """A first row that begins with the number of the answer, when it was begun and when it was sent."""
    for sheet in book.sheets:
        if sheet.top and _begins(sheet.top[0]):
            return Found(sheet, (0,), tuple(f"« {cell.strip()} »" for cell in sheet.top[0][:3]))
    return None


def _begins(row: Row) -> bool:
    names = [fold(cell) for cell in row[:3]]
    known = (IDS, STARTS, ENDS)
    return len(names) == 3 and all(name in set(map(fold, those)) for name, those in zip(names, known, strict=True))


def columns(found: Found, book: Book) -> tuple[Column, ...]:
    """The number of the answer and what a quiz adds set aside; copies of a heading named as their number says."""
    plain = headed(found, book)
    known = {fold(column.heading) for column in plain}
    bases = Counter(fold(copy[1]) for column in plain if (copy := COPY.fullmatch(column.heading.strip())))
    first, *others = (_column(column, known, bases) for column in plain)
    return (replace(first, role="metadata"), *map(_signed, others))


def _signed(column: Column) -> Column:
    signed = column.position in PLACES_SIGNED and fold(column.heading) in SIGNED
    return replace(column, role="personal") if signed else column


def _column(column: Column, known: set[str], bases: Counter[str]) -> Column:
    marked = MARKED.fullmatch(fold(column.heading))
    if marked and marked[1] in known:
        return replace(column, role="metadata")
    second = _without_number(column.heading.strip(), known, bases)
    return replace(column, headings=(*column.headings, second)) if second else column


def _without_number(heading: str, known: set[str], bases: Counter[str]) -> str:
    """What a numbered copy may be pointed at by as well: "Pourquoi ? (2)", or "Pourquoi ?" where no other column is it.

    Never the bare heading beside the column that has it: it would then point at both.
    """
    copy = COPY.fullmatch(heading)
    if not copy:
        return ""
    base = copy[1]
    if fold(base) in known:
        return "" if base.endswith((" ", "\u00a0")) else f"{base} ({copy[2]})"
    return base if base.endswith(CLOSED) and bases[fold(base)] == 1 else ""


TOOL: Final = Tool(
    title="Microsoft Forms",
    priority=55,
    recognise=recognise,
    columns=columns,
    roles=ROLES,
    finish=flagged,
    answered_on=ENDS,
)
