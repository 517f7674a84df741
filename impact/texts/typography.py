"""How a language writes numbers, and where French puts its no-break spaces: one place for every page, figure and table.

Values come in as the tables hold them (shares in [0, 1], differences in [-1, 1]) and leave as text. Halves round up,
away from zero, on the decimal digits that `repr` shows; nothing is computed from a rounded number.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache, partial
from typing import Final

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from impact.texts import Texts

MINUS: Final = "\u2212"
THIN: Final = "\u202f"  # before ; ! ? % and between thousands
NO_BREAK: Final = "\u00a0"  # before : and inside « »
FIVE_PERCENT: Final = Decimal("0.05")


@dataclass(frozen=True, slots=True)
class _Form:
    """How one kind of number is written: a key of `[number]`, a scale, decimals, and whether + is shown."""

    key: str = "plain"
    scale: int = 1
    digits: int = 2
    signed: bool = False


# (unit, measure) of a row; the measure of an estimate is "". A measure not named here is a number of two decimals.
_FORMS: Final[Mapping[tuple[str, str], _Form]] = {
    ("share", ""): _Form("percent", 100, 0),
    ("size", ""): _Form(digits=0),
    ("large", ""): _Form(digits=1),  # a mean of ten or more
    ("share", "difference"): _Form("points", 100, 0, signed=True),
    ("mean", "difference"): _Form(signed=True),
    ("large", "difference"): _Form(digits=1, signed=True),
    ("index", "difference"): _Form(signed=True),
}
_PLAIN: Final = _Form()
# What no difference is, by measure.
_NEUTRAL: Final = {
    "difference": 0.0, "ratio": 1.0, "odds_ratio": 1.0, "cohen_h": 0.0, "cohen_d": 0.0, "superiority": 0.5,
}  # fmt: skip


def number(x: float, texts: Texts, digits: int = 0) -> str:
    """A number with a fixed count of decimals: "1 180", "0,32", "−13", "∞". NaN, which is no number, is an en dash."""
    return texts("number.none") if math.isnan(x) else _decimal(_rounded(x, digits), texts, digits)


def written(text: str, texts: Texts) -> str:
    """A number that a table holds as text, with the decimals it has there: "0.044629" is "0,044629"."""
    digits = len(text.partition(".")[2]) if text.replace(".", "", 1).lstrip("-").isdigit() else 0
    return number(float(text), texts, digits)


def signed(x: float, texts: Texts, digits: int = 0) -> str:
    """A number with its sign: "+8", "−13"; what rounds to nothing has none."""
    return ("+" if _rounded(x, digits) > 0 else "") + number(x, texts, digits)


def percent(x: float, texts: Texts, digits: int = 0) -> str:
    """A share in [0, 1] as a percentage: 0.064 is "6 %"."""
    return texts("number.percent", value=number(_hundredfold(x), texts, digits))


def points(x: float, texts: Texts, digits: int = 0) -> str:
    """A difference of shares in [-1, 1]: -0.128 is "−13 points"."""
    gap = _rounded(_hundredfold(x), digits)
    return texts(f"number.points_{plural(float(gap), texts)}", value=signed(_hundredfold(x), texts, digits))


def value(x: float, unit: str, texts: Texts, measure: str = "") -> str:
    """A number of the tables as its row's unit and measure have it written: "6 %", "−13 points", "0,32", "163"."""
    form = _FORMS.get((unit, measure), _PLAIN)
    if math.isnan(x):
        return texts("number.none")
    if form.key == "points":
        return points(x, texts, form.digits)
    return texts(f"number.{form.key}", value=_bare(x, form, texts))


def bare(x: float, unit: str, texts: Texts, measure: str = "") -> str:
    """The same number without its unit, for a column whose heading says it: "6", "−13", "0,32"."""
    return _bare(x, _FORMS.get((unit, measure), _PLAIN), texts)


def ticks(values: Sequence[float], unit: str, texts: Texts, measure: str = "") -> tuple[str, ...]:
    """The numbers along an axis, without unit, all with the fewest decimals that write each of them truly."""
    form = _FORMS.get((unit, measure), _PLAIN)
    scaled = [x * form.scale for x in values]
    digits = next((d for d in range(6) if all(abs(float(_rounded(x, d)) - x) < 1e-7 for x in scaled)), 6)
    return tuple((signed if form.signed else number)(x, texts, digits) for x in scaled)


def interval(low: float, high: float, unit: str, texts: Texts, measure: str = "") -> str:
    """The limits of an interval, without unit and unbreakable: "[38 ; 62]", "[−20 ; −6]", "[1,40 ; ∞]"."""
    if math.isnan(low) and math.isnan(high):
        return texts("number.none")
    low_text, high_text = limits(low, high, unit, texts, measure)
    return spaces(texts("number.interval", low=low_text, high=high_text), texts)


def limits(low: float, high: float, unit: str, texts: Texts, measure: str = "") -> tuple[str, str]:
    """The two limits of an interval without their unit. Where all of it lies on one side of no difference, neither is
    written as no difference: +0.4 point is then "+0,4" and not "0", which would deny the verdict beside it."""
    form, neutral = _FORMS.get((unit, measure), _PLAIN), _NEUTRAL.get(measure, math.nan)
    clear = low > neutral or high < neutral
    low_text, high_text = (_bare(x, _beside(x, form, neutral) if clear else form, texts) for x in (low, high))
    return low_text, high_text


