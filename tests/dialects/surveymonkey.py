"""SurveyMonkey: a question over the first of its columns, what each one is below."""

from collections.abc import Iterator, Sequence

from impact.study import Question
from tests.dialects._cohort import Cohort, labels, text
from tests.dialects._table import cell, delimited, moments, workbook

OWN = (
    "Respondent ID",
    "Collector ID",
    "Start Date",
    "End Date",
    "IP Address",
    "Email Address",
    "First Name",
    "Last Name",
)
ONE = "Response"
OPEN = "Open-Ended Response"
Columns = list[tuple[str, str, list[str]]]  # the question or nothing, what the column is, a cell a respondent


def own(cohort: Cohort) -> Columns:
    """The columns that SurveyMonkey adds in front: nothing stands below their names."""
    days = moments(cohort, "06/{:02}/2022 {:02}:{:02}:17 AM".format)
    values = [[str(4337954960 + row), "75481011", day, day, "", "", "", ""] for row, day in enumerate(days)]
    return [(name, "", list(column)) for name, column in zip(OWN, zip(*values, strict=True), strict=True)]


def one_column(cohort: Cohort, question: Question, below: str = ONE) -> Columns:
    """A question in its own column."""
    return [(text(question), below, [cell(question, said, ",") for said in cohort.said(question)])]


def boxes(cohort: Cohort, question: Question, filler: str = "") -> Columns:
    """One column an option, which repeats it where it is ticked."""
    found: Columns = []
    for place, (code, label) in enumerate(labels(question).items()):
        ticks = [
            "" if said is None else label if code in (said if isinstance(said, tuple) else (said,)) else filler
            for said in cohort.said(question)
        ]
        found.append(("" if place else text(question), label, ticks))
    return found


def lines(columns: Columns) -> Iterator[Sequence[str]]:
    """The two rows of headings, then the answers."""
    yield [question for question, _, _ in columns]
    yield [below for _, below, _ in columns]
    yield from zip(*(cells for _, _, cells in columns), strict=True)


def condensed(cohort: Cohort, folder):
    """A single choice in one column; markup in the questions."""
    columns = own(cohort)
    for place, question in enumerate(cohort.questions):
        if question.kind == "multiple":
            columns += boxes(cohort, question)
            continue
        (_, _, cells), *_ = one_column(cohort, question)
        asked = f"<b>{text(question)}</b><br>" if place % 2 else text(question)
        columns.append((asked, ONE if question.kind == "single" else OPEN, cells))
    path = delimited(folder / f"{cohort.group}.csv", lines(columns), "utf-8-sig", lineterminator="\n")
    return {"file": path.name, "tool": "surveymonkey"}


def expanded(cohort: Cohort, folder):
    """One column an option, even where one alone may be chosen; in a French workbook, with blank columns at its end."""
    columns: Columns = own(cohort)
    for question in cohort.questions:
        closed = question.kind in ("single", "multiple")
        columns += boxes(cohort, question) if closed else one_column(cohort, question, "Réponse ouverte")
    columns += [("", "", [""] * len(cohort))] * 3
    path = workbook(folder / f"{cohort.group}.xlsx", lines(columns), "Sheet")
    return {"file": path.name, "tool": "surveymonkey"}


def reworked(cohort: Cohort, folder):
    """An old export without respondents' numbers, boxes filled with « Not selected », in Mac Roman."""
    columns: Columns = []
    for question in cohort.questions:
        multiple = question.kind == "multiple"
        columns += boxes(cohort, question, "Not selected") if multiple else one_column(cohort, question)
    path = delimited(folder / f"{cohort.group}.csv", lines(columns), "mac_roman", lineterminator="\r")
    return {"file": path.name, "tool": "surveymonkey"}


WRITERS = {
    "surveymonkey_condensed": condensed,
    "surveymonkey_expanded": expanded,
    "surveymonkey_reworked": reworked,
}
