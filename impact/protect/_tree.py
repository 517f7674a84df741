"""Groups as trees: the mentored and their bands, and the groups that no other is a part of.

Published rows are subtrees. The block of a row is what is left of it without its largest published parts: rows and
block totals tell the same, for each row is the sum of the blocks below it, and each block a difference of rows.
"""

from collections.abc import Collection, Mapping
from functools import cache
from itertools import combinations
from typing import Final, NamedTuple

import numpy as np

from impact.model import SOURCE_GROUPS, parts_of
from impact.sample import IntArray

Rows = frozenset[str]
# What a row is worth when not all can be shown: distinct sums, so that the choice among rows is one.
_WORTH: Final[Mapping[str, int]] = {
    "mentored": 32, "non_mentored": 16, "mentor": 64, "mentored_over": 8, "mentored_under": 4, "mentored_unknown": 1,
    "mentored_over_unknown": 9, "mentored_under_unknown": 5,
}  # fmt: skip


class Tree(NamedTuple):
    """A group and the groups that are its parts and share no one. `masks` maps each row that may be published to its
    leaves, as bits in their order."""

    leaves: tuple[str, ...]
    masks: Mapping[str, int]


def trees(groups: Collection[str]) -> tuple[Tree, ...]:
    """The trees of the groups that a study has."""
    found = []
    for top in (one for one in SOURCE_GROUPS if one in groups):
        leaves = parts_of(top, groups) or (top,)
        masks = {leaf: 1 << place for place, leaf in enumerate(leaves)}
        found.append(Tree(leaves, {top: (1 << len(leaves)) - 1} | masks))
    return tuple(found)


def blocks(masks: Collection[int]) -> tuple[int, ...]:
    """The blocks of published rows, each as bits of leaves; of a row that its parts make up there is none."""
    found = []
    for row in sorted(set(masks), key=int.bit_count):
        inside = [part for part in masks if part != row and part & row == part]
        left = row & ~np.bitwise_or.reduce([0, *inside])
        found += [int(left)] if left else []
    return tuple(found)


def choices(tree: Tree, allowed: Collection[str]) -> tuple[Rows, ...]:
    """All sets of the allowed rows of a tree, those that are worth most first."""
    rows = [row for row in tree.masks if row in allowed]
    found = [frozenset(each) for size in range(len(rows) + 1) for each in combinations(rows, size)]
    return tuple(sorted(found, key=lambda each: (-sum(_WORTH.get(row, 2) for row in each), sorted(each))))


@cache
def unions(leaves: int) -> tuple[IntArray, IntArray, IntArray]:
    """Every set of so many leaves, as rows of 0 and 1; and, as two columns of places among them, each set with each
    smaller set inside it that holds a leaf."""
    size = 1 << leaves
    bits = (np.arange(size)[:, None] >> np.arange(leaves)) & 1
    pairs = [(whole, part) for whole in range(size) for part in range(1, whole) if part & whole == part]
    whole, part = np.array(pairs, dtype=np.intp).reshape(-1, 2).T
    return bits.astype(np.intp), whole, part
