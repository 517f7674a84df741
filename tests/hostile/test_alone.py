"""The whole path with sockets refused: nothing asks for the network, is written elsewhere, or is for others to read."""

import itertools
import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.hostile._study import written

PROGRAM = Path(__file__).with_name("_alone.py")
PRIVATE = ("tables", "report", "twin")


class Walked(NamedTuple):
    folder: Path
    told: dict[str, list[str]]
    said: str


def without_network() -> list[str]:
    """How a command is run where there is no network at all, where the system lets a user ask for it."""
    way = ["unshare", "-rn"] if shutil.which("unshare") else []
    return way if way and subprocess.run([*way, "true"], capture_output=True, check=False).returncode == 0 else []


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Walked:
    """Every command on a study whose title asks typst for a package of the network."""
    folder, count = tmp_path_factory.mktemp("alone"), itertools.count()
    words = {"title": '#import "@preview/cetz:0.3.0": *', "organisation": "Association"}
    study = written(folder / "étude", lambda place: words.get(place, f"{place} {next(count)}"), people=60)
    for name in ("out", "tmp", "home", "work"):
        (folder / name).mkdir(mode=0o700)
    known = {key: os.environ[key] for key in ("PATH", "LANG", "SYSTEMROOT") if key in os.environ}
    known |= {"HOME": str(folder / "home"), "TMPDIR": str(folder / "tmp"), "PYTHONDONTWRITEBYTECODE": "1",
              "PYTHONPATH": str(Path(__file__).parents[2])}  # fmt: skip
    export = folder / "étude" / "b.csv"
    command = [*without_network(), sys.executable, str(PROGRAM), str(study), str(export), str(folder / "out"),
               str(folder / "told.json")]  # fmt: skip
    done = subprocess.run(
        command, capture_output=True, text=True, env=known, cwd=folder / "work", timeout=600, check=False
    )
    assert done.returncode == 0, done.stderr
    told = json.loads((folder / "told.json").read_text(encoding="utf-8"))
    return Walked(folder, told, done.stdout + done.stderr)


def test_nothing_asks_for_the_network(walked: Walked) -> None:
    assert walked.told["network"] == []
    assert "#import" in walked.said or (walked.folder / "out" / "report" / "rapport.pdf").is_file()


def test_nothing_is_written_but_where_it_was_asked(walked: Walked) -> None:
    """The folder asked for, the study's (its plan, its registry), and the user's own for keys and lists of fonts."""
    allowed = (walked.folder / "out", walked.folder / "étude", walked.folder / "home", Path(os.devnull))
    elsewhere = [name for name in walked.told["written"] if not Path(name).is_relative_to(walked.folder / "told.json")]
    assert [name for name in elsewhere if not any(Path(name).is_relative_to(each) for each in allowed)] == []
    assert len(walked.told["written"]) > 20
    assert not list((walked.folder / "tmp").iterdir())
    assert not list((walked.folder / "work").iterdir())
    in_home = [path for path in (walked.folder / "home").rglob("*") if path.is_file()]
    assert {path.suffix for path in in_home} <= {".key", ".json", ".lock", ".matplotlib-lock"}


def test_nothing_of_the_data_is_kept_in_caches(walked: Walked) -> None:
    for path in (walked.folder / "home").rglob("*"):
        if path.is_file():
            assert b"Association" not in path.read_bytes()


def test_nothing_is_read_back_as_a_pickle(walked: Walked) -> None:
    """Babel keeps its own lists of languages so, within its package; nothing of a study is."""
    assert {name.partition(".")[0] for name in walked.told["pickled"]} <= {"babel", "datetime", "re", "_codecs"}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_results_are_their_owner_s_alone_whatever_the_umask(walked: Walked) -> None:
    for name in PRIVATE:
        found = [walked.folder / "out" / name, *(walked.folder / "out" / name).rglob("*")]
        assert len(found) > 3
        for path in found:
            assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
    for name in ("check.html", "check.json"):
        assert stat.S_IMODE((walked.folder / "out" / name).stat().st_mode) == 0o600
    assert not [path for path in (walked.folder / "out").rglob(".*")]
