"""`study.toml` as it is proposed: the files, their groups, the duration, and what is left to decide."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from impact.drafting import toml
from impact.drafting.draft import Asked, Given, Grouping
from impact.drafting.duration import Lasting
from impact.drafting.familiar import BUNDLED
from impact.drafting.near import Near
from impact.drafting.questionnaire_page import settle
from impact.drafting.together import LeftOut
from impact.drafting.wording import shortened
from impact.model import Export
from impact.normalise._reading import impersonal
from impact.normalise.quantities import date
from impact.texts import Texts

_YEAR: Final = re.compile(r"(?<!\d)(20[0-4]\d)(?!\d)")
UNKNOWN_YEAR: Final = 2000


@dataclass(frozen=True)
class Decisions:
    """All that the study file is written from."""

    given: Given
    asked: Sequence[Asked]
    groups: Sequence[Grouping]
    lasting: Lasting | None
    near: Sequence[Near] = ()
    absent: Sequence[Sequence[str]] = field(default_factory=list)  # one an export
    identifiers: Sequence[str] = ()  # headings of columns that tell respondents apart
    repeated: Sequence[str] = ()  # headings of codes that several respondents share
    dropped: Sequence[LeftOut] = ()  # columns that may lead to someone
    numbered_apart: bool = False  # whether the files give one number to different questions


def page(decisions: Decisions, say: Texts) -> str:
    """The file, a line feed after its last line."""
    lines = [*toml.comment(say("draft.study")), "", *_about(decisions, say)]
    if decisions.numbered_apart:
        lines += ["", settle(say("draft.numbered_apart"), say)]
    for place in range(len(decisions.given.exports)):
        lines += ["", *_source(decisions, place, say)]
    lines += _duration(decisions, say)
    lines += _design(decisions, say)
    return "\n".join(lines).rstrip() + "\n"


def _about(decisions: Decisions, say: Texts) -> Iterator[str]:
    title = next((form.title for form in decisions.given.forms if form.title.strip()), "")
    year = _year(decisions.given)
    yield "[study]"
    yield settle(say("draft.title"), say)
    yield f"title = {toml.string(shortened(title) or say('draft.untitled'))}"
    yield f"organisation = {toml.string(say('draft.organisation'))}"
    if not year:
        yield settle(say("draft.year"), say)
    yield f"year = {year or UNKNOWN_YEAR}"
    yield f"language = {toml.string(say.language)}"
    yield 'questionnaire = "questionnaire.toml"'
    for heading in list(dict.fromkeys(decisions.identifiers))[:1]:
        yield f"# identifier = {toml.string(heading)}  # {say('draft.identifier')}"
    met = [one for one in decisions.asked if one.familiar]
    if met:
        sentence = say("draft.bundled", count=len(met), asked=len(decisions.asked), name=BUNDLED)
        yield from toml.comment(sentence)
        yield f'# questionnaire = "{BUNDLED}"'


def _year(given: Given) -> int:
    """The year in which most answers were given; that of a file's name where no answer is dated; 0 where none is."""
    years: Counter[int] = Counter()
    for export in given.exports:
        if export.answered_on is not None:
            for cell, count in export.cells[export.answered_on].value_counts().items():
                found = date(str(cell))
                years.update({found.year: int(count)} if found and count else {})
    named = [int(year[1]) for file in given.files if (year := _YEAR.search(file))]
    return min(years, key=lambda year: (-years[year], year)) if years else max(named, default=0)


