"""Fields of several exports as one question: by heading, exactly; a near heading is only proposed."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from impact.drafting import dictionary, numbering, options
from impact.drafting.draft import Asked, Field, Given, Guess, Option
from impact.drafting.fields import fields
from impact.drafting.kinds import guessed
from impact.drafting.wording import one_line, slug, unused
from impact.loaders import personal
from impact.loaders.pointers import Pointers
from impact.matching import fold
from impact.model import Column, Export, Item

_NUMBER: Final = re.compile(r"[A-Za-z]{0,4}_?\d+\w*([._]\w*)?")  # a name such as Q13 or V024_1 says nothing
_STRENGTH: Final = ("multiple", "single", "number", "date", "text")


@dataclass
class _Same:
    """What has been found of one question so far."""

    fields: list[Field] = field(default_factory=list)
    guesses: list[Guess] = field(default_factory=list)
    item: Item | None = None


class _Reach:
    """What the headings of all files point at: a name that a question bears must not take the column of another."""

    def __init__(self, given: Given) -> None:
        self.pointers = [Pointers(export) for export in given.exports]
        self.identifiers = {"other"}

    def carries(self, name: str, field: Field) -> bool:
        """Whether a name points, in the field's own file, at its columns and at no other."""
        pointers = self.pointers[field.export]
        found = [column for column, _ in pointers.inside([name])] if field.layout else pointers.at([name])
        return {column.position for column in found} == {column.position for column in field.columns}

    def only(self, name: str, one: _Same) -> bool:
        """Whether a name points, in every file, at no column but a question's own."""
        own = {(each.export, column.position) for each in one.fields for column in each.all}
        return all(
            (place, column.position) in own
            for place, pointers in enumerate(self.pointers)
            for column in (*pointers.at([name]), *(column for column, _ in pointers.inside([name])))
        )

    def identifier(self, wanted: str, one: _Same) -> str:
        """An identifier that is no other question's, nor the heading of another's column."""
        name, number = wanted, 1
        while name in self.identifiers or not self.only(name, one):
            number += 1
            name = f"{wanted}_{number}"
        self.identifiers.add(name)
        return name


class LeftOut(NamedTuple):
    """A column that makes no question, by its heading only, and why; `by` says how a personal one is known."""

    file: str
    letter: str
    heading: str
    reason: str
    by: str = ""  # one of model.TRACES


@dataclass(frozen=True)
class Found:
    """The questions of all exports, the columns left out, the questions of forms that no export holds, and whether
    some files number their questions differently."""

    asked: list[Asked]
    left_out: list[LeftOut]
    unmet: list[Item]
    numbered_apart: bool


def questions(given: Given) -> Found:
    """The fields of every export, put together where their headings say that they are one question."""
    exports = [_of_export(given, place) for place in range(len(given.exports))]
    apart = numbering.apart([[(each, guess) for each, guess, item in found if item is None] for found in exports])
    same: list[_Same] = []
    by_name: dict[str, _Same] = {}
    for each, guess, item in (line for found in exports for line in found):
        _add(same, by_name, _Line(each, guess, item), apart)
    same = _by_options(same)
    settled = [(one, _combined(one)) for one in same]
    reach = _Reach(given)
    asked = [_asked(one, guess, reach) for one, guess in settled if not guess.left_out]
    left = [
        LeftOut(given.files[each.export], column.letter, column.heading, guess.left_out, guess.why)
        for one, guess in settled
        if guess.left_out
        for each in one.fields
        for column in each.all
    ]
    met = [one.item for one in same if one.item]
    unmet = list(dictionary.unmet(given.forms, met))
    return Found(asked, left + _of_other_roles(given, same), unmet, bool(apart))


