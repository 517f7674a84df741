"""From counts of people to the rows that may be shown: question by question, the coarser layer first."""

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from impact.indicators import STANDARD
from impact.model import COUNTS, MASKED, WEIGHED, Results
from impact.protect._blocks import Rule, Variable
from impact.protect._choice import Chosen, cause, chosen
from impact.protect._tree import Tree, trees
from impact.study import Indicator, Study

Pairs = set[tuple[str, str]]
Why = dict[tuple[str, str, str], tuple[str, str]]  # (layer, question or index, group) -> (status, cause)
# modality -> group -> people, of one variable; of one layer of one question, by the variable's name.
Counted = Mapping[str, Mapping[str, int]]
Layer = Mapping[str, Counted]

_OF_ANSWERS = ("figures", "values", "spread")
_LAYER_OF = {"share": "figures", "mean": "values"}
_PRIMARY = ("suppressed", "base")
_CLOSED = ("single", "multiple")
_FEWEST_ITEMS = 2
# A mean of so few different numbers, beside its error, tells how many gave each.
FEWEST, FEW_NUMBERS = 2, 3
_OF_A_MEAN = 2  # equations: the mean and its error
# Of fewer people, a mean and its error to the digits that are printed may leave one set of answers alone. Of five
# answers and a share: 13 % of the tries at 30 people, 3 % at 40, 2 % at 50, under 1 % at 60. Of four and no share: none
# at 20, where a tenth left two.
_SOLVED, _SOLVED_ALONE = 60, 30


class Shown(NamedTuple):
    """The rows that may be shown: (question, group) of shares, of means, of all answers, of who found the question none
    for them; (index, group), and of those whose items may be told of together. `why` tells of the hidden ones: (layer,
    question or index, group) -> (status, cause)."""

    figures: Pairs
    means: Pairs
    spreads: Pairs
    silences: Pairs
    indices: Pairs
    reliable: Pairs
    why: Why
    filtered: bool  # whether who was asked what is told of all groups

    def of(self, indicator: Indicator, group: str) -> bool:
        """Whether an indicator is shown in a group."""
        if indicator.kind == "index":
            return (indicator.id, group) in self.indices
        return (indicator.question, group) in (self.figures if indicator.kind == "share" else self.means)


class Counts(NamedTuple):
    """The counts of people by layer and question, the trees of the groups, and the study that says the rule."""

    layers: Mapping[tuple[str, str], Layer]
    trees: tuple[Tree, ...]
    study: Study

    def rule(self, question: str) -> Rule:
        """What a question asks for before it is told: of one that the study calls not sensitive, never all or none."""
        rule = self.study.disclosure
        return Rule(rule.minimum_base, 1 if question in rule.not_sensitive else rule.minimum_answer)

    def named(self, layer: str, question: str, tree: Tree, rule: Rule) -> dict[str, Variable]:
        """The variables of one layer of a question among the leaves of a tree; none where nobody there was asked."""
        found = {}
        for name, counted in self.layers.get((layer, question), {}).items():
            told = [groups for groups in counted.values() if not groups.keys().isdisjoint(tree.leaves)]
            if told:
                counts = np.array([[groups.get(leaf, 0) for groups in told] for leaf in tree.leaves], dtype=np.intp)
                numbers = layer.endswith("values") and not FEWEST <= len(told) <= FEW_NUMBERS
                found[name] = Variable(counts, rule, numbers)
        return found

    def variables(self, layer: str, question: str, tree: Tree, rule: Rule) -> list[Variable]:
        """The same without their names, and those of people of one weight where weighted figures tell of them."""
        told = (self.named(name, question, tree, rule) for name in (layer, f"{WEIGHED}{layer}"))
        return [one for named in told for one in named.values()]


def gathered(results: Results, study: Study) -> Counts:
    """The counts of `results`, laid out."""
    layers: dict[tuple[str, str], dict[str, dict[str, dict[str, int]]]] = {}
    rows = zip(*(results.counts[name].tolist() for name in COUNTS), strict=True)
    for layer, question, variable, modality, group, count in rows:
        counted = layers.setdefault((layer, question), {}).setdefault(variable, {})
        counted.setdefault(modality, {})[group] = count
    return Counts(layers, trees(results.sizes), study)


def judged(counts: Counts) -> Shown:
    """All that may be shown of questions and indices."""
    why: Why = {}
    shown, told = Shown(set(), set(), set(), set(), set(), set(), why, True), True
    for tree in counts.trees:
        routes = _routes(counts, tree)
        told &= all(one.rows == tree.masks.keys() for one in routes.values())
        for question in _questions(counts, tree):
            _judge(counts, tree, question, routes, shown, why)
    for tree in counts.trees:
        for one in counts.study.questionnaire.indicator:
            if one.kind == "index":
                _judge_index(counts, tree, one, shown, why)
    return shown._replace(filtered=told)


def _questions(counts: Counts, tree: Tree) -> Iterator[str]:
    """The questions of which a tree tells something, an index apart."""
    known = counts.study.questionnaire.questions
    for name in dict.fromkeys(question for layer, question in counts.layers if layer in _OF_ANSWERS):
        if name in known and any(counts.variables(layer, name, tree, Rule(1, 1)) for layer in _OF_ANSWERS):
            yield name


def _routes(counts: Counts, tree: Tree) -> dict[str, Chosen]:
    """Of each family of questions that hang on one another, the rows in which who was asked what may be told.

    Where all that decides is called not sensitive, it may be told of all. That nobody was sent past a question may be
    told where a number decides: nothing else shows such a number's answers. A closed question shows its own, and would
    be hidden for an answer that nobody gave; so is then the base of what hangs on it.
    """
    study, found = counts.study, {}
    for layer, head in counts.layers:
        decides = [study.question(name) for name in _deciding(study, head)]
        if layer != "routes" or all(one.id in study.disclosure.not_sensitive for one in decides):
            continue
        rule = counts.rule(head)._replace(answer=study.disclosure.minimum_answer)
        rule = rule._replace(none=not any(one.kind in _CLOSED for one in decides))
        found[head] = chosen(tree, tree.masks, counts.variables(layer, head, tree, rule))
    return found


