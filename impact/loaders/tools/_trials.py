"""Rows that whoever made the form left while trying it: flagged, never dropped."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import numpy as np

from impact.matching import fold
from impact.model import Export

WORDS: Final = frozenset(("test", "tests", "teste", "testing", "essai", "essais", "azerty", "azertyuiop", "qwerty"))
MASHED: Final = re.compile(r"([a-z])\1{2,}|qsdf\w*|asdf\w*")  # a finger left on a key, or drawn along a row
PLAUSIBLE: Final = re.compile(r"[\s.!\d]*[^\W\d_]\w*[\s.!\d]*")  # one word: a quick look that spares a slow one
ENOUGH: Final = 2  # cells of trial words in one row: one alone may be an answer


def is_trial(text: str) -> bool:
    """Whether a text is what one types to try a form: "Test", "azerty", "aaaa", "test 2"."""
    if not PLAUSIBLE.fullmatch(text):
        return False
    word = fold(text).strip(" .!0123456789")
    return word in WORDS or bool(MASHED.fullmatch(word))


def flagged(export: Export) -> Export:
    """An export whose trial rows bear the flag "test": their date is such a word, or two of their answers are."""
    counts = np.zeros(len(export.cells), dtype=np.intp)
    for column in export.columns:
        cells = export.cells[column.position].array
        trial = np.array([is_trial(text) for text in cells.categories.tolist()], dtype=bool)
        if trial.any():
            weight = ENOUGH if column.position == export.answered_on else 1
            counts += weight * trial[cells.codes]
    return with_flag(export, export.cells.index[counts >= ENOUGH], "test")


def with_flag(export: Export, rows: Iterable[int], flag: str) -> Export:
    """An export with these rows flagged; what was said against a row before stands."""
    return replace(export, flags={int(row): flag for row in rows} | dict(export.flags))
