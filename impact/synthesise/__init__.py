"""Synthetic data: files made like a study's own, in which nobody's answers stand. Every file says so."""

import zlib
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from impact.errors import ImpactError
from impact.loaders import load
from impact.study import Study
from impact.study.reading import below
from impact.synthesise import _cohorts
from impact.synthesise._copies import copies
from impact.synthesise._files import write
from impact.synthesise._layouts import layout_of, written_name
from impact.synthesise._original import Original, original
from impact.synthesise._recipe import read_recipe
from impact.synthesise._twin import twin

__all__ = ["from_recipe", "synthesise"]


def synthesise(study: Study, folder: Path, seed: int) -> tuple[Path, ...]:
    """Write a synthetic twin of a study into a folder: its exports and its own files. Same study and seed, same bytes.

    Each export keeps its format, encoding, headings, value labels, rows, blanks, duplicates, unmatched cells and the
    sizes of its clusters. Closed answers are drawn from each group's own smoothed counts, numbers and dates from its
    spread without the extremes, along the questionnaire's routing; free texts and columns that carry no question hold
    synthetic text. Questions are drawn one by one: the twin rehearses the path and says nothing of how answers hang
    together. ImpactError where the study cannot be normalised, or where the folder is the study's own.
    """
    if folder.resolve() == study.folder.resolve():
        raise ImpactError("synthesise_same_folder", folder=folder)
    exports = load(study)
    originals = [original(study, source, export) for source, export in zip(study.sources, exports, strict=True)]
    renamed = _renamed(study, originals, seed)
    names = {}
    written: list[Path] = []
    for whole in originals:
        file = whole.source.file
        names[file] = written_name(file, whole.export)
        layout = layout_of(study.folder / file, whole.export, whole.source)
        path = below(folder, names[file], study.file)
        written += write(twin(whole, layout, renamed, seed), path)
    return (*written, *copies(study, folder, {old: new for old, new in names.items() if old != new}))


def from_recipe(study: Study, recipe: Path, folder: Path) -> tuple[Path, ...]:
    """Write the exports that a recipe describes, on the study's questionnaire, into a folder: same recipe, same bytes.

    ImpactError where the recipe cannot be read, or says nothing of a question that a group was asked.
    """
    return _cohorts.exports(study, read_recipe(recipe), folder)


def _renamed(study: Study, originals: Iterable[Original], seed: int) -> dict[str, str]:
    """New names for the codes of strata and clusters, one for the whole study: groups may share clusters."""
    new: dict[str, str] = {}
    for question in (study.design.stratum, study.design.cluster, study.design.pair):
        columns = [
            (whole, column.position) for whole in originals if question in whole.feeds
            for column in whole.feeds[question].columns
        ]  # fmt: skip
        codes = sorted({text.strip() for whole, place in columns for text in whole.export.cells[place]} - {""})
        numeric = any(whole.numeric(place) for whole, place in columns)
        order = np.random.default_rng([seed, zlib.crc32(question.encode())]).permutation(len(codes))
        names = [str(place + 1) if numeric else f"G{place + 1:02d}" for place in order]
        new |= dict(zip(codes, names, strict=True))
    return new
