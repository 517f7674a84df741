"""Sphinx iQ: headings in the second row, multiple choices packed to the left, a sheet on what the columns are."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from impact import texts
from impact.loaders import _rows, _sphinx
from impact.loaders._sheet import Book, Sheet
from impact.loaders._sphinx import Information, Variable
from impact.loaders.tools import Found, Tool
from impact.loaders.tools._drafts import with_drafts
from impact.loaders.tools._trials import flagged
from impact.matching import fold
from impact.model import NOTHING, Column, Export

FINISHED: Final = ("", "termine")  # PROGRESSION also says "En cours", "QuotaFull", "ScreenOut"
PERSONAL: Final = ("CLE",)  # the key by which a respondent was invited


def recognise(book: Book) -> Found | None:
    """A sheet `information` that says so, or a first cell that numbers the observations as Sphinx does."""
    about = _sphinx.information(book)
    numbered = [one for one in book.sheets if one.top and one.top[0] and fold(one.top[0][0]) in _sphinx.NUMBERED]
    if about and any(sheet.name != about.sheet for sheet in book.sheets):
        sheet, header = _sphinx.answers(book, about)
        signs = (texts.load()("note.sign_sheet", sheet=about.sheet), f"« {about.made_by} »")
        notes = tuple(_remarks(about, sheet, header))
        return Found(sheet, header, signs, (about.sheet,), notes, {about.sheet: about.rows})
    if numbered:
        sheet, header = _sphinx.answers(book, None)
        return Found(sheet, header, (f"« {numbered[0].top[0][0].strip()} »",)) if sheet in numbered else None
    return None


def _remarks(about: Information, sheet: Sheet, header: tuple[int, ...]) -> Iterator[str]:
    """Where the sheet and the table disagree, and where the table is not all that was answered."""
    say = texts.load()
    found = int((~_rows.blank(sheet)[max(header) + 1 :]).sum())
    if about.exported not in (None, found):
        yield say("note.sphinx_count", announced=about.exported, found=found)
    if about.subset:
        yield say("note.sphinx_subset", subset=" ; ".join(about.subset))
    headings = sheet.row(max(header))
    reached = max((place for one in _sphinx.placed(about.variables, headings) for place in one.places), default=0) + 1
    if reached < len(headings):
        yield say("note.sphinx_order", column=Column(reached, ()).letter)


def columns(found: Found, book: Book) -> tuple[Column, ...]:
    """The first column numbers the answers; the others are named by their question, and by its name in the survey."""
    headings = [cell.strip() for cell in found.rows[-1]]
    about = _sphinx.information(book)
    variables = {
        place: one.variable
        for one in (_sphinx.placed(about.variables, headings) if about else ())
        for place in one.places
    }
    slots = {place for place, variable in variables.items() if variable.kind == _sphinx.MULTIPLE}
    for start in range(1, len(headings)):
        run = range(start, start + _sphinx.slots_at(start, headings))
        if start not in variables and _packed(found, run):
            slots.update(run)
    numbers = Column(0, (found.rows[0][0].strip(),), role="metadata")
    named = (_column(place, headings, variables.get(place), place in slots) for place in range(1, len(headings)))
    return (numbers, *named)


def _column(place: int, headings: Sequence[str], variable: Variable | None, slot: bool) -> Column:
    heading = headings[place]
    names = [heading] if slot else [heading, _sphinx.unbroken(heading)]
    if _sphinx.OTHER_TEXT.fullmatch(fold(heading)):  # it comes back: the question on its left tells which it is
        names.insert(0, f"{_sphinx.stem(_left(place, headings))} – {heading}")
    if variable and not slot:
        names.append(variable.name)
    return Column(
        place,
        tuple(dict.fromkeys(names)),
        block=_sphinx.stem(heading) if slot else "",
        layout="slots" if slot else "",
        # Cells hold labels, never codes. Listed all the same: their order here is that of the form, which the answers
        # alone do not tell, and a choice that nobody made would otherwise be unknown.
        labels={choice: choice for choice in variable.choices} if variable and variable.choices else NOTHING,
    )


def _left(place: int, headings: Sequence[str]) -> str:
    """The question that a text says more of."""
    texts = (headings[left] for left in range(place - 1, 0, -1))
    return next((text for text in texts if not _sphinx.OTHER_TEXT.fullmatch(fold(text))), "")


def _packed(found: Found, places: range) -> bool:
    """Whether columns hold the answers of a multiple choice, where no sheet says so: filled from the left, not all to
    the end, and none twice in a row. The rows of a grid repeat their scale."""
    cells = [found.sheet.frame[place].astype(str).to_numpy()[found.start :] for place in places]
    filled = [column != "" for column in cells]
    left = all((before | ~after).all() for before, after in pairwise(filled))
    return left and not np.all(filled) and not _twice(cells)


def _twice(cells: Sequence[npt.NDArray[Any]]) -> bool:
    """Whether a row gives one answer in two of these columns."""
    answers = np.column_stack(cells)
    numbers = np.where(answers == "", -1, pd.factorize(answers.ravel())[0].reshape(answers.shape))
    ordered = np.sort(numbers, axis=1)
    return bool(((ordered[:, 1:] == ordered[:, :-1]) & (ordered[:, 1:] >= 0)).any())


def finish(export: Export) -> Export:
    """Whoever has not reached the end answered in part."""
    return flagged(with_drafts(export, ("progression",), lambda cell: fold(cell) not in FINISHED))


TOOL: Final = Tool(
    title="Sphinx iQ",
    priority=90,
    recognise=recognise,
    columns=columns,
    roles={name: "personal" if name in PERSONAL else "metadata" for name in (*_sphinx.SYSTEM, *_sphinx.NUMBERED)},
    finish=finish,
    answered_on=("DATE_ENREG", "DATE_SAISIE", "DATE_MODIF"),
)
