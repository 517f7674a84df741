"""Help in the user's own language, and the program's name as they typed it: the library's words are English alone."""

import os
import shlex
from collections.abc import Iterator
from pathlib import Path
from shutil import which
from textwrap import fill
from typing import TYPE_CHECKING

from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from impact import texts
from impact.errors import ImpactError

if TYPE_CHECKING:
    from typer._click import Context

Parameter = TyperArgument | TyperOption


class Command(TyperCommand):
    """A command whose help is told by `texts`: `help` of each of its parameters is a key of the section "help"."""

    def get_help(self, ctx: "Context") -> str:
        return _page(self, ctx, "help.usage_options")


class Group(TyperGroup):
    """The commands together, helped the same way."""

    def get_help(self, ctx: "Context") -> str:
        return _page(self, ctx, "help.usage_command")


def called(program: str, python: str) -> str:
    """How the program was called, as it can be typed again: "impact", ".venv/bin/impact", "python -m impact".

    `program` is what the system says was run (`sys.argv[0]`), `python` the interpreter that runs it.
    """
    return f"{_typed(python)} -m impact" if Path(program).name == "__main__.py" else _typed(program)


def _typed(program: str) -> str:
    """Its name alone where the terminal finds it so, its place from here where it is below, else its whole place."""
    whole, here = Path(os.path.abspath(program)), Path.cwd()
    found = which(whole.name)
    if found and os.path.abspath(found) == str(whole):
        return whole.name
    if not whole.is_relative_to(here):
        return shlex.quote(str(whole))
    inside = whole.relative_to(here)
    return shlex.quote(str(inside) if len(inside.parts) > 1 else os.path.join(os.curdir, inside))


def wrong(fault: Exception, arguments: list[str]) -> str:
    """A wrong command line in the user's words, with the way to the help of the command meant."""
    if type(fault).__name__ == "NoArgsIsHelpError":
        return str(fault)
    ctx: Context | None = getattr(fault, "ctx", None)
    path = ctx.command_path if ctx else texts.program()
    return f"{_fault(fault, ctx, shlex.join(arguments))} {ImpactError('cli_help', command=path)}"


def _fault(fault: Exception, ctx: "Context | None", typed: str) -> ImpactError:
    kind, param = type(fault).__name__, getattr(fault, "param", None)
    if kind == "NoSuchOption":
        return ImpactError("cli_no_option", option=getattr(fault, "option_name", ""))
    if kind == "BadOptionUsage":
        return ImpactError("cli_option_alone", option=getattr(fault, "option_name", ""))
    if param and kind == "MissingParameter":
        return ImpactError("cli_missing", name=_metavar(param, texts.load()))
    if param:
        return ImpactError("cli_bad_value", option=param.opts[-1])
    if ctx and not isinstance(ctx.command, TyperGroup):
        return ImpactError("cli_too_many", command=typed)
    known = ctx.command.commands if ctx and isinstance(ctx.command, TyperGroup) else ()
    return ImpactError("cli_wrong", command=typed, known=", ".join(known))


def _page(command: TyperCommand | TyperGroup, ctx: "Context", usage: str) -> str:
    words, name, page = texts.load(), ctx.info_name if ctx.parent else "impact", ctx.make_formatter()
    given = [_metavar(param, words) for param in _params(command, ctx, TyperArgument)]
    page.write_usage(ctx.command_path, " ".join([*given, words(usage)]), prefix=words("help.usage"))
    page.write_paragraph()
    page.write(f"{fill(words(f'help.{name}'), page.width)}\n")
    for part, rows in _parts(command, ctx, words):
        with page.section(words(f"help.{part}")):
            page.write_dl(rows)
    with page.section(words("help.example")):
        page.write(f"  {words(f'help.{name}_example')}\n")  # a command is copied whole: it is never cut
    return str(page.getvalue()).rstrip("\n")


def _parts(
    command: TyperCommand | TyperGroup, ctx: "Context", words: texts.Texts
) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    given = [(_metavar(param, words), _said(param, words)) for param in _params(command, ctx, TyperArgument)]
    if given:
        yield "argument", given
    options = _params(command, ctx, TyperOption)
    named = [" ".join(filter(None, [", ".join(param.opts), _metavar(param, words)])) for param in options]
    yield "option", [(name, _said(param, words)) for name, param in zip(named, options, strict=True)]
    if isinstance(command, TyperGroup):
        yield "command", [(name, words(f"help.{name}")) for name in command.list_commands(ctx)]


def _params(command: TyperCommand | TyperGroup, ctx: "Context", kind: type[Parameter]) -> list[Parameter]:
    return [param for param in command.get_params(ctx) if isinstance(param, kind)]


def _said(param: Parameter, words: texts.Texts) -> str:
    return words("help.help" if param.name == "help" else f"help.{param.help}")


def _metavar(param: Parameter, words: texts.Texts) -> str:
    return words(f"help.{param.metavar}") if param.metavar else ""
