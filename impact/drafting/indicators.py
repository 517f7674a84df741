"""The figures that a draft proposes, so that a report can run at once: no direction is guessed."""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from impact.drafting.draft import Asked, Option, said
from impact.drafting.trial import Seen
from impact.drafting.wording import shortened, unused
from impact.matching import fold

MOST_OPTIONS: Final = 8  # of one multiple choice
MOST: Final = 60  # in all: a report of more is not read
_CREDITS: Final = re.compile(
    r"\b(mon|ma|ton|my|your|le|the) (mentor|mentore|mentorat|mentoring|parrain|marraine)\b.{0,12}"
    r"\b(m'a|t'a|a aide|helped|gave|made|showed)\b|\bgrace (a|au)\b.{0,20}\b(mentor|mentorat|parrain)|thanks to"
)
_DESIGN: Final = re.compile(r"\b(poids|weight|ponderation|pond)\b")
_LABEL: Final = 70
BASE, SIDE = 11, 5  # the rule of disclosure that a study starts with: answers, and people on each side of a share


class Figure(NamedTuple):
    """An indicator to be written."""

    id: str
    question: Asked
    kind: str
    counts: tuple[Option, ...] = ()
    attribution: bool = False

    def label(self, language: str) -> str:
        """The question's words and, of a share, the answers that count."""
        text = said(self.question.text, language)
        if not self.counts or (len(self.counts) == 1 and self.question.guess.scale == "oui_non"):
            return shortened(text)
        answers = ", ".join(said(option.label, language) for option in self.counts)
        return f"{shortened(text, _LABEL)} – {shortened(answers, _LABEL)}"


def shown(figure: Figure, seen: Sequence[Seen]) -> bool:
    """Whether the report may print a figure for every group: a row that has too few on a side hides its question."""
    if any(one.base < BASE for one in seen):
        return False
    sides = [(one.base, sum(one.counts.get(option.code, 0) for option in figure.counts)) for one in seen]
    return not figure.counts or all(SIDE <= side <= base - SIDE for base, side in sides)


def figures(asked: Sequence[Asked], unfit: set[str]) -> tuple[list[Figure], list[Asked]]:
    """The indicators, and the questions that give none: unordered choices, dates, and those beyond what is read."""
    made: list[Figure] = []
    without: list[Asked] = []
    taken: set[str] = set()
    fit = [one for one in asked if one.id not in unfit]
    plain = any(_counted(one) for one in fit)
    for one in fit:
        counted = list(_counted(one)) or ([] if plain else list(_of_first_choice(one)))
        if not counted or len(made) + len(counted) > MOST:
            without.append(one)
            continue
        for ending, kind, options in counted:
            name = unused(f"{one.id}_{ending}"[:60], taken)
            taken.add(name)
            made.append(Figure(name, one, kind, options, bool(_CREDITS.search(fold(said(one.text, "fr"))))))
    return made, without


def _counted(one: Asked) -> Iterator[tuple[str, str, tuple[Option, ...]]]:
    """How an identifier ends, the kind and the answers that count, of each figure that a question gives."""
    guess = one.guess
    if guess.kind == "number" and not _DESIGN.search(fold(said(one.text, "fr"))):
        yield "moyenne", "mean", ()
    elif guess.kind == "multiple":
        yield from ((option.code, "share", (option,)) for option in one.choices[:MOST_OPTIONS])
    elif guess.kind == "single":
        top = tuple(option for option in one.choices if option.top)
        if top and len(top) < len(one.choices):
            yield top[0].code if len(top) == 1 else "haut", "share", top


def _of_first_choice(one: Asked) -> Iterator[tuple[str, str, tuple[Option, ...]]]:
    """The share of the commonest answer, where nothing else can be counted at all."""
    if one.guess.kind == "single" and len(one.choices) > 1:
        commonest = max(one.choices, key=lambda option: option.count)
        yield commonest.code, "share", (commonest,)
