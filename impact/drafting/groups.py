"""Who each file is about: said by its name, by what it asks, or by a column; the likeliest otherwise, to be settled."""

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Final

import pandas as pd

from impact.drafting.answers import answers
from impact.drafting.draft import FEWEST, Asked, Given, Grouping
from impact.drafting.lexicon import NO, YES
from impact.matching import fold
from impact.model import SOURCE_GROUPS, Column, Export

# The first that a name holds decides: "jeunes sans mentor" is about young people without one.
_NAMED: Final = (
    ("non_mentored",
     r"\b(non|sans|pas de|without|no|not) (de )?(mentor|mentore|mentoree|mentores|mentorees|mentored|mentoring"
     r"|mentorat|parrain|parraine|parrainage|parraines|accompagnement|accompagnes)s?\b"
     r"|\b(temoins?|controles?|comparaison|control|comparison)\b"),
    ("mentored",
     r"\b(mentore|mentores|mentoree|mentorees|mentored|mentees?|filleule?s?|parraine|parraines|parrainee|parrainees"
     r"|beneficiaires?|(avec|with)( un| a)? (mentor|parrain)s?)\b"),
    ("mentor", r"\b(mentors?|mentores? benevoles|benevoles?|parrains?|marraines?|tuteurs?|volunteers?)\b"),
)  # fmt: skip
_ASKED: Final = (
    ("mentored", r"\b(mon|ton|ta|ma|my|avec ton|ton/ta) (mentor|mentore|parrain|marraine)\b|\bas-tu un mentor\b"),
    ("mentor", r"\b(votre|mon|your|my) (jeune|mentore|mentoree|filleule?|mentee)\b|\betes-vous mentor\b"),
)  # fmt: skip
_HAS_MENTOR: Final = re.compile(
    r"\b(as-tu|avez-vous|tu as|vous avez|beneficies-tu|beneficiez-vous|do you have|have you)\b.{0,30}"
    r"\b(mentor|parrain|mentorat|parrainage|mentoring)\b|^(mentor|mentore|mentorat|mentored|groupe|group|statut|profil"
    r"|traitement|treatment|treat|bras|arm)( .{0,20})?$|\b(vous etes|tu es|es-tu|etes-vous|you are)\b.{0,40}$"
)
_BEFORE: Final = re.compile(r"\b(deja|avant|propose|already|ever|before)\b")


def groups(given: Given, asked: Sequence[Asked]) -> list[Grouping]:
    """The grouping of each export. A file alone is looked at for a column that says who has a mentor."""
    named = [_of_words(_words(file), _NAMED) for file in given.files]
    found = []
    for place, export in enumerate(given.exports):
        by_column = _by_column(export) if not named[place] else None
        headings = [fold(each.name) for one in asked for each in one.fields if each.export == place]
        group = named[place] or _of_headings(headings)
        found.append(by_column or Grouping(group, sure=bool(named[place])))
    return _completed(found)


def _words(file: str) -> str:
    return " ".join(re.findall(r"[a-z]+|\d+", fold(PurePosixPath(file).stem)))


def _of_words(words: str, known: Sequence[tuple[str, str]]) -> str:
    return next((group for group, pattern in known if re.search(pattern, words)), "")


def _of_headings(headings: Sequence[str]) -> str:
    counted = {group: sum(bool(re.search(pattern, one)) for one in headings) for group, pattern in _ASKED}
    best = max(counted, key=lambda group: counted[group])
    return best if counted[best] > 0 else ""


def _completed(found: list[Grouping]) -> list[Grouping]:
    """A file that nothing tells is mentored; beside one that is, it is not."""
    known = {one.group for one in found if one.group} | {group for one in found for group in one.answers}
    made = []
    for one in found:
        group = one.group or ("" if one.column else "non_mentored" if "mentored" in known else "mentored")
        known |= {group} - {""}
        made.append(one if one.column else Grouping(group, sure=one.sure))
    return made


def _by_column(export: Export) -> Grouping | None:
    """The column that says the group of each row, where one does: whether one has a mentor, or which one is."""
    for column in export.columns:
        heading = next((one for one in column.headings if _HAS_MENTOR.search(fold(one))), "")
        if heading and column.role != "personal" and not _BEFORE.search(fold(heading)):
            values = _values(export, column, "mentor" in fold(heading) or "parrain" in fold(heading))
            if {"mentored", "non_mentored"} <= values.keys():
                return Grouping(column=column.heading, answers=values)
    return None


def _values(export: Export, column: Column, asks_mentor: bool) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    offered = [answer for answer in answers(export, column) if answer.count >= FEWEST or fold(answer.text) in YES | NO]
    for answer in offered:
        words = " ".join(re.split(r"[^a-z0-9]+", fold(answer.text)))
        group = _of_words(words, _NAMED)
        if not group and asks_mentor:
            group = _of_words(
                words, (("mentored", r"^(oui|yes|1|true|vrai)\b"), ("non_mentored", r"^(non|no|0|false|faux)\b"))
            )
        if group:
            found.setdefault(group, []).append(answer.text)
    return {group: tuple(found[group]) for group in SOURCE_GROUPS if group in found}


def telling(asked: Sequence[Asked], grouped: Sequence[Grouping]) -> set[str]:
    """The questions that say the group itself: all of one group give one answer, and a figure of it says nothing."""
    columns = {(place, fold(one.column)) for place, one in enumerate(grouped) if one.column}
    return {
        one.id
        for one in asked
        for each in one.fields
        if any((each.export, fold(column.heading)) in columns for column in each.all)
    }


def of_rows(export: Export, grouping: Grouping) -> "pd.Series[str]":
    """The group of each row, "" for one that the column puts in none."""
    index = export.cells.index
    if not grouping.column:
        return pd.Series(grouping.group, index, dtype=object)
    column = next(one for one in export.columns if one.heading == grouping.column)
    known = {fold(value): group for group, said in grouping.answers.items() for value in said}
    cells = export.cells[column.position].astype(object)
    return cells.map(lambda cell: known.get(fold(column.labels.get(str(cell), str(cell))), ""))
