"""Groups made alike: what must hold of every way of adjusting, and which comparisons are refused."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from impact.adjust import ADJUSTMENTS, weighed
from impact.adjust.arms import Outcome, weighted_mean
from impact.adjust.balance import balance, effective, quantiles
from impact.adjust.covariates import RAREST, Covariate, levels
from impact.adjust.weighting import Pair, Refused, entropy, overlap, pair_of, refuse
from impact.contrasts import CONTRASTS, Estimated
from impact.intervals import interval
from impact.sample import Design, Sample
from impact.significance import p_value

# Sums taken in another order differ by rounding, and a model fitted twice by the tightness of its fit.
CLOSE = 1e-9
SYMMETRIC = ("overlap", "ate", "doubly_robust")

adjustments = pytest.mark.parametrize("name", ADJUSTMENTS)
some = settings(max_examples=25)


def number(name, values, rarest=RAREST):
    values = np.asarray(values, dtype=float)
    return Covariate(name, values, {}, np.isnan(values), rarest)


def closed(name, answers, rarest=RAREST):
    """One answer a person, "" for none."""
    answers = np.asarray(answers)
    marks = {code: answers == code for code in sorted(set(answers) - {""})}
    return Covariate(name, None, marks, answers == "", rarest)


class Frame:
    """People in two groups that differ in age, in a question of four answers and in who answered."""

    def __init__(self, seed, people=120, design="plain", order=None, times=1.0, swapped=False):
        rng = np.random.default_rng(seed)
        age, sort = rng.normal(16, 2, people), rng.choice(["a", "b", "c"], people, p=[0.4, 0.3, 0.3])
        chance = 1 / (1 + np.exp(-(0.3 * (age - 16) + 0.7 * (sort == "b") - 0.2)))
        inside = rng.random(people) < chance
        share = (rng.random(people) < 0.15 + 0.3 * chance).astype(float)
        score = np.round(np.clip(3 + 0.3 * (age - 16) + rng.normal(size=people), 1, 5))
        age[rng.random(people) < 0.1], share[rng.random(people) < 0.08] = np.nan, np.nan
        sort[rng.random(people) < 0.12] = ""
        sort[:3] = "d"
        weight = np.exp(rng.normal(scale=0.4, size=people)) if design == "whole" else np.ones(people)
        cluster = rng.integers(0, people // 5, people)
        rows = np.arange(people) if order is None else order
        self.age, self.sort, self.share, self.score = age[rows], sort[rows], share[rows], score[rows]
        self.inside, self.weight = (inside ^ swapped)[rows], weight[rows] * times
        clustered = design in ("clustered", "whole")
        stratum = (cluster % 2)[rows] if design == "whole" else None
        self.design = Design.of(people, stratum, cluster[rows] if clustered else None)
        self.covariates = (number("age", self.age), closed("sort", self.sort))

    def pair(self, *covariates):
        weights = np.where(self.inside, self.weight, 0.0), np.where(self.inside, 0.0, self.weight)
        return pair_of(covariates or self.covariates, weights, self.design)

    def outcome(self, kind):
        return Outcome(self.share, "share") if kind == "share" else Outcome(self.score, "mean", (1.0, 5.0))

    def arms(self, name, kind, *covariates):
        pair = self.pair(*covariates)
        return arms(pair, name, self.outcome(kind))


def arms(pair: Pair, name: str, outcome: Outcome):
    adjustment = ADJUSTMENTS[name]
    weighting = adjustment.weigh(pair)
    return [adjustment.arm(pair, weighting, outcome, inside) for inside in (True, False)]


def figures(arm):
    return [arm.mean, arm.std_error, arm.n_eff, *interval("wilson" if arm.kind == "share" else "student", arm, 0.95)]


def close(found, expected):
    np.testing.assert_allclose(found, expected, rtol=CLOSE, atol=CLOSE)


def estimable(frame):
    """Whether chance left no level to one group alone, nor means out of reach: what is refused has its own tests."""
    try:
        return [adjustment.weigh(frame.pair()) for adjustment in ADJUSTMENTS.values()]
    except Refused:
        return False


designs = st.sampled_from(["plain", "clustered", "whole"])
frames = st.builds(Frame, st.integers(0, 10**6), st.integers(80, 160), designs).filter(estimable)
kinds = st.sampled_from(["share", "mean"])


# What the weights do


@given(frame=frames)
@some
def test_overlap_weights_make_every_mean_of_the_model_alike(frame):
    """Li, Morgan & Zaslavsky (2018, theorem 3): under a logistic propensity the differences of means are exactly 0."""
    pair = frame.pair()
    weights = overlap(pair).weights
    for term in pair.terms:
        means = [np.average(term.values[side], weights=weights[side]) for side in (pair.inside, ~pair.inside)]
        close(means[0], means[1])


@given(frame=frames)
@some
def test_entropy_weights_give_the_second_group_the_means_of_the_first(frame):
    """Hainmueller (2012): the constraints hold exactly, and the first group keeps its own weights."""
    pair = frame.pair()
    weights = entropy(pair).weights
    close(weights[pair.inside], pair.weight[pair.inside])
    for term in pair.terms:
        target = np.average(term.values[pair.inside], weights=pair.weight[pair.inside])
        close(np.average(term.values[~pair.inside], weights=weights[~pair.inside]), target)


@adjustments
@given(frame=frames, kind=kinds)
@some
def test_covariates_that_do_not_vary_change_nothing(name, frame, kind):
    constant = closed("one", np.full(frame.age.size, "a")), number("same", np.full(frame.age.size, 16.0))
    for side, arm in zip((True, False), frame.arms(name, kind, *constant), strict=True):
        outcome, w = frame.outcome(kind), np.where(frame.inside == side, frame.weight, 0.0)
        crude = Sample(outcome.y, w, frame.design, outcome.kind, outcome.bounds)
        close([arm.mean, arm.std_error, arm.df, arm.n], [crude.mean, crude.std_error, crude.df, crude.n])


@adjustments
def test_groups_that_are_alike_already_keep_their_means(name):
    """Each of four kinds of people as often in either group."""
    kind = np.tile(np.repeat(["a", "b", "c", "d"], 10), 2)
    frame = Frame(1, 80)
    frame.inside = np.arange(80) < 40
    found = frame.arms(name, "mean", closed("kind", kind))
    close([arm.mean for arm in found], [frame.score[:40].mean(), frame.score[40:].mean()])


@pytest.mark.parametrize("name", SYMMETRIC)
@given(seed=st.integers(0, 10**6), design=st.sampled_from(["plain", "whole"]), kind=kinds)
@some
def test_exchanging_the_groups_exchanges_the_arms(name, seed, design, kind):
    assume(estimable(Frame(seed, design=design)))
    there, back = (Frame(seed, design=design, swapped=swapped).arms(name, kind) for swapped in (False, True))
    close(figures(back[0]), figures(there[1]))
    close(figures(back[1]), figures(there[0]))
    close(back[0].correlation(back[1]), there[0].correlation(there[1]))


@adjustments
@given(seed=st.integers(0, 10**6), times=st.sampled_from([1e-3, 3.0, 1e6]), kind=kinds)
@some
def test_neither_the_scale_of_weights_nor_the_order_of_rows_matters(name, seed, times, kind):
    assume(estimable(Frame(seed, design="whole")))
    order = np.random.default_rng(seed).permutation(120)
    expected = Frame(seed, design="whole").arms(name, kind)
    found = Frame(seed, design="whole", order=order, times=times).arms(name, kind)
    for one, other in zip(found, expected, strict=True):
        close(figures(one), figures(other))


@adjustments
@given(frame=frames, kind=kinds)
@some
def test_an_arm_is_finite_and_its_interval_holds_it(name, frame, kind):
    for arm in frame.arms(name, kind):
        mean, std_error, n_eff, low, high = figures(arm)
        assert arm.bounds[0] <= low <= mean <= high <= arm.bounds[1]
        assert low < high
        assert 0 < n_eff <= arm.n
        assert std_error >= 0


@adjustments
@pytest.mark.parametrize(("yes_a", "yes_b"), [(0, 20), (20, 0), (0, 0), (30, 30), (30, 0), (1, 30)])
@pytest.mark.parametrize("kind", ["share", "mean"])
@pytest.mark.parametrize("design", ["plain", "weighted", "clustered"])
def test_empty_and_full_arms_have_limits(name, yes_a, yes_b, kind, design):
    rows = np.arange(60)
    inside = rows < 30
    y = np.where(inside, rows < yes_a, rows - 30 < yes_b).astype(float)
    weight = 1.0 + rows % 3 if design == "weighted" else np.ones(60)
    drawn = Design.of(60, cluster=rows % 12 if design == "clustered" else None)
    covariates = closed("sort", np.where((rows * 7 + inside) % 5 < 2, "a", "b")), number("age", (rows * 11) % 17)
    pair = pair_of(covariates, (weight * inside, weight * ~inside), drawn)
    a, b = arms(pair, name, Outcome(y, kind, (0.0, 1.0)))
    method = "wilson" if kind == "share" else "student"
    estimated = [Estimated(arm.mean, arm.std_error, *interval(method, arm, 0.95)) for arm in (a, b)]
    for contrast in CONTRASTS.values() if kind == "share" else [CONTRASTS["difference"]]:
        found = contrast.between(*estimated, a.correlation(b))
        assert found.low < found.high
        assert math.isfinite(found.low)
        assert not math.isnan(found.high)
    assert 0 <= p_value("design_t", a, b) <= 1


def test_a_model_of_few_yes_that_the_covariates_tell_apart_has_an_estimate():
    """Nobody but five of the boys of one group said yes: unheld, the slope of that answer would have no end."""
    rows = np.arange(80)
    inside, boy = rows < 40, rows % 2 == 0
    y = (inside & boy & (rows < 10)) | (~inside & (rows < 60))
    pair = pair_of((closed("sex", np.where(boy, "boy", "girl")),), (inside * 1.0, ~inside * 1.0), Design.plain(80))
    arm, _ = arms(pair, "doubly_robust", Outcome(y.astype(float), "share"))
    assert arm.mean == pytest.approx(5 / 40, abs=1e-9)  # as many boys in either group: nothing to correct
    assert 0 < arm.std_error < 0.1


def test_answers_that_nobody_gave_leave_an_arm_of_nobody():
    frame = Frame(3)
    frame.share[frame.inside] = np.nan
    for name in ADJUSTMENTS:
        assert frame.arms(name, "share")[0].n == 0


# What the columns are


def test_nobody_is_dropped_and_who_did_not_answer_is_a_level():
    frame = Frame(5)
    pair = frame.pair()
    assert pair.rows.size == frame.age.size
    named = [(term.covariate, term.category) for term in pair.terms]
    assert ("age", "missing") in named
    assert ("sort", "missing") in named
    assert ("sort", "d") not in named  # fewer than five people
    filled = pair.terms[named.index(("age", ""))].values
    close(filled[np.isnan(frame.age)], 0.0)
    known = filled[~np.isnan(frame.age)]
    close(known, (frame.age[~np.isnan(frame.age)] - np.nanmean(frame.age)) / np.nanstd(frame.age))


def test_who_did_not_answer_is_no_level_where_one_group_answered_whole():
    """Nobody of the other group could be weighed to match them: they stand with the most common answer, at the mean."""
    frame = Frame(5)
    covariates = (
        number("age", np.where(frame.inside & (np.arange(120) % 3 == 0), np.nan, 16 + np.arange(120) % 5)),
        closed(
            "sort", np.where(~frame.inside & (np.arange(120) % 3 == 0), "", np.where(np.arange(120) % 7 < 3, "a", "b"))
        ),
    )
    named = [(term.covariate, term.category) for term in frame.pair(*covariates).terms]
    assert named == [("age", ""), ("sort", "a")]


def test_a_choice_that_is_called_missing_stands_with_who_did_not_answer():
    answers = np.repeat(["a", "b", "missing", ""], 20)
    inside = np.arange(80) % 2 == 0
    covariates = (closed("sort", answers),)
    pair = pair_of(covariates, (inside * 1.0, ~inside * 1.0), Design.plain(80))
    assert [term.category for term in pair.terms] == ["a", "b"]
    assert [line.means for line in balance(covariates, pair, pair.weight)] == [(0.25, 0.25), (0.25, 0.25), (0.5, 0.5)]


@given(
    seed=st.integers(0, 10**6), people=st.integers(20, 200), rarest=st.integers(RAREST, 12), several=st.booleans(),
    lean=st.floats(0, 1),
)  # fmt: skip
@settings(max_examples=150)
def test_what_is_balanced_and_shown_is_of_enough_people_of_each_group(seed, people, rarest, several, lean):
    """The columns are the rows but the base; of exclusive answers, everyone is in one row, and in one row only."""
    rng = np.random.default_rng(seed)
    inside = rng.random(people) < rng.uniform(0.2, 0.8)
    chances = rng.dirichlet(np.full(6, 0.5))
    answers = rng.choice(["a", "b", "c", "d", "e", ""], people, p=chances)
    answers[inside & (rng.random(people) < 0.3 * lean)] = "e"
    covariate = closed("sort", answers, rarest)
    if several:
        covariate = covariate._replace(marks={**covariate.marks, "z": (answers != "") & (rng.random(people) < lean)})
    pair = pair_of((covariate,), (inside * 1.0, ~inside * 1.0), Design.plain(people))
    lines = list(balance((covariate,), pair, pair.weight))
    counts = np.array([[mean * size for mean, size in zip(line.means, line.n, strict=True)] for line in lines])
    sizes = [inside.sum(), (~inside).sum()]
    base, marks, _ = levels(covariate, pair.rows, pair.inside)
    assert [line.category for line in lines] == list(marks)
    assert {term.category for term in pair.terms} <= set(marks) - {base}
    whole = [line.category for line in lines if line.means == (1.0, 1.0)]
    for line, count in zip(lines, counts, strict=True):
        if line.category not in whole:
            assert count.min() > rarest - 0.5
            assert (sizes - count).min() > rarest - 0.5
    if base:
        np.testing.assert_allclose(counts.sum(axis=0), sizes)
        assert len(pair.terms) == len(lines) - 1


def test_a_choice_that_nobody_gave_changes_nothing():
    frame = Frame(5)
    age, sort = frame.covariates
    more = sort._replace(marks={"nobody": np.zeros(120, dtype=bool), **sort.marks})
    before, after = frame.pair(age, sort), frame.pair(age, more)
    np.testing.assert_array_equal(before.x, after.x)
    assert list(balance((age, sort), before, before.weight)) == list(balance((age, more), after, after.weight))


def test_rare_answers_stand_with_the_most_common_of_the_frame_whatever_the_pair():
    """Else one group beside two others would tell by its two bases what had joined them. Three groups of 60 people:
    `a` is the most common of all, `b` of the last two, and one of the second said `x`."""
    rows = np.arange(180)
    group = rows // 60
    sort = np.where(rows % 60 < np.array([55, 28, 10])[group], "a", "b")
    sort[119] = "x"
    covariate = closed("sort", sort)
    for first, second, said in ((0, 1, (55, 29)), (1, 2, (29, 10))):
        pair = pair_of((covariate,), ((group == first) * 1.0, (group == second) * 1.0), Design.plain(180))
        found = {line.category: line.means for line in balance((covariate,), pair, pair.weight)}
        assert list(found) == ["a+rare", "b"]
        assert found["a+rare"] == pytest.approx((said[0] / 60, said[1] / 60))


def test_what_other_columns_already_say_is_left_out():
    """Two questions that the same people skipped, and one asked twice in other words."""
    frame = Frame(6)
    frame.sort[::8] = ""
    sort = closed("sort", frame.sort)
    other = np.where(frame.sort == "", "", np.where(frame.age > 16, "x", "y"))
    again = closed("again", frame.sort)
    named = [(term.covariate, term.category) for term in frame.pair(sort, closed("o", other), again).terms]
    assert ("sort", "missing") in named
    assert ("o", "missing") not in named
    assert "again" not in [covariate for covariate, _ in named]


def test_an_option_of_several_is_a_column_whatever_the_others_are():
    rows = np.arange(40)
    marks = {"a": rows % 2 == 0, "b": rows % 4 < 2, "c": rows < 3, "d": rows > 3}
    several = Covariate("why", None, marks, rows >= 24)
    pair = pair_of((several,), ((rows % 3 == 0) * 1.0, (rows % 3 > 0) * 1.0), Design.plain(40))
    assert [term.category for term in pair.terms] == ["a", "b", "missing"]
    assert [line.category for line in balance((several,), pair, pair.weight)] == ["a", "b", "missing"]


# What is refused


def refused(pair, name="overlap", least=5.0):
    with pytest.raises(Refused) as caught:
        weighed(name, pair, least)
    return caught.value.reason


def test_too_few_people_for_the_covariates_are_refused():
    frame = Frame(7)
    pair = frame.pair()
    smaller = min(pair.size(inside=True), pair.size(inside=False))
    refuse(pair, smaller / len(pair.terms))
    assert refused(pair, least=smaller / len(pair.terms) + 1e-6) == "few_people"


@adjustments
@pytest.mark.parametrize("others", [0, 4])
def test_a_level_that_many_of_one_group_and_few_of_the_other_have_is_refused(name, others):
    """What joins the most common answer is balanced no more: of many, it would set the groups apart unseen."""
    frame = Frame(8)
    alone = np.where(frame.inside & (np.arange(120) % 3 == 0), "only", "both")
    alone[np.flatnonzero(~frame.inside)[:others]] = "only"
    assert refused(frame.pair(closed("place", alone)), name) == "answer_apart"


@pytest.mark.parametrize(("first", "others", "apart"), [(10, 4, False), (11, 4, True), (11, 5, False), (4, 0, False)])
def test_a_level_sets_two_groups_apart_by_more_than_a_tenth(first, others, apart):
    """Of 60 people each: (10 - 4) / 60 is a tenth. Where both have enough it is balanced; where neither, it is rare."""
    rows = np.arange(120)
    inside = rows < 60
    sort = np.where((rows % 60) < np.where(inside, first, others), "x", "y")
    pair = pair_of((closed("sort", sort),), (inside * 1.0, ~inside * 1.0), Design.plain(120))
    assert pair.apart == apart


@pytest.mark.parametrize("name", [name for name in ADJUSTMENTS if name != "entropy"])
def test_a_number_that_tells_the_group_is_refused(name):
    frame = Frame(8)
    far = number("far", np.where(frame.inside, 1.0, -1.0) * (1 + frame.score))
    assert refused(frame.pair(far), name) == "separated"


def test_means_that_no_weights_reach_are_refused():
    frame = Frame(9)
    beyond = number("beyond", np.where(frame.inside, 10.0, 0.0) + frame.score)
    assert refused(frame.pair(beyond), "entropy") == "unbalanced"


def test_a_pair_in_one_cluster_is_refused():
    rows = np.arange(80)
    first, second = (rows < 20) * 1.0, ((rows >= 20) & (rows < 40)) * 1.0
    pair = pair_of((closed("sort", np.where(rows % 2, "a", "b")),), (first, second), Design.of(80, cluster=rows // 40))
    assert refused(pair) == "one_cluster"


# How alike they are


def test_standardised_differences_and_ratios_by_hand():
    age = np.array([10.0, 12.0, 14.0, 11.0, 11.0, 17.0])
    sort = np.array(["a", "a", "b", "a", "b", ""])
    inside = np.arange(6) < 3
    covariates = number("age", age), closed("sort", sort, rarest=0)
    pair = pair_of(covariates, (inside * 1.0, ~inside * 1.0), Design.plain(6))
    found = {(one.covariate, one.category): one for one in balance(covariates, pair, pair.weight)}
    one = found["age", ""]
    assert one.means == pytest.approx((12, 13))
    assert one.difference == pytest.approx(-1 / math.sqrt((4 + 12) / 2))
    assert one.ratio == pytest.approx(4 / 12)
    two = found["sort", "a"]
    assert two.means == pytest.approx((2 / 3, 1 / 3))
    assert two.difference == pytest.approx((1 / 3) / math.sqrt(2 / 9))
    assert math.isnan(two.ratio)
    assert found["sort", "missing"].means == pytest.approx((0, 1 / 3))
    assert one.n == two.n == (3, 3)


def test_the_means_of_a_number_are_those_of_who_answered():
    age = np.array([10.0, np.nan, 14.0, 11.0, 13.0, 18.0])
    inside = np.arange(6) < 3
    covariates = (number("age", age, rarest=0),)
    pair = pair_of(covariates, (inside * 1.0, ~inside * 1.0), Design.plain(6))
    one, missing = balance(covariates, pair, pair.weight)
    assert (one.n, one.means) == ((2, 3), pytest.approx((12, 14)))
    assert (missing.n, missing.means) == ((3, 3), pytest.approx((1 / 3, 0)))


def test_a_category_of_one_whole_group_and_of_nobody_else_differs_without_end():
    sort = np.array(["a"] * 6 + ["b"] * 6)
    inside = np.arange(12) < 6
    covariates = (closed("sort", sort, rarest=0),)
    pair = pair_of(covariates, (inside * 1.0, ~inside * 1.0), Design.plain(12))
    found = {one.category: one.difference for one in balance(covariates, pair, pair.weight)}
    assert (found["a"], found["b"]) == (math.inf, -math.inf)


@given(frame=frames)
@some
def test_weights_leave_at_most_the_people_they_weigh(frame):
    pair = frame.pair()
    for adjustment in ADJUSTMENTS.values():
        left = effective(pair, adjustment.weigh(pair).weights)
        assert 1 <= left[0] <= pair.size(inside=True) + CLOSE
        assert 1 <= left[1] <= pair.size(inside=False) + CLOSE


@given(frame=frames)
@some
def test_quantiles_of_the_propensity_rise_and_are_chances(frame):
    pair = frame.pair()
    for inside in (True, False):
        found = quantiles(pair, inside)
        assert np.all(np.diff(found) >= 0)
        assert 0 < found[0] <= found[-1] < 1


@given(frame=frames)
@some
def test_the_answers_given_are_left_as_they_are(frame):
    before = [frame.age.copy(), frame.share.copy(), frame.weight.copy()]
    pair = frame.pair()
    weighted_mean(pair, overlap(pair), frame.outcome("share"), inside=True)
    assert list(balance(frame.covariates, pair, overlap(pair).weights))
    np.testing.assert_array_equal([frame.age, frame.share, frame.weight], before)


def test_entropy_balancing_asks_no_propensity():
    """One person of the first group is so far that they are in it for sure; its mean is in reach all the same."""
    rows = np.arange(120)
    inside = rows < 60
    far = np.where(rows == 0, 150.0, rows % 11 + 2.0 * inside)
    pair = pair_of((number("far", far),), (inside * 1.0, ~inside * 1.0), Design.plain(120))
    assert refused(pair, "att") == "separated"
    weights = entropy(pair).weights
    close(np.average(far[~inside], weights=weights[~inside]), far[inside].mean())


@pytest.fixture
def resting_on_one():
    """Two groups that hardly meet but for one person, whose answer the weights would make the group's."""
    rng = np.random.default_rng(2)
    lean = rng.normal(size=200)
    inside = rng.random(200) < 1 / (1 + np.exp(-4 * lean))
    inside[lean.argmax()] = False
    pair = pair_of((number("lean", lean),), (inside * 1.0, ~inside * 1.0), Design.plain(200))
    return pair, (rng.random(200) < 0.8).astype(float)


@pytest.mark.parametrize("name", ["att", "ate", "entropy", "doubly_robust"])
def test_weights_that_rest_on_few_people_are_refused(name, resting_on_one):
    pair, _ = resting_on_one
    assert min(effective(pair, ADJUSTMENTS[name].weigh(pair).weights)) < 10
    assert refused(pair, name) == "few_left"


@pytest.mark.parametrize("name", ["att", "ate", "entropy", "doubly_robust"])
def test_few_people_of_great_weight_who_answer_alike_do_not_count_as_many(name, resting_on_one):
    pair, y = resting_on_one
    _, arm = arms(pair, name, Outcome(y, "share"))
    assert arm.n_eff <= effective(pair, ADJUSTMENTS[name].weigh(pair).weights)[1]
    low, high = interval("wilson", arm, 0.95)
    assert high - low > 0.3
