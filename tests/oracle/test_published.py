"""Tables typed from papers and books: their figures, to half a unit of the last digit that they print.

Each table says its paper and place; where it was read in the tests of a package that holds the same table, that
package is named. A figure that could not be traced to print is not here.
"""

import math
from itertools import product

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep

from impact.analyse import analyse
from impact.contrasts import Estimated, difference, ratio
from impact.intervals import interval
from impact.multiplicity import benjamini_hochberg, holm
from impact.normalise import normalise
from impact.sample import Design, Sample, correlation
from tests.simulation import exact
from tests.unit._exports import AGREEMENT, export, study

FOUR, THREE, THREE_NEARLY = 5e-5, 5e-4, 5.1e-4


def share(yes: int, n: int) -> Sample:
    return Sample(np.arange(n) < yes)


def arm(sample: Sample, method: str = "wilson") -> Estimated:
    return Estimated(sample.mean, sample.std_error, *interval(method, sample, 0.95))


def limits(found: Estimated) -> tuple[float, float]:
    return found.low, found.high


# Newcombe (1998a), Statistics in Medicine 17:857-872, table I: method 3 (score) and method 5 (Clopper-Pearson).
@pytest.mark.parametrize(
    ("yes", "n", "wilson", "beta"),
    [
        (81, 263, (0.2553, 0.3662), (0.2527, 0.3676)),
        (15, 148, (0.0624, 0.1605), (0.0578, 0.1617)),
        (0, 20, (0, 0.1611), (0, 0.1684)),
        (1, 29, (0.0061, 0.1718), (0.0009, 0.1776)),
    ],
)
def test_shares_of_newcombe(yes, n, wilson, beta):
    assert interval("wilson", share(yes, n), 0.95) == pytest.approx(wilson, abs=FOUR)
    assert interval("beta", share(yes, n), 0.95) == pytest.approx(beta, abs=FOUR)


