"""What `impact init` proposes from exports, and that a study stands on it as it is."""

import csv
import tomllib
from itertools import cycle, islice
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as some
from typer.testing import CliRunner

from impact import analyse, load, normalise, read_study
from impact.cli import app
from impact.drafting import draft, toml, write
from impact.drafting.wording import slug
from impact.errors import ImpactError

DEFAULT = Path(__file__).parents[2] / "data" / "koreis2022"
HOMEWORK = "Je fais mes devoirs."


def drafted(paths, folder):
    """The study that `init` writes in a folder from some files, and the draft itself."""
    made = draft(paths, folder)
    write(made)
    return made, read_study(folder)


def table(folder, columns, name="jeunes_mentores.csv"):
    """A file of these columns, each heading with the answers that come round until the longest is at its end."""
    size = max(30, *(len(cells) for cells in columns.values()))
    rows = zip(*(islice(cycle(cells), size) for cells in columns.values()), strict=True)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows([list(columns), *rows])
    return folder / name


def asked(folder, heading, cells):
    """The question that a draft makes of one column, None where it makes none; beside an age."""
    _, study = drafted([table(folder, {heading: cells, "Quel âge as-tu ?": ["12", "15"]})], folder)
    return next((one for one in study.questionnaire.question if heading in (*one.texts, *one.columns)), None)


def labels(question):
    return [choice.label for choice in question.choices]


def test_the_default_study_is_drafted_from_its_exports(tmp_path):
    exports = [DEFAULT / name for name in ("jeunes_mentores.csv", "jeunes_sans_mentor.sav", "mentors.xlsx")]
    made, study = drafted(exports, tmp_path / "study")
    assert [source.group for source in study.sources] == ["mentored", "non_mentored", "mentor"]
    assert study.duration is not None
    assert study.question(study.duration.question).text.startswith("Depuis combien de mois as-tu un mentor")
    assert list(study.questionnaire.dimension)[:4] == ["socio_affective", "daily_life", "ambition", "schooling"]
    responses = normalise(load(study), study)
    assert len(responses.people) == 164 + 175 + 202
    for target in (tmp_path / "study").iterdir():
        assert target.suffix == ".toml" or target.stat().st_mode & 0o777 == 0o600
    assert made.files == draft(exports, tmp_path / "other").files


def test_nothing_is_written_over(tmp_path):
    exports = [DEFAULT / "mentors.xlsx"]
    drafted(exports, tmp_path)
    with pytest.raises(ImpactError, match=r"study\.toml existe déjà"):
        draft(exports, tmp_path)
    (tmp_path / "study.toml").unlink()
    (tmp_path / "questionnaire.toml").unlink()
    with pytest.raises(ImpactError, match=r"mentors\.xlsx : un autre fichier"):
        draft(exports, tmp_path)


def test_an_export_below_the_folder_stays_where_it_is(tmp_path):
    path = table(tmp_path / "exports", {HOMEWORK: ["Jamais", "Souvent", "Parfois"]})
    made, study = drafted([path], tmp_path)
    assert study.sources[0].file == "exports/jeunes_mentores.csv"
    assert made.standing.copies == ()


def test_what_is_to_settle_is_told_where_it_stands(tmp_path):
    made, _ = drafted([DEFAULT / "mentors.xlsx"], tmp_path)
    assert made.settle
    for name, line, sentence in made.settle:
        written = (tmp_path / name).read_text(encoding="utf-8").splitlines()
        assert written[line - 1] == f"# À RÉGLER : {sentence}"
    marked = sum(text.count("\n# À RÉGLER : ") for text in made.files.values())
    assert len(made.settle) == marked


