"""Lines of the study's own files that still wait for a decision."""

from collections.abc import Iterator

from impact.check.nouns import Finding, Value
from impact.study import Study


def waiting(study: Study) -> Iterator[Finding]:
    """One finding for all the marked lines: each a value, its words, its line and the file it stands in."""
    if study.unsettled:
        yield Finding(
            kind="unsettled",
            severity="settle",
            source=study.file.name,
            values=tuple(Value(one.said, (one.line,), label=one.file) for one in study.unsettled),
            facts={"count": len(study.unsettled)},
        )
