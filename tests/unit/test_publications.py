"""The registry of publications: two versions on nearly the same people never leave the room both."""

import json
import re
import stat
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import impact
from impact import keys, read_study
from impact.cli import app
from impact.errors import ImpactError
from impact.report import publication as registered
from impact.report.closeness import shown_otherwise, told_of
from impact.report.publication import KEY, Publication
from impact.report.publications import judged
from impact.study.plan import digest

STUDY = """[study]
title = "T"
organisation = "O"
year = 2026
questionnaire = "questionnaire.toml"
{about}
[[source]]
file = "a.csv"
group = "mentored"

[[source]]
file = "b.csv"
group = "non_mentored"

[duration]
question = "mois"

[disclosure]
{rule}
"""
QUESTIONNAIRE = """
[dimension.d]
label = "D"

[[question]]
id = "mois"
kind = "number"
text = "Depuis combien de mois ?"
asked = ["mentored"]

[[question]]
id = "aide"
kind = "single"
text = "Es-tu aidé ?"
choices = [{code = "oui", label = "Oui"}, {code = "non", label = "Non"}]
asked = ["mentored", "non_mentored"]

[[question]]
id = "age"
kind = "number"
text = "Âge"
asked = ["mentored", "non_mentored"]

[[indicator]]
id = "aide_oui"
dimension = "d"
kind = "share"
question = "aide"
counts = ["oui"]
label = "Est aidé"
"""
Row = tuple[object, ...]
# Ages tell everyone apart but for two: who answered exactly alike is two people all the same.
MENTORED: list[Row] = [(12 if each < 40 else 3, ("Oui", "Non")[each % 2], 100 + each) for each in range(70)]
OTHERS: list[Row] = [(("Oui", "Non")[each % 3 > 0], 100 + each // 2) for each in range(60)]
Study = Callable[..., Path]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def study(tmp_path: Path, home: Path) -> Study:
    """Writes the study again, with other answers or another rule."""

    def written(
        mentored: Sequence[Row] = MENTORED, others: Sequence[Row] = OTHERS, about: str = "", rule: str = ""
    ) -> Path:
        folder = tmp_path / "etude"
        folder.mkdir(exist_ok=True)
        (folder / "study.toml").write_text(STUDY.format(about=about, rule=rule), encoding="utf-8")
        (folder / "questionnaire.toml").write_text(QUESTIONNAIRE, encoding="utf-8")
        for name, head, rows in (
            ("a.csv", "Depuis combien de mois ?;Es-tu aidé ?;Âge", mentored),
            ("b.csv", "Es-tu aidé ?;Âge", others),
        ):
            lines = [head, *(";".join(map(str, row)) for row in rows)]
            (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
        return folder

    return written


def analysed(folder: Path, *options: str) -> Any:
    """`impact analyse`, of a study's folder or file, and all that it said, spaces made plain."""
    out = (folder if folder.is_dir() else folder.parent).parent / "out"
    done = CliRunner().invoke(app, ["analyse", str(folder), "-o", str(out), *options])
    return done.exit_code, re.sub(r"\s+", " ", done.output)


def registry(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((folder / "study.publications.json").read_bytes())["publications"]
    return found


def more(rows: Sequence[Row], count: int) -> list[Row]:
    """The same people and some others."""
    return [*rows, *((*rows[place][:-1], 500 + place) for place in range(count))]


def moved(count: int) -> list[Row]:
    """The same people, some of them from the long to the short band."""
    return [(3, *row[1:]) if place < count else row for place, row in enumerate(MENTORED)]


def corrected(count: int) -> list[Row]:
    """The same people, one cell of some of them written otherwise."""
    return [(*row[:-1], 700) if place < count else row for place, row in enumerate(MENTORED)]


def test_what_is_published_is_written_down_for_its_owner_alone(study: Study, home: Path) -> None:
    folder = study()
    code, said = analysed(folder)
    assert code == 0
    assert "Publication n° 1 de cette étude" in said
    (one,) = registry(folder)
    assert one["sizes"] == {"mentored_over": 40, "mentored_under": 30, "non_mentored": 60}
    assert {name: len(each.split()) for name, each in one["respondents"].items()} == one["sizes"]
    assert set(one["exports"]) == {"a.csv", "b.csv"}
    assert set(one["files"]) == {"study.toml", "questionnaire.toml"}
    assert "estimates.csv" in one["tables"]
    file = folder / "study.publications.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    held = keys.place(KEY)
    assert held.is_relative_to(home) and not held.is_relative_to(folder)
    assert held.read_bytes().hex() not in file.read_text(encoding="utf-8")
    assert not re.search(r"20\d\d-\d\d-\d\d|\d\d:\d\d:\d\d", file.read_text(encoding="utf-8"))


@pytest.mark.parametrize(("unknown", "code"), [(3, 1), (12, 0)])
@pytest.mark.parametrize("first", ["", "merge_unknown = false"])
def test_a_band_that_took_in_a_few_never_stands_beside_itself_without_them(
    study: Study, first: str, unknown: int, code: int
) -> None:
    """In one version those of unknown duration with the short band, in the other apart: subtracting gives them."""
    rows = [*MENTORED, *(("", ("Oui", "Non")[each % 2], 300 + each) for each in range(unknown))]
    assert analysed(study(rows, rule=first))[0] == 0
    again, said = analysed(study(rows, rule="" if first else "merge_unknown = false"))
    assert again == code
    assert (f"{unknown} de moins" in said or f"{unknown} de plus" in said) == (code == 1)


def test_the_digests_cannot_be_made_without_the_key(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who knows every answer tries them, and finds none: another key gives other digests."""
    folder = study()
    analysed(folder)
    (one,) = registry(folder)
    (folder / "study.publications.json").unlink()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "elsewhere"))
    analysed(folder)
    (two,) = registry(folder)
    assert not set(" ".join(one["respondents"].values()).split()) & set(" ".join(two["respondents"].values()).split())
    assert one["key"] != two["key"]


def test_the_registry_alone_never_shows_the_same_person_twice(study: Study) -> None:
    """Nor two who answered alike: under two breakdown questions, one digest would say what one person answered both."""
    folder = study([row for row in MENTORED for _ in range(2)])
    text = (folder / "study.toml").read_text(encoding="utf-8")
    (folder / "study.toml").write_text(f'{text}\n[analysis]\nbreakdowns = ["aide"]\n', encoding="utf-8")
    assert analysed(folder)[0] == 0
    (one,) = registry(folder)
    listed = [each for digests in one["respondents"].values() for each in digests.split()]
    assert len(listed) == 2 * (2 * len(MENTORED) + len(OTHERS))
    assert len(set(listed)) == len(listed)


def test_the_same_respondents_keep_their_line_byte_for_byte_whatever_the_order(study: Study) -> None:
    folder = study()
    analysed(folder)
    file = folder / "study.publications.json"
    before, written = file.read_bytes(), file.stat().st_mtime_ns
    assert analysed(folder)[0] == 0
    assert (file.read_bytes(), file.stat().st_mtime_ns) == (before, written)
    assert analysed(study(MENTORED[::-1], OTHERS[::-1]))[0] == 0
    (one,) = registry(folder)
    assert one["respondents"] == json.loads(before)["publications"][0]["respondents"]


@pytest.mark.parametrize(
    ("mentored", "others", "told"),
    [
        (more(MENTORED, 1), OTHERS, "mentorés : 1 de plus, 0 de moins"),
        (MENTORED[1:], OTHERS, "mentorés : 0 de plus, 1 de moins"),
        (more(MENTORED, 10), OTHERS, "mentorés : 10 de plus, 0 de moins"),
        (MENTORED, more(OTHERS, 3), "non mentorés : 3 de plus, 0 de moins"),
        (MENTORED, [*OTHERS, OTHERS[0]], "non mentorés : 1 de plus, 0 de moins"),  # someone who answered like another
        (corrected(1), OTHERS, "mentorés : 1 de plus, 1 de moins"),
        (corrected(6), OTHERS, "mentorés : 6 de plus, 6 de moins"),  # six people, though twelve digests
        (moved(2), OTHERS, "mentorés : 2 de plus, 2 de moins"),
    ],
)
def test_a_version_that_a_few_respondents_set_apart_is_refused_before_anything_is_written(
    study: Study, mentored: list[Row], others: list[Row], told: str
) -> None:
    folder = study()
    analysed(folder)
    kept = {path: path.read_bytes() for path in (folder.parent / "out").iterdir()}
    before = (folder / "study.publications.json").read_bytes()
    code, said = analysed(study(mentored, others))
    assert code == 1
    assert f"publication n° 1, {told}" in said
    for way_out in ("au moins 11 personnes", "drop_rows", "--jamais-diffusee 1", 'audience = "internal"'):
        assert way_out in said
    assert {path: path.read_bytes() for path in (folder.parent / "out").iterdir()} == kept
    assert (folder / "study.publications.json").read_bytes() == before


@pytest.mark.parametrize("mentored", [more(MENTORED, 11), corrected(11), moved(11)])
def test_a_version_that_a_whole_base_sets_apart_is_another_publication(study: Study, mentored: list[Row]) -> None:
    folder = study()
    analysed(folder)
    assert analysed(study(mentored))[0] == 0
    assert [one["number"] for one in registry(folder)] == [1, 2]


def test_the_answers_by_which_figures_are_broken_down_are_groups_too(study: Study) -> None:
    """Twelve people come, one of whom is helped: the row of those who are would tell what that one answered."""

    def broken_down(mentored: list[Row]) -> Path:
        folder = study(mentored)
        text = (folder / "study.toml").read_text(encoding="utf-8")
        (folder / "study.toml").write_text(f'{text}\n[analysis]\nbreakdowns = ["aide"]\n', encoding="utf-8")
        asked = (folder / "questionnaire.toml").read_text(encoding="utf-8")
        mean = '[[indicator]]\nid = "age_moyen"\ndimension = "d"\nkind = "mean"\nquestion = "age"\nlabel = "Âge"\n'
        (folder / "questionnaire.toml").write_text(f"{asked}\n{mean}", encoding="utf-8")
        return folder

    def come(helped: int, others: int) -> list[Row]:
        answers = ["Oui"] * helped + ["Non"] * others
        return [*MENTORED, *((12, answer, 500 + place) for place, answer in enumerate(answers))]

    folder = broken_down(MENTORED)
    assert analysed(folder)[0] == 0
    code, said = analysed(broken_down(come(1, 11)))
    assert code == 1
    assert "mentorés, selon les réponses à « aide » : 1 de plus, 0 de moins" in said
    assert analysed(broken_down(come(11, 11)))[0] == 0
    assert analysed(study(come(12, 12)))[0] == 1  # without the breakdown, two people are two people


def test_one_who_comes_while_many_change_band_is_still_seen(study: Study) -> None:
    """The bands are far apart from what they were, all the mentored together are not."""
    folder = study()
    analysed(folder)
    code, said = analysed(study([*moved(11), (3, "Oui", 900)]))
    assert code == 1
    assert "mentorés" in said


def test_every_earlier_publication_counts_not_the_last_alone(study: Study) -> None:
    folder = study()
    analysed(folder)
    assert analysed(study(more(MENTORED, 20)))[0] == 0
    code, said = analysed(study(more(MENTORED, 2)))
    assert code == 1
    assert "publication n° 1" in said
    assert "publication n° 2" not in said
    assert analysed(study())[0] == 0  # exactly the earlier respondents
    assert [one["number"] for one in registry(folder)] == [1, 2]


def test_what_was_never_shown_is_struck_and_the_new_version_goes_on(study: Study) -> None:
    folder = study()
    analysed(folder)
    code, said = analysed(study(more(MENTORED, 1)), "--jamais-diffusee", "1")
    assert code == 0
    assert "Publication n° 2" in said
    assert [(one["number"], one["shown"]) for one in registry(folder)] == [(1, False), (2, True)]
    assert analysed(study())[0] == 1  # now the first would be the second to be seen


def test_a_number_that_stands_for_no_publication_is_told(study: Study) -> None:
    folder = study()
    code, said = analysed(folder, "--never-shown", "1")
    assert (code, "rien n’a encore été publié" in said) == (1, True)
    analysed(folder)
    code, said = analysed(folder, "--jamais-diffusee", "7")
    assert (code, "pas de publication n° 7. Celles qui y sont : 1." in said) == (1, True)


def test_without_the_key_sizes_are_compared_and_it_is_said(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = study()
    analysed(folder)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "other machine"))
    code, said = analysed(study(more(MENTORED, 4)))
    assert code == 1
    assert "mentorés : 4 de plus, 0 de moins (d’après les effectifs seuls" in said
    code, said = analysed(study())
    assert code == 0
    assert "sur les effectifs seuls avec la publication n° 1" in said
    assert [one["sizes"] for one in registry(folder)] == [registry(folder)[0]["sizes"]] * 2


def test_a_question_read_otherwise_does_not_hide_one_more_respondent(study: Study) -> None:
    """All digests change with the questionnaire: the sizes still tell."""
    folder = study()
    analysed(folder)
    study(more(MENTORED, 1))
    asked = (folder / "questionnaire.toml").read_text(encoding="utf-8")
    (folder / "questionnaire.toml").write_text(
        asked.replace('{code = "oui"', '{code = "certes"').replace('["oui"]', '["certes"]'), encoding="utf-8"
    )
    assert analysed(folder)[0] == 1


REREAD = (
    '[[indicator]]\nid = "aide_non"\ndimension = "d"\nkind = "share"\nquestion = "{0}"\ncounts = ["{1}"]\nlabel = "N"\n'
)


def rewritten(folder: Path, file: str, before: str, after: str) -> Path:
    """The study with one of its files written otherwise; at its end where `before` is ""."""
    text = (folder / file).read_text(encoding="utf-8")
    assert before in text
    (folder / file).write_text(text.replace(before, after) if before else f"{text}\n{after}", encoding="utf-8")
    return folder


def asked_too(folder: Path) -> Path:
    """The study with a question more, which its files always held: the sex of each, by whether their age is even."""
    for name in ("a.csv", "b.csv"):
        head, *lines = (folder / name).read_text(encoding="utf-8").splitlines()
        told = [f"{line};{('F', 'G')[int(line.rpartition(';')[2]) // 2 % 2]}" for line in lines]
        (folder / name).write_text("\n".join([f"{head};Sexe", *told]) + "\n", encoding="utf-8")
    choices = '[{code = "F", label = "F"}, {code = "G", label = "G"}]'
    sex = f'[[question]]\nid = "sexe"\nkind = "single"\ntext = "Sexe"\nchoices = {choices}\n'
    return rewritten(folder, "questionnaire.toml", "[[indicator]]", f"{sex}\n[[indicator]]")


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        ('counts = ["oui"]', 'counts = ["non"]', "aide_oui"),
        ('{code = "non"', '{code = "jamais"', "aide_oui, aide"),
        ('kind = "share"\nquestion = "aide"\ncounts = ["oui"]', 'kind = "mean"\nquestion = "age"', "aide_oui"),
    ],
)
def test_the_same_people_are_not_counted_otherwise(study: Study, before: str, after: str, named: str) -> None:
    """22 of 60 answer "often" in one version and 25 "often or sometimes" in the next: three answer "sometimes"."""
    assert analysed(study())[0] == 0
    code, said = analysed(rewritten(study(), "questionnaire.toml", before, after))
    assert code == 1
    assert f"publication n° 1 : {named} " in said
    for way_out in ("définition d’alors", "--jamais-diffusee 1", 'audience = "internal"'):
        assert way_out in said


def test_what_is_broken_down_by_is_not_exchanged(study: Study) -> None:
    by = '[analysis]\nbreakdowns = ["{}"]\n'
    assert analysed(rewritten(asked_too(study()), "study.toml", "", by.format("sexe")))[0] == 0
    code, said = analysed(rewritten(asked_too(study()), "study.toml", "", by.format("aide")))
    assert (code, "publication n° 1 : sexe " in said) == (1, True)


def test_the_answers_that_figures_are_broken_down_by_are_not_read_otherwise(study: Study) -> None:
    """Twelve people are counted with one answer, then with another: they are what each of the two leaves."""
    by, read = '[analysis]\nbreakdowns = ["sexe"]\n', 'group = "mentored"\nrecode = {{sexe = {{"{}" = "{}"}}}}'
    assert analysed(rewritten(asked_too(study()), "study.toml", "", by))[0] == 0
    folder = rewritten(asked_too(study()), "study.toml", "", by)
    code, said = analysed(rewritten(folder, "study.toml", 'group = "mentored"', read.format("F", "G")))
    assert (code, "publication n° 1 : sexe " in said) == (1, True)


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("questionnaire.toml", 'label = "Est aidé"', 'label = "Se dit aidé"'),
        ("questionnaire.toml", 'label = "Est aidé"', 'label = "Est aidé"\nbetter = "higher"'),
        ("questionnaire.toml", 'label = "Oui"', 'label = {fr = "Oui", en = "Yes"}'),
        ("study.toml", 'title = "T"', 'title = "Autre titre"\nlanguage = "en"'),
    ],
)
def test_other_words_make_no_other_publication(study: Study, file: str, before: str, after: str) -> None:
    folder = study()
    assert analysed(folder)[0] == 0
    (one,) = registry(folder)
    assert analysed(rewritten(study(), file, before, after), "--language", "fr")[0] == 0
    (two,) = registry(folder)
    assert {**one, "files": {}, "tables": {}} == {**two, "files": {}, "tables": {}}


def test_questions_and_indicators_may_be_added(study: Study) -> None:
    folder = study()
    assert analysed(folder)[0] == 0
    more_of_them = REREAD.format("aide", "non") + REREAD.format("sexe", "F").replace("aide_non", "fille")
    assert analysed(rewritten(asked_too(study()), "questionnaire.toml", "", more_of_them))[0] == 0
    assert [one["number"] for one in registry(folder)] == [1, 2]
    assert analysed(study())[0] == 0  # and the first is still the first
    assert [one["number"] for one in registry(folder)] == [1, 2]


@pytest.mark.parametrize("mentored", [corrected(1), [*MENTORED[1:], (3, "Oui", 900)], more(MENTORED, 1)])
def test_a_question_added_does_not_hide_who_came(study: Study, mentored: list[Row]) -> None:
    assert analysed(study())[0] == 0
    code, said = analysed(asked_too(study(mentored)))
    assert code == 1
    assert "publication n° 1, mentorés : 1 de plus" in said


def test_a_question_taken_away_does_not_hide_who_came(study: Study) -> None:
    assert analysed(asked_too(study()))[0] == 0
    code, said = analysed(study([*MENTORED[1:], (3, "Oui", 900)]))
    assert (code, "publication n° 1 : sexe " in said) == (1, True)


@pytest.mark.parametrize(("helped", "code"), [(11, 1), (10, 1), (7, 1), (6, 0), (5, 0), (1, 1), (0, 1)])
def test_those_who_come_do_not_all_answer_alike(study: Study, helped: int, code: int) -> None:
    """Eleven people come: what they answered is what one version leaves of the other, and five of each answer."""
    folder = study()
    analysed(folder)
    come = [(12, ("Non", "Oui")[place < helped], 500 + place) for place in range(11)]
    again, said = analysed(study([*MENTORED, *come]))
    assert again == code
    assert ("« aide_oui »" in said) == (code == 1)


@pytest.mark.parametrize(
    ("before", "after", "people", "code"),
    [
        ("60 20", "60 20", (60, 60), 0),
        ("60 20", "80 28", (60, 80), 0),
        ("60 20", "80 24", (60, 80), 1),  # four of twenty
        ("60 20", "80 36", (60, 80), 1),  # all but four
        ("60 20", "67 24", (60, 80), 1),  # seven of those who came answered
        ("60 20", "60 21", (60, 60), 1),  # nobody came, one answers otherwise
        ("80 28", "60 20", (80, 60), 0),
        ("80 24", "60 20", (80, 60), 1),
        ("60", "80", (60, 80), 0),  # means: bases alone
        ("60", "65", (60, 80), 1),
    ],
)
def test_what_one_row_leaves_of_another_passes_the_rule(
    before: str, after: str, people: tuple[int, int], code: int
) -> None:
    one, two = (by_size(size, {"estimates": printed}) for size, printed in zip(people, (before, after), strict=True))
    assert len(told_of(one, two, frozenset())) == code


@pytest.mark.parametrize(
    ("before", "after", "refused"),
    [
        ("mentored non_mentored", "mentored non_mentored", False),
        ("mentored", "mentored non_mentored", False),
        ("mentored non_mentored", "mentored", False),
        ("mentored_over", "mentored", True),
        ("mentored mentored_over", "mentored mentored_under", True),
        ("mentored mentored_under_unknown", "mentored mentored_under mentored_unknown", False),
        ("mentored mentored_over mentored_under_unknown", "mentored mentored_under", True),
    ],
)
def test_the_same_people_are_shown_in_rows_that_were_judged_together(before: str, after: str, refused: bool) -> None:
    """All the mentored in one version, one of the bands in the other: subtracting gives the other band."""
    one, two = (by_size(60, dict.fromkeys(groups.split(), "")) for groups in (before, after))
    assert shown_otherwise(one, two) == refused


def by_size(size: int, rows: dict[str, str]) -> Publication:
    """A publication of so many mentored, and rows by group, or of the mentored by table."""
    written = {
        registered.Row("estimates", "x", "mentored" if name == "estimates" else name).written: told
        for name, told in rows.items()
    }
    bare: dict[str, Any] = {
        "number": 1,
        "shown": True,
        "impact": "",
        "minimum_base": 11,
        "minimum_answer": 5,
        "key": "",
    }
    none: dict[str, Any] = {part: {} for part in ("respondents", "tables", "files", "exports")}
    return Publication(**bare, **none, sizes={"mentored": size}, rows=written)


def test_a_study_file_that_changes_its_name_keeps_its_registry(study: Study) -> None:
    folder = study()
    assert analysed(folder)[0] == 0
    (folder / "study.toml").rename(folder / "etude.toml")
    code, said = analysed(folder / "etude.toml")
    assert code == 1
    assert "renommez aussi le registre : etude.publications.json" in said
    (folder / "study.publications.json").rename(folder / "etude.publications.json")
    assert analysed(folder / "etude.toml")[0] == 0
    assert json.loads((folder / "etude.publications.json").read_bytes())["publications"][0]["number"] == 1


def test_a_second_study_file_of_the_folder_is_held_against_the_first(study: Study) -> None:
    folder = study()
    assert analysed(folder)[0] == 0
    study(more(MENTORED, 1))
    (folder / "autre.toml").write_bytes((folder / "study.toml").read_bytes())
    code, said = analysed(folder / "autre.toml")
    assert code == 1
    assert "study.publications.json : publication n° 1, mentorés : 1 de plus, 0 de moins" in said
    assert "study.toml --jamais-diffusee 1" in said


@pytest.mark.parametrize("kind", [Path.mkdir, Path.touch])
def test_a_registry_that_is_none_is_told_before_anything_is_computed(
    study: Study, kind: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = study()
    kind(folder / "study.publications.json")
    monkeypatch.setattr("impact.loaders.load", lambda _: pytest.fail("the exports were read"))
    code, said = analysed(folder)
    assert (code, "study.publications.json n’est pas un registre" in said) == (1, True)


def test_the_command_of_a_refusal_can_be_typed(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = study()
    monkeypatch.chdir(folder.parent)
    analysed(folder)
    _, said = analysed(study(more(MENTORED, 1)))
    typed = "report etude/study.toml -o out --jamais-diffusee 1"
    assert typed in said
    assert CliRunner().invoke(app, [*typed.split(), "--format", "xlsx"]).exit_code == 0


LINE = {
    "number": 1, "shown": True, "impact": "0", "minimum_base": 11, "key": "k", "sizes": {"mentored": 70},
    "respondents": {"mentored": ""}, "tables": {}, "files": {}, "exports": {},
}  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [{"number": "1"}, {"shown": 1}, {"minimum_base": None}, {"sizes": []}, {"sizes": {"mentored": "70"}},
     {"respondents": {"mentored": ["a"]}}, {"respondents": None}, {"tables": 3}, {"key": {}}],
)  # fmt: skip
def test_a_line_that_is_not_one_is_told_even_under_a_seal_that_fits(study: Study, wrong: dict[str, Any]) -> None:
    folder, listed = study(), [{**LINE, **wrong}]
    content = json.dumps({"publications": listed, "seal": digest(listed)})
    (folder / "study.publications.json").write_text(content, encoding="utf-8")
    code, said = analysed(folder)
    assert (code, "n’est pas un registre" in said) == (1, True)


def test_weights_made_anew_do_not_hide_who_came_and_who_went(study: Study) -> None:
    """Someone goes, someone comes, and every weight is another: one person is set apart all the same."""

    def weighted(mentored: list[Row], by: float) -> Path:
        folder = study([(*row, by) for row in mentored], [(*row, by) for row in OTHERS])
        for name in ("a.csv", "b.csv"):
            text = (folder / name).read_text(encoding="utf-8")
            (folder / name).write_text(text.replace("Âge\n", "Âge;poids\n"), encoding="utf-8")
        for name, more in (
            ("study.toml", '[design]\nweight = "poids"\n'),
            ("questionnaire.toml", '[[question]]\nid = "poids"\nkind = "number"\ntext = "Poids"\n'),
        ):
            text = (folder / name).read_text(encoding="utf-8")
            (folder / name).write_text(f"{text}\n{more}", encoding="utf-8")
        return folder

    assert analysed(weighted(MENTORED, 1.5))[0] == 0
    assert analysed(weighted(MENTORED, 1.25))[0] == 0
    code, said = analysed(weighted([*MENTORED[1:], (3, "Oui", 900)], 1.75))
    assert (code, "mentorés : 1 de plus, 1 de moins" in said) == (1, True)


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"publications": [{"number": 1}], "seal": ""}', "\x00", "[" * 9999]
)
def test_a_registry_that_cannot_be_read_is_told_and_left_as_it_is(study: Study, content: str) -> None:
    folder = study()
    file = folder / "study.publications.json"
    file.write_text(content, encoding="utf-8")
    code, said = analysed(folder)
    assert code == 1
    assert "study.publications.json n’est pas un registre" in said
    assert file.read_text(encoding="utf-8") == content
    assert not (folder.parent / "out").exists()


def test_a_registry_changed_by_hand_is_told(study: Study) -> None:
    folder = study()
    analysed(folder)
    file = folder / "study.publications.json"
    file.write_text(file.read_text(encoding="utf-8").replace('"shown": true', '"shown": false'), encoding="utf-8")
    code, said = analysed(folder)
    assert code == 1
    assert "modifié à la main" in said


@pytest.mark.parametrize(
    ("about", "rule"),
    [("synthetic = true", ""), ("", 'audience = "internal"'), ("synthetic = true", "minimum_base = 9")],
)
def test_what_nobody_answered_or_nobody_else_reads_has_no_registry(study: Study, about: str, rule: str) -> None:
    folder = study(about=about, rule=rule)
    assert analysed(folder)[0] == 0
    assert analysed(study(more(MENTORED, 1), about=about, rule=rule))[0] == 0
    assert not (folder / "study.publications.json").exists()
    code, said = analysed(folder, "--jamais-diffusee", "1")
    assert code == 1
    assert "Retirez l’option" in said


def test_an_internal_run_does_not_even_read_the_registry(study: Study) -> None:
    folder = study(rule='audience = "internal"')
    (folder / "study.publications.json").write_text("broken", encoding="utf-8")
    assert analysed(folder)[0] == 0


def test_the_larger_base_of_the_two_versions_counts(study: Study) -> None:
    folder = study()
    analysed(folder)
    assert analysed(study(more(MENTORED, 8), rule="minimum_base = 5"))[0] == 1
    assert analysed(study(more(MENTORED, 14), rule="minimum_base = 15"))[0] == 1


def test_the_python_function_keeps_the_same_registry(study: Study, tmp_path: Path) -> None:
    folder = study()
    results = _results(folder)
    read = read_study(folder)
    impact.report(results, read, tmp_path / "rapport", formats=())
    assert [one["number"] for one in registry(folder)] == [1]
    study(more(MENTORED, 1))
    with pytest.raises(ImpactError) as refused:
        impact.report(_results(folder), read_study(folder), tmp_path / "rapport", formats=())
    assert refused.value.key == "publication_close"
    impact.report(_results(folder), read_study(folder), tmp_path / "rapport", formats=(), never_shown=(1,))
    assert [one["shown"] for one in registry(folder)] == [False, True]


def test_results_made_by_hand_are_compared_on_their_sizes(study: Study) -> None:
    folder = study()
    analysed(folder)
    bare = replace(_results(folder), respondents=None)
    assert [one.number for one in judged(bare, read_study(folder))] == [1, 2]
    fewer = replace(bare, sizes={**bare.sizes, "non_mentored": 58})
    with pytest.raises(ImpactError):
        judged(fewer, read_study(folder))


def test_a_run_that_fails_writes_nothing_down(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    from impact.report import publishing  # noqa: PLC0415 – to break one of its steps

    def broken(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(publishing, "write_tables", broken)
    folder = study()
    assert analysed(folder)[0] == 1
    assert not (folder / "study.publications.json").exists()


def _results(folder: Path) -> impact.Results:
    study = read_study(folder)
    return impact.protect(impact.analyse(impact.normalise(impact.load(study), study), study), study)


def test_a_draft_is_no_publication_and_says_what_it_is(study: Study, tmp_path: Path) -> None:
    folder = study(about="# À RÉGLER : l'année")
    code, said = analysed(folder)
    assert (code, "brouillon, à ne pas diffuser" in said) == (0, True)
    assert not (folder / "study.publications.json").exists()
    done = CliRunner().invoke(app, ["report", str(folder), "-o", str(tmp_path / "draft"), "--format", "xlsx"])
    assert done.exit_code == 0
    for figure in (tmp_path / "draft" / "figures").glob("*.svg"):
        assert "Brouillon, à ne pas diffuser" in figure.read_text(encoding="utf-8")
    analysed(study())
    assert len(registry(folder)) == 1
