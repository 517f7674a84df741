"""What holds of every member of the registries of numbers, whatever the answers, the weights and the design."""

import math
from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from impact.contrasts import CONTRASTS, Estimated, verdict
from impact.effects import MEASURES, Side
from impact.intervals import INTERVALS, interval
from impact.multiplicity import benjamini_hochberg, holm, max_t
from impact.sample import Design, Sample
from impact.significance import TESTS, choose, p_value

SCALE = (1.0, 5.0)
# Room for what rounding does to sums taken in another order.
CLOSE = 1e-9

few = settings(max_examples=40)
interval_methods = pytest.mark.parametrize("method", INTERVALS)
contrast_methods = pytest.mark.parametrize("contrast", CONTRASTS)
corrections = pytest.mark.parametrize("correct", [holm, benjamini_hochberg])


@dataclass(frozen=True)
class Frame:
    """Answers of a whole frame and who is in which of two groups."""

    y: np.ndarray
    w: np.ndarray
    group: np.ndarray
    stratum: np.ndarray | None
    cluster: np.ndarray | None
    kind: str

    def design(self) -> Design:
        return Design.of(self.y.size, self.stratum, self.cluster)

    def sample(self, *groups: int, design: Design | None = None) -> Sample:
        inside = np.isin(self.group, groups or (0, 1))
        bounds = SCALE if self.kind == "mean" else None
        return Sample(self.y, self.w * inside, design or self.design(), self.kind, bounds)

    def pair(self) -> tuple[Sample, Sample]:
        design = self.design()
        return self.sample(0, design=design), self.sample(1, design=design)

    def taken(self, rows: np.ndarray) -> "Frame":
        keep = {name: getattr(self, name) for name in ("y", "w", "group", "stratum", "cluster")}
        return replace(self, **{name: None if column is None else column[rows] for name, column in keep.items()})

    def twice(self) -> "Frame":
        """Every respondent and every cluster a second time."""
        doubled = self.taken(np.tile(np.arange(self.y.size), 2))
        if self.cluster is None:
            return doubled
        return replace(doubled, cluster=doubled.cluster + self.y.size * (np.arange(doubled.y.size) >= self.y.size))


@st.composite
def frames(
    draw: st.DrawFn, kind: str = "share", drawn: tuple[str, ...] = ("plain", "weighted", "strata", "clusters", "all")
) -> Frame:
    """Twelve to forty respondents in one of the designs, some without an answer."""
    rows, how = draw(st.integers(12, 40)), draw(st.sampled_from(drawn))
    answers = (0.0, 1.0, math.nan) if kind == "share" else (1.0, 2.0, 4.0, 5.0, math.nan)

    def column(*values: float) -> np.ndarray:
        return np.array(draw(st.lists(st.sampled_from(values), min_size=rows, max_size=rows)))

    weighted, clustered, stratified = how in ("weighted", "all"), how in ("clusters", "all"), how in ("strata", "all")
    return Frame(
        y=column(*answers),
        w=column(0.5, 1.0, 3.7) if weighted else np.ones(rows),
        group=column(0, 1),
        stratum=np.arange(rows) * 2 // rows if stratified else None,
        cluster=np.arange(rows) // 3 if clustered and not stratified else np.arange(rows) // 2 if clustered else None,
        kind=kind,
    )


def of_kind(method: str, **how: object) -> st.SearchStrategy[Frame]:
    return frames(INTERVALS[method].kind, **how)


def arms(a: Sample, b: Sample, level: float = 0.95) -> tuple[Estimated, Estimated, float]:
    method = "wilson" if a.kind == "share" else "student"
    estimated = [Estimated(arm.mean, arm.std_error, *interval(method, arm, level)) for arm in (a, b)]
    return estimated[0], estimated[1], a.correlation(b)


def compared(contrast: str, a: Sample, b: Sample, level: float = 0.95) -> Estimated:
    return CONTRASTS[contrast].between(*arms(a, b, level))


def contrast_kind(contrast: str) -> str:
    return "mean" if "mean" in CONTRASTS[contrast].units else "share"


def close(found: object, expected: object) -> None:
    np.testing.assert_allclose(found, expected, rtol=CLOSE, atol=CLOSE)


# Intervals


@interval_methods
@given(data=st.data(), level=st.floats(0.01, 0.999))
@few
def test_an_interval_holds_the_estimate_and_is_never_empty(method, data, level):
    sample = data.draw(of_kind(method)).sample(0)
    assume(sample.n)
    low, high = interval(method, sample, level)
    least, most = sample.bounds
    assert least <= low <= sample.mean <= high <= most
    assert low < high


