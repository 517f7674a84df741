"""Exports of survey tools, read as they are: every cell a text, nothing turned into missing.

A file is opened by its kind (`containers/`), the tool that wrote it recognised by what stands in it (`tools/`), and
what both know put together as an `Export` (`_table`). `forms/` reads the questionnaires that tools write.
"""

import re
import secrets
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from pathlib import Path
from typing import Final

from impact.apart import AT_ONCE, NEVER_TEXT
from impact.errors import ImpactError
from impact.loaders import _acting, _dropping, _linking, _repair, _roles, _signatures, _table
from impact.loaders._sheet import Book
from impact.loaders.containers import Container, Paired, containers
from impact.loaders.forms import Reader, recognised
from impact.loaders.tools import UNMARKED, tools
from impact.matching import fold, nearest
from impact.model import Export
from impact.study.reading import below
from impact.study.schema import Source, Study

LARGEST: Final = 200  # megabytes; an export of 100 000 respondents and 80 questions takes 140
FORM_SHEETS: Final = ("survey", "choices", "settings")  # of a questionnaire, beside which answers may stand
_LOCK: Final = re.compile(r"~\$(.+)|\.~lock\.(.+)#")  # made while a workbook is open


def load(study: Study) -> tuple[Export, ...]:
    """Every export of a study, one a `[[source]]`, in the study file's order, without what leads to someone.

    The columns that may lead to someone and that no figure needs hold marks in the place of their cells: see
    `_dropping`. Raises ImpactError for a file that is absent, that stands outside the study's folder, or that cannot be
    read whole, and where the study keeps or links by a column that its files do not have.
    """
    marks = secrets.token_bytes(32)
    linked = _linking.with_links(_whole(study), study)
    pairs = zip(linked, study.sources, strict=True)
    return tuple(_dropping.without_personal(export, source, study, marks) for export, source in pairs)


def _whole(study: Study) -> tuple[Export, ...]:
    """Every export as its file is; two are read at once, as some of the work is that of child processes."""

    def loaded(source: Source) -> Export:
        return read(below(study.folder, source.file, study.file), source)

    if len(study.sources) == 1:  # a thread would take memory of its own
        return (loaded(study.sources[0]),)
    speaking = [copy_context() for _ in study.sources]  # a thread would fall back on the usual language
    with ThreadPoolExecutor(AT_ONCE) as readers:
        return tuple(readers.map(lambda context, source: context.run(loaded, source), speaking, study.sources))


def inputs(study: Study) -> tuple[Path, ...]:
    """Every file that a study stands on: those that it names, and those that are read beside its exports because they
    say what the answers mean."""
    asked = {below(study.folder, source.file, study.file): source.format for source in study.sources}
    exports = [path for path in study.inputs if path in asked]
    beside = [_companion(path, _container(path, asked[path])) for path in exports]
    return tuple(dict.fromkeys((*study.inputs, *filter(None, beside))))


def _companion(path: Path, container: Container) -> Path | None:
    return container.companion(path) if isinstance(container, Paired) else None


def read(path: Path, source: Source) -> Export:
    """One export, opened as its content says and read as the tool that wrote it, unless `source.format` says more.

    `source.format` names a kind of file ("delimited"), or a tool ("kobo"), whose export the file must then be, or says
    that no tool wrote it ("table").
    """
    size = _present(path).stat().st_size
    if not size:
        raise ImpactError("loader_empty", file=path.name)
    if size > LARGEST * 1_000_000:
        raise ImpactError("loader_too_big", file=path.name, size=size // 1_000_000, limit=LARGEST)
    form = None if source.format or source.sheet else recognised(path)
    try:
        found = _opened(path, source)
    except ImpactError as fault:
        raise _is_a_form(path, form) if form else fault from fault
    if form and not found.tool and (not found.sheet or fold(found.sheet) in FORM_SHEETS):
        raise _is_a_form(path, form)
    return _acting.noted(_repair.mended(found) if source.repair_encoding else found)


def _opened(path: Path, source: Source) -> Export:
    opened = _container(path, source.format).read(path, source)
    tool = "" if source.format in containers() else source.format
    return _table.export(opened, source, tool) if isinstance(opened, Book) else _roles.of_labelled(opened)


def _is_a_form(path: Path, form: Reader) -> ImpactError:
    return ImpactError("loader_is_form", file=path.name, form=form.TITLE)


def formats() -> dict[str, str]:
    """All that `format` may name: kinds of file by their own name, tools by theirs, with the title of each."""
    return dict.fromkeys((*containers(), UNMARKED), "") | {name: tool.title for name, tool in tools().items()}


def _container(path: Path, asked: str) -> Container:
    known = containers()
    if asked in known:
        return known[asked]
    if asked and asked not in formats():
        raise _unknown(asked, formats())
    with path.open("rb") as file:
        head = file.read(_signatures.HEAD)
    ordered = sorted(known.values(), key=lambda container: -container.PRIORITY)
    container = next((container for container in ordered if container.matches(path, head)), None)
    if container is None:
        raise ImpactError(f"loader_is_{_signatures.kind(head) or 'binary'}", file=path.name)
    if not container.PRIORITY and path.suffix.lower() in NEVER_TEXT:
        raise ImpactError("loader_text_renamed", file=path.name, extension=path.suffix)
    return container


def _unknown(name: str, known: Mapping[str, str]) -> ImpactError:
    near = nearest(name, known)
    key = "loader_unknown_format_near" if near else "loader_unknown_format"
    return ImpactError(key, format=name, known=", ".join(known), near=near)


def locked_by(path: Path) -> str:
    """The name of the workbook whose lock a file is (Excel's ~$, LibreOffice's .~lock), "" where it is none."""
    found = _LOCK.fullmatch(path.name)
    return (found[1] or found[2]) if found else ""


def _present(path: Path) -> Path:
    if locked_by(path):
        raise ImpactError("loader_lock", file=path.name, workbook=locked_by(path))
    if path.is_file():
        return path
    if path.exists():  # a folder, or what never ends: a pipe, a device
        raise ImpactError("loader_not_a_file", file=path.name)
    beside = [found.name for found in path.parent.iterdir() if found.is_file()] if path.parent.is_dir() else []
    near = nearest(path.name, sorted(beside))
    raise ImpactError("loader_no_file_near" if near else "loader_no_file", file=path.name, near=near)
