"""How a file is opened, one kind of file a module: every cell a text, nothing turned into missing.

A kind is one file of this folder. It offers

- `PRIORITY: int`: the highest is asked first; 0 is the fallback;
- `matches(path, head) -> bool`: whether the content is this kind's, never by the extension alone; `head` is the first
  4096 bytes;
- `read(path, source) -> Book | Export`: the rows as they stand (a text, a workbook), or the whole export where the file
  itself says what its columns are (SPSS, Stata, SAS); an ImpactError that names what is wrong, where, and what to do.

A kind whose files go in pairs also offers `companion(path) -> Path | None`, the file beside this one that is read with
it.

A heavy library is imported inside `read`: asking every kind whether it recognises a text file must cost nothing.
"""

from pathlib import Path
from typing import Protocol, cast, runtime_checkable

from impact import registry
from impact.loaders._sheet import Book
from impact.model import Export
from impact.study.schema import Source


class Container(Protocol):
    """What each file of this folder offers."""

    PRIORITY: int

    def matches(self, path: Path, head: bytes) -> bool: ...
    def read(self, path: Path, source: Source) -> Book | Export: ...


@runtime_checkable
class Paired(Protocol):
    """What those whose files go in pairs offer besides."""

    def companion(self, path: Path) -> Path | None: ...


def containers() -> dict[str, Container]:
    """The kinds of file by name."""
    return cast(dict[str, Container], registry.members(__name__))
