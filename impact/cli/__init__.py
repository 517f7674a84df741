"""The command line: walks the path, says what is being done, and is the only place that prints."""

import gc
import json
import shlex
import sys
from datetime import date, datetime
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated

import typer

from impact import __version__, texts, usage
from impact.cli.steps import INTERRUPTED, Step, out, said_plainly, spaced, steps
from impact.errors import ImpactError

if TYPE_CHECKING:
    from collections.abc import Callable

    from impact.check import Check
    from impact.check.wording import Page
    from impact.drafting import Drafted
    from impact.model import Responses, Results
    from impact.study import Study

    Write = Callable[[Results, Study, Path, texts.Texts, Step], None]

_WRONG_COMMAND = 2
_SELDOM = (100_000, 20, 100)  # a run is short: to look for cycles as often as usual takes a twentieth of it
CHECK_FORMS = ("terminal", "html", "json")
_TERMINAL = CHECK_FORMS[0]
_USUAL_WIDTH, _WIDEST = 100, 140  # beyond, a line is too long to be read


def _speak(language: str) -> str:
    """Words are told in the language asked for from here on, help included; an unknown one is refused later."""
    if language in texts.languages():
        texts.speak(language)
    return language


app = typer.Typer(
    cls=usage.Group, add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None
)

# What each is called and for stands in texts, section "help".
StudyPath = Annotated[Path, typer.Argument(metavar="study_name", help="study")]
Folder = Annotated[Path | None, typer.Option("-o", "--output", metavar="folder_name", help="folder")]
Language = Annotated[
    str, typer.Option(metavar="language_name", help="language", is_eager=True, callback=_speak, show_default=False)
]
Formats = Annotated[str, typer.Option("--format", metavar="formats_name", help="formats")]
Form = Annotated[str, typer.Option("--format", metavar="form_name", help="form")]
Whole = Annotated[bool, typer.Option("--tout", "--all", help="whole")]
CheckFile = Annotated[Path | None, typer.Option("-o", "--output", metavar="file_name", help="file")]
Exports = Annotated[list[Path], typer.Argument(metavar="exports_name", help="exports")]
Drafts = Annotated[Path | None, typer.Option("-o", "--output", metavar="folder_name", help="drafts")]
Twin = Annotated[Path, typer.Option("-o", "--output", metavar="folder_name", help="twin")]
Recipe = Annotated[Path | None, typer.Option(metavar="file_name", help="recipe")]
Again = Annotated[bool, typer.Option("--encore", "--again", help="again")]
Day = Annotated[str, typer.Option("--date", metavar="day_name", help="day", show_default=False)]
NeverShown = Annotated[
    list[int], typer.Option("--jamais-diffusee", "--never-shown", metavar="number_name", help="never_shown")
]
Seed = Annotated[int, typer.Option(metavar="seed_name", help="seed")]


@app.command("report", cls=usage.Command)
def report_command(
    study: StudyPath,
    output: Folder = None,
    language: Language = "",
    formats: Formats = "pdf,xlsx",
    never_shown: NeverShown = [],  # noqa: B006 – typer makes its own list at each call
) -> None:
    """The report of a year: the PDF, the workbook, the tables and the figures."""

    def write(results: "Results", read: "Study", folder: Path, words: texts.Texts, step: Step) -> None:
        step(words("step.report"))
        from impact.report import report  # noqa: PLC0415 – typst and matplotlib are for this command alone

        report(results, read, folder, words.language, tuple(formats.split(",")), tuple(never_shown))

    _walk("report", 5, study, output, language, write)


@app.command("analyse", cls=usage.Command)
def analyse_command(
    study: StudyPath,
    output: Folder = None,
    language: Language = "",
    never_shown: NeverShown = [],  # noqa: B006 – typer makes its own list at each call
) -> None:
    """The tables alone, as CSV."""

    def write(results: "Results", read: "Study", folder: Path, words: texts.Texts, _: Step) -> None:
        from impact.report.publishing import tables_alone  # noqa: PLC0415 – only what writes files is imported to write

        tables_alone(results, read, folder, words.language, tuple(never_shown))

    _walk("analyse", 4, study, output, language, write)


@app.command("check", cls=usage.Command)
def check_command(
    study: StudyPath, form: Form = "", output: CheckFile = None, whole: Whole = False, language: Language = ""
) -> None:
    """What is to be settled before a report, and what was read, question by question. Changes nothing."""
    with said_plainly():
        from impact.check import examine  # noqa: PLC0415 – pandas is not for --help
        from impact.check.kept import for_a_file  # noqa: PLC0415 – idem
        from impact.check.page import page  # noqa: PLC0415 – idem
        from impact.loaders import inputs, load  # noqa: PLC0415 – idem
        from impact.normalise import normalise  # noqa: PLC0415 – idem

        form = form or (output.suffix.removeprefix(".") if output else _TERMINAL)
        if form not in CHECK_FORMS or (output and form == _TERMINAL):
            raise ImpactError("check_format", format=form, known=", ".join(CHECK_FORMS))
        read, words = _read(study, language)
        exports = load(read)
        if output and output.resolve() in [file.resolve() for file in inputs(read)]:
            raise ImpactError("check_overwrites", file=output.name)
        found = examine(exports, normalise(exports, read), read)
        found = found if form == _TERMINAL else for_a_file(found, read)
        said = page(found, read, words, whole or form != _TERMINAL)
        if form == _TERMINAL:
            _show(said)
        else:
            _deliver(_written(form, found, said, read, words), output)
        _say_what_is_kept_too_long(read, words)


