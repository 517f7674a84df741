"""The registry of publications: what was published of a study, so that two versions never give someone away.

A report on 163 people, then one on 164: subtracting them gives all that one young person answered. So each version that
leaves the room is written down in `study.publications.json`, beside the study file: sizes, and of each respondent a
digest under a key that stands elsewhere (`impact.keys`). The registry alone tells how many people each group and class
has, and nothing of anyone: no digest stands in it twice, neither of the same person by two breakdown questions nor of
two people who answered alike. A version that differs from an earlier one by a few respondents is refused before
anything is written.

What is compared is who is in each group, band and breakdown, not who answered each question of it.
"""

import json
import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Any, Final

from impact import __version__, keys, texts
from impact.errors import ImpactError
from impact.model import MERGED, SOURCE_GROUPS, Results, merged_in
from impact.report.files import write
from impact.report.manifest import fingerprint
from impact.study import Study
from impact.study.plan import digest

ENDING: Final = ".publications.json"
KEY: Final = "publications"  # one for all studies of a person: a folder that is renamed keeps its registry
SHORT: Final = 16  # signs of a digest, 64 bits: no two of a million people have the same by chance
_SPLIT: Final = "mentored_"
_WITHIN: Final = "/"  # between a group, a breakdown question and the answer to it
# Whose rows are published, or may be once small bands are merged: each is compared, for what moves from one band to
# another leaves the whole as it was.
_BANDS: Final = (*MERGED, f"{_SPLIT}unknown")
_UNIONS: Final = tuple(combinations(_BANDS, 2))
_NAMED: Final = frozenset({*SOURCE_GROUPS, *_BANDS})

Groups = Mapping[str, tuple[str, ...]]  # digests by group and band
_Compared = tuple[str, tuple[str, ...], tuple[str, ...]]  # a group by name, its parts in one version, in the other


@dataclass(frozen=True)
class Publication:
    """One version that left the room. `shown` is false where a person answers for it that nobody saw it."""

    number: int
    shown: bool
    impact: str
    minimum_base: int
    key: str  # which key made the digests, "" where there are none
    sizes: Mapping[str, int]  # by group and band and, within, by answer to each breakdown question
    respondents: Mapping[str, str]  # digests by the same, sorted, spaces between
    tables: Mapping[str, str]
    files: Mapping[str, str]
    exports: Mapping[str, str]
    merged: str = ""  # the band that took in those of unknown duration

    @property
    def union(self) -> tuple[str, ...]:
        """The bands that stand as one, none where each stands by itself."""
        return tuple(each for each in (*(band for band, one in MERGED.items() if one == self.merged), _BANDS[-1])
                     if self.merged)  # fmt: skip


def registry(study: Study) -> Path:
    """Where the publications of a study are written down: `study.publications.json` for `study.toml`."""
    return study.file.with_name(study.file.stem + ENDING)


def published_before(study: Study) -> set[str]:
    """The fingerprints of the estimates that were published of a study."""
    return {one.tables.get("estimates.csv", "") for one in _read(study)} if study.registered else set()


# --- before anything is written --------------------------------------------------------------------------------------


def judged(results: Results, study: Study, never_shown: Iterable[int] = ()) -> tuple[Publication, ...]:
    """The registry with these results in it, to be written once they are delivered; empty where none is kept.

    `never_shown` are the numbers of publications that a person says nobody saw. ImpactError where these results differ
    from a publication that was shown by fewer respondents than a base has, in any group or band, gone or come: where
    the digests cannot be compared, by the sizes alone, and by the sizes in any case, since digests all change when a
    question is read otherwise.
    """
    if not study.registered:
        if tuple(never_shown):
            raise ImpactError("publication_none_kept", file=study.file.name)
        return ()
    before = _marked(_read(study), set(never_shown), study)
    new = _new(results, study, len(before) + 1)
    same = next((one for one in before if _same(one, new)), None)
    _refuse([one for one in before if one.shown and one is not same], new, study)
    if same is None:
        return (*before, new)
    return tuple(replace(new, number=one.number) if one is same else one for one in before)


def _marked(before: tuple[Publication, ...], never: set[int], study: Study) -> tuple[Publication, ...]:
    known = {one.number for one in before}
    for number in sorted(never - known):
        listed = ", ".join(map(str, sorted(known)))
        key = "publication_unknown" if known else "publication_none_yet"
        raise ImpactError(key, number=number, file=registry(study).name, known=listed)
    return tuple(replace(one, shown=one.shown and one.number not in never) for one in before)


