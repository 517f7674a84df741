"""Whether what two groups were asked may be compared: one hand-made difference at a time, and what a person signs."""

import tomllib
from dataclasses import replace

import pandas as pd
import pytest
from pydantic import ValidationError

from impact import texts
from impact.analyse import analyse
from impact.errors import ImpactError
from impact.model import COMPARABILITY
from impact.normalise import normalise
from impact.normalise.differences import lines, said
from impact.normalise.wording import wording
from impact.protect import protect
from impact.study.reading import read_study
from impact.study.schema import StudyFile
from tests.unit._exports import AGREEMENT, DONT_KNOW, YES_NO, export, study

TEXT = "Cette année, as-tu manqué des cours ?"
ABSENCE = {
    "id": "absence",
    "kind": "single",
    "text": TEXT,
    "choices": YES_NO,
    "columns": ["Q1", "Manques-tu les cours ?"],
}
OPINION = {"id": "avis", "kind": "single", "text": "Je me sens à ma place.", "choices": AGREEMENT, "missing": DONT_KNOW}
HELPS = {
    "id": "aides", "kind": "multiple", "text": "Quelles aides as-tu eues ?", "columns": ["Quelles aides reçois-tu ?"],
    "choices": [
        {"code": "soutien", "label": "Du soutien scolaire"},
        {"code": "psy", "label": "Un psychologue"},
        {"code": "aucune", "label": "Aucune aide", "exclusive": True},
    ],
}  # fmt: skip
SOURCES = [{"file": "a.csv", "group": "mentored"}, {"file": "b.csv", "group": "non_mentored"}]
SHARE = {
    "id": "absents",
    "dimension": "d",
    "kind": "share",
    "label": "Absents",
    "question": "absence",
    "counts": ["oui"],
}
AGREED = {code["code"]: code["label"]["fr"] for code in AGREEMENT}


def asked(mentored, others, questions=(ABSENCE,), indicators=(), **tables):
    """The two groups' exports on the questionnaire: responses and their study."""
    made = study(list(questions), list(indicators), **{"source": SOURCES, **tables})
    return normalise([mentored, replace(others, source="b.csv")], made), made


def verdict(mentored, others, question=ABSENCE, **tables):
    """(verdict, compared, what differs) of the one question."""
    responses, _ = asked(mentored, others, (question,), **tables)
    table = responses.comparability
    assert tuple(table.columns) == COMPARABILITY
    assert table[["verdict", "compared", "found"]].drop_duplicates().shape[0] == 1
    return table["verdict"].iloc[0], bool(table["compared"].iloc[0]), [name for name in table["differs"] if name]


def answers(heading, *cells, **more):
    return export([heading], [[cell] for cell in cells], **more)


def labelled(heading, labels, *cells):
    return answers(heading, *cells, labels={0: labels})


def boxes(question, *items, rows=()):
    """One column an option, 1 or 0."""
    return export([f"{question} [{item}]" for item in items], rows or [["1"] + ["0"] * (len(items) - 1)] * 3)


# --- wording ---------------------------------------------------------------------------------------------------------


def test_the_same_words_and_answers_are_identical():
    assert verdict(answers(TEXT, "Oui", "Non"), answers(TEXT, "Non", "Oui")) == ("identical", True, [])


def test_another_wording_is_for_a_person_to_judge():
    found = asked(answers(TEXT, "Oui"), answers("Manques-tu les cours ?", "Non"))[0].comparability.iloc[0]
    assert (found["verdict"], found["compared"], found["differs"]) == ("doubtful", False, "wording")
    assert (found["mentored_shows"], found["non_mentored_shows"]) == (TEXT, "Manques-tu les cours ?")
    assert (found["mentored_source"], found["non_mentored_source"]) == ("a.csv", "b.csv")


@pytest.mark.parametrize("heading", ["Q1", "absence"])
def test_a_code_or_the_question_s_id_says_nothing_of_wording(heading):
    responses, _ = asked(answers(TEXT, "Oui"), answers(heading, "Non"))
    row = responses.comparability.iloc[0]
    assert (row["verdict"], row["differs"]) == ("identical", "")
    assert "wording" in row["untold"]


def test_a_heading_linked_by_the_study_is_still_another_wording():
    renamed = [SOURCES[0], {**SOURCES[1], "rename": {"As-tu séché ?": "absence"}}]
    assert verdict(answers(TEXT, "Oui"), answers("As-tu séché ?", "Non"), source=renamed)[2] == ["wording"]


