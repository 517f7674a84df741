"""A check in words: sections of points and tables, for a terminal or a page to lay out. One sentence a fact."""

from collections.abc import Iterator, Sequence
from datetime import date

from impact.check.files import FEW
from impact.check.nouns import Check, Fed, Finding, Line, Place, QuestionRead, SourceRead, Value
from impact.check.signing import comparing, signing
from impact.check.unused import unused
from impact.check.wording import Page, Point, Section, Words, Write, placed, shortened, tabled
from impact.loaders.tools import tools
from impact.model import SOURCE_GROUPS
from impact.study import Study
from impact.texts import Texts
from impact.texts.typography import day, number, plural, written

_ROWS, _VALUES, _LINES, _SIGNS, _NAMED = 8, 5, 8, 3, 6  # shown of each point; the JSON holds them all
_REPEATED, _FEW = ("none_ticked", "hidden", "blank_until"), 3  # kinds of which one file may have many; told one by one


def page(check: Check, study: Study, texts: Texts, whole: bool = True) -> Page:
    """The check, most useful first; unless `whole`, lines that say the same of many columns or questions are one."""
    words = Words(texts)
    sections = (
        _points(check, study, "settle", words, whole),
        _points(check, study, "look", words, whole),
        signing(check.compared, study, words),
        _files(check.sources, words),
        unused(check, words, whole),
        comparing(check.compared, study, words, whole),
        _questions(check.questions, words),
    )
    title = words("check.title", study=texts.label(study.about.title))
    proposed = any(finding.lines for finding in check.findings)
    note = words("check.write_once") if proposed else ""
    use = words("check.use", base=number(study.disclosure.minimum_base, texts))
    told = tuple(one for one in sections if one.verdict)
    return Page(texts.language, title, _verdict(check, words), note, told, use)


def _verdict(check: Check, words: Words) -> str:
    settle, look, sign = check.count("settle"), check.count("look"), len(check.unsigned)
    said = [words.counted("check.verdict_settle", settle)] if settle else []
    if look:
        said.append(words.counted("check.verdict_also" if settle else "check.verdict_look", look))
    if sign:
        said.append(words.counted("check.verdict_sign", sign))
    return words("check.verdict", points=", ".join(said)) if said else words("check.verdict_none")


# --- points ----------------------------------------------------------------------------------------------------------


def _points(check: Check, study: Study, severity: str, words: Words, whole: bool) -> Section:
    findings = [finding for finding in check.findings if finding.severity == severity]
    points = tuple(_point(finding, study, words) for finding in findings)
    if not whole:
        points = tuple(_without_the_alike(findings, points, study, words))
    verdict = words(f"check.{severity}_verdict") if points else ""
    return Section(severity, words(f"check.{severity}"), verdict, points)


def _without_the_alike(
    findings: Sequence[Finding], points: Sequence[Point], study: Study, words: Words
) -> Iterator[Point]:
    """The points, the first of those alike in one file standing for them all."""
    alike: dict[tuple[str, str], list[Finding]] = {}
    for finding, point in zip(findings, points, strict=True):
        same = alike.setdefault((finding.kind, finding.source), [])
        if finding.kind not in _REPEATED or len(same) < _FEW:
            yield point
        same.append(finding)
        last = sum(one.kind == finding.kind and one.source == finding.source for one in findings) == len(same)
        if finding.kind in _REPEATED and last and len(same) > _FEW:
            rest = same[_FEW:]
            named = _named(", ".join(one.question for one in rest), study, words)
            said = words.counted("check.alike_points", len(rest), source=finding.source, asked=named)
            yield Point(said, "", (words("check.whole"),), ())


def _point(finding: Finding, study: Study, words: Words) -> Point:
    facts = _facts(finding, study, words)
    return Point(
        what=words(f"finding.{finding.kind}", **facts),
        where=_where(finding, words),
        more=(*_values(finding, study, words), words(f"advice.{finding.kind}", **facts)),
        writes=_writes(finding.lines, study, words),
    )


