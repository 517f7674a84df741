"""Numbers and dates as people and tools write them."""

import re
from collections.abc import Callable
from datetime import datetime
from itertools import pairwise

import numpy as np
import pandas as pd

from impact.matching import fold, says_no_answer
from impact.model import Column, Values
from impact.normalise._reading import Reading, cell_problems, distinct
from impact.normalise.closed import Answers, Meaning, meaning, reader
from impact.normalise.measures import factor, spoken, why_no_number
from impact.normalise.silences import SILENT
from impact.study import Question

_LARGEST = 1e15  # beyond it a number of a survey is a slip, and sums of such numbers lose their meaning
_SPACES = re.compile(r"(?<=\d)[\s\u00a0\u202f](?=\d{3}(?!\d))")
_NUMBER = re.compile(r"([+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d+)?)\s*(.*)", re.DOTALL)
_ISO = re.compile(r"(\d{4})[-/](\d{1,2})(?:[-/](\d{1,2}))?(?:[T ].*)?")
_SLASHED = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?:[\s,-]+\d{1,2}[:h].*)?")
_WORDED = re.compile(r"(?:(\d{1,2})(?:er)?[\s-]+)?([a-z]+)\.?(?:[\s-]+(\d{4})|-(\d\d))")  # "1er mars 2022", "déc-23"
_MONTHS = (
    ("janv", "jan"), ("fev", "feb"), ("mars", "mar"), ("avr", "apr"), ("mai", "may"), ("juin", "jun"), ("juil", "jul"),
    ("aou", "aug"), ("sept", "sep"), ("oct",), ("nov",), ("dec",),
)  # fmt: skip
_SERIAL = re.compile(r"(\d{5})(?:[.,]\d+)?")  # days since 1900, as Excel counts them: 44562 is 1 January 2022
_FIRST_SERIAL, _LAST_SERIAL = 14_612, 54_789  # the years 1940 to 2049
_SYMPTOMATIC = 3  # dates of each kind from which a mix is believed
_CENTURY, _PIVOT = 100, 69  # two digits from 69 on are of the last century, as POSIX has it

Parse = Callable[[str], "float | datetime | str"]  # a text is the problem: a key of texts, section `problem`


def number(text: str, units: tuple[str, ...] = ()) -> float | None:
    """A number as it is written: decimal comma or dot, spaces as thousands, one of the units the question names.

    A length of time comes in the first unit named, "1 an et demi" as 18 where that is "mois" and "ans" is named too.
    """
    found = _NUMBER.fullmatch(_SPACES.sub("", text.strip().replace("−", "-")))
    size = factor(fold(found[2]), units) if found and found[2] else 1.0
    quantity = float(found[1].replace(",", ".")) * size if found and size else spoken(text, units)
    return quantity if quantity is not None and abs(quantity) <= _LARGEST else None


def day_first(values: "list[str]") -> bool | None:
    """Whether a column writes the day before the month; None where its own dates contradict each other.

    A French file's dates are taken day first unless one of them cannot be and none has to be.
    """
    slashed = [found for value in values if (found := _SLASHED.fullmatch(value.strip()))]
    day_before = any(int(found[1]) > 12 for found in slashed)
    month_before = any(int(found[2]) > 12 for found in slashed)
    return None if day_before and month_before else not month_before


def order_shown(values: "list[str]") -> tuple[str, int]:
    """In which order a column's dates are read ("day_first", "month_first", "unclear"; "" where all name their month or
    begin with the year), and how many different ones can be read in that order alone."""
    slashed = [found for value in values if (found := _SLASHED.fullmatch(value.strip()))]
    if not slashed:
        return "", 0
    order = day_first(values)
    if order is None:
        return "unclear", 0
    place = 1 if order else 2
    return ("day_first" if order else "month_first"), sum(int(found[place]) > 12 for found in slashed)


def day_first_in_time(values: "list[str]") -> bool | None:
    """The same for the days of the answers, which follow each other: where both readings do, the first one is taken."""
    order = day_first(values)
    if not order or _follow(values, day_before_month=True) or not _follow(values, day_before_month=False):
        return order
    return False


def _follow(values: "list[str]", *, day_before_month: bool) -> bool:
    days = [day for value in values if (day := date(value, day_before_month))]
    return len(days) == sum(map(bool, values)) and all(one <= other for one, other in pairwise(days))


def swapped(values: "list[str]") -> bool:
    """Whether an English Excel read a column of French dates: it took the day for the month wherever it could.

    What it could not read stayed text, its first number always above 12; what it read never has a day above 12.
    """
    left = [found for value in values if (found := _SLASHED.fullmatch(value.strip()))]
    read = [found for value in values if (found := _ISO.fullmatch(value.strip())) and found[3]]
    return (
        min(len(left), len(read)) >= _SYMPTOMATIC
        and all(int(found[1]) > 12 for found in left)
        and all(int(found[3]) <= 12 for found in read)
    )


