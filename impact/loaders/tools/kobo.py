"""KoboToolbox: CSV and XLSX, labels or XML values, in any language, with groups or without, saved by R or not.

A multiple choice is a cell that joins its options by spaces, or one column of 0 and 1 an option, or both.
"""

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from impact import texts
from impact.loaders import _xlsform
from impact.loaders._sheet import Book, Places, Sheet
from impact.loaders._table import listed
from impact.loaders.tools import Found, Tool, _paths, marks
from impact.matching import fold
from impact.model import Column, Export

Flags: TypeAlias = npt.NDArray[np.bool_]

MARKS: Final = (
    "_id", "_uuid", "_submission_time", "_validation_status", "_notes", "_status", "_submitted_by", "__version__",
    "_tags", "_index", "_parent_index", "_parent_table_name", "_submission__id", "_submission__uuid",
    "_submission__submission_time", "meta/rootUuid", "meta/instanceID",
)  # fmt: skip
FEWEST: Final = 4
PARENT: Final = "_parent_index"
TOP: Final = 5  # rows: people write a title above
MADE: Final = re.compile(r"group_[a-z]{2}\d[a-z]{2}\d\d(?=[./> ])")  # what the form builder names a group
FEWEST_NAMES: Final = 3  # headings of a sheet that the form beside it names
SIGNS: Final = ("/", ">", ".")
MANGLED: Final = re.compile(r"X(\.U\.FEFF\.|\.\.\.)?(?=_|start$)|^ï\.\.")  # R's name for what it takes for no name
TAG: Final = re.compile(r"#[a-z]\w*([+\w\s]*)", re.IGNORECASE)
POINT: Final = re.compile(r"(.*/|)_(.+)_latitude")
MEDIA: Final = re.compile(r"(.+)_url", re.IGNORECASE)
REFUSED: Final = frozenset(("not approved", "validation_status_not_approved", "rejected"))
PERSONAL: Final = (
    "start", "end", "audit", "username", "_notes", "_submitted_by", "_geolocation", "_submission__notes",
    "_submission__submitted_by",
)  # fmt: skip
ROLES: Final = (
    dict.fromkeys((*MARKS, "today", "formhub/uuid"), "metadata")
    | dict.fromkeys(PERSONAL, "personal")
    | {"_submission__*": "metadata"}
)


def recognise(book: Book) -> Found | None:
    """The columns that Kobo adds to every export; else a sheet of answers beside its form; else names of its groups."""
    marked = [found for sheet in book.sheets if (found := _marked(sheet))]
    people = [found for found in marked if not marks(found.rows[0], (PARENT,))]
    if marked:
        return _with_repeats((people or marked)[0], marked)
    return _beside_form(book) or next((found for sheet in book.sheets if (found := _grouped(sheet))), None)


def _marked(sheet: Sheet) -> Found | None:
    for place, row in enumerate(sheet.top[:TOP]):
        known = marks([_unmangled(cell) for cell in row], MARKS)
        if len(set(known)) >= FEWEST:
            return Found(sheet, (place,), tuple(f"« {name} »" for name in known))
    return None


def _with_repeats(chosen: Found, found: Sequence[Found]) -> Found:
    """Says which sheets hold the repeats of a group, or that the sheet read is one: a respondent has several rows."""
    say = texts.load()
    if marks(chosen.rows[0], (PARENT,)):
        return chosen._replace(notes=(say("note.repeats_read"),))
    others = tuple(one.sheet.name for one in found if marks(one.rows[0], (PARENT,)))
    notes = (say("note.repeats_aside", sheets=", ".join(others)),) if others else ()
    return chosen._replace(used=others, notes=notes)


def _beside_form(book: Book) -> Found | None:
    form = _xlsform.beside(book)
    names = {fold(one.name) for one in form.rows} if form else set()
    for sheet in book.sheets:
        headings = sheet.top[0] if sheet.top else ()
        if _xlsform.is_part(sheet.name) or len(names.intersection(map(fold, headings))) < FEWEST_NAMES:
            continue
        parts = tuple(other.name for other in (*book.sheets, *book.aside) if _xlsform.is_part(other.name))
        signs = tuple(texts.load()("note.sign_sheet", sheet=name) for name in parts)
        return Found(sheet, (0,), signs, used=parts, beside=_xlsform.bare(form) if form else {})
    return None


def _grouped(sheet: Sheet) -> Found | None:
    made = [found[0] for cell in (sheet.top[0] if sheet.top else ()) if (found := MADE.match(cell.strip()))]
    return Found(sheet, (0,), tuple(f"« {name} »" for name in dict.fromkeys(made))) if len(made) >= FEWEST else None


def columns(found: Found, book: Book) -> tuple[Column, ...]:
    """Headings without their groups behind the whole ones, boxes told from questions."""
    names = [heading.replace("\ufeff", "").strip() for heading in found.rows[0]]
    ticked = [_paths.ticks(found, place) for place in range(len(names))]
    sign = _sign(names, ticked)
    boxes = _paths.boxes_below(names, ticked, (sign,)) | _underscored(found, names, ticked, _xlsform.options(book))
    if not boxes:  # whoever exports chooses one way for all questions
        boxes = _paths.boxes_alone(found, names, ticked, (sign,))
    made = _paths.columns(_paths.Layout(names, boxes, _paths.group_tails(names, sign)))
    return tuple(_with_true_name(column) for column in _personal(made))


