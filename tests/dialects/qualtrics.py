"""Qualtrics: names, texts and import identifiers above the answers, which are words or the author's codes."""

import json
from collections.abc import Callable, Iterator
from typing import NamedTuple

from impact.study import Question
from tests.dialects._cohort import Cohort, Said, labels, text
from tests.dialects._table import cell, delimited, moments, workbook

SEEN = "-99"


class Heads(NamedTuple):
    """What stands above one column."""

    name: str
    text: str
    imported: str


OWN = (
    ("StartDate", "Start Date", "startDate"), ("EndDate", "End Date", "endDate"), ("Status", "Response Type", "status"),
    ("IPAddress", "IP Address", "ipAddress"), ("Progress", "Progress", "progress"),
    ("Duration (in seconds)", "Duration (in seconds)", "duration"), ("Finished", "Finished", "finished"),
    ("RecordedDate", "Recorded Date", "recordedDate"), ("ResponseId", "Response ID", "_recordId"),
    ("RecipientEmail", "Recipient Email", "recipientEmail"),
    ("DistributionChannel", "Distribution Channel", "distributionChannel"),
    ("UserLanguage", "User Language", "userLanguage"),
)  # fmt: skip
Columns = list[tuple[Heads, list[str]]]
Write = Callable[[Question, Said], str]


def own(cohort: Cohort) -> Columns:
    """The columns that Qualtrics adds in front."""
    date = moments(cohort, "2022-06-{:02} {:02}:{:02}:17".format)
    values = [
        [day, day, "IP Address", "192.0.2.7", "100", "312", "True", day, f"R_{row:015}", "", "anonymous", "FR"]
        for row, day in enumerate(date)
    ]
    return [(Heads(*heads), list(column)) for heads, column in zip(OWN, zip(*values, strict=True), strict=True)]


def whole(cohort: Cohort, write: Write) -> Columns:
    """One column a question."""
    return [
        (Heads(f"Q1.{place}", text(question), f"QID{place}"), [write(question, said) for said in cohort.said(question)])
        for place, question in enumerate(cohort.questions, 1)
    ]


def split(cohort: Cohort, seen: str = "") -> Columns:
    """Multiple choices as one column an option; `seen` stands in what was shown and left."""
    found: Columns = []
    for (heads, cells), question in zip(whole(cohort, in_words), cohort.questions, strict=True):
        shown = cohort.asked(question)
        if question.kind != "multiple":
            left = [one or (seen if asked else "") for one, asked in zip(cells, shown, strict=True)]
            found.append((heads, left))
            continue
        for option, (code, label) in enumerate(labels(question).items(), 1):
            below = Heads(f"{heads.name}_{option}", f"{heads.text} - Selected Choice - {label}", heads.imported)
            ticks = [
                label if said and code in said else (seen if said is None and asked else "")
                for said, asked in zip(cohort.said(question), shown, strict=True)
            ]
            found.append((below, ticks))
    return found


def in_words(question: Question, said: Said) -> str:
    """The options chosen, joined by a comma without a space."""
    return cell(question, said, ",")


def in_codes(question: Question, said: Said) -> str:
    """The author's codes, which do not follow the order of the options."""
    known = codes(question)
    if said is None:
        return ""
    if isinstance(said, tuple):
        return ",".join(known[code] for code in said)
    return known.get(said) or in_words(question, said)


def codes(question: Question) -> dict[str, str]:
    """22, 29, 36… by the questionnaire's codes; none where a number is typed."""
    closed = question.kind in ("single", "multiple")
    return {code: str(22 + 7 * place) for place, code in enumerate(labels(question))} if closed else {}


def lines(columns: Columns, headings: int) -> Iterator[list[str]]:
    """One, two or three rows of headings, then the answers."""
    imported = [json.dumps({"ImportId": heads.imported}, separators=(",", ":")) for heads, _ in columns]
    yield from (
        [heads.name for heads, _ in columns], [heads.text for heads, _ in columns], imported
    )[:headings]  # fmt: skip
    yield from map(list, zip(*(cells for _, cells in columns), strict=True))


def three_rows(cohort: Cohort, folder):
    """Choice text, three rows of headings."""
    columns = own(cohort) + whole(cohort, in_words)
    path = delimited(folder / f"{cohort.group}.csv", lines(columns, 3), "utf-8-sig")
    return {"file": path.name, "tool": "qualtrics"}


def two_rows(cohort: Cohort, folder):
    """Its third row deleted by hand, in a workbook."""
    path = workbook(folder / f"{cohort.group}.xlsx", lines(own(cohort) + whole(cohort, in_words), 2), "Sheet0")
    return {"file": path.name, "tool": "qualtrics"}


def one_row(cohort: Cohort, folder):
    """Read and saved again by a program that kept the names alone: the study says which question each one is."""
    path = delimited(folder / f"{cohort.group}.csv", lines(own(cohort) + whole(cohort, in_words), 1))
    names = {f"Q1.{place}": question.id for place, question in enumerate(cohort.questions, 1)}
    return {"file": path.name, "rename": names, "tool": "qualtrics"}


def coded(cohort: Cohort, folder):
    """Numeric values: the study says what each one stands for."""
    path = delimited(
        folder / f"{cohort.group}.csv", lines(own(cohort) + whole(cohort, in_codes), 3), lineterminator="\n"
    )
    recode = {one.id: {number: code for code, number in codes(one).items()} for one in cohort.questions if codes(one)}
    return {"file": path.name, "recode": recode, "tool": "qualtrics"}


def tabs(cohort: Cohort, folder):
    """The TSV: UTF-16."""
    path = delimited(
        folder / f"{cohort.group}.tsv", lines(own(cohort) + whole(cohort, in_words), 3), "utf-16", delimiter="\t"
    )
    return {"file": path.name, "tool": "qualtrics"}


def split_boxes(cohort: Cohort, folder):
    """Multiple choices split into columns."""
    path = delimited(folder / f"{cohort.group}.csv", lines(own(cohort) + split(cohort), 3))
    return {"file": path.name, "tool": "qualtrics"}


def seen_and_left(cohort: Cohort, folder):
    """Questions seen and left recoded as -99."""
    path = delimited(folder / f"{cohort.group}.csv", lines(own(cohort) + split(cohort, SEEN), 3))
    return {"file": path.name, "tool": "qualtrics"}


def legacy(cohort: Cohort, folder):
    """The two rows of older exports, each line ending on a comma."""
    first = ("ResponseID", "ResponseSet", "Name", "ExternalDataReference", "Email", "IPAddress", "Status")
    first += ("StartDate", "EndDate", "Finished")
    days = moments(cohort, "2022-06-{:02} {:02}:{:02}:17".format)
    values = [[f"R_{row}", "Default Response Set", "Anonymous", "", "", "192.0.2.7", "0", day, day, "1"]
              for row, day in enumerate(days)]  # fmt: skip
    mine = [
        (Heads(f"V{place}", name, ""), list(column))
        for place, (name, column) in enumerate(zip(first, zip(*values, strict=True), strict=True), 1)
    ]
    rows = ([*line, ""] for line in lines(mine + whole(cohort, in_words), 2))
    path = delimited(folder / f"{cohort.group}.csv", rows)
    return {"file": path.name, "tool": "qualtrics"}


WRITERS = {
    "qualtrics_three_rows": three_rows,
    "qualtrics_two_rows": two_rows,
    "qualtrics_one_row": one_row,
    "qualtrics_codes": coded,
    "qualtrics_utf16": tabs,
    "qualtrics_split": split_boxes,
    "qualtrics_seen": seen_and_left,
    "qualtrics_legacy": legacy,
}
