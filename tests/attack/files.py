"""What stands in the produced files, read as anyone who was given them would read it: no object of the program."""

import csv
import html
import math
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pikepdf
from python_calamine import CalamineWorkbook

from tests.unit._pdf import words_of

# Words that a program writes and pandas would take for blanks are words here.
AS_WRITTEN = {"keep_default_na": False, "na_values": [""]}
NAMES = ("indicator", "question", "group", "reference", "choice", "status", "source", "stage", "reason", "measure")
SVG = "{http://www.w3.org/2000/svg}"
TICK = re.compile(r"^(\d+)(?:\s%)?$")
NUMBER = re.compile(r"(?<![\d,.])[−-]?\d+(?:,\d+)?")
LIMIT = r"([−+]?\d+(?:,\d+)?)"
LIMITS = re.compile(rf"(?:\bde {LIMIT}(?: %)? à {LIMIT}\b|\[{LIMIT} ; {LIMIT}\])")
OF_A_FILE = re.compile(
    r"\d{14}|\d{4}-\d\d-\d\dT[\d:]+|ISO 14289|\w*ID>[^<]*|pdfuaid:\w+"
)  # its date, the standard it keeps
KEY = 12.0  # points: what stands above this is the key of a figure, not its plot
CHUNK = 8  # bytes before the content of a part of a PNG: its length and its name


def csv_tables(folder: Path) -> dict[str, pd.DataFrame]:
    """Every CSV table of a folder by name; where a row has no such name, it is ""."""
    found = {path.stem: pd.read_csv(path, **AS_WRITTEN) for path in sorted(folder.glob("*.csv"))}
    return {name: frame.assign(**_named(frame)) for name, frame in found.items()}


def _named(frame: pd.DataFrame) -> dict[str, "pd.Series[str]"]:
    return {name: frame[name].astype(object).where(frame[name].notna(), "") for name in NAMES if name in frame}


Row = dict[str, float | str]


def csv_rows(folder: Path) -> dict[str, list[Row]]:
    """Every row of every CSV table of a folder: numbers as such, a blank as NaN unless it is a name."""
    found = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found[path.stem] = [{name: _cell(name, text) for name, text in row.items()} for row in csv.DictReader(file)]
    return found


def _cell(name: str, text: str) -> float | str:
    if name in NAMES:
        return text
    try:
        return float(text or math.nan)
    except ValueError:
        return text


def sheets(path: Path) -> dict[str, list[list[object]]]:
    """Every cell of every sheet of a workbook, hidden ones too, the header first."""
    with path.open("rb") as file:
        book = CalamineWorkbook.from_filelike(file)
        return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def beside_the_sheets(path: Path) -> dict[str, str]:
    """What a workbook holds besides cells, part by part: properties, defined names, comments, hidden marks."""
    with zipfile.ZipFile(path) as archive:
        return {
            name: html.unescape(archive.read(name).decode("utf-8", "replace"))
            for name in archive.namelist()
            if not name.startswith(("xl/worksheets/sheet", "xl/sharedStrings", "xl/styles", "xl/theme"))
        }


def pdf_words(path: Path) -> str:
    """The words of the pages, of the alternatives of figures and of the properties."""
    with pikepdf.open(path) as pdf:
        beside = [str(value) for value in (pdf.docinfo or {}).values()]
        beside += [str(each.Alt) for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and "/Alt" in each]
        beside += [pdf.Root.Metadata.read_bytes().decode("utf-8", "replace")] if "/Metadata" in pdf.Root else []
    return " ".join([words_of(path), *beside])


def attached(path: Path) -> dict[str, bytes]:
    """The files that a PDF carries."""
    with pikepdf.open(path) as pdf:
        return {name: one.get_file().read_bytes() for name, one in pdf.attachments.items()}


def svg_words(path: Path) -> str:
    """Every word of a figure: what is drawn, its title, its description."""
    return " ".join(text.strip() for text in ElementTree.parse(path).getroot().itertext() if text.strip())


def png_words(path: Path) -> str:
    """The words that an image carries with it."""
    data, place, found = path.read_bytes(), 8, []
    while place < len(data):
        length, name = int.from_bytes(data[place : place + 4]), data[place + 4 : place + CHUNK]
        if name in (b"tEXt", b"iTXt"):
            found.append(data[place + CHUNK : place + CHUNK + length].replace(b"\0", b" ").decode("utf-8", "replace"))
        place += length + CHUNK + 4
    return " ".join(found)


def svg_values(path: Path) -> list[float]:
    """What the places of the marks and intervals of a figure of shares say, in percent, by the ticks of its axis."""
    root = ElementTree.parse(path).getroot()
    ticks = sorted({(float(x), float(value)) for x, value in _ticks(root)})
    if len({value for _, value in ticks}) < 2:
        return []
    (left, low), (right, high) = ticks[0], ticks[-1]
    places = [x for x in _drawn(root) if left - 1 <= x <= right + 1]
    return [low + (x - left) * (high - low) / (right - left) for x in places]


def _ticks(root: ElementTree.Element) -> Iterator[tuple[str, str]]:
    for text in root.iter(f"{SVG}text"):
        said, style = TICK.match((text.text or "").strip()), text.get("style", "")
        if said and "text-anchor: middle" in style:
            yield text.get("x") or text.get("transform", "0").split("(")[1].split(" ")[0], said[1]


def _drawn(root: ElementTree.Element) -> Iterator[float]:
    """Where marks stand, and where filled shapes begin and end."""
    for use in root.iter(f"{SVG}use"):
        if float(use.get("y")) > KEY:
            yield float(use.get("x"))
    for path in root.iter(f"{SVG}path"):
        if "fill: none" not in path.get("style", ""):
            yield from (float(x) for x in re.findall(r"[ML] (-?[\d.]+) ", path.get("d", "")))


def numbers(text: str) -> set[float]:
    """Every number of a text as it is written in French: decimals after a comma."""
    kept = OF_A_FILE.sub(" ", text)
    return {_number(each) for each in NUMBER.findall(kept)}


def limits(text: str) -> set[tuple[float, float]]:
    """Every two limits of a text, written "de 62 à 84" or "[62 ; 84]"."""
    found = LIMITS.findall(text.replace("\u202f", " ").replace("\xa0", " "))
    return {(_number(one[0] or one[2]), _number(one[1] or one[3])) for one in found}


def _number(text: str) -> float:
    return float(text.replace("−", "-").replace(",", "."))