# Newcombe (1998b), Statistics in Medicine 17:873-890, table II, contrasts (a) to (h), method 10 (hybrid score).
@pytest.mark.parametrize(
    ("a", "b", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_differences_of_newcombe(a, b, low, high):
    assert limits(difference(arm(share(*a)), arm(share(*b)))) == pytest.approx((low, high), abs=FOUR)


# Brown, Cai & DasGupta (2001), Statistical Science 16:101-133, table A.1, n = 7, as in the tests of Boost.Histogram.
# The table is of their modified interval: its upper limit at 0 is Clopper-Pearson's, its lower limit at 1 is 0. Limits
# that lie half way are rounded either way (0.234501 stands as 0.234, 0.765499 as 0.766), hence a little more.
@pytest.mark.parametrize(
    ("yes", "low", "high"), [(1, None, 0.501), (2, 0.065, 0.648), (3, 0.139, 0.766), (4, 0.234, 0.861)]
)
def test_jeffreys_of_brown_cai_and_dasgupta(yes, low, high):
    found = interval("jeffreys", share(yes, 7), 0.95)
    mirrored = interval("jeffreys", share(7 - yes, 7), 0.95)
    assert found[1] == pytest.approx(high, abs=THREE_NEARLY)
    assert mirrored[0] == pytest.approx(1 - high, abs=THREE_NEARLY)
    if low is not None:
        assert (found[0], mirrored[1]) == pytest.approx((low, 1 - low), abs=THREE_NEARLY)


def test_nobody_of_seven_of_brown_cai_and_dasgupta():
    assert interval("beta", share(0, 7), 0.95) == pytest.approx((0, 0.410), abs=THREE_NEARLY)
    # Unmodified the interval is shorter: what the modification is for.
    assert interval("jeffreys", share(0, 7), 0.95)[1] < 0.410


# Fagerland, Lydersen & Laake (2017), Statistical Analysis of Contingency Tables, ch. 2, 13 of 16, as in the tests of
# their package contingencytables.
@pytest.mark.parametrize(
    ("method", "low", "high"),
    [("wilson", 0.5699, 0.9341), ("beta", 0.5435, 0.9595), ("jeffreys", 0.5792, 0.9442)],
)
def test_a_share_of_fagerland_lydersen_and_laake(method, low, high):
    assert interval(method, share(13, 16), 0.95) == pytest.approx((low, high), abs=FOUR)


# Ibid., ch. 4 (Perondi et al. 2004): MOVER-R Wilson for the ratio (Donner & Zou 2012), Newcombe for the difference.
def test_a_ratio_and_a_difference_of_fagerland_lydersen_and_laake():
    found = ratio(arm(share(7, 34)), arm(share(1, 34)))
    assert (found.estimate, *limits(found)) == pytest.approx((7, 1.1537, 41.9763), abs=FOUR)
    assert limits(difference(arm(share(7, 34)), arm(share(1, 34)))) == pytest.approx((0.0189, 0.3404), abs=FOUR)


# Fagerland & Newcombe (2013), Statistics in Medicine 32:2823-2836: MOVER-R Wilson (Donner & Zou 2012) for the ratio of
# three pairs of shares, one of 11 out of 11; as in the tests of ratesci.
@pytest.mark.parametrize(
    ("a", "b", "low", "high"),
    [((24, 73), (53, 65), 0.282, 0.563), ((29, 55), (11, 11), 0.398, 0.761), ((7, 18), (1, 18), 1.277, 40.751)],
)
def test_ratios_of_fagerland_and_newcombe(a, b, low, high):
    assert limits(ratio(arm(share(*a)), arm(share(*b)))) == pytest.approx((low, high), abs=THREE)


# The example of Zou & Donner (2008), Statistics in Medicine 27:1693-1702, 6 of 22 against 112 of 842, by the formula of
# Donner & Zou (2012), as the tests of ratesci hold it (the paper rounds Wilson's limits before it goes on).
def test_a_ratio_of_zou_and_donner():
    found = ratio(arm(share(6, 22)), arm(share(112, 842)))
    assert limits(found) == pytest.approx((0.9735, 3.7295), abs=FOUR)


# Benjamini & Hochberg (1995), Journal of the Royal Statistical Society B 57:289-300, section 4: fifteen comparisons of
# two treatments of the heart; at 0.05 theirs rejects the first four, a correction for any false alarm the first three.
def test_fifteen_comparisons_of_benjamini_and_hochberg():
    p = [
        0.0001,
        0.0004,
        0.0019,
        0.0095,
        0.0201,
        0.0278,
        0.0298,
        0.0344,
        0.0459,
        0.3240,
        0.4262,
        0.5719,
        0.6528,
        0.7590,
        1,
    ]
    assert (benjamini_hochberg(p) <= 0.05).tolist() == [True] * 4 + [False] * 11
    assert (holm(p) <= 0.05).tolist() == [True] * 3 + [False] * 12


# Fagerland, Lydersen & Laake (2017), ch. 8 (Cavo et al. 2012): 161 patients, each in both arms.
@pytest.fixture
def paired() -> tuple[Sample, Sample]:
    design, cells = Design.plain(161), [59, 6, 16, 80]  # both, first only, second only, neither
    return Sample(np.repeat([1.0, 1, 0, 0], cells), None, design), Sample(
        np.repeat([1.0, 0, 1, 0], cells), None, design
    )


def test_a_ratio_of_correlated_arms_of_fagerland_lydersen_and_laake(paired):
    found = ratio(*map(arm, paired), correlation(*paired))
    assert (found.estimate, *limits(found)) == pytest.approx((0.8667, 0.7592, 0.9866), abs=FOUR)


def test_a_difference_of_correlated_arms_of_fagerland_lydersen_and_laake(paired):
    # Newcombe (1998c) takes n / 2 off the determinant 59 x 80 - 6 x 16 before he divides it by the root of the margins.
    tied = (59 * 80 - 6 * 16 - 161 / 2) / math.sqrt(65 * 96 * 75 * 86)
    found = difference(*map(arm, paired), tied)
    assert (found.estimate, *limits(found)) == pytest.approx((-0.0621, -0.1186, -0.0046), abs=FOUR)


# Anderson (2008), Journal of the American Statistical Association 103:1481-1495: his figures rest on data that are not
# here, his steps can be redone: turn so that more is better, divide by the spread of those compared with, weigh by the
# row sums of the inverse of the items' covariance, take the weighted mean over the items answered.
def test_an_index_is_made_by_the_steps_of_anderson():
    draws = np.random.default_rng(2008)
    common = draws.normal(size=(80, 1))
    items = np.clip(np.round(2.5 + 0.6 * common * [1, 1, -0.2] + 0.7 * draws.normal(size=(80, 3))), 1, 4)
    others = np.arange(80) % 2 == 1
    kept = items.copy()
    kept[:10:2, 0] = np.nan  # five of the mentored did not answer the first
    rows = [["0" if other else "1", *("" if np.isnan(one) else AGREEMENT[int(one) - 1]["code"] for one in row)]
            for other, row in zip(others, kept, strict=True)]  # fmt: skip
    rows += [["0", "", "tout_a_fait", "pas_du_tout"]]  # both groups have someone silent, else they are not alike
    questions = [{"id": name, "kind": "single", "text": name, "choices": AGREEMENT} for name in "abc"]
    of = {"dimension": "d", "label": "L"}
    indicators = [of | {"id": f"i{name}", "kind": "mean", "question": name, "better": better}
                  for name, better in zip("abc", ("higher", "higher", "lower"), strict=True)]  # fmt: skip
    indicators.append(of | {"id": "d", "kind": "index", "items": ["ia", "ib", "ic"]})
    source = [{"file": "a.csv", "group": {"column": "g", "mentored": ["1"], "non_mentored": ["0"]}}]
    made = study(questions, indicators, source=source)
    estimates = analyse(normalise([export(("g", *"abc"), rows)], made), made).estimates
    found = estimates[estimates["indicator"] == "d"].set_index("group")["estimate"]

    turned = np.vstack([kept, [np.nan, 4, 1]]) * [1, 1, -1]
    reference = np.append(others, True)
    z = (turned - np.nanmean(turned[reference], axis=0)) / np.nanstd(turned[reference], axis=0)
    pairwise = np.ma.cov(np.ma.masked_invalid(z[reference]), rowvar=False, bias=True).filled()
    weights = np.linalg.inv(pairwise).sum(axis=1)
    assert weights.max() > 1.5 * weights.min() > 0  # the third item stands more alone: it weighs more
    index = np.nansum(z * weights, axis=1) / np.where(np.isnan(z), 0.0, weights).sum(axis=1)
    assert found.to_dict() == pytest.approx(
        {"mentored": index[~reference].mean(), "non_mentored": index[reference].mean()}
    )  # fmt: skip


# Agresti & Caffo (2000), The American Statistician 54:280-288, abstract: with 10 answers in each arm the usual interval
# of a difference covers less than 0.93 in 88 % of the cases, theirs in 1 %; the mean distance to 0.95 is 0.06 and 0.01.
# Their cases are pairs of shares drawn evenly; here they stand on an even grid.
GRID = (np.arange(60) + 0.5) / 60
TEN = 10


def coverage_at_ten(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    chance = {p: stats.binom.pmf(np.arange(TEN + 1), TEN, p) for p in GRID}
    pairs = product(GRID, GRID)
    return np.array([np.outer(chance[a], chance[b]).ravel() @ ((low <= a - b) & (a - b <= high)) for a, b in pairs])


@pytest.mark.parametrize(("method", "under", "distance"), [("wald", 0.88, 0.06), ("agresti-caffo", 0.01, 0.01)])
def test_the_coverage_that_agresti_and_caffo_print_is_what_this_house_counts(method, under, distance):
    pairs = product(range(TEN + 1), repeat=2)
    found = [confint_proportions_2indep(a, TEN, b, TEN, method=method, compare="diff") for a, b in pairs]
    covered = coverage_at_ten(*np.array(found).T)
    assert (covered < 0.93).mean() == pytest.approx(under, abs=0.005 + 0.01)  # drawn cases, and a grid
    assert np.abs(covered - 0.95).mean() == pytest.approx(distance, abs=0.005)


def test_newcombe_s_difference_at_ten_answers_is_nearer_to_its_word_than_the_usual_one():
    covered = coverage_at_ten(*exact.limits_of_pairs("difference", "wilson", TEN, TEN))
    assert (covered < 0.93).mean() < 0.10
    assert np.abs(covered - 0.95).mean() < 0.02
