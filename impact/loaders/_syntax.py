"""SPSS syntax (.sps): what a program's commands say of the variables. Nothing of it is run.

Read are GET DATA, VARIABLE LABELS, VALUE LABELS, MISSING VALUES and RENAME VARIABLES, under any of the
short forms that SPSS takes; the other commands are passed over.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, NamedTuple

COMMENT: Final = re.compile(r"^[ \t]*(?:\*|COMMENT\b).*?\.[ \t]*$|/\*.*?\*/", re.MULTILINE | re.DOTALL | re.IGNORECASE)
TOKEN: Final = re.compile(
    r'"(?P<double>(?:[^"]|"")*)"'
    r"|'(?P<single>(?:[^']|'')*)'"
    r"|(?P<sign>[/=(),])"
    r"|(?P<end>\.(?=[ \t]*(?:[\r\n]|$)))"
    r"|(?P<word>(?:[^\s\"'/=(),.]|\.(?![ \t]*(?:[\r\n]|$)))+)"
)
NUMBER: Final = re.compile(r"[-+]?\d*\.?\d+(?:[eE][-+]?\d+)?")
FORMAT: Final = re.compile(r"[A-Za-z]+\d*(?:\.\d+)?")
LOWEST: Final = ("lo", "lowest")
HIGHEST: Final = ("hi", "highest")


class Token(NamedTuple):
    """A word, a sign or a text in quotes."""

    text: str
    quoted: bool = False

    @property
    def is_code(self) -> bool:
        """Whether this stands for a value: a number, or a text in quotes."""
        return self.quoted or bool(NUMBER.fullmatch(self.text))

    @property
    def code(self) -> float | str:
        """The value."""
        return self.text if self.quoted else float(self.text)


@dataclass
class Syntax:
    """What the commands say, by the name each variable has when all is done. Numbers are floats, texts stay texts."""

    formats: dict[str, str] = field(default_factory=dict)  # in the order of the data: "F8.2", "A40", "DATETIME23.2"
    labels: dict[str, str] = field(default_factory=dict)
    value_labels: dict[str, dict[float | str, str]] = field(default_factory=dict)
    missing: dict[str, list[Mapping[str, float | str]]] = field(default_factory=dict)  # ranges, from "lo" to "hi"
    data: str = ""  # the file that holds the answers, as the commands name it

    def named(self, tokens: Sequence[Token]) -> list[str]:
        """The variables that words name, `q1 TO q5` being all that stand between; SPSS looks at no case."""
        found: list[str] = []
        order = list(self.formats)
        own = {name.casefold(): name for name in order}
        words = [own.get(token.text.casefold(), token.text) for token in tokens]
        for place, word in enumerate(words):
            if word.casefold() == "to":
                continue
            if place > 1 and words[place - 1].casefold() == "to" and {words[place - 2], word} <= set(order):
                found += order[order.index(words[place - 2]) + 1 : order.index(word)]
            found.append(word)
        return found


def parse(text: str, order: Sequence[str] = ()) -> Syntax:
    """What a program of SPSS says of its variables; `order` names those of the file it goes with, where it does not."""
    found = Syntax(dict.fromkeys(order, ""))
    for command in _commands(COMMENT.sub("", text)):
        name = " ".join(token.text.casefold()[:3] for token in command[:2] if not token.quoted)
        if name in READERS:
            READERS[name](found, command[2:])
    return found


def _commands(text: str) -> Iterator[list[Token]]:
    """The commands of a program, each the tokens up to a point at the end of a line."""
    command: list[Token] = []
    for token in TOKEN.finditer(text):
        if token.lastgroup == "end":
            yield command
            command = []
        elif token.lastgroup in ("double", "single"):
            quote = '"' if token.lastgroup == "double" else "'"
            command.append(Token(token[token.lastgroup].replace(quote * 2, quote), quoted=True))
        else:
            command.append(Token(token[0]))
    yield command


def _parts(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """The parts of a command between slashes."""
    part: list[Token] = []
    for token in (*tokens, Token("/")):
        if token != Token("/"):
            part.append(token)
        elif part:
            yield part
            part = []


def _get_data(found: Syntax, tokens: Sequence[Token]) -> None:
    for part in _parts(tokens):
        key, *rest = [token for token in part if token != Token("=")]
        if key.text.casefold() == "file" and rest:
            found.data = rest[0].text
        elif key.text.casefold() == "variables":
            found.formats |= {
                name.text: form.text.upper()
                for name, form in zip(rest[::2], rest[1::2], strict=False)
                if FORMAT.fullmatch(form.text)
            }


def _variable_labels(found: Syntax, tokens: Sequence[Token]) -> None:
    for part in _parts(tokens):
        for name, label in pairwise(part):
            if label.quoted and not name.quoted:
                found.labels[name.text] = label.text


def _value_labels(found: Syntax, tokens: Sequence[Token]) -> None:
    for part in _parts(tokens):
        start = next((place for place, token in enumerate(part) if token.is_code), len(part))
        pairs = zip(part[start::2], part[start + 1 :: 2], strict=False)
        labels = {code.code: label.text for code, label in pairs if code.is_code}
        for name in found.named(part[:start]):
            found.value_labels.setdefault(name, {}).update(labels)


def _missing_values(found: Syntax, tokens: Sequence[Token]) -> None:
    names: list[Token] = []
    inside: list[Token] | None = None
    for token in tokens:
        if token == Token("("):
            inside = []
        elif token == Token(")") and inside is not None:
            found.missing |= dict.fromkeys(found.named(names), _ranges(inside))
            names, inside = [], None
        elif inside is not None:
            inside.append(token)
        elif token not in (Token("/"), Token(",")):
            names.append(token)


def _ranges(tokens: Sequence[Token]) -> list[Mapping[str, float | str]]:
    """What stands in brackets: single values, and ranges that may be open at one end."""
    values = [token for token in tokens if token != Token(",")]
    ranges: list[Mapping[str, float | str]] = []
    place = 0
    while place < len(values):
        through = place + 2 < len(values) and values[place + 1].text.casefold() in ("thru", "through")
        low, high = values[place], values[place + 2 if through else place]
        ranges.append({"lo": _bound(low), "hi": _bound(high)})
        place += 3 if through else 1
    return ranges


def _bound(token: Token) -> float | str:
    word = token.text.casefold()
    if not token.quoted and word in (*LOWEST, *HIGHEST):
        return float("-inf") if word in LOWEST else float("inf")
    return token.code if token.is_code else token.text


def _rename(found: Syntax, tokens: Sequence[Token]) -> None:
    """`(a = b)`, `(a b = c d)` or `a = b`: everything known of a variable goes to its new name."""
    new: dict[str, str] = {}
    old: list[str] = []
    given: list[str] = []
    side = old
    for token in (*tokens, Token(")")):
        if token == Token("="):
            side = given
        elif token in (Token("("), Token(")"), Token("/")):
            new |= dict(zip(old, given, strict=False))
            old, given = [], []
            side = old
        else:
            side.append(token.text)
    found.formats = {new.get(name, name): form for name, form in found.formats.items()}
    found.labels = {new.get(name, name): label for name, label in found.labels.items()}
    found.value_labels = {new.get(name, name): labels for name, labels in found.value_labels.items()}
    found.missing = {new.get(name, name): ranges for name, ranges in found.missing.items()}


# The first three letters of a command's two words, which SPSS itself is content with.
READERS: Final[Mapping[str, Callable[[Syntax, Sequence[Token]], None]]] = {
    "get dat": _get_data,
    "var lab": _variable_labels,
    "val lab": _value_labels,
    "mis val": _missing_values,
    "ren var": _rename,
}
