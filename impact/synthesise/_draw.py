"""Drawing answers so that their counts come out exactly, and who gives which still hangs together."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from impact.synthesise._recipe import Quantity

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]


def sliced(propensity: Floats, shares: Sequence[float]) -> Places:
    """The place of each respondent's choice among the choices, those with the least propensity first.

    `shares` sum to 1. Cumulated counts are rounded, never the counts of each choice: the share of "the last two
    choices" is then the nearest that so many respondents allow, and a published figure comes out as rounded.
    """
    cuts = np.floor(np.cumsum(shares)[:-1] * len(propensity) + 0.5)
    return np.searchsorted(cuts, _ranks(propensity), side="right").astype(np.int64)


def highest(propensity: Floats, count: int) -> Flags:
    """The so many respondents of the greatest propensity."""
    return _ranks(propensity) >= len(propensity) - count


def _ranks(propensity: Floats) -> Places:
    ranks = np.empty(len(propensity), np.int64)
    ranks[np.argsort(propensity, kind="stable")] = np.arange(len(propensity))
    return ranks


def ticked(propensities: Floats, shares: Sequence[float], exclusive: Sequence[bool]) -> Flags:
    """Boxes of a multiple choice, one row a respondent: each choice's count exact, nobody left without a tick.

    `propensities` has one row a respondent and one column a choice. An exclusive choice stands alone. Where the other
    choices leave someone without a tick, one moves over from a respondent who has several: no count changes.
    """
    size = len(propensities)
    counts = np.floor(np.array(shares) * size + 0.5).astype(int)
    boxes: Flags = np.zeros(propensities.shape, bool)
    for choice in np.flatnonzero(exclusive):
        boxes[:, choice] = highest(np.where(boxes.any(axis=1), -np.inf, propensities[:, choice]), counts[choice])
    free: Flags = np.logical_not(boxes.any(axis=1))
    for choice in np.flatnonzero(~np.array(exclusive)):
        boxes[free, choice] = highest(propensities[free, choice], counts[choice])
    for row in np.flatnonzero(~boxes.any(axis=1)):
        _give_one(boxes, int(row))
    return boxes


def _give_one(boxes: Flags, row: int) -> None:
    """Move one tick of the commonest choice that some hold beside others to a respondent who has none."""
    giving = boxes & (boxes.sum(axis=1) > 1)[:, None]
    choice = int(giving.sum(axis=0).argmax())
    givers = np.flatnonzero(giving[:, choice])
    if len(givers):
        boxes[givers[-1], choice], boxes[row, choice] = False, True


def allotted(rng: np.random.Generator, size: int, counts: Sequence[int], weights: Floats) -> Places:
    """For each respondent the place of the count that took them, -1 where none did; greater weights are taken first."""
    taken = np.full(size, -1, np.int64)
    order = np.argsort(rng.exponential(size=size) / weights, kind="stable")  # weighted draws without replacement
    start = 0
    for place, count in enumerate(counts):
        taken[order[start : start + count]] = place
        start += count
    return taken


def quantities(rng: np.random.Generator, size: int, drawn: Sequence[Quantity]) -> tuple[Floats, list[str]]:
    """A number a respondent, and the question that caps it ("" for none), from quantities shuffled together."""
    values: list[float] = []
    caps: list[str] = []
    for quantity in drawn:
        count = min(size - len(values), quantity.count if quantity.count is not None else size)
        values += _numbers(rng, count, quantity).tolist()
        caps += [quantity.at_most] * count
    order = rng.permutation(size)
    return np.array(values)[order], [caps[place] for place in order]


def _numbers(rng: np.random.Generator, count: int, quantity: Quantity) -> Floats:
    if quantity.sd is None:
        values = quantity.low + rng.exponential(quantity.mean - quantity.low, count)
    else:
        values = rng.normal(quantity.mean, quantity.sd, count)
    inside = quantity.low + np.abs(values - quantity.low)  # what falls outside is reflected: no heap at the bounds
    inside = quantity.high - np.abs(quantity.high - inside)
    return np.clip(np.floor(inside + 0.5), quantity.low, quantity.high)
