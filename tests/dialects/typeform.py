"""Typeform: one column an option, headed by the option alone; yes and no as 1 and 0. The study links the boxes."""

from tests.dialects._cohort import Cohort, labels, text
from tests.dialects._table import Columns, cell, delimited, moments, rows

LAST = ("Start Date (UTC)", "Submit Date (UTC)", "Network ID")


def csv_file(cohort: Cohort, folder):
    """As it was until 2022: the three marks at the end."""
    columns, links = _columns(cohort)
    sent = moments(cohort, "2022-06-{:02} {:02}:{:02}:40".format)
    columns += zip(LAST, [sent, sent, [f"{row:010x}" for row in range(len(cohort))]], strict=True)
    path = delimited(folder / f"{cohort.group}.csv", rows(columns), lineterminator="\n")
    return {"file": path.name, "rename": links, "tool": "typeform"}


def _columns(cohort: Cohort) -> tuple[Columns, dict[str, str]]:
    """The columns, and the lines of the study that say which question each run of boxes answers."""
    columns: Columns = [("#", [f"{cohort.group}{row}" for row in range(len(cohort))])]
    links: dict[str, str] = {}
    for question in cohort.questions:
        said = cohort.said(question)
        if question.kind == "multiple":
            first = len(columns)
            for code, label in labels(question).items():
                columns.append((label, [label if one and code in one else "" for one in said]))
            links[f"Cases {letter(first)} à {letter(len(columns) - 1)}"] = question.id
        elif {"oui", "non"} == {one for one in said if one}:
            columns.append((text(question), [{"oui": "1", "non": "0", None: ""}[one] for one in said]))
        else:
            columns.append((text(question), [cell(question, one, ", ") for one in said]))
    return columns, links


def letter(position: int) -> str:
    """A column as a spreadsheet names it, up to ZZ."""
    before, last = divmod(position, 26)
    return (chr(64 + before) if before else "") + chr(65 + last)


WRITERS = {"typeform_csv": csv_file}
