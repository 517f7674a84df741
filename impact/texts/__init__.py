"""Every sentence and word a user reads, one language a TOML file, by key.

A key is the path in the file, joined by dots: `report.title`. Numbers arrive already written by
`impact.texts.typography`; this module only fetches and fills.
"""

import tomllib
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
DEFAULT = "fr"
LONGEST = 1500  # characters of one label; a longer one is an accident, and would leave no room for anything else

# How this run speaks: set once by the command line. They choose words, never a value.
_spoken: ContextVar[str] = ContextVar("spoken", default=DEFAULT)
_program: ContextVar[str] = ContextVar("program", default="impact")


class Texts:
    """The words of one language: `texts("error.empty_file", file="a.csv")`."""

    def __init__(self, language: str, entries: Mapping[str, str]) -> None:
        self.language = language
        self.entries = entries

    def __call__(self, key: str, /, **values: object) -> str:
        """The text of a key with its {placeholders} filled; {impact} is the program as it was called.

        KeyError where the language lacks the key.
        """
        return self.entries[key].format(impact=_program.get(), **values)

    def __contains__(self, key: str) -> bool:
        return key in self.entries

    def label(self, label: str | Mapping[str, str]) -> str:
        """A label of a study file in this language; where it lacks it, in French, else in the first one written. One
        that has no end is cut."""
        if not isinstance(label, str):
            label = label.get(self.language) or label.get(DEFAULT) or next(iter(label.values()), "")
        return cut(label)


def cut(text: str) -> str:
    """A text of LONGEST characters at most, "…" where the rest was."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def languages() -> list[str]:
    """The languages there are: one TOML file each."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def speak(language: str) -> None:
    """Let `load()` mean this language from now on: notes and errors are told in it wherever they are made."""
    _spoken.set(language)


def name_program(program: str) -> None:
    """Let {impact} stand for the program as it was called, which a person can type again."""
    _program.set(program)


def program() -> str:
    return _program.get()


def load(language: str = "") -> Texts:
    """The words of a language, without one of that which is spoken; KeyError for a language without a file."""
    return _read(language or _spoken.get())


@cache
def _read(language: str) -> Texts:
    path = FOLDER / f"{language}.toml"
    if not path.is_file():
        raise KeyError(language)
    return Texts(language, dict(_flatten(tomllib.loads(path.read_text(encoding="utf-8")))))


def _flatten(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flatten(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
