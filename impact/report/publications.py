"""The registry of publications: what was published of a study, so that two versions never give someone away.

A report on 163 people, then one on 164: subtracting them gives all that one young person answered. So each version that
leaves the room is written down in `study.publications.json`, beside the study file: sizes, the rows it shows, what they
were computed by, and of each respondent a digest under a key that stands elsewhere (`impact.keys`). The registry alone
tells how many people each group and class has and what was published, and nothing of anyone: no digest stands in it
twice, neither of the same person by two breakdown questions nor of two people who answered alike. A version that would
give someone away beside an earlier one (`closeness`) is refused before anything is written.

It protects people from an oversight of those who publish, not from their will: a copy of the study in another folder
has a registry of its own.
"""

import json
import re
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Final, NamedTuple

from impact import texts
from impact.errors import ImpactError
from impact.model import Results
from impact.report.closeness import redefined, set_apart, shown_otherwise, told_of
from impact.report.files import write
from impact.report.manifest import fingerprint
from impact.report.publication import Publication, Row, drawn_up, known_to
from impact.study import Study
from impact.study.plan import digest

ENDING: Final = ".publications.json"
# Why a version is refused, the first that holds: what comes first makes what comes after hard to judge.
_REASONS: Final = ("publication_redefined", "publication_close", "publication_rows", "publication_tells")
_PRINTED: Final = re.compile(r"(\d+( \d+)?)?")  # base and count of a row
_STROKES: Final = len(Row._fields) - 1


_Stood = tuple[Publication, Path]  # and the registry that it stands in


class _Earlier(NamedTuple):
    """A publication that was shown, the registry that it stands in, and the new one told by the same questions."""

    one: Publication
    file: Path
    new: Publication


def registry(study: Study) -> Path:
    """Where the publications of a study are written down: `study.publications.json` for `study.toml`."""
    return study.file.with_name(study.file.stem + ENDING)


def published_before(study: Study) -> set[str]:
    """The fingerprints of the estimates that were published of a study. ImpactError where its registry, or another of
    the same folder on the same exports, cannot be read, or is that of a study file that went by another name."""
    if not study.registered:
        return set()
    _elsewhere(study)
    return {one.tables.get("estimates.csv", "") for one in _read(registry(study))}


# --- before anything is written --------------------------------------------------------------------------------------


def judged(
    results: Results, study: Study, never_shown: Iterable[int] = (), folder: Path | None = None
) -> tuple[Publication, ...]:
    """The registry with these results in it, to be written once they are delivered; empty where none is kept.

    `never_shown` are the numbers of publications that a person says nobody saw; `folder` is where the results would go,
    for the command that the refusal gives. ImpactError where these results, beside a publication that was shown, would
    give someone away: where they are computed otherwise, where fewer respondents than a base has set them apart in any
    group or band (where the digests cannot be compared, by the sizes alone), where the same people are shown in rows
    that were never judged together, or where those who came answered too much alike.
    """
    if not study.registered:
        if tuple(never_shown):
            raise ImpactError("publication_none_kept", file=study.file.name)
        return ()
    own = registry(study)
    before = _marked(_read(own), set(never_shown), own)
    new = drawn_up(results, study, len(before) + 1)
    same = next((one for one in before if one.same(new)), None)
    if same is None or not same.shown:  # what was shown already tells nothing more when it is shown again
        shown = [(one, own) for one in before if one.shown] + _elsewhere(study, new, results)
        _refuse([_Earlier(one, file, known_to(one, new, results)) for one, file in shown], study, folder)
    if same is None:
        return (*before, new)
    return tuple(replace(new, number=one.number) if one is same else one for one in before)


def _marked(before: tuple[Publication, ...], never: set[int], file: Path) -> tuple[Publication, ...]:
    known = {one.number for one in before}
    for number in sorted(never - known):
        listed = ", ".join(map(str, sorted(known)))
        key = "publication_unknown" if known else "publication_none_yet"
        raise ImpactError(key, number=number, file=file.name, known=listed)
    return tuple(replace(one, shown=one.shown and one.number not in never) for one in before)


def _elsewhere(study: Study, new: Publication | None = None, results: Results | None = None) -> list[_Stood]:
    """What was shown of these exports, or of these people, by the other registries of the folder: a study file that is
    copied or renamed there is the same study. ImpactError where a registry is left of a study file that is gone."""
    others, found = sorted({*study.folder.glob(f"*{ENDING}")} - {registry(study)}), []
    exports = _fingerprints(study.folder / source.file for source in study.sources) if others else {}
    for file in others:
        for one in _read(file):
            if one.shown and (_of_exports(one, exports) or (new and results and _of_people(one, new, results))):
                _refuse_left(file, study)
                found.append((one, file))
    return found


def _of_exports(one: Publication, exports: Mapping[str, str]) -> bool:
    return bool(one.exports.keys() & exports.keys() or set(one.exports.values()) & set(exports.values()))


def _of_people(one: Publication, new: Publication, results: Results) -> bool:
    told = (one, known_to(one, new, results))
    people = [{each for part in of.respondents.values() for each in part.split()} for of in told]
    return bool(people[0] & people[1])


