"""The synthetic twin of an export is an export of the same tool, with the same headings, rows and kinds of answers."""

import importlib

import pytest

from impact import load, normalise, read_study, synthesise
from tests.dialects.test_dialects import TOOLS, WRITERS, groups, with_sources

# One export a tool, whose ways of laying out answers are not another's; every one of those that differ most.
EVERY = ("sas", "spss", "stata", "surveymonkey")
LAYOUTS = [
    name
    for tool in TOOLS
    for place, name in enumerate(importlib.import_module(f"tests.dialects.{tool}").WRITERS)
    if tool != "plain" and (tool in EVERY or not place)
]


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_twin_is_written_as_its_tool_writes(name, tmp_path):
    write = WRITERS[name]
    source = {"group": "mentored", **write(groups()[0], tmp_path)}
    source.pop("tool", None)
    (tmp_path / "study.toml").write_text(with_sources([source]), encoding="utf-8")
    study = read_study(tmp_path)
    synthesise(study, tmp_path / "twin", seed=1)
    twin = read_study(tmp_path / "twin")
    (real,), (made,) = load(study), load(twin)
    assert made.tool == real.tool, name
    assert laid_out(made)[: len(real.columns)] == laid_out(real)
    assert (list(made.header), list(made.cells.index)) == (list(real.header), list(real.cells.index))
    assert normalise([made], twin).problems.empty == normalise([real], study).problems.empty


def laid_out(export):
    return [(column.heading, column.block, column.layout) for column in export.columns]
