"""SAS: transport files without the labels of codes, and data sets whose catalogue stands beside them."""

from datetime import date

import pandas as pd
import pyreadstat

from tests.dialects._cohort import Cohort
from tests.dialects._labelled import APART, Cell, Variable, codes, variables
from tests.unit._sas import sas7bcat, sas7bdat

FORMATS = 6  # as many as the catalogue of a test holds
EPOCH = date(1960, 1, 1).toordinal()


def _cells(variable: Variable, tagged: bool = False) -> list[Cell]:
    """Days as SAS counts them; `tagged`: a missing code as .A, .B."""
    if variable.kind == "text":
        return [cell or "" for cell in variable.cells]
    if variable.kind == "date":
        return [None if cell is None else float(cell) - EPOCH for cell in variable.cells]
    return [_tag(cell) if tagged and cell in variable.missing else cell for cell in variable.cells]


def _tag(code: float) -> str:
    return chr(ord("A") + int(code) - APART)


def transport(cohort: Cohort, folder, version: int):
    """Names of eight signs; the study says what each one is and what its codes mean."""
    columns = {f"V{place:03}": one for place, one in enumerate(variables(cohort))}
    path = folder / f"{cohort.group}.xpt"
    frame = pd.DataFrame(
        {name: pd.Series(_cells(one), dtype=object if one.kind == "text" else float) for name, one in columns.items()}
    )
    pyreadstat.write_xport(
        frame,
        path,
        file_format_version=version,
        column_labels={
            name: f"{one.question.id}/{one.item}" if one.item else one.label for name, one in columns.items()
        },
        variable_format={name: "DDMMYY10." for name, one in columns.items() if one.kind == "date"},
    )
    recode = {
        one.question.id: {str(int(number)): code for code, number in codes(one.question).items()}
        for one in columns.values()
        if not one.item and codes(one.question)
    }
    rename = {name: one.question.id for name, one in columns.items() if not one.item}
    return {"file": path.name, "rename": rename, "recode": recode}


def data_set(cohort: Cohort, folder):
    """Why there is no answer as .A, .B; the catalogue holds the labels of a few formats, the study says the others."""
    columns = {f"V{place:03}": one for place, one in enumerate(variables(cohort))}
    sets = list(dict.fromkeys(tuple(one.labels.items()) for one in columns.values() if one.labels))[:FORMATS]
    dates = {name: "DDMMYY10" for name, one in columns.items() if one.kind == "date"}
    labelled = {
        name: f"LISTE{chr(ord('A') + sets.index(held))}"
        for name, one in columns.items()
        if (held := tuple(one.labels.items())) in sets
    }
    path = sas7bdat(
        folder / f"{cohort.group}.sas7bdat",
        {name: _cells(one, tagged=True) for name, one in columns.items()},
        {name: one.label for name, one in columns.items()},
        dates | labelled,
    )
    sas7bcat(
        folder / f"{cohort.group}.sas7bcat",
        {f"LISTE{chr(ord('A') + place)}": dict(held) for place, held in enumerate(sets)},
    )
    recode: dict[str, dict[str, str]] = {}
    for name, one in columns.items():
        for code, number in codes(one.question).items():
            if not one.item and (number in one.missing or name not in labelled):
                written = f".{_tag(number)}" if number in one.missing else str(int(number))
                recode.setdefault(one.question.id, {})[written] = code
    return {"file": path.name, "recode": recode}


WRITERS = {
    "sas_transport_8": lambda cohort, folder: transport(cohort, folder, 8),
    "sas_data_set": data_set,
}
