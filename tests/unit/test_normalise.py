"""Exports onto the questionnaire: matching, reasons, conservation."""

import pandas as pd
import pytest

from impact.errors import ImpactError
from impact.normalise import normalise
from tests.unit._exports import AGREEMENT, DONT_KNOW, YES_NO, export, study

OPINION = {"id": "opinion", "kind": "single", "text": "Mon avis", "choices": AGREEMENT, "missing": DONT_KNOW}
SUPPORTS = {
    "id": "appuis",
    "kind": "multiple",
    "text": "Sur qui compter ?",
    "choices": [
        {"code": "mentor", "label": "Mon mentor"},
        {"code": "ami", "label": "Un ami, une amie"},
        {"code": "personne", "label": "Personne", "exclusive": True},
    ],
}
MONTHS = {"id": "mois", "kind": "number", "text": "Depuis combien de mois ?", "units": ["mois"], "min": 0, "max": 200}


def read(question, headings, rows, **more):
    """One question from one export: answers by column, reasons, the problems' keys."""
    labels, declared = more.pop("labels", None), more.pop("declared_missing", None)
    responses = normalise([export(headings, rows, labels, declared)], study([question], **more))
    return responses.answers, responses.reasons[question["id"]].tolist(), responses.problems


def says(series):
    """Values with None for no answer."""
    return [None if pd.isna(value) else value for value in series]


def test_texts_match_whatever_case_accents_spaces_and_apostrophes():
    rows = [["tout a fait d'accord"], ["Plutôt  d\u2019accord "], ["PLUTOT_PAS"], ["ne sait pas"], [""], ["  "]]
    answers, reasons, problems = read(OPINION, ["MON\u00a0AVIS"], rows)
    assert says(answers["opinion"]) == ["tout_a_fait", "plutot", "plutot_pas", None, None, None]
    assert reasons == ["", "", "", "dont_know", "no_answer", "no_answer"]
    assert problems.empty


def test_a_value_not_understood_is_a_problem_line_and_never_an_answer():
    answers, reasons, problems = read(OPINION, ["Mon avis"], [["Plutôt d’accord"], ["bof"], ["bof"]])
    assert says(answers["opinion"]) == ["plutot", None, None]
    assert reasons == ["", "unknown", "unknown"]
    assert problems[["row", "column", "value", "problem"]].to_numpy().tolist() == [
        [3, "A", "bof", "not_a_choice"],
        [4, "A", "bof", "not_a_choice"],
    ]


def test_a_hyphen_counts():
    question = {"id": "q", "kind": "single", "text": "Q", "choices": [{"code": "a", "label": "6-12"}]}
    _, reasons, _ = read(question, ["Q"], [["6-12"], ["6 12"]])
    assert reasons == ["", "unknown"]


@pytest.mark.parametrize("yes", ["TRUE", "VRAI", "Oui", "oui ", "Yes", "1", "1.0"])
@pytest.mark.parametrize("no", ["FALSE", "FAUX", "Non", "No", "0"])
def test_yes_and_no_in_all_the_ways_tools_write_them(yes, no):
    question = {"id": "q", "kind": "single", "text": "Q", "choices": YES_NO}
    answers, _, _ = read(question, ["Q"], [[yes], [no]])
    assert says(answers["q"]) == ["oui", "non"]


def test_a_code_of_one_choice_that_is_the_label_of_another_is_refused():
    question = {
        "id": "q", "kind": "single", "text": "Q",
        "choices": [{"code": "1", "label": "0"}, {"code": "0", "label": "aucun"}],
    }  # fmt: skip
    with pytest.raises(ImpactError, match="à la fois le code"):
        read(question, ["Q"], [["0"]])


def test_value_labels_win_over_codes_in_another_order():
    labels = {0: {"1": "Tout à fait d’accord", "2": "Plutôt d’accord", "4": "Pas du tout d’accord", "9": "Ne sait pas"}}
    answers, reasons, problems = read(OPINION, ["Mon avis"], [["1"], ["4"], ["9"], ["7"]], labels=labels)
    assert says(answers["opinion"]) == ["tout_a_fait", "pas_du_tout", None, None]
    assert reasons == ["", "", "dont_know", "unknown"]
    assert problems["problem"].tolist() == ["not_a_choice"]


