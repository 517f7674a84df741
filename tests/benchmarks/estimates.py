"""What the figures of a large weighted and clustered cohort cost, set against R's survey and against themselves.

One export of 60 questions with unequal weights, 200 clusters and answers that lack here and there, four disjoint groups
and the mentored as a whole. R's route is in survey.R; both sides start once the answers are in memory, take turns, and
must find the same shares, differences, ratios and standard errors.
"""

import shutil
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import NamedTuple

import numpy as np
import pandas as pd

import impact
from impact.analyse._cohort import Drawn, coded, gathered
from impact.analyse.comparisons import Pair, crude, not_comparable, pairs
from impact.analyse.estimates import levels
from impact.indicators import score
from impact.significance import choose, p_value

ROUNDS = 3
ROWS, QUESTIONS, CLUSTERS = 100_000, 60, 200
SCRIPT = Path(__file__).with_name("survey.R")
MISSING_R = (
    "R's survey is not here, so nothing is set against it. On Debian and Ubuntu: apt install r-base-core r-cran-survey"
)
# The most that each may cost. Of R's time for the same shares, differences and ratios with their intervals: `figures`,
# from one number a respondent, as R starts; `from_answers`, which finds these numbers too; `analyse`, all tables, with
# distributions, bounds, trends and sets of options that R is not asked for. Of the time that half the rows take:
# `rows`, the figures; `all_rows`, all tables. Of the time of the estimates: `comparisons` with their tests; `tests`.
MOST = {
    "figures": 1 / 6, "from_answers": 1 / 4, "analyse": 2.0, "rows": 2.3, "all_rows": 2.3, "comparisons": 1.0,
    "tests": 1.0,
}  # fmt: skip


class Seconds(NamedTuple):
    """From answers to one number a respondent; from these to estimates with their intervals; comparisons with theirs
    and their tests; the tests alone; all of `analyse`."""

    scores: float
    estimates: float
    comparisons: float
    tests: float
    analyse: float


def write_study(folder: Path, rows: int) -> Path:
    """A study of one export, the same at every run."""
    rng, folder = np.random.default_rng(2022), folder / str(rows)
    folder.mkdir()
    cluster = rng.integers(0, CLUSTERS, rows)
    mentored = rng.random(rows) < 0.5
    months = rng.choice(["3", "9", "12", ""], rows, p=[0.3, 0.3, 0.3, 0.1])
    table = {
        "Mentor": np.where(mentored, "oui", "non"), "Mois": np.where(mentored, months, ""),
        "Poids": np.round(np.exp(rng.normal(0, 0.4, rows)), 3), "Grappe": np.char.add("c", cluster.astype(str)),
    }  # fmt: skip
    pull = rng.normal(0, 0.3, CLUSTERS)[cluster] + 0.2 * mentored
    for number in range(QUESTIONS):
        yes = rng.random(rows) < 1 / (1 + np.exp(-pull - rng.normal()))
        table[f"Q{number}"] = np.where(rng.random(rows) < 0.08, "", np.where(yes, "Oui", "Non"))
    pd.DataFrame(table).to_csv(folder / "export.csv", index=False)
    (folder / "questionnaire.toml").write_text(_questionnaire(), encoding="utf-8")
    (folder / "study.toml").write_text(
        '[study]\ntitle = "T"\nyear = 2026\nquestionnaire = "questionnaire.toml"\n'
        '[[source]]\nfile = "export.csv"\ngroup = {column = "Mentor", mentored = ["oui"], non_mentored = ["non"]}\n'
        '[duration]\nquestion = "mois"\n[design]\nweight = "poids"\ncluster = "grappe"\n',
        encoding="utf-8",
    )
    return folder / "study.toml"


def _questionnaire() -> str:
    lines = [
        '[dimension.d]\nlabel = "D"',
        '[[scale]]\nid = "s"\nchoices = [{code = "oui", label = "Oui"}, {code = "non", label = "Non"}]',
        '[[question]]\nid = "mois"\nkind = "number"\ntext = "Mois"\nasked = ["mentored"]',
        '[[question]]\nid = "poids"\nkind = "number"\ntext = "Poids"',
        '[[question]]\nid = "grappe"\nkind = "text"\ntext = "Grappe"',
    ]
    for number in range(QUESTIONS):
        lines.append(f'[[question]]\nid = "q{number}"\nkind = "single"\ntext = "Q{number}"\nscale = "s"')
        lines.append(
            f'[[indicator]]\nid = "Q{number}"\ndimension = "d"\nkind = "share"\nquestion = "q{number}"\n'
            'counts = ["oui"]\nlabel = "I"'
        )
    return "\n".join(lines)


