"""Columns that no question takes, in words."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Final

from impact.check.nouns import Check, Place, SourceRead, Unmapped
from impact.check.wording import Section, Words, placed, tabled
from impact.model import TRACES

_FEW: Final = 5  # columns of a file that are shown one by one
_source_of = attrgetter("source")


def unused(check: Check, words: Words, whole: bool) -> Section:
    """The columns left over, by file; those that lead to someone are named apart."""
    more = (*(line for source in check.sources for line in _personal(source, words)), *_linked(check, words))
    if not check.unmapped and not more:
        return Section("unmapped", "", "")
    count = len(check.unmapped)
    verdict = words.counted("check.unmapped_verdict", count) if count else words("check.unmapped_verdict_none")
    rows = tuple(
        row for _, columns in groupby(check.unmapped, _source_of) for row in _rows(list(columns), words, whole)
    )
    return tabled("unmapped", verdict, ("source", "column", "filled"), rows, words)._replace(more=more)


def _personal(source: SourceRead, words: Words) -> Iterator[str]:
    """What was dropped as the file was read, by why; what the study keeps; what a question needs."""
    by: dict[str, list[Place]] = {}
    for place in source.personal:
        by.setdefault(source.traces.get(place.letter, ""), []).append(place)
    kept = by.pop("", [])
    if by:
        said = [words(f"trace.{trace}", columns=_listed(by[trace], words)) for trace in TRACES if trace in by]
        count = sum(map(len, by.values()))
        yield words.counted("check.personal", count, source=source.source, columns=" · ".join(said))
    if kept:
        yield words("check.personal_kept", source=source.source, columns=_listed(kept, words))
    for place, question in source.needed:
        yield words("check.personal_needed", source=source.source, column=placed(place, words), question=question)


def _linked(check: Check, words: Words) -> Iterator[str]:
    if check.linked:
        *columns, place = check.linked
        named = ", ".join(words("check.quoted", text=column) for column in columns)
        yield words("check.linked", columns=named, place=place)


def _listed(places: Sequence[Place], words: Words) -> str:
    return ", ".join(placed(place, words) for place in places)


def _rows(columns: Sequence[Unmapped], words: Words, whole: bool) -> Iterator[tuple[str, ...]]:
    """The columns of one file one by one or, where they are many, those filled and those blank by their letters."""
    if whole or len(columns) <= _FEW:
        yield from (_unmapped_row(column, words) for column in columns)
        return
    yield from (_unmapped_row(column, words) for column in columns if column.near)
    for name, filled in (("filled", True), ("blank", False)):
        letters = [one.place.letter for one in columns if not one.near and bool(one.filled) == filled]
        if letters:
            said = words.counted(f"check.unmapped_{name}", len(letters), columns=words.columns(letters))
            yield (columns[0].source, said, "")


def _unmapped_row(column: Unmapped, words: Words) -> tuple[str, ...]:
    filled = words.counted("check.filled", column.filled) if column.filled else words("check.blank")
    near = words("check.unmapped_near", question=column.near) if column.near else ""
    return (column.source, placed(column.place, words), filled + near)
