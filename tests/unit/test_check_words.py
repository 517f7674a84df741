"""What a check says and how: what waits in the study's own files, notes that ask, files given twice, sums."""

import re
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from impact import load, normalise, read_study, texts
from impact.check import examine
from impact.check.notes import ASKING, asks
from impact.check.page import page
from impact.check.plain import plain
from impact.cli import app
from tests.unit._exports import YES_NO, export, study
from tests.unit._loaders import delimited, save
from tests.unit._planted import HEADINGS, STUDY, checked, respondents, written

MARKS = {"fr": "À RÉGLER", "en": "TO SETTLE"}


def told(found, asked, language="fr", whole=True):
    """The page as plain text, its spaces plain ones."""
    shown = page(found, asked, texts.load(language), whole)
    said = [shown.verdict]
    for section in shown.sections:
        said += [section.verdict, *section.more]
        said += [line for one in section.points for line in (one.what, one.where, *one.more)]
        said += [cell for row in (section.table.rows if section.table else ()) for cell in row]
    return re.sub("[\u00a0\u202f]", " ", "\n".join(said))


def in_memory(found, asked):
    exports = found if isinstance(found, list) else [found]
    return examine(exports, normalise(exports, asked), asked)


# --- lines that init leaves ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", MARKS.values())
def test_what_init_left_to_settle_is_counted_with_its_place_and_words(mark, tmp_path):
    path = written(
        tmp_path, study=f"# {mark} : donnez son titre\n{STUDY}# {mark.lower()}: et ceci\n# Un {mark} : non\n"
    )
    questions = tmp_path / "questionnaire.toml"
    questions.write_text(f"\n# {mark} : nommez\n" + questions.read_text(encoding="utf-8"), encoding="utf-8")
    found = checked(path)
    (point,) = found.findings
    assert (point.kind, point.severity, point.facts["count"]) == ("unsettled", "settle", 3)
    last = STUDY.count("\n") + 2
    assert [(one.label, one.rows, one.text) for one in point.values] == [
        ("study.toml", (1,), "donnez son titre"),
        ("study.toml", (last,), "et ceci"),
        ("questionnaire.toml", (2,), "nommez"),
    ]
    said = told(found, read_study(path))
    assert "questionnaire.toml, ligne 2 : nommez" in said
    assert "1 point à régler" in said


def test_a_report_says_in_one_line_that_something_waits(tmp_path):
    folder = tmp_path / "mon étude"
    folder.mkdir()
    path = written(folder, study=f"# À RÉGLER : donnez son titre\n{STUDY}")
    done = CliRunner().invoke(app, ["analyse", str(path), "-o", str(tmp_path / "sortie")])
    assert done.exit_code == 0
    (line,) = [line for line in done.output.splitlines() if "À RÉGLER" in line]
    assert line.startswith("1 ligne ")
    assert f"'{path}'" in line  # as a shell takes it, for its folder has a space
    path.write_text(STUDY, encoding="utf-8")
    assert "À RÉGLER" not in CliRunner().invoke(app, ["analyse", str(path), "-o", str(tmp_path / "sortie")]).output


# --- one file under two names ----------------------------------------------------------------------------------------

TWO = [{"file": name, "group": "mentored"} for name in ("a.csv", "b.csv")]


def copied(change):
    questions = [{"id": f"q{n}", "kind": "single", "text": f"Q{n}", "choices": YES_NO} for n in range(12)]
    rows = [["Oui" if number >> n & 1 else "Non" for n in range(12)] for number in range(100, 160)]
    first = export([f"Q{n}" for n in range(12)], rows)
    second = export([f"Q{n}" for n in range(12)], change([list(row) for row in rows]), source="b.csv")
    return in_memory([first, second], study(questions, source=TWO))


