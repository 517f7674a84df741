"""How often the limits of each method hold the truth: writes coverage.csv and summary.csv beside this file.

Run from the root as `python -m tests.simulation.coverage`, or by `make simulate`: it takes a few minutes. It calls the
functions that make the figures of a report, nothing else. Where outcomes can be counted every one of them is taken with
its probability (`exact.py`, the small samples of `means.py`); else answers are drawn, each cell with a seed of its own.
A cell is one setting: a method, the sizes of the arms, what they aim at, how people were drawn.
"""

import os
import platform
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import scipy

from impact import __version__
from tests.simulation import adjusted, clustered, exact, means
from tests.simulation._cells import Ask, Cell

FOLDER = Path(__file__).parent
PARTS = (exact, means, clustered, adjusted)
HEADER = "# tests/simulation/coverage.py, impact {}, Python {}, numpy {}, scipy {}"
FORMATS = {
    "design_effect": 3,
    "truth": 6,
    "truth_reference": 6,
    "coverage": 5,
    "width": 5,
    "below": 5,
    "above": 5,
    "error": 5,
}
# On which terms a method must keep its word: the smallest of the counts that are expected on either side of each arm.
FEWEST_EXPECTED = {"share": 1, "difference": 2, "ratio": 2, "odds_ratio": 2, "cohen_h": 2}


def main() -> None:
    """Make every cell, on every core, and write the two tables."""
    asked = [ask for part in PARTS for ask in part.cells()]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        made = list(pool.map(_made, reversed(asked), chunksize=8))  # the longest, which stand last, are begun first
    cells = table([cell for some in reversed(made) for cell in some])
    _write(cells, "coverage.csv")
    _write(summary(cells), "summary.csv")


def table(cells: Sequence[Cell]) -> pd.DataFrame:
    """The cells as they are written: numbers with the digits that mean something."""
    frame = pd.DataFrame(cells, columns=list(Cell._fields))
    return frame.astype(dict.fromkeys(("icc", *FORMATS), float)).round(FORMATS)


def summary(cells: pd.DataFrame) -> pd.DataFrame:
    """A row a setting, method and way of drawing: cells, mean and lowest coverage; the latter also on its terms."""
    drawn = cells["design"].str.removesuffix(", weighted")
    on_terms = cells["coverage"].where(smallest_expected(cells) >= cells["setting"].map(FEWEST_EXPECTED).fillna(0))
    grouped = cells.assign(design=drawn, on_terms=on_terms).groupby(
        ["setting", "method", "design", "adjustment"], sort=False
    )
    found = grouped.agg(
        cells=("coverage", "size"), mean=("coverage", "mean"), lowest=("coverage", "min"),
        cells_on_terms=("on_terms", "count"), lowest_on_terms=("on_terms", "min"),
    )  # fmt: skip
    return found.round({"mean": 4, "lowest": 4, "lowest_on_terms": 4}).reset_index()


def smallest_expected(cells: pd.DataFrame) -> "pd.Series[float]":
    """The smallest count expected on either side of an arm of shares; infinite for means."""
    counts = [
        size * side
        for size, truth in ((cells["n"], cells["truth"]), (cells["reference"], cells["truth_reference"]))
        for side in (truth, 1 - truth)
    ]
    one_arm = cells["reference"] == 0
    smallest = np.minimum(np.minimum(counts[0], counts[1]), np.minimum(counts[2], counts[3]).mask(one_arm, np.inf))
    return smallest.where(cells["answers"] == "share", np.inf)


def _made(ask: Ask) -> list[Cell]:
    make, given = ask
    found = make(*given)
    return found if isinstance(found, list) else [found]


def _write(frame: pd.DataFrame, name: str) -> None:
    header = HEADER.format(__version__, platform.python_version(), np.__version__, scipy.__version__)
    text = frame.to_csv(index=False, lineterminator="\n")
    (FOLDER / name).write_text(f"{header}\n{text}", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
