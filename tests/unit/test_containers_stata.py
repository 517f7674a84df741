"""Stata: tagged missing values, long texts, labels in several languages, old code pages; then real files, recounted."""

import pandas as pd
import pyreadstat
import pytest

from tests.unit._loaders import read, save

LONG = "é" * 3_000


@pytest.mark.parametrize("version", [117, 118])
def test_long_texts_are_whole(tmp_path, version):
    frame = pd.DataFrame({"q": [LONG if version == 118 else "e" * 3_000, "b"]})
    frame.to_stata(tmp_path / "a.dta", version=version, convert_strl=["q"], write_index=False)
    assert read(tmp_path / "a.dta").cells[0].tolist() == frame["q"].tolist()


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman", "utf-8"])
def test_files_of_before_stata_14_name_no_code_page(tmp_path, encoding):
    label = "Été : à l'école, où ? Là, très près"
    room = label.encode("utf-8")
    pd.DataFrame({"q": [1, 2]}).to_stata(
        tmp_path / "a.dta", version=114, write_index=False, variable_labels={"q": "x" * len(room)}
    )
    data = (tmp_path / "a.dta").read_bytes()
    written = label.encode(encoding)
    assert data.count(b"x" * len(room)) == 1
    found = read(save(tmp_path, data.replace(b"x" * len(room), written.ljust(len(room), b"\0")), "b.dta"))
    assert found.columns[0].headings == ("q", label)


def test_labels_in_several_languages_are_said(shared, tmp_path):
    """The real file has no respondent: one is given to it, whose only answer is one byte in front of the labels."""
    data = (shared / "sav_foreign/MLLabelsWithNotesChar.dta").read_bytes()
    assert (data[:2], data[6:10]) == (b"s\2", bytes(4))  # release 115, little end first, no observation
    labels = data.index(b"female_lbl_es", data.index(b"default spanish")) - 4
    one = data[:6] + (1).to_bytes(4, "little") + data[10:labels] + b"\1" + data[labels:]
    found = read(save(tmp_path, one, "a.dta"))
    assert found.cells[0].tolist() == ["1"]
    assert dict(found.columns[0].labels) == {"0": "No", "1": "Yes"}
    assert [note for note in found.notes if "(default, spanish)" in note and "« default »" in note]


def test_one_language_is_not_said(tmp_path):
    pd.DataFrame({"q": [1, 2]}).to_stata(tmp_path / "a.dta", write_index=False)
    assert read(tmp_path / "a.dta").notes == ()


REAL = ("questionr_happy/gss_happy_2000plus.dta", "sav_pyreadstat/sample.dta", "causal_lalonde/nsw_mixtape.dta")


@pytest.mark.parametrize("file", (*REAL, "sav_haven/tagged-na-int.dta"))
def test_real_files_keep_their_tagged_missing_values(shared, file):
    """Valid answers: those that the library keeps when it makes one nothing of all missing values."""
    valid, about = pyreadstat.read_dta(shared / file, disable_datetime_conversion=True)
    found = read(shared / file)
    assert (found.format, len(found.cells)) == ("stata", len(valid))
    assert [column.heading for column in found.columns] == about.column_names
    for column in found.columns:
        cells = found.cells[column.position].astype(object)
        answered = (cells != "") & ~cells.isin(column.declared_missing)
        raw = valid[column.heading]
        assert answered.sum() == (raw.notna() & (raw != "")).sum(), column.heading


def test_real_tags_are_named(shared):
    (column,) = read(shared / "sav_haven/tagged-na-int.dta").columns
    assert column.declared_missing == {".a", ".h", ".z"}
    assert dict(column.labels) == {".a": "apple", ".z": ".zebra"}
