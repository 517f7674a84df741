"""Tally: options joined by ", " in one cell and, beside it, one TRUE/FALSE column an option."""

from tests.dialects._cohort import Cohort, labels, text
from tests.dialects._table import Columns, cell, delimited, moments, rows


def csv_file(cohort: Cohort, folder):
    numbers = [f"{cohort.group}{row}" for row in range(len(cohort))]
    sent = moments(cohort, "2022-06-{:02} {:02}:{:02}:40".format)
    columns: Columns = [("Submission ID", numbers), ("Respondent ID", numbers), ("Submitted at", sent)]
    for question in cohort.questions:
        said = cohort.said(question)
        columns.append((text(question), [cell(question, one, ", ") for one in said]))
        for code, label in labels(question).items() if question.kind == "multiple" else ():
            ticked = ["" if not one else "TRUE" if code in one else "FALSE" for one in said]
            columns.append((f"{text(question)} ({label})", ticked))
    path = delimited(folder / f"{cohort.group}.csv", rows(columns), lineterminator="\n")
    return {"file": path.name, "tool": "tally"}


WRITERS = {"tally_csv": csv_file}
