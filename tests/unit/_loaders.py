"""Files of every format, written into a test's folder and read back."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from impact import loaders
from impact.errors import ImpactError
from impact.model import Export
from impact.study.schema import Source

# Four respondents with what breaks naive readers: accents, a separator and a line break in answers, leading zeros,
# words that pandas takes for missing, a blank.
TABLE = (
    ("id", "Avez-vous été aidé·e, même un peu ?", "Département", "Pourquoi ?"),
    ("1", "Oui", "01", "« Écoute ; conseils, à l’école »"),
    ("2", "N/A", "2A", "Première ligne\nseconde ligne"),
    ("3", "Aucun", "75", 'Il a dit "oui" | \tça va'),
    ("4", "", "03", "NA"),
)


def save(folder: Path, data: bytes | str, name: str = "a.csv") -> Path:
    """A file of a test's folder; a text is written as UTF-8, its line ends kept."""
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def read(path: Path, **overrides: object) -> Export:
    """The file as a study's source that says nothing but `overrides`."""
    return loaders.read(path, Source(file=path.name, group="mentored", **overrides))


def read_text(folder: Path, data: bytes | str, **overrides: object) -> Export:
    """What a text file holds."""
    return read(save(folder, data), **overrides)


def refused(path: Path, **overrides: object) -> ImpactError:
    """The error that reading a file raises."""
    try:
        found = read(path, **overrides)
    except ImpactError as fault:
        assert path.name in str(fault)  # the sentence exists, and names the file
        return fault
    raise AssertionError(f"read as {found.format}: {len(found.cells)} rows")


def delimited(rows: Sequence[Sequence[str]], separator: str = ";", line_end: str = "\r\n") -> str:
    """Rows as a tool writes them."""
    written = io.StringIO(newline="")
    # The writer leaves a line feed bare where lines end otherwise; Excel for Mac quotes it.
    quoting = csv.QUOTE_ALL if line_end == "\r" else csv.QUOTE_MINIMAL
    csv.writer(written, delimiter=separator, lineterminator=line_end, quoting=quoting).writerows(rows)
    return written.getvalue()


def rows_of(export: Export) -> list[tuple[str, ...]]:
    """The headings and the cells, as they were written."""
    headings = tuple(column.heading for column in export.columns)
    return [headings, *export.cells.itertuples(index=False, name=None)]
