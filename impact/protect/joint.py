"""What printed rows tell, together, of rows that are not printed: a joint audit of linked tables.

A cell is the smallest group that a reader can tell apart (girls mentored for more than six months, say); a row adds up
some cells. The reader is taken to know how many people are in every cell, and from a printed row how many of its people
gave each answer, whatever the digits printed. Every table of whole numbers that would print the same rows is then as
good as the true one, and what is told of a row that is not printed is its smallest and largest count over all those
tables: two integer programs (Fischetti & Salazar 2001; Hundepool et al. 2012, ch. 4). One at a time, tables that each
look safe are not (Dobra & Fienberg 2000).
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from impact.sample import BoolArray, FloatArray, IntArray

CLOSE: Final = 1e-7  # of a whole number, as the solver means it
CANDIDATES: Final = 3  # counts that stay open to who knows how rows are chosen
NEXT: Final = 2  # two counts that are next to each other leave next to nothing open


class Printed(NamedTuple):
    """A printed row: which cells it adds up, and how many of its people gave each answer, one answer a person."""

    cells: BoolArray
    counts: IntArray


def ranges(sizes: IntArray, published: Sequence[Printed], asked: BoolArray) -> tuple[IntArray, IntArray]:
    """The fewest and the most people of each row asked about who may have given each answer, given what is printed.

    `sizes`: people a cell, (cells,). `published`: rows whose counts add up to their people, at least one. `asked`:
    which cells each row adds up, (rows, cells). Both arrays returned are (rows, answers), and both ends are reached by
    a table that prints the same. Yes and no are two answers. ValueError where no table prints these rows.
    """
    tables = _Tables(sizes, published)
    found = _Found(asked, asked @ sizes, tables.answers)
    for cells in asked:
        for answer in range(1 if tables.answers == 2 else tables.answers):  # yes tells no
            found.add(tables.fewest(cells, answer), tables.most(cells, answer))
    return found.low, found.high


def safe(sizes: IntArray, published: Sequence[Printed], asked: BoolArray, base: int, answer: int) -> bool:
    """Whether printed rows leave every group of people in doubt that they must.

    Whatever set of cells they tell exactly has at least `base` people and `answer` of each answer. Each row asked about
    that has fewer people than `base` may have from its fewest to its most a range of `answer`, and of two at the least
    (of all its people, where it has fewer); a larger one is not forced to have fewer than `answer` of any answer.
    Arguments as of `ranges`.
    """
    if not published:
        return True
    if tells_too_few(sizes, published, base, answer):
        return False
    asked = np.unique(asked[asked @ sizes > 0], axis=0)
    return _in_doubt(_Tables(sizes, published), asked, base, answer)


def open_to_who_knows_the_rule(
    sizes: IntArray, published: Sequence[Printed], refused: BoolArray, asked: BoolArray, answer: int
) -> bool:
    """Whether each row asked about may still have CANDIDATES counts of each answer (or any, where it has few people)
    for who knows, beside what is printed, that one of the rows `refused` was not printed for what it would have told.

    A count is open where a table prints the same, has it, and has fewer than `answer` of an answer in a refused row.
    Arguments as of `ranges`, `refused` being (rows, cells).
    """
    for which in range(1 if published[0].counts.size == 2 else published[0].counts.size):
        rows = [_of_one(row, which) for row in published]
        seen: list[set[int]] = [set() for _ in asked]
        for place, cells in enumerate(asked):
            wanted = min(CANDIDATES, int(cells @ sizes) + 1)
            for count in range(int(cells @ sizes) + 1):
                if len(seen[place]) >= wanted:
                    break
                if count not in seen[place]:
                    table = _refusing(
                        sizes, [*rows, Printed(cells, np.array([count, cells @ sizes - count]))], refused, answer
                    )
                    for found, row in zip(seen, asked if table is not None else [], strict=False):
                        found.add(int(row @ table))
            if len(seen[place]) < wanted:
                return False
    return True


def _of_one(row: Printed, which: int) -> Printed:
    """The row of one answer and all others together."""
    count = row.counts[which]
    return Printed(row.cells, np.array([count, row.counts.sum() - count]))


def _refusing(sizes: IntArray, published: Sequence[Printed], refused: BoolArray, answer: int) -> IntArray | None:
    """How many of each cell say yes in a table that prints these rows and for which a row would be refused, if any."""
    tables = _Tables(sizes, published)
    for cells in refused[refused @ sizes > 0]:
        for which in (0, 1):
            try:
                table = tables.fewest(cells, which)
            except ValueError:
                return None
            if cells @ table[:, which] < answer:
                return table[:, 0]
    return None


def tells_too_few(sizes: IntArray, published: Sequence[Printed], base: int, answer: int) -> bool:
    """Whether sums and differences of printed rows tell exactly the counts of some set of cells that has fewer than
    `base` people, or fewer than `answer` of any answer.

    One integer program each, over every such set, named by a reader or not: the remainders of any rows are among them.
    """
    if tells_of_few(sizes, published, base):
        return True
    patterns, _ = _patterns(sizes, published)
    return any(_told_below(patterns, counts, answer) for counts in np.array([row.counts for row in published]).T)


def tells_of_few(sizes: IntArray, published: Sequence[Printed], base: int) -> bool:
    """The same of people alone, whatever they answered."""
    patterns, people = _patterns(sizes, published)
    return _told_below(patterns, patterns @ people, base)


def _patterns(sizes: IntArray, published: Sequence[Printed]) -> tuple[BoolArray, IntArray]:
    """Which rows hold the cells that no row tells apart, (rows, kinds of cells), and how many people these have."""
    members, kept = np.array([row.cells for row in published]), sizes > 0
    patterns, place = np.unique(members[:, kept], axis=1, return_inverse=True)
    return patterns, np.bincount(place.ravel(), sizes[kept]).astype(np.intp)


def _told_below(patterns: BoolArray, counts: IntArray, least: int) -> bool:
    """Whether a sum of rows, some taken away, is a set of cells, each in it once or not, with a count below `least`."""
    rows, cells = patterns.shape
    inside = np.arange(cells + rows) < cells  # then how often each row is added, or taken away
    same = np.hstack([np.eye(cells), -patterns.T.astype(float)])
    count = np.append(np.zeros(cells), counts).astype(np.float64)
    low, high = np.zeros(cells + 2), np.append(np.zeros(cells), [np.inf, least - 1])
    low[-2:] = 1, -np.inf  # some cell is in it, and its count is too low
    held = LinearConstraint(sparse.csc_array(np.vstack([same, inside, count])), low, high)
    limits = Bounds(np.where(inside, 0, -np.inf), np.where(inside, 1, np.inf))
    return _solved(count, inside, limits, held) is not None


class _Tables:
    """All tables of counts, (cells, answers), that print the same rows. The last answer is what the others leave."""

    def __init__(self, sizes: IntArray, published: Sequence[Printed]) -> None:
        self.sizes = sizes
        self.members = np.array([row.cells for row in published], dtype=np.float64)
        self.counts = np.array([row.counts for row in published], dtype=np.float64)
        self.answers = self.counts.shape[1]

    @cached_property
    def constraint(self) -> LinearConstraint:
        """What is told of the rows, answer by answer; and that no more people of a cell answer than there are."""
        told, width = self.counts[:, :-1].T.ravel(), self.answers - 1
        rows = sparse.kron(sparse.eye(width), self.members)
        cells = sparse.kron(np.ones((1, width)), sparse.eye(self.sizes.size))
        both = sparse.csc_array(sparse.vstack([rows, cells]))
        return LinearConstraint(both, np.append(told, np.zeros(self.sizes.size)), np.append(told, self.sizes))

    def most(self, weight: FloatArray | BoolArray, answer: int) -> IntArray:
        """A table with as many of an answer as may be, cells counted by weight."""
        return self._extreme(-self._weights(weight, answer))

    def fewest(self, weight: FloatArray | BoolArray, answer: int) -> IntArray:
        """A table with as few of an answer as may be, cells counted by weight."""
        return self._extreme(self._weights(weight, answer))

    def _weights(self, weight: FloatArray | BoolArray, answer: int) -> FloatArray:
        if answer == self.answers - 1:
            return -np.tile(np.asarray(weight, dtype=np.float64), answer)
        weights = np.zeros((self.answers - 1, self.sizes.size))
        weights[answer] = weight
        return weights.ravel()

    def _extreme(self, cost: FloatArray) -> IntArray:
        upper = np.tile(self.sizes, self.answers - 1)
        found = _solved(cost, np.ones(cost.size, dtype=np.bool_), Bounds(0, upper), self.constraint)
        if found is None:
            raise ValueError("no table of whole numbers prints these rows")
        table = np.rint(found).astype(np.intp).reshape(self.answers - 1, -1)
        return np.vstack([table, self.sizes - table.sum(axis=0)]).T


def _solved(cost: FloatArray, whole: BoolArray, bounds: Bounds, constraint: LinearConstraint) -> FloatArray | None:
    """Where the cost is least, the variables marked `whole` being whole numbers; None where nothing fits.

    A linear program first: what it finds is often whole, and then is the least of whole numbers too.
    """
    relaxed = milp(cost, bounds=bounds, constraints=constraint)
    if relaxed.x is None or _is_whole(relaxed.x[whole]):
        return None if relaxed.x is None else np.asarray(relaxed.x)
    found = milp(cost, integrality=whole.astype(np.intp), bounds=bounds, constraints=constraint)
    return None if found.x is None else np.asarray(found.x)


def _is_whole(numbers: FloatArray) -> bool:
    return bool((np.abs(numbers - np.rint(numbers)) < CLOSE).all())


def _in_doubt(tables: _Tables, asked: BoolArray, base: int, answer: int) -> bool:
    """Whether each row asked about keeps its range. A table found for one row often does for others: few are sought."""
    people = asked @ tables.sizes
    found, together = _Found(asked, people, tables.answers), (asked / people[:, None]).sum(axis=0)
    for which in range(tables.answers - 1):
        found.add(tables.fewest(together, which), tables.most(together, which))
    while (unsure := np.argwhere(~found.held(base, answer))).size:
        row, which = unsure[0]
        found.add(tables.fewest(asked[row], which), tables.most(asked[row], which))
        if not found.held(base, answer)[row, which]:
            return False
    return True


class _Found:
    """The fewest and the most of each answer in each row asked about, over the tables found so far."""

    def __init__(self, asked: BoolArray, people: IntArray, answers: int) -> None:
        self.asked = asked
        self.people = people[:, None]
        self.low = np.repeat(self.people, answers, axis=1)
        self.high = np.zeros_like(self.low)

    def add(self, *tables: IntArray) -> None:
        for table in tables:
            counts = self.asked @ table
            self.low, self.high = np.minimum(self.low, counts), np.maximum(self.high, counts)

    def held(self, base: int, answer: int) -> BoolArray:
        """Whether these tables leave enough doubt, by row and answer."""
        wide = self.high - self.low >= np.minimum(self.people, max(answer, NEXT))
        open_ended = (self.high >= answer) & (self.low <= self.people - answer)
        return np.where(self.people < base, wide, open_ended)
