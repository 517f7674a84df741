"""What a table can bear, in a sentence under it: the gap it could have seen, and whether an index holds together."""

from collections.abc import Iterable, Sequence
from typing import Final

from impact.figures import group_name
from impact.report.adjusting import PLAIN
from impact.report.book import SMALL_BASE, Book, Row, gap, records, sensitivity
from impact.study import Indicator
from impact.texts.typography import interval, number, percent, value

LOOSE: Final = 0.7  # an alpha under it is called weak (Nunnally 1978)
KINDS: Final = ("share", "mean", "index")  # in the order they are told


def detectable(book: Book, indicators: Iterable[Indicator], pair: tuple[str, str]) -> str:
    """The smallest gaps that the printed comparisons of two groups could see, by unit; "" where none is known."""
    said = _detectable(book, indicators, pair)
    power = percent(book.study.analysis.power, book.texts)
    return book.texts("report.detectable", power=power, gaps=said) if said else ""


def detectable_of(book: Book, indicators: Iterable[Indicator], pairs: Iterable[tuple[str, str]]) -> str:
    """The same for several comparisons in one table, each after the name of its first group."""
    indicators = list(indicators)
    said = {pair[0]: _detectable(book, indicators, pair) for pair in pairs}
    named = [book.texts("report.detectable_group", group=group_name(group, book.study, book.texts), gaps=gaps)
             for group, gaps in said.items() if gaps]  # fmt: skip
    power = percent(book.study.analysis.power, book.texts)
    return (
        book.texts("report.detectable", power=power, gaps=book.texts("sentence.between").join(named)) if named else ""
    )


def _detectable(book: Book, indicators: Iterable[Indicator], pair: tuple[str, str]) -> str:
    found: dict[str, list[Row]] = {kind: [] for kind in KINDS}
    for each in indicators:
        row = sensitivity(book, each.id, pair, PLAIN, "detectable")
        if row is not None and gap(book, each.id, pair) is not None:
            found[each.kind].append(row)
    return ", ".join(_span(book, kind, rows) for kind, rows in found.items() if rows)


def _span(book: Book, kind: str, rows: Sequence[Row]) -> str:
    """From the smallest to the largest gap of a kind, once where they are written alike."""
    ends = [min(rows, key=lambda row: row["estimate"]), max(rows, key=lambda row: row["estimate"])]
    low, high = (value(row["estimate"], row["unit"], book.texts, "difference").removeprefix("+") for row in ends)
    key = "one" if low == high else "several"
    bare_low = low.split("\u00a0")[0] if kind == "share" else low
    return book.texts(f"report.detectable_{kind}_{key}", low=bare_low, high=high)


def reliable(book: Book, indicators: Iterable[Indicator]) -> str:
    """How far the questions of each index go together, group by group; "" without an index that says it."""
    indices = [each for each in indicators if each.kind == "index"]
    return " ".join(filter(None, (_reliable(book, each) for each in indices)))


def _reliable(book: Book, index: Indicator) -> str:
    rows = [row for row in records(book.results.reliability) if row["indicator"] == index.id]
    told = [row for row in rows if row["status"] == "shown" and row["n"] >= SMALL_BASE]
    shown = {(row["group"], row["measure"]): row for row in told}
    groups = [group for group in book.study.groups if (group, "alpha") in shown]
    if not groups:
        return ""
    between = book.texts("sentence.between")
    said = [
        book.texts(f"report.reliable_{measure}", groups=between.join(_coefficients(book, rows)))
        for measure in ("alpha", "omega")
        if (rows := [shown[group, measure] for group in groups if (group, measure) in shown])
    ]
    loose = any(shown[group, "alpha"]["estimate"] < LOOSE for group in groups)
    text = book.texts("report.reliable", label=book.texts.label(index.label), said=between.join(said))
    return f"{text} {book.texts('report.reliable_loose')}" if loose else text


def _coefficients(book: Book, rows: Iterable[Row]) -> list[str]:
    """A coefficient and its interval in each group."""
    return [
        book.texts(
            "report.reliable_group",
            group=group_name(str(row["group"]), book.study, book.texts),
            value=number(row["estimate"], book.texts, 2),
            interval=interval(row["low"], row["high"], "index", book.texts),
        )
        for row in rows
    ]
