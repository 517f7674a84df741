"""A program that walks the whole path and tells what it opened, wrote and asked of the network.

`_alone.py STUDY EXPORT FOLDER`: from `init` to `synthesise`, every command, in one process.
"""

import json
import os
import sys
from pathlib import Path

NETWORK = {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.bind", "socket.sendto",
           "urllib.Request", "http.client.connect", "ftplib.connect", "smtplib.connect"}  # fmt: skip
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT

told: dict[str, list[str]] = {"network": [], "written": [], "pickled": []}


def hook(event: str, given: tuple) -> None:
    if event in NETWORK:
        told["network"].append(event)
        raise OSError("this test has no network")
    if event == "open" and isinstance(given[0], (str, bytes)) and _writes(given[1], given[2]):
        told["written"].append(os.fsdecode(given[0]))
    if event == "pickle.find_class":
        told["pickled"].append(".".join(map(str, given)))


def _writes(mode: str | None, flags: int) -> bool:
    return bool(set(mode or "") & set("wax+")) or bool(flags & WRITING and not mode)


def walk(study: str, export: str, folder: Path) -> None:
    from impact.cli import app  # noqa: PLC0415 – once the hook listens

    commands = (
        ["init", export, "-o", str(folder / "init")],
        ["check", study],
        ["check", study, "-o", str(folder / "check.html")],
        ["check", study, "-o", str(folder / "check.json")],
        ["lock", study],
        ["analyse", study, "-o", str(folder / "tables")],
        ["report", study, "-o", str(folder / "report")],
        ["synthesise", study, "-o", str(folder / "twin")],
    )
    for command in commands:
        app(command, standalone_mode=False)


if __name__ == "__main__":
    os.umask(0)  # what is private is so whatever the user's habit
    sys.addaudithook(hook)
    walk(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
    Path(sys.argv[4]).write_text(json.dumps(told), encoding="utf-8")
