"""The same respondent twice, in one file or in two: by identifier, by the whole row, by all closed answers."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd

from impact.check import lines
from impact.check.nouns import Finding, Line
from impact.check.parts import Part, asked_here
from impact.loaders.pointers import Pointers
from impact.matching import fold
from impact.model import Responses
from impact.normalise.duplicates import FEWEST_ANSWERS, same_respondent
from impact.normalise.routing import columns_of
from impact.study import Question, Study

_BY_CHANCE = 0.05  # pairs expected alike among unlike people, above which being alike says nothing
_ENOUGH_ALIKE = 20  # people who filled in the same cells, from which on they are judged among themselves
_NUMBERED = 0.5  # of the smaller file: with more identifiers in common, each file numbers its own people from 1
_YOUNG = frozenset(("mentored", "non_mentored"))  # one is in one of these groups; a mentor may bear the code of a pair
_SHOWN_SETS = 10
_OWN = ("metadata", "personal")  # columns that say whose a row is, and nothing of what was answered
_SAME_FILE = 0.9  # of the rows of both files: with as many alike, one is a copy of the other


def doubles(parts: Sequence[Part], responses: Responses, study: Study) -> Iterator[Finding]:
    """Every pair of rows that may be one respondent, each told once, under the surest of its signs."""
    for part in parts:
        if part.source.keep_duplicate != "all":
            by_row = same_respondent(part.export, pd.Index(part.rows), study.about.identifier)
            yield from _by_row(part, by_row, responses, study)
            yield from _by_answers(part, _set_aside(part).union(by_row.index), responses, study)
    for first, second in combinations(parts, 2):
        if _copied(first, second):
            yield _same_file(first, second)
        elif first.groups == second.groups or first.groups | second.groups <= _YOUNG:
            yield from _across(first, second, responses, study)


def _copied(first: Part, second: Part) -> bool:
    """Whether two files hold the same rows, whatever their names, headings and order."""
    one, two = first.export.cells, second.export.cells
    if one.shape != two.shape or len(one) < FEWEST_ANSWERS:
        return False
    return sorted(_keys(one)) == sorted(_keys(two))


def _same_file(first: Part, second: Part) -> Finding:
    return Finding(
        kind="same_file",
        severity="settle",
        source=second.export.source,
        sheet=second.export.sheet,
        facts={"other": first.export.source, "count": len(second.rows)},
    )


def _by_row(part: Part, numbered: "pd.Series[int]", responses: Responses, study: Study) -> Iterator[Finding]:
    """Rows that bear one identifier, or that are alike in all that was answered: of those, only people who answered
    enough for it to say something and, where the tool tells them apart, whom chance would hardly make alike."""
    named = bool(study.about.identifier and Pointers(part.export).at([study.about.identifier]))
    told = numbered[~numbered.index.isin(_set_aside(part))]
    sure = named
    if not named:
        told = told[told.index.isin(_who_answered(part, responses))]
        unlike, chance = _told_apart(part, _sets(told)), _by_chance(part, told)
        told = told[~told.index.isin(chance)] if unlike else told
        sure = not unlike and not chance
    sets = _sets(told)
    if not sets:
        return
    line = lines.keep_duplicate(part.source, "first")
    if sum(map(len, sets)) < len(numbered):  # which would set aside others, too
        line = lines.drop_rows(part.source, sorted(row for rows in sets for row in rows[1:]), "duplicate")
    found = _found("identifier_twice" if named else "same_row", part, sets, line)
    yield found if sure else replace(found, severity="look")


def _sets(numbered: "pd.Series[int]") -> list[list[int]]:
    """The rows of each respondent who stands in several."""
    groups = numbered.groupby(numbered, sort=False).groups.values()
    return [[int(row) for row in rows] for rows in groups if len(rows) > 1]


def _who_answered(part: Part, responses: Responses) -> list[int]:
    """The rows that fill in half of their file, a question once and any other column by itself."""
    questions = [name for name in part.fed if name in responses.reasons]
    used = {column.position for columns in part.fed.values() for column in columns}
    others = [one.position for one in part.export.columns if one.role == "" and one.position not in used]
    answered = (responses.reasons.loc[part.rows.index, questions] == "").sum(axis=1).to_numpy()
    filled = (part.export.cells.loc[part.rows, others] != "").sum(axis=1)
    enough = filled + answered >= max(FEWEST_ANSWERS, (len(questions) + len(others)) / 2)
    return [int(row) for row in enough.index[enough]]


def _set_aside(part: Part) -> frozenset[int]:
    """Rows that the tool says are no answers: that is told already, with the line that drops them."""
    return frozenset(row for row, flag in part.export.flags.items() if flag != "partial")


def _told_apart(part: Part, sets: Sequence[Sequence[int]]) -> bool:
    """Whether the tool's own columns (number, date…), or those that lead to someone, differ between rows of a set."""
    rows = [row for one in sets for row in one]
    numbers = [number for number, one in enumerate(sets) for _ in one]
    own = [column.position for column in part.export.columns if column.role in _OWN]
    codes = (pd.Series(pd.factorize(part.export.cells.loc[rows, place])[0]).groupby(numbers) for place in own)
    return any((one.min() != one.max()).any() for one in codes)


