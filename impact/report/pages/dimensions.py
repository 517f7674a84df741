"""A page a dimension: its first question in words, its levels as a figure, its comparisons as a table."""

from collections.abc import Iterable, Sequence

from impact.figures import group_name
from impact.model import COMPARISONS
from impact.report.book import (
    Book,
    Row,
    estimate,
    first_of,
    gap,
    gap_is_sayable,
    headline,
    in_dimension,
    labelled,
    marked,
    printed,
    sayable,
)  # fmt: skip
from impact.report.pages._blocks import (
    Block,
    Cell,
    Pictures,
    base_cell,
    column,
    field,
    gap_cells,
    legend,
    level_cells,
    note,
    picture,
    prose,
    read_as,
    section,
    short,
    table,
    titled,
)  # fmt: skip
from impact.report.sentences import (
    SIGNS,
    bracket,
    called,
    comparison,
    difference,
    finding,
    level,
    lost_by_correction,
    outcome,
    standings,
    unsigned,
)  # fmt: skip
from impact.report.solidity import detectable, reliable
from impact.study import Indicator
from impact.texts.typography import number, percent, plural, value

PAIR = COMPARISONS[0]
CLEAR = ("favourable", "unfavourable", "higher", "lower")
# The scores in the margin: the outcomes that each counts, its words and its tone. Each comparison counts in one.
ASIDE = (
    (("favourable",), "favourable", "up"), (("unfavourable",), "unfavourable", "down"),
    (("higher", "lower"), "neutral", "flat"), (("lost",), "lost", "flat"), (("equivalent",), "equivalent", "flat"),
    (("inconclusive",), "flat", "flat"),
)  # fmt: skip


def dimension(book: Book, name: str, pictures: Pictures) -> Block:
    """One dimension, whatever of it may be printed."""
    texts, indicators = book.texts, in_dimension(book, name)
    title = texts.label(book.study.questionnaire.dimension[name].label)
    first = headline(book, name)
    if not any(estimate(book, each.id, group) for each in indicators for group in book.study.groups):
        return section(name, title, nothing(book, name), [])
    blocks = [
        prose(_paragraphs(book, indicators, first), scores(book, indicators, PAIR)),
        _levels(book, name, indicators, pictures),
        _table(book, indicators, drawn=f"shares_{name}" in pictures),
    ]
    return section(name, title, opening(book, indicators, PAIR) or nothing(book, name), blocks)


def opening(book: Book, indicators: Sequence[Indicator], pair: tuple[str, str]) -> str:
    """The sentence a page opens with: a comparison, else one group's figure; "" where none may be put into words."""
    compared = first_of(book, [each for each in indicators if gap_is_sayable(book, each, pair)])
    if compared:
        return finding(book, compared, pair)
    single = _alone(book, indicators)
    return f"{level(book, *single)}." if single else ""


def nothing(book: Book, dimension: str) -> str:
    """Why a dimension says nothing in words."""
    inside = [row for row in book.estimates.values() if row["dimension"] == dimension]
    return book.texts(f"report.dimension_{_why(book, inside)}")


def no_result(book: Book) -> str:
    """Why the whole report says nothing in words."""
    return book.texts(f"report.results_{_why(book, book.estimates.values())}")


def _why(book: Book, rows: Iterable[Row]) -> str:
    """What keeps figures out of sentences: they are shown, on few answers; masked; of nobody's answers; or there is no
    figure at all."""
    found = {str(row["status"]) for row in rows if row["group"] in book.study.groups}
    if "shown" in found:
        return "small"
    if any(status.startswith("suppressed") for status in found):
        return "nothing"
    return "few" if found else "none"


def scores(book: Book, indicators: Iterable[Indicator], pair: tuple[str, str]) -> list[dict[str, str]]:
    """How many comparisons came to what, for the margin; a score of nothing is not printed."""
    counts, group = standings(book, indicators, pair), group_name(pair[0], book.study, book.texts)
    summed = [(sum(counts[key] for key in keys), words, tone) for keys, words, tone in ASIDE]
    return [
        {
            "count": number(count, book.texts),
            "text": book.texts(f"report.aside_{words}_{plural(count, book.texts)}", group=group),
            "tone": tone,
        }
        for count, words, tone in summed
        if count
    ]


def reading(book: Book, indicators: Sequence[Indicator], pair: tuple[str, str]) -> str:
    """How to read a table or figure, on the row that the page opens with."""
    compared = first_of(book, [each for each in indicators if gap_is_sayable(book, each, pair)])
    if compared:
        label, said = called(book, compared), difference(book, compared, pair)
        first, second = (base_cell(book, compared.id, group) for group in pair)
        read = book.texts("sentence.reading_gap", label=label, difference=said)
        bases = book.texts("sentence.reading_bases", first=first, second=second)
        return " ".join((read, bases, book.texts("report.rounding"), book.texts("report.unadjusted")))
    single = _alone(book, indicators)
    return reading_level(book, *single) if single else ""


def reading_level(book: Book, indicator: Indicator, group: str) -> str:
    """How to read one group's figure and its interval."""
    row = printed(estimate(book, indicator.id, group))
    confidence = percent(row["level"], book.texts)
    return book.texts(
        "sentence.reading_level",
        level=level(book, indicator, group),
        confidence=confidence,
        interval=bracket(book, row),
    )


def _alone(book: Book, indicators: Sequence[Indicator]) -> tuple[Indicator, str] | None:
    for group in book.study.groups:
        first = first_of(book, [each for each in indicators if sayable(book, each.id, group)])
        if first:
            return first, group
    return None


