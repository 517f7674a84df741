"""Covariates set side by side, pair by pair of groups: which of them may be shown, and in which groups.

In each pair the answers that are rare in either group stand with the most common one, so that the same group is told by
more or less fine answers. Each such set of answers is judged by itself, on all the groups that it is known of, among
those who answered: how many did not is told beside every figure.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from impact.model import MISSING_CATEGORY, WEIGHED, WITH_RARE
from impact.protect._blocks import Variable, safe
from impact.protect._layers import FEW_NUMBERS, FEWEST, Counts, Pairs, Shown
from impact.protect._tree import Rows, Tree, blocks, choices
from impact.sample import BoolArray

Parts = Mapping[str, str]  # code of an answer -> the one that it is counted with


class Told(NamedTuple):
    """One set of answers, the groups of a tree that it is printed of, and which sets of leaves may be a block of it."""

    parts: Parts
    groups: Rows
    ok: BoolArray


def shown_covariates(balance: pd.DataFrame, counts: Counts, shown: Shown) -> Pairs:
    """(covariate, group) of those that may be shown as they are; what is adjusted follows."""
    crude = balance[(balance["adjustment"] == "none") & (balance["status"] == "shown")]
    found: Pairs = set()
    for covariate, rows in crude.groupby("covariate", sort=False):
        name = str(covariate)
        for tree in counts.trees:
            told = [one for one in _told(name, rows, tree, counts) if one.groups]
            found |= {(name, row) for row in _chosen(name, tree, told, counts, shown)}
    return found


def _told(covariate: str, rows: pd.DataFrame, tree: Tree, counts: Counts) -> list[Told]:
    layer, rule = counts.layers.get(("covariate", covariate), {}), counts.rule(covariate)
    number = counts.study.question(covariate).kind == "number"
    of_one_weight = counts.named(f"{WEIGHED}covariate", covariate, tree, rule).values()
    weighed = [_as_numbers(one) if number else one for one in of_one_weight]
    found = []
    for (group, reference), some in rows.groupby(["group", "reference"], sort=False):
        groups = frozenset({str(group), str(reference)}) & tree.masks.keys()
        parts = _parts(tuple(some["category"]), layer)
        variables = _merged(counts.named("covariate", covariate, tree, rule), layer, parts)
        if groups and variables:
            found.append(Told(parts, groups, np.logical_and.reduce([safe(one) for one in (*variables, *weighed)])))
    return found


def _parts(categories: tuple[str, ...], layer: Mapping[str, Mapping[str, object]]) -> Parts:
    """With which answer each is counted. Of a number or of several answers a person: those printed, each by itself."""
    told = [one.removesuffix(WITH_RARE) for one in categories if one != MISSING_CATEGORY]
    if len(layer) != 1 or MISSING_CATEGORY in layer or not told:
        return {category: category for category in told}
    base = next((one.removesuffix(WITH_RARE) for one in categories if one.endswith(WITH_RARE)), told[0])
    return {code: code if code in told else base for code in layer[""] if code != MISSING_CATEGORY}


def _merged(variables: Mapping[str, Variable], layer: Mapping[str, object], parts: Parts) -> list[Variable]:
    """The variables as a pair prints them: of one answer a person with its rare ones joined, else the printed ones."""
    if len(layer) != 1 or MISSING_CATEGORY in layer:
        return [_as_numbers(one) if name == "" else one for name, one in variables.items() if name in parts]
    return [_joined(whole, parts) for whole in variables.values()]


def _joined(whole: Variable, parts: Parts) -> Variable:
    names, answered = list(dict.fromkeys(parts.values())), whole.counts[:, : len(parts)]  # the silent stand last
    marks = [[part == name for part in parts.values()] for name in names]
    return whole._replace(counts=answered @ np.array(marks, dtype=np.intp).T)


def _as_numbers(one: Variable) -> Variable:
    return one._replace(numbers=not FEWEST <= one.counts.shape[1] <= FEW_NUMBERS)


def _chosen(covariate: str, tree: Tree, told: list[Told], counts: Counts, shown: Shown) -> Rows:
    """The first set of rows that is safe whatever set of answers one looks at, with what is shown of the question
    elsewhere: of all answers, all are known."""
    printed = frozenset[str]().union(*(one.groups for one in told))
    question = counts.study.question(covariate)
    means = {row for name, row in shown.means if name == covariate}
    coarser = (("figures", {row for name, row in shown.figures if name == covariate}), ("values", means))
    spread = {row for name, row in shown.spreads if name == covariate}
    given = (means if question.kind == "number" else spread) & tree.masks.keys()
    held = [rows for layer, rows in coarser if (layer, covariate) in counts.layers]
    allowed = printed.intersection(*held)
    for rows in choices(tree, allowed):
        if all(_holds(one, told, rows, given, tree) for one in told):
            return rows
    return frozenset()


def _holds(one: Told, told: list[Told], rows: Rows, given: set[str], tree: Tree) -> bool:
    known = {row for other in told if _finer(other.parts, one.parts) for row in other.groups & rows}
    if not known:
        return True
    return all(one.ok[block] for block in blocks([tree.masks[row] for row in known | given]))


def _finer(one: Parts, other: Parts) -> bool:
    """Whether answers told apart by `other` are told apart by `one` as well."""
    joined: dict[str, str] = {}
    return all(joined.setdefault(one.get(code, ""), part) == part for code, part in other.items())
