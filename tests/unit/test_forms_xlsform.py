"""XLSForm: types and their aliases, languages, groups, conditions that a questionnaire can say and those it cannot."""

import io

import pytest
import xlsxwriter

from impact.errors import ImpactError
from impact.loaders.forms import recognised
from impact.model import Route
from tests.unit._loaders import delimited, save

SURVEY = ["type", "name", "label::Français (fr)", "label::English (en)", "relevant", "constraint", "hint"]
CHOICES = [
    ["list_name", "name", "label::Français (fr)", "label::English (en)"],
    ["oui_non", "oui", "Oui", "Yes"],
    ["oui_non", "non", "Non", "No"],
    ["qui", "mentor", "Mon mentor", "My mentor"],
    ["qui", "ami", "Un ami", "A friend"],
    ["qui", "personne", "Personne", "Nobody"],
]
QUESTIONS = [
    ["select_one oui_non", "eleve", "Élève ?", "Pupil?"],
    ["integer", "age", "Âge", "Age"],
    ["decimal", "note", "Note", "Mark"],
    ["select_multiple qui", "aide", "Qui t’aide ?", "Who helps?"],
]


def form(folder, *rows, choices=CHOICES, survey=SURVEY, settings=()):
    """The form of a workbook with these rows of its survey sheet."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        for name, lines in (("survey", [survey, *rows]), ("choices", choices), ("settings", settings)):
            sheet = book.add_worksheet(name)
            for place, line in enumerate(lines):
                sheet.write_row(place, 0, line)
    path = save(folder, written.getvalue(), "formulaire.xlsx")
    reader = recognised(path)
    assert reader.TITLE == "XLSForm"
    return reader.read(path)


def items(found):
    return {item.name: item for item in found.items}


def test_questions_come_in_order_with_their_texts_and_options_in_every_language(tmp_path):
    settings = [["form_title", "default_language"], ["Le mentorat", "Français (fr)"]]
    found = form(tmp_path, *QUESTIONS, settings=settings)
    assert (found.title, found.source, found.unread) == ("Le mentorat", "formulaire.xlsx", ())
    assert [(item.name, item.kind) for item in found.items] == [
        ("eleve", "single"), ("age", "number"), ("note", "number"), ("aide", "multiple"),
    ]  # fmt: skip
    aide = items(found)["aide"]
    assert aide.texts == {"fr": "Qui t’aide ?", "en": "Who helps?"}
    assert list(aide.choices) == ["mentor", "ami", "personne"]
    assert aide.choices["ami"] == {"fr": "Un ami", "en": "A friend"}


@pytest.mark.parametrize(
    ("written", "kind", "other"),
    [
        ("select_one qui", "single", False),
        ("Select One qui", "single", False),
        ("select one from qui", "single", False),
        ("select1 qui", "single", False),
        ("select_multiple qui or_other", "multiple", True),
        ("select all that apply from qui or other", "multiple", True),
        ("  INTEGER ", "number", False),
        ("dateTime", "date", False),
        ("text", "text", False),
        ("note", "note", False),
        ("calculate", "note", False),
    ],
)
def test_types_are_known_by_all_their_names(tmp_path, written, kind, other):
    item = form(tmp_path, [written, "q", "Question"]).items[0]
    assert (item.kind, item.other, len(item.choices)) == (kind, other, 3 if kind in ("single", "multiple") else 0)


@pytest.mark.parametrize(
    ("heading", "language"),
    [
        ("label", ""), ("Label", ""), ("label::Français (fr)", "fr"), ("label:fr", "fr"), ("label :: fr", "fr"),
        ("LABEL::French", "fr"), ("label::wolof", "wolof"),
    ],
)  # fmt: skip
def test_columns_are_known_whatever_their_case_spaces_and_language(tmp_path, heading, language):
    found = form(tmp_path, ["text", "q", "Question"], survey=["Type ", " NAME", heading])
    assert found.items[0].texts == {language: "Question"}


def test_codes_typed_as_numbers_lose_their_point(tmp_path):
    choices = [["list name", "name", "label"], ["n", 1.0, "Un"], ["n", "2.0", "Deux"], ["n", "03", "Trois"]]
    found = form(tmp_path, ["select_one n", "q", "Question"], choices=choices)
    assert list(found.items[0].choices) == ["1", "2", "03"]


def test_names_written_twice_are_told_apart_and_said(tmp_path):
    rows = [
        ["begin_group", "g", "Groupe"], ["text", "q", "Une"], ["end_group"],
        ["begin group", "h", "Autre"], ["text", "q", "Deux"], ["end group"],
    ]  # fmt: skip
    choices = [*CHOICES, ["qui", "ami", "Un copain", "A mate"]]
    found = form(tmp_path, *rows, ["select_one qui", "r", "Qui ?"], choices=choices)
    assert [(item.name, item.columns) for item in found.items] == [("q", ("g/q",)), ("h_q", ("h/q",)), ("r", ())]
    assert items(found)["r"].choices["ami"]["fr"] == "Un ami"
    assert [("« q »" in word, "« ami »" in word) for word in found.unread] == [(True, False), (False, True)]


def test_what_a_person_answers_several_times_is_left_with_a_word(tmp_path):
    rows = [
        ["begin_repeat", "enfants", "Enfants"], ["begin_group", "g"], ["text", "prenom", "Prénom"], ["end_group"],
        ["end_repeat"], ["text", "apres", "Après"], ["geopoint", "lieu", "Où ?"], ["deviceid", "deviceid"],
    ]  # fmt: skip
    found = form(tmp_path, *rows)
    assert [item.name for item in found.items] == ["apres"]
    assert [("« enfants »" in word, "geopoint" in word) for word in found.unread] == [(True, False), (False, True)]


CONDITIONS = [
    ("${eleve} = 'oui'", [Route("eleve", ("oui",))]),
    ("${eleve}=“oui”", [Route("eleve", ("oui",))]),
    ("${ eleve } = ’oui’", [Route("eleve", ("oui",))]),
    ("${eleve} != 'non'", [Route("eleve", is_not=("non",))]),
    ("selected(${aide}, 'ami')", [Route("aide", ("ami",))]),
    ("not(selected(${aide},'personne'))", [Route("aide", is_not=("personne",))]),
    ("${age} >= 16", [Route("age", minimum=16)]),
    ("${age} > 16 and ${age} < 20", [Route("age", minimum=17), Route("age", maximum=19)]),
    ("${age} = 16", [Route("age", minimum=16, maximum=16)]),
    ("${note} <= 12.5", [Route("note", maximum=12.5)]),
    ("(${eleve} = 'oui') and (selected(${aide}, 'ami') and ${age}>=12)",
     [Route("eleve", ("oui",)), Route("aide", ("ami",)), Route("age", minimum=12)]),
    ("${eleve} = 'oui' or ${eleve} = 'non'", [Route("eleve", ("oui", "non"))]),
    ("selected(${aide}, 'ami') or selected(${aide}, 'mentor')", [Route("aide", ("ami", "mentor"))]),
    # What a questionnaire cannot say, or the form does not know.
    ("${note} > 12", []),
    ("${age} != 16", []),
    ("${eleve} = 'oui' or ${age} > 16", []),
    ("${eleve} = 'oui' or (${eleve} = 'non' and ${age} > 16)", []),
    ("${eleve} = 'oui' and ${age} + 1 > 16", []),
    ("${eleve} != ''", []),
    ("${eleve} = 'peut-être'", []),
    ("${aide} = 'ami'", []),
    ("${inconnu} = 'oui'", []),
    ("count-selected(${aide}) > 1", []),
    ("${apres} = 'oui'", []),
]  # fmt: skip


@pytest.mark.parametrize(("condition", "routes"), CONDITIONS)
def test_conditions_are_routes_where_a_questionnaire_can_say_all_of_them(tmp_path, condition, routes):
    found = form(
        tmp_path, *QUESTIONS, ["text", "q", "Question", "", condition], ["select_one oui_non", "apres", "Après"]
    )
    item = items(found)["q"]
    assert list(item.routes) == routes
    assert item.asked_if
    assert [item.asked_if in word for word in found.unread] == [True] * (not routes)


def test_a_group_is_asked_where_its_condition_and_those_around_it_hold(tmp_path):
    rows = [
        ["begin_group", "g", "G", "", "${eleve} = 'oui' or ${eleve} = 'non'"],
        ["begin_group", "h", "H", "", "${age} >= 12"],
        ["text", "q", "Question", "", "selected(${aide}, 'ami')"],
        ["end_group"], ["end_group"], ["text", "r", "Dehors"],
    ]  # fmt: skip
    found = items(form(tmp_path, *QUESTIONS, *rows))
    assert found["q"].asked_if == "(${eleve} = 'oui' or ${eleve} = 'non') and ${age} >= 12 and selected(${aide}, 'ami')"
    assert [route.question for route in found["q"].routes] == ["eleve", "age", "aide"]
    assert (found["r"].asked_if, found["r"].routes) == ("", ())


@pytest.mark.parametrize(
    ("kind", "constraint", "bounds"),
    [
        ("integer", ". >= 12 and . <= 26", (12, 26)), ("integer", ".>11 and .<27", (12, 26)),
        ("integer", "(. > 0)", (1, None)), ("decimal", ". >= 0.5", (0.5, None)), ("decimal", ". > 0", (None, None)),
        ("integer", ". != 3", (None, None)), ("integer", "regex(., '^1')", (None, None)), ("integer", "", (None, None)),
    ],
)  # fmt: skip
def test_constraints_are_bounds(tmp_path, kind, constraint, bounds):
    item = form(tmp_path, [kind, "q", "Question", "", "", constraint]).items[0]
    assert (item.minimum, item.maximum) == bounds


def test_an_option_that_must_be_alone_is_exclusive(tmp_path):
    constraint = 'not(selected(.,"personne") and count-selected(.)>1)'
    item = form(tmp_path, ["select_multiple qui", "q", "Question", "", "", constraint]).items[0]
    assert item.exclusive == ("personne",)


def as_text(folder, *sheets):
    lines = [line for name, rows in sheets for line in ([name], *(["", *map(str, row)] for row in rows))]
    width = max(map(len, lines))
    return save(folder, delimited([[*line, *[""] * (width - len(line))] for line in lines], ","), "f.csv")


def test_a_text_holds_the_sheets_one_below_the_other(tmp_path):
    path = as_text(tmp_path, ("survey", [SURVEY[:3], *(row[:3] for row in QUESTIONS)]), ("choices", CHOICES))
    reader = recognised(path)
    found = items(reader.read(path))
    assert list(found) == ["eleve", "age", "note", "aide"]
    assert list(found["aide"].choices) == ["mentor", "ami", "personne"]


def test_a_text_of_the_survey_sheet_alone_is_a_form_too(tmp_path):
    rows = [["type", "name", "label", "hint", "required"], ["integer", "age", "Âge", "", "yes"]]
    path = save(tmp_path, delimited(rows, ","), "survey.csv")
    assert [item.name for item in recognised(path).read(path).items] == ["age"]


def test_an_export_is_no_form(tmp_path):
    rows = [["type", "name", "label", "age"], ["a", "b", "c", "12"]]
    assert recognised(save(tmp_path, delimited(rows, ","))) is None


def test_an_old_workbook_that_cannot_be_opened_is_no_form(tmp_path):
    assert recognised(save(tmp_path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"survey" * 500, "a.xls")) is None


def test_a_survey_without_questions_is_refused(tmp_path):
    with pytest.raises(ImpactError, match="aucune question"):
        form(tmp_path)
