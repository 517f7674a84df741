"""Headings that are paths, as Kobo and ODK write them: groups, the question, then an option of a multiple choice.

The same sign may stand between groups and before an option. An option's column holds nothing but ticks, and either a
column named by all that stands before it sums the options up, or its neighbours are options of the same question.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from impact.loaders.tools import Found
from impact.matching import fold
from impact.model import Column

TICKS: Final = frozenset(("0", "1", "true", "false", "n/a"))
MOST: Final = 12  # different texts in a column of ticks, its headings among them
FEWEST: Final = 2  # columns that share a beginning, from which on it is a group's or a question's name


class Box(NamedTuple):
    """What one column of a multiple choice is: an option of the question headed `block`. `summary` is the place of the
    column that holds the question's options in one cell, None where there is none."""

    block: str
    item: str
    summary: int | None


class Layout(NamedTuple):
    """The headings of a sheet, the boxes among them by place, and the short names of those that a group heads."""

    names: Sequence[str]
    boxes: Mapping[int, Box]
    tails: Callable[[str], list[str]]


def ticks(found: Found, place: int) -> bool:
    """Whether a column can be an option's: ticks, or nothing at all. A row of tags below the headings is no answer."""
    few = len(found.sheet.values(place)) <= MOST
    return few and all(fold(cell) in TICKS or cell.startswith("#") for cell in found.sheet.distinct(place, found.start))


def boxes_below(names: Sequence[str], ticked: Sequence[bool], signs: Sequence[str]) -> dict[int, Box]:
    """The options of each question that a column sums up, which stands before them or, rearranged, anywhere."""
    places: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        places.setdefault(fold(name), []).append(place)
    found = {}
    for place, name in enumerate(names):
        for before, item in _cuts(name, signs) if ticked[place] else ():
            homonyms = places.get(fold(before), [])
            if homonyms and not (len(homonyms) == 1 and homonyms[0] in found):
                own = [one for one in homonyms if one < place][-1:] or homonyms[:1]
                found[place] = Box(_numbered(before, homonyms.index(own[0]), len(homonyms)), item, own[0])
                break
    return found


def boxes_alone(found: Found, names: Sequence[str], ticked: Sequence[bool], signs: Sequence[str]) -> dict[int, Box]:
    """The options of questions that no column sums up: columns of ticks that share the longest beginning they can, each
    respondent leaving all of them blank or none. A group of yes and no answered by 1 and 0 looks the same."""
    counts = Counter(before for place, name in enumerate(names) if ticked[place] for before, _ in _cuts(name, signs))
    copies: Counter[str] = Counter()
    blocks: dict[tuple[str, int], dict[int, str]] = {}
    for place, name in enumerate(names):
        cuts = _cuts(name, signs) if ticked[place] else ()
        before, item = next(((before, item) for before, item in cuts if counts[before] >= FEWEST), ("", ""))
        if before:
            blocks.setdefault((before, copies[name]), {})[place] = item
            copies[name] += 1
    repeated = Counter(before for before, _ in blocks)
    return {
        place: Box(_numbered(before, copy, repeated[before]), item, None)
        for (before, copy), items in blocks.items()
        if len(items) >= FEWEST and _filled_together(found, list(items))
        for place, item in items.items()
    }


def _filled_together(found: Found, places: Sequence[int]) -> bool:
    """Whether a respondent fills all of these columns or none, and somebody does."""
    filled = (found.sheet.frame[list(places)].iloc[found.start :] != "").sum(axis=1)
    return bool(filled.isin((0, len(places))).all() and filled.any())


def group_tails(names: Sequence[str], sign: str) -> Callable[[str], list[str]]:
    """How to shorten the headings of a sheet: what stands after each group, whose name several columns share or, where
    the heading is a name and no text, at any sign."""
    counts = Counter(before for name in names for before, _ in _cuts(name, (sign,)))

    def tails(name: str) -> list[str]:
        plain = not any(map(str.isspace, name))
        cuts = reversed(list(_cuts(name, (sign,))))
        return [tail for before, tail in cuts if _is_name(tail) and (plain or counts[before] >= FEWEST)]

    return tails


def _is_name(tail: str) -> bool:
    return tail[:1].isalpha() or tail[:1] in "_¿«"


def _cuts(name: str, signs: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Every way to cut a heading at one of the signs, the longest beginning first."""
    for begin in range(len(name) - 1, 0, -1):
        sign = next((sign for sign in signs if name.startswith(sign, begin)), "")
        item = name[begin + len(sign) :].strip()
        if sign and item:
            yield name[:begin].strip(), item


def _numbered(heading: str, rank: int, count: int) -> str:
    """The second of two questions of the same wording is "… (2)", as a study file names it."""
    return heading if count == 1 else f"{heading} ({rank + 1})"


def columns(layout: Layout) -> tuple[Column, ...]:
    """The columns: what is summed up, its boxes, and each heading without its groups behind the whole one."""
    blocks = dict.fromkeys(box.block for box in layout.boxes.values())
    shared = Counter(tail for block in blocks for tail in layout.tails(block))
    summaries = {box.summary for box in layout.boxes.values()}
    made = []
    for place, name in enumerate(layout.names):
        box = layout.boxes.get(place)
        if box is None:
            headings = tuple(dict.fromkeys((name, *layout.tails(name))))
            made.append(Column(place, headings, layout="summary" if place in summaries else ""))
            continue
        whole = name if name.startswith(box.block) else f"{box.block}/{box.item}"
        short = [f"{tail}/{box.item}" for tail in layout.tails(box.block) if shared[tail] == 1]
        if box.summary is None and whole == name and box.item not in layout.names:
            short.append(box.item)  # it may be a question after all
        made.append(Column(place, (whole, *short), block=box.block, item=box.item))
    return tuple(made)
