"""How much of a comparison hangs on what was not seen: a cause left out, people who kept silent, arms that answered
unequally, a gap too small for these sizes."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from scipy import special

from impact.contrasts import Estimated, difference
from impact.intervals import interval
from impact.sample import Arm, Design, FloatArray, IntArray, Kind, Sample, correlation

# Weighted rates of response this close are equal: rounding alone sets them apart.
_ROUNDING: Final = 1e-12
_LOG_OF_MOST: Final = math.log(np.finfo(np.float64).max)
METHODS: Final[dict[Kind, str]] = {"share": "wilson", "mean": "student"}


class Bounds(NamedTuple):
    """The least and the most a difference can be, and the confidence limits of the difference between them."""

    low: float
    high: float
    limit_low: float
    limit_high: float


# --- a cause left out ------------------------------------------------------------------------------------------------


def e_value(ratio: float) -> float:
    """How strongly, as a ratio of shares, a cause left out would have to go with both the group and the answer to make
    all of this ratio; 1 for a ratio of 1, infinite for 0 and for infinity (VanderWeele & Ding 2017)."""
    if ratio == 0 or math.isinf(ratio):
        return math.inf
    away = max(ratio, 1 / ratio)
    return away + math.sqrt(away * (away - 1))


def e_values(ratio: float, low: float, high: float) -> tuple[float, float]:
    """The E-value of a ratio and that of its limit nearer to 1, which is 1 where the interval holds 1."""
    nearer = low if low > 1 else min(high, 1.0)
    return e_value(ratio), e_value(nearer)


def as_ratio(gap: float, spread: float) -> float:
    """The ratio of shares that a difference of means stands for: exp(0.91 d), `spread` being the standard deviation of
    the answers within the arms (VanderWeele & Ding 2017, after Chinn 2000). Infinite or 0 where they do not vary."""
    if not gap:
        return 1.0
    power = 0.91 * gap / spread if spread else math.copysign(math.inf, gap)
    return math.exp(power) if power < _LOG_OF_MOST else math.inf


def pooled_spread(a: Arm, b: Arm) -> float:
    """The standard deviation of the answers within two arms, on n - 2; NaN where fewer than three answered."""
    left = a.n + b.n - 2
    return math.sqrt((a.n * a.spread + b.n * b.spread) / left) if left > 0 else math.nan


# --- a gap too small -------------------------------------------------------------------------------------------------


def detectable_mean(spread: float, sizes: tuple[float, float], df: float, level: float, power: float) -> float:
    """The smallest difference of two means that a comparison of arms of these sizes sees with this power.

    Of Student's two-sided test with a common standard deviation `spread`, on the side of the difference (with equal
    arms R's power.t.test). Infinite where nothing tells it: no degree of freedom, an empty arm, answers that do not
    vary. Under a design the sizes are effective ones and `df` is the design's.
    """
    if df < 1 or min(sizes) <= 0 or not spread > 0:
        return math.inf
    threshold = special.stdtrit(df, (1 + level) / 2)
    small, large = 0.0, 1.0
    while special.nctdtr(df, large, threshold) > 1 - power:
        large *= 2
    while small < (middle := (small + large) / 2) < large:
        small, large = (middle, large) if special.nctdtr(df, middle, threshold) > 1 - power else (small, middle)
    return large * spread * math.sqrt(1 / sizes[0] + 1 / sizes[1])


# --- people who kept silent ------------------------------------------------------------------------------------------


class Asked(NamedTuple):
    """Those of one group who were asked: one number a row of the frame, NaN where they kept silent; a weight a row, 0
    for the others; the ends of the scale, if it has ends."""

    y: FloatArray
    w: FloatArray
    design: Design
    kind: Kind
    bounds: tuple[float, float] | None

    @property
    def answered(self) -> Sample:
        """The group as it answered."""
        return Sample(self.y, self.w, self.design, self.kind, self.bounds)

    @property
    def silent(self) -> bool:
        """Whether anyone asked kept silent."""
        return bool(np.any((self.w > 0) & np.isnan(self.y)))

    def filled(self, value: float) -> Sample:
        """The group as if all who kept silent had given this answer."""
        return Sample(np.where(np.isnan(self.y), value, self.y), self.w, self.design, self.kind, self.bounds)


def missing_bounds(a: Asked, b: Asked, level: float) -> Bounds:
    """The difference a - b whatever those who kept silent would have answered (Manski 1990; Horowitz & Manski 2000).

    Infinite where someone kept silent on a scale without ends. The confidence limits are those of `between`. Nobody
    silent gives the difference itself and its own limits. Both groups hold someone who was asked.
    """
    if a.bounds is None and (a.silent or b.silent):
        return Bounds(-math.inf, math.inf, -math.inf, math.inf)
    least, most = a.bounds or (0.0, 0.0)
    return between((a.filled(least), b.filled(most)), (a.filled(most), b.filled(least)), level)


def between(lowest: tuple[Arm, Arm], highest: tuple[Arm, Arm], level: float) -> Bounds:
    """Bounds from the two arms that give the least difference and the two that give the most.

    The limits hold the difference, wherever it lies between the bounds, with this confidence (Imbens & Manski 2004).
    Each is that of its own bound by MOVER, at the level that Imbens and Manski's constant stands for, so that bounds
    without an error of their own (nobody or everybody) have limits all the same.
    """
    low, high = (a.mean - b.mean for a, b in (lowest, highest))
    error = max(_error(*lowest), _error(*highest))
    inner = 2 * float(special.ndtr(imbens_manski(high - low, error, level))) - 1
    return Bounds(low, high, _contrast(*lowest, inner).low, _contrast(*highest, inner).high)


def imbens_manski(width: float, error: float, level: float) -> float:
    """How many standard errors beyond each bound the limits lie: from the two-sided quantile where the bounds meet down
    to the one-sided where they lie far apart (Imbens & Manski 2004, equation 7). `error` is the larger of the two."""
    one_sided, two_sided = float(special.ndtri(level)), float(special.ndtri((1 + level) / 2))
    if width <= 0 or math.isinf(error):
        return two_sided
    if not error:
        return one_sided
    small, large = one_sided, two_sided
    while small < (middle := (small + large) / 2) < large:
        held = special.ndtr(middle + width / error) - special.ndtr(-middle)
        small, large = (small, middle) if held >= level else (middle, large)
    return large


def _error(a: Arm, b: Arm) -> float:
    variance = a.std_error**2 + b.std_error**2
    if math.isinf(variance):
        return math.inf
    return math.sqrt(max(variance - 2 * float(a.influence @ b.influence), 0.0))


def _contrast(a: Arm, b: Arm, level: float) -> Estimated:
    one, other = (Estimated(arm.mean, arm.std_error, *interval(METHODS[arm.kind], arm, level)) for arm in (a, b))
    return difference(one, other, correlation(a, b))


# --- arms that answered unequally ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """The mean of the answers that are left of an arm, with what it owes to the rates of response: an `Arm`."""

    n: int
    kind: Kind
    bounds: tuple[float, float] | None
    plain: bool
    mean: float
    spread: float
    df: int
    influence: FloatArray
    size: float  # of a simple sample, were it not for the rates

    @property
    def std_error(self) -> float:
        """The root of the variance of Lee's (2009) proposition 3; infinite where nothing tells it."""
        return math.sqrt(float(self.influence @ self.influence)) if self.df else math.inf

    @property
    def n_eff(self) -> float:
        """The size of the simple sample that would be as precise, at most those who are left."""
        known = 0 < self.std_error < math.inf and self.spread > 0
        return min(self.spread / self.std_error**2, self.size) if known else self.size