def _by_chance(part: Part, twice: "pd.Series[int]") -> frozenset[int]:
    """Of rows alike, those that chance may well make so: among the people who filled in the same cells, for those who
    were led past most of a form have little left to differ by. Where few did, the rows alike are most of them, and
    everybody's answers to these questions tell better what chance makes."""
    if twice.empty:
        return frozenset()
    positions = [column.position for column in part.export.columns if column.role == ""]
    cells = part.export.cells.loc[part.rows, positions]
    filled = pd.DataFrame({place: (cells[place] != "").to_numpy() for place in positions}, cells.index)
    patterns = pd.util.hash_pandas_object(filled, index=False)
    codes = pd.DataFrame({place: pd.factorize(cells[place])[0] for place in positions}, cells.index)
    people = patterns.groupby(patterns).groups
    found: set[int] = set()
    for pattern, rows in twice.groupby(patterns.loc[twice.index]).groups.items():
        pool = people[pattern] if len(people[pattern]) >= _ENOUGH_ALIKE else codes.index
        answered = codes.loc[pool, filled.columns[filled.loc[rows[0]]]]
        found.update(map(int, rows) if _alike_by_chance(answered, answered) else ())
    return frozenset(found)


def _by_answers(part: Part, told: frozenset[int], responses: Responses, study: Study) -> Iterator[Finding]:
    closed = _closed(part, study)
    codes = _codes(closed, responses, part.rows.index)
    alike = codes[_answered(closed, responses, part.rows.index)]
    alike = alike[~part.rows.loc[alike.index].isin(told)]
    if _alike_by_chance(alike, alike):
        return
    keys = pd.util.hash_pandas_object(alike, index=False)
    twice = keys[keys.duplicated(keep=False)]
    sets = [list(part.file_rows(rows)) for rows in twice.groupby(twice, sort=False).groups.values()]
    if sets:
        later = sorted(row for rows in sets for row in rows[1:])
        found = _found("same_answers", part, sets, lines.drop_rows(part.source, later, "duplicate"))
        yield replace(found, severity="look") if _told_apart(part, sets) else found


def _found(kind: str, part: Part, sets: list[list[int]], line: Line) -> Finding:
    """One finding for all the respondents of a file that stand in several rows."""
    shown = " ; ".join(", ".join(map(str, rows)) for rows in sets[:_SHOWN_SETS])
    return Finding(
        kind=kind,
        severity="settle",
        source=part.export.source,
        sheet=part.export.sheet,
        rows=tuple(sorted(row for rows in sets for row in rows)),
        lines=(line,),
        facts={"sets": shown + (" …" if len(sets) > _SHOWN_SETS else ""), "count": len(sets)},
    )


def _across(first: Part, second: Part, responses: Responses, study: Study) -> Iterator[Finding]:
    """Respondents of one file who are in another too: the rows told are those of the second."""
    same = _same_identifier(first, second, study.about.identifier)
    alike = _same_answers(first, second, responses, study)
    if len(alike) >= max(FEWEST_ANSWERS, _SAME_FILE * max(len(first.rows), len(second.rows))):
        yield _same_file(first, second)
        return
    known = set(same.values())
    alike = {one: two for one, two in alike.items() if two not in known}
    if same:
        yield _both("identifier_across", first, second, same)
    if alike:
        found = _both("same_answers_across", first, second, alike)
        yield replace(found, severity="look") if _numbered_apart(first, second, alike) else found


