"""SPSS: multiple-response sets, codes that look missing, encodings, portable files; then real files, recounted."""

import math

import pandas as pd
import pyreadstat
import pytest

from impact.normalise import read_question
from impact.normalise.columns import Feed
from impact.study import Question
from impact.study.schema import Source
from tests.dialects.spss import categories, dichotomies, with_sets
from tests.unit._loaders import read, save

FREQUENCY = {1.0: "Jamais", 2.0: "Parfois", 3.0: "Souvent"}


def spss(folder, columns, **about):
    pyreadstat.write_sav(pd.DataFrame(columns), folder / "a.sav", **about)
    return folder / "a.sav"


def note(found, beginning):
    return next((note for note in found.notes if note.startswith(beginning)), "")


@pytest.mark.parametrize("form", ["TIME8", "DTIME10", "DATETIME20", "EDATE10", "MTIME5"])
def test_a_number_that_no_clock_and_no_calendar_shows_stays_as_it_is_stored(tmp_path, form):
    path = spss(tmp_path, {"a": [1e17, -1e17, math.inf]}, variable_format={"a": form})
    assert read(path).cells[0].tolist() == ["100000000000000000", "-100000000000000000", "inf"]


def test_a_counted_value_that_is_no_number_ticks_nothing(tmp_path):
    path = spss(tmp_path, {"a": [1.0, 2.0], "b": [2.0, 1.0]})
    with_sets(path, [dichotomies("aides", "Aides", ["a", "b"], counted="oui")])
    assert [column.ticked for column in read(path).columns] == ["", ""]


def test_sets_of_boxes_and_of_categories(tmp_path):
    columns = {name: [2.0, 1.0, math.nan] for name in "abcde"} | {"f": ["Oui", "", "Oui"]}
    labels = {"a": "Un ami", "b": "Un frère", "c": "Première réponse"}
    path = spss(tmp_path, columns, column_labels=labels)
    sets = [dichotomies("aides", "Qui t'aide ?", ["a", "b"], "2"), categories("lieux", "Où ?", ["c", "d"])]
    with_sets(path, [*sets, dichotomies("encore", "", ["b", "e"])])
    found = read(path).columns
    assert [(c.block, c.item, c.layout, c.ticked) for c in found] == [
        ("Qui t'aide ?", "Un ami", "", "2"), ("Qui t'aide ?", "Un frère", "", "2"),
        ("Où ?", "Première réponse", "slots", ""), ("Où ?", "d", "slots", ""),
        ("encore", "e", "", "1"), ("", "", "", ""),
    ]  # fmt: skip
    assert found[0].headings == ("a", "Un ami")


def test_the_counted_value_ticks_whatever_it_is(tmp_path):
    """A set may count 2: then 1 is a box left."""
    path = spss(
        tmp_path, {"a": [2.0, 1.0, math.nan], "b": [1.0, 1.0, math.nan]}, column_labels={"a": "Un", "b": "Deux"}
    )
    with_sets(path, [dichotomies("q", "Lesquels ?", ["a", "b"], "2")])
    found = read(path)
    choices = [{"code": "un", "label": "Un"}, {"code": "deux", "label": "Deux"}]
    question = Question(id="q", kind="multiple", text="Lesquels ?", choices=choices, none_ticked="answered")
    source = Source(file="a.sav", group="mentored")
    reading = read_question(question, Feed(found.columns, ("un", "deux")), found.cells, source, found)
    assert reading.answers["q/un"].tolist()[:2] == [1.0, 0.0]
    assert reading.answers["q/deux"].tolist()[:2] == [0.0, 0.0]
    assert reading.reasons.tolist() == ["", "", "no_answer"]


@pytest.mark.parametrize(
    ("labels", "values", "listed"),
    [
        (
            {96.0: "Ne sait pas", 99.0: "manquant"}, [4.0, 96.0, 96.0, 99.0],
            ["q 96 « Ne sait pas » (2)", "q 99 « manquant » (1)"],
        ),
        (FREQUENCY | {9.0: "Autre"}, [1.0, 9.0], ["q 9 « Autre » (1)"]),  # set apart as such codes are
        (FREQUENCY | {-1.0: "Sans objet"}, [1.0, -1.0], ["q -1 « Sans objet » (1)"]),
        (FREQUENCY | {4.0: "Toujours"}, [1.0, 4.0], []),
        (FREQUENCY | {9.0: "NSP"}, [1.0, 2.0], []),  # nobody gave it
        ({place: str(place) for place in (5.0, 6.0, 7.0)}, [5.0, 6.0, 7.0], []),
    ],
)  # fmt: skip
def test_codes_that_look_missing_and_are_not_declared_so(tmp_path, labels, values, listed):
    path = spss(tmp_path, {"q": values}, variable_value_labels={"q": labels})
    said = note(read(path), "Codes que leur libellé")
    assert all(code in said for code in listed)
    assert bool(said) == bool(listed)


def test_a_declared_code_is_not_listed(tmp_path):
    about = {"variable_value_labels": {"q": FREQUENCY | {9.0: "NSP"}}, "missing_ranges": {"q": [9.0]}}
    found = read(spss(tmp_path, {"q": [1.0, 9.0]}, **about))
    assert (found.notes, found.columns[0].declared_missing) == ((), {"9"})


