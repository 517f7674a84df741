"""Results for internal use: whole, and said to be so wherever one of them may be met alone."""

import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pikepdf
import pytest
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from impact.cli import app
from impact.model import TABLES
from impact.report import report
from impact.study import Study
from tests.unit._exports import HELPED
from tests.unit._fake_results import fake_results, fake_study
from tests.unit._pdf import pieces

SUFFIX = "-usage-interne"
SAID = {"fr": "Usage interne", "en": "Internal use"}
STUDY = """[study]
title = "T"
organisation = "O"
year = 2026
questionnaire = "questionnaire.toml"
synthetic = true

[[source]]
file = "a.csv"
group = "mentored"

[disclosure]
audience = "{audience}"
"""
ANSWERS = ["Oui"] * 3 + ["Non"] * 4  # too few for any public


def internal_study() -> Study:
    study = fake_study()
    about = study.about.model_copy(update={"synthetic": False})
    return replace(study, about=about, disclosure=study.disclosure.model_copy(update={"audience": "internal"}))


@pytest.fixture(scope="module", params=["fr", "en"])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    folder = tmp_path_factory.mktemp("reports") / "essai"
    study = replace(internal_study(), file=folder.parent / "etude" / "study.toml")
    report(fake_results(), study, folder, request.param)
    return request.param, folder


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_every_file_name_says_so_in_every_language(made: tuple[str, Path]) -> None:
    names = files(made[1])
    assert all(Path(name).stem.endswith(SUFFIX) for name in names)
    assert {f"{stem}{SUFFIX}.{kind}" for stem, kind in (
        ("rapport", "pdf"), ("tables", "xlsx"), ("manifest", "json"), ("estimates", "csv"), ("figures/forest", "svg"),
    )} <= names  # fmt: skip


def test_every_page_and_the_title_of_the_pdf_say_so(made: tuple[str, Path]) -> None:
    language, folder = made
    with pikepdf.open(folder / f"rapport{SUFFIX}.pdf") as pdf:
        assert SAID[language] in str(pdf.docinfo["/Title"])
        for number, page in enumerate(pdf.pages, 1):
            drawn = re.sub(r"\s+", " ", " ".join(pieces(page)))
            assert SAID[language].casefold() in drawn.casefold(), f"page {number}"
        assert {f"estimates{SUFFIX}.csv", f"comparisons{SUFFIX}.csv"} == set(pdf.attachments)


def test_every_sheet_says_so_on_each_row_and_on_paper(made: tuple[str, Path]) -> None:
    language, folder = made
    path = folder / f"tables{SUFFIX}.xlsx"
    book = CalamineWorkbook.from_path(path)
    first, *others = book.sheet_names
    assert SAID[language] in str(book.get_sheet_by_name(first).to_python()[1])
    for name in others:
        for row in book.get_sheet_by_name(name).to_python()[1:]:
            assert SAID[language].lower() in [str(cell).lower() for cell in row], name
    with zipfile.ZipFile(path) as parts:
        sheets = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
        assert SAID[language] in parts.read("docProps/core.xml").decode()
    assert len(sheets) == len(book.sheet_names)
    assert all(re.search(rf"<oddHeader>[^<]*{SAID[language]}", sheet) for sheet in sheets)
    assert all(re.search(rf"<oddFooter>[^<]*{SAID[language]}", sheet) for sheet in sheets)


def test_every_row_of_a_csv_and_every_figure_say_so(made: tuple[str, Path]) -> None:
    language, folder = made
    for path in folder.glob("*.csv"):
        table = pd.read_csv(path)
        assert "audience" in table.columns and set(table["audience"]) <= {"internal"}
    drawn = sorted((folder / "figures").glob("*.svg"))
    assert drawn
    for path in drawn:
        assert SAID[language] in path.read_text(encoding="utf-8")
    manifest = json.loads((folder / f"manifest{SUFFIX}.json").read_bytes())
    assert manifest["study"]["audience"] == "internal"
    assert set(manifest["outputs"]) == files(folder) - {f"manifest{SUFFIX}.json"}


