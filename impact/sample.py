"""One number a respondent, drawn in clusters or not, weighted or not: its mean and how far off it may be.

A share is the mean of 0 and 1, a score a mean, an index a mean of means: one `Sample` serves them all. Rows outside a
group stay in its sample at weight 0, so that two groups that share clusters know what they have in common.
"""

import math
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Literal, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from impact.errors import ImpactError

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]
BoolArray = npt.NDArray[np.bool_]
Kind = Literal["share", "mean"]

# A variance below this part of the answers' own is what rounding leaves of zero.
ROUNDING: Final = 1e-24
PART: Final = 8192
# The correlation within clusters that is counted on at the least: what is usual among people, 0.01 to 0.02 (Killip,
# Mahfoud & Pearce 2004). Without it the limits of rare answers hold the truth too seldom (tests/simulation).
LEAST_ALIKE: Final = 0.02
FARTHEST: Final = float(np.finfo(np.float64).max)
# Fewer clusters or strata than so many of one size tell, by an error printed to two digits, how many of each gave an
# answer; so few estimate no variance either (ten degrees of freedom, ACRO's default; Carter, Schnepel & Steigerwald
# 2017 for the number of equal ones).
FEWEST_TOLD: Final = 10
# How alike people of one cluster are then taken to be: the high end of what surveys of people find (Killip, Mahfoud &
# Pearce 2004: 0.01 to 0.05), on top of Student's quantile on so few clusters.
ASSUMED_ALIKE: Final = 0.05


class Assumed(NamedTuple):
    """The cluster and the smallest group of each row, where how alike a cluster's people are is not asked of their
    answers: errors then hang on the sizes of clusters and groups, and on who answered what of all, not of which."""

    cluster: IntArray
    group: IntArray

    def people(self, rows: IntArray) -> IntArray:
        """The clusters of all the people of the groups that these rows are of, whether they answered or not."""
        touched = np.bincount(self.group[rows], minlength=int(self.group.max()) + 1) > 0
        return self.cluster[touched[self.group]]


