"""Questionnaires that no study names yet: the bundled ones, and one that is still to be written."""

import tomllib
from pathlib import Path

from impact.study._validated import validated
from impact.study.questionnaire import Questionnaire
from impact.study.reading import beside, with_scales


def bundled(name: str) -> Questionnaire:
    """A questionnaire that comes with the program. ImpactError where there is none of that name."""
    file = beside(Path("study.toml"), name, "questionnaire")
    return with_scales(validated(Questionnaire, file), file)


def questionnaire_in(text: str, file: Path) -> Questionnaire:
    """A questionnaire that is not a file yet, its names checked as those of one that is; `file` names it in errors."""
    return with_scales(Questionnaire.model_validate(tomllib.loads(text)), file)