def test_two_languages_of_the_questionnaire_are_one_wording():
    both = {**ABSENCE, "text": {"fr": TEXT, "en": "Did you miss class this year?"}}
    assert verdict(answers(TEXT, "Oui"), answers("Did you miss class this year?", "Non"), both)[0] == "identical"


LONG = "Depuis combien d'années es-tu accompagné·e par l'Aide sociale à l'enfance ?"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (LONG, LONG[:60], True),  # SPSS and others cut labels
        (LONG, LONG[:40], True),
        ("Es-tu absent < 3 jours > par mois ?", "Es-tu absent par mois ?", False),  # no tag begins with a number
        ("Es-tu <b>souvent</b> absent ?", "Es-tu souvent absent ?", True),
        ("2023. As-tu été absent ?", "2024. As-tu été absent ?", False),  # a year is no number of a question
        (
            "As-tu été absent au cours des douze derniers mois ?",
            "As-tu été absent au cours des douze derniers mois ? Dis combien de fois.",
            False,
        ),  # ends: it was not cut
        (LONG, LONG[:39], False),  # too short to be a label that was cut
        (LONG, LONG[:15] + ".. ", True),  # LimeSurvey says that it cut
        (LONG, LONG[:59] + "\ufffd", True),  # cut in the middle of a letter
        (LONG, LONG.replace("années", "mois"), False),
        (LONG, "Q12. " + LONG, True),
        (LONG, "12 - " + LONG, True),
        (LONG, "G1Q12[SQ001]. " + LONG, True),
        (LONG, LONG.replace(" ?", "?"), True),
        (LONG, LONG + " *", True),
        (LONG, f"<b>{LONG}</b>", True),
        (LONG, LONG + " - Selected Choice", True),
        ("Je vais bien.", "Je ne vais pas bien.", False),
    ],
)
def test_two_headings_are_one_wording_but_for_what_tools_do_to_them(one, other, same):
    assert wording(one).same(wording(other)) is same
    assert wording(other).same(wording(one)) is same


# --- answers, their codes and their order ----------------------------------------------------------------------------

FORWARD = {str(place): label for place, label in enumerate(AGREED.values(), 1)} | {"8": "Ne sait pas"}
BACKWARD = {str(5 - place): label for place, label in enumerate(AGREED.values(), 1)} | {"8": "Ne sait pas"}
PLACE = OPINION["text"]


def test_other_codes_are_recoded_and_the_recode_is_written_out():
    responses, _ = asked(answers(PLACE, "Plutôt d’accord"), labelled(PLACE, BACKWARD, "1", "4"), (OPINION,))
    (row,) = responses.comparability.to_dict("records")
    assert (row["verdict"], row["compared"], row["differs"]) == ("recodable", True, "codes")
    assert row["recode"] == "b.csv : 4 → pas_du_tout, 3 → plutot_pas, 2 → plutot, 1 → tout_a_fait, 8 → nsp"


def test_another_order_is_recodable_and_both_recodes_are_told():
    found = verdict(labelled(PLACE, FORWARD, "1"), labelled(PLACE, BACKWARD, "1"), OPINION)
    assert found == ("recodable", True, ["codes", "order"])
    responses, _ = asked(labelled(PLACE, FORWARD, "1"), labelled(PLACE, BACKWARD, "1"), (OPINION,))
    recode = responses.comparability["recode"].iloc[0]
    assert "a.csv : 1 → pas_du_tout" in recode
    assert "b.csv : 4 → pas_du_tout" in recode


def test_codes_against_labels_are_a_difference_of_coding_alone():
    found = verdict(answers(PLACE, "plutot", "tout_a_fait"), answers(PLACE, "Plutôt d’accord"), OPINION)
    assert found == ("recodable", True, ["codes"])


def test_what_the_study_recodes_is_recodable_and_told():
    sources = [SOURCES[0], {**SOURCES[1], "recode": {"absence": {"Parfois": "oui"}}}]
    responses, _ = asked(answers(TEXT, "Oui"), answers(TEXT, "Parfois", "Oui"), source=sources)
    row = responses.comparability.iloc[0]
    assert (row["verdict"], row["recode"]) == ("recodable", "b.csv : Parfois → oui")