def _of_export(given: Given, place: int) -> list[tuple[Field, Guess, Item | None]]:
    """The fields of one export, those that a form describes first told by it."""
    export = given.exports[place]
    known = dictionary.known_fields(export, place, given.forms)
    told = {column.position for one in known for column in one.field.all}
    found = [(one.field, _told(one, export), one.item) for one in known]
    rest = [one for one in fields(export, place) if told.isdisjoint(column.position for column in one.all)]
    whole = [*found, *((one, guessed(one, export), None) for one in rest)]
    return sorted(whole, key=lambda line: line[0].columns[0].position)


def _told(known: dictionary.Known, export: Export) -> Guess:
    """What a form says of a question, with the answers that came back though it does not offer them."""
    said = dictionary.described(known.item)
    if said.kind not in ("single", "multiple") or said.other or said.left_out or known.field.layout:
        return said
    offered = {fold(text) for option in said.options for text in (option.code, *option.label.values())}
    met = [one for one in guessed(known.field, export).options if offered.isdisjoint(map(fold, one.label.values()))]
    beyond = [one for one in met if not one.reason]
    if not beyond or said.scale == "oui_non":
        return said
    return replace(said, options=union([said.options, tuple(met)]), remarks=(*said.remarks, "beyond_form"))


class _Line(NamedTuple):
    field: Field
    guess: Guess
    item: Item | None


def _add(same: list[_Same], by_name: dict[str, _Same], line: _Line, apart: frozenset[frozenset[int]]) -> None:
    """A field put with those of its heading in other files, or made a question of its own."""
    one = line.field
    names = [f"\n{line.item.name}"] if line.item else [fold(name) for name in (one.name, *one.others)]
    reading = names[:1] + [name for name in names[1:] if " " in name]
    held = next((by_name[name] for name in reading if name in by_name), None)
    if held and numbering.is_code(one) and any(frozenset((one.export, each.export)) in apart for each in held.fields):
        held = None
    if held is None or any(other.export == one.export for other in held.fields):
        held = _Same()
        same.append(held)
    held.fields.append(one)
    held.guesses.append(line.guess)
    held.item = held.item or line.item
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
    told = {guess.age_on for guess in one.guesses}
    if any(guess.left_out == "personal" for guess in one.guesses) or len(told) > 1:  # an age here, a birth there
        return Guess(left_out="personal", why=next((guess.why for guess in one.guesses if guess.why), "heading"))
    if any(guess.left_out == "repeated" for guess in one.guesses):
        return Guess(left_out="repeated")
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


def _asked(one: _Same, guess: Guess, reach: _Reach) -> Asked:
    first = one.fields[0]
    text = _texts(one)
    code = one.item.name if one.item else next((name for name in first.others if " " not in name), "")
    wanted = "" if _NUMBER.fullmatch(code) or not reach.only(slug(code) or code, one) else slug(code)
    wanted = wanted or slug(first.name) or "question"
    columns, renames = [], []
    for each in one.fields:
        if (each.unnamed and each is not first) or any(reach.carries(wording, each) for wording in text.values()):
            continue
        if reach.only(each.name, one):
            columns.append(each.name)
        else:
            renames.append((each.export, each.name))
    return Asked(
        id=reach.identifier(wanted, one),
        text=text,
        guess=guess,
        fields=tuple(one.fields),
        columns=tuple(dict.fromkeys(columns)),
        renames=tuple(renames),
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


def _of_other_roles(given: Given, same: Iterable[_Same]) -> list[LeftOut]:
    """Columns of the tool's own, those that lead to someone, and those that stand in no field."""
    used = {(each.export, column.position) for one in same for each in one.fields for column in each.all}
    return [
        _of_role(file, column)
        for place, (export, file) in enumerate(zip(given.exports, given.files, strict=True))
        for column in export.columns
        if (place, column.position) not in used
    ]


def _of_role(file: str, column: Column) -> LeftOut:
    reason = column.role or ("written" if column.heading.strip() else "blank")
    told = "heading" if personal.is_personal_heading(column.headings) else "values"
    return LeftOut(file, column.letter, column.heading, reason, told if reason == "personal" else "")
