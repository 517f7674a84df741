"""What a page of the check is made of, and how its sentences are filled."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from impact.check.nouns import Place
from impact.check.nouns import Words as Label
from impact.texts import Texts, program
from impact.texts.typography import number, plural, spaces

_LONGEST = 120  # signs of a heading, which is cut beyond
_PAIR = 2  # columns that are named one by one even where they follow each other


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
    use: str = ""  # for whom a file of it is


class Words:
    """The sentences of a check in one language: French spaces go round what is filled in, which stays as it was."""

    def __init__(self, texts: Texts) -> None:
        self.texts = texts

    def __call__(self, key: str, /, **facts: object) -> str:
        return spaces(self.texts.entries[key], self.texts).format(impact=program(), **facts)

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
        """Names with their counts: "ne sait pas : 6 · sans réponse : 3"."""
        return " · ".join(self.name_count(self.named(section, name), count) for name, count in counts.items())

    def name_count(self, name: str, count: int) -> str:
        """A name, which keeps its form whatever the count."""
        return self("check.name_count", name=name, count=number(count, self.texts))

    def titled(self, question: str, text: Label) -> str:
        """A question at the head of a line: what was asked, then its id, once where they are the same."""
        said = shortened(self.texts.label(text))
        return question if said in ("", question) else self("check.question", question=question, text=said)

    def asked(self, question: str, text: Label) -> str:
        """The same within a sentence."""
        said = shortened(self.texts.label(text))
        if said in ("", question):
            return self("check.quoted", text=question)
        return self("check.named", question=question, text=said)

    def columns(self, letters: Sequence[str]) -> str:
        """Columns by their letters, those that follow each other by the first and the last: "B à D, F"."""
        runs: list[list[str]] = []
        for letter in letters:
            if runs and _place(letter) == _place(runs[-1][-1]) + 1:
                runs[-1].append(letter)
            else:
                runs.append([letter])
        return ", ".join(self._run(run) for run in runs)

    def _run(self, run: Sequence[str]) -> str:
        return ", ".join(run) if len(run) <= _PAIR else self("check.to", first=run[0], last=run[-1])


def _place(letter: str) -> int:
    """Where a column stands, counted from 1."""
    place = 0
    for sign in letter:
        place = 26 * place + ord(sign) - ord("A") + 1
    return place


def shortened(text: str) -> str:
    """A heading on one line, cut between two words where it is long, and seen to be."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[:_LONGEST].rsplit(" ", 1)[0] + " …"


def placed(place: Place, words: Words) -> str:
    """A column as a sentence names it."""
    return words("check.column", letter=place.letter, heading=shortened(place.heading))


def tabled(key: str, verdict: str, names: Sequence[str], rows: tuple[tuple[str, ...], ...], words: Words) -> Section:
    """A section of one table, its headings by their keys."""
    title = words(f"check.{key}")
    headings = tuple(words(f"heading.{name}") for name in names)
    return Section(key, title, verdict, table=Table(title, headings, rows) if rows else None)
