"""The fifteen checks of a loader, each a known failure of others: one test at least for each, named for it.

Those that a test elsewhere already holds whole are not done again:

- 5, boxes and the cell that sums them up: also test_normalise_blocks, for the answers that are kept.
- 8, valid answers are those of the file less its declared missing ones: test_containers_spss and
  test_containers_stata, `test_real_files_keep_their_declared_missing_codes` and `…_tagged_missing_values`, in every
  real file; what is labelled and not declared is below.
- 13, one table whatever the encoding, the separator and the container: test_loaders_delimited,
  `test_same_answers_in_every_encoding_and_separator`, and test_loaders_workbook, `test_same_cells_as_a_text_file`;
  with a real table below.
- 15, tables of results: test_loaders_hand, `test_real_tables_of_results_are_refused`, sheet by sheet; and below.

Of 7, repeated groups are set aside and not joined: nothing is counted on them.
"""

import csv
from collections import Counter

import pandas as pd
import pyreadstat
import pytest

from impact import drafting, load, normalise, read_study, texts
from impact.check import examine
from impact.check.page import page
from impact.report.check_page import html
from tests.real import recount
from tests.real.test_every_file import EXPORTS, FILES
from tests.unit._exports import study
from tests.unit._loaders import delimited, read, read_text, refused, rows_of
from tests.unit.test_loaders_workbook import workbook
from tests.unit.test_tools_framaforms import sheet

SEVERAL_ROWS = [name for name, shape in recount.TEXTS.items() if len(shape.header) + len(shape.nobodys) > 1]
SHORTEST = 6  # characters from which on a personal cell is looked for in what is shown


def drafted(path, folder):
    """The study that init writes for a file, read back: study, exports, responses."""
    drafting.write(drafting.draft([path], folder / "study"))
    made = read_study(folder / "study")
    exports = load(made)
    return made, exports, normalise(exports, made)


def shown(path, folder):
    """All that a person sees of a file: the two pages of init, its terminal's points, and the page of the check."""
    made, exports, responses = drafted(path, folder)
    written = "\n".join(file.read_text(encoding="utf-8") for file in sorted((folder / "study").glob("*.toml")))
    check, words = examine(exports, responses, made), texts.load()
    return written + html(page(check, made, words), words)


# --- 1, 2: who is a respondent ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", recount.TEXTS)
def test_1_respondents_are_the_lines_less_those_left_out_and_each_is_listed(name, shared):
    shape, export = recount.TEXTS[name], read(shared / name)
    with (shared / name).open(encoding=shape.encoding, newline="") as file:
        lines = sum(1 for _ in csv.reader(file, delimiter=shape.separator))
    assert lines == len(export.header) + len(export.left_out) + len(export.cells)
    assert not set(export.left_out) & (set(export.header) | set(export.cells.index))


def test_1_totals_and_rows_of_trials_are_no_respondents(tmp_path, shared):
    export = read_text(tmp_path, delimited([("Nom", "Âge"), ("Zoé", "17"), ("", ""), ("Ali", "16"), ("Total", "33")]))
    assert (list(export.cells.index), dict(export.left_out)) == ([2, 4], {3: "blank_row", 5: "total"})
    trials = read(shared / "google_ahp/survey_sheets_export.csv")
    assert set(trials.flags.values()) == {"test"}
    dropped = {
        "file": trials.source,
        "group": "mentored",
        "drop_rows": [{"rows": list(trials.flags), "reason": "test"}],
    }
    asked = {"id": "q", "kind": "text", "text": trials.columns[1].heading}
    flow = normalise([trials], study([asked], source=[dropped])).flow
    assert flow[["stage", "reason", "count"]].to_numpy().tolist() == [
        ["received", "", 17], ["dropped", "test", 2], ["kept", "", 15],
    ]  # fmt: skip


