"""`impact check` tells what was planted, all of it and nothing else, with the line that settles it."""

import random
from dataclasses import replace

import pytest

from impact import read_study, texts
from impact.check import examine
from impact.check.files import near_question
from impact.check.habits import directions
from impact.check.page import page
from impact.check.plain import plain
from impact.model import Column
from impact.normalise import normalise
from tests.unit._exports import YES_NO, export, study
from tests.unit._loaders import delimited, save
from tests.unit._planted import (
    AGREEMENT,
    HEADINGS,
    ITEMS,
    PLACE,
    STUDY,
    cell,
    checked,
    pasted,
    respondents,
    several,
    written,
)  # fmt: skip


def told(check):
    return [(finding.kind, finding.severity, finding.rows) for finding in check.findings]


def copied(from_row, to_row, *names):
    def plant(rows):
        for name in names:
            rows[to_row - 2][PLACE[name]] = rows[from_row - 2][PLACE[name]]

    return plant


def all_along(row, text):
    return several(*(cell(row, name, text) for name in ITEMS))


def blank_before(day_row, name):
    return several(*(cell(row, name, "") for row in range(2, day_row)))


# What is planted, and (kind, severity, rows) of what must be told.
PLANTED = {
    "nothing": (several(), []),
    "identifier": (copied(4, 9, "code"), [("identifier_twice", "settle", (4, 9))]),
    "answers": (copied(4, 9, "help", *ITEMS), [("same_answers", "look", (4, 9))]),
    "straight": (
        several(all_along(7, AGREEMENT[3]), all_along(11, AGREEMENT[0])),
        [("straight_line", "look", (7, 11))],
    ),
    "typo": (cell(5, "accord_3", "Tout a fai"), [("not_a_choice", "settle", (5,))]),
    "age": (cell(6, "age", "151"), [("implausible", "look", (6,))]),
    "worded": (cell(6, "age", "quinze"), [("not_a_number", "settle", (6,))]),
    "start after end": (cell(8, "start", "2023-12-31"), [("start_after_until", "look", (8,))]),
    "future": (
        several(cell(8, "start", "2024-06-01"), cell(8, "end", "")),
        [("date_after_answer", "look", (8,))],
    ),
    "test rows": (
        several(cell(3, "help", "test"), cell(3, "mail", "test")),
        [("not_a_choice", "look", (3,)), ("test", "settle", (3,))],
    ),
    "added later": (blank_before(20, "accord_8"), [("blank_until", "look", tuple(range(2, 20)))]),
    "two": (
        several(cell(5, "accord_3", "Bof"), cell(6, "age", "151")),
        [("not_a_choice", "settle", (5,)), ("implausible", "look", (6,))],
    ),
}


@pytest.mark.parametrize("name", PLANTED)
def test_what_is_planted_is_told_and_nothing_else(name, tmp_path):
    plant, expected = PLANTED[name]
    assert sorted(told(checked(written(tmp_path, plant)))) == sorted(expected)


@pytest.mark.parametrize(
    ("rule", "said"),
    [("minimum_base = 11", ""), ("minimum_base = 3", "minimum_base = 3"), ("minimum_answer = 4", "minimum_answer = 4"),
     ("minimum_base = 3\nminimum_answer = 1", "minimum_base = 3, minimum_answer = 1"),
     ("minimum_base = 3\naudience = 'internal'", "")],
)  # fmt: skip
def test_thresholds_under_those_advised_are_told(rule, said, tmp_path):
    path = written(tmp_path, PLANTED["nothing"][0], f"{STUDY}\n[disclosure]\n{rule}\n")
    found = checked(path)
    assert [(one.kind, one.severity, one.facts["written"]) for one in found.findings] == (
        [("lowered", "look", said)] if said else []
    )
    read = read_study(path)
    shown = page(found, read, texts.load("fr"))
    assert ("minimum_" in str(shown)) == bool(said)


SETTLED = {
    "identifier": "", "answers": "", "straight": "", "typo": "", "age": "15", "worded": "15",
    "start after end": "2022-12-31", "future": "2022-06-01", "added later": "",
}  # fmt: skip


@pytest.mark.parametrize("name", SETTLED)
def test_the_line_proposed_settles_what_was_told(name, tmp_path):
    path = written(tmp_path, PLANTED[name][0])
    found = checked(path)
    assert told(checked(pasted(path, found, SETTLED[name]))) == []


