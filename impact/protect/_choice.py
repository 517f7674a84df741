"""Which rows are shown: of each question and tree of groups the first set of rows, by their worth, that is safe.

What a question tells stands in layers, the finer below the coarser: who was asked it, its shares, its mean, all its
answers. A finer layer shows no row that a coarser one hides. Then none tells more of a hidden part than it does by
itself: any table that the coarser layer allows can be filled up to one of the finer (a transport of people among
leaves, whose totals alone are told).
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np

from impact.protect._audit import Pattern, withstands
from impact.protect._blocks import Variable, safe
from impact.protect._tree import Rows, Tree, blocks, choices

_TWO_SIDES = 2  # of an answer: one modality alone is what everyone gave


class Chosen(NamedTuple):
    """The rows of a tree that are shown; `audited`: fewer than the rule allows, for what their pattern would tell."""

    rows: Rows
    audited: bool = False


def chosen(tree: Tree, allowed: Collection[str], variables: Sequence[Variable]) -> Chosen:
    """The rows to show of some variables of one tree, out of the allowed ones."""
    if not variables:
        return Chosen(frozenset(allowed) & tree.masks.keys())
    ok = np.logical_and.reduce([safe(one) for one in variables])
    order = choices(tree, allowed)
    told = [blocks([tree.masks[row] for row in rows]) for rows in order]
    may = [all(ok[block] for block in each) for each in told]
    first = may.index(True)
    if withstands(variables, Pattern(told[first], told[:first])):
        return Chosen(order[first])
    for place, rows in enumerate(order[first + 1 :], first + 1):
        if may[place] and _is_top(rows, tree) and withstands(variables, Pattern(told[place], told[:place])):
            return Chosen(rows, audited=True)
    return Chosen(frozenset(), audited=True)


def _is_top(rows: Rows, tree: Tree) -> bool:
    """Whether the whole group alone is shown."""
    return rows == {next(iter(tree.masks))}


def cause(tree: Tree, row: str, variables: Sequence[Variable]) -> str:
    """Why a row is unsafe by itself, "" where it is not: one of CAUSES."""
    place = tree.masks[row]
    mine = [leaf for leaf in range(len(tree.leaves)) if place >> leaf & 1]
    for one in variables:
        total = one.counts[mine].sum(axis=0)
        if total.sum() < one.rule.base:
            return "base"
    for one in variables:
        total = one.counts[mine].sum(axis=0)
        told, whole = total[total > 0] if one.rule.none else total, one.numbers and total.sum() >= one.solved
        if one.numbers and total.sum() - total.max(initial=0) < one.rule.answer:
            return "constant"
        if not whole and (told.size < _TWO_SIDES or told.min() < one.rule.answer):
            return "answer"
    return ""