@pytest.mark.parametrize("name", SEVERAL_ROWS)
def test_2_no_respondent_is_made_of_headings(name, shared):
    shape, export = recount.TEXTS[name], read(shared / name)
    with (shared / name).open(encoding=shape.encoding, newline="") as file:
        first = [
            tuple(record) for _, record in zip(range(4), csv.reader(file, delimiter=shape.separator), strict=False)
        ]
    headings = [first[place - 1] for place in (*shape.header, *shape.nobodys)]
    assert not set(headings) & set(export.cells.astype(object).itertuples(index=False, name=None))


def test_2_three_lines_of_framaforms_are_headings(tmp_path):
    parts = [("Quelles aides ?", "Un prêt", ["X", ""]), ("", "Un stage", ["", "X"]), ("", "Quel âge ?", ["17", "16"])]
    export = read_text(tmp_path, delimited(sheet(parts), "\t", "\n"))
    assert (list(export.header), list(export.cells.index)) == ([1, 2, 3], [4, 5])


# --- 3, 4, 5, 6: what an answer is -----------------------------------------------------------------------------------


@pytest.mark.parametrize("container", ["text", "workbook"])
def test_3_words_that_others_take_for_nothing_survive(container, tmp_path):
    table = [
        ("id", "mot"),
        *((str(row), word) for row, word in enumerate(("N/A", "NA", "None", "null", "nan", "Aucun"))),
    ]
    made = (
        read_text(tmp_path, delimited(table))
        if container == "text"
        else read(workbook(tmp_path / "a.xlsx", {"S": table}))
    )
    assert rows_of(made) == list(table)


def test_4_a_multiple_choice_may_sum_above_its_base_and_the_base_is_who_was_asked(shared, tmp_path):
    name = "limesurvey_patrimoine/results-survey4914.xlsx"
    _, _, responses = drafted(shared / name, tmp_path)
    mapping = responses.mapping.set_index("column")["question"]
    boxes = responses.answers.filter(regex=f"^{mapping['D']}/")
    cells = [row[3:7] for row in recount.counted(shared / name, name).cells]
    hidden = [set(row) == {"N/A"} for row in cells]
    left = [set(row) <= {"Non", "", "N/A"} and not away for row, away in zip(cells, hidden, strict=True)]
    assert int(boxes.to_numpy().ravel()[~pd.isna(boxes.to_numpy().ravel())].sum()) > len(boxes.dropna())
    assert responses.reasons[mapping["D"]].value_counts().to_dict() == {
        "": len(cells) - sum(hidden) - sum(left), "not_asked": sum(hidden), "no_answer": sum(left),
    }  # fmt: skip


def test_4_boxes_of_odk_cannot_tell_and_it_is_said(shared):
    notes = read(shared / "odk_central/selectMultiple.csv").notes
    assert any("q1, g1-q2" in note and "ODK y met 0 aussi" in note for note in notes)


def test_5_slots_are_read_by_their_label(shared, tmp_path):
    _, _, responses = drafted(shared / recount.SPHINX, tmp_path)
    cells = recount.counted(shared / recount.SPHINX, recount.SPHINX).cells
    for letters in ("E:J", "L:R"):
        first, last = map(recount.place_of, letters.split(":"))
        chosen = Counter(cell for row in cells for cell in row[first : last + 1] if cell)
        question = responses.mapping.set_index("column").loc[letters[0], "question"]
        ticked = responses.answers.filter(regex=f"^{question}/").sum()
        assert sorted(chosen.values()) == sorted(int(count) for count in ticked if count)
        in_order = [sum(bool(row[place]) for row in cells) for place in range(first, last + 1)]
        assert sorted(filter(None, in_order)) != sorted(chosen.values())  # what the slots alone would have said


