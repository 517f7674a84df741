"""Framaforms, by each of its exports: three lines of headings, nine columns of its own, ticks or one joined cell."""

import csv
from collections.abc import Iterator, Sequence
from datetime import datetime

import xlsxwriter

from impact.study import Question
from tests.dialects._cohort import Cohort, labels, text
from tests.dialects._table import cell, moments

# The tool's own columns: label, key, what an anonymous respondent leaves there.
OWN = (
    ("Séquentiel", "webform_serial", None),
    ("SID", "webform_sid", None),
    ("Heure de soumission", "webform_time", None),
    ("Heure de complétion", "webform_completed_time", None),
    ("Heure de modification", "webform_modified_time", None),
    ("Brouillon", "webform_draft", "0"),
    ("Adresse IP", "webform_ip_address", "0.0.0.0"),
    ("UID", "webform_uid", "0"),
    ("Nom d'utilisateur", "webform_username", "Anonyme"),
)
Part = tuple[str, str, list[str]]  # the cells of the second and third lines, and those of the respondents


def lines(cohort: Cohort, compact: bool = False, keys: bool = False) -> Iterator[Sequence[str]]:
    """Every line of an export. With keys, headings and options are those of the form's machine; else its words."""
    sent = moments(cohort, "{:02}/06/2022 - {:02}:{:02}".format)
    numbers = [str(1 + row) for row in range(len(cohort))]
    own = [numbers, [str(48_210 + 7 * row) for row in range(len(cohort))], sent, sent, sent]
    parts: list[Part] = [
        ("", key if keys else label, [always] * len(cohort) if always else own[place])
        for place, (label, key, always) in enumerate(OWN)
    ]
    parts[0] = ("submission_details" if keys else "Détails de la soumission", *parts[0][1:])
    for question in cohort.questions:
        parts += _asked(cohort, question, compact, keys)
    yield ["Le mentorat et toi", *[""] * (len(parts) - 1)]
    yield [above for above, _, _ in parts]
    yield [own for _, own, _ in parts]
    yield from zip(*(cells for _, _, cells in parts), strict=True)


def _asked(cohort: Cohort, question: Question, compact: bool, keys: bool) -> Iterator[Part]:
    said, names = cohort.said(question), labels(question)
    heading = question.id if keys else text(question)
    if question.kind != "multiple" or compact:
        yield "", heading, [_code(one) if keys else cell(question, one, ",", day="%d/%m/%Y") for one in said]
        return
    for place, code in enumerate(names):
        ticks = ["X" if one and code in one else "" for one in said]
        yield heading if not place else "", code if keys else names[code], ticks


def _code(said: str | tuple[str, ...] | None) -> str:
    return ",".join(said) if isinstance(said, tuple) else said or ""


def _text(cohort, folder, name, separator="\t", encoding="utf-8", **how):
    path = folder / f"{cohort.group}.{name}"
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=separator, lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writerows(lines(cohort, **how))
    return {"file": path.name, "tool": "framaforms"}


def delimited_tab(cohort: Cohort, folder):
    """« Texte délimité », as it is when nothing is chosen."""
    return _text(cohort, folder, "tsv")


def delimited_comma(cohort: Cohort, folder):
    """« Texte délimité » by commas, multiple choices each in one cell."""
    return _text(cohort, folder, "csv", ",", compact=True)


def delimited_semicolon(cohort: Cohort, folder):
    """« Texte délimité » by semicolons."""
    return _text(cohort, folder, "csv", ";")


def old_excel(cohort: Cohort, folder):
    """« Microsoft Excel (versions précédentes) »: UTF-16 text by tabs, under the name of a workbook."""
    return _text(cohort, folder, "xls", encoding="utf-16")


def form_keys(cohort: Cohort, folder):
    """Keys in place of words, above and below."""
    return _text(cohort, folder, "tsv", keys=True)


def workbook(cohort: Cohort, folder):
    """« Microsoft Excel »: texts, but for moments and days, which are typed; empty cells are absent."""
    path = folder / f"{cohort.group}.xlsx"
    with xlsxwriter.Workbook(path, {"strings_to_urls": False, "default_date_format": "dd/mm/yyyy hh:mm"}) as book:
        page = book.add_worksheet("Le mentorat et toi")
        for place, line in enumerate(lines(cohort)):
            for column, one in enumerate(line):
                typed = _typed(one)
                if typed:
                    page.write_datetime(place, column, typed)
                elif one:
                    page.write_string(place, column, one)
    return {"file": path.name, "tool": "framaforms"}


def _typed(one: str) -> datetime | None:
    form = {18: "%d/%m/%Y - %H:%M", 10: "%d/%m/%Y"}.get(len(one) if one.count("/") == 2 else 0)
    return datetime.strptime(one, form) if form else None


WRITERS = {
    "framaforms_tab": delimited_tab,
    "framaforms_comma_compact": delimited_comma,
    "framaforms_semicolon": delimited_semicolon,
    "framaforms_xls": old_excel,
    "framaforms_xlsx": workbook,
    "framaforms_keys": form_keys,
}
