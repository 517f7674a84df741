"""Choices that several questions share, written once."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from impact.drafting import lexicon, options
from impact.drafting.draft import Asked, Option
from impact.drafting.wording import unused
from impact.matching import fold


class Shared(NamedTuple):
    """A scale to be written, under its identifier."""

    id: str
    options: tuple[Option, ...]


def completed(asked: Sequence[Asked]) -> list[Asked]:
    """Questions on one known scale, each with the levels that any of them was answered by: few answer all of them.

    Only where those levels are worded alike, and where no form says what was offered.
    """
    whole = list(asked)
    for scale in lexicon.SCALES:
        places = [place for place, one in enumerate(whole) if one.guess.scale == scale.name and not one.from_form]
        merged = _merged([whole[place] for place in places])
        for place in places if merged else ():
            whole[place] = _with(whole[place], merged)
    return whole


def _merged(several: Sequence[Asked]) -> tuple[Option, ...]:
    """All levels and words for no answer that some questions hold; () where two levels are the same one."""
    found: dict[str, Option] = {}
    codes: set[str] = set()
    for option in (option for one in several for option in one.guess.options):
        key = fold(next(iter(option.label.values()), ""))
        if key not in found:
            found[key] = replace(option, code=unused(option.code, codes), count=0)
            codes.add(found[key].code)
    said = [next(iter(option.label.values()), "") for option in found.values() if not option.reason]
    return tuple(found.values()) if lexicon.ordered(said) else ()


def _with(one: Asked, merged: Sequence[Option]) -> Asked:
    counts = {fold(next(iter(option.label.values()), "")): option.count for option in one.guess.options}
    counted = [replace(each, count=counts.get(fold(next(iter(each.label.values()), "")), 0)) for each in merged]
    return replace(one, guess=options.sorted_out(replace(one.guess, options=tuple(counted))))


def shared(asked: Sequence[Asked]) -> tuple[list[Shared], dict[str, str]]:
    """The scales of at least two questions, and the scale of each of these questions."""
    users: dict[str, list[Asked]] = {}
    for one in asked:
        if one.guess.kind == "single":
            users.setdefault(repr([replace(option, count=0) for option in one.guess.options]), []).append(one)
    found: list[Shared] = []
    of_question: dict[str, str] = {}
    taken: set[str] = set()
    for questions in users.values():
        if len(questions) > 1:
            name = unused(questions[0].guess.scale or "choix", taken)
            taken.add(name)
            found.append(Shared(name, questions[0].guess.options))
            of_question |= {one.id: name for one in questions}
    return found, of_question
