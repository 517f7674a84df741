"""What disclosure control masked, said so that it tells no more than the tables: `controle_secret.json`, and sentences.

A check name per masked row would tell which row made the others go, and on which side its answers are few. So there are
two names, in the vocabulary of SACRO's checks: one that the size of a group alone decides, and one for all the rest.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd

from impact.model import GROUPS, MERGED, OCCASIONAL, TABLES, Results, merged_in
from impact.report.book import Book, masked_rows, open_book, records
from impact.report.files import CONTROL, named, write
from impact.report.sentences import name
from impact.study import Study
from impact.texts import Texts
from impact.texts.typography import number, plural, quoted

THRESHOLD: Final = "MinimumThreshold"  # the whole group is under the base of a row
LINKED: Final = "MinimumThresholdOrLinkedTable"  # anything else: what hides a row and what hides those beside it
CHECKS: Final = (THRESHOLD, LINKED)
# The tables whose masked rows are named one by one, and what names each: what is masked elsewhere follows from these.
NAMED: Final[Mapping[str, Mapping[str, str]]] = {
    "estimates": {"indicator": "indicateur", "group": "groupe"},
    "distributions": {"question": "question", "group": "groupe"},
    "breakdowns": {"indicator": "indicateur", "group": "groupe", "by": "selon", "choice": "reponse"},
}


def write_control(results: Results, study: Study, folder: Path, words: Texts) -> Path:
    """The file of these results in a folder; the same bytes whatever a masked answer was."""
    return write(folder / named(CONTROL, study), control(open_book(results, study, words)))


def control(book: Book) -> bytes:
    """What was masked and merged by which rule, what was corrected together, and what would let a row be shown."""
    content = {
        "description": book.texts("control.about_internal" if book.study.internal else "control.about"),
        "usage": "interne" if book.study.internal else "public",
        "regle": _rule(book),
        "reunions": _merges(book),
        "tableaux": [_counted(book, table) for table in _judged(book.results)],
        "controles": {check: _described(book, check) for check in CHECKS},
        "lignes_masquees": [row for table in NAMED for row in _rows(book, table)],
        "comparaisons": _corrected(book),
        "pour_afficher": [*reasons(book), *ways_out(book)],
    }
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def told(results: Results, study: Study, words: Texts) -> list[str]:
    """The same in a few lines, for who made the report; none where nothing was masked or merged."""
    book = Book(results, study, words, {}, {}, {}, {})  # no row is looked up: none is laid out
    merged, count = merged_in(results.sizes), masked_rows(book)
    lines = [words("control.merged", group=name(book, merged))] if merged else []
    if count:
        total = sum(len(getattr(results, table)) for table in _judged(results))
        counts = {"count": number(count, words), "total": number(total, words)}
        lines.append(words(f"control.masked_{plural(count, words)}", file=named(CONTROL, study), **counts))
        lines += [f"  - {line}" for line in (*reasons(book), *ways_out(book))]
    return lines


def reasons(book: Book) -> list[str]:
    """Why rows are masked, group by group: how many people lack where sizes alone decide, else how many rows."""
    said, others = [], []
    shown = set(book.results.estimates.query("status == 'shown'")["group"])
    for group, (count, total) in _masked_by_group(book).items():
        lacking = ("", 0) if group in shown else _lacking(book, group)
        if lacking[1]:
            form = f"control.lacking_{lacking[0]}_{plural(lacking[1], book.texts)}"
            said.append(book.texts(form, count=number(lacking[1], book.texts), group=_quoted(book, group)))
        else:
            counts = {"count": number(count, book.texts), "total": number(total, book.texts)}
            others.append(book.texts("control.rows_of", group=name(book, group), **counts))
    listed = book.texts("sentence.between").join(others)
    return [*said, *([book.texts("control.rows", groups=listed)] if others else [])]


def ways_out(book: Book) -> list[str]:
    """What would let more rows be shown; nothing where none is masked."""
    if not masked_rows(book):
        return []
    apart = not book.study.disclosure.merge_unknown and "mentored_unknown" in book.results.sizes
    keys = ["wave", *(["merge"] if apart else []), "insensitive", "internal"]
    return [book.texts(f"control.way_{key}") for key in keys]


def _quoted(book: Book, group: str) -> str:
    return quoted(name(book, group), book.texts)


def _masked_by_group(book: Book) -> dict[str, tuple[int, int]]:
    """How many estimates of a group are masked, and how many there are, in the order of GROUPS."""
    frame = book.results.estimates
    whole, hidden = Counter(frame["group"]), Counter(frame.loc[_hidden(frame), "group"])
    return {group: (hidden[group], whole[group]) for group in GROUPS if hidden[group]}


def _lacking(book: Book, group: str) -> tuple[str, int]:
    """How many people lack in a group, or in the other bands beside it, by the sizes of groups alone."""
    sizes, base = book.results.sizes, book.study.disclosure.minimum_base
    if sizes.get(group, 0) < base:
        return "here", base - sizes.get(group, 0)
    rest = sizes.get("mentored", 0) - sizes[group] if group.startswith("mentored_") else 0
    return ("beside", base - rest) if 0 < rest < base else ("", 0)


def _hidden(frame: pd.DataFrame) -> "pd.Series[bool]":
    return frame["status"].astype(str).str.startswith("suppressed")


def _judged(results: Results) -> list[str]:
    """The tables that are written and have rows that may be masked."""
    may = [table for table, columns in TABLES.items() if "status" in columns]
    return [table for table in may if table not in OCCASIONAL or len(getattr(results, table))]


# --- the parts of the file -------------------------------------------------------------------------------------------


def _rule(book: Book) -> dict[str, Any]:
    rule = book.study.disclosure
    values = {
        "minimum_de_reponses": rule.minimum_base,
        "minimum_par_reponse": rule.minimum_answer,
        "non_sensibles": list(rule.not_sensitive),
        "reunir_durees_inconnues": rule.merge_unknown,
    }
    return {key: {"valeur": value, "description": book.texts(f"control.rule_{key}")} for key, value in values.items()}


def _merges(book: Book) -> list[dict[str, Any]]:
    merged = merged_in(book.results.sizes)
    if not merged:
        return []
    band = next(band for band, taken in MERGED.items() if taken == merged)
    return [{
        "groupe": merged, "nom": name(book, merged), "remplace": [band, "mentored_unknown"],
        "effectif": book.results.sizes[merged], "description": book.texts("control.merge_why"),
    }]  # fmt: skip


def _counted(book: Book, table: str) -> dict[str, Any]:
    frame = getattr(book.results, table)
    hidden, shown = int(_hidden(frame).sum()), int((frame["status"] == "shown").sum())
    return {
        "tableau": table, "description": book.texts(f"table.sheet_{table}"), "lignes": len(frame), "affichees": shown,
        "masquees": hidden, "sans_objet": len(frame) - shown - hidden,
    }  # fmt: skip


def _described(book: Book, check: str) -> str:
    return book.texts(f"control.check_{check}", base=book.study.disclosure.minimum_base)


def _rows(book: Book, table: str) -> Iterator[dict[str, Any]]:
    """The masked rows of a table, in its order; the answers to a question are masked together, and count once."""
    names, frame = NAMED[table], getattr(book.results, table)
    small = {group for group, size in book.results.sizes.items() if size < book.study.disclosure.minimum_base}
    for row in records(frame.loc[_hidden(frame), list(names)].drop_duplicates()):
        said = {word: row[column] for column, word in names.items()}
        yield {"tableau": table, **said, "controle": THRESHOLD if row["group"] in small else LINKED}


def _corrected(book: Book) -> dict[str, Any]:
    """How many comparisons are printed, and how many were corrected together, family by family."""
    printed = sum(row["status"] == "shown" for row in (*book.gaps.values(), *book.adjusted.values()))
    families = [*_families(book), *_slopes(book), *_sets(book)]
    return {"description": book.texts("control.comparisons"), "affichees": printed, "corrections": families}


def _families(book: Book) -> Iterator[dict[str, Any]]:
    """The differences, by adjustment: the primary ones, the others, and those of the bands within one question."""
    rows = [row for row in (*book.gaps.values(), *book.adjusted.values()) if row["status"] == "shown"]
    pair, primary = ("mentored", "non_mentored"), book.study.analysis.primary
    for adjustment in dict.fromkeys(row["adjustment"] for row in rows):
        mine = [row for row in rows if row["adjustment"] == adjustment]
        first = sum(row["indicator"] in primary and (row["group"], row["reference"]) == pair for row in mine)
        yield from _family(book, "principales", adjustment, "holm", first)
        yield from _family(book, "autres", adjustment, "benjamini_hochberg", len(mine) - first)
        bands = Counter(row["indicator"] for row in mine if row["group"] != "mentored")
        method = book.study.analysis.duration_correction if adjustment == "none" else "holm"
        yield from _family(book, "durees_d_une_question", adjustment, method, max(bands.values(), default=0))


def _slopes(book: Book) -> Iterator[dict[str, Any]]:
    frame = book.results.trend
    slopes = frame[(frame["measure"] == "slope") & (frame["status"] == "shown")]
    first = int(slopes["indicator"].isin(book.study.analysis.primary).sum())
    yield from _family(book, "pentes_principales", "none", "holm", first)
    yield from _family(book, "pentes_autres", "none", "benjamini_hochberg", len(slopes) - first)


def _sets(book: Book) -> Iterator[dict[str, Any]]:
    frame = book.results.options
    sets = int(((frame["choice"] == "") & (frame["status"] == "shown")).sum())
    yield from _family(book, "ensembles_de_reponses", "none", "benjamini_hochberg", sets)


def _family(book: Book, family: str, adjustment: str, method: str, size: int) -> Iterator[dict[str, Any]]:
    if size:
        yield {
            "famille": family, "description": book.texts(f"control.family_{family}"), "ajustement": adjustment,
            "correction": method, "m": size,
        }  # fmt: skip
