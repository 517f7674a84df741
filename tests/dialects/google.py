"""Google Forms, by its three routes: Sheets as CSV, TSV or XLSX joins boxes with ", ", Forms' own CSV with ";"."""

import csv

from tests.dialects._cohort import Cohort
from tests.dialects._table import delimited, joined, moments, rows, workbook


def sheets_csv(cohort: Cohort, folder):
    """A French sheet: day before month, quotes only where needed."""
    sent = moments(cohort, "{:02}/06/2022 {:02}:{:02}:59".format)
    columns = [("Horodateur", sent), *joined(cohort, ", ", day="%d/%m/%Y")]
    path = delimited(folder / f"{cohort.group}.csv", rows(columns))
    return {"file": path.name, "tool": "google"}


def sheets_tsv(cohort: Cohort, folder):
    """An American sheet: month before day."""
    columns = [
        ("Timestamp", moments(cohort, "6/{}/2022 {}:{:02}:59".format)),
        *joined(cohort, ", ", day="%m/%d/%Y"),
    ]
    path = delimited(folder / f"{cohort.group}.tsv", rows(columns), delimiter="\t")
    return {"file": path.name, "tool": "google"}


def sheets_workbook(cohort: Cohort, folder):
    """The column of moments taken away: the sheet keeps its name."""
    path = workbook(folder / f"{cohort.group}.xlsx", rows(joined(cohort, ", ")), "Réponses au formulaire 1")
    return {"file": path.name, "tool": "google"}


def forms_csv(cohort: Cohort, folder):
    """What « Télécharger les réponses (.csv) » holds, unzipped."""
    sent = moments(cohort, "2022/06/{:02} {}:{:02}:13 PM UTC+2".format)
    columns = [("Horodateur", sent), *joined(cohort, ";")]
    path = delimited(folder / f"{cohort.group}.csv", rows(columns), lineterminator="\n", quoting=csv.QUOTE_ALL)
    return {"file": path.name, "tool": "google"}


WRITERS = {
    "google_sheets_csv": sheets_csv,
    "google_sheets_tsv": sheets_tsv,
    "google_sheets_xlsx": sheets_workbook,
    "google_forms_csv": forms_csv,
}
