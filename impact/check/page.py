"""A check in words: sections of points and tables, for a terminal or a page to lay out. One sentence a fact."""

from collections.abc import Iterator, Sequence

from impact.check.nouns import Check, Fed, Finding, Line, Place, QuestionRead, SourceRead, Unmapped, Value
from impact.check.signing import comparing, signing
from impact.check.wording import Page, Point, Section, Table, Words, Write, shortened
from impact.loaders.tools import tools
from impact.model import SOURCE_GROUPS
from impact.study import Study
from impact.texts import Texts
from impact.texts.typography import number, plural

_ROWS, _VALUES, _LINES, _SIGNS = 8, 5, 8, 3  # shown of each point; the JSON holds them all


def page(check: Check, study: Study, texts: Texts) -> Page:
    """The whole check, most useful first."""
    words = Words(texts)
    sections = (
        _points(check, study, "settle", words),
        _points(check, study, "look", words),
        signing(check.compared, study, words),
        _files(check.sources, words),
        _unmapped(check, words),
        comparing(check.compared, study, words),
        _questions(check.questions, words),
    )
    title = words("check.title", study=texts.label(study.about.title))
    proposed = any(finding.lines for finding in check.findings)
    note = words("check.write_once") if proposed else ""
    return Page(texts.language, title, _verdict(check, words), note, tuple(one for one in sections if one.verdict))


def _verdict(check: Check, words: Words) -> str:
    settle, look, sign = check.count("settle"), check.count("look"), len(check.unsigned)
    said = [words.counted("check.verdict_settle", settle)] if settle else []
    if look:
        said.append(words.counted("check.verdict_also" if settle else "check.verdict_look", look))
    if sign:
        said.append(words.counted("check.verdict_sign", sign))
    return words("check.verdict", points=", ".join(said)) if said else words("check.verdict_none")


# --- points ----------------------------------------------------------------------------------------------------------


def _points(check: Check, study: Study, severity: str, words: Words) -> Section:
    findings = [finding for finding in check.findings if finding.severity == severity]
    points = tuple(_point(finding, study, words) for finding in findings)
    verdict = words(f"check.{severity}_verdict") if points else ""
    return Section(severity, words(f"check.{severity}"), verdict, points)


def _point(finding: Finding, study: Study, words: Words) -> Point:
    facts = {**finding.facts, "question": finding.question, "source": finding.source}
    facts["done"] = words.named("done", str(facts.get("done", "")))
    facts["problem"] = words.named("problem", str(facts.get("problem", "")))
    return Point(
        what=words(f"finding.{finding.kind}", **facts),
        where=_where(finding, words),
        more=(*_values(finding, study, words), words(f"advice.{finding.kind}", **facts)),
        writes=_writes(finding.lines, study, words),
    )


def _where(finding: Finding, words: Words) -> str:
    """File, sheet, column, rows: where the user opens it."""
    said = [finding.source]
    if finding.sheet:
        said.append(words("check.sheet", sheet=finding.sheet))
    if finding.place:
        said.append(_place(finding.place, words))
    if finding.rows and not finding.values:
        said.append(_rows(finding.rows, words))
    return ", ".join(said)


def _place(place: Place, words: Words) -> str:
    return words("check.column", letter=place.letter, heading=shortened(place.heading))


def _rows(rows: Sequence[int], words: Words) -> str:
    listed = ", ".join(map(str, rows[:_ROWS]))
    if len(rows) > _ROWS:
        return words("check.rows_more", rows=listed, count=number(len(rows), words.texts))
    return words(f"check.rows_{plural(len(rows), words.texts)}", rows=listed)


def _values(finding: Finding, study: Study, words: Words) -> Iterator[str]:
    for value in finding.values[:_VALUES]:
        near = words("check.near", near=_label(finding, value, study, words)) if value.near else ""
        rows = _rows(value.rows, words)
        yield words.counted("check.value", len(value.rows), value=_said(value, words), rows=rows) + near
    if len(finding.values) > _VALUES:
        yield words.counted("check.values_more", len(finding.values) - _VALUES)


def _said(value: Value, words: Words) -> str:
    if not value.text:
        return words("check.withheld")
    label = words("check.label", label=shortened(value.label)) if value.label else ""
    return words("check.quoted", text=value.text) + label


def _label(finding: Finding, value: Value, study: Study, words: Words) -> str:
    """The nearest known answer as the questionnaire words it."""
    question = study.questionnaire.questions[finding.question]
    labels = {answer.code: words.texts.label(answer.label) for answer in question.answers}
    return labels.get(value.near) or value.near


def _writes(lines: Sequence[Line], study: Study, words: Words) -> tuple[Write, ...]:
    """Lines by the place they go to, in their order."""
    places: dict[str, list[str]] = {}
    for line in lines[:_LINES]:
        file = study.file.name if line.file == "study" else study.about.questionnaire
        way = "add" if line.add_to else "new"
        where = words(f"write.{line.file}_{way}", file=file, under=line.under, key=line.add_to)
        places.setdefault(where, []).append(line.text)
    if len(lines) > _LINES:
        places[words.counted("check.lines_more", len(lines) - _LINES)] = []
    return tuple(Write(where, tuple(texts)) for where, texts in places.items())


