"""Cells that join the options ticked in one text, told from plain answers by the options that come back."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from impact.drafting.answers import Answer
from impact.drafting.draft import FEWEST
from impact.matching import fold

SIGNS: Final = (";", "|", "\n", ", ")
COMING_BACK: Final = 0.85  # of the pieces, that must be options given by several


def options_of(said: Sequence[Answer]) -> list[Answer]:
    """The options that cells join, with how many ticked each; () where the cells are answers of one piece."""
    for sign in SIGNS:
        rows = [(_pieces(answer.text, sign), answer.count) for answer in said]
        several = sum(count for pieces, count in rows if len(pieces) > 1)
        if several < FEWEST:
            continue
        rows = _rejoined(rows, sign)
        found = _counted(rows)
        joined = sum(count for pieces, count in rows if len(pieces) > 1)
        options = {key: one for key, one in found.items() if one.count >= FEWEST}
        kept, total = (sum(one.count for one in each.values()) for each in (options, found))
        if joined >= FEWEST and kept >= COMING_BACK * total and _combine(rows, sign) and len(options) > 1:
            rare = [one for key, one in found.items() if key not in options]
            return [*(options[key] for key in _listed(rows, list(options))), *rare]
    return []


def _pieces(text: str, sign: str) -> list[str]:
    """The pieces of a cell; a sign within brackets joins nothing."""
    pieces, depth, start = [], 0, 0
    for place, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if depth <= 0 and text.startswith(sign, place):
            pieces.append(text[start:place])
            start = place + len(sign)
    return [piece.strip() for piece in (*pieces, text[start:]) if piece.strip(" ;,|")]


def _rejoined(rows: list[tuple[list[str], int]], sign: str) -> list[tuple[list[str], int]]:
    """Pieces that only ever stand one after the other are one option, which holds the sign itself."""
    if sign != ", ":
        return rows
    alone: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for pieces, count in rows:
        alone.update(dict.fromkeys(map(fold, pieces), count))
        pairs.update({(fold(a), fold(b)): count for a, b in pairwise(pieces)})
    bound = {pair for pair, count in pairs.items() if alone[pair[0]] == alone[pair[1]] == count}
    return [(_with_bound(pieces, bound), count) for pieces, count in rows]


def _with_bound(pieces: Sequence[str], bound: set[tuple[str, str]]) -> list[str]:
    """Bound pieces put together; two options of which the second begins with a capital letter are left apart."""
    made: list[str] = []
    last = ""
    for piece in pieces:
        if made and (fold(last), fold(piece)) in bound and piece[:1] == piece[:1].lower():
            made[-1] = f"{made[-1]}, {piece}"
        else:
            made.append(piece)
        last = piece
    return made


def _counted(rows: Sequence[tuple[Sequence[str], int]]) -> dict[str, Answer]:
    """Each piece, folded, with how many gave it."""
    counts: Counter[str] = Counter()
    spelled: dict[str, str] = {}
    for pieces, count in rows:
        for piece in dict.fromkeys(pieces):
            counts[fold(piece)] += count
            spelled.setdefault(fold(piece), piece)
    return {key: Answer(spelled[key], count) for key, count in counts.items()}


def _listed(rows: Sequence[tuple[Sequence[str], int]], keys: list[str]) -> list[str]:
    """Options as forms list them, as far as the cells show it: tools write those ticked in the form's order."""
    before: Counter[tuple[str, str]] = Counter()
    for pieces, count in rows:
        folded = [fold(piece) for piece in pieces]
        for place, first in enumerate(folded):
            before.update({(first, second): count for second in folded[place + 1 :]})
    wins = {
        key: sum(
            (before[key, other] > before[other, key]) - (before[key, other] < before[other, key]) for other in keys
        )
        for key in keys
    }
    return sorted(keys, key=lambda key: (-wins[key], key))


def _combine(rows: Sequence[tuple[Sequence[str], int]], sign: str) -> bool:
    """Whether some option is met both in company and alone, or in two companies: a sentence with commas is not.

    Commas join no options where none is met both ways ("Employed, full-time", "Employed, part-time").
    """
    met: dict[str, set[tuple[str, ...]]] = {}
    for pieces, _ in rows:
        for piece in pieces:
            met.setdefault(fold(piece), set()).add(tuple(pieces))
    both = any({len(company) > 1 for company in companies} == {True, False} for companies in met.values())
    return sum(len(companies) > 1 for companies in met.values()) > 1 and (both or sign != ", ")
