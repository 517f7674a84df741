"""The questionnaire that a tool wrote, laid on the columns of an export: what it says need not be guessed."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from impact.drafting import options
from impact.drafting.draft import Field, Guess
from impact.drafting.fields import named_alone
from impact.loaders.pointers import Pointers
from impact.matching import fold
from impact.model import Column, Export, Form, Item


class Known(NamedTuple):
    """A field that a form describes."""

    item: Item
    field: Field


def known_fields(export: Export, place: int, forms: Iterable[Form]) -> list[Known]:
    """The questions of the forms that this export holds, in the forms' order; no column is taken twice."""
    pointers = Pointers(export)
    found: list[Known] = []
    used: set[int] = set()
    for item in (item for form in forms for item in form.items if item.kind != "note"):
        field = _field(item, pointers, place)
        if field and used.isdisjoint(column.position for column in field.all):
            found.append(Known(item, field))
            used |= {column.position for column in field.all}
    return found


def _field(item: Item, pointers: Pointers, place: int) -> Field | None:
    names = [name for name in (item.name, *item.texts.values(), *item.columns) if name.strip()]
    whole = _usable(pointers.at(names))
    inside = [(column, text) for column, text in pointers.inside(names) if not column.role]
    if item.kind == "multiple" and inside:
        return _of_block(inside, names, pointers, place, whole)
    if len(whole) != 1:
        return None
    return named_alone(whole[0], pointers, place, written=False)


def _usable(columns: Iterable[Column]) -> list[Column]:
    return [column for column in columns if not column.role]


def _of_block(
    inside: list[tuple[Column, str]], names: list[str], pointers: Pointers, place: int, whole: list[Column]
) -> Field | None:
    columns = tuple(column for column, _ in inside)
    reached = {column.position for column in columns}
    alone = [
        name for name in names if {column.position for column, _ in pointers.blocks.get(fold(name), [])} == reached
    ]
    if not alone:
        return None
    layout = "slots" if all(column.layout == "slots" for column in columns) else "boxes"
    summary = next((column for column in whole if column.layout == "summary"), None)
    items = tuple(column.item or text for column, text in inside)
    return Field(place, columns, alone[0], tuple(alone[1:]), items, layout, summary)


def described(item: Item) -> Guess:
    """What a form says of a question."""
    if item.kind in ("single", "multiple") and item.choices:
        return options.of_form(item.kind, item.choices, item.other, item.exclusive)
    if item.kind == "number":
        return Guess("number", minimum=item.minimum, maximum=item.maximum)
    return Guess("date") if item.kind == "date" else Guess(left_out="text")


def unmet(forms: Iterable[Form], met: Iterable[Item]) -> Iterator[Item]:
    """The questions of the forms that no export holds."""
    names = {item.name for item in met}
    for form in forms:
        yield from (item for item in form.items if item.kind != "note" and item.name not in names)
