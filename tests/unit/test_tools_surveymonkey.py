"""SurveyMonkey: two rows of headings, one question over several columns; then real exports, counted by pandas alone."""

import pandas as pd
import pytest

from tests.unit._loaders import delimited, read, read_text

OWN = ("Respondent ID", "Collector ID", "Start Date")
MONKEY = [
    (*OWN, "Ça <i>va</i> ?", "Lequel ?", "", "Qui t'aide ?", "", "", "Note", "", "Ton âge", "", ""),
    ("", "", "", "Response", "Response", "Other (please specify)", "Un ami", "Un frère", "Other (please specify)",
     "la classe", "la cantine", "Années", "", ""),
]  # fmt: skip


def respondent(number, *cells):
    return (str(4337954960 + number), "75481011", "06/01/2022 10:00:00 AM", *cells, "", "")


ROWS = [
    *MONKEY,
    respondent(1, "Oui", "Le bleu", "", "Un ami", "", "un voisin", "Bien", "N/A", "15"),
    respondent(2, "Non", "", "le rose", "", "Un frère", "", "Bien", "Mal", "16"),
]


def test_a_question_reaches_over_its_columns(tmp_path):
    found = read_text(tmp_path, delimited(ROWS, ","))
    assert (found.tool, found.cells.shape, list(found.header)) == ("surveymonkey", (2, 12), [1, 2])
    assert [(column.block, column.item) for column in found.columns[3:]] == [
        ("", ""), ("", ""), ("Lequel ?", "other"), ("Qui t'aide ?", "Un ami"), ("Qui t'aide ?", "Un frère"),
        ("Qui t'aide ?", "Other (please specify)"), ("Note", "la classe"), ("Note", "la cantine"), ("", ""),
    ]  # fmt: skip
    assert found.columns[3].headings == ("Ça <i>va</i> ?", "Ça va ?")
    assert found.columns[6].headings == ("Qui t'aide ? [Un ami]", "Un ami")
    assert found.columns[11].headings == ("Ton âge", "Années")
    assert [column.role for column in found.columns[:4]] == ["personal", "metadata", "metadata", ""]


def test_the_words_below_are_enough_without_respondents_numbers(tmp_path):
    found = read_text(tmp_path, delimited([row[3:] for row in ROWS], ","))
    assert (found.tool, len(found.cells)) == ("surveymonkey", 2)
    french = [("Un ?", "Deux ?"), ("Réponse", "Réponse ouverte"), ("Oui", "Non")]
    assert (found := read_text(tmp_path, delimited(french))).tool == "surveymonkey"
    assert len(found.cells) == 1


def test_a_remark_beside_an_answer_is_none(tmp_path):
    rows = [("Un ?", "", "Deux ?", ""), ("Response", "Comments", "Response", "Lequel alors ?"), ("a", "b", "c", "d")]
    assert [column.item for column in read_text(tmp_path, delimited(rows)).columns] == ["", "Comments", "", "other"]


@pytest.mark.parametrize(
    "rows",
    [
        [("Question", "Avis"), ("Response", "Oui"), ("Response", "Non")],
        [("Submission ID", "Respondent ID", "Ça va ?"), ("a1", "b1", "Oui"), ("a2", "b2", "Non")],
        [("Respondent ID", "Ça va ?"), ("Zoé", "Oui"), ("Ali", "Non")],
    ],
)
def test_other_tables_are_left_to_others(tmp_path, rows):
    found = read_text(tmp_path, delimited(rows))
    assert (found.tool != "surveymonkey", len(found.cells)) == (True, 2)


def test_old_macs(tmp_path):
    found = read_text(tmp_path, delimited(ROWS, ",", "\r").encode("mac_roman"))
    assert (found.tool, found.columns[6].block, found.columns[11].heading) == (
        "surveymonkey",
        "Qui t'aide ?",
        "Ton âge",
    )


def test_ranks(tmp_path):
    rows = [("Respondent ID", "Classe", "", ""), ("", "un", "deux", "trois")]
    rows += [(str(4337954960 + row), *ranks) for row, ranks in enumerate(("312", "123", "213", "321", "132"))]
    assert [column.layout for column in read_text(tmp_path, delimited(rows, ",")).columns] == ["", *["rank"] * 3]


HEADER_ROWS = {
    "StarWars.csv": 2,
    "steak-risk-survey.csv": 2,
    "thanksgiving-2015-poll-data.csv": 1,
    "raw-responses.csv": 1,
}


def real(shared, name):
    """A file as pandas reads it."""
    encoding = "utf-8" if name.startswith("thanks") else "cp1252"
    path = shared / "surveymonkey_538" / name
    return pd.read_csv(path, dtype=str, keep_default_na=False, header=None, encoding=encoding), read(path)


@pytest.mark.parametrize("name", HEADER_ROWS)
def test_real_exports(shared, name):
    raw, found = real(shared, name)
    assert (found.tool, len(found.header)) == ("surveymonkey", HEADER_ROWS[name])
    assert found.cells.astype(object).to_numpy().tolist() == raw.iloc[HEADER_ROWS[name] :].to_numpy().tolist()


def test_real_blocks_and_ranks(shared):
    raw, found = real(shared, "StarWars.csv")
    seen = [place for place in raw.columns if raw.loc[0, place] == "" and raw.loc[1, place] not in ("", "Response")]
    several = {place - 1 for place in seen} | set(seen)
    assert {column.position for column in found.columns if column.block} == several
    ranked = [p for p in raw.columns if p in several and raw.loc[2:, p].isin([*"123456", ""]).all()]
    assert [column.position for column in found.columns if column.layout == "rank"] == ranked
    assert len(ranked) == 6


def test_real_boxes_of_files_with_one_row_of_headings(shared):
    raw, found = real(shared, "raw-responses.csv")
    boxes = {p: set(raw.loc[1:, p]) - {"Not selected", "NA"} for p in raw if "Not selected" in set(raw.loc[1:, p])}
    assert {column.position: {column.item} for column in found.columns if column.block} == boxes
    raw, found = real(shared, "thanksgiving-2015-poll-data.csv")
    others = [p for p in raw if raw.loc[0, p].endswith("Other (please specify)")]
    free = [p for p in others if raw.loc[1:, p].nunique() > 2]  # beside the box that only repeats its heading
    assert [column.position for column in found.columns if column.item == "other"] == free
