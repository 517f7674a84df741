"""p-values of several questions asked at once, corrected together. Arrays in, arrays out, in the same order, no NaN."""

import numpy as np
import numpy.typing as npt

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


def _back(corrected: FloatArray, order: npt.NDArray[np.intp]) -> FloatArray:
    """Each corrected value where its p stood."""
    placed = np.empty_like(corrected)
    placed[order] = corrected
    return placed
