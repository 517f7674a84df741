"""The lines that a finding proposes, as TOML that can be pasted.

A key is written once a table: where the study file has it already, the line is an entry to add to it.
"""

import json
import re
from collections.abc import Iterable, Mapping

from impact.check.nouns import Line
from impact.matching import fold
from impact.study import Question, Source, Study
from impact.texts.signs import escaped

_BARE = re.compile(r"[A-Za-z0-9_-]+")
ASKS = "…"  # stands where only the user knows what to write; as long as it does, no answer is read from it


def quoted(text: str) -> str:
    """A text as TOML writes it."""
    return escaped(json.dumps(text, ensure_ascii=False))


def key(name: str) -> str:
    """A key as TOML writes it, quoted where it must be."""
    return name if _BARE.fullmatch(name) else quoted(name)


def drop_rows(source: Source, rows: Iterable[int], reason: str) -> Line:
    """Rows set aside by their number."""
    return dropped(source, f"{{rows = [{', '.join(map(str, rows))}], reason = {quoted(reason)}}}")


def drop_where(source: Source, heading: str, values: Iterable[str], reason: str) -> Line:
    """Rows set aside by what a column says."""
    said = ", ".join(map(quoted, values))
    return dropped(source, f"{{column = {quoted(heading)}, is = [{said}], reason = {quoted(reason)}}}")


def dropped(source: Source, entry: str) -> Line:
    """An entry of `drop_rows`."""
    if source.drop_rows:
        return Line("study", source.file, "drop_rows", entry)
    return Line("study", source.file, "", f"drop_rows = [{entry}]")


def keep_duplicate(source: Source, which: str) -> Line:
    """Which row of one respondent is kept."""
    return Line("study", source.file, "", f"keep_duplicate = {quoted(which)}")


def absent(source: Source, questions: Iterable[str]) -> Line:
    """Questions that a file is known not to hold."""
    listed = ", ".join(map(quoted, questions))
    if source.absent:
        return Line("study", source.file, "absent", listed)
    return Line("study", source.file, "", f"absent = [{listed}]")


def rename(source: Source, heading: str, question: str) -> Line:
    """A heading of the file linked to a question."""
    return _pair(source, "rename", source.rename, heading, question)


def since(source: Source, question: str, day: str) -> Line:
    """The day from which a question was on the form."""
    return _pair(source, "since", source.since, question, day)


def _pair(source: Source, table: str, written: Mapping[str, str], name: str, value: str) -> Line:
    pair = f"{key(name)} = {quoted(value)}"
    return Line("study", source.file, table, pair) if written else Line("study", source.file, "", f"{table}.{pair}")


def recode(source: Source, question: str, said: Mapping[str, str]) -> list[Line]:
    """Values of the file, each with the code it means."""
    pairs = [f"{quoted(value)} = {quoted(code)}" for value, code in said.items()]
    if not pairs:
        return []
    if question in source.recode:
        return [Line("study", source.file, f"recode.{key(question)}", pair) for pair in pairs]
    if source.recode:
        return [Line("study", source.file, "recode", f"{key(question)} = {{{', '.join(pairs)}}}")]
    return [Line("study", source.file, "", f"recode.{key(question)}.{pair}") for pair in pairs]


def editable(study: Study) -> bool:
    """Whether the questionnaire is the user's own file, and not a bundled one."""
    return study.about.questionnaire.endswith(".toml")


def units(question: Question, words: Iterable[str]) -> Line:
    """Words that may follow a number."""
    listed = ", ".join(map(quoted, words))
    if question.units:
        return Line("questionnaire", question.id, "units", listed)
    return Line("questionnaire", question.id, "", f"units = [{listed}]")


def other(question: Question) -> Line:
    """A free text in place of a choice counts as an answer."""
    return Line("questionnaire", question.id, "", "other = true")


def reason_of(label: str) -> str:
    """The reason that a label seems to give for no answer."""
    return "refused" if "refus" in fold(label) else "dont_know" if "sai" in fold(label) else "unknown"


def missing(question: Question, code: str, label: str, reason: str) -> Line:
    """A code that says why there is no answer."""
    entry = f"{{code = {quoted(code)}, label = {quoted(label)}, reason = {quoted(reason)}}}"
    if question.missing and not question.scale:
        return Line("questionnaire", question.id, "missing", entry)
    return Line("questionnaire", question.id, "", f"missing = [{entry}]")


def none_ticked(question: Question) -> Line:
    """No box ticked is an answer: none of these."""
    return Line("questionnaire", question.id, "", 'none_ticked = "answered"')


def only_if(question: str, decides: str, key: str, codes: Iterable[str]) -> Line:
    """A question shown to those alone who gave one of these answers to another (`is`), or none of these (`is_not`)."""
    listed = ", ".join(map(quoted, codes))
    return Line("questionnaire", question, "", f"only_if = {{question = {quoted(decides)}, {key} = [{listed}]}}")
