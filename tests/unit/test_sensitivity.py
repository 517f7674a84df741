"""E-values, bounds for the silent and for unequal response, gaps that can be seen: published examples and laws."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from impact.contrasts import Estimated, difference
from impact.intervals import interval
from impact.sample import Design, Sample
from impact.sensitivity import (
    Asked,
    Bounds,
    as_ratio,
    detectable_mean,
    e_value,
    e_values,
    imbens_manski,
    missing_bounds,
    trimming_bounds,
)

few = settings(max_examples=60)
CLOSE = 1e-9
ANALYSES = pytest.mark.parametrize("analysis", [missing_bounds, trimming_bounds])


# VanderWeele & Ding (2017), Annals of Internal Medicine 167:268-274: formula feeding and death by respiratory
# infection, breastfeeding and leukaemia, breastfeeding and ovarian cancer; smoking and lung cancer as in the vignette
# of their package EValue (Hammond & Horn 1958).
@pytest.mark.parametrize(
    ("ratio", "low", "high", "of_estimate", "of_limit"),
    [
        (3.9, 1.8, 8.7, 7.26, 3.00),
        (0.80, 0.71, 0.91, 1.81, 1.43),
        (0.5, 0.3, 0.8, 3.41, 1.81),
        (10.73, 8.02, 14.36, 20.95, 15.52),
    ],
)
def test_e_values_as_published(ratio, low, high, of_estimate, of_limit):
    assert e_values(ratio, low, high) == pytest.approx((of_estimate, of_limit), abs=0.005)
    assert e_values(1 / ratio, 1 / high, 1 / low) == pytest.approx(e_values(ratio, low, high))


def test_an_e_value_undoes_the_bias_that_it_names():
    """VanderWeele & Ding's bounding factor, of two associations of the E-value each, is the ratio itself."""
    e = e_value(2.7)
    assert e * e / (e + e - 1) == pytest.approx(2.7)


@pytest.mark.parametrize(
    ("interval_of", "of_limit"),
    [((1.5, 0.9, 2.4), 1), ((0.7, 0.4, 1.0), 1), ((1.0, 1.0, 3.0), 1), ((0.9, 0.2, 1.7), 1)],
)
def test_where_the_interval_holds_none_nothing_is_needed_to_explain_it(interval_of, of_limit):
    assert e_values(*interval_of)[1] == of_limit


def test_over_a_share_of_nobody_an_e_value_is_infinite_and_its_limit_is_not():
    assert e_value(0) == e_value(math.inf) == math.inf
    of_estimate, of_limit = e_values(math.inf, 2.0, math.inf)
    assert (of_estimate, of_limit) == (math.inf, pytest.approx(2 + math.sqrt(2)))
    assert e_values(0.0, 0.0, 0.5) == (math.inf, pytest.approx(2 + math.sqrt(2)))


def test_a_difference_of_means_is_turned_into_a_ratio_as_vanderweele_and_ding_do():
    """exp(0.91 d), its limits exp(0.91 d -+ 1.78 se): 1.78 being 0.91 times 1.96, rounded."""
    d, error, spread = 0.5, 0.25, 4.0
    found = [as_ratio(spread * (d + way * 1.96 * error), spread) for way in (-1, 0, 1)]
    assert found == pytest.approx([math.exp(0.91 * d + way * 1.78 * error) for way in (-1, 0, 1)], rel=1e-2)
    assert found[1] == pytest.approx(math.exp(0.91 * d))
    assert (as_ratio(0.0, 0.0), as_ratio(1.0, 0.0), as_ratio(-1.0, 0.0)) == (1, math.inf, 0)
    assert as_ratio(1e6, 1e-6) == math.inf


def test_the_constant_lies_between_the_one_sided_and_the_two_sided_quantile():
    """1.645 to 1.96 at 95 % (Imbens & Manski 2004)."""
    assert imbens_manski(0, 1, 0.95) == imbens_manski(1, math.inf, 0.95) == pytest.approx(1.959964, abs=1e-6)
    assert (imbens_manski(9, 0, 0.95), imbens_manski(99, 1, 0.95)) == pytest.approx((1.644854,) * 2, abs=1e-6)
    found = [imbens_manski(width, 1, 0.95) for width in np.linspace(0, 5, 30)]
    assert found == sorted(found, reverse=True)


