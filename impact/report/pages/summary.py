"""Contents, how to read, and the essentials: one sentence a dimension."""

from collections import Counter
from collections.abc import Sequence

from impact.figures import group_name
from impact.model import COMPARISONS
from impact.report.adjusting import adjusted_is_sayable, afterwards, standing, way
from impact.report.book import Book, Row, estimate, first_of, gap, headline, in_dimension, masked_rows, printed, sayable
from impact.report.pages._blocks import Block, Pictures, field, note, picture, section, titled
from impact.report.pages.dimensions import no_result, nothing, reading
from impact.report.sentences import (
    OUTCOMES,
    SIGNS,
    against,
    bracket,
    by_chance,
    comparison,
    counted_twice,
    level,
    name,
    named,
    outcome,
    primaries,
    standings,
    survivors,
    threshold,
    verdict,
)
from impact.study import Indicator
from impact.texts.typography import number, percent, plural, quoted, value

PAIR = COMPARISONS[0]


def how_to_read(book: Book) -> Block:
    """The panel under the contents: base, interval, gap, signs."""
    texts, confidence = book.texts, percent(book.study.analysis.level, book.texts)
    compared = ["how_gap", "how_headline"] if book.compared or book.banded else []
    first = [
        texts("report.how_base", level=confidence),
        *(texts(f"report.{key}", primary=primaries(book)) for key in compared),
    ]
    signs = [texts("report.how_signs", threshold=threshold(book))] if compared else []
    masked = [texts("report.legend_masked")] if masked_rows(book) else []
    second = [*signs, *masked, texts("report.legend_small")]
    columns = [{"title": "", "paragraphs": first}, {"title": "", "paragraphs": second}]
    return {"kind": "panel", "title": texts("report.how_title"), "columns": columns}


def essentials(book: Book) -> Block:
    """One figure, one interval and one comparison a dimension, by a rule fixed before the figures were seen."""
    texts, indicators = book.texts, book.indicators.values()
    counts = standings(book, indicators, PAIR)
    cards = [_card(book, dimension) for dimension in book.study.questionnaire.dimension]
    if not any(card["figures"] for card in cards):
        return section("essentials", texts("report.essentials"), no_result(book), [])
    cautions = [texts("report.essentials_caution") if book.compared else "", counted_twice(book, indicators, PAIR),
                by_chance(book) if counts else ""]  # fmt: skip
    caution = " ".join(filter(None, cautions))
    blocks = [
        {"kind": "cards", "items": cards},
        {"kind": "caution", "text": caution} if caution else None,
        _band(book, counts) if counts else None,
    ]
    return section("essentials", texts("report.essentials"), _tallied(book, counts), blocks)


def _tallied(book: Book, counts: Counter[str]) -> str:
    """What the comparisons of the mentored with the others came to, in one sentence."""
    if not counts:
        return book.texts("report.essentials_alone")
    kept = survivors(book, book.indicators.values(), PAIR)
    said = [("made", counts.total()), ("kept", len(kept)), ("lost" if kept else "lost_only", counts["lost"]),
            ("equivalent", counts["equivalent"]), ("flat", counts["inconclusive"])]  # fmt: skip
    names = named(book, kept, PAIR)
    parts = {key: _counted(book, key, count, names) for key, count in said if count or key == "kept"}
    parts["kept"] = f"{parts['kept']} {_after(book, kept)}".strip()
    return " ".join(parts.values())


def _after(book: Book, kept: Sequence[Indicator]) -> str:
    """Which of the differences that stay clear do so once adjusted; "" where no adjusted one may be told."""
    texts, adjustment = book.texts, way(book, PAIR)
    told = [each for each in kept if adjustment and adjusted_is_sayable(book, each, PAIR, adjustment)]
    if not told:
        return ""
    held = [each for each in told if standing(book, each, PAIR, adjustment) == "kept"]
    count = number(len(held), texts)
    if len(told) < len(kept):
        return texts("report.tally_after_part", count=count, told=number(len(told), texts))
    form = plural(len(held), texts) if held else "none"
    names = ", ".join(quoted(texts.label(each.label), texts) for each in held)
    return texts(f"report.tally_after_{form}", count=count, names=names)


def _counted(book: Book, key: str, count: int, names: str) -> str:
    """One part of the tally, in the number its count asks for."""
    form = plural(count, book.texts) if count else "none"
    written = number(count, book.texts)
    return book.texts(f"report.tally_{key}_{form}", count=written, names=names, threshold=threshold(book))


