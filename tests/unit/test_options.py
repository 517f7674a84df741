"""All answers to a closed question as one set: simultaneous intervals, the joint test, what is not compared."""

from itertools import combinations

import numpy as np
import pytest
from scipy import stats

from impact.analyse import analyse
from impact.joint import JOINT, at_once, level_of_each
from impact.multiplicity import holm
from impact.normalise import normalise
from impact.protect import protect
from impact.sample import Design, Sample
from tests.unit._exports import AGREEMENT, export, study
from tests.unit.test_analyse import BOTH, only

CODES = ("amis", "ecole", "parents")
CHOICES = [{"code": code, "label": code, "columns": [code]} for code in CODES]
HELP = {"id": "aides", "kind": "multiple", "text": "Aides", "none_ticked": "answered", "choices": CHOICES}
OPINION = {"id": "opinion", "kind": "single", "text": "Avis", "choices": AGREEMENT}
LABELS = [choice["label"]["fr"] for choice in AGREEMENT]
FRIENDS = {"id": "amis", "dimension": "d", "kind": "share", "label": "L", "question": "aides", "counts": ["amis"]}
AGREES = {"id": "accord", "dimension": "d", "kind": "mean", "label": "L", "question": "opinion"}


def opinions(mentored, others):
    """Rows of so many answers of each kind in each group."""
    return [[group, LABELS[place]] for group, counts in (("1", mentored), ("0", others))
            for place, count in enumerate(counts) for _ in range(count)]  # fmt: skip


def ticked(*arms):
    """Rows of (group, patterns), a pattern the boxes ticked and how many ticked them."""
    return [[group, *("1" if box in boxes else "0" for box in CODES)]
            for group, patterns in arms for boxes, count in patterns for _ in range(count)]  # fmt: skip


def found_in(rows, questions=(OPINION,), indicators=(AGREES,), headings=("Mentor", "Avis"), **tables):
    made = study(list(questions), list(indicators), source=BOTH, **tables)
    return analyse(normalise([export(headings, rows)], made), made), made


BOXES = {"questions": (HELP,), "indicators": (FRIENDS,), "headings": ("Mentor", *CODES)}
TICKED = ticked(
    ("1", [((), 6), (("amis",), 14), (("amis", "ecole"), 11), (("parents",), 9), (("amis", "ecole", "parents"), 10)]),
    ("0", [((), 12), (("amis",), 6), (("ecole",), 9), (("parents",), 18), (("ecole", "parents"), 10)]),
)


def test_the_intervals_of_one_answer_a_person_are_those_of_goodman():
    """Goodman (1965), Technometrics 7:247-254, eq. 2.8: score limits on the quantile of chi-square at alpha / k."""
    found, _ = found_in(opinions((30, 22, 9, 4), (11, 16, 20, 12)))
    shares = found.options[(found.options["reference"] == "") & (found.options["group"] == "mentored")]
    a, n = stats.chi2.isf(0.05 / 4, 1), 65
    for count, row in zip((30, 22, 9, 4), shares.to_dict("records"), strict=True):
        reach = np.sqrt(a * (a + 4 * count * (n - count) / n))
        limits = (a + 2 * count - reach) / (2 * (n + a)), (a + 2 * count + reach) / (2 * (n + a))
        assert (row["low"], row["high"]) == pytest.approx(limits, rel=1e-12)
        assert (row["n"], row["estimate"]) == (n, count / n)
        assert row["interval"] == "simultaneous_wilson"


def test_two_answers_that_exclude_each_other_are_one():
    assert at_once("single", 2) == 1
    assert at_once("multiple", 2) == 2
    assert level_of_each(0.95, 1) == pytest.approx(0.95)
    assert level_of_each(0.95, 5) == pytest.approx(0.99)


