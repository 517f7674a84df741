"""Thousands of damaged files through the public doors: `make fuzz`. Argument: how many mutants of each kind (3 000).

A mutant is told by its kind and its number alone, so that the same ones come at every run. What may come of it is a
result, in which no row is lost, or an ImpactError whose words would do nothing to a terminal; anything else is a find.
"""

import faulthandler
import re
import shutil
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from random import Random
from typing import NamedTuple

from typer.testing import CliRunner

from impact import ImpactError, load, normalise, read_study
from impact.cli import app
from tests.fuzz import mutations, seeds

try:
    import resource
except ImportError:  # Windows has none
    resource = None

OFTEN = ("sav", "xlsx", "csv", "study.toml")  # those that every change is tried on
SLOWEST = 60  # seconds a mutant may take
LARGEST = 2_000_000  # kilobytes that this process, or a child of it, may hold
CHECKED = 5  # of so many mutants of an export, one goes through `impact check` too; of a study file, every one
ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
WAYS = {
    "sav": mutations.BINARY, "xlsx": mutations.ZIPPED, "csv": mutations.TEXT, "study.toml": mutations.TOML,
    "dta": mutations.BINARY, "por": mutations.TEXT, "ods": mutations.ZIPPED,
    "questionnaire.toml": mutations.TOML,
}  # fmt: skip


class Tried(NamedTuple):
    """What came of one mutant: "read", or the key of an error; `find` is what must not be, "" where all is well."""

    outcome: str
    find: str = ""


class Herd:
    """The mutants of a kind, each tried in one folder."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.kind = kind
        self.is_study = kind.endswith(".toml")
        self.folder = seeds.study(folder / "study", "a.csv" if self.is_study else f"a.{kind}")
        self.seeds = seeds.studies(kind) if self.is_study else seeds.exports(kind, folder)
        self.file = self.folder / (kind if self.is_study else f"a.{kind}")
        if self.is_study:
            (self.folder / "a.csv").write_text(seeds.plain_csv(), encoding="utf-8")
        else:
            self.study = read_study(self.folder)

    def mutant(self, number: int) -> bytes:
        """The bytes of one mutant: of `kind` and `number` alone."""
        chance = Random(f"{self.kind} {number}")
        return mutations.mutant(WAYS[self.kind], self.seeds, chance.randrange(len(self.seeds)), chance)

    def tried(self, number: int) -> Tried:
        """One mutant through the doors."""
        self.file.write_bytes(self.mutant(number))
        start = time.monotonic()
        try:
            found = self._walked()
            if not found.find and (self.is_study or not number % CHECKED):
                found = self._checked(found)
        except Exception as fault:
            return Tried(type(fault).__name__, "".join(traceback.format_exception(fault)))
        taken = time.monotonic() - start
        return Tried(found.outcome, f"took {taken:.0f} s") if taken > SLOWEST else found

    def _walked(self) -> Tried:
        try:
            study = read_study(self.folder) if self.is_study else self.study
            exports = load(study)
            responses = normalise(exports, study)
        except ImpactError as fault:
            return Tried(fault.key, _wrong_words(str(fault)))
        return Tried("read", "; ".join(_lost(exports, responses)))

    def _checked(self, found: Tried) -> Tried:
        run = CliRunner().invoke(app, ["check", str(self.folder / "study.toml")])
        if run.exception and not isinstance(run.exception, SystemExit):
            return Tried(type(run.exception).__name__, "".join(traceback.format_exception(run.exception)))
        if run.exit_code not in (0, 1):
            return Tried(found.outcome, f"exit status {run.exit_code}")
        return Tried(found.outcome, _wrong_words(run.output))


def _wrong_words(said: str) -> str:
    if "Traceback" in said or not said.strip():
        return f"says {said!r}"
    acting = ACTING.search(said)
    return f"a sign that acts: {said!r}" if acting else ""


def _lost(exports: Sequence[object], responses: object) -> Iterable[str]:
    """What does not add up: rows read, received, kept and dropped."""
    flow = responses.flow
    counts = {stage: int(flow.loc[flow["stage"] == stage, "count"].sum()) for stage in ("received", "dropped", "kept")}
    read = sum(len(export.cells) + len(export.left_out) for export in exports)
    if counts["received"] != counts["dropped"] + counts["kept"]:
        yield f"rows are lost: {counts}"
    if counts["received"] != read:
        yield f"{read} rows read, {counts}"
    if counts["kept"] != len(responses.people):
        yield f"{len(responses.people)} people, {counts}"


def held() -> int:
    """The most memory that this process or a child held, in kilobytes; 0 where the system does not say."""
    if resource is None:
        return 0
    return max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def tried(kind: str, numbers: Iterable[int], say: Callable[[str], object]) -> tuple[Counter[str], int]:
    """The outcomes of some mutants of a kind, and how many are finds; each find is told as it comes."""
    outcomes: Counter[str] = Counter()
    finds = 0
    folder = Path(tempfile.mkdtemp())
    try:
        herd = Herd(kind, folder)
        for number in numbers:
            found = herd.tried(number)
            outcomes[found.outcome] += 1
            if found.find:
                finds += 1
                say(f"{kind} {number}: {found.find}\n")
    finally:
        shutil.rmtree(folder)
    if held() > LARGEST:
        finds += 1
        say(f"{kind}: {held()} kB were held\n")
    return outcomes, finds


def main() -> int:
    """Tries so many mutants of each kind; 1 where one is a find. A second argument names one kind."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 3_000
    finds = 0
    for kind in sys.argv[2:] or WAYS:
        faulthandler.dump_traceback_later(3 * SLOWEST * count, exit=True)
        start = time.monotonic()
        outcomes, found = tried(kind, range(count), partial(print, end="", flush=True))
        finds += found
        told = ", ".join(f"{outcome} {number}" for outcome, number in outcomes.most_common())
        sys.stdout.write(f"{kind}: {count} in {time.monotonic() - start:.0f} s, {found} finds; {told}\n")
        sys.stdout.flush()
    return int(finds > 0)


if __name__ == "__main__":
    sys.exit(main())