@dataclass(frozen=True, eq=False)
class Design:
    """How the rows of one frame were drawn, laid out once for every sample of the frame.

    `unit` is the primary unit of each row, None where each row is one; `stratum` the stratum of each primary unit, None
    where there is one; `sizes` the number of primary units in each stratum. Samples can be compared only when they hold
    the same Design object: row i of one is then row i of the other. Where clusters are too few to be told of, they are
    in `assumed`, and `unit` is None.
    """

    rows: int
    unit: IntArray | None
    stratum: IntArray | None
    sizes: IntArray
    assumed: Assumed | None = None

    @classmethod
    def plain(cls, rows: int) -> "Design":
        """Each row drawn by itself."""
        return cls(rows, None, None, np.array([rows]))

    @classmethod
    def of(cls, rows: int, stratum: npt.ArrayLike | None = None, cluster: npt.ArrayLike | None = None) -> "Design":
        """The layout of a frame from the stratum and the cluster of each row: codes or names, none missing.

        A cluster's name that comes back in another stratum is another cluster there. Raises ImpactError where a
        stratum, or the whole frame, has one primary unit only: nothing then says how much such units differ.
        """
        if stratum is None and cluster is None:
            return cls.plain(rows)
        names, of_unit = _codes(np.zeros(rows) if stratum is None else stratum)
        unit = None
        if cluster is not None:
            unit, of_unit = _primary_units(of_unit, cluster)
        sizes = np.bincount(of_unit)
        alone = names[sizes == 1]
        if alone.size and stratum is None:
            raise ImpactError("single_cluster")
        if alone.size:
            raise ImpactError("single_cluster_stratum", stratum=alone[0])
        return cls(rows, unit, None if stratum is None else of_unit, sizes)

    @property
    def is_plain(self) -> bool:
        """Neither strata nor clusters."""
        return self.unit is None and self.stratum is None and self.assumed is None

    def guarded(self, told: Iterable[IntArray], group: IntArray) -> "Design":
        """The layout for readers who know who is in which cluster and stratum, given the `rows` that each figure stands
        on and the smallest group of each row.

        Where a figure stands on fewer strata than FEWEST_TOLD of one size, errors are those of no strata; on fewer such
        clusters, those of people alike by ASSUMED_ALIKE in a cluster. One layout for all figures: sizes alone decide.
        """
        if self.is_plain:
            return self
        figures = list(told)
        of_unit = self.stratum
        if of_unit is not None and any(_equal(of_unit[self.units(rows)]) < FEWEST_TOLD for rows in figures):
            of_unit = None
        if self.unit is None:
            return self if of_unit is not None else Design.plain(self.rows)
        if any(_equal(self.unit[rows]) < FEWEST_TOLD for rows in figures):
            return Design(self.rows, None, None, np.array([self.rows]), Assumed(self.unit, group))
        return self if of_unit is self.stratum else Design.of(self.rows, None, self.unit)

    def inflation(self, rows: IntArray) -> float:
        """What the clusters that are `assumed` multiply variances by: 1 + (m - 1) ASSUMED_ALIKE (Kish 1965), m the
        size of the cluster that a person is in on average; 1 where none is assumed."""
        if self.assumed is None:
            return 1.0
        sizes = np.bincount(self.assumed.people(rows))
        return 1 + ASSUMED_ALIKE * (float(sizes @ sizes) / max(float(sizes.sum()), 1.0) - 1)

    def influence(self, rows: IntArray, scores: FloatArray) -> FloatArray:
        """One value a primary unit, whose products add up to variances and covariances.

        The scores of the rows that count are summed by unit, set off against their stratum's mean and scaled by
        n/(n-1), units without such rows included: Taylor linearisation with replacement between primary units
        (Wolter 2007, ch. 6; R survey's svymean). `scores` add up to zero, which spares the mean of a single stratum.
        """
        units, width = self.units(rows), int(self.sizes.sum())
        scale = np.sqrt(self.sizes / np.maximum(self.sizes - 1, 1) * self.inflation(rows))
        if self.stratum is None:
            return _totals(units, scores * scale, width)
        totals = _totals(units, scores, width)
        means = _totals(self.stratum, totals, self.sizes.size) / self.sizes
        return (totals - means[self.stratum]) * scale[self.stratum]

    def df(self, *rows: IntArray) -> int:
        """Primary units that hold any of these rows, less the strata that do (Korn & Graubard 1999, R's degf)."""
        return self.df_of(*(self.held(some) for some in rows))

    def held(self, rows: IntArray) -> BoolArray:
        """Whether each primary unit holds any of these rows; each cluster anyone of their groups, where clusters are
        `assumed`."""
        if self.assumed is not None:
            return np.bincount(self.assumed.people(rows), minlength=int(self.assumed.cluster.max()) + 1) > 0
        return np.bincount(self.units(rows), minlength=int(self.sizes.sum())) > 0

    def units(self, rows: IntArray) -> IntArray:
        """The primary unit of each of these rows."""
        return rows if self.unit is None else self.unit[rows]

    def df_of(self, *held: BoolArray) -> int:
        """`df`, where it is known which primary units hold some of the rows."""
        units = np.logical_or.reduce(held)
        strata = 1 if self.stratum is None else np.count_nonzero(np.bincount(self.stratum[units]))
        return max(int(np.count_nonzero(units)) - int(strata), 0)


class Arm(Protocol):
    """What an interval and a comparison ask of a group's mean, however it came about: a `Sample`, an adjusted or a
    trimmed group. Each means what the property of that name of `Sample` does."""

    @property
    def n(self) -> int: ...
    @property
    def kind(self) -> Kind: ...
    @property
    def bounds(self) -> tuple[float, float] | None: ...
    @property
    def plain(self) -> bool: ...
    @property
    def mean(self) -> float: ...
    @property
    def spread(self) -> float: ...
    @property
    def influence(self) -> FloatArray: ...
    @property
    def std_error(self) -> float: ...
    @property
    def df(self) -> int: ...
    @property
    def n_eff(self) -> float: ...


def product(one: FloatArray, other: FloatArray) -> float:
    """The sum of the products of two influences, in parts too short for a library to share out among processors: the
    same digits whatever their number, and no wait for one that is busy."""
    return float(sum(one[i : i + PART] @ other[i : i + PART] for i in range(0, one.size, PART)))


