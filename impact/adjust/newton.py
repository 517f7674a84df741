"""Where a sum of convex losses is least: one Newton for propensities, balancing weights and outcome models."""

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np

from impact.sample import FloatArray

# A step that moves no linear predictor by more than this part is none: above rounding, far below any figure read. Where
# a loss has no minimum, as when covariates tell two groups apart, steps stay near 1 for ever.
TIGHT: Final = 1e-11
# The same after the last step, for weights so unequal that rounding alone moves more.
SETTLED: Final = 1e-7
# What rounding may add to a loss that a step has lessened, as a part of the losses of all rows.
ROUNDING: Final = 1e-12
MOST_STEPS: Final = 60
MOST_HALVINGS: Final = 40


class Loss(NamedTuple):
    """The loss of each row at its linear predictor, with its first and second derivative there."""

    value: FloatArray
    slope: FloatArray
    curvature: FloatArray


class Minimum(NamedTuple):
    """Coefficients, one a column of x; the linear predictor and the loss at them; the inverse of the curvature."""

    coefficients: FloatArray
    predictor: FloatArray
    loss: Loss
    inverse: FloatArray


def minimum(
    x: FloatArray, loss: Callable[[FloatArray], Loss], start: FloatArray, penalty: FloatArray | float = 0.0
) -> Minimum | None:
    """The coefficients b at which the sum of loss(x b) + penalty b^2 / 2 is least, None where there are none.

    Newton's steps, halved as long as they overshoot. `penalty` is one number a column.
    """
    penalties = np.broadcast_to(np.asarray(penalty, dtype=np.float64), start.shape)
    at, here = start, loss(x @ start)
    for turn in range(MOST_STEPS):
        gradient = x.T @ here.slope + penalties * at
        inverse = _inverse(x.T @ (here.curvature[:, None] * x) + np.diag(penalties))
        if inverse is None:
            return None
        step, predictor = inverse @ gradient, x @ at
        tight = TIGHT if turn < MOST_STEPS - 1 else SETTLED
        if np.abs(x @ step).max() <= tight * (1 + np.abs(predictor).max()):
            return Minimum(at, predictor, here, inverse)
        most = _total(here, at, penalties) + ROUNDING * float(np.abs(here.value).sum())
        for _ in range(MOST_HALVINGS):
            with np.errstate(over="ignore", invalid="ignore"):  # a step too far, which the next line sees
                there = loss(x @ (at - step))
                lessened = _total(there, at - step, penalties) <= most
            if lessened:
                break
            step = step / 2
        else:
            return None
        at, here = at - step, there
    return None


def _total(loss: Loss, at: FloatArray, penalties: FloatArray) -> float:
    """The loss of all rows and the penalty; NaN or infinite where they cannot be told."""
    return float(loss.value.sum() + penalties @ at**2 / 2)


def _inverse(curvature: FloatArray) -> FloatArray | None:
    if not np.isfinite(curvature).all():
        return None
    try:
        return np.asarray(np.linalg.inv(curvature), dtype=np.float64)
    except np.linalg.LinAlgError:
        return None
