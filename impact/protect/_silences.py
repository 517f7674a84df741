"""Why people kept silent: reasons that enough people gave, told apart; the others together, or not at all.

How many gave no answer is told beside each figure. A reason that one person gave would be a row about one person, and
so would be what a band leaves of the mentored: a reason stands apart where, in each of the smallest groups, nobody or
enough people gave it; else that is asked of all the mentored alone, and bands have no reasons.
"""

from collections.abc import Sequence
from typing import Final

import pandas as pd

from impact.model import MISSING
from impact.protect._tree import Tree

OTHERS: Final = "unknown"  # the reason that those of few people are counted with
ROUTED: Final = ("not_asked", "not_yet")  # judged with the question that decides; not a silence

Reasons = dict[str, dict[str, int]]  # reason -> group -> people


def told_reasons(missing: pd.DataFrame, trees: Sequence[Tree], least: int) -> pd.DataFrame:
    """The table `missing` without a row of fewer than `least` people, nor one that two rows would leave."""
    counts: dict[str, Reasons] = {}
    for indicator, group, reason, count in zip(*(missing[name].tolist() for name in MISSING), strict=True):
        counts.setdefault(indicator, {}).setdefault(reason, {})[group] = count
    kept: dict[tuple[str, str, str], int] = {}
    for indicator, reasons in counts.items():
        for tree in trees:
            for reason, groups in _told(reasons, tree, least).items():
                kept |= {(indicator, group, reason): count for group, count in groups.items() if count}
    routed = missing[missing["reason"].isin(ROUTED)]
    kept |= {tuple(names): count for *names, count in routed[list(MISSING)].itertuples(index=False)}
    order = missing.drop_duplicates(["indicator", "group"])[["indicator", "group"]].itertuples(index=False)
    places = {(str(one.indicator), str(one.group)): place for place, one in enumerate(order)}
    rows = sorted(kept.items(), key=lambda row: (places[row[0][0], row[0][1]], row[0][2]))
    return pd.DataFrame([(*names, count) for names, count in rows], columns=list(MISSING))


def _told(reasons: Reasons, tree: Tree, least: int) -> Reasons:
    """The reasons of one tree as they may be told: of all its groups, or of the whole alone, or of none."""
    whole = next(iter(tree.masks))
    for printed, judged in ((tuple(tree.masks), tree.leaves), ((whole,), (whole,))):
        silent = {name: [groups.get(group, 0) for group in judged] for name, groups in reasons.items()
                  if name not in ROUTED and not groups.keys().isdisjoint(tree.masks)}  # fmt: skip
        apart = _apart(silent, least)
        if apart is not None:
            joined = [name for name in silent if name not in apart]
            told = {name: {group: reasons[name].get(group, 0) for group in printed} for name in apart}
            return told | {OTHERS: {group: sum(reasons[name].get(group, 0) for name in joined) for group in printed}}
    return {}


def _apart(silent: dict[str, list[int]], least: int) -> list[str] | None:
    """The reasons that may stand apart; None where the others, put together, are still too few somewhere."""
    apart = sorted((name for name, each in silent.items() if name != OTHERS and _enough(each, least)),
                   key=lambda name: (-sum(silent[name]), name))  # fmt: skip
    while True:
        others = [sum(each) for each in zip(*(silent[name] for name in silent if name not in apart), strict=True)]
        if _enough(others, least):
            return apart
        if not apart:
            return None
        apart.pop()


def _enough(counts: Sequence[int], least: int) -> bool:
    return all(count == 0 or count >= least for count in counts)
