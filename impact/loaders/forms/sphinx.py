"""The sheet `information` of a Sphinx iQ export: the survey's questions in order, with their choices."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from impact import texts
from impact.errors import ImpactError
from impact.loaders import _archive, _sphinx
from impact.loaders._sheet import Book
from impact.loaders._sphinx import Information, Variable
from impact.loaders.containers import workbook
from impact.matching import fold
from impact.model import Form, Item
from impact.study.schema import Source

TITLE: Final = "export Sphinx iQ avec sa feuille « information »"
SHEET: Final = "information"
OTHER: Final = "autre"
KINDS: Final = {"FU": "single", "FE": "single", "FM": "multiple", "ON": "number", "OD": "date"}


def matches(path: Path, head: bytes) -> bool:
    """A workbook whose sheet `information` says that Sphinx made it; names are looked at first, as they cost little."""
    if not head.startswith(workbook.ZIP) or not _archive.lists_sheet(path, SHEET):
        return False
    try:
        return _sphinx.information(_opened(path)) is not None
    except ImpactError:  # said when the answers are read
        return False


def read(path: Path) -> Form:
    """The questions, worded as the table of answers heads them: the sheet has their short names only."""
    book = _opened(path)
    about = _sphinx.information(book)
    if about is None:
        raise ImpactError("form_not_sphinx", file=path.name)
    sheet, header = _sphinx.answers(book, about)
    headings = [cell.strip() for cell in sheet.row(max(header))]
    return Form(about.title, path.name, tuple(_items(about, headings)), (texts.load()("note.sphinx_conditions"),))


def _opened(path: Path) -> Book:
    return workbook.read(path, Source(file=path.name, group="mentored"))


def _items(about: Information, headings: list[str]) -> Iterator[Item]:
    headed = {one.variable.name: headings[one.places[0]] for one in _sphinx.placed(about.variables, headings)}
    question = ""
    for variable in about.variables:
        if variable.name in _sphinx.SYSTEM:
            continue
        heading = headed.get(variable.name, "")
        if _sphinx.OTHER_TEXT.fullmatch(fold(heading)):
            heading = f"{question} – {heading}"
        else:
            question = _sphinx.stem(heading) if variable.kind == _sphinx.MULTIPLE else heading
            heading = question
        yield _item(variable, heading, about)


def _item(variable: Variable, heading: str, about: Information) -> Item:
    followed = any(one.name == f"{variable.name}_Autre" for one in about.variables)
    return Item(
        name=variable.name,
        texts={about.language: _sphinx.unbroken(heading or variable.name)},
        kind=KINDS.get(variable.kind, "single" if variable.choices else "text"),
        choices={choice: {about.language: choice} for choice in variable.choices},
        other=followed and OTHER not in map(fold, variable.choices),
        columns=(heading,) if heading else (),
    )
