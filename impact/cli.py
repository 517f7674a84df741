"""The command line: walks the path, says what is being done, and is the only place that prints."""

import json
import os
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from impact import texts
from impact.errors import ImpactError

if TYPE_CHECKING:
    from impact.check import Check
    from impact.check.wording import Page
    from impact.drafting import Drafted
    from impact.model import Responses, Results
    from impact.study import Study

_WRONG_COMMAND = 2
CHECK_FORMS = ("terminal", "html", "json")
_TERMINAL = CHECK_FORMS[0]
_USUAL_WIDTH, _WIDEST = 100, 140  # beyond, a line is too long to be read

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Des questionnaires de jeunes aux chiffres que l’on peut défendre, et au rapport annuel.",
    rich_markup_mode=None,
)

StudyPath = Annotated[Path, typer.Argument(metavar="ÉTUDE", help="Le fichier study.toml, ou son dossier.")]
Folder = Annotated[Path | None, typer.Option("-o", "--output", metavar="DOSSIER", help="Où écrire les résultats.")]
Language = Annotated[str, typer.Option(help="La langue : fr ou en ; sans elle, celle de l’étude.")]
Formats = Annotated[str, typer.Option("--format", help="Ce qu’il faut écrire, séparé par des virgules : pdf, xlsx.")]
Form = Annotated[str, typer.Option("--format", help="La forme : terminal, html ou json ; sans elle, celle du fichier.")]
CheckFile = Annotated[Path | None, typer.Option("-o", "--output", metavar="FICHIER", help="Où écrire (html, json).")]
Exports = Annotated[
    list[Path], typer.Argument(metavar="EXPORT…", help="Les exports et, s’il y en a, les formulaires (.lss, XLSForm…).")
]
Drafts = Annotated[
    Path | None, typer.Option("-o", "--output", metavar="DOSSIER", help="Où écrire l’étude ; sinon, à côté du premier.")
]
Twin = Annotated[Path, typer.Option("-o", "--output", metavar="DOSSIER", help="Où écrire le double.")]
Recipe = Annotated[Path | None, typer.Option(metavar="RECETTE", help="Un fichier recipe.toml, au lieu d’un double.")]
Seed = Annotated[int, typer.Option(help="Un autre nombre donne d’autres réponses ; le même, les mêmes octets.")]


@app.command("report")
def report_command(
    study: StudyPath, output: Folder = None, language: Language = "", formats: Formats = "pdf,xlsx"
) -> None:
    """Le rapport annuel : le PDF, le classeur, les tableaux et les figures."""
    with _said_plainly(language), _steps(5) as step:
        read = _read(study)
        words = texts.load(_language(language, read))
        folder = output or Path("reports") / read.file.resolve().parent.name
        responses, results = _results(read, words, step)
        step(words("step.report"))
        from impact.report import report  # noqa: PLC0415 – typst and matplotlib are for this command alone

        report(results, read, folder, words.language, tuple(formats.split(",")))
    _say_what_to_settle(responses, read, words)
    _out(words("done_all.report", folder=folder))


@app.command("analyse")
def analyse_command(study: StudyPath, output: Folder = None, language: Language = "") -> None:
    """Les tableaux seuls, en CSV : estimations, comparaisons, manquants, déroulé, problèmes."""
    with _said_plainly(language), _steps(4) as step:
        read = _read(study)
        words = texts.load(_language(language, read))
        folder = output or Path("reports") / read.file.resolve().parent.name
        responses, results = _results(read, words, step)
        from impact.report.tables import write_tables  # noqa: PLC0415 – only what writes files is imported to write

        write_tables(results, read, folder)
    _say_what_to_settle(responses, read, words)
    _out(words("done_all.analyse", folder=folder))