def _new(results: Results, study: Study, number: int) -> Publication:
    held = keys.key(KEY) if results.respondents else b""
    digests = {part: _keyed(held, part, each) for part, each in results.respondents.items()}
    return Publication(
        number=number,
        shown=True,
        impact=__version__,
        minimum_base=study.disclosure.minimum_base,
        key=_short(held, "which key") if held else "",
        sizes=_in_order({group: len(each) for group, each in digests.items()} or _sizes(results)),
        respondents=_in_order({group: " ".join(sorted(each)) for group, each in digests.items()}),
        tables={},
        files={},
        exports={},
        merged=merged_in(results.sizes),
    )


def _keyed(held: bytes, part: str, digests: Iterable[str]) -> list[str]:
    """What stands in the registry for the people of a part: by breakdown question and answer, so that nobody is found
    again under another, whatever the band, and by place among those who answered alike, so that nobody sees them."""
    met: Counter[str] = Counter()
    written = []
    for one in digests:
        met[one] += 1
        written.append(_short(held, json.dumps([part.partition(_WITHIN)[2], one, met[one]])))
    return written


def _short(held: bytes, text: str) -> str:
    return keys.digest(held, text)[:SHORT]


def _sizes(results: Results) -> dict[str, int]:
    """The sizes of the groups that share nobody."""
    split = any(group.startswith(_SPLIT) and size for group, size in results.sizes.items())
    return {group: size for group, size in results.sizes.items() if size and not (split and group == "mentored")}


def _in_order(by_group: Mapping[str, Any]) -> dict[str, Any]:
    return {group: by_group[group] for group in sorted(by_group)}


def _same(one: Publication, new: Publication) -> bool:
    if (one.key, one.merged) != (new.key, new.merged):
        return False
    return one.respondents == new.respondents if one.key else one.sizes == new.sizes


def _refuse(shown: list[Publication], new: Publication, study: Study) -> None:
    close = {one.number: said for one in shown if (said := _closeness(one, new))}
    if close:
        options = " ".join(f"{texts.load()('publication.option')} {number}" for number in close)
        base = max(one.minimum_base for one in (*shown, new))
        asked = f"report {shlex.quote(str(study.file))} {options}"
        raise ImpactError("publication_close", versions=list(close.values()), base=base, asked=asked)


def _closeness(one: Publication, new: Publication) -> ImpactError | None:
    """In which group a publication is too close to a new one, and by how many; None where it is far, or the same."""
    fewest = max(one.minimum_base, new.minimum_base)
    for name, answered, *pair in _compared(one, new):
        sizes = [sum(each.sizes.get(member, 0) for member in of) for each, of in zip((one, new), pair, strict=True)]
        if not all(sizes):  # nothing to subtract from
            continue
        come, gone = _moved(one, new, *pair)
        if 0 < max(come, gone) < fewest or 0 < abs(sizes[1] - sizes[0]) < fewest:
            key = "publication_differs" if one.key == new.key != "" else "publication_differs_in_size"
            group = ImpactError(f"publication_group_{name}" if name in _NAMED else "publication_group_bands")
            by = [ImpactError("publication_answers", question=answered)] if answered else []
            return ImpactError(key, number=one.number, group=(group, *by), come=come, gone=gone)
    return None


def _compared(one: Publication, new: Publication) -> Iterator[tuple[str, str, tuple[str, ...], tuple[str, ...]]]:
    """Every group that both may have published, by name, whole ("") then by answer to a breakdown question, and the
    parts that it is made of in either."""
    held = sorted({*one.sizes, *new.sizes})
    groups = [*_groups([part for part in held if _WITHIN not in part]), *_taken_apart(one, new)]
    yield from ((name, "", of_one, of_new) for name, of_one, of_new in groups)
    for answer in dict.fromkeys(part.partition(_WITHIN)[2] for part in held if _WITHIN in part):
        for name, of_one, of_new in groups:
            yield name, answer.partition(_WITHIN)[0], _answering(answer, of_one), _answering(answer, of_new)


def _answering(answer: str, members: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_WITHIN.join((each, answer)) for each in members)


def _groups(parts: list[str]) -> Iterator[_Compared]:
    """The groups and bands, and two bands together, by the parts that share nobody."""
    young = tuple(part for part in parts if part == "mentored" or part.startswith(_SPLIT))
    yield "mentored", young, young
    yield from ((part, (part,), (part,)) for part in parts if part not in young or part != "mentored")
    yield from (("bands", bands, bands) for bands in _UNIONS)