@pytest.mark.parametrize(
    ("cells", "kind", "expected"),
    [
        (["Oui", "Non"], "single", ["Oui", "Non"]),
        (["1", "0"], "single", ["Oui", "Non"]),
        (["Très souvent", "Jamais", "Parfois"], "single", ["Jamais", "Parfois", "Très souvent"]),
        (["D'accord", "Pas du tout d’accord"], "single", ["Pas du tout d’accord", "D'accord"]),
        (["Satisfait·e", "Pas du tout satisfait·e"], "single", ["Pas du tout satisfait·e", "Satisfait·e"]),
        (["Strongly agree", "Disagree"], "single", ["Disagree", "Strongly agree"]),
        (
            ["Plus de 12 mois", "Moins de 6 mois", "De 6 à 12 mois"], "single",
            ["Moins de 6 mois", "De 6 à 12 mois", "Plus de 12 mois"],
        ),
        (["2 ans", "moins de 18 mois"], "single", ["moins de 18 mois", "2 ans"]),
        (["3", "1", "5", "2", "4"], "single", ["1", "2", "3", "4", "5"]),
        (["12", "15,5", "7"], "number", []),
        (["12 mois", "3 mois", "7"], "number", []),
        (["01/02/2022", "13/02/2022"], "date", []),
        (["Lecture;Sport", "Sport", "Lecture"], "multiple", ["Lecture", "Sport"]),
        (
            ["Un cours, en ligne, Un livre", "Un livre", "Un cours, en ligne"], "multiple",
            ["Un cours, en ligne", "Un livre"],
        ),
    ],
)  # fmt: skip
def test_what_a_column_asks_is_told_by_its_answers(cells, kind, expected, tmp_path):
    question = asked(tmp_path, "Et pour toi, c'est comment ?", cells)
    assert (question.kind, sorted(labels(question), key=expected.index)) == (kind, expected)
    if kind == "single":
        assert labels(question) == expected


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("Ne sait pas", "dont_know"), ("NSP", "dont_know"), ("Je ne sais pas", "dont_know"),
        ("Préfère ne pas répondre", "refused"), ("Refus", "refused"), ("Non concerné·e", "not_applicable"),
        ("Sans objet", "not_applicable"), ("NR", "no_answer"), ("Sans réponse", "no_answer"),
    ],
)  # fmt: skip
def test_words_for_no_answer_are_missing_with_their_reason(word, reason, tmp_path):
    question = asked(tmp_path, "Te sens-tu bien ?", ["Oui", "Non", "Oui", word])
    assert labels(question) == ["Oui", "Non"]
    assert [(one.label, one.reason) for one in question.missing] == [(word, reason)]


def test_what_fewer_than_three_wrote_is_other_and_is_not_written(tmp_path):
    cells = ["Train", "Vélo", "Train", "Vélo"] * 10 + ["Avec Lucas du foyer", "Trottinette de Lou"]
    question = asked(tmp_path, "Comment viens-tu ?", cells)
    assert sorted(labels(question)) == ["Train", "Vélo"]
    assert question.other
    pages = "".join(path.read_text(encoding="utf-8") for path in tmp_path.glob("*.toml"))
    assert not any(name in pages for name in ("Lucas", "Lou"))


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("Qu'en dis-tu ?", [f"J'aime bien la rencontre numéro {n} avec lui" for n in range(40)]),
        ("Prénom du jeune", ["Lucas", "Lina", "Noé"]),
        ("Contact", ["lina@exemple.fr", "noe@exemple.fr"]),
        ("Joindre", ["06 12 34 56 78", "07 12 34 56 78"]),
        ("Machine", ["192.168.1.12", "192.168.1.13"]),
        ("Remarques", [f"{letter * 160}" for letter in "abc"]),
    ],
)
def test_what_is_personal_or_written_freely_is_left_out_by_its_heading(heading, cells, tmp_path):
    assert asked(tmp_path, heading, cells) is None
    pages = "".join(path.read_text(encoding="utf-8") for path in tmp_path.glob("*.toml"))
    assert heading in pages
    assert not any(cell in pages for cell in cells)


@pytest.mark.parametrize(
    ("file", "group"),
    [
        ("mentorés 2024.csv", "mentored"), ("filleuls.csv", "mentored"), ("jeunes-avec-mentor.csv", "mentored"),
        ("jeunes_sans_mentor.csv", "non_mentored"), ("non-mentorés.csv", "non_mentored"),
        ("témoins.csv", "non_mentored"), ("groupe contrôle.csv", "non_mentored"),
        ("mentors.csv", "mentor"), ("bénévoles_2024.csv", "mentor"),
        ("results-survey174non_mentored.csv", "non_mentored"),
    ],
)  # fmt: skip
def test_the_name_of_a_file_says_its_group(file, group, tmp_path):
    made, study = drafted([table(tmp_path, {HOMEWORK: ["Jamais", "Souvent"]}, file)], tmp_path)
    assert study.sources[0].group == group
    assert not any("qui a répondu" in sentence for _, _, sentence in made.settle)