def test_no_text_of_the_report_sends_to_a_file_by_a_name_that_it_has_not(made: tuple[str, Path]) -> None:
    with pikepdf.open(made[1] / f"rapport{SUFFIX}.pdf") as pdf:
        drawn = " ".join(piece for page in pdf.pages for piece in pieces(page))
    others = [*TABLES, "tables", "rapport", "manifest"]
    assert "interne.xlsx" in drawn
    assert not re.findall(rf"\b(?:{'|'.join(others)})\.\w+", drawn)


# --- from one audience to the other -----------------------------------------------------------------------------------


def written(tmp_path: Path, audience: str) -> Path:
    folder = tmp_path / "etude"
    folder.mkdir(exist_ok=True)
    (folder / "study.toml").write_text(STUDY.format(audience=audience), encoding="utf-8")
    (folder / "questionnaire.toml").write_text(HELPED, encoding="utf-8")
    (folder / "a.csv").write_text("\n".join(["Es-tu aidé ?;Lu", *(f"{one};x" for one in ANSWERS)]), encoding="utf-8")
    return folder


def run(command: str, folder: Path) -> str:
    done = CliRunner().invoke(app, [command, str(folder), "-o", str(folder.parent / "out")])
    assert done.exit_code == 0, done.output
    return re.sub(r"\s+", " ", done.output)


@pytest.mark.parametrize(
    ("first", "commands"),
    [("public", ("report", "report")), ("internal", ("report", "analyse")), ("internal", ("analyse", "report"))],
)
def test_files_of_the_two_audiences_never_stand_together(tmp_path: Path, first: str, commands: list[str]) -> None:
    then = {"public": "internal", "internal": "public"}[first]
    assert "est remplacé" not in run(commands[0], written(tmp_path, first))
    (tmp_path / "out" / "mes notes.txt").write_text("à moi", encoding="utf-8")
    said = run(commands[1], written(tmp_path, then))
    assert f"{'à diffuser qui' if first == 'public' else 'Ce qui'} se trouvait là" in said
    left = files(tmp_path / "out")
    assert (tmp_path / "out" / "mes notes.txt").read_text(encoding="utf-8") == "à moi"
    assert len(left) > 1
    assert {Path(name).stem.endswith(SUFFIX) for name in left - {"mes notes.txt"}} == {then == "internal"}


@pytest.mark.parametrize("command", ["report", "analyse"])
def test_the_terminal_says_last_what_it_holds_and_that_it_may_not_be_handed_on(tmp_path: Path, command: str) -> None:
    said = run(command, written(tmp_path, "internal"))
    assert re.search(r"Usage interne : rien n’y est masqué.*ne les transmettez à personne", said)
    assert "Usage interne" not in run(command, written(tmp_path, "public"))


def test_nothing_is_masked_and_nothing_is_called_so(tmp_path: Path) -> None:
    run("analyse", written(tmp_path, "internal"))
    for name in TABLES:
        path = tmp_path / "out" / f"{name}{SUFFIX}.csv"
        if path.exists() and "status" in (table := pd.read_csv(path)):
            assert not table["status"].astype(str).str.startswith("suppressed").any()
    estimates = pd.read_csv(tmp_path / "out" / f"estimates{SUFFIX}.csv")
    assert estimates["estimate"].tolist() == [3 / 7]


def test_tables_alone_leave_no_page_of_other_figures_beside_them(tmp_path: Path) -> None:
    run("report", written(tmp_path, "public"))
    run("analyse", written(tmp_path, "public"))
    names = files(tmp_path / "out")
    assert {"estimates.csv", "manifest.json"} <= names
    assert not {name for name in names if not name.endswith((".csv", ".json"))}
    outputs = json.loads((tmp_path / "out" / "manifest.json").read_bytes())["outputs"]
    assert set(outputs) == names - {"manifest.json"}


def test_tables_are_not_written_into_a_folder_that_holds_something_else(tmp_path: Path) -> None:
    folder = written(tmp_path, "public")
    for place, said in ((folder, "l’étude elle-même"), (tmp_path / "mine", "autre chose")):
        place.mkdir(exist_ok=True)
        (place / "thèse.docx").write_bytes(b"")
        before = files(place)
        done = CliRunner().invoke(app, ["analyse", str(folder), "-o", str(place)])
        assert done.exit_code == 1
        assert said in re.sub(r"\s+", " ", done.output)
        assert files(place) == before
