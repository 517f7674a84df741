"""What a report was made from and with: fingerprints and versions, no clock and no path of the machine.

What the public reads holds no fingerprint of an export, nor of the plan, whose file holds some: who knew all answers
but one could try that one until the fingerprint fits.
"""

import hashlib
import json
import platform
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any, Final

from impact import __version__
from impact.loaders import inputs
from impact.report.tables import notices
from impact.study import Study
from impact.study.reading import below
from impact.texts.signs import escaped

LIBRARIES: Final = ("babel", "matplotlib", "numpy", "pandas", "pikepdf", "pydantic", "scipy", "typst", "xlsxwriter")


def manifest(study: Study, language: str, folder: Path) -> bytes:
    """The manifest of the files in `folder`, as JSON text."""
    outputs = sorted(path for path in folder.rglob("*") if path.is_file())
    content = {
        "study": {**identity(study), "language": language, **notices(study)},
        **_plan(study),
        **_inputs(study),
        "outputs": {path.relative_to(folder).as_posix(): fingerprint(path) for path in outputs},
        "versions": {
            "impact": __version__,
            "python": platform.python_version(),
            **{name: installed(name) for name in LIBRARIES},
        },
    }
    return (escaped(json.dumps(content, ensure_ascii=False, indent=2)) + "\n").encode()


def _inputs(study: Study) -> dict[str, Any]:
    """The files that the results stand on, each with its fingerprint; for the public, those with answers by name."""
    made_from = inputs(study)
    told = [path for path in made_from if study.internal or path in _of_the_study(study)]
    named = [_relative(path, study.folder) for path in made_from if path not in told]
    found = {_relative(path, study.folder): fingerprint(path) for path in told}
    return {"inputs": found} | ({"named_only": named} if named else {})


def _of_the_study(study: Study) -> set[Path]:
    """The study's own files that hold no answer and no fingerprint of one."""
    exports = {below(study.folder, source.file, study.file) for source in study.sources}
    plan = {study.plan.file} if study.plan else set()
    return set(study.inputs) - exports - plan


def _plan(study: Study) -> dict[str, Any]:
    """The lock that the results are held against, where a plan was locked."""
    if study.plan is None:
        return {}
    held = study.plan.held
    given = {"date_given": True} if held.given else {}
    return {"plan": {"locked": held.date, **given, "hash": f"sha256:{held.hash}", "exports_there": list(held.there)}}


def fingerprint(path: Path) -> str:
    with path.open("rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"


def identity(study: Study) -> dict[str, Any]:
    """What a study goes by, which stays the same while its files are worked on."""
    return {"title": study.about.title, "organisation": study.about.organisation, "year": study.about.year}


def _relative(path: Path, folder: Path) -> str:
    """The path inside the study's folder; a file that came with the program is named alone."""
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name
