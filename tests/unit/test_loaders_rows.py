"""Headings, respondents, and what is neither; a respondent is never dropped on a suspicion."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from impact.loaders import _rows
from impact.loaders._sheet import Sheet
from tests.unit._loaders import delimited, read_text, refused, rows_of, save

HEADINGS = ("id", "q1", "q2", "note")
PEOPLE = (("1", "Oui", "Souvent", "12"), ("2", "Non", "Jamais", "15"), ("3", "Oui", "Souvent", "9"))


def left_out(folder, *rows, **overrides):
    """The rows of a file that are no respondent: line and reason; every row is one thing or the other."""
    found = read_text(folder, delimited(rows), **overrides)
    assert len(found.cells) + len(found.left_out) + 1 == len(rows)
    assert not set(found.cells.index) & set(found.left_out)
    return dict(found.left_out)


@pytest.mark.parametrize(
    ("above", "place"),
    [
        # Plain tables: the first row, however blank (SurveyMonkey names a block above its first column only).
        ([HEADINGS], 0),
        ([("id", "q", "", ""), ("1", "a", "", ""), ("2", "", "b", "")], 0),
        ([("id", "q", "", "", "", "r", "s"), ("", "a", "b", "c", "d", "e", "f")], 0),
        # A title, a blank row, the headings.
        ([("Enquête 2022",), (), HEADINGS, *PEOPLE], 2),
        ([("Enquête 2022", "", "", ""), ("le 3 mars", "", "", "page 1"), HEADINGS, *PEOPLE], 2),
        # Sphinx: a blank first row, no heading over the numbers.
        ([(), ("", "q1", "q2", "note"), *PEOPLE], 1),
        # Notes above that fill five cells of six, as in readxl's "deaths" example.
        ([("Liste",), ("de", "la", "part", "", "de", "nous"), ("a", "b", "c", "d", "e", "f"), ("x", "1")], 2),
        # A table of texts alone under a title.
        ([("Enquête",), HEADINGS, ("a", "Oui", "Oui", "Non"), ("b", "Non", "Oui", "Oui")], 1),
        # Years as headings.
        ([("Tableau 1",), ("Département", "2015", "2016"), ("Ain", "85", "84")], 1),
    ],
)  # fmt: skip
def test_the_row_of_headings_is_found(above, place):
    assert _rows.find_headings(Sheet.of(above)) == place


def test_the_row_of_headings_of_the_study_wins(tmp_path):
    found = left_out(tmp_path, ("Oui", "Non", "Oui", "Non"), HEADINGS, *PEOPLE, header_row=2)
    assert found == {1: "note"}
    path = save(tmp_path, delimited([HEADINGS, (), *PEOPLE]))
    assert refused(path, header_row=2).key == "loader_header_row"
    assert refused(path, header_row=99).key == "loader_header_row"


def test_a_total_below_the_respondents_is_nobody(tmp_path):
    assert left_out(tmp_path, HEADINGS, *PEOPLE, ("Total", "", "", "36")) == {5: "total"}  # 12 + 15 + 9
    assert left_out(tmp_path, HEADINGS, *PEOPLE, ("", "Moyenne :", "", "12,0")) == {5: "total"}  # 36 / 3
    assert left_out(tmp_path, HEADINGS, *PEOPLE, ("Ensemble", "2", "2", "3")) == {5: "total"}  # counts under texts
    assert left_out(tmp_path, HEADINGS, *PEOPLE, ("TOTAL", "", "", "")) == {5: "total"}
    # No word, no identifier where everyone has one, and counts under texts.
    assert left_out(tmp_path, HEADINGS, *PEOPLE, ("", "2", "2", "3")) == {5: "total"}


def test_totals_and_notes_come_one_under_the_other(tmp_path):
    below = [
        (),
        ("Sous-total", "", "", "36"),
        ("Total", "", "", "36"),
        (),
        ("Source : enquête 2022",),
        ("* provisoire",),
    ]
    assert left_out(tmp_path, HEADINGS, *PEOPLE, *below) == {
        5: "blank_row", 6: "total", 7: "total", 8: "blank_row", 9: "note", 10: "note"
    }  # fmt: skip


def test_a_subtotal_between_respondents_is_nobody(tmp_path):
    assert left_out(tmp_path, HEADINGS, PEOPLE[0], ("Sous-total", "", "", "12"), *PEOPLE[1:]) == {3: "total"}


@pytest.mark.parametrize(
    "person",
    [
        ("4", "Total", "Ensemble", "36"),  # the word is not first
        ("Total", "Oui", "Souvent", "36"),  # other cells are answers
        ("Ensemble", "", "", "14"),  # neither sum, count nor mean of 12, 15 and 9
        ("", "", "", "14"),  # one who answered one question
        ("", "Oui", "", ""),
        ("Note", "", "", ""),  # no colon: an answer
        ("Note : je ne sais pas", "Oui", "", ""),  # not alone
        ("id", "q1", "q2", "12"),  # nearly the headings
    ],
)
def test_a_respondent_is_kept(tmp_path, person):
    assert left_out(tmp_path, HEADINGS, *PEOPLE, person) == {}


def test_a_word_of_totals_that_others_answered_is_an_answer(tmp_path):
    rows = [("logement", "age"), ("Seul", "17"), ("Ensemble", "17"), ("Seul", "17"), ("Ensemble", "17")]
    assert left_out(tmp_path, *rows) == {}


def test_a_total_is_no_total_above_respondents(tmp_path):
    assert left_out(tmp_path, HEADINGS, ("Total", "", "", "36"), *PEOPLE) == {}


def test_headings_repeated_at_a_page_break_are_nobody(tmp_path):
    assert left_out(tmp_path, HEADINGS, *PEOPLE, HEADINGS, *PEOPLE) == {5: "repeated_header"}
    assert left_out(tmp_path, ("q",), ("q",), ("r",)) == {}  # one column: it may be an answer


def test_rows_that_look_like_notes_are_told_and_kept(tmp_path):
    found = read_text(tmp_path, delimited([HEADINGS, *PEOPLE, ("", "fichier du 3 mars", "", "")]))
    assert len(found.cells) == 4
    assert any("presque vides (5)" in note for note in found.notes)


CELLS = st.sampled_from(["", " ", "1", "12", "Oui", "Total", "Ensemble", "Source : a", "*", "Sous-total", "id", "q1"])


@settings(max_examples=200)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=12))
def test_every_row_is_a_respondent_or_left_out_with_a_reason(rows):
    """And one whose cells are not all figures, blanks, a word of totals, a note or the headings is a respondent."""
    reasons = _rows.left_out(Sheet.of([("id", "q1", "q2"), *rows]), [0])
    assert list(reasons) == sorted(reasons)
    assert set(reasons.values()) <= {"blank_row", "total", "note", "repeated_header"}
    for place, row in enumerate(rows, 1):
        assert (reasons.get(place) == "blank_row") == (not "".join(row).strip())
        assert not ("Oui" in row and place in reasons)


RESULTS = (("Réponse", "Effectif", "%"), ("Oui", "30", "60 %"), ("Non", "20", "40 %"))


@pytest.mark.parametrize(
    ("rows", "signs"),
    [
        (RESULTS, ("catégorie", "effectifs", "100 %")),
        ((*RESULTS, ("Total", "50", "100 %")), ("catégorie", "effectifs", "100 %", "total")),
        ((("Sexe", "n", "Part"), ("Filles", "30", "0,6"), ("Garçons", "20", "0,4")), ("effectifs", "100 %")),
        (
            (("Part des jeunes",), ("Département", "2015", "2016"), ("Ain", "85", "84"), ("Aisne", "NR", "9")),
            ("année", "titre"),
        ),
    ],
)  # fmt: skip
def test_a_table_of_results_is_refused_with_its_signs(tmp_path, rows, signs):
    fault = refused(save(tmp_path, delimited(rows)))
    assert fault.key == "loader_aggregated"
    assert all(sign in str(fault) for sign in signs)


@pytest.mark.parametrize(
    "rows",
    [
        # A sheet by name, with marks, and a line of means.
        (("Prénom", "Âge", "Total"), ("Ana", "17", "12"), ("Luc", "16", "14"), ("Moyenne", "16,5", "13")),
        # Attendance in percent, which adds up to nothing.
        (("Prénom", "Assiduité (%)"), ("Ana", "85 %"), ("Luc", "90 %"), ("Moyenne", "87,5 %")),
        # A small survey of codes, with a question named "nombre".
        (("id", "nombre", "q2"), ("1", "3", "1"), ("2", "4", "2")),
        # Answers, in a file with a title.
        (("Tableau des réponses",), ("nom", "nombre", "aidé"), ("a", "1", "Oui"), ("b", "2", "Non")),
    ],
)
def test_a_small_table_of_respondents_is_read(tmp_path, rows):
    assert len(read_text(tmp_path, delimited(rows)).cells) == 2


def test_a_title_above_is_left_out_with_its_line(tmp_path):
    found = read_text(tmp_path, delimited([("Enquête 2022", "", "", ""), (), HEADINGS, *PEOPLE]))
    assert rows_of(found) == [HEADINGS, *PEOPLE]
    assert dict(found.left_out) == {1: "note", 2: "blank_row"}
    assert found.cells.index.tolist() == [4, 5, 6]
