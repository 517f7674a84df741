"""Headings of one file that may be a question of another: proposed in the study file, never taken."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from rapidfuzz import fuzz, utils

from impact.drafting import options
from impact.drafting.draft import Asked, Field
from impact.drafting.together import union
from impact.matching import fold

NEAR: Final = 88  # of 100, in the likeness of words: below, two questions are two
WORDS: Final = 3  # below, a heading says too little to be like another
CUT: Final = 40  # signs: a heading this long that another begins with was cut by its tool, as SPSS does


class Near(NamedTuple):
    """A field that may carry a question which its export lacks."""

    field: Field
    question: str
    likeness: int


def linked(asked: Sequence[Asked]) -> tuple[list[Asked], list[Near]]:
    """The questions without those that may be another's, which await a word of the person, and the links to confirm."""
    found: list[Near] = []
    waiting: dict[str, Asked] = {}
    for one in asked:
        match = max(((likeness, other.id) for other in asked if (likeness := _likeness(one, other))), default=None)
        if match and match[1] not in waiting:
            waiting[one.id] = one
            found += [Near(each, match[1], match[0]) for each in one.fields]
    return [_awaiting(one, found, waiting) for one in asked if one.id not in waiting], found


def _likeness(one: Asked, other: Asked) -> int:
    """How alike a question is to one that was met in files before its own, 0 where they are two."""
    places, before = ({each.export for each in asked.fields} for asked in (one, other))
    if other is one or places & before or min(places) < min(before) or one.guess.kind != other.guess.kind:
        return 0
    texts = [fold(each.fields[0].name) for each in (one, other)]
    short, long = sorted(texts, key=len)
    if len(short.split()) < WORDS:
        return 0
    alike = fuzz.token_sort_ratio(*texts, processor=utils.default_process)
    cut = len(short) >= CUT and long.startswith(short)
    return int(alike) if alike >= NEAR or cut else 0


def _awaiting(one: Asked, found: Sequence[Near], waiting: dict[str, Asked]) -> Asked:
    """A question with the exports that may carry it, and the answers that these would bring."""
    near = [each for each in found if each.question == one.id]
    if not near:
        return one
    fields = [each.field for each in near]
    brought = [other.guess.options for other in waiting.values() if any(each in fields for each in other.fields)]
    guess = replace(one.guess, options=union([one.guess.options, *brought]))
    places = tuple(dict.fromkeys(each.field.export for each in near))
    return replace(one, guess=options.sorted_out(guess) if guess.kind == "single" else guess, awaited=places)
