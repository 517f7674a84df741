"""Multiple choice in the twin: boxes ticked at each group's rates, written as the file writes them."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

import numpy as np
import pandas as pd

from impact.matching import fold
from impact.model import Column
from impact.normalise.closed import OTHER
from impact.normalise.columns import Feed
from impact.study import Question
from impact.synthesise._draw import Flags
from impact.synthesise._original import SYNTHETIC_TEXT, Declared, Original

Cells = tuple[str, ...]
Write = Callable[[frozenset[str]], Cells]


def boxes(
    whole: Original, question: Question, feed: Feed, status: "pd.Series[str]", rng: np.random.Generator
) -> dict[int, Cells]:
    """The cells of those who answer, one tuple a row; `status` holds the group of each."""
    answered = whole.answers[_columns(whole, question)].dropna()
    write = _writer(whole, question, feed, answered)
    cells: dict[int, Cells] = {}
    for group in sorted(set(status)):
        rows = status.index[status == group]
        own = answered[whole.status.loc[answered.index] == group]
        ticks = _ticks(question, own if len(own) else answered, len(rows), rng)
        cells |= {int(row): write(codes) for row, codes in zip(rows, ticks, strict=True)}
    return cells


def _writer(whole: Original, question: Question, feed: Feed, answered: pd.DataFrame) -> Write:
    """How the codes that one respondent ticks are written over the columns of the question."""
    if feed.slots:
        return _in_slots(whole, question, feed, answered)
    if not feed.items:
        return _joined(whole, question, feed.columns[0], answered)
    boxed = _in_boxes(whole, question, feed, answered)
    if not feed.summary:
        return boxed
    others = [column.item for column, item in zip(feed.columns, feed.items, strict=True) if item == OTHER]
    summed_up = _joined(whole, question, feed.summary, answered, *others[:1])
    return lambda codes: (*boxed(codes), *summed_up(codes))


def _in_slots(whole: Original, question: Question, feed: Feed, answered: pd.DataFrame) -> Write:
    """The options one after the other from the left, each in a column of its own."""
    columns = [whole.export.cells.loc[answered.index, column.position] for column in feed.columns]
    words = _wordings(whole, question, pd.concat(columns)) | {OTHER: SYNTHETIC_TEXT}
    order = [*question.codes, OTHER]

    def write(codes: frozenset[str]) -> Cells:
        said = [words[code] for code in order if code in codes][: len(columns)]
        return (*said, *("",) * (len(columns) - len(said)))

    return write


def _columns(whole: Original, question: Question) -> list[str]:
    names = (f"{question.id}/{code}" for code in (*question.codes, OTHER))
    return [name for name in names if name in whole.answers]


def _ticks(question: Question, answered: pd.DataFrame, size: int, rng: np.random.Generator) -> list[frozenset[str]]:
    """The codes that each of so many respondents ticks; an exclusive one alone; none, where some had none."""
    codes = [str(name).split("/", 1)[1] for name in answered]
    alone = np.array([code in {choice.code for choice in question.choices if choice.exclusive} for code in codes])
    counts = answered.sum().to_numpy(dtype=float)
    rates = np.where(counts > 0, (counts + 0.5) / (len(answered) + 1), 0)
    ticked: Flags = rng.random((size, len(codes))) < rates
    none_allowed = bool((answered.sum(axis=1) == 0).any())
    return [_settled(codes, row, alone, rates, none_allowed, rng) for row in ticked]


def _settled(
    codes: list[str], row: Flags, alone: Flags, rates: "np.ndarray[tuple[int], np.dtype[np.float64]]",
    none_allowed: bool, rng: np.random.Generator,
) -> frozenset[str]:  # fmt: skip
    exclusive = np.flatnonzero(row & alone)
    if len(exclusive):
        return frozenset([codes[exclusive[0]]])
    if not row.any() and not none_allowed:
        return frozenset([codes[rng.choice(len(codes), p=rates / rates.sum())]])
    return frozenset(codes[place] for place in np.flatnonzero(row))


def _in_boxes(whole: Original, question: Question, feed: Feed, answered: pd.DataFrame) -> Write:
    """Each box holds what most hold who ticked it, who left it, or who ticked the option that excludes it."""
    words: list[tuple[str, str, str, str]] = []
    alone = {choice.code for choice in question.choices if choice.exclusive}
    excluded = (answered[[name for name in _columns(whole, question) if name.split("/", 1)[1] in alone]] == 1).any(
        axis=1
    )
    for column, item in zip(feed.columns, feed.items, strict=True):
        declared = Declared(whole, question, column, item)
        texts = whole.export.cells.loc[answered.index, column.position]
        name = f"{question.id}/{item}"
        ticked = answered[name] == 1 if name in answered else pd.Series(False, answered.index)
        yes, no = _commonest(map(declared, texts[ticked]), "1"), _commonest(map(declared, texts[~ticked]), "")
        words.append((item, yes, no, _commonest(map(declared, texts[~ticked & excluded]), no)))

    def write(codes: frozenset[str]) -> Cells:
        shut = bool(alone & codes)
        return tuple(yes if item in codes else away if shut else no for item, yes, no, away in words)

    return write


def _commonest(texts: Iterable[str], otherwise: str) -> str:
    found = Counter(texts).most_common(1)
    return found[0][0] if found else otherwise


def _joined(
    whole: Original, question: Question, column: Column, answered: pd.DataFrame, other: str = SYNTHETIC_TEXT
) -> Write:
    """Options one after the other in one column, worded and joined as most cells do."""
    cells = whole.export.cells.loc[answered.index, column.position]
    words = _wordings(whole, question, cells) | {OTHER: other}
    joint = _joint(cells[answered.sum(axis=1) > 1], words.values())
    end = joint.strip() if len(cells) and cells.str.rstrip().str.endswith(joint.strip() or "\0").all() else ""
    order = [*question.codes, OTHER]
    return lambda codes: (joint.join(words[code] for code in order if code in codes) + (end if codes else ""),)


def _wordings(whole: Original, question: Question, cells: "pd.Series[str]") -> dict[str, str]:
    folded = cells.map(fold)
    words = {}
    for choice in question.choices:
        labels = [choice.label] if isinstance(choice.label, str) else [*choice.label.values()]
        recoded = [text for text, code in whole.source.recode.get(question.id, {}).items() if code == choice.code]
        ways = [*labels, *recoded, choice.code]
        words[choice.code] = max(ways, key=lambda way: int(folded.str.contains(fold(way), regex=False).sum()))
    return words


def _joint(cells: "pd.Series[str]", words: Iterable[str]) -> str:
    """The sign between options: what is left of the cells that hold several, once the options are taken away."""
    if any("\n" in cell for cell in cells):
        return "\n"
    options = re.compile("|".join(re.escape(fold(word)) for word in sorted(words, key=len, reverse=True)))
    left = Counter(piece for cell in cells.map(fold) for piece in options.sub("\0", cell).split("\0")[1:-1])
    found: Mapping[str, int] = {piece: count for piece, count in left.items() if piece and not piece.isalnum()}
    return max(found, key=lambda piece: found[piece]) if found else ", "
