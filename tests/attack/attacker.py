"""An attacker who has the produced tables and nothing of the answers, and looks for the counts that were masked.

The attacker knows the questionnaire, how many people each group holds and, harder, how many people of each leaf
answered each cohort's questions. What is unknown to him is one integer table: people of a leaf by what they answered.
Every printed figure is an equation on it. A masked count that takes one value over all integer tables that fit is
recovered.

An ambiguity is first looked for by an exchange: two people of two leaves who swap their answers. Where no exchange
shows that a count can be another, integer programming gives its least and its greatest value, so that nothing is called
ambiguous or recovered without a proof.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import combinations, permutations, product
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from tests.attack.cohorts import LEAVES, Made, Pattern
from tests.attack.files import Row, csv_rows

# The leaves under each group that a table may name.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "mentored": ("over", "under", "unknown"),
    "mentored_over": ("over",),
    "mentored_under": ("under",),
    "mentored_unknown": ("unknown",),
    "mentored_over_unknown": ("over", "unknown"),
    "mentored_under_unknown": ("under", "unknown"),
    "non_mentored": ("non_mentored",),
}
FIGURES = ("n", "missing", "count", "share", "estimate", "std_error", "df", "low", "high", "p", "p_adjusted")
CLOSE = 1e-6  # what rounding leaves of an equation between whole numbers of people
SHORTEST, HALF = 2, 5e-4  # digits that a rounded figure keeps at least; where one is written as 0
TRIES = 3  # tables on which exchanges are tried before integer programming is asked
FEWEST_LEFT = 3  # values that a masked count must keep for who knows the program

Vector = np.ndarray  # one number a leaf and pattern, laid flat
Equation = tuple[Vector, float, float]  # what it counts, and between which two values


class Known(NamedTuple):
    """What the attacker knows of a cohort beside the files: its questionnaire and the base of each leaf."""

    questions: Sequence[dict]
    indicators: Sequence[dict]
    patterns: Sequence[Pattern]
    bases: Mapping[str, int]
    people: int  # of all groups: what the errors of means are reckoned with


def knowing(made: Made) -> Iterator[Known]:
    """What the attacker knows of each cohort of a study."""
    people = sum(made.sizes.values())
    for one in made.cohorts:
        yield Known(one.questions, one.indicators, one.patterns, one.bases, people)


class Seen(NamedTuple):
    """What the attacker has read: all rows by table, the printed ones by table and what they are of."""

    tables: Mapping[str, Sequence[Row]]
    shown: Mapping[tuple[str, str], Sequence[Row]]

    def rows(self, table: str, subjects: Sequence[dict]) -> Iterator[Row]:
        """The printed rows of a table that are of these questions or indicators."""
        return (row for one in subjects for row in self.shown.get((table, one["id"]), ()))


def seen(folder: Path) -> Seen:
    """The CSV tables of a folder."""
    tables, shown = csv_rows(folder), {}
    for name, rows in tables.items():
        for row in (row for row in rows if row.get("status", "shown") == "shown"):
            shown.setdefault((name, row.get("question") or row.get("indicator", "")), []).append(row)
    return Seen(tables, shown)


class Target(NamedTuple):
    """A count that no table prints: of whom, and which answers it counts."""

    subject: str
    answer: str
    leaves: tuple[str, ...]
    counted: Vector


class Attack(NamedTuple):
    """The equations that the tables give on a cohort's table, and what they leave to find."""

    known: Known
    equations: np.ndarray
    least: np.ndarray
    most: np.ndarray
    targets: tuple[Target, ...]


def attack(read: Seen, known: Known) -> Attack:
    """All that the tables say of a cohort. Every masked count of an answer is a target, and that of every leaf."""
    said = [*_bases(known), *_printed(read, known)]
    equations, least, most = (np.array(part) for part in zip(*said, strict=True))
    return Attack(known, equations, least, most, tuple(_targets(read, known)))


