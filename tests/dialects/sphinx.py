"""Sphinx iQ: a blank first row or one that numbers, slots in place of boxes, with or without its second sheet."""

from collections.abc import Iterator
from datetime import date

import xlsxwriter

from impact.study import Question
from tests.dialects._cohort import Cohort, labels, text
from tests.dialects._table import Columns, cell

MULTIPLE = "FM"
KINDS = {"single": "FU", "multiple": MULTIPLE, "number": "ON", "date": "OD", "text": "OT"}
SYSTEM = (
    ("CLE", "OC", ""),
    ("DATE_SAISIE", "OD", ""),
    ("PROGRESSION", "FU", "En cours ; Terminé ; QuotaFull ; ScreenOut"),
)


def columns(cohort: Cohort) -> Columns:
    """The questions as their table has them: a multiple choice in as many columns as it has answers to tick."""
    found: Columns = []
    for question in cohort.questions:
        said, heading = cohort.said(question), text(question).replace("\n", "_")
        if question.kind == "multiple":
            names = labels(question)
            for place in range(len(names)):
                packed = [names[one[place]] if one and place < len(one) else "" for one in said]
                found.append((f"{heading}_{place + 1}", packed))
        else:
            found.append((heading, [cell(question, one, "", day="%d/%m/%Y") for one in said]))
    return found


def listed(question: Question, number: int) -> tuple[str, str, str, str]:
    """A question in the list of variables: its name is not its heading."""
    choices = " ; ".join(labels(question).values()) if question.kind in ("single", "multiple") else ""
    return "", f"V{number}. {question.id}", KINDS[question.kind], choices


def information(cohort: Cohort) -> Iterator[tuple[str, ...]]:
    """The second sheet, on the made-up machine of a made-up author."""
    count = str(len(cohort))
    yield "Informations d'export :", "Fichier de données produit par Sphinx iQ", "© Le Sphinx Développement", ""
    yield ()
    yield "Enquête", "Nom", "Mentorat", ""
    yield "", "Chemin", "C:\\Users\\CamilleExemple\\Mentorat.sphx", ""
    yield "", "Nombre total d'observations", count, ""
    yield ()
    yield "Export", "Date", "30/06/2022 18:00:00", ""
    yield "", "Langue", "FR", ""
    yield "", "Nombre d'observations exportées", count, ""
    yield "", "Strate", "Echantillon total", ""
    yield "", "Filtre(s)", "", ""
    yield ()
    variables = [listed(question, number) for number, question in enumerate(cohort.questions, 1)]
    variables += [("", f"V{len(variables) + place}. {name}", *rest) for place, (name, *rest) in enumerate(SYSTEM, 1)]
    yield "Liste des variables de l'export", *variables[0][1:]
    yield from variables[1:]


def _write(cohort: Cohort, folder, first: str, with_sheet: bool):
    path = folder / f"{cohort.group}.xlsx"
    asked = columns(cohort)
    with xlsxwriter.Workbook(path, {"strings_to_urls": False, "default_date_format": "dd/mm/yyyy"}) as book:
        page = book.add_worksheet("Mentorat")
        page.write_string(0, 0, first) if first else page.write_blank(0, 0, None)
        for place, (heading, cells) in enumerate(asked, 1):
            page.write_string(1, place, heading)
            for row, one in enumerate(cells, 2):
                _write_cell(page, row, place, one)
        for number in range(1, len(cohort) + 1):
            page.write_number(number + 1, 0, number)
        if with_sheet:
            about = book.add_worksheet("information")
            for row, line in enumerate(information(cohort)):
                about.write_row(row, 0, line)
    return {"file": path.name, "tool": "sphinx"}


def _write_cell(page: xlsxwriter.worksheet.Worksheet, row: int, place: int, one: str) -> None:
    if one.isdigit() and one == str(int(one)):
        page.write_number(row, place, int(one))
    elif one.count("/") == 2 and one.replace("/", "").isdigit():
        day, month, year = map(int, one.split("/"))
        page.write_datetime(row, place, date(year, month, day))
    elif one:
        page.write_string(row, place, one)


def with_information(cohort: Cohort, folder):
    """The first row is blank, and the sheet lists the variables."""
    return _write(cohort, folder, "", with_sheet=True)


def numbered(cohort: Cohort, folder):
    """The first row only says that the first column numbers, and no sheet tells what the columns are."""
    return _write(cohort, folder, "N°Obs", with_sheet=False)


WRITERS = {"sphinx_information": with_information, "sphinx_numbered": numbered}
