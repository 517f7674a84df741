"""The measures of a comparison by name: contrasts of two arms' limits, and effect sizes drawn from the arms themselves.

A measure joins by being a function here, or a contrast, and a name in MEASURES.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

from scipy import special

from impact import ranks
from impact.contrasts import CONTRASTS, Estimated, difference
from impact.sample import Arm, Sample, correlation


class Side(NamedTuple):
    """One arm of a comparison and what was estimated of it."""

    sample: Sample
    found: Estimated


@dataclass(frozen=True, slots=True)
class Measure:
    """How two sides are set against each other at a level. `neutral` is what two equal sides give, `units` the units of
    indicators that have such a measure; `ordered` ones are for answers that have an order, drawn as they are."""

    between: Callable[[Side, Side, float], Estimated]
    neutral: float
    units: frozenset[str]
    ordered: bool = False


def cohen_d(one: Side, other: Side, level: float) -> Estimated:
    """The difference of two means over the root of the mean of their two variances (Cohen's d; Bonett 2008).

    The two variances weigh alike, so that neither the larger group nor equal variances are taken for granted; no small
    sample correction (Hedges' would take 1.3 % off with 30 a group). The limits are those of the difference over the
    same spread, squared and added to what the spreads' own errors do to d, as for normal answers on effective sizes.
    Where neither arm varies, d is 0 or infinite, and its limits are infinite but for one: the difference can be no
    smaller than its own limit over the largest spread that the scale allows.
    """
    a, b = one.sample, other.sample
    gap = difference(one.found, other.found, correlation(a, b))
    variances = _variance(a), _variance(b)
    spread = math.sqrt(sum(variances) / 2)
    if not spread:
        return _without_spread(gap, a)
    d = gap.estimate / spread
    sizes = max(a.n_eff - 1, 0.0), max(b.n_eff - 1, 0.0)
    parts = [v**2 / size if size else math.inf for v, size in zip(variances, sizes, strict=True) if v]
    own = abs(d) * math.sqrt(sum(parts) / 8) / spread**2 if d else 0.0
    reach = own * _quantile(a, b, level) if own else 0.0
    return Estimated(
        d,
        math.hypot(gap.std_error / spread, own),
        d - math.hypot((gap.estimate - gap.low) / spread, reach),
        d + math.hypot((gap.high - gap.estimate) / spread, reach),
    )


def superiority(one: Side, other: Side, level: float) -> Estimated:
    """The chance that an answer of one side is above one of the other, plus half that of a tie; 0.5 if they are alike.

    Student's limits on the log odds of the chance, brought back (Konietschke, Hothorn & Brunner 2012), with the error
    of `ranks.superiority`; where that is 0 or unknown, and where the chance is 0 or 1, the score limits of Newcombe
    (2006) on the effective sizes.
    """
    a, b = one.sample, other.sample
    found = ranks.superiority(a, b)
    chance, inner = found.chance, found.chance * (1 - found.chance)
    if not found.known or inner < ROUNDING:
        low, high = ranks.score_limits(chance, (a.n_eff, b.n_eff), _quantile(a, b, level))
    else:
        half = ranks.student(found.df, level) * found.std_error / inner
        low, high = (float(special.expit(special.logit(chance) + way)) for way in (-half, half))
    return Estimated(chance, found.std_error, min(low, chance), max(high, chance))


def _of_limits(contrast: str) -> Measure:
    """A contrast of the two sides' limits, given the correlation of their means."""
    known = CONTRASTS[contrast]

    def between(one: Side, other: Side, _: float) -> Estimated:
        return known.between(one.found, other.found, correlation(one.sample, other.sample))

    return Measure(between, known.neutral, known.units)


# A chance this near to 0 or 1 is 0 or 1 but for rounding.
ROUNDING: Final = 1e-12

MEASURES: Final[dict[str, Measure]] = {
    **{contrast: _of_limits(contrast) for contrast in CONTRASTS},
    "cohen_d": Measure(cohen_d, 0.0, frozenset({"mean", "index"})),
    "superiority": Measure(superiority, 0.5, frozenset({"mean"}), ordered=True),
}

# What a study asks for, and the measures that answer it: one for shares, one for means.
ASKED: Final[dict[str, frozenset[str]]] = {
    "difference": frozenset({"difference"}),
    "ratio": frozenset({"ratio"}),
    "odds_ratio": frozenset({"odds_ratio"}),
    "effect_size": frozenset({"cohen_h", "cohen_d"}),
    "superiority": frozenset({"superiority"}),
}


def wanted(asked: tuple[str, ...]) -> dict[str, Measure]:
    """The measures that answer what a study asks for, in the order of MEASURES. The difference is always among them,
    for verdicts and corrections are read off it. KeyError for a name that is not in ASKED."""
    names = {"difference"}.union(*(ASKED[name] for name in asked))
    return {name: measure for name, measure in MEASURES.items() if name in names}


def _variance(arm: Arm) -> float:
    """The variance of the answers, as R's var and survey's svyvar; 0 for a single answer."""
    return arm.spread * arm.n / (arm.n - 1) if arm.n > 1 else 0.0


def _without_spread(gap: Estimated, a: Arm) -> Estimated:
    """A difference between two arms neither of which varies, in spreads of unknown size."""
    if not gap.estimate:
        return Estimated(0.0, math.inf, -math.inf, math.inf)
    least, most = a.bounds or (-math.inf, math.inf)
    largest = (most - least) / 2
    low = gap.low / largest if gap.low > 0 else -math.inf
    high = gap.high / largest if gap.high < 0 else math.inf
    return Estimated(math.copysign(math.inf, gap.estimate), math.inf, low, high)


def _quantile(a: Arm, b: Arm, level: float) -> float:
    """The normal quantile for two arms drawn one by one, else Student's on the fewer degrees of freedom of the two."""
    return float(special.ndtri((1 + level) / 2)) if a.plain and b.plain else ranks.student(min(a.df, b.df), level)