def test_an_option_that_a_list_of_labels_lacks_is_doubtful():
    lacking = {code: label for code, label in FORWARD.items() if label != AGREED["tout_a_fait"]}
    found = verdict(labelled(PLACE, FORWARD, "1"), labelled(PLACE, lacking, "1"), OPINION)
    assert found == ("doubtful", False, ["option"])


def test_a_missing_code_that_one_list_lacks_counts_once_someone_gave_it():
    lacking = {code: label for code, label in FORWARD.items() if label != "Ne sait pas"}
    unused = verdict(labelled(PLACE, FORWARD, "1"), labelled(PLACE, lacking, "1"), OPINION)
    assert unused == ("identical", True, [])  # an office's own code, perhaps
    given = verdict(labelled(PLACE, FORWARD, "1", "8"), labelled(PLACE, lacking, "1"), OPINION)
    assert given == ("doubtful", False, ["answer"])


def test_an_option_met_in_one_file_and_not_listed_by_the_other_is_doubtful():
    lacking = {code: label for code, label in BACKWARD.items() if label != AGREED["tout_a_fait"]}
    met = answers(PLACE, "Tout à fait d’accord", "Plutôt d’accord")
    assert verdict(met, labelled(PLACE, lacking, "2"), OPINION) == ("doubtful", False, ["answer", "codes"])


def test_an_option_that_nobody_gave_may_have_been_offered():
    found = verdict(answers(PLACE, "Plutôt d’accord"), labelled(PLACE, FORWARD, "1"), OPINION)
    assert found == ("recodable", True, ["codes"])


def test_a_scale_whose_ends_alone_bear_labels_lists_nothing_whole():
    coded = {**OPINION, "choices": [{**choice, "code": str(n)} for n, choice in enumerate(AGREEMENT, 1)]}
    ends = {"1": AGREED["pas_du_tout"], "4": AGREED["tout_a_fait"]}
    assert verdict(labelled(PLACE, FORWARD, "1", "3"), labelled(PLACE, ends, "2", "3"), coded)[0] == "identical"


def test_an_option_without_a_column_in_one_file_is_doubtful():
    headed = HELPS["text"]
    whole, lacking = (
        boxes(headed, "Du soutien scolaire", "Un psychologue", "Aucune aide"),
        boxes(headed, "Du soutien scolaire", "Aucune aide"),
    )
    assert verdict(whole, lacking, HELPS) == ("doubtful", False, ["column"])
    responses, made = asked(whole, lacking, (HELPS,))
    row = responses.comparability.to_dict("records")[0]
    assert (row["mentored_shows"], row["non_mentored_shows"]) == ("psy", "")
    (sentence,) = said([row], made, texts.load("fr"))
    assert sentence == "la réponse « Un psychologue » n’a pas de colonne dans b.csv"
    assert said([asked(lacking, whole, (HELPS,))[0].comparability.iloc[0]], made, texts.load("fr")) == [
        "la réponse « Un psychologue » n’a pas de colonne dans a.csv"
    ]


def test_an_option_that_neither_file_holds_is_no_difference():
    lacking = boxes(HELPS["text"], "Du soutien scolaire", "Aucune aide")
    assert verdict(lacking, lacking, HELPS) == ("identical", True, [])


def test_blocks_under_another_question_are_another_wording():
    items = ("Du soutien scolaire", "Un psychologue", "Aucune aide")
    found = verdict(boxes(HELPS["text"], *items), boxes("Quelles aides reçois-tu ?", *items), HELPS)
    assert found == ("doubtful", False, ["wording"])


def test_boxes_in_another_order_are_recodable():
    one = boxes(HELPS["text"], "Du soutien scolaire", "Un psychologue", "Aucune aide")
    other = boxes(HELPS["text"], "Aucune aide", "Du soutien scolaire", "Un psychologue")
    assert verdict(one, other, HELPS) == ("recodable", True, ["order"])


def test_boxes_and_joined_cells_say_the_same():
    one = boxes(HELPS["text"], "Du soutien scolaire", "Un psychologue", "Aucune aide")
    other = answers(HELPS["text"], "Du soutien scolaire;Un psychologue", "Aucune aide")
    assert verdict(one, other, HELPS)[0] == "identical"


def counted(code, groups=None, name="i"):
    made = {"id": name, "dimension": "d", "kind": "share", "label": "L", "question": "aides", "counts": [code]}
    return made | ({"asked": groups} if groups else {})


