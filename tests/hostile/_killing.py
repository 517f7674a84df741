"""A program that forks, kills what it forked, and tells what is left; run alone, for a fork wants no other thread.

`moments FOLDER SWAP` kills the delivery of a report before each call to the file system; `files EXPORT FOLDER` what
`init`, `lock`, `synthesise` and `check -o` write;
`random STUDY FOLDER TIMES` kills `impact report` at moments drawn at random.
"""

import hashlib
import json
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

TOUCHING = {"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.link", "os.chmod", "os.scandir", "os.listdir"}
TOUCHING |= {"shutil.rmtree", "ctypes.dlsym"}


def forked(run: Callable[[], object]) -> int:
    """The process that runs this, and ends with it."""
    child = os.fork()
    if not child:
        code = 1
        try:
            run()
            code = 0
        finally:
            os._exit(code)
    return child


def killed_before(moment: int, run: Callable[[], object]) -> bool:
    """Run this in a process that is killed before its `moment`-th call to the file system; whether it came to that."""

    def watched() -> None:
        left = [moment]

        def hook(event: str, _: object) -> None:
            if event in TOUCHING:
                left[0] -= 1
                if left[0] < 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(hook)
        run()

    _, status = os.waitpid(forked(watched), 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def state(folder: Path) -> str:
    """What stands under the final name: "" for nothing, the title of a report that is whole, else what is wrong."""
    if not folder.exists():
        return ""
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {"mine.txt"}
    try:
        manifest = json.loads((folder / "manifest.json").read_bytes())
    except (OSError, ValueError) as fault:
        return f"broken: {fault}"
    if found != {*manifest["outputs"], "manifest.json"}:
        return f"broken: {sorted(found ^ {*manifest['outputs'], 'manifest.json'})}"
    for name, mark in manifest["outputs"].items():
        if mark != "sha256:" + hashlib.sha256((folder / name).read_bytes()).hexdigest():
            return f"broken: {name}"
    return str(manifest["study"]["title"])


def deliver(folder: Path, title: str) -> None:
    """A report as `impact report` puts it in its place, of files that cost nothing to make."""
    from impact.report.delivery import staged  # noqa: PLC0415 – once the program runs
    from impact.report.files import write  # noqa: PLC0415 – idem

    with staged(folder) as draft:
        names = ["estimates.csv", "tables.xlsx", f"figures/{title}.svg"]
        for name in names:
            write(draft / name, f"{title} {name}".encode())
        outputs = {name: "sha256:" + hashlib.sha256((draft / name).read_bytes()).hexdigest() for name in names}
        content = {"study": {"title": title}, "versions": {"impact": "1"}, "outputs": outputs}
        write(draft / "manifest.json", json.dumps(content).encode())


def moments(base: Path, swap: bool) -> None:
    from impact.report import exchange  # noqa: PLC0415 – once the program runs

    if not swap:
        exchange._swapped = lambda *_: False
    for begun in (False, True):
        moment, dying = 0, True
        while dying:
            folder = base / "essai"
            shutil.rmtree(base, ignore_errors=True)
            base.mkdir()
            if begun:
                deliver(folder, "before")
                (folder / "mine.txt").write_text("mine")
            dying = killed_before(moment, lambda folder=folder: deliver(folder, "after"))
            left = state(folder)
            deliver(folder, "next")
            kept = not begun or (folder / "mine.txt").is_file()
            names = sorted(path.name for path in base.iterdir())
            sys.stdout.write(json.dumps([begun, dying, left, state(folder), kept, names]) + "\n")
            moment += 1


def single(export: Path, base: Path) -> None:
    """What stands under a final name is whole: the same bytes as when nothing is killed."""
    whole = base / "whole"
    make("init", export, whole, whole)
    for kind, names in MADE.items():
        expected = base / f"{kind}-expected"
        make(kind, export, whole, expected)
        moment, dying = 0, True
        while dying:
            folder = base / f"{kind}-{moment}"
            dying = killed_before(moment, lambda kind=kind, folder=folder: make(kind, export, whole, folder))
            there = [name for name in names if (folder / name).exists()]
            broken = [name for name in there if (folder / name).read_bytes() != (expected / name).read_bytes()]
            sys.stdout.write(json.dumps([kind, moment, dying, broken]) + "\n")
            shutil.rmtree(folder, ignore_errors=True)
            moment += 1 if kind == "check" else 3  # most calls only read


MADE = {"init": ["study.toml", "questionnaire.toml", "a.csv"], "lock": ["study.plan.toml"],
        "twin": ["study.toml", "questionnaire.toml", "a.csv"], "check": ["check.html"]}  # fmt: skip


def make(kind: str, export: Path, whole: Path, folder: Path) -> None:
    """What a command writes, in a folder."""
    from impact import read_study  # noqa: PLC0415 – once the program runs
    from impact.drafting import draft, write  # noqa: PLC0415 – idem
    from impact.report import files  # noqa: PLC0415 – idem
    from impact.study.locking import lock  # noqa: PLC0415 – idem
    from impact.synthesise import synthesise  # noqa: PLC0415 – idem

    if kind == "init":
        write(draft([export], folder, "fr"))
    elif kind == "lock":
        shutil.copytree(whole, folder, dirs_exist_ok=True)
        lock(read_study(folder), "2026-01-01", "1")
    elif kind == "twin":
        synthesise(read_study(whole), folder, 1)
    else:
        files.write(folder / "check.html", b"<p>" * 10_000)


def drawn(study: Path, folder: Path, times: int) -> None:
    from impact.cli import app  # noqa: PLC0415 – once the program runs

    for library in ("pandas", "pydantic", "scipy.stats", "matplotlib.pyplot", "seaborn", "typst", "xlsxwriter"):
        import_module(library)  # here, and not again by each that is killed: it is the writing that is looked at
    text = study.read_text(encoding="utf-8")

    def run(title: str) -> None:
        study.write_text(text.replace("TITLE", title), encoding="utf-8")
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        app(["report", str(study), "-o", str(folder)], standalone_mode=False)

    def waited(title: str) -> float:
        start = time.monotonic()
        _, status = os.waitpid(forked(lambda: run(title)), 0)
        assert os.WEXITSTATUS(status) == 0 and os.WIFEXITED(status)
        return time.monotonic() - start

    waited("warm")  # what is loaded and kept for the first time takes longer
    whole, before, chance = waited("first"), state(folder), random.Random(9)
    for place in range(times):
        child = forked(lambda place=place: run(f"n{place}"))
        time.sleep(whole * (place + chance.random()) / times)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        left = state(folder)
        sys.stdout.write(json.dumps([left, left in (before, f"n{place}")]) + "\n")
        before = left
    waited("last")
    sys.stdout.write(json.dumps([state(folder), sorted(path.name for path in folder.parent.iterdir())]) + "\n")


if __name__ == "__main__":
    if sys.argv[1] == "moments":
        moments(Path(sys.argv[2]), sys.argv[3] == "yes")
    elif sys.argv[1] == "files":
        single(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        drawn(Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
