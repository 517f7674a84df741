"""How a typed cell is written as text: one way for every format, so that the same answers give the same cells."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final

_HALF_SECOND = timedelta(microseconds=500_000)


def number(value: float) -> str:
    """The shortest text that reads back as the same number, without ".0"."""
    if not value.is_integer():
        return repr(value)
    return f"{value:.0f}" if value else "0"  # never "-0"


def boolean(value: bool) -> str:
    """TRUE or FALSE, whatever the language of the spreadsheet."""
    return "TRUE" if value else "FALSE"


def moment(value: datetime) -> str:
    """A date and time to the second: spreadsheets store fractions of a day, whose milliseconds are noise."""
    return (value + _HALF_SECOND).replace(microsecond=0).isoformat()


def duration(value: timedelta) -> str:
    """Hours, minutes and seconds; the hours go on beyond 24."""
    seconds = round(abs(value).total_seconds())
    sign = "-" if value < timedelta(0) else ""
    return f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


WRITERS: Final[Mapping[type, Callable[[Any], str]]] = {
    str: str,
    float: number,
    int: str,
    bool: boolean,
    datetime: moment,
    date: date.isoformat,
    time: lambda value: value.isoformat(timespec="seconds"),
    timedelta: duration,
    type(None): lambda _: "",
}


def written(value: object) -> str:
    """The text of one cell."""
    return WRITERS[type(value)](value)