def test_a_key_that_is_there_takes_the_line_as_one_more_entry(tmp_path):
    source = 'file = "a.csv"\ngroup = "mentored"\n'
    already = STUDY.replace(source, source + 'drop_rows = [{rows = [30], reason = "test"}]\n')
    path = written(tmp_path, PLANTED["answers"][0], already)
    found = checked(path)
    assert [line.add_to for finding in found.findings for line in finding.lines] == ["drop_rows"]
    again = checked(pasted(path, found))
    assert told(again) == []
    assert again.sources[0].dropped == {"test": 1, "duplicate": 1}


def test_the_nearest_known_answer_is_proposed_and_not_applied(tmp_path):
    path = written(tmp_path, several(cell(5, "accord_3", "Tout a fai"), cell(9, "accord_3", "Tout a fai")))
    (finding,) = checked(path).findings
    assert [(value.text, value.rows, value.near) for value in finding.values] == [("Tout a fai", (5, 9), "a4")]
    assert finding.place == ("I", "Affirmation numéro 3")
    assert [line.text for line in finding.lines] == ['recode.accord_3."Tout a fai" = "a4"']
    (fed,) = next(question for question in checked(path).questions if question.question == "accord_3").fed
    assert fed.blanks == {"unknown": 2}


def test_what_may_lead_to_someone_is_withheld(tmp_path):
    texts = ("Appelez-moi au 06 12 34 56 78", "Une histoire longue, que je n'ai jamais racontée à personne")
    path = written(tmp_path, several(cell(5, "accord_3", texts[0]), cell(6, "accord_3", texts[1])))
    (finding,) = checked(path).findings
    assert [(value.text, value.rows) for value in finding.values] == [("", (5, 6))]
    assert finding.lines == ()


