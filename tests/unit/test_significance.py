"""Tests of two arms: which one is chosen, and p where nothing can be computed."""

import math

import numpy as np
import pytest
from scipy import stats

from impact.errors import ImpactError
from impact.sample import Design, Sample
from impact.significance import TESTS, choose, p_value


def arms(a: list, b: list, w: list | None = None, cluster: list | None = None, kind: str | None = None):
    """Two arms of one frame."""
    y, in_a = np.array([*a, *b], dtype=float), np.arange(len(a) + len(b)) < len(a)
    weights, design = np.ones(y.size) if w is None else np.array(w), Design.of(y.size, cluster=cluster)
    return Sample(y, weights * in_a, design, kind), Sample(y, weights * ~in_a, design, kind)


def shares(yes_a: int, n_a: int, yes_b: int, n_b: int):
    return arms([1] * yes_a + [0] * (n_a - yes_a), [1] * yes_b + [0] * (n_b - yes_b), kind="share")


@pytest.mark.parametrize(
    ("pair", "test"),
    [
        (shares(15, 30, 12, 30), "score"),
        (shares(5, 30, 5, 30), "score"),  # expected 5 in the smallest cell
        (shares(4, 30, 5, 30), "fisher_midp"),  # expected 4.5
        (shares(30, 30, 28, 30), "fisher_midp"),
        (arms([1, 2, 4], [2, 2, 5]), "welch"),
        (arms([1, 0], [0, 1], w=[1, 2, 1, 1]), "rao_scott"),
        (arms([1, 0], [0, 1], cluster=[0, 1, 0, 1]), "rao_scott"),
        (arms([1, 2], [3, 1], cluster=[0, 1, 0, 1]), "design_t"),
    ],
)
def test_the_test_by_default(pair, test):
    assert choose(*pair) == test


def test_answers_with_an_order_are_compared_by_rank():
    assert choose(*arms([1, 2, 4], [2, 2, 5]), ordered=True) == "brunner_munzel"
    assert choose(*arms([1, 2], [3, 1], cluster=[0, 1, 0, 1]), ordered=True) == "rank_test"
    assert choose(*shares(15, 30, 12, 30), ordered=True) == "score"


def test_a_lady_tasting_tea():
    # Fisher (1935): 3 of 4 against 1 of 4. P(X = 3) = 16/70, P(X = 4) = 1/70; twice (1/70 + 8/70) = 18/70.
    assert p_value("fisher_midp", *shares(3, 4, 1, 4)) == pytest.approx(18 / 70)
    # Pearson's chi-square is 2: p = 0.15730 (Fagerland, Lydersen & Laake 2017, ch. 4).
    assert p_value("score", *shares(3, 4, 1, 4)) == pytest.approx(0.15730, abs=5e-6)


def test_welch_is_that_of_scipy():
    a, b = [1, 2, 5, 4, 4, 3], [2, 1, 1, 3, 2]
    assert p_value("welch", *arms(a, b)) == pytest.approx(stats.ttest_ind(a, b, equal_var=False).pvalue)


def test_equal_answers_in_both_arms_show_nothing():
    for name, test in TESTS.items():
        for kind in test.kinds:
            assert p_value(name, *arms([1] * 9, [1] * 9, kind=kind)) == 1


def test_each_arm_unanimous_against_the_other_is_no_certainty():
    # One of the choose(10, 5) = 252 ways to share out five yes: mid-p 2 x 1/252 / 2, for a share and for a mean.
    assert p_value("fisher_midp", *shares(5, 5, 0, 5)) == pytest.approx(1 / 252)
    assert p_value("welch", *arms([4] * 5, [2] * 5)) == pytest.approx(1 / 252)
    # Under a design the score statistic, (1 - 0) / sqrt(1/4 x 2/6) = sqrt(12), with 12 clusters less one stratum.
    unanimous = arms([1] * 6, [0] * 6, cluster=range(12), kind="share")
    assert p_value("design_t", *unanimous) == pytest.approx(2 * stats.t.sf(math.sqrt(12), 11))


def test_an_arm_of_one_answer_shows_nothing_by_its_variance():
    assert p_value("welch", *arms([4], [2, 1, 1, 3])) == 1
    assert p_value("design_t", *arms([4], [2, 1, 1, 3])) == 1


@pytest.mark.parametrize("test", TESTS)
def test_an_arm_without_answers_shows_nothing(test):
    kind = min(TESTS[test].kinds)
    assert p_value(test, *arms([math.nan] * 3, [0, 1, 1], kind=kind)) == 1


def test_clusters_that_both_arms_share_sharpen_the_difference():
    # Ten clusters with one member in each arm: the design's test is the paired t test, on 10 clusters less one stratum.
    rng = np.random.default_rng(7)
    home = rng.normal(size=10)
    a, b = home + rng.normal(0.3, 0.2, 10), home + rng.normal(0, 0.2, 10)
    found = p_value("design_t", *arms(list(a), list(b), cluster=[*range(10), *range(10)]))
    assert found == pytest.approx(stats.ttest_rel(a, b).pvalue)
    assert found < p_value("welch", *arms(list(a), list(b)))


@pytest.mark.parametrize(
    ("test", "pair"),
    [
        ("welch", shares(3, 9, 2, 9)),
        ("score", arms([1, 2, 4], [2, 2, 5])),
        ("score", arms([1, 0], [0, 1], w=[1, 2, 1, 1])),
        ("fisher_midp", arms([1, 0], [0, 1], cluster=[0, 1, 0, 1])),
        ("fisher", shares(3, 9, 2, 9)),
    ],
)
def test_a_test_that_does_not_fit_is_refused_by_name(test, pair):
    with pytest.raises(ImpactError) as fault:
        p_value(test, *pair)
    assert fault.value.key == "test_unfit"
    assert f"« {test} »" in str(fault.value)
