"""Indicators that are compared as they are only, since the groups are made alike in what they are drawn from."""

from collections.abc import Iterator

from impact.check.nouns import Finding
from impact.study import Study


def unadjusted(study: Study) -> Iterator[Finding]:
    """One finding for all of them, by their ids; none where a single group is there to be compared."""
    names = [one.id for one in study.unadjusted]
    if names and {"mentored", "non_mentored"} <= set(study.groups):
        yield Finding(
            kind="unadjusted",
            severity="look",
            source=study.file.name,
            facts={"indicators": ", ".join(names), "count": len(names)},
        )
