"""The twin of a study: same files, rows, blanks and traps; no text of anybody's."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
import xlsxwriter

from impact import ImpactError, load, normalise, read_study
from impact.synthesise import synthesise
from impact.synthesise._values import dates_like, impossible, like, written_like

DEFAULT = Path(__file__).parents[2] / "data" / "koreis2022"

QUESTIONNAIRE = """
[dimension.schooling]
label = "La scolarité"

[[question]]
id = "mentor"
kind = "single"
text = "Avez-vous un mentor ?"
choices = [{code = "oui", label = "Oui"}, {code = "non", label = "Non"}]

[[question]]
id = "eleve"
kind = "single"
text = "Vas-tu à l'école ?"
choices = [{code = "oui", label = "Oui"}, {code = "non", label = "Non"}]

[[question]]
id = "devoirs"
kind = "single"
text = "Fais-tu tes devoirs ?"
only_if = {question = "eleve", is = ["oui"]}
choices = [
    {code = "souvent", label = "Souvent"}, {code = "parfois", label = "Parfois"}, {code = "jamais", label = "Jamais"},
]
missing = [{code = "nsp", label = "Ne sait pas", reason = "dont_know"}]

[[question]]
id = "soutiens"
kind = "multiple"
text = "Sur qui comptes-tu ?"
other = true
choices = [
    {code = "amis", label = "Mes amis, mes copains"}, {code = "famille", label = "Ma famille"},
    {code = "personne", exclusive = true, label = "Personne"},
]

[[question]]
id = "age"
kind = "number"
text = "Ton âge"
min = 11
max = 21
units = ["ans"]

[[question]]
id = "note"
kind = "number"
text = "Ta moyenne"

[[question]]
id = "debut"
kind = "date"
text = "Date de début"

[[question]]
id = "fin"
kind = "date"
text = "Date de fin"

[[question]]
id = "foyer"
kind = "text"
text = "Ton foyer"

[[question]]
id = "recit"
kind = "text"
text = "Raconte"

[[indicator]]
id = "devoirs_souvent"
dimension = "schooling"
question = "devoirs"
kind = "share"
counts = ["souvent"]
label = "Devoirs faits souvent"
"""

STUDY = """
[study]  # de vraies personnes
title = "Une petite étude"
year = 2024
questionnaire = "questions/questionnaire.toml"
identifier = "Numéro"
synthetic = false

[[source]]
file = "réponses.csv"
group = {column = "Avez-vous un mentor ?", mentored = ["Oui"], non_mentored = ["Non"]}
drop_rows = [{column = "Statut", is = ["Essai"], reason = "test"}, {rows = [10], reason = "duplicate"}]

[duration]
start = "debut"
until = "fin"

