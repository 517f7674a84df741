"""SPSS and Stata: labels, declared missing codes, dates and tagged missing values survive."""

import math

import pandas as pd
import pyreadstat
import pytest

from tests.unit._loaders import read, refused, rows_of, save

EPOCH = 12_219_379_200  # seconds from 14 October 1582, SPSS's epoch, to 1 January 1970
DAY = 86_400
MARCH = EPOCH + 19_052 * DAY  # 1 March 2022 is day 19 052 of Unix


def spss(folder, name="a.sav"):
    """Three respondents: a labelled question with missing codes and a range, a text, a number, dates."""
    frame = pd.DataFrame(
        {
            "q1": [1.0, 2.0, 99.0],
            "age": [17.0, -9.0, math.nan],
            "dep": ["01", "2A ", ""],
            "taille": [1.91, 2.0, -0.5],
            "jour": [MARCH, MARCH + DAY, math.nan],
            "instant": [MARCH + 51_000.0, MARCH, math.nan],
            "duree": [5_400.0, 90_000.0, math.nan],
            "loin": [1e15, MARCH, math.nan],
            "code": ["a", "z", "b"],
        }
    )
    pyreadstat.write_sav(
        frame,
        folder / name,
        compress=name.endswith(".zsav"),
        column_labels={"q1": "Avez-vous été aidé·e ?", "age": "Âge"},
        variable_value_labels={
            "q1": {1.0: "Oui", 2.0: "Non", 98.0: "Refus", 99.0: "Ne sait pas", 97.0: "NSP"},
            "age": {-8.0: "Sans objet"},
            "code": {"z": "non concerné"},
        },
        missing_ranges={"q1": [98.0, 99.0], "age": [{"lo": -9.0, "hi": -1.0}, 999.0], "code": ["z"]},
        variable_format={"jour": "EDATE10", "instant": "DATETIME20", "duree": "TIME8", "loin": "DATE11"},
    )
    return folder / name


@pytest.mark.parametrize("name", ["a.sav", "a.zsav", "a.csv"])
def test_spss_cells(tmp_path, name):
    found = read(spss(tmp_path, name))
    assert found.format == "spss"
    assert rows_of(found)[1:] == [
        ("1", "17", "01", "1.91", "2022-03-01", "2022-03-01T14:10:00", "01:30:00", "1000000000000000", "a"),
        ("2", "-9", "2A", "2", "2022-03-02", "2022-03-01T00:00:00", "25:00:00", "2022-03-01", "z"),
        ("99", "", "", "-0.5", "", "", "", "", "b"),
    ]
    assert found.cells.index.tolist() == [1, 2, 3]
    assert found.cells.dtypes.eq("category").all()


def test_spss_labels_and_declared_missing_codes(tmp_path):
    columns = {column.heading: column for column in read(spss(tmp_path)).columns}
    assert columns["q1"].headings == ("q1", "Avez-vous été aidé·e ?")
    assert columns["dep"].headings == ("dep",)
    assert dict(columns["q1"].labels) == {"1": "Oui", "2": "Non", "97": "NSP", "98": "Refus", "99": "Ne sait pas"}
    assert columns["q1"].declared_missing == {"98", "99"}
    # The range is -9 to -1: -9 is in the data, -8 in the labels; 999 is declared by itself.
    assert columns["age"].declared_missing == {"-9", "-8", "999"}
    assert columns["code"].declared_missing == {"z"}
    assert columns["dep"].declared_missing == frozenset()


def test_spss_portable(tmp_path):
    pyreadstat.write_por(pd.DataFrame({"q1": [1.0, 2.5], "dep": ["01", "2A"]}), tmp_path / "a.por")
    found = read(tmp_path / "a.por")
    assert rows_of(found) == [("Q1", "DEP"), ("1", "01"), ("2.5", "2A")]
    assert any(".por" in note for note in found.notes)


def test_spss_that_names_the_wrong_code_page(tmp_path):
    """A file written as cp1252 that claims UTF-8, as old SPSS does: the accents come back all the same."""
    pyreadstat.write_sav(pd.DataFrame({"q": ["ete ", "ou  "]}), tmp_path / "b.sav")
    claimed = (tmp_path / "b.sav").read_bytes().replace(b"ete ", b"\xe9t\xe9 ")
    assert rows_of(read(save(tmp_path, claimed, "c.sav")))[1] == ("été",)


