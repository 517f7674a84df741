"""Small studies whose exports the writers of tests/dialects make: what the mutants are made from."""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from datetime import date, time, timedelta
from pathlib import Path
from random import Random
from types import ModuleType
from zipfile import ZIP_DEFLATED

import pandas as pd
import pyreadstat

from impact import load, normalise, read_study
from tests.dialects import google, kobo, limesurvey, microsoft, plain, qualtrics, spss, stata, surveymonkey
from tests.dialects._cohort import Cohort
from tests.dialects._table import joined, rows
from tests.unit.test_loaders_workbook import opendocument, workbook

RESPONDENTS = 12
QUESTIONNAIRE = """
[dimension.d]
label = {fr = "La scolarité", en = "Schooling"}

[[scale]]
id = "frequence"
choices = [
  {code = "jamais", label = "Jamais", value = 1},
  {code = "souvent", label = "Souvent", value = 2},
  {code = "toujours", label = {fr = "Toujours", en = "Always"}, value = 3},
]
missing = [{code = "nsp", label = "Ne sait pas", reason = "dont_know"}]

[[question]]
id = "absence"
kind = "single"
text = "Absent·e"
scale = "frequence"

[[question]]
id = "aides"
kind = "multiple"
text = "Qui t'a aidé·e ?"
choices = [
  {code = "educ", label = "Un éducateur"},
  {code = "ami", label = "Un ami, ou une amie"},
  {code = "non", label = "Personne"},
]

[[question]]
id = "age"
kind = "number"
text = "Quel âge as-tu ?"
min = 6
max = 21
only_if = {question = "absence", is_not = ["jamais"]}

[[question]]
id = "arrivee"
kind = "date"
text = "Quand es-tu arrivé·e ?"

[[question]]
id = "mois"
kind = "number"
text = "Mois de parrainage"

[[indicator]]
id = "absent"
dimension = "d"
question = "absence"
kind = "share"
counts = ["toujours"]
better = "lower"
label = "Très souvent absent·e"

[[indicator]]
id = "age_moyen"
dimension = "d"
question = "age"
kind = "mean"
label = "Âge"
"""
ABOUT = """[study]
title = "Une petite étude"
organisation = "Une association"
year = 2022
language = "fr"
questionnaire = "questionnaire.toml"
unit = {fr = "jeunes", en = "young people"}
"""
REST = """
[duration]
question = "mois"
threshold_months = 6
at_threshold = "over"

[analysis]
level = 0.95
adjust_for = ["age"]
primary = ["absent"]
smallest_useful_gap = 0.05

[disclosure]
audience = "public"
minimum_base = 11
minimum_answer = 5
"""
OVERRIDES = """rename = {"Mois de parrainage" = "mois"}
recode = {absence = {"Jamais !" = "jamais"}}
drop_rows = [{rows = [3], reason = "test"}]
keep_duplicate = "first"
encoding = "utf-8"
separator = ";"
header_row = 1
"""
SPLIT = """group = {column = "Absent·e", mentored = ["Jamais", "Ne sait pas"], non_mentored = ["Souvent", "Toujours"]}
"""
MOMENT = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ|\d\d [A-Z][a-z]{2} (\d{4} \d\d:\d\d|\d\d\d\d:\d\d:\d\d)")

Writer = Callable[[Cohort, Path], Mapping[str, object]]
# Exports whose headings only the default questionnaire knows: damaged or not, they are not read here.
UNKNOWN = ("limesurvey_abbreviated", "qualtrics_one_row")


def portable(people: Cohort, folder: Path) -> Mapping[str, object]:
    """SPSS's portable file, which knows no accents: codes under the names of the questions."""
    asked = [question for question in people.questions if question.kind != "multiple"]
    frame = pd.DataFrame({question.id.upper(): [said or "" for said in people.said(question)] for question in asked})
    pyreadstat.write_por(frame, folder / "a.por")
    return {"file": "a.por"}


def typed_spss(people: Cohort, folder: Path) -> Mapping[str, object]:
    """A system file with clocks, moments, days, decimals and a weekday, beside the answers."""
    ages = [float(said or 9) for said in people.said(people.questions[2])]
    forms = {"mois": "F8.2", "arrivee": "EDATE10", "heure": "TIME8", "debut": "DATETIME20", "jour": "WKDAY3"}
    frame = pd.DataFrame({"age": ages, **{name: [13_800_000_000 + 7 * age for age in ages] for name in forms}})
    pyreadstat.write_sav(frame, folder / "a.sav", variable_format=forms, missing_ranges={"mois": [98, 99]})
    return {"file": "a.sav"}


def typed_stata(people: Cohort, folder: Path) -> Mapping[str, object]:
    """The same for Stata, with its weeks."""
    ages = [float(said or 9) for said in people.said(people.questions[2])]
    forms = {
        "mois": "%9.0g",
        "arrivee": "%td",
        "heure": "%tcHH:MM",
        "debut": "%tc",
        "semaine": "%tw",
        "trimestre": "%tq",
    }
    frame = pd.DataFrame({"age": ages, **{name: [700 + age for age in ages] for name in forms}})
    pyreadstat.write_dta(frame, folder / "a.dta", variable_format=forms)
    return {"file": "a.dta"}


