"""What every page draws from: the protected tables by name, the study, the words of one language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import pandas as pd

from impact.analyse.planned import PLANNED, planned
from impact.model import COMPARISONS, TABLES, Results, comparisons_in
from impact.study import Indicator, Study
from impact.texts import Texts

Row: TypeAlias = Mapping[str, Any]

PLAN_SIGN: Final = "§"  # beside a comparison that the locked plan foresaw
SPREAD: Final = 2  # questions whose every answer is drawn
CURVES: Final = 4  # small panels of the page on duration
LARGE: Final = 10  # from here on a mean is written with one decimal, in all groups alike
SMALL_BASE: Final = 30  # under it a figure is printed with a dagger and never put into a sentence (NCHS, INSEE habit)


@dataclass(frozen=True, eq=False)
class Book:
    """The tables of one study as pages look rows up: every row by its names, shown or not.

    The unit of a row is how it is written: "large" is a mean with one decimal.
    """

    results: Results
    study: Study
    texts: Texts
    estimates: Mapping[tuple[str, str], Row]  # (indicator, group)
    gaps: Mapping[tuple[str, str, str], Row]  # (indicator, group, reference): crude differences
    adjusted: Mapping[tuple[str, str, str, str], Row]  # (indicator, group, reference, adjustment): the others
    sensitivity: Mapping[tuple[str, str, str, str, str], Row]  # the same and the analysis

    @property
    def indicators(self) -> Mapping[str, Indicator]:
        """Indicators by id, in the questionnaire's order."""
        return self.study.questionnaire.indicators

    @property
    def compared(self) -> bool:
        """Whether there is a group to compare the mentored with."""
        return {"mentored", "non_mentored"} <= set(self.results.sizes)

    @property
    def banded(self) -> bool:
        """Whether the mentored are split by duration."""
        return any(self.results.sizes.get(group) for group in self.bands)

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Who is compared with whom, each group as this report names it."""
        return comparisons_in(self.results.sizes)

    @property
    def bands(self) -> tuple[str, str]:
        """Those mentored longer and those mentored for less, as this report names them."""
        return self.pairs[3]


def open_book(results: Results, study: Study, texts: Texts) -> Book:
    """The tables of a study, ready to be looked up."""
    comparisons = results.comparisons
    means = results.estimates[results.estimates["unit"] == "mean"]
    large = set(means.loc[means["estimate"].abs() >= LARGE, "indicator"])
    gaps = comparisons[comparisons["measure"] == "difference"]
    gaps = gaps.assign(plan=planned(gaps, study)) if study.plan else gaps
    crude, pair = gaps["adjustment"] == "none", ("indicator", "group", "reference")
    return Book(
        results,
        study,
        texts,
        _by(_as_written(results.estimates, large), "indicator", "group"),
        _by(_as_written(gaps[crude], large), *pair),
        _by(_as_written(gaps[~crude], large), *pair, "adjustment"),
        _by(_as_written(results.sensitivity, large), *pair, "adjustment", "analysis"),
    )


def _by(frame: pd.DataFrame, *names: str) -> dict[Any, Row]:
    """The rows of a table by what names them."""
    return {tuple(row[name] for name in names): row for row in records(frame)}


def _as_written(frame: pd.DataFrame, large: "set[str]") -> pd.DataFrame:
    """The rows with the unit that says how they are written."""
    return frame.assign(unit=frame["unit"].mask((frame["unit"] == "mean") & frame["indicator"].isin(large), "large"))


def masked_rows(book: Book) -> int:
    """How many rows of the tables are masked to protect respondents."""
    tables = (getattr(book.results, name) for name, columns in TABLES.items() if "status" in columns)
    return sum(int(frame["status"].astype(str).str.startswith("suppressed").sum()) for frame in tables)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table as dictionaries."""
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def estimate(book: Book, indicator: str, group: str) -> Row | None:
    """The estimate of an indicator in a group, where it may be printed."""
    return _if_shown(book.estimates.get((indicator, group)))


def gap(book: Book, indicator: str, pair: tuple[str, str]) -> Row | None:
    """The crude difference between two groups, where it may be printed."""
    return _if_shown(book.gaps.get((indicator, *pair)))


def adjusted_gap(book: Book, indicator: str, pair: tuple[str, str], adjustment: str) -> Row | None:
    """A difference once adjusted, where it may be printed."""
    return _if_shown(book.adjusted.get((indicator, *pair, adjustment)))


