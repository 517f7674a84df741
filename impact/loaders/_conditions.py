"""What a questionnaire can say of an XLSForm's expressions: who is asked, between which bounds, which option alone."""

import math
import re
from typing import Final, NamedTuple, TypeAlias

from impact.model import Item, Route

QUOTES: Final = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "\u00a0": " ", "\n": " "})
NUMBER: Final = r"-?\d+(?:\.\d+)?"
VALUE: Final = rf"(?:'(?P<quoted>[^']*)'|\"(?P<double>[^\"]*)\"|(?P<number>{NUMBER}))"
ASKED: Final = r"\$\{\s*(?P<name>[^}]+?)\s*\}\s*"
COMPARED: Final = re.compile(rf"{ASKED}(?P<sign>!=|<=|>=|=|<|>)\s*{VALUE}")
SELECTED: Final = re.compile(rf"(?P<no>not\s*\(\s*)?selected\s*\(\s*{ASKED},\s*{VALUE}\s*\)(?(no)\s*\))")
BOUND: Final = re.compile(rf"\.\s*(?P<sign><=|>=|<|>|=)\s*{VALUE}")
COUNTED: Final = r"count-selected\s*\(\s*\.\s*\)\s*>\s*1"
ALONE: Final = re.compile(rf"not\s*\(\s*selected\s*\(\s*\.\s*,\s*{VALUE}\s*\)\s*and\s*{COUNTED}\s*\)")

Bounds: TypeAlias = tuple[float | None, float | None]


class Before(NamedTuple):
    """The questions before one, by name, and which of them are answered by a whole number."""

    items: dict[str, Item]
    whole: set[str]


def straight(expression: str) -> str:
    """An expression with the quotes a machine reads: word processors curl them."""
    return " ".join(expression.translate(QUOTES).split())


def routes(condition: str, before: Before) -> tuple[Route, ...]:
    """What must hold for a question to be asked, () where a questionnaire cannot say all of it or what decides is not
    among the questions before."""
    found: list[Route] = []
    for part in _cut(_bare(condition), "and"):
        nested = routes(part, before) if len(_cut(_bare(part), "and")) > 1 else _one_of(_bare(part), before)
        if not nested:
            return ()
        found += nested
    return tuple(dict.fromkeys(found))


def bounds(constraint: str, whole: bool) -> Bounds:
    """The least and the greatest number that a constraint on "." allows; `whole` numbers have a next one."""
    low: float | None = None
    high: float | None = None
    for part in _cut(_bare(constraint), "and"):
        found = BOUND.fullmatch(_bare(part))
        limits = _limits(found["sign"], _said(found), whole) if found else None
        if limits:
            low = max((one for one in (low, limits[0]) if one is not None), default=None)
            high = min((one for one in (high, limits[1]) if one is not None), default=None)
    return low, high


def exclusive(constraint: str) -> tuple[str, ...]:
    """The options that a constraint keeps from standing beside others."""
    return tuple(_said(found) for part in _cut(constraint, "and") if (found := ALONE.fullmatch(_bare(part))))


def _one_of(part: str, before: Before) -> tuple[Route, ...]:
    """One condition; ways of saying "one of these answers" to one question, joined by "or", are one."""
    ways = [_simple(_bare(one), before) for one in _cut(part, "or")]
    if len(ways) == 1:
        return ways[0]
    alone = [way[0] for way in ways if len(way) == 1 and way[0].is_]
    if len(alone) != len(ways) or len({way.question for way in alone}) > 1:
        return ()
    return (Route(alone[0].question, tuple(dict.fromkeys(code for way in alone for code in way.is_))),)


def _simple(part: str, before: Before) -> tuple[Route, ...]:
    chosen, compared = SELECTED.fullmatch(part), COMPARED.fullmatch(part)
    found = chosen or compared
    item = before.items.get(found["name"]) if found else None
    if found is None or item is None:
        return ()
    if chosen:
        return _by_code(item, _said(chosen), bool(chosen["no"]))
    if item.kind == "number":
        limits = _limits(found["sign"], _said(found), whole=item.name in before.whole)
        return (Route(item.name, minimum=limits[0], maximum=limits[1]),) if limits else ()
    if item.kind != "single" or found["sign"] not in ("=", "!="):
        return ()  # a multiple choice equal to one option has no other ticked, which a questionnaire cannot say
    return _by_code(item, _said(found), found["sign"] == "!=")


def _by_code(item: Item, code: str, no: bool) -> tuple[Route, ...]:
    if code not in item.choices and not (item.other and code == "other"):
        return ()
    return (Route(item.name, is_not=(code,)) if no else Route(item.name, (code,)),)


def _limits(sign: str, said: str, whole: bool) -> Bounds | None:
    """What a comparison leaves: "> 17" begins at 18 where numbers are whole, and cannot be said where they are not."""
    if not re.fullmatch(NUMBER, said) or sign == "!=" or (sign in ("<", ">") and not whole):
        return None
    number = float(said)
    if sign in ("<", "<="):
        return None, (number if sign == "<=" else math.ceil(number) - 1)
    if sign in (">", ">="):
        return (number if sign == ">=" else math.floor(number) + 1), None
    return number, number


def _said(found: "re.Match[str]") -> str:
    return next((found[name] for name in ("quoted", "double", "number") if found[name] is not None), "")


def _bare(expression: str) -> str:
    """An expression without the brackets around the whole of it."""
    text = expression.strip()
    while text.startswith("(") and _closes(text) == len(text) - 1:
        text = text[1:-1].strip()
    return text


def _closes(text: str) -> int:
    """Where the bracket that a text begins with closes."""
    return next((place for place, depth in _depths(text) if place and not depth), -1)


def _depths(text: str) -> "list[tuple[int, int]]":
    """How many brackets are open behind each sign; those within quotes do not count."""
    depth, quote, found = 0, "", []
    for place, sign in enumerate(text):
        if sign in "'\"" and quote in ("", sign):
            quote = "" if quote else sign
        elif not quote:
            depth += {"(": 1, ")": -1}.get(sign, 0)
        found.append((place, depth if not quote else depth + 1))
    return found


def _cut(text: str, word: str) -> list[str]:
    """The parts that a word joins, outside brackets and quotes."""
    outside = dict(_depths(text))
    cuts = [found for found in re.finditer(rf"(?<![\w${{-]){word}(?![\w}}-])", text) if not outside[found.start()]]
    starts, ends = [0, *(found.end() for found in cuts)], [*(found.start() for found in cuts), len(text)]
    return [text[start:end] for start, end in zip(starts, ends, strict=True)]