@pytest.mark.parametrize(
    ("spread", "sizes", "df"), [(1.0, (1, 0), 3), (1.0, (4, 4), 0), (0.0, (30, 30), 58), (math.nan, (1, 1), 1)]
)
def test_a_gap_that_nothing_tells_is_infinite(spread, sizes, df):
    assert detectable_mean(spread, sizes, df, 0.95, 0.8) == math.inf


def test_more_answers_see_a_smaller_gap():
    found = [detectable_mean(1.0, (n, n), 2 * n - 2, 0.95, 0.8) for n in (2, 5, 30, 200, 5000)]
    assert found == sorted(found, reverse=True)
    assert found[-1] == pytest.approx(2.8016 * math.sqrt(2 / 5000), rel=1e-3)  # z of 0.975 and 0.8: 1.95996 + 0.84162


def arms(
    a: tuple[float, ...], b: tuple[float, ...], kind: str = "share", bounds: tuple[float, float] | None = (0.0, 1.0)
) -> tuple[Asked, Asked]:
    y = np.array([*a, *b], dtype=float)
    design, in_a = Design.plain(y.size), np.arange(y.size) < len(a)
    return tuple(Asked(Sample(y, inside, design, kind, bounds), inside.astype(float)) for inside in (in_a, ~in_a))


def counted(yes: int, no: int, silent: int) -> tuple[float, ...]:
    return (1.0,) * yes + (0.0,) * no + (math.nan,) * silent


def test_bounds_by_hand():
    """20 of 40 asked said yes, 10 were silent: 20 to 30 of 40. 12 of 30, 3 silent: 12 to 15 of 30."""
    found = missing_bounds(*arms(counted(20, 10, 10), counted(12, 15, 3)), 0.95)
    assert found[:2] == pytest.approx((20 / 40 - 15 / 30, 30 / 40 - 12 / 30))


def test_trimming_by_hand():
    """30 of 40 and 27 of 30 answered: the second arm keeps 0.75 / 0.9 of its 27, 22.5; of its 12 yes 7.5 to 12 stay."""
    found = trimming_bounds(*arms(counted(20, 10, 10), counted(12, 15, 3)), 0.95)
    assert found[:2] == pytest.approx((20 / 30 - 12 / 22.5, 20 / 30 - 7.5 / 22.5))


@pytest.mark.parametrize("answers", [((30, 0, 0), (30, 0, 0)), ((0, 30, 0), (30, 0, 0)), ((0, 30, 0), (7, 23, 0)),
                                     ((1, 0, 0), (0, 1, 0)), ((1, 0, 0), (20, 10, 0))])  # fmt: skip
@ANALYSES
def test_nobody_silent_gives_the_difference_and_its_interval(analysis, answers):
    a, b = arms(*(counted(*one) for one in answers))
    sides = [Estimated(one.mean, one.std_error, *interval("wilson", one, 0.95)) for one in (a.answered, b.answered)]
    crude = difference(*sides)
    assert analysis(a, b, 0.95) == pytest.approx((crude.estimate, crude.estimate, crude.low, crude.high))


def test_a_scale_without_ends_has_no_bounds_where_someone_is_silent():
    numbers = arms((3.0, 4.5, 7.0), (2.0, math.nan, 5.0), "mean", None)
    assert missing_bounds(*numbers, 0.95) == (-math.inf, math.inf, -math.inf, math.inf)
    answered = arms((3.0, 4.5, 7.0), (2.0, 3.0, 5.0), "mean", None)
    found = missing_bounds(*answered, 0.95)
    assert found.low == found.high == pytest.approx(14.5 / 3 - 10 / 3)
    assert math.isfinite(found.limit_low)


def test_an_arm_in_which_nobody_answered_cannot_be_trimmed_and_still_has_bounds():
    silent = arms(counted(0, 0, 12), counted(6, 6, 0))
    assert trimming_bounds(*silent, 0.95) is None
    assert missing_bounds(*silent, 0.95)[:2] == pytest.approx((-0.5, 0.5))


