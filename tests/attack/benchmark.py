"""The attack on all 2 500 small cohorts, at length: how many are broken by which masking, and what is left to who knows
the program. Run from the root as `python -m tests.attack.benchmark`, or by `make attack`: about half an hour."""

import os
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from impact import protect
from impact.report.tables import write_tables
from tests.attack.attacker import FEWEST_LEFT, attack, figures_left, knowing, recovered, seen, speaks_of_hidden
from tests.attack.cohorts import MIX, study_of
from tests.attack.informed import open_values
from tests.attack.naive import NAIVE

STUDIES = 2500 // len(MIX)
ROUNDS = 60  # tables tried for each cohort by who knows the program
MASKINGS = {"this program": protect, **{f"naive, {name}": one for name, one in NAIVE.items()}}


def main() -> None:
    """Attack every study, on every core, and print a line a masking."""
    found: Counter[tuple[str, str]] = Counter()
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for one in pool.map(_study, range(STUDIES)):
            found.update(one)
    for masking in MASKINGS:
        lines = [f"{count} {name}" for (by, name), count in sorted(found.items()) if by == masking]
        sys.stdout.write(f"{masking}: {', '.join(lines)}\n")


def _study(seed: int) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    asked, attacks = study_of(seed), {}
    results = asked.results
    for masking, mask in MASKINGS.items():
        with TemporaryDirectory() as folder:
            write_tables(mask(results, asked.study), asked.study, Path(folder))
            tables = seen(Path(folder))
        if masking == "this program":
            found[masking, "rows that speak of hidden ones"] += len(speaks_of_hidden(tables)) + len(
                figures_left(tables)
            )
        for place, one in enumerate(knowing(asked)):
            said = attack(tables, one)
            attacks |= {place: said} if masking == "this program" else {}
            found[masking, "cohorts"] += 1
            found[masking, "broken"] += bool(recovered(said, first=True))
    left = open_values(asked, protect(results, asked.study), attacks, ROUNDS)
    found["this program", "with too few values left to who knows it"] += sum(
        values < FEWEST_LEFT for values in left.values()
    )
    return found


if __name__ == "__main__":
    main()