def test_the_differences_of_a_set_are_wider_than_one_alone_and_corrected_by_holm():
    found, _ = found_in(opinions((30, 22, 9, 4), (11, 16, 20, 12)))
    rows = found.options[(found.options["reference"] != "") & (found.options["choice"] != "")]
    assert rows["interval"].unique().tolist() == ["simultaneous_newcombe"]
    assert rows["p_adjusted"].tolist() == pytest.approx(holm(rows["p"].to_numpy(dtype=float)))
    # Newcombe's hybrid score limits from Wilson's at 1 - 0.05 / 4, for the first answer: 30 of 65 against 11 of 59.
    z = stats.norm.isf(0.05 / 8)

    def wilson(yes, n):
        reach = z * np.sqrt(z**2 + 4 * yes * (n - yes) / n)
        return (2 * yes + z**2 - reach) / (2 * (n + z**2)), (2 * yes + z**2 + reach) / (2 * (n + z**2))

    (a, b), (one, other) = (30 / 65, 11 / 59), (wilson(30, 65), wilson(11, 59))
    low = a - b - np.hypot(a - one[0], other[1] - b)
    high = a - b + np.hypot(one[1] - a, b - other[0])
    assert rows[["low", "high"]].iloc[0].tolist() == pytest.approx([low, high], rel=1e-12)


def test_the_set_of_one_answer_a_person_is_tested_by_pearson():
    found, _ = found_in(opinions((30, 22, 9, 4), (11, 16, 20, 12)))
    row = only(found.options[found.options["reference"] != ""], choice="")
    expected = stats.chi2_contingency([[30, 22, 9, 4], [11, 16, 20, 12]], correction=False).pvalue
    assert (row["test"], row["p"]) == ("pearson", pytest.approx(expected, rel=1e-10))
    assert row["p_adjusted"] == row["p"]  # one set


def test_where_cells_are_small_tables_are_drawn():
    """4, 1, 0 against 1, 2, 3: the chance by all 11! / (5! 6!) = 462 ways to share the people out."""
    answers = np.repeat([0, 1, 2], [5, 3, 3])
    seen = np.array([4, 1, 0])

    def apart(counts):
        expected = np.array([5, 3, 3]) * 5 / 11
        return ((counts - expected) ** 2 / expected).sum() * (1 + 5 / 6)

    tables = [apart(np.bincount(answers[list(some)], minlength=3)) for some in combinations(range(11), 5)]
    exact = np.mean(np.array(tables) >= apart(seen) - 1e-9)
    found, _ = found_in(opinions((4, 1, 0, 0), (1, 2, 3, 0)))
    row = only(found.options[found.options["reference"] != ""], choice="")
    assert row["test"] == "permutation"
    # 9 999 tables drawn: four standard errors of the chance they estimate.
    assert row["p"] == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / 9_999))


def arms(a, b, design=None):
    """One sample an answer and arm, from people by answers."""
    y = np.vstack([a, b]).astype(float)
    inside, design = np.arange(len(y)) < len(a), design or Design.plain(len(y))
    return tuple(
        [Sample(y[:, place], side, design, "share") for place in range(y.shape[1])] for side in (inside, ~inside)
    )


def chosen(rng, n, k, single):
    return np.eye(k)[rng.integers(k, size=n)] if single else rng.random((n, k)) < np.linspace(0.15, 0.7, k)


