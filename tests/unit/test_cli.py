"""The command line as a newcomer meets it: its help, the name it goes by, its faults, what is left after Ctrl-C."""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from impact import texts, usage
from impact.cli import app

ROOT = Path(__file__).parents[2]
COMMANDS = ["", "report", "analyse", "check", "init", "lock", "synthesise"]
# The library's own words, as they stand in its help and faults.
FOREIGN = re.compile(
    r"Usage|Arguments|Commands|Show this|required|default|list\[|<str>|<int>|<path>|COMMAND |ARGS|Missing|Error|No such"
)
STUDY = """[study]
title = "T"
year = 2026
language = "{language}"
questionnaire = "questionnaire.toml"

[[source]]
file = "a.csv"
group = "mentored"
"""
QUESTIONNAIRE = """
[dimension.d]
label = "D"

[[question]]
id = "age"
kind = "number"
text = "Âge"

[[indicator]]
id = "age_moyen"
dimension = "d"
kind = "mean"
question = "age"
label = "Âge"
"""
ANSWERS = "Âge;Lu\n" + "".join(f"{12 + row % 6};x\n" for row in range(30))


def impact(*arguments, folder=None, **environment):
    return subprocess.run(
        [sys.executable, "-m", "impact", *map(str, arguments)], capture_output=True, text=True, timeout=120, cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "80"} | environment,
    )  # fmt: skip


def studied(folder, language="fr", answers=ANSWERS):
    (folder / "a.csv").write_text(answers, encoding="utf-8")
    (folder / "study.toml").write_text(STUDY.format(language=language), encoding="utf-8")
    (folder / "questionnaire.toml").write_text(QUESTIONNAIRE, encoding="utf-8")
    return folder


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_french_and_shows_an_example_that_the_command_takes(command):
    done = impact(*filter(None, [command]), "--help")
    assert done.returncode == 0
    assert not FOREIGN.search(done.stdout)
    example = done.stdout.rstrip().splitlines()[-1].strip()
    name, *arguments = shlex.split(example.split(" -m impact ")[1])
    assert command in ("", name)
    taken = typer.main.get_command(app).commands[name]
    if command:
        assert taken.make_context(name, arguments).params


@pytest.mark.parametrize("command", COMMANDS[1:])
@pytest.mark.parametrize("language", texts.languages())
def test_every_parameter_is_named_and_told_in_every_language(command, language):
    done = impact(command, "--language", language, "--help")
    assert done.returncode == 0
    options = [param.opts[-1] for param in typer.main.get_command(app).commands[command].params]
    assert [option for option in options if option.startswith("--") and option not in done.stdout] == []
    assert texts.load(language)(f"help.{command}").split()[0] in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["init"], r"EXPORT….* init --help$"),
        (["chek", "x"], r"chek x.*report, analyse, check, init, lock, synthesise.* --help$"),
        (["check", "mon", "étude"], r"entre guillemets.* check --help$"),
        (["check", "x", "--outptu", "y"], r"« --outptu ».* check --help$"),
        (["check", "x", "-o"], r"« -o »"),
        (["synthesise", "x", "-o", "y", "--seed", "z"], r"« --seed »"),
    ],
)
def test_a_wrong_command_line_is_told_in_french_with_the_way_to_help(arguments, said):
    done = impact(*arguments)
    assert done.returncode == 2
    assert re.search(said, done.stderr.strip(), re.DOTALL)
    assert not FOREIGN.search(done.stderr)


@pytest.mark.parametrize(
    ("program", "python", "said"),
    [
        ("here/.venv/bin/impact", "", ".venv/bin/impact"),
        ("here/my tools/impact", "", "'my tools/impact'"),
        ("here/impact", "", "./impact"),
        ("path/impact", "", "impact"),
        ("elsewhere/bin/impact", "", "{}/elsewhere/bin/impact"),
        ("here/impact/__main__.py", "here/.venv/bin/python", ".venv/bin/python -m impact"),
        ("here/impact/__main__.py", "path/python3", "python3 -m impact"),
    ],
)
def test_the_program_is_named_as_it_can_be_typed_again(tmp_path, monkeypatch, program, python, said):
    for name in ("here", "path"):
        (tmp_path / name).mkdir()
    for name in ("impact", "python3"):
        (tmp_path / "path" / name).touch(mode=0o755)
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    assert usage.called(str(tmp_path / program), str(tmp_path / python)) == said.format(tmp_path)