def _beside(x: float, form: _Form, neutral: float) -> _Form:
    """The form with as many decimals as tell a value from the neutral one."""
    scaled, nothing = (_hundredfold(each) if form.scale == 100 else each for each in (x, neutral))
    told_apart = (d for d in range(form.digits, 12) if x == neutral or _rounded(scaled, d) != _rounded(nothing, d))
    return replace(form, digits=next(told_apart, form.digits))


def unit_name(unit: str, texts: Texts, measure: str = "") -> str:
    """The words for a unit at the head of a column: "en %", "en points", "score", "rapport"."""
    for key in (f"number.unit_{unit}_{measure}" if measure else f"number.unit_{unit}", f"number.unit_{measure}"):
        if key in texts:
            return texts(key)
    return texts("number.unit_other")


def p_value(p: float, texts: Texts) -> str:
    """A p-value, exact down to a thousandth: "p < 0,001", "p = 0,004", "p = 0,03"; never rounded across 0.05."""
    if math.isnan(p):
        return texts("number.none")
    if p < 0.001:
        return texts("number.p_below", value=number(0.001, texts, 3))
    if p > 0.99:
        return texts("number.p_above", value=number(0.99, texts, 2))
    digits = next(
        digits for digits in range(2 if p >= 0.01 else 3, 18) if p == 0.05 or _rounded(p, digits) != FIVE_PERCENT
    )
    return texts("number.p", value=number(p, texts, digits))


def day(x: date, texts: Texts) -> str:
    """A day: "01/12/2011"."""
    return format_date(x, texts.entries["number.day"], texts.language)


def plural(x: float, texts: Texts) -> str:
    """Which form a counted noun takes, "one" or "other"; French counts 0 and 1,5 as one."""
    return "one" if math.isfinite(x) and Locale(texts.language).plural_form(abs(x)) == "one" else "other"


def spaces(text: str, texts: Texts) -> str:
    """The text with the spaces of its language: French ones or none added. Not for words quoted as said."""
    return fr_spaces(text) if texts.language == "fr" else text


def sentence(texts: Texts, key: str, **values: object) -> str:
    """A text by key, filled, with the spaces of its language."""
    return spaces(texts(key, **values), texts)


def quoted(text: str, texts: Texts) -> str:
    """Words between the marks of their language; the marks inside are of the second rank, a colon at the end goes."""
    first, last = "“”" if texts.language == "fr" else "‘’"
    said = text.strip().rstrip(":").rstrip()
    for opening, closing in ("«»", "“”", '""'):
        said = re.sub(rf"{opening}\s*([^{opening}{closing}]*?)\s*{closing}", rf"{first}\1{last}", said)
    return texts("sentence.quoted", text=said)


_SPACE: Final = f"[ \t{NO_BREAK}{THIN}]"
# What is never touched: addresses, e-mails, times and ratios such as 12:30, entities such as &nbsp;
_KEPT: Final = r"(?P<kept>https?://\S+|www\.\S+|[\w.+-]{1,64}@[\w.-]{1,190}|\d+:\d+|&#?\w{1,31};)"
_BEFORE: Final = r"(?<=[^\s(\[«;:!?])"  # something that a space can follow
_FRENCH: Final = tuple(
    (re.compile(f"{_KEPT}|{pattern}"), replacement)
    for pattern, replacement in (
        (rf"{_BEFORE}{_SPACE}*(?P<sign>[;!?]+)(?=[\s»)\]*\".…]|$)", f"{THIN}{{sign}}"),
        (rf"{_BEFORE}{_SPACE}*:(?=[\s»)\]*]|$)", f"{NO_BREAK}:"),
        (rf"(?<=[\d*]){_SPACE}*%", f"{THIN}%"),
        (rf"«{_SPACE}*", f"«{NO_BREAK}"),
        (rf"(?<!{_SPACE}){_SPACE}*»", f"{NO_BREAK}»"),
        (r"(?<=[^\W\d_])'(?=[\w«])", "’"),
    )
)
_THOUSANDS: Final = re.compile(rf"(?<![\w,.])[1-9]\d{{0,2}}(?:{_SPACE}\d{{3}})+(?!\d)")


@lru_cache(4096)  # the same words stand in a sentence, a table and a sheet
def fr_spaces(text: str) -> str:
    """French spaces: narrow before ; ! ? % and in thousands, no-break before : and inside « »; curly apostrophes.

    Applied twice it changes nothing more. Addresses, e-mails and times keep their punctuation as it is.
    """
    text = _THOUSANDS.sub(lambda found: re.sub(_SPACE, THIN, found.group()), text)
    for pattern, replacement in _FRENCH:
        text = pattern.sub(partial(_replaced, replacement), text)
    return text


def _replaced(replacement: str, found: re.Match[str]) -> str:
    return found.group() if found["kept"] else replacement.format(**found.groupdict())


def _bare(x: float, form: _Form, texts: Texts) -> str:
    scaled = _hundredfold(x) if form.scale == 100 else x
    return (signed if form.signed else number)(scaled, texts, form.digits)


def _hundredfold(x: float) -> float:
    """A hundred times x in decimal, so that 0.145 is 14.5 and rounds as it does by hand."""
    return float(Decimal(repr(float(x))) * 100) if math.isfinite(x) else x


def _rounded(x: float, digits: int) -> Decimal:
    exact = Decimal(repr(float(x)))
    return exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP) if exact.is_finite() else exact


def _decimal(x: Decimal, texts: Texts, digits: int) -> str:
    sign = MINUS if x < 0 else ""
    if x.is_infinite():
        return f"{sign}∞"
    return sign + str(format_decimal(abs(x), "#,##0" + ("." + "0" * digits if digits else ""), texts.language))
