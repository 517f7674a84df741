"""What may be said of differences once adjusted: what holds, what does not, what cannot be told. Never a cause."""

import math
from collections.abc import Iterable, Mapping
from typing import Final

from impact.report.book import Book, Row, adjusted_gap, gap, gap_is_sayable, printed, records, sensitivity
from impact.report.sentences import is_clear, limits_said, lost_by_correction, unsigned
from impact.study import Indicator
from impact.texts.typography import number, quoted

PLAIN: Final = "none"  # the comparison as it is
# How the numbers of a difference are said once adjusted, where it is not clear.
_SAID: Final[Mapping[str, str]] = {"gone": "inconclusive", "flat": "inconclusive", "equivalent": "equivalent"}
# What becomes of a difference, in the order it is told, and the tone of its count.
STANDINGS: Final[Mapping[str, str]] = {
    "kept": "up", "new": "flat", "turned": "down", "weaker": "flat", "alone": "flat", "newly": "flat", "gone": "down",
    "equivalent": "flat", "flat": "flat",
}  # fmt: skip
SAME: Final = ("kept", "weaker", "alone")  # clear on the same side, adjusted or not, each comparison by itself
# The quantiles of the propensity that tell where most of a group lies and, where few people hide them, half of it.
NEAR: Final = (0.1, 0.5, 0.9)
QUARTILES: Final = (0.25, 0.5, 0.75)


def pair_of(book: Book) -> tuple[str, str] | None:
    """The two groups that the page of adjusted comparisons is about: the first that an adjustment was tried for."""
    tried = {(row["group"], row["reference"]) for row in records(book.results.adjustment)}
    return next((pair for pair in book.pairs if pair in tried), None)


def way(book: Book, pair: tuple[str, str]) -> str:
    """The first way of adjusting, as the study lists them, that was not refused; "" for none."""
    return next(iter(ways(book, pair)), "")


def ways(book: Book, pair: tuple[str, str]) -> list[str]:
    """The ways of adjusting that were not refused, as the study lists them."""
    rows = records(book.results.adjustment)
    made = {row["adjustment"] for row in rows if (row["group"], row["reference"]) == pair and not row["reason"]}
    return [each for each in book.study.analysis.adjustments if each in made]


def adjusted_is_sayable(book: Book, indicator: Indicator, pair: tuple[str, str], adjustment: str) -> bool:
    """Whether a comparison and the same once adjusted may both be put into a sentence."""
    shown = adjusted_gap(book, indicator.id, pair, adjustment) is not None
    return shown and gap_is_sayable(book, indicator, pair)


def standing(book: Book, indicator: Indicator, pair: tuple[str, str], adjustment: str) -> str:
    """A key of STANDINGS, for a comparison that `adjusted_is_sayable`: like is compared with like.

    kept, new, turned: clear once corrected for the number of comparisons (turned: in any case); newly: clear alone;
    weaker: clear alone, where the crude one outlasts the correction; alone: clear alone, as the crude one.
    """
    crude = printed(gap(book, indicator.id, pair))
    adjusted = printed(adjusted_gap(book, indicator.id, pair, adjustment))
    if adjusted["verdict"] == "equivalent":
        return "equivalent"
    if not is_clear(adjusted):
        return "gone" if is_clear(crude) else "flat"
    if not is_clear(crude):
        return "newly" if lost_by_correction(adjusted) else "new"
    if crude["verdict"] != adjusted["verdict"]:
        return "turned"
    if not lost_by_correction(adjusted):
        return "kept"
    return "alone" if lost_by_correction(crude) else "weaker"


def became(book: Book, indicator: Indicator, pair: tuple[str, str], adjustment: str) -> str:
    """What became of one difference, its two sizes and its interval: one whole sentence."""
    crude = printed(gap(book, indicator.id, pair))
    adjusted = printed(adjusted_gap(book, indicator.id, pair, adjustment))
    result = standing(book, indicator, pair, adjustment)
    whole = book.texts(
        f"adjusted.became_{result}",
        covariates=covariates(book),
        label=quoted(book.texts.label(indicator.label), book.texts),
        crude=unsigned(book, crude),
        **limits_said(book, adjusted, _SAID.get(result, "clear")),
    )
    return f"{whole} {book.texts('sentence.not_after_correction')}" if lost_by_correction(adjusted) else whole


