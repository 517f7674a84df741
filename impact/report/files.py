"""Writing one file; the formats that may be asked for."""

import os
from pathlib import Path
from typing import Final

FORMATS: Final = ("pdf", "xlsx")  # beside the tables, the figures and the manifest, which are always written


def write(path: Path, content: bytes) -> Path:
    """A file that only its owner may read, there whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.partial")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    return draft.replace(path)
