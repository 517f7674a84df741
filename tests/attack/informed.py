"""The attacker who has the program as well: a table that it would not print in this way is none that was asked.

He takes the integer tables that fit what is printed, a few answers exchanged at a time between leaves that no printed
row parts, has each of them analysed and protected, and keeps those of which the same rows are printed and masked.
What a masked count is in these is what it may still be for him.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from impact import protect
from impact.model import Results
from tests.attack.attacker import FEWEST_LEFT, GROUPS, Target, exchanges
from tests.attack.cohorts import LEAVES, Cohort, Made, remade
from tests.attack.interference import pattern, printed_groups

STEPS = (1, 2)  # people who exchange their answers


def open_values(asked: Made, before: Results, targets: Mapping[int, Sequence[Target]], rounds: int) -> dict[int, int]:
    """Of each cohort, by its place, how many values its least open target keeps after so many rounds of tables; a
    target whose people are fewer than two keeps all it can have. Cohorts without a target are left out."""
    seen = {place: [{_count(one, cohort)} for one in targets[place]] for place, cohort in _of(asked, targets)}
    wanted = {place: pattern(before, cohort) for place, cohort in _of(asked, targets)}
    tables = {place: _near(cohort, before, targets[place]) for place, cohort in _of(asked, targets)}
    for _ in range(rounds):
        drawn = {
            place: next(tables[place], None) for place in seen if _lacking(seen[place], targets[place], asked, place)
        }
        drawn = {place: table for place, table in drawn.items() if table is not None}
        if not drawn:
            break
        cohorts = [one._replace(table=drawn.get(place, one.table)) for place, one in enumerate(asked.cohorts)]
        after = protect(remade(asked, cohorts).results, asked.study)
        for place in drawn:
            if pattern(after, asked.cohorts[place]) == wanted[place]:
                for one, values in zip(targets[place], seen[place], strict=True):
                    values.add(_count(one, cohorts[place]))
    return {
        place: min(len(values) - _all_of(one, asked, place) for one, values in zip(targets[place], some, strict=True))
        for place, some in seen.items()
    }


def _of(asked: Made, targets: Mapping[int, Sequence[Target]]) -> Iterator[tuple[int, Cohort]]:
    return ((place, cohort) for place, cohort in enumerate(asked.cohorts) if targets.get(place))


def _count(target: Target, cohort: Cohort) -> int:
    return int(target.counted @ cohort.table.ravel())


def _all_of(target: Target, asked: Made, place: int) -> int:
    """How many values fewer than FEWEST_LEFT a count of so few people can have at all, as a negative number."""
    people = sum(asked.cohorts[place].bases[leaf] for leaf in target.leaves)
    return -max(0, FEWEST_LEFT - (people + 1))


def _lacking(seen: Sequence[set], targets: Sequence[Target], asked: Made, place: int) -> bool:
    return any(
        len(values) - _all_of(one, asked, place) < FEWEST_LEFT for one, values in zip(targets, seen, strict=True)
    )


def _near(cohort: Cohort, before: Results, targets: Sequence[Target]) -> Iterator[np.ndarray]:
    """Tables that the printed rows cannot tell from this one, the nearest first, each of another count of a target."""
    printed = [GROUPS[group] for group in sorted(printed_groups(before, cohort))]
    rows = [
        np.outer([leaf in leaves for leaf in LEAVES], row) for leaves in printed for row in np.eye(len(cohort.patterns))
    ]
    held = np.array([np.ravel(row) for row in rows]).reshape(len(rows), cohort.table.size)
    counted = np.array([one.counted for one in targets])
    moves = exchanges(len(cohort.patterns))
    moves = moves[(moves @ held.T == 0).all(axis=1) & (moves @ counted.T != 0).any(axis=1)]
    order = np.random.default_rng(len(moves)).permutation(len(moves))
    for step in STEPS:
        for move in moves[order]:
            table = cohort.table + step * move.reshape(cohort.table.shape).astype(int)
            if (table >= 0).all():
                yield table
