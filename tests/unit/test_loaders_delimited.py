"""Delimited text: the same answers in every encoding, with every separator and line end, and none ever shifted."""

import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from impact.loaders import _text
from impact.loaders.containers.delimited import find_separator
from tests.unit._loaders import TABLE, delimited, read_text, refused, rows_of, save

# What Windows, Mac and Unix write. Mac Roman and cp1252 lack the narrow no-break space, which TABLE does not hold.
ENCODINGS = ("utf-8", "utf-8-sig", "cp1252", "mac_roman", "utf-16", "utf-16-le", "utf-16-be", "utf-32")


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_same_answers_in_every_encoding_and_separator(tmp_path, encoding, separator):
    found = read_text(tmp_path, delimited(TABLE, separator).encode(encoding))
    assert rows_of(found) == list(TABLE)
    assert found.format == "delimited" and found.sheet == "" and not found.left_out


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_same_answers_with_every_line_end(tmp_path, line_end):
    assert rows_of(read_text(tmp_path, delimited(TABLE, line_end=line_end))) == list(TABLE)


def test_a_row_is_numbered_as_a_spreadsheet_shows_it(tmp_path):
    """The headings are row 1, and an answer that takes two lines of the text is one row."""
    assert read_text(tmp_path, delimited(TABLE)).cells.index.tolist() == [2, 3, 4, 5]


def test_every_cell_is_a_text_and_each_distinct_one_stands_once(tmp_path):
    cells = read_text(tmp_path, "id;a\n1;Souvent\n2;Souvent\n").cells
    assert cells.dtypes.eq("category").all()
    assert cells[1].cat.categories.tolist() == ["Souvent"]
    assert all(isinstance(text, str) for column in cells for text in cells[column])


# Two columns at least, and headings that are no answer: a table of blanks has neither headings nor respondents.
WORDS = st.text(alphabet="aé;,|\t\"'\n 1«»", min_size=1, max_size=6).filter(lambda word: word.strip())


@settings(max_examples=40)
@given(data=st.lists(st.tuples(WORDS, WORDS, WORDS), min_size=1, max_size=6))
def test_what_a_csv_writer_writes_comes_back(tmp_path_factory, data):
    rows = [("alpha", "beta", "gamma"), *data]
    found = read_text(tmp_path_factory.mktemp("texts"), delimited(rows), separator=";")
    assert len(found.cells) + len(found.left_out) == len(data)
    assert set(rows_of(found)) <= set(rows)


@pytest.mark.parametrize("mark", ["\ufeff\ufeff", "ï»¿"])
def test_a_mark_inside_the_first_heading_is_dropped(tmp_path, mark):
    assert rows_of(read_text(tmp_path, f'{mark}"id";"q"\n1;2\n'))[0] == ("id", "q")


@pytest.mark.parametrize(
    ("written", "encoding"),
    [("Élève âgé, même déçu ; où ? çà", "cp1252"), ("élève âgé, même déçu ; où ? çà", "mac_roman")],
)
def test_windows_and_mac_are_told_apart_by_their_accents(written, encoding):
    assert _text.decode(written.encode(encoding), "a.csv")[0] == written


def test_a_doubtful_encoding_is_said(tmp_path):
    """Central European letters: neither cp1252 nor Mac Roman gives French."""
    found = read_text(tmp_path, "id;q\n1;příliš žluťoučký kůň úpěl ďábelské ódy\n".encode("cp1250"))
    assert any("encoding" in note for note in found.notes)


def test_damaged_accents_are_told_and_kept(tmp_path):
    found = read_text(tmp_path, "id;q\n1;trÃ¨s\n")
    assert rows_of(found)[1] == ("1", "trÃ¨s")
    assert any("abîmés" in note for note in found.notes)


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_change_of_encoding_names_the_first_line_that_breaks_it(tmp_path, line_end):
    data = f"id;q{line_end}1;é{line_end}".encode() + f"2;déçu{line_end}".encode("cp1252")
    fault = refused(save(tmp_path, data))
    assert (fault.key, fault.facts["line"]) == ("loader_mixed_encoding", 3)


def test_the_encoding_of_the_study_wins(tmp_path):
    data = "id;q\n1;ž\n".encode("mac_latin2")
    assert rows_of(read_text(tmp_path, data, encoding="mac_latin2"))[1] == ("1", "ž")
    assert refused(save(tmp_path, data), encoding="klingon").key == "loader_unknown_encoding"
    fault = refused(save(tmp_path, "id;q\n1;é\n".encode("cp1252")), encoding="utf-8")
    assert (fault.key, fault.facts["line"]) == ("loader_wrong_encoding", 2)


@pytest.mark.parametrize(
    ("text", "separator"),
    [
        # Headings with more commas than there are columns.
        ("id;Où, quand, comment, avec qui ?\n1;ici\n2;là, hier\n", ";"),
        # Joined answers of Microsoft Forms: as many semicolons in every row.
        ("id,Quoi ?\n1,A;B;\n2,A;C;\n", ","),
        # Decimal commas, one a row.
        ("id;poids;age\n1;2,5;17\n2;3,5;18\n", ";"),
        # A title above the table.
        ("Enquête 2022, second passage\nid\tq1\tq2\n1\ta\tb\n2\tc\td\n", "\t"),
        # Quoted cells that hold every other separator.
        ('"a|b";"c,d"\n"1|2";"3,4"\n"5|6";"7,8"\n', ";"),
    ],
)
def test_the_separator_is_found_by_cutting(text, separator):
    assert find_separator(text) == separator


