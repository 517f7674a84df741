"""Study files that lead out of their folder, never end, or ask for more than a study holds."""

import os
import re
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from impact import load, read_study
from impact.errors import ImpactError
from impact.loaders import inputs

STUDY = (
    '[study]\ntitle = "T"\nyear = 2024\nquestionnaire = "q.toml"\n{more}'
    '[[source]]\nfile = "a.csv"\ngroup = "mentored"\n'
)
QUESTIONNAIRE = (
    '[dimension.d]\nlabel = "D"\n[[question]]\nid = "q"\nkind = "number"\ntext = "Q"\n'
    '[[indicator]]\nid = "i"\ndimension = "d"\nquestion = "q"\nkind = "mean"\nlabel = "L"\n'
)
POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has no such file")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A study's folder, and beside it a file that is not the study's."""
    (tmp_path / "secret.csv").write_text("Q\n1\n2\n", encoding="utf-8")
    (tmp_path / "secret.toml").write_text(QUESTIONNAIRE, encoding="utf-8")
    (tmp_path / "étude").mkdir()
    written(tmp_path / "étude")
    return tmp_path / "étude"


def written(folder: Path, study: str = STUDY, more: str = "") -> Path:
    (folder / "study.toml").write_text(study.replace("{more}", more), encoding="utf-8")
    (folder / "q.toml").write_text(QUESTIONNAIRE, encoding="utf-8")
    (folder / "a.csv").write_text("Q\n1\n2\n", encoding="utf-8")
    return folder


def refused(run: Callable[[], object], seconds: float = 20) -> ImpactError:
    """The error of a run, which comes at once: nothing is waited for."""
    found: list[BaseException] = []

    def caught() -> None:
        try:
            run()
        except BaseException as fault:
            found.append(fault)

    thread = threading.Thread(target=caught, daemon=True)
    thread.start()
    thread.join(seconds)
    assert not thread.is_alive(), "it hangs"
    assert found, "it was read"
    assert isinstance(found[0], ImpactError), found[0]
    assert not re.search(r"\{\w+\}", str(found[0])), found[0]
    return found[0]


OUTSIDE = ("../secret.csv", "../../../../../../etc/passwd", "/etc/passwd", "x/../../secret.csv", "lien.csv",
           "dossier/secret.csv", "./lien.csv")  # fmt: skip


@POSIX
@pytest.mark.parametrize("path", OUTSIDE)
def test_no_export_stands_outside_the_folder(folder: Path, path: str) -> None:
    (folder / "lien.csv").symlink_to(folder.parent / "secret.csv")
    (folder / "dossier").symlink_to(folder.parent)
    written(folder, STUDY.replace("a.csv", path))
    fault = refused(lambda: load(read_study(folder)))
    assert fault.key == "study_path_outside"
    assert path in str(fault) and "study.toml" in str(fault) and "Copiez-le dans ce dossier" in str(fault)


@POSIX
@pytest.mark.parametrize("path", ["../secret.toml", "/etc/secret.toml", "lien.toml", "dossier/secret.toml"])
@pytest.mark.parametrize("key", ["questionnaire", "published"])
def test_no_file_of_the_study_stands_outside_the_folder(folder: Path, key: str, path: str) -> None:
    (folder / "lien.toml").symlink_to(folder.parent / "secret.toml")
    (folder / "dossier").symlink_to(folder.parent)
    study = (
        STUDY.replace("q.toml", path) if key == "questionnaire" else STUDY.replace("{more}", f'published = "{path}"\n')
    )
    written(folder, study)
    assert refused(lambda: read_study(folder)).key == "study_path_outside"


@POSIX
def test_what_is_read_beside_an_export_is_never_a_link_that_leaves_the_folder(folder: Path) -> None:
    (folder.parent / "secret.R").write_text('names(data)[1] <- "secret"\n', encoding="utf-8")
    (folder / "x_R_data_file.csv").write_text('"q"\n"1"\n', encoding="utf-8")
    (folder / "x_R_syntax_file.R").symlink_to(folder.parent / "secret.R")
    written(folder, STUDY.replace("a.csv", "x_R_data_file.csv"))
    study = read_study(folder)
    assert folder / "x_R_syntax_file.R" not in inputs(study)
    assert "secret" not in str(load(study))


@pytest.mark.parametrize("name", ["a" * 5_000, "é" * 200, "x/" * 600])
@pytest.mark.parametrize("key", ["file", "questionnaire", "published"])
def test_a_name_that_no_system_opens(folder: Path, key: str, name: str) -> None:
    path = f"{name}.csv" if key == "file" else f"{name}.toml"
    changes = {
        "file": ("a.csv", path),
        "questionnaire": ("q.toml", path),
        "published": ("{more}", f'{key} = "{path}"\n'),
    }
    written(folder, STUDY.replace(*changes[key]))
    fault = refused(lambda: read_study(folder))
    assert (fault.key, len(str(fault)) < 200) == ("study_path_long", True)


