"""Whether two arms gave the same answers to a closed question: tables of arm by answer, drawn by any design."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from scipy import special

from impact.sample import FloatArray, Sample

# A design effect below this part of that of answers drawn one by one is what rounding leaves of none.
ROUNDING: Final = 1e-12


class Answers(NamedTuple):
    """The answers of one arm: the part that gave each and its influence, one value a primary unit; any of its samples
    for who answered, their weights and the design."""

    parts: FloatArray
    influence: FloatArray
    arm: Sample


class Found(NamedTuple):
    """A statistic, the degrees of freedom of the F that it is referred to, and its p."""

    f: float
    df: float
    denominator: float

    @property
    def p(self) -> float:
        """The chance of so large a statistic, or a larger one, where the arms do not differ."""
        return float(special.fdtrc(self.df, self.denominator, self.f))


def answers(options: Sequence[Sample], whole: bool = True) -> Answers:
    """The answers of an arm from the share of each. Of a `whole` set of one share, the others are one more answer."""
    parts = [option.mean for option in options]
    influence = [option.influence for option in options]
    if whole and len(options) == 1:
        parts, influence = [*parts, 1 - parts[0]], [*influence, -influence[0]]
    return Answers(np.array(parts), np.array(influence), options[0])


def rao_scott_f(a: Answers, b: Answers) -> Found | None:
    """Pearson's chi-square of arm by answer, one answer a person, corrected to the second order for the design.

    F on d and d × the design's degrees of freedom, as R survey's svychisq(statistic = "F"): Rao & Scott (1984),
    Thomas & Rao (1987). None where the design shows no error of the table, or nobody gave but one answer.
    """
    weights = np.array([a.arm.weight, b.arm.weight])
    sides = weights / weights.sum()
    cells = sides[:, None] * np.array([a.parts, b.parts])
    kept = cells.sum(axis=0) > 0
    if np.count_nonzero(kept) < 2:
        return None
    cells, over = cells[:, kept], _over(cells[:, kept])
    moves = [(side * each)[:, None] * arm.influence[kept] for side, each, arm in zip(sides, over, (a, b), strict=True)]
    apart = moves[0] - moves[1]
    if (
        not cells.all()
    ):  # what moves arm a's part of both arms' weight is common to all answers where both arms gave each
        shift = sides.prod() * (a.arm.presence - b.arm.presence)
        apart += np.outer((1 / sides) @ (cells > 0), shift)
    expected = np.outer(sides, cells.sum(axis=0))
    chi_square = float(((cells - expected) ** 2 / expected).sum())
    return _referred(chi_square, apart @ apart.T, np.diag(over.sum(axis=0)), _df(a, b))


def several_f(a: Answers, b: Answers) -> Found | None:
    """The chi-squares of arm by each answer added up, several answers a person, corrected to the second order for the
    ties between the answers and for the design (Decady & Thomas 2000; Thomas & Decady 2004; Bilder & Loughin 2004).

    Answers that everyone or nobody gave are left out. None where no answer has an error.
    """
    weights = np.array([a.arm.weight, b.arm.weight])
    common = weights @ np.array([a.parts, b.parts]) / weights.sum()
    kept = (common > 0) & (common < 1)
    if not kept.any():
        return None
    alone = common[kept] * (1 - common[kept])
    moves = (a.influence - b.influence)[kept]
    gaps = (a.parts - b.parts)[kept]
    return referred(float((gaps**2 / alone).sum()), moves @ moves.T / alone[:, None], _df(a, b))


def _referred(chi_square: float, covariance: FloatArray, alone: FloatArray, df: int) -> Found | None:
    """A chi-square over what the design makes of it: `covariance` of the log ratios of the arms' parts, beside the one
    that answers drawn one by one would give; both up to what is common to all answers."""
    size = covariance.shape[0]
    basis = np.linalg.qr(np.eye(size) - 1 / size)[0][:, : size - 1]
    effects = np.linalg.solve(basis.T @ alone @ basis, basis.T @ covariance @ basis)
    return referred(chi_square, effects, df)


def referred(chi_square: float, effects: FloatArray, df: int) -> Found | None:
    """A sum of squares whose parts have the eigenvalues of `effects` for weights, referred to F by its first two
    moments (Satterthwaite 1946). None where the weights add up to nothing or no degree of freedom is left."""
    whole = float(np.trace(effects))
    if not whole > ROUNDING or df < 1:
        return None
    parts = whole**2 / float((effects * effects.T).sum())
    return Found(chi_square / whole, parts, parts * df)


def _df(a: Answers, b: Answers) -> int:
    return a.arm.design.df_of(a.arm.held, b.arm.held)


def _over(cells: FloatArray) -> FloatArray:
    """One over each cell, 0 for an empty one."""
    return np.divide(1.0, cells, out=np.zeros_like(cells), where=cells > 0)
