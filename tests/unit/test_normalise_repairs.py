"""Repairs are lines of the study file, never done in silence, and counted; blanks keep the reason that is known."""

from dataclasses import replace

import pytest

from impact.errors import ImpactError
from impact.normalise import normalise
from tests.unit._exports import YES_NO, export, study
from tests.unit._loaders import read_text

QUESTIONS = [
    {"id": name, "kind": "single", "text": name.upper(), "choices": YES_NO}
    for name in ("un", "deux", "trois", "quatre", "cinq")
]
HEADINGS = [question["text"] for question in QUESTIONS]
YES, NO = ["Oui"] * 5, ["Non"] * 5


def read(found, questions=QUESTIONS, about=(), **source):
    tables = {"source": [{"file": "a.csv", "group": "mentored", **source}], "study": dict(about)}
    return normalise([found], study(questions, **tables))


def counted(responses, stage):
    lines = responses.flow[responses.flow["stage"] == stage]
    return dict(zip(lines["reason"], lines["count"], strict=True))


def conserved(responses):
    counts = responses.flow[responses.flow["stage"] != "repaired"].groupby("stage")["count"].sum()
    return counts["received"] == counts["kept"] + counts.get("dropped", 0)


@pytest.mark.parametrize(("rule", "rows"), [("", [2, 3, 4]), ("all", [2, 3, 4]), ("first", [2, 3]), ("last", [3, 4])])
def test_the_rows_of_one_respondent_are_kept_as_the_study_says(rule, rows):
    found = export(HEADINGS, [YES, NO, YES])
    responses = read(found, keep_duplicate=rule)
    assert responses.people["row"].tolist() == rows
    assert counted(responses, "dropped") == ({"duplicate": 1} if len(rows) == 2 else {})
    assert conserved(responses)


def test_an_identifier_decides_who_is_who_where_the_study_names_one():
    found = export([*HEADINGS, "N°"], [[*YES, "a"], [*YES, "b"], [*NO, "b"], [*NO, ""], [*NO, ""]])
    about = {"identifier": "N°"}
    assert read(found, about=about, keep_duplicate="last").people["row"].tolist() == [2, 4, 5, 6]
    assert read(found, about=about).problems["problem"].tolist() == ["identifier_twice"] * 2
    assert read(found, about=about, keep_duplicate="all").problems.empty


def test_short_forms_and_the_tools_own_columns_make_nobody_a_double():
    alike = export(HEADINGS, [["Oui", "Oui", "", "", ""]] * 2)
    assert len(read(alike, keep_duplicate="first").people) == 2
    dated = export([*HEADINGS, "Horodateur"], [[*YES, "10:00"], [*YES, "10:05"]])
    columns = (*dated.columns[:5], replace(dated.columns[5], role="metadata"))
    assert len(read(replace(dated, columns=columns), keep_duplicate="first").people) == 1
    assert len(read(dated, keep_duplicate="first").people) == 2


def test_columns_never_both_filled_are_merged_and_the_answers_moved_are_counted():
    found = export(["UN", "UN", "UN bis"], [["Oui", "", ""], ["", "Non", ""], ["", "", "Oui"], ["Oui", "Non", ""]])
    responses = read(found, QUESTIONS[:1], merge={"un": ["UN", "UN bis"]})
    assert responses.answers["un"].tolist()[:3] == ["oui", "non", "oui"]
    assert responses.problems["problem"].tolist() == ["two_columns_filled"]
    assert counted(responses, "repaired") == {"merge": 3}


def test_what_was_renamed_and_recoded_is_counted():
    found = export(["Première", "DEUX"], [["ouais", "Oui"], ["Oui", "Non"], ["OUAIS ", "Non"]])
    source = {"rename": {"Première": "un"}, "recode": {"un": {"ouais": "oui"}, "deux": {"peut-être": "non"}}}
    responses = read(found, QUESTIONS[:2], **source)
    assert responses.answers["un"].tolist() == ["oui"] * 3
    assert counted(responses, "repaired") == {"rename": 1, "recode": 2}


