"""Cohen's kappa: a published table, perfect agreement, laws."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from impact.agreement import Answers, kappa
from impact.sample import Design

few = settings(max_examples=60)
CLOSE = 1e-9


def answers(x, y, w: np.ndarray | None = None, cluster: np.ndarray | None = None) -> Answers:
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    return Answers(x, y, np.ones(x.size) if w is None else w, Design.of(x.size, cluster=cluster))


def crossed(table: list[list[int]]) -> Answers:
    rows, columns = np.indices(np.shape(table))
    times = np.ravel(table)
    return answers(np.repeat(rows.ravel(), times), np.repeat(columns.ravel(), times))


def test_kappa_by_hand():
    """20 yes twice, 15 no twice, 5 and 10 apart: 0.7 seen; 25 and 30 yes of 50, so 0.5 by chance; kappa 0.4."""
    assert kappa(crossed([[20, 5], [10, 15]]), 0.95, ordered=False).estimate == pytest.approx(0.4)


def test_squares_of_distances_by_hand():
    """Of 1, 2 and 5: a step from 1 to 2 is 1/16 of the whole way squared."""
    found = kappa(answers([1, 1, 2, 5], [1, 2, 2, 5]), 0.95, ordered=True)
    seen = 1 - (1 / 16) / 4
    apart = [[0, 1, 16], [1, 0, 9], [16, 9, 0]]
    x, y = [2 / 4, 1 / 4, 1 / 4], [1 / 4, 2 / 4, 1 / 4]
    chance = 1 - sum(x[i] * y[j] * apart[i][j] / 16 for i in range(3) for j in range(3))
    assert found.estimate == pytest.approx((seen - chance) / (1 - chance))


@pytest.mark.parametrize("ordered", [True, False])
def test_full_agreement_keeps_a_lower_limit(ordered):
    """30 of 30, half of them yes: Wilson's 30 / (30 + t^2) of agreement, by Student, where chance gives one half."""
    found = kappa(crossed([[15, 0], [0, 15]]), 0.95, ordered)
    low = 30 / (30 + 2.0452296**2)
    assert (found.estimate, found.low, found.high) == pytest.approx((1, (low - 0.5) / 0.5, 1), rel=1e-6)
    apart = kappa(crossed([[0, 15], [15, 0]]), 0.95, ordered)
    assert (apart.estimate, apart.low, apart.high) == pytest.approx((-1, -1, -(low - 0.5) / 0.5), rel=1e-6)


def test_full_agreement_of_few_mentors_says_less_than_that_of_as_many_pairs():
    x = np.arange(30) % 2
    alone = kappa(answers(x, x), 0.95, ordered=False)
    shared = kappa(answers(x, x, cluster=np.arange(30) // 5), 0.95, ordered=False)
    assert shared.low < alone.low


def test_one_answer_by_all_leaves_nothing_to_agree_beyond_chance():
    assert kappa(answers([1] * 20, [1] * 20), 0.95, ordered=False) is None
    assert kappa(answers([1], [1]), 0.95, ordered=True) is None


def test_one_pair_that_differs_has_limits():
    found = kappa(answers([1], [2]), 0.95, ordered=False)
    assert found.low <= found.estimate <= found.high
    assert found.low < found.high
    assert found.std_error == math.inf


def test_few_pairs_with_a_rare_answer_do_not_rule_chance_out():
    """3 and 3 of 20 say yes, never both: Fleiss, Cohen & Everitt's error alone would put kappa below 0."""
    found = kappa(crossed([[0, 3], [3, 14]]), 0.95, ordered=False)
    assert found.estimate == pytest.approx((0.7 - 0.745) / (1 - 0.745))
    assert found.estimate + 2 * found.std_error < 0 < found.high


def test_two_sides_of_which_one_never_varies_agree_as_by_chance():
    found = kappa(crossed([[15, 15], [0, 0]]), 0.95, ordered=False)
    assert found.estimate == pytest.approx(0)
    assert found.low < 0 < found.high


@st.composite
def pairs(draw: st.DrawFn) -> Answers:
    size = draw(st.integers(8, 40))

    def column(*values: float) -> list[float]:
        return draw(st.lists(st.sampled_from(values), min_size=size, max_size=size))

    x = np.array(column(1, 2, 3))
    y = np.where(np.array(column(0, 1)) == 1, x, column(1, 2, 3))
    w = np.array(column(0.5, 1, 3)) if draw(st.booleans()) else np.ones(size)
    return answers(x, y, w, draw(st.sampled_from([None, np.arange(size) // 2])))


@pytest.mark.parametrize("ordered", [True, False])
@given(found=pairs(), levels=st.tuples(st.floats(0.5, 0.999), st.floats(0.5, 0.999)))
@few
def test_limits_hold_kappa_and_widen_with_the_level(ordered, found, levels):
    inner, outer = (kappa(found, level, ordered) for level in sorted(levels))
    assume(inner is not None)
    assert outer.low <= outer.estimate + CLOSE
    assert outer.estimate <= outer.high + CLOSE
    assert outer.high <= 1 + CLOSE
    assert outer.low < outer.high
    assert outer.low <= inner.low + CLOSE
    assert inner.high <= outer.high + CLOSE


@pytest.mark.parametrize("ordered", [True, False])
@given(found=pairs(), times=st.sampled_from([1e-3, 1000.0]), data=st.data())
@few
def test_neither_side_order_nor_scale_moves_kappa(ordered, found, times, data):
    expected = kappa(found, 0.95, ordered)
    assume(expected is not None)
    order = np.array(data.draw(st.permutations(range(found.x.size))))
    unit = found.design.unit
    moved = answers(found.y[order], found.x[order], times * found.w[order], None if unit is None else unit[order])
    got = kappa(moved, 0.95, ordered)
    values = [(one.estimate, one.std_error, one.low, one.high) for one in (got, expected)]
    np.testing.assert_allclose(values[0], values[1], rtol=CLOSE, atol=CLOSE)
