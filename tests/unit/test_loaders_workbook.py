"""Workbooks: the sheet, the types, the hidden cells, and files that only look like workbooks."""

import base64
import zipfile
import zlib
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

import pytest
import xlsxwriter

from tests.unit._loaders import TABLE, delimited, read, read_text, refused, rows_of, save

# Written by xlwt 1.3: id 1, date 1 March 2022, ok TRUE, err =1/0, txt é, num 2.5.
XLS = """
eNrtWE1oE0EU/maz+aVNk5qKrRhCwaq1EIogXtqtUttTSvXiD0JNzR5CaiJLCupBqzVHQfCkeCnUg5eqF7WooDcPQkUPgiAkepKeBAUPbdY3b3dDGhEa
0ELLfmG+fe/Nz3vZeTOzu++WouW5x10VNGAQHlTNIHx1NkEl6CgRUL1pStG5BqiYLjYVggGaSJ8Xz1vf+uUcyvmuQMEj9TUx8IXKGVzAWCGvJzYQRziG
tJAxDBAL3CNLGJ0cVTvzOeZtzA+55QvmIbbcZB6gtmVxGkvaWO8hO4tPKt1cF4Yc9yn3+cSWfnTgjcziq7eE1daLw0Y2PbXJKuJqC+ZBEzqq53VD6m24
jxAwPJxMpZKnCGXEaLLn8dNMAD+cVf0q4do31i5A9l9r7f6/2AM0iY3224oKzMA8y4ukREm9Q7UW8og+nZ3qX0FSJgIXSvFshmoz6aJOciHnAXTDIC5e
LBLnp89THn0LyX2e94XImn2hlddLC3EGbSxHedVEKLCVB9/fpybHtQm2zPBZYJ0Yu2WAMHFN9qDOYa5R4Izay/J+5us86k6Wu5hjlNJ07RnvsIWRWW5z
g2t7yM8BxgdtT528l+TS8rFn8dJXbR/JC6OVy7GFj9ocuukEy1B/+ZtFn+gTd+9ILGrOVdi7y2fmzj92moASsWM37WOxDatybRGizJYm746oaYp9ryzN
Q5qnpqmkqTXNS5rX9iMa/Lyk2AT78fEueHBR3guvEiBW2J8Pu4id8eV5bHX2Iy4Qp9GkE8Eu5RBXlBDvGlEsU/tBpR1PeGaG6o79EFy4cOHChQsXLlxs
GQj7WdzDz6HgJ0+f/bogv+usUqm6n0m2LI6jQL8ivVQeRZ6uBi41lT/b4RXOWGKdfZzvhRInyLuBHCY5jlzT+UvvaqL+/6y7Y+TfLaFm/VebifM/+/8N
VyPZqw==
"""


def workbook(path: Path, sheets: dict[str, Sequence[Sequence[object]]], **options: object) -> Path:
    """A workbook of sheets; cells are written by their type, dates as French Excel shows them."""
    book = xlsxwriter.Workbook(path, {"strings_to_numbers": False, "strings_to_formulas": False, **options})
    formats = {kind: book.add_format({"num_format": form}) for kind, form in FORMATS.items()}
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, tuple):
                    sheet.write_formula(row, column, cell[0], None, cell[1])
                elif cell != "":
                    sheet.write(row, column, cell, formats.get(type(cell)))
    book.close()
    return path


FORMATS = {
    date: "dd/mm/yyyy",
    datetime: "dd/mm/yyyy hh:mm:ss",
    time: "hh:mm",
    timedelta: "[h]:mm:ss",
}


def opendocument(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    """What LibreOffice writes, shortened: a sheet of texts, its formatted blank rows repeated to the end."""
    lines = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    blank = '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    lines += f'<table:table-row table:number-rows-repeated="1048000">{blank}'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f'<office:document-content{names}><office:body><office:spreadsheet><table:table table:name="Feuille1">'
            f"{lines}</table:table></office:spreadsheet></office:body></office:document-content>",
        )
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return path


