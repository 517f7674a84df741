"""Fifty-two bad inputs, each by its number and its words: what is told, or what is read and noted.

Those of study files (42 to 49) stand in test_study_files, and words that something might run (16, 24) also in
test_labels.
"""

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from impact import load, normalise, read_study
from impact.check import examine
from impact.errors import ImpactError
from impact.model import Responses
from tests.unit._loaders import read, rows_of, save
from tests.unit.test_loaders_workbook import workbook

HEAD = "id;q\n"
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
Make = Callable[[Path], Path]


def text(content: str | bytes, name: str = "reponses.csv") -> Make:
    return lambda folder: save(folder, content, name)


ERRORS: list[tuple[int, str, Make, str, str]] = [
    (1, "empty file", text(b""), "loader_empty", "ne contient rien. Exportez"),
    (2, "a mark alone", text("\ufeff"), "loader_empty", "ne contient rien. Exportez"),
    (3, "headings alone", text(HEAD), "loader_no_answer", "aucune réponse. Vérifiez le filtre"),
    (4, "nul in a cell", text(f"{HEAD}1;ou\0i\n"), "loader_nul", "ligne 2 : .* caractère nul"),
    (6, "two encodings", text(f"{HEAD}1;é\n".encode() + "2;déçu\n".encode("cp1252")),
     "loader_mixed_encoding", "ligne 3"),
    (11, "row too long", text(f"{HEAD}1;oui\n2;oui;non;peut-être\n" + "3;non\n" * 9), "loader_row_long",
     "ligne 3 : 4 cellules"),
    (12, "row too short", text("id;q;r\n1;oui;a\n2;non\n3;oui;b\n"), "loader_row_short", "ligne 3 : 2 cellules"),
    (13, "open quote", text(f'{HEAD}1;oui\n2;"non\n3;oui\n'), "loader_open_quote", "ligne 3 : un guillemet"),
    (19, "field of 5 MB", text(f"{HEAD}1;{'x' * 5_000_000}\n"), "loader_long_cell", "ligne 2 : .*dépasse 131072"),
    (19, "field of 5 MB among others", text(f"{HEAD}1;{'x' * 5_000_000}\n" + "2;y\n" * 9), "loader_long_cell",
     "ligne 2"),
    (20, "100 000 columns", text(";".join(f"c{n}" for n in range(100_000)) + "\n" + ";" * 99_999 + "x\n"),
     "loader_too_wide", "100000 colonnes, plus que les 5000"),
    (25, "picture", text(b"\x89PNG\r\n\x1a\n" + bytes(99)), "loader_is_image", "ce fichier est une image"),
    (26, "half a sign", text(HEAD.encode() + b"1;a\n2;\xed\xa0\xbd\n"), "loader_half_sign", "ligne 3 : un signe"),
    (26, "half a sign beside accents", text(f"{HEAD}1;é\n".encode() + b"2;\xed\xa0\xbd\n"), "loader_half_sign",
     "ligne 3"),
    (35, "text named workbook", text(f"{HEAD}1;oui\n", "r.xlsx"), "loader_text_renamed", "le contenu est un texte"),
    (38, "text named SPSS", text(f"{HEAD}1;oui\n", "r.sav"), "loader_text_renamed", "le contenu est un texte"),
    (36, "password", text(OLE + bytes(984) + "EncryptedPackage".encode("utf-16-le"), "r.xlsx"), "loader_protected",
     "protégé par un mot de passe. Enregistrez-en une copie"),
]  # fmt: skip


def named(cases: list) -> list:
    return [pytest.param(*case[2:], id=f"{case[0]} {case[1]}") for case in cases]


def told(make: Make, folder: Path, key: str, said: str) -> None:
    path = make(folder)
    with pytest.raises(ImpactError) as fault:
        read(path)
    sentence = fault.value.say("fr")
    assert fault.value.key.startswith(key)
    assert path.name in sentence
    assert re.search(said, sentence), sentence
    assert len(sentence) < 500  # a sentence, and not the content of the file
    assert fault.value.say("en") != sentence


@pytest.mark.parametrize(("make", "key", "said"), named(ERRORS))
def test_what_cannot_be_read_is_told(tmp_path: Path, make: Make, key: str, said: str) -> None:
    told(make, tmp_path, key, said)


