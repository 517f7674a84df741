"""Which rows of `breakdowns` may leave the room: as many as the joint audit of all printed rows of a question lets.

A row is printed where its group is (in `estimates`, and in the distribution of the question that it is broken down by),
where it stands on enough people and answers itself, and where, with all other printed rows of the question, it leaves
in doubt every group of people that a reader can name (`impact.protect.joint`). All choices of a question in a group
come first, then rows alone, the larger first. That order, and what of it tells of enough people, hang on sizes alone;
answers only say where it stops, so that what is printed and what is not tells little beyond the printed counts.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from impact.model import Results
from impact.protect._layers import FEW_NUMBERS, FEWEST
from impact.protect.joint import Printed, open_to_who_knows_the_rule, safe, tells_of_few, tells_too_few
from impact.sample import BoolArray, IntArray
from impact.study import Indicator, Question, Study
from impact.study.schema import Disclosure

DIGITS: Final = 9  # numbers that differ beyond are the same
KEPT: Final = ("indicator", "dimension", "group", "by", "choice", "level", "interval", "unit", "status")

_Row = tuple[str, str, str]  # within a subject: group, question it is broken down by, choice
_Pairs = set[tuple[str, str]]  # what is printed: (indicator or question, group)


class _Crossed(NamedTuple):
    """What stands on one question (or an index) in one source group: its cells, a smallest group and a choice of each
    breakdown question, and how many `people` of a cell (`place`) gave which answers (`given`)."""

    indicators: Sequence[Indicator]
    source: str
    bys: Sequence[str]
    leaves: Sequence[str]
    choices: Sequence[tuple[str, ...]]
    place: IntArray
    given: Sequence[tuple[float | None, ...]]
    people: IntArray

    def tally(self, inside: Sequence[bool]) -> IntArray:
        """How many people of each cell gave one of the answers marked."""
        found = np.bincount(self.place, self.people * np.asarray(inside), len(self.leaves))
        return found.astype(np.intp)

    def cells(self, group: str, by: str = "", choice: str = "") -> BoolArray:
        """Which cells are of a group and, where a question is named, of those who chose so."""
        chosen = [codes[self.bys.index(by)] == choice for codes in self.choices] if by else True
        return np.array([leaf == group or leaf.startswith(f"{group}_") for leaf in self.leaves]) & chosen


class _Measured(NamedTuple):
    """One thing that rows tell of people: how many of each cell there are, and how many gave each answer (a column).

    `groups` have a printed row of it. Nothing below `least` may be told of an answer. Where the answers exclude each
    other and everyone gave one (`whole`), ranges are asked for as well.
    """

    people: IntArray
    counts: IntArray
    groups: set[str]
    least: int
    whole: bool

    def beside(self, crossed: _Crossed, rows: Sequence[_Row]) -> list[Printed]:
        """What is printed of it: of the groups and, beside them, of these rows."""
        cells = [*map(crossed.cells, sorted(self.groups)), *(crossed.cells(*row) for row in rows)]
        return [Printed(some, some @ self.counts) for some in cells]


def with_safe_breakdowns(results: Results, study: Study) -> pd.DataFrame:
    """The table `breakdowns` whose unsafe rows keep their names and nothing else, `suppressed` whatever the cause: it
    would tell of the figure.

    `results` have `estimates` and `distributions` masked already, and `crossed` still.
    """
    frame = results.breakdowns
    kept: set[tuple[str, ...]] = set()
    for crossed in sorted(_subjects(results, study), key=lambda one: bool(one.indicators[0].items)):  # indices last
        rows = [row for row in _rows(frame, crossed) if _items_kept(crossed, row, kept, study)]
        kept |= {(one.id, *row) for one in crossed.indicators for row in _printable(results, study, crossed, rows)}
    names = zip(*(frame[column] for column in ("indicator", "group", "by", "choice")), strict=True)
    return masked(frame, pd.Series([name in kept for name in names], frame.index, dtype=bool))


def _subjects(results: Results, study: Study) -> Iterator[_Crossed]:
    """Each question, or index, in each source group that was asked."""
    known = study.questionnaire
    source = results.crossed["group"].str.replace(r"^mentored_.*", "mentored", regex=True)
    for (subject, name), rows in results.crossed.groupby(["subject", source], sort=False):
        group = str(name)
        indicators = [one for one in known.indicator if (one.question or one.id) == subject]
        asked = [place for place, one in enumerate(indicators) if group in known.asked_of(one)]
        cells = sorted(set(zip(rows["group"], rows["choices"], strict=True)))
        leaves, choices = zip(*cells, strict=True)
        place = [cells.index(cell) for cell in zip(rows["group"], rows["choices"], strict=True)]
        given = [tuple(answers[i] for i in asked) if answers else () for answers in rows["answers"]]
        yield _Crossed(
            [indicators[i] for i in asked], group, study.analysis.breakdowns, leaves, choices,
            np.array(place), given, rows["count"].to_numpy(dtype=np.intp),
        )  # fmt: skip


def _items_kept(crossed: _Crossed, row: _Row, kept: set[tuple[str, ...]], study: Study) -> bool:
    """Whether all items of an index that were asked there are printed in this row: the one left out would follow."""
    known = study.questionnaire
    items = [known.indicators[item] for one in crossed.indicators for item in one.items]
    return all((one.id, *row) in kept for one in items if crossed.source in known.asked_of(one))


def _rows(frame: pd.DataFrame, crossed: _Crossed) -> list[_Row]:
    """The rows of a subject, each named once whatever its indicators, in the order of the table."""
    ids = {one.id for one in crossed.indicators}
    groups = {group for group in frame["group"].unique() if crossed.cells(group).any()}
    mine = frame[frame["indicator"].isin(ids) & frame["group"].isin(groups)]
    return list(dict.fromkeys(zip(mine["group"], mine["by"], mine["choice"], strict=True)))


def _printable(results: Results, study: Study, crossed: _Crossed, rows: Sequence[_Row]) -> set[_Row]:
    """The rows of a subject that may be printed."""
    rule = study.disclosure
    estimates, spreads = _shown(results.estimates, "indicator"), _shown(results.distributions, "question")
    measured = list(_measures(crossed, study, estimates, spreads))
    able = [
        (group, by, choice) for group, by, choice in rows
        if (by, group) in spreads and all((one.id, group) in estimates for one in crossed.indicators)
        and all(crossed.cells(group, by, choice) @ one.people >= rule.minimum_base for one in measured)
    ]  # fmt: skip
    return _kept(crossed, measured, _planned(crossed, measured, _in_turn(rows, able, crossed), rule), rule)


def _shown(frame: pd.DataFrame, subject: str) -> _Pairs:
    """What is printed whole in a group: of a question, all its answers."""
    pairs = list(zip(frame[subject], frame["group"], strict=True))
    hidden = {pair for pair, status in zip(pairs, frame["status"], strict=True) if status != "shown"}
    return set(pairs) - hidden


# --- what rows tell --------------------------------------------------------------------------------------------------


def _measures(crossed: _Crossed, study: Study, estimates: _Pairs, spreads: _Pairs) -> Iterator[_Measured]:
    """All that a row tells: of the shares of its question, of means and indices, and of who was led past it."""
    rule, question = study.disclosure, study.questionnaire.questions.get(crossed.indicators[0].question)
    name = question.id if question else ""
    ids, least = {one.id for one in crossed.indicators}, 1 if name in rule.not_sensitive else rule.minimum_answer
    groups = {group for one, group in estimates if one in ids and crossed.cells(group).any()}
    told = groups | {group for one, group in spreads if one == name and crossed.cells(group).any()}
    for places, patterns in _patterns(crossed.indicators, question):
        gave = [[bool(given) and tuple(given[i] for i in places) == one for given in crossed.given] for one in patterns]
        yield _exclusive(crossed, gave, told, least)
    for place, one in enumerate(crossed.indicators):
        if one.kind != "share":
            yield _numbers(crossed, place, groups, rule.minimum_base, least)
    if () in crossed.given and question and not {route.question for route in question.only_if} <= set(crossed.bys):
        past = [given == () for given in crossed.given]
        yield _exclusive(crossed, [past, [not one for one in past]], groups, rule.minimum_answer)


def _patterns(
    indicators: Sequence[Indicator], question: Question | None
) -> Iterator[tuple[list[int], list[tuple[float, ...]]]]:
    """The shares of a question and what its answers make of them: of one answer a person all shares together, since
    what they leave over is told too; else a share alone, yes or no."""
    shares = [place for place, one in enumerate(indicators) if one.kind == "share"]
    if question and question.kind == "single" and shares:
        codes = [*question.codes, *(["other"] if question.other else [])]
        counted = [tuple(float(code in indicators[place].counts) for place in shares) for code in codes]
        yield shares, list(dict.fromkeys([*counted, *([(0.0,), (1.0,)] if len(shares) == 1 else [])]))
        return
    for place in shares:
        yield [place], [(1.0,), (0.0,)]


def _exclusive(crossed: _Crossed, gave: Sequence[Sequence[bool]], groups: set[str], least: int) -> _Measured:
    counts = np.column_stack([crossed.tally(inside) for inside in gave])
    return _Measured(counts.sum(axis=1), counts, groups, least, whole=True)


def _numbers(crossed: _Crossed, place: int, groups: set[str], base: int, least: int) -> _Measured:
    """A mean is told of enough people, enough of whom are not at any one number; of few numbers it tells the counts."""
    scores = [given[place] if given else None for given in crossed.given]
    values = [None if score is None else round(score, DIGITS) for score in scores]
    different = sorted({value for value in values if value is not None})
    if FEWEST <= len(different) <= FEW_NUMBERS:
        return _exclusive(crossed, [[one == value for one in values] for value in different], groups, least)
    people = crossed.tally([value is not None for value in values])
    alike = [people - crossed.tally([one is not None and one != value for one in values]) for value in different]
    others = [people - same for same in alike if same.sum() > base - least]  # fewer leave enough beside them
    return _Measured(people, np.column_stack([people, *others]), groups, least, whole=False)


# --- what is kept ----------------------------------------------------------------------------------------------------


def _in_turn(rows: Sequence[_Row], able: Sequence[_Row], crossed: _Crossed) -> list[list[_Row]]:
    """What is added one after the other: the choices of a question in a group, where all that someone made can stand;
    then rows alone, by decreasing size."""
    together: dict[tuple[str, str], list[_Row]] = {}
    for group, by, choice in rows:
        if crossed.cells(group, by, choice).any():
            together.setdefault((group, by), []).append((group, by, choice))
    whole = [same for same in together.values() if set(same) <= set(able)]
    people = crossed.tally([True] * len(crossed.given))
    return [*whole, *([row] for row in sorted(able, key=lambda row: -int(crossed.cells(*row) @ people)))]


def _planned(
    crossed: _Crossed, measured: Sequence[_Measured], turns: Sequence[Sequence[_Row]], rule: Disclosure
) -> list[list[_Row]]:
    """What would be printed if all answered alike: what tells of nobody but of enough people. By sizes alone, which are
    no secret: the plan tells nothing of answers."""
    planned: list[list[_Row]] = []
    sized = {(one.people.tobytes(), *sorted(one.groups)): one for one in measured}.values()
    for turn in turns:
        before = _all(planned)
        more = [row for row in turn if row not in before]
        told = ((one.people, one.beside(crossed, [*before, *more])) for one in sized)
        if more and not any(tells_of_few(people, printed, rule.minimum_base) for people, printed in told):
            planned.append(more)
    return planned


def _all(turns: Sequence[Sequence[_Row]]) -> list[_Row]:
    return [row for turn in turns for row in turn]


def _kept(
    crossed: _Crossed, measured: Sequence[_Measured], planned: Sequence[Sequence[_Row]], rule: Disclosure
) -> set[_Row]:
    """As much of the plan, from its beginning, as can be printed together.

    None where what is printed already leaves too little doubt of those who chose this or that, or where it would tell
    too much that the plan stops there.
    """
    if not planned:
        return set()
    asked = _nameable(crossed)
    fits, over = -1, len(planned) + 1  # how many turns can be printed; the fewest that cannot
    turns = len(planned)
    while over - fits > 1:
        if _in_doubt(crossed, measured, _all(planned[:turns]), asked, rule):
            fits = turns
        else:
            over = turns
        turns = (fits + over) // 2
    kept = _all(planned[: max(fits, 0)])
    if fits < 1 or fits == len(planned) or _open(crossed, measured, (kept, planned[fits]), asked, rule):
        return set(kept)
    return set()


def _open(
    crossed: _Crossed, measured: Sequence[_Measured], parted: tuple[Sequence[_Row], Sequence[_Row]],
    asked: BoolArray, rule: Disclosure,
) -> bool:  # fmt: skip
    """Whether small groups stay in doubt for who knows that the first rows are printed and the next could not be."""
    kept, refused = parted
    cells = [crossed.cells(*row) for row in refused]
    rests = [crossed.cells(group) & ~some for (group, _, _), some in zip(refused, cells, strict=True)]
    for one in (one for one in measured if one.whole):
        if not _in_doubt(crossed, [one], [*kept, *refused], asked, rule):
            people = asked @ one.people
            small = np.unique(asked[(people > 0) & (people < rule.minimum_base)], axis=0)
            printed = one.beside(crossed, kept)
            if not open_to_who_knows_the_rule(one.people, printed, np.array([*cells, *rests]), small, one.least):
                return False
    return True


def _in_doubt(
    crossed: _Crossed, measured: Sequence[_Measured], rows: Sequence[_Row], asked: BoolArray, rule: Disclosure
) -> bool:
    """Whether the rows, beside those of the groups, leave each thing measured in doubt."""
    for one in measured:
        printed = one.beside(crossed, rows)
        if one.whole and not safe(one.people, printed, asked, rule.minimum_base, one.least):
            return False
        if not one.whole and tells_too_few(one.people, printed, rule.minimum_base, one.least):
            return False
    return True


def _nameable(crossed: _Crossed) -> BoolArray:
    """The groups of people that a reader can name: some of the smallest groups, all their people or those who chose so,
    or not so; and who chose this and that and that."""
    names = sorted(set(crossed.leaves))
    unions = [some for size in range(1, len(names) + 1) for some in combinations(names, size)]
    places = [np.isin(crossed.leaves, some) for some in unions]
    choices = np.array(crossed.choices, dtype=object)
    chosen = [column == code for column in choices.T for code in sorted(set(column))]
    parts = [np.ones(len(choices), dtype=np.bool_), *chosen, *(~one for one in chosen)]
    exact = [(choices == codes).all(axis=1) for codes in sorted(set(crossed.choices))]
    return np.array([place & part for place in places for part in (*parts, *exact)])


def masked(frame: pd.DataFrame, kept: "pd.Series[bool]") -> pd.DataFrame:
    """The frame with every figure of the other rows blank; one that nobody answered is masked as any other."""
    figures = [column for column in frame.columns if column not in KEPT]
    blank = frame.assign(status=pd.Series("suppressed", frame.index, dtype=object).mask(kept, "shown"))
    return blank.assign(**{column: frame[column].where(kept) for column in figures})
