"""What someone learns who knows the program too: which rows were hidden, and so which counts would have shown more.

Over all tables that print the same figures and the same pattern, every hidden part keeps three counts at least. Each
answer is looked at against all others: whatever the others are, a table of one answer that prints this pattern can be
filled up to a whole one. Where the pattern comes from other answers, these are held as they are and one more answer
takes up what moves. So fewer tables are looked at than would print the same, never more: the audit errs on the side of
hiding.
"""

from collections.abc import Sequence
from functools import reduce
from typing import Final, NamedTuple

import numpy as np

from impact.protect._blocks import Rule, Variable, safe, safe_blocks
from impact.protect._tree import unions
from impact.sample import BoolArray, IntArray

FEWEST: Final = 3  # counts that a hidden part must keep
MOST_TABLES: Final = 6_000_000
# How far from the true table the others are looked for, first near it, at last everywhere.
_REACHES: Final = (3, 9, None)
_TWO: Final = 2

Blocks = tuple[int, ...]


class Answer(NamedTuple):
    """One modality of a variable against all others: who gave it, of how many, by leaf; which of the earlier patterns
    it rules out as it is."""

    given: IntArray
    people: IntArray
    rule: Rule
    refuses: BoolArray


class Pattern(NamedTuple):
    """The blocks that are published, and those of the sets of rows that would have been, had they been safe."""

    published: Blocks
    earlier: Sequence[Blocks]


def withstands(variables: Sequence[Variable], pattern: Pattern) -> bool:
    """Whether every hidden part of these variables keeps FEWEST counts or more."""
    leaves = variables[0].counts.shape[0]
    if not any(_hidden(block, leaves) for block in pattern.published):
        return True
    numbers = [_refused(safe(one), pattern) for one in variables if one.numbers]
    answers = [_answers(one, pattern) for one in variables if not one.numbers]
    none = np.zeros(len(pattern.earlier), dtype=np.bool_)
    for place, own in enumerate(answers):
        beside = [each.refuses for other, some in enumerate(answers) if other != place for each in some]
        refused = reduce(np.logical_or, [*numbers, *beside], none)
        for number in range(1 if len(own) == _TWO else len(own)):
            if not _keeps(own, number, refused, pattern):
                return False
    return True


def _hidden(block: int, leaves: int) -> bool:
    """Whether a block has parts at all."""
    return leaves > 1 and block.bit_count() > 1


def _refused(ok: BoolArray, pattern: Pattern) -> BoolArray:
    return np.array([not all(ok[block] for block in blocks) for blocks in pattern.earlier], dtype=np.bool_)


def _answers(variable: Variable, pattern: Pattern) -> list[Answer]:
    people = variable.counts.sum(axis=1)
    found = []
    for given in variable.counts.T:
        ok = safe_blocks(np.stack([given, people - given], axis=1)[None], variable.rule)[0]
        found.append(Answer(given, people, variable.rule, _refused(ok, pattern)))
    return found


def _keeps(own: Sequence[Answer], number: int, refused: BoolArray, pattern: Pattern) -> bool:
    """Whether one answer keeps enough counts, with as few of the others held as the pattern asks for."""
    one, held = own[number], list[int]()
    left = ~(one.refuses | refused)
    others = [place for place in range(len(own)) if place != number]
    while left.any():
        best = max(others, key=lambda place: int((own[place].refuses & left).sum()))
        if not (own[best].refuses & left).any():
            return False
        held.append(best)
        left &= ~own[best].refuses
    if len(held) >= len(others):
        return False
    away = reduce(np.logical_or, [own[place].refuses for place in held], refused)
    most = one.people - sum(own[place].given for place in held)
    return any(_found(one, most, away, pattern, reach) for reach in _REACHES)


def _found(one: Answer, most: IntArray, away: BoolArray, pattern: Pattern, reach: int | None) -> bool:
    tables = _tables(one.given, most, pattern.published, reach)
    if tables is None:
        return False
    ok = safe_blocks(np.stack([tables, one.people - tables], axis=2), one.rule)
    asked = [blocks for blocks, told in zip(pattern.earlier, away, strict=True) if not told]
    kept = np.ones(len(tables), dtype=np.bool_)
    for blocks in asked:
        kept &= ~ok[:, list(blocks)].all(axis=1)
    bits, whole, part = unions(tables.shape[1])
    counted = tables[kept] @ bits.T
    sizes = bits @ one.people
    for block in pattern.published:
        for union in part[whole == block]:
            if 0 < sizes[union] < sizes[block] and np.unique(counted[:, union]).size < min(FEWEST, sizes[union] + 1):
                return False
    return True


def _tables(given: IntArray, most: IntArray, published: Blocks, reach: int | None) -> IntArray | None:
    """All tables with the same block totals, within reach of the true one; None where they are too many."""
    leaves = range(given.size)
    inside = [[leaf for leaf in leaves if block >> leaf & 1] for block in published]
    last = {block[-1]: block[:-1] for block in inside}
    least = np.zeros_like(given) if reach is None else np.maximum(0, given - reach)
    top = most if reach is None else np.minimum(most, given + reach)
    free = [np.arange(low, high + 1) if leaf not in last else np.array([value])
            for leaf, (low, high, value) in enumerate(zip(least, top, given, strict=True))]  # fmt: skip
    if np.prod([float(each.size) for each in free]) > MOST_TABLES:
        return None
    tables = np.stack([each.ravel() for each in np.meshgrid(*free, indexing="ij")], axis=1)
    for leaf, others in last.items():
        tables[:, leaf] = given[[*others, leaf]].sum() - tables[:, others].sum(axis=1)
    return np.asarray(tables[((tables >= 0) & (tables <= most)).all(axis=1)], dtype=np.intp)