def _facts(finding: Finding, study: Study, words: Words) -> dict[str, object]:
    """What the sentences of a finding are filled with, questions and days as a reader knows them."""
    facts: dict[str, object] = {**finding.facts, "question": finding.question, "source": finding.source}
    facts["asked"] = _named(finding.question, study, words)
    facts["done"] = words.named("done", str(facts.get("done", "")))
    facts["problem"] = words.named("problem", str(facts.get("problem", "")))
    for name in {"until", "questions", "decides"} & facts.keys():
        facts[name] = _named(str(facts[name]), study, words)
    if finding.kind == "none_ticked":
        facts["people"] = words.counted("check.people", len(finding.rows))
    if "day" in facts:
        facts["day"] = _bound(str(facts["day"]), "date", words)
    if "note" in facts:
        facts["said"] = words(f"note.{facts['note']}", **facts)
    if "away" in facts:
        decides = study.question(str(finding.facts["decides"]))
        labels = {one.code: words.texts.label(one.label) for one in decides.choices}
        codes = str(facts["away"]).split(", ")
        facts["away"] = ", ".join(words("check.quoted", text=labels.get(code) or code) for code in codes)
    return facts


def _named(questions: str, study: Study, words: Words) -> str:
    """Questions by their texts, then their ids; the first of many."""
    known = [study.questionnaire.questions[name] for name in questions.split(", ") if name]
    said = [words.asked(one.id, one.text) for one in known[:_NAMED]]
    rest = len(known) - len(said)
    return " ; ".join([*said, *([words.counted("check.and_more", rest)] if rest else [])])


def _where(finding: Finding, words: Words) -> str:
    """File, sheet, column, rows: where the user opens it."""
    said = [] if finding.kind == "unsettled" else [finding.source]
    if finding.sheet:
        said.append(words("check.sheet", sheet=finding.sheet))
    if finding.place:
        said.append(placed(finding.place, words))
    if finding.rows and not finding.values:
        said.append(_rows(finding.rows, words))
    return ", ".join(said)


def _rows(rows: Sequence[int], words: Words) -> str:
    listed = ", ".join(map(str, rows[:_ROWS]))
    if len(rows) > _ROWS:
        return words("check.rows_more", rows=listed, count=number(len(rows), words.texts))
    return words(f"check.rows_{plural(len(rows), words.texts)}", rows=listed)


def _values(finding: Finding, study: Study, words: Words) -> Iterator[str]:
    if finding.kind == "unsettled":
        for value in finding.values:
            yield words("check.unsettled_line", file=value.label, line=value.rows[0], said=value.text)
        return
    for value in finding.values[:_VALUES]:
        if finding.kind == "plan_changed":
            yield words(f"plan.{value.label}", part=value.text)
            continue
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
    """Lines by the place they go to, in their order; one that several questions take is written out once."""
    alike: dict[Line, list[Line]] = {}
    for line in lines:
        shared = line.file == "questionnaire" and not line.add_to
        alike.setdefault(line._replace(under="") if shared else line, []).append(line)
    places: dict[str, list[str]] = {}
    for same in list(alike.values())[:_LINES]:
        places.setdefault(_written_where(same, study, words), []).append(same[0].text)
    if len(alike) > _LINES:
        places[words.counted("check.lines_more", len(alike) - _LINES)] = []
    return tuple(Write(where, tuple(texts)) for where, texts in places.items())


def _written_where(same: Sequence[Line], study: Study, words: Words) -> str:
    """Where a line is to be written; under each of several questions, where they all take it."""
    first = same[0]
    file = study.file.name if first.file == "study" else study.about.questionnaire
    if len(same) > 1:
        questions = ", ".join(words("check.quoted", text=one.under) for one in same)
        return words("write.questionnaire_each", file=file, under=questions)
    way = "add" if first.add_to else "new"
    return words(f"write.{first.file}_{way}", file=file, under=first.under, key=first.add_to)


# --- tables ----------------------------------------------------------------------------------------------------------


