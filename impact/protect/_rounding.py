"""Figures as they are printed for the public: those that are not made of printed counts, to three significant digits.

Who knows what a mean, a weighted share or a p is made of could else try all sets of answers of a small group until one
gives every digit: a whole double is a fingerprint. Three digits keep the sign of a limit and all that a page prints. An
error keeps two, since with the mean it tells the spread, and p three decimals, or one digit below. What is drawn from
means has the decimals of a page, two below ten: three digits of a small difference would tell the spread as well.
"""

import math
from dataclasses import replace
from typing import Final

import pandas as pd

from impact.model import TABLES, Results, Values
from impact.study import Study

_DIGITS: Final = 3
_STEADY: Final = 10  # digits of every figure: sums run in the order of the people, which shows in the last of a double
_LOOSE: Final = ("estimate", "std_error", "df", "low", "high", "limit_low", "limit_high", "mean", "mean_reference",
                 "std_difference", "variance_ratio", "effective", "effective_reference", "largest_std_difference",
                 "propensity", "p", "p_adjusted")  # fmt: skip
_OF_MEANS: Final = ("estimate", "low", "high", "limit_low", "limit_high")
_NOTHING: Final = 1e-9  # a level below is what rounding leaves of none: an index where it is standardised
_NEUTRAL: Final = (0.0, 0.5, 1.0)  # what no difference is, by measure
_LEVELS: Final = ("estimate", "share", "mean", "mean_reference", "std_difference")


def rounded(results: Results, study: Study) -> dict[str, pd.DataFrame]:
    """The tables that hold a figure to round, by name."""
    weighted, drawn = bool(study.design.weight), _drawn_together(study)
    estimates, comparisons, breakdowns = results.estimates, results.comparisons, results.breakdowns
    distributions, balance, options = results.distributions, results.balance, results.options
    closed = (balance["category"] != "") & (balance["adjustment"] == "none")
    shares = estimates["unit"] == "share"
    crude = (comparisons["unit"] == "share") & (comparisons["adjustment"] == "none")
    of_shares = results.published["unit"].isin(("share", "ratio"))
    every = {name: pd.Series(True, getattr(results, name).index) for name in
             ("adjustment", "overlap", "reliability", "trend", "sensitivity", "agreement", "options")}  # fmt: skip
    return {
        "estimates": _all(estimates, shares, weighted, drawn),
        "breakdowns": _all(breakdowns, breakdowns["unit"] == "share", weighted, drawn),
        "comparisons": _all(comparisons, crude, weighted, drawn),
        "options": _all(options, every.pop("options"), weighted, drawn),
        "published": _all(results.published, of_shares, weighted, drawn),
        "distributions": _of(distributions, pd.Series(weighted, distributions.index), ("share",)),
        "balance": _of(balance, ~closed | weighted, (*_LOOSE, *_LEVELS)),
        **{name: _of(_as_on_a_page(getattr(results, name)), rows, _LOOSE) for name, rows in every.items()},
    }


def steady(results: Results) -> Results:
    """Every figure to ten significant digits: two people whose answers were exchanged leave the same bytes."""
    tables = {name: getattr(results, name) for name in TABLES}
    return replace(results, **{name: frame.apply(_steadied) for name, frame in tables.items() if len(frame)})


def _steadied(column: Values) -> Values:
    if column.dtype not in ("float64", "object"):
        return column
    found: Values = column.map(lambda value: float(f"{value:.{_STEADY}g}") if isinstance(value, float) else value)
    return found


def _drawn_together(study: Study) -> bool:
    """Whether errors stand on who was drawn with whom, or weighs what, and not on counts alone."""
    design = study.design
    return bool(design.weight or design.cluster or design.stratum)


def _all(frame: pd.DataFrame, shares: "pd.Series[bool]", weighted: bool, drawn: bool) -> pd.DataFrame:
    """Levels of plain counts as they are; their errors too, where these stand on the counts alone."""
    frame = _as_on_a_page(_of(frame, ~shares | weighted, ("estimate",)))
    return _of(frame, ~shares | drawn, tuple(name for name in _LOOSE if name != "estimate"))


def _as_on_a_page(frame: pd.DataFrame) -> pd.DataFrame:
    """What is drawn from means and indices, to the decimals of a page."""
    if "unit" not in frame:
        return frame
    drawn = frame["unit"].isin(("mean", "index"))
    made = {name: frame[name].where(~drawn, frame.loc[drawn, name].map(level)) for name in _OF_MEANS if name in frame}
    return frame.assign(**made)


def level(value: object) -> object:
    """Two decimals below ten, one below a hundred; more where none would be told from no difference."""
    if not isinstance(value, float) or not math.isfinite(value):
        return value
    if abs(value) < _NOTHING:
        return 0.0
    least = max(0, 2 - max(0, math.floor(math.log10(abs(value)))))
    told = (digits for digits in range(least, 18) if round(value, digits) not in _NEUTRAL or value in _NEUTRAL)
    return round(value, next(told, 18))


def _of(frame: pd.DataFrame, rows: "pd.Series[bool]", columns: tuple[str, ...]) -> pd.DataFrame:
    made = {name: frame[name].where(~rows, frame.loc[rows, name].map(_ROUND.get(name, _digits)))
            for name in dict.fromkeys(columns) if name in frame}  # fmt: skip
    return frame.assign(**made)


def _digits(value: object) -> object:
    return float(f"{value:.{_DIGITS}g}") if isinstance(value, float) else value


def _error(value: object) -> object:
    return float(f"{value:.2g}") if isinstance(value, float) else value


def chance(value: object) -> object:
    """A p to three decimals, or to one digit below 0.001; never across 0.001 or 0.05, which sentences hang on."""
    if not isinstance(value, float) or math.isnan(value):
        return value
    if value < 0.001:
        return min(float(f"{value:.1g}"), 0.0009)
    digits = next(digits for digits in range(_DIGITS, 18) if value == 0.05 or round(value, digits) != 0.05)
    return round(value, digits)


_ROUND: Final = {"std_error": _error, "p": chance, "p_adjusted": chance}