@pytest.mark.parametrize(
    ("indicators", "found"),
    [
        ((), "column"),  # nothing says that it is on purpose
        ((counted("psy", ["mentored"]),), "reserved"),
        ((counted("psy", ["mentored"]), counted("soutien", name="j")), "reserved"),
        ((counted("psy"),), "column"),  # compared on the very option that the others were not offered
        ((counted("psy", ["mentored"]), counted("aucune", name="j")), "column"),  # "none" excludes more on one side
    ],
)
def test_an_option_that_the_questionnaire_keeps_for_one_group_is_no_doubt(indicators, found):
    whole = boxes(HELPS["text"], "Du soutien scolaire", "Un psychologue", "Aucune aide")
    responses, _ = asked(whole, boxes(HELPS["text"], "Du soutien scolaire", "Aucune aide"), (HELPS,), indicators)
    row = responses.comparability.iloc[0]
    assert row["differs"] == found
    assert row["compared"] == (found == "reserved")


# --- what can never be compared --------------------------------------------------------------------------------------


def test_one_answer_here_and_several_there_is_not_comparable():
    several = answers(HELPS["text"], *["Du soutien scolaire;Un psychologue"] * 10, *["Aucune aide"] * 10)
    single = answers(HELPS["text"], *["Du soutien scolaire", "Un psychologue"] * 15)
    assert verdict(several, single, HELPS) == ("not_comparable", False, ["kind"])
    few = answers(HELPS["text"], *["Du soutien scolaire"] * 9)  # where 9 of several would be expected: chance
    assert verdict(several, few, HELPS)[0] == "identical"


def test_an_answer_that_excludes_all_others_does_not_show_that_one_alone_could_be_given():
    several = answers(HELPS["text"], *["Du soutien scolaire;Un psychologue"] * 20)
    beside = answers(HELPS["text"], *["Aucune aide;Un psychologue"] * 20)  # several all the same
    nothing = answers(HELPS["text"], *["Aucune aide"] * 40, *["Un psychologue"] * 5)
    assert verdict(several, nothing, HELPS) == ("identical", True, [])
    assert verdict(beside, nothing, HELPS) == ("identical", True, [])


def test_two_boxes_of_a_single_choice_show_that_several_could_be_ticked():
    headings = [f"{TEXT} [{label}]" for label in ("Oui", "Non")]
    several = export(headings, [["1", "1"]] * 10 + [["1", "0"]] * 10)
    single = export(headings, [["1", "0"], ["0", "1"]] * 15)
    assert verdict(several, single) == ("not_comparable", False, ["kind"])


def test_no_answer_in_common_is_not_comparable():
    first = labelled(PLACE, {"1": AGREED["pas_du_tout"], "2": AGREED["plutot_pas"]}, "1")
    last = labelled(PLACE, {"1": AGREED["plutot"], "2": AGREED["tout_a_fait"]}, "1")
    assert verdict(first, last, OPINION) == ("not_comparable", False, ["nothing_common"])
    assert verdict(answers(TEXT, "Oui"), answers(TEXT, "Non"))[0] == "identical"  # two answers of one list


# --- whom it was shown to --------------------------------------------------------------------------------------------

SEEN = ["Du soutien scolaire", "Un psychologue", "Aucune aide"]
TICKED, HIDDEN, BLANK = ["Oui", "Non", "Non"], ["N/A"] * 3, [""] * 3


def shown_to(*rows):
    return boxes(HELPS["text"], *SEEN, rows=rows)


@pytest.mark.parametrize(
    ("others", "found"),
    [
        ([TICKED] * 40, ("doubtful", False, ["filter"])),
        ([TICKED] * 36 + [HIDDEN] * 4, ("identical", True, [])),  # both hide it from some
        ([TICKED] * 36 + [BLANK] * 4, ("identical", True, [])),  # as many blanks: these may be hidden ones
    ],
)
def test_a_question_hidden_from_some_in_one_file_only_is_filtered(others, found):
    assert verdict(shown_to(*[TICKED] * 32, *[HIDDEN] * 8), shown_to(*others), HELPS) == found


def test_far_more_people_without_an_answer_is_another_base():
    filled, sparse = answers(TEXT, *["Oui"] * 40), answers(TEXT, *["Oui"] * 28, *[""] * 12)
    assert verdict(filled, sparse) == ("doubtful", False, ["base"])
    assert verdict(filled, answers(TEXT, *["Oui"] * 32, *[""] * 8))[0] == "identical"