@pytest.mark.parametrize(
    ("labels", "values", "listed"),
    [
        (FREQUENCY, [1.0, 4.0, 4.0], "q 4 (2)"),
        ({1.0: "Pas du tout", 5.0: "Tout à fait"}, [1.0, 3.0, 5.0], "q 3 (1)"),  # only the ends have labels
        ({96.0: "Refus", 99.0: "NSP"}, [1.0, 2.0, 3.0], ""),  # a number
        ({0.0: "Aucun", 50.0: "50 ou plus"}, [float(value) for value in range(51)], ""),
    ],
)
def test_codes_without_a_label(tmp_path, labels, values, listed):
    said = note(read(spss(tmp_path, {"q": values}, variable_value_labels={"q": labels})), "Codes sans libellé")
    assert (listed in said) and bool(said) == bool(listed)


@pytest.mark.parametrize(("written", "bytes_"), [("été", "Ã©tÃ©"), ("déjà", "dÃ©jÃ\xa0")])
def test_a_file_that_claims_an_older_code_page(tmp_path, written, bytes_):
    """Its bytes are UTF-8, its header says Windows: what is read so shows it."""
    path = spss(tmp_path, {"q": [1.0]}, column_labels={"q": f"{written}, {written}"})
    data = path.read_bytes()
    assert data.count(b"UTF-8") == 1
    other = save(tmp_path, data.replace(b"\x05\0\0\0UTF-8", b"\x05\0\0\0cp125").replace(b"cp125", b"CP819"), "b.sav")
    _, about = pyreadstat.read_sav(other)
    found = read(other)
    assert about.column_labels[0].startswith(bytes_.split(",", maxsplit=1)[0][:2])  # the trap is one
    assert found.columns[0].headings == ("q", f"{written}, {written}")
    assert note(found, "Le fichier annonce un encodage")


def test_a_file_whose_encoding_no_guess_explains_keeps_all_its_texts(tmp_path):
    """One label is of another code page than the others: no reading is right, none may lose a label."""
    labels = {"q1": "d\u00e9j\u00e0 vu", "q2": "\u00e9t\u00e9"}
    path = spss(tmp_path, {"q1": [1.0], "q2": [1.0]}, column_labels=labels)
    mixed = path.read_bytes().replace("déjà vu".encode(), b"d\xe9j\xe0 vu  ")
    assert [len(column.headings) for column in read(save(tmp_path, mixed, "b.sav")).columns] == [2, 2]


def test_labels_that_may_be_cut_are_said(tmp_path):
    columns = {"q1": [1.0], "q2": [1.0]}
    long, short = "x" * 256, "x" * 200
    found = read(spss(tmp_path, columns, column_labels={"q1": long, "q2": short}))
    assert "colonnes q1 :" in note(found, "Libellés à la longueur")


def portable(folder, program):
    columns = {"q1": [1.0, 8.0, 9.0], "q2": [97.0, 98.0, 3.0], "q3": [0.0, 1.0, 2.0]}
    pyreadstat.write_por(pd.DataFrame(columns), folder / "a.por")
    if program:
        save(folder, program, "A.SPS")
    return read(folder / "a.por")


def test_the_program_beside_a_portable_file_says_its_missing_codes(tmp_path):
    found = portable(tmp_path, "MISSING VALUES q1 (8, 9) / q2 (97 THRU HI).\nVALUE LABELS q1 1 'Oui'.\n")
    assert [column.declared_missing for column in found.columns] == [{"8", "9"}, {"97", "98"}, frozenset()]
    assert any("A.SPS" in note for note in found.notes)


def test_the_program_may_name_a_run_of_variables(tmp_path):
    found = portable(tmp_path, "missing values q1 to q3 (0).")
    assert [column.declared_missing for column in found.columns] == [{"0"}] * 3


def test_without_a_program_the_person_is_asked(tmp_path):
    found = portable(tmp_path, "")
    assert all(not column.declared_missing for column in found.columns)
    assert note(found, "Un fichier .por")


REAL = (
    "questionr_fecondite/femmes.sav",
    "questionr_fecondite/menages.sav",
    "sav_pyreadstat/simple_alltypes.sav",
    "sav_pyreadstat/missing_test.sav",
    "sav_pyreadstat/sample.zsav",
    "sav_haven/labelled-num-na.sav",
    "sav_foreign/testdata.sav",
    "sav_foreign/sample100.sav",
)


@pytest.mark.parametrize("file", REAL)
def test_real_files_keep_their_declared_missing_codes(shared, file):
    """Valid answers: those that the library keeps when it turns declared codes into nothing."""
    valid, about = pyreadstat.read_sav(shared / file, disable_datetime_conversion=True)
    found = read(shared / file)
    assert (found.format, len(found.cells)) == ("spss", len(valid))
    assert [column.heading for column in found.columns] == about.column_names
    for column in found.columns:
        cells = found.cells[column.position].astype(object)
        answered = (cells != "") & ~cells.isin(column.declared_missing)
        raw = valid[column.heading]
        assert answered.sum() == (raw.notna() & (raw != "")).sum(), column.heading


def test_real_codes_that_are_labelled_and_not_declared(shared):
    raw, about = pyreadstat.read_sav(shared / "questionr_fecondite/femmes.sav", user_missing=True)
    said = note(read(shared / "questionr_fecondite/femmes.sav"), "Codes que leur libellé")
    words = ("ne sait pas", "manquant")
    for name, labels in about.variable_value_labels.items():
        declared = {bounds["lo"] for bounds in about.missing_ranges.get(name, [])}
        for code, label in labels.items():
            count = (raw[name] == code).sum()
            expected = label.lower() in words and code not in declared and count
            assert (f"{name} {code:.0f} « {label} » ({count})" in said) == bool(expected)
