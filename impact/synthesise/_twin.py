"""The synthetic twin of one source: same rows, columns, blanks and traps, and nobody's answers."""

import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from impact.loaders.pointers import Pointers
from impact.matching import fold
from impact.model import Column
from impact.normalise.columns import Feed
from impact.study import Question
from impact.study.questionnaire import Routing
from impact.synthesise._boxes import boxes
from impact.synthesise._original import SYNTHETIC_TEXT, Original
from impact.synthesise._sheet import CODED, MARK, Layout, Sheet, is_mark
from impact.synthesise._states import State, drawn, states_of
from impact.synthesise._values import births, dates_like, days_of, like, written_like

Cells = tuple[str, ...]
Codes = dict[str, dict[int, str]]  # by question, the code of each row of the twin
Days = dict[str, "pd.Series[float]"]  # by question, the days since 1970 of those of its rows that answer

_FEWEST_SAME = 10  # filled cells that two rows must share to be one respondent twice
_MOMENT = re.compile(
    r"(\d{1,4}([-/.])\d{1,2}\2\d{1,4})"
    r"([T ,-]+\d{1,2}[:.h]\d\d([:.]\d\d([.,]\d+)?)?( ?[AP]M)?( ?Z| ?(UTC|GMT)? ?[-+][\d:]+)?)?",
    re.IGNORECASE,
)
_MOSTLY = 0.5  # of a column's filled cells, from which on it dates the answers


def twin(whole: Original, layout: Layout, renamed: Mapping[str, str], seed: int) -> Sheet:
    """The twin of a source, to be written with a layout; `renamed` maps each code of the design to its new name."""
    cells = _unmapped(whole)
    codes: Codes = {}
    days: Days = {}
    for question in _in_order(whole):
        feed = whole.feeds[question.id]
        rng = np.random.default_rng([seed, zlib.crc32(whole.export.source.encode()), zlib.crc32(question.id.encode())])
        filled = _filled(whole, question, feed, codes, rng)
        texts = _texts(whole, question, feed, filled, days, rng)
        for place, column in enumerate(feed.all):  # a blank row says nothing in the cell that sums up its boxes either
            said = ((row, text[place] if place < len(text) else "") for row, text in texts.items())
            cells[column.position] = [_in_place(whole, row, column, text) for row, text in said]
        codes[question.id] = {row: state.code for row, state in filled.items() if row not in whole.stopped}
    cells = _with_design(whole, cells, renamed, np.random.default_rng([seed, zlib.crc32(whole.export.source.encode())]))
    return _marked(whole, _with_duplicates(whole, cells), layout)


def _in_order(whole: Original) -> Iterator[Question]:
    """Closed and counted questions that the file holds, each after those that its routing or its dates rest on."""
    duration, known, done = whole.study.duration, whole.study.questionnaire.questions, set[str]()

    def before(question: Question) -> Iterator[Question]:
        if question.id in done or question.id not in whole.feeds or question.kind == "text":
            return
        done.add(question.id)
        for routing in question.only_if:
            yield from before(known[routing.question])
        if duration and question.id == duration.start and duration.until:
            yield from before(known[duration.until])
        yield question

    for question in known.values():
        yield from before(question)


def _filled(
    whole: Original, question: Question, feed: Feed, codes: Codes, rng: np.random.Generator
) -> dict[int, State]:
    """The state of every row of the twin."""
    states = states_of(whole, question, feed)
    if any(column.position in whole.sorting for column in feed.columns):
        return states
    keys = pd.DataFrame({"status": whole.status, "real": "", "twin": ""})
    for routing in question.only_if:
        if routing.question in codes:
            deciding = whole.study.question(routing.question)
            real = whole.answers[routing.question].to_dict() if deciding.kind == "single" else {}
            keys["real"] += [_route(real.get(row), routing) for row in keys.index]
            keys["twin"] += [_route(codes[routing.question].get(row), routing) for row in keys.index]
    return drawn(whole, states, keys, rng)


def _route(code: object, routing: Routing) -> str:
    if not isinstance(code, str) or not code:
        return "unknown"
    return "asked" if routing.lets(code) else "away"


