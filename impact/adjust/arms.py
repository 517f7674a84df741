"""The two arms of an adjusted comparison: means under weights that were estimated, and errors that know it.

The equations of the weights, of the outcome models and of the means are solved together (Stefanski & Boos 2002): each
person's pull on a mean is their own distance from it and what they did to the weights. Summed by primary unit, these
are the `influence` that standard errors, correlations and tests are made of, as for any other `Sample`.
"""

import math
from typing import Final, NamedTuple

import numpy as np
from scipy import special

from impact.adjust.covariates import BoolArray
from impact.adjust.newton import Loss, minimum
from impact.adjust.weighting import Pair, Weighting, linear, logistic
from impact.sample import Design, FloatArray, Kind, Sample

# What holds the slopes of an outcome model: a normal prior of the scale 2.5 (that of Gelman et al. 2008), 1 / 2.5^2.
HELD: Final = 0.16


class Outcome(NamedTuple):
    """One number a row of the frame, NaN without an answer; its kind; the ends of its scale, where it has some."""

    y: FloatArray
    kind: Kind
    bounds: tuple[float, float] | None = None


class AdjustedArm(Sample):
    """A group as one arm of an adjusted comparison: a `Sample` under adjusted weights, whose influence is given.

    Never `plain`: its intervals use Student's quantile on the design's degrees of freedom and the effective size that
    its error tells, at most what the weights leave of those who answered, `left` (Kish 1965), since few people of great
    weight who answer alike would seem many.
    """

    def __init__(self, outcome: Outcome, w: FloatArray, design: Design, found: tuple[float, FloatArray]) -> None:
        super().__init__(outcome.y, w, design, outcome.kind, outcome.bounds)
        self.plain = False
        self.mean, self.influence = found
        if self.kind == "share":
            self.spread = self.mean * (1 - self.mean)
        self.left = float(self.w.sum() ** 2 / (self.w @ self.w)) if self.n else 0.0
        self.n_eff = min(self.n_eff, self.left)


def weighted_mean(pair: Pair, weighting: Weighting, outcome: Outcome, inside: bool) -> AdjustedArm:
    """The weighted mean of one group's answers (Hájek); `inside` says which group. NaN where nobody answered."""
    y, answered = _answers(pair, outcome, inside)
    w = np.where(answered, weighting.weights, 0.0)
    sample = Sample(outcome.y, _on_frame(pair, w), pair.design, outcome.kind, outcome.bounds)
    away = np.where(answered, y - sample.mean, 0.0)
    through = pair.x.T @ (weighting.slopes * away)
    influence = pair.design.influence(pair.rows, w * away) + weighting.moves @ through
    return _arm(pair, outcome, w, (sample.mean, influence / max(w.sum(), math.ulp(0.0))))


def doubly_robust(pair: Pair, weighting: Weighting, outcome: Outcome, inside: bool) -> AdjustedArm:
    """The mean that a model of one group's answers foretells for the two groups together.

    The model is fitted under the inverse of the propensity, so that its weighted residuals add up to zero and no
    correction is left to add: right if either model is (Robins, Sued, Lei-Gomez & Rotnitzky 2007; Kang & Schafer 2007),
    and a share stays between 0 and 1. Logistic for shares, linear for means, cut at the scale's ends. The slopes, not
    the constant, are held by a weak prior (Gelman et al. 2008), so that they exist where few said yes; what is held
    back falls to the weighted mean, which is right if the propensity is.
    """
    y, answered = _answers(pair, outcome, inside)
    w = np.where(answered, weighting.weights, 0.0)
    known = y[answered]
    if not known.size or known.min() == known.max():  # a model has nothing to tell apart
        constant = float(known[0]) if known.size else math.nan
        return _arm(pair, outcome, w, (constant, np.zeros(len(weighting.moves))))
    return _arm(pair, outcome, w, _foretold(pair, weighting, np.where(answered, y, 0.0), answered, outcome))


def _foretold(
    pair: Pair, weighting: Weighting, y: FloatArray, answered: BoolArray, outcome: Outcome
) -> tuple[float, FloatArray]:
    """The mean of what the outcome model foretells, and each primary unit's pull on it."""
    share, w, whole = outcome.kind == "share", np.where(answered, weighting.weights, 0.0), pair.weight.sum()

    def loss(predictor: FloatArray) -> Loss:
        return (logistic if share else linear)(predictor, y, w)

    each = np.where(answered, pair.weight, 0.0) / answered.sum()
    held = np.where(np.arange(pair.x.shape[1]) > 0, HELD * each.sum(), 0.0)
    found = minimum(pair.x, loss, np.zeros(pair.x.shape[1]), held)
    assert found is not None, "held slopes always have a minimum where answers differ"
    foretold = special.expit(found.predictor) if share else found.predictor
    by_predictor = foretold * (1 - foretold) if share else np.ones_like(foretold)
    mean = float(pair.weight @ foretold / whole)
    pull = found.inverse @ (pair.x.T @ (pair.weight * by_predictor))
    reach = pair.x @ pull
    residual = np.where(answered, y - foretold, 0.0)
    through = pair.x.T @ (weighting.slopes * residual * reach)
    scores = pair.weight * (foretold - mean) + w * residual * reach
    scores -= each / each.sum() * float((held * found.coefficients) @ pull)
    influence = pair.design.influence(pair.rows, scores) + weighting.moves @ through
    low, high = outcome.bounds or (-math.inf, math.inf)
    return min(max(mean, low), high), influence / whole


def _answers(pair: Pair, outcome: Outcome, inside: bool) -> tuple[FloatArray, BoolArray]:
    """The answers of the pair's people, and who of one group gave one."""
    y = outcome.y[pair.rows]
    return y, (pair.inside == inside) & ~np.isnan(y)


def _arm(pair: Pair, outcome: Outcome, w: FloatArray, found: tuple[float, FloatArray]) -> AdjustedArm:
    """An arm, each unit's pull enlarged for the coefficients that its people were asked to tell.

    As in a regression by (n - 1) / (n - k), its n people for the k coefficients (MacKinnon & White 1985, HC1): without
    it, intervals of means of thirty people under five coefficients cover at 0.92.
    """
    mean, influence = found
    people, columns = int(np.count_nonzero(w)), pair.x.shape[1]
    influence = influence * math.sqrt(max(people - 1, 0) / max(people - columns, 1))
    return AdjustedArm(outcome, _on_frame(pair, w), pair.design, (mean, influence))


def _on_frame(pair: Pair, w: FloatArray) -> FloatArray:
    """One weight a row of the frame, 0 outside the pair."""
    whole = np.zeros(pair.design.rows)
    whole[pair.rows] = w
    return whole