def test_one_file_under_two_names_is_one_point_that_drops_no_row():
    (point,) = copied(lambda rows: rows).findings
    assert (point.kind, point.severity, point.source, point.facts["other"]) == ("same_file", "settle", "b.csv", "a.csv")
    assert point.lines == ()
    assert [one.kind for one in copied(lambda rows: rows[::-1]).findings] == ["same_file"]  # sorted otherwise
    assert "same_file" not in [one.kind for one in copied(lambda rows: rows[:30] + [["Oui"] * 12] * 30).findings]


# --- notes -----------------------------------------------------------------------------------------------------------

PLACEHOLDER = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize("language", texts.languages())
@pytest.mark.parametrize("key", ASKING)
def test_a_note_that_asks_is_known_by_its_sentence_in_any_language(key, language):
    words = texts.load(language)
    names = PLACEHOLDER.findall(words.entries[f"note.{key}"])
    filled = {name: f"« {name} » (1)" for name in names}
    assert asks(words(f"note.{key}", **filled)) == (key, filled)


def test_a_note_that_asks_is_a_point_and_any_other_a_remark():
    asked = study([{"id": "q", "kind": "single", "text": "Q", "choices": YES_NO}])
    words = texts.load()
    notes = (words("note.sphinx_count", announced=26, found=25), words("note.encoding", encoding="utf-8"))
    found = in_memory(replace(export(["Q"], [["Oui"], ["Non"]]), notes=notes), asked)
    (point,) = found.findings
    assert (point.kind, point.severity) == ("note", "look")
    assert found.sources[0].notes == notes[1:]
    assert texts.load("en")("note.sphinx_count", announced=26, found=25) in told(found, asked, "en")
    assert words("note.sphinx_count", announced=26, found=25) in told(found, asked)


@pytest.mark.parametrize(
    ("missing", "left"),
    [
        ([], ["96", "99"]),
        ([{"code": "96", "label": "Ne sait pas", "reason": "dont_know"}], ["99"]),
        ([{"code": code, "label": "L", "reason": "unknown"} for code in ("96", "99")], []),
        ([{"code": "nsp", "label": "Ne sait pas", "reason": "dont_know"}], ["99"]),  # known by its label
    ],
)
def test_only_codes_that_the_questionnaire_does_not_know_are_to_be_written(missing, left):
    asked = study([{"id": "ideal", "kind": "number", "text": "Ideal", "missing": missing}])
    labels = {0: {"96": "Ne sait pas", "99": "manquant"}}
    note = texts.load()("note.undeclared_missing", codes="Ideal 96 « Ne sait pas » (2), Ideal 99 « manquant » (1)")
    found = replace(export(["Ideal"], [["3"], ["96"], ["96"], ["99"], ["2"]], labels), notes=(note,))
    check = in_memory(found, asked)
    points = [one for one in check.findings if one.kind == "note"]
    assert [re.search(r'code = "(\d+)"', line.text)[1] for one in points for line in one.lines] == left
    assert check.sources[0].notes == ()


# --- how it is said --------------------------------------------------------------------------------------------------


def test_labels_that_are_figures_are_not_read_as_counts():
    choices = [{"code": f"p{n}", "label": str(n)} for n in range(1, 4)]
    asked = study(
        [
            {"id": "note", "kind": "single", "text": "Votre note", "choices": choices},
            {"id": "oui", "kind": "single", "text": "oui", "choices": YES_NO},
        ]
    )
    rows = [["3", "Oui"]] * 14 + [["1", "Non"]]
    said = told(in_memory(export(["Votre note", "oui"], rows), asked), asked)
    assert "15 réponses : « 1 » : 1 · « 2 » : 0 · « 3 » : 14" in said
    assert "15 réponses : Oui 14 · Non 1" in said
    assert "Votre note · note" in said
    assert "\noui\n" in said  # its text is its id: said once


