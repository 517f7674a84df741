"""The rule: what the people of a block may be told of, and what of its parts would follow from it.

Of a part of n people of a block of N, K of whom gave an answer, an outsider who knows all sizes learns no more than
that max(0, n - (N - K)) to min(n, K) of them gave it, and both ends are reached.
"""

from typing import NamedTuple

import numpy as np

from impact.protect._tree import unions
from impact.sample import BoolArray, IntArray


class Rule(NamedTuple):
    """`base` people at least, `answer` of each modality. `none`: that nobody gave an answer may be told as well."""

    base: int
    answer: int
    none: bool = False

    @property
    def reach(self) -> int:
        """How far apart the least and the most must be that can be told of a part: never next to each other."""
        return max(self.answer, 2)


class Variable(NamedTuple):
    """People by leaf (rows) and modality (columns). `numbers`: the modalities are numbers, of which a mean is told and
    not who gave which; of fewer people than `solved`, the mean and its error may tell that too."""

    counts: IntArray
    rule: Rule
    numbers: bool = False
    solved: int = 0


def safe(variable: Variable) -> BoolArray:
    """Which sets of leaves may be a block, by their place in `unions`; the empty one may."""
    counts, rule = variable.counts[None], variable.rule
    if not variable.numbers:
        return np.asarray(safe_blocks(counts, rule)[0], dtype=np.bool_)
    found = _of_numbers(counts, rule)
    if variable.solved:
        found &= safe_blocks(counts, rule) | ((unions(counts.shape[1])[0] @ counts).sum(axis=2) >= variable.solved)
    return np.asarray(found[0], dtype=np.bool_)


def safe_blocks(counts: IntArray, rule: Rule) -> BoolArray:
    """The same of many tables at once: `counts` is tables x leaves x modalities, the answer tables x sets of leaves.

    One modality alone is what everyone gave.
    """
    bits, whole, part = unions(counts.shape[1])
    totals = bits @ counts
    people = totals.sum(axis=2)
    held = (totals >= rule.answer) | (rule.none & (totals == 0))
    found = ((people >= rule.base) & held.all(axis=2) & (counts.shape[2] > 1)) | (people == 0)
    ranged = _ranged(totals[:, whole], totals[:, part], rule)
    for place in np.unique(whole):
        found[:, place] &= ranged[:, whole == place].all(axis=1)
    return np.asarray(found, dtype=np.bool_)


def _ranged(block: IntArray, part: IntArray, rule: Rule) -> BoolArray:
    """Whether what can be told of these parts of blocks leaves enough open, all modalities together."""
    size, n = block.sum(axis=-1, keepdims=True), part.sum(axis=-1, keepdims=True)
    low, high = np.maximum(0, n - (size - block)), np.minimum(n, block)
    few = high - low >= np.minimum(n, rule.reach)
    many = (high >= rule.answer) & (low <= n - rule.answer)
    known = rule.none & ((block == 0) | (block == size))
    return np.asarray((np.where(n < rule.base, few, many) | known | (n == 0) | (n == size)).all(axis=-1))


def _of_numbers(counts: IntArray, rule: Rule) -> BoolArray:
    """A mean is told of enough people, enough of whom are not at the most common number."""
    totals = unions(counts.shape[1])[0] @ counts
    people = totals.sum(axis=2)
    apart = people - totals.max(axis=2, initial=0)
    return np.asarray(((people >= rule.base) & (apart >= rule.answer)) | (people == 0), dtype=np.bool_)
