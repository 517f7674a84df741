"""Which columns of a file carry which question."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from impact.errors import ImpactError
from impact.loaders.pointers import Pointers, folded_parts, near_headings, shortened
from impact.matching import fold, nearest
from impact.model import Column, Export
from impact.normalise._reading import impersonal
from impact.study import Question, Source

_NEAR_HEADING = 90  # of 100: a heading this like a question's is surely a slip, and stops the run
_SHORTEST_NEAR = 8  # signs: below, two headings are alike by chance
_SHOWN = 5

# What tools head the free-text column of a question with.
OTHER_WORDS = {
    fold(word)
    for word in (
        "other", "autre", "autres", "autre (précisez)", "comment", "comments", "commentaire", "commentaires",
        "-oth-", "sonstiges", "kommentar",
        "autre (veuillez préciser)", "other (please specify)", "other, please specify",
    )
}  # fmt: skip
_FREE = "other"  # the item of a free text that answers in place of a choice, where the tool says so
_CUT = ".."  # how a tool ends a text that it cut


class Feed(NamedTuple):
    """The columns that carry a question. `items` names the choice of each where it is spread over several, else ().

    `slots`: the k-th column holds the k-th answer given, whatever it is. `summary`: a column that says all that the
    boxes say. `merged`: the study says that several columns, never both filled, are one. `free`: the column of the
    words that some tools write in place of a choice, and not beside one.
    """

    columns: tuple[Column, ...]
    items: tuple[str, ...] = ()
    slots: bool = False
    summary: Column | None = None
    merged: bool = False
    free: Column | None = None

    @property
    def all(self) -> tuple[Column, ...]:
        """Every column that says something of the question."""
        return (*self.columns, self.summary) if self.summary else self.columns


def feeds(export: Export, source: Source, questions: Iterable[Question]) -> dict[str, Feed]:
    """The columns of each question that this file holds. ImpactError where a heading fits two ways or nearly fits."""
    pointers = Pointers(export)
    renamed = _renamed(export, source, pointers)
    found: dict[str, Feed] = {}
    lacking: list[Question] = []
    for question in questions:
        if question.id in source.absent:
            continue
        names = renamed.get(question.id) or [question.id, *question.texts, *question.columns]
        feed = _feed(pointers, question, names, merged=question.coalesce or question.id in source.merge)
        if feed:
            found[question.id] = feed
        else:
            lacking.append(question)
    _refuse_shared(export, found)
    _refuse_near_misses(export, found, lacking)
    if not found:
        headings = " · ".join(shortened(impersonal(column.heading), 40) for column in export.columns[:_SHOWN])
        raise ImpactError("normalise_no_question", file=export.source, headings=headings)
    return found


def _renamed(export: Export, source: Source, pointers: Pointers) -> dict[str, list[str]]:
    """The headings that the study itself links to each question, by `rename` and `merge`; each stands in the file."""
    renamed: dict[str, list[str]] = {}
    linked = [(heading, question, "rename") for heading, question in source.rename.items()]
    linked += [(heading, question, "merge") for question, headings in source.merge.items() for heading in headings]
    for heading, question, key in linked:
        if not pointers.at([heading]) and not pointers.inside([heading]):
            near = near_headings(export, heading)
            told = "normalise_no_rename" if near else "normalise_no_rename_far"
            raise ImpactError(told, file=export.source, key=key, heading=heading, near=near)
        renamed.setdefault(question, []).append(heading)
    return renamed


def _refuse_shared(export: Export, found: dict[str, Feed]) -> None:
    """One column carries one question: two of the same wording would give the same figure twice."""
    owner: dict[int, str] = {}
    for question, feed in found.items():
        for column in feed.all:
            if owner.setdefault(column.position, question) != question:
                raise ImpactError(
                    "normalise_shared_column", file=export.source, column=column.letter, heading=column.heading,
                    first=owner[column.position], second=question,
                )  # fmt: skip


def _feed(pointers: Pointers, question: Question, names: list[str], merged: bool) -> Feed | None:
    own = [(column, choice.code) for choice in question.choices for column in pointers.at(choice.columns)]
    if own:
        return Feed(tuple(column for column, _ in own), tuple(code for _, code in own))
    whole = pointers.at(names)
    if question.kind in ("single", "multiple"):
        spread = _block(pointers, question, names, whole, merged)
        if spread:
            return spread
    if len(whole) > 1 and not merged:
        raise ImpactError(
            "normalise_two_columns", file=pointers.export.source, question=question.id, heading=whole[0].heading,
            columns=", ".join(column.letter for column in whole),
        )  # fmt: skip
    if not whole:
        return None
    free = next((column for column, _ in pointers.inside(names) if column.item == _FREE), None)
    return Feed(tuple(whole), merged=merged and len(whole) > 1, free=free if question.kind == "single" else None)


def _block(pointers: Pointers, question: Question, names: list[str], whole: list[Column], merged: bool) -> Feed | None:
    """The feed of a closed question that a block of columns carries, None where one column holds it."""
    inside = pointers.inside(names)
    if inside and all(column.layout == "slots" for column, _ in inside):
        return Feed(tuple(column for column, _ in inside), slots=True)
    block = [(column, [text]) for column, text in inside]
    companions = whole and all(_item(question, column, texts) == "other" for column, texts in block)
    if block and not companions:  # "Q [Autre]" beside "Q" only says more of the same answer
        _refuse_two_blocks(pointers.export, question, [column for column, _ in inside], merged=merged)
        summary = next((column for column in whole if column.layout == "summary"), None)
        return _spread(pointers.export, question, block)._replace(summary=summary)
    if question.kind == "multiple" and len(whole) > 1 and not merged:
        listed = [(column, [*column.headings, *column.labels.values()]) for column in whole]
        return _spread(pointers.export, question, listed)
    return None


def _refuse_two_blocks(export: Export, question: Question, columns: list[Column], *, merged: bool) -> None:
    """Two blocks of one text are two questions, unless the study says that they are one."""
    firsts = {column.block: column for column in reversed(columns) if column.block}
    if not merged and len(firsts) > 1:
        raise ImpactError(
            "normalise_two_columns", file=export.source, question=question.id, heading=columns[0].block,
            columns=", ".join(firsts[block].letter for block in dict.fromkeys(c.block for c in columns) if block),
        )  # fmt: skip


def _spread(export: Export, question: Question, boxes: list[tuple[Column, list[str]]]) -> Feed:
    """A question spread over columns, each of which must say its choice: a column left out would change the base.

    One that nobody filled would not, and may be no box at all where the file does not say how far a block goes.
    """
    items = {column.position: _item(question, column, texts) for column, texts in boxes}
    for column, texts in boxes:
        if not items[column.position] and any(map(str.strip, export.cells[column.position].unique())):
            known = [text for answer in question.answers for text in answer.texts[1:]]
            raise ImpactError(
                "normalise_no_choice", file=export.source, column=column.letter, heading=column.heading,
                question=question.id, near=nearest(texts[0], known) or "—",
            )  # fmt: skip
    named = [column for column, _ in boxes if items[column.position]]
    return Feed(tuple(named), tuple(items[column.position] for column in named))


def _item(question: Question, column: Column, texts: Iterable[str]) -> str:
    """The choice or missing code that a column of a block stands for, "other" for its free text, "" for none."""
    known = {fold(text): answer.code for answer in question.answers for text in answer.texts}
    folded = [fold(text) for text in texts] + [item for _, item in folded_parts(column)]
    said = next((known[text] for text in folded if text in known), "other" if OTHER_WORDS.intersection(folded) else "")
    return said or _cut(known, folded)


def _cut(known: Mapping[str, str], folded: Iterable[str]) -> str:
    """The one answer that begins as a text that the tool cut short does, "" where none or several do."""
    starts = [text.removesuffix(_CUT) for text in folded if text.endswith(_CUT) and text != _CUT]
    found = {code for text, code in known.items() if any(text.startswith(start) for start in starts)}
    return found.pop() if len(found) == 1 else ""


def _refuse_near_misses(export: Export, found: dict[str, Feed], lacking: list[Question]) -> None:
    used = {column.position for feed in found.values() for column in feed.columns}
    free = [column.heading for column in export.columns if column.position not in used]
    faults = []
    for question in lacking:
        for name in (*question.columns, *question.texts):
            near = nearest(name, free, _NEAR_HEADING) if len(name) >= _SHORTEST_NEAR else ""
            if near and len(near) >= _SHORTEST_NEAR and 0.8 < len(near) / len(name) < 1.25:
                faults.append(ImpactError("normalise_near_heading", question=question.id, heading=near))
                break
    if faults:
        raise ImpactError("normalise_near_headings", file=export.source, count=len(faults), faults=faults[:_SHOWN])
