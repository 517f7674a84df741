"""The program that goes with answers for R, as LimeSurvey writes it: what each column is called, and its codes mean."""

from collections.abc import Iterable, Iterator, Sequence

from impact.model import Column
from impact.synthesise._sheet import MARK


def text(columns: Sequence[Column], answers: str) -> str:
    """The program for these columns, read from the file that holds the answers."""
    return "".join(f"{line}\n" for line in (f"# {MARK}", f"data <- read.csv({_quoted(answers)})", *_lines(columns)))


def _lines(columns: Sequence[Column]) -> Iterator[str]:
    for place, column in enumerate(columns, 1):
        if len(column.headings) > 1:
            yield f"attributes(data)$variable.labels[{place}] <- {_quoted(column.headings[1])}"
        if column.labels:
            levels, labels = _listed(column.labels), _listed(column.labels.values())
            yield f"data[, {place}] <- factor(data[, {place}], levels={levels},labels={labels})"
        yield f"names(data)[{place}] <- {_quoted(column.heading)}"


def _listed(texts: Iterable[str]) -> str:
    return f"c({', '.join(map(_quoted, texts))})"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