def test_two_groups_of_one_file_are_named_and_the_file_is_not():
    rows = [["1", "Oui"]] * 28 + [["1", ""]] * 12 + [["0", "Oui"]] * 40
    both = export(["Mentor", TEXT], rows)
    source = [{"file": "a.csv", "group": {"column": "Mentor", "mentored": ["1"], "non_mentored": ["0"]}}]
    made = study([ABSENCE], [], source=source)
    table = normalise([both], made).comparability
    (sentence,) = said(table.to_dict("records"), made, texts.load("fr"))
    assert "dans le groupe des mentorés que dans le groupe des non mentorés" in sentence
    assert "a.csv" not in sentence


def test_what_the_questionnaire_explains_is_no_difference():
    school = {"id": "scolarise", "kind": "single", "text": "Vas-tu à l'école ?", "choices": YES_NO}
    routed = {**ABSENCE, "only_if": {"question": "scolarise", "is": ["oui"]}}
    rows = [["Oui", "Non"]] * 12 + [["Non", ""]] * 12
    both = export([school["text"], TEXT], rows)
    all_at_school = export([school["text"], TEXT], [["Oui", "Non"]] * 24)
    responses, _ = asked(both, all_at_school, (school, routed))
    assert responses.comparability.set_index("question").loc["absence", "verdict"] == "identical"


def test_a_file_without_the_question_that_decides_may_have_asked_everyone():
    school = {"id": "scolarise", "kind": "single", "text": "Vas-tu à l'école ?", "choices": YES_NO}
    routed = {**ABSENCE, "only_if": {"question": "scolarise", "is": ["oui"]}}
    with_it = export([school["text"], TEXT], [["Oui", "Non"]] * 3)
    responses, made = asked(with_it, answers(TEXT, "Oui"), (school, routed))
    (row,) = responses.comparability.to_dict("records")
    assert (row["question"], row["verdict"], row["differs"]) == ("absence", "doubtful", "route")
    (sentence,) = said([row], made, texts.load("fr"))
    assert sentence == "elle dépend de la question « Vas-tu à l'école ? », qui n’est pas dans b.csv"


# --- what there is nothing to compare of -----------------------------------------------------------------------------


def test_a_question_that_one_group_s_file_lacks_is_not_in_the_table():
    responses, _ = asked(export([TEXT, PLACE], [["Oui", ""]]), answers(TEXT, "Oui"), (ABSENCE, OPINION))
    assert responses.comparability["question"].tolist() == ["absence"]


def test_one_group_alone_has_no_table():
    alone = study([ABSENCE])
    assert normalise([answers(TEXT, "Oui")], alone).comparability.empty


def test_both_groups_of_one_file_were_asked_by_the_same_columns():
    group = {"column": "Mentor", "mentored": ["1"], "non_mentored": ["0"]}
    one = export(["Mentor", PLACE], [["1", "Tout à fait d’accord"], ["0", "Pas du tout d’accord"]] * 3)
    made = study([OPINION], source=[{"file": "a.csv", "group": group}])
    (row,) = normalise([one], made).comparability.to_dict("records")
    assert (row["verdict"], row["compared"], row["differs"], row["untold"]) == ("identical", True, "", "")


def test_one_file_that_hides_a_question_from_one_group_only_is_filtered():
    group = {"column": "Mentor", "mentored": ["1"], "non_mentored": ["0"]}
    headings = ["Mentor", *(f"{HELPS['text']} [{item}]" for item in SEEN)]
    rows = [["1", *TICKED]] * 30 + [["0", *TICKED]] * 20 + [["0", *HIDDEN]] * 10
    made = study([HELPS], source=[{"file": "a.csv", "group": group}])
    table = normalise([export(headings, rows)], made).comparability
    assert (table["differs"].tolist(), table["verdict"].tolist()) == (["filter"], ["doubtful"])


def test_every_file_of_a_group_is_looked_at():
    sources = [*SOURCES, {"file": "c.csv", "group": "mentored"}]
    made = study([ABSENCE], source=sources)
    third = replace(answers("Manques-tu les cours ?", "Oui"), source="c.csv")
    files = [answers(TEXT, "Oui"), replace(answers(TEXT, "Non"), source="b.csv"), third]
    (row,) = normalise(files, made).comparability.to_dict("records")
    assert (row["verdict"], row["mentored_source"]) == ("doubtful", "c.csv")


