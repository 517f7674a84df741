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

    @property
    def there(self) -> tuple[str, ...]:
        """The exports that stood there already when the plan was locked."""
        return tuple(name for name, found in self.sources.items() if found)


@dataclass(frozen=True)
class Plan:
    """The locks of a study, the oldest first."""

    file: Path
    locks: tuple[Lock, ...]

    @property
    def held(self) -> Lock:
        """The lock that results are held against: the last of those made when the fewest exports were there.

        Locking again once the answers are known makes nothing planned that was not so before.
        """
        fewest = min(len(lock.there) for lock in self.locks)
        return [lock for lock in self.locks if len(lock.there) == fewest][-1]


def plan_file(study: Path) -> Path:
    """Where the plan of a study stands: beside its file, `study.plan.toml` for `study.toml`."""
    return study.with_name(study.stem + ENDING)


def read_plan(file: Path) -> Plan | None:
    """The plan in a file, None where there is none. ImpactError where its hashes do not fit what it holds."""
    if not file.is_file():
        return None
    locks: list[Lock] = []
    for written in _tables(read_toml(file).get("lock"), file):
        locks.append(_lock(written, locks[-1].seal if locks else "", file))
    if not locks:
        raise ImpactError("plan_unread", file=file.name)
    return Plan(file, tuple(locks))


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
    except (KeyError, TypeError, ValueError, AttributeError):
        raise ImpactError("plan_unread", file=file.name) from None
    lock = sealed(date, software, sources, found, before)
    false = [name for name, part in found.items() if told[name] != digest(part)]
    if false or (plan, seal) != (lock.hash, lock.seal):
        part = ".".join(filter(None, false[0])) if false else ""
        raise ImpactError("plan_altered_part" if part else "plan_altered", file=file.name, date=date, part=part)
    return lock


def _parts(written: Mapping[str, Any], kind: str) -> Iterable[tuple[str, Part]]:
    tables = written.get(kind, {})
    return tables.items() if kind in ("indicator", "covariate") else [("", tables)] if tables else []


def sealed(date: str, software: str, sources: Mapping[str, str], parts: Mapping[Name, Part], before: str) -> Lock:
    """A lock with its hashes; `before` is the seal of the lock that it follows, "" for the first."""
    plan = digest(sorted([*name, digest(part)] for name, part in parts.items()))
    seal = digest([date, software, sorted(sources.items()), plan, before])
    return Lock(date, software, sources, parts, plan, seal)


def digest(value: object) -> str:
    """The SHA-256 of a value written in one way only: keys in order, no space."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", errors="surrogatepass")).hexdigest()
