"""What goes no further than the reading of a file: the cells that may lead to someone and that no figure needs.

A cell that is dropped leaves a mark, the same for the same text, so that two rows of one person can still be seen. The
key of the marks is drawn at each run and kept nowhere: no mark leads back to its text.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd

from impact.loaders import personal
from impact.loaders._rows import is_number, value
from impact.loaders._sheet import compact
from impact.loaders.personal import Counted
from impact.loaders.pointers import Pointers, no_column
from impact.model import NOTHING, Column, Export
from impact.study.questionnaire import Question
from impact.study.schema import GroupColumn, Source, Study

# From how many answers on, and what share of them different, a column names each respondent. A tool's own columns
# (number, day and hour) answer no question: of those, half are enough.
FEWEST, NEARLY_ALL, OWN_FEWEST, HALF = 10, 0.9, 2, 0.5
LARGEST_MEASURE: Final = 1000  # a whole number as large may be the code of someone
CLOSED: Final = 0.8  # of the answers, that repeated ones make where a question is closed
_CLOCK: Final = re.compile(r"[T\s,-]{1,3}\d{1,2}[:h]\d\d.{0,40}$")  # the hour behind a day
_LEAST: Final = 10**11  # a mark among numbers is a number of twelve digits, as tools number people at most


def without_personal(export: Export, source: Source, study: Study, key: bytes) -> Export:
    """An export whose personal columns hold marks alone, but for those that the study needs or says to keep.

    Each such column says why (`trace`), and loses its value labels. The column that dates each answer keeps the day
    and loses the hour. Raises ImpactError where `keep` names a heading that the file does not have.
    """
    pointers = Pointers(export)
    needed = {column.position for column in _needed(pointers, source, study)} | _kept(pointers, source)
    traces = dict.fromkeys((column.position for column in _texts(pointers, source, study)), "text")
    naming = (study.about.identifier, *(study.link.columns if study.link else ()))
    traces |= {column.position: "identifier" for column in pointers.at(filter(None, naming))}
    own = needed | {export.answered_on}
    traces = {
        column.position: trace
        for column in export.columns
        if column.position not in own and (trace := traces.get(column.position) or _trace(export, column))
    }
    cells = {position: _marked(export, export.columns[position], key) for position in traces}
    if export.answered_on is not None:
        cells[export.answered_on] = _without_clock(export.cells[export.answered_on])
    columns = tuple(
        replace(column, trace=traces[column.position], labels=NOTHING) if column.position in traces else column
        for column in export.columns
    )
    return replace(export, columns=columns, cells=_with(export.cells, cells)) if cells else export


def _with(frame: pd.DataFrame, cells: Mapping[int, pd.Categorical]) -> pd.DataFrame:
    """The cells with some columns replaced; the caller's frame stays as it is."""
    held = {place: cells.get(place, frame[place].array) for place in range(frame.shape[1])}
    return pd.DataFrame(held, frame.index)


# --- what a study needs ----------------------------------------------------------------------------------------------


def _needed(pointers: Pointers, source: Source, study: Study) -> Iterator[Column]:
    """The columns that a closed question, a number, a date or a code of the design is read from, or that sort rows."""
    for question, names in _asked(source, study):
        if not _is_text(question, study):
            yield from pointers.at(names)
            if question.kind in ("single", "multiple"):
                yield from (column for column, _ in pointers.inside(names))
                yield from pointers.at(name for choice in question.choices for name in choice.columns)
    yield from pointers.at(entry.column for entry in source.drop_rows if entry.column)
    if isinstance(source.group, GroupColumn):
        column = source.group.column
        yield from pointers.at([column] if isinstance(column, str) else column)


def _texts(pointers: Pointers, source: Source, study: Study) -> Iterator[Column]:
    """The columns of what people write in their own words, of which no figure is drawn."""
    for question, names in _asked(source, study):
        if _is_text(question, study):
            yield from pointers.at(names)


def _asked(source: Source, study: Study) -> Iterator[tuple[Question, list[str]]]:
    """Every question that a file may hold, with the names under which it looks for its columns."""
    linked = [(question, heading) for heading, question in source.rename.items()]
    linked += [(question, heading) for question, headings in source.merge.items() for heading in headings]
    for question in study.questionnaire.question:
        if question.id not in source.absent:
            own = [heading for name, heading in linked if name == question.id]
            yield question, own or [question.id, *question.texts, *question.columns]


def _is_text(question: Question, study: Study) -> bool:
    design = study.design
    return question.kind == "text" and question.id not in (design.weight, design.stratum, design.cluster, design.pair)


def _kept(pointers: Pointers, source: Source) -> set[int]:
    kept: set[int] = set()
    for heading in source.keep:
        found = [*pointers.at([heading]), *(column for column, _ in pointers.inside([heading]))]
        if not found:
            raise no_column(pointers.export, heading)
        kept.update(column.position for column in found)
    return kept