@pytest.mark.parametrize("key", ["questionnaire", "published"])
def test_a_bundled_name_that_no_system_opens(folder: Path, key: str) -> None:
    changes = {"questionnaire": ("q.toml", "a" * 5_000), "published": ("{more}", f'{key} = "{"a" * 5_000}"\n')}
    written(folder, STUDY.replace(*changes[key]))
    assert refused(lambda: read_study(folder)).key == "study_no_bundled"


@POSIX
def test_links_that_lead_to_one_another(folder: Path) -> None:
    (folder / "un.csv").symlink_to("deux.csv")
    (folder / "deux.csv").symlink_to("un.csv")
    written(folder, STUDY.replace("a.csv", "un.csv"))
    assert refused(lambda: read_study(folder)).key == "study_path_outside"


@POSIX
def test_a_link_within_the_folder_is_a_file_like_another(folder: Path) -> None:
    (folder / "lien.csv").symlink_to("a.csv")
    written(folder, STUDY.replace("a.csv", "lien.csv"))
    assert len(load(read_study(folder))[0].cells) == 2


def pipe(path: Path) -> None:
    os.mkfifo(path)


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


@POSIX
@pytest.mark.parametrize("make", [pipe, device, Path.mkdir])
@pytest.mark.parametrize("name", ["a.csv", "q.toml", "study.toml", "p.toml"])
def test_what_never_ends_is_never_waited_for(folder: Path, name: str, make: Callable[[Path], None]) -> None:
    written(folder, more='published = "p.toml"\n')
    (folder / "p.toml").write_text('title = "P"\nyear = 2020\nfigure = []\n', encoding="utf-8")
    (folder / name).unlink(missing_ok=True)
    make(folder / name)
    fault = refused(lambda: load(read_study(folder / "study.toml")))
    assert name in str(fault)
    assert "Vouliez-vous" not in str(fault)
    assert make is not pipe or "un tube" in str(fault)


@POSIX
@pytest.mark.parametrize("make", [pipe, device])
def test_what_never_ends_is_not_read_beside_an_export_either(folder: Path, make: Callable[[Path], None]) -> None:
    (folder / "x_R_data_file.csv").write_text('"Q"\n"1"\n', encoding="utf-8")
    make(folder / "x_R_syntax_file.R")
    written(folder, STUDY.replace("a.csv", "x_R_data_file.csv"))
    assert len(load(read_study(folder))[0].cells) == 1


def source(place: int) -> str:
    return f'[[source]]\nfile = "f{place}.csv"\ngroup = "mentored"\n'


