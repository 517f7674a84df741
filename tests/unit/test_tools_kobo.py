"""KoboToolbox and ODK: headings that are paths, boxes beside the cell that sums them up, what is no answer."""

import pytest

from impact import texts
from impact.normalise import normalise
from tests.unit._exports import YES_NO, study
from tests.unit._loaders import delimited, read, read_text, save

ADDED = ("_id", "_uuid", "_submission_time", "_validation_status", "__version__", "_index")
HELP = {
    "id": "aide",
    "kind": "multiple",
    "text": "Qui t’aide ?",
    "choices": [
        {"code": "mentor", "label": "Mon mentor"},
        {"code": "ami", "label": "Un ami"},
        {"code": "ami_loin", "label": "Un ami qui vit loin"},
    ],
    "none_ticked": "answered",
}
SURE = {"id": "sur", "kind": "single", "text": "Sûr ?", "choices": YES_NO}


def kobo(folder, headings, *rows, added=ADDED, versions=None):
    """A Kobo export of these questions."""
    tail = [["1", "u", "2022-06-01T10:00:00", "", version, "1"] for version in versions or ["v1"] * len(rows)]
    lines = [[*headings, *added], *([*row, *more] for row, more in zip(rows, tail, strict=True))]
    return read_text(folder, delimited(lines))


def said(found, *questions):
    """The answers and reasons of each respondent to the last of these questions."""
    responses = normalise([found], study(list(questions)))
    question = questions[-1]
    names = [name for name in responses.answers if name.partition("/")[0] == question["id"]]
    names = [name for name in names if question.get("other") or not name.endswith("/other")]
    answers = responses.answers[names].astype(object).where(responses.answers[names].notna(), None)
    return [*answers.itertuples(index=False, name=None)], responses.reasons[question["id"]].tolist()


BOTH = ["aide", "aide/mentor", "aide/ami", "aide/ami_loin"]
ANSWERS = (["mentor ami", "1", "1", "0"], ["", "0", "0", "0"], ["", "", "", ""])
TICKED = ([(1, 1, 0), (0, 0, 0), (None, None, None)], ["", "", "no_answer"])


def test_whole_block_blank_is_no_answer_and_noughts_are_one(tmp_path):
    found = kobo(tmp_path, BOTH, *ANSWERS)
    assert (found.tool, found.answered_on) == ("kobo", 6)
    assert said(found, HELP) == TICKED
    assert normalise([found], study([HELP])).problems.empty


@pytest.mark.parametrize("sign", ["/", ".", ">", " > "])
@pytest.mark.parametrize("parts", [slice(None), slice(1, None)])
def test_groups_stand_before_a_question_behind_any_sign(tmp_path, sign, parts):
    headings = [sign.join(("groupe", "sous", *name.split("/"))) for name in BOTH][parts]
    found = kobo(tmp_path, [*headings, f"groupe{sign}sur"], *([*row[parts], "oui"] for row in ANSWERS))
    assert said(found, HELP) == TICKED
    assert said(found, SURE) == ([("oui",)] * 3, [""] * 3)


def test_labels_joined_by_spaces_are_cut_the_one_way_that_all_words_are_options(tmp_path):
    cells = ["Mon mentor Un ami", "Un ami qui vit loin", "Un ami qui vit loin Mon mentor", "Un ami loin"]
    found = kobo(tmp_path, ["Qui t’aide ?"], *([cell] for cell in cells))
    responses = normalise([found], study([HELP]))
    names = [f"aide/{code}" for code in ("mentor", "ami", "ami_loin")]
    assert responses.answers[names].to_numpy().tolist() == [[1, 1, 0], [0, 0, 1], [1, 0, 1], [0, 0, 0]]
    assert responses.problems[["row", "problem"]].to_numpy().tolist() == [[5, "not_a_choice"]]


def test_a_summary_of_labels_and_its_boxes_say_the_same(tmp_path):
    headings = [
        "Qui t’aide ?", "Qui t’aide ?/Mon mentor", "Qui t’aide ?/Un ami", "Qui t’aide ?/Un ami qui vit loin",
    ]  # fmt: skip
    rows = (["Un ami Mon mentor", "1", "1", "0"], ["Un ami qui vit loin", "0", "1", "0"])
    responses = normalise([kobo(tmp_path, headings, *rows)], study([HELP]))
    assert responses.answers["aide/ami"].tolist() == [1, 1]
    assert responses.problems[["row", "problem", "done"]].to_numpy().tolist() == [[3, "summary_differs", "boxes_kept"]]


