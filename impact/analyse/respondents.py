"""Who is behind the results, as digests: what a registry of publications can compare without knowing anyone.

Two versions of a report on nearly the same people give, by subtraction, what the few others answered. To see it coming,
each respondent is a digest of what they answered to the questions that both versions know: the same whatever the order
of the rows, of the files or of the questions, and whatever the export's own wording. Weights change none: they are all
made anew when one person comes.
"""

import hashlib
from collections.abc import Iterable
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from impact.model import People, Responses, Values
from impact.study import Study

_UNTOLD: Final = ("", "not_asked")  # reasons that a question added since would give everyone
WITHIN: Final = "/"  # between a question and one of its boxes; a group, a breakdown question and the answer to it
_BYTES: Final = 16  # of each cell's hash: two numbers of 64 bits

Lanes = npt.NDArray[np.uint64]


def respondents(responses: Responses, study: Study) -> People | None:
    """The kept respondents by part, and what tells them apart by question; None where no registry is kept.

    Parts are groups and bands ("mentored_over", "non_mentored") and, within, answers to each breakdown question
    ("mentored_over/sexe/fille"). A question that nobody was asked is none.
    """
    if not study.registered:
        return None
    people, weight = responses.people, study.design.weight
    answers, reasons = (frame.drop(columns=weight, errors="ignore") for frame in (responses.answers, responses.reasons))
    cells: dict[str, Lanes] = {}
    for part, frame in {"answer": answers, "reason": reasons, "of a pair": people[["pair"]]}.items():
        for name in frame:
            question = str(name).partition(WITHIN)[0]
            cells[question] = cells.get(question, 0) + _hashes(f"{part} {name}", frame[name])
    leaf = people["group"].where(people["band"] == "", people["group"] + "_" + people["band"]).reset_index(drop=True)
    within = [leaf + f"/{name}/" + answers[name].reset_index(drop=True)
              for name in study.analysis.breakdowns if name in answers]  # fmt: skip
    parts = {str(name): rows.index.to_numpy() for each in (leaf, *within) for name, rows in leaf.groupby(each)}
    return People(parts, {name: lanes for name, lanes in cells.items() if lanes.any()})


def digests(people: People, questions: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """By part, a digest of what each person answered to these questions, sorted. Two people who answered alike have
    the same, twice.

    A digest is the SHA-256 of the sum of the hashes of a person's cells, so that no order counts (Clarke, Devadas, van
    Dijk, Gassend & Suh 2003, MSet-Add-Hash). It is made in memory only: without a key it is as good as the answers.
    """
    size = 1 + max((int(places.max()) for places in people.parts.values()), default=-1)
    lanes = np.zeros((size, 2), dtype="<u8")
    for name in questions:
        lanes += people.cells[name]
    told = [hashlib.sha256(row.tobytes()).hexdigest() for row in lanes]
    return {part: tuple(sorted(told[place] for place in places)) for part, places in people.parts.items()}


def _hashes(name: str, values: Values) -> Lanes:
    """Two numbers a cell, drawn from the SHA-256 of its column and content; zeros where there is nothing to tell."""
    codes, found = pd.factorize(values)
    hashes = b"".join(bytes(_BYTES) if one in _UNTOLD else _hash(f"{name} {one}") for one in found)
    table: Lanes = np.frombuffer(hashes + bytes(_BYTES), dtype="<u8").reshape(-1, 2)
    return table[codes]  # a blank has code -1: the last row


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", errors="surrogatepass")).digest()[:_BYTES]
