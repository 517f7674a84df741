"""What a column is for: a question's, the tool's own, or one that may lead to someone."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from impact.loaders import personal
from impact.loaders.tools import Tool, tools
from impact.matching import fold
from impact.model import NOTHING, Column, Export

LOOKED_AT: Final = 50  # different texts of a column
FEWEST_MARKS: Final = 4  # of a tool's own columns, by which a file that carries its labels is known as that tool's


def with_roles(columns: tuple[Column, ...], known: Mapping[str, str]) -> tuple[Column, ...]:
    """Columns with the role that their headings say: the tool's own (`known`) before what holds everywhere."""
    patterns = [(personal.heading_pattern(name), role) for name, role in known.items()]
    return tuple(column if column.role else replace(column, role=_role(column, patterns)) for column in columns)


def told_by_cells(export: Export) -> tuple[Column, ...]:
    """Columns, personal where they hold addresses, telephone or account numbers, whatever their heading."""
    return tuple(
        replace(column, role="personal") if not column.role and _leads_to_someone(export, column) else column
        for column in export.columns
    )


def _leads_to_someone(export: Export, column: Column) -> bool:
    texts = export.cells[column.position].cat.categories[:LOOKED_AT]
    return personal.mostly([text for text in texts if text.strip()])


def of_labelled(export: Export) -> Export:
    """The roles of a file that carries its own labels: those of its tool, or of the one most like it, if any."""
    named = _named(export)
    return replace(named, columns=told_by_cells(named))


def _named(export: Export) -> Export:
    if export.tool:
        tool = tools()[export.tool]
        return finished(replace(export, columns=with_roles(export.columns, tool.roles)), tool)
    names = {fold(heading) for column in export.columns for heading in column.headings}
    counted = {name: sum(fold(mark) in names for mark in tool.roles) for name, tool in tools().items()}
    best = max(counted, key=lambda name: counted[name], default="")
    if not best or counted[best] < FEWEST_MARKS:
        return replace(export, columns=with_roles(export.columns, NOTHING))
    return finished(replace(export, tool=best, columns=with_roles(export.columns, tools()[best].roles)), tools()[best])


def finished(export: Export, tool: Tool) -> Export:
    """What a tool's rows tell, and which of its columns dates each answer."""
    positions = {fold(heading): column.position for column in export.columns for heading in column.headings}
    dated = next((positions[fold(name)] for name in tool.answered_on if fold(name) in positions), None)
    return tool.finish(replace(export, answered_on=dated))


def _role(column: Column, patterns: list[tuple[re.Pattern[str], str]]) -> str:
    names = [fold(heading) for heading in column.headings]
    known = next((role for pattern, role in patterns if any(map(pattern.fullmatch, names))), "")
    return known or ("personal" if personal.is_personal_heading(column.headings) else "")