def recovered(found: Attack, *, first: bool = False) -> list[Target]:
    """The targets that can take one value only; `first`: no more than one of them is looked for."""
    left, moves, only = list(found.targets), harmless(found), []
    for seed in range(TRIES):
        table = fitting(found, np.random.default_rng(seed).normal(size=found.equations.shape[1]))
        left = [target for target in left if not _moved(target, table, moves)]
        if not left:
            return []
    while left and not (first and only):
        target, tables = left[0], [table]
        tables += [fitting(found, sign * left[0].counted) for sign in (1.0, -1.0)]
        only += [target] if len(_values(target, tables)) == 1 else []
        left = [other for other in left[1:] if len(_values(other, tables)) == 1]
    return only


def _values(target: Target, tables: Sequence[Vector]) -> set[int]:
    return {round(float(target.counted @ table)) for table in tables}


def fitting(found: Attack, aim: Vector) -> Vector:
    """The integer table of least `aim` out of those that all equations hold for. ValueError where there is none: an
    equation is then wrong."""
    cells = found.equations.shape[1]
    most = np.repeat([found.known.bases[leaf] for leaf in LEAVES], len(found.known.patterns))
    slack = CLOSE * np.maximum(1, np.abs(found.equations).max(axis=1, initial=1.0))
    held = LinearConstraint(csr_array(found.equations), found.least - slack, found.most + slack)
    solved = milp(aim, constraints=held, integrality=np.ones(cells), bounds=Bounds(0, most))
    if solved.x is None:
        raise ValueError(f"no table fits what is printed of {found.known.questions[0]['id']}: {solved.message}")
    return np.round(solved.x)


def with_count(found: Attack, target: Target, count: int) -> Attack:
    """The same attack, one count taken for known."""
    equations = np.vstack([found.equations, target.counted])
    return found._replace(equations=equations, least=np.append(found.least, count), most=np.append(found.most, count))


def harmless(found: Attack) -> np.ndarray:
    """The exchanges of two people's answers, and the changes of one's, that no equation feels."""
    patterns = len(found.known.patterns)
    moves = np.vstack([exchanges(patterns), changes(patterns)])
    return moves[(np.abs(moves @ found.equations.T) < CLOSE).all(axis=1)]


def _moved(target: Target, table: Vector, moves: np.ndarray) -> bool:
    """Whether an exchange that these people can make changes the count."""
    telling = moves[np.abs(moves @ target.counted) > CLOSE]
    return bool((table + telling >= 0).all(axis=1).any())


@cache
def exchanges(patterns: int) -> np.ndarray:
    """Each row: one person of a leaf takes the answers of one of another leaf, who takes theirs."""
    rows = []
    for one, other in combinations(range(len(LEAVES)), 2):
        for first, second in permutations(range(patterns), 2):
            move = np.zeros((len(LEAVES), patterns))
            move[one, [first, second]] = -1, 1
            move[other, [first, second]] = 1, -1
            rows.append(move.ravel())
    return np.array(rows)


@cache
def changes(patterns: int) -> np.ndarray:
    """Each row: one person of a leaf answers otherwise."""
    rows = []
    for leaf, (first, second) in product(range(len(LEAVES)), permutations(range(patterns), 2)):
        move = np.zeros((len(LEAVES), patterns))
        move[leaf, [first, second]] = -1, 1
        rows.append(move.ravel())
    return np.array(rows)


def over(leaves: Sequence[str], weights: Vector) -> Vector:
    """A number a pattern, summed over these leaves."""
    inside = np.array([leaf in leaves for leaf in LEAVES], dtype=float)
    return np.outer(inside, weights).ravel()


def _bases(known: Known) -> Iterator[Equation]:
    for leaf in LEAVES:
        yield exactly(over([leaf], np.ones(len(known.patterns))), known.bases[leaf])