def correlation(a: Arm, b: Arm) -> float:
    """The correlation of two means of one Design; 0 where either has no known error."""
    errors = a.std_error * b.std_error
    if not 0 < errors < math.inf:
        return 0.0
    return min(max(product(a.influence, b.influence) / errors, -1.0), 1.0)


class Sample:
    """The answers of one group to one question, inside the frame that all groups share.

    `y` holds one number a row of the frame, NaN where there is no answer; `w` a weight a row, 0 outside the group (a
    boolean membership does); both have the frame's length. `kind` is "share" or "mean", by default a share where every
    answer is 0 or 1. `bounds` are the ends of the scale of a mean, where it has ends. Nothing given is changed.

    Raises ImpactError for a negative, missing or infinite weight, ValueError for answers off the scale. A group in
    which nobody counts or answered is a sample of n = 0 whose mean is NaN: ask for `n` before anything else.
    """

    def __init__(
        self,
        y: npt.ArrayLike,
        w: npt.ArrayLike | None = None,
        design: Design | None = None,
        kind: Kind | None = None,
        bounds: tuple[float, float] | None = None,
    ) -> None:
        answers = np.asarray(y, dtype=np.float64)
        weights = np.ones(answers.shape) if w is None else np.asarray(w, dtype=np.float64)
        self.design = Design.plain(answers.size) if design is None else design
        if not answers.size == weights.size == self.design.rows:
            raise ValueError(f"{answers.size} answers, {weights.size} weights, {self.design.rows} rows in the design")
        _refuse_weights(weights)
        self.rows = np.flatnonzero((weights > 0) & ~np.isnan(answers))
        self.y: FloatArray = answers[self.rows]
        self.w: FloatArray = weights[self.rows]
        self.weight = float(self.w.sum())
        if self.n and np.all(self.w == self.w[0]):
            self.w = np.ones(self.n)  # equal weights, whatever they are, are no weights: means are exact fractions
        self.kind: Kind = kind or ("share" if np.all((self.y == 0) | (self.y == 1)) else "mean")
        self.bounds = (0.0, 1.0) if self.kind == "share" else bounds
        low, high = self.bounds or (-FARTHEST, FARTHEST)
        if self.n and not low <= self._lowest <= self._highest <= high:
            raise ValueError(f"answers from {self._lowest} to {self._highest} on a scale from {low} to {high}")

    def answering(self, y: FloatArray) -> "Sample":
        """The share that another answer, 0 or 1 for each row of the frame, has among the very people of this sample."""
        for name in ("held", "df", "plain", "presence", "kept"):
            getattr(self, name)  # of the people: found once, then the same for all their answers
        other = copy(self)
        for name in ("_lowest", "_highest", "mean", "spread", "influence", "std_error", "n_eff", "ranked"):
            other.__dict__.pop(name, None)
        other.y, other.kind, other.bounds = y[self.rows], "share", (0.0, 1.0)
        return other

    @property
    def n(self) -> int:
        """How many answered."""
        return int(self.rows.size)

    @cached_property
    def _lowest(self) -> float:
        return float(self.y.min())

    @cached_property
    def _highest(self) -> float:
        return float(self.y.max())

    @cached_property
    def plain(self) -> bool:
        """Drawn one by one, each counting the same."""
        return self.design.is_plain and bool(np.all(self.w == 1))

    @cached_property
    def mean(self) -> float:
        """The weighted mean; NaN where nobody answered. Rounding never takes it out of the range of the answers."""
        if not self.n:
            return math.nan
        return min(max(float((self.w * self.y).sum() / self.w.sum()), self._lowest), self._highest)

    @cached_property
    def spread(self) -> float:
        """The weighted variance of the answers, p(1 - p) for a share; 0 where all answers are the same."""
        return float((self.w * (self.y - self.mean) ** 2).sum() / self.w.sum()) if self.n else 0.0

    @cached_property
    def influence(self) -> FloatArray:
        """One value a primary unit of the frame, see `Design.influence`."""
        return self.design.influence(self.rows, self.w * (self.y - self.mean) / self.w.sum())

    @cached_property
    def presence(self) -> FloatArray:
        """As `influence`, what each primary unit holds of the group's weight, 1 in all. Two groups' differ by 0 in all,
        and only such a difference is the influence of anything."""
        return self.design.influence(self.rows, self.w / self.w.sum())

    @cached_property
    def std_error(self) -> float:
        """The standard error of the mean, as R survey's svymean on the group's domain.

        Infinite where the answers cannot tell it (df of 0: one answer, or one primary unit), where R says 0.
        """
        if self.df < 1:
            return math.inf
        variance = product(self.influence, self.influence)
        return math.sqrt(variance) if variance > ROUNDING * self.spread else 0.0

    @cached_property
    def held(self) -> BoolArray:
        """Whether each primary unit of the frame holds someone who counts."""
        return self.design.held(self.rows)

    @cached_property
    def df(self) -> int:
        """Degrees of freedom of the standard error; n - 1 where each row was drawn by itself."""
        return self.design.df_of(self.held)

    @cached_property
    def n_eff(self) -> float:
        """The size of the simple sample that would be as precise, at most n (see `kept`), and n for a plain sample.

        Where no error can be estimated (all answers the same, or a standard error of 0 or unknown), the weights and the
        clusters alone say what is lost: (sum w)^2 / sum w^2 (Kish 1965), times `kept`.
        """
        if self.plain or not self.n:
            return float(self.n)
        known = 0 < self.std_error < math.inf
        size = self.spread / self.std_error**2 if known else self.kept * self.w.sum() ** 2 / (self.w**2).sum()
        return min(float(size), self.kept * self.n)

    @cached_property
    def kept(self) -> float:
        """The most that clusters leave of the size: all of it where each row was drawn by itself.

        That of people alike by LEAST_ALIKE within a cluster (Kish 1965, for unequal clusters and weights). Few answers
        of one kind seldom show how alike a cluster's people are, and seem then as sure as people drawn one by one.
        """
        if self.design.unit is None:
            return 1 / self.design.inflation(self.rows)
        alone, together = float(self.w @ self.w), np.bincount(self.design.units(self.rows), self.w)
        return alone / ((1 - LEAST_ALIKE) * alone + LEAST_ALIKE * float(together @ together))

    @cached_property
    def ranked(self) -> tuple[FloatArray, IntArray]:
        """The different answers in ascending order and which of them each row gave: sorted once for all tests."""
        different = np.unique(self.y)
        return different, np.searchsorted(different, self.y)

    def covariance(self, other: "Sample") -> float:
        """The covariance of two means of one frame; not 0 where the groups share people, clusters or strata.

        The same as (var a + var b - var of the difference of scores) / 2. ValueError for samples of two frames.
        """
        if other.design is not self.design:
            raise ValueError("two samples are comparable only inside one Design")
        return product(self.influence, other.influence)

    def correlation(self, other: "Sample") -> float:
        """The correlation of two means of one frame; 0 where either has no known error."""
        if other.design is not self.design:
            raise ValueError("two samples are comparable only inside one Design")
        return correlation(self, other)


