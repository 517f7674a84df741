"""What the figures allow to be said, never more: a sentence takes its words from a verdict, its numbers from a row.

A sentence exists only for printed rows on a base of thirty or more. Differences come from the tables, where they were
computed before any rounding.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from impact.analyse.planned import announced
from impact.report.book import Book, Row, counted_in, estimate, gap, gap_is_sayable, printed
from impact.study import Indicator
from impact.texts.typography import NO_BREAK, bare, interval, number, plural, quoted, value

WIDE: Final = 0.30  # an interval of shares wider than this says too little to conclude either way

# The signs of a verdict, as in the figures.
SIGNS: Final = {"higher": "▲", "lower": "▼", "equivalent": "≈", "inconclusive": "○"}

# What a comparison comes to for the reader, and the tone it is printed in.
OUTCOMES: Final = {
    "favourable": "up",
    "unfavourable": "down",
    "higher": "flat",
    "lower": "flat",
    "equivalent": "flat",
    "inconclusive": "flat",
}


def outcome(indicator: Indicator, row: Row) -> str:
    """A key of OUTCOMES: the verdict of a difference, seen from what would be better for the respondent."""
    verdict = str(row["verdict"])
    if verdict not in ("higher", "lower") or indicator.better == "neutral":
        return verdict
    return "favourable" if verdict == indicator.better else "unfavourable"


def name(book: Book, group: str) -> str:
    """A group as sentences name it: "jeunes mentorés depuis 6 mois et plus"."""
    unit = book.texts.label(book.study.about.unit)
    return book.texts(f"sentence.name_{group}{_agreement(book)}", unit=unit, band=band(book, group))


def name_of(book: Book, group: str, count: int) -> str:
    """A group of respondents beside their number: "jeunes mentorés", "jeune mentoré" for one."""
    if plural(count, book.texts) == "one":
        return book.texts(f"sentence.one_{group}{_agreement(book)}")
    return name(book, group)


def _agreement(book: Book) -> str:
    """Which words fit the study's unit: those that agree with the usual one, else those that agree with any."""
    return "" if book.texts.label(book.study.about.unit) == book.texts("sentence.unit") else "_of"


def band(book: Book, group: str) -> str:
    """A duration band in words, with its threshold on the side the study puts it: "6 mois et plus"; "" for no band."""
    duration, (side, _, unknown) = book.study.duration, group.removeprefix("mentored_").partition("_")
    if duration is None or side not in ("over", "under"):
        return ""
    whole = float(duration.threshold_months).is_integer()
    months = number(duration.threshold_months, book.texts, 0 if whole else 1)
    said = book.texts(f"sentence.band_{side}{'_with' if side == duration.at_threshold else ''}", months=months)
    return book.texts("sentence.band_or_unknown", band=said) if unknown else said


def level(book: Book, indicator: Indicator, group: str) -> str:
    """One group's figure, without a stop: "6 % des jeunes mentorés disent …"."""
    return book.texts(
        f"sentence.level_{_form(book, indicator)}",
        value=_figure(book, indicator, group),
        group=name(book, group),
        says=book.texts.label(indicator.says),
        label=book.texts.label(indicator.label),
        **_asked(book, indicator),
    )


def called(book: Book, indicator: Indicator) -> str:
    """An indicator's label inside a sentence: in quotation marks where it is a question."""
    label = book.texts.label(indicator.label)
    return quoted(label, book.texts) if _is_question(label) else label


def _asked(book: Book, indicator: Indicator) -> dict[str, str]:
    """The question of an indicator and the answers that it counts, as they were asked and offered."""
    question = book.study.questionnaire.questions.get(indicator.question)
    if question is None:
        return {"question": "", "answers": ""}
    labels = {choice.code: book.texts.label(choice.label) for choice in question.choices}
    counted = [quoted(labels.get(code) or book.texts("table.choice_other"), book.texts) for code in indicator.counts]
    asked = quoted(book.texts.label(question.text), book.texts)
    return {"question": asked, "answers": book.texts("sentence.or").join(counted)}


def _is_question(label: str) -> bool:
    return label.rstrip().endswith("?")