def test_codes_declared_missing_by_the_file_are_missing_even_where_unknown_here():
    labels = {0: {"1": "Plutôt d’accord", "8": "Sans objet", "9": "Ne sait pas"}}
    _, reasons, problems = read(
        OPINION, ["Mon avis"], [["1"], ["8"], ["9"]], labels=labels, declared_missing={0: ["8", "9"]}
    )
    assert reasons == ["", "unknown", "dont_know"]
    assert problems.empty


def test_a_code_declared_missing_that_is_a_choice_asks():
    with pytest.raises(ImpactError, match="déclare le code"):
        read(OPINION, ["Mon avis"], [["1"]], labels={0: {"1": "Plutôt d’accord"}}, declared_missing={0: ["1"]})


def test_equal_headings_are_told_apart_by_their_number_and_two_are_refused():
    with pytest.raises(ImpactError, match="colonnes A, B"):
        read(OPINION, ["Mon avis", "Mon avis"], [["Plutôt d’accord", ""]])
    source = [{"file": "a.csv", "group": "mentored", "rename": {"Mon avis (2)": "opinion"}}]
    answers, _, _ = read(OPINION, ["Mon avis", "Mon avis"], [["", "Plutôt d’accord"]], source=source)
    assert says(answers["opinion"]) == ["plutot"]


def test_coalesce_merges_columns_never_both_filled():
    question = OPINION | {"coalesce": True}
    rows = [["Plutôt d’accord", ""], ["", "Ne sait pas"], ["Plutôt d’accord", "Plutôt pas d’accord"]]
    answers, reasons, problems = read(question, ["Mon avis", "Mon avis"], rows)
    assert says(answers["opinion"]) == ["plutot", None, None]
    assert reasons == ["", "dont_know", "no_answer"]
    assert problems["problem"].tolist() == ["two_columns_filled"]


def test_a_heading_that_nearly_fits_stops_the_run_with_a_proposal():
    question = OPINION | {"text": "Je me considère comme ambitieux"}
    second = {"id": "mois", "kind": "number", "text": "Mois"}
    with pytest.raises(ImpactError, match="presque la même"):
        normalise([export(["Je me considere comme ambitieuse", "Mois"], [["", "1"]])], study([question, second]))
    source = [{"file": "a.csv", "group": "mentored", "absent": ["opinion"]}]
    responses = normalise(
        [export(["Je me considere comme ambitieuse", "Mois"], [["", "1"]])], study([question, second], source=source)
    )
    assert responses.reasons["opinion"].tolist() == ["not_asked"]


BOXES = [
    ("Sur qui compter ? [Mon mentor]", "Sur qui compter ? [Un ami, une amie]", "Sur qui compter ? [Personne]"),
    ("appuis/mentor", "appuis/ami", "appuis/personne"),
    ("Sur qui compter ? - Mon mentor", "Sur qui compter ? - Un ami, une amie", "Sur qui compter ? - Personne"),
]


@pytest.mark.parametrize("headings", BOXES)
@pytest.mark.parametrize(("tick", "left"), [("1", "0"), ("Oui", "Non"), ("X", ""), ("Y", ""), ("TRUE", "FALSE")])
def test_boxes_in_every_spelling_give_the_same_answers(headings, tick, left):
    rows = [[tick, tick, left], [left, left, tick], ["", "", ""]]
    answers, reasons, _ = read(SUPPORTS, headings, rows)
    assert reasons == ["", "", "no_answer"]
    assert says(answers["appuis/mentor"]) == [1.0, 0.0, None]
    assert says(answers["appuis/personne"]) == [0.0, 1.0, None]


def test_boxes_hold_the_options_own_text():
    answers, _, _ = read(SUPPORTS, BOXES[0], [["Mon mentor", "", ""], ["", "Un ami, une amie", ""]])
    assert says(answers["appuis/ami"]) == [0.0, 1.0]


