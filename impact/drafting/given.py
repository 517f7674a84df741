"""What `init` was given: which files are exports, which are forms, and where the exports stand for the study."""

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from impact import loaders
from impact.drafting.draft import Given
from impact.errors import ImpactError
from impact.loaders import forms
from impact.matching import fold
from impact.model import Export, Form
from impact.study import Source

# Sheets that describe a questionnaire and hold no answer.
_OF_FORMS: Final = ("survey", "choices", "settings", "external_choices", "entities", "information")
# What an export's or a form's name ends with: those of a folder are named where the folder was given in their place.
_EXPORTS: Final = (
    ".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods", ".sav", ".zsav", ".por", ".dta", ".sas7bdat", ".xpt",
    ".lss", ".vv",
)  # fmt: skip
WRITTEN: Final = ("study.toml", "questionnaire.toml")


class Standing(NamedTuple):
    """Where the study is to stand, the exports to be copied there (from, to), the files given that are no export."""

    folder: Path
    copies: tuple[tuple[Path, Path], ...]
    aside: tuple[Path, ...] = ()


def given(paths: Sequence[Path], output: Path | None) -> tuple[Given, Standing]:
    """The exports and forms among some files, in the order they were named.

    ImpactError where a file is absent or cannot be read, where none holds answers, or where the folder has a study.
    """
    aside = tuple(path for path in dict.fromkeys(paths) if path.suffix.lower() == ".toml")
    named = [path for path in dict.fromkeys(paths) if path not in aside]
    for path in named:
        _refuse_no_file(path)
    found = [(path, *_opened(path)) for path in named]
    exports = [(path, export) for path, export, _ in found if export]
    if not exports:
        raise ImpactError("init_no_export", files=", ".join(path.name for path in paths))
    folder = output or exports[0][0].parent
    _refuse_overwriting(folder)
    placed = [_placed(path, folder) for path, _ in exports]
    _refuse_one_name(placed, [path for path, _ in exports])
    files = tuple(place.relative_to(folder).as_posix() for place in placed)
    copies = tuple((path, place) for (path, _), place in zip(exports, placed, strict=True) if path != place)
    whole = Given(tuple(export for _, export in exports), files, tuple(form for _, _, form in found if form))
    return whole, Standing(folder, copies, aside)


def _refuse_no_file(path: Path) -> None:
    if path.is_dir():
        inside = [one for one in sorted(path.iterdir()) if one.is_file() and one.suffix.lower() in _EXPORTS]
        meant = " ".join(shlex.quote(str(one)) for one in inside if not loaders.locked_by(one))
        raise ImpactError("init_folder" if meant else "init_folder_empty", folder=str(path), files=meant)
    if not path.is_file() and not loaders.locked_by(path):
        raise ImpactError("init_no_file", file=str(path))


def _opened(path: Path) -> tuple[Export | None, Form | None]:
    """A file as an export, as a form, or as both, where one workbook holds the answers and their dictionary."""
    reader = None if loaders.locked_by(path) else forms.recognised(path)
    if reader is None:
        return _read(path), None
    if path.suffix.lower() not in (".xlsx", ".xlsm", ".xls", ".ods"):
        return None, reader.read(path)
    try:
        export = _read(path)
    except ImpactError:
        return None, reader.read(path)
    if fold(export.sheet) in _OF_FORMS:
        return None, reader.read(path)
    try:
        return export, reader.read(path)
    except ImpactError:  # the answers are read all the same, and their dictionary guessed
        return export, None


def _read(path: Path) -> Export:
    return loaders.read(path, Source(file=path.name, group="mentored"))


def _refuse_overwriting(folder: Path) -> None:
    for name in WRITTEN:
        if (folder / name).exists() or (folder / name).is_symlink():
            raise ImpactError("init_exists", file=name, folder=str(folder))


def _placed(path: Path, folder: Path) -> Path:
    """Where the study finds an export: where it stands, below the folder, or as a copy in it."""
    inside, whole = folder.resolve(), path.resolve()
    if whole.is_relative_to(inside) and path.absolute().is_relative_to(folder.absolute()):
        return folder / path.absolute().relative_to(folder.absolute())
    if whole.is_relative_to(inside):
        return folder / whole.relative_to(inside)
    target = folder / path.name
    if target.exists() or target.is_symlink():
        raise ImpactError("init_name_taken", file=path.name, folder=str(folder))
    return target


def _refuse_one_name(placed: Sequence[Path], paths: Sequence[Path]) -> None:
    for place, path in zip(placed, paths, strict=True):
        if placed.count(place) > 1:
            raise ImpactError("init_name_taken", file=path.name, folder=str(place.parent))
