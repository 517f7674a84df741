"""Who answers again in another year: a keyed digest in the place of what names them."""

from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType

from impact import keys
from impact.loaders.pointers import Pointers, no_column
from impact.matching import fold
from impact.model import Export
from impact.study.schema import Study

_BETWEEN = " ‖ "  # a sign that nobody types: "Ana", "Bo" is never "An", "aBo"


def with_links(exports: Sequence[Export], study: Study) -> list[Export]:
    """Exports whose rows bear the digest of their respondent, where the study links years and the file tells who.

    A row that leaves one of the columns blank has none. Raises ImpactError where no file holds all the columns that
    `[link]` names, or where the key cannot be read.
    """
    if study.link is None:
        return list(exports)
    key = keys.key(study.link.key)
    linked = [_linked(export, study.link.columns, key) for export in exports]
    if all(export is None for export in linked):
        held = Pointers(exports[0])
        raise no_column(exports[0], next(name for name in study.link.columns if not held.at([name])))
    return [export or whole for export, whole in zip(linked, exports, strict=True)]


def _linked(export: Export, names: Sequence[str], key: bytes) -> Export | None:
    pointers = Pointers(export)
    columns = [pointers.at([name]) for name in names]
    if not all(columns):
        return None
    cells = export.cells[[found[0].position for found in columns]].astype(object)
    links = {
        int(row): keys.digest(key, _BETWEEN.join(map(fold, texts)))
        for row, *texts in cells.itertuples()
        if all(text.strip() for text in texts)
    }
    return replace(export, links=MappingProxyType(links))