# --- tables ----------------------------------------------------------------------------------------------------------


def _files(sources: Sequence[SourceRead], words: Words) -> Section:
    kept = sum(sum(source.kept.values()) for source in sources)
    received = sum(source.received for source in sources)
    verdict = words.counted("check.files_verdict", len(sources), received=_n(received, words), kept=_n(kept, words))
    names = ("source", "recognised", "rows", "tool_columns", "remarks")
    rows = tuple(_file(source, words) for source in sources)
    return _tabled("files", verdict, names, rows, words)


def _file(source: SourceRead, words: Words) -> tuple[str, ...]:
    counts = [words.counted("check.received", source.received)]
    if source.dropped:
        why = words.listed("flow", source.dropped)
        counts.append(words.counted("check.dropped", sum(source.dropped.values()), why=why))
    kept = {group: source.kept[group] for group in SOURCE_GROUPS if group in source.kept}
    counts += [words.counted("check.kept", sum(kept.values()), who=words.listed("group", kept))]
    if source.repaired:
        counts.append(words("check.repaired", what=words.listed("flow", source.repaired)))
    own = ", ".join(place.letter for place in source.metadata)
    return (
        source.source,
        _recognised(source, words),
        " ; ".join(counts),
        words("check.metadata", columns=own) if own else "",
        " ".join(source.notes),
    )


def _recognised(source: SourceRead, words: Words) -> str:
    said = [words("check.sheet", sheet=source.sheet)] if source.sheet else []
    if source.tool:
        key = "check.tool" if source.signs else "check.tool_unsigned"
        said.append(words(key, tool=tools()[source.tool].title, signs=", ".join(source.signs[:_SIGNS])))
    else:
        said.append(words("check.no_tool", format=source.format))
    if source.header:
        rows = ", ".join(map(str, source.header))
        said.append(words(f"check.header_{plural(len(source.header), words.texts)}", rows=rows))
    return ", ".join(said)


def _unmapped(check: Check, words: Words) -> Section:
    personal = [(source.source, source.personal) for source in check.sources if source.personal]
    more = tuple(
        words("check.personal", source=source, columns=", ".join(_place(place, words) for place in places))
        for source, places in personal
    )
    if not check.unmapped and not more:
        return Section("unmapped", "", "")
    count = len(check.unmapped)
    verdict = words.counted("check.unmapped_verdict", count) if count else words("check.unmapped_verdict_none")
    rows = tuple(_unmapped_row(column, words) for column in check.unmapped)
    return _tabled("unmapped", verdict, ("source", "column", "filled"), rows, words)._replace(more=more)


def _unmapped_row(column: Unmapped, words: Words) -> tuple[str, ...]:
    filled = words.counted("check.filled", column.filled) if column.filled else words("check.blank")
    near = words("check.unmapped_near", question=column.near) if column.near else ""
    return (column.source, _place(column.place, words), filled + near)


def _questions(questions: Sequence[QuestionRead], words: Words) -> Section:
    fed = sum(bool(question.fed) for question in questions)
    verdict = words.counted("check.questions_verdict", fed, total=_n(len(questions), words))
    rows = tuple(row for question in questions for row in _question_rows(question, words))
    return _tabled("questions", verdict, ("question", "source", "columns", "answers", "blanks"), rows, words)


def _question_rows(question: QuestionRead, words: Words) -> Iterator[tuple[str, ...]]:
    text = words.texts.label(question.text)
    title = words("check.question", question=question.question, text=shortened(text))
    if not question.fed:
        yield (title, words("check.nowhere"), "", "", "")
    for fed in question.fed:
        yield (title, fed.source, _columns(fed.places, text, words), _answers(fed, words), _blanks(fed, words))


def _columns(places: Sequence[Place], text: str, words: Words) -> str:
    """The columns of a question: a heading that only repeats the question is not said again."""
    letters = ", ".join(place.letter for place in places[:_ROWS]) + (" …" if len(places) > _ROWS else "")
    heading = places[0].heading if len(places) == 1 else ""
    if not heading or heading.strip() == text.strip():
        return letters
    return f"{letters} {words('check.quoted', text=shortened(heading))}"


def _answers(fed: Fed, words: Words) -> str:
    said = words.counted("check.answered", fed.answered)
    if fed.answers:
        counts = " · ".join(f"{_answer(one.code, one.label, words)} {_n(one.times, words)}" for one in fed.answers)
        return words("check.answers", answered=said, answers=counts)
    return words("check.between", answered=said, low=fed.low, high=fed.high) if fed.low else said


def _answer(code: str, label: str | dict[str, str], words: Words) -> str:
    said = words.texts.label(label)
    return said or (words("table.choice_other") if code == "other" else code)


def _blanks(fed: Fed, words: Words) -> str:
    return words.listed("reason", fed.blanks)


def _tabled(key: str, verdict: str, names: Sequence[str], rows: tuple[tuple[str, ...], ...], words: Words) -> Section:
    """A section of one table, its headings by their keys."""
    title = words(f"check.{key}")
    headings = tuple(words(f"heading.{name}") for name in names)
    return Section(key, title, verdict, table=Table(title, headings, rows) if rows else None)


def _n(count: int, words: Words) -> str:
    return number(count, words.texts)