READ: list[tuple[int, str, Make, tuple[str, ...], str]] = [
    (5, "UTF-16", text(f"{HEAD}1;été\n".encode("utf-16")), ("1", "été"), "Texte lu en utf-16"),
    (7, "cp1252", text(f"{HEAD}1;été\n".encode("cp1252")), ("1", "été"), "Texte lu en cp1252"),
    (8, "damaged accents", text(f"{HEAD}1;trÃ¨s\n"), ("1", "trÃ¨s"), "Accents abîmés avant l’export, gardés"),
    (10, "no heading", text("id;;q\n1;x;oui\n"), ("1", "x", "oui"), "remplies mais sans intitulé : B"),
    (14, "returns alone", text("id;q\r1;oui\r2;non\r"), ("1", "oui"), "points-virgules"),
    (16, "formula", text(f"{HEAD}1;=1+1\n"), ("1", "=1+1"), ""),
    (16, "wide formula", text(f"{HEAD}1;＝1+1\n"), ("1", "＝1+1"), ""),
    (17, "turned text", text(f"{HEAD}1;oui\u202enon\n2;a\u202eb\n"), ("1", "oui\u202enon"), "nombre de cellules : 2"),
    (21, "leading noughts", text(f"{HEAD}00123;1\n"), ("00123", "1"), ""),
    (21, "twenty digits", text(f"{HEAD}12345678901234567890;1\n"), ("12345678901234567890", "1"), ""),
    (21, "an exponent", text(f"{HEAD}1e5;1\n"), ("1e5", "1"), ""),
    (24, "markup", text(f"{HEAD}1;<script>#read(..)\\input\n"), ("1", "<script>#read(..)\\input"), ""),
    (50, "control sign", text(f"{HEAD}1;a\x07b\n" + "2;oui\n" * 9), ("1", "a\x07b"), "ôtés de tout ce qui est écrit"),
    *((22, word, text(f"{HEAD}1;{word}\n"), ("1", word), "") for word in ("NA", "None", "null", "n/a", "nan", "NULL")),
]  # fmt: skip


@pytest.mark.parametrize(("make", "first", "said"), named(READ))
def test_what_can_be_read_is_read_as_it_stands(tmp_path: Path, make: Make, first: tuple[str, ...], said: str) -> None:
    found = read(make(tmp_path))
    assert rows_of(found)[1] == first
    assert re.search(said, " ".join(found.notes)), found.notes


# --- what answers come to: through the study -------------------------------------------------------------------------

STUDY = '[study]\ntitle = "T"\nyear = 2024\nquestionnaire = "q.toml"\n{about}\n[[source]]\nfile = "{file}"\n{source}\n'
QUESTIONS = (
    '[dimension.d]\nlabel = "D"\n'
    '[[question]]\nid = "q"\nkind = "single"\ntext = "q"\n'
    'missing = [{code = "nsp", label = "NSP", reason = "dont_know"}]\n'
    'choices = [{code = "oui", label = "Oui"}, {code = "non", label = "Élevé"}]\n'
    '[[question]]\nid = "n"\nkind = "number"\ntext = "n"\n[[question]]\nid = "d"\nkind = "date"\ntext = "d"\n'
    '[[indicator]]\nid = "i"\ndimension = "d"\nquestion = "q"\nkind = "share"\ncounts = ["oui"]\nlabel = "L"\n'
)


def responses(folder: Path, content: str, about: str = "", source: str = 'group = "mentored"') -> Responses:
    save(folder, content, "reponses.csv")
    save(folder, QUESTIONS, "q.toml")
    save(folder, STUDY.format(about=about, file="reponses.csv", source=source), "study.toml")
    study = read_study(folder)
    return normalise(load(study), study)


def problems(found: Responses) -> list[tuple[int, str]]:
    return [(row.row, row.problem) for row in found.problems.itertuples() if row.problem != "no_column"]


def test_9_the_same_heading_twice(tmp_path: Path) -> None:
    with pytest.raises(ImpactError) as fault:
        responses(tmp_path, "q;q;n\noui;non;1\n")
    assert re.search(r"reponses\.csv.*« q »", fault.value.say("fr"))
    found = responses(tmp_path, "q;q;n\noui;non;1\n", source='group = "mentored"\nrename = {"q (2)" = "q"}')
    assert found.answers["q"].tolist() == ["non"]


def test_15_a_comma_is_a_number_where_a_number_is_asked(tmp_path: Path) -> None:
    found = responses(tmp_path, "q;n\noui;3,5\n3,5;4\n")
    assert found.answers["n"].tolist() == [3.5, 4]
    assert problems(found) == [(3, "not_a_choice")]


def test_17_spaces_and_signs_that_cannot_be_seen_do_not_count(tmp_path: Path) -> None:
    found = responses(tmp_path, "q;n\noui\u00a0;1\n\u200boui;1\n oui;1\nou\u202ei;1\n")
    assert found.answers["q"].tolist() == ["oui"] * 4
    assert "nombre de cellules : 1" in " ".join(found.notes)


