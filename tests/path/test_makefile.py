"""What `make` does, on a copy where the programs it runs are small stand-ins: nothing is installed here."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")
WHOLE_DAY = 86_400

# Stands for .venv/bin/python: writes down what it was asked, and makes the file that a report would.
STAND_IN = """#!/bin/sh
[ "$1" = -c ] && { sha256sum < "$3" | cut -d ' ' -f 1; exit; }
echo "$*" >> calls.txt
[ "$3" = report ] || exit 0
case "$4" in *faulty*) exit 1;; esac
use=; ! grep -q internal "$4" || use=-usage-interne
rm -rf "$6"
mkdir -p "$6" && echo xlsx > "$6/tables$use.xlsx" && echo pdf > "$6/rapport$use.pdf"
sha256sum < "$4" > "$6/manifest$use.json"
"""


@pytest.fixture
def house(tmp_path):
    """A copy of the Makefile over two studies, a program and a finished set-up, all a day old."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    files = [*LOCKS, "pyproject.toml", "impact/cli.py", ".venv/.run.stamp", ".venv/.dev.stamp"]
    files += ["data/first/study.toml", "data/first/réponses de l'an 2022 (1).csv", "data/second/study.toml"]
    for name in files:
        _write(tmp_path / name, "")
    _write(tmp_path / ".venv/bin/python", STAND_IN, mode=0o755)
    for path in tmp_path.rglob("*"):
        _age(path, WHOLE_DAY)
    for number, name in enumerate([*LOCKS, "pyproject.toml", ".venv/.run.stamp", ".venv/.dev.stamp"]):
        _age(tmp_path / name, WHOLE_DAY - number)
    return tmp_path


def _write(path, text, mode=0o644):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)


def _age(path, seconds):
    then = path.stat().st_mtime - seconds
    os.utime(path, (then, then))


def _make(house, *arguments):
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(
        ["make", *arguments], cwd=house, capture_output=True, text=True, env=environment | {"LC_ALL": "C.UTF-8"}
    )


def _reported(house, *arguments):
    """The reports that a run of make asked for, in order, after which there is nothing left to do."""
    (house / "calls.txt").unlink(missing_ok=True)
    run = _make(house, "report", *arguments)
    assert run.returncode == 0, run.stderr
    assert _make(house, "--question", "report", *arguments).returncode == 0
    calls = house / "calls.txt"
    return re.findall(r"-m impact report (.*)", calls.read_text(encoding="utf-8")) if calls.exists() else []


FIRST, SECOND = "data/first/study.toml -o reports/first", "data/second/study.toml -o reports/second"


def test_report_builds_every_study_once(house):
    assert _reported(house) == [FIRST, SECOND]
    assert _reported(house) == []
    assert "Nothing to be done for 'report'" in _make(house, "report").stdout


def test_a_touched_export_rebuilds_its_own_report_only(house):
    _reported(house)
    _age(house / "reports/first/manifest.json", 60)
    (house / "data/first/réponses de l'an 2022 (1).csv").touch()
    assert _reported(house) == [FIRST]


def test_an_old_file_moved_into_the_folder_rebuilds(house):
    _reported(house)
    _age(house / "reports/second/manifest.json", 60)
    _write(house / "older export.csv", "")
    _age(house / "older export.csv", 10 * WHOLE_DAY)
    shutil.move(house / "older export.csv", house / "data/second")
    assert _reported(house) == [SECOND]


@pytest.mark.parametrize("changed", ["impact/cli.py", "data/koreis/questionnaire.toml"])
def test_a_changed_program_rebuilds_every_report(house, changed):
    _write(house / changed, "")
    _reported(house)
    for study in ("first", "second"):
        _age(house / f"reports/{study}/manifest.json", 60)
    (house / changed).touch()
    assert _reported(house) == [FIRST, SECOND]


def test_a_study_of_ones_own_may_have_any_name(house):
    folder = house / "à moi" / "l'année 100 % : 2024 #1, (suite)"
    _write(folder / "étude 1.toml", "")
    _age(folder, 60)
    _age(folder / "étude 1.toml", 60)
    study = f"STUDY=à moi/{folder.name}/étude 1.toml"
    assert _reported(house, study) == [f"à moi/{folder.name}/étude 1.toml -o reports/{folder.name}"]
    assert _reported(house, study) == []


def test_a_folder_stands_for_its_study_file(house):
    assert _reported(house, "STUDY=data/second/") == [SECOND]


def test_a_report_that_fails_fails_make(house):
    _write(house / "faulty/study.toml", "")
    assert _make(house, "report", "STUDY=faulty/study.toml").returncode != 0


@pytest.mark.parametrize("command", ["report", "check"])
def test_what_make_adds_to_a_fault_is_announced_in_french(house, command):
    _write(house / "faulty/study.toml", "")
    _write(house / ".venv/bin/python", STAND_IN.replace('[ "$3" = report ] || exit 0', ""), mode=0o755)
    said = _make(house, command, "STUDY=faulty/study.toml").stderr
    assert re.search(r"Arrêté : la cause est dite au-dessus\..*\n.*\nmake: \*\*\*", said)