def _texts(
    whole: Original, question: Question, feed: Feed, filled: Mapping[int, State], days: Days, rng: np.random.Generator
) -> dict[int, Cells]:
    """The cells of every row: those of its state, or made anew where it is an answer of numbers, dates or boxes."""
    texts = {row: state.cells for row, state in filled.items()}
    anew = [row for row, state in filled.items() if state.drawn]
    if not anew:
        return texts
    if question.kind == "multiple":
        return texts | boxes(whole, question, feed, whole.status.loc[anew], rng)
    values = _values(whole, question, whole.status.loc[anew], rng)
    if question.kind == "date":
        days[question.id] = values = _after_start(whole, question, values, days, rng)
    said = _written(whole, question, feed, values, rng)
    others = ("",) * (len(feed.columns) - 1)
    return texts | {row: (text, *others) for row, text in zip(anew, said, strict=True)}


def _values(
    whole: Original, question: Question, status: "pd.Series[str]", rng: np.random.Generator
) -> "pd.Series[float]":
    known = whole.answers[question.id].dropna()
    numbers = pd.Series(days_of(known) if question.kind == "date" else known.to_numpy(dtype=float), known.index)
    values = pd.Series(np.nan, status.index)
    for group in sorted(set(status)):
        rows = status.index[status == group]
        own = numbers[whole.status.loc[numbers.index] == group]
        values.loc[rows] = like(own.to_numpy(), numbers.to_numpy(), len(rows), rng)
    return values


def _after_start(
    whole: Original, question: Question, values: "pd.Series[float]", days: Days, rng: np.random.Generator
) -> "pd.Series[float]":
    """The first day of a mentoring lies before its last by as many days as some mentoring of the file lasted."""
    duration = whole.study.duration
    if not duration or question.id != duration.start or duration.until not in days:
        return values
    both_known = whole.answers[[duration.start, duration.until]].dropna()
    lasted = days_of(both_known[duration.until]) - days_of(both_known[duration.start])
    both = values.index.intersection(days[duration.until].index)
    known = lasted[lasted >= 0]
    if len(known):
        values.loc[both] = days[duration.until].loc[both] - like(known, known, len(both), rng)
    return values


def _written(
    whole: Original, question: Question, feed: Feed, values: "pd.Series[float]", rng: np.random.Generator
) -> list[str]:
    """Values as texts, each as some answer of the file is typed."""
    answered = whole.reasons.index[whole.reasons[question.id] == ""]
    positions = [column.position for column in feed.columns]
    typed = [text for text in whole.export.cells.loc[answered, positions].to_numpy().ravel() if text.strip()]
    if question.kind == "date":
        return dates_like(np.asarray(values, dtype=np.float64), typed, rng)
    if question.age_on:
        return dates_like(births(question, np.asarray(values, dtype=np.float64)), typed, rng)
    chosen = rng.integers(len(typed), size=len(values))
    return [written_like(value, typed[place], question.units) for value, place in zip(values, chosen, strict=True)]


def _in_place(whole: Original, row: int, column: Column, text: str) -> str:
    """Beyond where a respondent stopped the twin is blank as the file is."""
    if column.position <= whole.stopped.get(row, column.position):
        return text
    original = str(whole.export.cells.loc[row, column.position])
    return original if whole.blank(original) else ""


# --- columns that carry no closed question ---------------------------------------------------------------------------


def _unmapped(whole: Original) -> pd.DataFrame:
    """Every column filled where the file's is, with texts, moments and numbers that are evidently nobody's."""
    identifier = Pointers(whole.export).at([whole.study.about.identifier] if whole.study.about.identifier else [])
    cells = {}
    for column in whole.export.columns:
        real = whole.export.cells[column.position]
        if column in identifier:
            cells[column.position] = _numbered(real, numeric=whole.numeric(column.position))
        elif column.position in whole.sorting:
            allowed = whole.sorting[column.position]
            cells[column.position] = real.where(
                real.map(lambda text, column=column, allowed=allowed: fold(column.labels.get(text, text)) in allowed),
                "",
            )
        elif is_mark(column):
            cells[column.position] = real
        else:
            left = real.isin(whole.export.blanks)
            made = _nobodys(real.mask(left, ""), numeric=whole.numeric(column.position))
            cells[column.position] = made.mask(left, real)
    return pd.DataFrame(cells, index=whole.export.cells.index).astype(object)


def _numbered(real: "pd.Series[str]", *, numeric: bool) -> "pd.Series[str]":
    """New numbers, equal where the file's are equal: a respondent who stands twice still does."""
    places, _ = pd.factorize(real.where(real != "", None))
    names = [("" if place < 0 else f"{place + 1}" if numeric else f"S{place + 1:04d}") for place in places]
    return pd.Series(names, real.index, dtype=object)


