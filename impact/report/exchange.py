"""Putting one folder in the place of another at once, where the system can."""

import ctypes
import os
import sys
from pathlib import Path
from typing import Any, Final

_HERE: Final = -100  # AT_FDCWD: paths are relative to the working folder
_SWAP: Final = 2  # RENAME_EXCHANGE of Linux, RENAME_SWAP of macOS


def exchange(made: Path, standing: Path) -> None:
    """Two folders change places: whoever looks, at any moment, finds one of them whole under each name.

    Windows, and a disk that cannot swap, take three renames: for the time of one, nothing goes by the name of
    `standing`, and what stood there waits under that of `set_aside`.
    """
    if not _swapped(made, standing):
        aside = set_aside(standing)
        standing.rename(aside)
        made.rename(standing)
        aside.rename(made)


def set_aside(standing: Path) -> Path:
    """Where a folder waits while another takes its name."""
    return standing.with_name(f".{standing.name}.aside")


def _swapped(made: Path, standing: Path) -> bool:
    paths = (os.fsencode(made), os.fsencode(standing))
    if sys.platform == "darwin":
        return _called("renamex_np", *paths, _SWAP)
    if sys.platform == "win32":
        return False
    return _called("renameat2", _HERE, paths[0], _HERE, paths[1], _SWAP)


def _called(name: str, *given: Any) -> bool:  # noqa: ANN401 – numbers and paths, as the system takes them
    """Whether the system knows a call of this name and did what it asks."""
    call = getattr(ctypes.CDLL(None), name, None)
    return call is not None and call(*given) == 0
