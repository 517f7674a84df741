"""Answers that were never sent: flagged as partial where the tool has a column that says so."""

from collections.abc import Callable, Collection
from typing import Final

from impact.loaders.tools._trials import with_flag
from impact.matching import fold
from impact.model import Export

YES: Final = frozenset(("1", "oui", "yes", "true", "vrai"))


def says_yes(cell: str) -> bool:
    """What the column of drafts holds for one."""
    return fold(cell) in YES


def with_drafts(export: Export, headings: Collection[str], is_draft: Callable[[str], bool] = says_yes) -> Export:
    """An export whose unfinished answers bear the flag "partial"; `headings` name the column that tells, folded."""
    for column in export.columns:
        if any(fold(heading) in headings for heading in column.headings):
            cells = export.cells[column.position].astype(str)
            export = with_flag(export, cells.index[cells.map(is_draft)], "partial")
    return export