@pytest.mark.parametrize("changed", [0, 7])
def test_5_boxes_and_the_cell_that_sums_them_up_are_compared_row_by_row(changed, shared, tmp_path):
    """The same export with `changed` boxes turned over: as many rows are told, and none in the export as it was."""
    name = "kobo_dori/dori_xml_values.csv"
    with (shared / name).open(encoding="utf-8", newline="") as file:
        table = list(csv.reader(file, delimiter=";"))
    box = recount.place_of("AN")
    for row in table[1 : changed + 1]:
        row[box] = str(1 - int(row[box]))
    path = tmp_path / "turned.csv"
    path.write_text(delimited(table), encoding="utf-8")
    problems = drafted(path, tmp_path)[2].problems
    told = problems[problems["problem"] == "summary_differs"]
    assert told["row"].tolist() == list(range(2, changed + 2))


def test_6_options_that_hold_commas_are_not_cut(tmp_path):
    choices = [
        {"code": "a", "label": "Un prêt, un don"},
        {"code": "b", "label": "Un stage"},
        {"code": "c", "label": "Un don"},
    ]
    asked = {"id": "q", "kind": "multiple", "text": "Quelles aides ?", "choices": choices}
    cells = ["Un prêt, un don", "Un prêt, un don, Un stage", "Un stage, Un don"]
    made = read_text(tmp_path, delimited([("n", "Quelles aides ?"), *((str(n), cell) for n, cell in enumerate(cells))]))
    responses = normalise([made], study([asked]))
    ticked = responses.answers[["q/a", "q/b", "q/c"]]
    assert ticked.to_numpy().tolist() == [[1, 0, 0], [1, 1, 0], [0, 1, 1]]
    assert responses.problems.empty


# --- 7: repeats ------------------------------------------------------------------------------------------------------


def test_7_repeats_are_never_counted_as_people(shared):
    path = shared / "kobo_formpack/grouped_repeatable.xlsx"
    people = pd.read_excel(path, sheet_name=0, dtype=str, engine="calamine")
    repeats = pd.read_excel(path, sheet_name=1, dtype=str, engine="calamine")
    export = read(path)
    assert export.cells.shape[0] == people["_uuid"].nunique() == 6 < len(repeats) == 13
    assert set(repeats["_submission__uuid"]) <= set(people["_uuid"])
    assert any("houshold_member_repeat" in note and "plusieurs lignes" in note for note in export.notes)


# --- 8, 9, 10: codes, days, numbers ----------------------------------------------------------------------------------


def test_8_codes_labelled_as_no_answer_and_not_declared_are_listed(shared):
    path = shared / "questionr_fecondite/femmes.sav"
    raw, about = pyreadstat.read_sav(path, user_missing=True)
    (listed,) = [note for note in read(path).notes if "pas manquants" in note]
    for code in (96, 99):
        label, count = about.variable_value_labels["nb_enf_ideal"][code], int((raw["nb_enf_ideal"] == code).sum())
        assert f"nb_enf_ideal {code} « {label} » ({count})" in listed
    assert "travail" not in listed  # its 9 is declared missing by the file


@pytest.mark.parametrize(
    ("cells", "days"),
    [
        (["03/04/2022", "25/04/2022", "05/06/2022"], ["2022-04-03", "2022-04-25", "2022-06-05"]),
        (["03/04/2022", "04/25/2022", "06/05/2022"], ["2022-03-04", "2022-04-25", "2022-06-05"]),
    ],
)
def test_9_days_and_months_are_told_apart_over_the_whole_column(cells, days, tmp_path):
    made = read_text(tmp_path, delimited([("n", "Quand ?"), *((str(n), cell) for n, cell in enumerate(cells))]))
    answers = normalise([made], study([{"id": "q", "kind": "date", "text": "Quand ?"}])).answers["q"]
    assert answers.dt.strftime("%Y-%m-%d").tolist() == days


