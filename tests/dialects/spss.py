"""SPSS: numbers under labels, codes declared missing, multiple choice as boxes that a set joins, or that none does."""

import struct
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pandas as pd
import pyreadstat

from tests.dialects._cohort import Cohort, text
from tests.dialects._labelled import Variable, variables

EPOCH = date(1582, 10, 14).toordinal()
DAY = 86_400.0
EXTENSION, SETS = 7, 7  # a record that extends the dictionary, and what it holds


def write(path: Path, columns: Mapping[str, Variable], compress: bool = False) -> None:
    """A system file; days become SPSS's seconds."""
    frame = pd.DataFrame({name: _cells(one) for name, one in columns.items()})
    pyreadstat.write_sav(
        frame,
        path,
        compress=compress,
        column_labels={name: one.label for name, one in columns.items()},
        variable_value_labels={
            name: {**one.labels, **one.missing} for name, one in columns.items() if one.missing or one.labels
        },
        missing_ranges={
            name: [{"lo": min(one.missing), "hi": max(one.missing)}] for name, one in columns.items() if one.missing
        },
        variable_format={name: "EDATE10" for name, one in columns.items() if one.kind == "date"},
    )


def _cells(variable: Variable) -> pd.Series:
    if variable.kind == "text":
        return pd.Series([cell or "" for cell in variable.cells], dtype=object)
    cells = pd.Series(variable.cells, dtype=float)
    return (cells - EPOCH) * DAY if variable.kind == "date" else cells


def with_sets(path: Path, sets: Sequence[str]) -> None:
    """Writes multiple-response sets ("$aides=D1 1 4 Aides v1 v2") into the dictionary, in front of its extensions."""
    data = path.read_bytes()
    held = "".join(f"{one}\n" for one in sets).encode()
    place = data.index(struct.pack("<iiii", EXTENSION, 3, 4, 8))
    path.write_bytes(data[:place] + struct.pack("<iiii", EXTENSION, SETS, 1, len(held)) + held + data[place:])


def dichotomies(name: str, label: str, names: Sequence[str], counted: str = "1") -> str:
    """A set of boxes, as the dictionary writes it."""
    return f"${name}=D{len(counted)} {counted} {len(label.encode())} {label} {' '.join(names)}"


def categories(name: str, label: str, names: Sequence[str]) -> str:
    """A set of answers from the left."""
    return f"${name}=C {len(label.encode())} {label} {' '.join(names)}"


def boxes(cohort: Cohort, folder):
    """Boxes that only their labels join: "Question - option"."""
    path = folder / f"{cohort.group}.sav"
    write(path, {f"v{place:03}": one for place, one in enumerate(variables(cohort))})
    return {"file": path.name}


def compressed(cohort: Cohort, folder):
    """The same in a .zsav."""
    path = folder / f"{cohort.group}.zsav"
    write(path, {f"v{place:03}": one for place, one in enumerate(variables(cohort))}, compress=True)
    return {"file": path.name}


def joined_boxes(cohort: Cohort, folder):
    """Boxes labelled by their option alone, and a set that says their question."""
    path = folder / f"{cohort.group}.sav"
    columns = {f"v{place:03}": one for place, one in enumerate(variables(cohort))}
    for one in columns.values():
        one.label = one.item or one.label
    write(path, columns)
    multiple = [question for question in cohort.questions if question.kind == "multiple"]
    members = {q.id: [name for name, one in columns.items() if one.question is q] for q in multiple}
    with_sets(path, [dichotomies(q.id, text(q), members[q.id]) for q in multiple])
    return {"file": path.name}


def joined_slots(cohort: Cohort, folder):
    """As many answers as were given, from the left, and a set that says their question."""
    path = folder / f"{cohort.group}.sav"
    columns: dict[str, Variable] = {}
    sets = []
    every = variables(cohort)
    for place, question in enumerate(cohort.questions):
        own = [one for one in every if one.question is question]
        if question.kind != "multiple":
            columns[f"v{place:03}"] = own[0]
            continue
        names = {float(code): one.item for code, one in enumerate(own, 1)}
        given = [[float(code) for code, one in enumerate(own, 1) if one.cells[row]] for row in range(len(cohort))]
        slots = [f"v{place:03}_{slot}" for slot in range(max(map(len, given)))]
        for slot, name in enumerate(slots):
            cells = [codes[slot] if slot < len(codes) else None for codes in given]
            columns[name] = Variable(question, f"Réponse {slot + 1}", cells, names)
        sets.append(categories(question.id, text(question), slots))
    write(path, columns)
    with_sets(path, sets)
    return {"file": path.name}


WRITERS = {
    "spss_boxes": boxes,
    "spss_zsav": compressed,
    "spss_sets_of_boxes": joined_boxes,
    "spss_sets_of_categories": joined_slots,
}
