"""How a report gets into its place, and how its PDF is saved."""

import hashlib
import json
import zlib
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from impact import analyse, load, normalise, protect
from impact.errors import ImpactError
from impact.report.delivery import refuse_another, staged
from impact.report.pdf import AMBIGUOUS, end_streams_plainly, saved
from impact.report.publishing import tables_alone
from impact.study import Study, read_study


def test_a_stream_written_in_letters_stays_so_in_the_file() -> None:
    odd = zlib.compress(b"\x0c")  # its last byte is the low one of Adler-32: 1 + 12, a carriage return
    assert odd.endswith(b"\r")
    with pikepdf.new() as pdf:
        pdf.Root.Odd = pdf.make_stream(b"")
        pdf.Root.Odd.write(odd, filter=pikepdf.Name.FlateDecode)
        end_streams_plainly(pdf)
        content = saved(pdf, packed=False)
    assert b"ASCII85Decode" in content
    assert AMBIGUOUS not in content


def old_report(folder: Path) -> None:
    (folder / "figures").mkdir(parents=True)
    for name in ("manifest.json", "estimates.csv", "figures/forest.svg", "figures/shares_gone.png"):
        (folder / name).write_text("old", encoding="utf-8")
    outputs = {"estimates.csv": "", "figures/forest.svg": "", "figures/shares_gone.png": ""}
    text = json.dumps({"versions": {"impact": "1"}, "outputs": outputs})
    (folder / "manifest.json").write_text(text, encoding="utf-8")


def test_what_a_person_put_in_the_old_report_stays_at_any_depth(tmp_path: Path) -> None:
    folder = tmp_path / "essai"
    old_report(folder)
    mine = ("mine.docx", "figures/mine.pptx", "figures/shares_mine.png", "figures/notes/mine.txt")
    (folder / "figures" / "notes").mkdir()
    for name in mine:
        (folder / name).write_text("mine", encoding="utf-8")
    with staged(folder) as draft:
        (draft / "figures").mkdir()
        (draft / "figures" / "forest.svg").write_text("new", encoding="utf-8")
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert names == {*mine, "figures/forest.svg"}
    assert (folder / "figures" / "forest.svg").read_text(encoding="utf-8") == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["essai"]


@pytest.mark.parametrize("fault", [RuntimeError, KeyboardInterrupt])
def test_a_run_that_fails_leaves_the_old_report_and_nothing_else(tmp_path: Path, fault: type[BaseException]) -> None:
    folder = tmp_path / "essai"
    old_report(folder)
    with pytest.raises(fault), staged(folder) as draft:
        (draft / "estimates.csv").write_text("half", encoding="utf-8")
        raise fault
    assert [path.name for path in tmp_path.iterdir()] == ["essai"]
    assert (folder / "estimates.csv").read_text(encoding="utf-8") == "old"


def test_a_killed_runs_leftover_goes_at_the_next(tmp_path: Path) -> None:
    (tmp_path / ".essai.partial").mkdir()
    (tmp_path / ".essai.partial" / "estimates.csv").write_text("half", encoding="utf-8")
    with staged(tmp_path / "essai") as draft:
        assert not list(draft.iterdir())
    assert [path.name for path in tmp_path.iterdir()] == ["essai"]


NAME = {"title": "T", "organisation": "O", "year": 2026}
QUESTIONNAIRE = """
[dimension.d]
label = "D"

[[question]]
id = "age"
kind = "number"
text = "Âge"

[[indicator]]
id = "age_moyen"
dimension = "d"
kind = "mean"
question = "age"
label = "Âge"
"""


def study_of(folder: Path, title: str, organisation: str = "O", answers: str = "Âge\n12\n") -> Study:
    folder.mkdir(parents=True)
    (folder / "a.csv").write_text(answers, encoding="utf-8")
    (folder / "q.toml").write_text(QUESTIONNAIRE, encoding="utf-8")
    about = f'[study]\ntitle = "{title}"\norganisation = "{organisation}"\nyear = 2026\nquestionnaire = "q.toml"\n'
    (folder / "study.toml").write_text(f'{about}[[source]]\nfile = "a.csv"\ngroup = "mentored"\n', encoding="utf-8")
    return read_study(folder)


def report_of(folder: Path, known_as: dict[str, Any], *made_from: Path) -> Path:
    folder.mkdir()
    inputs = {path.name: f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}" for path in made_from}
    content = {"study": known_as, "inputs": inputs, "versions": {"impact": "1"}}
    (folder / "manifest.json").write_text(json.dumps(content), encoding="utf-8")
    return folder


def test_the_report_of_another_study_is_never_replaced(tmp_path: Path) -> None:
    mine, other = (
        study_of(tmp_path / "a" / "kobo", "T"),
        study_of(tmp_path / "b" / "kobo", "Autre", answers="Âge\n13\n"),
    )
    folder = report_of(tmp_path / "kobo", NAME | {"title": "Autre"}, *other.inputs)
    with pytest.raises(ImpactError, match=r"^kobo : .*autre étude \(« Autre »\).*OUT="):
        refuse_another(folder, mine)


@pytest.mark.parametrize(
    ("known_as", "shared"), [(NAME, []), (NAME | {"title": "Avant"}, ["a.csv"]), ({"year": 2026}, ["study.toml"])]
)
def test_a_study_that_was_worked_on_writes_its_report_again(
    tmp_path: Path, known_as: dict[str, Any], shared: list[str]
) -> None:
    study = study_of(tmp_path / "kobo", "T")
    (tmp_path / "old.csv").write_text("old", encoding="utf-8")
    made_from = [tmp_path / "old.csv", *(study.folder / name for name in shared)]
    folder = report_of(tmp_path / "report", known_as, *made_from)
    refuse_another(folder, study)  # raises for another's
    assert (folder / "manifest.json").is_file()  # and leaves what stands there until it is replaced


def test_a_study_knows_its_own_public_tables_by_its_registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The manifest of a public report tells no export: a new title and a changed study file would make it another's."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    study = study_of(tmp_path / "kobo", "T", answers="Âge\n" + "".join(f"{12 + row % 6}\n" for row in range(30)))
    folder = tmp_path / "report"
    tables_alone(protect(analyse(normalise(load(study), study), study), study), study, folder)
    text = study.file.read_text(encoding="utf-8").replace('"T"', '"Nouveau titre"').replace('"O"', '"P"')
    study.file.write_text(text, encoding="utf-8")
    renamed = read_study(study.folder)
    refuse_another(folder, renamed)  # raises for another's
    (study.folder / "study.publications.json").unlink()
    with pytest.raises(ImpactError, match="autre étude"):
        refuse_another(folder, renamed)


def test_two_drafts_without_a_name_are_not_one_study_nor_are_those_of_one_questionnaire(tmp_path: Path) -> None:
    draft, other = (study_of(tmp_path / name / "kobo", "Enquête", "", f"Âge\n{name}\n") for name in ("1", "2"))
    (draft.file).write_text(draft.file.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    folder = report_of(tmp_path / "kobo", {"title": "Enquête", "organisation": "", "year": 2026}, *other.inputs)
    with pytest.raises(ImpactError, match="autre étude"):
        refuse_another(folder, draft)