@pytest.mark.parametrize(("key", "value"), [("rename", {"Absente": "un"}), ("merge", {"un": ["UN", "Absente"]})])
def test_a_repair_of_a_column_that_is_not_there_is_refused(key, value):
    with pytest.raises(ImpactError, match=f"« {key} » nomme la colonne « Absente »"):
        read(export(["UN"], [["Oui"]]), QUESTIONS[:1], **{key: value})


MISREAD = {
    "utf-8 read as cp1252": ("utf-8", "cp1252"),
    "utf-8 read as Mac Roman": ("utf-8", "mac_roman"),
    "cp1252 read as Mac Roman": ("cp1252", "mac_roman"),
    "Mac Roman read as cp1252": ("mac_roman", "cp1252"),
}


@pytest.mark.parametrize(("was", "read_as"), MISREAD.values(), ids=MISREAD)
def test_damaged_accents_are_mended_where_the_study_asks_and_counted(tmp_path, was, read_as):
    answers = ["Déjà aidé", "Un peu aidé", "Déjà aidé", "Jamais", "Île-de-France"]
    wrong = [text.encode(was).decode(read_as) if "é" in text else text for text in answers]
    text = "id;q\n" + "".join(f"{number};{answer}\n" for number, answer in enumerate(wrong))
    assert read_text(tmp_path, text).cells[1].tolist() == wrong
    found = read_text(tmp_path, text, repair_encoding=True)
    assert found.cells[1].tolist() == answers
    assert found.repaired == 3
    question = {"id": "q", "kind": "text", "text": "q"}
    assert counted(read(found, [question], repair_encoding=True), "repaired") == {"repair_encoding": 3}


def test_texts_that_are_right_are_left_alone(tmp_path):
    right = [
        "Île-de-France",
        "École",
        "À l’été",
        "ÉTÉ",
        "l‘œuvre",
        "naïve",
        "Noël",
        "McDonald",
        "SÃO",
        "«mot»",
        "100 €",
    ]
    text = "q;r\n" + "".join(f"{answer};1\n" for answer in right)
    found = read_text(tmp_path, text, repair_encoding=True)
    assert (found.cells[0].tolist(), found.repaired) == (right, 0)


def test_what_follows_the_last_answer_of_one_who_stopped_is_partial():
    found = export(HEADINGS, [["Oui", "", "Oui", "", ""], ["Oui", "", "Oui", "", ""], ["", "", "", "", ""]])
    responses = read(replace(found, flags={2: "partial", 4: "partial"}))
    assert responses.reasons.to_numpy().tolist() == [
        ["", "no_answer", "", "partial", "partial"],
        ["", "no_answer", "", "no_answer", "no_answer"],
        ["partial"] * 5,
    ]


@pytest.mark.parametrize(
    "days",
    [
        ("2024-02-28 10:00:00", "2024-03-01 09:00:00", "2024-03-02 11:00:00"),
        ("28/02/2024 10:00:00", "01/03/2024 09:00:00", "02/03/2024 11:00:00"),
        ("2024-02-28T10:00:00.000+00:00", "2024-03-01T09:00:00.000+00:00", "2024-03-02T11:00:00.000+00:00"),
        ("2024/02/28 10:00:00 AM UTC+1", "2024/03/01 9:00:00 AM UTC+1", "2024/03/02 11:00:00 AM UTC+1"),
        ("28/02/2024 - 10:00", "01/03/2024 - 09:00", "02/03/2024 - 11:00"),
    ],
)
def test_a_blank_older_than_its_question_did_not_exist_yet(days):
    found = export(["date", "UN"], [[days[0], ""], [days[1], ""], [days[2], "Oui"], ["", ""]])
    responses = read(replace(found, answered_on=0), QUESTIONS[:1], since={"un": "2024-03-01"})
    assert responses.reasons["un"].tolist() == ["not_yet", "no_answer", "", "no_answer"]


