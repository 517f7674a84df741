"""Weights that make two groups alike in their covariates, and how each person moves them by having been sampled.

A way of adjusting joins by being a function here and a name in ADJUSTMENTS (impact.adjust).
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
from scipy import special

from impact.adjust.covariates import BoolArray, Covariate, Term, levels, terms
from impact.adjust.newton import Loss, Minimum, minimum
from impact.sample import Design, FloatArray, IntArray

# A propensity this close to 0 or 1 is that of someone whom the covariates place in one group for sure.
CERTAIN: Final = 1e-8


class Refused(Exception):
    """A comparison that cannot be adjusted. `reason` is what follows `adjustment.reason_` in texts."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, eq=False)
class Pair:
    """Two groups of one frame that an adjusted comparison sets against each other.

    `rows` are the frame's rows in either of them, `inside` says which of those are in the first (the "treated" of the
    papers). `weight` are their design weights, which have a mean of 1 here: only their proportions count. `x` has one
    row a person: a constant, then one column a term. `apart`: an answer of many in one group is too rare in the other.
    """

    design: Design
    rows: IntArray
    inside: BoolArray
    weight: FloatArray
    terms: tuple[Term, ...]
    x: FloatArray
    apart: bool

    @cached_property
    def propensity(self) -> Minimum | None:
        """The logistic regression of being in the first group; None where it has no maximum, or someone is certain.

        The design weights are in it, as they are in the weights made of it (Ridgeway et al. 2015).
        """
        found = minimum(self.x, self._logistic, np.zeros(self.x.shape[1]))
        if found is None or special.expit(-np.abs(found.predictor)).min() <= CERTAIN:
            return None
        return found

    @cached_property
    def chances(self) -> FloatArray:
        """The propensity of each person: the chance of being in the first group, given the covariates."""
        return np.asarray(special.expit(_found(self.propensity, "separated").predictor), dtype=np.float64)

    @cached_property
    def moves(self) -> FloatArray:
        """How each primary unit moves the coefficients of the propensity: a row a unit, a column a coefficient."""
        return _moves(self, _found(self.propensity, "separated"))

    def size(self, inside: bool) -> int:
        """How many people are in one of the two groups."""
        return int(np.count_nonzero(self.inside == inside))

    def _logistic(self, predictor: FloatArray) -> Loss:
        return logistic(predictor, self.inside.astype(np.float64), self.weight)


class Weighting(NamedTuple):
    """One weight a person of the pair, the design's included, and what an error of the weights' own model does to it.

    `slopes` is the derivative of each weight by the person's linear predictor; `moves` how each primary unit moves the
    coefficients of that predictor: their `influence`, a row a unit of the design, a column a coefficient.
    """

    weights: FloatArray
    slopes: FloatArray
    moves: FloatArray


def pair_of(covariates: tuple[Covariate, ...], weights: tuple[FloatArray, FloatArray], design: Design) -> Pair:
    """Two groups by the weights that each gives the rows of the frame: 0 outside it, the design weight inside."""
    first, second = weights
    rows = np.flatnonzero((first > 0) | (second > 0))
    weight = (first + second)[rows]
    weight = weight / weight.mean()
    inside = first[rows] > 0
    columns = terms(covariates, rows, inside, weight)
    x = np.column_stack([np.ones(rows.size), *(term.values for term in columns)])
    apart = any(levels(covariate, rows, inside).apart for covariate in covariates)
    return Pair(design, rows, inside, weight, columns, x, apart)


def refuse(pair: Pair, least: float) -> None:
    """Refuse a pair whose smaller group has fewer than `least` people a term, whose answers have too little in common
    (what sets them apart is in no term), or whose errors cannot be told.

    The constant is no term: it is there without any covariate (as in counts of events per variable, Peduzzi et al.
    1996). Raises Refused.
    """
    if min(pair.size(inside=True), pair.size(inside=False)) < least * max(len(pair.terms), 1):
        raise Refused("few_people")
    if pair.apart:
        raise Refused("answer_apart")
    if pair.design.df(pair.rows) < 1:
        raise Refused("one_cluster")


def overlap(pair: Pair) -> Weighting:
    """Each person by the chance of being in the other group (Li, Morgan & Zaslavsky 2018).

    Those whom either group could hold count most; the means of all terms are then exactly alike.
    """
    chance = pair.chances
    slope = chance * (1 - chance)
    return Weighting(*_own(pair, (1 - chance, chance), (-slope, slope)), pair.moves)


def att(pair: Pair) -> Weighting:
    """The first group as it is, the second by the odds of being in the first: made like it (Hirano & Imbens 2001)."""
    odds = np.exp(_found(pair.propensity, "separated").predictor)
    return Weighting(*_own(pair, (np.ones_like(odds), odds), (np.zeros_like(odds), odds)), pair.moves)


def ate(pair: Pair) -> Weighting:
    """Each person by the inverse of the chance of their own group: both made like the two together (Rosenbaum 1987)."""
    chance = pair.chances
    odds = chance / (1 - chance)
    return Weighting(*_own(pair, (1 / chance, 1 / (1 - chance)), (-1 / odds, odds)), pair.moves)


def entropy(pair: Pair) -> Weighting:
    """The first group as it is, the second by the weights nearest to its own whose means of all terms are the first's.

    Entropy balancing (Hainmueller 2012) by its dual. Its equations are those of a model of the odds with a loss of its
    own (Zhao & Percival 2017), which is how its error is known. Raises Refused where no weights do it.
    """
    inside, weight = pair.inside, pair.weight

    def loss(predictor: FloatArray) -> Loss:
        with np.errstate(over="ignore"):
            odds = np.where(inside, 0.0, weight * np.exp(predictor))
        return Loss(odds - np.where(inside, weight * predictor, 0.0), odds - np.where(inside, weight, 0.0), odds)

    found = _found(minimum(pair.x, loss, np.zeros(pair.x.shape[1])), "unbalanced")
    odds = np.exp(np.where(inside, 0.0, found.predictor))
    return Weighting(*_own(pair, (np.ones_like(odds), odds), (np.zeros_like(odds), odds)), _moves(pair, found))


def logistic(predictor: FloatArray, y: FloatArray, weight: FloatArray) -> Loss:
    """The negative log-likelihood of answers y, 0 or 1, one a row, each counted `weight` times."""
    side = np.where(y > 0, -1.0, 1.0)  # written from the other answer's chance, so that nothing cancels
    other = special.expit(side * predictor)
    value = weight * np.logaddexp(0, side * predictor)
    return Loss(value, weight * side * other, weight * other * special.expit(-side * predictor))


def linear(predictor: FloatArray, y: FloatArray, weight: FloatArray) -> Loss:
    """Half the squared distance of answers y, one a row, each counted `weight` times."""
    away = predictor - y
    return Loss(weight * away**2 / 2, weight * away, weight)


def _own(
    pair: Pair, weights: tuple[FloatArray, FloatArray], slopes: tuple[FloatArray, FloatArray]
) -> tuple[FloatArray, FloatArray]:
    """Each person's own weight and its slope, the design's weight in both, from those of either group."""
    return pair.weight * np.where(pair.inside, *weights), pair.weight * np.where(pair.inside, *slopes)


def _moves(pair: Pair, found: Minimum) -> FloatArray:
    by_person = -(found.loss.slope[:, None] * pair.x) @ found.inverse
    return np.column_stack([pair.design.influence(pair.rows, column) for column in by_person.T])


def _found(minimum: Minimum | None, reason: str) -> Minimum:
    if minimum is None:
        raise Refused(reason)
    return minimum
