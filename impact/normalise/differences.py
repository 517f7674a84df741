"""What differs between what two groups were asked, in words, and what to write once one has judged of it."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from impact.study import Question, Study
from impact.texts import Texts

# Of a pair of keys, the one whose file a sentence names first.
_NAMED_FIRST: Final = ("several", "hidden", "more")


def said(rows: Iterable[Mapping[str, Any]], study: Study, texts: Texts) -> list[str]:
    """Each thing that differs as a sentence without its stop, from rows of a comparability table."""
    return [_said(row, study, texts) for row in rows if row["differs"]]


def lines(question: str, texts: Texts) -> str:
    """The lines that sign a question, to be pasted into the study file and filled in: left as they are, they are
    refused."""
    bare = re.fullmatch(r"[A-Za-z0-9_-]+", question)
    return texts("comparability.lines", question=question if bare else json.dumps(question, ensure_ascii=False))


def shown(value: str, question: Question, texts: Texts) -> str:
    """What a file shows, in words: options by their labels, a key by its text, a heading as it stands."""
    options = {answer.code: texts.label(answer.label or answer.code) for answer in question.answers}
    codes = value.split(", ")
    if all(code in options for code in codes):
        return ", ".join(options[code] for code in codes)
    return texts(f"comparability.shows_{value}") if f"comparability.shows_{value}" in texts else value


def _said(row: Mapping[str, Any], study: Study, texts: Texts) -> str:
    key, shows = str(row["differs"]), (str(row["mentored_shows"]), str(row["non_mentored_shows"]))
    files = (str(row["mentored_source"]), str(row["non_mentored_source"]))
    if files[0] == files[1]:  # split by a column: a sentence that names the file twice tells nobody apart
        files = (texts("comparability.of_mentored"), texts("comparability.of_non_mentored"))
    second = shows[1] in _NAMED_FIRST or not shows[0]
    holds, lacks = files[::-1] if second else files
    value = next(filter(None, shows), "")
    option = (
        texts.label(study.question(value).text)
        if key == "route"
        else shown(value, study.question(str(row["question"])), texts)
    )
    return texts(
        f"comparability.{'answer_withheld' if key == 'answer' and not value else key}", holds=holds, lacks=lacks,
        option=option, mentored=shows[0], non_mentored=shows[1], mentored_source=files[0],
        non_mentored_source=files[1], recode=row["recode"],
    )  # fmt: skip