def typed_sheet(people: Cohort, folder: Path) -> Mapping[str, object]:
    """A workbook with every type of cell, cells in error, formulas with and without a result, and a second sheet."""
    headings = ("age", "arrivee", "mois", "ok", "heure", "durée", "total", "raté")
    row = (12, date(2022, 3, 1), 2.5, True, time(14, 5), timedelta(1.5), ("=A2+1", 13), ("=1/0", "#DIV/0!"))
    sheets = {"Réponses": (headings, *([row] * RESPONDENTS), ("x", "", "", ("=A2", ""))), "Noms": (("a",), (1,))}
    return {"file": workbook(folder / "a.xlsx", sheets).name}


def calc(people: Cohort, folder: Path) -> Mapping[str, object]:
    """LibreOffice's sheet, of texts."""
    return {"file": opendocument(folder / "a.ods", list(rows(joined(people, " | ")))).name}


def _of(*tools: ModuleType) -> tuple[Writer, ...]:
    return tuple(writer for tool in tools for name, writer in tool.WRITERS.items() if name not in UNKNOWN)


WRITERS: Mapping[str, tuple[Writer, ...]] = {
    "sav": (*_of(spss), typed_spss),
    "dta": (*_of(stata), typed_stata),
    "por": (portable,),
    "xlsx": (*_of(google, kobo, limesurvey, microsoft, plain), typed_sheet),
    "ods": (calc,),
    "csv": _of(google, kobo, limesurvey, plain, qualtrics, surveymonkey),
}


def plain_csv() -> str:
    """Answers of a few made-up young people, some blank."""
    chance = Random(2022)
    asked = ("Absent·e", "Qui t'a aidé·e ?", "Quel âge as-tu ?", "Quand es-tu arrivé·e ?", "Mois de parrainage")
    lines = [";".join(asked)]
    for _ in range(RESPONDENTS):
        absence = chance.choice(("Jamais", "Souvent", "Toujours", "Ne sait pas"))
        aides = chance.choice(("Un éducateur", "Un éducateur | Personne", "Un ami, ou une amie", ""))
        age = "" if absence == "Jamais" else str(chance.randint(6, 21))
        lines.append(f"{absence};{aides};{age};2022-03-{chance.randint(1, 28):02};{chance.randint(0, 24)}")
    return "\n".join(lines) + "\n"


def study(folder: Path, file: str, extra: str = "") -> Path:
    """A folder with a study on one export, its questionnaire beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "questionnaire.toml").write_text(QUESTIONNAIRE, encoding="utf-8")
    source = f'\n[[source]]\nfile = "{file}"\ngroup = "mentored"\n{extra}'
    (folder / "study.toml").write_text(ABOUT + source + REST, encoding="utf-8")
    return folder


def cohort(folder: Path) -> Cohort:
    """The few young people, freed from their file."""
    study(folder, "a.csv")
    (folder / "a.csv").write_text(plain_csv(), encoding="utf-8")
    read = read_study(folder)
    found = normalise(load(read), read)
    return Cohort(read, "mentored", found.answers, found.reasons, found.people["cluster"])


def exports(kind: str, folder: Path) -> list[bytes]:
    """What the writers of a kind make of them, those alone whose file is of this kind."""
    people = cohort(folder / "cohort")
    found = []
    for number, writer in enumerate(WRITERS[kind]):
        place = folder / f"{kind}{number}"
        place.mkdir()
        path = place / str(writer(people, place)["file"])
        if path.suffix in (f".{kind}", f".z{kind}"):
            found.append(_timeless(path.read_bytes()))
    return found


def _timeless(data: bytes) -> bytes:
    """An export without the moment when it was written, so that the same mutants come at every run."""
    if not data.startswith(b"PK"):
        return MOMENT.sub(lambda found: b"0" * len(found[0]), data)
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(held, "w") as made:
        for name in archive.namelist():
            made.writestr(zipfile.ZipInfo(name), MOMENT.sub(b"2022-03-01T00:00:00Z", archive.read(name)), ZIP_DEFLATED)
    return held.getvalue()


def studies(kind: str) -> list[bytes]:
    """Study files on the same export, that say little or much; or their questionnaire."""
    if kind == "questionnaire.toml":
        return [QUESTIONNAIRE.encode()]
    source = '\n[[source]]\nfile = "a.csv"\n'
    one = source + 'group = "mentored"\n'
    unadjusted = REST.replace('adjust_for = ["age"]\n', "")
    weighted = unadjusted.replace("[analysis]", '[design]\nweight = "mois"\n\n[analysis]')
    written = (one + unadjusted, one + OVERRIDES + unadjusted, source + SPLIT + REST, one + weighted, one)
    return [(ABOUT + rest).encode() for rest in written]
