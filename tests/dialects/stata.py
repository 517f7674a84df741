"""Stata: numbers under labels, why there is no answer as .a, .b, and multiple choice as 0 and 1."""

from datetime import date

import pandas as pd
import pyreadstat

from tests.dialects._cohort import Cohort
from tests.dialects._labelled import APART, Variable, variables

EPOCH = date(1960, 1, 1).toordinal()
LONGEST = 80  # bytes of a label


def write(cohort: Cohort, folder, version: int):
    """Labels too short for the questions: those of single columns come from `rename`, boxes are "question - option"."""
    columns = {f"v{place:03}": one for place, one in enumerate(variables(cohort))}
    path = folder / f"{cohort.group}.dta"
    pyreadstat.write_dta(
        pd.DataFrame({name: _cells(one) for name, one in columns.items()}),
        path,
        version=version,
        column_labels={name: _label(one) for name, one in columns.items()},
        missing_user_values={name: list(map(_tag, one.missing)) for name, one in columns.items() if one.missing},
        variable_value_labels={
            name: {int(code): label for code, label in one.labels.items()}
            | {_tag(code): label for code, label in one.missing.items()}
            for name, one in columns.items()
            if one.labels or one.missing
        },
        variable_format={name: "%td" for name, one in columns.items() if one.kind == "date"},
    )
    return {"file": path.name, "rename": {name: one.question.id for name, one in columns.items() if not one.item}}


def _label(variable: Variable) -> str:
    label = f"{variable.question.id} - {variable.item}" if variable.item else variable.label
    return label.encode()[:LONGEST].decode(errors="ignore")


def _tag(code: float) -> str:
    """.a for the first reason, .b for the second."""
    return chr(ord("a") + int(code) - APART)


def _cells(variable: Variable) -> pd.Series:
    if variable.kind == "text":
        return pd.Series([cell or "" for cell in variable.cells], dtype=object)
    if variable.kind == "date":
        return pd.Series(variable.cells, dtype=float) - EPOCH
    cells = [_tag(cell) if cell in variable.missing else cell for cell in variable.cells]
    if not variable.missing:
        return pd.Series(cells, dtype=float)
    return pd.Series(cells, dtype=object)


WRITERS = {
    "stata_118": lambda cohort, folder: write(cohort, folder, 14),
    "stata_114": lambda cohort, folder: write(cohort, folder, 11),
}
