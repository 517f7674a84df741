"""Two people of one block exchange their answers to a cohort: what may be read of it must not change by a byte.

A block is what no printed row parts: two people whom every printed row of the cohort holds both, or neither. They must
be alike in what else is told of them (weight, cluster, covariates). The whole set of answers to a cohort is exchanged:
of an index, one item's answer alone would change how the items go together, which an index of printed people may tell.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from impact import protect
from impact.model import Results
from tests.attack.attacker import GROUPS
from tests.attack.cohorts import Beside, Cohort, Made, choices, drawn, made


class Exchange(NamedTuple):
    """Two respondents, by their place in the export, and the cohort whose answers they exchange."""

    cohort: Cohort
    one: int
    other: int


def exchanged(asked: Made, exchanges: Sequence[Exchange]) -> Made:
    """The same study once these people have exchanged their answers."""
    cells = asked.export.cells.astype(object)
    place = {column.heading: column.position for column in asked.export.columns}
    for cohort, one, other in exchanges:
        columns = [place[question["id"]] for question in cohort.questions]
        cells.iloc[[one, other], columns] = cells.iloc[[other, one], columns].to_numpy()
    return asked._replace(export=replace(asked.export, cells=cells.astype("category")))


def possible(asked: Made, results: Results, chance: np.random.Generator) -> Iterator[Exchange]:
    """An exchange a cohort, drawn among those that change a leaf's counts, where there is one."""
    for cohort in asked.cohorts:
        printed = [GROUPS[group] for group in sorted(printed_groups(results, cohort))]
        block = {leaf: tuple(leaf in leaves for leaves in printed) for leaf in asked.sizes}
        answers = _answers(asked, cohort)
        alike = _alike(asked, cohort)
        order = chance.permutation(len(answers)).tolist()
        leaf = asked.leaves
        pairs = (
            Exchange(cohort, one, other)
            for one in order
            for other in order
            if leaf[one] != leaf[other]
            and block[leaf[one]] == block[leaf[other]]
            and answers[one] != answers[other]
            and all(answers[one])
            and all(answers[other])
            and alike[one] == alike[other]
        )
        found = next(pairs, None)
        if found:
            yield found


def pattern(results: Results, cohort: Cohort) -> list[tuple]:
    """Which rows of which table are printed, for a cohort."""
    subjects = {one["id"] for one in (*cohort.questions, *cohort.indicators)}
    found = []
    for table in ("estimates", "distributions", "comparisons", "options", "reliability", "trend", "sensitivity"):
        frame = getattr(results, table)
        subject = "question" if "question" in frame.columns else "indicator"
        own = frame[frame[subject].isin(subjects)]
        found += [(table, *row) for row in own[[subject, "group", "status"]].itertuples(index=False, name=None)]
    return found


def printed_groups(results: Results, cohort: Cohort) -> set[str]:
    """The groups of which anything of a cohort is printed."""
    subjects = {one["id"] for one in (*cohort.questions, *cohort.indicators)}
    frames = ((results.estimates, "indicator"), (results.distributions, "question"))
    return {
        group
        for frame, subject in frames
        for group in frame.loc[(frame["status"] == "shown") & frame[subject].isin(subjects), "group"]
    }


def _answers(asked: Made, cohort: Cohort) -> list[tuple[str, ...]]:
    place = {column.heading: column.position for column in asked.export.columns}
    cells = asked.export.cells[[place[one["id"]] for one in cohort.questions]]
    return list(cells.astype(object).itertuples(index=False, name=None))


def _alike(asked: Made, cohort: Cohort) -> list[tuple[str, ...]]:
    """What else the export says of each respondent that is no cohort's answer, the months left out."""
    own = {one["id"] for each in asked.cohorts for one in each.questions}
    columns = [one.position for one in asked.export.columns if one.heading not in own and one.heading != "Mois"]
    return list(asked.export.cells[columns].astype(object).itertuples(index=False, name=None))


def differences(before: Results, after: Results) -> list[str]:
    """The tables that are not the same to the last bit, with the columns that differ. Why a row is masked stays in
    memory: what the files say of it is read in the files."""
    found = []
    for name in (name for name in before.__dataclass_fields__ if name != "masked"):
        one, other = getattr(before, name), getattr(after, name)
        if hasattr(one, "columns"):
            columns = [c for c in one if not _same(one[c], other[c])] if len(one) == len(other) else ["rows"]
            found += [f"{name}: {', '.join(columns)}"] if columns else []
    return found


def _same(one: object, other: object) -> bool:
    return one.astype(object).map(repr).tolist() == other.astype(object).map(repr).tolist()


def settled(asked: Made, before: Results, wanted: Sequence[Exchange]) -> tuple[list[Exchange], Results]:
    """The exchanges that leave every cohort's pattern as it was, all made at once, and what is then printed."""
    kept = list(wanted)
    while True:
        after = protect(exchanged(asked, kept).results, asked.study)
        moved = [cohort for cohort in asked.cohorts if pattern(before, cohort) != pattern(after, cohort)]
        if not moved or not kept:
            return kept, after
        left = [one for one in kept if one.cohort not in moved]
        kept = left if len(left) < len(kept) else kept[:-1]


WEIGHT = {"id": "poids", "kind": "number", "text": "Poids"}
PLACE = {"id": "lieu", "kind": "text", "text": "Lieu"}
SEX = {"id": "sexe", "kind": "single", "text": "Sexe", "choices": choices("fille", "garcon")}
AGE = {"id": "age", "kind": "number", "text": "Age"}
# What a study says beside its cohorts, by name: its questions, the answers they may have, its tables.
DESIGNS = {
    "plain": ([], [], {}),
    "weighted": ([WEIGHT], [("1", "2")], {"design": {"weight": "poids"}}),
    "clustered": ([PLACE], [tuple("ABCDEF")], {"design": {"cluster": "lieu"}}),
    "adjusted": ([SEX, AGE], [("fille", "garcon"), ("14", "15", "16")], {"analysis": {"adjust_for": ["sexe", "age"]}}),
    "not merged": ([], [], {"disclosure": {"merge_unknown": False}}),
}  # fmt: skip
MIX = ("share", "share", "share", "levels", "levels", "filter", "filter", "several", "several", "index", "index")
SIZES = {"over": (20, 50), "under": (14, 34), "unknown": (1, 9), "non_mentored": (21, 60)}


def designed(name: str, seed: int, mix: Sequence[str] = MIX) -> Made:
    """A study of cohorts of one of DESIGNS, the same for the same seed."""
    chance = np.random.default_rng([7, seed])
    sizes = {leaf: int(chance.integers(least, most, endpoint=True)) for leaf, (least, most) in SIZES.items()}
    questions, answers, tables = DESIGNS[name]
    cells = [[str(chance.choice(some)) for _ in range(sum(sizes.values()))] for some in answers]
    cohorts = [drawn(kind, f"q{place}", sizes, chance) for place, kind in enumerate(mix)]
    return made(cohorts, sizes, Beside(questions, cells, tables))