@app.command("init", cls=usage.Command)
def init_command(exports: Exports, output: Drafts = None, language: Language = texts.DEFAULT) -> None:
    """From exports to the two files of a study: what was recognised, and what is left to settle."""
    with said_plainly():
        words = texts.load(_known(language))
        from impact.drafting import draft, write  # noqa: PLC0415 – pandas is not for --help

        drafted = draft(exports, output, language)
        write(drafted)
    _say_drafted(drafted, words)


@app.command("lock", cls=usage.Command)
def lock_command(study: StudyPath, again: Again = False, day: Day = "", language: Language = "") -> None:
    """The analysis plan of a study, written down with its date and its hash: the one output that holds a day."""
    with said_plainly():
        from impact.check.locked import said  # noqa: PLC0415 – babel is not for --help
        from impact.check.methods import refuse_unknown_methods  # noqa: PLC0415 – idem
        from impact.study.locking import lock  # noqa: PLC0415 – pydantic is not for --help

        read, words = _read(study, language)
        refuse_unknown_methods(read)
        plan = lock(read, _today().isoformat(), __version__, again, day)
        for line in said(plan, words):
            out(line)


@app.command("synthesise", cls=usage.Command)
def synthesise_command(
    study: StudyPath, output: Twin, recipe: Recipe = None, seed: Seed = 2022, language: Language = ""
) -> None:
    """A synthetic twin of a study: the same columns, blanks and traps, and nobody's answers."""
    with said_plainly("cli.interrupted_midway"):
        from impact.synthesise import from_recipe, synthesise  # noqa: PLC0415 – numpy is not for --help

        read, _ = _read(study, language)
        for path in from_recipe(read, recipe, output) if recipe else synthesise(read, output, seed):
            out(str(path))


def main() -> None:
    """The `impact` command. Exit status 0 done, 1 the study or its data are at fault, 2 a wrong command line."""
    gc.set_threshold(*_SELDOM)
    texts.name_program(usage.called(sys.argv[0], sys.executable))
    try:
        status = app(standalone_mode=False, prog_name=texts.program())
    except typer.Abort:
        sys.exit(INTERRUPTED)
    except Exception as fault:
        if getattr(fault, "exit_code", None) != _WRONG_COMMAND:
            raise
        typer.echo(spaced(usage.wrong(fault, sys.argv[1:])), err=True)
        sys.exit(_WRONG_COMMAND)
    sys.exit(status if isinstance(status, int) else 0)


# --- the path --------------------------------------------------------------------------------------------------------


def _walk(done: str, count: int, study: Path, output: Path | None, language: str, write: "Write") -> None:
    """The whole path, in `count` steps, to what `write` puts in the folder of results, and what the person is told."""
    with said_plainly(), steps(count) as step:
        read, words = _read(study, language)
        folder = _place(output, read)
        from impact.report.delivery import holds_other_audience  # noqa: PLC0415 – pandas is not for --help

        replaced = holds_other_audience(folder, read)
        responses, results = _results(read, words, step)
        write(results, read, folder, words, step)
    _say_what_to_settle(responses, results, read, words)
    _say_what_is_kept_too_long(read, words)
    out(words(f"done_all.{done}", folder=folder))
    if replaced:
        out(words("done_all.replaced_public" if read.internal else "done_all.replaced_internal"))
    _say_who_may_read(results, read, words)


def _read(study: Path, language: str) -> "tuple[Study, texts.Texts]":
    """A study, and the words of the language asked for or, without one, of its own: its faults are told in it too."""
    from impact.study import language_of, read_study  # noqa: PLC0415 – pydantic is not for --help

    _speak(_known(language) if language else language_of(study))
    read = read_study(study)
    return read, texts.load(_known(language or read.about.language))


def _place(output: Path | None, study: "Study") -> Path:
    """Where the results go, refused before any work where another study's report stands there."""
    from impact.report.delivery import refuse_another  # noqa: PLC0415 – pandas is not for --help

    folder = output or Path("reports") / study.file.resolve().parent.name
    refuse_another(folder.resolve(), study)
    return folder


