"""One LimeSurvey survey in two files: as it was exported, and as somebody headed and coded it anew by hand."""

import shutil

import pandas as pd
import pytest

from impact import load, normalise
from tests.unit._exports import study
from tests.unit._loaders import read

XLSX, TSV = "results-survey4914.xlsx", "results-survey4914.tsv"
OWN = {
    "accueil": {"bien": "Bien", "excellent": "Excellent", "moyen": "Moyen", "mauvais": "Accueil laisse à désirer"},
    "transport": {"tp": "Transports publics (train, bus, etc.)", "auto": "Voiture privée", "moto": "Moto, scooter",
                  "velo": "Vélo", "a_pied": "À pied", "autre": "Autre"},
    "sexe": {"H": "Un homme", "F": "Une femme"},
    "pays": {"CH": "Suisse", "D": "Allemagne", "F": "France"},
    "canton": {"AI": "Appenzell Rhodes-Intérieures", "AG": "Argovie", "BE": "Berne", "FR": "Fribourg", "GE": "Genève",
               "JU": "Jura", "LU": "Lucerne", "NE": "Neuchâtel", "SZ": "Schwyz", "SO": "Soleure", "TI": "Tessin",
               "UR": "Uri", "VS": "Valais", "VD": "Vaud", "ZG": "Zoug", "ZH": "Zurich"},
    "loisirs": {"bien": "Bonne", "super": "Excellente", "moyen": "Moyenne",
                "mauvais": "L'offre devrait être améliorée"},
    "visite": {"Y": "Oui", "N": "Non"},
}  # fmt: skip
NUMBERS = ("temps", "age")
OTHER = ("pays",)  # one text of their own, which the file made by hand codes anew
BOXES = {
    "sources": {"source_journal": "Journal quotidien", "source_radio": "Radio", "source_internet": "Internet",
                "source_amis": "Par des collègues et/ou amis"},
    "jours": {"visite_samedi": "Samedi", "visite_dimanche": "Dimanche"},
    "avec": {"accomp_seul": "Seul", "accomp_conjoin": "Avec mon conjoint / ma conjointe",
             "accomp_famille": "En famille", "accomp_amis": "Avec des amis"},
}  # fmt: skip
ASKED = {
    "accueil": ("Globalement, comment jugez-vous l'accueil?", "accueil"),
    "transport": ("Quel moyen de transport avez-vous utilisé pour vous rendre sur place?", "moyen_transport"),
    "sexe": ("Vous êtes:", "sexe"),
    "temps": ("Combien de temps avez-vous mis pour vous rendre sur place? (en minutes)", "temps_pour_venir"),
    "age": ("Quel est votre âge?", "age"),
    "pays": ("Vous habitez dans quel pays?", "pays"),
    "canton": ("Dans quel canton?", "canton"),
    "loisirs": ("Comment jugez-vous l'offre pour des activités de loisirs}?", "offre_activites_loisirs"),
    "visite": ("Est-ce que vous avez participé aux journées du patrimoine vaudois?", "participation_journees"),
    "sources": ("À quelle(s) source(s) avez-vous eu recours pour vous informer sur le week-end Caves Ouvertes?", ""),
    "jours": ("Quel(s) jour(s) avez-vous fait des visites?", ""),
    "avec": ("Vous êtes venu:", ""),
}


def questions():
    for name, (text, heading) in ASKED.items():
        asked = {"id": name, "text": {"fr": text}, "columns": [heading] if heading else []}
        if name in BOXES:
            choices = [{"code": code, "label": label, "columns": [code]} for code, label in BOXES[name].items()]
            yield {**asked, "kind": "multiple", "choices": choices}
        elif name in NUMBERS:
            yield {**asked, "kind": "number"}
        else:
            choices = [{"code": code, "label": label} for code, label in OWN[name].items()]
            missing = [{"code": "N/A", "reason": "no_answer"}]
            yield {**asked, "kind": "single", "choices": choices, "missing": missing, "other": name in OTHER}


@pytest.fixture
def responses(shared, tmp_path, monkeypatch):
    for name in (XLSX, TSV):
        shutil.copy(shared / "limesurvey_patrimoine" / name, tmp_path)
    monkeypatch.chdir(tmp_path)

    def of(name):
        made = study(list(questions()), source=[{"file": name, "group": "mentored"}])
        return normalise(load(made), made)

    return of


@pytest.mark.parametrize("name", ASKED)
def test_both_files_say_the_same(name, responses):
    first, second = (responses(file).answers for file in (XLSX, TSV))
    columns = [column for column in first if column.partition("/")[0] == name]
    assert columns
    if name == "visite":  # seven that the export does not have were made a "no" by hand
        added = first[name].isna()
        assert added.sum() == 7 and set(second.loc[added, name]) == {"N"}
        first, second = first[~added], second[~added]
    pd.testing.assert_frame_equal(first[columns], second[columns])
    assert first[columns].notna().any(axis=1).sum() > 200


def test_both_files_have_the_same_respondents_row_by_row(shared):
    first, second = (read(shared / "limesurvey_patrimoine" / name) for name in (XLSX, TSV))
    assert first.cells[[0, 1]].astype(object).equals(second.cells[[0, 1]].astype(object))
    assert len(first.columns) - 1 == len(second.columns) == 2 + len(ASKED) - len(BOXES) + sum(map(len, BOXES.values()))


def test_only_the_export_knows_who_was_not_asked(responses):
    """N/A in every box: 124 people, of whom the file made by hand says "no" to every box."""
    first, second = (responses(file).reasons["sources"].value_counts() for file in (XLSX, TSV))
    assert first["not_asked"] == 124
    assert "not_asked" not in second
    assert first[""] == second[""]
