"""Files that go in pairs: one holds the answers, the other says what they mean."""

from collections.abc import Iterable
from pathlib import Path

from impact.errors import ImpactError


def beside(path: Path, names: Iterable[str]) -> Path | None:
    """The first of these files that stands in the same folder, whatever the case of its name; None where none does.

    A link that leads out of the folder is no file of it: what is read beside an export was named by nobody.
    """
    files = {found.name.casefold(): found for found in sorted(path.parent.iterdir()) if _stands_in(found)}
    return next((files[name.casefold()] for name in names if name.casefold() in files), None)


def needed(path: Path, *names: str) -> Path:
    """The file that goes with this one. ImpactError where none of these stands in the same folder."""
    found = beside(path, names)
    if found is None:
        raise ImpactError("loader_no_companion", file=path.name, other=names[0])
    return found


def _stands_in(found: Path) -> bool:
    return found.is_file() and found.resolve().is_relative_to(found.parent.resolve())
