"""How much of a comparison hangs on what was not seen: a cause left out, people who kept silent, arms that answered
unequally, a gap too small for these sizes."""

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

from impact.contrasts import Estimated, difference
from impact.intervals import interval
from impact.sample import ROUNDING, Arm, FloatArray, IntArray, Kind, Sample, correlation, product

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


@dataclass(frozen=True, eq=False)
class Asked:
    """Those of one group who were asked: what they answered, and a weight a row of the frame, 0 for all others. Who was
    asked and did not answer kept silent."""

    answered: Sample
    weights: FloatArray

    @cached_property
    def rows(self) -> IntArray:
        """Their rows of the frame."""
        return np.flatnonzero(self.weights > 0)

    @cached_property
    def shares(self) -> FloatArray:
        """The weight of each, adding up to 1."""
        return np.asarray(self.weights[self.rows] / self.weights[self.rows].sum(), dtype=np.float64)

    @cached_property
    def rate(self) -> float:
        """The part that answered."""
        return float(self.shares[self._spoke].sum()) if self.silent else 1.0

    @property
    def silent(self) -> bool:
        """Whether anyone kept silent."""
        return self.answered.n < self.rows.size

    @cached_property
    def _spoke(self) -> "npt.NDArray[np.bool_]":
        spoke = np.zeros(self.weights.size, dtype=bool)
        spoke[self.answered.rows] = True
        return np.asarray(spoke[self.rows], dtype=np.bool_)

    @cached_property
    def by_rate(self) -> FloatArray:
        """What each primary unit adds to the logarithm of the rate; nothing where nobody answered."""
        scores = self.shares * (self._spoke / self.rate - 1) if self.rate else np.zeros(self.rows.size)
        return self.answered.design.influence(self.rows, scores)

    @cached_property
    def _df(self) -> int:
        return self.answered.design.df(self.rows)

    @cached_property
    def _plain_and_size(self) -> tuple[bool, float]:
        """Whether each was drawn by itself and counts the same; the size that the weights alone leave (Kish 1965)."""
        if self.answered.design.is_plain and np.all(self.shares == self.shares[0]):
            return True, float(self.rows.size)
        return False, 1 / float((self.shares**2).sum())

    def filled(self, value: float) -> Arm:
        """The group as if all who kept silent had given this answer."""
        if not self.silent:
            return self.answered
        one, rate = self.answered, self.rate
        apart = one.mean - value if one.n else 0.0
        mean, spread = value + rate * apart, rate * one.spread + rate * (1 - rate) * apart**2
        influence = rate * (one.influence + apart * self.by_rate) if one.n else self.by_rate
        plain, size = self._plain_and_size
        found = Part(one.kind, one.bounds, self.rows.size, plain, mean, spread, self._df, influence, size)
        return found if plain else replace(found, n_eff=found.as_precise(self.rows.size))


@dataclass(frozen=True)
class Part:
    """A mean of answers some of which were filled in or cut off: an `Arm`. `n_eff` is the size of a simple sample as
    precise."""

    kind: Kind
    bounds: tuple[float, float] | None
    n: int
    plain: bool
    mean: float
    spread: float
    df: int
    influence: FloatArray
    n_eff: float

    @cached_property
    def std_error(self) -> float:
        """The root of the linearised variance; infinite where nothing tells it."""
        if self.df < 1:
            return math.inf
        variance = product(self.influence, self.influence)
        return math.sqrt(variance) if variance > ROUNDING * self.spread else 0.0

    def as_precise(self, most: float) -> float:
        """The size that the standard error stands for, at most so many; where there is no error, `n_eff` as it is."""
        known = 0 < self.std_error < math.inf and self.spread > 0
        return min(self.spread / self.std_error**2, most) if known else self.n_eff


def missing_bounds(a: Asked, b: Asked, level: float) -> Bounds:
    """The difference a - b whatever those who kept silent would have answered (Manski 1990; Horowitz & Manski 2000).

    Infinite where someone kept silent on a scale without ends. The confidence limits are those of `between`. Nobody
    silent gives the difference itself and its own limits. Both groups hold someone who was asked.
    """
    if a.answered.bounds is None and (a.silent or b.silent):
        return Bounds(-math.inf, math.inf, -math.inf, math.inf)
    least, most = a.answered.bounds or (0.0, 0.0)
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
    return math.sqrt(max(variance - 2 * product(a.influence, b.influence), 0.0))


