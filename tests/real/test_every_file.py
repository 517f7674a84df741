"""Every real file, read or refused: a table of what stands in each (files.csv), held to the files and to impact.

The table holds no answer of anyone. Each of its columns was checked with the files open beside it:

- `format`, `tool`, `sheet`, `header_rows`: from the first lines of the file (headings that only one tool writes, rows
  of headings, the sheet that holds the answers). Rows of a text are numbered as a spreadsheet shows them.
- `respondents`, `columns`, `filled`: recounted at each run by `recount`, which knows nothing of impact.
- `left_out`: rows above the headings, blank rows, the tags of HXL, as the file shows them.
- `flags`: rows with what the tool says against them; recounted from the one column that says it.
- `personal`, `metadata`, `notes`: columns whose headings a person would set aside, read one by one.
- `refused`, `items`: what is no export, and how many questions a form asks; recounted in the form itself.
"""

import csv
from collections import Counter
from pathlib import Path

import pytest

from impact.loaders.forms import recognised
from tests.real import recount
from tests.unit._loaders import read, refused

HERE = Path(__file__).parent
with (HERE / "files.csv").open(encoding="utf-8", newline="") as table:
    FILES = {row["file"]: row for row in csv.DictReader(table)}
EXPORTS = [name for name, row in FILES.items() if not row["refused"]]
REFUSED = [name for name, row in FILES.items() if row["refused"]]
FORMS = [name for name in REFUSED if FILES[name]["items"]]
NAMED = {".xlsx": "XLSForm", ".lss": "structure LimeSurvey (.lss)", ".txt": "structure LimeSurvey (.txt)"}


def numbered(text):
    """ "note:4 total:1" as counts by reason."""
    return {reason: int(count) for reason, _, count in (pair.partition(":") for pair in text.split())}


def test_the_table_names_every_file_and_no_other(shared):
    found = {path.relative_to(shared).as_posix() for path in shared.rglob("*") if path.is_file()}
    assert found - {"INDEX.md"} == set(FILES)


@pytest.mark.parametrize("name", EXPORTS)
def test_what_the_table_says_is_found(name, shared):
    row, export = FILES[name], read(shared / name)
    assert (export.format, export.tool, export.sheet) == (row["format"], row["tool"], row["sheet"])
    assert [str(number) for number in export.header] == row["header_rows"].split()
    assert (len(export.cells), len(export.columns)) == (int(row["respondents"]), int(row["columns"]))
    assert Counter(export.left_out.values()) == numbered(row["left_out"])
    assert Counter(export.flags.values()) == numbered(row["flags"])
    roles = Counter(column.role for column in export.columns)
    said = {role: int(row[column]) for role, column in (("personal",) * 2, ("metadata",) * 2, ("note", "notes"))}
    assert {role: roles[role] for role in said} == said


@pytest.mark.parametrize("name", EXPORTS)
def test_people_and_filled_cells_are_those_that_other_means_count(name, shared):
    row, export, counted = FILES[name], read(shared / name), recount.counted(shared / name, name)
    assert tuple(export.header) == counted.header
    assert tuple(export.cells.index) == counted.rows
    filled = tuple(int((export.cells[place].str.strip() != "").sum()) for place in export.cells)
    assert filled == counted.filled
    assert sum(filled) == int(row["filled"])
    blank = sum(not cell.strip() for cells in counted.cells for cell in cells)
    assert sum(filled) + blank == int(row["respondents"]) * int(row["columns"])


@pytest.mark.parametrize("name", recount.TEXTS)
def test_the_cells_of_a_text_are_read_to_the_letter(name, shared):
    cells = read(shared / name).cells.astype(object)
    assert tuple(cells.itertuples(index=False, name=None)) == recount.counted(shared / name, name).cells


@pytest.mark.parametrize("name", recount.FLAGS)
def test_flags_stand_at_the_rows_that_the_tool_speaks_of(name, shared):
    flags = read(shared / name).flags
    found = {said: tuple(row for row, flag in flags.items() if flag == said) for said in sorted(set(flags.values()))}
    assert found == dict(sorted(recount.flagged(shared / name, name).items()))


def test_what_is_flagged_is_recounted(shared):
    assert {name for name, row in FILES.items() if row["flags"]} == set(recount.FLAGS)


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_export_is_refused_for_what_it_is(name, shared):
    fault = refused(shared / name)
    assert fault.key == FILES[name]["refused"]
    if name in FORMS:
        assert NAMED[Path(name).suffix] in str(fault)


@pytest.mark.parametrize("name", FORMS)
def test_a_form_that_is_refused_as_an_export_is_read_as_a_form(name, shared):
    form = recognised(shared / name).read(shared / name)
    assert len([item for item in form.items if item.kind != "note"]) == int(FILES[name]["items"])
    assert recount.items(shared / name) == int(FILES[name]["items"])
