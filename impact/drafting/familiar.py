"""Questions of the bundled questionnaire met again under their own words, or nearly: proposed, never taken."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from rapidfuzz import fuzz, process, utils

from impact.drafting.draft import Asked
from impact.matching import fold
from impact.study import Questionnaire

BUNDLED: Final = "koreis2022"
ALIKE: Final = 85  # of 100, in the likeness of words: below it on real files, what is met is another question
CUT: Final = 40  # signs: a heading this long that a wording begins with was cut by its tool
SHORTEST: Final = 3  # words: a heading of one or two says too little
ENOUGH: Final = 5  # questions met again before the dimensions of the bundled questionnaire are taken for the study's


def recognised(asked: Sequence[Asked], bundled: Questionnaire) -> list[Asked]:
    """The questions, each with the bundled one it is most like; a bundled question is met once, by the most alike."""
    wordings = [(text, question.id) for question in bundled.question for text in (*question.texts, *question.columns)]
    wordings = [pair for pair in wordings if len(pair[0].split()) >= SHORTEST]
    found = {one.id: _most_alike(one, wordings) for one in asked}
    best: dict[str, tuple[float, str]] = {}
    for own, (known, likeness) in found.items():
        if known and likeness > best.get(known, (0.0, ""))[0]:
            best[known] = (likeness, own)
    kept = {own: (known, likeness) for known, (likeness, own) in best.items()}
    return [replace(one, familiar=kept.get(one.id)) for one in asked]


def _most_alike(one: Asked, wordings: Sequence[tuple[str, str]]) -> tuple[str, float]:
    texts = [text for text in (*one.text.values(), *one.columns) if len(text.split()) >= SHORTEST]
    scored = [
        (float(found[1]), wordings[found[2]][1])
        for text in texts
        if (found := process.extractOne(
            text, [wording for wording, _ in wordings], scorer=_likeness, score_cutoff=ALIKE,
        ))
    ]  # fmt: skip
    likeness, known = max(scored, default=(0.0, ""))
    return known, likeness


def _likeness(text: Any, wording: Any, *, score_cutoff: float | None = None) -> float:  # noqa: ANN401 – rapidfuzz's
    """How alike two wordings are, by their words in any order: 100 where they read the same."""
    if fold(text) == fold(wording):
        return 100.0
    if len(text) >= CUT and fold(wording).startswith(fold(text)):  # SPSS cuts long labels
        return 99.0
    return min(99.0, fuzz.token_sort_ratio(fold(text), fold(wording), processor=utils.default_process))


def dimensions(asked: Iterable[Asked], bundled: Questionnaire) -> Mapping[str, str]:
    """The dimension of each question by that of the bundled one it was recognised as; none where too few were."""
    of_question: dict[str, str] = {}
    for indicator in bundled.indicator:
        if indicator.question:
            of_question.setdefault(indicator.question, indicator.dimension)
    known = {one.id: of_question[one.familiar[0]] for one in asked if one.familiar and one.familiar[0] in of_question}
    return known if len(known) >= ENOUGH and len(set(known.values())) > 1 else {}
