"""Lengths of time as people write them, and what a text is that is no number.

"1 an et demi" is 18 months where a question counts months and says that years may be written (`units`): a unit of time
is turned into the first one named, where that is exact. A range or an open bound is never made a number.
"""

import re
from collections.abc import Sequence
from typing import Final

from impact.matching import fold

# Each word of time: its family, within which a conversion is exact, and how many of the family's smallest it makes.
_NAMES: Final = {
    ("calendar", 1): ("mois", "month", "months"),
    ("calendar", 12): ("an", "ans", "annee", "annees", "year", "years"),
    ("clock", 1): ("jour", "jours", "day", "days"),
    ("clock", 7): ("semaine", "semaines", "week", "weeks"),
}
TIME: Final = {word: unit for unit, words in _NAMES.items() for word in words}
_FRENCH: Final = (
    "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize",
    "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf", "vingt",
)  # fmt: skip
_SPELT: Final = {word: float(count) for count, word in enumerate(_FRENCH, 1)} | {"une": 1.0, "one": 1.0, "a": 1.0}

_COUNT = rf"(?:\d+(?:[.,]\d+)?|{'|'.join(sorted(_SPELT, key=len, reverse=True))})"
_PART = re.compile(
    rf"({_COUNT})\s*({'|'.join(sorted(TIME, key=len, reverse=True))})\b(\s*(?:et demie?|½|1/2|and a half))?"
)
_WHOLE = re.compile(rf"{_PART.pattern}(?:\s*(?:,|et|and)?\s*{_PART.pattern})*")

_DIGITS = r"\d+(?:[.,]\d+)?\s*[a-z%€]*"
_RANGE = re.compile(rf"(?:de|d'|entre|from|between)?\s*{_DIGITS}\s*(?:-|–|—|a|et|ou|to|and|or)\s*{_DIGITS}")
_OPEN = re.compile(
    r"(?:plus de|plus d'|\+ ?de|\+ d'|moins de|moins d'|- de|- d'|jusqu'a|au moins|au plus|[<>≤≥]=?|more than|"
    r"less than|over|under|at least|at most|up to)\s*\S.*|.*\S\s*(?:\+|(?:et|ou) (?:plus|moins|\+)|"
    r"(?:and|or) (?:more|over|less)|minimum|maximum|mini|maxi)"
)
_ABOUT = re.compile(r"(?:~|≈|environ|env\.?|vers|a peu pres|presque|about|around)\s*\d.*|\d.*\s(?:environ|a peu pres)")
_DOZENS = re.compile(r".*\b(?:dizaine|douzaine|quinzaine|vingtaine|trentaine)s?\b.*")
_WITH_UNIT = re.compile(r"[+-]?\d[\d\s]*(?:[.,]\d+)?\s*[^\d\s.,/-]+")


def factor(word: str, units: Sequence[str]) -> float | None:
    """What turns a quantity in a unit into the one a question counts in; None where it names no such unit.

    A question counts in the first unit of time it names; its other units are 1 for 1, as "€" and "euros" are.
    """
    named = [fold(unit) for unit in units]
    time = TIME.get(word)
    if time is None:
        return 1.0 if word in named else None
    declared = [TIME[unit] for unit in named if unit in TIME]
    if time not in declared or time[0] != declared[0][0]:
        return None
    return time[1] / declared[0][1]


def spoken(text: str, units: Sequence[str]) -> float | None:
    """A length of time in words ("un an et demi", "1 an et 6 mois"), in the unit that the question counts in."""
    plain = fold(text)
    if not _WHOLE.fullmatch(plain):
        return None
    total = 0.0
    for count, word, half in _PART.findall(plain):
        size = factor(word, units)
        if size is None:
            return None
        quantity = _SPELT[count] if count in _SPELT else float(count.replace(",", "."))
        total += (quantity + (0.5 if half else 0.0)) * size
    return total


def why_no_number(text: str) -> str:
    """The problem that a text is where a number is asked: a key of texts, section `problem`."""
    plain = fold(text)
    if _ABOUT.fullmatch(plain) or _DOZENS.fullmatch(plain):
        return "about"
    if _RANGE.fullmatch(plain):
        return "range"
    if any(sign.isdigit() for sign in plain) or set(re.findall(r"[a-z]+", plain)) & TIME.keys():
        if _OPEN.fullmatch(plain):
            return "open_bound"
        if _WHOLE.fullmatch(plain) or _WITH_UNIT.fullmatch(plain):
            return "unit_unknown"
    return "not_a_number"
