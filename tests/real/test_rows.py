"""Every row of every real file is a heading, a respondent or left out with a reason; counted without our loaders."""

import csv
import io

import pytest
import python_calamine

from impact import loaders
from impact.errors import ImpactError
from impact.loaders.containers import delimited
from impact.study.schema import Source
from tests.conftest import REAL_DATA

FILES = sorted(path.relative_to(REAL_DATA).as_posix() for path in REAL_DATA.rglob("*.*") if path.parent != REAL_DATA)
SHEETS = (".xlsx",)
TEXTS = (".csv", ".tsv", ".txt")


def read(path):
    """The export, None for what is no table of respondents."""
    try:
        return loaders.read(path, Source(file=path.name, group="mentored"))
    except ImpactError as fault:
        assert path.name in str(fault)
        return None


def rows_of(path, sheet):
    """How many rows the file has, by a parser that knows nothing of surveys."""
    if path.suffix in SHEETS:
        page = python_calamine.load_workbook(path).get_sheet_by_name(sheet)
        return len(page.to_python(skip_empty_area=False))
    text = path.read_bytes().decode("utf-8-sig", errors="replace")
    separator = max(";,\t", key=text.partition("\n")[0].count)
    return sum(1 for _ in csv.reader(io.StringIO(text, newline=""), delimiter=separator))


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith((*SHEETS, *TEXTS))])
def test_no_row_is_lost_or_invented(name, shared):
    found = read(shared / name)
    if found is not None:
        numbers = [*found.cells.index, *found.left_out, *found.header]
        assert len(numbers) == len(set(numbers)) == rows_of(shared / name, found.sheet)
        assert set(found.flags) <= set(found.cells.index)


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(TEXTS)])
def test_a_file_read_by_columns_is_the_one_read_row_by_row(name, shared, monkeypatch):
    found = []
    for large in (0, 10**12):
        monkeypatch.setattr(delimited, "LARGE", large)
        found.append(read(shared / name))
    quick, slow = found
    if quick is None or slow is None:
        assert quick is slow
        return
    assert quick.cells.astype(object).equals(slow.cells.astype(object))
    for part in ("columns", "left_out", "notes", "tool", "signs", "header", "flags", "answered_on", "blanks"):
        assert getattr(quick, part) == getattr(slow, part), part
