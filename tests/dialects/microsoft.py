"""Microsoft Forms: one workbook, the answers after who answered and when, boxes joined by ";" with one at the end."""

from tests.dialects._cohort import Cohort
from tests.dialects._table import Columns, delimited, joined, moments, rows, workbook

FRENCH = ("ID", "Heure de début", "Heure de fin", "Adresse de messagerie", "Nom")
ENGLISH = ("ID", "Start time", "Completion time", "Email", "Name")


def french(cohort: Cohort, folder):
    path = workbook(folder / f"{cohort.group}.xlsx", rows(_signed(cohort, FRENCH)), "Feuil1")
    return {"file": path.name, "tool": "microsoft"}


def saved_again(cohort: Cohort, folder):
    """The workbook saved as CSV by a French Excel."""
    path = folder / f"{cohort.group}.csv"
    delimited(path, rows(_signed(cohort, ENGLISH)), encoding="cp1252", delimiter=";")
    return {"file": path.name, "tool": "microsoft"}


def _signed(cohort: Cohort, headings: tuple[str, ...]) -> Columns:
    numbers = [str(row) for row in range(1, len(cohort) + 1)]
    begun = moments(cohort, "2022-06-{:02}T{:02}:{:02}:00".format)
    nobody = [numbers, begun, begun, ["anonymous"] * len(cohort), [""] * len(cohort)]
    questions = [(f"{heading}\u00a0", cells) for heading, cells in joined(cohort, ";", end=";", day="%d/%m/%Y")]
    return [*zip(headings, nobody, strict=True), *questions]


WRITERS = {"microsoft_xlsx": french, "microsoft_csv": saved_again}
