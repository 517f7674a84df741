"""LimeSurvey's structure file (.lss): XML, the tables of the survey row by row.

From version 4 on the wordings stand in tables of their own, one row a language; before, each row has its language and
is written once for each.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, NoReturn
from xml.etree import ElementTree
from xml.parsers import expat

from impact.errors import ImpactError
from impact.loaders.forms._limesurvey import Part, Question, items, plain
from impact.model import Form

TITLE: Final = "structure LimeSurvey (.lss)"
MARK: Final = b"<LimeSurveyDocType>Survey</LimeSurveyDocType>"

Row = Mapping[str, str]
Wordings = dict[str, dict[str, str]]  # by key, then by language


def matches(path: Path, head: bytes) -> bool:
    """The mark of a survey; label sets and single groups have marks of their own."""
    return MARK in head


def read(path: Path) -> Form:
    """The questions of a survey. ImpactError for a file that is damaged, holds a DTD, or has no question."""
    root = _root(path)
    tables = {table.tag: [_row(row) for row in table.iterfind("rows/row")] for table in root}
    base = next((row["language"] for row in tables.get("surveys", ()) if row.get("language")), "")
    base = base or next((language.text or "" for language in root.iterfind("languages/language")), "")
    made, unread = items(list(_questions(tables, base)))
    if not made:
        raise ImpactError("form_no_question", file=path.name)
    titles = {row.get("surveyls_language", ""): row for row in reversed(tables.get("surveys_languagesettings", []))}
    title = titles.get(base) or next(iter(titles.values()), {})
    return Form(plain(title.get("surveyls_title", "")), path.name, made, unread)


def _root(path: Path) -> ElementTree.Element:
    def refuse(*_: object) -> NoReturn:
        raise ImpactError("form_doctype", file=path.name)

    data = path.read_bytes()
    guard = expat.ParserCreate()
    guard.StartDoctypeDeclHandler = refuse  # before an entity of it can be read
    try:
        guard.Parse(data, True)
        return ElementTree.fromstring(data)
    except (ElementTree.ParseError, expat.ExpatError, LookupError, ValueError) as fault:
        raise ImpactError("form_unreadable", file=path.name) from fault


def _row(row: ElementTree.Element) -> Row:
    return {cell.tag: cell.text or "" for cell in row}


def _questions(tables: Mapping[str, list[Row]], base: str) -> Iterator[Question]:
    """The questions in the order they are asked."""
    groups = {row["gid"]: row for row in reversed(tables.get("groups", []))}
    questions = list(_once(tables.get("questions", []), "qid"))
    questions = [row for row in questions if row.get("parent_qid", "0") in ("", "0")]
    questions.sort(key=lambda row: (_place(groups.get(row["gid"], {}), "group_order"), _place(row, "question_order")))
    named = [row for table in ("question_l10ns", "questions", "subquestions") for row in tables.get(table, ())]
    texts = _wordings(((row["qid"], row.get("question", ""), row) for row in named if "qid" in row), base)
    subs, answers = _subs(tables, texts), _answers(tables, base)
    attributes = _attributes(tables)
    for row in questions:
        yield Question(
            code=row["title"],
            type=row["type"],
            texts=texts.get(row["qid"], {}),
            other=row.get("other") == "Y",
            relevance=(groups.get(row["gid"], {}).get("grelevance", ""), row.get("relevance", "")),
            subs=subs.get(row["qid"], []),
            answers=answers.get(row["qid"], []),
            attributes=attributes.get(row["qid"], {}),
            number=f"{row.get('sid', '')}X{row['gid']}X{row['qid']}",
        )


def _once(rows: Iterable[Row], *keys: str) -> Iterator[Row]:
    """Each row once: before version 4 there is one a language."""
    seen = set()
    for row in rows:
        key = tuple(row.get(name, "") for name in keys)
        if key not in seen:
            yield row
        seen.add(key)


def _wordings(rows: Iterable[tuple[str, str, Row]], base: str) -> Wordings:
    """The wordings by what they are of, the survey's own language first."""
    found: Wordings = {}
    for key, text, row in rows:
        if row.get("language"):
            found.setdefault(key, {})[row["language"]] = text
    return {key: dict(sorted(said.items(), key=lambda pair: pair[0] != base)) for key, said in found.items()}


def _subs(tables: Mapping[str, list[Row]], texts: Wordings) -> dict[str, list[Part]]:
    rows = sorted(_once(tables.get("subquestions", []), "qid"), key=lambda row: _place(row, "question_order"))
    found: dict[str, list[Part]] = {}
    for row in rows:
        part = Part(row["title"], texts.get(row["qid"], {}), row.get("scale_id") or "0", row.get("relevance", ""))
        found.setdefault(row["parent_qid"], []).append(part)
    return found


def _answers(tables: Mapping[str, list[Row]], base: str) -> dict[str, list[Part]]:
    rows = tables.get("answers", [])
    later = [(row["aid"], row.get("answer", ""), row) for row in tables.get("answer_l10ns", ())]
    earlier = [(_answer(row), row.get("answer", ""), row) for row in rows]
    texts = _wordings([*later, *earlier], base)
    found: dict[str, list[Part]] = {}
    for row in sorted(_once(rows, "qid", "scale_id", "code"), key=lambda row: _place(row, "sortorder")):
        said = texts.get(row.get("aid", "")) or texts.get(_answer(row), {})
        found.setdefault(row["qid"], []).append(Part(row["code"], said, row.get("scale_id") or "0"))
    return found


def _answer(row: Row) -> str:
    return f"{row['qid']}\n{row.get('scale_id') or '0'}\n{row['code']}"


def _attributes(tables: Mapping[str, list[Row]]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for row in tables.get("question_attributes", ()):
        found.setdefault(row["qid"], {}).setdefault(row["attribute"], row.get("value", ""))
    return found


def _place(row: Row, key: str) -> int:
    text = row.get(key, "")
    return int(text) if text.lstrip("-").isdigit() else 0
