"""Answers that are numbers or ranges of them: "moins de 6 mois", "de 6 à 12 mois", "25 ans et plus", "3 – Assez"."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from impact.matching import fold

_MONTHS: Final = {
    "mois": 1.0, "month": 1.0, "months": 1.0, "an": 12.0, "ans": 12.0, "annee": 12.0, "annees": 12.0, "year": 12.0,
    "years": 12.0, "semaine": 12 / 52, "semaines": 12 / 52, "weeks": 12 / 52,
}  # fmt: skip
_WORDS: Final = {
    "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9,
    "dix": 10, "douze": 12, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "ten": 10,
}  # fmt: skip
_GLUE: Final = frozenset((
    "de", "a", "et", "ou", "moins", "plus", "entre", "d", "que", "jusqu", "au", "partir", "avant", "apres", "inclus",
    "environ", "fois", "par", "jour", "jours", "heure", "heures", "h", "euros", "eleves", "personnes", "from", "to",
    "and", "or", "less", "more", "than", "under", "over", "above", "below", "between", "up", "times", "hours", "days",
    "at", "least", "most", "davantage",
))  # fmt: skip
_BELOW: Final = re.compile(r"\b(moins|avant|jusqu'a|under|less|below|up to)\b|<")
_ABOVE: Final = re.compile(r"\b(plus|apres|davantage|over|more|above|et \+)\b|>|\+$")
_NONE: Final = re.compile(r"(aucune?|zero|jamais|none|pas du tout)\b.*")
_MOST_WORDS: Final = 8


class Band(NamedTuple):
    """A range of numbers, both ends as far as its words say."""

    low: float
    high: float


def band(text: str) -> Band | None:
    """The range that an answer names; None where it names none."""
    words = fold(text).replace("d'un", "de un")
    if len(words.split()) > _MOST_WORDS or re.search(r"\d{5}", words):
        return None
    if _NONE.fullmatch(words):
        return Band(0, 0)
    numbers = _numbers(words)
    if not numbers or len(numbers) > 2 or not _only_bands(words):
        return None
    if len(numbers) == 2:
        return Band(*numbers) if numbers[0] < numbers[1] else None
    if _BELOW.search(words):
        return Band(float("-inf"), numbers[0])
    return Band(numbers[0], float("inf") if _ABOVE.search(words) else numbers[0])


def in_months(text: str) -> Band | None:
    """A range of time in months; None where the answer names no unit of time."""
    found, words = band(text), re.findall(r"[a-z]+", fold(text))
    units = [_MONTHS[word] for word in words if word in _MONTHS]
    if found is None or not units:
        return None
    low, high = (units[0], units[-1]) if len(units) > 1 else (units[0], units[0])
    return Band(found.low * low, found.high * high)


def ranked(texts: Sequence[str]) -> list[int] | None:
    """The order of answers that are ranges, from the lowest; None where one is no range or two overlap as a whole."""
    use_months = any(in_months(text) for text in texts)
    bands = [(in_months(text) or (None if use_months else band(text))) for text in texts]
    known = [one for one in bands if one is not None]
    if len(known) < len(texts) or len(texts) < 2 or len(set(known)) < len(texts):
        return None
    return sorted(range(len(texts)), key=lambda place: (known[place].low, known[place].high))


def _only_bands(words: str) -> bool:
    """Whether a text says numbers, units and the words of a range, and nothing else."""
    said = re.findall(r"[^\W_]+", re.sub(r"\d+(?:[.,]\d+)?", " ", words))
    return not re.search(r"[a-z]\d", words) and all(word in _GLUE or word in _WORDS or word in _MONTHS for word in said)


def _numbers(words: str) -> list[float]:
    found = re.findall(r"\d+(?:[.,]\d+)?|[a-z]+", words)
    values = [float(one.replace(",", ".")) if one[0].isdigit() else _WORDS.get(one) for one in found]
    return [float(value) for value in values if value is not None]
