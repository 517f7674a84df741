"""Samples: what counts, what the standard error is made of, and what is refused."""

import math

import numpy as np
import pytest

from impact.errors import ImpactError
from impact.sample import Design, Sample

NAN = math.nan


def test_only_answers_inside_the_group_count():
    sample = Sample([1, 0, NAN, 1, 0], [2, 2, 2, 0, 2])
    assert sample.n == 3
    assert sample.mean == 1 / 3
    assert sample.rows.tolist() == [0, 1, 4]


def test_a_weighted_mean_and_its_spread():
    sample = Sample([1, 2, 4], [1, 2, 1])
    assert sample.mean == (1 + 4 + 4) / 4
    assert sample.spread == pytest.approx((1.25**2 + 2 * 0.25**2 + 1.75**2) / 4)


def test_the_error_of_a_plain_mean_is_the_textbook_one():
    # 2, 4, 9: mean 5, squares 9 + 1 + 16 = 26, variance 26 / 2, error sqrt(13 / 3)
    sample = Sample([2, 4, 9])
    assert sample.std_error == pytest.approx(math.sqrt(13 / 3))
    assert sample.df == 2


def test_the_error_of_a_domain_counts_the_whole_frame():
    # Scores (1 - 1/2) / 2 and (0 - 1/2) / 2 in a frame of 4 rows: 4/3 (1/16 + 1/16) = 1/6
    sample = Sample([1, 0, 5, 5], [1, 1, 0, 0])
    assert sample.std_error == pytest.approx(math.sqrt(1 / 6))
    assert sample.df == 1


def test_the_error_under_clusters_by_hand():
    # Clusters {1, 1}, {0, 1}, {0, 0}, mean 1/2: totals of scores 1/6, 0, -1/6, so 3/2 (1/36 + 1/36) = 1/12
    sample = Sample([1, 1, 0, 1, 0, 0], design=Design.of(6, cluster=["x", "x", "y", "y", "z", "z"]))
    assert sample.std_error == pytest.approx(math.sqrt(1 / 12))
    assert sample.df == 2
    # p (1 - p) / error^2 = 1/4 * 12
    assert sample.n_eff == pytest.approx(3)


def test_the_error_under_strata_sets_each_stratum_off_against_itself():
    # Strata (1, 3) and (10, 14): scores about 7, over 4: -6/4, -4/4 and 3/4, 7/4; centred -1/4, 1/4 and -1/2, 1/2.
    # 2/1 (1/16 + 1/16) + 2/1 (1/4 + 1/4) = 5/4
    sample = Sample([1, 3, 10, 14], design=Design.of(4, stratum=[1, 1, 2, 2]))
    assert sample.std_error == pytest.approx(math.sqrt(5 / 4))
    assert sample.df == 2


def test_clusters_named_alike_in_two_strata_are_two():
    design = Design.of(8, stratum=[1, 1, 1, 1, 2, 2, 2, 2], cluster=[1, 1, 2, 2, 1, 1, 2, 2])
    assert design.sizes.tolist() == [2, 2]
    assert Sample(np.arange(8.0), design=design).df == 2


