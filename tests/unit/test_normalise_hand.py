"""Answers typed by hand: lengths of time, ranges, approximations, words of silence, dates that Excel spoiled."""

import pytest

from impact.normalise import normalise
from impact.normalise.measures import spoken, why_no_number
from impact.normalise.quantities import number
from tests.unit._exports import YES_NO, export, study

MONTHS = {"id": "mois", "kind": "number", "text": "Depuis combien de mois ?", "units": ["mois", "ans"]}


def read(question, *values):
    """What the cells of one column say: answers, reasons, (value, problem, done) of each problem."""
    responses = normalise([export([question["text"]], [[value] for value in values])], study([question]))
    problems = responses.problems[["value", "problem", "done"]].to_numpy().tolist()
    return responses.answers.get(question["id"]), responses.reasons[question["id"]].tolist(), problems


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("12", 12), ("12 mois", 12), ("18mois", 18), ("2 ans", 24), ("1 an", 12), ("un an", 12), ("Une année", 12),
        ("1 an et demi", 18), ("un an et demi", 18), ("deux ans et demi", 30), ("1 an et 6 mois", 18), ("1,5 an", 18),
        ("1 an, 2 mois", 14), ("six mois", 6), ("6 mois et demi", 6.5), ("1 an ½", 18),
        ("1\u00a0an\u00a0et\u202fdemi", 18),
    ],
)  # fmt: skip
def test_a_length_of_time_is_months_where_the_question_says_so(text, months):
    assert number(text, ("mois", "ans")) == months


def test_a_unit_that_the_question_does_not_name_is_not_converted():
    assert number("2 ans", ("mois",)) is None
    assert number("un an et demi", ("mois",)) is None
    assert number("2 ans", ()) is None
    assert number("3 semaines", ("mois", "ans", "semaines")) is None  # no whole number of weeks in a month
    assert number("2 semaines", ("jours", "semaines")) == 14
    assert number("18 mois", ("ans", "mois")) == 1.5  # the first unit is what the question counts in
    assert spoken("pas un an", ("mois", "ans")) is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("6 - 12 mois", "range"), ("6-12", "range"), ("entre 6 et 12 mois", "range"), ("de 6 à 12", "range"),
        ("10 ou 11", "range"), ("moins d'un mois", "open_bound"), ("Moins d’un mois", "open_bound"),
        ("moins de 6 mois", "open_bound"), ("+ de 3 ans", "open_bound"), ("plus d'un an", "open_bound"),
        ("jusqu'à 15", "open_bound"), ("3 ans et plus", "open_bound"), ("< 6", "open_bound"), ("6+", "open_bound"),
        ("~10", "about"), ("environ 10", "about"), ("une dizaine", "about"), ("26 %", "unit_unknown"),
        ("4 €", "unit_unknown"), ("3 semaines", "unit_unknown"), ("15/20", "not_a_number"), ("bof", "not_a_number"),
        ("moins", "not_a_number"), ("plus de mentor", "not_a_number"),
    ],
)  # fmt: skip
def test_what_is_no_number_is_told_and_never_made_one(text, problem):
    assert number(text, ("mois", "ans")) is None
    assert why_no_number(text) == problem
    answers, reasons, problems = read(MONTHS, text, "3")
    assert answers.isna().tolist() == [True, False]
    assert reasons == ["unknown", ""]
    assert problems == [[text, problem, "set_aside"]]


@pytest.mark.parametrize("text", ["1 234,5", "1\u00a0234,5", "1\u202f234,5", "1234.5", " 1234,5 "])
def test_numbers_as_french_sheets_write_them(text):
    assert number(text) == 1234.5
    assert number("−3") == -3


