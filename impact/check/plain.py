"""A check as a JSON value: keys in English, the same ones whatever was found."""

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

from impact.check.nouns import SEVERITIES, Check, Compared, Counted, Fed, Finding, Line, Place, SourceRead
from impact.check.signing import differences
from impact.check.wording import Page, Words
from impact.loaders.tools import tools
from impact.normalise.differences import lines
from impact.study import Study
from impact.texts import Texts

Json: TypeAlias = dict[str, Any]

VERSION: Final = 1  # goes up when a key changes its name or its meaning; a new key leaves it as it is


def plain(check: Check, page: Page, study: Study, texts: Texts) -> Json:
    """Everything that the page shows and all that it cuts short, as dicts, lists, texts and numbers.

    - `version`, `language`, `study` (its file), `title`, `verdict`, `use` (the page's sentences), `settle` and
      `look` (counts);
    - `findings`: `kind` (a name of impact.check.nouns.KINDS), `severity` ("settle" or "look"), `message` and `advice`
      (sentences), `source`, `sheet`, `column` and `heading` ("" where the point is no column's), `question`, `rows`
      (all), `values` (`text`, "" where withheld; `label`, `rows`, `nearest`, a code; of "unsettled", a line's words,
      file and number; of "plan_changed", a part and "changed", "added" or "removed"), `lines` (`file`: "study" or
      "questionnaire"; `under`: the source's file or the question; `add_to`: "" or the key that takes it; `text`),
      `facts` (what its sentence was filled with);
    - `sources`: `source`, `sheet`, `format`, `tool` (a name, "" for none), `tool_title`, `signs`, `header_rows`,
      `received`, `dropped` (by reason), `kept` (by group), `repaired` (by repair), `metadata` and `personal` (columns:
      `column`, `heading`; of a personal one `why`, one of model.TRACES, "kept", or "needed" by its `question`),
      `notes`;
    - `unmapped`: `source`, `column`, `heading`, `filled`, `nearest_question` ("" for none);
    - `questions`: `question`, `text`, `kind`, `fed`: `source`, `columns`, `answered`, `answers` (`code`, `label`,
      `count`), `blanks` (by reason), `low`, `high` ("" but for a number or a date),
      `order` (of dates: "day_first", "month_first", "unclear" or "") and `proofs` (how many dates leave no other);
    - `comparability`, one a question asked of both groups: `question`, `verdict` (one of model.COMPARABLE), `compared`
      (true or false), `differences` (sentences), `recode`, `untold` (what the files do not tell), `signed_by`, `why`,
      `line` (what signs it, "" but where that is waited for).
    """
    points = [point for section in page.sections if section.key in SEVERITIES for point in section.points]
    return {
        "version": VERSION,
        "language": page.language,
        "study": study.file.name,
        "title": page.title,
        "verdict": page.verdict,
        "use": page.use,
        **{severity: check.count(severity) for severity in SEVERITIES},
        "findings": [
            _finding(finding) | {"message": point.what, "advice": point.more[-1]}
            for finding, point in zip(check.findings, points, strict=True)
        ],
        "sources": [_source(source) for source in check.sources],
        "unmapped": [
            {"source": one.source, **_place(one.place), "filled": one.filled, "nearest_question": one.near}
            for one in check.unmapped
        ],
        "comparability": [_compared(one, study, Words(texts)) for one in check.compared],
        "questions": [
            {"question": one.question, "text": texts.label(one.text), "kind": one.kind, "fed": _fed(one.fed, texts)}
            for one in check.questions
        ],
    }


def _finding(finding: Finding) -> Json:
    return {
        "kind": finding.kind,
        "severity": finding.severity,
        "source": finding.source,
        "sheet": finding.sheet,
        **_place(finding.place or Place("", "")),
        "question": finding.question,
        "rows": list(finding.rows),
        "values": [
            {"text": one.text, "label": one.label, "rows": list(one.rows), "nearest": one.near}
            for one in finding.values
        ],
        "lines": [_line(line) for line in finding.lines],
        "facts": dict(finding.facts),
    }


def _line(line: Line) -> Json:
    return {"file": line.file, "under": line.under, "add_to": line.add_to, "text": line.text}


def _place(place: Place) -> Json:
    return {"column": place.letter, "heading": place.heading}


def _source(source: SourceRead) -> Json:
    return {
        "source": source.source,
        "sheet": source.sheet,
        "format": source.format,
        "tool": source.tool,
        "tool_title": tools()[source.tool].title if source.tool else "",
        "signs": list(source.signs),
        "header_rows": list(source.header),
        "received": source.received,
        "dropped": dict(source.dropped),
        "kept": dict(source.kept),
        "repaired": dict(source.repaired),
        "metadata": [_place(place) for place in source.metadata],
        "personal": [
            *(_place(one) | {"why": source.traces.get(one.letter, "kept"), "question": ""} for one in source.personal),
            *(_place(one) | {"why": "needed", "question": question} for one, question in source.needed),
        ],
        "notes": list(source.notes),
    }


def _compared(one: Compared, study: Study, words: Words) -> Json:
    first = one.rows[0]
    return {
        "question": one.question,
        "verdict": one.verdict,
        "compared": one.compared,
        "differences": differences(one, study, words),
        **{name: first[name] for name in ("recode", "untold", "signed_by", "why")},
        "line": lines(one.question, words.texts) if one.unsigned else "",
    }


def _fed(fed: Sequence[Fed], texts: Texts) -> list[Json]:
    return [
        {
            "source": one.source,
            "columns": [_place(place) for place in one.places],
            "answered": one.answered,
            "answers": [_answer(answer, texts) for answer in one.answers],
            "blanks": dict(one.blanks),
            "low": one.low,
            "high": one.high,
            "order": one.order,
            "proofs": one.proofs,
        }
        for one in fed
    ]


def _answer(answer: Counted, texts: Texts) -> Json:
    return {"code": answer.code, "label": texts.label(answer.label), "count": answer.times}