def sensitivity(book: Book, indicator: str, pair: tuple[str, str], adjustment: str, analysis: str) -> Row | None:
    """What an analysis of SENSITIVITY says of a difference, where it may be printed."""
    return _if_shown(book.sensitivity.get((indicator, *pair, adjustment, analysis)))


def printed(row: Row | None) -> Row:
    """A row a sentence is about to quote. LookupError where it may not be printed: that sentence must not exist."""
    if row is None or row["status"] != "shown":
        raise LookupError("a sentence asked for a row that is not printed")
    return row


def counted_in(book: Book, indicator: Indicator) -> str:
    """What a mean counts in, where its question names it: "mois", "ans"; "" elsewhere."""
    question = book.study.questionnaire.questions.get(indicator.question)
    return question.units[0] if indicator.kind == "mean" and question and question.units else ""


def labelled(book: Book, indicator: Indicator) -> str:
    """An indicator at the head of a row: its label, and what it counts in."""
    label, unit = book.texts.label(indicator.label), counted_in(book, indicator)
    return f"{label} ({unit})" if unit else label


def marked(book: Book, indicator: Indicator, pair: tuple[str, str]) -> str:
    """The same at the head of a comparison: with a sign where the plan that was locked foresaw it."""
    row = book.gaps.get((indicator.id, *pair))
    foreseen = row is not None and row.get("plan") == PLANNED
    return f"{labelled(book, indicator)}\u00a0{PLAN_SIGN}" if foreseen else labelled(book, indicator)


def sayable(book: Book, indicator: str, *groups: str) -> bool:
    """Whether a sentence may rest on these groups' figures: all printed, none on a small base."""
    rows = [estimate(book, indicator, group) for group in groups]
    return all(row is not None and row["n"] >= SMALL_BASE for row in rows)


def in_dimension(book: Book, dimension: str) -> list[Indicator]:
    """The indicators of a dimension that have a row at all, in the questionnaire's order."""
    present = {name for name, _ in book.estimates}
    return [each for each in book.indicators.values() if each.dimension == dimension and each.id in present]


def headline(book: Book, dimension: str, pair: tuple[str, str] = COMPARISONS[0]) -> Indicator | None:
    """The indicator a page opens with, chosen before its figures are looked at: the first of the study's `primary`
    family, else the first share, else the first of the questionnaire, that two groups can be compared on."""
    return first_of(book, [each for each in in_dimension(book, dimension) if gap_is_sayable(book, each, pair)])


def bands_headline(book: Book) -> Indicator | None:
    """The indicator that the duration page opens with, by the same rule."""
    compared = [each for each in book.indicators.values() if gap_is_sayable(book, each, book.bands)]
    return first_of(book, compared)


def spread_questions(book: Book) -> list[str]:
    """The closed questions whose every answer is drawn: the first two, in the order pages choose by, whose answers
    may all be shown for two groups."""
    frame = book.results.distributions
    table = book.results.comparability
    apart = set(table.loc[~table["compared"].astype(bool), "question"])  # side by side they would be compared
    shown = frame[(frame["status"] == "shown") & (frame["group"] != "mentored_unknown")]
    shown = shown[~shown["question"].isin(apart)]
    groups = shown.groupby("question")["group"].nunique()
    single = {question.id for question in book.study.questionnaire.question if question.kind == "single"}
    able = [each for each in book.indicators.values() if each.question in single and groups.get(each.question, 0) > 1]
    return list(dict.fromkeys(each.question for each in in_order(book, able)))[:SPREAD]


def in_order(book: Book, candidates: list[Indicator]) -> list[Indicator]:
    """Indicators as pages choose among them: the `primary` family as the study lists it, then shares, then others."""
    return sorted(candidates, key=lambda each: _place(book, each))


def first_of(book: Book, candidates: list[Indicator]) -> Indicator | None:
    """The first of some indicators in that order."""
    return next(iter(in_order(book, candidates)), None)


def _place(book: Book, indicator: Indicator) -> tuple[int, bool]:
    announced = book.study.analysis.primary
    return announced.index(indicator.id) if indicator.id in announced else len(announced), indicator.kind != "share"


def gap_is_sayable(book: Book, indicator: Indicator, pair: tuple[str, str]) -> bool:
    """Whether a comparison may be put into a sentence."""
    fits = not indicator.attribution and gap(book, indicator.id, pair) is not None
    return fits and sayable(book, indicator.id, *pair)


def _if_shown(row: Row | None) -> Row | None:
    return row if row is not None and row["status"] == "shown" else None