def overview(book: Book, pictures: Pictures) -> Block | None:
    """Every comparison on one axis."""
    texts = book.texts
    drawn = picture(pictures, "forest")
    if drawn is None:
        return None
    confidence = percent(book.study.analysis.level, texts)
    first, second = (name(book, group) for group in PAIR)
    compared = [each for each in book.indicators.values() if gap(book, each.id, PAIR)]
    figure = titled(drawn, texts("report.overview_title", first=first, second=second),
                    texts("report.overview_subtitle", level=confidence),
                    note(book, reading(book, compared, PAIR), field(book, PAIR, compared)))  # fmt: skip
    return section("overview", texts("report.overview"), texts("report.overview_message"), [figure])


def _band(book: Book, counts: Counter[str]) -> Block:
    """Who answered, what was compared, what came out: the numbers after the second add up to it."""
    rest = {"lost": counts["lost"], "equivalent": counts["equivalent"], "flat": counts["inconclusive"]}
    shown = {
        "kept": sum(book.results.sizes.get(group, 0) for group in book.study.groups),
        "made": counts.total(),
        "held": counts.total() - sum(rest.values()),
        **{key: count for key, count in rest.items() if count},
    }
    items = [
        {"number": number(count, book.texts), "text": book.texts(f"report.band_{key}_{plural(count, book.texts)}")}
        for key, count in shown.items()
    ]
    return {"kind": "band", "items": items}


def _card(book: Book, dimension: str) -> Block:
    label = book.texts.label(book.study.questionnaire.dimension[dimension].label)
    empty = {
        "dimension": label,
        "figures": [],
        "marks": [],
        "ends": [],
        "comparison": "",
        "verdict": {"sign": "", "text": "", "tone": "flat"},
    }
    compared = headline(book, dimension)
    if compared:
        return {**empty, **_compared_card(book, compared)}
    candidates = in_dimension(book, dimension)
    for group in book.study.groups:
        alone = first_of(book, [each for each in candidates if sayable(book, each.id, group)])
        if alone:
            return {**empty, **_single_card(book, alone, group)}
    return {**empty, "sentence": nothing(book, dimension)}


def _compared_card(book: Book, indicator: Indicator) -> Block:
    rows = [printed(estimate(book, indicator.id, group)) for group in PAIR]
    difference = printed(gap(book, indicator.id, PAIR))
    sign, tone = SIGNS[difference["verdict"]], OUTCOMES[outcome(indicator, difference)]
    group = group_name(PAIR[0], book.study, book.texts)
    first, second = (bracket(book, row) for row in rows)
    confidence = percent(book.study.analysis.level, book.texts)
    intervals = book.texts("report.essentials_intervals", level=confidence, first=first, second=second)
    return {
        "figures": [_big(book, indicator, group) for group in PAIR],
        **_strip(book, rows),
        "sentence": f"{against(book, indicator, PAIR)}.",
        "comparison": " ".join(
            filter(None, (comparison(book, indicator, PAIR), afterwards(book, indicator, PAIR), intervals))
        ),
        "verdict": {
            "sign": sign,
            "text": verdict(book, "sentence.outcome", indicator, difference, group=group),
            "tone": tone,
        },
    }


def _single_card(book: Book, indicator: Indicator, group: str) -> Block:
    row = printed(estimate(book, indicator.id, group))
    confidence = percent(book.study.analysis.level, book.texts)
    return {
        "figures": [_big(book, indicator, group)],
        **_strip(book, [row]),
        "sentence": f"{level(book, indicator, group)}.",
        "comparison": book.texts("report.essentials_interval", level=confidence, first=bracket(book, row)),
    }


def _big(book: Book, indicator: Indicator, group: str) -> dict[str, str]:
    row = printed(estimate(book, indicator.id, group))
    return {"number": value(row["estimate"], row["unit"], book.texts), "who": name(book, group)}


def _strip(book: Book, rows: Sequence[Row]) -> Block:
    """The intervals of shares on a line from nobody to everybody; other units have no such ends."""
    shares = [row for row in rows if row["unit"] == "share"]
    marks = [
        {"low": row["low"], "high": row["high"], "at": row["estimate"], "tone": "second" if place else "first"}
        for place, row in enumerate(shares)
    ]
    return {"marks": marks, "ends": [percent(end, book.texts) for end in (0, 1)] if marks else []}
