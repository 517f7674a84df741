"""Inside a zipped workbook, before a library opens it: what it is, whether it is safe, what its cells hide.

The limits keep a small file from filling the memory: a sheet is laid out as a full rectangle, so that one cell typed
far away costs millions. A part is read piece by piece, and never held whole but where it is small.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Final
from xml.etree import ElementTree
from xml.parsers import expat

from impact.errors import ImpactError
from impact.loaders._told import LAST_COLUMN, LAST_ROW

ENTRIES: Final = 1_000  # real ones with 22 sheets and their drawings have 34, a sheet with a hundred pictures 120
UNPACKED: Final = 300_000_000  # bytes
RATIO: Final = 200  # unpacked to packed; a bomb has 1 000, real ones 14
LONGEST_LIST: Final = 1_000_000  # bytes of the list of sheets, unpacked
LONGEST_PART: Final = 10_000_000  # bytes of a part that says where others are
LONGEST_NAME: Final = 10  # signs of a cell that is told: XFD1048576
PIECE: Final = 1_000_000  # bytes of a part that are looked at together
OVERLAP: Final = 1_000  # bytes of a piece that are looked at again with the next, more than any cell's opening

FAR: Final = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br=["']([A-Z]{3}\d+|[A-Z]+\d{6,})["']""")
CELL: Final = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
DOCTYPE: Final = (b"<!DOCTYPE", "<!DOCTYPE".encode("utf-16-le"), "<!DOCTYPE".encode("utf-16-be"))
OPEN_DOCUMENT: Final = "content.xml"
PACKED: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the ways that workbooks may use
# What zipfile raises for a zip that is no longer one. NotImplementedError is a RuntimeError too, and no password.
DAMAGED: Final = (
    zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, EOFError, OSError, ValueError, OverflowError,
)  # fmt: skip
TELLING: Final = re.compile(rb"""\bt=["']e["']|<(\w+:)?f\b""")


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
            _check_size(archive.infolist(), file)
            _check_kind(archive, file)
            _check_parts(archive, file)
            _check_whole(archive, file)
    except DAMAGED as fault:
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
    except (*DAMAGED, RuntimeError):
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
    except (ElementTree.ParseError, LookupError, ValueError) as fault:  # no XML, or in no encoding that there is
        raise ImpactError("loader_unreadable", file=path.name) from fault
    return Hidden(errors, tuple(not_computed))


def _telling_cells(path: Path, sheet: str) -> Iterator[ElementTree.Element]:
    """The cells of a sheet, none where a quick look sees neither errors nor formulas."""
    with zipfile.ZipFile(path) as archive:
        part = dict(_sheets(archive, path.name)).get(sheet, "")
        if part not in archive.namelist() or not any(map(TELLING.search, _pieces(archive, part))):
            return
        with archive.open(part) as xml:
            for _, element in ElementTree.iterparse(xml):
                if element.tag.rpartition("}")[2] == "c" and element.get("r"):
                    yield element
                if element.tag.rpartition("}")[2] == "row":
                    element.clear()  # its cells have been told


def place(cell: str) -> tuple[int, int]:
    """The row and the column of a cell such as "B12", both from 1 on. ValueError for what is no cell's name."""
    found = CELL.fullmatch(cell)
    if not found:
        raise ValueError(cell)
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column


def _check_kind(archive: zipfile.ZipFile, file: str) -> None:
    """The parts may stand anywhere: what tells a workbook is the list of their types (.xlsx), or its own (.ods)."""
    names = [name for name in ("[Content_Types].xml", "mimetype") if name in archive.namelist()]
    types = b"".join(_small(archive, name, file) for name in names)
    if b"spreadsheet" not in types and b"ms-excel" not in types:
        raise ImpactError("loader_is_document" if types else "loader_is_archive", file=file)


def _check_size(entries: list[zipfile.ZipInfo], file: str) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    suspect = any(_leads_away(entry.filename) or entry.compress_type not in PACKED for entry in entries)
    if suspect or len(entries) > ENTRIES or unpacked > min(UNPACKED, RATIO * max(packed, 5_000)):
        raise ImpactError("loader_oversized", file=file)


def _leads_away(name: str) -> bool:
    """Whether a part would stand outside its workbook's own folder."""
    parts = name.replace("\\", "/").split("/")
    return ".." in parts or not parts[0] or parts[0].endswith(":")


def _check_parts(archive: zipfile.ZipFile, file: str) -> None:
    """Reads every part once: one longer than it claims, or damaged, is found by its length and its checksum."""
    for name in archive.namelist():
        is_xml = name.endswith((".xml", ".rels", ".vml"))
        for piece in _pieces(archive, name):
            is_xml = is_xml or b"<?xml" in piece[:64]
            if is_xml and any(mark in piece for mark in DOCTYPE):
                raise ImpactError("loader_doctype", file=file)
            _check_extent(piece, file)


def _check_whole(archive: zipfile.ZipFile, file: str) -> None:
    """An .ods is one text of XML, which its reader looks for the end of for ever where it was cut."""
    if OPEN_DOCUMENT not in archive.namelist():
        return
    parser = expat.ParserCreate()
    try:
        with archive.open(OPEN_DOCUMENT) as part:
            parser.ParseFile(part)
    except (expat.ExpatError, LookupError, ValueError) as fault:  # no XML, or in no encoding that there is
        raise ImpactError("loader_truncated", file=file) from fault


def _pieces(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """A part piece by piece, each with the end of the one before, in which a word may have begun."""
    with archive.open(name) as part:
        before = b""
        while piece := part.read(PIECE):
            yield before + piece
            before = piece[-OVERLAP:]


def _small(archive: zipfile.ZipFile, name: str, file: str) -> bytes:
    """A part that says where others are, and is small in every workbook."""
    if archive.getinfo(name).file_size > LONGEST_PART:
        raise ImpactError("loader_oversized", file=file)
    return archive.read(name)


def _check_extent(xml: bytes, file: str) -> None:
    for found in FAR.findall(xml):
        cell = found.decode()
        row, column = place(cell) if CELL.fullmatch(cell) else (LAST_ROW + 1, 0)
        if row > LAST_ROW or column > LAST_COLUMN:
            raise ImpactError("loader_far_cell", file=file, cell=cell[:LONGEST_NAME])


def _sheets(archive: zipfile.ZipFile, file: str) -> Iterator[tuple[str, str]]:
    """Sheet names and their parts. The workbook does not always stand under xl/: the relations say where."""
    roots = _relations(archive, "", file)
    book = next((target for kind, target in roots.values() if kind.endswith("/officeDocument")), "")
    if not book.endswith(".xml") or book not in archive.namelist():
        return
    parts = _relations(archive, book, file)
    for element in ElementTree.fromstring(_small(archive, book, file)).iter():
        if element.tag.endswith("}sheet"):
            key = next((value for name, value in element.items() if name.endswith("}id")), "")
            yield element.get("name", ""), parts.get(key, ("", ""))[1]


def _relations(archive: zipfile.ZipFile, part: str, file: str) -> dict[str, tuple[str, str]]:
    """The relations of a part by id: kind and target; "" is the archive's own."""
    folder = dirname(part)
    name = join(folder, "_rels", part.rpartition("/")[2] + ".rels")
    if name not in archive.namelist():
        return {}
    return {
        element.get("Id", ""): (element.get("Type", ""), normpath(join(folder, element.get("Target", ""))).lstrip("/"))
        for element in ElementTree.fromstring(_small(archive, name, file))
    }
