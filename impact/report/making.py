"""Making every file of a report, in a folder that takes its place whole."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from impact import texts
from impact.errors import ImpactError
from impact.model import Results
from impact.report.book import Book, open_book
from impact.report.control import control
from impact.report.delivery import FIGURES, check
from impact.report.files import CONTROL, FORMATS, MANIFEST, PAGES, WORKBOOK, named, write
from impact.report.legible import legible
from impact.report.pages import Pictures, document
from impact.report.pages._blocks import Block
from impact.report.pdf import render
from impact.report.pictures import pictures, with_all_parts
from impact.report.publishing import published
from impact.report.tables import write_tables
from impact.report.workbook import workbook
from impact.study import Study

ATTACHED: Final = ("estimates", "comparisons")  # the tables that the PDF carries with it


def make(
    results: Results, study: Study, folder: Path, language: str, formats: Iterable[str], never_shown: tuple[int, ...]
) -> tuple[Path, ...]:
    """All that `impact.report.report` promises, for a folder given by its whole path."""
    check(folder, study)
    _must_have_indicators(study)
    book = open_book(results, study, texts.load(_known(language, texts.languages(), "language")))
    wanted = [_known(each, FORMATS, "format") for each in formats]
    with published(results, study, folder, language, never_shown) as draft:
        made = _write(book, draft, wanted)
    return (*(folder / path.relative_to(draft) for path in made), folder / named(MANIFEST, study))


def _must_have_indicators(study: Study) -> None:
    """A report is made of indicators: without any it would be pages that say nothing."""
    if study.questionnaire.indicator:
        return
    file, example = study.about.questionnaire, _indicator(study)
    if not example:
        raise ImpactError("report_no_indicator_possible", file=file)
    raise ImpactError("report_no_indicator", file=file, example=example)


def _indicator(study: Study) -> str:
    """An indicator of the first question that can have one, as it would be written; "" where none can."""
    dimension = next(iter(study.questionnaire.dimension), "…")
    for question in study.questionnaire.question:
        if question.kind in ("single", "multiple", "number"):
            kind = "mean" if question.kind == "number" else "share"
            lines = {"id": f"{question.id}_1", "dimension": dimension, "question": question.id, "kind": kind}
            written = [f'{key} = "{value}"' for key, value in lines.items()]
            counted = [f'counts = ["{question.codes[0]}"]'] if kind == "share" else []
            return "\n".join(["[[indicator]]", *written, *counted, 'label = "…"'])
    return ""


def _write(book: Book, draft: Path, formats: list[str]) -> list[Path]:
    """The files of a report, the PDF first. Pages are set beside the workbook: typst works outside Python's lock."""
    study, folder = book.study, draft / FIGURES
    drawn = pictures(book, folder)
    tables = write_tables(book.results, study, draft)
    secret = write(draft / named(CONTROL, study), control(book))
    with ThreadPoolExecutor(1) as beside:
        pdf = beside.submit(render, _document(book, drawn, draft)) if "pdf" in formats else None
        sheets = [write(draft / named(WORKBOOK, study), workbook(book))] if "xlsx" in formats else []
        pages = [write(draft / named(PAGES, study), pdf.result())] if pdf else []
    images = [folder / named(f"{name}.{kind}", study) for name in drawn for kind in ("svg", "png")]
    return [*pages, *sheets, *tables, secret, *images]


def _document(book: Book, drawn: Pictures, draft: Path) -> Block:
    """The pages, as the PDF takes them, with the two main tables that it carries."""
    carried = {table: draft / named(f"{table}.csv", book.study) for table in ATTACHED}
    attached = [
        {
            "name": path.name,
            "content": path.read_text(encoding="utf-8"),
            "description": book.texts(f"table.about_{table}"),
        }
        for table, path in carried.items()
    ]
    pages = with_all_parts(document(book, drawn), drawn, book.texts)
    whole: Block = legible({**pages, "attachments": attached}, book.texts)
    return whole


def _known(name: str, names: Iterable[str], kind: str) -> str:
    if name not in names:
        raise ImpactError(f"report_unknown_{kind}", name=name, known=", ".join(names))
    return name
