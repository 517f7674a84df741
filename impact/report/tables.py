"""The tables as CSV: UTF-8, dot decimals at full precision, the same rows in the same order for the same study.

A blank is a figure that is not printed or does not exist; `inf` is a limit that is honestly infinite. Where a plan was
locked, a column `plan` says of each result whether it was planned; where the data are made up or for internal use only,
a last column says so on every row: a comment line would break readers.
"""

import re
from pathlib import Path
from typing import Final

import pandas as pd

from impact.analyse.planned import planned, tagged
from impact.model import OCCASIONAL, TABLES, Results
from impact.report.files import named, write
from impact.study import Study
from impact.texts import cut
from impact.texts.signs import still

_COUNTS: Final = frozenset({"n", "n_reference", "missing", "count", "row", "parameters", "items", "pairs"})
_FORMULA: Final = re.compile(r"\t|[\s\u200b\u2060\ufeff]*[=+\-@＝＋－＠]")


def write_tables(results: Results, study: Study, folder: Path) -> tuple[Path, ...]:
    """One CSV file a table of TABLES; an occasional one without a row is not written, and an old one is taken away."""
    marks, kept = notices(study), [name for name in TABLES if name not in OCCASIONAL or len(getattr(results, name))]
    places = {name: folder / named(f"{name}.csv", study) for name in TABLES}
    for name in TABLES.keys() - kept:
        places[name].unlink(missing_ok=True)
    return tuple(write(places[name], as_csv(as_written(results, study, name), marks).encode()) for name in kept)


def as_written(results: Results, study: Study, name: str) -> pd.DataFrame:
    """A table with the columns that are written: those of TABLES and, of results of a study whose plan was locked,
    `plan`."""
    table: pd.DataFrame = getattr(results, name)[list(TABLES[name])]
    return table.assign(plan=planned(table, study)) if study.plan and tagged(name) else table


def notices(study: Study) -> dict[str, str]:
    """The constant columns that a file must carry: `data` and `audience`, each only where there is something to say."""
    marks = {"data": "synthetic"} if study.about.synthetic else {}
    return marks | ({"audience": "internal"} if study.internal else {})


def as_csv(frame: pd.DataFrame, marks: dict[str, str]) -> str:
    """A table as CSV text, `marks` as its last columns."""
    safe = frame.copy()
    for name in frame:
        if name in _COUNTS:
            safe[name] = frame[name].astype("Int64")
        elif frame[name].dtype in ("object", "str"):
            safe[name] = frame[name].map(harmless)
    for name, said in marks.items():
        safe[name] = said
    return str(safe.to_csv(index=False, lineterminator="\n"))


def harmless(value: object) -> object:
    """A text that does nothing where it is opened: without the signs that act and, where a spreadsheet would run it as
    a formula, behind an apostrophe (OWASP ASVS 1.2.10); never a number."""
    if not isinstance(value, str):
        return value
    text = cut(still(value))
    return f"'{text}" if _FORMULA.match(text) and not _is_number(text) else text


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", ".").replace("−", "-"))
    except ValueError:
        return False
    return True
