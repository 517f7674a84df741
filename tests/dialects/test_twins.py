"""The synthetic twin of an export is an export of the same tool, with the same headings, rows, blanks and answers."""

import pytest

from impact import load, normalise, read_study, synthesise
from tests.dialects.test_dialects import WRITERS, groups, with_sources


@pytest.mark.parametrize("name", WRITERS)
def test_a_twin_is_written_as_its_tool_writes(name, tmp_path):
    source = {"group": "mentored", **WRITERS[name](groups()[0], tmp_path)}
    source.pop("tool", None)
    (tmp_path / "study.toml").write_text(with_sources([source]), encoding="utf-8")
    study = read_study(tmp_path)
    synthesise(study, tmp_path / "twin", seed=1)
    twin = read_study(tmp_path / "twin")
    (real,), (made,) = load(study), load(twin)
    assert laid_out(made)[: len(real.columns)] == laid_out(real)
    assert (made.tool, made.blanks, made.left_out) == (real.tool, real.blanks, real.left_out)
    assert (list(made.header), list(made.cells.index)) == (list(real.header), list(real.cells.index))
    assert says_what_it_is(made, real)
    understood, known = normalise([made], twin), normalise([real], study)
    assert len(understood.people) == len(known.people)
    assert list(understood.problems["problem"]) == list(known.problems["problem"])


@pytest.mark.parametrize("named", [0, 1])
def test_a_pair_for_r_has_a_pair_as_its_twin(named, tmp_path):
    """Whichever of the two the study names; each says that it is made up, and none holds what someone wrote."""
    cohort = groups()[0]
    answers = WRITERS["limesurvey_r"](cohort, tmp_path)["file"]
    pair = (answers, answers.replace("data_file.csv", "syntax_file.R"))
    source = {"group": "mentored", "file": pair[named]}
    (tmp_path / "study.toml").write_text(with_sources([source]), encoding="utf-8")
    study = read_study(tmp_path)
    for twin in ("twin", "again"):
        written = synthesise(study, tmp_path / twin, seed=1)
        assert {*pair} < {path.name for path in written}
    said = [(tmp_path / "twin" / name).read_bytes() for name in pair]
    assert said == [(tmp_path / "again" / name).read_bytes() for name in pair]
    said = [content.decode("utf-8-sig") for content in said]
    assert all("Données synthétiques" in text.splitlines()[0] for text in said)
    typed = [words for one in cohort.questions if one.kind == "text" for words in cohort.said(one) if words]
    assert typed
    assert not [words for words in typed if words in said[0] or words in said[1]]
    (real,), (made,) = load(study), load(read_study(tmp_path / "twin"))
    labels = [column.labels for column in real.columns]
    assert [column.labels for column in made.columns][: len(labels)] == labels


def laid_out(export):
    return [(column.heading, column.block, column.layout) for column in export.columns]


def says_what_it_is(made, real):
    """One column more, which says it in its heading or in every row, and belongs to no question."""
    (mark,) = made.columns[len(real.columns) :]
    said = {*mark.headings, *made.cells[mark.position].unique()}
    return "Données synthétiques" in said and (not mark.block or mark.block not in {one.block for one in real.columns})
