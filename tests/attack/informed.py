"""The attacker who has the program as well: a table that it would not print in this way is none that was asked.

He takes integer tables that fit what is printed, a few answers moved at a time, has each of them analysed and
protected, and keeps those of which the same rows are printed and masked. What a masked count is in these is what it may
still be for him. All cohorts of a study are tried at once: none is drawn from the answers of another.
"""

from collections.abc import Iterator, Mapping

import numpy as np

from impact import protect
from impact.model import Results
from tests.attack.attacker import FEWEST_LEFT, Attack, Target, fitting, harmless, with_count
from tests.attack.cohorts import LEAVES, Cohort, Made, remade
from tests.attack.interference import pattern

STEPS = (1, 2)  # people whose answers move
Seen = list[set[int]]  # the values of each target


def open_values(asked: Made, before: Results, attacks: Mapping[int, Attack], rounds: int) -> dict[int, int]:
    """Of each cohort that has a target, by its place, how many values its least open target keeps after so many rounds
    of tables: FEWEST_LEFT or more where none is closed. A count of fewer people can have fewer values; all of them
    then stand for FEWEST_LEFT."""
    attacks = {place: one for place, one in attacks.items() if one.targets}
    seen = {place: [{_count(each, asked.cohorts[place])} for each in one.targets] for place, one in attacks.items()}
    wanted = {place: pattern(before, asked.cohorts[place]) for place in attacks}
    tables = {place: _near(asked.cohorts[place], one) for place, one in attacks.items()}
    chance = np.random.default_rng(rounds)
    for _ in range(rounds):
        drawn = {place: _next(tables[place], attacks[place], seen[place], chance) for place in attacks}
        drawn = {place: table for place, table in drawn.items() if table is not None}
        if not drawn:
            break
        cohorts = [one._replace(table=drawn.get(place, one.table)) for place, one in enumerate(asked.cohorts)]
        after = protect(remade(asked, cohorts).results, asked.study)
        for place in (place for place in drawn if pattern(after, asked.cohorts[place]) == wanted[place]):
            for each, values in zip(attacks[place].targets, seen[place], strict=True):
                values.add(_count(each, cohorts[place]))
    return {
        place: min(_kept(one, attacks[place], seen[place])) for place, one in enumerate(asked.cohorts) if place in seen
    }


def _kept(cohort: Cohort, said: Attack, seen: Seen) -> Iterator[int]:
    for each, values in zip(said.targets, seen, strict=True):
        yield len(values) + max(0, FEWEST_LEFT - 1 - sum(cohort.bases[leaf] for leaf in each.leaves))


def _count(target: Target, cohort: Cohort) -> int:
    return int(target.counted @ cohort.table.ravel())


def _next(tables: Iterator[np.ndarray], said: Attack, seen: Seen, chance: np.random.Generator) -> np.ndarray | None:
    """The nearest table not tried yet that tells of a new value of a target with too few; once there is none, one with
    such a value drawn from all that fit what is printed."""
    few = [(each, values) for each, values in zip(said.targets, seen, strict=True) if len(values) < FEWEST_LEFT]
    for table in tables if few else ():
        if any(int(each.counted @ table.ravel()) not in values for each, values in few):
            return table
    return _drawn(said, *few[chance.integers(len(few))], chance) if few else None


def _drawn(said: Attack, target: Target, values: set[int], chance: np.random.Generator) -> np.ndarray | None:
    """A table that fits what is printed and has a new value of the target, None where there is none."""
    low, high = (round(float(target.counted @ fitting(said, sign * target.counted))) for sign in (1.0, -1.0))
    left = sorted(set(range(low, high + 1)) - values)
    if not left:
        return None
    said = with_count(said, target, int(chance.choice(left)))
    table = fitting(said, chance.normal(size=said.equations.shape[1]))
    return table.reshape(len(LEAVES), -1).astype(int)


def _near(cohort: Cohort, said: Attack) -> Iterator[np.ndarray]:
    """Tables that the printed figures cannot tell from this one, the nearest first."""
    moves = harmless(said)
    order = np.random.default_rng(len(moves)).permutation(len(moves))
    for step in STEPS:
        for move in moves[order]:
            table = cohort.table + step * move.reshape(cohort.table.shape).astype(int)
            if (table >= 0).all():
                yield table
