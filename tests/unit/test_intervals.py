"""Intervals by hand, and where other tools give nothing; published tables stand in tests/oracle."""

import math

import numpy as np
import pytest
from scipy import stats

from impact.errors import ImpactError
from impact.intervals import INTERVALS, interval
from impact.sample import Design, Sample


def share(yes: int, n: int) -> Sample:
    return Sample(np.arange(n) < yes)


@pytest.mark.parametrize(("yes", "n"), [(0, 30), (30, 30), (0, 1), (1, 1)])
@pytest.mark.parametrize("method", [name for name, known in INTERVALS.items() if known.kind == "share"])
def test_nobody_and_everybody_touch_their_own_end_exactly(method, yes, n):
    low, high = interval(method, share(yes, n), 0.95)
    assert (low if yes == 0 else high) == (0 if yes == 0 else 1)
    assert high - low > 0.05


def test_the_rule_of_three():
    # Hanley & Lippman-Hand (1983): none of n leaves about 3 / n, one-sided, exactly 1 - 0.05^(1/n).
    assert interval("beta", share(0, 30), 0.9)[1] == pytest.approx(1 - 0.05 ** (1 / 30))


def test_logit_is_beta_where_its_odds_are_infinite():
    assert interval("logit", share(0, 30), 0.95) == interval("beta", share(0, 30), 0.95)


def test_wilson_under_a_design_takes_the_effective_size_and_student():
    rows = np.arange(40)
    sample = Sample((rows % 8 < 3).astype(float), 1.0 + rows % 2, Design.of(40, cluster=rows // 5))
    q, n, p = stats.t.ppf(0.975, 7), sample.n_eff, sample.mean
    centre, half = p + q**2 / (2 * n), q * math.sqrt(p * (1 - p) / n + q**2 / (4 * n**2))
    expected = ((centre - half) / (1 + q**2 / n), (centre + half) / (1 + q**2 / n))
    assert interval("wilson", sample, 0.95) == pytest.approx(expected)


def test_weighted_nobody_takes_the_size_that_weights_leave():
    # Kish: (10 + 30)^2 / (10 + 90) = 16 of 20; Student with 19 degrees of freedom; 0 of n gives q^2 / (n + q^2).
    sample = Sample(np.zeros(20), np.repeat([1.0, 3.0], 10))
    q = stats.t.ppf(0.975, 19)
    assert interval("wilson", sample, 0.95) == pytest.approx((0, q**2 / (16 + q**2)))


@pytest.mark.parametrize("method", [name for name, known in INTERVALS.items() if known.kind == "share"])
def test_members_of_one_cluster_say_nothing(method):
    sample = Sample([1, 0, 1, 0], [1, 1, 0, 0], Design.of(4, cluster=[0, 0, 1, 1]))
    assert interval(method, sample, 0.95) == (0, 1)


def test_student_is_the_textbook_interval():
    # 2, 4, 9: mean 5, error sqrt(13 / 3), t of 2 degrees 4.302653 (any table)
    low, high = interval("student", Sample([2, 4, 9]), 0.95)
    assert (low, high) == pytest.approx((5 - 4.302653 * math.sqrt(13 / 3), 5 + 4.302653 * math.sqrt(13 / 3)))


def test_student_stays_on_the_scale():
    assert interval("student", Sample([2, 4, 9], bounds=(0, 10)), 0.95) == (0, 10)
    low, high = interval("student", Sample([5, 5, 5, 5, 4], bounds=(1, 5)), 0.95)
    assert 1 < low < 4.8
    assert high == 5


def test_student_of_equal_answers_on_a_scale_is_wilson_stretched():
    low, high = interval("wilson", share(30, 30), 0.95)
    found = interval("student", Sample([5.0] * 30, kind="mean", bounds=(1, 5)), 0.95)
    assert found == pytest.approx((1 + 4 * low, 1 + 4 * high))
    inside = interval("student", Sample([3.0] * 30, bounds=(1, 5)), 0.95)
    assert inside[0] < 3 < inside[1]


def test_score_limits_of_answers_at_the_two_ends_are_wilson_s_with_student_s_quantile():
    # Of 8 in 10 the error's square is 0.16 / 9: the size of a share of 0.8 with such an error is 9.
    sample = Sample([1.0, 4.0, 4.0, 4.0, 1.0, 4.0, 4.0, 4.0, 4.0, 4.0], bounds=(1, 4))
    q = stats.t.ppf(0.975, 9)
    centre, half = 0.8 + q**2 / 18, q * math.sqrt(0.16 / 9 + q**2 / (4 * 81))
    expected = [1 + 3 * (centre + side * half) / (1 + q**2 / 9) for side in (-1, 1)]
    assert interval("scale_score", sample, 0.95) == pytest.approx(expected)


def test_score_limits_lie_further_inwards_and_less_outwards_than_student_s():
    sample = Sample([4.0] * 18 + [3.0, 1.0], bounds=(1, 4))
    (low, high), (student_low, student_high) = (interval(name, sample, 0.95) for name in ("scale_score", "student"))
    assert low < student_low
    assert high < student_high
    assert high < 4


@pytest.mark.parametrize("y", [[3.0, 3.0], [3.0], [1.0, 2.0, 9.0]])
def test_score_limits_are_student_s_where_there_is_no_scale_or_no_spread(y):
    for bounds in (None, (1, 9) if y[0] == 3.0 else None):
        sample = Sample(y, bounds=bounds)
        assert interval("scale_score", sample, 0.95) == interval("student", sample, 0.95)


@pytest.mark.parametrize("y", [[3.0], [3.0, 3.0, 3.0]])
def test_student_without_bounds_is_open_where_nothing_can_be_told(y):
    assert interval("student", Sample(y), 0.95) == (-math.inf, math.inf)


def test_student_of_one_answer_is_the_scale():
    assert interval("student", Sample([3.0], bounds=(1, 5)), 0.95) == (1, 5)


def test_student_does_not_believe_clusters_that_agree_by_chance():
    sample = Sample([1, 5, 2, 4, 3, 3], design=Design.of(6, cluster=[0, 0, 1, 1, 2, 2]))
    assert sample.std_error == 0
    # Answers about 3: squares 4 + 4 + 1 + 1 over 6, over an effective size of 6 / 1.02; Student with 2 degrees.
    half = 4.302653 * math.sqrt(10 / 36 * 1.02)
    assert interval("student", sample, 0.95) == pytest.approx((3 - half, 3 + half))


@pytest.mark.parametrize(
    ("method", "sample"), [("student", share(3, 9)), ("wilson", Sample([1, 2, 4])), ("wlison", share(3, 9))]
)
def test_a_method_that_does_not_fit_is_refused_by_name(method, sample):
    with pytest.raises(ImpactError) as fault:
        interval(method, sample, 0.95)
    assert fault.value.key == "interval_unfit"
    assert f"« {method} »" in str(fault.value)


def test_nobody_has_no_interval():
    with pytest.raises(ValueError, match="nobody"):
        interval("wilson", Sample([math.nan]), 0.95)