@interval_methods
@given(data=st.data(), levels=st.tuples(st.floats(0.5, 0.999), st.floats(0.5, 0.999)))
@few
def test_an_interval_widens_with_the_level(method, data, levels):
    sample = data.draw(of_kind(method)).sample(0)
    assume(sample.n)
    (inner_low, inner_high), (low, high) = (interval(method, sample, level) for level in sorted(levels))
    assert low <= inner_low + CLOSE
    assert inner_high <= high + CLOSE


@interval_methods
@given(data=st.data())
@few
def test_an_interval_narrows_with_the_number_of_answers(method, data):
    frame = data.draw(of_kind(method))
    assume(frame.sample(0).n)
    (low, high), (inner_low, inner_high) = (interval(method, one.sample(0), 0.95) for one in (frame, frame.twice()))
    assert inner_high - inner_low <= high - low + CLOSE


@interval_methods
@given(data=st.data(), times=st.sampled_from([1e-3, 0.1, 3.0, 1e6]))
@few
def test_neither_the_scale_of_weights_nor_the_order_of_rows_matters(method, data, times):
    frame = data.draw(of_kind(method))
    assume(frame.sample(0).n)
    order = data.draw(st.permutations(range(frame.y.size)))
    expected = interval(method, frame.sample(0), 0.95)
    close(interval(method, replace(frame, w=frame.w * times).sample(0), 0.95), expected)
    close(interval(method, frame.taken(np.array(order)).sample(0), 0.95), expected)


@interval_methods
@given(data=st.data())
@few
def test_a_domain_of_everyone_is_no_domain(method, data):
    frame = data.draw(of_kind(method))
    domain = frame.sample(0, 1)
    everyone = Sample(frame.y, frame.w, frame.design(), frame.kind, domain.bounds)
    assume(everyone.n)
    assert (domain.n, domain.df, domain.n_eff, domain.std_error) == (
        everyone.n, everyone.df, everyone.n_eff, everyone.std_error,
    )  # fmt: skip
    assert interval(method, domain, 0.95) == interval(method, everyone, 0.95)


@interval_methods
@given(data=st.data(), answer=st.sampled_from([0.0, 1.0]), level=st.sampled_from([0.8, 0.95, 0.99]))
@few
def test_nobody_and_everybody_give_an_interval(method, data, answer, level):
    frame = data.draw(of_kind(method))
    same = replace(frame, y=np.where(np.isnan(frame.y), np.nan, answer if frame.kind == "share" else 1 + 4 * answer))
    sample = same.sample(0)
    assume(sample.n)
    low, high = interval(method, sample, level)
    assert math.isfinite(low)
    assert math.isfinite(high)
    if sample.df > 2:  # with fewer there may be nothing to say but the whole scale
        assert (low if answer else high) not in sample.bounds


@given(frame=st.sampled_from(["share", "mean"]).flatmap(frames))
@few
def test_the_answers_given_are_left_as_they_are(frame):
    before = [frame.y.copy(), frame.w.copy()]
    a, b = frame.pair()
    assume(a.n and b.n)
    arms(a, b)
    p_value(choose(a, b), a, b)
    np.testing.assert_array_equal([frame.y, frame.w], before)


# Contrasts


@contrast_methods
@given(data=st.data())
@few
def test_a_contrast_lies_between_its_limits_and_is_never_nan(contrast, data):
    a, b = data.draw(frames(contrast_kind(contrast))).pair()
    assume(a.n and b.n)
    found = compared(contrast, a, b)
    assert found.low <= found.estimate <= found.high
    assert found.low < found.high
    assert found.std_error >= 0


@contrast_methods
@given(data=st.data())
@few
def test_exchanging_the_arms_flips_or_inverts(contrast, data):
    a, b = data.draw(frames(contrast_kind(contrast))).pair()
    assume(a.n and b.n)
    neutral, (there, back) = CONTRASTS[contrast].neutral, (compared(contrast, a, b), compared(contrast, b, a))

    def turned(value: float) -> float:
        return -value if neutral == 0 else 1 / value if value else math.inf

    close([back.low, back.high], [turned(there.high), turned(there.low)])
    if a.mean or b.mean:
        close(back.estimate, turned(there.estimate))
    opposite = {"higher": "lower", "lower": "higher", "inconclusive": "inconclusive"}
    assert verdict(back.low, back.high, neutral) == opposite[verdict(there.low, there.high, neutral)]


