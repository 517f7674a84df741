"""What may be compared between the two groups, and what waits for someone to judge of it and sign."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from impact.check.nouns import Compared
from impact.check.wording import Point, Section, Table, Words, Write
from impact.model import Responses
from impact.normalise.differences import lines, said
from impact.study import Study
from impact.texts.typography import number

_KNOWN_ALIKE = "identical"
_CODES = {"codes"}
_FEW = 3  # questions that are shown one by one


def verdicts(responses: Responses) -> Iterator[Compared]:
    """One a question asked of both groups, in the questionnaire's order."""
    for question, rows in responses.comparability.groupby("question", sort=False):
        first = rows.iloc[0]
        told = [{str(name): str(value) for name, value in row.items()} for row in rows.to_dict("records")]
        yield Compared(str(question), str(first["verdict"]), bool(first["compared"]), tuple(told))


def signing(compared: Sequence[Compared], study: Study, words: Words) -> Section:
    """Points for what is to be signed."""
    unsigned = [one for one in compared if one.unsigned]
    points = tuple(_point(one, study, words) for one in unsigned)
    return Section("sign", words("check.sign"), words("check.sign_verdict") if points else "", points)


def comparing(compared: Sequence[Compared], study: Study, words: Words, whole: bool) -> Section:
    """How many questions are compared, and a table of those that are not simply the same in all files; unless `whole`,
    those that differ by their codes alone are one line."""
    alike = sum(one.compared for one in compared)
    verdict = words.counted("check.compared_verdict", alike, total=number(len(compared), words.texts))
    told = [one for one in compared if not one.unsigned and one.verdict != _KNOWN_ALIKE]
    coded = [] if whole else [one for one in told if _under_other_codes(one)]
    coded = coded if len(coded) > _FEW else []
    rows = tuple(_row(one, study, words) for one in told if one not in coded)
    if coded:
        rows = (*rows, (_sum_up(coded, study, words), words("check.whole"), "", ""))
    headings = tuple(words(f"heading.{name}") for name in ("question", "comparison", "differs", "signed"))
    title = words("check.compared")
    table = Table(title, headings, rows) if rows else None
    return Section("compared", title, verdict if compared else "", table=table)


def _under_other_codes(one: Compared) -> bool:
    return one.verdict == "recodable" and not one.rows[0]["signed_by"] and {r["differs"] for r in one.rows} <= _CODES


def _sum_up(coded: Sequence[Compared], study: Study, words: Words) -> str:
    """How many, and which files bear the other codes."""
    told = " ".join(one.rows[0]["recode"] for one in coded)
    files = [name for source in study.sources if (name := Path(source.file).name) in told]
    return words.counted("check.compared_alike", len(coded), files=", ".join(dict.fromkeys(files)))


def _point(one: Compared, study: Study, words: Words) -> Point:
    return Point(
        what=_asked(one, study, words),
        where="",
        more=tuple(differences(one, study, words)),
        writes=(Write(words("write.sign", file=study.file.name), tuple(lines(one.question, words.texts).split("\n"))),),
    )


def _asked(one: Compared, study: Study, words: Words) -> str:
    return words.titled(one.question, study.question(one.question).text)


def differences(one: Compared, study: Study, words: Words) -> list[str]:
    """Each thing that differs between the two groups' files, a sentence each."""
    return [f"{sentence[:1].upper()}{sentence[1:]}." for sentence in said(one.rows, study, words.spaced)]


def _row(one: Compared, study: Study, words: Words) -> tuple[str, ...]:
    signed, why = one.rows[0]["signed_by"], one.rows[0]["why"]
    by = words("check.signed_why" if why else "check.signed", by=signed, why=why) if signed else ""
    differ = " ".join(differences(one, study, words))
    return (_asked(one, study, words), words(f"check.compared_{one.verdict}"), differ, by)
