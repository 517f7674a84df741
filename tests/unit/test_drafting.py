"""What `impact init` proposes from exports, and that a study stands on it as it is."""

import tomllib
from pathlib import Path

import pytest

from impact import load, normalise, read_study
from impact.drafting import draft, write
from impact.errors import ImpactError

DEFAULT = Path(__file__).parents[2] / "data" / "koreis2022"


def drafted(paths, folder):
    """The study that `init` writes in a folder from some files, and the draft itself."""
    made = draft(paths, folder)
    write(made)
    return made, read_study(folder)


def test_the_default_study_is_drafted_from_its_exports(tmp_path):
    exports = [DEFAULT / name for name in ("jeunes_mentores.csv", "jeunes_sans_mentor.sav", "mentors.xlsx")]
    made, study = drafted(exports, tmp_path / "study")
    assert [source.group for source in study.sources] == ["mentored", "non_mentored", "mentor"]
    assert study.duration is not None
    assert study.question(study.duration.question).text.startswith("Depuis combien de mois as-tu un mentor")
    responses = normalise(load(study), study)
    assert len(responses.people) == 164 + 175 + 202
    for target in (tmp_path / "study").iterdir():
        assert target.suffix == ".toml" or target.stat().st_mode & 0o777 == 0o600
    assert made.files == draft(exports, tmp_path / "other").files


def test_nothing_is_written_over(tmp_path):
    exports = [DEFAULT / "mentors.xlsx"]
    drafted(exports, tmp_path)
    with pytest.raises(ImpactError, match=r"study\.toml existe déjà"):
        draft(exports, tmp_path)


def test_what_is_to_settle_is_told_where_it_stands(tmp_path):
    made, _ = drafted([DEFAULT / "mentors.xlsx"], tmp_path)
    assert made.settle
    for name, line, sentence in made.settle:
        written = (tmp_path / name).read_text(encoding="utf-8").splitlines()[line - 1]
        assert written == f"# À RÉGLER : {sentence}"
        tomllib.loads((tmp_path / name).read_text(encoding="utf-8"))
