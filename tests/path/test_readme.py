"""README.md and LISEZMOI.md: linked, their commands the same, and each command one that exists."""

import re
import tomllib
from pathlib import Path

import pytest

import impact
from impact.loaders import formats
from impact.study import Questionnaire
from impact.study.schema import Analysis, Source, StudyFile
from tests import readme

ROOT = Path(__file__).parents[2]
READMES = {"README.md": "LISEZMOI.md", "LISEZMOI.md": "README.md"}


def blocks(name, language):
    """The code blocks of a language, without their comments."""
    fenced = re.findall(r"^```(\w*)\n(.*?)^```$", (ROOT / name).read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    return [re.sub(r"\s+#.*", "", block) for found, block in fenced if found == language]


def commands():
    return [line for block in blocks("README.md", "") for line in block.splitlines() if line]


@pytest.mark.parametrize(("name", "twin"), READMES.items())
def test_the_first_line_leads_to_the_twin(name, twin):
    assert f"({twin})" in (ROOT / name).read_text(encoding="utf-8").splitlines()[0]


@pytest.mark.parametrize("language", ["", "toml", "python"])
def test_both_say_the_same_commands(language):
    assert blocks("README.md", language) == blocks("LISEZMOI.md", language) != []


def test_both_have_the_same_headings_and_tables():
    shapes = []
    for name in READMES:
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        shapes.append((sum(line.startswith("## ") for line in lines), sum(line.startswith("|") for line in lines)))
    assert shapes[0] == shapes[1]


@pytest.mark.parametrize("command", commands())
def test_each_command_exists(command):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    cli = (ROOT / "impact" / "cli" / "__init__.py").read_text(encoding="utf-8")
    program, verb = command.split()[:2]
    assert program in ("make", ".venv/bin/impact")
    assert re.search(rf"^{verb}:" if program == "make" else rf'command\("{verb}"', makefile + cli, re.MULTILINE)


def test_the_study_shown_is_one_that_is_read():
    shown, asked = blocks("README.md", "toml")
    study = StudyFile.model_validate(tomllib.loads(shown))
    assert Questionnaire.model_validate(tomllib.loads(asked)).indicators.keys() == {"absence_souvent"}
    questionnaire = (ROOT / "data" / study.study.questionnaire / "questionnaire.toml").read_text(encoding="utf-8")
    assert f'id = "{next(iter(study.source[1].rename.values()))}"' in questionnaire


def test_python_shown_uses_public_names():
    (shown,) = blocks("README.md", "python")
    (names,) = re.findall(r"from impact import (.*)", shown)
    assert set(names.split(", ")) <= set(impact.__all__)


@pytest.mark.parametrize("name", READMES)
def test_files_named_are_there(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    linked = re.findall(r"\]\(([^)#:]+)\)", re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE))
    named = re.findall(r"`((?:impact|tests|data|notebooks)/[\w./]+)`", text)
    assert linked
    assert named
    assert not [path for path in (*linked, *named) if not (ROOT / path).exists()]


@pytest.mark.parametrize("name", READMES)
def test_every_format_and_every_key_of_a_source_is_told(name):
    before, _, after = readme.parts((ROOT / name).read_text(encoding="utf-8"))
    rows = [line for line in (before + after).splitlines() if line.startswith("| `")]
    first = {word for row in rows for word in re.findall(r"`(\w+)`", row.split("|")[1])}
    assert formats().keys() <= first
    assert Source.model_fields.keys() <= first
    assert first <= formats().keys() | Source.model_fields.keys()


@pytest.mark.parametrize(("name", "language"), readme.READMES.items())
def test_the_keys_of_analysis_are_those_of_the_code(name, language):
    _, written, _ = readme.parts((ROOT / name).read_text(encoding="utf-8"))
    assert written == readme.table(language), "run `make readme`"
    assert re.findall(r"^\| `(\w+)`", written, re.MULTILINE) == list(Analysis.model_fields)


def test_every_key_of_analysis_says_who_argues_for_its_default():
    assert [
        key for key, field in Analysis.model_fields.items() if not re.search(r"\d{4}", field.description or "")
    ] == []
