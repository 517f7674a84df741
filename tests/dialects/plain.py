"""A sheet kept by hand: one heading a question, labels, no tool's mark."""

import csv

from tests.dialects._cohort import Cohort, labels, text


def semicolons(cohort: Cohort, folder):
    """Windows Excel's « CSV (séparateur : point-virgule) »: cp1252, CRLF."""
    columns = {}
    for question in cohort.questions:
        names = labels(question)
        columns[text(question)] = [
            "" if said is None else " ; ".join(names[code] for code in said) if isinstance(said, tuple)
            else names.get(said, said)
            for said in cohort.said(question)
        ]  # fmt: skip
    path = folder / f"{cohort.group}.csv"
    with path.open("w", encoding="cp1252", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    return {"file": path.name, "tool": ""}


WRITERS = {"hand_semicolons": semicolons}