@contrast_methods
@given(data=st.data())
@few
def test_identical_arms_differ_by_nothing(contrast, data):
    frame = data.draw(frames(contrast_kind(contrast)))
    design = frame.twice().design()
    half = np.arange(2 * frame.y.size) < frame.y.size
    both = [replace(frame.twice(), group=half != side).sample(1, design=design) for side in (0, 1)]
    assume(both[0].n)
    found = compared(contrast, *both)
    neutral = CONTRASTS[contrast].neutral
    close(found.estimate, neutral)
    assert found.low < neutral < found.high
    assert verdict(found.low, found.high, neutral) == "inconclusive"
    itself = compared(contrast, both[0], both[0])
    close(itself.estimate, neutral)
    assert itself.low - CLOSE <= neutral <= itself.high + CLOSE


# With correlated arms a limit need not move with the level: what both arms have in common may grow as fast as the arms.
@contrast_methods
@given(data=st.data(), levels=st.tuples(st.floats(0.5, 0.999), st.floats(0.5, 0.999)))
@few
def test_a_contrast_of_plain_arms_widens_with_the_level(contrast, data, levels):
    a, b = data.draw(frames(contrast_kind(contrast), drawn=("plain",))).pair()
    assume(a.n and b.n)
    inner, outer = (compared(contrast, a, b, level) for level in sorted(levels))
    assert outer.low <= inner.low + CLOSE
    assert inner.high <= outer.high or math.isclose(inner.high, outer.high, rel_tol=CLOSE)


@contrast_methods
@pytest.mark.parametrize(("yes_a", "yes_b"), [(0, 0), (0, 30), (30, 0), (30, 30), (0, 7), (7, 0), (30, 7)])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("clustered", [False, True])
def test_empty_and_full_arms_have_limits(contrast, yes_a, yes_b, weighted, clustered):
    rows = np.arange(60)
    y = np.where(rows < 30, rows < yes_a, rows - 30 < yes_b).astype(float)
    weights = 1.0 + rows % 3 if weighted else np.ones(60)
    design = Design.of(60, cluster=rows % 12 if clustered else None)
    a, b = (Sample(y, weights * inside, design, "share") for inside in (rows < 30, rows >= 30))
    found = compared(contrast, a, b)
    assert found.low < found.high
    assert math.isfinite(found.low)
    if not math.isfinite(found.high):  # over a share of 0, and over odds of 0 or from infinite ones
        assert (contrast, yes_b) == ("ratio", 0) or (contrast == "odds_ratio" and (yes_b == 0 or yes_a == 30))


# Effect sizes: the measures that are drawn from the arms themselves, not from their limits


effects = pytest.mark.parametrize("effect", sorted(MEASURES.keys() - CONTRASTS.keys()))


def sized(effect: str, a: Sample, b: Sample, level: float = 0.95) -> Estimated:
    one, other, _ = arms(a, b, level)
    return MEASURES[effect].between(Side(a, one), Side(b, other), level)


def mirrored(effect: str, value: float) -> float:
    """What a value becomes when the arms are exchanged: 0.5 stands still on the scale of chances, 0 elsewhere."""
    return 2 * MEASURES[effect].neutral - value


@effects
@given(data=st.data(), level=st.floats(0.5, 0.999))
@few
def test_an_effect_size_lies_between_its_limits_and_is_never_nan(effect, data, level):
    a, b = data.draw(frames("mean")).pair()
    assume(a.n and b.n)
    found = sized(effect, a, b, level)
    assert found.low <= found.estimate <= found.high
    assert found.low < found.high
    assert found.std_error >= 0
    if effect == "superiority":
        assert found.low >= 0
        assert found.high <= 1


@effects
@given(data=st.data())
@few
def test_exchanging_the_arms_mirrors_an_effect_size(effect, data):
    a, b = data.draw(frames("mean")).pair()
    assume(a.n and b.n)
    there, back = sized(effect, a, b), sized(effect, b, a)
    close([back.estimate, back.low, back.high], [mirrored(effect, x) for x in (there.estimate, there.high, there.low)])


