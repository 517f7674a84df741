"""How the cells of one question are filled in the file, and drawing the twin's cells from that."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from impact.normalise.columns import Feed
from impact.study import Question
from impact.synthesise._original import Declared, Original
from impact.synthesise._values import impossible

_SMOOTHING = 0.5  # added to the count of every way seen in any group: no group's counts are repeated as they are


@dataclass(frozen=True)
class State:
    """One way the cells of a question are filled: `drawn`, an answer made anew, not repeated; `trap`, not an answer."""

    cells: tuple[str, ...]
    code: str = ""  # the answer to a single choice, for the routing of others
    drawn: bool = False
    trap: bool = False


def states_of(whole: Original, question: Question, feed: Feed) -> dict[int, State]:
    """The state of every row: of kept respondents as normalise understood them, of others by their cells alone.

    Columns that sort the rows are repeated as they are, where they hold what the study file names.
    """
    sorts = any(column.position in whole.sorting for column in feed.columns)
    positions = [column.position for column in feed.columns]
    items = feed.items or ("",) * len(positions)
    declared = [Declared(whole, question, column, item) for column, item in zip(feed.columns, items, strict=True)]
    reasons = whole.reasons[question.id].to_dict()
    codes = whole.answers[question.id].to_dict() if question.kind == "single" else {}
    states = {}
    for row, *texts in whole.export.cells[positions].itertuples():
        cells = tuple(keep(text) for keep, text in zip(declared, texts, strict=True))
        code = str(codes.get(row) or "")
        states[row] = State(cells, code) if sorts else _state(whole, question, reasons.get(row, "dropped"), cells, code)
    return states


def _state(whole: Original, question: Question, reason: str, cells: tuple[str, ...], code: str) -> State:
    if reason == "" and question.kind != "single":
        return State(("",) * len(cells), drawn=True)
    if reason == "implausible":
        return State((impossible(question), *cells[1:]), trap=True)
    return State(cells, code, trap=reason in ("unknown", "not_asked") and not all(map(whole.blank, cells)))


def drawn(
    whole: Original, states: Mapping[int, State], keys: pd.DataFrame, rng: np.random.Generator
) -> dict[int, State]:
    """A state for every row of the twin, from the rows of the file that are alike.

    `keys` has columns `real` and `twin` (the routing of each row, in the file and in the twin) and `status`. A row
    draws among the kept rows of its status and routing; where there are none, of its routing; else it is blank.
    """
    result = dict.fromkeys(states, State(("",) * len(next(iter(states.values())).cells)))
    pool = keys.loc[[row for row in whole.kept if row not in whole.stopped]]
    for status, routing in sorted(set(zip(keys["status"], keys["twin"], strict=True))):
        rows = keys.index[(keys["status"] == status) & (keys["twin"] == routing)]
        alike = pool.index[pool["real"] == routing]
        own = [states[row] for row in alike if pool["status"][row] == status]
        every = [states[row] for row in alike]
        result |= dict(zip(rng.permutation(rows), _some(own, every, len(rows), rng), strict=False))
    return result


def _some(own: list[State], every: list[State], size: int, rng: np.random.Generator) -> list[State]:
    """So many states: as many traps as there are, the others drawn at smoothed rates; none where none is known."""
    traps = sorted((state for state in own if state.trap), key=repr)[:size]
    counts = Counter(state for state in own if not state.trap)
    known = sorted({state for state in every if not state.trap}, key=repr)
    if not known:
        return traps
    weights = np.array([counts[state] + _SMOOTHING for state in known])
    places = rng.choice(len(known), size - len(traps), p=weights / weights.sum())
    return [*traps, *(known[place] for place in places)]
