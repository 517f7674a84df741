"""What sets two arms apart: a difference, a ratio, an odds ratio, their limits, and what may be said of them.

A contrast is built from the two arms' own intervals and the correlation of the two estimates (MOVER, the method of
variance estimates recovery: Zou & Donner 2008), so that each interval method serves comparisons too. A contrast joins
by being a function here and a name in CONTRASTS.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from scipy import special


@dataclass(frozen=True, slots=True)
class Estimated:
    """An estimate with its standard error and its limits: that of an arm, or of what sets two arms apart.

    Limits and standard errors are infinite where the answers leave them open; none of the four is ever NaN.
    """

    estimate: float
    std_error: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Contrast:
    """How two arms are set against each other, given the correlation of their estimates.

    `neutral` is what two equal arms give; `units` are the units of indicators for which the contrast has a meaning.
    """

    between: Callable[[Estimated, Estimated, float], Estimated]
    neutral: float
    units: frozenset[str]


def difference(a: Estimated, b: Estimated, correlation: float = 0.0) -> Estimated:
    """a - b. With two plain Wilson arms it is the hybrid score interval (Newcombe 1998, method 10).

    With correlated arms as Newcombe (1998c) for pairs and Zou (2008): each limit takes from the arms the errors that
    point its way.
    """
    gap = a.estimate - b.estimate
    return Estimated(
        gap,
        _apart(a.std_error, b.std_error, correlation),
        gap - _apart(a.estimate - a.low, b.high - b.estimate, correlation),
        gap + _apart(a.high - a.estimate, b.estimate - b.low, correlation),
    )


def ratio(a: Estimated, b: Estimated, correlation: float = 0.0) -> Estimated:
    """a / b for shares and other quantities that are not negative (Donner & Zou 2012).

    Over a share of 0 the ratio, its upper limit and its standard error are infinite, and its lower limit is not; two
    shares of 0 give 1, from 0 to infinity. The standard error is that of the delta method.
    """
    lower, inverse = _lower_ratio(a, b, correlation), _lower_ratio(b, a, correlation)
    upper = 1 / inverse if inverse else math.inf
    if not b.estimate:
        return Estimated(math.inf if a.estimate else 1.0, math.inf, lower, upper)
    times = a.estimate / b.estimate
    error = _apart(a.std_error, times * b.std_error, correlation) / b.estimate
    return Estimated(times, error, min(lower, times), max(upper, times))


def odds_ratio(a: Estimated, b: Estimated, correlation: float = 0.0) -> Estimated:
    """The odds of a over the odds of b, for shares: `difference` on the log odds (Newcombe 2001 from Wilson's limits).

    Where a share is 0 or 1 its log odds are infinite and a limit that leans on them takes the farthest odds that both
    arms' own limits allow: finite, or honestly infinite. Two shares of 0, or of 1, give 1, from 0 to infinity.
    """
    one, other = _on_log_odds(a), _on_log_odds(b)
    if math.isinf(one.estimate) or math.isinf(other.estimate):
        far = 1.0 if a.estimate == b.estimate else _times(one.estimate - other.estimate)
        return Estimated(far, math.inf, _times(one.low - other.high), _times(one.high - other.low))
    found = difference(one, other, correlation)
    times = math.exp(found.estimate)
    return Estimated(times, times * found.std_error, _times(found.low), _times(found.high))


def arcsine(a: Estimated, b: Estimated, correlation: float = 0.0) -> Estimated:
    """Cohen's h with its limits: `difference` on the arcsine scale, where a share's error hardly depends on the share.

    Finite everywhere; the standard error is infinite where a share is 0 or 1, for the delta method says nothing there.
    """
    return difference(_on_arcsine(a), _on_arcsine(b), correlation)


CONTRASTS: Final[dict[str, Contrast]] = {
    "difference": Contrast(difference, 0.0, frozenset({"share", "mean", "index"})),
    "ratio": Contrast(ratio, 1.0, frozenset({"share"})),  # scores and indices have no zero to divide by
    "odds_ratio": Contrast(odds_ratio, 1.0, frozenset({"share"})),
    "cohen_h": Contrast(arcsine, 0.0, frozenset({"share"})),
}


def named(measure: str, interval: str, plain: bool) -> str:
    """What the limits of a measure are called, given the arms' interval method and whether both arms are plain."""
    if measure in ("cohen_d", "superiority"):
        return {"cohen_d": "bonett", "superiority": "placements"}[measure]
    return "newcombe" if plain and (measure, interval) == ("difference", "wilson") else f"mover_{interval}"


def verdict(low: float, high: float, neutral: float, gap: float | None = None) -> str:
    """What an interval allows to be said: a member of model.VERDICTS, never read off p.

    `gap` is the smallest useful distance from `neutral`, in the contrast's own unit. An interval wholly closer than
    that is `equivalent` even where it leaves `neutral` out: the study declared beforehand that such a distance does
    not matter, and "higher" would announce it all the same (Lakens, Scheel & Isager 2018: different, yet equivalent).
    With a 95 % interval this is stricter than the usual two one-sided tests at 5 %, which take a 90 % one.
    """
    if gap is not None and -gap < low - neutral and high - neutral < gap:
        return "equivalent"
    if low > neutral:
        return "higher"
    return "lower" if high < neutral else "inconclusive"


def cohen_h(a: float, b: float) -> float:
    """The effect size of two shares: the difference of their arcsine transforms, in radians (Cohen 1988, ch. 6)."""
    return _arcsine(a) - _arcsine(b)


def detectable(share: float, n_a: float, n_b: float, level: float, power: float = 0.8, df: float = math.inf) -> float:
    """The smallest difference from arm b's `share` that a comparison of arms of these sizes sees with this power.

    Of the two-sided test of two shares with the pooled variance under no difference (Fleiss, Levin & Paik 2003, ch. 4;
    with equal arms R's power.prop.test), on the side of one half, where it takes the larger difference. Infinite where
    no difference would do. Under a design the sizes are effective ones, and both quantiles Student's on the design's
    degrees of freedom `df` (Bloom 1995), as those of the test are.
    """
    share, sizes = min(share, 1 - share), (n_a, n_b)
    if min(sizes) <= 0 or df < 1:
        return math.inf
    small, large = 0.0, 1 - share
    quantiles = _quantile((1 + level) / 2, df), _quantile(power, df)
    if not _seen(large, share, sizes, quantiles):
        return math.inf
    while small < (middle := (small + large) / 2) < large:
        small, large = (small, middle) if _seen(middle, share, sizes, quantiles) else (middle, large)
    return large


def _quantile(chance: float, df: float) -> float:
    return float(special.ndtri(chance) if math.isinf(df) else special.stdtrit(df, chance))


def _seen(gap: float, share: float, sizes: tuple[float, float], quantiles: tuple[float, float]) -> bool:
    """Whether shares of share + gap and share, in arms of these sizes, lie as far apart as the quantiles of the level
    and of the power ask for."""
    (n_a, n_b), other = sizes, share + gap
    pooled = (n_a * other + n_b * share) / (n_a + n_b)
    none = math.sqrt(pooled * (1 - pooled) * (1 / n_a + 1 / n_b))
    some = math.sqrt(other * (1 - other) / n_a + share * (1 - share) / n_b)
    return bool(gap >= quantiles[0] * none + quantiles[1] * some)


def _apart(x: float, y: float, correlation: float) -> float:
    """The error of a difference, from the errors of its two terms. Exchanging them changes no bit of it."""
    if math.isinf(x) or math.isinf(y):
        return math.inf
    return math.sqrt(max(x * x + y * y - 2 * correlation * (x * y), 0.0))


def _on_log_odds(share: Estimated) -> Estimated:
    """An arm's share on the log odds: its limits move along, its error by the delta method."""
    inner = share.estimate * (1 - share.estimate)
    error = share.std_error / inner if inner else math.inf
    return Estimated(_log_odds(share.estimate), error, _log_odds(share.low), _log_odds(share.high))


def _log_odds(share: float) -> float:
    return float(special.logit(min(max(share, 0.0), 1.0)))


def _times(logarithm: float) -> float:
    """What a difference of logarithms multiplies by; infinite beyond what a number holds."""
    try:
        return math.exp(logarithm)
    except OverflowError:
        return math.inf


def _on_arcsine(share: Estimated) -> Estimated:
    """An arm's share on the arcsine scale: its limits move along, its error by the delta method."""
    inner = share.estimate * (1 - share.estimate)
    error = share.std_error / math.sqrt(inner) if inner else math.inf
    return Estimated(_arcsine(share.estimate), error, _arcsine(share.low), _arcsine(share.high))


def _arcsine(share: float) -> float:
    return 2 * math.asin(math.sqrt(min(max(share, 0.0), 1.0)))


def _lower_ratio(a: Estimated, b: Estimated, correlation: float) -> float:
    """The lower limit of a / b: the smaller R at which a - R b lies at its own lower limit, 0.

    A root of R^2 ub(2b - ub) - 2 R P + la(2a - la) = 0 with P = ab - correlation (a - la)(ub - b), in whichever of its
    two forms subtracts nothing. The upper limit is the inverse of the lower limit of b / a.
    """
    if a.low <= 0 or math.isinf(b.high):
        return 0.0
    first, last = a.low * (2 * a.estimate - a.low), b.high * (2 * b.estimate - b.high)
    product = a.estimate * b.estimate - correlation * (a.estimate - a.low) * (b.high - b.estimate)
    root = math.sqrt(max(product * product - first * last, 0.0))
    return first / (product + root) if product >= 0 else (product - root) / last
