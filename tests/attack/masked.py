"""How much of a report is masked, over 600 realistic cohorts: writes masked.csv and masked_rows.csv beside this file.

Run from the root as `python -m tests.attack.masked`, or by `make masked`: about five minutes. A cohort has sizes as
associations have them; four yes/no questions, of which three make an index; an ordered question of four answers, scored
and told answer by answer. What differs between its groups is what surveys find: a few points. Everyone of a cohort is
asked everything, and one in twenty keeps silent on a question. `masked.csv` has a line a cohort and way of merging,
`masked_rows.csv` their sum a row of the tables: what is printed of what could be.
"""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

from impact import protect
from impact.model import Results
from tests.attack.cohorts import LEAVES, Beside, Cohort, Made, made, question, share

FOLDER = Path(__file__).parent
COHORTS = 600
SIZES = {"over": (35, 69), "under": (8, 34), "unknown": (0, 8), "non_mentored": (90, 179)}
SILENT = 0.05
# Chances of a yes, from rare to common; in each leaf, on the scale of log odds, they are this far apart.
SHARES, APART = (0.05, 0.95), 0.35
SCORED = "note"
MERGING = (True, False)
# Where the people of unknown duration are put with a band, they are one row with it.
ROWS = {"mentored_over_unknown": "mentored_over", "mentored_under_unknown": "mentored_under"}


def main() -> None:
    """Make every cohort, on every core, and write the two tables."""
    asked = list(product(range(COHORTS), MERGING))
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        cohorts = table(list(pool.map(_line, asked, chunksize=10)))
    cohorts.to_csv(FOLDER / "masked.csv", index=False, lineterminator="\n")
    summed(cohorts).to_csv(FOLDER / "masked_rows.csv", index=False, lineterminator="\n")


def table(lines: Sequence[dict[str, object]]) -> pd.DataFrame:
    """The cohorts one below the other; a row that a cohort does not have is 0 of 0."""
    frame = pd.DataFrame(lines)
    return frame.fillna(0).astype({name: int for name in frame if name != "merge_unknown"})


def _line(asked: tuple[int, bool]) -> dict[str, object]:
    return line(*asked)


def line(seed: int, merge: bool) -> dict[str, object]:
    """What a cohort's tables print: `kind:row:all` rows that could be, `kind:row:shown` those that are."""
    cohort = realistic(seed, merge)
    counts = counted(protect(cohort.results, cohort.study))
    return {"cohort": seed, "merge_unknown": merge, **cohort.sizes, **counts}


def realistic(seed: int, merge: bool) -> Made:
    """A cohort of the sizes and answers that associations have, the same for the same seed."""
    chance = np.random.default_rng([600, seed])
    sizes = {leaf: int(chance.integers(least, most, endpoint=True)) for leaf, (least, most) in SIZES.items()}
    names = [f"q{place}" for place in range(4)]
    asked = [*(_asked(name, ("oui", "non"), sizes, chance) for name in names), _scored(sizes, chance)]
    index = {
        "id": "indice",
        "dimension": "d",
        "kind": "index",
        "label": "I",
        "items": [f"{name}_oui" for name in names[:3]],
    }
    asked[-1] = asked[-1]._replace(indicators=[*asked[-1].indicators, index])
    return made(asked, sizes, Beside(tables={"disclosure": {"merge_unknown": merge}}))


def _asked(name: str, codes: Sequence[str], sizes: dict[str, int], chance: np.random.Generator) -> Cohort:
    """A yes/no question whose share of yes is anything between rare and common."""
    common = chance.uniform(*SHARES)
    odds = np.log(common / (1 - common)) + chance.normal(0, APART, len(LEAVES))
    yes = 1 / (1 + np.exp(-odds))
    answers = np.column_stack([yes, 1 - yes])
    table = _table(answers, sizes, chance)
    figure = share(f"{name}_oui", name, codes[0]) | {"better": "higher"}
    return Cohort("share", [question(name, *codes)], [figure], [(code,) for code in codes], table)


def _scored(sizes: dict[str, int], chance: np.random.Generator) -> Cohort:
    """An ordered question of four answers: its mean and its distribution."""
    codes = ("jamais", "parfois", "souvent", "toujours")
    answers = np.array([chance.dirichlet(40 * common) for common in [chance.dirichlet(np.full(4, 3.0))] * len(LEAVES)])
    mean = {"id": f"{SCORED}_moyenne", "dimension": "d", "kind": "mean", "label": "M", "question": SCORED}
    table = _table(answers, sizes, chance)
    return Cohort("levels", [question(SCORED, *codes, values=True)], [mean], [(code,) for code in codes], table)


def _table(answers: np.ndarray, sizes: dict[str, int], chance: np.random.Generator) -> np.ndarray:
    """Leaf by answer, those who keep silent left out."""
    bases = [chance.binomial(sizes[leaf], 1 - SILENT) for leaf in LEAVES]
    return np.array([chance.multinomial(base, row) for base, row in zip(bases, answers, strict=True)])


def counted(results: Results) -> dict[str, int]:
    """How many rows of each kind could be printed, and how many are. A distribution counts once a group."""
    found: dict[str, int] = {}
    for kind, row, shown in _rows(results):
        for name, one in (("all", True), ("shown", shown)):
            found[f"{kind}:{row}:{name}"] = found.get(f"{kind}:{row}:{name}", 0) + one
    return found


def _rows(results: Results) -> Iterator[tuple[str, str, bool]]:
    for row in results.estimates.itertuples():
        yield row.unit, ROWS.get(row.group, row.group), row.status == "shown"
    spread = results.distributions
    for row in spread[spread["question"] == SCORED].drop_duplicates(["question", "group"]).itertuples():
        yield "distribution", ROWS.get(row.group, row.group), row.status == "shown"
    gaps = results.comparisons
    for row in gaps[gaps["measure"] == "difference"].itertuples():
        pair = f"{ROWS.get(row.group, row.group)}-{ROWS.get(row.reference, row.reference)}"
        yield "comparison", pair, row.status == "shown"


def summed(cohorts: pd.DataFrame) -> pd.DataFrame:
    """A line a way of merging, kind and row: rows that could be printed, those that are, and their share."""
    lines = []
    for merge, some in cohorts.groupby("merge_unknown", sort=False):
        totals = some.drop(columns=["cohort", "merge_unknown", *LEAVES]).sum()
        for name in (name for name in totals.index if name.endswith(":all")):
            kind, row, _ = name.split(":")
            whole, shown = int(totals[name]), int(totals[f"{kind}:{row}:shown"])
            lines += [(merge, kind, row, whole, shown, round(shown / whole, 4))] if whole else []
    columns = ["merge_unknown", "kind", "row", "rows", "shown", "share_shown"]
    return pd.DataFrame(lines, columns=columns).sort_values(columns[:3], ascending=[False, True, True])


if __name__ == "__main__":
    main()