@pytest.mark.parametrize(
    "answers",
    [
        ((30, 0, 3), (30, 0, 9)),
        ((0, 30, 3), (0, 30, 9)),
        ((30, 0, 3), (0, 30, 9)),
        ((1, 0, 0), (1, 0, 1)),
        ((1, 29, 0), (2, 10, 30)),
        ((29, 1, 2), (30, 0, 11)),
    ],
)
@pytest.mark.parametrize("kind", ["share", "mean"])
@ANALYSES
def test_empty_and_full_arms_have_limits_of_some_width(analysis, answers, kind):
    low, high, limit_low, limit_high = analysis(*arms(*(counted(*one) for one in answers), kind=kind), 0.95)
    assert -1 <= limit_low <= low <= high <= limit_high <= 1
    assert limit_low < limit_high
    assert limit_high - limit_low > 0.05


@st.composite
def frames(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray | None, str]:
    """Answers with silences, weights, groups, clusters or none."""
    rows = draw(st.integers(12, 40))
    kind = draw(st.sampled_from(["share", "mean"]))
    values = (0.0, 1.0, math.nan) if kind == "share" else (0.0, 0.25, 1.0, math.nan)

    def column(*choices: float) -> np.ndarray:
        return np.array(draw(st.lists(st.sampled_from(choices), min_size=rows, max_size=rows)))

    clusters = draw(st.sampled_from([None, np.arange(rows) // 2]))
    weights = column(1.0, 2.0, 3.0) if draw(st.booleans()) else np.ones(rows)
    return column(*values), weights, column(0, 1), clusters, kind


def groups(frame, times: float = 1.0, order: np.ndarray | None = None) -> tuple[Asked, Asked]:
    y, w, group, cluster, kind = frame
    order = np.arange(y.size) if order is None else order
    design = Design.of(y.size, cluster=None if cluster is None else cluster[order])
    weights = [(times * w * (group == side))[order] for side in (0, 1)]
    return tuple(Asked(Sample(y[order], one, design, kind, (0.0, 1.0)), one) for one in weights)


def bounds_of(analysis, pair: tuple[Asked, Asked], level: float = 0.95) -> Bounds:
    assume(all(one.rows.size for one in pair))
    found = analysis(*pair, level)
    assume(found is not None)
    return found


@ANALYSES
@given(frame=frames(), level=st.sampled_from([0.6, 0.95, 0.999]))
@few
def test_bounds_lie_between_their_limits_and_turn_with_the_arms(analysis, frame, level):
    pair = groups(frame)
    found = bounds_of(analysis, pair, level)
    assert not np.isnan(found).any()
    assert found.limit_low <= found.low + CLOSE
    assert found.low <= found.high + CLOSE
    assert found.high <= found.limit_high + CLOSE
    assert found.limit_low < found.limit_high
    turned = bounds_of(analysis, pair[::-1], level)
    assert turned == pytest.approx((-found.high, -found.low, -found.limit_high, -found.limit_low), abs=CLOSE)


@ANALYSES
@given(frame=frames(), data=st.data(), times=st.sampled_from([1e-3, 3.0, 1000.0]))
@few
def test_neither_the_scale_of_weights_nor_the_order_of_rows_moves_bounds(analysis, frame, data, times):
    expected = bounds_of(analysis, groups(frame))
    order = np.array(data.draw(st.permutations(range(frame[0].size))))
    assert bounds_of(analysis, groups(frame, times, order)) == pytest.approx(expected, abs=CLOSE)


@ANALYSES
@pytest.mark.parametrize("seed", range(6))
def test_a_weight_of_three_is_three_people_of_one_cluster(analysis, seed):
    generator = np.random.default_rng(seed)
    y, silent = generator.choice([0.0, 0.25, 0.5, 1.0], 60), generator.random(60)
    group, clusters, times = np.arange(60) % 2, np.arange(60) // 4, generator.integers(1, 4, 60)
    y[silent < np.where(group, 0.1, 0.4)] = np.nan
    weighted = (y, times.astype(float), group, clusters, "mean")
    repeated = (*(np.repeat(column, times) for column in (y, np.ones(60), group, clusters)), "mean")
    found, expected = (np.array(analysis(*groups(one), 0.95)) for one in (weighted, repeated))
    np.testing.assert_allclose(found, expected, rtol=CLOSE, atol=CLOSE)


@given(frame=frames())
@few
def test_what_was_answered_lies_within_the_bounds(frame):
    a, b = groups(frame)
    assume(a.answered.n and b.answered.n)
    gap = a.answered.mean - b.answered.mean
    for found in (missing_bounds(a, b, 0.95), trimming_bounds(a, b, 0.95)):
        assert found.low - CLOSE <= gap <= found.high + CLOSE