def test_a_column_may_say_who_has_a_mentor(tmp_path):
    columns = {"Avez-vous un mentor ?": ["Oui", "Non"], HOMEWORK: ["Jamais", "Souvent", "Parfois"]}
    made, study = drafted([table(tmp_path, columns, "reponses.csv")], tmp_path)
    group = study.sources[0].group
    assert (group.column, group.mentored, group.non_mentored) == ("Avez-vous un mentor ?", ("Oui",), ("Non",))
    assert any("désigne chaque groupe" in sentence for _, _, sentence in made.settle)


def test_a_near_heading_is_proposed_and_not_taken(tmp_path):
    first = {"Cette année, as-tu manqué des cours sans bonne raison ?": ["Jamais", "Souvent"]}
    other = {
        "Cette année as-tu manqué les cours sans bonne raison": ["Jamais", "Parfois"],
        HOMEWORK: ["Jamais", "Souvent"],
    }
    paths = [table(tmp_path, first, "mentores.csv"), table(tmp_path, other, "temoins.csv")]
    _, study = drafted(paths, tmp_path)
    assert len(study.questionnaire.question) == 2
    page = (tmp_path / "study.toml").read_text(encoding="utf-8")
    proposed = next(line for line in page.splitlines() if line.startswith("# rename = "))
    near = study.questionnaire.question[0].id
    assert study.sources[1].absent == (near,)
    assert {"mentored", "non_mentored"} <= set(study.questionnaire.question[0].asked)
    confirmed = page.replace(f'absent = ["{near}"]\n', "").replace(proposed, proposed.removeprefix("# "))
    (tmp_path / "study.toml").write_text(confirmed, encoding="utf-8")
    study = read_study(tmp_path)
    responses = normalise(load(study), study)
    assert (responses.reasons[near] == "").all()


def test_a_form_gives_codes_words_conditions_and_what_stands_alone(tmp_path):
    survey = [
        ("type", "name", "label", "relevant"),
        ("select_one freq", "devoirs", "Je fais mes devoirs.", ""),
        ("select_multiple qui", "aide", "Qui t'aide ?", "${devoirs} = 'f3'"),
        ("integer", "age", "Quel âge as-tu ?", ""),
        ("text", "mot", "Un mot ?", ""),
    ]
    choices = [
        ("list_name", "name", "label"), ("freq", "f1", "Jamais"), ("freq", "f2", "Parfois"), ("freq", "f3", "Souvent"),
        ("qui", "q1", "Mon mentor"), ("qui", "q2", "Un ami"), ("qui", "q3", "Personne"),
    ]  # fmt: skip
    with xlsxwriter.Workbook(tmp_path / "formulaire.xlsx") as book:
        for name, lines in (("survey", survey), ("choices", choices)):
            sheet = book.add_worksheet(name)
            for place, line in enumerate(lines):
                sheet.write_row(place, 0, line)
    columns = {
        "devoirs": ["f1", "f3"],
        "aide": ["", "q1 q2", "", "q1"],
        "age": ["12", "15"],
        "mot": ["Bien", "Salut à Lou"],
    }
    export = table(tmp_path, columns)
    _, study = drafted([tmp_path / "formulaire.xlsx", export], tmp_path)
    homework, help_, age = study.questionnaire.question
    assert [(one.code, one.label) for one in homework.choices] == [
        ("f1", "Jamais"),
        ("f2", "Parfois"),
        ("f3", "Souvent"),
    ]
    assert (help_.kind, help_.only_if[0].question, help_.only_if[0].is_) == ("multiple", homework.id, ("f3",))
    assert age.kind == "number"
    estimates = analyse(normalise(load(study), study), study).estimates.set_index("indicator")
    assert estimates.loc[f"{homework.id}_f3", "estimate"] == 0.5
    assert estimates.loc[f"{help_.id}_q2", "n"] == 15