# --- what a person signs ---------------------------------------------------------------------------------------------

OTHERWISE = (answers(TEXT, "Oui", "Non"), answers("Manques-tu les cours ?", "Non", "Oui"))


def signed(**entry):
    return {"comparability": {"absence": {"verdict": "recodable", "by": "A. Martin", **entry}}}


def test_a_doubt_that_is_signed_is_compared_and_stays_told():
    responses, _ = asked(*OTHERWISE, **signed(why="Même sens, relu à deux."))
    row = responses.comparability.iloc[0]
    assert (row["verdict"], row["compared"], row["found"], row["differs"]) == ("recodable", True, "doubtful", "wording")
    assert (row["signed_by"], row["why"]) == ("A. Martin", "Même sens, relu à deux.")


def test_a_doubt_is_not_overruled_without_a_reason():
    with pytest.raises(ImpactError) as fault:
        asked(*OTHERWISE, **signed())
    assert fault.value.key == "comparability_no_why"
    assert "[comparability.absence]" in str(fault.value)


def test_what_has_no_doubt_may_be_signed_without_a_reason():
    assert verdict(answers(TEXT, "Oui"), answers(TEXT, "Non"), **signed(verdict="identical"))[:2] == ("identical", True)


def test_a_person_may_sign_that_alike_is_not_comparable():
    found = verdict(answers(TEXT, "Oui"), answers(TEXT, "Non"), **signed(verdict="not_comparable"))
    assert found == ("not_comparable", False, [])


def test_nobody_can_sign_that_what_shares_no_answer_is_the_same():
    first = labelled(PLACE, {"1": AGREED["pas_du_tout"], "2": AGREED["plutot_pas"]}, "1")
    last = labelled(PLACE, {"1": AGREED["plutot"], "2": AGREED["tout_a_fait"]}, "1")
    entry = {"avis": {"verdict": "identical", "by": "A. Martin", "why": "…"}}
    with pytest.raises(ImpactError) as fault:
        asked(first, last, (OPINION,), comparability=entry)
    assert fault.value.key == "comparability_never"


@pytest.mark.parametrize("language", texts.languages())
@pytest.mark.parametrize("question", ["absence", "Où vas-tu ?"])
def test_the_lines_to_paste_are_refused_until_they_are_filled(language, question):
    pasted = lines(question, texts.load(language))
    minimal = {"study": {"title": "T", "year": 2026, "questionnaire": "q.toml"}, "source": SOURCES}
    with pytest.raises(ValidationError, match="at least 1 character"):
        StudyFile.model_validate(minimal | tomllib.loads(pasted))
    filled = tomllib.loads(pasted.replace('""', '"A. Martin"'))
    assert StudyFile.model_validate(minimal | filled).comparability[question].verdict == "recodable"


WRITTEN = """
[study]
title = "T"
year = 2026
questionnaire = "q.toml"
[[source]]
file = "a.csv"
group = "mentored"
"""
ASKED = """
[dimension.d]
label = "D"
[[question]]
id = "absence"
kind = "number"
text = "Absences ?"
[[question]]
id = "duree"
kind = "number"
text = "Durée ?"
asked = ["mentored"]
"""


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ('[comparability.absense]\nverdict = "identical"\nby = "A"', "Les plus proches : absence"),
        ('[comparability.duree]\nverdict = "identical"\nby = "A"', "pas posée aux deux groupes"),
        ('[comparability.absence]\nverdict = "doubtful"\nby = "A"', "Choisissez parmi"),
        ('[comparability.absence]\nverdict = "identical"', "il manque la clé « by »"),
        ('[comparability.absence]\nverdict = "identical"\nby = ""', "clé « by »"),
        ('[comparability.absence]\nverdict = "identical"\nby = "A"\nveridct = "…"', "Vouliez-vous écrire « verdict »"),
    ],
)
def test_a_signature_that_cannot_be_read_is_said_with_what_to_write(entry, told, tmp_path):
    (tmp_path / "study.toml").write_text(WRITTEN + entry, encoding="utf-8")
    (tmp_path / "q.toml").write_text("indicator = []\n" + ASKED, encoding="utf-8")
    with pytest.raises(ImpactError) as fault:
        read_study(tmp_path)
    assert told in str(fault.value)


# --- what follows ----------------------------------------------------------------------------------------------------