def test_since_needs_a_date_of_each_answer_and_a_day():
    found = export(["date", "UN"], [["2024-02-28", ""]])
    for dated, day, key in ((None, "2024-03-01", "normalise_since_undated"), (0, "mars", "normalise_since_no_day")):
        with pytest.raises(ImpactError) as fault:
            read(replace(found, answered_on=dated), QUESTIONS[:1], since={"un": day})
        assert fault.value.key == key


def test_a_source_of_which_nothing_is_kept_says_so():
    with pytest.raises(ImpactError, match="aucune ligne n’est gardée") as fault:
        read(export(["UN"], [["Oui"], ["Non"]]), QUESTIONS[:1], drop_rows=[{"rows": [2, 3], "reason": "test"}])
    assert fault.value.key == "normalise_all_dropped"


def test_a_problem_of_a_personal_column_never_shows_its_value():
    found = export(["UN"], [["Camille"]])
    told = read(found, QUESTIONS[:1]).problems["value"].tolist()
    columns = (replace(found.columns[0], role="personal"),)
    assert (told, read(replace(found, columns=columns), QUESTIONS[:1]).problems["value"].tolist()) == (
        ["Camille"],
        [""],
    )


@pytest.mark.parametrize("answers", [["Oui"], ["Oui", "Non"], ["Oui", "Non", "Oui", ""]])
def test_a_recode_is_counted_however_few_the_answers_are(answers):
    found = export(HEADINGS[:1], [[answer] for answer in answers])
    responses = read(found, questions=QUESTIONS[:1], recode={"un": {"OUI": "non"}})
    assert counted(responses, "repaired") == {"recode": answers.count("Oui")}


def test_a_group_that_the_study_drops_whole_is_not_counted_as_kept():
    found = export(["UN", "Groupe"], [["Oui", "A"], ["Non", "A"], ["Oui", "B"]])
    group = {"column": "Groupe", "mentored": ["A"], "non_mentored": ["B"]}
    responses = read(found, QUESTIONS[:1], group=group, drop_rows=[{"rows": [4], "reason": "test"}])
    kept = responses.flow[responses.flow["stage"] == "kept"]
    assert kept[["group", "count"]].to_numpy().tolist() == [["mentored", 2]]


def test_a_group_read_from_a_personal_column_is_not_listed():
    found = export(["UN", "Nom"], [["Oui", "Camille"], ["Non", "Sacha"]])
    columns = (found.columns[0], replace(found.columns[1], role="personal"))
    with pytest.raises(ImpactError) as fault:
        read(replace(found, columns=columns), QUESTIONS[:1], group={"column": "Nom", "mentored": ["A"]})
    assert fault.value.key == "normalise_group_unmet"
    assert not any(name in str(fault.value) for name in ("Camille", "Sacha"))


def test_rows_dropped_for_an_answer_that_nobody_gives_are_told():
    drop = [
        {"column": "UN", "is": ["Peut-être"], "reason": "essai"},
        {"column": "UN", "is": ["Non"], "reason": "essai"},
    ]
    responses = read(export(["UN"], [["Oui"], ["Non"]]), QUESTIONS[:1], drop_rows=drop)
    assert counted(responses, "dropped") == {"essai": 1}
    told = responses.problems[["column", "value", "problem", "done"]].to_numpy().tolist()
    assert told == [["A", "Peut-être", "drops_nobody", "nothing"]]


def test_a_cell_of_spaces_is_no_second_answer():
    responses = read(export(["UN", "bis"], [["  ", "Oui"], ["Non", " "]]), QUESTIONS[:1], merge={"un": ["UN", "bis"]})
    assert responses.answers["un"].tolist() == ["oui", "non"]
    assert (responses.problems.empty, counted(responses, "repaired")) == (True, {"merge": 1})
