"""Putting a finished report in its place: whole or not at all, readable by its owner only."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from impact import texts
from impact.errors import ImpactError
from impact.model import TABLES
from impact.report.exchange import exchange, set_aside
from impact.report.files import CONTROL, MANIFEST, PAGES, WORKBOOK, for_internal
from impact.report.manifest import fingerprint, identity
from impact.report.publications import published_before
from impact.study import Study

FIGURES: Final = "figures"
_FILES: Final = (MANIFEST, CONTROL, PAGES, WORKBOOK, *(f"{name}.csv" for name in TABLES))
# All that a report writes at the top of its folder, whoever it is for: one for the public and one for internal use
# never stand together.
WRITTEN: Final = frozenset({FIGURES, *_FILES, *map(for_internal, _FILES)})


@contextmanager
def staged(folder: Path) -> Iterator[Path]:
    """A folder to fill, beside `folder`, that takes its place once the block ends without a fault.

    A run that stops half-way, killed even, leaves the old report as it was, or the new one whole. Files that a person
    put beside the old report stay.
    """
    draft, old = folder.with_name(f".{folder.name}.partial"), folder.with_name(f".{folder.name}.old")
    folder.parent.mkdir(parents=True, exist_ok=True)
    for left in (old, set_aside(folder)):
        _settle(left, folder)
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    try:
        yield draft
    except BaseException:  # an interruption too: figures that nobody will publish are not left lying there
        shutil.rmtree(draft, ignore_errors=True)
        raise
    draft.rename(old)  # whole: from here on nobody takes it for a draft, which may be thrown away
    if folder.exists():
        exchange(old, folder)
    _settle(old, folder)


def check(folder: Path, study: Study) -> None:
    """Refuse a folder whose content is not a report's: it will be replaced.

    ImpactError `report_folder_holds_study` where the study itself stands there, `report_folder_taken` where there is
    something else than a report or than the tables that `impact analyse` writes, `report_of_another` as below.
    """
    if study.folder.resolve().is_relative_to(folder):
        raise ImpactError("report_folder_holds_study", folder=folder.name)
    if folder.exists() and not (folder.is_dir() and (_is_report(folder) or _may_be_filled(folder))):
        raise ImpactError("report_folder_taken", folder=folder.name)
    refuse_another(folder, study)


def refuse_another(folder: Path, study: Study) -> None:
    """ImpactError `report_of_another` where the report that stands in a folder is another study's.

    It is this one's where they share a file, the study file or (of an internal report, whose manifest tells them) an
    export, where they go by the same title, organisation and year, or where the tables that stand there are in this
    study's registry of publications: a study is worked on, and its report written again. Two associations may call
    their folders alike, and a draft without an organisation goes by no name yet. ImpactError too where that registry
    cannot be read: it is known before anything is computed.
    """
    published = published_before(study)
    before, known_as = set(map(str, _manifest(folder, "inputs").values())), _manifest(folder, "study")
    if not before or (study.about.organisation and identity(study).items() <= known_as.items()):
        return
    own = [study.file, *(study.folder / source.file for source in study.sources)]
    if {fingerprint(path) for path in own if path.is_file()} & before:
        return
    if not set(map(str, _manifest(folder, "outputs").values())) & published:
        raise ImpactError("report_of_another", folder=folder.name, title=texts.load().label(known_as.get("title", "?")))


def holds_other_audience(folder: Path, study: Study) -> bool:
    """Whether results for the other audience stand in a folder: those of this one will take their place."""
    return (folder / (MANIFEST if study.internal else for_internal(MANIFEST))).is_file()


def _is_report(folder: Path) -> bool:
    return "impact" in _manifest(folder, "versions")


def _manifest(folder: Path, part: str) -> dict[str, Any]:
    """One part of the manifest that stands in a folder; nothing where none can be read."""
    for name in (MANIFEST, for_internal(MANIFEST)):
        try:
            content = json.loads((folder / name).read_bytes())[part]
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if isinstance(content, dict):
            return content
    return {}


def _may_be_filled(folder: Path) -> bool:
    """Whether nothing stands there but tables alone and hidden files, such as .DS_Store."""
    return all(path.name.startswith(".") for path in _strangers(folder))


def _strangers(folder: Path) -> list[Path]:
    """What a report does not write: a person put it there."""
    return sorted(path for path in folder.iterdir() if path.name not in WRITTEN)


def _strangers_drawn(folder: Path) -> list[Path]:
    """What stands among a report's figures, at any depth, and is not in the report's own list of what it wrote."""
    found = sorted(path for path in (folder / FIGURES).rglob("*") if path.is_symlink() or not path.is_dir())
    written = _manifest(folder, "outputs")
    return [path for path in found if path.relative_to(folder).as_posix() not in written]


def _settle(old: Path, folder: Path) -> None:
    """Finish what an earlier run may have begun: bring a report to its place where none stands there, else what a
    person had put beside it."""
    if not old.exists():
        return
    if not folder.exists():
        old.rename(folder)
        return
    strangers = [*_strangers(old), *_strangers_drawn(old)]
    for stranger in strangers:
        kept = folder / stranger.relative_to(old)
        kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not kept.exists():
            stranger.rename(kept)
    shutil.rmtree(old / FIGURES, ignore_errors=True)  # before the list of what is a report's own among them
    shutil.rmtree(old)
