"""Which columns of an export belong together: one field a question, as the questionnaire's matching will find it."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from impact.drafting.draft import Field
from impact.drafting.lexicon import NO, YES, is_other, reason_of
from impact.loaders.pointers import Pointers
from impact.matching import fold
from impact.model import Column, Export

_TICKS = YES | {"x", "on", "checked", "selected", "coche"}
_LEFT = NO | {"off", "not selected", "unchecked", "quoted", "n/a"}
_FREE = {"autre", "autres", "other", "others", "comment", "commentaire", "autre (precisez)", "-oth-"}
_BRACKETED = re.compile(r"(.*\S)\s*\[(.+)\]\s*", re.DOTALL)


_NUMBERED = re.compile(r"(.*[A-Za-z0-9])[_.](\d{1,2}|[a-z])")
_ONLY_COLUMNS = re.compile(r"cases? [a-z]{1,3}( a [a-z]{1,3})?")  # what stands for a question that the file lacks


class _Block(NamedTuple):
    """Columns under one text, each with its item. `told`: the tool itself says that they belong together; `numbered`:
    the names of the variables do ("Q1_1", "Q1_2"), and nothing says what the question is."""

    name: str
    columns: tuple[Column, ...]
    items: tuple[str, ...]
    told: bool = False
    numbered: bool = False


def fields(export: Export, place: int) -> list[Field]:
    """The fields of an export, in the order of their first columns; those of other roles are no question's."""
    pointers = Pointers(export)
    columns = [column for column in export.columns if not column.role and column.heading.strip()]
    found: list[Field] = []
    used: set[int] = set()
    for block in _blocks(columns):
        if not used.isdisjoint(column.position for column in block.columns):
            continue
        made = _of_block(block, export, place, columns)
        found += [made] if made else []
        used |= {column.position for column in made.all} if made else set()
    free = _free_texts(columns, pointers)
    found += [
        named_alone(column, pointers, place, fold(column.heading) in free.values())
        for column in columns
        if column.position not in used and column.position not in free
    ]
    return sorted(found, key=lambda one: one.columns[0].position)


def _blocks(columns: Sequence[Column]) -> Iterator[_Block]:
    """The blocks that the tool tells, then those that headings show ("Q [a]", "Q/a", "Q - a"), long texts first."""
    told: dict[str, list[Column]] = {}
    for column in columns:
        if column.block and column.layout != "rank":
            told.setdefault(fold(column.block), []).append(column)
    for held in told.values():
        yield _Block(held[0].block, tuple(held), tuple(one.item or one.heading for one in held), told=True)
    shown: dict[tuple[str, str], list[tuple[Column, str, str]]] = {}
    for column in columns:
        parts = {part for heading in column.headings for part in _parts(heading)} if not column.block else set()
        for sign, name, item in sorted(parts):
            shown.setdefault((sign, fold(name)), []).append((column, name, item))
    for held_by in sorted(shown.values(), key=lambda held: -len(held[0][1])):
        if len(held_by) > 1:
            yield _Block(held_by[0][1], tuple(c for c, _, _ in held_by), tuple(i for _, _, i in held_by))
    yield from _numbered(columns)


def _numbered(columns: Sequence[Column]) -> Iterator[_Block]:
    """Boxes side by side whose variables are numbered under one name, their labels being options and no questions."""
    stems = [_stem(column) for column in columns]
    for stem, run in groupby(zip(stems, columns, strict=True), key=lambda pair: pair[0]):
        held = tuple(column for _, column in run)
        if stem and len(held) > 1:
            yield _Block(stem, held, tuple(column.headings[-1] for column in held), numbered=True)


def _stem(column: Column) -> str:
    found = _NUMBERED.fullmatch(column.headings[0].strip())
    return found[1] if found and not column.block and not column.headings[-1].rstrip().endswith("?") else ""


def _parts(heading: str) -> Iterator[tuple[str, str, str]]:
    """A heading cut in two wherever it may name a block and an item; a formula of LimeSurvey ("{a/2}") names none."""
    if heading.startswith("{"):
        return
    bracketed = _BRACKETED.fullmatch(heading)
    if bracketed:
        yield "[", bracketed[1], bracketed[2]
    for sign in ("/", " - "):
        pieces = heading.split(sign)
        for cut in range(1, len(pieces)):
            yield sign, sign.join(pieces[:cut]), sign.join(pieces[cut:])


def _of_block(block: _Block, export: Export, place: int, columns: Sequence[Column]) -> Field | None:
    """The field that a block makes as a whole; None where each of its columns is a question of its own."""
    summary = next((one for one in columns if one.layout == "summary" and _heads(one, block.name)), None)
    if block.told and all(column.layout == "slots" for column in block.columns):
        return Field(place, block.columns, block.name, layout="slots")
    several = len(block.columns) > 1 or summary is not None
    boxes = all(_is_box(column, item, export) for column, item in zip(block.columns, block.items, strict=True))
    ticked = any(export.cells[column.position].astype(object).str.strip().any() for column in block.columns)
    if several and boxes and ticked:
        unnamed = block.numbered or bool(_ONLY_COLUMNS.fullmatch(fold(block.name)))
        names = (block.columns, block.name)
        return Field(place, *names, items=block.items, layout="boxes", summary=summary, unnamed=unnamed)
    return None


def _heads(column: Column, name: str) -> bool:
    return fold(name) in {fold(heading) for heading in column.headings}


def _is_box(column: Column, item: str, export: Export) -> bool:
    """Whether the cells of a column say no more than that its option was ticked, or left."""
    if fold(item) in _FREE or column.ticked:
        return True
    blanks = {fold(text) for text in export.blanks}
    cells = {fold(str(cell)) for cell in export.cells[column.position].unique()} - blanks - {""}
    texts = {fold(column.labels.get(cell, cell)) for cell in cells} | cells
    known = _TICKS | _LEFT | {fold(item), fold(column.heading)} | {fold(cell) for cell in column.labels.values()}
    labelled = len(column.labels) > 2 and not {fold(one) for one in column.labels.values()} <= _TICKS | _LEFT
    return not labelled and all(text in known or reason_of(text) for text in texts) and cells <= _TICKS | _LEFT | known


def _free_texts(columns: Sequence[Column], pointers: Pointers) -> dict[int, str]:
    """The columns of what was typed beside a question's answers ("Q [Autre]"), each with its question's heading."""
    found = {}
    for column in columns:
        parts = [(fold(column.block), column.item)] if column.block else []
        parts += [(fold(name), item) for heading in column.headings for _, name, item in _parts(heading)]
        for name, item in parts:
            beside = [one for one in pointers.exact.get(name, []) if one.position != column.position]
            if beside and (fold(item) in _FREE or is_other(item)) and len(pointers.blocks.get(name, [])) == 1:
                found[column.position] = name
    return found


def named_alone(column: Column, pointers: Pointers, place: int, written: bool) -> Field:
    """A field of one column, named by a text that points at it alone: the one that reads best, then the others."""
    alone = [
        heading
        for heading in dict.fromkeys(column.headings)
        if heading.strip() and [one.position for one in pointers.exact[fold(heading)]] == [column.position]
    ]
    best = sorted(alone, key=lambda heading: (" " not in heading.strip(), alone.index(heading)))
    if not best:
        heading = next(heading for heading in column.headings if heading.strip())
        same = [one.position for one in pointers.exact[fold(heading)]]
        best = [f"{heading} ({same.index(column.position) + 1})"]
    return Field(place, (column,), best[0], tuple(best[1:]), written=written)
