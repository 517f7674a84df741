"""Small cohorts to attack, made in memory: integer tables of answers, turned into an export and read as any other.

A *cohort* is one draw: how many people of each leaf answered (a leaf: one band of the mentored, or the non-mentored)
and what they answered, to one question or to a few linked ones. Cohorts stand side by side in a study, whose groups
they share, as the questions of a questionnaire do; each has bases of its own, since each has its own silent people. No
figure of one is drawn from the answers of another, so that each is attacked alone.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from impact.analyse import analyse
from impact.model import Export, Results
from impact.normalise import normalise
from impact.study import Study
from tests.unit._exports import export, study

LEAVES = ("over", "under", "unknown", "non_mentored")
HEADS = ("Mentor", "Mois")
PEOPLE = {"over": ("1", "24"), "under": ("1", "2"), "unknown": ("1", ""), "non_mentored": ("0", "")}
MONTHS = {"id": "mois", "kind": "number", "text": "Mois", "asked": ["mentored"]}
SOURCE = {"file": "a.csv", "group": {"column": "Mentor", "mentored": ["1"], "non_mentored": ["0"]}}
# How many people a leaf holds, both ends included: small groups, where masking is hard (trust levels of small tables).
SMALL = {"over": (11, 40), "under": (8, 34), "unknown": (1, 9), "non_mentored": (11, 60)}

Pattern = tuple[str, ...]  # one answer a question of the cohort, "" where it was not asked


class Cohort(NamedTuple):
    """Questions and indicators of one draw; `table` counts the people of a leaf by what they answered to them all."""

    kind: str
    questions: Sequence[dict]
    indicators: Sequence[dict]
    patterns: Sequence[Pattern]
    table: np.ndarray  # leaf by pattern, counts of people

    @property
    def bases(self) -> dict[str, int]:
        """How many people of each leaf answered."""
        return dict(zip(LEAVES, self.table.sum(axis=1).tolist(), strict=True))


def choices(*codes: str, values: bool = False) -> list[dict]:
    """Choices of these codes, scored 0, 1, 2 … where a mean is drawn from them."""
    return [{"code": code, "label": code} | ({"value": place} if values else {}) for place, code in enumerate(codes)]


def question(name: str, *codes: str, kind: str = "single", values: bool = False, **more: object) -> dict:
    return {"id": name, "kind": kind, "text": name, "choices": choices(*codes, values=values), **more}


def share(name: str, asked: str, *counts: str) -> dict:
    return {"id": name, "dimension": "d", "kind": "share", "label": name, "question": asked, "counts": list(counts)}


def _yes_no(name: str) -> tuple[list[dict], list[dict], list[Pattern]]:
    return [question(name, "oui", "non")], [share(f"{name}_oui", name, "oui")], [("oui",), ("non",)]


def _levels(name: str) -> tuple[list[dict], list[dict], list[Pattern]]:
    """Nested thresholds and the mean of one ordered question."""
    codes = ("jamais", "une", "deux", "trois")
    mean = {"id": f"{name}_moyenne", "dimension": "d", "kind": "mean", "label": name, "question": name}
    shares = [share(f"{name}_1", name, *codes[1:]), share(f"{name}_3", name, codes[3])]
    return [question(name, *codes, values=True)], [*shares, mean], [(code,) for code in codes]


def _filter(name: str) -> tuple[list[dict], list[dict], list[Pattern]]:
    """A question asked of those who said yes to another: its base is the count of the first."""
    then = f"{name}_suite"
    asked = question(then, "oui", "non", only_if={"question": name, "is": ["oui"]})
    figures = [share(f"{name}_oui", name, "oui"), share(f"{then}_oui", then, "oui")]
    return [question(name, "oui", "non"), asked], figures, [("oui", "oui"), ("oui", "non"), ("non", "")]


def _several(name: str) -> tuple[list[dict], list[dict], list[Pattern]]:
    """Boxes to tick; a pattern is the boxes ticked, and nobody leaves them all blank."""
    boxes = ("a", "b", "c")
    figures = [share(f"{name}_a", name, "a"), share(f"{name}_bc", name, "b", "c")]
    ticked = [[box for box, one in zip(boxes, bits, strict=True) if one] for bits in np.ndindex(2, 2, 2)]
    return [question(name, *boxes, kind="multiple")], figures, [("|".join(some),) for some in ticked if some]


def _index(name: str, items: int = 3) -> tuple[list[dict], list[dict], list[Pattern]]:
    names = [f"{name}_{place}" for place in range(items)]
    figures = [share(f"{one}_oui", one, "oui") | {"better": "higher"} for one in names]
    index = {"id": f"{name}_indice", "dimension": "d", "kind": "index", "label": name, "better": "higher",
             "items": [one["id"] for one in figures]}  # fmt: skip
    patterns = [tuple("oui" if bit else "non" for bit in bits) for bits in np.ndindex(*(2,) * items)]
    return [question(one, "oui", "non") for one in names], [*figures, index], patterns


MAKERS: dict[str, Callable[[str], tuple[list[dict], list[dict], list[Pattern]]]] = {
    "share": _yes_no, "levels": _levels, "filter": _filter, "several": _several, "index": _index,
}  # fmt: skip


def drawn(kind: str, name: str, sizes: dict[str, int], chance: np.random.Generator) -> Cohort:
    """A cohort of a kind: in each leaf some keep silent, the others answer by chances that are near those of the other
    leaves; one in five cohorts has answers that are rare."""
    questions, indicators, patterns = MAKERS[kind](name)
    flat = 0.4 if chance.random() < 0.2 else 2.0
    common = chance.dirichlet(np.full(len(patterns), flat))
    table = []
    for leaf in LEAVES:
        base = chance.binomial(sizes[leaf], 0.95)
        table.append(chance.multinomial(base, chance.dirichlet(12 * common + 0.05)))
    return Cohort(kind, questions, indicators, patterns, np.array(table))


class Made(NamedTuple):
    """Cohorts in one study: the study, the export that holds their answers, the size of each leaf."""

    study: Study
    export: Export
    sizes: dict[str, int]
    cohorts: tuple[Cohort, ...]

    @property
    def results(self) -> Results:
        """Everything the study finds, nothing masked yet."""
        return analyse(normalise([self.export], self.study), self.study)

    @property
    def leaves(self) -> list[str]:
        """The leaf of each respondent, in the export's order."""
        return [leaf for leaf in LEAVES for _ in range(self.sizes[leaf])]


