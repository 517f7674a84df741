"""Files in pairs: answers, and beside them the syntax that says what they mean (SPSS, R)."""

from dataclasses import replace

import pandas as pd
import pyreadstat
import pytest

from impact import loaders
from impact.loaders._syntax import parse
from impact.study.schema import Source
from tests.unit._fake_results import fake_study
from tests.unit._loaders import read, refused, rows_of, save
from tests.unit._sas import sas7bcat, sas7bdat

PROGRAM = '''\ufeff*$Rev: 121017 $ all 2.
GET DATA
 /TYPE=TXT
 /FILE='survey_7_SPSS_data_file.dat'
 /DELIMITERS=","
 /QUALIFIER="'"
 /VARIABLES=
 V1 F7
 V2 DATETIME23.2
 V4 F2
 V5 A2
 V6 F1
 V7 A20.
CACHE.
*Define Variable Properties.
VARIABLE LABELS V1 "id".
VARIABLE LABELS V2 "submitdate".
VARIABLE LABELS V4 "L'âge ?".
VARIABLE LABELS V5 "Ton ""avis"" (en 2022.)".
VARIABLE LABELS V6 "[Un [vrai] ami] Qui t'aide ?".
VARIABLE LABELS V7 "[Autre] Qui t'aide ?".
VALUE LABELS  V5
 "A1" "Oui"
 "A2" "Ça ""va""".
VALUE LABELS  V6
 1 "Oui"
 0 "Non sélectionné".
MISSING VALUES V4 (97 THRU HI) / V5 ('A2').
RENAME VARIABLE ( V1 = id ).
RENAME VARIABLE ( V2 = submitdate ).
RENAME VARIABLE ( V4 = Q1 ).
RENAME VARIABLE ( V5 = Q2 ).
RENAME VARIABLE ( V6 = Q3_SQ001 ).
RENAME VARIABLE ( V7 = Q3_other ).
'''
ANSWERS = (
    "'1','01-06-2022 10:05:00','15','A1','1','l''oncle, \"Jo\"'\n"
    "'2','02-06-2022 00:00:00','99','A2','0',\n"
    "'3',,'16.50',,,\n"
)


@pytest.fixture
def pair(tmp_path):
    save(tmp_path, PROGRAM, "survey_7_SPSS_syntax_file.sps")
    return save(tmp_path, ANSWERS, "survey_7_SPSS_data_file.dat")


@pytest.mark.parametrize("named", ["survey_7_SPSS_data_file.dat", "survey_7_SPSS_syntax_file.sps"])
def test_either_file_of_the_pair_gives_the_whole(named, pair):
    found = read(pair.parent / named)
    assert (found.source, found.format, found.tool) == (named, "spss_syntax", "limesurvey")
    assert rows_of(found) == [
        ("id", "submitdate", "Q1", "Q2", "Q3_SQ001", "Q3_other"),
        ("1", "2022-06-01T10:05:00", "15", "A1", "1", 'l\'oncle, "Jo"'),
        ("2", "2022-06-02", "99", "A2", "0", ""),
        ("3", "", "16.5", "", "", ""),
    ]
    columns = {column.heading: column for column in found.columns}
    assert columns["Q1"].headings == ("Q1", "L'âge ?")
    assert columns["Q2"].headings == ("Q2", 'Ton "avis" (en 2022.)')
    assert columns["Q2"].labels == {"A1": "Oui", "A2": 'Ça "va"'}
    assert (columns["Q1"].declared_missing, columns["Q2"].declared_missing) == ({"99"}, {"A2"})
    box = columns["Q3_SQ001"]
    assert (box.block, box.item, box.ticked) == ("Qui t'aide ?", "Un [vrai] ami", "1")
    assert {"Q3[SQ001]", "Qui t'aide ? [Un [vrai] ami]"} <= set(box.headings)
    assert (columns["Q3_other"].block, columns["Q3_other"].item) == ("Qui t'aide ?", "Autre")
    assert [column.role for column in found.columns] == ["metadata", "metadata", "", "", "", ""]
    assert (found.flags, found.answered_on) == ({3: "partial"}, 1)


@pytest.mark.parametrize(
    ("kept", "lacks"),
    [
        ("survey_7_SPSS_data_file.dat", "survey_7_SPSS_syntax_file.sps"),
        ("survey_7_SPSS_syntax_file.sps", "survey_7_SPSS_data_file.dat"),
    ],
)
def test_the_file_that_lacks_is_named(kept, lacks, pair):
    (pair.parent / lacks).unlink()
    fault = refused(pair.parent / kept)
    assert (fault.key, fault.facts["other"]) == ("loader_no_companion", lacks)


