"""What adjusted figures would tell of the few people who are alike in all covariates, for disclosure control to judge.

An adjusted figure is made of counts: how many of each profile (people of a group with the same answers to all
covariates) gave an answer. Beside the crude figure, who tries all tables of such counts may find the one. So it is told
how many tables have the same crude totals, and how few people stand behind the smallest profile and answer.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from impact.analyse._alike import Alike, weightings
from impact.analyse._cohort import Drawn
from impact.analyse.comparisons import pairs
from impact.analyse.people import Tally
from impact.sample import FloatArray, IntArray

# Powers of ten of tables, people of the smallest profile, people who gave the rarest answer in one.
JUDGED: Final = ("tables", "people", "answer")
MOST: Final = 40.0  # powers of ten beyond which nobody counts


def profiles_behind(drawn: Drawn, groups: Sequence[Alike]) -> Iterator[Tally]:
    """One row of JUDGED an indicator and two groups that are made alike; none of an internal study."""
    if drawn.study.internal:
        return
    made = {(one.group, one.reference): (one, _profiles(one)) for one in groups if any(weightings(one))}
    for two in pairs(drawn):
        names = str(two.one.row["group"]), str(two.other.row["group"])
        if names in made:
            one, profile = made[names]
            y = drawn.scores[two.indicator.id].y[one.pair.rows]
            told = _judged(y, profile, one.pair.inside)
            yield Tally("adjusted", two.indicator.id, " ".join(names), JUDGED, names[:1], np.array([told]))


def _profiles(one: Alike) -> IntArray:
    """The profile of each person of the two groups."""
    _, place = np.unique(np.round(one.pair.x, 9), axis=0, return_inverse=True)
    return np.asarray(place.ravel(), dtype=np.intp)


def _judged(y: FloatArray, profile: IntArray, inside: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> tuple[int, ...]:
    """What JUDGED names; 0 of all where a group gave no answer, or one alone."""
    tables, people, answer = 0.0, y.size, y.size
    for side in (inside, ~inside):
        kept = side & ~np.isnan(y)
        values, given = np.unique(np.round(y[kept], 9), return_inverse=True)
        if values.size <= 1:
            return 0, 0, 0
        kinds, place = np.unique(profile[kept], return_inverse=True)
        counts = np.bincount(place * values.size + given, minlength=kinds.size * values.size)
        counts = counts.reshape(kinds.size, values.size)
        sizes = counts.sum(axis=1)
        # Any table of "up to here" and "above" can be filled up to one of all answers.
        below = np.cumsum(counts.sum(axis=0))[:-1]
        tables += powers(sizes, int(below[np.abs(2 * below - sizes.sum()).argmin()]))
        rarest = counts.min(axis=1) if values.size == len(("yes", "no")) else sizes - counts.max(axis=1)
        people, answer = min(people, int(sizes.min())), min(answer, int(rarest.min()))
    return math.floor(tables), people, answer


def powers(sizes: IntArray, told: int) -> float:
    """How many powers of ten of tables say which of the profiles of these sizes `told` people are of; MOST at most."""
    single, people = int((sizes == 1).sum()), int(sizes.sum())
    middle = min(max(single // 2, told - (people - single)), told, single)
    alone = (math.lgamma(single + 1) - math.lgamma(middle + 1) - math.lgamma(single - middle + 1)) / math.log(10)
    if alone >= MOST:
        return MOST
    logs = np.concatenate([np.zeros(1), np.cumsum(np.log10(np.arange(single, 0, -1) / np.arange(1, single + 1)))])
    scale = float(logs.max())
    ways = 10 ** (logs[: told + 1] - scale)  # those who are alone, then the larger profiles one by one
    for size in sizes[sizes > 1].tolist():
        ways = np.convolve(ways, np.ones(size + 1))[: told + 1]
        scale += math.log10(ways.max())
        ways /= ways.max()
    return min(scale + math.log10(ways[told]), MOST) if ways[told] > 0 else 0.0
