"""A run that is killed: under the final names stands the report of before, whole, or the new one, whole."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hostile._study import written

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows knows neither fork nor SIGKILL")
PROGRAM = Path(__file__).with_name("_killing.py")


def told(folder: Path, *given: object) -> list:
    """What the program that kills says, line by line."""
    root = str(Path(__file__).parents[2])
    known = {**os.environ, "PYTHONPATH": root, "XDG_DATA_HOME": str(folder / "keys"), "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, str(PROGRAM), *map(str, given)]
    done = subprocess.run(command, capture_output=True, text=True, env=known, cwd=folder, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("swap", ["yes", "no"])
def test_killed_before_any_call_to_the_file_system(tmp_path: Path, swap: str) -> None:
    """`swap`: whether the system can make two folders change places, as Linux and macOS do."""
    found = told(tmp_path, "moments", tmp_path / "reports", swap)
    deaths = [each for each in found if each[1]]
    assert len(deaths) > 60
    for begun, dying, left, after, kept, names in found:
        allowed = {"before", "after"} if begun else {"", "after"}
        if swap != "yes" and begun and dying:
            allowed.add("")  # for the time of one renaming; the next run finds it
        assert left in allowed
        assert (after, kept, names) == ("next", True, ["essai"])
    assert {each[2] for each in deaths if each[0]} >= {"before", "after"}  # the moments on both sides are met


def test_single_files_are_whole_or_are_not_there(tmp_path: Path) -> None:
    export = tmp_path / "a.csv"
    export.write_text("id;Q1\n" + "".join(f"{row};{'Oui' if row % 3 else 'Non'}\n" for row in range(40)))
    (tmp_path / "base").mkdir()
    found = told(tmp_path, "files", export, tmp_path / "base")
    assert {kind for kind, _, dying, _ in found if dying} == {"init", "lock", "twin", "check"}
    assert [each for each in found if each[3]] == []


@pytest.mark.slow
def test_killed_at_twenty_moments_of_the_command(tmp_path: Path) -> None:
    study = written(
        tmp_path / "étude", lambda place: "TITLE" if place == "title" else f"{place} {next(COUNT)}", people=40
    )
    *killed, (last, names) = told(tmp_path, "random", study, tmp_path / "reports" / "essai", 20)
    assert len(killed) == 20
    assert all(whole for _, whole in killed), killed
    assert (last, names) == ("last", ["essai"])


COUNT = iter(range(10_000))
