"""Whether two publications, read side by side, give someone away.

They do where a few people set them apart, where the same people are counted by other definitions or in other rows, and
where all those who came answered alike: what is left when one is subtracted from the other must be what could have been
published by itself.

What is compared is who is in each group, band and breakdown, not who answered each question of it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Final, NamedTuple

from impact.analyse.respondents import WITHIN
from impact.errors import ImpactError
from impact.model import MERGED, SOURCE_GROUPS
from impact.report.publication import SPLIT, UNKNOWN, Publication, Row, row

# Whose rows are published, or may be once small bands are merged: each is compared, for what moves from one band to
# another leaves the whole as it was.
_BANDS: Final = (*MERGED, UNKNOWN)
_UNIONS: Final = tuple(combinations(_BANDS, 2))
_NAMED: Final = frozenset({*SOURCE_GROUPS, *_BANDS})
_TOLD: Final = 3  # questions named of a version: more would bury the way out

_Counts = Mapping[Row, tuple[int, int | None]]  # base and number counted, by row


class _Pair(NamedTuple):
    """One group in two publications: by name, the question whose answer it gave, its parts in one, in the other."""

    name: str
    answered: str
    of_one: tuple[str, ...]
    of_new: tuple[str, ...]

    @property
    def said(self) -> tuple[ImpactError, ...]:
        """The group in words."""
        group = ImpactError(f"publication_group_{self.name}" if self.name in _NAMED else "publication_group_bands")
        return (group, *([ImpactError("publication_answers", question=self.answered)] if self.answered else []))


def redefined(one: Publication, new: Publication) -> str:
    """What is no longer counted as it was while something else is counted in its place, by the names that a study file
    gives it; "" where one version only adds to the other.

    A question whose answers tell people apart in the earlier version is to be known to the new one: without it nobody
    could see who came.
    """
    gone = [name for name, how in one.definitions.items() if how not in new.definitions.values()]
    come = [name for name, how in new.definitions.items() if how not in one.definitions.values()]
    unknown = sorted(set(one.questions.split()) - set(new.questions.split())) if new.questions else []
    named = [name.partition(" ")[2] for name in gone] if come else []
    return ", ".join(dict.fromkeys([*named, *unknown]))


def set_apart(one: Publication, new: Publication) -> ImpactError | None:
    """In which group a publication is too close to a new one, and by how many; None where it is far, or the same."""
    fewest = max(one.minimum_base, new.minimum_base)
    for pair in _compared(one, new):
        before, after = _size(one, pair.of_one), _size(new, pair.of_new)
        come, gone = _moved(one, new, pair)
        if 0 < max(come, gone) < fewest or 0 < abs(after - before) < fewest:
            key = "publication_differs" if one.key == new.key != "" else "publication_differs_in_size"
            return ImpactError(key, number=one.number, group=pair.said, come=come, gone=gone)
    return None


def shown_otherwise(one: Publication, new: Publication) -> bool:
    """Whether the same people are shown in rows that neither version has all of: no rule has judged them together."""
    if any(any(_moved(one, new, pair)) for pair in _compared(one, new) if pair.name in _NAMED and not pair.answered):
        return False
    of_one, of_new = _implied(one), _implied(new)
    return not (of_one <= of_new or of_new <= of_one)


def _implied(one: Publication) -> frozenset[Row]:
    """The rows that are shown, and those of bands that stand as one in the other version: the sum of the two."""
    shown = {row(written) for written in one.rows}
    united = {
        each._replace(group=MERGED[band] + each.group.removeprefix(band))
        for each in shown
        for band in MERGED
        if each.group.partition(WITHIN)[0] == band
        and each._replace(group=UNKNOWN + each.group.removeprefix(band)) in shown
    }
    return frozenset(shown | united)


def told_of(one: Publication, new: Publication, not_sensitive: frozenset[str]) -> list[ImpactError]:
    """The figures whose difference tells how nearly all of those answered who set two publications apart.

    Where some came and nobody went, they are who is left: their base and each count must pass the rule by themselves.
    Where some went too, what the difference leaves possible must: that few or nearly all of those who came, or of
    those who went, gave an answer may not be certain.
    """
    found: list[ImpactError] = []
    names = {how: name.partition(" ")[2] for name, how in new.definitions.items()}
    before, after = _counts(one), _counts(new)
    for pair in _compared(one, new):
        people = _moved(one, new, pair)
        old, now = _of(before, one, pair, pair.of_one), _of(after, new, pair, pair.of_new)
        for each in sorted(old.keys() & now.keys()):
            least = 1 if each.subject in not_sensitive else max(one.minimum_answer, new.minimum_answer)
            rule = (max(one.minimum_base, new.minimum_base), least)
            if _tells(old[each], now[each], people, rule):
                question = names.get(each.subject, "")
                found.append(ImpactError("publication_told", number=one.number, group=pair.said, question=question))
    return list({error.say(): error for error in found}.values())[:_TOLD]


def _tells(
    old: tuple[int, int | None], now: tuple[int, int | None], people: tuple[int, int], rule: tuple[int, int]
) -> bool:
    """Whether two printed rows of a group tell too much of the people, come and gone, who set it apart."""
    fewest, least = rule
    come, gone = people
    bases = now[0] - old[0]
    if not (come and gone):
        come, gone = max(bases, 0), max(-bases, 0)
        if 0 < abs(bases) < fewest:
            return True
    come, gone = min(come, now[0]), min(gone, old[0])
    if old[1] is None or now[1] is None or not (old[1] or now[1]):
        return False
    more = now[1] - old[1]
    if not come and not gone:
        return more != 0
    of_come = (max(0, more), min(come, more + gone))  # how many of those who came gave the answer: at least, at most
    of_gone = (max(0, -more), min(gone, come - more))
    return any(size and (low > size - least or high < least)
               for size, (low, high) in ((come, of_come), (gone, of_gone)))  # fmt: skip


def _counts(one: Publication) -> _Counts:
    found = {}
    for written, printed in one.rows.items():
        if printed:
            base, *counted = map(int, printed.split())
            found[row(written)] = (base, counted[0] if counted else None)
    return found


def _of(counts: _Counts, one: Publication, pair: _Pair, members: tuple[str, ...]) -> _Counts:
    """The rows of a group that is made of parts, whole: its own, or the sum of those of its parts where all are shown.
    The group is left out of what names them."""
    parts = _published_as(one, pair, members)
    found: dict[Row, list[tuple[int, int | None]]] = defaultdict(list)
    for each, printed in counts.items():
        if each.group in parts:
            found[each._replace(group="")].append(printed)
    return {each: _sum(printed) for each, printed in found.items() if len(printed) == len(parts)}


def _published_as(one: Publication, pair: _Pair, members: tuple[str, ...]) -> tuple[str, ...]:
    answer = members[0].partition(WITHIN)[2]
    bands = tuple(each.partition(WITHIN)[0] for each in members)
    if pair.name == "mentored":
        bands = ("mentored",)
    elif one.merged and set(bands) == set(one.union):
        bands = (one.merged,)
    return tuple(WITHIN.join(filter(None, (band, answer))) for band in bands)


def _sum(printed: list[tuple[int, int | None]]) -> tuple[int, int | None]:
    counted = [count for _, count in printed if count is not None]
    return sum(base for base, _ in printed), sum(counted) if len(counted) == len(printed) else None


# --- groups ----------------------------------------------------------------------------------------------------------


def _compared(one: Publication, new: Publication) -> Iterator[_Pair]:
    """Every group that both may have published and someone is in, whole (answered "") then by answer to a breakdown
    question, and the parts that it is made of in either."""
    held = sorted({*one.sizes, *new.sizes})
    groups = [*_groups([part for part in held if WITHIN not in part]), *_taken_apart(one, new)]
    answers = dict.fromkeys(part.partition(WITHIN)[2] for part in held if WITHIN in part)
    for answer in ("", *answers):
        for name, *members in groups:
            of_one, of_new = (_answering(answer, each) for each in members)
            if _size(one, of_one) and _size(new, of_new):  # else there is nothing to subtract from
                yield _Pair(name, answer.partition(WITHIN)[0], of_one, of_new)


def _answering(answer: str, members: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(WITHIN.join((each, answer)) for each in members) if answer else members


def _groups(parts: list[str]) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """The groups and bands, and two bands together, by the parts that share nobody."""
    young = tuple(part for part in parts if part == "mentored" or part.startswith(SPLIT))
    yield "mentored", young, young
    yield from ((part, (part,), (part,)) for part in parts if part not in young or part != "mentored")
    yield from (("bands", bands, bands) for bands in _UNIONS)


def _taken_apart(one: Publication, new: Publication) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Bands that stand as one in a version, beside each of them in the other where they stand apart: subtracting gives
    the rest."""
    if one.merged != new.merged:
        yield from (("bands", one.union, (part,)) for part in one.union)
        yield from (("bands", (part,), new.union) for part in new.union)


def _size(one: Publication, members: tuple[str, ...]) -> int:
    return sum(one.sizes.get(member, 0) for member in members)


def _moved(one: Publication, new: Publication, pair: _Pair) -> tuple[int, int]:
    """How many respondents came to a group and went from it; by its sizes where the digests have not one key."""
    if not one.key or one.key != new.key:
        more = _size(new, pair.of_new) - _size(one, pair.of_one)
        return max(more, 0), max(-more, 0)
    old, now = Counter(_digests(one, pair.of_one)), Counter(_digests(new, pair.of_new))
    return (now - old).total(), (old - now).total()


def _digests(one: Publication, members: tuple[str, ...]) -> list[str]:
    return [each for member in members for each in one.respondents.get(member, "").split()]