def test_degrees_of_freedom_count_what_holds_members():
    design = Design.of(12, stratum=np.arange(12) // 6, cluster=np.arange(12) // 2)
    only_the_first_stratum = Sample(np.arange(12.0), np.arange(12) < 6, design)
    assert only_the_first_stratum.df == 3 - 1
    assert design.df(np.array([0]), np.array([6, 7])) == 2 - 2


@pytest.mark.parametrize(
    ("y", "w", "n_eff"),
    [
        ([1, 0, 0, 1], None, 4),
        ([1, 0, 0, 1], [3, 3, 3, 3], 4),
        ([1, 1, 1, 1], [1, 1, 1, 1], 4),
        ([1, 1, 1], [1, 2, 3], 36 / 14),  # Kish: 6^2 / (1 + 4 + 9)
        ([1, 0, NAN], [0, 0, 1], 0),
    ],
)
def test_the_effective_size(y, w, n_eff):
    assert Sample(y, w).n_eff == pytest.approx(n_eff)


def test_the_effective_size_is_at_most_what_clusters_leave():
    # Each cluster holds one yes and one no: their totals agree, and the error is 0. Pairs alike by 0.02 leave 1 / 1.02.
    balanced = Sample([1, 0, 1, 0, 1, 0], design=Design.of(6, cluster=[0, 0, 1, 1, 2, 2]))
    assert balanced.std_error == 0
    assert balanced.n_eff == pytest.approx(6 / 1.02)
    # Strata that hold the same answer each tell more than 6 answers drawn anywhere.
    assert Sample([1, 1, 1, 0, 0, 1], design=Design.of(6, stratum=[1, 1, 1, 2, 2, 2])).n_eff <= 6


@pytest.mark.parametrize(
    ("w", "design", "plain"),
    [
        (None, None, True),
        ([2, 2, 0, 2], None, True),
        ([1, 2, 1, 1], None, False),
        (None, Design.of(4, cluster=[0, 0, 1, 1]), False),
        (None, Design.of(4, stratum=[0, 0, 1, 1]), False),
    ],
)
def test_what_is_plain(w, design, plain):
    assert Sample([1, 0, 1, 0], w, design).plain is plain


@pytest.mark.parametrize(("y", "w"), [([], None), ([NAN, NAN], None), ([1, 0], [0, 0])])
def test_a_group_without_answers_is_a_sample(y, w):
    sample = Sample(y, w)
    assert (sample.n, sample.df, sample.n_eff, sample.spread) == (0, 0, 0, 0)
    assert math.isnan(sample.mean)
    assert math.isinf(sample.std_error)


def test_one_answer_has_an_error_nobody_knows():
    sample = Sample([NAN, 1, NAN])
    assert (sample.n, sample.mean, sample.df) == (1, 1, 0)
    assert math.isinf(sample.std_error)


def test_members_of_one_cluster_have_an_error_nobody_knows():
    sample = Sample([1, 0, 1, 0], [1, 1, 0, 0], Design.of(4, cluster=[0, 0, 1, 1]))
    assert sample.df == 0
    assert math.isinf(sample.std_error)


def test_equal_answers_have_no_error_whatever_they_are():
    sample = Sample([3.3] * 30, np.linspace(0.1, 2.7, 30))
    assert (sample.mean, sample.std_error, sample.spread) == (3.3, 0, 0)


@pytest.mark.parametrize(("y", "kind"), [([0, 1, NAN], "share"), ([1, 1], "share"), ([1, 2], "mean"), ([0.5], "mean")])
def test_the_kind_follows_the_answers_unless_it_is_told(y, kind):
    assert Sample(y).kind == kind
    assert Sample(y, kind="mean").kind == "mean"


def test_groups_that_share_clusters_vary_together():
    # Clusters of two, one member in each group, who answer alike: both means are the same number.
    y, in_a = np.repeat([1.0, 0.0, 1.0, 1.0, 0.0], 2), np.tile([True, False], 5)
    design = Design.of(10, cluster=np.repeat(np.arange(5), 2))
    a, b = Sample(y, in_a, design), Sample(y, ~in_a, design)
    assert a.covariance(b) == pytest.approx(a.std_error**2)
    assert a.correlation(b) == pytest.approx(1)
    assert a.correlation(b) <= 1


def test_covariance_is_what_the_error_of_the_difference_of_scores_says():
    rng = np.random.default_rng(11)
    design = Design.of(60, stratum=np.arange(60) // 30, cluster=np.arange(60) // 4)
    y, group, w = rng.integers(0, 5, 60).astype(float), rng.integers(0, 2, 60), rng.uniform(0.5, 2, 60)
    a, b = (Sample(y, w * (group == one), design) for one in (0, 1))
    apart = float(((a.influence - b.influence) ** 2).sum())
    assert a.covariance(b) == pytest.approx((a.std_error**2 + b.std_error**2 - apart) / 2)
    assert abs(a.correlation(b)) > 0.01


def test_plain_groups_without_common_members_do_not_vary_together():
    y, design = np.array([1.0, 0, 1, 1, 0, 0]), Design.plain(6)
    a, b = (Sample(y, inside, design) for inside in (np.arange(6) < 3, np.arange(6) >= 3))
    assert (a.covariance(b), a.correlation(b)) == (0, 0)


def test_an_arm_without_a_known_error_has_no_correlation():
    design = Design.plain(3)
    assert Sample([1, 0, 1], [1, 0, 0], design).correlation(Sample([1, 0, 1], [0, 1, 1], design)) == 0


def test_samples_of_two_frames_are_not_compared():
    with pytest.raises(ValueError, match="one Design"):
        Sample([1, 0]).covariance(Sample([1, 0]))


@pytest.mark.parametrize(
    ("weights", "key", "facts"),
    [
        ([1, NAN, NAN], "weight_missing", {"count": 2, "row": 2}),
        ([1, 1, math.inf], "weight_missing", {"count": 1, "row": 3}),
        ([1, 2, -1], "weight_negative", {"count": 1, "row": 3}),
    ],
)
def test_weights_that_cannot_count_are_refused(weights, key, facts):
    with pytest.raises(ImpactError) as fault:
        Sample([1, 0, 1], weights)
    assert (fault.value.key, fault.value.facts) == (key, facts)
    assert str(facts["row"]) in fault.value.say("fr")


def test_a_stratum_with_one_cluster_is_refused_by_name():
    with pytest.raises(ImpactError) as fault:
        Design.of(5, stratum=["Ain", "Ain", "Ain", "Var", "Var"], cluster=[1, 2, 2, 3, 3])
    assert fault.value.key == "single_cluster_stratum"
    assert "« Var »" in str(fault.value)


def test_a_stratum_with_one_row_is_refused_by_code():
    with pytest.raises(ImpactError) as fault:
        Design.of(3, stratum=[7, 8, 8])
    assert (fault.value.key, fault.value.facts["stratum"]) == ("single_cluster_stratum", 7)


def test_a_single_cluster_is_refused():
    with pytest.raises(ImpactError) as fault:
        Design.of(3, cluster=[1, 1, 1])
    assert fault.value.key == "single_cluster"


@pytest.mark.parametrize(
    "make",
    [
        lambda: Sample([1, 0], [1, 1, 1]),
        lambda: Sample([1, 0], design=Design.plain(3)),
        lambda: Sample([1, 6], bounds=(1, 5)),
        lambda: Sample([1, 2], kind="share"),
        lambda: Sample([1, math.inf]),
    ],
    ids=["weights", "design", "bounds", "share", "infinite"],
)
def test_what_only_a_fault_of_the_program_can_bring(make):
    with pytest.raises(ValueError, match=r"rows in the design|on a scale"):
        make()
