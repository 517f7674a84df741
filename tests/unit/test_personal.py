"""What leads to someone is known by value, heading and tool, and goes no further than the reading of its file."""

import json
import math
import time

import pandas as pd
import pytest
from typer.testing import CliRunner

from impact import keys, load, normalise, read_study, texts
from impact.check import examine
from impact.check.page import page
from impact.check.plain import plain
from impact.cli import app
from impact.drafting import draft, write
from impact.errors import ImpactError
from impact.loaders import _dropping, personal
from impact.synthesise import synthesise

REACHED = (
    "a.martin@asso.fr", "écris à a.b@c.org !", "06 12 34 56 78", "06.12.34.56.78", "0612345678", "+33 6 12 34 56 78",
    "+33(0)612345678", "0033612345678", "+41 79 123 45 67", "rappelle au 07-12-34-56-78 le soir", "192.168.0.1",
    "2001:db8::ff00:42:8329", "48.8566, 2.3522", "48°51'24\"N", "1 85 05 78 006 084 91", "255081416802538",
    "06\u202f12\u202f34\u202f56\u202f78", "06\u00a012\u00a034\u00a056\u00a078", "06  12  34  56  78", "06 123 456 78",
    "0612 345 678", "06 12 34 56 7 8", "0 6 1 2 3 4 5 6 7 8", "06-123-456-78", "O6 12 34 56 78", "o612345678",
    "06_12_34_56_78", "06,12,34,56,78", "6 12 34 56 78", "\uff10\uff16 12 34 56 78", "06\u200b12345678", "33612345678",
    "lea(at)gmail.com", "lea [at] gmail [dot] com", "lea @ gmail.com", "lea arobase gmail point com", "lea@gmail,com",
    "lea.martin@gmail", "LEA@GMAIL.COM",
    "1 99 12 2A 004 012 78", "FR76 3000 6000 0112 3456 7890 189", "https://exemple.fr/ana", "www.exemple.fr",
)  # fmt: skip
NOBODY = (
    "", "Tout à fait d'accord", "03-01-2022 10:11", "2022-03-01T10:11:12.000+01:00", "20220301101112", "01/02/2003",
    "12,5", "3 à 4 fois", "10:11:12", "00012345678", "123456789", "1 200 000", "1 85 05 78 006 084 90", "@ana",
    "0,25 0,50 0,75", "3.0612345678", "-0,0612345678", "0.00123456789", "12.185057800608491", "1.54999995231628",
    "0.612345678", "612345678", "0,612345678", "6.12345678", "01 02 2003 10 h 15", "03-01-2022-10:11", "2022-03-01-10",
    "0 1 2 3 4 5 6 7 8 9", "1 2 3 4 5 6 7 8 9 10", "0,1,2,3,4,5,6,7,8,9", "01,02,03,04,05,06,07,08", "06,07",
    "2021-2022", "6 123 456", "6 123 456 789", "AB612345678", "12.612345678", "content(e)",
    "arobase", "à 18 h @ la maison",
    "4.38000011444092", "C1 - Langue(s)", "1.2.3", "300.300.300.300",
)  # fmt: skip


@pytest.mark.parametrize("text", REACHED)
def test_a_way_to_reach_someone_is_known_within_any_text(text):
    assert personal.leads_to_someone(text)
    assert personal.leads_to_someone(f"Appelez-moi : {text} merci")


@pytest.mark.parametrize("text", NOBODY)
def test_an_answer_is_no_way_to_reach_someone(text):
    assert not personal.leads_to_someone(text)


@pytest.mark.parametrize(
    "seed",
    [
        "a",
        "a.",
        "@a.",
        "a@",
        "0 ",
        "1",
        "1.",
        "+1 ",
        "00",
        ":",
        "a:",
        "1 8",
        "FR76 ",
        "48.8566,",
        "0 6 ",
        "1 85 05 78 ",
        "0 1",
        "06,",
        "6 12 ",
        "a(at)",
        "a @ a.",
        "a.a.a.a@a.a.",
        " arobase ",
        "\u202f0",
        "\ufdfa",
    ],
)
def test_no_text_takes_longer_than_its_length(seed):
    text = (seed * 100_000)[:100_000]
    start = time.process_time()
    personal.leads_to_someone(text)
    personal.is_reached_by(text)
    assert time.process_time() - start < 2  # a pattern that goes back on its steps takes minutes