@pytest.mark.parametrize("line", ["'4','03-06-2022 00:00:00','15'\n", "'4',,'15','A1','1','x','y'\n"])
def test_answers_that_the_syntax_does_not_describe_are_refused(line, pair):
    pair.write_text(ANSWERS + line, encoding="utf-8")
    fault = refused(pair)
    assert (fault.key, fault.facts["line"], fault.facts["expected"]) == ("loader_pair_differs", 4, 6)


def test_a_broken_answer_is_refused_with_its_line(pair):
    pair.write_text(ANSWERS + "'4',,'l'oncle','A1','1',\n", encoding="utf-8")
    assert (refused(pair).key, refused(pair).facts["line"]) == ("loader_quote_inside", 4)


def test_another_program_s_syntax_has_no_tool(tmp_path):
    program = "GET DATA /TYPE=TXT /FILE='C:\\enquete\\a.dat'\n /VARIABLES=age F2 sexe F1.\nVAR LAB age 'Âge'.\n"
    save(tmp_path, program.encode("cp1252"), "a.sps")
    found = read(save(tmp_path, "'15','1'\n'16','2'\n", "a.dat"))
    assert (found.format, found.tool) == ("spss_syntax", "")
    assert [column.headings for column in found.columns] == [("age", "Âge"), ("sexe",)]


@pytest.mark.parametrize(
    ("commands", "attribute", "expected"),
    [
        ("VAR LAB a 'x' /b \"y\".", "labels", {"a": "x", "b": "y"}),
        ("VARIABLE LABELS a 'l''âge'\n b 'deux.\nlignes'.", "labels", {"a": "l'âge", "b": "deux.\nlignes"}),
        ("VAL LAB a b 1 'x' /c 'z' 'w'.", "value_labels", {"a": {1: "x"}, "b": {1: "x"}, "c": {"z": "w"}}),
        ("VALUE LABELS a TO c -1 'x'.", "value_labels", {name: {-1: "x"} for name in "abc"}),
        ("MISSING VALUES a b (0, 8, 9).", "missing", {name: [{"lo": n, "hi": n} for n in (0, 8, 9)] for name in "ab"}),
        ("MIS VAL a (LO THRU -1, 9).", "missing", {"a": [{"lo": float("-inf"), "hi": -1}, {"lo": 9, "hi": 9}]}),
        ("* VAR LAB a 'l'eau'.\nVAR LAB b 'y'.", "labels", {"b": "y"}),
        ("VAR LAB a 'x'.\nRENAME VARIABLES (a b = d e).", "labels", {"d": "x"}),
        ("VAR LAB a 'x'.\nREN VAR a=d.", "labels", {"d": "x"}),
        ("EXECUTE.\nFREQUENCIES a.", "labels", {}),
    ],
)  # fmt: skip
def test_what_syntax_says(commands, attribute, expected):
    variables = "GET DATA /VARIABLES=a F1 b F1 c A2.\n"
    assert getattr(parse(variables + commands + "\n"), attribute) == expected


R = r"""data <- read.csv("survey_7_R_data_file.csv", quote = "'\"", na.strings=c("", "\"\""), fileEncoding="UTF-8-BOM")

# LimeSurvey Field type: F
data[, 1] <- as.numeric(data[, 1])
attributes(data)$variable.labels[1] <- "id"
names(data)[1] <- "id"
attributes(data)$variable.labels[2] <- "submitdate"
names(data)[2] <- "submitdate"
attributes(data)$variable.labels[3] <- "D\'où viens-tu (\"pays\") ?"
data[, 3] <- factor(data[, 3], levels=c("A1","A2"),labels=c("Côte d\'Ivoire (nord)", "Autre, \"loin\""), ordered=TRUE)
names(data)[3] <- "Q1"
attributes(data)$variable.labels[4] <- "[Un ami] Qui t\'aide ?"
data[, 4] <- factor(data[, 4], levels=c(2,1),labels=c("Yes", "Not selected"))
names(data)[4] <- "Q2_SQ001"
attributes(data)$variable.labels[5] <- "[Comment] Qui t\'aide ?"
names(data)[5] <- "Q2_SQ001comment"
"""
CODES = '\ufeff"Response ID","Date submitted","D\'où ?","Qui ? [Un ami]","Qui ? [Un ami][Comment]"\r\n'
CODES += '"1","2022-06-01 10:00:00","A1","2","x"\r\n"2","2022-06-02 10:00:00","A2","1",""\r\n\r\n'