def test_a_form_alone_is_not_enough(tmp_path):
    with pytest.raises(ImpactError, match="Aucun de ces fichiers ne contient de réponses"):
        with xlsxwriter.Workbook(tmp_path / "f.xlsx") as book:
            book.add_worksheet("survey").write_row(0, 0, ("type", "name", "label"))
            book.get_worksheet_by_name("survey").write_row(1, 0, ("integer", "age", "Âge"))
        draft([tmp_path / "f.xlsx"])


HOSTILE = [
    'Dis "oui" ?',
    "a\\b ?",
    "# À RÉGLER : rien",
    "[[question]]",
    "Un\nretour ?",
    "Tab\tici",
    "{x} ?",
    "'''",
    "é\u2028?",
]


def test_a_scale_stays_one_whatever_a_few_wrote_beside_it(tmp_path):
    own = [f"plutôt {number} fois" for number in ("deux", "trois", "six", "dix", "vingt", "trente", "cent")]
    cells = [*["Jamais", "Parfois", "Souvent", "Toujours"] * 25, *own]
    made, study = drafted([table(tmp_path, {"À quelle fréquence lis-tu ?": cells})], tmp_path)
    (question,) = study.questionnaire.question
    assert (question.kind, question.other, len(question.choices)) == ("single", True, 4)
    assert not any(text in "".join(made.files.values()) for text in own)


def test_a_sign_that_turns_the_text_behind_it_is_written_by_its_number(tmp_path):
    turning = "Ton \u202eavis\u2066 ?"
    made, study = drafted([table(tmp_path, {turning: ["Oui", "Non\u202e", "Oui"] * 3})], tmp_path)
    assert not set("".join(made.files.values())) & {"\u202e", "\u2066"}
    assert (normalise(load(study), study).reasons == "").all(axis=None)


def test_headings_of_any_sign_make_files_that_are_read(tmp_path):
    made, study = drafted([table(tmp_path, {one: ["Oui", "Non", "Oui"] for one in HOSTILE})], tmp_path)
    assert len(study.questionnaire.question) == len(HOSTILE)
    assert (normalise(load(study), study).reasons == "").all(axis=None)
    assert sum(text.count("\n# À RÉGLER : ") for text in made.files.values()) == len(made.settle)


