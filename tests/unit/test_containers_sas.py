"""SAS: data sets, their catalogue of formats, special missing values, dates; transport files of both kinds."""

import math

import pandas as pd
import pyreadstat
import pytest

from tests.unit._loaders import read, refused, rows_of, save
from tests.unit._sas import sas7bcat, sas7bdat

MARCH = 22_705.0  # 1 March 2022 in days from 1 January 1960
DAY = 86_400.0
COLUMNS = {
    "Q1": [1.0, 2.0, "A", None],
    "mot": ["été", "2A", "", "non"],
    "jour": [MARCH, 0.0, None, 1e9],
    "instant": [MARCH * DAY + 60, 0.0, None, 0.0],
    "duree": [5_400.0, 90_000.0, None, 0.0],
    "taille": [1.91, -2.0, 0.1, 1e15],
}
FORMATS = {"Q1": "OUINON", "jour": "DDMMYY10", "instant": "DATETIME20", "duree": "TIME8", "taille": "BEST12"}
CELLS = [
    ("1", "été", "2022-03-01", "2022-03-01T00:01:00", "01:30:00", "1.91"),
    ("2", "2A", "1960-01-01", "1960-01-01T00:00:00", "25:00:00", "-2"),
    (".A", "", "", "", "", "0.1"),
    ("", "non", "1000000000", "1960-01-01T00:00:00", "00:00:00", "1000000000000000"),
]


def data_set(folder, name="a.sas7bdat"):
    return sas7bdat(folder / name, COLUMNS, {"Q1": "Ça va ?"}, FORMATS)


@pytest.mark.parametrize("name", ["a.sas7bdat", "a.csv"])
def test_data_set(tmp_path, name):
    found = read(data_set(tmp_path, name))
    assert found.format == "sas"
    assert rows_of(found)[1:] == CELLS
    assert found.columns[0].headings == ("Q1", "Ça va ?")
    assert found.columns[0].declared_missing == {".A"}
    assert all(not column.declared_missing for column in found.columns[1:])


@pytest.mark.parametrize("name", ["a.sas7bcat", "A.SAS7BCAT", "formats.sas7bcat"])
def test_the_catalogue_beside_it_says_what_codes_mean(tmp_path, name):
    sas7bcat(tmp_path / name, {"OUINON": {1.0: "Oui", 2.0: "Non"}, "AUTRE": {1.0: "Un"}})
    found = read(data_set(tmp_path))
    assert dict(found.columns[0].labels) == {"1": "Oui", "2": "Non"}
    assert all(not column.labels for column in found.columns[1:])
    assert [note for note in found.notes if name in note]


def test_without_a_catalogue_the_person_is_told(tmp_path):
    sas7bcat(tmp_path / "b.sas7bcat", {"OUINON": {1.0: "Oui"}})  # another file's
    found = read(data_set(tmp_path))
    assert [note for note in found.notes if "formats OUINON)" in note]
    assert not found.columns[0].labels


def test_a_catalogue_that_cannot_be_read_is_no_catalogue(tmp_path):
    save(tmp_path, sas7bcat(tmp_path / "b.sas7bcat", {"OUINON": {1.0: "Oui"}}).read_bytes()[:900], "a.sas7bcat")
    found = read(data_set(tmp_path))
    assert rows_of(found)[1:] == CELLS
    assert [note for note in found.notes if "« a.sas7bcat » n’a pas pu" in note]


@pytest.mark.parametrize("version", [5, 8])
def test_transport_files(tmp_path, version):
    """Names of eight signs, labels of forty in the older ones; no label of a code."""
    frame = pd.DataFrame({"Q1": [1.0, 2.5, math.nan], "DEP": ["01", "2A", ""], "JOUR": [MARCH, 0.0, math.nan]})
    path = tmp_path / "a.xpt"
    labels = {"Q1": "Avez-vous été aidé·e par quelqu'un, même un peu ?"}
    pyreadstat.write_xport(
        frame, path, file_format_version=version, column_labels=labels, variable_format={"JOUR": "DATE9."}
    )
    found = read(path)
    assert found.format == "sas"
    cells = [("1", "01", "2022-03-01"), ("2.5", "2A", "1960-01-01"), ("", "", "")]
    assert rows_of(found) == [("Q1", "DEP", "JOUR"), *cells]
    whole = found.columns[0].headings[1] == labels["Q1"]
    assert whole == (version == 8)
    assert bool([note for note in found.notes if "colonnes Q1 :" in note]) != whole
    assert [note for note in found.notes if ".xpt" in note]


def test_a_clock_beyond_all_days_stays_as_it_is_stored(tmp_path):
    path = tmp_path / "a.xpt"
    frame = pd.DataFrame({"A": [1e18, 60.0]})
    pyreadstat.write_xport(frame, path, file_format_version=5, variable_format={"A": "TIME8."})
    assert read(path).cells[0].tolist() == ["1000000000000000000", "00:01:00"]


def test_files_cut_short(tmp_path):
    data = data_set(tmp_path).read_bytes()
    assert refused(save(tmp_path, data[:2_000], "b.sas7bdat")).key == "loader_unreadable"
    assert refused(save(tmp_path, b"a;b\n1;2\n", "c.sas7bdat"), format="sas").key == "loader_unreadable"
    catalogue = sas7bcat(tmp_path / "d.sas7bcat", {"OUINON": {1.0: "Oui"}})
    assert refused(catalogue).key == "loader_is_catalogue"  # it holds no answers