# --- what leads to someone -------------------------------------------------------------------------------------------


def _trace(export: Export, column: Column) -> str:
    """Why the cells of a column that nobody needs are dropped: one of model.TRACES, "" where they are not."""
    if column.role == "note":
        return ""
    counted = _counted(export, column)
    said = [(column.labels.get(text, text), count) for text, count in counted]
    if personal.is_personal_heading(column.headings):
        return "heading"
    if column.role != "metadata" and personal.names_someone(column.headings, [text for text, _ in said]):
        return "heading"
    if personal.reached([text for text, _ in counted]):
        return "values"
    if column.role == "personal":
        return "tool"
    return _trace_of_answers(column, counted) or ("values" if _is_of_people(column, said) else "")


def _trace_of_answers(column: Column, counted: Counted) -> str:
    """Why answers that say nothing by themselves are dropped: they tell people apart, or are in their own words."""
    closed = bool(column.labels) or _is_closed(counted)
    if not closed and personal.may_name_someone(column.headings):
        return "heading"
    own = column.role == "metadata"
    if _is_unique(counted, own=own) and (own or not _measures(counted, column)):
        return "unique"
    return "text" if not closed and _is_written(counted) else ""


def _is_of_people(column: Column, said: Counted) -> bool:
    return not column.role and personal.names_people(said)


def _measures(counted: Counted, column: Column) -> bool:
    """Whether numbers measure something: small, or not whole, they tell nobody apart, unless they number the rows."""
    texts = [text for text, _ in counted]
    if any(map(personal.numbers_people, column.headings)) or not all(map(personal.is_quantity, texts)):
        return False
    values = [value(text) for text in texts]
    if not all(number.is_integer() for number in values):
        return True
    follow = max(values) - min(values) == len(values) - 1 == sum(count for _, count in counted) - 1
    return not follow and max(map(abs, values)) < LARGEST_MEASURE


def _counted(export: Export, column: Column) -> Counted:
    cells = export.cells[column.position]
    counts = np.bincount(cells.cat.codes.to_numpy(), minlength=len(cells.cat.categories))
    apart = {*export.blanks, *column.declared_missing}
    return [
        (str(text), int(count))
        for text, count in zip(cells.cat.categories, counts, strict=True)
        if count and text.strip() and text not in apart
    ]


def _is_closed(counted: Counted) -> bool:
    """Whether answers come back, as those of a closed question do."""
    repeated = sum(count for _, count in counted if count > 1)
    return bool(counted) and repeated >= CLOSED * sum(count for _, count in counted)


def _is_unique(counted: Counted, *, own: bool) -> bool:
    filled = sum(count for _, count in counted)
    fewest, share = (OWN_FEWEST, HALF) if own else (FEWEST, NEARLY_ALL)
    return filled >= fewest and len(counted) > 1 and len(counted) >= share * filled


def _is_written(counted: Counted) -> bool:
    """Whether people wrote in their own words: some at length, and half of what was said was said once."""
    once = [text for text, count in counted if count == 1 and not is_number(text)]
    return 2 * len(once) >= len(counted) and any(len(text.split()) > personal.MOST_WORDS for text in once)


# --- what is left of it ----------------------------------------------------------------------------------------------


def _marked(export: Export, column: Column, key: bytes) -> pd.Categorical:
    """The cells of a column, each text in the place of which a mark stands; blanks stay blank."""
    texts = [str(text) for text in export.cells[column.position].cat.categories]
    apart = {*export.blanks, *column.declared_missing, ""}
    said = [text for text in texts if text.strip() and text not in apart]
    numbers = bool(said) and all(map(is_number, said))
    marks = dict(zip(said, _marks(said, key, numbers=numbers), strict=True))
    return _renamed(export.cells[column.position], [marks.get(text, text if text in apart else "") for text in texts])


def _marks(texts: Iterable[str], key: bytes, *, numbers: bool) -> Iterator[str]:
    for text in texts:
        made = hashlib.blake2b(text.strip().encode(), key=key, digest_size=8)
        yield str(_LEAST + int.from_bytes(made.digest()) % (9 * _LEAST)) if numbers else f"•{made.hexdigest()}"


def _without_clock(cells: "pd.Series[Any]") -> pd.Categorical:
    return _renamed(cells, [_CLOCK.sub(_midnight, str(text)) for text in cells.cat.categories])


def _midnight(clock: re.Match[str]) -> str:
    """The same form without the hour: a tool is known by how it writes its moments."""
    return re.sub(r"\d", "0", clock[0])


def _renamed(cells: "pd.Series[Any]", texts: Sequence[str]) -> pd.Categorical:
    """Cells under other texts, of which some may now be the same."""
    places, known = pd.factorize(np.array(texts, dtype=object))
    codes = cells.cat.codes.to_numpy()
    dtype = pd.CategoricalDtype(pd.Index(known, dtype=object))
    return compact(pd.Categorical.from_codes(places[codes], dtype=dtype))
