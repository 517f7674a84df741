"""A large text read by columns holds the same cells as one read row by row, or is not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from impact.loaders import _quick
from impact.loaders.containers import delimited as container
from tests.unit._loaders import delimited, read_text, refused, save

HEADINGS = ("id", "q1", "q2")


def rows_of(sheet):
    return [sheet.row(place) for place in range(len(sheet))]


def row_by_row(text, separator):
    rows = container.records(text, separator, "a.csv", 1)
    return [row or ("",) * len(rows[0]) for row in rows]


CELLS = st.text(alphabet='aé;,\t"\n 1«»’', max_size=5)


@settings(max_examples=300)
@given(
    data=st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=6),
    separator=st.sampled_from(container.SEPARATORS),
    line_end=st.sampled_from(("\n", "\r\n")),
    blank_lines=st.integers(0, 2),
)
def test_what_it_gives_is_what_the_strict_parser_gives(data, separator, line_end, blank_lines):
    text = delimited([HEADINGS, *data], separator, line_end) + line_end * blank_lines
    found = _quick.sheet(text.encode(), separator)
    if found is not None:
        assert rows_of(found) == row_by_row(text, separator)
        assert found.lengths is None
    else:  # only what the columns' parser cannot be trusted with
        assert '"' in text


@settings(max_examples=300)
@given(text=st.text(alphabet='ab;"\r\n', max_size=24))
def test_a_text_that_must_be_told_line_by_line_is_left_alone(text):
    found = _quick.sheet(f"x;y\n{text}".encode(), ";")
    if found is not None:
        assert rows_of(found) == row_by_row(f"x;y\n{text}", ";")


@pytest.mark.parametrize(
    "body",
    [
        "1;2\n", "1;2;3;4\n", '1;"a"b;3\n', '1;"a;2\n', '1;a"b;3\n', "1;a\rb;3\n", "\n1;2;3\n", '1;"a;"b;3\n',
        "1;2;3\n\xff",
    ],
)  # fmt: skip
def test_what_that_parser_would_forgive_is_refused(body):
    assert _quick.sheet(f"id;q1;q2\n1;2;3\n{body}".encode("latin-1"), ";") is None


def large(*rows):
    """A text large enough to be tried with the quick reader."""
    return [HEADINGS, *((str(number), "Tout à fait d’accord", "Très souvent") for number in range(30_000)), *rows]


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_large_file_is_read_alike_in_both_ways(tmp_path, monkeypatch, mark):
    text = mark + delimited(large(("30000", "", "Jamais\nplus"), ("30001", "Non", "trÃ¨s")), line_end="\n")
    quick = read_text(tmp_path, text)
    monkeypatch.setattr(container, "LARGE", len(text) * 2)
    slow = read_text(tmp_path, text)
    assert quick.cells.astype(object).equals(slow.cells.astype(object))
    assert (quick.columns, quick.header, quick.left_out) == (slow.columns, slow.header, slow.left_out)
    assert quick.notes == slow.notes


def test_a_fault_of_a_large_file_is_told_with_its_line(tmp_path):
    path = save(tmp_path, delimited(large(("30000", "Oui")), line_end="\n"))
    assert (refused(path).key, refused(path).facts["line"]) == ("loader_row_short", 30_002)