@pytest.fixture
def for_r(tmp_path):
    save(tmp_path, R, "survey_7_R_syntax_file.R")
    return save(tmp_path, CODES, "survey_7_R_data_file.csv")


@pytest.mark.parametrize("named", ["survey_7_R_data_file.csv", "survey_7_R_syntax_file.R"])
def test_the_program_for_r_names_and_labels_the_answers(named, for_r):
    found = read(for_r.parent / named)
    assert (found.source, found.format, found.tool) == (named, "r_syntax", "limesurvey")
    assert rows_of(found)[1:] == [
        ("1", "2022-06-01 10:00:00", "A1", "2", "x"),
        ("2", "2022-06-02 10:00:00", "A2", "1", ""),
    ]
    country, box, remark = found.columns[2:]
    assert country.headings == ("Q1", 'D\'où viens-tu ("pays") ?')
    assert country.labels == {"A1": "Côte d'Ivoire (nord)", "A2": 'Autre, "loin"'}
    assert list(country.labels) == ["A1", "A2"]  # the order of the scale
    assert (box.block, box.item, box.ticked) == ("Qui t'aide ?", "Un ami", "2")
    assert (remark.block, remark.item) == ("", "Comment")
    assert [column.role for column in found.columns] == ["metadata", "metadata", "", "", ""]


def test_the_csv_for_r_is_read_alone(for_r):
    (for_r.parent / "survey_7_R_syntax_file.R").unlink()
    found = read(for_r)
    assert (found.format, found.tool, len(found.cells)) == ("delimited", "limesurvey", 2)
    assert found.columns[2].labels == {}


def test_the_program_for_r_is_not_read_alone(for_r):
    for_r.unlink()
    fault = refused(for_r.parent / "survey_7_R_syntax_file.R")
    assert (fault.key, fault.facts["other"]) == ("loader_no_companion", "survey_7_R_data_file.csv")


def test_a_program_for_other_answers_is_refused(for_r):
    for_r.write_text(CODES.replace(',"Qui ? [Un ami][Comment]"', ""), encoding="utf-8", newline="")
    assert refused(for_r).key in ("loader_row_long", "loader_pair_differs")


def test_both_pairs_may_be_asked_for_by_name():
    assert {"r_syntax", "spss_syntax", "limesurvey"} <= set(loaders.formats())


# --- a report rests on both files of a pair


def portable(folder):
    pyreadstat.write_por(pd.DataFrame({"AGE": [15.0, 99.0]}), folder / "a.por")


def system(folder):
    pyreadstat.write_sav(pd.DataFrame({"AGE": [15.0, 99.0]}), folder / "a.sav")


def for_sas(folder):
    sas7bdat(folder / "a.sas7bdat", {"SEXE": [1.0, 2.0]}, {}, {"SEXE": "SEXEF"})
    sas7bcat(folder / "formats.sas7bcat", {"SEXEF": {1.0: "Fille"}})


@pytest.mark.parametrize(
    ("make", "named", "beside"),
    [
        (None, "survey_7_SPSS_data_file.dat", ["survey_7_SPSS_syntax_file.sps"]),
        (None, "survey_7_SPSS_syntax_file.sps", ["survey_7_SPSS_data_file.dat"]),
        (None, "survey_7_R_data_file.csv", ["survey_7_R_syntax_file.R"]),
        (None, "survey_7_R_syntax_file.R", ["survey_7_R_data_file.csv"]),
        (portable, "a.por", ["a.sps"]),
        (system, "a.sav", []),  # holds all by itself: the program beside it is not read
        (for_sas, "a.sas7bdat", ["formats.sas7bcat"]),
    ],
)
def test_a_study_stands_on_what_is_read_beside_its_exports(make, named, beside, pair, for_r, tmp_path):
    assert pair.parent == for_r.parent == tmp_path
    save(tmp_path, "MISSING VALUES AGE (99).\n", "a.sps")
    if make:
        make(tmp_path)
    file, export = tmp_path / "study.toml", tmp_path / named
    source = Source(file=named, group="mentored")
    study = replace(fake_study(), file=file, sources=(source, source), inputs=(file, export))
    assert loaders.inputs(study) == (file, export, *(tmp_path / name for name in beside))
    notes = " ".join(read(export).notes)
    assert all(name in notes for name in beside)  # what the report says it read
