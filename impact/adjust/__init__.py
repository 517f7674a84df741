"""Comparisons of groups made alike in their covariates: weights, arms, balance. Numbers in, numbers out.

A way of adjusting joins by a member of ADJUSTMENTS. What each gives is an arm that has what a `Sample` has, so that
intervals, contrasts and tests serve it as they are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from impact.adjust.arms import AdjustedArm, Outcome, doubly_robust, weighted_mean
from impact.adjust.balance import effective
from impact.adjust.weighting import Pair, Refused, Weighting, ate, att, entropy, overlap, refuse

# A mean that rests on fewer people than this once they are weighed (Kish 1965) is theirs, not the group's: those whom
# the weights single out agree with themselves, and no error tells it.
FEWEST_LEFT: Final = 10


@dataclass(frozen=True, slots=True)
class Adjustment:
    """How people are weighed, which may raise Refused, and how an arm's mean is found under such weights."""

    weigh: Callable[[Pair], Weighting]
    arm: Callable[[Pair, Weighting, Outcome, bool], AdjustedArm]


ADJUSTMENTS: Final[dict[str, Adjustment]] = {
    "overlap": Adjustment(overlap, weighted_mean),
    "att": Adjustment(att, weighted_mean),
    "ate": Adjustment(ate, weighted_mean),
    "entropy": Adjustment(entropy, weighted_mean),
    "doubly_robust": Adjustment(ate, doubly_robust),
}


def weighed(name: str, pair: Pair, least: float) -> Weighting:
    """The weights of an adjustment of ADJUSTMENTS for a pair of at least `least` people a term in the smaller group.

    Raises Refused with the reason where there are none that a comparison can stand on.
    """
    refuse(pair, least)
    weighting = ADJUSTMENTS[name].weigh(pair)
    if min(effective(pair, weighting.weights)) < FEWEST_LEFT:
        raise Refused("few_left")
    return weighting
