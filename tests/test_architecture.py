"""The rules of the house that a machine can check: layers, one door a library, sizes, words by key."""

import ast
import re
import string
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from statistics import median
from typing import NamedTuple

import pytest

from impact import texts

PACKAGE = Path(texts.__file__).parents[1]

# From top to bottom: a module imports only from rows below its own, and from its own room.
ROWS = (
    ("__main__",),
    ("cli",),
    ("terminal", "usage"),
    ("drafting", "synthesise"),
    ("report",),
    ("figures",),
    ("analyse", "check", "protect"),
    ("normalise",),
    ("choices", "families", "indicators", "loaders"),
    ("study",),
    ("joint",),
    ("agreement", "effects", "regression", "reliability", "sensitivity", "significance"),
    ("adjust", "association", "contrasts", "intervals", "multiplicity", "ranks"),
    ("keys", "sample"),
    ("apart", "errors", "matching", "model", "registry"),
    ("texts",),
)
NUMERIC = ("adjust", "agreement", "association", "contrasts", "effects", "indicators", "intervals", "joint")
NUMERIC += ("multiplicity", "ranks", "regression", "reliability", "sample", "sensitivity", "significance")

# One door a library: where a change of library would be felt.
DOORS = {
    "charset_normalizer": ("loaders",),
    "jinja2": ("report",),
    "matplotlib": ("figures",),
    "pikepdf": ("report",),
    "pyreadstat": ("apart", "synthesise"),
    "python_calamine": ("apart",),
    "rich": ("cli", "terminal"),
    "scipy": (*NUMERIC, "protect"),  # its integer programs
    "seaborn": ("figures",),
    "statsmodels": NUMERIC,
    "typer": ("cli", "usage"),
    "typst": ("report",),
    "xlsxwriter": ("report", "synthesise"),
}

# Files are touched at the two ends of the path only.
FILE_ROOMS = ("apart", "cli", "drafting", "keys", "loaders", "report", "study", "synthesise", "texts")
FILE_CALLS = ("mkdir", "open", "read_bytes", "read_csv", "read_excel", "read_text", "rmtree", "to_csv", "to_excel")
FILE_CALLS += ("touch", "unlink", "write_bytes", "write_text")

LONGEST_FUNCTION, LONGEST_USUAL, MOST_PARAMETERS, LONGEST_FILE = 40, 8, 6, 400
HEAVY = ("pandas", "numpy", "scipy", "statsmodels", "seaborn", "matplotlib", "typst", "pyreadstat", "python_calamine")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def _name(path: Path) -> str:
    """A module's name below the package: "study.schema", "study" for study/__init__.py, "" for the package's own."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}
INSIDE = sorted(MODULES.keys() - {""})  # impact/__init__.py only passes names on, each when it is asked for


@cache
def _tree(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text(encoding="utf-8"))


def _walk(module: str, *kinds: type[ast.AST]) -> Iterator[ast.AST]:
    return (node for node in ast.walk(_tree(module)) if isinstance(node, kinds))


def _room(module: str) -> str:
    return module.partition(".")[0]


def _imported(module: str) -> Iterator[str]:
    """Every name a module imports, whole: "impact.study.schema.Study", "pandas"; relative imports made absolute."""
    is_package = MODULES[module].name == "__init__.py"
    here = ["impact", *module.split(".")]
    for node in _walk(module, ast.Import, ast.ImportFrom):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        else:
            base = here[: len(here) - node.level + is_package] if node.level else []
            yield from (".".join([*base, *filter(None, [node.module]), alias.name]) for alias in node.names)


def _modules_imported(module: str) -> set[str]:
    """The modules of the package that a module imports, "" for the package's own; what is no module is cut off."""
    found = set()
    for name in _imported(module):
        top, _, rest = name.partition(".")
        if top == "impact" and rest != "__version__":  # the package's own, which stands on nothing
            while rest not in MODULES:
                rest = rest.rpartition(".")[0]
            found.add(rest)
    return found


def _calls(module: str) -> Iterator[tuple[str, ast.Call]]:
    """Calls by the last part of the name called: open(…) and path.open(…) are both "open"."""
    for node in _walk(module, ast.Call):
        if isinstance(node.func, ast.Name | ast.Attribute):
            yield node.func.id if isinstance(node.func, ast.Name) else node.func.attr, node


def _length(function: Function) -> int:
    """Lines from `def` to the end, the docstring's left out."""
    first, lines = function.body[0], function.end_lineno - function.lineno + 1
    return lines - (first.end_lineno - first.lineno + 1 if ast.get_docstring(function, clean=False) else 0)


@pytest.mark.parametrize("module", INSIDE)
def test_a_module_imports_only_from_rows_below_its_own(module):
    row = {room: number for number, rooms in enumerate(ROWS) for room in rooms}
    assert _room(module) in row, f"impact/{_room(module)} stands in no row of ROWS: say which"
    for imported in _modules_imported(module):
        assert imported, f"{module} imports from impact itself, which stands above every row: name the module"
        below = row[_room(imported)] > row[_room(module)]
        assert below or _room(imported) == _room(module), f"{module} imports {imported}, which is not below it"


