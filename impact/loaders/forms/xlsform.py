"""XLSForm: the questionnaire that KoboToolbox and ODK are made from, a workbook or a text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from impact import texts
from impact.errors import ImpactError
from impact.loaders import _archive, _conditions, _xlsform
from impact.loaders._sheet import Book
from impact.loaders._xlsform import Row, Written
from impact.loaders.containers import delimited, workbook
from impact.matching import fold
from impact.model import Form, Item
from impact.study.schema import Source

TITLE: Final = "XLSForm"
KINDS: Final = {
    "text": "text", "integer": "number", "decimal": "number", "range": "number", "date": "date", "datetime": "date",
    "time": "text", "barcode": "text", "note": "note", "calculate": "note", "hidden": "note", "int": "number",
    "string": "text",
}  # fmt: skip
# What a form records by itself, or that holds no answer a questionnaire knows.
OWN: Final = frozenset((
    "start", "end", "today", "deviceid", "device id", "username", "audit", "phonenumber", "phone number", "simserial",
    "subscriberid", "email", "imei", "start_geopoint", "background_audio", "xml_external", "csv_external",
    "osm", "entity",
))  # fmt: skip
SIGNS: Final = ("hint", "required", "relevant", "constraint", "calculation", "appearance", "choice_filter")
WHOLE: Final = ("integer", "int")


@dataclass
class _Walk:
    """Where one stands while reading the rows: the groups around, and what was found."""

    groups: list[Row] = field(default_factory=list)
    items: dict[str, Item] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    whole: set[str] = field(default_factory=set)  # names of questions answered by a whole number


def matches(path: Path, head: bytes) -> bool:
    """A workbook with a sheet named survey; a text whose first line names the columns of one, or that sheet."""
    if workbook.matches(path, head):
        return _archive.lists_sheet(path, _xlsform.SURVEY) if head.startswith(workbook.ZIP) else _is_old(path)
    first = [fold(cell) for cell in re.split(r"[,;\t]", head.decode("utf-8-sig", "replace").split("\n")[0])]
    words = {cell.strip('" ').partition(":")[0] for cell in first}
    return next(iter(first), "").strip('" ') == _xlsform.SURVEY or (
        {"type", "name", "label"} <= words and len(words.intersection(SIGNS)) > 1
    )


def _is_old(path: Path) -> bool:
    """Whether an .xls holds a form: its list of sheets cannot be had without opening it."""
    try:
        return _xlsform.SURVEY.encode() in path.read_bytes() and _xlsform.beside(_opened(path)) is not None
    except ImpactError:  # said when the answers are read
        return False


def read(path: Path) -> Form:
    """The questions of a form, in order. ImpactError where the survey sheet has none."""
    book = _opened(path)
    form = _xlsform.of_book(book)
    if form is None:
        raise ImpactError("form_no_survey", file=path.name)
    walk = _Walk()
    for row in form.rows:
        _take(walk, row, form)
    say = texts.load()
    used = {row.select["list"] for row in form.rows if row.select}
    doubled = [say("form.choice_twice", list=named, name=name) for named, name in form.twice if named in used]
    title = form.settings.get("form_title", "").strip()
    return Form(title, path.name, tuple(_routed(walk)), (*walk.unread, *doubled))


def _opened(path: Path) -> Book:
    with path.open("rb") as file:
        head = file.read(4096)
    source = Source(file=path.name, group="mentored")
    return workbook.read(path, source) if workbook.matches(path, head) else delimited.read(path, source)


def _take(walk: _Walk, row: Row, form: Written) -> None:
    """One row more: a group opened or closed, a question, or a word on what is left."""
    opening = re.fullmatch(r"(begin|end)[_ ](group|repeat|matrix|lgroup|looped group)", row.type)
    if opening and opening[1] == "begin":
        walk.groups.append(row)
        if "repeat" in row.type:
            walk.unread.append(texts.load()("form.repeat", name=row.name, row=row.number))
    elif opening:
        del walk.groups[-1:]
    elif row.type in OWN or not row.name or any("repeat" in group.type for group in walk.groups):
        return
    elif row.select is None and row.type not in KINDS:
        walk.unread.append(texts.load()("form.type_unread", name=row.name, type=row.type, row=row.number))
    else:
        _add(walk, _item(walk, row, form), row)


def _add(walk: _Walk, item: Item, row: Row) -> None:
    """A question; two of one name, in two groups, are told apart by their groups."""
    name = item.name
    if name in walk.items:
        name = "_".join((*(group.name for group in walk.groups), item.name))
        walk.unread.append(texts.load()("form.name_twice", name=item.name, other=name, row=row.number))
    walk.items[name] = replace(item, name=name)
    if row.type in WHOLE:
        walk.whole.add(name)


def _item(walk: _Walk, row: Row, form: Written) -> Item:
    constraint = _conditions.straight(row.cells.get("constraint", ""))
    kind = ("multiple" if row.multiple else "single") if row.select else KINDS[row.type]
    low, high = _conditions.bounds(constraint, whole=row.type in WHOLE) if kind == "number" else (None, None)
    conditions = [_conditions.straight(one.cells.get("relevant", "")) for one in (*walk.groups, row)]
    path = "/".join((*(group.name for group in walk.groups), row.name))
    return Item(
        name=row.name,
        texts=row.labels,
        kind=kind,
        choices=form.options(row),
        other=bool(row.select and row.select["other"]),
        exclusive=_conditions.exclusive(constraint),
        columns=(path,) if walk.groups else (),
        block=_block(walk.groups, row),
        asked_if=" and ".join(_bracketed([one for one in conditions if one])),
        minimum=low,
        maximum=high,
    )


def _block(groups: Sequence[Row], row: Row) -> str:
    """The text above a grid, whose rows are single choices of one list in a group of their own."""
    grid = bool(groups) and bool(row.select) and "label" not in row.cells and _is_grid(groups[-1])
    return next(iter(groups[-1].labels.values()), "") if grid else ""


def _is_grid(group: Row) -> bool:
    return "field_list" in fold(group.cells.get("appearance", "")).replace("-", "_") or "matrix" in group.type


def _bracketed(conditions: Sequence[str]) -> list[str]:
    """Conditions to be joined by "and": one that offers two ways is kept together."""
    if len(conditions) == 1:
        return list(conditions)
    return [f"({one})" if re.search(r"\bor\b", one) else one for one in conditions]


def _routed(walk: _Walk) -> Iterator[Item]:
    """The questions with the conditions that a questionnaire can say."""
    before = _conditions.Before({}, walk.whole)
    for item in walk.items.values():
        routes = _conditions.routes(item.asked_if, before) if item.asked_if else ()
        if item.asked_if and not routes and item.kind != "note":
            walk.unread.append(texts.load()("form.condition", name=item.name, condition=item.asked_if))
        before.items[item.name] = item
        yield replace(item, routes=routes)