def _results(study: "Study", words: texts.Texts, step: Step) -> "tuple[Responses, Results]":
    """From the exports to the tables that may leave the room."""
    step(words("step.load"))
    from impact import apart  # noqa: PLC0415 – only what reads exports starts processes

    apart.expect(source.file for source in study.sources)
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


def _known(language: str) -> str:
    if language not in texts.languages():
        raise ImpactError("cli_language", language=language, known=", ".join(texts.languages()))
    return language


# --- what is said ----------------------------------------------------------------------------------------------------


def _say_drafted(drafted: "Drafted", words: texts.Texts) -> None:
    """What was written, what is left to decide and where, and the next command."""
    folder = drafted.standing.folder
    for path in drafted.standing.aside:
        out(words("draft.study_file", file=path.name))
    for source, _ in drafted.standing.copies:
        out(words("draft.copied", file=source.name, folder=folder))
    for name in drafted.files:
        out(str(folder / name))
    out(words("draft.wrote", file=folder, questions=drafted.questions, indicators=drafted.indicators))
    if not drafted.indicators:
        out(words("draft.no_indicator"))
        for written in drafted.example:
            out(f"    {written}")
    _say_dropped(drafted, words)
    out(words("draft.settle_heading" if drafted.settle else "draft.settle_none", count=len(drafted.settle)))
    for number, (file, line, sentence) in enumerate(drafted.settle, start=1):
        out(words("draft.settle_line", number=number, file=file, line=line, sentence=sentence))
    out(words("draft.next", folder=shlex.quote(str(folder))))
    if _make_stands_here():
        out(words("draft.next_make", folder=_for_make(folder)))


def _say_dropped(drafted: "Drafted", words: texts.Texts) -> None:
    """The columns that a study of these exports will not read, by heading."""
    if drafted.dropped:
        out(words("draft.dropped_heading", count=len(drafted.dropped)))
    for name, column in drafted.dropped:
        out(f"    {words('draft.dropped_line', file=name, column=column)}")


def _make_stands_here() -> bool:
    """Whether `make`, typed here, is the program's own."""
    house = Path(__file__).resolve().parents[2]
    return (house / "Makefile").is_file() and Path.cwd().resolve() == house


def _for_make(path: Path) -> str:
    return shlex.quote(str(path)).replace("$", "$$")


def _checking(study: Path) -> str:
    """The command that checks a study, as it can be typed here."""
    if _make_stands_here():
        return f"make check STUDY={_for_make(study)}"
    return f"{texts.program()} check {shlex.quote(str(study))}"


def _say_what_to_settle(responses: "Responses", results: "Results", study: "Study", words: texts.Texts) -> None:
    """What the person should look at next: cells not understood, questions without a column, what is masked."""
    from impact.report.control import told  # noqa: PLC0415 – pandas is not for --help
    from impact.study.schema import ADVISED_ANSWER, ADVISED_BASE  # noqa: PLC0415 – pydantic is not for --help
    from impact.texts.typography import plural, quoted  # noqa: PLC0415 – babel is not for --help

    problems = responses.problems
    absent = problems.loc[problems["problem"] == "no_column", "value"].tolist()
    cells = len(problems) - len(absent)
    check = _checking(study.file)
    waiting = len(study.unsettled)
    if waiting:
        out(words(f"settle.waiting_{plural(waiting, words)}", count=waiting, check=check))
    if cells:
        from impact.report.files import named  # noqa: PLC0415 – only what writes files is imported to write

        out(words("settle.cells", count=cells, file=named("problems.csv", study), check=check))
    doubtful = responses.comparability.query("verdict == 'doubtful'")["question"].unique()
    if len(doubtful):
        out(words("settle.doubts", count=len(doubtful), names=", ".join(doubtful), check=check))
    if absent:
        asked = [quoted(words.label(study.question(name).text), words) for name in dict.fromkeys(absent)]
        out(words("settle.questions", count=len(absent), names=", ".join(asked), check=check))
    if study.lowered:
        out(words("settle.lowered", written=", ".join(study.lowered), base=ADVISED_BASE, answer=ADVISED_ANSWER))
    for line in told(results, study, words):
        out(line)


def _say_who_may_read(results: "Results", study: "Study", words: texts.Texts) -> None:
    """Whether what was written may be handed on: where it may, the line that it has in the registry. And what stands
    beside the study of what is done with the answers."""
    from impact.report.processing import said  # noqa: PLC0415 – only what writes files is imported to write
    from impact.report.publications import told  # noqa: PLC0415 – idem

    who = [words("done_all.internal")] if study.internal else told(results, study, words)
    for line in [*said(study, words), *who]:
        out(line)


def _say_what_is_kept_too_long(study: "Study", words: texts.Texts) -> None:
    """On standard error, which no output is made of: only here does the day of today count."""
    day = study.about.keep_until
    if day and _today() > day:
        typer.echo(spaced(words("settle.kept_too_long", day=day.isoformat())), err=True)


def _today() -> date:
    return datetime.now().astimezone().date()


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
        out(str(output))
