"""A questionnaire given in place of answers is told apart, and does not hide answers that stand beside it."""

import xlsxwriter

from tests.unit._loaders import read, refused, rows_of

SURVEY = (("type", "name", "label", "relevant"), ("select_one oui_non", "aide", "Aide ?", ""), ("text", "mot", "?", ""))
CHOICES = (("list_name", "name", "label"), ("oui_non", "oui", "Oui"), ("oui_non", "non", "Non"))
ANSWERS = (("aide", "mot"), ("oui", "a"), ("non", "b"), ("oui", "c"))


def book(folder, **sheets):
    path = folder / "a.xlsx"
    with xlsxwriter.Workbook(path) as written:
        for name, rows in sheets.items():
            page = written.add_worksheet(name)
            for place, row in enumerate(rows):
                page.write_row(place, 0, row)
    return path


def test_a_form_alone_is_no_export(tmp_path):
    fault = refused(book(tmp_path, survey=SURVEY, choices=CHOICES))
    assert (fault.key, fault.facts["form"]) == ("loader_is_form", "XLSForm")
    assert "impact init" in str(fault)


def test_answers_beside_their_form_are_read(tmp_path):
    found = read(book(tmp_path, survey=SURVEY, choices=CHOICES, réponses=[*ANSWERS, *ANSWERS[1:], *ANSWERS[1:]]))
    assert (found.sheet, len(found.cells)) == ("réponses", 9)


def test_the_study_may_insist(tmp_path):
    path = book(tmp_path, survey=SURVEY, choices=CHOICES)
    assert rows_of(read(path, sheet="choices"))[0] == CHOICES[0]