def test_a_report_may_be_sent_to_another_place(house):
    arguments = ("STUDY=data/second", "OUT=reports/l'autre nom")
    assert _reported(house, *arguments) == ["data/second/study.toml -o reports/l'autre nom"]
    assert _reported(house, *arguments) == []
    assert _make(house, "report", "OUT=reports/x").returncode == 2


def test_check_takes_every_study_or_one(house):
    _make(house, "check")
    _make(house, "check", "STUDY=data/second/study.toml")
    asked = (house / "calls.txt").read_text(encoding="utf-8").splitlines()
    assert asked == [f"-m impact check data/{name}/study.toml" for name in ("first", "second", "second")]


def test_help_is_the_default_and_lists_every_target(house):
    run = _make(house)
    makefile = (house / "Makefile").read_text(encoding="utf-8")
    targets = set(re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split()) - {"stale-reports"}
    assert targets == set(re.findall(r"^make (\S+)", run.stdout, re.MULTILINE))


@pytest.mark.parametrize(
    ("python", "said"),
    [
        ("exit 1", "Python 3.11 or later is needed"),  # too old, or the name of a Python that is not there
        ('case "$2" in *ensurepip*) exit 1;; esac', "apt install python3-venv"),
    ],
)
def test_what_lacks_is_said_before_anything_is_installed(house, python, said):
    shutil.rmtree(house / ".venv")
    _write(house / "bin/python3", f"#!/bin/sh\n{python}\n", mode=0o755)
    run = _make(house, "report", f"PYTHON={house / 'bin/python3'}")
    assert run.returncode != 0
    assert said in run.stderr
    assert not (house / ".venv").exists()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_version_has_a_hash_and_no_host(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert all("--hash=sha256:" in entry for entry in _locked(text))


def _locked(text):
    """The entries of a lock file, each a version and its hashes."""
    return set(re.split(r"\n(?=\S)", text.strip()))


def test_the_tests_run_on_the_versions_that_reports_are_made_with():
    run, dev = (_locked((ROOT / lock).read_text(encoding="utf-8")) for lock in LOCKS)
    assert run < dev


def test_ci_closes_with_each_skip_its_reason_and_the_count(tmp_path):
    shutil.copytree(ROOT / ".ci", tmp_path / ".ci")
    _write(tmp_path / "tests/conftest.py", (ROOT / "tests/conftest.py").read_text(encoding="utf-8"))
    _write(
        tmp_path / "tests/test_three.py",
        "import pytest\n\ndef test_one(): pass\n\ndef test_two(): assert False\n\n"
        "@pytest.mark.skip(reason='no scale')\ndef test_three(): pass\n",
    )
    recipes = f"test:\n\t'{sys.executable}' -m pytest -q --rootdir . tests\nlint:\n\t@echo types\n"
    _write(tmp_path / "Makefile", recipes)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "PYTEST"))}
    run = subprocess.run(["bash", ".ci/run"], cwd=tmp_path, capture_output=True, text=True, env=environment)
    assert run.returncode == 1
    assert run.stdout.splitlines()[-3:] == [
        "types",
        "skipped: tests/test_three.py::test_three: no scale",
        "1 passed, 1 failed, 1 skipped",
    ]


def test_two_studies_of_one_name_are_never_taken_for_each_other(house):
    for place in ("a", "b"):
        _write(house / place / "enquete" / "study.toml", f"# {place}")
        for path in (house / place / "enquete" / "study.toml", house / place / "enquete", house / place):
            _age(path, WHOLE_DAY)
    assert _reported(house, "STUDY=a/enquete/study.toml") == ["a/enquete/study.toml -o reports/enquete"]
    assert _reported(house, "STUDY=b/enquete/study.toml") == ["b/enquete/study.toml -o reports/enquete"]


def test_a_workbook_thrown_away_is_written_again(house):
    _reported(house)
    (house / "reports/first/tables.xlsx").unlink()
    assert _reported(house) == [FIRST]


def test_study_in_small_letters_is_told(house):
    run = _make(house, "check", "study=data/first/study.toml")
    assert run.returncode == 2
    assert "STUDY=data/first/study.toml" in run.stderr


def test_a_report_for_internal_use_is_found_under_its_names_and_rebuilt_once_it_is_for_the_public(house):
    study = house / "data/first/study.toml"
    _write(study, 'audience = "internal"')
    for path in (study, study.parent):
        _age(path, WHOLE_DAY)
    assert _reported(house) == [FIRST, SECOND]
    assert (house / "reports/first/rapport-usage-interne.pdf").is_file()
    assert _reported(house) == []
    _age(house / "reports/first/manifest-usage-interne.json", 60)
    _write(study, "")
    assert _reported(house) == [FIRST]


def test_what_a_report_writes_beside_its_study_does_not_make_it_old(house):
    """The registry of publications is written before the manifest, which closes a report."""
    _reported(house)
    _write(house / "data/first/study.publications.json", "")
    (house / "reports/first/manifest.json").touch()
    assert _reported(house) == []