def _refuse_left(file: Path, study: Study) -> None:
    before, own = _study_of(file), registry(study)
    if not before.exists() and not own.exists():
        raise ImpactError(
            "publication_left", file=file.name, study=before.name, now=study.file.name, own=own.name
        )  # fmt: skip


def _study_of(file: Path) -> Path:
    return file.with_name(file.name.removesuffix(ENDING) + ".toml")


def _refuse(every: list[_Earlier], study: Study, folder: Path | None) -> None:
    """ImpactError for the first of these reasons that any earlier publication gives, with all that give it."""
    plain = _not_sensitive(every, study)
    for key in _REASONS:
        found = [(each, error) for each in every for error in _reasons(key, each, plain)]
        if found:
            base = max(one.minimum_base for each in every for one in (each.one, each.new))
            said = [_placed(error, each.file, study) for each, error in found]
            raise ImpactError(key, versions=said, base=base, asked=_asked([each for each, _ in found], study, folder))


def _reasons(key: str, each: _Earlier, not_sensitive: frozenset[str]) -> list[ImpactError]:
    one, new = each.one, each.new
    if key == "publication_redefined":
        names = redefined(one, new)
        return [ImpactError("publication_was", number=one.number, names=names)] if names else []
    if key == "publication_close":
        close = set_apart(one, new)
        return [close] if close else []
    if key == "publication_rows":
        return [ImpactError("publication_row", number=one.number)] if shown_otherwise(one, new) else []
    return told_of(one, new, not_sensitive)


def _not_sensitive(every: list[_Earlier], study: Study) -> frozenset[str]:
    """The definitions of what is drawn from a question that is not sensitive, in the study as it stands."""
    if not every:
        return frozenset()
    known, plain = study.questionnaire.indicators, study.disclosure.not_sensitive
    return frozenset(
        how for name, how in every[0].new.definitions.items()
        for kind, _, of in [name.partition(" ")]
        if (known[of].question if kind == "indicator" else of) in plain
    )  # fmt: skip


def _placed(error: ImpactError, file: Path, study: Study) -> ImpactError:
    """What is said of a publication, with its registry where it is not the study's own: each counts from one."""
    return error if file == registry(study) else ImpactError("publication_elsewhere", said=(error,), file=file.name)


def _asked(found: list[_Earlier], study: Study, folder: Path | None) -> str:
    """The command that says that nobody saw the versions of the first registry, as it can be typed here."""
    file = found[0].file
    own = file == registry(study)
    numbers = dict.fromkeys(each.one.number for each in found if each.file == file)
    options = " ".join(f"{texts.load()('publication.option')} {number}" for number in numbers)
    place = f" -o {shlex.quote(_typed(folder))}" if own and folder else ""
    return f"report {shlex.quote(_typed(study.file if own else _study_of(file)))}{place} {options}"


def _typed(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


# --- once delivered --------------------------------------------------------------------------------------------------


def record(standing: tuple[Publication, ...], results: Results, study: Study, folder: Path) -> None:
    """Write the registry that `judged` gave, with the fingerprints of the tables in `folder` and of the study's files.

    Nothing is touched where it says already what it would say.
    """
    if not standing:
        return
    mine = drawn_up(results, study, 0)
    written = {path.name: fingerprint(path) for path in sorted(folder.glob("*.csv"))}
    exports = [study.folder / source.file for source in study.sources]
    own = [path for path in study.inputs if path not in exports]
    filled = [
        replace(one, tables=written, files=_fingerprints(own), exports=_fingerprints(exports))
        if one.same(mine) else one
        for one in standing
    ]  # fmt: skip
    content, file = _written(filled, study), registry(study)
    if not file.is_file() or file.read_bytes() != content:
        write(file, content)


def told(results: Results, study: Study, words: texts.Texts) -> list[str]:
    """What the person should know of the publication just made: its number, and what it could not be held against."""
    if not study.registered:
        return []
    all_of_them, mine = _read(registry(study)), drawn_up(results, study, 0)
    number = next(one.number for one in all_of_them if one.same(mine))
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


def _read(file: Path) -> tuple[Publication, ...]:
    """The publications of a registry, none where there is no file. ImpactError where it was changed by hand."""
    if not file.exists():
        return ()
    try:
        content = json.loads(file.read_bytes() if file.is_file() else b"")
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
    kinds = {"number": int, "shown": bool, "impact": str, "minimum_base": int, "minimum_answer": int, "key": str}
    kinds |= {"merged": str, "questions": str}
    texts_of = (one.respondents, one.tables, one.files, one.exports, one.definitions, one.rows)
    return (
        all(type(getattr(one, name)) is kind for name, kind in kinds.items())
        and isinstance(one.sizes, dict)
        and all(type(size) is int for size in one.sizes.values())
        and all(isinstance(held, dict) and all(isinstance(text, str) for text in held.values()) for held in texts_of)
        and all(name.count("\t") == _STROKES and _PRINTED.fullmatch(text) for name, text in one.rows.items())
    )
