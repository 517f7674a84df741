"""Who answered: the group of each row, the rows set aside and why, the design of the sample."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import pandas as pd

from impact.errors import ImpactError
from impact.loaders.pointers import Pointers, no_column
from impact.matching import fold
from impact.model import SOURCE_GROUPS, Column, Export, Values
from impact.normalise._reading import Problem, showable
from impact.normalise.duplicates import same_respondent, superfluous
from impact.study import Source, Study
from impact.study.schema import GroupColumn

_SHOWN_ROWS = 5


class Sorted(NamedTuple):
    """The rows of one export: the group of each kept row, the reason of each dropped one, and problems."""

    groups: "pd.Series[str]"
    dropped: dict[int, str]
    problems: list[Problem]
    used: tuple[Column, ...]  # columns read to sort the rows


def sort_rows(export: Export, source: Source, identifier: str) -> Sorted:
    """Every row of an export into a group or out with a reason: rows in = kept + dropped."""
    pointers = Pointers(export)
    dropped = dict(export.left_out)
    used: list[Column] = []
    in_vain: list[Problem] = []
    for entry in source.drop_rows:
        rows, columns = _rows_named(export, pointers, entry.rows, entry.column, entry.is_)
        dropped |= dict.fromkeys(rows, entry.reason)
        used += columns
        if not rows:  # a slip in the answer, or a new export in which nobody gives it
            in_vain.append(Problem(None, columns[0], showable(", ".join(entry.is_)), "drops_nobody", "nothing"))
    index = export.cells.index
    remaining = index[~index.isin(list(dropped))]
    doubles = superfluous(export, source, remaining, identifier)
    dropped |= dict.fromkeys(doubles, "duplicate")
    remaining = remaining.difference(doubles, sort=False)
    if isinstance(source.group, str):
        return Sorted(pd.Series(source.group, remaining, dtype=object), dropped, in_vain, tuple(used))
    groups, problems, columns = _group_of_rows(export, pointers, source.group)
    groups = groups.loc[remaining]
    outside = groups.index[groups == ""]
    dropped |= dict.fromkeys(outside, "no_group")
    kept = set(remaining) - set(outside)
    told = [problem for problem in problems if problem.row in set(remaining)]
    return Sorted(groups.loc[groups.index.isin(kept)], dropped, [*in_vain, *told], (*used, *columns))


def _rows_named(
    export: Export, pointers: Pointers, rows: Iterable[int], heading: str, values: Iterable[str]
) -> tuple[list[int], list[Column]]:
    """The rows that an entry of `drop_rows` names, by number or by what a column says."""
    named = list(rows)
    for row in named:
        if row not in export.cells.index and row not in export.left_out:
            raise ImpactError("normalise_no_row", file=export.source, row=row)
    if not heading:
        return named, []
    columns = _columns_at(export, pointers, [heading])
    known = {fold(value) for value in values}
    fits = pd.concat([_said(export, column).map(known.__contains__) for column in columns], axis=1).any(axis=1)
    return [*named, *export.cells.index[fits]], columns


def _group_of_rows(
    export: Export, pointers: Pointers, group: GroupColumn
) -> "tuple[pd.Series[str], list[Problem], list[Column]]":
    """The group each row says, "" where it says none; two groups at once is a problem and no group."""
    names = [group.column] if isinstance(group.column, str) else list(group.column)
    columns = _columns_at(export, pointers, names)
    values = {fold(value): name for name in SOURCE_GROUPS for value in getattr(group, name)}
    texts = pd.concat([_said(export, column) for column in columns], axis=1)
    _refuse_unmet_groups(export, columns[0], group, texts)
    said = texts.map(lambda text: values.get(text, ""))
    found = said.apply(lambda row: sorted(set(row) - {""}), axis=1) if len(columns) > 1 else None
    if found is None:
        return said.iloc[:, 0], [], columns
    groups = found.map(lambda names: names[0] if len(names) == 1 else "")
    twice = [Problem(int(row), columns[0], "", "two_groups", "dropped") for row in found.index[found.map(len) > 1]]
    return groups, twice, columns


def _refuse_unmet_groups(export: Export, column: Column, group: GroupColumn, texts: pd.DataFrame) -> None:
    """A group nobody is in, where others answer what the study does not know, is a slip: never an empty group."""
    known = {name: {fold(value) for value in getattr(group, name)} for name in SOURCE_GROUPS}
    strange = set(texts.to_numpy().ravel()) - {""} - set().union(*known.values())
    for name, wanted in known.items():
        if strange and wanted and not texts.isin(wanted).any(axis=None):
            found = export.cells[column.position].map(lambda value: column.labels.get(value, value)).value_counts()
            told = found.head(0 if column.personal else _SHOWN_ROWS)
            listed = " · ".join(f"« {showable(str(value))} » {count}" for value, count in told.items()) or "—"
            raise ImpactError(
                "normalise_group_unmet", file=export.source, column=column.letter, heading=column.heading, group=name,
                wanted=", ".join(getattr(group, name)), found=listed,
            )  # fmt: skip


def _said(export: Export, column: Column) -> "pd.Series[str]":
    """What a column says, folded: its value label where it has one."""
    cells = export.cells[column.position]
    texts = {value: fold(column.labels.get(value, value)) for value in cells.unique()}
    return cells.map(texts).astype(object)


def _columns_at(export: Export, pointers: Pointers, names: Iterable[str]) -> list[Column]:
    found = []
    for name in names:
        columns = pointers.at([name])
        if not columns:
            raise no_column(export, name)
        found += columns
    return found


def flow_of(export: Export, sorted_rows: Sorted) -> list[tuple[str, str, str, str, int]]:
    """`received`, `dropped` by reason, `kept` by group: received = dropped + kept, or the program is at fault."""
    received = len(export.cells) + len(export.left_out)
    reasons = pd.Series(list(sorted_rows.dropped.values()), dtype=object).value_counts(sort=False)
    kept = sorted_rows.groups.value_counts()
    assert received == reasons.sum() + kept.sum(), export.source
    lines = [(export.source, "", "received", "", received)]
    lines += [(export.source, "", "dropped", str(reason), int(count)) for reason, count in sorted(reasons.items())]
    return lines + [(export.source, group, "kept", "", int(kept[group])) for group in SOURCE_GROUPS if group in kept]


def refuse_unknown_identifier(exports: Sequence[Export], identifier: str) -> None:
    """ImpactError where the study names an identifier that no file holds: duplicates would go unseen."""
    if identifier and not any(Pointers(export).at([identifier]) for export in exports):
        raise no_column(exports[0], identifier)


def repeated(export: Export, source: Source, identifier: str, groups: "pd.Series[str]") -> list[Problem]:
    """Respondents whose identifier another kept row bears too, unless the study says that this was looked at.

    The identifier itself is never told.
    """
    columns = Pointers(export).at([identifier]) if identifier else []
    if not columns or source.keep_duplicate == "all":
        return []
    twice = same_respondent(export, groups.index, identifier)
    return [Problem(int(row), columns[0], "", "identifier_twice", "kept") for row in twice.index]


def with_design(study: Study, people: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """People with `weight`, `stratum` and `cluster`. ImpactError where one is missing, or a weight is not above 0."""
    design = study.design
    weight = _design_column(study, people, answers, design.weight, "weight") if design.weight else None
    if weight is not None:
        weight = weight.astype(float)
        _refuse(people, weight <= 0, "normalise_weight_not_positive", design.weight)
    stratum = _design_column(study, people, answers, design.stratum, "stratum") if design.stratum else ""
    cluster = _design_column(study, people, answers, design.cluster, "cluster") if design.cluster else ""
    people = people.assign(weight=1.0 if weight is None else weight, stratum=stratum, cluster=cluster)
    if design.stratum and design.cluster:
        people = _nested(study, people)
    return people


def _design_column(study: Study, people: pd.DataFrame, answers: pd.DataFrame, question: str, role: str) -> Values:
    if question not in answers:
        raise ImpactError("normalise_design_no_column", question=question, role=f"[design] {role}")
    values = answers[question]
    _refuse(people, values.isna(), "normalise_design_missing", question)
    return values if study.question(question).kind == "number" and role == "weight" else values.map(as_code)


def as_code(value: object) -> str:
    """A code as it is written: nine-digit numbers of establishments keep every digit."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _refuse(people: pd.DataFrame, faulty: "pd.Series[bool]", key: str, question: str) -> None:
    if faulty.any():
        where = people.loc[faulty, ["source", "row"]]
        rows = ", ".join(f"{source} {row}" for source, row in where.head(_SHOWN_ROWS).itertuples(index=False))
        raise ImpactError(key, question=question, count=int(faulty.sum()), rows=rows)


def _nested(study: Study, people: pd.DataFrame) -> pd.DataFrame:
    if study.design.nested:
        return people.assign(cluster=people["stratum"] + " / " + people["cluster"])
    strata = people.groupby("cluster")["stratum"].nunique()
    if (strata > 1).any():
        raise ImpactError("normalise_cluster_two_strata", cluster=strata.index[strata > 1][0])
    return people
