"""Questions that seem not to have been shown to everyone, where neither the file nor the questionnaire says so.

Those who gave one answer to an earlier question leave them blank, and the others answer them: a form that skips does
that, and people do not. Nothing is decided here: what was not shown is only proposed.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from impact.study import Question

FEWEST: Final = 10  # people who would have been led past a question: fewer may each have had a reason of their own
_FEWEST_OTHERS, _FEWEST_EACH = 5, 3  # people shown it, and people behind each answer that would lead past it
_BLANK, _STILL_BLANK = 0.95, 0.30  # least share of blanks among those led past, greatest among the others
_TOLD: Final = ("", "no_answer", "dont_know", "refused", "not_applicable")  # neither explained nor misunderstood

Counts = npt.NDArray[np.float32]


class Hidden(NamedTuple):
    """A question that `blank` of the `people` who gave one of the answers `away` to `decides` leave blank, and
    that those who gave one of the answers `shown` fill in."""

    question: str
    decides: str
    away: tuple[str, ...]
    shown: tuple[str, ...]
    people: int
    blank: int


def hidden(questions: Sequence[Question], answers: pd.DataFrame, reasons: pd.DataFrame) -> list[Hidden]:
    """What seems hidden from some: `questions` in the form's order, frames as those of `Responses`, one row a person.

    Only a single choice decides, one that stands before; of several that would, the one that tells blanks and answers
    best apart. Questions with a condition are left out. The cost is that of the rows, times pairs of questions.
    """
    laters = [one.id for one in questions if not one.only_if and (reasons[one.id] == "no_answer").sum() >= FEWEST]
    blank = _marked(reasons, laters, ("no_answer",))
    untold = 1 - _marked(reasons, laters, _TOLD)
    best: dict[str, tuple[float, Hidden]] = {}
    for number, decides in enumerate(questions):
        behind = len(laters) - len({one.id for one in questions[number + 1 :]}.intersection(laters))
        if decides.kind == "single" and laters[behind:]:
            codes, said = pd.factorize(answers[decides.id])
            given = (codes[:, None] == np.arange(len(said))).astype(np.float32)
            counts = blank[behind:] @ given, given.sum(axis=0) - untold[behind:] @ given
            for gap, found in _led_past(decides.id, laters[behind:], list(said), counts):
                if found.question not in best or gap > best[found.question][0]:
                    best[found.question] = gap, found
    return [best[name][1] for name in laters if name in best]


def _marked(reasons: pd.DataFrame, questions: Sequence[str], among: Sequence[str]) -> Counts:
    """1 where the reason is one of these, one row a question, one column a person."""
    marks = np.zeros((len(questions), len(reasons)), dtype=np.float32)
    for number, name in enumerate(questions):
        marks[number] = reasons[name].isin(among)
    return marks


def _led_past(
    decides: str, laters: Sequence[str], said: Sequence[str], counts: tuple[Counts, Counts]
) -> Iterator[tuple[float, Hidden]]:
    """By later question, who is led past it: `counts` are blanks and people, one row a question, one column an answer.
    With each, how far apart the shares of blanks of the two sides are."""
    blank, people = counts
    led = (people >= _FEWEST_EACH) & (blank >= _BLANK * people)
    past, others = (led * people).sum(axis=1), (~led * people).sum(axis=1)
    left, still = (led * blank).sum(axis=1), (~led * blank).sum(axis=1)
    sure = (past >= FEWEST) & (others >= _FEWEST_OTHERS) & (still <= _STILL_BLANK * others)
    for row in map(int, np.flatnonzero(sure)):
        away = tuple(sorted(code for code, one in zip(said, led[row], strict=True) if one))
        shown = [code for code, one in zip(said, ~led[row] & (people[row] > 0), strict=True) if one]
        gap = float(left[row] / past[row] - still[row] / others[row])
        count, empty = round(float(past[row])), round(float(left[row]))
        yield gap, Hidden(laters[row], decides, away, tuple(sorted(shown)), count, empty)
