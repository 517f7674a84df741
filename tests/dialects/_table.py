"""A group's answers as a table of texts, for the tools that write one row a respondent under one row of headings."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

import xlsxwriter

from impact.study import Question
from tests.dialects._cohort import Cohort, Said, labels, text

Columns = list[tuple[str, list[str]]]  # heading, one cell a respondent; headings may repeat


def joined(cohort: Cohort, sign: str, end: str = "", day: str = "%Y-%m-%d") -> Columns:
    """One column a question, in labels; the options of a multiple choice joined by a sign, `end` after the last."""
    return [(text(one), [cell(one, said, sign, end, day) for said in cohort.said(one)]) for one in cohort.questions]


def cell(question: Question, said: Said, sign: str, end: str = "", day: str = "%Y-%m-%d") -> str:
    """One answer in words; `day` is how the tool writes a date."""
    names = labels(question)
    if said is None:
        return ""
    if isinstance(said, tuple):
        return sign.join(names[code] for code in said) + (end if said else "")
    if question.kind == "date" and said not in names:
        return date.fromisoformat(said).strftime(day)
    return names.get(said, said)


def moments(cohort: Cohort, form: Callable[[int, int, int], str]) -> list[str]:
    """A made-up moment a respondent: the day, the hour and the minute as a tool writes them, each in its order."""
    return [form(1 + row // 48 % 28, row // 2 % 24, row % 2 * 30) for row in range(len(cohort))]


def rows(columns: Columns) -> Iterator[Sequence[str]]:
    """The headings, then the cells."""
    yield [heading for heading, _ in columns]
    yield from zip(*(cells for _, cells in columns), strict=True)


def delimited(
    path: Path, lines: Iterable[Sequence[str]], encoding: str = "utf-8", first: str = "", **how: object
) -> Path:
    """A text file of these lines; `first` stands above them."""
    with path.open("w", encoding=encoding, newline="") as file:
        file.write(first)
        csv.writer(file, **how).writerows(lines)
    return path


def workbook(path: Path, lines: Iterable[Sequence[str]], sheet: str) -> Path:
    """A workbook of one sheet, whole numbers typed as numbers."""
    with xlsxwriter.Workbook(path, {"strings_to_urls": False}) as book:
        page = book.add_worksheet(sheet)
        for place, line in enumerate(lines):
            for column, one in enumerate(line):
                page.write(place, column, int(one) if one.isdigit() and one == str(int(one)) else one)
    return path