def _paragraphs(book: Book, indicators: Sequence[Indicator], first: Indicator | None) -> list[str]:
    said = [comparison(book, first, PAIR)] if first else []
    others = [each for each in indicators if each is not first and gap_is_sayable(book, each, PAIR)]
    clear = [_other(book, each) for each in others if outcome(each, printed(gap(book, each.id, PAIR))) in CLEAR]
    if clear:
        key = f"sentence.others_{plural(len(clear), book.texts)}"
        said.append(book.texts(key, items=book.texts("sentence.between").join(clear)))
    return [*said, *_credited(book, indicators)]


def _other(book: Book, indicator: Indicator) -> str:
    row = printed(gap(book, indicator.id, PAIR))
    first, second = (printed(estimate(book, indicator.id, group)) for group in PAIR)
    return book.texts(
        "sentence.other",
        label=called(book, indicator),
        first=value(first["estimate"], first["unit"], book.texts),
        second=value(second["estimate"], second["unit"], book.texts),
        sign=SIGNS[row["verdict"]],
        gap=unsigned(book, row),
        verdict=book.texts(f"table.outcome_{outcome(indicator, row)}"),
        lost=book.texts("sentence.other_lost") if lost_by_correction(row) else "",
    )


def _credited(book: Book, indicators: Iterable[Indicator]) -> list[str]:
    """What respondents say of the mentor: reported as said, compared with nothing."""
    said = [
        level(book, each, group)
        for each in indicators
        for group in book.study.groups
        if each.attribution and sayable(book, each.id, group)
    ]
    return [f"{'. '.join(said)}. {book.texts('sentence.attribution')}"] if said else []


def _levels(book: Book, name: str, indicators: Sequence[Indicator], pictures: Pictures) -> Block | None:
    """The picture of shares; its population and source stand under the table below it, where there is one."""
    texts = book.texts
    title = texts("report.dimension_levels" if book.compared else "report.dimension_levels_alone")
    subtitle = texts("report.dimension_levels_subtitle", level=percent(book.study.analysis.level, texts))
    shares = [each for each in indicators if each.kind == "share"]
    single = _alone(book, shares)
    said = reading_level(book, *single) if single else ""
    followed = _table(book, indicators, drawn=True) is not None
    return titled(
        picture(pictures, f"shares_{name}"),
        title,
        subtitle,
        read_as(book, said) if followed else note(book, said, field(book, _asked(book, shares), shares)),
    )


def _table(book: Book, indicators: Sequence[Indicator], drawn: bool) -> Block | None:
    """What is compared, all of it; where nothing is, the figures that the picture of shares does not hold."""
    texts = book.texts
    compared = [each for each in indicators if (each.id, *PAIR) in book.gaps]
    indicators = compared or [each for each in indicators if not drawn or each.kind != "share"]
    if not indicators:
        return None
    block = comparison_table(book, indicators, PAIR) if compared else _plain_table(book, indicators)
    key = "dimension_table" if compared else "dimension_table_alone"
    return titled(block, texts(f"report.{key}"), texts(f"report.{key}_subtitle"),
                  note(book, reading(book, indicators, PAIR),
                       field(book, PAIR if compared else _asked(book, indicators), indicators)))  # fmt: skip


def comparison_table(book: Book, indicators: Sequence[Indicator], pair: tuple[str, str]) -> Block:
    """The figures of two groups, then their difference: its interval, its p, its verdict in a word."""
    texts = book.texts
    rows: list[list[Cell]] = [
        [
            marked(book, each, pair),
            *(level_cells(book, each.id, group)[0] for group in pair),
            *gap_cells(book, each, pair),
        ]
        for each in indicators
    ]
    levels = [column(short(book, group), 20, bold=group == pair[0]) for group in pair]
    columns = [
        column(texts("table.indicator"), align="left"), *levels, column(texts("table.gap"), 18, bold=True),
        column(texts("table.interval"), 22, tone="muted"), column(texts("table.p_adjusted"), 16, tone="muted"),
        column(texts("table.verdict"), 21, tone="muted"),
    ]  # fmt: skip
    said = (detectable(book, indicators, pair), reliable(book, indicators) if pair == PAIR else "", legend(book, rows))
    return {**table(columns, rows), "size": 8, "padding": 0.9, "legend": " ".join(filter(None, said))}


def _plain_table(book: Book, indicators: Sequence[Indicator]) -> Block:
    texts = book.texts
    groups = _asked(book, indicators)
    rows: list[list[Cell]] = [
        [labelled(book, each),
         *(cell for group in groups for cell in (base_cell(book, each.id, group), *level_cells(book, each.id, group)))]
        for each in indicators
    ]  # fmt: skip
    result, limits = (22, 36) if len(groups) == 1 else (14, 22)  # a group alone leaves room for large numbers
    each_group = [column(texts("table.n"), 12, tone="muted"), column(texts("table.result"), result, bold=True),
                  column(texts("table.interval"), limits, tone="muted")]  # fmt: skip
    columns = [column(texts("table.indicator"), align="left"), *(each_group * len(groups))]
    spans = [("", 1), *((short(book, group), 3) for group in groups)]
    return {
        **table(columns, rows, spans),
        "legend": " ".join(filter(None, (reliable(book, indicators), legend(book, rows)))),
    }


def _asked(book: Book, indicators: Sequence[Indicator]) -> list[str]:
    return [group for group in book.study.groups if any((each.id, group) in book.estimates for each in indicators)]
