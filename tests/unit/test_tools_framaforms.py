"""Framaforms' exports, made by hand as Webform 7 writes them: what a block is, and what is no respondent."""

import pytest

from impact import normalise
from impact.errors import ImpactError
from tests.unit._exports import study
from tests.unit._loaders import delimited, read, read_text, rows_of, save

OWN = (
    "Séquentiel", "SID", "Heure de soumission", "Heure de complétion", "Heure de modification", "Brouillon",
    "Adresse IP", "UID", "Nom d'utilisateur",
)  # fmt: skip
ENGLISH = (
    "Serial", "SID", "Submitted Time", "Completed Time", "Modified Time", "Draft", "IP Address", "UID", "Username",
)  # fmt: skip
KEYS = (
    "webform_serial", "webform_sid", "webform_time", "webform_completed_time", "webform_modified_time",
    "webform_draft", "webform_ip_address", "webform_uid", "webform_username",
)  # fmt: skip
DETAILS = {OWN: "Détails de la soumission", ENGLISH: "Submission Details", KEYS: "submission_details"}
METADATA = ["metadata"] * 6 + ["personal"] * 3


def sheet(parts, own=OWN, drafts=(), **overrides):
    """The lines of an export; `parts` are (second line, third line, one cell a respondent)."""
    count = len(parts[0][2]) if parts else 0
    sent = "13/07/2021 - 10:34"
    table = [["Le titre", *[""] * (len(own) + len(parts) - 1)]]
    table.append([DETAILS[own], *[""] * (len(own) - 1), *(above for above, _, _ in parts)])
    table.append([*own, *(heading for _, heading, _ in parts)])
    for row in range(count):
        draft = "1" if row in drafts else "0"
        known = [str(row + 1), str(900 + row), sent, sent, sent, draft, "0.0.0.0", "0", "Anonyme"]
        table.append([*known, *(cells[row] for _, _, cells in parts)])
    return table


def export(folder, parts, separator="\t", **how):
    return read_text(folder, delimited(sheet(parts, **how), separator, "\n"))


def blocks(found):
    """Each block with the letters of its columns, as a person would point at them."""
    named = {}
    for column in found.columns:
        if column.block:
            named.setdefault(column.block, []).append(column.item)
    return named


def ticks(*cells):
    return ["X" if cell == "x" else cell for cell in cells]


AGE = ("", "Quel âge as-tu ?", ["15", "17", ""])
HELP = [
    ("Quelles aides ?", "Soutien scolaire", ticks("x", "", "x")),
    ("", "Psychologue", ticks("", "", "")),
    ("", "Aucune", ticks("", "x", "")),
]
GRID = [
    ("À quelle fréquence ?", "Tu vois ton mentor", ["Jamais", "Souvent", "Parfois"]),
    ("", "Tu l'appelles", ["Souvent", "Souvent", ""]),
    ("", "Tu lui écris", ["Parfois", "Jamais", "Souvent"]),
]


@pytest.mark.parametrize("own", DETAILS)
@pytest.mark.parametrize("separator", ["\t", ",", ";", "|"])
def test_three_lines_are_headings_and_no_respondent(own, separator, tmp_path):
    found = export(tmp_path, [AGE, *HELP], separator, own=own)
    assert (found.tool, list(found.header), dict(found.left_out)) == ("framaforms", [1, 2, 3], {})
    assert [row[0] for row in found.header.values()] == ["Le titre", DETAILS[own], own[0]]
    assert list(found.cells.index) == [4, 5, 6]
    assert [column.role for column in found.columns] == METADATA + [""] * 4
    assert found.answered_on == 2
    assert set(found.signs) == {f"« {sign} »" for sign in (DETAILS[own], *own)}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le"])
def test_the_old_excel_is_a_text_under_the_name_of_a_workbook(encoding, tmp_path):
    table = sheet([AGE, *HELP])
    text = "\n".join("\t".join(f'"{cell}"' for cell in row) for row in table) + "\n"
    found = read(save(tmp_path, text.encode(encoding), "a.xls"))
    assert found.tool == "framaforms"
    assert rows_of(found) == rows_of(export(tmp_path, [AGE, *HELP]))


@pytest.mark.parametrize(
    "left_out",
    [(), (3, 4), (2, 3, 4, 5, 6, 7)],  # whoever exports chooses among the tool's own columns
)
def test_some_of_its_own_columns_may_be_left_out(left_out, tmp_path):
    table = [[cell for place, cell in enumerate(row) if place not in left_out] for row in sheet([AGE, *HELP])]
    found = read_text(tmp_path, delimited(table, "\t"))
    assert (found.tool, blocks(found)) == ("framaforms", blocks(export(tmp_path, [AGE, *HELP])))


@pytest.mark.parametrize("taken", [1, 2])
def test_lines_above_may_have_been_taken_away(taken, tmp_path):
    found = read_text(tmp_path, delimited(sheet([AGE, *HELP])[taken:], "\t"))
    assert (found.tool, list(found.header), len(found.cells)) == ("framaforms", [1, 2][: 3 - taken], 3)
    assert [column.role for column in found.columns] == METADATA + [""] * 4
    assert len(blocks(found)) == 2 - taken


