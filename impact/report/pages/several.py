"""Several adjustments of one comparison: whether the others agree with the one that is told, and what each finds."""

from collections.abc import Iterable, Mapping
from typing import Final

from impact.report.adjusting import adjusted_is_sayable, ways
from impact.report.book import Book, adjusted_gap, labelled, printed
from impact.report.pages._blocks import NONE, Block, Cell, capital, column, field, legend, masked, note, table, titled
from impact.report.sentences import OUTCOMES, SIGNS, bracket, outcome
from impact.study import Indicator
from impact.texts.typography import bare, percent, quoted

CLEAR: Final = ("higher", "lower")


def agreement(book: Book, first: Indicator | None, pair: tuple[str, str]) -> str:
    """Whether the other adjustments come to the verdict of the one that is told, for the page's first question and the
    primary ones; "" where one adjustment alone is made."""
    said = {each.id: _verdicts(book, each, pair) for each in _asked(book, first, pair)}
    made = len(ways(book, pair))
    alike: dict[str, list[str]] = {"clear": [], "other": []}
    apart: list[str] = []
    for name, found in said.items():
        if len(set(found.values())) > 1:
            apart.append(_apart(book, name, found, made))
        elif len(found) > 1:
            alike["clear" if set(found.values()) <= set(CLEAR) else "other"].append(name)
    together = [
        book.texts(f"adjusted.agree_{word}", labels=_labels(book, names), others=_others(book, names, said, made))
        for word, names in alike.items()
        if names
    ]
    return " ".join((*together, *apart))


def _others(book: Book, names: Iterable[str], said: Mapping[str, Mapping[str, str]], made: int) -> str:
    """The adjustments beside the first, said to be those shown where one of them may not be told."""
    whole = all(len(said[name]) == made for name in names)
    return book.texts("adjusted.others" if whole else "adjusted.others_shown")


def _asked(book: Book, first: Indicator | None, pair: tuple[str, str]) -> list[Indicator]:
    """The page's first question and the primary ones that may be told; none where one adjustment alone is made."""
    made = ways(book, pair)
    if first is None or len(made) < 2:
        return []
    names = dict.fromkeys((first.id, *book.study.analysis.primary))
    asked = [book.indicators[name] for name in names if name in book.indicators]
    return [each for each in asked if adjusted_is_sayable(book, each, pair, made[0])]


def _verdicts(book: Book, indicator: Indicator, pair: tuple[str, str]) -> dict[str, str]:
    """What each adjustment that may be told comes to, the first one first; each comparison taken by itself."""
    told = [each for each in ways(book, pair) if adjusted_is_sayable(book, indicator, pair, each)]
    return {each: str(printed(adjusted_gap(book, indicator.id, pair, each))["verdict"]) for each in told}


def _apart(book: Book, name: str, found: Mapping[str, str], made: int) -> str:
    """Which adjustments come to something else than the first, verdict by verdict."""
    before, *others = found.values()
    said, label = [], _labels(book, [name])
    for verdict in dict.fromkeys(each for each in others if each != before):
        those = [way for way, each in found.items() if each == verdict]
        named = book.texts("adjusted.others") if len(those) == made - 1 else _named(book, those)
        said.append(book.texts(f"adjusted.apart_{_becoming(before, verdict)}", label=label, ways=named))
    return " ".join(said)


def _becoming(before: str, verdict: str) -> str:
    if verdict in CLEAR:
        return "turned" if before in CLEAR else "found"
    return "lost" if verdict == "inconclusive" and before in CLEAR else verdict


def _labels(book: Book, names: Iterable[str]) -> str:
    return ", ".join(quoted(book.texts.label(book.indicators[name].label), book.texts) for name in names)


def _named(book: Book, made: Iterable[str]) -> str:
    return ", ".join(book.texts(f"table.adjustment_{each}") for each in made)


def ways_table(book: Book, first: Indicator | None, pair: tuple[str, str]) -> Block | None:
    """What the adjustments that no figure draws find of the same questions; nothing where there are none."""
    asked, others, texts = _asked(book, first, pair), ways(book, pair)[1:], book.texts
    if not asked:
        return None
    rows: list[list[Cell]] = [
        [labelled(book, each), *(_cell(book, each, pair, way) for way in others)] for each in asked
    ]
    columns = [column(texts("table.indicator"), align="left"),
               *(column(capital(texts(f"table.adjustment_{way}")), 30) for way in others)]  # fmt: skip
    block = {**table(columns, rows), "size": 8, "padding": 0.9, "legend": legend(book, rows)}
    subtitle = texts("adjusted.ways_subtitle", level=percent(book.study.analysis.level, texts))
    return titled(block, texts("adjusted.ways"), subtitle,
                  note(book, texts("adjusted.ways_reading"), field(book, pair, asked)))  # fmt: skip


def _cell(book: Book, indicator: Indicator, pair: tuple[str, str], way: str) -> Cell:
    row = book.adjusted.get((indicator.id, *pair, way))
    if row is None or row["status"] != "shown":
        return masked(row) if row else NONE
    written = bare(row["estimate"], row["unit"], book.texts, "difference")
    tone = OUTCOMES[outcome(indicator, row)]
    text = f"{SIGNS[row['verdict']]}\u00a0{written} {bracket(book, row)}"
    return {"text": text, "tone": tone if tone != "flat" else "muted"}
