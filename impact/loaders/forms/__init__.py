"""The questionnaires that survey tools write, one file each: the dictionary of an export, where there is one.

A file of this folder offers

- `TITLE: str`: what the user knows the file as ("structure LimeSurvey (.lss)");
- `matches(path, head) -> bool`: whether the content is this format's; `head` is the first 4096 bytes;
- `read(path) -> Form`: the questions, or an ImpactError that names what is wrong, where, and what to do.
"""

from pathlib import Path
from typing import Protocol, cast

from impact import registry
from impact.loaders import _signatures
from impact.model import Form


class Reader(Protocol):
    """What each file of this folder offers."""

    TITLE: str

    def matches(self, path: Path, head: bytes) -> bool: ...
    def read(self, path: Path) -> Form: ...


def forms() -> dict[str, Reader]:
    """The readers by name."""
    return cast(dict[str, Reader], registry.members(__name__))


def recognised(path: Path) -> Reader | None:
    """The reader that a file is for, None where it is no tool's questionnaire."""
    with path.open("rb") as file:
        head = file.read(_signatures.HEAD)
    return next((reader for reader in forms().values() if reader.matches(path, head)), None)