[design]
cluster = "foyer"
"""

HEADINGS = (
    "Numéro", "Horodatage", "Prénom", "Statut", "Avez-vous un mentor ?", "Vas-tu à l'école ?", "Fais-tu tes devoirs ?",
    "Sur qui comptes-tu ?", "Ton âge", "Ta moyenne", "Date de début", "Date de fin", "Ton foyer", "Raconte",
)  # fmt: skip
SECRETS = ("Yasmina", "Kévin", "yasmina@exemple.org", "Les Tilleuls", "Le Cèdre", "ma marraine Odile", "17,83", "MNOP")


def rows() -> "list[list[str]]":
    """Sixty answers: names, a rare grade, a free answer, an impossible age, a stop on the way, a test, a copy."""
    rng, made = np.random.default_rng(7), []
    for number in range(60):
        eleve = "Non" if number % 6 == 0 else "Oui"
        devoirs = ["Souvent", "Parfois", "Jamais", "Ne sait pas", ""][rng.choice(5, p=[0.4, 0.3, 0.15, 0.1, 0.05])]
        soutien = ["Mes amis, mes copains; Ma famille", "Ma famille", "Personne", "Mes amis, mes copains", ""][
            number % 5
        ]
        age = f"{12 + number % 8}" + (" ans" if number % 7 == 0 else "")
        dates = [f"{1 + number % 28:02d}/{1 + number % 12:02d}/2023", f"{1 + number % 28:02d}/06/2024"]
        made.append([
            f"MNOP{number}", "2024-03-01 10:00:00", ["Yasmina", "Kévin"][number % 2], "Complet",
            "Oui" if number % 3 else "Non", eleve, devoirs if eleve == "Oui" else "", soutien, age,
            f"{10 + number % 7},5", *dates, ["Les Tilleuls", "Le Cèdre", "Le Cèdre"][number % 3], "",
        ])  # fmt: skip
    made[3][7] = "Ma famille; ma marraine Odile"
    made[4][8] = "142"
    made[5][9] = "17,83"
    made[6][13] = "Écrire à yasmina@exemple.org\nmerci"
    made[8][6] = "de temps en temps, avec Yasmina"
    made[10] = [*made[10][:6], *[""] * 6, made[10][12], ""]
    made[12][3] = "Essai"
    made[14][4] = ""
    made.insert(7, list(made[2]))  # the eighth answer, on row 9, as a spreadsheet shows it
    return made


def write_study(folder: Path) -> Path:
    (folder / "questions").mkdir(parents=True)
    (folder / "questions" / "questionnaire.toml").write_text(QUESTIONNAIRE, encoding="utf-8")
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    lines = ['"' + '";"'.join(cell.replace('"', '""') for cell in row) + '"' for row in [HEADINGS, *rows()]]
    (folder / "réponses.csv").write_bytes(("\r\n".join([*lines, '"' + '";"' * 13 + '"']) + "\r\n").encode("cp1252"))
    return folder


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """A study of names and free texts, and its twin."""
    folder = write_study(tmp_path_factory.mktemp("real"))
    study = read_study(folder)
    twin = tmp_path_factory.mktemp("twin") / "out"
    written = synthesise(study, twin, 1)
    assert [path.relative_to(twin).as_posix() for path in written] == [
        "réponses.csv", "study.toml", "questions/questionnaire.toml",
    ]  # fmt: skip
    return study, read_study(twin)


@pytest.fixture(scope="module")
def both(pair):
    return tuple(normalise(load(study), study) for study in pair)


def test_no_text_of_anybodys_is_in_the_twin(pair):
    real, twin = ((study.folder / "réponses.csv").read_bytes().decode("cp1252") for study in pair)
    for secret in SECRETS:
        assert secret in real
        assert secret not in twin
    assert "texte synthétique" in twin


def test_the_twin_reads_as_the_file_does(pair):
    (real,), (twin,) = map(load, pair)
    assert [column.heading for column in twin.columns] == [*HEADINGS, "Données synthétiques"]
    assert twin.cells.index.equals(real.cells.index)
    assert twin.left_out == real.left_out and "blank_row" in real.left_out.values()
    assert twin.notes[:2] == real.notes[:2] and "cp1252" in real.notes[0]
    raw = (pair[1].folder / "réponses.csv").read_bytes()
    assert raw.count(b'";"') >= 60 * 13 and b"\r\n" in raw


def test_rows_keep_their_place_and_their_reason(both):
    real, twin = both
    assert twin.flow.equals(real.flow)
    assert set(real.flow["reason"]) >= {"test", "duplicate", "no_group", "blank_row"}
    assert twin.people[["row", "group"]].equals(real.people[["row", "group"]])


def test_clusters_keep_their_sizes_under_other_names(both):
    real, twin = (responses.people.groupby("group")["cluster"].value_counts() for responses in both)
    assert sorted(twin["mentored"]) == sorted(real["mentored"])
    assert set(twin.index.get_level_values("cluster")) == {"G01", "G02"}


def test_traps_are_kept_and_tell_nothing(both):
    real, twin = both
    assert sorted(twin.problems["problem"]) == sorted(real.problems["problem"])
    told = twin.problems.set_index("problem")["value"]
    assert told["implausible"] == "211"
    assert told["not_a_choice"] == "texte synthétique"


def test_routing_holds(both):
    _, twin = both
    home = twin.answers["eleve"] == "non"
    assert home.any()
    assert (twin.reasons.loc[home, "devoirs"] == "not_asked").all()
    assert (twin.reasons.loc[twin.answers["eleve"] == "oui", "devoirs"] != "not_asked").all()


def test_a_respondent_who_stopped_still_stops(tmp_path):
    study = read_study(write_study(tmp_path / "real"))
    assert normalise(load(study), study).reasons.iloc[9, 3:7].tolist() != [""] * 4
    twin = read_study(synthesise(study, tmp_path / "out", 3)[1])
    (export,) = load(twin)
    stopped = export.cells.iloc[11]  # the eleventh answer, below the copy
    assert stopped[4] and not any(stopped[place] for place in (6, 7, 8, 9, 10, 11))


def test_a_copy_is_a_copy(pair):
    for export in (load(study)[0] for study in pair):
        assert export.cells.loc[9, [0, *range(4, 13)]].tolist() == export.cells.loc[4, [0, *range(4, 13)]].tolist()


def test_months_stay_possible(both):
    months = [responses.people.loc[responses.people["group"] == "mentored", "months"] for responses in both]
    assert (months[1].dropna() >= 0).all()
    assert months[1].notna().sum() >= 0.8 * months[0].notna().sum()
    assert abs(months[0].median() - months[1].median()) < 4


def test_the_study_says_that_it_is_synthetic(pair):
    assert [study.about.synthetic for study in pair] == [False, True]
    text = (pair[1].folder / "study.toml").read_text(encoding="utf-8")
    assert text.count("synthetic") == 1 and "# de vraies personnes\nsynthetic = true\n" in text


def test_same_seed_same_bytes_another_seed_another_twin(pair, tmp_path):
    study = pair[0]
    first, again, other = (synthesise(study, tmp_path / name, seed)[0] for name, seed in [("a", 1), ("b", 1), ("c", 2)])
    assert first.read_bytes() == again.read_bytes() != other.read_bytes()


def test_the_study_itself_is_never_overwritten(pair):
    with pytest.raises(ImpactError) as found:
        synthesise(pair[0], pair[0].folder / "questions" / "..", 1)
    assert found.value.key == "synthesise_same_folder"


def test_a_study_table_without_its_line_is_refused(tmp_path):
    folder = write_study(tmp_path / "real")
    file = folder / "study.toml"
    text = file.read_text(encoding="utf-8").replace("[study]  # de vraies personnes", "[ study ]")
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ImpactError) as found:
        synthesise(read_study(folder), tmp_path / "out", 1)
    assert found.value.key == "synthesise_not_marked"


# --- the other formats -----------------------------------------------------------------------------------------------


def test_the_default_study_has_a_twin(tmp_path):
    study = read_study(DEFAULT)
    synthesise(study, tmp_path, 5)
    twin = read_study(tmp_path)
    real, made = load(study), load(twin)
    for one, other in zip(real, made, strict=True):
        assert [column.headings for column in one.columns] == [column.headings for column in other.columns]
        assert (one.sheet, one.format) == (other.sheet, other.format)
        for column, twin_column in zip(one.columns, other.columns, strict=True):
            assert column.labels == twin_column.labels or not twin_column.labels
            assert column.declared_missing == twin_column.declared_missing
    before, after = normalise(real, study), normalise(made, twin)
    assert after.flow.equals(before.flow)
    places = ["source", "column", "done"]  # rows move; what was typed is gone, and with it what it was
    assert after.problems[places].equals(before.problems[places])
    # Drawn at the group's own rates: 19 % of 145 is 28 ± 5 (one standard deviation), so within 15 and 41.
    often = (after.answers["absence"] == "tres_souvent") & after.members("non_mentored")
    assert 15 <= often.sum() <= 41


FORMATS = """
[study]
title = "Formats"
year = 2024
questionnaire = "questionnaire.toml"

