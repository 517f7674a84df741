"""How a command tells what it does, and its faults: on standard output and error, in words, never a traceback."""

import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer

from impact import texts
from impact.errors import ImpactError
from impact.texts.signs import inert

INTERRUPTED = 130


class Step:
    """Tells each step of long work: a bar on a terminal, a plain line elsewhere."""

    def __init__(self, total: int) -> None:
        self.total, self.done = total, 0

    def __call__(self, words: str) -> None:
        self.done += 1
        out(f"[{self.done}/{self.total}] {words}")


class Bar(Step):
    """The same on a terminal."""

    def __init__(self, total: int) -> None:
        super().__init__(total)
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415 – for a terminal

        self.progress = Progress(BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), transient=True)
        self.task = self.progress.add_task("", total=total)

    def __call__(self, words: str) -> None:
        self.progress.update(self.task, description=words, completed=self.done)
        self.done += 1


@contextmanager
def steps(total: int) -> Iterator[Step]:
    if sys.stdout.isatty():
        bar = Bar(total)
        with bar.progress:
            yield bar
    else:
        yield Step(total)


@contextmanager
def said_plainly(interrupted: str = "cli.interrupted") -> Iterator[None]:
    """A fault is a sentence on standard error and exit status 1, never a traceback (unless IMPACT_TRACE is set).

    `interrupted` says what is left where the person stops the work, by its key: nothing, for what writes at the end.
    """
    try:
        yield
    except ImpactError as fault:
        fail(fault.say())
    except KeyboardInterrupt:
        fail(f"\n{texts.load()(interrupted)}", INTERRUPTED)
    except OSError as fault:
        if os.environ.get("IMPACT_TRACE"):
            raise
        reason = fault.strerror or type(fault).__name__
        fail(ImpactError("cli_system", file=fault.filename or "?", reason=reason).say())
    except Exception as fault:
        if os.environ.get("IMPACT_TRACE"):
            typer.echo("".join(_traced(fault)), err=True)
        fail(ImpactError("cli_unforeseen", kind=type(fault).__name__).say())
    finally:
        texts.speak(texts.DEFAULT)  # the language was this command's alone


def _traced(fault: BaseException) -> Iterator[str]:
    """Where a fault arose, and those that it came from, without what they say: a library's message may hold a cell."""
    before = fault.__cause__ or fault.__context__
    if before:
        yield from _traced(before)
    yield from traceback.format_tb(fault.__traceback__)
    yield f"{type(fault).__name__}\n"


def fail(message: str, status: int = 1) -> NoReturn:
    typer.echo(spaced(message), err=True)
    raise typer.Exit(status)


def out(message: str) -> None:
    typer.echo(spaced(message))


def spaced(message: str) -> str:
    """Typographic spaces matter on a page; on a terminal plain ones are what everyone can copy."""
    return inert(message).replace("\u202f", " ").replace("\u00a0", " ")