@app.command("check")
def check_command(study: StudyPath, form: Form = "", output: CheckFile = None, language: Language = "") -> None:
    """Ce qui est à régler avant un rapport, et ce qui a été lu, question par question. Ne change rien."""
    with _said_plainly(language):
        from impact.check import examine  # noqa: PLC0415 – pandas is not for --help
        from impact.check.page import page  # noqa: PLC0415 – idem
        from impact.loaders import load  # noqa: PLC0415 – idem
        from impact.normalise import normalise  # noqa: PLC0415 – idem

        form = form or (output.suffix.removeprefix(".") if output else _TERMINAL)
        if form not in CHECK_FORMS or (output and form == _TERMINAL):
            raise ImpactError("check_format", format=form, known=", ".join(CHECK_FORMS))
        read = _read(study)
        if output and output.resolve() in [file.resolve() for file in read.inputs]:
            raise ImpactError("check_overwrites", file=output.name)
        words = texts.load(_language(language, read))
        exports = load(read)
        found = examine(exports, normalise(exports, read), read)
        said = page(found, read, words)
        if form == _TERMINAL:
            _show(said)
        else:
            _deliver(_written(form, found, said, read, words), output)


@app.command("init")
def init_command(exports: Exports, output: Drafts = None, language: Language = texts.DEFAULT) -> None:
    """Des exports aux deux fichiers d’une étude : ce qui a été reconnu, et ce qui reste à régler."""
    with _said_plainly(language):
        words = texts.load(_known(language))
        from impact.drafting import draft, write  # noqa: PLC0415 – pandas is not for --help

        drafted = draft(exports, output, language)
        write(drafted)
    _say_drafted(drafted, words)


@app.command("synthesise")
def synthesise_command(
    study: StudyPath, output: Twin, recipe: Recipe = None, seed: Seed = 2022, language: Language = ""
) -> None:
    """Un double synthétique de l’étude : mêmes colonnes, mêmes blancs, mêmes pièges, aucune vraie réponse."""
    with _said_plainly(language):
        from impact.synthesise import from_recipe, synthesise  # noqa: PLC0415 – numpy is not for --help

        read = _read(study)
        for path in from_recipe(read, recipe, output) if recipe else synthesise(read, output, seed):
            _out(str(path))


def main() -> None:
    """The `impact` command. Exit status 0 done, 1 the study or its data are at fault, 2 a wrong command line."""
    try:
        status = app(standalone_mode=False)
    except typer.Abort:
        sys.exit(130)
    except Exception as fault:
        if getattr(fault, "exit_code", None) != _WRONG_COMMAND:
            raise
        typer.echo(_spaced(_wrong_command(fault)), err=True)
        sys.exit(_WRONG_COMMAND)
    sys.exit(status if isinstance(status, int) else 0)


# --- the path --------------------------------------------------------------------------------------------------------


def _read(study: Path) -> "Study":
    from impact.study import read_study  # noqa: PLC0415 – pydantic is not for --help

    return read_study(study)


def _results(study: "Study", words: texts.Texts, step: "Step") -> "tuple[Responses, Results]":
    """From the exports to the tables that may leave the room."""
    step(words("step.load"))
    from impact.analyse import analyse  # noqa: PLC0415 – numpy, pandas and scipy are not for --help
    from impact.loaders import load  # noqa: PLC0415 – idem
    from impact.normalise import normalise  # noqa: PLC0415 – idem
    from impact.protect import protect  # noqa: PLC0415 – idem

    exports = load(study)
    step(words("step.normalise"))
    responses = normalise(exports, study)
    step(words("step.analyse"))
    results = analyse(responses, study)
    step(words("step.protect"))
    return responses, protect(results, study)


def _language(asked: str, study: "Study") -> str:
    return _known(asked or study.about.language)


def _known(language: str) -> str:
    if language not in texts.languages():
        raise ImpactError("cli_language", language=language, known=", ".join(texts.languages()))
    return language


# --- what is said ----------------------------------------------------------------------------------------------------


class Step:
    """Tells each step of long work: a bar on a terminal, a plain line elsewhere."""

    def __init__(self, total: int) -> None:
        self.total, self.done = total, 0

    def __call__(self, words: str) -> None:
        self.done += 1
        _out(f"[{self.done}/{self.total}] {words}")


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
def _steps(total: int) -> Iterator[Step]:
    if sys.stdout.isatty():
        bar = Bar(total)
        with bar.progress:
            yield bar
    else:
        yield Step(total)


