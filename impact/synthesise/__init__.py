"""Synthetic data: files made like a study's own, in which nobody's answers stand. Every file says so."""

from pathlib import Path

from impact.study import Study
from impact.synthesise._cohorts import exports
from impact.synthesise._recipe import read_recipe

__all__ = ["from_recipe"]


def from_recipe(study: Study, recipe: Path, folder: Path) -> tuple[Path, ...]:
    """Write the exports that a recipe describes, on the study's questionnaire, into a folder: same recipe, same bytes.

    ImpactError where the recipe cannot be read, or says nothing of a question that a group was asked.
    """
    return exports(study, read_recipe(recipe), folder)
