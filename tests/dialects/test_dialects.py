"""The default study, written as each tool would write it, gives the same figures: `estimates.csv`, byte for byte.

Each other module of this folder is a tool: `WRITERS` maps the name of an export to a function (cohort, folder) that
writes one file there and gives the keys of its `[[source]]`, `file` at least, and what the tool must be recognised as
under the key "tool" (the name of a module of impact/loaders/tools, "" for none, left out where the container is all).
"""

import importlib
import pkgutil
import tomllib
from functools import cache

import pytest

from impact import analyse, load, normalise, protect, read_study
from impact.report.tables import write_tables
from tests import dialects
from tests.dialects._cohort import DEFAULT, cohorts

TOOLS = sorted(
    found.name for found in pkgutil.iter_modules(dialects.__path__) if not found.name.startswith(("_", "test_"))
)
WRITERS = {
    name: writer for tool in TOOLS for name, writer in importlib.import_module(f"tests.dialects.{tool}").WRITERS.items()
}
APART = 7  # places between the two tools of a pair, an odd number: every tool is on one side or the other


@cache
def groups():
    return cohorts()


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    """What the default study's own files give, `data/koreis2022`."""
    return estimates(read_study(DEFAULT), tmp_path_factory.mktemp("default"))


def estimates(study, folder):
    exports = load(study)
    write_tables(protect(analyse(normalise(exports, study), study), study), study, folder / "out")
    return (folder / "out" / "estimates.csv").read_bytes(), exports


@pytest.mark.parametrize("name", WRITERS)
def test_the_same_answers_give_the_same_estimates(name, expected, tmp_path):
    sources, tools = [], []
    for cohort in groups():
        source = WRITERS[name](cohort, tmp_path)
        tools.append(source.pop("tool", None))
        sources.append({"group": cohort.group, **source})
    (tmp_path / "study.toml").write_text(with_sources(sources), encoding="utf-8")
    found, exports = estimates(read_study(tmp_path), tmp_path)
    assert [export.tool for export, tool in zip(exports, tools, strict=True) if tool is not None] == [
        tool for tool in tools if tool is not None
    ]
    assert found == expected[0]


@pytest.mark.parametrize("place", range(0, len(WRITERS), 2))
def test_what_two_tools_asked_alike_raises_no_doubt(place, tmp_path):
    """The mentored in one tool's export and the others in another's: other codes at most, whatever the two tools."""
    names = list(WRITERS)
    here, there = names[place], names[(place + APART) % len(names)]
    sources = []
    for cohort, name in zip(groups(), (here, there, here), strict=True):
        (tmp_path / name).mkdir(exist_ok=True)
        source = WRITERS[name](cohort, tmp_path / name)
        source.pop("tool", None)
        sources.append({"group": cohort.group, **source, "file": f"{name}/{source['file']}"})
    (tmp_path / "study.toml").write_text(with_sources(sources), encoding="utf-8")
    study = read_study(tmp_path)
    table = normalise(load(study), study).comparability
    assert set(table["found"]) <= {"identical", "recodable"}, table[["question", "differs"]].to_dict("records")
    assert len(table) == 35  # the questions of both groups that are no free text


def with_sources(sources):
    """The default study's file on other exports."""
    written = DEFAULT.read_text(encoding="utf-8")
    tables = written[: written.index("[[source]]")].replace('"questionnaire.toml"', '"koreis2022"')
    tables = tables.replace('"published.toml"', '"koreis2022"').replace("identifier =", "# identifier =")
    rest = written[written.index("[duration]") :]
    return tables + "".join(map(source_table, sources)) + rest


def source_table(source):
    table = "[[source]]\n" + "".join(f"{key} = {inline(value)}\n" for key, value in source.items()) + "\n"
    assert tomllib.loads(table)["source"][0] == source
    return table


def inline(value):
    """A value of a study file, as TOML."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{inline(str(key))} = {inline(one)}" for key, one in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(inline, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t") + '"'
