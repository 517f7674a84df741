"""What was answered in a column, counted: each different text once, as it is most often spelled."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from impact.drafting.draft import FEWEST
from impact.loaders import personal
from impact.matching import fold
from impact.model import Column, Export
from impact.normalise.closed import plain as without_noughts

_LONG: Final = 100  # signs: the options of a form are seldom that long, what people write often is
_LONGEST_OPTION: Final = 150  # even of what several gave: a text pasted again is no option


@dataclass(frozen=True, slots=True)
class Answer:
    """A text and how many gave it."""

    text: str
    count: int


def answers(export: Export, column: Column, labelled: bool = True) -> list[Answer]:
    """The different answers of a column, the most frequent first; by their value labels where the file has them."""
    blanks = {fold(text) for text in export.blanks}
    counted = export.cells[column.position].value_counts()
    spelled: dict[str, Counter[str]] = {}
    for cell, count in counted.items():
        text = str(cell).strip()
        if count and text and fold(text) not in blanks:
            shown = column.labels.get(text, without_noughts(text)) if labelled else without_noughts(text)
            spelled.setdefault(fold(shown), Counter())[" ".join(shown.split())] += int(count)
    found = [Answer(min(by, key=lambda text: (-by[text], text)), by.total()) for by in spelled.values()]
    return sorted(found, key=lambda one: (-one.count, one.text))


def leads_to_someone(found: Iterable[Answer]) -> bool:
    """Whether some answers are addresses, numbers to call or links, or people."""
    said = [(answer.text, answer.count) for answer in found]
    return personal.reached([text for text, _ in said]) or personal.names_people(said)


def is_written(found: list[Answer]) -> bool:
    """Whether answers are what people write in their own words: long, or nearly all different."""
    total = sum(answer.count for answer in found)
    long = sum(
        answer.count for answer in found if len(answer.text) > (_LONG if answer.count < FEWEST else _LONGEST_OPTION)
    )
    return 2 * long > total or (len(found) > 0.9 * total and total > 5)


def filled_by(export: Export, columns: Iterable[Column], groups: "pd.Series[str]") -> Mapping[str, int]:
    """How many of each group filled one of some columns."""
    cells = export.cells[[column.position for column in columns]].astype(object)
    filled = (cells.map(lambda text: bool(str(text).strip()))).any(axis=1)
    return {str(group): int(count) for group, count in groups[filled].value_counts().items()}
