"""Who is behind the results, as digests: what a registry of publications can compare without knowing anyone.

Two versions of a report on nearly the same people give, by subtraction, what the few others answered. To see it coming,
each respondent is a digest of all that they answered: the same whatever the order of the rows, of the files or of the
questions, and whatever the export's own wording. A question that nobody was asked changes none; nor do weights, which
are all made anew when one person comes.
"""

import hashlib
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from impact.model import Responses, Values
from impact.study import Study

_UNTOLD: Final = ("", "not_asked")  # reasons that a question added since would give everyone
_BYTES: Final = 16  # of each cell's hash: two numbers of 64 bits

Lanes = npt.NDArray[np.uint64]


def respondents(responses: Responses, study: Study) -> dict[str, tuple[str, ...]]:
    """The digests of the kept respondents, sorted, by group and band ("mentored_over", "non_mentored") and, within, by
    answer to each breakdown question ("mentored_over/sexe/fille"); none where no registry is kept. Two people who
    answered alike have the same digest, twice.

    A digest is the SHA-256 of the sum of the hashes of a person's cells, so that no order counts (Clarke, Devadas, van
    Dijk, Gassend & Suh 2003, MSet-Add-Hash). It is made in memory only: without a key it is as good as the answers.
    """
    if not study.registered:
        return {}
    people, weight = responses.people, study.design.weight
    answers, reasons = (frame.drop(columns=weight, errors="ignore") for frame in (responses.answers, responses.reasons))
    told = {"answer": answers, "reason": reasons, "of a pair": people[["pair"]]}
    lanes = np.zeros((len(people), 2), dtype="<u8")
    for part, frame in told.items():
        for name in frame:
            lanes += _hashes(f"{part} {name}", frame[name])
    found = pd.Series([hashlib.sha256(row.tobytes()).hexdigest() for row in lanes], people.index)
    leaf = people["group"].where(people["band"] == "", people["group"] + "_" + people["band"])
    within = [leaf + f"/{name}/" + answers[name] for name in study.analysis.breakdowns if name in answers]
    return {str(name): tuple(sorted(each)) for parts in (leaf, *within) for name, each in found.groupby(parts)}


def _hashes(name: str, values: Values) -> Lanes:
    """Two numbers a cell, drawn from the SHA-256 of its column and content; zeros where there is nothing to tell."""
    codes, found = pd.factorize(values)
    hashes = b"".join(bytes(_BYTES) if one in _UNTOLD else _hash(f"{name} {one}") for one in found)
    table: Lanes = np.frombuffer(hashes + bytes(_BYTES), dtype="<u8").reshape(-1, 2)
    return table[codes]  # a blank has code -1: the last row


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", errors="surrogatepass")).digest()[:_BYTES]