def against(book: Book, indicator: Indicator, pair: tuple[str, str]) -> str:
    """Two groups' figures, without a stop: "6 % des jeunes mentorés disent …, contre 19 % des jeunes non mentorés"."""
    return book.texts(
        f"sentence.against_{_form(book, indicator)}",
        level=level(book, indicator, pair[0]),
        other=_figure(book, indicator, pair[1]),
        group=name(book, pair[1]),
    )


def finding(book: Book, indicator: Indicator, pair: tuple[str, str]) -> str:
    """The two figures and, in a few words, what their comparison comes to: one whole sentence."""
    row = printed(gap(book, indicator.id, pair))
    result = outcome(indicator, row)
    clear = "lost" if lost_by_correction(row) else "clear"
    key = result if result in ("inconclusive", "equivalent") else clear
    return book.texts(f"sentence.finding_{key}", against=against(book, indicator, pair), gap=unsigned(book, row))


def comparison(book: Book, indicator: Indicator, pair: tuple[str, str]) -> str:
    """The difference, its interval and how far it may be read, in whole sentences."""
    row, texts = printed(gap(book, indicator.id, pair)), book.texts
    result, said = outcome(indicator, row), [difference(book, indicator, pair)]
    if result == "inconclusive" and row["unit"] == "share" and row["high"] - row["low"] > WIDE:
        said.append(texts("sentence.too_wide"))
    if lost_by_correction(row):
        said.append(texts("sentence.not_after_correction"))
    return " ".join(said)


def difference(book: Book, indicator: Indicator, pair: tuple[str, str]) -> str:
    """The difference and its interval alone."""
    row = printed(gap(book, indicator.id, pair))
    result = outcome(indicator, row)
    return book.texts(f"sentence.gap_{result}", group=name(book, pair[0]), **limits_said(book, row, result))


def tally(book: Book, indicators: Iterable[Indicator], pair: tuple[str, str]) -> Counter[str]:
    """How many comparisons of two groups came to each outcome; those on a small base are not counted."""
    comparable = [each for each in indicators if gap_is_sayable(book, each, pair)]
    return Counter(outcome(each, printed(gap(book, each.id, pair))) for each in comparable)


def standings(book: Book, indicators: Iterable[Indicator], pair: tuple[str, str]) -> Counter[str]:
    """The same, with the clear differences that the correction takes away counted apart, as "lost"."""
    comparable = [each for each in indicators if gap_is_sayable(book, each, pair)]
    rows = [(each, printed(gap(book, each.id, pair))) for each in comparable]
    return Counter("lost" if lost_by_correction(row) else outcome(each, row) for each, row in rows)


def survivors(book: Book, indicators: Iterable[Indicator], pair: tuple[str, str]) -> list[Indicator]:
    """The indicators whose clear difference remains one once the number of comparisons is allowed for."""
    comparable = [each for each in indicators if gap_is_sayable(book, each, pair)]
    rows = {each.id: printed(gap(book, each.id, pair)) for each in comparable}
    return [each for each in comparable if is_clear(rows[each.id]) and not lost_by_correction(rows[each.id])]


def is_clear(row: Row) -> bool:
    """Whether the interval of a difference leaves zero out, and no threshold makes it too small to matter."""
    return row["verdict"] in ("higher", "lower")


def named(book: Book, indicators: Iterable[Indicator], pair: tuple[str, str]) -> str:
    """Indicators by their labels, each with the side it comes out on: "Absences (favorable), …"."""
    results = {each.id: outcome(each, printed(gap(book, each.id, pair))) for each in indicators}
    verdicts = {key: book.texts(f"table.outcome_{result}") for key, result in results.items()}
    labels = {key: book.texts.label(book.indicators[key].label) for key in results}
    return ", ".join(book.texts("sentence.named", label=labels[key], verdict=verdicts[key]) for key in results)


def by_chance(book: Book) -> str:
    """How many comparisons the whole report makes, and how many would stand out were nothing different; "" without."""
    shown = [row for row in book.gaps.values() if row["status"] == "shown"]
    banded = any(str(row["group"]).startswith("mentored_") for row in shown)
    if len(shown) < 2:
        return ""
    expected = len(shown) * (1 - book.study.analysis.level)
    decimals = 0 if expected >= 2 else 1
    made = number(len(shown), book.texts)
    key = "by_chance_durations" if banded else "by_chance"
    return book.texts(f"sentence.{key}", made=made, expected=number(expected, book.texts, decimals))


