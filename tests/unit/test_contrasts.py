"""Differences, ratios, verdicts and detectable gaps by hand; published tables stand in tests/oracle."""

import math

import numpy as np
import pytest

from impact.contrasts import Estimated, cohen_h, detectable, difference, named, ratio, verdict
from impact.intervals import interval
from impact.model import VERDICTS
from impact.sample import Sample


def arm(sample: Sample) -> Estimated:
    return Estimated(sample.mean, sample.std_error, *interval("wilson", sample, 0.95))


def share(yes: int, n: int) -> Estimated:
    return arm(Sample(np.arange(n) < yes))


def limits(found: Estimated) -> tuple[float, float]:
    return found.low, found.high


def test_what_the_published_absences_of_2022_can_bear():
    # 6 % of 163 mentored against 19 % of 174 others, if everyone answered: Newcombe's limits, and a ratio's limits as
    # another method finds them for these counts, to a tenth of a point and within a hundredth.
    found = difference(share(10, 163), share(33, 174))
    assert (found.estimate, *limits(found)) == pytest.approx((-0.128, -0.199, -0.058), abs=5e-4)
    assert verdict(*limits(found), 0) == "lower"
    times = ratio(share(10, 163), share(33, 174))
    assert (times.estimate, *limits(times)) == pytest.approx((0.32, 0.16, 0.63), abs=0.01)


@pytest.mark.parametrize(
    ("a", "b", "estimate", "high"),
    [((7, 30), (0, 30), math.inf, math.inf), ((0, 30), (0, 30), 1, math.inf), ((0, 30), (7, 30), 0, None)],
)
def test_ratios_at_zero_cells_are_finite_or_honestly_infinite(a, b, estimate, high):
    found = ratio(share(*a), share(*b))
    assert found.estimate == estimate
    assert found.high == high if high else math.isfinite(found.high)
    assert found.low > 0 if estimate == math.inf else found.low == 0
    assert math.isinf(found.std_error) is (b[0] == 0)


def test_a_ratio_over_a_share_of_zero_by_hand():
    # P = 0, so L = sqrt(la (2a - la)) / ub, with Wilson's la of 7/30 and ub of 0/30.
    a, b = share(7, 30), share(0, 30)
    assert ratio(a, b).low == pytest.approx(math.sqrt(a.low * (2 * a.estimate - a.low)) / b.high)


@pytest.mark.parametrize("correlation", [-0.9, 0.0, 0.9, 1.0])
def test_a_ratio_is_where_the_difference_of_the_arms_touches_zero(correlation):
    # Wide arms, for which a b < correlation (a - la)(ub - b): both forms of the root are taken.
    a, b = Estimated(0.2, 0.1, 0.001, 0.9), Estimated(0.02, 0.1, 0.001, 0.7)
    low, high = limits(ratio(a, b, correlation))

    def scaled(times: float) -> Estimated:
        return Estimated(*(times * value for value in (b.estimate, b.std_error, b.low, b.high)))

    assert difference(a, scaled(low), correlation).low == pytest.approx(0, abs=1e-9)
    assert difference(a, scaled(high), correlation).high == pytest.approx(0, abs=1e-6)


def test_unknown_errors_stay_unknown():
    known, unknown = Estimated(3.0, 0.1, 2.8, 3.2), Estimated(3.0, math.inf, -math.inf, math.inf)
    assert difference(known, unknown, 0.5) == Estimated(0.0, math.inf, -math.inf, math.inf)


def test_the_error_of_a_difference_counts_what_the_arms_share():
    # 0.03^2 + 0.04^2 = 0.05^2; with correlation 1 it is 0.01
    a, b = Estimated(0.5, 0.03, 0.44, 0.56), Estimated(0.4, 0.04, 0.32, 0.48)
    assert difference(a, b).std_error == pytest.approx(0.05)
    assert difference(a, b, 1.0).std_error == pytest.approx(0.01)


@pytest.mark.parametrize(
    ("low", "high", "neutral", "gap", "expected"),
    [
        (0.01, 0.2, 0, None, "higher"),
        (-0.2, -0.01, 0, None, "lower"),
        (-0.01, 0.2, 0, None, "inconclusive"),
        (0.0, 0.2, 0, None, "inconclusive"),
        (1.2, 3, 1, None, "higher"),
        (0.2, math.inf, 1, None, "inconclusive"),
        (-0.02, 0.04, 0, 0.05, "equivalent"),
        (0.01, 0.04, 0, 0.05, "equivalent"),
        (-0.02, 0.05, 0, 0.05, "inconclusive"),
        (0.01, 0.06, 0, 0.05, "higher"),
    ],
)
def test_the_verdict_is_read_off_the_interval(low, high, neutral, gap, expected):
    assert verdict(low, high, neutral, gap) == expected
    assert expected in VERDICTS


def test_cohen_h_as_cohen_prints_it():
    # Cohen (1988), table 6.2.2: phi(0.50) = 1.571, phi(0.40) = 1.369
    assert cohen_h(0.5, 0.4) == pytest.approx(1.571 - 1.369, abs=1e-3)
    assert cohen_h(1, 0) == pytest.approx(math.pi)


@pytest.mark.parametrize(("n_a", "n_b", "points"), [(60, 103, 23), (30, 103, 29), (150, 190, 16)])
def test_the_detectable_gap_in_whole_points(n_a, n_b, points):
    # The smallest whole number of points with 80 % power, from 40 %: known beforehand for these sizes.
    assert math.ceil(100 * detectable(0.4, n_a, n_b, 0.95)) == points


def test_the_detectable_gap_looks_towards_one_half_and_may_not_exist():
    assert detectable(0.9, 50, 60, 0.95) == pytest.approx(detectable(0.1, 50, 60, 0.95))
    assert detectable(0.4, 2, 2, 0.95) == math.inf
    assert detectable(0.4, 0, 50, 0.95) == math.inf


def test_names_of_the_limits():
    assert named("difference", "wilson", plain=True) == "newcombe"
    assert named("difference", "wilson", plain=False) == "mover_wilson"
    assert named("ratio", "wilson", plain=True) == "mover_wilson"