COLUMNS = {
    "scores": (["612345678", "123456789", "45", "3"], False),
    "weights": (["1.0612345678", "0.0687654321", "12,5"], False),
    "telephones that a spreadsheet took for numbers": (["612345678", "698765432"], True),
    "one of them among numbers": (["2", "3", "0", "612345678"], True),
    "one of them among words": (["oui", "non", "612345678"], True),
    "one telephone among numbers": (["2", "3", "0612345678"], True),
    "nothing": ([], False),
}  # fmt: skip


@pytest.mark.parametrize("name", COLUMNS)
def test_numbers_alone_are_measures_unless_they_are_telephones(name):
    texts, reached = COLUMNS[name]
    assert personal.reached(texts) is reached


QUESTIONS = """
[dimension.d]
label = "D"
[[question]]
id = "sorti"
kind = "single"
text = "Es-tu sorti ?"
choices = [{code = "oui", label = "Oui"}, {code = "non", label = "Non"}]
[[question]]
id = "mois"
kind = "number"
text = "Depuis combien de mois ?"
[[question]]
id = "avis"
kind = "text"
text = "Ton avis ?"
[[indicator]]
id = "i"
dimension = "d"
kind = "share"
question = "sorti"
counts = ["oui"]
label = "I"
"""
PEOPLE = 24


