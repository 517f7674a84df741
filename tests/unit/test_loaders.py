"""The registry of loaders: which one reads a file, and what is said of a file that none can read."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from impact import loaders
from impact.errors import ImpactError
from impact.loaders.containers import containers
from impact.study.schema import Design, Source
from tests.unit._loaders import TABLE, delimited, read, refused, rows_of, save


@pytest.mark.parametrize("name", ["delimited", "spss", "stata", "workbook"])
def test_every_format_is_a_member(name):
    member = containers()[name]
    assert isinstance(member.PRIORITY, int)
    assert member.matches.__doc__ and member.read.__doc__


def test_one_fallback_only():
    assert [name for name, loader in containers().items() if not loader.PRIORITY] == ["delimited"]


def test_reading_text_imports_no_heavy_library(tmp_path):
    path = save(tmp_path, delimited(TABLE))
    program = (
        "import sys; from pathlib import Path; from impact import loaders; from impact.study.schema import Source\n"
        f"loaders.read(Path({str(path)!r}), Source(file='a.csv', group='mentored'))\n"
        "print(*sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(run.stdout.split())
    assert "impact.loaders.containers.spss" in loaded
    assert not loaded & {"pyreadstat", "python_calamine", "charset_normalizer"}


def study(folder: Path, *files: str) -> SimpleNamespace:
    sources = tuple(Source(file=file, group="mentored") for file in files)
    return SimpleNamespace(
        folder=folder, file=folder / "study.toml", sources=sources, link=None, design=Design(),
        about=SimpleNamespace(identifier=""), questionnaire=SimpleNamespace(question=()),
    )  # fmt: skip


def test_load_gives_one_export_a_source_in_order(tmp_path):
    (tmp_path / "exports").mkdir()
    save(tmp_path / "exports", delimited(TABLE), "b.csv")
    save(tmp_path, delimited(TABLE, ","), "a.csv")
    found = loaders.load(study(tmp_path, "exports/b.csv", "a.csv"))
    assert [export.source for export in found] == ["b.csv", "a.csv"]


def test_a_source_stays_below_the_folder(tmp_path):
    inside = tmp_path / "study"
    inside.mkdir()
    save(tmp_path, delimited(TABLE), "outside.csv")
    (inside / "link.csv").symlink_to(tmp_path / "outside.csv")
    for file in ("../outside.csv", str(tmp_path / "outside.csv"), "link.csv"):
        with pytest.raises(ImpactError) as fault:
            loaders.load(study(inside, file))
        assert fault.value.key == "study_path_outside"


def test_an_absent_file_is_named_with_the_nearest(tmp_path):
    save(tmp_path, delimited(TABLE), "mentores.csv")
    with pytest.raises(ImpactError, match=r"mentors\.csv.*mentores\.csv"):
        loaders.load(study(tmp_path, "mentors.csv"))
    with pytest.raises(ImpactError) as fault:
        loaders.load(study(tmp_path, "elsewhere/xyz.sav"))
    assert fault.value.key == "loader_no_file"


def test_format_overrules_recognition(tmp_path):
    path = save(tmp_path, "<html>;b\n1;2\n")
    assert refused(path).key == "loader_is_web_page"
    assert rows_of(read(path, format="delimited")) == [("<html>", "b"), ("1", "2")]


@pytest.mark.parametrize(
    ("format", "key"), [("workbok", "loader_unknown_format_near"), ("xyz", "loader_unknown_format")]
)
def test_an_unknown_format_lists_the_known(tmp_path, format, key):
    path = save(tmp_path, "a;b\n1;2\n")
    with pytest.raises(ImpactError, match=r"delimited, .*spss, .*stata, workbook") as fault:
        read(path, format=format)
    assert fault.value.key == key


@pytest.mark.parametrize(
    ("data", "name", "key"),
    [
        (b"", "a.csv", "loader_empty"),
        (b"\xef\xbb\xbf", "a.csv", "loader_empty"),
        (b"\xff\xfe", "a.csv", "loader_empty"),
        (b"\r\n \r\n;;\r\n", "a.csv", "loader_empty"),
        (b"id;q1\r\n", "a.csv", "loader_no_answer"),
        (b"id;q1\r\n;\r\n\r\n", "a.csv", "loader_no_answer"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a.csv", "loader_is_image"),
        (b"%PDF-1.7 \xe2\xe3", "a.csv", "loader_is_pdf"),
        (b"\x1f\x8b\x08\0", "a.csv.gz", "loader_is_archive"),
        (b"  <!DOCTYPE html><table><tr>", "a.xls", "loader_is_web_page"),
        (b"<?xml version='1.0'?><document>", "a.lss", "loader_is_xml"),
        (bytes(range(1, 32)) * 9, "a.dat", "loader_is_binary"),
        (b"id;q1\n1;Oui\n", "a.xlsx", "loader_text_renamed"),
        (b"id;q1\n1;Oui\n", "a.sav", "loader_text_renamed"),
    ],
)
def test_what_no_loader_can_read_is_said(tmp_path, data, name, key):
    assert refused(save(tmp_path, data, name)).key == key


def test_a_text_under_a_workbook_s_old_name_is_read(tmp_path):
    """Excel's "Unicode text" and Drupal's old Excel export are UTF-16 text named .xls."""
    path = save(tmp_path, delimited(TABLE, "\t").encode("utf-16"), "a.xls")
    assert rows_of(read(path)) == list(TABLE)


def test_a_file_beyond_the_limit_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.truncate(201_000_000)
    assert refused(path).key == "loader_too_big"