FREE = (
    'id = "accord_3"\nkind = "single"\ntext = "Affirmation numéro 3"\nscale = "accord"\n',
    'id = "accord_3"\nkind = "single"\ntext = "Affirmation numéro 3"\n'
    'choices = [{code = "a1", value = 1, label = "Pas du tout"}, {code = "a2", value = 2, label = "Plutôt pas"}, '
    '{code = "a3", value = 3, label = "Plutôt"}, {code = "a4", value = 4, label = "Tout à fait"}]\n',
)
LINES = {
    "a missing code that is there": (
        cell(5, "accord_3", "Je ne sais pas"), (), 'recode.accord_3."Je ne sais pas" = "nsp"',
    ),
    "one that is not": (
        cell(5, "accord_3", "Je ne sais pas"),
        FREE,
        'missing = [{code = "Je ne sais pas", label = "Je ne sais pas", reason = "dont_know"}]',
    ),
    "a unit": (cell(6, "age", "15 ans"), (), 'units = ["ans"]'),
    "a rough number": (cell(6, "age", "environ 15"), (), 'recode.age."environ 15" = "15"'),
    "a range": (cell(6, "age", "14-16"), (), 'recode.age."14-16" = "…"'),
    "texts of their own": (
        several(*(cell(row, "accord_3", text) for row, text in enumerate(("zut", "bof", "euh", "hum"), 5))),
        (),
        "other = true",
    ),
    "an option of a list": (
        cell(5, "help", "Parrain, Psycologue"), (), 'recode.aides."Psycologue" = "h2"',
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LINES)
def test_the_line_is_the_one_that_suits_what_stands_in_the_cell(name, tmp_path):
    plant, rewritten, line = LINES[name]
    path = written(tmp_path, plant)
    if rewritten:
        questions = path.with_name("questionnaire.toml")
        text = questions.read_text(encoding="utf-8")
        assert rewritten[0] in text
        questions.write_text(text.replace(*rewritten), encoding="utf-8")
    found = checked(path)
    assert [one.text for finding in found.findings for one in finding.lines] == [line]
    if "…" not in line:
        assert told(checked(pasted(path, found))) == []


def test_counts_are_those_of_the_file(tmp_path):
    rows = respondents()
    (fed,) = next(one for one in checked(written(tmp_path)).questions if one.question == "accord_5").fed
    written_as = [row[PLACE["accord_5"]] for row in rows]
    assert {one.code: one.times for one in fed.answers} == {
        f"a{n}": written_as.count(label) for n, label in enumerate(AGREEMENT, 1)
    }
    (fed,) = next(one for one in checked(written(tmp_path)).questions if one.question == "age").fed
    ages = [int(row[PLACE["age"]]) for row in rows]
    assert (fed.low, fed.high, fed.answered) == (str(min(ages)), str(max(ages)), len(ages))


def test_columns_that_no_question_takes_are_sorted_by_what_they_are(tmp_path):
    check = checked(written(tmp_path, headings=[*HEADINGS[:7], "Une colonne à soi", *HEADINGS[8:]]))
    (source,) = check.sources
    assert (source.tool, source.header, source.received) == ("google", (1,), 60)
    assert [place.heading for place in source.metadata] == ["Horodateur"]
    assert [place.heading for place in source.personal] == ["Adresse e-mail"]
    assert [(one.place, one.filled, one.near) for one in check.unmapped] == [(("H", "Une colonne à soi"), 60, "")]
    assert [(one.kind, one.question) for one in check.findings] == [("no_column", "accord_2")]
    assert check.findings[0].lines[0].text == 'absent = ["accord_2"]'


def test_a_question_without_column_is_shown_the_column_that_may_be_its_own(tmp_path):
    headings = [*HEADINGS]
    headings[PLACE["help"]] = "Quelles aides t'a-t-on données ?"
    path = written(tmp_path, headings=headings)
    found = checked(path)
    assert [(one.kind, one.question, one.place.letter) for one in found.findings] == [("no_column_near", "aides", "F")]
    assert [one.near for one in found.unmapped] == ["aides"]
    assert told(checked(pasted(path, found))) == []


def two_files(folder, plant):
    """The study and a second file, of the other young people."""
    rows = respondents(2, "B")
    plant(respondents(), rows)
    path = written(
        folder, study=STUDY.replace("[duration]", '[[source]]\nfile = "b.csv"\ngroup = "non_mentored"\n\n[duration]')
    )
    save(folder, delimited([HEADINGS, *rows], ","), "b.csv")
    return path


def same_answers(first, second):
    second[10][PLACE["help"] : PLACE["mail"]] = first[20][PLACE["help"] : PLACE["mail"]]


def same_code(first, second):
    second[10][PLACE["code"]] = first[20][PLACE["code"]]


def same_numbering(first, second):
    for one, two in zip(first, second, strict=True):
        two[PLACE["code"]] = one[PLACE["code"]]


@pytest.mark.parametrize(
    ("plant", "kind", "severity", "rows"),
    [
        (same_answers, "same_answers_across", "look", (12,)),
        (same_code, "identifier_across", "settle", (12,)),
        (same_numbering, "identifier_across", "look", tuple(range(2, 62))),
    ],
)
def test_who_stands_in_two_files_is_told_once_in_the_second(plant, kind, severity, rows, tmp_path):
    path = two_files(tmp_path, plant)
    (finding,) = checked(path).findings
    assert (finding.kind, finding.severity, finding.source, finding.rows) == (kind, severity, "b.csv", rows)
    if finding.lines:
        assert told(checked(pasted(path, checked(path)))) == []


@pytest.mark.parametrize(("width", "severity"), [(20, "settle"), (6, "look")])
def test_whole_rows_alike_are_sure_where_chance_does_not_make_them(width, severity):
    drawn = random.Random(5)
    rows = [[drawn.choice(("Oui", "Non")) for _ in range(width)] for _ in range(30)]
    found = export([f"Q{n}" for n in range(width)], [*rows, rows[0]])
    asked = study([{"id": f"q{n}", "kind": "single", "text": f"Q{n}", "choices": YES_NO} for n in range(width)])
    check = examine([found], normalise([found], asked), asked)
    (finding,) = [one for one in check.findings if one.kind == "same_row"]
    assert finding.severity == severity
    assert {2, 32} <= set(finding.rows)
    assert finding.lines[0].text == 'keep_duplicate = "first"'


OTHER_WORDS = "Les adultes qui m'entourent m'écoutent quand je parle de mes projets"


def test_what_was_asked_otherwise_waits_for_a_signature_and_the_lines_give_it(tmp_path):
    path = two_files(tmp_path, lambda first, second: None)
    export_of_others = tmp_path / "b.csv"
    text = export_of_others.read_text(encoding="utf-8")
    export_of_others.write_text(text.replace(HEADINGS[PLACE["accord_2"]], OTHER_WORDS), encoding="utf-8")
    renamed = path.read_text(encoding="utf-8").replace(
        'group = "non_mentored"\n', f'group = "non_mentored"\nrename = {{"{OTHER_WORDS}" = "accord_2"}}\n'
    )
    path.write_text(renamed, encoding="utf-8")
    found = checked(path)
    assert [(one.question, one.compared) for one in found.unsigned] == [("accord_2", False)]
    words = texts.load()
    shown = page(found, read_study(path), words)
    assert shown.verdict == "1 comparaison à signer."
    (section,) = [section for section in shown.sections if section.key == "sign"]
    assert OTHER_WORDS in section.points[0].more[0]
    lines = [line.replace('""', '"A. Martin"') for line in section.points[0].writes[0].lines]
    path.write_text("\n".join([renamed, *lines, ""]), encoding="utf-8")
    signed = checked(path)
    assert signed.unsigned == ()
    shown = page(signed, read_study(path), words)
    assert shown.verdict == "Rien à régler, rien à regarder."
    value = plain(signed, shown, read_study(path), words)["comparability"]
    assert [(one["signed_by"], one["compared"]) for one in value if one["signed_by"]] == [("A. Martin", True)]
    assert {tuple(one) for one in value} == {
        ("question", "verdict", "compared", "differences", "recode", "untold", "signed_by", "why", "line")
    }
    assert all(f"`{key}`" in plain.__doc__ for one in value for key in one)


def test_short_forms_are_alike_by_chance():
    questions = [{"id": f"q{n}", "kind": "single", "text": f"Q{n}", "choices": YES_NO} for n in range(6)]
    rows = [["Oui" if number >> n & 1 else "Non" for n in range(6)] for number in (*range(64), *range(64))]
    found = export([f"Q{n}" for n in range(6)], rows)
    asked = study(questions, source=[{"file": "a.csv", "group": "mentored", "keep_duplicate": "first"}])
    assert examine([found], normalise([found], asked), asked).findings == ()


def test_a_scale_whose_questions_all_point_one_way_makes_no_straight_line(tmp_path):
    path = written(tmp_path, PLANTED["straight"][0])
    questions = path.with_name("questionnaire.toml")
    questions.write_text(questions.read_text(encoding="utf-8").replace('"lower"', '"higher"'), encoding="utf-8")
    assert told(checked(path)) == []


def test_the_direction_of_a_question_is_that_of_its_indicators():
    choices = [{"code": code, "label": code, "value": value} for code, value in (("a", 1), ("b", 2), ("c", 3))]
    asked = [{"id": name, "kind": "single", "text": name, "choices": choices} for name in "pqrs"]
    said = {"dimension": "d", "label": "L"}
    indicators = [
        {"id": "1", "kind": "share", "question": "p", "counts": ["c"], "better": "higher", **said},
        {"id": "2", "kind": "share", "question": "q", "counts": ["a"], "better": "higher", **said},
        {"id": "3", "kind": "mean", "question": "r", "better": "lower", **said},
        {"id": "4", "kind": "mean", "question": "s", "better": "neutral", **said},
    ]
    assert directions(study(asked, indicators)) == {"p": 1, "q": -1, "r": -1}


def test_short_headings_are_near_nothing():
    lacking = study([{"id": "age", "kind": "number", "text": "Âge"}]).questionnaire.question
    assert near_question(Column(0, ("Age",)), lacking) == ""


def test_two_sheets_of_one_file_are_two_sources():
    asked = study(
        [{"id": "q", "kind": "single", "text": "Q", "choices": YES_NO}],
        source=[
            {"file": "a.xlsx", "sheet": "Un", "group": "mentored"},
            {"file": "a.xlsx", "sheet": "Deux", "group": "non_mentored"},
        ],
    )
    one, two = export(["Q"], [["Oui"]]), export(["Q"], [["Oui"], ["Non"], ["Peut-être"]])
    exports = [replace(one, source="a.xlsx", sheet="Un"), replace(two, source="a.xlsx", sheet="Deux")]
    check = examine(exports, normalise(exports, asked), asked)
    assert [source.kept for source in check.sources] == [{"mentored": 1}, {"non_mentored": 3}]
    assert [(finding.sheet, finding.rows) for finding in check.findings] == [("Deux", (4,))]


def flagged(flags, roles=("", "metadata"), rows=(("Oui", "x"), ("Non", "y"), ("Oui", "y"), ("Non", "z"))):
    """The findings of a file of one question beside a column of the tool, its respondents flagged."""
    found = export(["Q", "État"], [list(row) for row in rows])
    columns = [replace(column, role=role) for column, role in zip(found.columns, roles, strict=True)]
    found = replace(found, columns=tuple(columns), flags=flags)
    asked = study([{"id": "q", "kind": "single", "text": "Q", "choices": YES_NO}])
    return examine([found], normalise([found], asked), asked).findings


@pytest.mark.parametrize(
    ("flag", "severity"), [("partial", "look"), ("preview", "settle"), ("test", "settle"), ("spam", "settle")]
)
def test_what_the_tool_says_against_a_row_is_told(flag, severity):
    (finding,) = flagged({3: flag, 4: flag})
    assert (finding.kind, finding.severity, finding.rows) == (flag, severity, (3, 4))
    assert finding.lines[0].text == f'drop_rows = [{{column = "État", is = ["y"], reason = "{flag}"}}]'


def test_rows_are_dropped_by_number_where_no_column_of_the_tool_tells_them_apart():
    by_number = 'drop_rows = [{rows = [2, 3], reason = "partial"}]'
    assert flagged({2: "partial", 3: "partial"})[0].lines[0].text == by_number
    assert flagged({2: "partial", 3: "partial"}, roles=("", "personal"))[0].lines[0].text == by_number


def test_rows_that_were_dropped_are_not_told_again():
    found = replace(export(["Q"], [["Oui"], ["Non"]]), flags={2: "test"})
    dropped = {"file": "a.csv", "group": "mentored", "drop_rows": [{"rows": [2], "reason": "test"}]}
    asked = study([{"id": "q", "kind": "single", "text": "Q", "choices": YES_NO}], source=[dropped])
    assert examine([found], normalise([found], asked), asked).findings == ()


def test_a_value_of_a_personal_column_is_never_shown():
    found = export(["Q"], [["Oui"], ["Léa"]])
    found = replace(found, columns=(replace(found.columns[0], role="personal"),))
    asked = study([{"id": "q", "kind": "single", "text": "Q", "choices": YES_NO}])
    (finding,) = examine([found], normalise([found], asked), asked).findings
    assert [(value.text, value.rows) for value in finding.values] == [("", (3,))]
    assert finding.lines == ()


def test_a_birth_is_dated_by_its_row_alone(tmp_path):
    path = written(tmp_path, cell(8, "start", "2024-06-01"))
    for file in (path, path.with_name("questionnaire.toml")):
        text = file.read_text(encoding="utf-8").replace('id = "debut"', 'id = "naissance"')
        file.write_text(text.replace('start = "debut"\nuntil = "fin"', 'question = "age"'), encoding="utf-8")
    (finding,) = checked(path).findings
    assert (finding.kind, finding.rows, finding.values) == ("date_after_answer", (8,), ())
    assert finding.lines[0].text == 'drop_rows = [{rows = [8], reason = "implausible"}]'


@pytest.mark.parametrize(("value", "rows"), [("210", (3,)), ("21", ())])
def test_an_age_that_nobody_has_is_told_without_bounds(value, rows):
    found = export(["Âge"], [["15"], [value]])
    asked = study([{"id": "age", "kind": "number", "text": "Âge"}])
    assert [one.rows for one in examine([found], normalise([found], asked), asked).findings] == ([rows] if rows else [])


@pytest.mark.parametrize(
    ("days", "order", "proofs", "said"),
    [
        (("03/04/2024", "05/06/2024"), "day_first", 0, "lues jour avant mois, faute de date qui le montre"),
        (("03/04/2024", "25/06/2024", "26/06/2024"), "day_first", 2, "2 dates ne se lisent qu’ainsi"),
        (("04/03/2024", "06/25/2024"), "month_first", 1, "1 date ne se lit qu’ainsi"),
        (("13/04/2024", "06/25/2024"), "unclear", 0, ""),
        (("2024-04-03", "3 avril 2024"), "", 0, ""),
    ],
)
def test_the_order_of_days_and_months_is_shown_with_what_tells_it(days, order, proofs, said):
    found = export(["Début"], [[day] for day in days])
    made = study([{"id": "debut", "kind": "date", "text": "Début"}])
    check = examine([found], normalise([found], made), made)
    (fed,) = check.questions[0].fed
    assert (fed.order, fed.proofs) == (order, proofs)
    shown = "\n".join(str(section) for section in page(check, made, texts.load()).sections).replace("\u202f", " ")
    assert said in shown.replace("\u00a0", " ")
    assert ("avant mois" in shown or "avant jour" in shown) == bool(said)


def test_one_who_answered_twice_is_found_though_nobody_else_filled_the_same_cells():
    rng = random.Random(7)
    rows = [[rng.choice(("Oui", "Non")) for _ in range(30)] for _ in range(60)]
    rows[9][3] = ""  # what they left blank, nobody else did
    rows.append(list(rows[9]))
    numbered = [[str(number), *row] for number, row in enumerate(rows)]
    found = export(["id", *(f"Q{place}" for place in range(30))], numbered)
    columns = (replace(found.columns[0], role="metadata"), *found.columns[1:])
    made = study([{"id": f"q{n}", "kind": "single", "text": f"Q{n}", "choices": YES_NO} for n in range(30)])
    found = replace(found, columns=columns)
    (told,) = examine([found], normalise([found], made), made).findings
    assert (told.kind, told.severity, told.rows) == ("same_row", "look", (11, 62))