def made(folder, columns, study="", source="", questions=QUESTIONS):
    """A study of one file: two questions, and the columns given, heading to cells."""
    asked = {"Es-tu sorti ?": ["Oui", "Non"] * (PEOPLE // 2), "Depuis combien de mois ?": ["3", "8", "12"] * 8}
    first = {name: cells for name, cells in columns.items() if name == "Horodateur"}
    held = first | asked | columns
    rows = [";".join(held), *(";".join(row) for row in zip(*held.values(), strict=True))]
    (folder / "a.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (folder / "q.toml").write_text(questions, encoding="utf-8")
    (folder / "study.toml").write_text(
        f'[study]\ntitle = "T"\nyear = 2026\nquestionnaire = "q.toml"\n{study}\n'
        f'[[source]]\nfile = "a.csv"\ngroup = "mentored"\n{source}\n',
        encoding="utf-8",
    )
    return read_study(folder)


NAMES = [f"Zébulon{place:02d} Quintefeuille" for place in range(PEOPLE)]
WORDS = [f"ma voisine du numéro {place} m'a beaucoup aidé pendant tout cela" for place in range(PEOPLE)]
DROPPED = {
    "a name by its heading": ({"Prénom": NAMES}, "heading"),
    "a strong heading over nothing": ({"Nom de famille": [""] * PEOPLE}, "heading"),
    "a short heading that may name": ({"Ton contact": NAMES}, "heading"),
    "e-mails": ({"Champ 7": [f"a{place}@b.fr" for place in range(PEOPLE)]}, "values"),
    "one number in a free answer": ({"Champ 7": ["rien"] * (PEOPLE - 1) + ["appelle le 06 12 34 56 78"]}, "values"),
    "numbers of social security": ({"Champ 7": ["185057800608491"] * PEOPLE}, "values"),
    "addresses of machines": ({"Champ 7": [f"10.0.0.{place}" for place in range(PEOPLE)]}, "values"),
    "places": ({"Champ 7": ["48.8566, 2.3522"] * PEOPLE}, "values"),
    "words of one's own": ({"Champ 7": WORDS}, "unique"),
    "some words of one's own": ({"Champ 7": WORDS[:8] + [""] * (PEOPLE - 8)}, "text"),
    "a text that the questionnaire asks": ({"Ton avis ?": ["bien"] * PEOPLE}, "text"),
    "first names that come back": ({"Comment t'appelles-tu ?": ["Nora", "Tom", "Ali"] * 8}, "heading"),
    "names of mentors": ({"Mentor": ["Julie Martin", "Karim Benali", "Paul Roux"] * 8}, "heading"),
    "one who educates": ({"Éducateur référent": ["M. Durand", "Mme Petit"] * 12}, "heading"),
    "streets": ({"Où tu vis": ["12 rue des Lilas 75011 Paris", "3 av. Foch 92230 Gennevilliers"] * 12}, "heading"),
    "files that two share": ({"Dossier ASE": [str(2019000 + place // 2) for place in range(PEOPLE)]}, "heading"),
    "short numbers of files": ({"Matricule": ["#12", "#13"] * 12}, "heading"),
    "a birth that is told": ({"Je suis né le": ["1 mars 2005", "2 mai 2006"] * 12}, "heading"),
    "accounts": ({"Snapchat": ["lea93", "tom75", "zoe_", "max.b"] * 6}, "heading"),
    "post codes": ({"Code postal": ["75011", "92230"] * 12}, "heading"),
    "a birth": ({"Né le": ["1 mars 2005", "2 mai 2006"] * 12}, "heading"),
    "titles under any heading": ({"Champ 7": ["M. Durand", "Mme Petit"] * 12}, "values"),
    "streets under any heading": ({"Champ 7": ["12 bis, rue des Lilas", "3 place du Marché"] * 12}, "values"),
    "towns under any heading": ({"Champ 7": ["75011 Paris", "92230 Gennevilliers"] * 12}, "values"),
    "names under any heading": ({"Champ 7": ["Julie Martin", "BENALI Karim", "Paul Roux"] * 8}, "values"),
    "first names under any heading": ({"Champ 7": ["Nora", "tom", "Ali"] * 8}, "values"),
    "a telephone as French is typed": (
        {"Champ 7": ["oui", "non"] * 11 + ["non", "06\u202f12\u202f34\u202f56\u202f78"]},
        "values",
    ),
    "a number each": ({"Réf": [f"x{place}" for place in range(PEOPLE)]}, "unique"),
}


@pytest.mark.parametrize("name", DROPPED)
def test_what_leads_to_someone_is_dropped_as_the_file_is_read(name, tmp_path):
    columns, trace = DROPPED[name]
    (export,) = load(made(tmp_path, columns))
    column = export.columns[2]
    assert (column.heading, column.trace, column.personal) == (next(iter(columns)), trace, True)
    given = {text for cells in columns.values() for text in cells if text}
    held = export.cells[2].astype(str).tolist()
    assert not [text for text in given for cell in held if text in cell]
    assert not given & set(export.cells[2].cat.categories)


@pytest.mark.parametrize("heading", ["Code", "id_jeune", "N° de dossier", "Identifiant"])
def test_small_numbers_that_number_people_are_dropped(heading, tmp_path):
    (export,) = load(made(tmp_path, {heading: [str(100 + 3 * place) for place in range(PEOPLE)]}))
    assert export.columns[2].trace in ("unique", "heading")


def test_a_mark_is_the_same_for_the_same_text_alone_and_changes_at_each_run(tmp_path):
    study = made(tmp_path, {"Prénom": ["Ana", "Ana", "", "Bo"] * 6})
    first, second = (load(study)[0].cells[2].astype(str).tolist() for _ in range(2))
    assert first[0] == first[1] != first[3]
    assert first[2] == ""
    assert not set(first) & set(second) - {""}


KEPT = {
    "a closed question that no questionnaire names": {"Champ 7": ["Plutôt d'accord", "Plutôt pas d'accord"] * 12},
    "a place that comes back": {"Nom de ton établissement": ["Le Phare", "Les Tilleuls"] * 12},
    "a yes under a verb": {"T'es-tu déjà adressé à un psychologue ?": ["Oui", "Non"] * 12},
    "a frequency under a word of birth": {"Je ne le dis à personne": ["Jamais", "Parfois", "Très souvent"] * 8},
    "a yes under a telephone": {"As-tu un téléphone portable ?": ["Oui", "Non"] * 12},
    "a yes under an address": {"As-tu une adresse e-mail ?": ["Oui", "Non", "Je ne sais pas"] * 8},
    "a yes under a name": {"Connais-tu le nom de ton juge ?": ["Oui", "Non"] * 12},
    "a yes under a signature": {"As-tu compris avant la signature ?": ["Oui", "Non"] * 12},
    "a frequency under a network": {
        "Instagram, tous les jours ?": ["Tous les jours", "Moins d'une fois par semaine"] * 12
    },
    "homes of a kind": {"Où tu vis": ["En famille d'accueil", "En foyer", "MECS", "Chez mes grands-parents"] * 6},
    "mentors of a kind": {"Mentor": ["Étudiante", "Salarié", "Retraité"] * 8},
    "a home by its name": {"Foyer": ["MECS Les Tilleuls", "Foyer Bel Air"] * 12},
    "ages, nearly all different": {"Quel est votre âge ?": [str(15 + 2 * place) for place in range(PEOPLE)]},
    "weights": {"Poids": [f"{1 + place / 97:.4f}" for place in range(PEOPLE)]},
    "large measures": {"Revenu": [f"{1200 + place}.5" for place in range(PEOPLE)]},
    "numbers as long as a telephone": {"Habitants": ["612345678", "123456789", "45"] * 8},
    "a level": {"Niveau": ["1", "2", "3", "4"] * 6},
}


@pytest.mark.parametrize("name", KEPT)
def test_an_answer_that_comes_back_is_not_dropped(name, tmp_path):
    (export,) = load(made(tmp_path, KEPT[name]))
    assert [column.trace for column in export.columns] == ["", "", ""]
    assert export.cells[2].tolist() == next(iter(KEPT[name].values()))


def test_the_study_may_keep_a_column(tmp_path):
    study = made(tmp_path, {"Prénom": NAMES, "Tel": ["06 12 34 56 78"] * PEOPLE}, source='keep = ["prenom"]')
    (export,) = load(study)
    assert export.cells[2].tolist() == NAMES
    assert [column.trace for column in export.columns[2:]] == ["", "heading"]


def test_a_column_to_keep_that_is_not_there_is_said_with_the_nearest(tmp_path):
    with pytest.raises(ImpactError, match=r"Prénom.*C"):
        load(made(tmp_path, {"Prénom": NAMES}, source='keep = ["Prénon"]'))


def test_what_a_question_reads_is_kept_whatever_it_is_called(tmp_path):
    questions = QUESTIONS.replace('text = "Depuis combien de mois ?"', 'text = "Depuis ?"\ncolumns = ["Téléphone"]')
    study = made(tmp_path, {"Téléphone": [str(place) for place in range(PEOPLE)]}, questions=questions)
    assert normalise(load(study), study).answers["mois"].tolist() == list(range(PEOPLE))


def test_an_identifier_is_compared_and_not_kept(tmp_path):
    codes = [f"AB{place}" for place in range(PEOPLE - 1)] + ["AB0"]
    study = made(tmp_path, {"Code": codes}, study='identifier = "Code"')
    (export,) = load(study)
    assert not set(codes) & set(export.cells[2])
    problems = normalise([export], study).problems
    assert problems[problems["problem"] == "identifier_twice"]["row"].tolist() == [2, PEOPLE + 1]


# --- who answers again in another year -------------------------------------------------------------------------------

LINK = '[link]\ncolumn = ["Prénom", "Né le"]\nkey = "{key}"'


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "home"))
    return tmp_path / "home"


def wave(folder, names, key="parrainage", born="2004-05-06"):
    folder.mkdir()
    days = [born if name else "" for name in names]
    study = made(folder, {"Prénom": names, "Né le": days}, study=LINK.format(key=key))
    exports = load(study)
    return exports, normalise(exports, study).people["link"].tolist()


def test_the_same_person_has_the_same_digest_in_two_waves(home, tmp_path):
    exports, first = wave(tmp_path / "one", NAMES)
    _, second = wave(tmp_path / "two", [f" {name.upper()} " for name in reversed(NAMES)])
    assert second == first[::-1]
    assert len(set(first)) == PEOPLE and all(len(link) == 64 for link in first)
    assert not set(NAMES) & {str(text) for place in exports[0].cells for text in exports[0].cells[place]}
    assert "2004-05-06" not in set(exports[0].cells[3])


def test_another_key_another_birth_and_a_destroyed_key_cut_the_link(home, tmp_path):
    _, first = wave(tmp_path / "one", NAMES)
    _, other = wave(tmp_path / "two", NAMES, key="autre")
    _, younger = wave(tmp_path / "three", NAMES, born="2004-05-07")
    keys.place("parrainage").unlink()
    _, again = wave(tmp_path / "four", NAMES)
    assert not set(first) & {*other, *younger, *again}


def test_who_leaves_a_name_blank_is_linked_to_nobody(home, tmp_path):
    _, found = wave(tmp_path / "one", ["", *NAMES[1:]])
    assert found[0] == "" and all(found[1:])


def test_a_study_that_links_nobody_makes_no_key(home, tmp_path):
    study = made(tmp_path, {"Prénom": NAMES})
    assert set(normalise(load(study), study).people["link"]) == {""}
    assert not home.exists()


def test_a_column_that_links_and_is_not_there_is_said(home, tmp_path):
    with pytest.raises(ImpactError, match="Né le"):
        load(made(tmp_path, {"Prénom": NAMES}, study=LINK.format(key="parrainage")))


def test_the_check_says_what_was_dropped_why_and_where_the_key_is(home, tmp_path):
    columns = {"Prénom": NAMES, "Né le": ["2004-05-06"] * PEOPLE, "Champ 7": ["a@b.fr"] * PEOPLE, "Mot": WORDS}
    study = made(tmp_path, columns, study=LINK.format(key="parrainage"))
    exports = load(study)
    check = examine(exports, normalise(exports, study), study)
    said = "\n".join(line for section in page(check, study, texts.load(), whole=True).sections for line in section.more)
    for expected in ("Champ 7", "ce qu’on y lit", "Mot", "keep = [", "parrainage.key", "détruire"):
        assert expected in said
    assert "Quintefeuille" not in said and "a@b.fr" not in said


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2022-03-01T14:05:09", "2022-03-01T00:00:00"),
        ("01/03/2022 14:05:09", "01/03/2022 00:00:00"),
        ("2022/03/01 2:05:09 PM UTC+1", "2022/03/01 0:00:00 PM UTC+0"),
        ("2022-03-01", "2022-03-01"),
        ("", ""),
    ],
)
def test_the_moment_of_an_answer_loses_its_hour(written, read):
    cells = pd.Series([written, written], dtype="category")
    assert _dropping._without_clock(cells).tolist() == [read, read]


# --- days become ages and months -------------------------------------------------------------------------------------

AGE = """
[[question]]
id = "age"
kind = "number"
text = "Ton âge"
columns = ["Né(e) le"]
age_on = "{day}"
max = 30
"""
DAYS = ["2022-03-01 10:11", "2022-02-28 10:11", "2022-12-31 09:00"] * 8
BORN = ["01/03/2004", "01/03/2004", "31/12/2004", "02/03/2030", "pas envie", "", "28/02/1900", "1 mars 2003"] * 3


def aged(folder, day, columns):
    return made(folder, columns, questions=AGE.format(day=day) + QUESTIONS)


def test_a_birth_becomes_an_age_on_a_day_and_goes_no_further(tmp_path):
    study = aged(tmp_path, "2022-02-28", {"Né(e) le": BORN})
    exports = load(study)
    responses = normalise(exports, study)
    ages, reasons = responses.answers["age"].tolist()[:8], responses.reasons["age"].tolist()[:8]
    assert ages[:3] == [17, 17, 17] and ages[7] == 18
    assert all(map(math.isnan, ages[3:7]))
    assert reasons == ["", "", "", "implausible", "unknown", "no_answer", "implausible", ""]
    told = responses.problems[responses.problems["column"] == "C"]
    assert set(told["problem"]) == {"implausible", "not_a_date"} and set(told["value"]) == {""}
    check = examine(exports, responses, study)
    said = repr(check) + json.dumps(plain(check, page(check, study, texts.load()), study, texts.load()))
    assert "2004" not in said and "1900" not in said


def test_a_birth_becomes_an_age_on_the_day_of_the_answer(tmp_path):
    moments = {"Horodateur": [f"{day[8:10]}/{day[5:7]}/{day[:4]} {day[11:]}:00" for day in DAYS]}
    study = aged(tmp_path, "answer", moments | {"Né(e) le": BORN})
    (export,) = load(study)
    assert export.answered_on == 0
    assert normalise([export], study).answers["age"].tolist()[:3] == [18, 17, 18]


def test_an_age_needs_a_day(tmp_path):
    study = aged(tmp_path, "answer", {"Né(e) le": BORN})
    with pytest.raises(ImpactError, match="age_on"):
        normalise(load(study), study)


@pytest.mark.parametrize("day", ["2022-02-30", "hier", "2022"])
def test_a_day_that_is_none_is_refused(day, tmp_path):
    with pytest.raises(ImpactError, match="age_on"):
        aged(tmp_path, day, {"Né(e) le": BORN})


def test_neither_a_birth_nor_the_day_of_an_answer_is_left_in_the_answers(tmp_path):
    dates = "".join(
        f'\n[[question]]\nid = "{name}"\nkind = "date"\ntext = "{name}"\ncolumns = ["{column}"]\n'
        for name, column in (("debut", "debut"), ("date_naissance", "Naissance"), ("reponse", "Horodateur"))
    )
    moments = {"Horodateur": [f"{day[8:10]}/{day[5:7]}/{day[:4]} {day[11:]}:00" for day in DAYS]}
    columns = moments | {"debut": ["17/03/2021", "02/04/2021"] * 12, "Naissance": ["17/03/2004"] * PEOPLE}
    duration = '[duration]\nstart = "debut"\nuntil = "reponse"'
    study = made(tmp_path, columns, source=duration, questions=dates + QUESTIONS)
    responses = normalise(load(study), study)
    answers = responses.answers
    assert answers["debut"].dt.strftime("%Y-%m-%d").tolist() == ["2021-03-17", "2021-04-02"] * 12
    assert answers["reponse"].dt.strftime("%Y-%m-%d").tolist() == ["2022-03-01", "2022-02-01", "2022-12-01"] * 8
    assert 11 < responses.people["months"].iloc[0] < 12  # from the days themselves: from month to month it would be 12
    assert "date_naissance" not in answers


def test_a_birth_is_drafted_as_an_age_and_its_twin_has_one(tmp_path):
    born = [f"{1 + place:02d}/03/2004" for place in range(PEOPLE)]
    moments = {"Horodateur": [f"{day[8:10]}/{day[5:7]}/{day[:4]} {day[11:]}:00" for day in DAYS]}
    study = aged(tmp_path, "answer", moments | {"Né(e) le": born})
    write(draft([tmp_path / "a.csv"], tmp_path / "drafts"))
    drafted = (tmp_path / "drafts" / "questionnaire.toml").read_text(encoding="utf-8")
    assert 'age_on = "answer"' in drafted
    assert "/2004" not in drafted + (tmp_path / "drafts" / "study.toml").read_text(encoding="utf-8")
    synthesise(study, tmp_path / "twin", seed=1)
    twin = read_study(tmp_path / "twin")
    ages = normalise(load(twin), twin).answers["age"]
    assert ages.between(17, 18).all()
    assert not {day for day in born if day in (tmp_path / "twin" / "a.csv").read_text(encoding="utf-8")}


def test_a_draft_says_what_it_drops_and_writes_none_of_it(tmp_path):
    dropped = {
        name: columns for name, (columns, _) in DROPPED.items() if "Champ 7" not in columns and name != "a number each"
    }
    held = {heading: cells for columns in dropped.values() for heading, cells in columns.items()}
    study = made(tmp_path, held | KEPT["a yes under a telephone"])
    synthesise(study, tmp_path / "twin", seed=1)
    told = CliRunner().invoke(app, ["init", str(tmp_path / "a.csv"), "-o", str(tmp_path / "new")]).output
    drafted, questions = (
        (tmp_path / "new" / name).read_text(encoding="utf-8") for name in ("study.toml", "questionnaire.toml")
    )
    (keep,) = [line for line in drafted.splitlines() if line.startswith("# keep = ")]
    for heading in ("Comment t'appelles-tu ?", "Mentor", "Snapchat", "Dossier ASE", "Code postal"):
        assert heading in told and heading in keep
    assert "As-tu un téléphone portable ?" not in keep and "As-tu un téléphone portable ?" in questions
    values = {cell for cells in held.values() for cell in cells if len(cell) > 3} - {"bien"}
    twin = (tmp_path / "twin" / "a.csv").read_text(encoding="utf-8")
    assert not [cell for cell in values if cell in drafted + questions + told + twin]


def test_a_question_that_reads_a_personal_column_is_told(tmp_path):
    questions = QUESTIONS.replace('text = "Depuis combien de mois ?"', 'text = "Depuis ?"\ncolumns = ["Téléphone"]')
    study = made(tmp_path, {"Téléphone": ["3"] * (PEOPLE - 1) + ["0612345678"]}, questions=questions)
    exports = load(study)
    check = examine(exports, normalise(exports, study), study)
    (needed,) = check.sources[0].needed
    assert (needed[0].heading, needed[1]) == ("Téléphone", "mois")
    shown = page(check, study, texts.load())
    said = json.dumps(plain(check, shown, study, texts.load()), ensure_ascii=False) + repr(shown)
    assert "peut mener à quelqu’un" in said and '"why": "needed"' in said
    assert "0612345678" not in said
