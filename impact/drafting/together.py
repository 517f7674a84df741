"""Fields of several exports as one question: by heading, exactly; a near heading is only proposed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from impact.drafting import dictionary, options
from impact.drafting.draft import Asked, Field, Given, Guess, Option
from impact.drafting.fields import fields
from impact.drafting.kinds import guessed
from impact.drafting.wording import one_line, slug, unused
from impact.matching import fold
from impact.model import Item
from impact.normalise.columns import Pointers

_STRENGTH: Final = ("multiple", "single", "number", "date", "text")


@dataclass
class _Same:
    """What has been found of one question so far."""

    fields: list[Field] = field(default_factory=list)
    guesses: list[Guess] = field(default_factory=list)
    item: Item | None = None


class LeftOut(NamedTuple):
    """A column that makes no question, by its heading only, and why."""

    file: str
    letter: str
    heading: str
    reason: str


def questions(given: Given) -> tuple[list[Asked], list[LeftOut], list[Item]]:
    """The questions of all exports, the columns left out, and the questions of forms that no export holds."""
    same: list[_Same] = []
    by_name: dict[str, _Same] = {}
    for place in range(len(given.exports)):
        for each, guess, item in _of_export(given, place):
            _add(same, by_name, each, guess, item)
    same = _by_options(same)
    settled = [(one, _combined(one)) for one in same]
    asked, taken = [], _headings(given)
    for one, guess in settled:
        if not guess.left_out:
            asked.append(_asked(one, guess, taken))
            taken.add(asked[-1].id)
    left = [
        LeftOut(given.files[each.export], column.letter, column.heading, guess.left_out)
        for one, guess in settled
        if guess.left_out
        for each in one.fields
        for column in each.all
    ]
    met = [one.item for one in same if one.item]
    return asked, left + _of_other_roles(given, same), list(dictionary.unmet(given.forms, met))


def _of_export(given: Given, place: int) -> list[tuple[Field, Guess, Item | None]]:
    """The fields of one export, those that a form describes first told by it."""
    export = given.exports[place]
    known = dictionary.known_fields(export, place, given.forms)
    told = {column.position for one in known for column in one.field.all}
    found = [(one.field, dictionary.described(one.item), one.item) for one in known]
    rest = [one for one in fields(export, place) if told.isdisjoint(column.position for column in one.all)]
    whole = [*found, *((one, guessed(one, export), None) for one in rest)]
    return sorted(whole, key=lambda line: line[0].columns[0].position)


def _add(same: list[_Same], by_name: dict[str, _Same], one: Field, guess: Guess, item: Item | None) -> None:
    names = [f"\n{item.name}"] if item else [fold(name) for name in (one.name, *one.others)]
    reading = names[:1] + [name for name in names[1:] if " " in name]
    held = next((by_name[name] for name in reading if name in by_name), None)
    if held is None or any(other.export == one.export for other in held.fields):
        held = _Same()
        same.append(held)
    held.fields.append(one)
    held.guesses.append(guess)
    held.item = held.item or item
    for name in reading:
        by_name.setdefault(name, held)


def _by_options(same: list[_Same]) -> list[_Same]:
    """Boxes without a question put with the question that has all their options, in another file; it will be said."""
    kept = [one for one in same if not _unnamed(one)]
    for one in same:
        if not _unnamed(one):
            continue
        places = {each.export for each in one.fields}
        fits = [
            other
            for other in kept
            if places.isdisjoint(each.export for each in other.fields)
            and any(_labels(one.guesses[0]) <= _labels(guess) for guess in other.guesses if guess.kind == "multiple")
        ]
        if len(fits) == 1 and len(_labels(one.guesses[0])) > 1:
            fits[0].fields += one.fields
            fits[0].guesses += [replace(guess, remarks=("by_options",)) for guess in one.guesses]
        else:
            kept.append(one)
    return kept


def _unnamed(one: _Same) -> bool:
    return all(each.unnamed for each in one.fields) and all(guess.options for guess in one.guesses)


def _labels(guess: Guess) -> set[str]:
    return {fold(next(iter(option.label.values()), option.code)) for option in guess.options}


def _combined(one: _Same) -> Guess:
    """One guess of several; where they differ, that which reads the others' answers too, and a word on it."""
    kept = [guess for guess in one.guesses if not guess.left_out] or one.guesses
    if any(guess.left_out == "personal" for guess in one.guesses):
        return Guess(left_out="personal")
    first = min(kept, key=lambda guess: _STRENGTH.index(guess.kind))
    alike = [guess for guess in kept if guess.kind == first.kind or first.kind == "multiple"]
    if first.left_out or len(one.guesses) == 1:
        return first
    differ = len({guess.kind for guess in kept}) > 1
    said = [key for guess in alike for key in guess.remarks]
    merged = replace(
        first,
        options=union([guess.options for guess in alike]),
        other=any(guess.other for guess in alike),
        units=tuple(dict.fromkeys(unit for guess in alike for unit in guess.units)),
        remarks=tuple(dict.fromkeys([*said, "kinds_differ"] if differ else said)),
    )
    return options.sorted_out(merged) if first.kind == "single" else merged