def test_excel_s_line_that_announces_the_separator_is_eaten(tmp_path):
    found = read_text(tmp_path, "sep=|\r\nid|a;b\r\n1|c;d\r\n")
    assert rows_of(found) == [("id", "a;b"), ("1", "c;d")]
    assert found.cells.index.tolist() == [3]


def test_the_separator_of_the_study_wins(tmp_path):
    assert rows_of(read_text(tmp_path, "a:b;c\n1:2;3\n", separator=":")) == [("a", "b;c"), ("1", "2;3")]
    assert refused(save(tmp_path, "a;b\n1;2\n"), separator=";;").key == "loader_separator"


@pytest.mark.parametrize(
    ("text", "key", "line"),
    [
        ("id;q\n1;ou\0i\n", "loader_nul", 2),
        ("id;q\r\n1;Oui\r\n2;mot\rmot\r\n", "loader_lone_break", 3),
        ('id;q\n1;Oui\n2;"Non\n3;Oui\n', "loader_open_quote", 3),
        ('id;q\n1;"Oui"bien\n', "loader_quote_inside", 2),
        ("id;q\n1;Oui\n2;" + "x" * 131_073 + "\n", "loader_long_cell", 3),
        ('id;q\n1;"Oui\n' + "2;Non\n" * 30_000, "loader_long_cell", 2),
        ("id;q\n1;Oui\n2;Oui;non\n", "loader_row_long", 3),
        ("id;q;r\n1;Oui;a\n2;Oui\n3;Non;b\n", "loader_row_short", 3),
        # A line break in an answer that nobody quoted: the two pieces add up to one row.
        ("id;q;r;s\n1;a;b;c\n2;un mot\nla suite;b;c\n", "loader_row_short", 3),
        # The same in the last answer, in four rows: the rests are cells alone.
        ("id;q;r\n" + "1;a;un mot\nla suite\n" * 4, "loader_row_short", 3),
    ],
)
def test_a_line_that_cannot_be_cut_is_an_error_that_names_it(tmp_path, text, key, line):
    fault = refused(save(tmp_path, text))
    assert (fault.key, fault.facts["line"]) == (key, line)


def test_a_long_answer_is_read(tmp_path):
    assert len(rows_of(read_text(tmp_path, "id;q\n1;" + "x" * 131_072 + "\n"))[1][1]) == 131_072


def test_separators_at_the_end_and_blank_lines_are_nobody(tmp_path):
    found = read_text(tmp_path, "id;q;;\r\n1;Oui;;\r\n;;;\r\n2;Non;;\r\n\r\n")
    assert rows_of(found) == [("id", "q"), ("1", "Oui"), ("2", "Non")]
    assert dict(found.left_out) == {3: "blank_row", 5: "blank_row"}


def test_trailing_blanks_that_the_tool_trims_are_put_back(tmp_path):
    rows = ["id;a;b;c", "1;x;;", "2;x", "3;x;y", "4;x;y;z", "5;x", "6;x;y;z"]
    found = read_text(tmp_path, "\n".join(rows) + "\n")
    assert found.cells.loc[3].tolist() == ["2", "x", "", ""]
    assert found.cells.loc[4].tolist() == ["3", "x", "y", ""]
    assert len(found.cells) == 6
    assert any(note.startswith("3 lignes") for note in found.notes)


def test_a_short_row_of_blanks_is_padded_without_suspicion(tmp_path):
    found = read_text(tmp_path, "id;a;b;c\n1;x;y;z\n2;x;\n")
    assert found.cells.loc[3].tolist() == ["2", "x", "", ""]


def test_rows_cut_in_blocks_as_excel_does_are_padded(tmp_path):
    """Sixteen rows of eleven cells under 21 headings: two of them add up to one row, but all are alike."""
    whole, cut = ";".join(["x"] * 21), ";".join(["x"] * 11)
    headings = ";".join(f"q{place}" for place in range(21))
    found = read_text(tmp_path, "\n".join([headings, *[whole] * 3, *[cut] * 16]) + "\n")
    assert len(found.cells) == 19


def test_headings_are_kept_as_they_are(tmp_path):
    found = read_text(tmp_path, "id;q;;q\n1;a;b;c\n")
    assert [column.heading for column in found.columns] == ["id", "q", "", "q"]
    assert [column.position for column in found.columns] == [0, 1, 2, 3]
    assert any("C" in note and "sans intitulé" in note for note in found.notes)


@pytest.mark.parametrize(("first", "told"), [(0, True), (1, True), (61617, True)])
def test_row_numbers_of_pandas_and_r_are_told(tmp_path, first, told):
    found = read_text(tmp_path, f",q\n{first},a\n{first + 1},b\n")
    assert any("numéroter" in note for note in found.notes) == told


def test_a_single_column_is_told(tmp_path):
    found = read_text(tmp_path, "q\nOui\nNon\n")
    assert rows_of(found) == [("q",), ("Oui",), ("Non",)]
    assert any("Une seule colonne" in note for note in found.notes)


def test_too_many_columns_are_refused(tmp_path):
    wide = ";".join("q" * 5_001)
    assert refused(save(tmp_path, f"{wide}\n{wide.replace('q', 'a')}\n")).key == "loader_too_wide"


@pytest.mark.parametrize("before", ["", "q\n", "q\r", "é\n"])
@pytest.mark.parametrize("cell", ["a,", ",", '"a";', "\t"])
def test_a_line_without_end_takes_little_more_memory_than_its_file(tmp_path, before, cell):
    path = save(tmp_path, (before + cell * (2_000_000 // len(cell))).encode("cp1252"))
    tracemalloc.start()
    fault = refused(path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert fault.key == "loader_too_wide"
    assert most < 4 * path.stat().st_size
