"""The joint audit against every table of small counts, and against the examples that tables one at a time pass."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from impact.protect.joint import Printed, open_to_who_knows_the_rule, ranges, safe, tells_too_few

# Cells: mentored girls, mentored boys, other girls, other boys.
EVERYONE, MENTORED, GIRLS, MENTORED_GIRLS, MENTORED_BOYS = (
    np.array(cells, dtype=bool) for cells in ((1, 1, 1, 1), (1, 1, 0, 0), (1, 0, 1, 0), (1, 0, 0, 0), (0, 1, 0, 0))
)
OTHER_GIRLS = GIRLS & ~MENTORED


def printed(rows, counts):
    return [Printed(np.asarray(cells, dtype=bool), np.asarray(cells) @ counts) for cells in rows]


def yes_no(sizes, yes):
    return np.column_stack([yes, np.asarray(sizes) - yes])


def test_rows_that_are_each_safe_tell_together_what_seven_of_eight_said():
    """Everyone, the mentored, girls, mentored girls and boys: each on many people, both answers often given. Girls less
    mentored girls are the eight others, of whom seven said yes."""
    sizes = np.array([30, 30, 8, 95])
    rows = printed([EVERYONE, MENTORED, GIRLS, MENTORED_GIRLS, MENTORED_BOYS], yes_no(sizes, [14, 16, 7, 33]))
    assert all(row.counts.sum() >= 11 and row.counts.min() >= 5 for row in rows)
    low, high = ranges(sizes, rows, np.array([OTHER_GIRLS]))
    assert low.tolist() == high.tolist() == [[7, 1]]
    assert tells_too_few(sizes, rows, 11, 5)
    assert not safe(sizes, rows, np.array([OTHER_GIRLS]), 11, 5)


def test_without_the_row_of_girls_nothing_is_told():
    sizes = np.array([30, 30, 8, 95])
    rows = printed([EVERYONE, MENTORED, MENTORED_GIRLS, MENTORED_BOYS], yes_no(sizes, [14, 16, 7, 33]))
    assert safe(sizes, rows, np.array([OTHER_GIRLS, GIRLS, ~GIRLS]), 11, 5)
    low, high = ranges(sizes, rows, np.array([OTHER_GIRLS]))
    assert (low.tolist(), high.tolist()) == ([[0, 0]], [[8, 8]])


def test_a_remainder_that_no_reader_has_a_name_for_is_found_too():
    """Of three groups by three answers, the whole less one answer of one group and another of another leaves four."""
    sizes = np.array([20, 1, 1, 1, 20, 1])
    rows = [np.ones(6), [1, 0, 0, 0, 0, 0], [0, 0, 0, 0, 1, 0]]
    counts = yes_no(sizes, [10, 1, 1, 1, 10, 1])
    assert not tells_too_few(sizes, printed(rows[:2], counts), 11, 5)
    assert tells_too_few(sizes, printed(rows, counts), 11, 0)


def test_a_group_that_is_most_of_a_printed_row_keeps_no_room():
    """Ten of a row of eleven, of whom five said yes: from four to five of the ten did."""
    sizes = np.array([10, 1])
    rows = printed([[1, 1]], yes_no(sizes, [5, 0]))
    assert not tells_too_few(sizes, rows, 11, 5)
    assert not safe(sizes, rows, np.array([[True, False]]), 11, 5)
    assert safe(sizes, rows, np.array([[False, True]]), 11, 5)


def test_three_answers_are_one_vector():
    """Each count alone leaves the first cell from 0 to 3; together they must fill it."""
    sizes = np.array([3, 3])
    counts = np.array([[1, 1, 1], [1, 1, 1]])
    low, high = ranges(sizes, printed([[1, 1]], counts), np.array([[True, False]]))
    assert (low.tolist(), high.tolist()) == ([[0, 0, 0]], [[2, 2, 2]])


def test_rows_that_no_table_prints_are_refused():
    cells = np.array([[True, True], [True, False]])
    rows = [Printed(cells[0], np.array([1, 9])), Printed(cells[1], np.array([3, 2]))]
    with pytest.raises(ValueError, match="no table"):
        ranges(np.array([5, 5]), rows, cells)


def test_nothing_printed_or_nobody_there_tells_nothing():
    assert not tells_too_few(np.array([0, 0]), printed([[1, 1]], np.zeros((2, 2), dtype=int)), 11, 5)
    assert safe(np.array([3, 4]), [], np.eye(2, dtype=bool), 11, 5)


@st.composite
def linked(draw):
    """A few people by two or three things, and some rows printed of them."""
    answers = draw(st.integers(2, 3))
    most = 3 if answers == 3 else 5
    counts = draw(st.lists(st.lists(st.integers(0, most), min_size=answers, max_size=answers), min_size=2, max_size=4))
    counts = np.array([row if sum(row) <= most else [most, *[0] * (answers - 1)] for row in counts])
    rows = draw(st.lists(st.lists(st.booleans(), min_size=len(counts), max_size=len(counts)), min_size=1, max_size=4))
    return counts, np.array(rows)


def tables(sizes, answers):
    """Every table of whole numbers with these people a cell."""
    each = [[some for some in product(range(n + 1), repeat=answers) if sum(some) == n] for n in sizes]
    return (np.array(table) for table in product(*each))


def alike(counts, rows):
    """The tables that print the same rows, counted out one by one."""
    told = rows @ counts
    return np.array([table for table in tables(counts.sum(axis=1), counts.shape[1]) if (rows @ table == told).all()])


def masks(cells):
    return np.array([some for some in product((False, True), repeat=cells) if any(some)])


@given(linked())
@settings(max_examples=40, deadline=None)
def test_ranges_are_those_of_all_tables_that_print_the_same(given_rows):
    counts, rows = given_rows
    asked = masks(len(counts))
    same = np.array([asked @ table for table in alike(counts, rows)])
    low, high = ranges(counts.sum(axis=1), printed(rows, counts), asked)
    assert (low == same.min(axis=0)).all()
    assert (high == same.max(axis=0)).all()


@given(linked(), st.integers(1, 6), st.integers(1, 3))
@settings(max_examples=40, deadline=None)
def test_the_audit_agrees_with_counting_out_every_table_and_every_set(given_rows, base, answer):
    counts, rows = given_rows
    sizes, asked = counts.sum(axis=1), masks(len(counts))
    held = asked[~(asked & (sizes == 0)).any(axis=1)]
    # A set is told exactly where its cells are a sum of rows: it then adds nothing to their rank.
    seen = rows[:, sizes > 0].astype(float)
    rank = np.linalg.matrix_rank(seen)
    told = [some for some in held if np.linalg.matrix_rank(np.vstack([seen, some[sizes > 0]])) == rank]
    few = any(some @ sizes < base or (some @ counts < answer).any() for some in told)
    assert tells_too_few(sizes, printed(rows, counts), base, answer) == few

    same = np.array([asked @ table for table in alike(counts, rows)])
    low, high, people = same.min(axis=0), same.max(axis=0), (asked @ sizes)[:, None]
    doubt = np.where(people < base, high - low >= np.minimum(people, max(answer, 2)),
                     (high >= answer) & (low <= people - answer)) | (people == 0)  # fmt: skip
    assert safe(sizes, printed(rows, counts), asked, base, answer) == (not few and doubt.all())


@given(linked(), st.integers(1, 3))
@settings(max_examples=40, deadline=None)
def test_what_a_refusal_tells_is_found_by_counting_out_every_table_that_would_be_refused(given_rows, answer):
    counts, rows = given_rows
    counts = np.column_stack([counts[:, 0], counts[:, 1:].sum(axis=1)])
    sizes, asked, refused = counts.sum(axis=1), masks(len(counts)), masks(len(counts))[-2:]
    told = [some for some in refused if some @ sizes]
    same = [table for table in alike(counts, rows) if any((some @ table < answer).any() for some in told)]
    enough = all(len({int(some @ table[:, 0]) for table in same}) >= min(3, some @ sizes + 1) for some in asked)
    assert open_to_who_knows_the_rule(sizes, printed(rows, counts), refused, asked, answer) == enough


def test_the_same_is_found_each_time():
    sizes = np.array([12, 9, 14, 7, 11, 10])
    rows = printed([np.ones(6), [1, 1, 1, 0, 0, 0], [1, 0, 0, 1, 0, 0]], yes_no(sizes, [5, 4, 6, 3, 5, 4]))
    first, second = (ranges(sizes, rows, masks(6)) for _ in range(2))
    assert np.array_equal(first, second)
