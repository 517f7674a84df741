"""A check as a file may hold it: what few people wrote in their own words stays on the terminal of who mends it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from impact.check import lines
from impact.check.nouns import Check, Finding, Line, Value
from impact.loaders import personal
from impact.study import Study

_OF_THE_STUDY: Final = ("unsettled", "plan_changed")  # kinds whose values are words of the study's own files


def for_a_file(check: Check, study: Study) -> Check:
    """The check whose values, unless they are numbers, stand for `minimum_base` rows at least, each of one person.

    Others are one value without a text, with all their rows; the lines that would write them are left out.
    """
    fewest = study.disclosure.minimum_base
    return replace(check, findings=tuple(_withheld(finding, fewest) for finding in check.findings))


def _withheld(finding: Finding, fewest: int) -> Finding:
    rare = [value for value in finding.values if _is_rare(value, fewest)]
    if finding.kind in _OF_THE_STUDY or not rare:
        return finding
    rows = tuple(sorted({row for value in finding.values if value in rare or not value.text for row in value.rows}))
    shown = [value for value in finding.values if value not in rare and value.text]
    said = [text for value in rare for text in _written(value)]
    return replace(finding, values=(*shown, Value("", rows)), lines=tuple(_without(finding.lines, said)))


def _is_rare(value: Value, fewest: int) -> bool:
    return bool(value.text) and len(value.rows) < fewest and not personal.is_quantity(value.text)


def _written(value: Value) -> Iterator[str]:
    yield from (lines.quoted(text)[1:-1] for text in (value.text, value.label) if text)


def _without(proposed: tuple[Line, ...], said: list[str]) -> Iterator[Line]:
    return (line for line in proposed if not any(text in line.text for text in said))