DEEP = 20_000
DOTTED = "a" + ".a" * 100_000
STUDIES = [
    ("lists", STUDY.replace('"T"', "[" * DEEP + "]" * DEEP), "study_too_deep", "trop de crochets"),
    ("tables", STUDY.replace('"T"', "{a = " * DEEP + "1" + "}" * DEEP), "study_too_deep", "trop de crochets"),
    ("dotted keys", STUDY.replace("{more}", DOTTED + " = 1\n"), "toml_long_key", "ligne 5"),
    ("dotted heading", f"[{DOTTED}]\n{STUDY}", "toml_long_key", "ligne 1"),
    ("dotted quoted", STUDY.replace("{more}", "'a' . \"a\"." * 50_000 + "a = 1\n"), "toml_long_key", "ligne 5"),
    ("dotted in braces", STUDY.replace('"T"', f"{{{DOTTED} = 1}}"), "toml_long_key", "ligne 2"),
    ("dotted behind a text", STUDY.replace('"T"', f'["""a"""", {{{DOTTED} = 1}}]'), "toml_long_key", "ligne 2"),
    ("dots in texts", f"{STUDY.replace('T', 'a.' * 5_000)}# {'a.' * 5_000}\n", "loads", ""),
    ("dots in a long text", STUDY.replace('"T"', "'''\n'" + "a.\n" * 5_000 + "'''"), "loads", ""),
    ("escaped quotes", STUDY.replace('"T"', '"' + r"\"" * 100_000), "toml_open_quote", "ligne 2"),
    ("spaces", STUDY.replace('"T"', "T" + " " * 200_000 + '"'), "toml_open_quote", "ligne 2"),
    ("blank lines", "\n" * 1_000_000 + STUDY, "loads", ""),
    ("numbers", STUDY.replace("2024", f"[{f'{9:9<999},' * 1_500}{9:9<5000}]"), "toml_long_number", "ligne 3"),
    ("twenty deep", STUDY.replace('"T"', "[" * 21 + "]" * 21), None, ""),
    ("key twice", STUDY.replace("year = 2024", "year = 2024\nyear = 2025"), "toml_key_twice", r"ligne 4 .*« year »"),
    ("table twice", f"{STUDY}[study]\ntitle = 'U'\n", "toml_table_twice", r"ligne 8 .*\[study\]"),
    ("list as table", STUDY.replace("[[", "[").replace("]]", "]") + "[source]\n", "toml_list_twice", r"\[\[source\]\]"),
    ("table in French", STUDY.replace("[study]", "[etude]"), "study_faults", "Vouliez-vous écrire « study »"),
    ("year in French", STUDY.replace("year", "annee"), "study_faults", "Vouliez-vous écrire « year »"),
    ("rows to drop", f"{STUDY}drop_rows = [122, 123]\n", "study_faults", r"drop_rows = \[\{rows = \[122, 123\]"),
    ("rows in French", f"{STUDY}drop_rows = [{{rows = [1], raison = 'x'}}]\n", "study_faults", "écrire « reason »"),
    ("tab as space", STUDY.replace("title =", "\ttitle\t="), "loads", ""),
    ("tab in a text", STUDY.replace('"T"', '"a\tb"'), "loads", ""),
    ("unknown key", STUDY.replace("title", "titel"), "study_faults", "Vouliez-vous écrire « title »"),
    ("mark", "\ufeff" + STUDY, "loads", ""),
    ("nul", STUDY.replace('"T"', '"a\0b"'), None, r"ligne 2"),
    ("a date for a text", STUDY.replace('"T"', "2024-01-01"), "study_faults", "un texte entre guillemets est attendu"),
    ("an octal for a year", STUDY.replace("2024", "0o3750"), "loads", ""),
    ("a leading zero", STUDY.replace("2024", "02024"), None, "ligne 3"),
    ("a true for a year", STUDY.replace("2024", "true"), "study_faults", "trop petit"),
    ("no for a text", STUDY.replace('"T"', "no"), "toml_true", r"« no » s’écrit true \(oui\) ou false \(non\)"),
    ("proto", f'{STUDY}[__proto__]\nadmin = true\n', "study_faults", "« __proto__ » n’existe pas"),
    ("class", f'{STUDY}rename = {{"__class__" = "__init__"}}\n', "study_no_question_far", "« __init__ » n’est"),
    ("huge level", f"{STUDY}[analysis]\nlevel = {'9' * 400}\n", "study_faults", ""),
    ("infinite level", f"{STUDY}[analysis]\nlevel = inf\n", "study_faults", "trop grand"),
    ("no number", f"{STUDY}[analysis]\nlevel = nan\n", "study_faults", "ne convient pas|trop"),
    ("huge year", STUDY.replace("2024", "9" * 400), "study_faults", "trop grand"),
    ("huge number", STUDY.replace("2024", "9" * 5000), "toml_long_number", "ligne 3"),
    ("long text", STUDY.replace('"T"', f'"{"x" * 1_500_000}"'), "loads", ""),
    ("long broken text", STUDY.replace('"T"', f'"{"x" * 500_000}'), None, "ligne 2"),
    ("many sources", STUDY + "".join(map(source, range(5_000))), "loads", ""),
    ("many sources twice", STUDY + source(1) * 20_000, "study_twice", "« f1.csv » est écrit deux fois"),
    ("half a sign", STUDY.replace('"T"', r'"\ud800"'), None, "ligne 2"),
    ("escape that is none", STUDY.replace('"T"', r'"\x41"'), "toml_backslash", "ligne 2"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "key", "said"), [one[1:] for one in STUDIES], ids=[one[0] for one in STUDIES])
def test_a_study_file_is_read_or_its_fault_said(folder: Path, text: str, key: str | None, said: str) -> None:
    written(folder, text)
    if key == "loads":
        read_study(folder)
        return
    fault = refused(lambda: read_study(folder))
    assert key in (None, fault.key)
    assert str(fault).startswith("study.toml")
    assert len(str(fault)) < 3_000
    assert re.search(said, str(fault)), str(fault)


def test_a_study_file_of_windows_is_told_so(folder: Path) -> None:
    (folder / "study.toml").write_bytes(STUDY.replace("{more}", 'organisation = "Été"\n').encode("cp1252"))
    fault = refused(lambda: read_study(folder))
    assert (fault.key, "study.toml" in str(fault), "UTF-8" in str(fault)) == ("study_not_utf8", True, True)


def test_a_study_file_without_end_is_not_read(folder: Path) -> None:
    with (folder / "study.toml").open("ab") as file:
        file.truncate(3_000_000)
    assert refused(lambda: read_study(folder)).key == "study_too_big"


@pytest.mark.parametrize("name", ["study.toml", "q.toml", "p.toml", "study.plan.toml"])
def test_a_key_without_end_is_refused_at_once_in_every_file_of_a_study(folder: Path, name: str) -> None:
    written(folder, more='published = "p.toml"\n')
    (folder / "p.toml").write_text('title = "P"\nyear = 2020\nfigure = []\n', encoding="utf-8")
    (folder / name).write_text(f"{DOTTED} = 1\n", encoding="utf-8")
    fault = refused(lambda: read_study(folder), seconds=5)
    assert (fault.key, name in str(fault)) == ("toml_long_key", True)
