"""KoboToolbox: semicolons, every cell quoted; a multiple choice is options joined by spaces, or boxes, or both."""

import csv
from collections.abc import Callable
from functools import partial

from impact.study import Question
from tests.dialects._cohort import Cohort, Said, labels, text
from tests.dialects._table import Columns, cell, delimited, moments, rows, workbook

Heading = Callable[[Question], str]


def named(question: Question) -> str:
    """The XML name, in no group."""
    return question.id


def grouped(question: Question, sign: str = "/") -> str:
    """The XML name behind two groups, or one."""
    return sign.join(("formulaire", "partie_2" if question.kind == "multiple" else "partie_1", question.id))


def labelled_group(question: Question) -> str:
    return f"Le mentorat > {text(question)}"


def columns(
    cohort: Cohort, heading: Heading, words: bool, summary: bool = True, details: bool = True, sign: str = "/"
) -> Columns:
    """The columns as Kobo orders them: what it records first, the questions, what it adds to every export."""
    sent = moments(cohort, "2022-06-{:02}T{:02}:{:02}:13.000+02:00".format)
    made: Columns = [("start", sent), ("end", sent)]
    for question in cohort.questions:
        said = cohort.said(question)
        if question.kind != "multiple" or summary:
            made.append((heading(question), [cell(question, one, " ") if words else coded(one) for one in said]))
        if question.kind == "multiple" and details:
            for code, label in labels(question).items():
                ticks = ["" if one is None else str(int(code in one)) for one in said]
                made.append((f"{heading(question)}{sign}{label if words else code}", ticks))
    return made + added(cohort, sent)


def coded(said: Said) -> str:
    return " ".join(said) if isinstance(said, tuple) else said or ""


def added(cohort: Cohort, sent: list[str]) -> Columns:
    nobody = [""] * len(cohort)
    ids = [str(18_000 + row) for row in range(len(cohort))]
    return [
        ("_id", ids), ("_uuid", [f"{one}-4000" for one in ids]), ("_submission_time", [one[:19] for one in sent]),
        ("_validation_status", nobody), ("_notes", nobody), ("_status", ["submitted_via_web"] * len(cohort)),
        ("_submitted_by", nobody), ("__version__", ["v1"] * len(cohort)), ("_tags", nobody),
        ("_index", [str(row + 1) for row in range(len(cohort))]),
    ]  # fmt: skip


def csv_file(cohort: Cohort, folder, heading: Heading, words: bool, **layout):
    path = delimited(
        folder / f"{cohort.group}.csv",
        rows(columns(cohort, heading, words, **layout)), delimiter=";", quoting=csv.QUOTE_ALL,
    )  # fmt: skip
    return {"file": path.name, "tool": "kobo"}


def xlsx_file(cohort: Cohort, folder):
    path = workbook(folder / f"{cohort.group}.xlsx", rows(columns(cohort, text, words=True)), "Le mentorat")
    return {"file": path.name, "tool": "kobo"}


def with_tags(cohort: Cohort, folder):
    """HXL tags in a second row."""
    headings, *lines = rows(columns(cohort, named, words=False))
    tags = [f"#q+{name.lower()}" if not name.startswith("_") else "" for name in headings]
    path = delimited(
        folder / f"{cohort.group}.csv", [headings, [tag.partition("/")[0] for tag in tags], *lines],
        delimiter=";", quoting=csv.QUOTE_ALL,
    )  # fmt: skip
    return {"file": path.name, "tool": "kobo"}


def read_in_r(cohort: Cohort, folder):
    """What R's read.csv and write.csv leave: dots for signs, X before a first underscore, TRUE and FALSE."""
    made = columns(cohort, partial(grouped, sign="."), words=False, sign=".")
    ticks = {"1": "TRUE", "0": "FALSE", "": ""}
    seen = {heading for heading, _ in made}
    mangled = [
        (
            f"X{heading}" if heading.startswith("_") else heading,
            [ticks[one] for one in cells] if heading.rpartition(".")[0] in seen else cells,
        )
        for heading, cells in made
    ]
    path = delimited(folder / f"{cohort.group}.csv", rows(mangled), quoting=csv.QUOTE_NONNUMERIC)
    return {"file": path.name, "tool": "kobo"}


WRITERS = {
    "kobo_labels_csv": partial(csv_file, heading=text, words=True),
    "kobo_values_csv": partial(csv_file, heading=named, words=False),
    "kobo_labels_xlsx": xlsx_file,
    "kobo_details_only": partial(csv_file, heading=text, words=True, summary=False),
    "kobo_summary_only": partial(csv_file, heading=named, words=False, details=False),
    "kobo_summary_of_labels": partial(csv_file, heading=text, words=True, details=False),
    "kobo_groups": partial(csv_file, heading=grouped, words=False),
    "kobo_groups_details_only": partial(csv_file, heading=grouped, words=False, summary=False),
    "kobo_labelled_groups": partial(csv_file, heading=labelled_group, words=True, sign=" > "),
    "kobo_hxl": with_tags,
    "kobo_read_in_r": read_in_r,
}
