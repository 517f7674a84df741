"""Study files: what is wrong is said with its place and what to write, and nothing leads out of the folder."""

import re
import typing

import pytest
from pydantic import BaseModel

from impact import texts
from impact.errors import ImpactError
from impact.study import Published, Questionnaire, read_study
from impact.study.schema import StudyFile

STUDY = """
[study]
title = "T"
year = 2026
questionnaire = "questionnaire.toml"

[[source]]
file = "a.csv"
group = "mentored"
"""
QUESTIONNAIRE = """
[dimension.schooling]
label = {fr = "La scolarité"}

[[scale]]
id = "oui_non"
choices = [{code = 1, label = "Oui"}, {code = 0, label = "Non"}]
missing = [{code = "nsp", label = "Ne sait pas", reason = "dont_know"}]

[[question]]
id = "absence"
kind = "single"
text = {fr = "Absent ?"}
scale = "oui_non"

[[indicator]]
id = "absents"
dimension = "schooling"
kind = "share"
question = "absence"
counts = [1]
label = "Absents"
"""


@pytest.fixture
def read(tmp_path):
    def written(study=STUDY, questionnaire=QUESTIONNAIRE):
        (tmp_path / "study.toml").write_text(study, encoding="utf-8")
        (tmp_path / "questionnaire.toml").write_text(questionnaire, encoding="utf-8")
        return read_study(tmp_path)

    return written


def test_a_question_has_the_choices_of_its_scale_and_codes_are_texts(read):
    question = read().question("absence")
    assert question.codes == ("1", "0")
    assert [missing.reason for missing in question.missing] == ["dont_know"]


FAULTS_OF_STUDY = [
    ("year", "yeer", r"« yeer » n’existe pas\. Vouliez-vous écrire « year »"),
    (
        'group = "mentored"',
        'group = "mentors"',
        r"parmi : mentored \(jeunes mentorés\), non_mentored \(jeunes non mentorés\), mentor \(mentors\)",
    ),
    ('"a.csv"', '"../a.csv"', "hors du dossier"),
    ('"a.csv"', '"/etc/passwd"', "hors du dossier"),
    ('"questionnaire.toml"', '"koreis2021"', "aucun fichier livré"),
    ('"questionnaire.toml"', '"../q.toml"', "hors du dossier"),
    ("[study]", "[study", "ligne 2"),
    ("year = 2026", "year = 2026\nyear = 2027", "la clé « year » est écrite deux fois"),
    ("year = 2026", 'year = "deux mille"', "nombre entier"),
    ("[[source]]", '[duration]\nquestion = "mois"\n[[source]]', "« mois »"),
    ("[[source]]", '[analysis]\nprimary = ["absent"]\n[[source]]', "Vouliez-vous écrire « absents »"),
    ("[[source]]", "[analysis]\nlevel = 1.5\n[[source]]", "trop grand"),
    ("[[source]]", "[analysis]\nlevel = 95\n[[source]]", "0.95 veut dire 95"),
    ("[[source]]", "[analysis]\nsmallest_useful_gap = 5\n[[source]]", "0.05 veut dire 5"),
    ("[[source]]", "[analysis]\nsmallest_useful_gap = 1\n[[source]]", "0.05 veut dire 5"),
    ("[[source]]", "[analysis]\nsmallest_useful_gap = 0\n[[source]]", "trop petit"),
    ('group = "mentored"', 'group = "mentored"\nrename = {"Q1" = "absense"}', "plus proches : absence\\. Toutes"),
    ('file = "a.csv"\n', "", "il manque la clé « file »"),
    ("[[source]]", "[duration]\n[[source]]", "dites « question »"),
    ("[[source]]", '[duration]\nquestion = "absence"\nover = ["oui"]\n[[source]]', "« oui » \\(absence\\)"),
    ("[[source]]", '[design]\nweight = "absence"\n[[source]]', "doit être de genre"),
    ('group = "mentored"', 'group = {column = "C", mentored = ["Oui"], non_mentored = ["oui "]}', "écrit deux fois"),
    ('group = "mentored"', 'group = "mentored"\n[[source]]\nfile = "./a.csv"\ngroup = "mentor"', "écrit deux fois"),
    ('group = "mentored"', 'group = ["mentored"]', "study.toml"),
    ("[[source]]", "[source]", r"écrivez \[\[source\]\]"),
    ('"questionnaire.toml"', '"questionaire.toml"', "Vouliez-vous écrire « questionnaire.toml »"),
    ('group = "mentored"', 'group = "mentored"\n[[source]]\nfile = "a.csv"\ngroup = "non_mentored"', "écrit deux fois"),
    ("[[source]]", '[design]\nweight = "poids"\n[[source]]', "n’est pas une question du questionnaire"),
    ('group = "mentored"', 'group = "mentored"\nrecode = {absence = {"o" = "2"}}', "recode : « 2 »"),
    ('group = "mentored"', 'group = {column = "C", non_mentor = ["Non"]}', "Vouliez-vous écrire « non_mentored »"),
]


