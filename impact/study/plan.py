"""What was decided before the answers were looked at: the locks of a study's analysis plan, one a date, as they stand.

A lock holds the plan in parts (an indicator, the choices of `[analysis]`, the duration, the design, the covariates),
each with its hash, and which of the study's exports were there on that day. Nothing is forgotten: a plan locked again
keeps the locks before it, each sealed together with the one that it follows.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

from impact.errors import ImpactError
from impact.study._toml import read_toml

Name: TypeAlias = tuple[str, str]  # ("indicator", "absence"); ("analysis", "") for a part that stands alone
Part: TypeAlias = Mapping[str, Any]  # its keys, as a study file writes them

KINDS: Final = ("indicator", "covariate", "analysis", "duration", "design")  # of the parts, in the order of the file
ENDING: Final = ".plan.toml"


class Change(NamedTuple):
    """What became of a part since it was locked. `keys` are those that changed, none for one that came or went."""

    kind: str  # one of KINDS
    name: str
    became: str  # changed | added | removed
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lock:
    """A plan as it was on a day. `sources` maps each export that the study named to its hash, "" where it lacked."""

    date: str  # "2026-11-25"
    software: str
    sources: Mapping[str, str]
    parts: Mapping[Name, Part]
    hash: str  # of the parts: the same plan has the same, whatever the day
    seal: str  # of all this and of the lock before
    given: bool = False  # whether the day was written by hand, and not taken from the clock

    @property
    def there(self) -> tuple[str, ...]:
        """The exports that stood there already when the plan was locked."""
        return tuple(name for name, found in self.sources.items() if found)


@dataclass(frozen=True)
class Plan:
    """The locks of a study, the oldest first, and the hashes of the exports that are there today."""

    file: Path
    locks: tuple[Lock, ...]
    today: frozenset[str] = frozenset()

    @property
    def held(self) -> Lock:
        """The lock that results are held against, one of those made when the fewest exports were there: the last of
        them where none was, else the first.

        Locking again once there are answers to look at makes nothing planned that was not so before.
        """
        fewest = min(len(lock.there) for lock in self.locks)
        return [lock for lock in self.locks if len(lock.there) == fewest][0 if fewest else -1]

    @property
    def late(self) -> bool:
        """Whether all the answers of today were there, as they are, when the plan was locked: nothing was planned then.

        Whatever the names of the files: one renamed since is no new answers.
        """
        return bool(self.today) and self.today <= set(self.held.sources.values())


def plan_file(study: Path) -> Path:
    """Where the plan of a study stands: beside its file, `study.plan.toml` for `study.toml`."""
    return study.with_name(study.stem + ENDING)


def read_plan(file: Path, exports: Iterable[Path] = ()) -> Plan | None:
    """The plan in a file, None where there is none; `exports` are those that the study names, there or not.

    ImpactError where its hashes do not fit what it holds.
    """
    if not file.is_file():
        return None
    locks: list[Lock] = []
    for written in _tables(read_toml(file).get("lock"), file):
        locks.append(_lock(written, locks[-1].seal if locks else "", file))
    if not locks:
        raise ImpactError("plan_unread", file=file.name)
    return Plan(file, tuple(locks), hashes(exports))


def hashes(exports: Iterable[Path]) -> frozenset[str]:
    """The SHA-256 of the exports that are there."""
    return frozenset(map(hash_of, exports)) - {""}


def hash_of(export: Path) -> str:
    """The SHA-256 of an export, "" where it is not there."""
    if not export.is_file():
        return ""
    with export.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _tables(found: object, file: Path) -> list[Mapping[str, Any]]:
    if isinstance(found, list) and all(isinstance(one, dict) for one in found):
        return found
    raise ImpactError("plan_unread", file=file.name)


def _lock(written: Mapping[str, Any], before: str, file: Path) -> Lock:
    """One lock of the file, each of its hashes made again."""
    try:
        sources = {str(one["file"]): str(one["sha256"]) for one in written["source"]}
        found = {(kind, name): dict(part) for kind in KINDS for name, part in _parts(written, kind)}
        told = {name: part.pop("sha256") for name, part in found.items()}
        date, software, plan, seal = (str(written[key]) for key in ("date", "impact", "plan", "seal"))
        given = bool(written.get("date_given", False))
    except (KeyError, TypeError, ValueError, AttributeError):
        raise ImpactError("plan_unread", file=file.name) from None
    lock = sealed(date, software, sources, found, before, given)
    false = [name for name, part in found.items() if told[name] != digest(part)]
    if false or (plan, seal) != (lock.hash, lock.seal):
        part = ".".join(filter(None, false[0])) if false else ""
        raise ImpactError("plan_altered_part" if part else "plan_altered", file=file.name, date=date, part=part)
    return lock


def _parts(written: Mapping[str, Any], kind: str) -> Iterable[tuple[str, Part]]:
    tables = written.get(kind, {})
    return tables.items() if kind in ("indicator", "covariate") else [("", tables)] if tables else []


def sealed(
    date: str, software: str, sources: Mapping[str, str], parts: Mapping[Name, Part], before: str, given: bool = False
) -> Lock:
    """A lock with its hashes; `before` is the seal of the lock that it follows, "" for the first."""
    plan = digest(sorted([*name, digest(part)] for name, part in parts.items()))
    seal = digest([date, software, sorted(sources.items()), plan, before, *(["date_given"] if given else [])])
    return Lock(date, software, sources, parts, plan, seal, given)


def digest(value: object) -> str:
    """The SHA-256 of a value written in one way only: keys in order, no space."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", errors="surrogatepass")).hexdigest()