@given(some.text())
@settings(max_examples=300)
def test_any_text_is_written_so_that_it_is_read_back(text):
    written = f"{toml.table([(text, toml.string(text))])}"
    if not any("\ud800" <= sign <= "\udfff" for sign in text):
        assert tomllib.loads(f"x = {written}") == {"x": {text: text}}
    assert tomllib.loads("\n".join([*toml.comment(text), "x = 1"])) == {"x": 1}
    assert all(sign in "abcdefghijklmnopqrstuvwxyz0123456789_" for sign in slug(text))


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["absent.csv"], 1, "absent.csv : ce fichier n’existe pas"),
        ([], 2, "Il manque « EXPORT… »"),
        ([str(DEFAULT / "mentors.xlsx"), "--language", "de"], 1, "La langue « de » n’existe pas"),
    ],
)
def test_a_fault_is_a_sentence(arguments, status, words, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    found = CliRunner().invoke(app, ["init", *arguments])
    assert found.exit_code == status
    if status == 1:
        assert words in found.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_command_says_what_was_written_and_what_comes_next(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # where no make stands
    found = CliRunner().invoke(app, ["init", str(DEFAULT / "mentors.xlsx"), "-o", str(tmp_path / "mon étude")])
    assert found.exit_code == 0, found.stderr
    lines = found.stdout.splitlines()
    assert lines[0].startswith("mentors.xlsx : copié dans")
    assert lines[-1] == f"Ensuite : impact check '{tmp_path}/mon étude' puis impact report '{tmp_path}/mon étude'"
    assert any(line.startswith("1. study.toml, ligne ") for line in lines)


def indicators(study):
    return {(one.question, *one.counts) for one in study.questionnaire.indicator}


@pytest.mark.parametrize(("ticks", "proposed"), [(0, False), (4, False), (5, True), (35, True), (36, False)])
def test_an_option_has_a_figure_only_where_the_report_may_print_it(ticks, proposed, tmp_path):
    sport = ["1"] * 20 + ["0"] * 20
    other = ["1"] * ticks + ["0"] * (40 - ticks)
    heads = {"Que fais-tu ? [Sport]": sport, "Que fais-tu ? [Dessin]": ["0"] * 10 + ["1"] * 30}
    _, study = drafted([table(tmp_path, {**heads, "Que fais-tu ? [Jeux]": other})], tmp_path)
    counted = {counts for _, *counts_ in indicators(study) for counts in counts_}
    assert {"sport", "dessin"} <= counted
    assert ("jeux" in counted) == proposed
    page = (tmp_path / "questionnaire.toml").read_text(encoding="utf-8")
    assert ("moins de 5 personnes" in page) != proposed


def test_a_figure_is_proposed_only_where_each_group_allows_it(tmp_path):
    paths = [
        table(tmp_path, {HOMEWORK: ["Souvent"] * 20 + ["Jamais"] * 20}, "mentores.csv"),
        table(tmp_path, {HOMEWORK: ["Souvent"] * 4 + ["Jamais"] * 36}, "temoins.csv"),
    ]
    made, study = drafted(paths, tmp_path)
    assert not indicators(study)
    assert made.indicators == 0


def test_where_no_figure_is_proposed_the_command_gives_one_to_copy(tmp_path):
    path = table(tmp_path, {HOMEWORK: ["Souvent"] * 4 + ["Jamais"] * 36})
    found = CliRunner().invoke(app, ["init", str(path), "-o", str(tmp_path)])
    lines = [line.strip() for line in found.stdout.splitlines() if line.startswith("    ")]
    assert lines[0] == "[[indicator]]"
    assert "Retirez la ligne « indicator = [] »" in " ".join(found.stdout.split())
    page = tmp_path / "questionnaire.toml"
    written = page.read_text(encoding="utf-8").replace("indicator = []\n", "") + "\n" + "\n".join(lines) + "\n"
    page.write_text(written, encoding="utf-8")
    assert len(read_study(tmp_path).questionnaire.indicator) == 1


def test_the_column_of_the_group_has_no_figure(tmp_path):
    columns = {"Avez-vous un mentor ?": ["Oui", "Non"], HOMEWORK: ["Jamais", "Jamais", "Souvent", "Souvent"]}
    _, study = drafted([table(tmp_path, columns, "reponses.csv")], tmp_path)
    texts = {study.question(one.question).text for one in study.questionnaire.indicator}
    assert texts == {HOMEWORK}


@pytest.mark.parametrize("codes", [[*range(100, 140)], [f"AB{n}" for n in range(100, 140)]])
@pytest.mark.parametrize("again", [0, 1, 3])
def test_codes_that_hardly_come_back_tell_respondents_apart(codes, again, tmp_path):
    """One of forty is someone who answered twice, whom the identifier lets `check` find; three are a shared code."""
    cells = [str(code) for code in codes]
    cells[40 - again :] = cells[:1] * again
    drafted([table(tmp_path, {"Code du ménage": cells, HOMEWORK: ["Jamais", "Souvent"]})], tmp_path)
    page = (tmp_path / "study.toml").read_text(encoding="utf-8")
    assert ('# identifier = "Code du ménage"' in page) == (again < 2)
    assert ("grappe" in page) == (again > 1)


@pytest.mark.parametrize(
    ("name", "heading", "proposed"),
    [
        ("mentores.csv", "Depuis combien de mois as-tu un mentor ?", True),
        ("mentores.csv", "Depuis combien de mois es-tu accompagné·e ?", True),
        ("mentores.csv", "Depuis combien de mois es-tu accompagné·e par l'ASE ?", False),
        ("sans_mentor.csv", "Depuis combien d'années es-tu accompagné·e par l'ASE ?", False),
        ("sans_mentor.csv", "Depuis combien de mois es-tu au foyer ?", False),
    ],
)
def test_a_duration_is_that_of_the_mentored(name, heading, proposed, tmp_path):
    drafted([table(tmp_path, {heading: ["3", "8", "12", "20", "31"], HOMEWORK: ["Jamais", "Souvent"]}, name)], tmp_path)
    assert ("[duration]" in (tmp_path / "study.toml").read_text(encoding="utf-8")) == proposed