def _nobodys(real: "pd.Series[str]", *, numeric: bool) -> "pd.Series[str]":
    filled = real[real.str.strip() != ""]
    dated = [found for text in filled if (found := _MOMENT.fullmatch(text.strip()))]
    if len(dated) > _MOSTLY * len(filled):
        moment = _no_moment(dated[0])
        return real.map(lambda text: _no_cell(text, moment if _MOMENT.fullmatch(text.strip()) else SYNTHETIC_TEXT))
    if numeric or (len(filled) and filled.str.fullmatch(r"-?\d+([.,]\d+)?").all()):
        counts = len(filled) > 1 and filled.is_unique
        shortest = filled.str.strip().str.len().min() if counts else 0  # a tool may know its numbers by their length
        first = 10 ** (shortest - 1) if shortest > len(str(len(real))) else 1
        numbers = pd.Series([str(first + place) for place in range(len(real))] if counts else "0", real.index)
        return numbers.where(real.str.strip() != "", "")
    return real.map(lambda text: _no_cell(text, SYNTHETIC_TEXT + "\n" * len(re.findall(r"\r\n|\r|\n", text))))


def _no_cell(text: str, otherwise: str) -> str:
    return otherwise if text.strip() else ""


def _no_moment(found: re.Match[str]) -> str:
    """The first day of 2000, at midnight, written as a moment of the file is."""
    day = re.sub(r"\d+", lambda part: "2000" if len(part[0]) == len("2000") else "1".zfill(len(part[0])), found[1])
    return day + re.sub(r"\d", "0", found[3] or "")


def _with_design(
    whole: Original, cells: pd.DataFrame, renamed: Mapping[str, str], rng: np.random.Generator
) -> pd.DataFrame:
    """Strata and clusters dealt out anew within each group: as many respondents in each, under other names."""
    roles = whole.study.design
    design = [name for name in (roles.stratum, roles.cluster, roles.pair) if name in whole.feeds]
    dealt = pd.Series(whole.status.index, whole.status.index)
    for group in sorted(set(whole.status)):
        rows = whole.status.index[whole.status == group]
        dealt.loc[rows] = rng.permutation(rows.to_numpy())
    for name in design:
        question = whole.study.question(name)
        for column in whole.feeds[name].columns:
            real = whole.export.cells[column.position].loc[dealt.to_numpy()].set_axis(dealt.index)
            known = question.kind == "single" or question.id == whole.study.design.weight
            cells[column.position] = real if known else real.map(lambda text: renamed.get(text.strip(), ""))
    return cells


def _with_duplicates(whole: Original, cells: pd.DataFrame) -> pd.DataFrame:
    """A row that repeats an earlier one in the file repeats it in the twin."""
    identifier = Pointers(whole.export).at([whole.study.about.identifier] if whole.study.about.identifier else [])
    positions = sorted({*whole.mapped, *(column.position for column in identifier)})
    real = whole.export.cells[positions]
    first: dict[tuple[str, ...], int] = {}
    for row, *texts in real.itertuples():
        earlier = first.setdefault(tuple(texts), row)
        if earlier != row and sum(bool(text) for text in texts) >= _FEWEST_SAME:
            cells.loc[row, positions] = cells.loc[earlier, positions]
    return cells


def _marked(whole: Original, cells: pd.DataFrame, layout: Layout) -> Sheet:
    """The sheet, its columns as the file's, and one more that says what it is."""
    closed = {
        column.position
        for name, feed in whole.feeds.items() if whole.study.question(name).kind != "text"
        for column in feed.columns
    }  # fmt: skip
    columns = [column if column.position in closed else _unlabelled(whole, column) for column in whole.export.columns]
    if not any(map(is_mark, columns)):
        columns.append(Column(len(columns), (CODED, MARK) if layout.labelled else (MARK,)))
        said = "1" if layout.labelled else MARK if CODED in layout.headings else "Oui"
        cells = pd.concat([cells, pd.Series(said, cells.index, dtype=object)], axis=1).set_axis(
            range(len(columns)), axis=1
        )
    return Sheet(tuple(columns), cells, layout)


def _unlabelled(whole: Original, column: Column) -> Column:
    """A column of free answers without its value labels, which may name places; those the study file names stay."""
    allowed = whole.sorting.get(column.position, frozenset())
    labels = {code: label for code, label in column.labels.items() if fold(label) in allowed}
    return replace(column, labels=labels, declared_missing=frozenset())
