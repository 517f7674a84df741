"""Inside a zipped workbook, before a library opens it: what it is, whether it is safe, what its cells hide.

The limits keep a small file from filling the memory: a sheet is laid out as a full rectangle, so that one cell typed
far away costs millions.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Final
from xml.etree import ElementTree

from impact.errors import ImpactError

ENTRIES: Final = 200
UNPACKED: Final = 300_000_000  # bytes
RATIO: Final = 200  # unpacked to packed; a bomb has 1 000
LONGEST_LIST: Final = 1_000_000  # bytes of the list of sheets, unpacked
LAST_ROW: Final = 200_000
LAST_COLUMN: Final = 5_000

FAR: Final = re.compile(rb'<(?:\w+:)?c [^>]*?\br="([A-Z]{3}\d+|[A-Z]+\d{6,})"')


@dataclass(frozen=True, slots=True)
class Hidden:
    """What the cells of a sheet hide, by cell ("B12"): errors as Excel shows them, formulas that nobody computed."""

    errors: Mapping[str, str]
    not_computed: tuple[str, ...]


def check(path: Path) -> None:
    """Raises ImpactError for a zip that is cut short, is no workbook, or would fill the memory."""
    file = path.name
    try:
        with zipfile.ZipFile(path) as archive:
            _check_kind(archive, file)
            _check_size(archive.infolist(), file)
            _check_parts(archive, file)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError) as fault:
        raise ImpactError("loader_truncated", file=file) from fault
    except RuntimeError as fault:  # what zipfile raises for a password
        raise ImpactError("loader_protected", file=file) from fault


def lists_sheet(path: Path, name: str) -> bool:
    """Whether a workbook has a sheet of this name, by a look at its list alone; False for what is no workbook."""
    wanted = re.compile(rb'\bname="' + re.escape(name.encode()) + b'"', re.IGNORECASE)
    try:
        with zipfile.ZipFile(path) as archive:
            lists = (part for part in archive.infolist() if part.filename.endswith("workbook.xml"))
            return any(part.file_size < LONGEST_LIST and bool(wanted.search(archive.read(part))) for part in lists)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError):
        return False


def hidden(path: Path, sheet: str) -> Hidden:
    """What calamine does not tell of a sheet; nothing for an .ods, which keeps errors as texts."""
    errors: dict[str, str] = {}
    not_computed: list[str] = []
    try:
        for cell in _telling_cells(path, sheet):
            result = cell.findtext("{*}v", default="")
            if cell.get("t") == "e":
                errors[cell.get("r", "")] = result
            elif not result and cell.find("{*}f") is not None:
                not_computed.append(cell.get("r", ""))
    except ElementTree.ParseError as fault:
        raise ImpactError("loader_unreadable", file=path.name) from fault
    return Hidden(errors, tuple(not_computed))


def _telling_cells(path: Path, sheet: str) -> Iterator[ElementTree.Element]:
    """The cells of a sheet, none where a quick look sees neither errors nor formulas."""
    with zipfile.ZipFile(path) as archive:
        part = dict(_sheets(archive)).get(sheet, "")
        xml = archive.read(part) if part in archive.namelist() else b""
    if re.search(rb't="e"|<(\w+:)?f\b', xml):
        yield from ElementTree.fromstring(xml).iterfind(".//{*}c[@r]")


def place(cell: str) -> tuple[int, int]:
    """The row and the column of a cell such as "B12", both from 1 on."""
    letters = cell.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(cell[len(letters) :]), column


def _check_kind(archive: zipfile.ZipFile, file: str) -> None:
    """The parts may stand anywhere: what tells a workbook is the list of their types (.xlsx), or its own (.ods)."""
    types = b"".join(archive.read(name) for name in ("[Content_Types].xml", "mimetype") if name in archive.namelist())
    if b"spreadsheet" not in types and b"ms-excel" not in types:
        raise ImpactError("loader_is_document" if types else "loader_is_archive", file=file)


def _check_size(entries: list[zipfile.ZipInfo], file: str) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    suspect = any(".." in entry.filename.split("/") for entry in entries)
    if suspect or len(entries) > ENTRIES or unpacked > min(UNPACKED, RATIO * max(packed, 5_000)):
        raise ImpactError("loader_oversized", file=file)


def _check_parts(archive: zipfile.ZipFile, file: str) -> None:
    """Reads every part once: a part longer than it claims, or damaged, is found by its checksum."""
    for name in archive.namelist():
        content = archive.read(name)
        if name.endswith((".xml", ".rels")):
            if b"<!DOCTYPE" in content:
                raise ImpactError("loader_doctype", file=file)
            _check_extent(content, file)


def _check_extent(xml: bytes, file: str) -> None:
    for found in FAR.findall(xml):
        row, column = place(found.decode())
        if row > LAST_ROW or column > LAST_COLUMN:
            raise ImpactError("loader_far_cell", file=file, cell=found.decode())


def _sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Sheet names and their parts. The workbook does not always stand under xl/: the relations say where."""
    roots = _relations(archive, "")
    book = next((target for kind, target in roots.values() if kind.endswith("/officeDocument")), "")
    if not book.endswith(".xml"):
        return
    parts = _relations(archive, book)
    for element in ElementTree.fromstring(archive.read(book)).iter():
        if element.tag.endswith("}sheet"):
            key = next((value for name, value in element.items() if name.endswith("}id")), "")
            yield element.get("name", ""), parts.get(key, ("", ""))[1]


def _relations(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """The relations of a part by id: kind and target; "" is the archive's own."""
    folder = dirname(part)
    name = join(folder, "_rels", part.rpartition("/")[2] + ".rels")
    if name not in archive.namelist():
        return {}
    xml = archive.read(name)
    return {
        element.get("Id", ""): (element.get("Type", ""), normpath(join(folder, element.get("Target", ""))).lstrip("/"))
        for element in ElementTree.fromstring(xml)
    }