def union(several: Sequence[tuple[Option, ...]]) -> tuple[Option, ...]:
    """Options by what they read, in the order they are first met, each with the sum of its counts."""
    found: dict[str, Option] = {}
    for option in (option for each in several for option in each):
        key = fold(next(iter(option.label.values()), option.code))
        before = found.get(key)
        code = option.code if before or option.code not in {one.code for one in found.values()} else ""
        named = replace(option, code=code or unused(option.code, {one.code for one in found.values()}))
        if before:
            columns = tuple(dict.fromkeys((*before.columns, *option.columns)))
            named = replace(before, count=before.count + option.count, columns=columns)
        found[key] = named
    choices = [one for one in found.values() if not one.reason]
    return (*choices, *(one for one in found.values() if one.reason))


def _asked(one: _Same, guess: Guess, taken: set[str]) -> Asked:
    first = one.fields[0]
    text = _texts(one)
    own = {fold(name) for name in (first.name, *first.others)}
    code = one.item.name if one.item else next((name for name in first.others if " " not in name), "")
    wanted = slug(code if slug(code) and not code.isdigit() else first.name) or "question"
    reading = {fold(wording) for wording in text.values()}
    names = [name for each in one.fields if not each.unnamed or each is first for name in (each.name, *each.others)]
    columns = tuple(dict.fromkeys(name for name in names if fold(name) not in reading))
    return Asked(
        id=unused(wanted, {name for name in taken if name not in own} | {"other"}),
        text=text,
        guess=guess,
        fields=tuple(one.fields),
        columns=columns,
        routes=one.item.routes if one.item else (),
        asked_if=one.item.asked_if if one.item else "",
        from_form=one.item is not None,
        name=one.item.name if one.item else "",
    )


def _texts(one: _Same) -> dict[str, str]:
    """The wording: the form's in its languages, else the first heading."""
    if one.item and any(map(str.strip, one.item.texts.values())):
        return {language: one_line(text) for language, text in one.item.texts.items() if text.strip()}
    return {"": one_line(one.fields[0].name)}


def _headings(given: Given) -> set[str]:
    """What identifiers must not read like: a question would take the column of another."""
    found: set[str] = set()
    for export in given.exports:
        pointers = Pointers(export)
        found |= set(pointers.exact) | set(pointers.blocks)
    return found


def _of_other_roles(given: Given, same: Iterable[_Same]) -> list[LeftOut]:
    """Columns of the tool's own, those that lead to someone, and those that stand in no field."""
    used = {(each.export, column.position) for one in same for each in one.fields for column in each.all}
    return [
        LeftOut(file, column.letter, column.heading, column.role or ("written" if column.heading.strip() else "blank"))
        for place, (export, file) in enumerate(zip(given.exports, given.files, strict=True))
        for column in export.columns
        if (place, column.position) not in used
    ]