def _sign(names: Sequence[str], ticked: Sequence[bool]) -> str:
    """The sign between groups and before an option, which the exporting person may choose: the one that leads to most
    boxes, else a slash, else the one that stands in names and not in sentences alone."""
    boxes = {sign: len(_paths.boxes_below(names, ticked, (sign,))) for sign in SIGNS}
    most = max(SIGNS, key=lambda sign: boxes[sign])
    if boxes[most] or any("/" in name for name in names):
        return most
    held = (sign for sign in SIGNS[1:] if sum(_separates(name, sign) for name in names) >= _paths.FEWEST)
    return next(held, most)


def _separates(name: str, sign: str) -> bool:
    return sign in name.strip(sign) and (sign != "." or " " not in name)


def _underscored(
    found: Found, names: Sequence[str], ticked: Sequence[bool], known: Mapping[str, Sequence[str]]
) -> dict[int, _paths.Box]:
    """Boxes named `q_option` by hand, behind the cell that joins them: all that the cell holds must be among them, or
    among the options that the form beside them lists (`known`)."""
    boxes: dict[int, _paths.Box] = {}
    begun: dict[str, dict[int, str]] = {}
    for place in itertools.compress(range(len(names)), ticked):
        for cut in re.finditer("_", names[place]):
            begun.setdefault(names[place][: cut.start()], {})[place] = names[place][cut.end() :]
    for place, name in enumerate(names):
        options = {at: item for at, item in begun.get(name, {}).items() if item in known.get(name, (item,))}
        if len(options) < _paths.FEWEST:
            continue
        held = {word for cell in found.sheet.distinct(place, found.start) for word in cell.split()}
        if held and held.issubset(options.values()):
            boxes |= {at: _paths.Box(name, item, place) for at, item in options.items()}
    return boxes


def _personal(made: Sequence[Column]) -> Iterator[Column]:
    """Where someone stood, and the files they sent: columns known by those that Kobo adds beside them."""
    names = {heading for column in made for heading in column.headings}
    points = {found[1] + found[2] for name in names if (found := POINT.fullmatch(_unmangled(name)))}
    kept = points | {found[1] for name in names if (found := MEDIA.fullmatch(name))}
    for column in made:
        yield replace(column, role="personal") if kept.intersection(column.headings) else column


def _unmangled(heading: str) -> str:
    return MANGLED.sub("", heading.strip())


def _with_true_name(column: Column) -> Column:
    """A heading that R changed is known by its own name too."""
    return replace(column, headings=tuple(dict.fromkeys((*column.headings, *map(_unmangled, column.headings)))))


def finish(export: Export) -> Export:
    """The row of tags taken out, columns that never hold anything, and what the versions and the review tell."""
    export = _without_tags(export)
    made = tuple(replace(column, role="note") if _is_note(export, column) else column for column in export.columns)
    notes = (*export.notes, *_versions(export), *_refused(export))
    return replace(export, columns=made, notes=notes, blanks={"n/a": "no_answer"})


def _without_tags(export: Export) -> Export:
    """Tags of humanitarian exchange (HXL) stand in a second row of headings."""
    row = int(export.cells.index[0])
    first = [str(cell) for cell in export.cells.loc[row] if str(cell).strip()]
    if not first or not all(map(TAG.fullmatch, first)) or len(export.cells) == 1:
        return export
    cells = export.cells.iloc[1:].apply(lambda column: column.cat.remove_unused_categories())
    note = texts.load()("note.left_out_hxl", row=row)
    return replace(export, cells=cells, left_out={**export.left_out, row: "hxl"}, notes=(*export.notes, note))


def _is_note(export: Export, column: Column) -> bool:
    """Whether a column without a role never holds anything: a note of the form, but for a free text beside "other"."""
    if column.role or column.block or column.layout or column.heading.endswith("_other"):
        return False
    return not any(map(str.strip, export.cells[column.position].cat.categories))


def _versions(export: Export) -> Iterator[str]:
    """Questions that a whole version of the form leaves blank: it may not have had them."""
    version = _position(export, "__version__")
    if version is None:
        return
    versions = export.cells[version].cat
    named = versions.categories.str.strip() != ""
    if named.sum() > 1:
        of_row = np.asarray(versions.codes, dtype=np.intp)
        lacking = [column for column in export.columns if not column.role and _lacks(export, column, of_row, named)]
        letters = listed([column.letter for column in lacking]) or "—"
        yield texts.load()("note.kobo_versions", count=int(named.sum()), columns=letters)


def _lacks(export: Export, column: Column, of_row: Places, named: Flags) -> bool:
    """Whether one version at least leaves a column blank, and another does not."""
    cells = export.cells[column.position].cat
    filled = (cells.categories != "")[cells.codes]
    answers = np.bincount(of_row, weights=filled, minlength=len(named))[named]
    return bool(answers.any() and not answers.all())


def _refused(export: Export) -> Iterator[str]:
    """Whom the review of the answers did not approve: kept, as all are, and said."""
    status = _position(export, "_validation_status")
    if status is not None:
        cells = export.cells[status].cat
        count = int(np.isin(cells.codes, np.flatnonzero([fold(text) in REFUSED for text in cells.categories])).sum())
        if count:
            yield texts.load()("note.review_refused", count=count)


def _position(export: Export, name: str) -> int | None:
    return next((column.position for column in export.columns if name in column.headings), None)


TOOL: Final = Tool(
    title="KoboToolbox",
    priority=90,
    recognise=recognise,
    columns=columns,
    roles=ROLES,
    finish=finish,
    answered_on=("_submission_time", "_submission__submission_time", "end", "today"),
)
