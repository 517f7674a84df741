"""Whether two files ask a question in the same words, as far as their headings tell."""

import re
from collections.abc import Iterable, Iterator
from functools import cache, reduce
from typing import Final, NamedTuple

from impact import texts
from impact.loaders.pointers import parts
from impact.matching import fold
from impact.model import Column
from impact.normalise.columns import Feed
from impact.study import Question

SHORTEST_CUT, LONGEST_CUT = 40, 256  # signs at which tools cut a label without saying so
_SHORTEST_BEGINNING = 10  # signs: a label that is seen to be cut must keep as many to tell anything

_TAG = re.compile(r"<[/!]?[a-zA-Z][^<>]{0,80}>")  # and not "< 3 fois >"
# "12. ", "Q12 - ", "Question 3 :", "Q1[SQ001]. " before a question; a year says what is asked.
_NUMBERED = re.compile(r"(?!(?:19|20)\d\d\b)(?:question\s+)?[a-z_]{0,12}\d\w*(?:\[\w*\])?\s*[.):–-]+_?\.?\s*")
# What Qualtrics writes behind a question whose options are in one column, folded.
_SUFFIXES: Final = (" - selected choice", " - choix selectionne", " - selected choice - text")
_WORD = re.compile(r"[^\W\d_]{2,}")
_CUT_MARKS: Final = ("..", "…")
_ENDS: Final = ("?", ".", "!")  # a sentence that ends is whole


class Wording(NamedTuple):
    """What a heading says of a question: as it stands, as it is compared, and whether it may be cut short."""

    text: str
    key: str
    cut: bool

    def same(self, other: "Wording") -> bool:
        """Whether two headings are one wording, one of them cut perhaps."""
        short, long = sorted((self, other), key=lambda one: len(one.key))
        return short.key == long.key or (short.cut and long.key.startswith(short.key))


def wordings(question: Question, feed: Feed) -> tuple[Wording, ...]:
    """The texts of a file that say how a question was put; none where it shows codes alone.

    Of a question spread over boxes it is what stands above them all: the heading of a box alone is an option.
    """
    boxed = bool(feed.items or feed.slots)
    named = _above(question, feed) if boxed else (heading for column in feed.columns for heading in column.headings)
    options = {fold(text) for answer in question.answers for text in answer.texts} if boxed else set()
    told = [text for text in named if _tells(text) and fold(text) not in options]
    return tuple({one.key: one for one in map(wording, told)}.values())


def wording(text: str) -> Wording:
    """A heading as it is compared: without its number, the tool's suffix, tags, and the signs at its end."""
    key = fold(_TAG.sub(" ", text))
    key = reduce(str.removesuffix, _SUFFIXES, key)
    key = _NUMBERED.sub("", key, count=1) if _NUMBERED.match(key) else key
    key = re.sub(r"\s+(?=[?!:;,.)])", "", key).rstrip(" *.:?!…\ufffd")
    stripped = text.rstrip()
    marked = stripped.endswith(_CUT_MARKS) and len(key) >= _SHORTEST_BEGINNING
    silently = SHORTEST_CUT <= len(stripped) <= LONGEST_CUT and not stripped.endswith(_ENDS)
    return Wording(text.strip(), key, marked or silently)


def alike(question: Question, one: Iterable[Wording], other: Iterable[Wording]) -> bool | None:
    """Whether two files put a question in the same words, or in two of the questionnaire's own languages; None where
    one of them does not tell."""
    one, other = tuple(one), tuple(other)
    if not one or not other:
        return None
    own = [wording(text) for text in question.texts]
    same = any(a.same(b) for a in one for b in other)
    return same or all(any(a.same(b) for a in side for b in own) for side in (one, other))


def _tells(text: str) -> bool:
    """Whether a heading is words: a code, a question's id, one word or a tool's own name for a block is not."""
    return bool(re.search(r"\S\s+\S", text)) and len(_WORD.findall(text)) > 1 and not _made_up().fullmatch(text.strip())


@cache
def _made_up() -> re.Pattern[str]:
    """How a block is called whose tool does not say what was asked; or what Qualtrics writes for itself."""
    named = "|".join(
        re.escape(texts.load(language)("note.typeform_block", first="@", last="@")).replace("@", "[A-Z]+")
        for language in texts.languages()
    )
    return re.compile(rf"(?:{named})|\{{.*\}}", re.DOTALL)


def _above(question: Question, feed: Feed) -> Iterator[str]:
    """What the columns of a block have in common: the text above the boxes, cut where an option of theirs begins."""
    options = {answer.code: {fold(text) for text in answer.texts} for answer in question.answers}
    codes = feed.items or ("",) * len(feed.columns)
    boxes = [(column, code) for column, code in zip(feed.columns, codes, strict=True) if code in options or not code]
    texts_above = [_before(column, options.get(code, set())) for column, code in boxes]
    if texts_above:
        shared = set.intersection(*(set(above) for above in texts_above))
        yield from (text for key, text in texts_above[0].items() if key in shared)


def _before(column: Column, options: set[str]) -> dict[str, str]:
    """The texts that stand before an option in a column's headings, by how they are compared."""
    named = {fold(column.block): column.block} if column.block else {}
    return named | {fold(above): above for above, item in parts(column) if fold(item) in options}


def item_text(question: Question, column: Column, code: str) -> str:
    """What the heading of a box calls its option: the questionnaire's own words where it stands there, else the
    file's; "" where it is a bare code."""
    own = {fold(text) for answer in question.answers if answer.code == code for text in answer.texts}
    said = [column.item, *column.headings, *(item for _, item in parts(column))]
    known = next((text for text in said if text and fold(text) in own), "")
    return known or next((text for text in said if text and _tells(text)), "")
