"""The record of processing: what the study's files tell of it, left to fill in where they do not, claiming nothing."""

import re
import stat
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from impact import analyse, cli, load, normalise, read_study
from impact.cli import app
from impact.errors import ImpactError
from impact.report.processing import record
from tests.unit._exports import HELPED

ABOUT = """title = "L'étude"
organisation = "{organisation}"
year = 2026
language = "{language}"
questionnaire = "questionnaire.toml"
"""
STUDY = """[study]
{about}
[[source]]
file = "a.csv"
group = {{column = "Suivi", mentored = ["avec"], non_mentored = ["sans"]}}

[disclosure]
audience = "{audience}"
"""
QUESTIONNAIRE = f'{HELPED}\n[[question]]\nid = "mot"\nkind = "text"\ntext = "Un mot ?"\n'
HEADINGS = ["Suivi", "Es-tu aidé ?", "Prénom", "Remarque *libre* <b>|x</b>"]
CLAIMS = re.compile(r"conform|anonym|complian|certif|garanti|guarante", re.IGNORECASE)


@pytest.fixture
def study(tmp_path: Path) -> Any:
    def written(
        more: str = "", language: str = "fr", organisation: str = "Mon association", audience: str = "public"
    ) -> Path:
        folder = tmp_path / "etude"
        folder.mkdir(exist_ok=True)
        about = ABOUT.format(organisation=organisation, language=language) + more
        (folder / "study.toml").write_text(STUDY.format(about=about, audience=audience), encoding="utf-8")
        (folder / "questionnaire.toml").write_text(QUESTIONNAIRE, encoding="utf-8")
        rows = [
            ("avec" if each % 2 else "sans", "Oui" if each % 3 else "Non", f"Zoé{each}", "Canari") for each in range(90)
        ]
        text = "\n".join(";".join(row) for row in [tuple(HEADINGS), *rows])
        (folder / "a.csv").write_text(text, encoding="utf-8")
        return folder

    return written


def run(folder: Path, *more: str, command: str = "analyse") -> Any:
    options = ["-o", str(folder.parent / "out")] if command != "check" else []
    return CliRunner().invoke(app, [command, str(folder), *options, *more])


def of(folder: Path) -> str:
    return (folder / "fiche_traitement.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("audience", ["public", "internal"])
def test_it_stands_beside_the_study_for_its_owner_and_claims_nothing(study: Any, language: str, audience: str) -> None:
    folder = study(language=language, audience=audience)
    done = run(folder)
    assert done.exit_code == 0, done.output
    assert "fiche_traitement.md" in done.output
    assert stat.S_IMODE((folder / "fiche_traitement.md").stat().st_mode) == 0o600
    assert not list((folder.parent / "out").glob("*.md"))
    said = of(folder)
    assert not CLAIMS.search(said)
    assert "2018-327" in said
    assert "Mon association" in said
    assert {"fr": "à compléter", "en": "to fill in"}[language] in said
    assert len(re.findall(r"^## ", said, re.M)) == 11  # purpose … rights


def test_columns_are_named_by_what_became_of_them_and_no_cell_is_shown(study: Any) -> None:
    folder = study()
    run(folder)
    parts = {head.splitlines()[0]: head for head in re.split(r"\n\n(?=\S[^\n]* :\n\n- )", of(folder))[1:]}
    told = {head.split(" (")[0]: re.findall(r"^- (.*)$", text, re.M) for head, text in parts.items()}
    assert told["Lues pour répondre à une question de l’étude"] == ["Es-tu aidé ?"]
    assert told["Lues pour ranger les lignes"] == ["Suivi"]
    dropped = told["Écartées à la lecture, parce qu’elles peuvent conduire à une personne"]
    assert "Prénom" in dropped
    (folder / "study.toml").write_text(
        (folder / "study.toml").read_text(encoding="utf-8").replace("[[source]]", '[[source]]\nkeep = ["Prénom"]'),
        "utf-8",
    )
    run(folder)
    assert "parce que l’étude en a besoin ou le demande (1) :\n\n- Prénom\n" in of(folder)
    unused = {line for lines in told.values() for line in lines}
    assert r"Remarque \*libre\* \<b\>\|x\</b\>" in unused
    assert "Zoé" not in of(folder) and "Canari" not in of(folder)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('kind = "number"\nage_on = "2026-06-30"', "seul l’âge est gardé"),
        ('kind = "date"', "Du moment d’une réponse"),  # a day that was asked is no birth
        ("", "Aucun fichier de réponses individuelles n’est écrit"),
    ],
)
def test_what_is_done_is_told_where_the_study_does_it(study: Any, more: str, said: str) -> None:
    folder = study()
    asked = f'[[question]]\nid = "jour"\ntext = "Quel jour ?"\n{more}' if more else ""
    (folder / "questionnaire.toml").write_text(f"{QUESTIONNAIRE}\n{asked}", encoding="utf-8")
    assert run(folder).exit_code == 0
    assert said in of(folder)
    assert ("seul l’âge est gardé" in of(folder)) == ("age_on" in more)


