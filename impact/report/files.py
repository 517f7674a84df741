"""Writing one file, under the name that its readers may be given; the formats that may be asked for."""

import os
from pathlib import Path
from typing import Final

from impact.study import Study

INTERNAL: Final = "-usage-interne"  # in the name of each file that may not be handed on, whatever the language
PAGES, WORKBOOK, MANIFEST = "rapport.pdf", "tables.xlsx", "manifest.json"
CONTROL: Final = "controle_secret.json"  # what was masked and why, in counts that are safe themselves
FORMATS: Final = ("pdf", "xlsx")  # beside the tables, the figures and the manifest, which are always written


def named(name: str, study: Study) -> str:
    """The name of a file of a study's results, which says so where it is for internal use: it may be sent alone."""
    return for_internal(name) if study.internal else name


def for_internal(name: str) -> str:
    """ "rapport.pdf" as the file of an internal audience: "rapport-usage-interne.pdf"."""
    stem, dot, ending = name.rpartition(".")
    return f"{stem}{INTERNAL}{dot}{ending}"


def write(path: Path, content: bytes) -> Path:
    """A file that only its owner may read, there whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.partial")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    return draft.replace(path)