def test_18_an_accent_written_in_two_signs_is_the_same(tmp_path: Path) -> None:
    found = responses(tmp_path, "q;n\nE\u0301leve\u0301;1\n\u00c9lev\u00e9;1\n")
    assert found.answers["q"].tolist() == ["non"] * 2


@pytest.mark.parametrize("word", ["NA", "None", "null", "n/a", "nan"])
def test_22_only_declared_codes_are_missing(tmp_path: Path, word: str) -> None:
    (row, problem), *others = problems(responses(tmp_path, f"q;n\noui;1\n{word};2\nNSP;3\n"))
    assert not others
    assert (row, problem) in ((3, "not_a_choice"), (3, "says_no_answer"))  # told: never missing in silence


@pytest.mark.parametrize(
    ("cell", "problem"), [("2024-02-30", "not_a_date"), ("31/02/2024", "not_a_date"), ("45321", "date_serial")]
)
def test_23_a_day_that_cannot_be_is_told_with_its_row(tmp_path: Path, cell: str, problem: str) -> None:
    found = responses(tmp_path, f"q;d\noui;2024-03-01\noui;{cell}\n")
    assert problems(found) == [(3, problem)]


def test_23_days_are_written_day_first(tmp_path: Path) -> None:
    found = responses(tmp_path, "q;d\noui;03/04/2024\noui;25/04/2024\n")
    assert f"{found.answers['d'].iloc[0]:%Y-%m-%d}" == "2024-04-03"


def test_27_a_label_without_end_is_told(tmp_path: Path) -> None:
    save(tmp_path, QUESTIONS.replace('label = "L"', f'label = "{"x" * 20_000}"'), "long.toml")
    found = responses(tmp_path, "q;n\noui;1\n")
    study = STUDY.format(about="", file="reponses.csv", source='group = "mentored"')
    save(tmp_path, study.replace("q.toml", "long.toml"), "study.toml")
    study = read_study(tmp_path)
    kinds = {finding.kind: finding for finding in examine(load(study), found, study).findings}
    assert kinds["overlong"].facts["count"] == 1


def test_51_a_value_that_is_not_listed(tmp_path: Path) -> None:
    """What many wrote is told with its count and the nearest answer; of what few wrote, the rows alone."""
    content = "q;n\n" + "oui;1\n" * 30 + "Elevée;1\n" * 12 + "Chez Marie;1\n"
    with pytest.raises(ImpactError) as fault:
        from impact import analyse  # noqa: PLC0415 – of this test alone

        found = responses(tmp_path, content)
        analyse(found, read_study(tmp_path))
    sentence = fault.value.say("fr")
    assert "« Elevée » (12), proche de « Élevé »" in sentence
    assert "reponses.csv, question « q » : 13 sur 43" in sentence
    assert "moins de 11 personnes donnent, lignes 44" in sentence
    assert "Marie" not in sentence


def test_52_the_same_respondent_twice(tmp_path: Path) -> None:
    content = "id;q;n\n1;oui;1\n2;non;2\n1;oui;1\n"
    found = responses(tmp_path, content, 'identifier = "id"')
    assert {(2, "identifier_twice"), (4, "identifier_twice")} & set(problems(found))
    kept = responses(tmp_path, content, 'identifier = "id"', 'group = "mentored"\nkeep_duplicate = "first"')
    assert len(kept.people) == 2
    flow = kept.flow[kept.flow["stage"] == "dropped"]
    assert flow["count"].sum() == 1


# --- workbooks and SPSS ----------------------------------------------------------------------------------------------


