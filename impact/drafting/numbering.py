"""Files whose headings are numbers of questions: "Q13" may ask one thing in one file and another in the next."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Final

from impact.drafting.draft import Field, Guess
from impact.matching import fold

FEWEST: Final = 2  # headings that cannot be one question, before no such heading is taken for the same in two files
SHARE: Final = 0.1  # of the headings that two files share


def is_code(field: Field) -> bool:
    """Whether the heading of a field is a name of one word, which says nothing by itself."""
    return " " not in field.name.strip()


def apart(exports: Sequence[Sequence[tuple[Field, Guess]]]) -> frozenset[frozenset[int]]:
    """The pairs of exports that number their questions differently: the same names, and answers that cannot be."""
    coded = [{fold(field.name): guess for field, guess in found if is_code(field)} for found in exports]
    return frozenset(
        frozenset((first, second))
        for first, second in combinations(range(len(coded)), 2)
        if _differ(coded[first], coded[second])
    )


def _differ(first: Mapping[str, Guess], second: Mapping[str, Guess]) -> bool:
    shared = [name for name in first if name in second]
    clashes = sum(_clash(first[name], second[name]) for name in shared)
    return clashes >= FEWEST and clashes >= SHARE * len(shared)


def _clash(one: Guess, other: Guess) -> bool:
    """Whether two fields cannot be the same question: of two kinds, or with no answer in common."""
    if one.left_out or other.left_out:
        return False
    if one.kind != other.kind:
        return {one.kind, other.kind} != {"single", "multiple"}
    labels = [{fold(label) for option in each.options for label in option.label.values()} for each in (one, other)]
    return bool(labels[0]) and bool(labels[1]) and labels[0].isdisjoint(labels[1])
