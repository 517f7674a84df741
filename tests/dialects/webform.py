"""Drupal's Webform since Drupal 8: words or keys above, options each in a column of X or joined by ";" in one."""

import csv
from collections.abc import Iterator

from impact.study import Question
from tests.dialects._cohort import Cohort, labels, text
from tests.dialects._table import Columns, cell, delimited, moments, rows

# The tool's own columns before the answers: words, key, what each respondent has there.
OWN = (
    ("Serial number", "serial", "{n}"),
    ("Submission ID", "sid", "{n}"),
    ("Submission UUID", "uuid", "0c6f{n:08}"),
    ("Token", "token", "t{n:05}"),
    ("Submission URI", "uri", "/form/mentorat"),
    ("Created", "created", ""),
    ("Completed", "completed", ""),
    ("Changed", "changed", ""),
    ("In draft", "in_draft", "0"),
    ("Current page", "current_page", ""),
    ("Remote IP address", "remote_addr", "0.0.0.0"),
    ("Submitted by: ID", "uid__id", "0"),
    ("Submitted by: Title", "uid__title", "Anonyme"),
    ("Submitted by: URL", "uid__url", ""),
    ("Language", "langcode", "fr"),
    ("Webform: ID", "webform_id", "mentorat"),
)
DATED = ("created", "completed", "changed")


def written(cohort: Cohort, keys: bool, separate: bool, moment: str) -> Columns:
    """Every column of an export, in words or in keys."""
    sent = moments(cohort, moment.format)
    columns = [
        (key if keys else label, sent if key in DATED else [always.format(n=1 + row) for row in range(len(cohort))])
        for label, key, always in OWN
    ]
    for question in cohort.questions:
        columns += _asked(cohort, question, keys, separate)
    return columns


def _asked(cohort: Cohort, question: Question, keys: bool, separate: bool) -> Iterator[tuple[str, list[str]]]:
    said, names = cohort.said(question), labels(question)
    heading = question.id if keys else text(question)
    if question.kind == "multiple" and separate:
        for code in names:
            option = f"{heading}__{code}" if keys else f"{heading}: {names[code]}"
            yield option, ["X" if one and code in one else "" for one in said]
    elif keys:
        yield heading, [";".join(one) if isinstance(one, tuple) else one or "" for one in said]
    else:
        yield heading, [cell(question, one, ";") for one in said]


def _writer(keys: bool, separate: bool, separator: str, first: str, moment: str):
    def write(cohort: Cohort, folder):
        columns = written(cohort, keys, separate, moment)
        path = delimited(
            folder / f"{cohort.group}.csv", rows(columns), first=first, delimiter=separator, lineterminator="\n",
            quoting=csv.QUOTE_MINIMAL,
        )  # fmt: skip
        return {"file": path.name, "tool": "webform"}

    return write


ISO, SITE = "2022-06-{:02} {:02}:{:02}:00", "{:02}/06/2022 - {:02}:{:02}"
WRITERS = {
    "webform_labels_separate": _writer(keys=False, separate=True, separator=",", first="", moment=SITE),
    "webform_labels_compact": _writer(keys=False, separate=False, separator=";", first="\ufeff", moment=ISO),
    "webform_keys_separate": _writer(keys=True, separate=True, separator="\t", first="", moment=ISO),
    "webform_keys_compact": _writer(keys=True, separate=False, separator=",", first="", moment=ISO),
}
