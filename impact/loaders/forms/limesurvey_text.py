"""LimeSurvey's structure file as a text (.txt): tabs between, one row a group, question, sub-question or answer.

The whole survey is written once for each language, the survey's own first.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from impact.errors import ImpactError
from impact.loaders import _signatures, _text
from impact.loaders.containers import delimited
from impact.loaders.forms._limesurvey import Part, Question, items, plain
from impact.model import Form

TITLE: Final = "structure LimeSurvey (.txt)"
HEADINGS: Final = frozenset(("class", "type/scale", "name", "relevance", "text", "language"))

Row = Mapping[str, str]


def matches(path: Path, head: bytes) -> bool:
    """The headings of the first line."""
    if _signatures.kind(head):
        return False
    first = head.decode("utf-8-sig", "replace").partition("\n")[0]
    return {cell.strip().strip('"') for cell in first.split("\t")} >= HEADINGS


def read(path: Path) -> Form:
    """The questions of a survey. ImpactError where a line cannot be cut into cells, or where there is no question."""
    text, _ = _text.decode(path.read_bytes(), path.name)
    headings, *lines = delimited.records(text, "\t", path.name, first=1)
    rows = [dict(zip(headings, line, strict=False)) for line in lines]
    made, unread = items(list(_questions(rows)))
    if not made:
        raise ImpactError("form_no_question", file=path.name)
    title = next((row.get("text", "") for row in rows if row.get("name") == "surveyls_title"), "")
    return Form(plain(title), path.name, made, unread)


def _questions(rows: Iterable[Row]) -> Iterator[Question]:
    """The questions in order; what a later language says again is only one more wording."""
    found: dict[str, Question] = {}
    group, last = "", ""
    for row in rows:
        kind = row.get("class", "")
        if kind == "G":
            group = row.get("relevance", "")
        elif kind == "Q":
            last = row["name"]
            question = found.setdefault(last, _question(row, group))
            question.texts[row["language"]] = row["text"]
        elif kind in ("SQ", "A") and last:
            _add(found[last].subs if kind == "SQ" else found[last].answers, row)
    yield from found.values()


def _question(row: Row, group: str) -> Question:
    return Question(
        code=row["name"],
        type=row["type/scale"],
        texts={},
        other=row.get("other") == "Y",
        relevance=(group, row.get("relevance", "")),
        attributes={key: value for key, value in row.items() if key not in HEADINGS and value},
    )


def _add(parts: list[Part], row: Row) -> None:
    """A sub-question or an answer, or one more wording of it."""
    scale = row["type/scale"] if row["type/scale"].isdigit() else "0"
    part = next((one for one in parts if (one.code, one.scale) == (row["name"], scale)), None)
    if part is None:
        part = Part(row["name"], {}, scale, row.get("relevance", "") if row["class"] == "SQ" else "")
        parts.append(part)
    part.texts[row["language"]] = row["text"]
