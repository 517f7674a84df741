"""Thresholds of disclosure control that a public study sets under those advised."""

from collections.abc import Iterator

from impact.check.nouns import Finding
from impact.study import Study
from impact.study.schema import ADVISED_ANSWER, ADVISED_BASE


def lowered(study: Study) -> Iterator[Finding]:
    """One finding for both; none for internal use, where nothing is masked anyway."""
    if study.lowered:
        yield Finding(
            kind="lowered",
            severity="look",
            source=study.file.name,
            facts={"written": ", ".join(study.lowered), "base": ADVISED_BASE, "answer": ADVISED_ANSWER},
        )