@pytest.mark.parametrize(
    ("cell", "ticked"),
    [
        ("Mon mentor, Un ami, une amie", {"mentor", "ami"}),
        ("Mon mentor;Un ami, une amie", {"mentor", "ami"}),
        ("Un ami, une amie;", {"ami"}),
        ("mentor ami", {"mentor", "ami"}),
        ("Mon mentor|Un ami, une amie", {"mentor", "ami"}),
        ("Mon mentor\nUn ami, une amie", {"mentor", "ami"}),
        ("Personne", {"personne"}),
    ],
)
def test_joined_options_are_split_against_the_known_ones(cell, ticked):
    answers, reasons, problems = read(SUPPORTS, ["Sur qui compter ?"], [[cell]])
    assert {code for code in ("mentor", "ami", "personne") if answers[f"appuis/{code}"].iloc[0] == 1} == ticked
    assert reasons == [""]
    assert problems.empty


def test_a_free_text_among_options_is_an_answer_and_is_told_without_its_words():
    answers, reasons, problems = read(
        SUPPORTS, ["Sur qui compter ?"], [["Mon mentor, la dame du bus qui est très gentille"]]
    )
    assert reasons == [""]
    assert answers["appuis/other"].tolist() == [1.0]
    assert answers["appuis/mentor"].tolist() == [1.0]
    assert problems[["problem", "value"]].to_numpy().tolist() == [["not_a_choice", ""]]


def test_nothing_ticked_is_missing_unless_the_study_says_otherwise():
    _, reasons, _ = read(SUPPORTS, BOXES[1], [["0", "0", "0"], ["", "", ""], ["1", "0", "0"]])
    assert reasons == ["no_answer", "no_answer", ""]
    answers, reasons, _ = read(SUPPORTS | {"none_ticked": "answered"}, BOXES[1], [["0", "0", "0"], ["", "", ""]])
    assert reasons == ["", "no_answer"]
    assert says(answers["appuis/mentor"]) == [0.0, None]


def test_a_block_hidden_as_a_whole_was_not_asked_but_a_hidden_box_is_not_ticked():
    answers, reasons, _ = read(SUPPORTS, BOXES[0], [["N/A", "N/A", "N/A"], ["N/A", "Non", "Oui"]])
    assert reasons == ["not_asked", ""]
    assert says(answers["appuis/mentor"]) == [None, 0.0]


def test_an_exclusive_option_beside_others_is_told():
    _, _, problems = read(SUPPORTS, BOXES[1], [["1", "0", "1"]])
    assert problems["problem"].tolist() == ["exclusive_beside_answers"]


def test_a_missing_option_alone_is_missing_and_beside_others_is_set_aside():
    question = SUPPORTS | {"missing": DONT_KNOW}
    answers, reasons, problems = read(question, [*BOXES[1], "appuis/nsp"], [["0", "0", "0", "1"], ["1", "0", "0", "1"]])
    assert reasons == ["dont_know", ""]
    assert says(answers["appuis/mentor"]) == [None, 1.0]
    assert problems["problem"].tolist() == ["missing_beside_answers"]


def test_a_single_choice_spread_over_boxes():
    headings = [f"Mon avis [{choice['label']['fr']}]" for choice in AGREEMENT]
    answers, reasons, problems = read(OPINION, headings, [["", "X", "", ""], ["X", "X", "", ""], ["", "", "", ""]])
    assert says(answers["opinion"]) == ["plutot_pas", None, None]
    assert reasons == ["", "unknown", "no_answer"]
    assert problems["problem"].tolist() == ["two_boxes"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12), ("12,5", 12.5), ("12.50", 12.5), ("1 200", None), ("12 mois", 12), ("3e+01", 30), ("−1", None),
        ("1\u202f000", None), ("douze", None), ("12 ans", None), ("2-3", None), ("0", 0),
        ("9" * 400, None),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(text, value):
    answers, reasons, problems = read(MONTHS, ["Depuis combien de mois ?"], [[text]])
    assert says(answers["mois"]) == [value]
    assert (reasons == [""]) == (value is not None)
    assert len(problems) == (0 if value is not None else 1)