@effects
@given(data=st.data(), times=st.sampled_from([1e-3, 0.1, 3.0, 1e6]))
@few
def test_an_effect_size_knows_neither_the_scale_of_weights_nor_the_order_of_rows(effect, data, times):
    frame = data.draw(frames("mean"))
    assume(frame.sample(0).n and frame.sample(1).n)
    order = np.array(data.draw(st.permutations(range(frame.y.size))))
    expected = sized(effect, *frame.pair())
    for other in (replace(frame, w=frame.w * times), frame.taken(order)):
        found = sized(effect, *other.pair())
        close([found.estimate, found.low, found.high], [expected.estimate, expected.low, expected.high])


@effects
@given(data=st.data())
@few
def test_identical_arms_have_no_effect_size(effect, data):
    frame = data.draw(frames("mean"))
    design = frame.twice().design()
    half = np.arange(2 * frame.y.size) < frame.y.size
    both = [replace(frame.twice(), group=half != side).sample(1, design=design) for side in (0, 1)]
    assume(both[0].n)
    found, neutral = sized(effect, *both), MEASURES[effect].neutral
    close(found.estimate, neutral)
    assert found.low < neutral < found.high


@effects
@pytest.mark.parametrize(("a", "b"), [(1, 1), (1, 5), (5, 1), (3, 3), (2, 4)])
@pytest.mark.parametrize("clustered", [False, True])
def test_arms_that_do_not_vary_have_limits(effect, a, b, clustered):
    rows = np.arange(60)
    design = Design.of(60, cluster=rows % 12 if clustered else None)
    one, other = (
        Sample(np.where(rows < 30, a, b), inside, design, "mean", SCALE) for inside in (rows < 30, rows >= 30)
    )
    found = sized(effect, one, other)
    assert found.low < found.high
    if effect == "superiority":
        assert found.estimate == (0.5 if a == b else float(a > b))
        assert found.high - found.low > 0.03
    elif a != b:  # so many spreads apart, or more: the scale bounds what a spread can be
        assert math.isfinite(min(abs(found.low), abs(found.high)))


# Tests and corrections


def fitting(test: str, data: st.DataObject) -> tuple[Sample, Sample]:
    """Two arms that a test is made for."""
    kind = data.draw(st.sampled_from(sorted(TESTS[test].kinds)))
    how = {"drawn": ("plain",)} if TESTS[test].plain else {}
    return data.draw(frames(kind, **how)).pair()


@pytest.mark.parametrize("test", TESTS)
@given(data=st.data())
@few
def test_p_is_a_probability_and_does_not_depend_on_the_order_of_the_arms(test, data):
    a, b = fitting(test, data)
    there, back = p_value(test, a, b), p_value(test, b, a)
    assert 0 <= there <= 1
    close(back, there)


@pytest.mark.parametrize("test", TESTS)
@given(data=st.data())
@few
def test_an_arm_against_itself_gives_one(test, data):
    a, _ = fitting(test, data)
    close(p_value(test, a, a), 1)


@given(frame=st.sampled_from(["share", "mean"]).flatmap(frames))
@few
def test_the_test_chosen_fits(frame):
    a, b = frame.pair()
    assume(a.n and b.n)
    assert 0 <= p_value(choose(a, b), a, b) <= 1


@given(
    errors=st.lists(st.floats(0.01, 10), min_size=3, max_size=3),
    p=st.lists(st.floats(1e-12, 1), min_size=3, max_size=3),
    df=st.sampled_from([1.0, 7.0, 40.0, math.inf]),
)
@few
def test_three_groups_in_one_step_cost_less_than_bonferroni_and_never_help(errors, p, df):
    contrasts = np.array([[1, 0, -1], [0, 1, -1], [1, -1, 0]])
    corrected = max_t(p, contrasts @ np.diag(errors) @ contrasts.T, df)
    assert np.all(corrected >= p)
    assert np.all(corrected <= np.minimum(1, 3 * np.array(p)) * (1 + 1e-9))
    assert np.all(np.diff(corrected[np.argsort(p, kind="stable")]) >= -CLOSE)
    close(max_t(p[::-1], contrasts[::-1] @ np.diag(errors) @ contrasts[::-1].T, df), corrected[::-1])


@corrections
@given(p=st.lists(st.floats(0, 1), max_size=12), seed=st.integers(0, 99))
@few
def test_a_correction_only_raises_p_and_keeps_its_order(correct, p, seed):
    corrected = correct(p)
    assert np.all(corrected >= np.array(p) * (1 - CLOSE))
    assert np.all(corrected <= 1)
    assert np.all(np.diff(corrected[np.argsort(p, kind="stable")]) >= 0)
    order = np.random.default_rng(seed).permutation(len(p))
    close(correct(np.array(p)[order]), corrected[order])