def date(text: str, day_before_month: bool = True) -> datetime | None:
    """A date: ISO, 31/12/2023, 31-12-23, 31 décembre 2023, déc-23 (its first day). None where impossible."""
    text = text.strip()
    if found := _ISO.fullmatch(text):
        return _day(int(found[1]), int(found[2]), int(found[3] or 1))
    if found := _SLASHED.fullmatch(text):
        first, second, year = int(found[1]), int(found[2]), int(found[3])
        day, month = (first, second) if day_before_month else (second, first)
        return _day(_full(year), month, day)
    if found := _WORDED.fullmatch(fold(text)):
        month = next((i for i, names in enumerate(_MONTHS, 1) if found[2].startswith(names)), 0)
        return _day(_full(int(found[3] or found[4])), month, int(found[1] or 1))
    return None


def _full(year: int) -> int:
    if year >= _CENTURY:
        return year
    return year + (2000 if year < _PIVOT else 1900)


def _day(year: int, month: int, day: int) -> datetime | None:
    try:
        return datetime(year, month, day)
    except ValueError:
        return None


def read_number(question: Question, column: Column, cells: Values, answers: Answers) -> Reading:
    """A number a cell, missing codes and value labels looked at first; outside min and max: implausible."""

    def parse(text: str) -> float | str:
        quantity = number(text, question.units)
        return why_no_number(text) if quantity is None else quantity

    reading = _read(question, column, cells, answers, parse)
    return reading._replace(answers={question.id: reading.answers[question.id].astype(float)})


def read_date(question: Question, column: Column, cells: Values, answers: Answers) -> Reading:
    """A date a cell, day before month unless the column says otherwise."""
    values = distinct(cells)[1]
    order, inverted = day_first(values), swapped(values)

    def parse(text: str) -> datetime | str:
        if inverted and _ISO.fullmatch(text.strip()):
            return "date_swapped"
        found = None if order is None and _SLASHED.fullmatch(text.strip()) else date(text, order is not False)
        return found or _why_no_date(text)

    reading = _read(question, column, cells, answers, parse)
    return reading._replace(answers={question.id: pd.to_datetime(reading.answers[question.id])})


def _read(question: Question, column: Column, cells: Values, answers: Answers, parse: Parse) -> Reading:
    labelled = {code: said for code, said in reader(question, column, answers).items() if said.reason != ""}
    for code, label in column.labels.items():
        if says_no_answer(label):  # 99 "Refus" is no number, whether or not someone declared it missing
            labelled.setdefault(code, Meaning(None, "unknown", "labelled_missing"))
    places, values = distinct(cells)
    quantities: list[float | datetime | None] = []
    said: list[Meaning] = []
    for value in values:
        quantity, one = _quantity(question, value, labelled, answers, parse)
        quantities.append(quantity)
        said.append(one)
    problems = [
        problem
        for value, one in zip(values, said, strict=True)
        if one.problem
        for problem in cell_problems(cells, column, value, one.problem, "set_aside")
    ]
    taken = pd.Series(np.array(quantities, dtype=object)[places], cells.index, dtype=object)
    reasons = pd.Series(np.array([one.reason for one in said], dtype=object)[places], cells.index, dtype=object)
    return Reading({question.id: taken}, reasons, problems)


def _quantity(
    question: Question, value: str, labelled: dict[str, Meaning], answers: Answers, parse: Parse
) -> tuple[float | datetime | None, Meaning]:
    if not value.strip():
        return None, answers.blank
    value = answers.rewritten.get(fold(value), value)
    known = meaning(value, labelled, answers)
    if not known.problem or value in labelled:
        return None, known
    quantity = parse(value)
    if isinstance(quantity, str):
        return None, Meaning(None, "unknown", known.problem if known.problem in SILENT else quantity)
    if outside(question, quantity):
        return None, Meaning(None, "implausible", "implausible")
    return quantity, Meaning(None)


def _why_no_date(text: str) -> str:
    serial = _SERIAL.fullmatch(text.strip())
    return "date_serial" if serial and _FIRST_SERIAL <= int(serial[1]) <= _LAST_SERIAL else "not_a_date"


def outside(question: Question, quantity: float | datetime) -> bool:
    """Whether a number or a date is below `min` or above `max`."""
    low, high = (_bound(limit, quantity) for limit in (question.min, question.max))
    return bool((low is not None and quantity < low) or (high is not None and quantity > high))  # type: ignore[operator]


def _bound(limit: float | str | None, quantity: float | datetime) -> float | datetime | None:
    if limit is None or not isinstance(quantity, datetime):
        return None if limit is None else float(limit)
    return date(str(limit))
