"""Alpha and omega: closed forms, refusals, laws."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from impact.reliability import MEASURES, Items, alpha, loadings, omega, reliability
from impact.sample import Design

few = settings(max_examples=40)
CLOSE = 1e-9
measures = pytest.mark.parametrize("measure", MEASURES)


def items(y: np.ndarray, w: np.ndarray | None = None, cluster: np.ndarray | None = None) -> Items:
    return Items(np.asarray(y, dtype=float), np.ones(len(y)) if w is None else w, Design.of(len(y), cluster=cluster))


def drawn(count: int, people: int, pull: float = 1.0, seed: int = 1) -> np.ndarray:
    """Answers from 1 to 5 that have `pull` in common."""
    generator = np.random.default_rng(seed)
    common = pull * generator.normal(size=(people, 1))
    return np.clip(np.round(3 + common + generator.normal(size=(people, count))), 1, 5)


def test_alpha_is_spearman_and_browns_of_the_mean_correlation():
    r = np.array([[1, 0.5, 0.3], [0.5, 1, 0.1], [0.3, 0.1, 1]])
    assert alpha(r)[0] == pytest.approx(3 * 0.3 / (1 + 2 * 0.3))


def test_three_items_of_one_factor_have_their_loadings_by_hand():
    """Spearman's triads: the square of a loading is the product of its two correlations over the third."""
    r = np.array([[1, 0.42, 0.35], [0.42, 1, 0.30], [0.35, 0.30, 1]])
    expected = [math.sqrt(0.42 * 0.35 / 0.30), math.sqrt(0.42 * 0.30 / 0.35), math.sqrt(0.35 * 0.30 / 0.42)]
    np.testing.assert_allclose(loadings(r), expected, rtol=1e-12)
    made = sum(expected) ** 2
    assert omega(r)[0] == pytest.approx(made / (made + sum(1 - x**2 for x in expected)), rel=1e-12)


@pytest.mark.parametrize("of", [alpha, omega])
def test_slopes_are_those_of_small_differences(of):
    r = np.corrcoef(drawn(4, 200), rowvar=False)
    slopes = of(r)[1]
    for i, j in ((0, 1), (2, 3), (0, 3)):
        step = np.zeros_like(r)
        step[i, j] = step[j, i] = 1e-5
        assert slopes[i, j] == pytest.approx((of(r + step)[0] - of(r - step)[0]) / 2e-5, rel=1e-6)


def test_a_low_or_negative_alpha_is_told_as_it_is():
    y = drawn(2, 60)
    y[:, 1] = 6 - y[:, 0] + np.arange(60) % 2
    found = reliability("alpha", items(y), 0.95)
    assert found.low < found.estimate < found.high < 0


def test_items_that_undo_each_other_have_an_alpha_of_minus_infinity_and_an_upper_limit():
    first = drawn(1, 40)
    found = reliability("alpha", items(np.hstack([first, 6 - first])), 0.95)
    assert (found.estimate, found.low) == (-math.inf, -math.inf)
    assert -math.inf < found.high < 0


@measures
def test_items_all_alike_are_wholly_reliable_and_keep_an_interval(measure):
    y = np.repeat(drawn(1, 40), 4, axis=1)
    found = reliability(measure, items(y), 0.95)
    assert found.estimate == pytest.approx(1)
    # Their mean correlation, from its least of -1/3 to 1, as a share: 40 of 40, by Wilson with Student's quantile.
    mean = -1 / 3 + 4 / 3 * 40 / (40 + 2.022691**2)
    assert found.low == pytest.approx(4 * mean / (1 + 3 * mean), rel=1e-6)


@measures
@pytest.mark.parametrize(
    "y",
    [
        np.zeros((0, 3)),
        np.array([[1.0, 2.0, 3.0]]),  # one respondent
        np.array([[1.0, 2.0, 3.0], [2.0, 3.0, 1.0], [3.0, 1.0, 5.0]]),  # no more people than items
        np.column_stack([drawn(2, 30), np.full(30, 3.3)]),  # an item that does not vary
        np.column_stack([drawn(2, 30), np.full(30, np.nan)]),  # an item that nobody answered
        drawn(1, 30),
    ],
)
def test_what_cannot_be_told_is_refused(measure, y):
    assert reliability(measure, items(y), 0.95) is None


def test_two_items_have_an_alpha_and_no_omega():
    assert reliability("alpha", items(drawn(2, 30)), 0.95) is not None
    assert reliability("omega", items(drawn(2, 30)), 0.95) is None


def test_an_item_that_would_explain_more_than_itself_is_held_at_one():
    r = np.array([[1, 0.6, 0.6], [0.6, 1, 0.2], [0.6, 0.2, 1]])  # the triad gives 1.8
    assert loadings(r)[0] == 1
    assert 0 < omega(r)[0] < 1


@st.composite
def answers(draw: st.DrawFn) -> Items:
    """Three to five items, silences, weights, clusters or none."""
    people, count = draw(st.integers(12, 40)), draw(st.integers(3, 5))
    y = drawn(count, people, draw(st.sampled_from([0.0, 0.5, 2.0])), draw(st.integers(0, 99)))
    y[draw(st.integers(0, people - 1)), draw(st.integers(0, count - 1))] = np.nan
    w = np.resize([1.0, 2.0, 0.5], people) if draw(st.booleans()) else np.ones(people)
    return items(y, w, draw(st.sampled_from([None, np.arange(people) // 3])))


@measures
@given(found=answers(), levels=st.tuples(st.floats(0.5, 0.999), st.floats(0.5, 0.999)))
@few
def test_limits_hold_the_coefficient_and_widen_with_the_level(measure, found, levels):
    inner, outer = (reliability(measure, found, level) for level in sorted(levels))
    assume(inner is not None)
    assert not np.isnan(outer).any()
    assert outer.low <= outer.estimate <= outer.high <= 1
    assert outer.low < outer.high
    assert outer.low <= inner.low + CLOSE
    assert inner.high <= outer.high + CLOSE


@measures
@given(found=answers(), times=st.sampled_from([1e-3, 7.0, 1000.0]), data=st.data())
@few
def test_nothing_but_the_answers_moves_a_coefficient(measure, found, times, data):
    expected = reliability(measure, found, 0.95)
    assume(expected is not None)
    order = np.array(data.draw(st.permutations(range(len(found.y)))))
    unit = found.design.unit
    moved = items(found.y[order] * 10 - 4, times * found.w[order], None if unit is None else unit[order])
    np.testing.assert_allclose(reliability(measure, moved, 0.95), expected, rtol=1e-7, atol=1e-7)
    backwards = found._replace(y=found.y[:, ::-1])
    np.testing.assert_allclose(reliability(measure, backwards, 0.95), expected, rtol=1e-6, atol=1e-6)