def test_init_names_the_next_command_as_it_was_called(tmp_path):
    (tmp_path / "a.csv").write_text(ANSWERS, encoding="utf-8")
    done = impact("init", "a.csv", "-o", "mon étude", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    python = usage.called("/x/__main__.py", sys.executable)
    assert re.search(
        rf"^Ensuite : .*{re.escape(Path(python.split()[0]).name)} -m impact check 'mon étude' ", done.stdout, re.M
    )
    assert "make" not in done.stdout.splitlines()[-1]


def test_where_make_stands_its_commands_are_given_too(monkeypatch, capsys):
    from impact import cli  # noqa: PLC0415 – its own functions, in the folder where make stands

    monkeypatch.chdir(ROOT)
    assert cli._checking(Path("mon étude")) == "make check STUDY='mon étude'"
    monkeypatch.chdir(ROOT / "impact")
    assert cli._checking(Path("mon étude")) == "impact check 'mon étude'"


# --- the language ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("own", "asked", "said"),
    [
        ("en", [], "Columns separated by"),
        ("fr", ["--language", "en"], "Columns separated by"),
        ("en", ["--language", "fr"], "Colonnes séparées par"),
    ],
)
def test_the_notes_of_a_file_are_told_in_the_language_of_the_run(tmp_path, own, asked, said):
    done = impact("check", studied(tmp_path, own), *asked)
    assert done.returncode == 0, done.stderr
    assert said in re.sub(r"\s+", " ", done.stdout)


@pytest.mark.parametrize(
    "fault", [("year = 2026", "yeer = 2026"), ("year = 2026", "year ="), ('file = "a.csv"', 'file = "b.csv"')]
)
def test_the_faults_of_an_english_study_are_told_in_english_even_where_it_cannot_be_read(tmp_path, fault):
    file = studied(tmp_path, "en") / "study.toml"
    file.write_text(file.read_text(encoding="utf-8").replace(*fault), encoding="utf-8")
    said = impact("check", tmp_path).stderr
    assert re.search(r"Did you mean|nothing follows|Remove|meant", said), said
    assert "«" not in said


# --- what is given ---------------------------------------------------------------------------------------------------


def test_a_folder_given_to_init_is_told_from_a_file_and_its_exports_are_named(tmp_path):
    (tmp_path / "d").mkdir()
    for name in ("k a.csv", "b.xlsx", "notes.pdf", "~$b.xlsx", "study.toml"):
        (tmp_path / "d" / name).touch()
    done = impact("init", "d", folder=tmp_path)
    assert done.returncode == 1
    assert done.stderr.rstrip().endswith(": d/b.xlsx 'd/k a.csv'")
    assert "c’est un dossier" in done.stderr


def test_the_files_of_a_study_among_exports_are_left_aside_with_a_word(tmp_path):
    folder = studied(tmp_path)
    done = impact("init", *sorted(folder.iterdir()), "-o", "new", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert [line.split(" : ")[0] for line in done.stdout.splitlines() if "laissé de côté" in line] == [
        "questionnaire.toml", "study.toml",
    ]  # fmt: skip
    assert {path.name for path in (tmp_path / "new").iterdir()} == {"a.csv", "study.toml", "questionnaire.toml"}


@pytest.mark.parametrize("name", ["~$k.xlsx", ".~lock.k.xlsx#"])
def test_the_lock_of_an_open_workbook_is_no_workbook(tmp_path, name):
    (tmp_path / name).write_bytes(b"\x05Marie" + b"\x00" * 160)
    study = studied(tmp_path) / "study.toml"
    study.write_text(study.read_text(encoding="utf-8").replace("a.csv", name), encoding="utf-8")
    for done in (impact("init", name, folder=tmp_path), impact("check", tmp_path)):
        assert done.returncode == 1
        assert re.search(r"verrou d’un classeur ouvert.*« k\.xlsx »", done.stderr)


@pytest.mark.parametrize("command", ["report", "analyse"])
def test_another_study_s_report_is_refused_before_any_work(tmp_path, command):
    other = {"study": {"title": "Autre"}, "inputs": {"study.toml": "sha256:0"}, "versions": {"impact": "1"}}
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "manifest.json").write_text(json.dumps(other), encoding="utf-8")
    (tmp_path / "mine").mkdir()
    done = impact(command, studied(tmp_path / "mine"), "-o", tmp_path / "out")
    assert done.returncode == 1
    assert "autre étude (« Autre »)" in done.stderr
    assert done.stdout == ""
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["manifest.json"]


# --- Ctrl-C ----------------------------------------------------------------------------------------------------------


def test_an_interruption_is_told_and_leaves_nothing(tmp_path):
    """Ctrl-C, once the command says that it reads: its steps are told as they begin."""
    studied(tmp_path, answers="Âge;Lu\n" + "12;x\n" * 200_000)
    run = subprocess.Popen(
        [sys.executable, "-u", "-m", "impact", "report", tmp_path, "-o", tmp_path / "out"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert "Lecture" in run.stdout.readline()
    run.send_signal(signal.SIGINT)
    _, said = run.communicate(timeout=60)
    assert run.returncode == 130
    assert said.strip() == "Interrompu : rien n’est écrit."
    assert {path.name for path in tmp_path.iterdir()} == {"a.csv", "study.toml", "questionnaire.toml"}


def test_a_draft_that_stops_midway_takes_away_what_it_began(tmp_path, monkeypatch):
    from impact import drafting  # noqa: PLC0415 – pandas is for this test alone

    (tmp_path / "a.csv").write_text(ANSWERS, encoding="utf-8")
    drafted = drafting.draft([tmp_path / "a.csv"], tmp_path / "new")

    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(drafting.shutil, "copyfileobj", stopped)
    with pytest.raises(KeyboardInterrupt):
        drafting.write(drafted)
    assert list((tmp_path / "new").iterdir()) == []