def _files(sources: Sequence[SourceRead], words: Words) -> Section:
    kept = sum(sum(source.kept.values()) for source in sources)
    received = sum(source.received for source in sources)
    counts = {
        "received": words.counted("check.received", received),
        "kept": words.counted("check.questionnaires", kept),
    }
    verdict = words.counted("check.files_verdict", len(sources), **counts)
    names = ("source", "recognised", "rows", "tool_columns", "remarks")
    rows = tuple(_file(source, words) for source in sources)
    return tabled("files", verdict, names, rows, words)


def _file(source: SourceRead, words: Words) -> tuple[str, ...]:
    counts = [words.counted("check.received", source.received)]
    if source.dropped:
        why = words.listed("flow", source.dropped)
        counts.append(words.counted("check.dropped", sum(source.dropped.values()), why=why))
    kept = {group: source.kept[group] for group in SOURCE_GROUPS if group in source.kept}
    counts += [words.counted("check.kept", sum(kept.values()), who=words.listed("group", kept))]
    if source.repaired:
        counts.append(words("check.repaired", what=words.listed("flow", source.repaired)))
    own = words.columns([place.letter for place in source.metadata])
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


def _questions(questions: Sequence[QuestionRead], words: Words) -> Section:
    fed = sum(bool(question.fed) for question in questions)
    verdict = words.counted("check.questions_verdict", fed, total=_n(len(questions), words))
    rows = tuple(row for question in questions for row in _question_rows(question, words))
    return tabled("questions", verdict, ("question", "source", "columns", "answers", "blanks"), rows, words)


def _question_rows(question: QuestionRead, words: Words) -> Iterator[tuple[str, ...]]:
    text = words.texts.label(question.text)
    title = words.titled(question.question, question.text)
    if not question.fed:
        yield (title, words("check.nowhere"), "", "", "")
    for fed in question.fed:
        yield (
            title,
            fed.source,
            _columns(fed.places, text, words),
            _answers(fed, question.kind, words),
            _blanks(fed, words),
        )


def _columns(places: Sequence[Place], text: str, words: Words) -> str:
    """The columns of a question: a heading that only repeats the question is not said again."""
    letters = words.columns([place.letter for place in places])
    heading = places[0].heading if len(places) == 1 else ""
    if not heading or heading.strip() == text.strip():
        return letters
    return f"{letters} {words('check.quoted', text=shortened(heading))}"


def _answers(fed: Fed, kind: str, words: Words) -> str:
    said = words.counted("check.answered", fed.answered)
    if fed.answers:
        named = [(_answer(one.code, one.label, words), one.times) for one in fed.answers]
        apart = any(name[-1:].isdigit() for name, _ in named)  # "3 14" reads as one number
        counts = " · ".join(
            words.name_count(words("check.quoted", text=name), times) if apart else f"{name} {_n(times, words)}"
            for name, times in named
        )
        return words("check.answers", answered=said, answers=counts)
    if fed.low:
        low, high = (_bound(text, kind, words) for text in (fed.low, fed.high))
        said = words("check.between", answered=said, low=low, high=high, few=_n(FEW, words))
    return f"{said} ({_order(fed, words)})" if fed.order and fed.answered else said


def _order(fed: Fed, words: Words) -> str:
    """How a file's dates are read, and what shows it: 03/04 alone is a day of March or of April."""
    if not fed.proofs:
        return words(f"check.{fed.order}_supposed")
    return words.counted(f"check.{fed.order}_shown", fed.proofs)


def _bound(text: str, kind: str, words: Words) -> str:
    """A number or a day as the reader's language writes it."""
    return day(date.fromisoformat(text), words.texts) if kind == "date" else written(text, words.texts)


def _answer(code: str, label: str | dict[str, str], words: Words) -> str:
    said = words.texts.label(label)
    return said or (words("table.choice_other") if code == "other" else code)


def _blanks(fed: Fed, words: Words) -> str:
    return words.listed("reason", fed.blanks)


def _n(count: int, words: Words) -> str:
    return number(count, words.texts)