@pytest.mark.parametrize(("right", "wrong", "sentence"), FAULTS_OF_STUDY)
def test_faults_of_a_study_are_said(read, right, wrong, sentence):
    with pytest.raises(ImpactError, match=sentence) as fault:
        read(STUDY.replace(right, wrong))
    assert "study.toml" in str(fault.value) or "questionaire.toml" in str(fault.value)
    assert "{" not in str(fault.value).replace("{fr", "")


FAULTS_OF_QUESTIONNAIRE = [
    ('scale = "oui_non"', 'scale = "oui_nom"', "Vouliez-vous écrire « oui_non »"),
    ('scale = "oui_non"', "", "« choices » ou « scale »"),
    ("counts = [1]", "counts = [2]", "« 2 »"),
    ("counts = [1]", 'counts = ["nsp"]', "« nsp »"),
    ("counts = [1]", "", "counts ="),
    ('kind = "share"', 'kind = "mean"', "une moyenne a besoin de valeurs"),
    ('kind = "share"', 'kind = "part"', r"parmi : share \(une part, en %\), mean \(une moyenne\), index \("),
    ('dimension = "schooling"', 'dimension = "scooling"', "Vouliez-vous écrire « schooling »"),
    ('question = "absence"', 'question = "presence"', "« presence »"),
    ("[[indicator]]", '[[question]]\nid = "absence"\nkind = "text"\ntext = "x"\n[[indicator]]', "écrit deux fois"),
    ("label = {fr", "labl = {fr", "Vouliez-vous écrire « label »"),
    ('label = "Non"', 'label = "oui "', "deux réponses portent le libellé"),
    ('text = {fr = "Absent ?"}', 'text = "Absent ?"\nmin = "2"', "un nombre est attendu"),
    ('kind = "single"', 'kind = "date"\nmin = 3', "une date est attendue"),
    ('text = {fr = "Absent ?"}', 'text = "A"\nonly_if = {question = "absence", is = ["1"]}', "écrite avant elle"),
    ('kind = "share"', 'kind = "index"', "un indice a besoin d’indicateurs"),
    ('kind = "share"', 'kind = "index"\nitems = ["absents"]', "« absents »"),
]


@pytest.mark.parametrize(("right", "wrong", "sentence"), FAULTS_OF_QUESTIONNAIRE)
def test_faults_of_a_questionnaire_are_said(read, right, wrong, sentence):
    assert right in QUESTIONNAIRE
    with pytest.raises(ImpactError, match=sentence) as fault:
        read(questionnaire=QUESTIONNAIRE.replace(right, wrong))
    assert str(fault.value).startswith("questionnaire.toml")


def test_a_link_out_of_the_folder_is_refused(read, tmp_path):
    (tmp_path / "a.csv").symlink_to("/etc/hostname")
    with pytest.raises(ImpactError, match="hors du dossier"):
        read()


def test_a_study_file_that_is_not_utf8_is_said(read, tmp_path):
    read()
    (tmp_path / "study.toml").write_bytes(STUDY.replace("T", "é").encode("cp1252"))
    with pytest.raises(ImpactError, match="UTF-8"):
        read_study(tmp_path)


def test_nesting_without_end_is_said(read):
    with pytest.raises(ImpactError, match=r"study\.toml"):
        read(STUDY + "x = " + "[" * 5000)


def test_a_missing_study_is_said(tmp_path):
    with pytest.raises(ImpactError, match="n’existe pas"):
        read_study(tmp_path)


def test_the_bundled_questionnaire_goes_by_its_name(read):
    assert read(STUDY.replace("questionnaire.toml", "koreis2022")).questionnaire.dimension.keys() >= {"schooling"}


def test_every_fault_is_said_in_english_too(read):
    with pytest.raises(ImpactError) as fault:
        read(STUDY.replace("year", "yeer"))
    assert "Did you mean “year”?" in fault.value.say("en")