def _printed(read: Seen, known: Known) -> Iterator[Equation]:
    """An equation a printed figure: counts, shares times their base, sums of scores and of their squares."""
    for row in read.rows("estimates", known.indicators):
        yield from _of_estimate(row, known)
    for table, figure in (("distributions", "count"), ("options", "estimate")):
        for row in read.rows(table, known.questions):
            if table == "options" and (row["reference"] or not row["choice"]):
                continue  # drawn from its two arms, see `speaks_of_hidden`
            leaves, base = GROUPS[row["group"]], _asked(known, row["question"])
            yield exactly(over(leaves, base), row["n"])
            counted = over(leaves, chosen(known, row["question"], (row["choice"],)))
            yield exactly(counted, round(row[figure] * (row["n"] if table == "options" else 1)))
    yield from _silent(read, known)
    yield from _of_indices(read, known)


def _of_estimate(row: Row, known: Known) -> Iterator[Equation]:
    one = next(one for one in known.indicators if one["id"] == row["indicator"])
    if one["kind"] == "index":
        return
    leaves, n = GROUPS[row["group"]], row["n"]
    asked = _asked(known, one["question"])
    yield exactly(over(leaves, asked), n)
    if one["kind"] == "share":
        counted = over(leaves, chosen(known, one["question"], one["counts"]))
        yield exactly(counted, round(row["estimate"] * n))
        return
    scores, (low, high) = _scores(known, one["question"]), as_rounded(row["estimate"])
    yield over(leaves, asked * scores), low * n, high * n
    least, most = (max(0.0, error) ** 2 * n**2 * (1 - 1 / known.people) for error in as_rounded(row["std_error"]))
    yield over(leaves, asked * scores**2), least + n * low**2, most + n * high**2


def exactly(counted: Vector, value: float) -> Equation:
    return counted, value, value


def as_rounded(value: float) -> tuple[float, float]:
    """Between what a figure lies: itself, or all that is written so where it has three digits or fewer."""
    for digits in (1, 2, 3):
        if value and float(f"{value:.{digits}g}") == value:
            half = 0.5 * 10.0 ** (np.floor(np.log10(abs(value))) - max(digits, SHORTEST) + 1)
            return value - half, value + half
    return (value, value) if value else (-HALF, HALF)


def _silent(read: Seen, known: Known) -> Iterator[Equation]:
    """Who was not asked, by the reasons of what is missing: they answered the filter otherwise."""
    kinds = [one for one in known.indicators if one["kind"] != "index"]
    for row in (row for row in read.rows("missing", kinds) if row["reason"] == "not_asked"):
        one = next(one for one in kinds if one["id"] == row["indicator"])
        yield exactly(over(GROUPS[row["group"]], 1 - _asked(known, one["question"])), row["count"])


def _of_indices(read: Seen, known: Known) -> Iterator[Equation]:
    """An index is one weighted sum of its items' shares in every group: the groups where all is printed tell the
    weights, and the others then have one equation more."""
    shown = {(row["indicator"], row["group"]): row for row in read.rows("estimates", known.indicators)}
    for one in (one for one in known.indicators if one["kind"] == "index"):
        groups = [group for name, group in shown if name == one["id"]]
        whole = [group for group in groups if all((item, group) in shown for item in one["items"])]
        design = np.array([[1.0, *(shown[item, group]["estimate"] for item in one["items"])] for group in whole])
        if len(whole) < len(one["items"]) + 1 or np.linalg.matrix_rank(design, tol=1e-6) < design.shape[1]:
            continue
        told = np.array([as_rounded(shown[one["id"], group]["estimate"]) for group in whole])
        weights, error = (
            np.linalg.pinv(design) @ told.mean(axis=1),
            np.abs(np.linalg.pinv(design)) @ np.ptp(told, axis=1),
        )
        questions = [next(each["question"] for each in known.indicators if each["id"] == item) for item in one["items"]]
        counted = sum(
            weight * chosen(known, question, ("oui",)) for weight, question in zip(weights[1:], questions, strict=True)
        )
        for group in set(groups) - set(whole):
            n = sum(known.bases[leaf] for leaf in GROUPS[group])
            low, high = as_rounded(shown[one["id"], group]["estimate"])
            least, most = low - weights[0] - error.sum(), high - weights[0] + error.sum()
            yield over(GROUPS[group], counted), least * n, most * n


def _answers(known: Known, question: str) -> list[str]:
    """What each pattern answers to a question."""
    place = [one["id"] for one in known.questions].index(question)
    return [pattern[place] for pattern in known.patterns]


