"""How long the help and a whole report take, as ratios to a floor on the same machine: `make bench`.

The floor is importing, in one fresh process, the libraries that an analysis of this kind cannot do without. A ratio
holds on a slow machine as on a fast one. Each round times all three, so that a busy moment weighs on each alike.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROUNDS = 5
STUDY = "data/koreis2022/study.toml"
FLOOR = ["-c", "import pandas, scipy.stats, statsmodels.api, seaborn"]
HELP = ["-m", "impact", "--help"]
REPORT = ["-m", "impact", "report", STUDY, "-o"]
MOST = {"impact --help": 0.15, f"impact report {STUDY}": 3.0}


def seconds(arguments: list[str]) -> float:
    """Wall time of a fresh process; CalledProcessError where it fails."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def rounds(folder: Path) -> list[tuple[float, float, float]]:
    """(floor, help, report) in seconds; a first round, which fills the caches of the disk, is not counted."""
    timed = [
        (seconds(FLOOR), seconds(HELP), seconds([*REPORT, str(folder / f"report-{number}")]))
        for number in range(ROUNDS + 1)
    ]
    return timed[1:]


def main() -> int:
    """Print both ratios; 1 where either is over its bound."""
    with tempfile.TemporaryDirectory() as folder:
        floor, *commands = (median(times) for times in zip(*rounds(Path(folder)), strict=True))
    sys.stdout.write(f"floor: {floor:.2f} s (pandas, scipy.stats, statsmodels.api, seaborn; medians of {ROUNDS})\n")
    for (command, most), taken in zip(MOST.items(), commands, strict=True):
        sys.stdout.write(f"{command}: {taken:.2f} s, ratio {taken / floor:.2f} (at most {most:g})\n")
    return int(any(taken / floor > most for most, taken in zip(MOST.values(), commands, strict=True)))


if __name__ == "__main__":
    sys.exit(main())