def _refuse_weights(weights: FloatArray) -> None:
    if not weights.size or (weights.min() >= 0 and weights.max() < math.inf):
        return
    missing, negative = np.flatnonzero(~np.isfinite(weights)), np.flatnonzero(weights < 0)
    if missing.size:
        raise ImpactError("weight_missing", count=missing.size, row=missing[0] + 1)
    raise ImpactError("weight_negative", count=negative.size, row=negative[0] + 1)


def _equal(codes: IntArray) -> float:
    """How many classes of one size are as unequal as these (the inverse of Simpson's index); infinite for no rows."""
    sizes = np.bincount(codes)
    return float(sizes.sum()) ** 2 / float(sizes @ sizes) if codes.size else math.inf


def _totals(code: IntArray, values: FloatArray, width: int) -> FloatArray:
    return np.bincount(code, values, minlength=width).astype(np.float64, copy=False)


def _codes(names: npt.ArrayLike) -> tuple[npt.NDArray[Any], IntArray]:
    """The different names in order, and which of them each row has. Words are looked up, not sorted."""
    code, different = pd.factorize(np.asarray(names), sort=True)
    return np.asarray(different), code


def _primary_units(stratum: IntArray, cluster: npt.ArrayLike) -> tuple[IntArray, IntArray]:
    """The primary unit of each row and the stratum of each primary unit; the pair of stratum and cluster makes one."""
    names, of_row = _codes(cluster)
    pairs, unit = _codes(stratum * names.size + of_row)
    return unit, pairs // names.size