def test_numbers_and_days_are_written_as_the_language_does():
    asked = study([{"id": "n", "kind": "number", "text": "N"}, {"id": "j", "kind": "date", "text": "J"}])
    found = in_memory(
        export(
            ["N", "J"],
            [
                ["0.01", "2011-01-01"],
                *[["0.044629", "2011-12-01"]] * 4,
                *[["1200", "2012-05-31"]] * 4,
                ["9999", "2019-01-01"],
            ],
        ),
        asked,
    )
    said = told(found, asked)
    assert "de 0,044629 à 1 200" in said
    assert "de 01/12/2011 à 31/05/2012" in said
    assert "9 999" not in said and "2019" not in said  # the greatest is someone's
    assert "from 0.044629 to 1,200" in told(found, asked, "en")
    (bounds,) = [one for one in plain(found, page(found, asked, texts.load()), asked, texts.load())["questions"][:1]]
    assert (bounds["fed"][0]["low"], bounds["fed"][0]["high"]) == ("0.044629", "1200")  # for a program


@pytest.mark.parametrize(("count", "said"), [(1, "1 fichier : 1 ligne reçue, 1 questionnaire gardé."), (2, "2 lignes")])
def test_one_is_no_plural(count, said):
    asked = study([{"id": "q", "kind": "single", "text": "Q", "choices": YES_NO}])
    assert said in told(in_memory(export(["Q"], [["Oui"]] * count), asked), asked)


def test_many_columns_without_a_question_are_two_lines_and_all_of_them_on_demand():
    asked = study([{"id": "q", "kind": "single", "text": "Q", "choices": YES_NO}])
    headings = ["Q", *(f"Remarque numéro {n}" for n in range(30))]
    rows = [["Oui", *("x" if n != 7 else "" for n in range(30))]] * 3
    found = in_memory(export(headings, rows), asked)
    short, whole = told(found, asked, whole=False), told(found, asked)
    assert "29 colonnes remplies : B à H, J à AE" in short
    assert "1 colonne vide : I" in short
    assert "Remarque numéro 4" not in short
    assert all(f"Remarque numéro {n} »" in whole for n in range(30))


@pytest.fixture
def coded(tmp_path):
    """Two files of which the second bears codes of its own for eight questions: "4" is "Tout à fait"."""
    source = '[[source]]\nfile = "b.csv"\ngroup = "non_mentored"\nrecode = {RECODE}\n\n[duration]'
    recode = ", ".join(f'accord_{n} = {{"1" = "a1", "2" = "a2", "3" = "a3", "4" = "a4"}}' for n in range(1, 9))
    path = written(tmp_path, study=STUDY.replace("[duration]", source.replace("RECODE", f"{{{recode}}}"[1:-1])))
    codes = {"Pas du tout": "1", "Plutôt pas": "2", "Plutôt": "3", "Tout à fait": "4"}
    rows = [[codes.get(cell, cell) for cell in row] for row in respondents(2, "B")]
    save(tmp_path, delimited([HEADINGS, *rows], ","), "b.csv")
    return path


def test_questions_that_differ_by_their_codes_alone_are_one_line(coded):
    asked = read_study(coded)
    exports = load(asked)
    found = examine(exports, normalise(exports, asked), asked)
    alike = [one.question for one in found.compared if one.verdict == "recodable"]
    assert len(alike) == 8
    short, whole = told(found, asked, whole=False), told(found, asked)
    assert "8 questions comparées, sous d’autres codes (b.csv)" in short
    assert "Affirmation numéro 3 · accord_3\ncomparée" not in short
    assert "Affirmation numéro 3 · accord_3\ncomparée, sous d’autres codes" in whole


@pytest.mark.parametrize(("option", "shown"), [([], 0), (["--tout"], 8), (["--format", "html"], 8)])
def test_the_terminal_sums_up_unless_it_is_asked_not_to(coded, option, shown):
    done = CliRunner().invoke(app, ["check", str(coded), *option])
    assert done.exit_code == 0
    said = re.sub(r"\s+", " ", re.sub("[\u00a0\u202f]", " ", re.sub("<[^>]+>", " ", done.output)))
    assert said.count(" comparée, sous d’autres codes") == shown
    assert said.count("8 questions comparées, sous d’autres codes") == (shown == 0)