def _source(decisions: Decisions, place: int, say: Texts) -> Iterator[str]:
    export, grouping = decisions.given.exports[place], decisions.groups[place]
    yield f"[[source]]  # {_recognised(export, say)}"
    yield f"file = {toml.string(decisions.given.files[place])}"
    if not grouping.sure:
        yield settle(say("draft.group_column" if grouping.column else "draft.group", file=export.source), say)
    yield f"group = {_group(grouping)}"
    if decisions.absent[place]:
        yield f"absent = {toml.strings(decisions.absent[place])}"
    renames = [(name, toml.string(one.id)) for one in decisions.asked for where, name in one.renames if where == place]
    if renames:
        yield f"rename = {toml.table(renames)}"
    near = [link for link in decisions.near if link.field.export == place]
    if near:
        yield settle(say("draft.near", count=len(near), file=export.source), say)
        for link in near:
            text = shortened(link.field.name, 80)
            yield from toml.comment(f"{text} → {link.question} ({link.likeness})", "#   ")
        linked = [(link.field.name, toml.string(link.question)) for link in near]
        yield f"# rename = {toml.table([*renames, *linked])}"
    yield from _bundled(decisions, place, say)
    yield from _dropped([one for one in decisions.dropped if one.file == decisions.given.files[place]], say)


def _dropped(columns: Sequence[LeftOut], say: Texts) -> Iterator[str]:
    """The columns of one file that are dropped as it is read, with the line that keeps them."""
    if columns:
        yield from toml.comment(say("draft.dropped"))
        for one in columns:
            yield from toml.comment(told(one, say), "#   ")
        named = dict.fromkeys(
            one.heading for one in columns if one.heading.strip() and impersonal(one.heading) == one.heading
        )
        yield f"# keep = {toml.strings(named)}"


def told(column: LeftOut, say: Texts) -> str:
    """A column that is dropped, and why."""
    named = f"{column.letter} « {shortened(impersonal(column.heading), 80)} »"
    return say(f"trace.{column.by}", columns=named)


def _bundled(decisions: Decisions, place: int, say: Texts) -> Iterator[str]:
    """The line that links headings which are nearly those of the bundled questionnaire."""
    renamed = [
        (each.name, toml.string(one.familiar[0]))
        for one in decisions.asked
        if one.familiar and one.familiar[1] < 100
        for each in one.fields
        if each.export == place
    ]
    if renamed:
        yield from toml.comment(say("draft.bundled_rename", name=BUNDLED))
        yield f"# rename = {toml.table(renamed)}"


def _recognised(export: Export, say: Texts) -> str:
    tool = export.tool or export.format
    return shortened(say("draft.recognised", tool=tool, count=len(export.cells)), 100)


def _group(grouping: Grouping) -> str:
    if not grouping.column:
        return toml.string(grouping.group)
    values = [(group, toml.strings(texts)) for group, texts in grouping.answers.items()]
    return toml.table([("column", toml.string(grouping.column)), *values])


def _duration(decisions: Decisions, say: Texts) -> Iterator[str]:
    lasting = decisions.lasting
    if lasting is None:
        return
    lines = ["[duration]", f"question = {toml.string(lasting.question)}"]
    if lasting.over:
        lines += [f"over = {toml.strings(lasting.over)}", f"under = {toml.strings(lasting.under)}"]
    lines += ["threshold_months = 6", 'at_threshold = "over"']
    yield ""
    if not lasting.sure:
        yield settle(say("draft.duration", question=lasting.question), say)
    yield from (line if lasting.sure else f"# {line}" for line in lines)


def _design(decisions: Decisions, say: Texts) -> Iterator[str]:
    weights = [one.id for one in decisions.asked if one.guess.kind == "number" and "poids" in one.id.split("_")]
    clusters = [one.id for one in decisions.asked if one.guess.kind == "single" and _places(one)]
    if weights or clusters:
        yield from ("", *toml.comment(say("draft.design")))
        yield "# [design]"
        yield from (f"# weight = {toml.string(name)}" for name in weights[:1])
        yield from (f"# cluster = {toml.string(name)}" for name in clusters[:1])
    for heading in dict.fromkeys(decisions.repeated):
        yield from ("", *toml.comment(say("draft.repeated", heading=shortened(impersonal(heading), 80))))


def _places(one: Asked) -> bool:
    """Whether a choice may name the place that gave the questionnaire out."""
    return len(one.choices) >= 4 and bool(
        {"structure", "etablissement", "association", "antenne"} & set(one.id.split("_"))
    )