def test_a_number_out_of_bounds_is_implausible_and_told():
    _, reasons, problems = read(MONTHS, ["Depuis combien de mois ?"], [["999"], ["1 200"]])
    assert reasons == ["implausible", "implausible"]
    assert problems["problem"].tolist() == ["implausible", "implausible"]


@pytest.mark.parametrize(
    ("texts", "days"),
    [
        (["31/12/2023", "01/02/2023"], ["2023-12-31", "2023-02-01"]),
        (["12/31/2023", "01/02/2023"], ["2023-12-31", "2023-01-02"]),
        (["01/02/2023"], ["2023-02-01"]),
        (["2023-02-01T10:11:12"], ["2023-02-01"]),
        (["1er février 2023", "12 déc. 2023"], ["2023-02-01", "2023-12-12"]),
        (["31/12/2023", "12/31/2023"], [None, None]),
        (["30/02/2023"], [None]),
        (["45291"], [None]),
    ],
)
def test_dates_are_decided_over_the_whole_column(texts, days):
    question = {"id": "jour", "kind": "date", "text": "Jour"}
    answers, _, problems = read(question, ["Jour"], [[text] for text in texts])
    assert [None if pd.isna(day) else day.date().isoformat() for day in answers["jour"]] == days
    assert len(problems) == days.count(None)


FILTER = {"id": "scolarise", "kind": "single", "text": "Scolarisé", "choices": YES_NO}
ROUTED = OPINION | {"only_if": {"question": "scolarise", "is": ["oui"]}}


def test_routing_tells_not_asked_from_no_answer():
    rows = [["oui", ""], ["non", ""], ["", ""], ["", "Plutôt d’accord"], ["non", "Plutôt d’accord"]]
    responses = normalise([export(["Scolarisé", "Mon avis"], rows)], study([FILTER, ROUTED]))
    assert responses.reasons["opinion"].tolist() == ["no_answer", "not_asked", "unknown", "", "not_asked"]
    assert says(responses.answers["opinion"]) == [None, None, None, "plutot", None]
    assert responses.problems[["row", "problem"]].to_numpy().tolist() == [[6, "answered_though_not_asked"]]


def test_groups_from_a_column_conserve_rows():
    source = [{
        "file": "a.csv",
        "group": {"column": "Avez-vous un mentor ?", "mentored": ["Oui"], "non_mentored": ["Non"]},
        "drop_rows": [{"rows": [2], "reason": "test"}, {"column": "Mon avis", "is": ["azerty"], "reason": "test"}],
    }]  # fmt: skip
    rows = [["Oui", ""], ["oui", ""], ["non", ""], ["peut-être", ""], ["", ""], ["Oui", "azerty"]]
    responses = normalise([export(["Avez-vous un mentor ?", "Mon avis"], rows)], study([OPINION], source=source))
    assert responses.people["group"].tolist() == ["mentored", "non_mentored"]
    flow = {
        (stage, reason or group): count for _, group, stage, reason, count in responses.flow.itertuples(index=False)
    }
    assert flow == {
        ("received", ""): 6, ("dropped", "test"): 2, ("dropped", "no_group"): 2, ("kept", "mentored"): 1,
        ("kept", "non_mentored"): 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("at_threshold", "bands"),
    [("over", ["under", "over", "over", "unknown"]), ("under", ["under", "under", "over", "unknown"])],
)
def test_exactly_six_months_goes_where_the_study_says(at_threshold, bands):
    duration = {"question": "mois", "threshold_months": 6, "at_threshold": at_threshold}
    responses = normalise(
        [export(["Depuis combien de mois ?"], [["5,9"], ["6"], ["7"], [""]])], study([MONTHS], duration=duration)
    )
    assert responses.people["band"].tolist() == bands