def _numbered_apart(first: Part, second: Part, same: dict[int, int]) -> bool:
    """Whether a column of the tool that both files hold (number, date…) differs between rows alike in their answers."""
    held = {fold(one.heading): one.position for one in first.export.columns if one.role in _OWN and one.heading}
    pairs = [(held[fold(two.heading)], two.position) for two in second.export.columns if fold(two.heading) in held]
    return any(
        first.export.cells.loc[list(same), here].tolist()
        != second.export.cells.loc[list(same.values()), there].tolist()
        for here, there in pairs
    )


def _both(kind: str, first: Part, second: Part, same: dict[int, int]) -> Finding:
    rows = tuple(sorted(same.values()))
    shared = len(same) >= max(FEWEST_ANSWERS, _NUMBERED * min(len(first.rows), len(second.rows)))
    numbered = kind == "identifier_across" and shared
    line = lines.drop_rows(second.source, rows, "duplicate")
    return Finding(
        kind=kind,
        severity="look" if numbered else "settle",
        source=second.export.source,
        sheet=second.export.sheet,
        rows=rows,
        lines=() if numbered else (line,),
        facts={
            "other": first.export.source,
            "sets": ", ".join(f"{two} = {one}" for one, two in list(same.items())[:_SHOWN_SETS]),
            "count": len(same),
        },
    )


def _same_identifier(first: Part, second: Part, identifier: str) -> dict[int, int]:
    """The rows of two files that bear one identifier: row of the first to row of the second."""
    if not identifier:
        return {}
    named = []
    for part in (first, second):
        columns = Pointers(part.export).at([identifier])
        if not columns:
            return {}
        cells = part.export.cells.loc[part.rows, columns[0].position].astype(object).str.strip()
        named.append({text: int(row) for row, text in zip(part.rows, cells, strict=True) if text})
    return {row: named[1][text] for text, row in named[0].items() if text in named[1]}


def _same_answers(first: Part, second: Part, responses: Responses, study: Study) -> dict[int, int]:
    """The rows of two files whose answers to all closed questions they share are the same."""
    held = {one.id for one in _closed(second, study)}
    closed = [one for one in _closed(first, study) if one.id in held]
    both = first.rows.index.append(second.rows.index)
    codes = _codes(closed, responses, both)[_answered(closed, responses, both)]
    one, two = (codes[codes.index.isin(part.rows.index)] for part in (first, second))
    if _alike_by_chance(one, two):
        return {}
    rows = dict(zip(_keys(one), first.file_rows(one.index), strict=True))
    met = zip(_keys(two), second.file_rows(two.index), strict=True)
    return {rows[key]: row for key, row in met if key in rows}


def _keys(codes: pd.DataFrame) -> list[int]:
    """One number a respondent, the same for the same answers."""
    return [int(key) for key in pd.util.hash_pandas_object(codes, index=False)]


def _closed(part: Part, study: Study) -> list[Question]:
    return [one for one in asked_here(part, study) if one.kind in ("single", "multiple") and one.id in part.fed]


def _answered(closed: Sequence[Question], responses: Responses, rows: pd.Index) -> "pd.Series[bool]":
    """Who answered enough for two to be alike by more than their blanks."""
    count = (responses.reasons.loc[rows, [one.id for one in closed]] == "").sum(axis=1)
    return count >= max(FEWEST_ANSWERS, len(closed) / 2)


def _codes(closed: Sequence[Question], responses: Responses, rows: pd.Index) -> pd.DataFrame:
    """One number a question and respondent: equal where the answer is, a blank with its reason being one."""
    columns = {}
    for question in closed:
        names = columns_of(question, responses.answers)
        frame = responses.answers.loc[rows, names].assign(reason=responses.reasons.loc[rows, question.id])
        keys = pd.util.hash_pandas_object(frame.fillna("") if len(names) == 1 else frame, index=False)
        columns[question.id] = pd.factorize(keys)[0]
    return pd.DataFrame(columns, rows)


def _alike_by_chance(one: pd.DataFrame, two: pd.DataFrame) -> bool:
    """Whether unlike people could be alike in everything: the expected number of such pairs, answers taken to be
    independent, is more than _BY_CHANCE."""
    if one.empty or two.empty:
        return True
    pairs = len(one) * (len(one) - 1) / 2 if one is two else len(one) * len(two)
    chances = []
    for name in one:
        shares = [frame[name].value_counts(normalize=True) for frame in (one, two)]
        chances.append(float((shares[0] * shares[1]).sum()))
    return bool(pairs * np.prod(chances) > _BY_CHANCE)