[[source]]
file = "{file}"
group = "mentored"
"""
SMALL = """
[dimension.schooling]
label = "La scolarité"
[[question]]
id = "q1"
kind = "single"
text = "Une question"
choices = [{code = "a", label = "Alpha"}, {code = "b", label = "Bêta"}]
missing = [{code = "r", label = "Refus", reason = "refused"}]
[[question]]
id = "q2"
kind = "number"
text = "Un nombre"
[[question]]
id = "q3"
kind = "text"
text = "Un texte"
[[indicator]]
id = "alpha"
dimension = "schooling"
question = "q1"
kind = "share"
counts = ["a"]
label = "Alpha"
"""


def small_study(folder: Path, file: str):
    folder.mkdir()
    (folder / "questionnaire.toml").write_text(SMALL, encoding="utf-8")
    (folder / "study.toml").write_text(FORMATS.replace("{file}", file), encoding="utf-8")
    return folder / file


def frame(last: "list[object]") -> pd.DataFrame:
    codes = [1.0, 2.0, 9.0, 1.0, 2.0, 2.0, 7.0, 1.0, 2.0, 1.0, 1.0, *last]
    size = len(codes)
    return pd.DataFrame({
        "q1": codes, "q2": [float(number) / 4 for number in range(size)], "q3": ["Odile"] * size,
        "jour": pd.date_range("2023-05-01", periods=size), "lieu": [float(number % 2) for number in range(size)],
    })  # fmt: skip


LABELS = {"q1": {1: "Alpha", 2: "Bêta", 9: "Refus", 7: "Illisible"}, "lieu": {0: "Foyer Odile", 1: "Foyer Irma"}}


@pytest.mark.parametrize(("name", "twin_name"), [("a.sav", "a.sav"), ("a.zsav", "a.zsav"), ("a.por", "a.sav")])
def test_spss_keeps_labels_and_missing_codes(tmp_path, name, twin_name):
    path = small_study(tmp_path / "real", name)
    if name == "a.por":
        pyreadstat.write_por(frame([]), path)
    else:
        missing = {"q1": [9, 7]}
        pyreadstat.write_sav(
            frame([]), path, variable_value_labels=LABELS, missing_ranges=missing, compress=name == "a.zsav"
        )
    study = read_study(tmp_path / "real")
    written = synthesise(study, tmp_path / "twin", 1)
    assert written[0].name == twin_name
    assert written[0].read_bytes()[:4] == (b"$FL3" if name == "a.zsav" else b"$FL2")
    twin = read_study(tmp_path / "twin")
    (real,), (made,) = load(study), load(twin)
    if name == "a.por":  # holds no labels: its codes mean nothing to the questionnaire, and are shown as nines
        assert set(made.cells[0]) == {"99"}
        return
    assert made.columns[0].labels == real.columns[0].labels
    assert made.columns[0].declared_missing == real.columns[0].declared_missing == {"9", "7"}
    assert not made.columns[4].labels and b"Odile" not in written[0].read_bytes()
    reasons = [
        normalise(exports, one).reasons["q1"].value_counts() for exports, one in (((real,), study), ((made,), twin))
    ]
    assert reasons[1]["unknown"] == reasons[0]["unknown"] == 1  # declared missing, and not known to the questionnaire


def test_stata_keeps_tagged_missing_codes(tmp_path):
    path = small_study(tmp_path / "real", "a.dta")
    whole = frame([]).assign(q1=lambda data: data["q1"].astype(object).where(data["q1"] != 9, "r"))
    labels = {"q1": {1: "Alpha", 2: "Bêta", "r": "Refus", 7: "Illisible"}}
    pyreadstat.write_dta(whole, path, variable_value_labels=labels, missing_user_values={"q1": ["r"]})
    study = read_study(tmp_path / "real")
    synthesise(study, tmp_path / "twin", 4)
    (real,), (made,) = load(study), load(read_study(tmp_path / "twin"))
    assert ".r" in set(real.cells[0]) and real.columns[0].labels == made.columns[0].labels
    assert set(made.cells[0]) <= {"1", "2", ".r", "7"}
    assert [column.heading for column in made.columns][-1] == "SYNTH"


def test_a_workbook_keeps_its_title_its_total_and_its_notes(tmp_path):
    path = small_study(tmp_path / "real", "a.xlsx")
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet("Réponses Odile"[:8])
    page.write_row(0, 0, ["Enquête menée par Odile"])
    page.write_row(2, 0, ["Une question", "Un nombre", "Un texte", "Commentaire"])
    for row in range(20):
        page.write_row(3 + row, 0, ["Alpha" if row % 3 else "Bêta", row, "Odile", "vu par Odile"])
    page.write_row(24, 0, ["Note : Odile a relu"])
    book.close()
    study = read_study(tmp_path / "real")
    synthesise(study, tmp_path / "twin", 4)
    (real,), (made,) = load(study), load(read_study(tmp_path / "twin"))
    assert real.left_out == made.left_out == {1: "note", 2: "blank_row", 24: "blank_row", 25: "note"}
    assert made.sheet == "Réponses" and made.cells.index.equals(real.cells.index)
    assert not made.cells.isin(["Odile", "vu par Odile"]).any(axis=None)


# --- values ----------------------------------------------------------------------------------------------------------


def test_numbers_are_spread_alike_without_the_extremes():
    values = np.r_[np.random.default_rng(3).normal(50, 10, 500), 1000.0, -1000.0]
    made = like(values, values, 4000, np.random.default_rng(4))
    assert abs(np.median(made) - np.median(values)) < 2
    assert made.max() <= np.quantile(values, 0.95) and made.min() >= np.quantile(values, 0.05)
    assert not np.isin(made, values[(values > made.min()) & (values < made.max())]).any()


def test_one_respondent_alone_is_not_repeated():
    made = like(np.array([33.0]), np.arange(40.0), 200, np.random.default_rng(5))
    assert len(np.unique(made)) > 50


@pytest.mark.parametrize(
    ("value", "text", "units", "said"),
    [
        (7.4, "12", (), "7"), (7.44, "12,5", (), "7,4"), (7.44, "1.25", (), "7.44"),
        (7.4, "12 mois", ("mois",), "7 mois"),
        (7.4, "12 rue des Lilas", ("mois",), "7"), (1234.0, "1 500", (), "1234"), (-3.0, "2", (), "-3"),
    ],
)  # fmt: skip
def test_numbers_are_typed_alike(value, text, units, said):
    assert written_like(value, text, units) == said


def test_dates_are_written_alike():
    rng = np.random.default_rng(1)
    day = 19783.0  # 1 March 2024 is 19,783 days after 1 January 1970: 54 years of 365, 13 leap days, 31 + 29 days
    assert dates_like(np.array([day]), ["31/12/2023"], rng) == ["01/03/2024"]
    assert dates_like(np.array([day]), ["12/31/2023"], rng) == ["03/01/2024"]
    assert dates_like(np.array([day]), ["2023-12-31"], rng) == ["2024-03-01"]
    assert dates_like(np.array([day]), ["2023-12-31T08:00:00"], rng) == ["2024-03-01T00:00:00"]


def test_an_impossible_value_is_outside(pair):
    questions = pair[0].questionnaire.questions
    assert impossible(questions["age"]) == "211"
    assert impossible(questions["debut"]) == "2999-01-01"