@pytest.mark.parametrize(
    ("word", "problem"),
    [
        ("-", "says_no_answer"), ("NA", "says_no_answer"), ("nr", "says_no_answer"), ("?", "says_no_answer"),
        ("n.d.", "says_no_answer"), ("NSP", "says_dont_know"), ("Ne sait pas", "says_dont_know"),
        ("s.o.", "says_not_applicable"), ("sans objet", "says_not_applicable"), ("Refus", "says_refused"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["number", "date", "single", "other", "multiple"])
def test_a_word_of_silence_is_proposed_as_missing(kind, word, problem):
    question = {"id": "q", "text": "Question ?", "kind": "single" if kind == "other" else kind}
    if kind in ("single", "other", "multiple"):
        question |= {"choices": YES_NO, "other": kind == "other"}
    _, reasons, problems = read(question, word)
    assert reasons == ["unknown"]
    assert problems == [[word, problem, "set_aside"]]
    declared = question | {"missing": [{"code": "m", "label": word, "reason": "not_applicable"}]}
    assert read(declared, word)[1:] == (["not_applicable"], [])


@pytest.mark.parametrize("word", ["RAS", "Aucun", "0", "non"])
def test_nothing_to_report_is_an_answer(word):
    question = {"id": "q", "text": "Question ?", "kind": "single", "choices": [{"code": "a", "label": word}]}
    assert read(question, word)[1:] == ([""], [])
    other = {"id": "q", "text": "Question ?", "kind": "single", "choices": YES_NO, "other": True}
    assert read(other, word)[1:] == ([""], [])


DAY = {"id": "jour", "kind": "date", "text": "Quand ?"}


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("31/12/2023", "2023-12-31"), ("31/12/23", "2023-12-31"), ("31-12-23", "2023-12-31"),
        ("2023-12-31", "2023-12-31"), ("31 décembre 2023", "2023-12-31"), ("1er déc. 2023", "2023-12-01"),
        ("déc-23", "2023-12-01"), ("31-déc-23", "2023-12-31"), ("01/09/2022 00:00", "2022-09-01"),
        ("2022-09-01T00:00:00", "2022-09-01"),
    ],
)  # fmt: skip
def test_dates_as_people_write_them(text, day):
    assert read(DAY, text)[0].dt.strftime("%Y-%m-%d").tolist() == [day]


def test_a_date_that_excel_counts_is_told():
    _, reasons, problems = read(DAY, "45291", "31/12/2023", "12345678", "12")
    assert reasons == ["unknown", "", "unknown", "unknown"]
    assert [problem for _, problem, _ in problems] == ["date_serial", "not_a_date", "not_a_date"]


def test_dates_that_an_english_excel_swapped_are_set_aside():
    swapped = ["2022-01-03", "2022-05-04", "2022-12-12", "13/01/2022", "25/05/2022", "31/12/2022"]
    _, reasons, problems = read(DAY, *swapped)
    assert reasons == ["unknown"] * 3 + [""] * 3
    assert [problem for _, problem, _ in problems] == ["date_swapped"] * 3
    assert read(DAY, *swapped, "2022-06-20")[2] == []  # read after all: its day is above 12
    assert read(DAY, *swapped, "02/03/2022")[2] == []  # left as text though it could have been read


@pytest.mark.parametrize("sign", [", ", ";", " / ", " | ", "+", " + ", "\n", "; "])
def test_options_joined_by_hand(sign):
    choices = [
        {"code": "ami", "label": "Un ami, une amie"},
        {"code": "mentor", "label": "Mon mentor"},
        {"code": "autre", "label": "Autre (famille, voisins; collègues)"},
        {"code": "bac2", "label": "Bac+2"},
        {"code": "bac", "label": "Bac"},
    ]
    question = {"id": "q", "text": "Qui ?", "kind": "multiple", "choices": choices}
    for said in (["ami", "mentor"], ["autre", "ami"], ["bac2"], ["bac", "bac2", "autre"]):
        labels = [choice["label"] for code in said for choice in choices if choice["code"] == code]
        answers = normalise([export(["Qui ?"], [[sign.join(labels)]])], study([question]))
        assert answers.problems.empty
        ticked = {one["code"] for one in choices if answers.answers[f"q/{one['code']}"].tolist() == [1.0]}
        assert ticked == set(said)


def test_a_sum_inside_a_text_of_their_own_ticks_nothing():
    question = {"id": "q", "text": "Qui ?", "kind": "multiple", "choices": [{"code": "bac", "label": "Bac"}]}
    answers = normalise([export(["Qui ?"], [["Bac+3"]])], study([question]))
    assert answers.answers["q/bac"].tolist() == [0.0]
    assert answers.problems["problem"].tolist() == ["not_a_choice"]