def test_boxes_named_by_hand_with_an_underscore(tmp_path):
    headings = [name.replace("/", "_") for name in BOTH]
    found = kobo(tmp_path, [*headings, "aide_depuis"], *([*row, "2"] for row in ANSWERS))
    assert [column.item for column in found.columns if column.block] == ["mentor", "ami", "ami_loin"]
    assert said(found, HELP) == TICKED


def test_a_column_that_only_begins_alike_is_no_box(tmp_path):
    found = kobo(tmp_path, ["aide", "aide_mentor", "aide_autre"], ["oui", "1", "0"], ["non", "0", "1"])
    assert not [column for column in found.columns if column.block or column.layout]


def test_a_group_of_single_choices_is_no_block(tmp_path):
    headings = ["avis/ecole", "avis/famille", "avis/sur"]
    found = kobo(tmp_path, headings, ["1", "2", "oui"], ["2", "", "non"])
    assert not [column for column in found.columns if column.block]
    assert said(found, SURE) == ([("oui",), ("non",)], ["", ""])


def test_two_questions_of_one_wording_are_told_apart_by_their_number(tmp_path):
    headings = ["Q", "Q/oui", "Q/non", "Q", "Q/oui", "Q/non"]
    found = kobo(tmp_path, headings, ["oui", "1", "0", "non", "0", "1"])
    assert [column.block for column in found.columns[:6]] == ["", "Q (1)", "Q (1)", "", "Q (2)", "Q (2)"]
    for place, expected in ((1, (1, 0)), (2, (0, 1))):
        question = {"id": "q", "kind": "multiple", "text": f"Q ({place})", "choices": YES_NO}
        assert said(found, question) == ([expected], [""])


def test_boxes_alone_of_two_questions_of_one_wording_are_told_apart(tmp_path):
    found = kobo(tmp_path, ["Q/oui", "Q/non", "Q/oui", "Q/non"], ["1", "0", "0", "1"])
    assert [column.block for column in found.columns[:4]] == ["Q (1)", "Q (1)", "Q (2)", "Q (2)"]


def test_a_group_of_noughts_and_ones_may_be_questions(tmp_path):
    choices = [{"code": "1", "label": "D’accord"}, {"code": "0", "label": "Pas d’accord"}]
    found = kobo(tmp_path, ["avis/ecole", "avis/sur"], ["1", "0"], ["0", "1"])
    assert said(found, SURE | {"choices": choices}) == ([("0",), ("1",)], ["", ""])


def test_a_slash_in_a_label_does_not_hide_the_sign_that_was_chosen(tmp_path):
    headings = [name.replace("/", " > ") for name in BOTH]
    found = kobo(tmp_path, ["Père/mère ?", *(f"G > {name}" for name in headings)], *(["", *row] for row in ANSWERS))
    assert said(found, HELP) == TICKED


def test_another_answer_has_its_box_and_its_text_apart(tmp_path):
    found = kobo(
        tmp_path, ["aide", "aide/mentor", "aide/ami", "aide/ami_loin", "aide/other", "aide_other"],
        ["other", "0", "0", "0", "1", "Ma tante"], ["mentor", "1", "0", "0", "0", ""],
    )  # fmt: skip
    assert said(found, HELP | {"other": True}) == ([(0, 0, 0, 1), (1, 0, 0, 0)], ["", ""])


def test_what_r_makes_of_headings_is_undone(tmp_path):
    headings = ["X.U.FEFF.start", "groupe.aide", "groupe.aide.mentor", "groupe.aide.ami", "groupe.aide.ami_loin"]
    ticks = {"1": "TRUE", "0": "FALSE"}
    rows = [["2022-06-01", row[0], *(ticks.get(one, "") for one in row[1:])] for row in ANSWERS]
    found = kobo(tmp_path, headings, *rows, added=["X_id", "X_uuid", "X_submission_time", "X_validation_status",
                                                   "X__version__", "X_index"])  # fmt: skip
    assert (found.tool, found.columns[0].role, found.answered_on) == ("kobo", "personal", 7)
    assert said(found, HELP) == TICKED


def test_a_row_of_tags_is_no_respondent(tmp_path):
    rows = [["#q+aide", "#q", "#q+x", "", "", ""], ["mentor", "1", "0", "0", "oui", "x"]]
    found = read_text(tmp_path, delimited([[*BOTH[:3], *ADDED[:4]], *([*row[:3], *row[2:6]] for row in rows)]))
    assert (dict(found.left_out), len(found.cells)) == ({2: "hxl"}, 1)


TAGGED = [["aide", *ADDED], ["#q+aide", *[""] * 6], ["mentor", "1", "u", "2022-06-01T10:00:00", "", "v1", "1"]]


