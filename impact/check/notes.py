"""What was noted while a file was read: a remark beside it or, where it asks something of the user, a point."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from impact import texts
from impact.check import lines
from impact.check.nouns import Finding, Line
from impact.check.parts import Part
from impact.matching import fold
from impact.study import Study

# Keys of `note`: answers may have been read wrongly, or not at all, and only the user can tell.
ASKING: Final = (
    "encoding_doubtful", "one_column", "nearly_empty_tail", "alike_sheets", "lost_digits", "not_computed",
    "no_catalogue", "catalogue_unread", "sphinx_count", "sphinx_subset", "sphinx_order", "typeform_asks",
    "kobo_versions", "review_refused", "undeclared_missing",
)  # fmt: skip
_UNDECLARED: Final = "undeclared_missing"


def asks(note: str) -> tuple[str, dict[str, str]] | None:
    """The key of a note that asks something, and what it was filled with; None for a mere remark."""
    for key in ASKING:
        for language in texts.languages():
            found = _pattern(key, language).fullmatch(note)
            if found:
                return key, found.groupdict()
    return None


@cache
def _pattern(key: str, language: str) -> re.Pattern[str]:
    """Loaders fill one sentence a key, in the language of the run."""
    parts = re.split(r"\{(\w+)\}", texts.load(language).entries[f"note.{key}"])
    seen = [
        re.escape(part) if place % 2 == 0 else f"(?P={part})" if part in parts[1:place:2] else f"(?P<{part}>.*)"
        for place, part in enumerate(parts)
    ]
    return re.compile("".join(seen), re.DOTALL)


def remarks(part: Part, study: Study) -> Iterator[Finding]:
    """The notes of a file that ask something, a finding each."""
    for note in part.export.notes:
        found = asks(note)
        key, facts = found or ("", {})
        proposed: tuple[Line, ...] = ()
        if key == _UNDECLARED:
            codes = list(_undeclared(part, study, facts["codes"]))
            facts, proposed = {"codes": ", ".join(said for said, _ in codes)}, tuple(line for _, line in codes)
            key = key if codes else ""
        if key:
            yield Finding(
                kind="note",
                severity="look",
                source=part.export.source,
                sheet=part.export.sheet,
                lines=proposed if lines.editable(study) else (),
                facts={**facts, "note": key},
            )


def _undeclared(part: Part, study: Study, codes: str) -> Iterator[tuple[str, Line]]:
    """Codes of questions that the questionnaire does not know as missing, with the line that says they are."""
    for question in study.questionnaire.question:
        known = {fold(text) for one in question.missing for text in one.texts}
        for column in part.fed.get(question.id, ()):
            for code, label in column.labels.items():
                said = f"{column.heading} {code} « {label} »"
                if said in codes and not known & {fold(code), fold(label)}:
                    yield said, lines.missing(question, code, label, lines.reason_of(label))
