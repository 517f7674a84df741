"""The rule by itself: trees, blocks, what follows of their parts, and what the choice of rows would tell."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from impact.protect._audit import FEWEST, Pattern, withstands
from impact.protect._blocks import Rule, Variable, safe, safe_blocks
from impact.protect._choice import cause, chosen
from impact.protect._tree import Tree, blocks, choices, trees, unions

RULE = Rule(11, 5)
BANDS = ("mentored_over", "mentored_under", "mentored_unknown")
(MENTORED,) = trees(("mentored", *BANDS))
# All the young people, the mentored and their bands, and the others: "mentor" is worth most, and stands for all.
EVERYONE = Tree((*BANDS, "non_mentored"), {"mentor": 15, "mentored": 7} | {
    name: 1 << place for place, name in enumerate((*BANDS, "non_mentored"))})  # fmt: skip


def yes_no(*arms):
    """One (yes, of how many) a leaf."""
    return Variable(np.array([[yes, n - yes] for yes, n in arms]), RULE)


# The worked examples of the rule: yes and base of the three bands and of the others, and what is hidden.
EXAMPLES = {
    "B": (((22, 60), (9, 30), (1, 3), (40, 103)), {"mentored_under", "mentored_unknown"}),
    "C": (((22, 50), (7, 7), (1, 3), (40, 103)), set(BANDS)),
    "D": (((22, 50), (20, 20), (6, 15), (40, 103)), {"mentored_under", "mentored_unknown"}),
}


@pytest.mark.parametrize("example", sorted(EXAMPLES))
def test_the_worked_examples(example):
    arms, hidden = EXAMPLES[example]
    assert EVERYONE.masks.keys() - chosen(EVERYONE, EVERYONE.masks, [yes_no(*arms)]).rows == hidden


def test_from_fourteen_of_155_and_eleven_of_97_nobody_learns_that_one_of_nine_said_yes():
    """14/155, 11/97, 2/49 and 1/9: the first two shown would leave 3 of 58 to the two others."""
    arms = ((11, 97), (2, 49), (1, 9))
    assert chosen(MENTORED, MENTORED.masks, [yes_no(*arms)]).rows == {"mentored"}


def test_trees_are_made_of_the_groups_that_there_are():
    found = trees(("mentored", "mentored_over", "mentored_under_unknown", "non_mentored", "mentor"))
    assert [tree.leaves for tree in found] == [
        ("mentored_over", "mentored_under_unknown"), ("non_mentored",), ("mentor",)
    ]  # fmt: skip
    assert found[0].masks == {"mentored": 3, "mentored_over": 1, "mentored_under_unknown": 2}
    assert trees(("mentored",))[0].masks == {"mentored": 1}


def test_a_block_is_a_row_without_its_largest_parts():
    assert sorted(blocks([15, 7, 1])) == [1, 6, 8]
    assert sorted(blocks([15, 1])) == [1, 14]
    assert blocks([3, 1, 2]) == (1, 2)  # its parts make it up: nothing is left


def test_no_two_sets_of_rows_are_worth_the_same():
    for tree in (MENTORED, *trees(("mentored", "mentored_over", "mentored_under_unknown"))):
        order = choices(tree, tree.masks)
        assert len(order) == 2 ** len(tree.masks)
        assert order[0] == set(tree.masks)
        assert not order[-1]


# --- against the rule written out, one number at a time --------------------------------------------------------------


def scalar_safe(counts, inside, rule):
    """The rule as the text gives it: of the block `inside`, a set of leaves."""
    total = [sum(counts[leaf][place] for leaf in inside) for place in range(len(counts[0]))]
    size = sum(total)
    if size == 0:
        return True
    if size < rule.base or min(total) < rule.answer:
        return False
    for many in range(1, len(inside)):
        for part in combinations(inside, many):
            n = sum(sum(counts[leaf]) for leaf in part)
            if n in (0, size):
                continue
            for gave in total:
                low, high = max(0, n - (size - gave)), min(n, gave)
                wide = high - low >= min(n, rule.reach) if n < rule.base else high >= rule.answer <= n - low
                if not wide:
                    return False
    return True


tables = st.integers(2, 4).flatmap(
    lambda size: st.lists(
        st.lists(st.integers(0, 14), min_size=size, max_size=size), min_size=1, max_size=4
    )
)  # fmt: skip
rules = st.builds(Rule, st.integers(3, 15), st.integers(1, 6), st.just(False))


@settings(max_examples=150, deadline=None)
@given(tables, rules)
def test_the_rule_for_many_tables_is_the_rule_for_one(counts, rule):
    found = safe(Variable(np.array(counts), rule))
    for place, line in enumerate(unions(len(counts))[0]):
        inside = [leaf for leaf in range(len(counts)) if line[leaf]]
        assert found[place] == scalar_safe(counts, inside, rule), inside
    assert (safe_blocks(np.array([counts, counts]), rule) == found).all()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=3))
def test_what_can_be_told_of_a_part_is_what_all_tables_leave_open(counts):
    """The bounds of a part of a block are reached by whole tables with the same totals, and none passes them."""
    sizes, gave = [sum(leaf) for leaf in counts], sum(leaf[0] for leaf in counts)
    total, n = sum(sizes), sizes[0]
    kept = {table[0] for table in product(*(range(size + 1) for size in sizes)) if sum(table) == gave}
    assert (min(kept), max(kept)) == (max(0, n - (total - gave)), min(n, gave))


@settings(max_examples=100, deadline=None)
@given(tables.filter(lambda counts: len(counts) == len(BANDS)))
def test_everything_that_follows_from_the_rows_shown_is_safe(counts):
    variable = Variable(np.array(counts), RULE)
    rows = chosen(MENTORED, MENTORED.masks, [variable]).rows
    for block in blocks([MENTORED.masks[row] for row in rows]):
        inside = [leaf for leaf in range(len(counts)) if block >> leaf & 1]
        assert scalar_safe(counts, inside, RULE)


def test_numbers_that_all_but_a_few_share_are_not_told():
    alike = np.array([[20, 4], [30, 0], [12, 9]])
    found = safe(Variable(alike, RULE, numbers=True))
    assert [bool(found[place]) for place in (1, 2, 4, 5, 7)] == [False, False, True, True, True]


def test_nobody_may_be_told_of_where_the_rule_says_so():
    counts = np.array([[40, 0], [30, 0], [20, 3]])
    strict, loose = (safe(Variable(counts, RULE._replace(none=none))) for none in (False, True))
    assert not strict[[1, 2, 3]].any()
    assert loose[[1, 2, 3]].all()
    assert not loose[[4, 7]].any()  # three are neither none nor enough


def test_one_answer_alone_is_what_everyone_gave():
    assert not safe(Variable(np.array([[40]]), RULE))[1]


def test_a_cause_is_that_of_the_row_by_itself():
    variable = yes_no((22, 60), (9, 30), (1, 3))
    assert [cause(MENTORED, row, [variable]) for row in ("mentored", *BANDS)] == ["", "", "", "base"]
    assert cause(MENTORED, "mentored_under", [yes_no((22, 60), (3, 30), (1, 3))]) == "answer"
    constant = Variable(np.array([[30], [40], [12]]), RULE, numbers=True)
    assert cause(MENTORED, "mentored", [constant]) == "constant"


# --- who knows the program -------------------------------------------------------------------------------------------

# Small cohorts in which the pattern of what is hidden would tell a count to who knows the program.
TELLING = [((0, 8), (6, 5), (0, 2)), ((5, 20), (5, 6), (1, 1)), ((2, 14), (9, 3), (1, 4)), ((10, 6), (5, 8), (0, 4))]


def printing(sizes, rows, totals):
    """Every table of these sizes that has these block totals and of which these rows are shown."""
    for table in product(*(range(size + 1) for size in sizes)):
        if all(sum(table[leaf] for leaf in inside) == gave for inside, gave in totals.items()):
            arms = tuple(zip(table, sizes, strict=True))
            if chosen(MENTORED, MENTORED.masks, [yes_no(*arms)]).rows == rows:
                yield table


@pytest.mark.parametrize("counts", [*TELLING, *(tuple((int(a), int(b)) for a, b in np.random.default_rng(seed).integers(
    0, (9, 11), (3, 2))) for seed in range(12))])  # fmt: skip
def test_who_knows_the_program_keeps_three_counts_for_every_hidden_part(counts):
    sizes = [sum(leaf) for leaf in counts]
    rows = chosen(MENTORED, MENTORED.masks, [Variable(np.array(counts), RULE)]).rows
    told = [[leaf for leaf in range(3) if block >> leaf & 1] for block in blocks([MENTORED.masks[row] for row in rows])]
    totals = {tuple(inside): sum(counts[leaf][0] for leaf in inside) for inside in told}
    tables_left = list(printing(sizes, rows, totals))
    assert tuple(leaf[0] for leaf in counts) in tables_left
    for inside in told:
        for many in range(1, len(inside)):
            for part in combinations(inside, many):
                n = sum(sizes[leaf] for leaf in part)
                kept = {sum(table[leaf] for leaf in part) for table in tables_left}
                assert len(kept) >= min(FEWEST, n + 1) or n == sum(sizes[leaf] for leaf in inside)


def test_a_status_of_its_own_for_what_is_safe_by_itself_would_tell_more():
    """Why both are printed alike: beside 22 of 50, 26 of 35 are left to two bands, one of which is safe by itself."""
    sizes, rows, totals = (50, 20, 15), {"mentored", "mentored_over"}, {(0,): 22, (1, 2): 26}
    pattern = {table[1:] for table in printing(sizes, rows, totals)}
    with_status = {(under, unknown) for under, unknown in pattern if under > 15 and 5 <= unknown <= 10}
    assert (20, 6) in with_status
    assert len({under for under, _ in with_status}) < len({under for under, _ in pattern})


def test_the_audit_says_no_where_a_pattern_leaves_one_count():
    """Whatever other set of rows is shown first is ruled out by one table alone: the pattern would tell it."""
    variable = yes_no((5, 20), (5, 11))
    assert withstands([variable], Pattern((3,), []))
    every = [(1, 2)] * 1
    two = Variable(np.array([[5, 6], [5, 6]]), RULE)
    assert not withstands([two], Pattern((3,), every))  # both parts are safe: no table near hides them for this