def primaries(book: Book) -> str:
    """What the primary questions are called: announced in advance only where a lock proves it."""
    return book.texts(f"report.primary_{'announced' if announced(book.study, 'primary') else 'named'}")


def threshold(book: Book) -> str:
    """What the smallest useful gap is called, by the same rule."""
    return book.texts(f"report.threshold_{'announced' if announced(book.study, 'smallest_useful_gap') else 'named'}")


def lost_by_correction(row: Row) -> bool:
    """Whether a clear difference no longer is one once the number of comparisons is allowed for.

    One whose corrected p is not known was not shown to outlast the correction.
    """
    return is_clear(row) and not row["p_adjusted"] < 1 - row["level"]


def verdict(book: Book, key: str, indicator: Indicator, row: Row, **values: str) -> str:
    """An outcome in words, by the texts that `key` begins; said to be of one comparison alone where it is no more.

    A table's cell has room for brackets only, which the panel "how to read" explains.
    """
    said = book.texts(f"{key}_{outcome(indicator, row)}", **values)
    return book.texts(f"{key.partition('.')[0]}.taken_alone", outcome=said) if lost_by_correction(row) else said


def counted_twice(book: Book, indicators: Iterable[Indicator], pair: tuple[str, str]) -> str:
    """How many questions are compared both by a share and by a mean; "" for none."""
    compared = [each for each in indicators if gap_is_sayable(book, each, pair)]
    shares, means = ({each.question for each in compared if each.kind == kind} for kind in ("share", "mean"))
    count = len(shares & means)
    written = number(count, book.texts)
    return book.texts(f"sentence.twice_{plural(count, book.texts)}", count=written) if count else ""


def bracket(book: Book, row: Row) -> str:
    """The interval of a row in brackets: "[3 ; 11]"."""
    return interval(row["low"], row["high"], row["unit"], book.texts, row.get("measure", ""))


def _form(book: Book, indicator: Indicator) -> str:
    """Which pattern of sentence fits: a share with its own verb; the question and its answers; a label and a number."""
    if indicator.kind == "share":
        return "share" if book.texts.label(indicator.says) else "answer"
    asked = indicator.kind == "mean" and _is_question(book.texts.label(indicator.label))
    return "mean" if asked else "label"


def _figure(book: Book, indicator: Indicator, group: str) -> str:
    row = printed(estimate(book, indicator.id, group))
    return _counted(book, row, value(row["estimate"], row["unit"], book.texts))


def _counted(book: Book, row: Row, written: str) -> str:
    """A number and what it counts in, where its question names it."""
    unit = counted_in(book, book.indicators[row["indicator"]])
    return f"{written}{NO_BREAK}{unit}" if unit else written


def limits_said(book: Book, row: Row, result: str) -> dict[str, str]:
    """The numbers of a difference: with their signs where they say which way, as sizes where the words say it."""
    if result == "inconclusive":
        return {
            "gap": "",
            "low": bare(row["low"], row["unit"], book.texts, "difference"),
            "high": _counted(book, row, value(row["high"], row["unit"], book.texts, "difference")),
        }
    if result == "equivalent":
        useful = value(book.study.analysis.smallest_useful_gap or 0.0, row["unit"], book.texts, "difference")
        return {"gap": useful.removeprefix("+"), "low": "", "high": "", "threshold": threshold(book)}
    low, high = sorted((abs(row["low"]), abs(row["high"])))
    return {"gap": unsigned(book, row), "low": _limit(book, low, row), "high": _limit(book, high, row)}


def unsigned(book: Book, row: Row) -> str:
    """The size of a difference, for words that say which way it goes: "13 points"."""
    written = value(abs(row["estimate"]), row["unit"], book.texts, "difference").removeprefix("+")
    return _counted(book, row, written)


def _limit(book: Book, size: float, row: Row) -> str:
    """A limit as a size; one that is not zero is never written 0, which would deny the verdict."""
    written = bare(size, row["unit"], book.texts, "difference").removeprefix("+")
    share = row["unit"] == "share"
    vanished = size > 0 and not any(digit in written for digit in "123456789∞")
    return number(size * 100 if share else size, book.texts, 1 if share else 3) if vanished else written
