"""Cells with signs that act on whoever reads them: control signs, and those that turn the direction of a text."""

from dataclasses import replace

import numpy as np

from impact import texts
from impact.model import Export
from impact.texts.signs import still


def noted(export: Export) -> Export:
    """The export with a note where cells hold such signs, which no output keeps, and how many; cells stay as they are,
    and a line feed within one is no such sign."""
    count = 0
    for place in export.cells:
        cells = export.cells[place].cat
        acts = np.array([not text.isprintable() and still(text) != _one_end(text) for text in cells.categories], bool)
        if acts.any():
            count += int(acts[cells.codes[cells.codes >= 0]].sum())
    if not count:
        return export
    return replace(export, notes=(*export.notes, texts.load()("note.acting_signs", count=count)))


def _one_end(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