def stata(folder):
    """Three respondents, one of whom refused (.a)."""
    frame = pd.DataFrame(
        {
            "q1": [1, 2, "a"],
            "note": ["a", "été", ""],
            "jour": [22_705.0, 0.0, math.nan],  # 1 March 2022 is day 22 705 of Stata, which counts from 1960
            "instant": [22_705.0 * DAY * 1_000 + 51_000_000, 0.0, math.nan],
            "heure": [51_000_000.0, 0.0, math.nan],
            "mois": [746.0, 0.0, 11.0],  # 62 years and 2 months
            "trimestre": [249.0, 0.0, 3.0],  # 62 years and 1 quarter
            "semaine": [62.0 * 52 + 2, 0.0, 51.0],
            "loin": [1e9, 0.0, 0.0],
        }
    )
    forms = {"jour": "%td", "instant": "%tc", "heure": "%tcHH:MM:SS", "mois": "%tm", "trimestre": "%tq"}
    pyreadstat.write_dta(
        frame,
        folder / "a.dta",
        column_labels={"q1": "Avez-vous été aidé·e ?"},
        missing_user_values={"q1": ["a", "b"]},
        variable_value_labels={"q1": {1: "Oui", 2: "Non", "a": "Refus"}},
        variable_format={**forms, "semaine": "%tw", "loin": "%td"},
    )
    return folder / "a.dta"


def test_stata_cells(tmp_path):
    found = read(stata(tmp_path))
    assert found.format == "stata"
    assert rows_of(found)[1:] == [
        (
            *("1", "a", "2022-03-01", "2022-03-01T14:10:00", "14:10:00"),
            *("2022-03-01", "2022-04-01", "2022-01-15", "1000000000"),
        ),
        ("2", "été", "1960-01-01", "1960-01-01T00:00:00", "00:00:00", *["1960-01-01"] * 4),
        (".a", "", "", "", "", "1960-12-01", "1960-10-01", "1960-12-23", "1960-01-01"),
    ]


def test_stata_labels_and_tagged_missing(tmp_path):
    columns = read(stata(tmp_path)).columns
    assert columns[0].headings == ("q1", "Avez-vous été aidé·e ?")
    assert dict(columns[0].labels) == {"1": "Oui", "2": "Non", ".a": "Refus"}
    assert ".a" in columns[0].declared_missing
    assert columns[1].declared_missing == frozenset()  # a text "a" is an answer


def test_stata_s_single_precision_is_written_short(tmp_path):
    """1.91 stored in 32 bits is 1.9099999666213989 in 64."""
    frame = pd.DataFrame({"x": pd.Series([1.91, 2.0], dtype="float32")})
    frame.to_stata(tmp_path / "a.dta", write_index=False)
    assert rows_of(read(tmp_path / "a.dta"))[1:] == [("1.91",), ("2",)]


@pytest.mark.parametrize("version", [114, 117, 118])
def test_stata_of_every_age_is_recognised(tmp_path, version):
    pd.DataFrame({"q": [1, 2]}).to_stata(tmp_path / "a.txt", write_index=False, version=version)
    assert read(tmp_path / "a.txt").format == "stata"


def test_a_text_that_begins_like_an_old_stata_file_is_text(tmp_path):
    assert read(save(tmp_path, "id;q\n1;2\n")).format == "delimited"  # "i" is the release byte 105


def test_files_cut_short_or_empty(tmp_path):
    whole = spss(tmp_path).read_bytes()
    assert refused(save(tmp_path, whole[:300], "b.sav")).key == "loader_unreadable"
    assert refused(save(tmp_path, whole[:-30], "c.sav")).key == "loader_unreadable"
    assert refused(save(tmp_path, b"a;b\n1;2\n", "d.sav"), format="spss").key == "loader_unreadable"
    assert refused(save(tmp_path, b"a;b\n1;2\n", "d.dta"), format="stata").key == "loader_unreadable"
    pyreadstat.write_sav(pd.DataFrame({"q": pd.Series([], dtype=float)}), tmp_path / "e.sav")
    assert refused(tmp_path / "e.sav").key == "loader_no_answer"