def test_two_dates_six_calendar_months_apart_are_exactly_six():
    questions = [{"id": "debut", "kind": "date", "text": "Début"}, {"id": "fin", "kind": "date", "text": "Fin"}]
    rows = [
        ["01/03/2022", "01/09/2022"],
        ["31/08/2021", "28/02/2022"],
        ["02/03/2022", "01/09/2022"],
        ["", "01/09/2022"],
    ]
    responses = normalise(
        [export(["Début", "Fin"], rows)], study(questions, duration={"start": "debut", "until": "fin"})
    )
    assert responses.people["band"].tolist() == ["over", "over", "under", "unknown"]
    assert responses.people["months"].iloc[0] == 6


def test_duration_bands_answered_as_such():
    question = {
        "id": "anciennete", "kind": "single", "text": "Depuis quand ?",
        "choices": [{"code": "moins", "label": "moins de 6 mois"}, {"code": "plus", "label": "6 mois et plus"}],
    }  # fmt: skip
    responses = normalise(
        [export(["Depuis quand ?"], [["Moins de 6 mois"], ["6 mois et plus"], [""]])],
        study([question], duration={"question": "anciennete", "over": ["plus"], "under": ["moins"]}),
    )
    assert responses.people["band"].tolist() == ["under", "over", "unknown"]


def test_a_missing_cluster_names_its_rows_and_a_cluster_in_two_strata_asks():
    questions = [OPINION, *({"id": name, "kind": "text", "text": name} for name in ("lieu", "departement"))]
    headings = ["Mon avis", "lieu", "departement"]
    with pytest.raises(ImpactError, match=r"a.csv 3"):
        normalise([export(headings, [["", "x", "a"], ["", "", "a"]])], study(questions, design={"cluster": "lieu"}))
    twice = [["", "x", "a"], ["", "x", "b"]]
    design = {"cluster": "lieu", "stratum": "departement"}
    with pytest.raises(ImpactError, match="deux strates"):
        normalise([export(headings, twice)], study(questions, design=design))
    responses = normalise([export(headings, twice)], study(questions, design=design | {"nested": True}))
    assert responses.people["cluster"].nunique() == 2


@pytest.mark.parametrize("weight", ["0", "-1"])
def test_weights_not_above_zero_are_refused(weight):
    question = {"id": "poids", "kind": "number", "text": "Poids"}
    with pytest.raises(ImpactError, match="nul ou négatif"):
        normalise([export(["Poids"], [["1"], [weight]])], study([question], design={"weight": "poids"}))


def test_free_texts_go_no_further():
    question = {"id": "libre", "kind": "text", "text": "Un mot ?"}
    responses = normalise([export(["Un mot ?"], [["Bonjour"], [""]])], study([question]))
    assert "libre" not in responses.answers
    assert responses.reasons["libre"].tolist() == ["", "no_answer"]


def test_a_repeated_identifier_is_told_without_being_shown():
    responses = normalise(
        [export(["id", "Mon avis"], [["x1", ""], ["x2", ""], ["x1", ""]])], study([OPINION], study={"identifier": "id"})
    )
    assert responses.problems[["row", "value", "problem"]].to_numpy().tolist() == [
        [2, "", "identifier_twice"],
        [4, "", "identifier_twice"],
    ]


def test_a_file_without_a_known_question_is_refused_with_its_headings():
    with pytest.raises(ImpactError, match="Premiers intitulés : tout · autre"):
        read(OPINION, ["tout", "autre"], [["", ""]])


def test_a_box_that_names_no_answer_stops_the_run_since_it_would_change_the_base():
    headings = ("Sur qui compter ? [Mon mentor]", "Sur qui compter ? [Une amie]", "Sur qui compter ? [Personne]")
    with pytest.raises(ImpactError, match="colonne B"):
        read(SUPPORTS, headings, [["Oui", "Oui", ""]])


def test_the_free_text_beside_a_single_choice_is_no_box():
    answers, _, _ = read(
        OPINION, ["Mon avis", "Mon avis [Autre]", "Mon avis [Commentaire]"], [["Plutôt d’accord", "", "x"]]
    )
    assert says(answers["opinion"]) == ["plutot"]