def _asked(known: Known, question: str) -> Vector:
    return np.array([answer != "" for answer in _answers(known, question)], dtype=float)


def chosen(known: Known, question: str, codes: Sequence[str]) -> Vector:
    """1 for a pattern that gives one of these answers."""
    return np.array([not set(codes).isdisjoint(answer.split("|")) for answer in _answers(known, question)], dtype=float)


def _scores(known: Known, question: str) -> Vector:
    asked = next(one for one in known.questions if one["id"] == question)
    values = {one["code"]: one.get("value", 0) for one in asked["choices"]}
    return np.array([values.get(answer, 0) for answer in _answers(known, question)], dtype=float)


def _targets(read: Seen, known: Known) -> Iterator[Target]:
    """Each answer's count in each group and leaf whose people are some, and of which no row prints it.

    Of several leaves that are no row of the tables, what remains is safe to know. An answer of which the printed shares
    of its own group say the count is printed, though the row of all answers is masked for another answer.
    """
    shown = {(row["question"], _held(row["group"], known)) for row in read.rows("distributions", known.questions)}
    shares = {(row["indicator"], _held(row["group"], known)) for row in read.rows("estimates", known.indicators)}
    named = {row["group"] for row in read.tables["estimates"]}
    groups = [group for group, leaves in GROUPS.items() if len(leaves) == 1 or group in named]
    for leaves in {_held(group, known): None for group in groups if _held(group, known)}:
        told = _told(known, [one for one in known.indicators if (one["id"], leaves) in shares])
        for one in known.questions:
            for code in () if (one["id"], leaves) in shown else (choice["code"] for choice in one["choices"]):
                counted = chosen(known, one["id"], (code,))
                if not _follows(counted, told):
                    yield Target(one["id"], code, leaves, over(leaves, counted))
        for one in (one for one in known.indicators if one["kind"] == "share"):
            if (one["id"], leaves) not in shares:
                counted = chosen(known, one["question"], one["counts"])
                yield Target(one["id"], "+".join(one["counts"]), leaves, over(leaves, counted))


def _held(group: str, known: Known) -> tuple[str, ...]:
    """The leaves of a group that hold someone who answered."""
    return tuple(leaf for leaf in GROUPS[group] if known.bases[leaf])


def _told(known: Known, shown: Sequence[dict]) -> np.ndarray:
    """What the printed shares of a group count: who was asked, and who gave an answer that counts."""
    shares = [one for one in shown if one["kind"] == "share"]
    asked = [_asked(known, one["question"]) for one in shares]
    return np.array([*asked, *(chosen(known, one["question"], one["counts"]) for one in shares)])


def _follows(counted: Vector, told: np.ndarray) -> bool:
    """Whether a count is a sum or difference of others."""
    return bool(len(told)) and bool(np.linalg.matrix_rank(told) == np.linalg.matrix_rank([*told, counted]))


def speaks_of_hidden(read: Seen) -> list[tuple[str, str, str]]:
    """Rows that print a figure drawn from one that is masked, whatever can be made of it: table, subject, group."""
    hidden = {
        (subject, row[subject], row["group"])
        for table, subject in (("estimates", "indicator"), ("distributions", "question"))
        for row in read.tables[table]
        if row["status"].startswith("suppressed")
    }
    found = []
    for (table, name), rows in read.shown.items():
        subject = "question" if table in ("options", "distributions") else "indicator"
        for row in rows if table not in ("estimates", "published") else ():
            arms = {row.get("group", ""), row.get("reference", "")}
            found += [(table, name, arm) for arm in arms if (subject, name, arm) in hidden]
    return found


def figures_left(read: Seen) -> list[tuple[str, Row]]:
    """Masked rows in which a figure of their people stands all the same."""
    return [
        (table, row)
        for table, rows in read.tables.items()
        for row in rows
        if str(row.get("status", "")).startswith("suppressed") and table != "adjustment"
        if any(name in row and not math.isnan(row[name]) for name in FIGURES)
    ]