def _taken_apart(one: Publication, new: Publication) -> Iterator[_Compared]:
    """Bands that stand as one in a version, beside each of them in the other where they stand apart: subtracting gives
    the rest."""
    if one.merged != new.merged:
        yield from (("bands", one.union, (part,)) for part in one.union)
        yield from (("bands", (part,), new.union) for part in new.union)


def _moved(one: Publication, new: Publication, of_one: tuple[str, ...], of_new: tuple[str, ...]) -> tuple[int, int]:
    """How many respondents came to a group and went from it; by its sizes where the digests have not one key."""
    if not one.key or one.key != new.key:
        more = sum(new.sizes.get(each, 0) for each in of_new) - sum(one.sizes.get(each, 0) for each in of_one)
        return max(more, 0), max(-more, 0)
    old, now = Counter(_digests(one, of_one)), Counter(_digests(new, of_new))
    return (now - old).total(), (old - now).total()


def _digests(one: Publication, members: tuple[str, ...]) -> list[str]:
    return [each for member in members for each in one.respondents.get(member, "").split()]


# --- once delivered --------------------------------------------------------------------------------------------------


def record(standing: tuple[Publication, ...], results: Results, study: Study, folder: Path) -> None:
    """Write the registry that `judged` gave, with the fingerprints of the tables in `folder` and of the study's files.

    Nothing is touched where it says already what it would say.
    """
    if not standing:
        return
    mine = _new(results, study, 0)
    written = {path.name: fingerprint(path) for path in sorted(folder.glob("*.csv"))}
    exports = [study.folder / source.file for source in study.sources]
    own = [path for path in study.inputs if path not in exports]
    filled = [
        replace(one, tables=written, files=_fingerprints(own), exports=_fingerprints(exports))
        if _same(one, mine) else one
        for one in standing
    ]  # fmt: skip
    content, file = _written(filled, study), registry(study)
    if not file.is_file() or file.read_bytes() != content:
        write(file, content)


def told(results: Results, study: Study, words: texts.Texts) -> list[str]:
    """What the person should know of the publication just made: its number, and what it could not be held against."""
    if not study.registered:
        return []
    all_of_them, mine = _read(study), _new(results, study, 0)
    number = next(one.number for one in all_of_them if _same(one, mine))
    by_size = [str(one.number) for one in all_of_them if one.shown and (not one.key or one.key != mine.key)]
    said = [words("publication.recorded", number=number, file=registry(study).name)]
    apart = [name for name in by_size if name != str(number)]
    return [*said, *([words("publication.by_size", numbers=", ".join(apart))] if apart else [])]


def _fingerprints(paths: Iterable[Path]) -> dict[str, str]:
    return {path.name: fingerprint(path) for path in sorted(paths) if path.is_file()}


# --- the file --------------------------------------------------------------------------------------------------------


def _written(publications: Iterable[Publication], study: Study) -> bytes:
    language = study.about.language if study.about.language in texts.languages() else texts.DEFAULT
    listed = [asdict(one) for one in publications]
    content = {"about": texts.load(language)("publication.head"), "publications": listed, "seal": digest(listed)}
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _read(study: Study) -> tuple[Publication, ...]:
    """The publications of a registry, none where there is no file. ImpactError where it was changed by hand."""
    file = registry(study)
    if not file.is_file():
        return ()
    try:
        content = json.loads(file.read_bytes())
        listed, seal = content["publications"], content["seal"]
        found = tuple(Publication(**one) for one in listed)
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ImpactError("publication_unread", file=file.name) from None
    if not all(map(_whole, found)) or len({one.number for one in found}) < len(found):
        raise ImpactError("publication_unread", file=file.name)
    if seal != digest(listed):
        raise ImpactError("publication_altered", file=file.name)
    return found


def _whole(one: Publication) -> bool:
    """Whether each part of a line of the registry is what it should be, whoever wrote it."""
    kinds = {"number": int, "shown": bool, "impact": str, "minimum_base": int, "key": str, "merged": str}
    texts_of = (one.respondents, one.tables, one.files, one.exports)
    return (
        all(type(getattr(one, name)) is kind for name, kind in kinds.items())
        and isinstance(one.sizes, dict)
        and all(type(size) is int for size in one.sizes.values())
        and all(isinstance(held, dict) and all(isinstance(text, str) for text in held.values()) for held in texts_of)
    )
