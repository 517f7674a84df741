"""One TOML file as it was typed, and what is wrong with a line that cannot be read: tomllib tells programmers."""

import re
import tomllib
from pathlib import Path
from typing import Any, Final, NamedTuple

from impact import texts
from impact.errors import ImpactError
from impact.matching import fold, nearest

STUDY: Final = "study.toml"
LARGEST: Final = 2  # megabytes; the longest questionnaire seen takes a tenth of them
LONGEST_KEY: Final = 20  # parts between dots: tomllib takes minutes for one of many thousands

# A text on one line; one that is never closed takes the rest of it, so that no line is gone through
# again and again. Its groups are the quote that closes it.
_STRING = re.compile(r""""(?:[^"\\]++|\\.)*+(?:(")|\\?\Z)|'[^']*+(?:(')|\Z)""")
# What may hold dots and is no key: remarks, texts over several lines (three quotes), texts on one line.
_REMARK_OR_TEXT = re.compile(
    r'''
    \#[^\n]*+
    | """(?:[^"\\]++|\\.|"{1,2}+(?!"))*+(?:"{3,5}+|\Z)
    | \'\'\'(?:[^']++|'{1,2}+(?!'))*+(?:'{3,5}+|\Z)
    | "(?:[^"\\\n]++|\\.)*+"?
    | '[^'\n]*+'?
    ''',
    re.VERBOSE | re.DOTALL,
)
_LONG_KEY = re.compile(rf"(?<![\w.-])(?:[\w-]++[ \t]*+\.[ \t]*+){{{LONGEST_KEY}}}")
_CURLY = re.compile("[“”„«»‘’]")
_UNSEEN = re.compile("[\u00a0\u202f\u2007\u200b\u2060\ufeff]")
_KEY = re.compile(r"""^\s*([\w-]+(?:\.[\w-]+)*|"[^"]*"|'[^']*')\s*=""")
_VALUE = re.compile(r"=\s*([^\s=\"'\[{#][^=\"'#\]}]*)$")
_DIGITS = re.compile(r"[\d_]+")
_LANGUAGE = re.compile(r"^[ \t]*language[ \t]*=\s*[\"'](\w+)[\"']", re.MULTILINE)
_LISTS: Final = ("source", "question", "indicator", "scale", "figure")  # tables that there may be several of
_CLOSES: Final = {"]": "[", "}": "{"}
_YES_OR_NO: Final = ("true", "false", "oui", "non", "vrai", "faux", "yes", "no")
# What is wrong by tomllib's own words, where the line shows nothing else.
_TOLD: Final = {
    "']": "toml_heading",
    "Expected '='": "toml_no_equal",
    "Invalid statement": "toml_no_equal",
    "after a statement": "toml_after",
}


def named(path: Path) -> Path:
    """The study file that a path stands for: itself, or `study.toml` in that folder."""
    return path / STUDY if path.is_dir() else path


def language_of(path: Path) -> str:
    """The language that a study file asks for, before it is read: its faults are told in it. French where none is."""
    file = named(path)
    if not file.is_file():
        return texts.DEFAULT
    with file.open("rb") as opened:
        asked = _LANGUAGE.search(opened.read(LARGEST * 1_000_000).decode("utf-8", errors="replace"))
    return asked[1] if asked and asked[1] in texts.languages() else texts.DEFAULT


def read_toml(file: Path) -> dict[str, Any]:
    """A TOML file. ImpactError where it is absent, not in UTF-8, or where a line cannot be read: which, and why."""
    if not file.is_file():
        raise _absent(file)
    try:
        return _read(file)
    except ImpactError:
        if file.suffix.lower() != ".toml":  # an export, say, whose lines are nobody's to show
            raise ImpactError("study_is_none", file=file.name) from None
        raise


def _read(file: Path) -> dict[str, Any]:
    if file.stat().st_size > LARGEST * 1_000_000:
        raise ImpactError("study_too_big", file=file.name, limit=LARGEST)
    try:
        text = file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise ImpactError("study_not_utf8", file=file.name) from None
    _check_keys(text, file.name)
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ImpactError("study_too_deep", file=file.name) from None
    except tomllib.TOMLDecodeError as fault:
        raise _unread(file.name, text, str(fault)) from None
    except ValueError:  # Python reads no number of more than 4 300 digits
        longest = max(_DIGITS.finditer(text), key=lambda found: len(found[0]))
        line = text.count("\n", 0, longest.start()) + 1
        raise ImpactError("toml_long_number", file=file.name, line=line) from None


def _check_keys(text: str, file: str) -> None:
    """ImpactError for a key of too many parts: `a.a.a…`, of which tomllib looks at every beginning."""
    bare = _REMARK_OR_TEXT.sub(lambda found: _blank(found[0]), text)
    found = _LONG_KEY.search(bare)
    if found:
        line = bare.count("\n", 0, found.start()) + 1
        raise ImpactError("toml_long_key", file=file, line=line, limit=LONGEST_KEY)


def _blank(text: str) -> str:
    """What stands for a remark or a text where keys are looked for: a part of a key, over as many lines."""
    return ("" if text.startswith("#") else "x") + "\n" * text.count("\n")


