"""Of whom each question was asked: by the groups of the files, or the rows, that hold an answer to it."""

from collections.abc import Container, Sequence
from dataclasses import replace
from typing import Final

from impact.drafting.answers import filled_by
from impact.drafting.draft import Asked, Given, Grouping
from impact.drafting.groups import of_rows
from impact.model import SOURCE_GROUPS

FEWEST_ROWS: Final = 10  # of a group: among fewer, nobody's having answered says nothing


def asked_of(given: Given, asked: Sequence[Asked], grouped: Sequence[Grouping]) -> tuple[list[Asked], list[list[str]]]:
    """The questions with their groups, and for each export those that it lacks though it is of such a group.

    Where the group of one of several files is not sure, questions name no group: the file that lacks one says so, and
    the person may then change a group in one place.
    """
    everyone = {group for one in grouped for group in one.groups}
    sure = len(grouped) == 1 or all(one.sure or one.column for one in grouped)
    made = [replace(one, groups=_groups(given, one, grouped, everyone) if sure else ()) for one in asked]
    absent = [
        [
            one.id
            for one in made
            if all(each.export != place for each in one.fields)
            and (not one.groups or set(one.groups) & set(grouping.groups))
        ]
        for place, grouping in enumerate(grouped)
    ]
    return made, absent


def _groups(given: Given, one: Asked, grouped: Sequence[Grouping], everyone: set[str]) -> tuple[str, ...]:
    held = {group for place in one.awaited for group in grouped[place].groups}
    for each in one.fields:
        grouping, export = grouped[each.export], given.exports[each.export]
        if not grouping.column:
            held.add(grouping.group)
            continue
        rows = of_rows(export, grouping)
        sizes, filled = rows.value_counts(), filled_by(export, each.all, rows)
        held |= {group for group in grouping.groups if filled.get(group, 0) or sizes.get(group, 0) < FEWEST_ROWS}
    return () if held >= everyone else tuple(group for group in SOURCE_GROUPS if group in held)


def without(absent: Sequence[Sequence[str]], aside: Container[str]) -> list[list[str]]:
    """The questions that each export lacks, those set aside left out."""
    return [[name for name in names if name not in aside] for names in absent]