def test_what_the_study_does_not_say_is_left_to_fill_in(study: Any) -> None:
    folder = study(organisation="")
    run(folder)
    assert "- Organisme : ……………… (à compléter)" in of(folder)
    assert 'keep_until = "2028-06-30"' in of(folder)


@pytest.mark.parametrize("day", ['"2031-03-04"', "2031-03-04"])
def test_the_day_until_which_answers_are_kept_is_told(study: Any, day: str) -> None:
    folder = study(f"keep_until = {day}\n")
    run(folder)
    assert "Jusqu’au 04/03/2031." in of(folder)


@pytest.mark.parametrize("day", ['"demain"', "2031", '"2031-02-30"', "true", '""', "2031-03-04T10:00:00"])
def test_what_is_no_day_is_told(study: Any, day: str) -> None:
    with pytest.raises(ImpactError, match=r"keep_until.*un jour est attendu"):
        read_study(study(f"keep_until = {day}\n"))


@pytest.mark.parametrize("command", ["analyse", "check"])
def test_after_that_day_the_terminal_says_it_and_no_output_does(
    study: Any, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    folder = study('keep_until = "2031-03-04"\n')
    said, written = {}, {}
    for today in (date(2031, 3, 4), date(2031, 3, 5)):
        monkeypatch.setattr(cli, "_today", lambda today=today: today)
        done = run(folder, command=command)
        assert done.exit_code == 0
        said[today.day] = "devaient être gardées" in done.stderr
        assert "devaient être gardées" not in done.stdout
        out = folder.parent / "out"
        written[today.day] = {path.name: path.read_bytes() for path in (*folder.iterdir(), *out.glob("*"))}
    assert said == {4: False, 5: True}
    assert written[4] == written[5]


def test_it_is_the_same_at_each_run_and_is_left_where_nothing_changed(study: Any) -> None:
    folder = study()
    run(folder)
    file = folder / "fiche_traitement.md"
    before, at = file.read_bytes(), file.stat().st_mtime_ns
    run(folder, "--language", "en")  # the study's own language, whoever reads the tables
    assert (file.read_bytes(), file.stat().st_mtime_ns) == (before, at)


def test_what_a_person_wrote_in_it_is_never_lost(study: Any) -> None:
    folder = study()
    run(folder)
    mine = of(folder).replace("……………… (à compléter)", "Marie, à la direction", 1)
    (folder / "fiche_traitement.md").write_text(mine, encoding="utf-8")
    said = run(folder).output
    assert of(folder) == mine
    assert "modifié à la main" in re.sub(r"\s+", " ", said)


def test_a_synthetic_study_has_none(study: Any) -> None:
    folder = study("synthetic = true\n")
    assert "fiche" not in run(folder).output
    assert not (folder / "fiche_traitement.md").exists()


def test_a_study_file_of_another_name_has_its_own(study: Any) -> None:
    folder = study()
    (folder / "study.toml").rename(folder / "vague2.toml")
    done = CliRunner().invoke(app, ["analyse", str(folder / "vague2.toml"), "-o", str(folder.parent / "out")])
    assert done.exit_code == 0, done.output
    assert {"vague2.fiche_traitement.md", "vague2.publications.json"} <= {path.name for path in folder.iterdir()}


def test_a_heading_that_is_a_way_to_reach_someone_is_not_shown(study: Any) -> None:
    folder = study()
    text = (folder / "a.csv").read_text(encoding="utf-8")
    (folder / "a.csv").write_text(text.replace("Remarque *libre* <b>|x</b>", "zoe@exemple.fr"), encoding="utf-8")
    read = read_study(folder)
    content = record(analyse(normalise(load(read), read), read), read).decode()
    assert "exemple.fr" not in content
