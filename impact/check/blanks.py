"""Blanks that no file explains: boxes all left, and questions that some may not have been shown."""

from collections.abc import Iterator, Sequence

import pandas as pd

from impact.check import lines
from impact.check.nouns import Finding, Line
from impact.check.parts import Part, asked_here, place
from impact.model import Responses
from impact.normalise.hidden import Hidden, hidden
from impact.normalise.routing import columns_of
from impact.study import Question, Study


def boxes_left(part: Part, responses: Responses, study: Study) -> Iterator[Finding]:
    """Multiple choices of which people ticked no box, where that may be their answer: one finding a question.

    A box for "none of these" settles it, and so does the questionnaire that says what no box ticked means.
    """
    for question in asked_here(part, study):
        settled = "none_ticked" in question.model_fields_set or any(choice.exclusive for choice in question.choices)
        if question.kind == "multiple" and question.id in part.fed and not settled:
            rows = _all_left(part, question, responses)
            if rows:
                answered = int((responses.reasons.loc[part.rows.index, question.id] == "").sum())
                yield _none_ticked(part, study, question, rows, answered)


def _none_ticked(part: Part, study: Study, question: Question, rows: tuple[int, ...], answered: int) -> Finding:
    return Finding(
        kind="none_ticked",
        severity="look",
        source=part.export.source,
        sheet=part.export.sheet,
        place=place(part.fed[question.id][0]),
        question=question.id,
        rows=rows,
        lines=(lines.none_ticked(question),) if lines.editable(study) else (),
        facts={"count": len(rows), "answered": answered, "total": answered + len(rows)},
    )


def _all_left(part: Part, question: Question, responses: Responses) -> tuple[int, ...]:
    """Rows whose boxes all say that they were left or, where the file writes nothing in such a box, are all blank."""
    boxes = [one.position for one in part.fed[question.id] if one.layout not in ("slots", "summary")]
    if len(boxes) < 2 or any(one.layout == "slots" for one in part.fed[question.id]):
        return ()
    filled = (part.export.cells.loc[part.rows, boxes] != "").sum(axis=1).set_axis(part.rows.index)
    reasons = responses.reasons.loc[part.rows.index, question.id]
    ticks = responses.answers.loc[part.rows.index, columns_of(question, responses.answers)].sum(axis=1)
    answered, silent = reasons == "", reasons == "no_answer"
    marks_alone = bool(answered.any() and (filled[answered] <= ticks[answered]).all())
    left = silent & ((filled == 0) if marks_alone else (filled > 0))
    return part.file_rows(left.index[left])


def routes_untold(part: Part, responses: Responses, study: Study) -> Iterator[Finding]:
    """Questions that seem not shown to those who gave some answer: one finding for all that one answer leads past."""
    asked = [one for one in asked_here(part, study) if one.id in part.fed]
    asked.sort(key=lambda one: part.fed[one.id][0].position)
    rows = part.rows.index
    together: dict[tuple[str, tuple[str, ...]], list[Hidden]] = {}
    for one in hidden(asked, responses.answers.loc[rows], responses.reasons.loc[rows]):
        together.setdefault((one.decides, one.away), []).append(one)
    for (decides, away), found in together.items():
        led = responses.answers.loc[rows, decides].isin(away)
        yield _hidden(part, study, found, led.index[led])


def _hidden(part: Part, study: Study, found: Sequence[Hidden], led: pd.Index) -> Finding:
    first = found[0]
    known = set(study.question(first.decides).codes)
    return Finding(
        kind="hidden",
        severity="look",
        source=part.export.source,
        sheet=part.export.sheet,
        place=place(part.fed[first.decides][0]),
        question=", ".join(one.question for one in found),
        rows=part.file_rows(led),
        lines=tuple(_only_if(one, known) for one in found) if lines.editable(study) else (),
        facts={"decides": first.decides, "away": ", ".join(first.away), "count": len(led)},
    )


def _only_if(one: Hidden, known: set[str]) -> Line:
    """By the answers that show it where the questionnaire knows them all, else by those that do not."""
    if known.issuperset(one.shown):
        return lines.only_if(one.question, one.decides, "is", one.shown)
    return lines.only_if(one.question, one.decides, "is_not", one.away)