# What a person types by mistake: the lines after [study], the line told, what is said of it.
UNREAD = [
    (['file = "C:\\Users\\moi.csv"'], 2, "chemins avec « / »"),
    (['file = "données\\été.csv"'], 2, "chemins avec « / »"),
    (["title = “T”"], 2, r"\(“ ”\).*guillemets droits"),
    (["title = « T »"], 2, r"\(« »\).*guillemets droits"),
    (['counts = ["oui", “non”]'], 2, "guillemets droits"),
    (['title = "a"', "year = 1", 'title = "b"'], 4, "la clé « title » est écrite deux fois"),
    (["a = [", "1]", "a = [", "2,", "3]"], 4, "la clé « a » est écrite deux fois"),
    (["a = {b = 1, b = 2}"], 2, "la clé « b » est écrite deux fois"),
    (["a = 1", "[study]"], 3, r"la table \[study\] est écrite deux fois"),
    (['title = "T', "year = 1"], 2, "guillemet s’ouvre et ne se ferme pas"),
    (['title = T"', "year = 1"], 2, "un guillemet est de trop"),
    (['counts = ["a", "b"', "year = 1"], 2, "crochet.*ne se ferme pas"),
    (["choices = [", '{code = "a"},', "", "[[question]]"], 2, "crochet.*ne se ferme pas"),
    (["choices = [", '{code = "a"}', '{code = "b"},', "]"], 4, "virgule manque"),
    (['counts = ["a" "b"]'], 2, "virgule manque"),
    (["rename = {", '"a" = "b",', "}"], 2, "accolades"),
    (["[[source]", 'file = "a"'], 2, "se ferme comme il s’ouvre"),
    (["title = Enquête 2022"], 2, "guillemets autour du texte « Enquête 2022 »"),
    (["group = mentored"], 2, "guillemets autour du texte « mentored »"),
    (['missing = [{code = "nsp", label = Ne sait pas}]'], 2, "guillemets autour du texte « Ne sait pas »"),
    (["level = 0,95"], 2, r"point.*0\.95"),
    (["synthetic = Oui"], 2, "« Oui » s’écrit true"),
    (["title ="], 2, "rien ne suit"),
    (['title : "T"'], 2, "vient le signe « = »"),
    (['Ton âge = "age"'], 2, "espace, un accent"),
    (['title\u00a0= "T"'], 2, "espace insécable"),
    (['title = "l\'enquête "2022""'], 2, "de trop après la valeur"),
    (["title == 3"], 2, "ne peut pas être lue"),
]


@pytest.mark.parametrize(("lines", "line", "said"), UNREAD)
def test_a_line_that_cannot_be_read_is_named_with_what_is_wrong(tmp_path, lines, line, said):
    (tmp_path / "study.toml").write_text("\n".join(["[study]", *lines, ""]), encoding="utf-8")
    with pytest.raises(ImpactError, match=rf"^study\.toml, ligne {line} : .*(?:{said})"):
        read_study(tmp_path)


def test_a_windows_path_whose_signs_are_read_as_others_is_told(read):
    with pytest.raises(ImpactError, match=r"donnees\\notes\.csv.*chemins avec « / »"):
        read(study=STUDY.replace("a.csv", r"donnees\notes.csv"))


def test_a_study_that_notepad_renamed_is_found(read, tmp_path):
    read()
    (tmp_path / "study.toml").rename(tmp_path / "study.toml.txt")
    with pytest.raises(ImpactError, match=r"s’appelle « study\.toml\.txt ». Renommez-le « study\.toml »"):
        read_study(tmp_path)


def words_to_choose(annotation):
    """Every word that a model lets a person choose among others."""
    if typing.get_origin(annotation) is typing.Literal:
        yield from typing.get_args(annotation)
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for field in annotation.model_fields.values():
            yield from words_to_choose(field.annotation)
    for part in typing.get_args(annotation):
        yield from words_to_choose(part)


@pytest.mark.parametrize("language", texts.languages())
def test_every_word_to_choose_is_explained(language):
    words = {word for model in (StudyFile, Questionnaire, Published) for word in words_to_choose(model) if word}
    assert len(words) > 30
    assert all(texts.load(language)(f"error.choice_{word}").startswith(f"{word} (") for word in words)


def test_a_name_that_is_no_question_is_told_with_the_three_nearest_and_where_all_are(read):
    several = "".join(
        f'\n[[question]]\nid = "{name}"\nkind = "date"\ntext = "{name}"\n'
        for name in ("ambition", "ambitieux", "sexe", "note")
    )
    far = STUDY + 'rename = {"Q1" = "zzzz"}\n'
    for name, near in (("ambitoin", {"ambition", "ambitieux"}), ("absance", {"absence"})):
        with pytest.raises(ImpactError) as fault:
            read(far.replace("zzzz", name), QUESTIONNAIRE + several)
        shown = re.search(r"proches : (.*?)\. Toutes sont dans questionnaire\.toml", str(fault.value))[1].split(", ")
        assert near <= set(shown)
        assert shown[0] in near
        assert len(shown) <= 3
    with pytest.raises(ImpactError, match=r"rename : « zzzz » n’est pas.*Elles sont toutes dans questionnaire\.toml"):
        read(far, QUESTIONNAIRE + several)


def test_the_questions_of_the_bundled_questionnaire_are_where_the_sentence_says(read):
    bundled = STUDY.replace("questionnaire.toml", "koreis2022") + 'rename = {"Q1" = "zzzz"}\n'
    with pytest.raises(ImpactError, match=r"dans data/koreis2022/questionnaire\.toml"):
        read(bundled)


@pytest.mark.parametrize(
    "content", [b"prenom = Marie\n", "Pr\u00e9nom;\u00c2ge\nZo\u00e9;12\n".encode("cp1252"), b"PK\x03\x04\xff"]
)
def test_an_export_in_place_of_a_study_is_told_and_nothing_of_it_shown(tmp_path, content):
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(ImpactError, match=r"^a\.csv : ce n’est pas un fichier d’étude\..*impact init") as fault:
        read_study(tmp_path / "a.csv")
    assert not re.search("Marie|Zo", str(fault.value))
