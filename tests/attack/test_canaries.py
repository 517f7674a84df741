"""Names, ways to reach someone, free words and rare values, seeded in the exports of every tool, are found nowhere."""

import base64
import json
import logging
import shutil
import tempfile
import zipfile
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace

import pikepdf
import pytest

from impact import analyse, load, normalise, protect, read_study, texts
from impact.check import examine
from impact.check.page import page
from impact.check.plain import plain
from impact.cli import app
from impact.loaders import _dropping, read
from impact.report.check_page import html
from impact.report.tables import write_tables
from impact.terminal import printed
from tests.attack.canaries import CANARIES, found_in, said_in, study_folder
from tests.dialects.test_dialects import WRITERS
from tests.unit._pdf import words_of


@pytest.fixture
def apart(tmp_path, monkeypatch):
    """A folder for temporary files and one for the user's own: nothing is left in either that leads to someone."""
    for name in ("TMPDIR", "TEMP", "TMP", "XDG_DATA_HOME", "LOCALAPPDATA", "XDG_CACHE_HOME"):
        folder = tmp_path / "apart" / name
        folder.mkdir(parents=True)
        monkeypatch.setenv(name, str(folder))
    return tmp_path / "apart"


def ran(*arguments):
    """The exit status of a command, run as the terminal runs it."""
    return app([str(one) for one in arguments], standalone_mode=False) or 0


def told(capfd, caplog):
    said = capfd.readouterr()
    return "\n".join([said.out, said.err, *(record.getMessage() for record in caplog.records)])


@pytest.mark.parametrize("name", WRITERS)
def test_no_canary_leaves_the_exports_of_any_tool(name, apart, tmp_path, capfd, caplog):
    caplog.set_level(logging.DEBUG)
    study = study_folder(tmp_path / "study", WRITERS[name])
    before = {path: path.stat().st_mtime_ns for path in study.parent.iterdir()}
    assert held_by(study) >= CANARIES.keys() - {"rare number", "rare number in French"}
    out = tmp_path / "out"
    out.mkdir()
    shown = all_made(study, out)
    assert not said_in(shown + told(capfd, caplog))
    made = [path for path in study.parent.iterdir() if path not in before]
    assert found_in([out, apart, *made]) == set()


def held_by(file):
    """The canaries that the exports of a study hold, as they are before anything is dropped."""
    sources = read_study(file).sources
    exports = [read(file.parent / source.file, source) for source in sources]
    texts_held = (str(text) for export in exports for place in export.cells for text in export.cells[place].unique())
    return said_in("\n".join(texts_held))


def all_made(file, out):
    """What `check` shows in its three forms, and the tables of `analyse`, its exports read once."""
    study = read_study(file)
    exports = load(study)
    responses = normalise(exports, study)
    check, words = examine(exports, responses, study), texts.load()
    shown = page(check, study, words)
    write_tables(protect(analyse(responses, study), study), study, out)
    forms = (printed(shown, 100), html(shown, words), json.dumps(plain(check, shown, study, words), ensure_ascii=False))
    return "\n".join(forms)


# --- every command, on one study -------------------------------------------------------------------------------------