def afterwards(book: Book, indicator: Indicator, pair: tuple[str, str]) -> str:
    """The same difference once adjusted, in one short sentence; "" where none may be told."""
    adjustment = way(book, pair)
    if not adjustment or not adjusted_is_sayable(book, indicator, pair, adjustment):
        return ""
    row = printed(adjusted_gap(book, indicator.id, pair, adjustment))
    result = standing(book, indicator, pair, adjustment)
    return book.texts(f"adjusted.after_{result}", **limits_said(book, row, _SAID.get(result, "clear")))


def covariates(book: Book) -> str:
    """What the study adjusts for, by name: "âge, sexe"; a question without a short name in quotation marks."""
    questions = book.study.questionnaire.questions
    asked = [questions[each] for each in book.study.analysis.adjust_for if each in questions]
    return ", ".join(
        book.texts.label(each.label) if each.label else quoted(book.texts.label(each.text), book.texts)
        for each in asked
    )


def by_standing(
    book: Book, indicators: Iterable[Indicator], pair: tuple[str, str], adjustment: str
) -> dict[str, list[Indicator]]:
    """The comparisons that may be told, by what became of them."""
    told = [each for each in indicators if adjusted_is_sayable(book, each, pair, adjustment)]
    found = {each.id: standing(book, each, pair, adjustment) for each in told}
    return {key: [each for each in told if found[each.id] == key] for key in STANDINGS}


def e_value(book: Book, indicator: Indicator, pair: tuple[str, str], adjustment: str) -> str:
    """How strong what was not asked would have to be to make all of a difference; "" where no row says it."""
    row, plain = sensitivity(book, indicator.id, pair, adjustment, "e_value"), ""
    if row is None:
        row, plain = sensitivity(book, indicator.id, pair, PLAIN, "e_value"), "_plain"
    if row is None or not 1 < row["low"] < math.inf:
        return ""
    label = quoted(book.texts.label(indicator.label), book.texts)
    written = {key: number(row[key], book.texts, 1) for key in ("estimate", "low")}
    return book.texts(f"adjusted.e_value{plain}", label=label, value=written["estimate"], limit=written["low"])


def overlapping(book: Book, row: Row) -> str:
    """How far two groups are made of people alike, in words; "" where the quantiles are not shown."""
    arms = [str(row[side]) for side in ("group", "reference")]
    most, half = ([_span(book, row, arm, at) for arm in arms] for at in (NEAR, QUARTILES))
    spans = most if all(most) else half
    if not all(spans):
        return ""
    (low, middle, high), (other_low, other_middle, other_high) = spans
    inside = other_low <= middle <= other_high and low <= other_middle <= high
    apart = all(most) and (high < other_low or other_high < low)  # halves that lie apart leave the rest untold
    return book.texts(f"adjusted.overlap_{'wide' if inside else 'none' if apart else 'part'}")


def _span(book: Book, row: Row, arm: str, quantiles: tuple[float, ...]) -> tuple[float, ...]:
    """The quantiles of the propensity in an arm; empty where one is not shown."""
    frame = book.results.overlap
    ours = frame[(frame["group"] == row["group"]) & (frame["reference"] == row["reference"]) & (frame["arm"] == arm)]
    known = {each["quantile"]: float(each["propensity"]) for each in records(ours) if each["status"] == "shown"}
    return tuple(known[at] for at in quantiles) if known.keys() >= set(quantiles) else ()


def refusal(book: Book, row: Row) -> str:
    """Why a comparison is not adjusted, as a sentence."""
    keys = (str(row["reason"]), f"adjustment.reason_{row['reason']}")
    key = next((key for key in keys if key in book.texts), "adjusted.refused")
    return book.texts(key)
