"""Sheets kept by hand: labels, no tool's mark, and what people put around and into a table."""

from datetime import date

import xlsxwriter

from tests.dialects._cohort import Cohort, labels, text
from tests.dialects._table import Columns, cell, delimited, joined, rows

DAY = "%d/%m/%Y"


def semicolons(cohort: Cohort, folder):
    """Windows Excel's « CSV (séparateur : point-virgule) »: cp1252, CRLF."""
    path = folder / f"{cohort.group}.csv"
    delimited(path, rows(joined(cohort, " ; ")), encoding="cp1252", delimiter=";")
    return {"file": path.name, "tool": ""}


def unicode_text(cohort: Cohort, folder):
    """Excel's « Texte Unicode »: UTF-16, tabs."""
    path = folder / f"{cohort.group}.txt"
    delimited(path, rows(joined(cohort, " | ", day=DAY)), encoding="utf-16", delimiter="\t")
    return {"file": path.name, "tool": ""}


def announced(cohort: Cohort, folder):
    """The separator told in a first line, units after the numbers, a blank line and blank cells at the end."""
    columns = [(heading, cells) for heading, cells in _with_units(cohort)]
    lines = [(*line, "", "") for line in rows(columns)]
    path = folder / f"{cohort.group}.csv"
    delimited(path, [*lines, [""] * len(lines[0])], encoding="utf-8-sig", first="sep=;\r\n", delimiter=";")
    return {"file": path.name, "tool": ""}


def _with_units(cohort: Cohort) -> Columns:
    found: Columns = []
    for question in cohort.questions:
        answers = [cell(question, said, " / ", day="%d-%m-%y") for said in cohort.said(question)]
        unit = question.units[0] if question.units else ""
        found.append((text(question), [f"{one}\u00a0{unit}" if one.isdigit() and unit else one for one in answers]))
    return found


def between_titles_and_totals(cohort: Cohort, folder):
    """A title and a date above, a line of totals and a source below."""
    lines = [list(line) for line in rows(joined(cohort, ", ", day=DAY))]
    counts = [str(sum(bool(line[place]) for line in lines[1:])) for place in range(1, len(lines[0]))]
    above = [["Résultats de l'enquête 2022"], ["au 30 juin", "", "", "page 1"], []]
    below = [["Total", *counts], [], ["Source : enquête de l'association"]]
    path = folder / f"{cohort.group}.csv"
    delimited(path, [*above, *lines, *below], delimiter=";", encoding="mac_roman")
    return {"file": path.name, "tool": ""}


def workbook(cohort: Cohort, folder):
    """A workbook with a merged title, dates and numbers typed, each option a box under the name of its question."""
    path = folder / f"{cohort.group}.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page, days = book.add_worksheet("Saisie"), book.add_format({"num_format": "dd/mm/yyyy"})
        place = 0
        for question in cohort.questions:
            said = cohort.said(question)
            page.write(2, place, text(question))
            names = labels(question)
            if question.kind == "multiple":
                page.merge_range(2, place, 2, place + len(names) - 1, text(question))
                for column, (code, label) in enumerate(names.items(), place):
                    page.write_column(3, column, [label, *("X" if one and code in one else "" for one in said)])
                place += len(names)
                continue
            for row, one in enumerate(said, 4):
                if one and question.kind == "date" and one not in names:
                    page.write_datetime(row, place, date.fromisoformat(one), days)
                elif one and question.kind == "number" and one not in names:
                    page.write_number(row, place, float(one))
                else:
                    page.write(row, place, names.get(one, one or ""))
            place += 1
        page.merge_range(0, 0, 0, place - 1, "Résultats de l'enquête 2022")
        book.add_worksheet("À lire").write(0, 0, "Saisi à la main")
    return {"file": path.name, "tool": ""}


WRITERS = {
    "hand_semicolons": semicolons,
    "hand_unicode_text": unicode_text,
    "hand_announced": announced,
    "hand_titles_and_totals": between_titles_and_totals,
    "hand_workbook": workbook,
}