def _once(responses: impact.Responses, study: impact.Study) -> Seconds:
    """The parts of `analyse` one by one, then a whole run."""
    clock = [time.perf_counter()]
    by_code = coded(responses, study)
    scores = {one.id: score(one, study.questionnaire, by_code) for one in study.questionnaire.indicator}
    clock.append(time.perf_counter())
    cohort = gathered(by_code, study)
    cells = {one.id: levels(one, scores[one.id], cohort, study) for one in study.questionnaire.indicator}
    drawn = Drawn(by_code, study, cohort, scores, cells, not_comparable(by_code, study))
    clock.append(time.perf_counter())
    list(crude(drawn))
    clock.append(time.perf_counter())
    [_tested(two) for two in pairs(drawn)]
    clock.append(time.perf_counter())
    impact.analyse(responses, study)
    clock.append(time.perf_counter())
    return Seconds(*(end - start for start, end in pairwise(clock)))


def _tested(two: Pair) -> float:
    a, b = two.one.sample, two.other.sample
    return p_value(choose(a, b), a, b)


def _theirs(folder: Path) -> float:
    command = ["Rscript", str(SCRIPT), str(folder / "export.csv"), str(folder / "survey.csv")]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def _agree(found: impact.Results, theirs: pd.DataFrame) -> None:
    """AssertionError where a share, a difference, a ratio or a standard error is another than R's."""
    crude_rows = found.comparisons[found.comparisons["adjustment"] == "none"]
    rows = pd.concat([
        found.estimates.assign(name=found.estimates["group"]),
        crude_rows.assign(name=crude_rows["group"] + " " + crude_rows["reference"] + " " + crude_rows["measure"]),
    ])  # fmt: skip
    both = theirs.merge(rows, left_on=["question", "name"], right_on=["indicator", "name"], suffixes=("_r", ""))
    assert len(both) == len(theirs)
    for column in ("estimate", "std_error"):
        np.testing.assert_allclose(both[column], both[f"{column}_r"], rtol=1e-8)


def measured(folder: Path) -> dict[str, float]:
    """The ratios of MOST, those against R only where R is; each is printed."""
    cohorts = []
    for rows in (ROWS, 2 * ROWS):
        study = impact.read_study(write_study(folder, rows))
        cohorts.append((impact.normalise(impact.load(study), study), study))
    against_r, theirs, ours = _has_survey(), [], []
    for _ in range(ROUNDS):
        theirs += [_theirs(folder / str(ROWS))] if against_r else []
        ours.append([_once(*cohort) for cohort in cohorts])
    once, twice = (Seconds(*map(median, zip(*runs, strict=True))) for runs in zip(*ours, strict=True))
    if against_r:
        _agree(impact.analyse(*cohorts[0]), pd.read_csv(folder / str(ROWS) / "survey.csv"))
    return _ratios(once, twice, median(theirs) if theirs else None)


def _ratios(once: Seconds, twice: Seconds, r: float | None) -> dict[str, float]:
    figures = once.estimates + once.comparisons
    found = {
        "rows": (twice.estimates + twice.comparisons) / figures,
        "all_rows": twice.analyse / once.analyse,
        "comparisons": once.comparisons / once.estimates,
        "tests": once.tests / once.estimates,
    }
    sys.stdout.write(
        f"{ROWS:,} rows x {QUESTIONS} indicators, weighted, {CLUSTERS} clusters: scores {once.scores:.2f} s, estimates "
        f"{once.estimates:.2f} s, comparisons {once.comparisons:.2f} s, of which tests {once.tests:.2f} s; all tables "
        f"{once.analyse:.2f} s\n"
    )
    if r is None:
        sys.stdout.write(f"{MISSING_R}\n")
    else:
        sys.stdout.write(f"R survey, svytotal then svycontrast: {r:.2f} s\n")
        found |= {"figures": figures / r, "from_answers": (once.scores + figures) / r, "analyse": once.analyse / r}
    for name, ratio in found.items():
        sys.stdout.write(f"  {name}: {ratio:.3f} (at most {MOST[name]:.3g})\n")
    return found


def _has_survey() -> bool:
    if shutil.which("Rscript") is None:
        return False
    return not subprocess.run(["Rscript", "-e", "library(survey)"], check=False, capture_output=True).returncode


def over(found: dict[str, float]) -> bool:
    """Whether a ratio is over its bound."""
    return any(ratio > MOST[name] for name, ratio in found.items())
