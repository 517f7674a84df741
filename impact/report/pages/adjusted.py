"""The comparisons once the groups are made alike in what was asked of them: what holds, what does not, on what."""

from impact.report.adjusting import (
    SAME,
    STANDINGS,
    became,
    by_standing,
    covariates,
    e_value,
    pair_of,
    refusal,
    way,
    ways,
)  # fmt: skip
from impact.report.book import Book, first_of, gap, printed, records
from impact.report.pages._blocks import Block, Pictures, field, note, picture, prose, section, titled
from impact.report.pages.balance import balance_table, bounds_table, footing_table
from impact.report.pages.several import agreement, ways_table
from impact.report.sentences import is_clear, name, primaries, survivors
from impact.study import Indicator
from impact.texts.typography import number, percent, plural, quoted

CLEAR = ("kept", "weaker", "alone", "new", "newly", "turned")  # what a sentence on unmeasured factors is told of
TOLD = ("kept", "new", "turned", "weaker", "alone", "newly", "gone")  # what is told by name


def adjusted(book: Book, pictures: Pictures) -> Block | None:
    """Crude differences beside adjusted ones; nothing where no adjustment was asked for."""
    pair = pair_of(book)
    if pair is None:
        return None
    texts, adjustment = book.texts, way(book, pair)
    told = by_standing(book, book.indicators.values(), pair, adjustment)
    first = first_of(book, [each for some in told.values() for each in some])
    blocks = [
        prose([*_paragraphs(book, told, pair, adjustment), agreement(book, first, pair)], _scores(book, told)),
        _figure(book, pictures, pair),
        ways_table(book, first, pair),
        _alike(book, pictures, pair),
        balance_table(book, pair, adjustment),
        footing_table(book),
        bounds_table(book, pair),
    ]
    message = _message(book, told, first, pair, adjustment)
    return section("adjusted", texts("adjusted.title"), message, blocks)


def _message(
    book: Book, told: dict[str, list[Indicator]], first: Indicator | None, pair: tuple[str, str], adjustment: str
) -> str:
    """What the page's first question came to, and how many clear differences stay clear."""
    if first is None:
        return _why_not(book, pair, adjustment)
    return f"{became(book, first, pair, adjustment)} {_tally(book, told, pair)}".strip()


def _why_not(book: Book, pair: tuple[str, str], adjustment: str) -> str:
    """Why no adjusted comparison is told: refused, with its reason; or masked, or on few answers."""
    if adjustment:
        return book.texts("adjusted.untold")
    rows = [row for row in records(book.results.adjustment) if (row["group"], row["reference"]) == pair]
    reason = refusal(book, rows[0])
    return book.texts("adjusted.none", reason=reason[:1].lower() + reason[1:])


def _tally(book: Book, told: dict[str, list[Indicator]], pair: tuple[str, str]) -> str:
    """How many of the differences that were clear unadjusted still are, each by itself and all corrected; "" where one
    was, or none."""
    every = [each for some in told.values() for each in some]
    alone = [each for each in every if is_clear(printed(gap(book, each.id, pair)))]
    if len(alone) < 2:  # the sentence before has said it
        return ""
    firm = survivors(book, every, pair)
    counts = {"still": sum(len(told[key]) for key in SAME), "alone": len(alone), "firm": len(firm),
              "kept": sum(each in told["kept"] for each in firm)}  # fmt: skip
    written = {key: number(count, book.texts) for key, count in counts.items()}
    return book.texts("adjusted.tally" if firm else "adjusted.tally_alone", **written)


def _scores(book: Book, told: dict[str, list[Indicator]]) -> list[dict[str, str]]:
    return [
        {
            "count": number(len(told[key]), book.texts),
            "text": book.texts(f"adjusted.aside_{key}_{plural(len(told[key]), book.texts)}"),
            "tone": tone,
        }
        for key, tone in STANDINGS.items()
        if told[key]
    ]


def _paragraphs(book: Book, told: dict[str, list[Indicator]], pair: tuple[str, str], adjustment: str) -> list[str]:
    texts, between = book.texts, book.texts("sentence.between")
    if not adjustment:
        return [texts("adjusted.what", covariates=covariates(book))]
    again = any(told.values())  # the message has named them
    what = texts("adjusted.what_again") if again else texts("adjusted.what", covariates=covariates(book))
    several = len(ways(book, pair)) > 1
    first = texts("adjusted.several", way=texts(f"table.adjustment_{adjustment}")) if several else ""
    how = texts(f"adjusted.how_{adjustment}", group=name(book, pair[0]), reference=name(book, pair[1]))
    named = [
        texts(f"adjusted.named_{key}", names=between.join(quoted(texts.label(each.label), texts) for each in told[key]))
        for key in TOLD
        if told[key]
    ]
    return [" ".join(filter(None, (what, first, how))), " ".join([*named, *_unadjusted(book)]),
            f"{texts('adjusted.unasked')} {_unmeasured(book, told, pair, adjustment)}".strip()]  # fmt: skip


def _unadjusted(book: Book) -> list[str]:
    """Which indicators have no adjusted comparison because the groups are made alike in what they are drawn from."""
    texts = book.texts
    shown = [each for each in book.study.unadjusted if each.id in book.indicators]
    names = texts("sentence.between").join(quoted(texts.label(each.label), texts) for each in shown)
    return [texts("adjusted.unadjusted", names=names)] if shown else []


def _unmeasured(book: Book, told: dict[str, list[Indicator]], pair: tuple[str, str], adjustment: str) -> str:
    """How strong a factor that was not asked would have to be, for the first clear difference."""
    clear = [each for key in CLEAR for each in told[key]]
    first = first_of(book, clear)
    return e_value(book, first, pair, adjustment) if first else ""


def _figure(book: Book, pictures: Pictures, pair: tuple[str, str]) -> Block | None:
    texts = book.texts
    first, second = (name(book, group) for group in pair)
    drawn = picture(pictures, "adjusted")
    key = "figure_subtitle" if book.study.analysis.primary else "figure_subtitle_plain"
    subtitle = texts(f"adjusted.{key}", primary=primaries(book), level=percent(book.study.analysis.level, texts))
    return titled(drawn, texts("adjusted.figure", first=first, second=second), subtitle,
                  note(book, texts("adjusted.figure_reading"), field(book, pair)))  # fmt: skip


def _alike(book: Book, pictures: Pictures, pair: tuple[str, str]) -> Block | None:
    texts = book.texts
    return titled(picture(pictures, "balance"), texts("adjusted.balance_figure"),
                  texts("adjusted.balance_subtitle"),
                  note(book, texts("adjusted.balance_reading"), field(book, pair)))  # fmt: skip
