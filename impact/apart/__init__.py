"""Child processes in which `_reader` opens the files that can crash a library: it alone dies of them.

A child has limits of memory, of processor and of time, and writes nothing. One that has served well serves again.
"""

import atexit
import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable
from functools import cache
from typing import IO, Any, Final, NamedTuple, cast

from impact.apart import _reader
from impact.apart._reader import Request as Request

MEMORY: Final = 2_000_000_000  # bytes that a child may hold
PROCESSOR: Final = 50  # seconds of it that one file may take
PATIENCE: Final = 55  # seconds by the clock: nobody waits a minute for one file
GRACE: Final = 2  # seconds for a child to end by itself
LONGEST_ANSWER: Final = 300_000_000  # bytes
AT_ONCE: Final = 2
# Ends of the names of files that are never text, and the library that opens them: a text under such a name was renamed
# by hand, or its download failed.
LABELLED, WORKBOOKS = "pyreadstat", "python_calamine"
NEVER_TEXT: Final = {
    **dict.fromkeys((".xlsx", ".xlsm", ".ods"), WORKBOOKS),
    **dict.fromkeys((".sav", ".zsav", ".por", ".dta", ".sas7bdat", ".xpt"), LABELLED),
}
# What a child is told of its surroundings: where the system's own libraries are, and to make no threads of its own.
SURROUNDINGS: Final = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH")
ALONE: Final = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
# How a child ends: it crashed, or took more than its share of memory or of time.
CRASHED, MEMORY_OUT, TIME_OUT = "crashed", "memory", "time"


class Said(NamedTuple):
    """What a child said of a file; or how it ended, "" where it did not."""

    answer: Any = None
    end: str = ""


class Child(NamedTuple):
    """A process, the library that it has at hand, and the two pipes to it."""

    library: str
    process: "subprocess.Popen[bytes]"
    requests: IO[bytes]
    answers: IO[bytes]


_IDLE: Final[list[Child]] = []
_PLACES: Final = threading.BoundedSemaphore(AT_ONCE)


def expect(files: Iterable[str]) -> None:
    """Starts the children that these files will want, so that they are ready once this process is: it may have much to
    import. What a file is, is guessed from its name here, and known from what it holds later."""
    ends = (os.path.splitext(file)[1].lower() for file in files)
    for library in [NEVER_TEXT[end] for end in ends if end in NEVER_TEXT][: max(AT_ONCE - len(_IDLE), 0)]:
        _IDLE.append(_started(library))


def said(asked: Request) -> Said:
    """What a child says of a file. Another file may have broken a worn one: a new one has the last word."""
    library = WORKBOOKS if asked.kind == "workbook" else LABELLED
    with _PLACES:
        worn = _idle(library)
        first = _served(worn, asked) if worn else Said(end=CRASHED)
        return _served(_started(library), asked) if first.end in (CRASHED, MEMORY_OUT) else first


def _idle(library: str) -> Child | None:
    """A child that waits for work, rather one that has the library; None where there is none."""
    for child in sorted(_IDLE, key=lambda child: child.library != library):
        with contextlib.suppress(ValueError):  # another thread took it
            _IDLE.remove(child)
            if child.process.poll() is None:
                return child
            _ended(child)
    return None


def _started(library: str) -> Child:
    """A new child: Python without the user's settings, the libraries found where this process has them."""
    _close_at_exit()
    folders = [folder for folder in sys.path if os.path.isabs(folder)]
    program = [sys.executable, "-I", "-B", "-X", "utf8", _reader.__file__, str(MEMORY), str(PROCESSOR), library]
    process = subprocess.Popen(
        [*program, *folders],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a library's own words may hold an answer
        env={**{name: os.environ[name] for name in SURROUNDINGS if name in os.environ}, **ALONE},
    )
    return Child(library, process, cast(IO[bytes], process.stdin), cast(IO[bytes], process.stdout))


def _served(child: Child, asked: Request) -> Said:
    """What a child answers to a request within its time. One that failed is no more; another waits for work again."""
    late = threading.Event()
    clock = threading.Timer(PATIENCE, _stop, (child, late))
    clock.daemon = True
    clock.start()
    try:
        answer = _exchanged(child, asked)
    finally:
        clock.cancel()
    end = answer["fault"] if isinstance(answer, dict) and answer.get("fault") == MEMORY_OUT else ""
    if answer is not None and not end and not late.is_set():
        _IDLE.append(child)
        return Said(answer)
    code = _ended(child)
    return Said(end=end or _end(code, asked.kind, late.is_set()))


def _stop(child: Child, late: threading.Event) -> None:
    late.set()
    child.process.kill()


def _exchanged(child: Child, asked: Request) -> Any:  # noqa: ANN401 – whatever it is, its shape is checked later
    """The answer, None where none comes whole."""
    try:
        child.requests.write(json.dumps(asked._asdict()).encode() + b"\n")
        child.requests.flush()
        size = int.from_bytes(child.answers.read(8), "big")
        return json.loads(child.answers.read(size)) if size <= LONGEST_ANSWER else None
    except (OSError, ValueError, RecursionError):  # the pipe of one that is no more, or half an answer
        return None


def _end(code: int, kind: str, late: bool) -> str:
    """How a process ended, by its status: below nought the signal that ended it."""
    if late or code == -getattr(signal, "SIGXCPU", 0):
        return TIME_OUT
    # The reader of workbooks aborts where there is no more memory; the system kills who takes the last of it.
    aborted = kind == "workbook" and code == -signal.SIGABRT
    return MEMORY_OUT if aborted or code == -getattr(signal, "SIGKILL", 0) else CRASHED


@cache
def _close_at_exit() -> None:
    """No child outlives this process."""
    atexit.register(_close_all)


def _close_all() -> None:
    while _IDLE:
        _ended(_IDLE.pop())


def _ended(child: Child) -> int:
    """The status of a child that ends: by itself or with its requests; 0 for one that has to be ended."""
    child.answers.close()
    with contextlib.suppress(OSError):  # what it was not there to take
        child.requests.close()
    try:
        return child.process.wait(GRACE)
    except subprocess.TimeoutExpired:
        child.process.kill()
        child.process.wait()
        return 0
