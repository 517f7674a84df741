"""Exports of Drupal's Webform, made by hand as its exporter writes them."""

import pytest

from tests.unit._loaders import delimited, read_text

WORDS = (
    "Serial number", "Submission ID", "Submission UUID", "Token", "Submission URI", "Created", "Completed", "Changed",
    "In draft", "Current page", "Remote IP address", "Submitted by: ID", "Submitted by: Title", "Submitted by: URL",
    "Language", "Webform: ID",
)  # fmt: skip
KEYS = (
    "serial", "sid", "uuid", "token", "uri", "created", "completed", "changed", "in_draft", "current_page",
    "remote_addr", "uid", "langcode", "webform_id",
)  # fmt: skip
OWN = {"words": WORDS, "keys": KEYS}
PERSONAL = {"token", "submission uri", "uri", "remote ip address", "remote_addr", "uid"}


def export(folder, headings, *rows, own=WORDS, drafts=()):
    table = [(*own, *headings)]
    for number, row in enumerate(rows):
        known = [
            "1" if number in drafts and fold in ("in draft", "in_draft") else f"{number}-{place}"
            for place, fold in enumerate(map(str.lower, own))
        ]
        table.append((*known, *row))
    return read_text(folder, delimited(table, ","))


@pytest.mark.parametrize("own", OWN)
def test_it_is_known_by_its_own_columns(own, tmp_path):
    found = export(tmp_path, ["Ton âge ?"], ["15"], ["16"], own=OWN[own])
    assert (found.tool, list(found.header), len(found.cells)) == ("webform", [1], 2)
    assert set(found.signs) == {f"« {name} »" for name in OWN[own]}
    for column in found.columns[:-1]:
        name = column.heading.lower()
        personal = name in PERSONAL or name.startswith("submitted by")
        assert column.role == ("personal" if personal else "metadata"), name
    assert found.columns[-1].role == ""
    assert found.columns[found.answered_on].heading.lower() == "completed"


@pytest.mark.parametrize(
    "headings",
    [
        ("created", "completed", "changed", "token", "notes", "uri"),  # of many programs
        ("Serial number", "Language", "Created"),
        ("sid", "Heure de soumission", "Brouillon"),
    ],
)
def test_other_tables_are_left_to_others(headings, tmp_path):
    assert read_text(tmp_path, delimited([headings, ["1"] * len(headings)], ",")).tool == ""


@pytest.mark.parametrize(
    ("headings", "cells", "expected"),
    [
        (("Aides ?: Tuteur", "Aides ?: Ami"), ("X", ""), [("Aides ?", "Tuteur"), ("Aides ?", "Ami")]),
        (("aides__tuteur", "aides__ami"), ("X", ""), [("aides", "tuteur"), ("aides", "ami")]),
        (("Aides ?: Tuteur", "Aides ?: Other"), ("X", "un oncle"), [("Aides ?", "Tuteur"), ("Aides ?", "Other")]),
        # an option with a colon, a question with a French one
        (("Aides ?: À deux: oui", "Aides ?: Seul"), ("X", ""), [("Aides ?", "À deux: oui"), ("Aides ?", "Seul")]),
        (("Toi : tes aides: A", "Toi : tes aides: B"), ("", "X"), [("Toi : tes aides", "A"), ("Toi : tes aides", "B")]),
        # two questions side by side, one alone
        (("A: x", "A: y", "B: x", "B: y"), ("X", "", "X", ""), [("A", "x"), ("A", "y"), ("B", "x"), ("B", "y")]),
        (("Ton âge: en années", "Ta ville"), ("15", "Lyon"), [("", ""), ("", "")]),
    ],
)
def test_neighbours_under_one_question_are_its_options(headings, cells, expected, tmp_path):
    found = export(tmp_path, headings, cells, [""] * len(cells))
    assert [(column.block, column.item) for column in found.columns[len(WORDS) :]] == expected
    assert [column.headings for column in found.columns[len(WORDS) :]] == [(heading,) for heading in headings]


@pytest.mark.parametrize(
    ("headings", "cells"),
    [
        (("Ton école: On t'écoute", "Ton école: On t'aide"), ("Souvent", "Jamais")),  # a grid
        (("Nom: Prénom", "Nom: Nom de famille"), ("Awa", "Diop")),  # parts of an answer
    ],
)
def test_what_is_no_tick_is_a_question_of_its_own_inside_its_block(headings, cells, tmp_path):
    found = export(tmp_path, headings, cells).columns[len(WORDS) :]
    for column, heading in zip(found, headings, strict=True):
        assert column.headings == (heading, heading.partition(": ")[2])
        assert column.block == heading.partition(": ")[0]


def test_parts_of_a_name_are_personal(tmp_path):
    found = export(tmp_path, ("Qui: Prénom", "Qui: Nom"), ("Awa", "Diop"))
    assert [column.role for column in found.columns[len(WORDS) :]] == ["personal", "personal"]


@pytest.mark.parametrize("own", OWN)
def test_a_draft_is_flagged_and_kept(own, tmp_path):
    found = export(tmp_path, ["Ton âge ?"], ["15"], ["16"], ["17"], own=OWN[own], drafts=(2,))
    assert (dict(found.flags), len(found.cells)) == ({4: "partial"}, 3)