class Beside(NamedTuple):
    """What a study asks beside its cohorts, such as a weight: questions, one cell a respondent, tables of the study."""

    questions: Sequence[dict] = ()
    cells: Sequence[Sequence[str]] = ()  # one row a question
    tables: Mapping[str, object] = MappingProxyType({})


ALONE = Beside()
APART = Beside(tables={"disclosure": {"merge_unknown": False}})


def made(cohorts: Sequence[Cohort], sizes: dict[str, int], beside: Beside = ALONE) -> Made:
    """The study that asks all these questions, and the export of its answers."""
    questions = [one for cohort in cohorts for one in cohort.questions]
    indicators = [one for cohort in cohorts for one in cohort.indicators]
    asked = study(
        [MONTHS, *beside.questions, *questions], indicators,
        **{"source": [SOURCE], "duration": {"question": "mois"}} | dict(beside.tables),
    )  # fmt: skip
    headings = [*HEADS, *(one["id"] for one in (*beside.questions, *questions))]
    return Made(asked, export(headings, rows(cohorts, sizes, beside.cells)), sizes, tuple(cohorts))


def remade(asked: Made, cohorts: Sequence[Cohort]) -> Made:
    """The same study with other tables of answers; it asks nothing beside its cohorts."""
    headings = [column.heading for column in asked.export.columns]
    return asked._replace(export=export(headings, rows(cohorts, asked.sizes)), cohorts=tuple(cohorts))


def rows(cohorts: Sequence[Cohort], sizes: dict[str, int], beside: Sequence[Sequence[str]] = ()) -> list[list[str]]:
    """One row a respondent, leaf by leaf; of boxes, the ticked ones stand in one cell."""
    people = [PEOPLE[leaf] for leaf in LEAVES for _ in range(sizes[leaf])]
    columns = [column for cohort in cohorts for column in _columns(cohort, sizes)]
    return [[*one, *cells] for one, *cells in zip(people, *beside, *columns, strict=True)]


def _columns(cohort: Cohort, sizes: dict[str, int]) -> Iterator[list[str]]:
    people, chance = [], np.random.default_rng(list(cohort.questions[0]["id"].encode()))
    for leaf, counts in zip(LEAVES, cohort.table, strict=True):
        answering = [one for one, count in zip(cohort.patterns, counts, strict=True) for _ in range(count)]
        answering += [("",) * len(cohort.questions)] * (sizes[leaf] - len(answering))
        # In an order of its own: no cohort tells of another.
        people += [answering[place] for place in chance.permutation(len(answering)).tolist()]
    for place in range(len(cohort.questions)):
        yield [one[place].replace("|", ", ") for one in people]


# How often each kind of cohort stands in a study.
MIX = ("share",) * 12 + ("levels", "levels", "filter", "filter", "several", "several", "index", "index")


def small(
    seed: int, mix: Sequence[str] = MIX, sizes: dict[str, tuple[int, int]] = SMALL, *, merge: bool = True
) -> Made:
    """A study of small cohorts, the same for the same seed; `merge`: few people of unknown duration join a band."""
    chance = np.random.default_rng([2022, seed])
    held = {leaf: int(chance.integers(least, most, endpoint=True)) for leaf, (least, most) in sizes.items()}
    return made(
        [drawn(kind, f"q{place}", held, chance) for place, kind in enumerate(mix)], held, ALONE if merge else APART
    )


def study_of(seed: int) -> Made:
    """The studies that are attacked. Every other one leaves the people of unknown duration alone: harder to mask."""
    return small(seed, merge=seed % 2 == 0)