def _deciding(study: Study, head: str) -> set[str]:
    """The questions that decide, in a family, who is asked the others."""
    questionnaire = study.questionnaire
    return {
        routing.question
        for one in questionnaire.question
        if questionnaire.families[one.id] == head
        for routing in one.only_if
    }


def _judge(
    counts: Counts, tree: Tree, question: str, routes: Mapping[str, Chosen], shown: Shown,
    why: Why,
) -> None:  # fmt: skip
    """One question in one tree: its shares below who was asked it, its mean below its shares, all its answers below."""
    head, rule = counts.study.questionnaire.families[question], counts.rule(question)
    rows, outer = routes[head].rows if head in routes else frozenset(tree.masks), "filter"
    layers = {
        "figures": (shown.figures, counts.variables("figures", question, tree, rule)),
        "values": (shown.means, _means(counts, question, tree)),
        "spread": (shown.spreads, counts.variables("spread", question, tree, rule)),
    }
    any_figure: set[str] = set()
    for layer, (told, variables) in layers.items():
        if not variables:
            continue
        found = chosen(tree, rows, variables)
        told.update((question, row) for row in found.rows)
        for row in tree.masks.keys() - found.rows:
            own = cause(tree, row, variables)
            other = outer if row not in rows else "audit" if found.audited else "remainder"
            why[layer, question, row] = ("suppressed" if own else "suppressed_secondary", own or other)
        rows, outer = found.rows, "question"
        any_figure |= rows if layer != "spread" else set()
    loose = [one._replace(rule=rule._replace(none=True)) for one in counts.variables("silence", question, tree, rule)]
    shown.silences.update((question, row) for row in chosen(tree, any_figure, loose).rows)


def _means(counts: Counts, question: str, tree: Tree) -> list[Variable]:
    """What the mean of a question is judged on.

    Of a scale, the base, the mean, its error and the shares of its answers are so many equations on how many gave each:
    where they are as many as the answers they give them all, and where one is lacking they do for few people. The mean
    then stands only where all answers may be told.
    """
    rule, asked = counts.rule(question), counts.study.question(question)
    values = counts.variables("values", question, tree, rule)
    if not values or asked.kind != "single":
        return values
    spreads = counts.variables("spread", question, tree, rule)
    shares = counts.variables("figures", question, tree, rule)
    scale = {choice.value for choice in asked.choices if choice.value is not None}
    free = len(scale) - (shares[0].counts.shape[1] if shares else 1) - _OF_A_MEAN
    if free > 1:
        return values
    solved = _SOLVED if shares else _SOLVED_ALONE
    return spreads if free < 1 else [*values, *(one._replace(numbers=True, solved=solved) for one in spreads)]


def _judge_index(counts: Counts, tree: Tree, index: Indicator, shown: Shown, why: Why) -> None:
    """An index in one tree: where all its items are shown, in its own group and in the one that they are standardised
    on. From an index and all its items but one, the level of that one would follow."""
    items = [counts.study.questionnaire.indicators[item] for item in index.items]
    variables = counts.variables("values", index.id, tree, counts.rule(index.id))
    if not variables:
        return
    whole = len(items) >= _FEWEST_ITEMS and all(_item_shown(counts, shown, item, STANDARD) for item in items)
    allowed = [row for row in tree.masks if whole and all(_item_shown(counts, shown, item, row) for item in items)]
    # The error of an index of two yes or no tells how many gave both; what is told of the items of any, of so few sets.
    joint = counts.named("items", index.id, tree, counts.rule(index.id))
    joint |= counts.named(f"{WEIGHED}items", index.id, tree, counts.rule(index.id))
    variables += [one for name, one in joint.items() if name.endswith("pair")]
    found = chosen(tree, allowed, variables)
    shown.reliable.update((index.id, row) for row in chosen(tree, found.rows, list(joint.values())).rows)
    shown.indices.update((index.id, row) for row in found.rows)
    for row in tree.masks.keys() - found.rows:
        own = cause(tree, row, variables)
        reason = own or ("index" if row not in allowed else "audit" if found.audited else "remainder")
        why["index", index.id, row] = ("suppressed" if own else "suppressed_secondary", reason)


def _item_shown(counts: Counts, shown: Shown, item: Indicator, group: str) -> bool:
    """Whether an item is shown in a group, or was asked of nobody there."""
    source = "mentored" if group.startswith("mentored_") else group
    asked = source in counts.study.questionnaire.asked_of(item)
    return not asked or group not in _groups(counts) or shown.of(item, group)


def _groups(counts: Counts) -> Collection[str]:
    return [row for tree in counts.trees for row in tree.masks]


def masked(hidden: Pairs, unseen: Pairs, shown: Shown, study: Study) -> pd.DataFrame:
    """One row a hidden (indicator, group) and a hidden (question, group), with its cause."""
    indicators, rows = study.questionnaire.indicators, []
    for name, group in sorted(hidden):
        one = indicators[name]
        layer = ("index", name) if one.kind == "index" else (_LAYER_OF[one.kind], one.question)
        rows.append(("estimates", name, one.question, group, *shown.why.get((*layer, group), _PRIMARY)))
    for name, group in sorted(unseen):
        rows.append(("distributions", name, name, group, *shown.why.get(("spread", name, group), _PRIMARY)))
    return pd.DataFrame(rows, columns=list(MASKED))