TYPED = "Qwertzuiop"  # typed by one person in the place of an answer
LINK = '[link]\ncolumn = "Comment t\'appelles-tu ?"\nkey = "k"'
SEEDED = CANARIES | {"typed": TYPED.casefold()}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A study whose report, draft, lock and twin were made: its folder, what stood there before, what was said."""
    folder = tmp_path_factory.mktemp("whole")
    said, errors, held = StringIO(), StringIO(), TemporaryDirectory(dir=folder)
    with pytest.MonkeyPatch.context() as patch, held as temporary, redirect_stdout(said), redirect_stderr(errors):
        patch.setattr(tempfile, "tempdir", temporary)
        patch.setenv("TMPDIR", temporary)
        patch.setenv("XDG_DATA_HOME", str(folder / "home"))
        patch.setenv("LOCALAPPDATA", str(folder / "home"))
        study = study_folder(folder / "study", WRITERS["hand_semicolons"], LINK)
        exports = sorted(study.parent.glob("*.csv"))
        for path in exports:
            path.write_bytes(path.read_bytes().replace(b"\nOui;", f"\n{TYPED};".encode(), 1))
            assert TYPED.encode() in path.read_bytes()
        before = set(study.parent.iterdir())
        for command in (
            ("init", *exports, "-o", folder / "drafts"),
            ("lock", study),
            ("report", study, "-o", folder / "report"),
            ("synthesise", study, "-o", folder / "twin"),
        ):
            assert ran(*command) == 0, errors.getvalue()
        left = found_in([Path(temporary)], SEEDED)
    return SimpleNamespace(
        folder=folder, report=folder / "report", said=said.getvalue() + errors.getvalue(), left=left,
        made=[path for path in study.parent.iterdir() if path not in before],
        drafts=[path for path in (folder / "drafts").rglob("*") if path.suffix == ".toml"],
    )  # fmt: skip


def test_no_canary_is_in_what_the_commands_make_leave_or_say(whole):
    assert {path.suffix for path in whole.report.rglob("*")} >= {".pdf", ".xlsx", ".csv", ".json", ".svg"}
    assert whole.drafts
    assert not said_in(whole.said, SEEDED)
    assert whole.left == set()
    kept = [whole.report, whole.folder / "twin", whole.folder / "home", *whole.made, *whole.drafts]
    assert found_in(kept, SEEDED) == set()


@pytest.mark.parametrize("trace", ["", "1"])
def test_a_fault_of_the_program_shows_no_cell(trace, tmp_path, monkeypatch, capfd):
    """Not even where its detail is asked for, and whatever a library says of the cell that it met."""
    study = study_folder(tmp_path / "study", WRITERS["hand_semicolons"])
    monkeypatch.setenv("IMPACT_TRACE", trace)

    def faulty(export, *_):
        cell = next(text for place in export.cells for text in export.cells[place] if "Quintefeuille" in text)
        try:
            return float(cell)
        except ValueError as fault:
            raise KeyError(cell) from fault

    monkeypatch.setattr(_dropping, "without_personal", faulty)
    assert ran("check", study) == 1
    said = capfd.readouterr()
    assert ("faulty" in said.err) == bool(trace)
    assert not said_in(said.out + said.err)


# --- the search can fail ---------------------------------------------------------------------------------------------


def in_pdf_title(path):
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.docinfo["/Title"] = "Quintefeuille"
        pdf.save(path)


def in_pdf_alternative(path):
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.Root.StructTreeRoot.Alt = pikepdf.String("Quintefeuille é")
        pdf.save(path, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def in_pdf_attachment(path):
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.Root.Held = pdf.make_stream(b"Quintefeuille")
        pdf.save(path, compress_streams=True)


def in_hidden_sheet(path):
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/hidden.xml", '<sheet state="veryHidden"><c>Quintefeuille</c></sheet>')


def in_attribute(path):
    drawn = path.read_text(encoding="utf-8").replace("<svg ", '<svg data-of="Quintefeuille" ', 1)
    path.write_text(drawn, encoding="utf-8")


def in_text(path):
    with path.open("a", encoding="utf-8") as file:
        file.write("\nZebulon 3 Quintefeuille\n")


def in_embedded(path):
    with path.open("a", encoding="utf-8") as file:
        file.write("data:image/svg+xml;base64," + base64.b64encode(b"<svg>Quintefeuille</svg>").decode())


PLANTED = {
    "*.pdf": (in_pdf_title, in_pdf_alternative, in_pdf_attachment), "*.xlsx": (in_hidden_sheet,),
    "*.svg": (in_attribute,), "*.csv": (in_text,), "*.json": (in_text, in_embedded),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "plant"), [(kind, plant) for kind, plants in PLANTED.items() for plant in plants])
def test_a_canary_planted_in_any_kind_of_file_is_found(kind, plant, whole, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(whole.report, copy)
    path = next(copy.rglob(kind))
    plant(path)
    assert found_in([copy]) == {(path.name, "name")}


def test_a_canary_drawn_on_a_page_is_found(tmp_path):
    study = study_folder(tmp_path / "study", WRITERS["hand_semicolons"], 'organisation = "Quintefeuille"')
    assert ran("report", study, "-o", tmp_path / "report", "--format", "pdf") == 0
    (path,) = (tmp_path / "report").glob("*.pdf")
    assert said_in(words_of(path)) == {"name"}


def test_a_canary_that_the_program_lets_through_is_found(tmp_path, monkeypatch):
    """A column that no longer loses its cells, and a writer that copies one of them."""
    study = study_folder(tmp_path / "study", WRITERS["hand_semicolons"])
    careful = protect
    monkeypatch.setattr(_dropping, "without_personal", lambda export, *_: export)

    def careless(results, asked):
        export = load(asked)[0]
        cells = " ".join(str(text) for place in export.cells for text in export.cells[place].unique())
        safe = careful(results, asked)
        return replace(safe, flow=safe.flow.assign(source=cells))

    monkeypatch.setitem(all_made.__globals__, "protect", careless)
    all_made(study, tmp_path)
    assert found_in([tmp_path / "flow.csv"]) >= {("flow.csv", "name"), ("flow.csv", "phone"), ("flow.csv", "free text")}


def test_a_canary_in_a_log_a_name_or_spaced_is_found(caplog, tmp_path):
    logging.getLogger("impact").warning("06 98 76 5\u00a01 23")
    assert said_in("\n".join(record.getMessage() for record in caplog.records)) == {"phone"}
    (tmp_path / "zebulon quintefeuille.tmp").touch()
    assert found_in([tmp_path]) == {("zebulon quintefeuille.tmp", "name")}