def test_no_import_cycle():
    def reached(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, "import cycle: " + " → ".join([*path[path.index(module) :], module])
        if module not in cleared:
            for imported in sorted(_modules_run(module)):
                reached(imported, (*path, module))
            cleared.add(module)

    cleared: set[str] = set()
    for module in INSIDE:
        reached(module, ())


def _modules_run(module: str) -> set[str]:
    """The modules that importing one runs: those it imports, and the packages these stand in, save its own."""
    imported = _modules_imported(module) - {module}
    above = {".".join(name.split(".")[:depth]) for name in imported for depth in range(1, name.count(".") + 1)}
    own = {".".join(module.split(".")[:depth]) for depth in range(1, module.count(".") + 2)}
    return (imported | above - own) - {""}


@pytest.mark.parametrize("library", sorted(DOORS))
def test_one_door_a_library(library):
    users = {_room(module) for module in MODULES for name in _imported(module) if name.split(".")[0] == library}
    assert users <= set(DOORS[library])


@pytest.mark.parametrize("module", sorted(MODULES))
def test_sizes(module):
    assert len(MODULES[module].read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE
    for function in _walk(module, *Function.__args__):
        assert _length(function) <= LONGEST_FUNCTION, f"{module}.{function.name} is too long"
        arguments = function.args
        names = [a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
        parameters = [name for name in names if name not in ("self", "cls")]
        assert len(parameters) <= MOST_PARAMETERS, f"{module}.{function.name} has too many parameters"


def test_the_usual_function_is_short():
    assert median(_length(f) for module in MODULES for f in _walk(module, *Function.__args__)) <= LONGEST_USUAL


@pytest.mark.parametrize("module", sorted(MODULES))
def test_an_import_inside_a_function_says_why(module):
    lines = MODULES[module].read_text(encoding="utf-8").splitlines()
    for function in _walk(module, *Function.__args__):
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom):
                written = "\n".join(lines[node.lineno - 1 : node.end_lineno])
                assert re.search(r"# noqa: PLC0415 [–-] \S", written), (
                    f"{module}, line {node.lineno}: {written.strip()}"
                )


@pytest.mark.parametrize("module", INSIDE)
def test_only_the_command_line_prints(module):
    assert _room(module) == "cli" or not [call.lineno for name, call in _calls(module) if name == "print"]


@pytest.mark.parametrize("module", [module for module in INSIDE if _room(module) not in FILE_ROOMS])
def test_files_are_touched_only_at_the_two_ends(module):
    assert not [(name, call.lineno) for name, call in _calls(module) if name in FILE_CALLS]


def test_help_loads_nothing_heavy():
    program = "import sys, impact.cli\nprint(*{name.partition('.')[0] for name in sys.modules})"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "typer" in run.stdout.split()
    assert not set(HEAVY) & set(run.stdout.split())


def _placeholders(sentence: str) -> set[str]:
    return {re.split(r"[.\[]", name)[0] for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def _patterns(key: ast.expr) -> list[str]:
    """What a key can be, as regular expressions; none where only running the program would tell."""
    if isinstance(key, ast.Constant):
        return [re.escape(str(key.value))]
    if isinstance(key, ast.IfExp):
        return _patterns(key.body) + _patterns(key.orelse)
    if isinstance(key, ast.JoinedStr):
        return ["".join(re.escape(str(p.value)) if isinstance(p, ast.Constant) else ".+" for p in key.values)]
    return []


class Asked(NamedTuple):
    """A call whose first argument is a key of texts, and the keys that it can mean."""

    where: str
    call: ast.Call
    pattern: str
    keys: list[str]


def _asked_for(function: str, section: str = "") -> Iterator[Asked]:
    entries = texts.load().entries
    for module in MODULES:
        for call in (call for name, call in _calls(module) if name == function and call.args):
            for pattern in (re.escape(section) + pattern for pattern in _patterns(call.args[0])):
                keys = [key for key in entries if re.fullmatch(pattern, key)]
                yield Asked(f"impact.{module}, line {call.lineno}", call, pattern, keys)


@pytest.mark.parametrize("language", texts.languages())
def test_every_language_has_the_same_keys_and_placeholders(language):
    reference, entries = texts.load().entries, texts.load(language).entries
    assert entries.keys() == reference.keys()
    assert not [key for key in entries if _placeholders(entries[key]) != _placeholders(reference[key])]


@pytest.mark.parametrize(("function", "section"), [("ImpactError", "error."), ("texts", "")])
def test_every_text_asked_for_is_there(function, section):
    asked = list(_asked_for(function, section))
    assert asked
    assert not [(where, pattern) for where, _, pattern, keys in asked if not keys]


def test_every_error_brings_the_facts_that_fill_its_sentence():
    entries = texts.load().entries
    asked = list(_asked_for("ImpactError", "error."))
    # What an f-string can mean is not what is written whole elsewhere.
    whole = {key for _, _, pattern, keys in asked for key in keys if pattern == re.escape(key)}
    for where, call, _, keys in asked:
        facts = {keyword.arg for keyword in call.keywords}
        for key in keys if len(keys) == 1 else set(keys) - whole:
            lacking = _placeholders(entries[key]) - facts - {"impact"}  # the program's name, which texts fill
            assert not lacking or None in facts, f"{where}: {key} asks for {sorted(lacking)}"


def test_no_error_sentence_is_without_use():
    written = {f"error.{node.value}" for module in MODULES for node in _walk(module, ast.Constant)}
    raised = {key for asked in _asked_for("ImpactError", "error.") for key in asked.keys}
    assert not {key for key in texts.load().entries if key.startswith("error.")} - written - raised
