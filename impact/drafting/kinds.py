"""What a field asks, by its answers: a choice, several, a number, a date; or a text, which no questionnaire needs."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

from impact.drafting import joined, lexicon, options
from impact.drafting.answers import Answer, answers, is_written, leads_to_someone
from impact.drafting.draft import FEWEST, Field, Guess
from impact.loaders import personal
from impact.matching import fold, says_no_answer
from impact.model import Export
from impact.normalise._reading import impersonal
from impact.normalise.quantities import date, number
from impact.study.questionnaire import WHEN_ANSWERING

MOST_CHOICES: Final = 30
NAMES_EACH: Final = 0.95  # of the codes of a column, that must differ before it is taken for one that names people
COVERED: Final = 0.8  # of the answers, that repeated ones must make before a question is taken for a closed one
UNITS: Final = (
    "ans", "an", "année", "années", "mois", "semaine", "semaines", "jour", "jours", "heure", "heures", "h", "minutes",
    "min", "years", "year", "months", "month", "days", "day", "hours", "€", "euros", "%", "km", "fois", "years old",
)  # fmt: skip
_SCALE_POINTS: Final = 10
_LONGEST_CODE: Final = 16
_FEW: Final = 5
_POINTS: Final = re.compile(r"\b(?:de|from|sur une echelle de|entre)?\s*[01]\s*(?:a|to|et|-)\s*(\d{1,2})\b")
_COUNTED: Final = re.compile(r"\b(age|ages|combien|nombre|nb|how many|how old|annees?|years?|poids|weight|score)\b")
_BIRTH: Final = re.compile(r"\b(date de naissance|ne\(?e?\)? le|birth ?date|date of birth)\b")
_NAMES_PEOPLE: Final = re.compile(r"\b(identifiant|id|numero|n°|code|uuid|index|matricule|key|cle)\b")


def guessed(field: Field, export: Export) -> Guess:
    """What a field asks, from its cells and value labels alone."""
    names = (field.name, *field.others)
    if export.answered_on is not None and any(_BIRTH.search(fold(name)) for name in names):
        return _of_births(field, export)
    counted = [answers(export, column) for column in field.columns]
    found = counted[0] if len(counted) == 1 else _merged(counted)
    if personal.names_someone(names, [one.text for one in found]) or any(impersonal(name) != name for name in names):
        return Guess(left_out="personal", why="heading")
    if field.layout == "boxes":
        return options.of_boxes(field, export)
    if leads_to_someone(found):
        return Guess(left_out="personal", why="values")
    if field.layout == "slots":
        return _closed(found, export, field, "multiple")
    return _of_one_column(found, field, export)


def _of_births(field: Field, export: Export) -> Guess:
    """An age, where a column holds dates of birth; the dates themselves go no further."""
    found = answers(export, field.columns[0])
    said = [answer for answer in found if not lexicon.reason_of(answer.text)]
    if len(field.columns) > 1 or _share(said, lambda text: date(text) is not None) <= COVERED:
        return Guess(left_out="personal", why="heading")
    return Guess("number", options.missing(found), age_on=WHEN_ANSWERING)


def _merged(several: Sequence[Sequence[Answer]]) -> list[Answer]:
    total: Counter[str] = Counter()
    for found in several:
        total.update({answer.text: answer.count for answer in found})
    return sorted((Answer(text, count) for text, count in total.items()), key=lambda one: (-one.count, one.text))


def _of_one_column(found: list[Answer], field: Field, export: Export) -> Guess:
    column = field.columns[0]
    said = [answer for answer in found if not lexicon.reason_of(answer.text)]
    codes = [answer for answer in answers(export, column, labelled=False) if answer.text not in column.declared_missing]
    if not said and not column.labels:
        return Guess(left_out="blank")
    if column.labels and _is_labelled(field, codes):
        return options.of_labels(column, codes, field.written)
    numbers = _of_numbers(said, found, field, codes, export)
    if numbers:
        return numbers
    if _share(said, lambda text: date(text) is not None) > COVERED:
        return Guess("date")
    several = joined.options_of(said)
    if several:
        return _closed([*several, *(one for one in found if one not in said)], export, field, "multiple")
    return _closed(found, export, field, "single")


def _is_labelled(field: Field, codes: Sequence[Answer]) -> bool:
    """Whether value labels name the answers, and not only what a number is not (99 "Refus")."""
    labels = field.columns[0].labels
    named = [code for code, label in labels.items() if not (lexicon.reason_of(label) or says_no_answer(label))]
    bare = sum(answer.count for answer in codes if answer.text not in labels)
    return bool(named) and 2 * bare <= sum(answer.count for answer in codes)


def _share(said: Sequence[Answer], fits: Callable[[str], bool]) -> float:
    total = sum(answer.count for answer in said)
    return sum(answer.count for answer in said if fits(answer.text)) / total if total else 0.0


def _of_numbers(
    said: list[Answer], found: list[Answer], field: Field, codes: Sequence[Answer], export: Export
) -> Guess | None:
    """A number, a scale of points or a yes and no written 1 and 0; None where too few answers are numbers."""
    if not said or _share(said, lambda text: number(text, UNITS) is not None) <= COVERED:
        return None
    values = {value for answer in codes if (value := number(answer.text, UNITS)) is not None}
    whole = all(value.is_integer() for value in values)
    name = fold(" ".join((field.name, *field.others)))
    if values == {0, 1} and len(said) == 2:
        return options.yes_no(said)
    counts = sum(answer.count for answer in said)
    if whole and (_NAMES_PEOPLE.search(name) or _counts_rows(values, counts)):
        return Guess(left_out="identifier" if _names_each(len(values), counts) else "repeated")
    if len(values) == 1 and values <= {0, 1}:
        return Guess(left_out="constant")
    if whole and not _COUNTED.search(name) and _is_points(values, name, counts):
        return options.points(said, found)
    low, high = _bounds(name, values)
    return Guess("number", options.missing(found), units=_units(said), minimum=low, maximum=high)


def _names_each(different: int, total: int) -> bool:
    """Whether codes name each respondent. One or two may come back: someone who answered twice, which is to be seen."""
    return different >= NAMES_EACH * total


def _counts_rows(values: set[float], total: int) -> bool:
    """Whether numbers, all different, follow one another: those of the rows."""
    return len(values) == total > _FEW and max(values) - min(values) == total - 1


def _tells_apart(field: Field, found: Sequence[Answer]) -> bool:
    """Whether short texts, all different, are the names of questionnaires under a heading that says so."""
    short = all(len(one.text) <= _LONGEST_CODE and " " not in one.text for one in found)
    return short and bool(_NAMES_PEOPLE.search(fold(" ".join((field.name, *field.others)))))


def _is_points(values: set[float], name: str, total: int) -> bool:
    """Whether whole numbers are the points of a scale: the heading says so, or they are 1 to 4, 5, 6 or 7, all used."""
    stated = _POINTS.search(name)
    if stated and 2 < int(stated[1]) <= _SCALE_POINTS:
        return values <= set(map(float, range(int(stated[1]) + 1)))
    top = max(values)
    return 4 <= top <= 7 and values == set(map(float, range(1, int(top) + 1))) and total >= FEWEST * len(values)


def _units(said: Sequence[Answer]) -> tuple[str, ...]:
    words = Counter[str]()
    for answer in said:
        tail = re.sub(r"^[\s+-]*[\d.,\s]+", "", answer.text).strip()
        if tail and number(answer.text, UNITS) is not None:
            words[fold(tail)] += answer.count
    return tuple(unit for unit in UNITS if words[fold(unit)])


def _bounds(name: str, values: set[float]) -> tuple[float | None, float | None]:
    """Bounds for an age, wide enough for those seen that can be one."""
    if not re.search(r"\bages?\b|how old", name) or re.search(r"a quel age|at what age", name):
        return None, None
    seen = [value for value in values if 3 <= value <= 110]
    young = bool(seen) and sorted(seen)[len(seen) * 9 // 10] <= 30
    low, high = (5.0, 30.0) if young else (10.0, 110.0)
    return low, high


def _closed(found: list[Answer], export: Export, field: Field, kind: str) -> Guess:
    """A choice among answers that come back; what a few wrote in their own words is "other"."""
    beside = [one for one in found if not lexicon.may_be_level(one.text)]
    scale = _share(found, lexicon.may_be_level) >= COVERED  # a few words of their own beside it are "other"
    if is_written(beside) and not scale and not options.is_known(found):
        if not _tells_apart(field, found):
            return Guess(left_out="text")
        return Guess(left_out="identifier" if _names_each(len(found), sum(one.count for one in found)) else "repeated")
    kept = [one for one in found if options.is_offered(one)]
    said = [one for one in kept if not lexicon.reason_of(one.text)]
    total = sum(one.count for one in found)
    covered = sum(one.count for one in kept)
    few = total < FEWEST * 7 and options.is_known(found)
    if not said or len(said) > MOST_CHOICES or (covered < COVERED * total and not few):
        return Guess(left_out="text")
    if kind == "single" and len(said) == 1 and not lexicon.may_be_level(said[0].text) and len(found) == 1:
        return Guess(left_out="constant")
    return options.of_answers(kept, kind, other=len(kept) < len(found) or field.written)