def trimming_bounds(a: Asked, b: Asked, level: float) -> Bounds | None:
    """The difference a - b among those who would have answered in either arm (Lee 2009).

    The arm that answered more is cut, at the top and then at the bottom, down to the rate of the other; that being in
    one arm never makes someone silent who would have answered in the other is taken for granted. Ties at the cut are
    shared out. Limits as `between`, on Lee's asymptotic variances, linearised under a design. Equal rates give the
    difference itself. None where nobody of an arm answered.
    """
    rates = [_rate(asked) for asked in (a, b)]
    if not min(rates):
        return None
    if math.isclose(*rates, rel_tol=_ROUNDING):
        return between((a.answered, b.answered), (a.answered, b.answered), level)
    if rates[0] < rates[1]:
        turned = trimming_bounds(b, a, level)
        return turned and Bounds(-turned.high, -turned.low, -turned.limit_high, -turned.limit_low)
    lowest = _cut(a, b, lambda y: y)
    highest = _cut(a, b, lambda y: -y)
    return between(lowest, highest, level)


def _rate(asked: Asked) -> float:
    total = asked.w.sum()
    return float(asked.w[~np.isnan(asked.y)].sum() / total) if total else 0.0


def _cut(a: Asked, b: Asked, turn: Callable[[FloatArray], FloatArray]) -> tuple[Part, Part]:
    """Arm a without its highest answers, as `turn` orders them, and arm b, both with the rates' part of the error.

    The mean left is (E min(y, q) - (1 - kept) q) / kept, q being the quantile `kept` of the answers; its derivatives by
    the answers and by the two rates are the influence of each person asked.
    """
    whole, other, kept = a.answered, b.answered, _rate(b) / _rate(a)
    y = turn(whole.y)
    share = whole.w / whole.w.sum()
    order = np.argsort(y, kind="stable")
    place = int(np.searchsorted(np.cumsum(share[order]), kept * (1 - _ROUNDING)))
    edge = float(y[order[min(place, y.size - 1)]])
    below = np.minimum(y, edge)
    centre = float(share @ below)
    left = min(max((centre - (1 - kept) * edge) / kept, float(y.min())), edge)  # rounding alone would leave the range
    spread = max((float(share @ below**2) - (1 - kept) * edge**2) / kept - left**2, 0.0)
    slope = float(turn(np.array([left - edge]))[0])
    scores = turn(share * (below - centre) / kept)
    size = kept * whole.w.sum() ** 2 / (whole.w**2).sum()
    cut = _part(a, whole, scores, slope, (float(turn(np.array([left]))[0]), spread, size))
    full_size = other.w.sum() ** 2 / (other.w**2).sum()
    uncut = other.w / other.w.sum() * (other.y - other.mean)
    return cut, _part(b, other, uncut, slope, (other.mean, other.spread, full_size))


def _part(asked: Asked, sample: Sample, scores: FloatArray, slope: float, moments: tuple[float, float, float]) -> Part:
    """What is left of an arm: scores of those who answered, and `slope` times those of the logarithm of its rate."""
    rows: IntArray = np.flatnonzero(asked.w > 0)
    weights, rate = asked.w[rows] / asked.w[rows].sum(), _rate(asked)
    all_scores = slope * weights * (~np.isnan(asked.y[rows]) - rate) / rate
    all_scores[np.searchsorted(rows, sample.rows)] += scores
    mean, spread, size = moments
    return Part(
        sample.n, asked.kind, asked.bounds, sample.plain, mean, spread, sample.df,
        asked.design.influence(rows, all_scores), size,
    )  # fmt: skip