def _contrast(a: Arm, b: Arm, level: float) -> Estimated:
    one, other = (Estimated(arm.mean, arm.std_error, *interval(METHODS[arm.kind], arm, level)) for arm in (a, b))
    return difference(one, other, correlation(a, b))


# --- arms that answered unequally ------------------------------------------------------------------------------------


def trimming_bounds(a: Asked, b: Asked, level: float) -> Bounds | None:
    """The difference a - b among those who would have answered in either arm (Lee 2009).

    The arm that answered more is cut, at the top and then at the bottom, down to the rate of the other; that being in
    one arm never makes someone silent who would have answered in the other is taken for granted. Ties at the cut are
    shared out. Limits as `between`, on Lee's asymptotic variances, linearised under a design. Equal rates give the
    difference itself. None where nobody of an arm answered.
    """
    if not a.rate or not b.rate:
        return None
    if math.isclose(a.rate, b.rate, rel_tol=_ROUNDING):
        return between((a.answered, b.answered), (a.answered, b.answered), level)
    if a.rate < b.rate:
        turned = trimming_bounds(b, a, level)
        return turned and Bounds(-turned.high, -turned.low, -turned.limit_high, -turned.limit_low)
    cuts = _cuts(a.answered, b.rate / a.rate)
    lowest, highest = ((_with_rate(cut, edge, a), _with_rate(_whole(b.answered), edge, b)) for cut, edge in cuts)
    return between(lowest, highest, level)


def _cuts(arm: Sample, kept: float) -> list[tuple[Part, float]]:
    """An arm without its highest answers and without its lowest, and how far the mean left moves with its rate.

    The mean left is (E min(y, q) - (1 - kept) q) / kept, q being the quantile `kept` of the answers; its slopes by the
    answers and by the two rates' logarithms (mean - q, and q - mean) are the influence of each person.
    """
    values, code = _levels(arm)
    share = arm.w / arm.w.sum()
    mass: FloatArray = np.bincount(code, share, minlength=values.size).astype(np.float64, copy=False)
    cuts = []
    for turn in (1.0, -1.0):
        mean, spread, edge, scores = _cut(turn * values, mass, kept)
        influence = arm.design.influence(arm.rows, share * scores[code] * turn)
        size = kept * float(arm.w.sum() ** 2 / (arm.w**2).sum())
        left = Part(arm.kind, arm.bounds, arm.n, arm.plain, turn * mean, spread, arm.df, influence, size)
        cuts.append((left, turn * (mean - edge)))
    return cuts


def _levels(arm: Sample) -> tuple[FloatArray, IntArray]:
    """The different answers in order, and which of them each person gave."""
    if arm.kind == "share":
        return np.array([0.0, 1.0]), arm.y.astype(np.intp)
    values, code = np.unique(arm.y, return_inverse=True)
    return values, code.astype(np.intp, copy=False)


def _cut(values: FloatArray, mass: FloatArray, kept: float) -> tuple[float, float, float, FloatArray]:
    """The mean and the spread of the lowest part of a distribution, its highest value, what each value adds to it."""
    order = np.argsort(values)
    place = int(np.searchsorted(np.cumsum(mass[order]), kept * (1 - _ROUNDING)))
    edge = float(values[order[min(place, values.size - 1)]])
    below = np.minimum(values, edge)
    centre = float(mass @ below)
    held = below[mass > 0].min()
    mean = min(max((centre - (1 - kept) * edge) / kept, float(held)), edge)  # rounding alone would leave the range
    spread = max((float(mass @ below**2) - (1 - kept) * edge**2) / kept - mean**2, 0.0)
    return mean, spread, edge, (below - centre) / kept


def _whole(arm: Sample) -> Part:
    size = float(arm.w.sum() ** 2 / (arm.w**2).sum())
    return Part(arm.kind, arm.bounds, arm.n, arm.plain, arm.mean, arm.spread, arm.df, arm.influence, size)


def _with_rate(part: Part, slope: float, asked: Asked) -> Part:
    """With what the mean owes to the rate of response (Lee 2009, proposition 3)."""
    found = replace(part, influence=part.influence + slope * asked.by_rate)
    return replace(found, n_eff=found.as_precise(part.n_eff))