def _absent(file: Path) -> ImpactError:
    if file.exists():
        return ImpactError("study_no_plain_file", file=file.name)
    ended = file.with_name(f"{file.name}.txt")  # Notepad adds it, and Windows does not show it
    if ended.is_file():
        return ImpactError("study_named_txt", file=str(file), found=ended.name, name=file.name)
    stems = {path.stem: path.name for path in sorted(file.parent.glob("*.toml"))}
    near = stems.get(nearest(file.stem, stems), "")
    return ImpactError("study_no_file_near" if near else "study_no_file", file=str(file), near=near)


# --- why a line cannot be read ---------------------------------------------------------------------------------------


class Fault(NamedTuple):
    """What tomllib says of a file, and where: the lines up to there, the last one without its texts and remarks."""

    file: str
    told: str
    lines: list[str]
    column: int  # from 1; 0 at the end of the file

    @property
    def bare(self) -> str:
        return _bare(self.lines[-1], '""')

    @property
    def rest(self) -> str:
        """What stands at the place itself, up to the next sign that ends a value."""
        here = self.lines[-1][self.column - 1 :] if self.column else ""
        return re.split(r"[,\]}#]", here)[0].strip()

    def said(self, key: str, /, **facts: object) -> ImpactError:
        return ImpactError(key, **{"file": self.file, "line": len(self.lines), **facts})


def _unread(file: str, text: str, told: str) -> ImpactError:
    """The fault of a line in the terms of who typed it; `told` is tomllib's sentence, which ends with the place."""
    lines = text.split("\n")
    place = re.search(r"line (\d+), column (\d+)", told)
    last = max((number for number, line in enumerate(lines, 1) if line.strip()), default=1)
    fault = Fault(file, told, lines[: int(place[1]) if place else last], int(place[2]) if place else 0)
    return _twice(fault) or _unclosed_above(fault) or _of_signs(fault) or _of_value(fault) or _of_bracket(fault)


def _twice(fault: Fault) -> ImpactError | None:
    table = re.search(r"Cannot declare \((.*?),?\) twice", fault.told)
    if table:
        key = table[1].replace("'", "").replace(", ", ".")
        return fault.said("toml_list_twice" if key in _LISTS else "toml_table_twice", key=key)
    inline = re.search(r"Duplicate inline table key '(.*?)'", fault.told)
    if inline:
        return fault.said("toml_key_twice", key=inline[1])
    if "Cannot overwrite a value" in fault.told:  # told at the end of the value, which may be lines below its key
        for number in range(len(fault.lines), 0, -1):
            if key := _KEY.match(fault.lines[number - 1]):
                return fault.said("toml_key_twice", line=number, key=key[1].strip("\"'"))
    return None


def _unclosed_above(fault: Fault) -> ImpactError | None:
    """A statement where an item was to come: a bracket of a line above is still open."""
    line, opened = fault.lines[-1], _opened(fault.lines[:-1])
    return _left_open(fault, *opened) if opened and (line.lstrip().startswith("[") or _KEY.match(line)) else None


def _of_signs(fault: Fault) -> ImpactError | None:
    """Signs that a keyboard or another program put there."""
    if "Unescaped" in fault.told or "Invalid hex" in fault.told:
        return fault.said("toml_backslash")
    if _CURLY.search(fault.bare):
        return fault.said("toml_curly", quotes=" ".join(dict.fromkeys(_CURLY.findall(fault.bare))))
    if _UNSEEN.search(fault.bare):
        return fault.said("toml_space")
    if re.search("[\"']", fault.bare.replace('""', "")):
        return fault.said("toml_open_quote")
    return None


def _of_value(fault: Fault) -> ImpactError | None:
    value = _VALUE.search(fault.bare)
    typed = value[1].strip() if value else fault.rest if "Invalid value" in fault.told else ""
    if re.fullmatch(r"-?\d+,\d+", typed):
        return fault.said("toml_comma", number=typed.replace(",", "."))
    if fold(typed) in _YES_OR_NO:
        return fault.said("toml_true", text=typed)
    if re.search(r"[^\W\d_]", typed):
        return fault.said("toml_no_quote", text=typed)
    if re.search(r"=\s*$", fault.bare):
        return fault.said("toml_no_value")
    found = next((key for sign, key in _TOLD.items() if sign in fault.told), "")
    return fault.said(found) if found else None


def _of_bracket(fault: Fault) -> ImpactError:
    if fault.rest and "Unclosed" in fault.told:
        return fault.said("toml_no_comma")
    opened = _opened(fault.lines)
    return _left_open(fault, *opened) if opened else fault.said("study_not_toml")


def _left_open(fault: Fault, number: int, bracket: str) -> ImpactError:
    if bracket == "{":
        return fault.said("toml_open_brace", line=number)
    return fault.said("toml_open_bracket", line=number)


def _opened(lines: list[str]) -> tuple[int, str] | None:
    """The bracket of a value that is open after these lines, the outermost: its line and itself."""
    open_: list[tuple[int, str]] = []
    for number, line in enumerate(lines, 1):
        bare = _bare(line)
        if bare.lstrip().startswith("[") and not open_:
            continue  # the heading of a table
        for sign in re.findall(r"[\[\]{}]", bare):
            if sign not in _CLOSES:
                open_.append((number, sign))
            elif open_ and open_[-1][1] == _CLOSES[sign]:
                open_.pop()
    return open_[0] if open_ else None


def _bare(line: str, text: str = "") -> str:
    """A line without its texts, each of which `text` stands for, and without what is remarked behind it."""
    return _STRING.sub(lambda found: text if found.lastindex else found[0], line).partition("#")[0]
