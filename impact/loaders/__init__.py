"""Exports of survey tools, read as they are: every cell a text, nothing turned into missing.

A format is one file of this folder. It offers

- `PRIORITY: int`: the highest is asked first; a dialect of a format stands above the format, 0 is the fallback;
- `matches(path, head) -> bool`: whether the content is this format's, never by the extension alone; `head` is the first
  4096 bytes;
- `read(path, source) -> Export`: the whole file, or an ImpactError that names what is wrong, where, and what to do.

A heavy library is imported inside `read`: asking every loader whether it recognises a text file must cost nothing.
"""

from pathlib import Path
from typing import Final, Protocol, cast

from impact import registry
from impact.errors import ImpactError
from impact.loaders import _signatures
from impact.matching import nearest
from impact.model import Export
from impact.study.reading import below
from impact.study.schema import Source, Study

LARGEST: Final = 100  # megabytes; an export of 100 000 respondents and 80 questions takes half
# Extensions of files that are never text: a text under such a name was renamed by hand, or its download failed.
NEVER_TEXT: Final = (".xlsx", ".xlsm", ".ods", ".sav", ".zsav", ".por", ".dta")


class Loader(Protocol):
    """What each file of this folder offers."""

    PRIORITY: int

    def matches(self, path: Path, head: bytes) -> bool: ...
    def read(self, path: Path, source: Source) -> Export: ...


def load(study: Study) -> tuple[Export, ...]:
    """Every export of a study, one a `[[source]]`, in the study file's order.

    Raises ImpactError for a file that is absent, that stands outside the study's folder, or that cannot be read whole.
    """
    return tuple(read(below(study.folder, source.file, study.file), source) for source in study.sources)


def read(path: Path, source: Source) -> Export:
    """One export, by the loader that `source.format` names, else by the one that recognises the content."""
    size = _present(path).stat().st_size
    if not size:
        raise ImpactError("loader_empty", file=path.name)
    if size > LARGEST * 1_000_000:
        raise ImpactError("loader_too_big", file=path.name, size=size // 1_000_000, limit=LARGEST)
    loader = _named(source.format) if source.format else _recognised(path)
    return loader.read(path, source)


def loaders() -> dict[str, Loader]:
    """The loaders by name."""
    return cast(dict[str, Loader], registry.members(__name__))


def _named(name: str) -> Loader:
    known = loaders()
    if name in known:
        return known[name]
    near = nearest(name, known)
    key = "loader_unknown_format_near" if near else "loader_unknown_format"
    raise ImpactError(key, format=name, known=", ".join(known), near=near)


def _recognised(path: Path) -> Loader:
    with path.open("rb") as file:
        head = file.read(_signatures.HEAD)
    ordered = sorted(loaders().values(), key=lambda loader: -loader.PRIORITY)
    loader = next((loader for loader in ordered if loader.matches(path, head)), None)
    if loader is None:
        raise ImpactError(f"loader_is_{_signatures.kind(head) or 'binary'}", file=path.name)
    if not loader.PRIORITY and path.suffix.lower() in NEVER_TEXT:
        raise ImpactError("loader_text_renamed", file=path.name, extension=path.suffix)
    return loader


def _present(path: Path) -> Path:
    if path.is_file():
        return path
    beside = [found.name for found in path.parent.iterdir() if found.is_file()] if path.parent.is_dir() else []
    near = nearest(path.name, sorted(beside))
    raise ImpactError("loader_no_file_near" if near else "loader_no_file", file=path.name, near=near)