def compared(others_heading="Manques-tu les cours ?", **tables):
    """Two questions, the first asked otherwise of the others; 30 answers a group."""
    second = {**OPINION, "id": "place"}
    indicators = [
        SHARE,
        {"id": "bien", "dimension": "d", "kind": "share", "label": "Bien", "question": "place", "counts": ["plutot"]},
        {"id": "moyen", "dimension": "d", "kind": "mean", "label": "M", "question": "place", "better": "higher"},
        {"id": "absent_ou_bien", "dimension": "d", "kind": "index", "label": "I", "items": ["absents", "bien"]},
        {"id": "bien_seul", "dimension": "d", "kind": "index", "label": "I", "items": ["bien", "moyen"]},
    ]

    def rows(yes, well):
        return [
            ["Oui" if i < yes else "Non", AGREED["plutot"] if i < well else AGREED["pas_du_tout"]] for i in range(30)
        ]

    mentored, others = export([TEXT, PLACE], rows(8, 20)), export([others_heading, PLACE], rows(20, 10))
    responses, made = asked(mentored, others, (ABSENCE, second), indicators, **tables)
    return analyse(responses, made), made


def test_what_is_not_comparable_keeps_its_estimates_and_has_no_comparison():
    found, made = compared()
    alike, _ = compared(TEXT)
    assert found.estimates.equals(alike.estimates)
    refused = found.comparisons[found.comparisons["indicator"].isin(["absents", "absent_ou_bien"])]
    assert set(refused["status"]) == {"not_comparable"}
    assert refused[["estimate", "std_error", "low", "high", "p", "p_adjusted", "verdict"]].isna().all(axis=None)
    others = found.comparisons[~found.comparisons["indicator"].isin(["absents", "absent_ou_bien"])]
    assert set(others["status"]) == {"shown"}
    assert len(found.comparisons) == len(alike.comparisons)
    safe = protect(found, made)
    assert set(safe.comparisons.loc[refused.index, "status"]) == {"not_comparable"}
    assert safe.comparability["question"].tolist() == ["absence", "place"]


def test_what_is_not_comparable_counts_in_no_family():
    found, _ = compared(analysis={"primary": ["absents", "bien"]})
    alone = found.comparisons.set_index(["indicator", "measure"]).loc[("bien", "difference")]
    assert alone["p_adjusted"] == alone["p"]  # Holm over one
    both, _ = compared(TEXT, analysis={"primary": ["absents", "bien"]})
    of_two = both.comparisons.set_index(["indicator", "measure"]).loc[["absents", "bien"]].xs("difference", level=1)
    assert of_two["p_adjusted"].min() == pytest.approx(2 * of_two["p"].min())


def test_a_signature_brings_the_comparison_back_number_for_number():
    found, _ = compared(**signed(why="Relu."))
    alike, _ = compared(TEXT)
    pd.testing.assert_frame_equal(found.comparisons, alike.comparisons)


def test_bands_of_one_form_are_compared_with_each_other_all_the_same():
    months = {"id": "mois", "kind": "number", "text": "Mois", "asked": ["mentored"]}
    rows = [["Oui" if i % 3 else "Non", str(i % 12)] for i in range(36)]
    mentored, others = export([TEXT, "Mois"], rows), answers("Manques-tu les cours ?", *["Oui", "Non"] * 10)
    responses, made = asked(mentored, others, (ABSENCE, months), (SHARE,), duration={"question": "mois"})
    status = analyse(responses, made).comparisons.groupby("reference")["status"].unique().map(list).to_dict()
    assert status == {"mentored_under": ["shown"], "non_mentored": ["not_comparable"]}


def test_an_answer_that_respondents_alone_tell_leaves_the_room_without_its_name():
    lacking = {code: label for code, label in BACKWARD.items() if label != AGREED["tout_a_fait"]}
    met = answers(PLACE, "Tout à fait d’accord", "Plutôt d’accord")
    responses, made = asked(met, labelled(PLACE, lacking, "2"), (OPINION,))
    row = protect(analyse(responses, made), made).comparability.iloc[0]
    assert (row["differs"], row["mentored_shows"]) == ("answer", "")
    (sentence,) = said([row], made, texts.load("fr"))
    assert "Tout à fait" not in sentence
    internal = replace(made, disclosure=made.disclosure.model_copy(update={"audience": "internal"}))
    assert protect(analyse(responses, internal), internal).comparability.iloc[0]["mentored_shows"] == "tout_a_fait"
