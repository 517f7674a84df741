"""The study's own files beside the twins of its exports, the study file saying that it is synthetic."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from impact.errors import ImpactError
from impact.report.files import write
from impact.study import Study

_STUDY_TABLE = re.compile(r"(?m)^[ \t]*\[study\][ \t]*(#.*)?$")
_SYNTHETIC = re.compile(r"(?m)^[ \t]*synthetic[ \t]*=.*\n?")
_ENCODING = "utf-8-sig"  # a mark that an editor put is read, and not written again


def copies(study: Study, folder: Path, renamed: Mapping[str, str]) -> tuple[Path, ...]:
    """Write the study file, its questionnaire and its published figures; `renamed` maps exports to new names."""
    written = [_save(folder / study.file.name, _marked(study, renamed))]
    for name in (study.about.questionnaire, study.about.published):
        if name.endswith(".toml"):  # a bundled one is found by its name wherever the study stands
            written.append(_save(folder / name, (study.folder / name).read_text(encoding=_ENCODING)))
    return tuple(written)


def _save(path: Path, text: str) -> Path:
    return write(path, text.encode("utf-8"))


def _marked(study: Study, renamed: Mapping[str, str]) -> str:
    """The study file with `synthetic = true` and its exports' new names. ImpactError where it has no line for it."""
    text = _SYNTHETIC.sub("", study.file.read_text(encoding=_ENCODING))
    text = _STUDY_TABLE.sub(lambda found: f"{found[0]}\nsynthetic = true", text, count=1)
    for old, new in renamed.items():
        for quote in ('"', "'"):
            text = text.replace(quote + old + quote, quote + new + quote)
    about = tomllib.loads(text.replace("\r\n", "\n")).get("study", {})
    if about.get("synthetic") is not True:
        raise ImpactError("synthesise_not_marked", file=study.file.name)
    return text
