"""What the help, a whole report, the loading of a large export and its figures cost, as ratios: `make bench`.

A ratio holds on a slow machine as on a fast one. Each round measures all that is compared, so that a busy moment weighs
on each alike. The help and the report are set against importing, in one fresh process, the libraries that an analysis
of this kind cannot do without; loading and normalising a large export, against pandas' own reading of it; the figures
of a large cohort, against R's survey and against themselves (estimates.py).
"""

import csv
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from statistics import median

from tests.benchmarks import estimates

ROUNDS = 5
STUDY = "data/koreis2022/study.toml"
FLOOR = ["-c", "import pandas, scipy.stats, statsmodels.api, seaborn"]
HELP = ["-m", "impact", "--help"]
REPORT = ["-m", "impact", "report", STUDY, "-o"]
# A user's second run finds its modules compiled: where the environment forbids to keep them, they are kept here.
KEPT_COMPILED = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
MOST = {"impact --help": 0.15, f"impact report {STUDY}": 3.0}

ROWS, COLUMNS = 100_000, 80
SLOWEST, LARGEST = 3.0, 2.5  # times what pandas' read_csv(dtype=str) of the same file takes, in time and in memory
SCALES = (
    ("Jamais", "Rarement", "Parfois", "Souvent", "Très souvent", "Ne sait pas", "Préfère ne pas répondre"),
    ("Pas du tout d'accord", "Plutôt pas d'accord", "Plutôt d'accord", "Tout à fait d'accord", "Non concerné·e"),
)
# Each prints the seconds it took once everything is imported, and the most memory that its process held, in kB.
MEASURED = "print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
PANDAS = f"""
import resource, sys, time
import pandas
start = time.perf_counter()
pandas.read_csv("export.csv", sep=";", dtype=str)
{MEASURED}
"""
IMPACT = f"""
import resource, sys, time
sys.path.insert(0, {str(Path(__file__).parents[2])!r})
import pandas, impact.loaders, impact.normalise
from impact import load, normalise, read_study
study = read_study("study.toml")
start = time.perf_counter()
normalise(load(study), study)
{MEASURED}
"""


def seconds(arguments: list[str]) -> float:
    """Wall time of a fresh process; CalledProcessError where it fails."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL, env=KEPT_COMPILED)
    return time.perf_counter() - start


def rounds(folder: Path) -> list[tuple[float, float, float]]:
    """(floor, help, report) in seconds; a first round, which fills the caches of the disk, is not counted."""
    timed = [
        (seconds(FLOOR), seconds(HELP), seconds([*REPORT, str(folder / f"report-{number}")]))
        for number in range(ROUNDS + 1)
    ]
    return timed[1:]


def write_study(folder: Path) -> None:
    """A study of one large export of French labels, the same at every run."""
    rng, headings = Random(2022), [f"Question {number} : es-tu d'accord avec ceci ?" for number in range(COLUMNS)]
    with (folder / "export.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL)
        writer.writerow(headings)
        scales = [SCALES[number % 2] for number in range(COLUMNS)]
        writer.writerows([rng.choice(scale) for scale in scales] for _ in range(ROWS))
    lines = ['[dimension.d]\nlabel = "D"']
    for number, scale in enumerate(SCALES):
        choices = ", ".join(f'{{code = "c{code}", label = "{label}"}}' for code, label in enumerate(scale))
        lines.append(f'[[scale]]\nid = "s{number}"\nchoices = [{choices}]')
    for number, heading in enumerate(headings):
        lines.append(f'[[question]]\nid = "q{number}"\nkind = "single"\ntext = "{heading}"\nscale = "s{number % 2}"')
    lines.append(
        '[[indicator]]\nid = "i"\ndimension = "d"\nkind = "share"\nquestion = "q0"\ncounts = ["c0"]\nlabel = "I"'
    )
    (folder / "questionnaire.toml").write_text("\n".join(lines), encoding="utf-8")
    (folder / "study.toml").write_text(
        '[study]\ntitle = "T"\nyear = 2026\nquestionnaire = "questionnaire.toml"\n'
        '[[source]]\nfile = "export.csv"\ngroup = "mentored"\n',
        encoding="utf-8",
    )


def cost(program: str, folder: Path) -> tuple[float, float]:
    """Seconds and kilobytes of one fresh process that runs a program in a folder."""
    run = subprocess.run([sys.executable, "-c", program], cwd=folder, check=True, capture_output=True, text=True)
    taken, held = run.stdout.split()
    return float(taken), float(held)


def loading(folder: Path) -> tuple[float, float]:
    """How many times pandas' time and memory loading and normalising take, medians of alternating runs."""
    write_study(folder)
    runs = [(cost(PANDAS, folder), cost(IMPACT, folder)) for _ in range(ROUNDS + 1)][1:]
    theirs, ours = zip(*runs, strict=True)
    time_ratio, memory_ratio = (median(x[i] for x in ours) / median(x[i] for x in theirs) for i in (0, 1))
    sys.stdout.write(
        f"load and normalise {ROWS:,} x {COLUMNS}: {median(x[0] for x in ours):.2f} s, {time_ratio:.2f} times pandas' "
        f"read_csv(dtype=str) (at most {SLOWEST:g}), {memory_ratio:.2f} times its memory (at most {LARGEST:g})\n"
    )
    return time_ratio, memory_ratio


def main() -> int:
    """Print the ratios; 1 where one is over its bound."""
    with tempfile.TemporaryDirectory() as folder:
        figures = estimates.measured(Path(folder))
        time_ratio, memory_ratio = loading(Path(folder))
        floor, *commands = (median(times) for times in zip(*rounds(Path(folder)), strict=True))
    sys.stdout.write(f"floor: {floor:.2f} s (pandas, scipy.stats, statsmodels.api, seaborn; medians of {ROUNDS})\n")
    for (command, most), taken in zip(MOST.items(), commands, strict=True):
        sys.stdout.write(f"{command}: {taken:.2f} s, ratio {taken / floor:.2f} (at most {most:g})\n")
    over = any(taken / floor > most for most, taken in zip(MOST.values(), commands, strict=True))
    return int(over or estimates.over(figures) or time_ratio > SLOWEST or memory_ratio > LARGEST)


if __name__ == "__main__":
    sys.exit(main())