def rewritten(path: Path, part: str, change: tuple[bytes, bytes]) -> Path:
    """The workbook with one of its parts changed."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert change[0] in parts[part]
    parts[part] = parts[part].replace(*change)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def test_same_cells_as_a_text_file(tmp_path):
    found = read(workbook(tmp_path / "a.xlsx", {"Sheet1": TABLE}))
    assert rows_of(found) == rows_of(read_text(tmp_path, delimited(TABLE))) == list(TABLE)
    assert (found.format, found.sheet) == ("workbook", "Sheet1")
    assert found.cells.index.tolist() == [2, 3, 4, 5]


def test_recognised_by_content_whatever_the_name(tmp_path):
    workbook(tmp_path / "a.xlsx", {"Sheet1": TABLE}).rename(tmp_path / "a.csv")
    assert rows_of(read(tmp_path / "a.csv")) == list(TABLE)


def test_types_are_written_one_way(tmp_path):
    last_moment = datetime(2022, 3, 1, 23, 59, 59, 600_000)
    headings = ("entier", "décimal", "petit", "oui", "jour", "instant", "heure", "durée", "part", "code")
    values = (
        (3, 2.5, 1e-7, True, date(2022, 3, 1), datetime(2022, 3, 1, 14, 5), time(14, 5), timedelta(1.5), 0.26, "007"),
        (-0.0, 0.1 + 0.2, 1e15, False, date(1999, 12, 31), last_moment, time(0, 1), "", 1, "NA"),
    )
    rows = rows_of(read(workbook(tmp_path / "a.xlsx", {"Sheet1": (headings, *values)})))
    assert rows[1] == (
        "3", "2.5", "1e-07", "TRUE", "2022-03-01", "2022-03-01T14:05:00", "14:05:00", "36:00:00", "0.26", "007"
    )  # fmt: skip
    # xlsxwriter writes 16 digits, so that 0.1 + 0.2 is 0.3 in the file.
    assert rows[2] == (
        "0", "0.3", "1000000000000000", "FALSE", "1999-12-31", "2022-03-02T00:00:00", "00:01:00", "", "1", "NA"
    )  # fmt: skip


def test_dates_of_the_1904_system(tmp_path):
    rows = (("id", "jour"), (1, date(2022, 3, 1)))
    assert rows_of(read(workbook(tmp_path / "a.xlsx", {"S": rows}, date_1904=True)))[1] == ("1", "2022-03-01")


def test_opendocument_with_a_million_blank_rows(tmp_path):
    table = (("id", "q"), ("1", "#N/D"), ("2", "été"))
    assert rows_of(read(opendocument(tmp_path / "a.ods", table))) == list(table)


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.9, 0.99])
def test_opendocument_cut_short_inside(tmp_path, kept):
    """Its reader would look for the end of the table for ever."""
    path = opendocument(tmp_path / "a.ods", TABLE)
    with zipfile.ZipFile(path) as archive:
        content = archive.read("content.xml")
    rewritten(path, "content.xml", (content, content[: int(len(content) * kept)]))
    assert refused(path).key == "loader_truncated"


def test_old_excel(tmp_path):
    found = read(save(tmp_path, zlib.decompress(base64.b64decode(XLS)), "a.xls"))
    assert rows_of(found)[1] == ("1", "2022-03-01", "TRUE", "", "é", "2.5")
    assert any(".xls" in note for note in found.notes)  # the error of =1/0 reads as blank, which is said


def test_the_sheet_of_answers_is_chosen(tmp_path):
    small = (("a", "b"), ("1", "2"))
    big = (("a", "b", "c"), *(("1", "2", "3"),) * 9)
    repeats = (("nom", "_parent_index"), *(("x", "1"),) * 30)
    path = workbook(tmp_path / "a.xlsx", {"Sheet1": small, "Export": big, "enfants": repeats, "vide": ()})
    found = read(path)
    assert found.sheet == "Export"
    assert any("Sheet1" in note and "enfants" in note and "vide" not in note for note in found.notes)
    assert read(path, sheet="enfants").sheet == "enfants"
    google = workbook(tmp_path / "b.xlsx", {"Calculs": big, "Réponses au formulaire 2": small})
    assert read(google).sheet == "Réponses au formulaire 2"


def test_a_hidden_sheet_is_not_chosen(tmp_path):
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(path)
    book.add_worksheet("Vue").write_column(0, 0, ["q", "a"])
    hidden = book.add_worksheet("Noms")
    hidden.write_column(0, 0, ["nom", *"abcdef"])
    hidden.hide()
    book.close()
    assert read(path).sheet == "Vue"


def test_an_unknown_sheet_lists_the_known(tmp_path):
    path = workbook(tmp_path / "a.xlsx", {"Mentorés": TABLE, "Autres": TABLE})
    fault = refused(path, sheet="Mentores")
    assert (fault.key, fault.facts["near"]) == ("loader_unknown_sheet_near", "Mentorés")
    assert refused(path, sheet="zzz").facts["known"] == "Mentorés, Autres"
    assert refused(workbook(tmp_path / "b.xlsx", {"S": ()})).key == "loader_empty"


def test_cells_in_error_keep_the_text_that_excel_shows(tmp_path):
    rows = (("id", "q", "r"), (1, ("=NA()", "#N/A"), "x"), (2, ("=1/0", "#DIV/0!"), ("=A1", "")))
    found = read(workbook(tmp_path / "a.xlsx", {"S": rows}))
    assert rows_of(found)[1:] == [("1", "#N/A", "x"), ("2", "#DIV/0!", "")]
    assert any("B2 #N/A, B3 #DIV/0!" in note for note in found.notes)
    assert any("C3" in note and "Formules" in note for note in found.notes)


def test_rows_keep_the_sheet_s_numbers(tmp_path):
    rows = ((), ("Enquête 2022",), (), ("id", "q", "r"), (1, "a", "b"), (), (2, "c", "d"))
    found = read(workbook(tmp_path / "a.xlsx", {"S": rows}))
    assert found.cells.index.tolist() == [5, 7]
    assert dict(found.left_out) == {1: "blank_row", 2: "note", 3: "blank_row", 6: "blank_row"}
    assert any("ligne 4" in note for note in found.notes)


def test_files_that_are_no_workbook(tmp_path):
    whole = workbook(tmp_path / "a.xlsx", {"S": TABLE}).read_bytes()
    assert refused(save(tmp_path, whole[: len(whole) // 2], "b.xlsx")).key == "loader_truncated"
    damaged = whole[:60] + bytes(40) + whole[100:]
    assert refused(save(tmp_path, damaged, "c.xlsx")).key == "loader_truncated"
    encrypted = b"\xd0\xcf\x11\xe0" + bytes(988) + "EncryptedPackage".encode("utf-16-le")
    assert refused(save(tmp_path, encrypted, "d.xlsx")).key == "loader_protected"
    assert refused(save(tmp_path, b"\xd0\xcf\x11\xe0" + bytes(1_020), "e.xls")).key == "loader_unreadable"
    assert refused(save(tmp_path, b"\xd0\xcf\x11\xe0" + bytes(600), "f.xls")).key == "loader_truncated"
    assert refused(save(tmp_path, "a;b\n1;2\n"), format="workbook").key == "loader_unreadable"


NOISE = Random(1).randbytes(500_000).hex()  # so that a part of a million signs is no bomb


@pytest.mark.parametrize(
    ("parts", "key"),
    [
        ({"reponses.csv": "a;b"}, "loader_is_archive"),
        ({"word/document.xml": "<a/>", "[Content_Types].xml": "wordprocessingml"}, "loader_is_document"),
        ({"mimetype": "application/vnd.oasis.opendocument.text"}, "loader_is_document"),
        ({"[Content_Types].xml": "spreadsheetml", "../../a.xml": "<a/>"}, "loader_oversized"),
        ({"[Content_Types].xml": "spreadsheetml", "a.xml": "0" * 30_000_000}, "loader_oversized"),
        (
            {"[Content_Types].xml": "spreadsheetml", **{f"{n}.xml": "" for n in range(1_000)}},
            "loader_oversized",
        ),
        ({"[Content_Types].xml": "spreadsheetml", "/etc/a.xml": "<a/>"}, "loader_oversized"),
        ({"[Content_Types].xml": "spreadsheetml", "C:\\a.xml": "<a/>"}, "loader_oversized"),
        ({"[Content_Types].xml": "spreadsheetml" + "0" * 11_000_000}, "loader_oversized"),
        ({"[Content_Types].xml": "spreadsheetml", "a.vml": "<!DOCTYPE a [<!ENTITY b 'c'>]>"}, "loader_doctype"),
        ({"[Content_Types].xml": "spreadsheetml", "a.xml": "<!DOCTYPE a>".encode("utf-16")}, "loader_doctype"),
        ({"[Content_Types].xml": "spreadsheetml", "a.xml": NOISE[:999_995] + "<!DOCTYPE a>"}, "loader_doctype"),
        ({"[Content_Types].xml": "spreadsheetml", "a.xml": NOISE[:999_995] + '<c r="XFD9">'}, "loader_far_cell"),
        ({"[Content_Types].xml": "spreadsheetml", "a.xml": "<c s='1'\nr='A200001'>"}, "loader_far_cell"),
        ({"[Content_Types].xml": "spreadsheetml", "a.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a/>'}, "loader_doctype"),
        ({"[Content_Types].xml": "spreadsheetml"}, "loader_unreadable"),
    ],
)
def test_zips_that_are_no_workbook_or_a_trap(tmp_path, parts, key):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert refused(path).key == key


def test_a_part_packed_in_a_way_that_workbooks_never_use(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("[Content_Types].xml", "spreadsheetml")
    assert refused(tmp_path / "a.xlsx").key == "loader_oversized"


def test_a_cell_far_away_is_named_before_the_sheet_is_laid_out(tmp_path):
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    sheet.write(0, 0, "id")
    sheet.write(1_048_575, 16_383, "x")
    book.close()
    fault = refused(path)
    assert (fault.key, fault.facts["cell"]) == ("loader_far_cell", "XFD1048576")


def test_parts_may_stand_anywhere(tmp_path):
    """The relations say where the sheets are; some tools write absolute targets."""
    path = workbook(tmp_path / "a.xlsx", {"S": (("id", "q"), (1, ("=NA()", "#N/A")))})
    rewritten(path, "xl/_rels/workbook.xml.rels", (b'"worksheets/sheet1.xml"', b'"/xl/worksheets/sheet1.xml"'))
    assert rows_of(read(path))[1] == ("1", "#N/A")
