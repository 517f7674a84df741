"""Two questions that say nearly the same: who says yes to one says yes (or no) to the other.

A column that the tool computed, or a question recoded under another heading: beside each other, two shares tell the few
between. Such two are judged as one set of answers (`impact.protect`), in the question that comes second.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np

from impact.analyse._cohort import Drawn
from impact.analyse.people import Tally, sources
from impact.sample import FloatArray
from impact.study import Indicator

FEWEST: Final = 30  # people who answered both
# People who would be in a set of answers that nobody gave, were the two questions apart: by chance once in 20 000.
EXPECTED: Final = 10.0


def nested_answers(drawn: Drawn) -> Iterator[Tally]:
    """The two answers at once, of each two shares of different questions of which one tells of the other."""
    shares = [one for one in drawn.study.questionnaire.indicator if one.kind == "share"]
    if len(shares) < len(("one", "other")):
        return
    y = np.column_stack([drawn.scores[one.id].y for one in shares])
    for first, second in np.argwhere(np.triu(_nested(y), 1)).tolist():
        if shares[first].question != shares[second].question:
            yield from _both(drawn, (shares[first], shares[second]), y[:, [first, second]])


def _nested(y: FloatArray) -> "np.ndarray[tuple[int, int], np.dtype[np.bool_]]":
    """Which columns of yes (1), no (0) or no answer leave one set of two answers to nobody, as chance would not."""
    yes, no = (y == 1).astype(float), (y == 0).astype(float)
    people = (yes + no).T @ (yes + no)
    found = np.zeros_like(people, dtype=np.bool_)
    with np.errstate(invalid="ignore"):
        for one in (yes, no):
            for other in (yes, no):
                expected = (one.T @ (yes + no)) * ((yes + no).T @ other) / people
                found |= (one.T @ other == 0) & (expected >= EXPECTED)
    return np.asarray(found & (people >= FEWEST), dtype=np.bool_)


def _both(drawn: Drawn, two: tuple[Indicator, Indicator], y: FloatArray) -> Iterator[Tally]:
    place = np.where(np.isnan(y).any(axis=1), -1, 2 * (y[:, 0] == 1) + (y[:, 1] == 1))
    names = {at: name for at, name in enumerate(("neither", "second", "first", "both")) if (place == at).any()}
    order = {at: number for number, at in enumerate(names)}
    for source in sources(drawn):
        told = np.array([order.get(at, -1) for at in place[source.rows].tolist()], dtype=np.intp)
        if (told >= 0).any():
            counts = source.tally(told, len(names))
            yield Tally("figures", two[1].question, f"{two[0].id}/{two[1].id}", list(names.values()),
                        source.leaves, counts)  # fmt: skip