def test_a_blank_line_above_is_no_title(tmp_path):
    found = read_text(tmp_path, "\n" + delimited(sheet([AGE, *HELP]), "\t", "\n"))
    assert (found.tool, list(found.header)) == ("framaforms", [2, 3, 4])


def test_a_table_that_only_looks_like_it_is_left_to_others(tmp_path):
    assert read_text(tmp_path, delimited([("Séquentiel", "SID", "UID"), ("1", "2", "0")])).tool == ""


ASKED = ("", "As-tu un mentor ?", ["Oui", "Non", "Oui"])
WHY = ("", "Veuillez préciser", ["un ami", "", ""])
NOTHING = ["", "", ""]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([AGE, *HELP], {"Quelles aides ?": ["Soutien scolaire", "Psychologue", "Aucune"]}),  # at the end
        ([*HELP, AGE], {"Quelles aides ?": ["Soutien scolaire", "Psychologue", "Aucune"]}),
        ([*HELP, ASKED], {"Quelles aides ?": ["Soutien scolaire", "Psychologue", "Aucune"]}),
        (
            [*HELP, *GRID],
            {"Quelles aides ?": ["Soutien scolaire", "Psychologue", "Aucune"]}
            | {"À quelle fréquence ?": ["Tu vois ton mentor", "Tu l'appelles", "Tu lui écris"]},
        ),
        ([*GRID, ASKED], {"À quelle fréquence ?": ["Tu vois ton mentor", "Tu l'appelles", "Tu lui écris"]}),
        (
            [GRID[0], ("", "Tu l'oublies", NOTHING), GRID[2], AGE],
            {"À quelle fréquence ?": ["Tu vois ton mentor", "Tu l'oublies", "Tu lui écris"]},
        ),
        (
            [("À quelle fréquence ?", "Tu l'oublies", NOTHING), GRID[1], GRID[2], AGE],
            {"À quelle fréquence ?": ["Tu l'oublies", "Tu l'appelles", "Tu lui écris"]},
        ),
        ([("Aides ?", "A", NOTHING), ("", "B", ticks("x", "", "")), ASKED], {"Aides ?": ["A", "B"]}),
        ([("Aides ?", "A", NOTHING), ("", "B", NOTHING), ASKED], {"Aides ?": ["A", "B"]}),
        ([*HELP, ("", "Parrain", NOTHING), AGE], {"Quelles aides ?": [*[h[1] for h in HELP], "Parrain"]}),
        # asked on their own though nobody answered them
        ([*HELP, ("", "Veuillez préciser :", NOTHING), AGE], {"Quelles aides ?": [h[1] for h in HELP]}),
        ([*HELP, ("", "Pourquoi ?", NOTHING), AGE], {"Quelles aides ?": [h[1] for h in HELP]}),
        ([*HELP, WHY, AGE], {"Quelles aides ?": [h[1] for h in HELP]}),
        # the last holds a free text, whatever it is called
        ([*HELP, ("", "Autre...", ["", "un oncle", ""]), ASKED], {"Quelles aides ?": [*[h[1] for h in HELP], "Autre"]}),
        ([*HELP, ("", "aides_other", ["", "", "x y"]), ASKED], {"Quelles aides ?": [*[h[1] for h in HELP], "Autre"]}),
        (
            [*HELP, ("", "Autre (précisez)", NOTHING), ("", "Pseudo", NOTHING), AGE],
            {"Quelles aides ?": [*[h[1] for h in HELP], "Autre"]},
        ),
        # nobody ticked some in the middle
        (
            [*HELP, ("", "Autre", NOTHING), ("", "Pourquoi pas ?", NOTHING), ("", "Parrain", ticks("x", "", "")), AGE],
            {"Quelles aides ?": [*[h[1] for h in HELP], "Autre", "Pourquoi pas ?", "Parrain"]},
        ),
        # an option like another, with its text apart
        ([*HELP, ("", "Autre", ticks("x", "", "")), WHY], {"Quelles aides ?": [*[h[1] for h in HELP], "Autre"]}),
        ([*HELP, ("", "Autres remarques sur tes aides", ["rien", "", ""])], {"Quelles aides ?": [h[1] for h in HELP]}),
        ([("CV", "Nom", ["a.pdf", "", ""]), ("", "Taille (Ko)", ["12", "", ""]), AGE], {"CV": ["Nom", "Taille (Ko)"]}),
    ],
)  # fmt: skip
def test_a_block_ends_where_its_columns_no_longer_hold_what_it_holds(parts, expected, tmp_path):
    found = export(tmp_path, parts)
    assert blocks(found) == expected
    told = [note for note in found.notes if "à vérifier" in note]
    assert len(told) == 1
    for block, items in expected.items():
        letters = [column.letter for column in found.columns if column.block == block]
        assert len(letters) == len(items)
        assert f"« {block} » : colonnes {letters[0]} à {letters[-1]}" in told[0]


