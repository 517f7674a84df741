"""Accents damaged before the export: found always, mended only where the study asks for it."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import pandas as pd

from impact.model import Column, Export, Values

# How a text may have been misread and saved again: (read as, was). Each is undone by going the way back.
MISREADINGS: Final = (("cp1252", "utf-8"), ("mac_roman", "utf-8"), ("mac_roman", "cp1252"), ("cp1252", "mac_roman"))
# A capital accented letter, or a sign, amid a word: no French or English word is written so. Nor does one begin with È.
SUSPECT: Final = re.compile(
    "Ã[\u0080-\u00bf\u0152-\u0178\u02c6\u2013-\u203a\u20ac\u2122]|â€|√[^\\W\\d_]|√[©®†ß§±]|(?<=[a-zà-ÿ])[À-ÖØ-ÞŠŽŸ‡ˆ˘]|È(?=[a-z]{2})"
)


def damaged(text: str) -> bool:
    """Whether a text shows the marks of a misreading."""
    return bool(SUSPECT.search(text))


def mended(export: Export) -> Export:
    """The export with its damaged texts put right, all by the one misreading that explains most of them.

    `repaired` counts the cells that changed. What cannot be put right (a lost letter, written "?") stays as it is.
    """
    texts = {text for place in export.cells for text in export.cells[place].cat.categories if damaged(text)}
    names = {heading for column in export.columns for heading in (*column.headings, column.block, column.item)}
    fixed = repairs({*texts, *filter(damaged, names)})
    if not fixed:
        return export
    cells, changed = {}, 0
    for place in export.cells:
        cells[place], count = _renamed(export.cells[place], fixed)
        changed += count
    columns = tuple(_column(column, fixed) for column in export.columns)
    return replace(export, columns=columns, cells=pd.DataFrame(cells, export.cells.index), repaired=changed)


def repairs(texts: Iterable[str]) -> dict[str, str]:
    """What each damaged text was, under the misreading that puts most of them right; what none explains is left out."""
    found = {way: {text: right for text in texts if (right := _undone(text, *way))} for way in MISREADINGS}
    counted = Counter({way: len(right) for way, right in found.items()})
    best = max(MISREADINGS, key=lambda way: counted[way])
    return found[best]


def _undone(text: str, read_as: str, was: str) -> str:
    """The text before the misreading, "" where this is not what happened to it."""
    try:
        right = text.encode(read_as).decode(was)
    except UnicodeError:
        return ""
    return right if right != text and not damaged(right) and right.isprintable() else ""


def _renamed(cells: Values, fixed: dict[str, str]) -> tuple[Values, int]:
    wrong = [text for text in cells.cat.categories if text in fixed]
    if not wrong:
        return cells, 0
    right = cells.astype(object).map(lambda text: fixed.get(text, text))
    return right.astype("category"), int(cells.isin(wrong).sum())


def _column(column: Column, fixed: dict[str, str]) -> Column:
    return replace(
        column,
        headings=tuple(fixed.get(heading, heading) for heading in column.headings),
        block=fixed.get(column.block, column.block),
        item=fixed.get(column.item, column.item),
        labels={code: fixed.get(label, label) for code, label in column.labels.items()},
    )