def part(folder: Path, change: Callable[[str, bytes], bytes], **more: bytes) -> Path:
    """A workbook, its parts changed, with more parts."""
    path = workbook(folder / "base.xlsx", {"Réponses": [["id", "q"], ["1", "oui"], ["2", "non"]]})
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(folder / "r.xlsx", "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, content in more.items():
            new.writestr(name, content)
    return folder / "r.xlsx"


def in_sheet(before: bytes, after: bytes) -> Make:
    return lambda folder: part(
        folder, lambda name, content: content.replace(before, after) if "sheet1" in name else content
    )


def cut(folder: Path) -> Path:
    path = part(folder, lambda _, content: content)
    return save(folder, path.read_bytes()[:-900], "r.xlsx")


FAR = b'</row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
DTD = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>\n<worksheet'
XXE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>\n<worksheet'
WORKBOOKS: list[tuple[int, str, Make, str, str]] = [
    (28, "a cell far away", in_sheet(b"</row></sheetData>", FAR), "loader_far_cell",
     "cellule XFD1048576 : .*Effacez les lignes"),
    (29, "a bomb", lambda folder: part(folder, lambda _, content: content, **{"xl/bomb.xml": b" " * 400_000_000}),
     "loader_oversized", "démesuré"),
    (30, "laughs", in_sheet(b"<worksheet", DTD), "loader_doctype", r"\(DTD\), interdite"),
    (30, "an entity outside", in_sheet(b"<worksheet", XXE), "loader_doctype", r"\(DTD\), interdite"),
    (35, "cut workbook", cut, "loader_truncated", "incomplet ou abîmé"),
    (37, "a part that leads out", lambda folder: part(folder, lambda _, content: content,
     **{"../../evil.xml": b"<a/>"}),
     "loader_", "suspecte|hors|sort"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "key", "said"), named(WORKBOOKS))
def test_a_workbook_that_is_a_trap_is_told(tmp_path: Path, make: Make, key: str, said: str) -> None:
    told(make, tmp_path, key, said)
    assert not (tmp_path.parent.parent / "evil.xml").exists()


def noted(path: Path, said: str) -> None:
    found = read(path)
    assert re.search(said, " ".join(found.notes)), found.notes


def test_31_a_formula_that_nobody_computed(tmp_path: Path) -> None:
    path = workbook(tmp_path / "r.xlsx", {"R": [["id", "q"], ["1", ("=1+1", "")], ["2", "non"]]})
    noted(path, r"Formules sans résultat enregistré, lues comme vides : B2\. Ouvrez le classeur, enregistrez-le")


@pytest.mark.parametrize("word", ["#N/A", "#REF!"])
def test_32_a_cell_in_error(tmp_path: Path, word: str) -> None:
    path = workbook(tmp_path / "r.xlsx", {"R": [["id", "q"], ["1", ("=NA()", word)], ["2", "non"]]})
    noted(path, "Cellules en erreur, gardées telles quelles : B2")


def test_33_headings_in_merged_cells(tmp_path: Path) -> None:
    """A heading over two columns names the first alone: the other is told, by its letter, and no question's."""
    rows = [["id", "q", "", "r"], ["1", "oui", "a", "x"], ["2", "non", "b", "y"], ["3", "non", "b", "z"]]
    path = workbook(tmp_path / "r.xlsx", {"R": rows})
    noted(path, "Colonnes remplies mais sans intitulé : C")


def test_34_other_sheets_are_named_and_not_read(tmp_path: Path) -> None:
    sheets = {"Réponses": [["id", "q"], ["1", "oui"], ["2", "non"]], "Noms": [["nom"], ["Durand"]]}
    path = workbook(tmp_path / "r.xlsx", sheets)
    noted(path, "Feuille lue : « Réponses ». Autres feuilles remplies, non lues : Noms")
    assert "Durand" not in str(read(path))


def sav(folder: Path) -> Path:
    import pandas as pd  # noqa: PLC0415 – of these tests alone
    import pyreadstat  # noqa: PLC0415 – idem

    path = folder / "r.sav"
    pyreadstat.write_sav(pd.DataFrame({"id": [1.0, 2.0], "q": ["oui", "non"]}), path)
    return path


def with_bytes(start: int, new: bytes) -> Make:
    def made(folder: Path) -> Path:
        content = bytearray(sav(folder).read_bytes())
        content[start : start + len(new)] = new
        return save(folder, bytes(content), "r.sav")

    return made


SPSS: list[tuple[int, str, Make, str, str]] = [
    (38, "cut SPSS file", lambda folder: save(folder, sav(folder).read_bytes()[:200], "r.sav"), "loader_",
     "illisible|incomplet"),
    (39, "two billion cases", with_bytes(80, (2**31 - 1).to_bytes(4, "little")), "loader_",
     "illisible|annonce|cas|incomplet"),
    (41, "a changed byte", with_bytes(184, b"\xff\xff\xff\x7f"), "loader_", "illisible|incomplet|abîmé"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "key", "said"), named(SPSS))
def test_an_spss_file_that_is_not_whole_is_told(tmp_path: Path, make: Make, key: str, said: str) -> None:
    told(make, tmp_path, key, said)


def test_40_an_spss_file_packed_in_an_unknown_way(tmp_path: Path) -> None:
    """Refused: read as another packing, its answers would be others'."""
    told(with_bytes(72, (7).to_bytes(4, "little")), tmp_path, "loader_unreadable", "illisible")