def test_a_form_without_blocks_says_nothing_of_them(tmp_path):
    assert not [note for note in export(tmp_path, [AGE, ASKED]).notes if "à vérifier" in note]


def test_a_scale_of_twelve_answers_is_no_grid(tmp_path):
    many = [f"réponse {number}" for number in range(12)]
    found = export(tmp_path, [("Bloc", "a", many), ("", "b", many)])
    assert blocks(found) == {"Bloc": ["a"]}


def test_columns_are_named_by_their_question_and_by_their_own_heading(tmp_path):
    parts = [*HELP, WHY, ASKED, ("", "Pourquoi ?", ["a", "b", "c"]), AGE, ("", "Pourquoi ?", ["d", "e", "f"])]
    headings = [column.headings for column in export(tmp_path, parts).columns[len(OWN) :]]
    assert headings == [
        ("Quelles aides ? [Soutien scolaire]", "Soutien scolaire"),
        ("Quelles aides ? [Psychologue]", "Psychologue"),
        ("Quelles aides ? [Aucune]", "Aucune"),
        ("Quelles aides ? – Veuillez préciser", "Veuillez préciser"),
        ("As-tu un mentor ?",),
        ("As-tu un mentor ? – Pourquoi ?", "Pourquoi ?"),
        ("Quel âge as-tu ?",),
        ("Quel âge as-tu ? – Pourquoi ?", "Pourquoi ?"),
    ]


@pytest.mark.parametrize("yes", ["1", "Oui", "yes"])
def test_a_draft_is_flagged_and_kept(yes, tmp_path):
    table = sheet([AGE, *HELP], drafts=(1,))
    table[4][5] = yes
    found = read_text(tmp_path, delimited(table, "\t"))
    assert (dict(found.flags), len(found.cells)) == ({5: "partial"}, 3)


QUESTIONS = [
    {
        "id": "aides",
        "kind": "multiple",
        "text": "Quelles aides ?",
        "choices": [{"code": code, "label": code} for code in ("Soutien scolaire", "Psychologue", "Aucune", "Autre")],
    },
    {
        "id": "sport",
        "kind": "multiple",
        "text": "Quels sports ?",
        "other": True,
        "choices": [{"code": code, "label": code} for code in ("Foot", "Danse")],
    },
]
SPORT = [
    ("Quels sports ?", "Foot", ticks("x", "", "x")),
    ("", "Danse", NOTHING),
    ("", "Autre...", ["", "", "le tir à l'arc"]),
]


def test_the_free_text_of_other_is_a_tick(tmp_path):
    """By a choice of that name, and where the question only says that it has another."""
    parts = [*HELP, ("", "Autre", ["un oncle", "", ""]), *SPORT, AGE]
    said = normalise((export(tmp_path, parts),), study(QUESTIONS))
    ticked = {name: said.answers[name].tolist() for name in said.answers}
    assert ticked["aides/Autre"] == [1, 0, 0]
    assert ticked["aides/Psychologue"] == [0, 0, 0]
    assert ticked["sport/other"][2] == 1
    assert ticked["sport/other"][0] == 0
    assert said.reasons["sport"].tolist() == ["", "no_answer", ""]
    assert not len(said.problems)


@pytest.mark.parametrize("answered", [False, True])
def test_a_column_that_a_block_took_in_does_no_harm_unless_it_holds_something(answered, tmp_path):
    parts = [*HELP, ("", "Ton pseudo", ticks("x", "", "") if answered else NOTHING), AGE]
    found = export(tmp_path, parts)
    assert blocks(found)["Quelles aides ?"][-1] == "Ton pseudo"
    if answered:
        with pytest.raises(ImpactError, match=r"M .*Ton pseudo"):
            normalise((found,), study(QUESTIONS[:1]))
    else:
        said = normalise((found,), study(QUESTIONS[:1]))
        assert said.answers["aides/Aucune"].tolist() == [0, 1, 0]


@pytest.mark.parametrize(
    "joined", [("Soutien scolaire,Psychologue", "", "Aucune"), ("Soutien scolaire,Psychologue,", "", "Aucune,")]
)
def test_a_compact_choice_is_one_cell(joined, tmp_path):
    """Webform ends the cell with a comma where the form has a free text that was left blank."""
    said = normalise((export(tmp_path, [("", "Quelles aides ?", joined)]),), study(QUESTIONS[:1]))
    assert said.answers["aides/Psychologue"].tolist()[::2] == [1, 0]
    assert said.answers["aides/Aucune"].tolist()[::2] == [0, 1]
    assert said.reasons["aides"].tolist() == ["", "no_answer", ""]
    assert not len(said.problems)


def test_the_study_may_name_another_row_of_headings(tmp_path):
    found = read_text(tmp_path, delimited(sheet([AGE, *HELP]), "\t"), header_row=3)
    assert list(found.header) == [3]
    assert [column.heading for column in found.columns] == [*OWN, AGE[1], *(part[1] for part in HELP)]
