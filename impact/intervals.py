"""Confidence intervals: from the answers of a group and a level to a lower and an upper limit.

A method joins by being a function here and a name in INTERVALS. For n >= 1 an interval is never empty and never NaN,
it holds the estimate, and the interval of a share lies in [0, 1]. The share methods treat yes and no alike, so each is
its lower limit: the upper one is the lower limit of the share of the others.

Under a design every method works on the effective sample size, with Student's quantile on the design's degrees of
freedom in place of the normal one (Korn & Graubard 1998; Dean & Pagano 2015; Franco et al. 2019).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from scipy import special

from impact.errors import ImpactError
from impact.sample import Arm, Kind

Limits = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Interval:
    """How the limits are found, and for which kind of indicator."""

    limits: Callable[[Arm, float], Limits]
    kind: Kind


def interval(method: str, sample: Arm, level: float) -> Limits:
    """The limits of a method of INTERVALS for the mean of a sample, at a level such as 0.95.

    Raises ImpactError for a method that does not exist or does not fit the kind of indicator, ValueError for a sample
    in which nobody answered.
    """
    fitting = [name for name, known in INTERVALS.items() if known.kind == sample.kind]
    if method not in fitting:
        raise ImpactError("interval_unfit", method=method, kind=sample.kind, known=", ".join(fitting))
    if not sample.n:
        raise ValueError("nobody answered: there is nothing to hold an interval")
    low, high = INTERVALS[method].limits(sample, level)
    return min(low, sample.mean), max(high, sample.mean)  # a skewed method at a low level can leave the estimate out


def wilson(sample: Arm, level: float) -> Limits:
    """The score interval (Wilson 1927), on the effective sample size."""
    return _wilson(sample.mean, sample, level)


def beta(sample: Arm, level: float) -> Limits:
    """The exact interval (Clopper & Pearson 1934); under a design that of Korn & Graubard (1998), R's svyciprop."""
    n, tail = _size_for_beta(sample, level), (1 - level) / 2

    def lower(share: float) -> float:
        yes, no = n * share, n * (1 - share)
        return float(special.betaincinv(yes, no + 1, tail)) if yes > 0 else 0.0

    return _mirrored(lower, sample.mean)


def jeffreys(sample: Arm, level: float) -> Limits:
    """Equal tails of the posterior under Jeffreys' prior, closed at 0 and 1 (Brown, Cai & DasGupta 2001)."""
    n, tail = _size_for_beta(sample, level), (1 - level) / 2

    def lower(share: float) -> float:
        yes, no = n * share, n * (1 - share)
        return float(special.betaincinv(yes + 0.5, no + 0.5, tail)) if yes > 0 else 0.0

    return _mirrored(lower, sample.mean)


def agresti_coull(sample: Arm, level: float) -> Limits:
    """Wald's interval after adding the quantile's square to the answers, half yes, half no (Agresti & Coull 1998)."""
    n, quantile = sample.n_eff, _quantile(sample, level)

    def lower(share: float) -> float:
        if math.isinf(quantile):
            return 0.0
        size = n + quantile**2
        centre = (n * share + quantile**2 / 2) / size
        return max(centre - quantile * math.sqrt(centre * (1 - centre) / size), 0.0)

    return _mirrored(lower, sample.mean)


def logit(sample: Arm, level: float) -> Limits:
    """Wald's interval for the log odds, as R's svyciprop; where they are infinite (0 or all of n) that of `beta`."""
    if sample.mean in (0.0, 1.0):
        return beta(sample, level)
    quantile = _quantile(sample, level)

    def lower(share: float) -> float:
        return float(special.expit(special.logit(share) - quantile / math.sqrt(sample.n_eff * share * (1 - share))))

    return _mirrored(lower, sample.mean)


def student(sample: Arm, level: float) -> Limits:
    """The mean and Student's quantile of its standard errors, inside the scale's bounds where it has some.

    Cutting at the bounds costs no coverage, since the true mean lies inside too (Mandelkern 2002). Where all answers
    are the same, their place on the scale is taken for a share: its Wilson interval is wide enough, because no answers
    between two bounds vary more than answers at the bounds. Where nothing can be told, the limits are the bounds, else
    infinite. Where only the clusters' totals agree, the error is that of answers drawn one by one.
    """
    least, most = sample.bounds or (-math.inf, math.inf)
    if sample.df < 1 or (not sample.spread and not sample.bounds):
        return least, most
    if not sample.spread:
        low, high = _wilson((sample.mean - least) / (most - least), sample, level)
        return least + low * (most - least), least + high * (most - least)
    half = _student(sample.df, level) * (sample.std_error or math.sqrt(sample.spread / sample.n_eff))
    return max(sample.mean - half, least), min(sample.mean + half, most)


def scale_score(sample: Arm, level: float) -> Limits:
    """The score limits of a mean between the ends of its scale; where it has no ends, those of `student`.

    The variance at each mean that is tried is proportional to its distances from both ends, as that of a share is, in
    the proportion that the answers show (quasi-likelihood, Wedderburn 1974), and Student's quantile allows for having
    estimated it. Near an end, where Student's limits reach too far outwards and not far enough inwards, these hold.
    """
    if not sample.bounds or not sample.spread or sample.df < 1:
        return student(sample, level)
    least, most = sample.bounds
    span = most - least
    place, error = (sample.mean - least) / span, (sample.std_error or math.sqrt(sample.spread / sample.n_eff)) / span
    low, high = score_limits(place, place * (1 - place) / error**2, _student(sample.df, level))
    return least + low * span, least + high * span


INTERVALS: Final[dict[str, Interval]] = {
    "wilson": Interval(wilson, "share"),
    "beta": Interval(beta, "share"),
    "jeffreys": Interval(jeffreys, "share"),
    "agresti_coull": Interval(agresti_coull, "share"),
    "logit": Interval(logit, "share"),
    "student": Interval(student, "mean"),
    "scale_score": Interval(scale_score, "mean"),
}


def score_limits(share: float, size: float, quantile: float) -> Limits:
    """The score limits (Wilson 1927) of a share seen in so many answers, all or part of them, at a two-sided quantile.

    Written so that nothing cancels: 0 and 1 are exact limits, and an infinite quantile gives (0, 1).
    """

    def lower(share: float) -> float:
        middle = 2 * size * share + quantile**2
        reach = quantile * math.sqrt(quantile**2 + 4 * size * share * (1 - share))
        return 2 * size * share**2 / (middle + reach)

    return _mirrored(lower, share)


def _mirrored(lower: Callable[[float], float], share: float) -> Limits:
    return lower(share), 1 - lower(1 - share)


def _wilson(share: float, sample: Arm, level: float) -> Limits:
    return score_limits(share, sample.n_eff, _quantile(sample, level))


def _size_for_beta(sample: Arm, level: float) -> float:
    """The effective size, corrected for the few degrees of freedom of a design (Korn & Graubard 1998)."""
    if sample.plain:
        return float(sample.n)
    if sample.df < 1:
        return 0.0
    return sample.n_eff * (_student(sample.n - 1, level) / _student(sample.df, level)) ** 2


def _quantile(sample: Arm, level: float) -> float:
    return float(special.ndtri((1 + level) / 2)) if sample.plain else _student(sample.df, level)


def _student(df: int, level: float) -> float:
    return float(special.stdtrit(df, (1 + level) / 2)) if df else math.inf