def test_tags_are_left_out_with_their_reason_and_their_row(tmp_path):
    found = read_text(tmp_path, delimited(TAGGED))
    assert (dict(found.left_out), found.cells.index.tolist()) == ({2: "hxl"}, [3])
    assert texts.load()("note.left_out_hxl", row=2) in found.notes
    flow = normalise([found], study([HELP])).flow
    assert flow[["stage", "reason", "count"]].to_numpy().tolist()[:2] == [["received", "", 2], ["dropped", "hxl", 1]]


def test_a_number_sign_alone_in_an_answer_is_no_tag(tmp_path):
    found = kobo(tmp_path, ["pourquoi", "aide"], ["# rien", "mentor"], ["#1", ""])
    assert not found.left_out


def test_notes_never_hold_an_answer_and_places_and_files_are_personal(tmp_path):
    headings = ["lieu", "_lieu_latitude", "_lieu_longitude", "photo", "photo_URL", "Merci !", "aide_other", "aide"]
    found = kobo(tmp_path, headings, ["12.3 -4.5", "12.3", "-4.5", "a.jpg", "https://x/a.jpg", "", "", "mentor"])
    assert [column.role for column in found.columns[:8]] == [*["personal"] * 5, "note", "", ""]


def test_versions_that_lack_a_question_are_said(tmp_path):
    rows = (["", "oui"], ["mentor", "non"], ["ami", ""])
    found = kobo(tmp_path, ["aide", "sur"], *rows, versions=["v1", "v2", "v2"])
    assert texts.load()("note.kobo_versions", count=2, columns="A") in found.notes


def test_answers_that_a_review_refused_are_kept_and_said(tmp_path):
    lines = [["aide", *ADDED], ["mentor", "1", "u", "2022-06-01T10:00:00", "Not approved", "v1", "1"]]
    found = read_text(tmp_path, delimited(lines))
    assert len(found.cells) == 1
    assert texts.load()("note.review_refused", count=1) in found.notes


def test_the_legacy_export_writes_its_blanks(tmp_path):
    found = kobo(tmp_path, ["sur"], ["n/a"], ["oui"])
    assert said(found, SURE) == ([(None,), ("oui",)], ["no_answer", ""])


def test_a_plain_table_is_not_kobos(tmp_path):
    path = save(tmp_path, delimited([["_id", "_uuid", "aide", "groupe/sur"], ["1", "2", "mentor", "oui"]]))
    assert read(path).tool == ""


ODK_MARKS = ("SubmissionDate", "SubmitterID", "SubmitterName", "KEY")


def odk(folder, headings, *rows):
    lines = [[*headings, *ODK_MARKS], *([*row, "2022-06-01T10:00:00Z", "5", "Alice", "uuid:1"] for row in rows)]
    return read_text(folder, delimited(lines, ",", "\n"))


def test_odk_joins_groups_by_hyphens_and_options_by_slashes(tmp_path):
    found = odk(tmp_path, ["g1-g2-aide", *(f"g1-g2-{name}" for name in BOTH[1:]), "g1-sur"],
                ["mentor ami", "1", "1", "0", "oui"], ["", "0", "0", "0", ""])  # fmt: skip
    assert (found.tool, found.answered_on) == ("odk", 5)
    missing = HELP | {"none_ticked": "missing"}
    assert said(found, missing) == ([(1, 1, 0), (None, None, None)], ["", "no_answer"])
    assert said(found, SURE) == ([("oui",), (None,)], ["", "no_answer"])
    assert texts.load()("note.odk_split", questions="g1-g2-aide") in found.notes


def test_odk_without_split_joins_options_by_spaces(tmp_path):
    found = odk(tmp_path, ["g1-aide"], ["mentor ami"], [""])
    assert said(found, HELP | {"none_ticked": "missing"}) == ([(1, 1, 0), (None, None, None)], ["", "no_answer"])
    assert not [note for note in found.notes if "ODK" in note]


def test_a_file_of_repeats_says_that_it_is_one(tmp_path):
    lines = [["prenom", "PARENT_KEY", "KEY"], ["A", "uuid:1", "uuid:1/enfants[1]"]]
    found = read_text(tmp_path, delimited(lines, ",", "\n"))
    assert (found.tool, texts.load()("note.repeats_read") in found.notes) == ("odk", True)


def test_who_sent_an_odk_form_is_personal(tmp_path):
    found = odk(tmp_path, ["meta-instanceName", "gps-Latitude", "aide"], ["Alice B.", "12.3", "mentor"])
    roles = {column.heading: column.role for column in found.columns}
    assert [roles[name] for name in ("meta-instanceName", "gps-Latitude", "SubmitterName")] == ["personal"] * 3
    assert (roles["KEY"], roles["aide"]) == ("metadata", "")