def test_9_no_date_is_empty_without_a_word(tmp_path):
    cells = ["03/04/2022", "25/04/2022", "04/25/2022", "bientôt", "31/02/2022", ""]
    made = read_text(tmp_path, delimited([("n", "Quand ?"), *((str(n), cell) for n, cell in enumerate(cells))]))
    responses = normalise([made], study([{"id": "q", "kind": "date", "text": "Quand ?"}]))
    empty = responses.answers["q"].isna()
    assert set(responses.problems["row"]) == {
        row for row, gone in zip(made.cells.index, empty, strict=True) if gone
    } - {7}
    assert responses.reasons["q"].tolist()[-1] == "no_answer"


def test_10_decimal_commas_are_numbers_and_nothing_else_is_made_one(tmp_path):
    table = [
        ("Moyenne ?", "Département", "Code"),
        ("12,5", "01", "1234567890123456"),
        ("1 250,75", "2A", "0000000000000012"),
    ]
    made = read_text(tmp_path, delimited(table))
    assert rows_of(made) == list(table)
    answers = normalise([made], study([{"id": "q", "kind": "number", "text": "Moyenne ?"}])).answers["q"]
    assert answers.tolist() == [12.5, 1250.75]
    assert rows_of(read(workbook(tmp_path / "a.xlsx", {"S": table}))) == list(table)


# --- 11, 12: who stopped, and who they are ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", [name for name, row in FILES.items() if "partial" in row["flags"] and row["drafted"] != "none"]
)
def test_11_those_who_stopped_are_counted_apart(name, shared, tmp_path):
    made, exports, responses = drafted(shared / name, tmp_path)
    stopped = recount.flagged(shared / name, name)["partial"]
    partial = (responses.reasons == "partial").any(axis=1)
    assert set(responses.people.loc[partial, "row"]) == set(stopped)
    found = [one.rows for one in examine(exports, responses, made).findings if one.kind == "partial"]
    assert found == [stopped]


@pytest.mark.parametrize(
    "name", [name for name in EXPORTS if FILES[name]["personal"] != "0" and FILES[name]["drafted"] != "none"]
)
def test_12_no_cell_of_a_personal_column_is_shown(name, shared, tmp_path):
    export = read(shared / name)
    personal = [column.position for column in export.columns if column.role == "personal"]
    others = "\n".join(text for place in export.cells if place not in personal for text in export.cells[place].unique())
    cells = {text.strip() for place in personal for text in export.cells[place].unique()}
    hidden = [text for text in cells if len(text) >= SHORTEST and text not in others]
    whole_beside = name.startswith("survey_api/")  # the same names stand uncut in another column
    assert hidden or whole_beside or max(map(len, cells)) < SHORTEST, "nothing is looked for"
    seen = shown(shared / name, tmp_path)
    assert [text for text in hidden if text in seen] == []


# --- 13, 14, 15: whatever the file -----------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "xlsx"])
def test_13_the_same_table_in_every_dress(encoding, separator, shared, tmp_path):
    name = "typeform_opportunite/res_YvBfAdHB_old.csv"
    table = rows_of(read(shared / name))
    if separator == "xlsx":
        assert rows_of(read(workbook(tmp_path / "a.xlsx", {"S": table}))) == table
    else:
        assert rows_of(read_text(tmp_path, delimited(table, separator).encode(encoding))) == table


def test_14_a_table_without_a_tool_s_mark_says_so_and_names_its_row_of_headings(shared, tmp_path):
    path = shared / "questionr_hdv2003/hdv2003.csv"
    export = read(path)
    assert (export.tool, export.signs, list(export.header), len(export.cells)) == ("", (), [1], 2000)
    seen = shown(path, tmp_path)
    assert "tableau sans marque d’outil" in seen
    assert "intitulés à la ligne 1" in seen
    assert list(read(path, header_row=3).header) == [3]  # and the study may name another


def test_15_a_table_of_results_is_refused_with_its_reason(shared):
    (path,) = (shared / "hand_drees").glob("*.xlsx")
    fault = refused(path)
    assert fault.key == "loader_aggregated"
    assert "pas les réponses de chacun" in str(fault)