@contextmanager
def _said_plainly(language: str) -> Iterator[None]:
    """A fault is a sentence on standard error and exit status 1, never a traceback (unless IMPACT_TRACE is set)."""
    spoken = language if language in texts.languages() else texts.DEFAULT
    try:
        yield
    except ImpactError as fault:
        _fail(fault.say(spoken))
    except OSError as fault:
        if os.environ.get("IMPACT_TRACE"):
            raise
        _fail(
            ImpactError("cli_system", file=fault.filename or "?", reason=fault.strerror or type(fault).__name__).say(
                spoken
            )
        )
    except Exception as fault:
        if os.environ.get("IMPACT_TRACE"):
            raise
        _fail(ImpactError("cli_unforeseen", kind=type(fault).__name__).say(spoken))


def _fail(message: str) -> NoReturn:
    typer.echo(_spaced(message), err=True)
    raise typer.Exit(1)


def _wrong_command(fault: Exception) -> str:
    """A wrong command line in the user's words: the library's own are English."""
    kind = type(fault).__name__
    if kind == "NoArgsIsHelpError":
        return str(fault)
    if kind == "NoSuchOption":
        said = ImpactError("cli_no_option", option=getattr(fault, "option_name", ""))
    elif kind == "MissingParameter":
        said = ImpactError("cli_missing", name=getattr(getattr(fault, "param", None), "metavar", None) or "?")
    else:
        said = ImpactError("cli_wrong", command=" ".join(["impact", *sys.argv[1:]]))
    return f"{said} {ImpactError('cli_help')}"


def _out(message: str) -> None:
    typer.echo(_spaced(message))


def _spaced(message: str) -> str:
    """Typographic spaces matter on a page; on a terminal plain ones are what everyone can copy."""
    return message.replace("\u202f", " ").replace("\u00a0", " ")


def _say_drafted(drafted: "Drafted", words: texts.Texts) -> None:
    """What was written, what is left to decide and where, and the next command."""
    folder = drafted.standing.folder
    for source, _ in drafted.standing.copies:
        _out(words("draft.copied", file=source.name, folder=folder))
    for name in drafted.files:
        _out(str(folder / name))
    _out(words("draft.wrote", file=folder, questions=drafted.questions, indicators=drafted.indicators))
    _out(words("draft.settle_heading" if drafted.settle else "draft.settle_none", count=len(drafted.settle)))
    for number, (file, line, sentence) in enumerate(drafted.settle, start=1):
        _out(words("draft.settle_line", number=number, file=file, line=line, sentence=sentence))
    _out(words("draft.next", folder=shlex.quote(str(folder))))


def _say_what_to_settle(responses: "Responses", study: "Study", words: texts.Texts) -> None:
    """What the person should look at next: cells not understood, questions without a column."""
    problems = responses.problems
    absent = problems.loc[problems["problem"] == "no_column", "value"].tolist()
    cells = len(problems) - len(absent)
    if cells:
        _out(words("settle.cells", count=cells, study=study.file))
    doubtful = responses.comparability.query("verdict == 'doubtful'")["question"].unique()
    if len(doubtful):
        _out(words("settle.doubts", count=len(doubtful), names=", ".join(doubtful), study=study.file))
    if absent:
        _out(words("settle.questions", count=len(absent), names=", ".join(dict.fromkeys(absent))))


def _show(page: "Page") -> None:
    """A check on the terminal, at its width; elsewhere, at that of COLUMNS."""
    from impact.terminal import printed  # noqa: PLC0415 – only `check` lays out a page

    width = min(get_terminal_size((_USUAL_WIDTH, 0)).columns, _WIDEST)
    typer.echo(printed(page, width, styled=sys.stdout.isatty()), nl=False)


def _written(form: str, check: "Check", page: "Page", study: "Study", words: texts.Texts) -> str:
    """A check as a page of its own or as data."""
    if form == "html":
        from impact.report.check_page import html  # noqa: PLC0415 – jinja2 is for this form alone

        return html(page, words)
    from impact.check.plain import plain  # noqa: PLC0415 – for this form alone

    return json.dumps(plain(check, page, study, words), ensure_ascii=False, indent=2) + "\n"


def _deliver(content: str, output: Path | None) -> None:
    """To a file that only its owner may read, or to standard output, in UTF-8 wherever it goes."""
    if output is None:
        sys.stdout.buffer.write(content.encode("utf-8"))
    else:
        from impact.report.files import write  # noqa: PLC0415 – only what writes files is imported to write

        write(output, content.encode("utf-8"))
        _out(str(output))
