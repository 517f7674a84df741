"""A study of cohorts as a user has it, in files, and its report as the command line makes it."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from impact import report
from impact.model import Results
from tests.attack.cohorts import Made
from tests.unit._loaders import delimited, save

ROOT = Path(__file__).parents[2]


def written(made: Made, folder: Path) -> Path:
    """The study file, its questionnaire and its export; returns the study file."""
    folder.mkdir(parents=True, exist_ok=True)
    study = made.study
    tables = {
        "study": {"title": "T", "year": 2026, "questionnaire": "questionnaire.toml", "organisation": "O"},
        "source": [_plain(source) for source in study.sources],
        "duration": _plain(study.duration),
        "design": _plain(study.design),
        "analysis": _plain(study.analysis),
        "disclosure": _plain(study.disclosure),
    }
    questionnaire = {
        "dimension": {"d": {"label": "D"}},
        "question": [_plain(one) for one in study.questionnaire.question],
        "indicator": [_plain(one) for one in study.questionnaire.indicator],
    }
    cells = made.export.cells.astype(object).itertuples(index=False, name=None)
    answers = [[column.heading for column in made.export.columns], *map(list, cells)]
    save(folder, toml(questionnaire), "questionnaire.toml")
    save(folder, delimited(answers), "a.csv")
    return save(folder, toml(tables), "study.toml")


def _plain(table: object) -> dict:
    """What a table of the study says beside its defaults, as it is written."""
    return table.model_dump(exclude_defaults=True, by_alias=True, mode="json")


def toml(tables: dict) -> str:
    """These tables as TOML: lists of tables one by one, everything below on one line."""
    lines = []
    for name, value in tables.items():
        for one in value if isinstance(value, list) else [value]:
            lines.append(f"[[{name}]]" if isinstance(value, list) else f"[{name}]")
            lines += [f"{_key(key)} = {_value(each)}" for key, each in one.items()]
    return "\n".join(lines) + "\n"


def _value(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)} = {_value(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _key(key: str) -> str:
    return key if key.replace("_", "").isalnum() and key.isascii() else json.dumps(key, ensure_ascii=False)


def whole(asked: Made, results: Results, folder: Path) -> Path:
    """The report of a study whose own folder is `folder`; returns the report's."""
    folder.mkdir(parents=True, exist_ok=True)
    report(results, replace(asked.study, file=folder / "study.toml"), folder / "report")
    return folder / "report"


def reported(study: Path, out: Path, home: Path) -> dict[str, bytes]:
    """What `impact report` writes, file by file; its keys are kept under `home`."""
    run = subprocess.run(
        [sys.executable, "-m", "impact", "report", str(study), "-o", str(out)],
        capture_output=True, text=True, timeout=300,
        env=os.environ | {"PYTHONPATH": str(ROOT), "XDG_DATA_HOME": str(home)},
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}