@pytest.mark.parametrize("kind", JOINT)
@pytest.mark.parametrize("n", [4, 40])
@pytest.mark.parametrize("clustered", [False, True])
def test_the_laws_of_a_joint_test(kind, n, clustered):
    """A probability, whichever arm is named first; 1 for an arm against itself; the order of answers is nothing."""
    rng = np.random.default_rng(n)
    people = [chosen(rng, n, 4, kind == "single") for _ in range(2)]
    design = Design.of(2 * n, cluster=np.arange(2 * n) // 2) if clustered else None
    a, b = arms(*people, design)
    found = JOINT[kind](a, b)
    assert 0 < found.p <= 1
    assert JOINT[kind](b, a).p == pytest.approx(found.p, rel=1e-9)
    assert JOINT[kind](a[::-1], b[::-1]).test == found.test
    if found.test != "permutation":
        assert JOINT[kind](a[::-1], b[::-1]).p == pytest.approx(found.p, rel=1e-9)
    alike = arms(people[0], people[0], design)
    assert JOINT[kind](*alike).p == pytest.approx(1)


@pytest.mark.parametrize("kind", JOINT)
@pytest.mark.parametrize("clustered", [False, True])
def test_an_arm_that_only_ever_chose_what_the_other_never_did(kind, clustered):
    design = Design.of(24, cluster=np.arange(24) // 2) if clustered else None
    a, b = arms(np.tile([1, 0], (12, 1)), np.tile([0, 1], (12, 1)), design)
    assert 0 < JOINT[kind](a, b).p < 0.01
    assert JOINT[kind](*arms(np.tile([1, 0], (12, 1)), np.tile([1, 0], (12, 1)), design)).p == 1


def test_several_answers_are_tested_together_with_what_ties_them():
    """By hand: the sum of Pearson's chi-squares over the trace, and Satterthwaite's degrees of freedom."""
    found, _ = found_in(TICKED, **BOXES)
    row = only(found.options[found.options["reference"] != ""], choice="")
    y = np.array([[float(cell) for cell in line[1:]] for line in TICKED])
    a, b = y[:50], y[50:]
    common, n = y.mean(axis=0), len(y)
    # R's variances without weights: n / (n - 1) over the whole frame.
    errors = n / (n - 1) * (np.cov(a.T, bias=True) / 50 + np.cov(b.T, bias=True) / 55)
    effects = errors / (common * (1 - common))[:, None]
    sum_of = ((a.mean(axis=0) - b.mean(axis=0)) ** 2 / (common * (1 - common))).sum()
    parts = np.trace(effects) ** 2 / np.trace(effects @ effects)
    expected = stats.f.sf(sum_of / np.trace(effects), parts, parts * (n - 1))
    assert (row["test"], row["p"]) == ("rao_scott_sum", pytest.approx(expected, rel=1e-10))


def test_each_box_stands_on_the_same_base():
    found, _ = found_in(TICKED, **BOXES | {"questions": (HELP | {"none_ticked": "missing"},)})
    shares = found.options[found.options["reference"] == ""]
    assert shares.groupby("group")["n"].unique().map(list).to_dict() == {"mentored": [44], "non_mentored": [43]}


def test_what_the_mentor_is_credited_with_and_what_no_indicator_stands_on_have_shares_only():
    for indicators in ((AGREES | {"attribution": True},), ()):
        found, _ = found_in(opinions((9, 9, 9, 9), (9, 9, 9, 9)), indicators=indicators)
        assert set(found.options["reference"]) == {""}
        assert len(found.options) == 8


def test_questions_not_asked_alike_are_not_compared():
    made = {"comparability": {"opinion": {"verdict": "not_comparable", "by": "X", "why": "x"}}}
    found, _ = found_in(opinions((30, 22, 9, 4), (11, 16, 20, 12)), **made)
    rows = found.options[found.options["reference"] != ""]
    assert set(rows["status"]) == {"not_comparable"}
    assert rows[["estimate", "low", "high", "p", "p_adjusted"]].isna().all(axis=None)


def test_a_set_one_of_whose_answers_few_gave_is_hidden_whole():
    found, made = found_in(opinions((30, 22, 9, 4), (11, 16, 20, 12)))
    safe = protect(found, made).options
    hidden = safe[(safe["group"] == "mentored")]  # four said the last: that group's shares, and all that stands on them
    assert set(hidden["status"]) == {"suppressed"}
    assert hidden[["n", "estimate", "std_error", "low", "high", "p", "p_adjusted"]].isna().all(axis=None)
    assert hidden["verdict"].isna().all()
    assert set(safe[safe["group"] == "non_mentored"]["status"]) == {"shown"}


def test_a_group_in_which_nobody_answered_is_too_few():
    found, _ = found_in([*opinions((9, 9, 9, 9), (0, 0, 0, 0)), ["0", ""]])
    assert set(found.options.loc[found.options["group"] == "non_mentored", "status"]) == {"too_few"}
    assert set(found.options.loc[found.options["reference"] == "non_mentored", "status"]) == {"too_few"}


def test_the_question_that_makes_the_bands_is_not_compared_between_them():
    since = {"id": "depuis", "kind": "single", "text": "Depuis", "choices": [
        {"code": code, "label": code} for code in ("un_mois", "trois_mois", "un_an")]}  # fmt: skip
    indicator = FRIENDS | {"id": "un_an", "question": "depuis", "counts": ["un_an"]}
    rows = [[group, said] for group in "10" for said in ("un_mois", "trois_mois", "un_an") for _ in range(9)]
    duration = {"question": "depuis", "over": ["un_an"], "under": ["un_mois", "trois_mois"]}
    found, _ = found_in(rows, (since,), (indicator,), ("Mentor", "Depuis"), duration=duration)
    compared = found.options[found.options["reference"] != ""]
    assert set(zip(compared["group"], compared["reference"], strict=True)) == {("mentored", "non_mentored")}
    assert {"mentored_over", "mentored_under"} <= set(found.options["group"])
