"""What `impact check` shows: what was read, what feeds each question, what to settle before a report.

`examine` gives it as values; `page` puts them into words and `plain` into a JSON value, for any who print or write.
Counts and headings only: no answer of one respondent stands here but cells that were not understood or cannot be.
"""

from collections.abc import Iterator, Sequence

from impact import keys
from impact.check.blanks import boxes_left, routes_untold
from impact.check.cells import cells_not_understood, questions_without_column
from impact.check.days import blank_until, impossible_days
from impact.check.doubles import doubles
from impact.check.files import questions_read, source_read, unmapped
from impact.check.habits import flagged, straight_lines
from impact.check.locked import changed
from impact.check.lowered import lowered
from impact.check.methods import refuse_unknown_methods
from impact.check.notes import remarks
from impact.check.nouns import KINDS, SEVERITIES, Check, Finding
from impact.check.overlong import overlong
from impact.check.parts import Part, parts_of
from impact.check.signing import verdicts
from impact.check.unadjusted import unadjusted
from impact.check.waiting import waiting
from impact.model import Export, Responses
from impact.study import Study

__all__ = ["Check", "examine"]


def examine(exports: Sequence[Export], responses: Responses, study: Study) -> Check:
    """All that a person should see before a report: `exports` and `responses` are those of the study, in its order.

    Nothing is changed and nothing is decided here. The cost is that of the rows, times the questions. ImpactError where
    `[analysis]` names a method that does not exist.
    """
    refuse_unknown_methods(study)
    parts = parts_of(exports, responses, study)
    by_part = (one for part in parts for one in _found(part, responses, study))
    found = [
        *waiting(study),
        *changed(study),
        *lowered(study),
        *unadjusted(study),
        *overlong(study),
        *doubles(parts, responses, study),
        *by_part,
    ]
    return Check(
        findings=tuple(sorted(found, key=_harm)),
        sources=tuple(source_read(part, study) for part in parts),
        unmapped=tuple(column for part in parts for column in unmapped(part, study)),
        questions=tuple(questions_read(parts, responses, study)),
        compared=tuple(verdicts(responses)),
        linked=(*study.link.columns, keys.shown(study.link.key)) if study.link else (),
    )


def _found(part: Part, responses: Responses, study: Study) -> Iterator[Finding]:
    yield from questions_without_column(part, study)
    yield from cells_not_understood(part, study)
    yield from flagged(part)
    yield from impossible_days(part, responses, study)
    yield from blank_until(part, responses, study)
    yield from straight_lines(part, responses, study)
    yield from boxes_left(part, responses, study)
    yield from routes_untold(part, responses, study)
    yield from remarks(part, study)


def _harm(finding: Finding) -> tuple[int, int, int]:
    """What is to be settled first, then by kind, then by how many rows."""
    return SEVERITIES.index(finding.severity), KINDS.index(finding.kind), -len(finding.rows)
