"""Comparisons of groups made alike in their covariates: weights, arms, balance. Numbers in, numbers out.

A way of adjusting joins by a member of ADJUSTMENTS. What each gives is an arm that has what a `Sample` has, so that
intervals, contrasts and tests serve it as they are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from impact.adjust.arms import AdjustedArm, Outcome, doubly_robust, weighted_mean
from impact.adjust.weighting import Pair, Weighting, ate, att, entropy, overlap


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
