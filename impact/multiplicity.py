"""p-values of several questions asked at once, corrected together. Arrays in, arrays out, in the same order, no NaN."""

import math
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import special

DURATION_CORRECTIONS: Final = ("max_t", "holm")  # of the comparisons of one question by duration
# Of a quadrature that a smooth peak a tenth as wide as its stretch still asks for.
_NODES: Final = 64
# A third direction of errors below this part of the first is what rounding leaves of none.
_ROUNDING: Final = 1e-9

FloatArray = npt.NDArray[np.float64]


def holm(p: npt.ArrayLike) -> FloatArray:
    """The chance of one false alarm or more in the whole family is held, whatever ties its members (Holm 1979)."""
    values = np.asarray(p, dtype=np.float64)
    order = np.argsort(values, kind="stable")
    left = values.size - np.arange(values.size)
    return _back(np.minimum(np.maximum.accumulate(values[order] * left), 1.0), order)


def benjamini_hochberg(p: npt.ArrayLike) -> FloatArray:
    """The part of false alarms among the announced is held (Benjamini & Hochberg 1995)."""
    values = np.asarray(p, dtype=np.float64)
    order = np.argsort(values, kind="stable")[::-1]
    rank = values.size - np.arange(values.size)
    return _back(np.minimum(np.minimum.accumulate(values[order] * (values.size / rank)), 1.0), order)


def max_t(p: npt.ArrayLike, covariance: npt.ArrayLike, df: float = math.inf) -> FloatArray:
    """Contrasts among three groups, corrected in one step for what they have in common: each p becomes the chance that
    the smallest of them all were so small, did no group differ.

    `covariance` is that of the contrasts, of rank two at most: two contrasts of three groups give the third. With p of
    Student's t it is the single step of Dunnett and Tukey for any variances (Hothorn, Bretz & Westfall 2008, R's
    multcomp); with p of another test, that step on the t that would have had this p. ValueError for a contrast without
    error and for contrasts of more than three groups.
    """
    values, angles = np.asarray(p, dtype=np.float64), _angles(np.asarray(covariance, dtype=np.float64))
    return np.array([max(_beyond(one, angles, df), one) for one in values.tolist()])


def _angles(covariance: FloatArray) -> FloatArray:
    """The direction of each contrast in the plane where the errors of any two groups' contrasts are round."""
    size, direction = np.linalg.eigh(covariance)
    factor = direction[:, -2:] * np.sqrt(np.maximum(size[-2:], 0.0))
    if not np.diag(covariance).min() > 0 or (size.size > 2 and size[-3] > _ROUNDING * size[-1]):
        raise ValueError("contrasts with errors, of three groups at most")
    second = factor[:, -2] if size.size > 1 else np.zeros(size.size)
    return np.asarray(np.arctan2(factor[:, -1], second) % math.pi, dtype=np.float64)


def _beyond(p: float, angles: FloatArray, df: float) -> float:
    """The chance that a point drawn in this plane lies beyond the bound of p in one of the directions or more.

    Along each ray the chance to be beyond the nearest bound is known; it is averaged over all rays (for one direction
    this is Craig's integral, 1991), piece by piece between the rays where another direction becomes the nearest.
    """
    bound = float(-special.ndtri(p / 2) if math.isinf(df) else -special.stdtrit(df, p / 2))
    if not 0 < bound < math.inf:
        return p
    between = (angles[:, None] + angles).ravel() / 2  # of an angle and itself: that angle
    cuts = np.unique(np.concatenate([[0.0, math.pi], between % math.pi, (between + math.pi / 2) % math.pi]))
    node, weight = _nodes()
    half = np.diff(cuts) / 2
    ray = cuts[:-1, None] + half[:, None] * (1 + node)
    nearest = bound / np.abs(np.cos(ray[..., None] - angles)).max(axis=-1)
    chance = np.exp(-(nearest**2) / 2) if math.isinf(df) else np.exp(-df / 2 * np.log1p(nearest**2 / df))
    return float((half[:, None] * weight * chance).sum() / math.pi)


@cache
def _nodes() -> tuple[FloatArray, FloatArray]:
    """Where an integral over [-1, 1] is read, and with what weight (Gauss and Legendre)."""
    node, weight = np.polynomial.legendre.leggauss(_NODES)
    return np.asarray(node), np.asarray(weight)


def _back(corrected: FloatArray, order: npt.NDArray[np.intp]) -> FloatArray:
    """Each corrected value where its p stood."""
    placed = np.empty_like(corrected)
    placed[order] = corrected
    return placed
