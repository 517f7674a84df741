"""Putting a finished report in its place: whole or not at all, readable by its owner only."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from impact.errors import ImpactError
from impact.study import Study

MANIFEST: Final = "manifest.json"


def write(path: Path, content: bytes) -> Path:
    """A file that only its owner may read, there whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.partial")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    return draft.replace(path)


@contextmanager
def staged(folder: Path) -> Iterator[Path]:
    """A folder to fill, beside `folder`, that takes its place once the block ends without a fault.

    A run that stops half-way leaves the old report as it was. Files that a person put beside the old report stay.
    """
    draft, old = folder.with_name(f".{folder.name}.partial"), folder.with_name(f".{folder.name}.old")
    folder.parent.mkdir(parents=True, exist_ok=True)
    _settle(old, folder)
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    yield draft
    if folder.exists():
        folder.rename(old)
    draft.rename(folder)
    _settle(old, folder)


def check(folder: Path, study: Study) -> None:
    """Refuse a folder whose content is not a report's.

    ImpactError `report_folder_holds_study` where the study itself stands there, `report_folder_taken` where other
    files do.
    """
    if study.folder.resolve().is_relative_to(folder):
        raise ImpactError("report_folder_holds_study", folder=folder.name)
    if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and not (folder / MANIFEST).is_file())):
        raise ImpactError("report_folder_taken", folder=folder.name)


def _settle(old: Path, folder: Path) -> None:
    """Finish what an earlier run may have begun: bring back the old report, or what a person had put beside it."""
    if not old.exists():
        return
    if not folder.exists():
        old.rename(folder)
        return
    for stranger in _strangers(old):
        if not (folder / stranger.name).exists():
            stranger.rename(folder / stranger.name)
    shutil.rmtree(old)


def _strangers(folder: Path) -> list[Path]:
    try:
        listed = json.loads((folder / MANIFEST).read_bytes())["outputs"]
    except (OSError, ValueError, KeyError):
        return []
    own = {MANIFEST, *(Path(name).parts[0] for name in listed)}
    return sorted(path for path in folder.iterdir() if path.name not in own)
