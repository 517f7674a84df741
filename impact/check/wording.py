"""What a page of the check is made of, and how its sentences are filled."""

from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple

from impact.texts import Texts
from impact.texts.typography import number, plural, spaces

_LONGEST = 120  # signs of a heading, which is cut beyond


class Write(NamedTuple):
    """Lines to write, whole, and where: `lines` are never cut, wrapped or translated."""

    where: str
    lines: tuple[str, ...]


class Point(NamedTuple):
    """One finding: what, where, more, and what to write."""

    what: str
    where: str
    more: tuple[str, ...]
    writes: tuple[Write, ...]


class Table(NamedTuple):
    """Rows whose first cell names them; the others are whole phrases, "" where there is nothing to say."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Section(NamedTuple):
    """One part of the page, `verdict` its contents in one line."""

    key: str
    title: str
    verdict: str
    points: tuple[Point, ...] = ()
    table: Table | None = None
    more: tuple[str, ...] = ()


class Page(NamedTuple):
    """The whole check in one language."""

    language: str
    title: str
    verdict: str
    note: str  # "" where no line is proposed
    sections: tuple[Section, ...]


class Words:
    """The sentences of a check in one language: French spaces go round what is filled in, which stays as it was."""

    def __init__(self, texts: Texts) -> None:
        self.texts = texts

    def __call__(self, key: str, /, **facts: object) -> str:
        return spaces(self.texts.entries[key], self.texts).format(**facts)

    @cached_property
    def spaced(self) -> Texts:
        """The words with which other rooms make sentences of what differs, spaced in the same way."""
        entries = {key: text for key, text in self.texts.entries.items() if key.startswith("comparability.")}
        return Texts(self.texts.language, {key: spaces(text, self.texts) for key, text in entries.items()})

    def counted(self, key: str, count: int, **facts: object) -> str:
        """A sentence that counts, in the form that its number takes."""
        return self(f"{key}_{plural(count, self.texts)}", count=number(count, self.texts), **facts)

    def named(self, section: str, name: str) -> str:
        """A word by key; a user's own word, which has no key, stands for itself."""
        return self(f"{section}.{name}") if f"{section}.{name}" in self.texts else name

    def listed(self, section: str, counts: Mapping[str, int]) -> str:
        """Counts with their names: "6 ne sait pas · 3 sans réponse"."""
        return " · ".join(f"{number(n, self.texts)} {self.named(section, name)}" for name, n in counts.items())


def shortened(text: str) -> str:
    """A heading on one line, cut between two words where it is long, and seen to be."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[:_LONGEST].rsplit(" ", 1)[0] + " …"