def test_a_label_the_questionnaire_does_not_know_is_other_where_it_has_one():
    labels = {0: {"1": "Plutôt d’accord", "5": "Ça dépend"}}
    answers, reasons, problems = read(OPINION | {"other": True}, ["Mon avis"], [["1"], ["5"]], labels=labels)
    assert says(answers["opinion"]) == ["plutot", "other"]
    assert reasons == ["", ""]
    assert problems.empty


def test_a_number_whose_label_says_no_answer_is_no_number():
    """99 "Refus" read as the number 99 is a known failure of other tools; 0 "aucun" is a number."""
    labels = {0: {"99": "Refus", "0": "aucun"}}
    answers, reasons, problems = read(MONTHS, ["Depuis combien de mois ?"], [["99"], ["0"], ["12"]], labels=labels)
    assert says(answers["mois"]) == [None, 0, 12]
    assert reasons == ["unknown", "", ""]
    assert problems["problem"].tolist() == ["labelled_missing"]


def test_a_group_that_no_row_answers_is_refused_with_what_was_found():
    source = [{"file": "a.csv", "group": {"column": "Mentor", "mentored": ["Ouii"], "non_mentored": ["Non"]}}]
    with pytest.raises(ImpactError, match=r"« Ouii ».*« Oui » 2"):
        normalise(
            [export(["Mentor", "Mon avis"], [["Oui", ""], ["Oui", ""], ["Non", ""]])], study([OPINION], source=source)
        )


def test_a_column_named_by_its_letter_is_answered_with_its_heading():
    source = [{"file": "a.csv", "group": {"column": "A", "mentored": ["Oui"]}}]
    with pytest.raises(ImpactError, match=r"Les plus proches : « Mentor » \(colonne A\)\."):
        normalise([export(["Mentor", "Mon avis"], [["Oui", ""]])], study([OPINION], source=source))


@pytest.mark.parametrize(
    ("heading", "said"),
    [("Mon avi", r"Les plus proches : « Mon avis » \(colonne B\)"), ("Qwxz kjq", "aucune ne lui ressemble")],
)
def test_a_rename_of_a_column_that_is_not_there_shows_what_may_be_meant(heading, said):
    source = [{"file": "a.csv", "group": "mentored", "rename": {heading: "avis"}}]
    with pytest.raises(ImpactError, match=said):
        normalise([export(["Mentor", "Mon avis"], [["Oui", ""]])], study([OPINION], source=source))


def test_a_text_in_place_of_a_number_is_recoded_by_the_study():
    source = [{"file": "a.csv", "group": "mentored", "recode": {"mois": {"un an et demi": "18"}}}]
    answers, reasons, _ = read(MONTHS, ["Depuis combien de mois ?"], [["Un an et demi"], ["3"]], source=source)
    assert says(answers["mois"]) == [18, 3]
    assert reasons == ["", ""]


def test_one_column_carries_one_question():
    with pytest.raises(ImpactError, match="deux questions la lisent"):
        normalise([export(["Mon avis"], [["Plutôt d’accord"]])], study([OPINION, OPINION | {"id": "avis_bis"}]))


def test_a_filter_without_a_column_sets_no_answer_aside():
    responses = normalise([export(["Mon avis"], [["Plutôt d’accord"], [""]])], study([FILTER, ROUTED]))
    assert responses.reasons["opinion"].tolist() == ["", "unknown"]


def test_an_identifier_that_no_file_holds_is_refused():
    with pytest.raises(ImpactError, match="« numero »"):
        normalise([export(["Mon avis"], [["Plutôt d’accord"]])], study([OPINION], study={"identifier": "numero"}))


def test_a_choice_coded_other_stands_once():
    question = SUPPORTS | {"choices": [*SUPPORTS["choices"], {"code": "other", "label": "Autre"}]}
    answers, _, _ = read(question, ["Sur qui compter ?"], [["Mon mentor, Autre"]])
    assert answers["appuis/other"].tolist() == [1.0]
