"""Texts of the study files that have no end: whatever shows them cuts them."""

from collections.abc import Iterator, Mapping

from impact.check.nouns import Finding
from impact.study import Study
from impact.texts import LONGEST


def overlong(study: Study) -> Iterator[Finding]:
    """One finding for all the texts that are cut: how many they are, and where the first begins."""
    written = [study.about.model_dump(), study.questionnaire.model_dump()]
    written += [study.published.model_dump()] if study.published else []
    found = [text for text in _texts(written) if len(text) > LONGEST]
    if found:
        yield Finding(
            kind="overlong",
            severity="look",
            source=study.file.name,
            facts={"count": len(found), "limit": LONGEST, "begins": f"{found[0][:40]}…"},
        )


def _texts(node: object) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, Mapping):
        for value in node.values():
            yield from _texts(value)
    elif isinstance(node, (list, tuple)):
        for value in node:
            yield from _texts(value)
