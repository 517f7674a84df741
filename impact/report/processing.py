"""The record of processing: what an association writes in its register of what it does with people's data (article 30
of the GDPR), as far as the study's files and the columns of its exports tell it. The rest is left to fill in.

It stands beside the study file and not in the report: it is for the association, whoever the report is for. What the
program does not know it does not claim.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from impact import __version__, texts
from impact.model import Results
from impact.report.files import write
from impact.report.pages._blocks import shortened
from impact.report.publications import registry
from impact.study import Study
from impact.study.plan import digest
from impact.texts.signs import inert
from impact.texts.typography import day

NAME: Final = "fiche_traitement.md"
LONGEST: Final = 160  # signs of a heading
# How the columns of an export are told, and which uses (model.FIELDS) each way holds.
_USES: Final = {
    "asked": ("question",), "rows": ("rows",), "kept": ("kept",), "dropped": ("dropped",),
    "unused": ("unused", "metadata", "note"),
}  # fmt: skip
_SEAL: Final = re.compile(rb"(.*)<!-- impact ([0-9a-f]{64}) -->\n", re.DOTALL)
_MARKS: Final = re.compile(r"([\\`*_\[\]<>#|~])")


def record_file(study: Study) -> Path:
    """Where it stands: `fiche_traitement.md` beside `study.toml`, after the name of a study file called otherwise."""
    return study.file.with_name(NAME if study.file.stem == "study" else f"{study.file.stem}.{NAME}")


def write_record(results: Results, study: Study) -> None:
    """Write the record of a study in the study's own language, but for a synthetic one: nobody's data are processed.

    One that a person changed is left as it is; nothing is touched where it says already what it would say.
    """
    file = record_file(study)
    if study.about.synthetic or changed_by_hand(study):
        return
    content = record(results, study)
    if not file.is_file() or file.read_bytes() != content:
        write(file, content)


def changed_by_hand(study: Study) -> bool:
    """Whether the record that stands beside a study is no longer as it was written."""
    file = record_file(study)
    if not file.is_file():
        return False
    found = _SEAL.fullmatch(file.read_bytes())
    return not found or digest(found[1].decode("utf-8", errors="replace")) != found[2].decode()


def said(study: Study, words: texts.Texts) -> list[str]:
    """What the person should know of the record, once results are written."""
    if study.about.synthetic:
        return []
    return [words("record.left" if changed_by_hand(study) else "record.written", file=record_file(study).name)]


def record(results: Results, study: Study) -> bytes:
    """The record as Markdown text in UTF-8, sealed by a last line that shows whether a person changed it."""
    words = texts.load(study.about.language if study.about.language in texts.languages() else texts.DEFAULT)
    parts = [_head(study, words)]
    parts += [f"## {words(f'record.{name}')}\n\n{text}" for name, text in _parts(results, study, words)]
    text = "\n\n".join(parts) + "\n\n"
    return f"{text}<!-- impact {digest(text)} -->\n".encode()


def _head(study: Study, words: texts.Texts) -> str:
    title = words("record.title", title=_plain(words.label(study.about.title)), year=study.about.year)
    return f"# {title}\n\n> {words('record.head', version=__version__)}"


def _parts(results: Results, study: Study, words: texts.Texts) -> Iterator[tuple[str, str]]:
    about, fill = study.about, words("record.fill")
    yield "purpose", words("record.purpose_text", title=_plain(words.label(about.title)), year=about.year)
    yield "basis", words("record.basis_text", fill=fill)
    yield "responsible", words("record.responsible_text", name=_plain(about.organisation) or fill, fill=fill)
    yield "people", _people(study, words)
    yield "data", "\n\n".join(_of_source(name, results, words) for name in dict.fromkeys(results.fields["source"]))
    yield "changes", _listed(_changes(study, words))
    yield "recipients", _listed(_recipients(study, words))
    yield "keeping", _keeping(study, words)
    yield "security", _listed(_security(study, words))
    yield "assessment", words("record.assessment_text", fill=fill)
    yield "rights", words("record.rights_text", fill=fill)


def _people(study: Study, words: texts.Texts) -> str:
    about, fill = study.about, words("record.fill")
    groups = ", ".join(words(f"record.group_{group}") for group in study.groups)
    lines = [words("record.people_groups", unit=_plain(words.label(about.unit)), groups=groups)]
    for name, said in (("population", about.population), ("collection", about.collection)):
        lines.append(words(f"record.people_{name}", said=_plain(words.label(said)) or fill))
    return _listed([*lines, words("record.people_minors", fill=fill)])


def _of_source(name: str, results: Results, words: texts.Texts) -> str:
    """The columns of one file, by what became of them."""
    frame = results.fields[results.fields["source"] == name]
    told = [f"### {_plain(name)}"]
    for way, uses in _USES.items():
        headings = [
            _plain(text) or words("record.no_heading") for text in frame.loc[frame["use"].isin(uses), "heading"]
        ]
        if headings:
            told.append(f"{words(f'record.data_{way}', count=len(headings))}\n\n{_listed(headings)}")
    return "\n\n".join(told)


def _changes(study: Study, words: texts.Texts) -> Iterator[str]:
    if study.duration:
        yield words("record.changes_duration", months=f"{study.duration.threshold_months:g}")
    if study.design.pair:
        yield words("record.changes_pair")
    if study.link:
        yield words("record.changes_link")
    if any(question.age_on for question in study.questionnaire.question):
        yield words("record.changes_births")
    yield words("record.changes_moments")
    if any(question.kind == "text" for question in study.questionnaire.question):
        yield words("record.changes_text")
    yield words("record.changes_tables")
    if study.registered:
        yield words("record.changes_registry", file=registry(study).name)


def _recipients(study: Study, words: texts.Texts) -> Iterator[str]:
    rule, fill = study.disclosure, words("record.fill")
    least = {} if study.internal else {"base": rule.minimum_base, "answer": rule.minimum_answer}
    yield words("record.recipients_internal" if study.internal else "record.recipients_public", **least)
    yield words("record.recipients_team", fill=fill)
    yield words("record.recipients_network", fill=fill)


def _keeping(study: Study, words: texts.Texts) -> str:
    last = study.about.keep_until
    until = (
        words("record.keeping_until", day=day(last, words))
        if last
        else words("record.keeping_unsaid", fill=words("record.fill"))
    )
    exports = ", ".join(_plain(source.file) for source in study.sources)
    return f"{until}\n\n{words('record.keeping_files', exports=exports)}"


def _security(study: Study, words: texts.Texts) -> Iterator[str]:
    keys = ["network", "rights", "whole", "dropped", "internal" if study.internal else "masked"]
    yield from (words(f"record.security_{key}", base=study.disclosure.minimum_base) for key in keys)
    if study.registered:
        yield words("record.security_key")
    yield words("record.security_not", fill=words("record.fill"))


def _listed(lines: "Iterator[str] | list[str]") -> str:
    return "\n".join(f"- {line}" for line in lines)


def _plain(text: str) -> str:
    """A user's words on one line, whose signs are no Markdown."""
    return _MARKS.sub(r"\\\1", shortened(" ".join(inert(text).split()), LONGEST))
