"""Lines of a study's own files that wait for a decision: `impact init` marks them, and a person takes them away."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from impact import texts
from impact.matching import fold


class Unsettled(NamedTuple):
    """A line that still bears the mark: the file's name, the line's number from 1, the words behind the mark."""

    file: str
    line: int
    said: str


def unsettled(files: Iterable[Path]) -> tuple[Unsettled, ...]:
    """The marked lines of files that have been read as TOML, whatever language the mark is in."""
    return tuple(one for file in files for one in _marked(file))


def _marked(file: Path) -> Iterator[Unsettled]:
    marks = {fold(texts.load(language)("draft.to_settle").rstrip(" :\u00a0")) for language in texts.languages()}
    for number, line in enumerate(file.read_text(encoding="utf-8-sig").split("\n"), start=1):
        found = re.match(r"\s*#+\s*([^:]{1,40}?)\s*:\s*(.*)", line)
        if found and fold(found[1]) in marks:
            yield Unsettled(file.name, number, found[2].strip())
