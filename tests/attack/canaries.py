"""What nobody may find: strings seeded in answers, and a search that opens every kind of file they could stand in."""

import base64
import re
import zipfile
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

import pandas as pd
import pikepdf

from impact import read_study
from impact.study import Question
from tests.dialects._cohort import Cohort, Said
from tests.unit._pdf import words_of

# A piece of each seeded answer that stands nowhere else, by what it is.
CANARIES = {
    "name": "quintefeuille", "phone": "0698765", "e-mail": "exemple-canari", "social security": "185057800608491",
    "free text": "zanzibarbadour", "rare number": "58.31", "rare number in French": "58,31",
}  # fmt: skip
PEOPLE = 30
QUESTIONNAIRE = """
[dimension.d]
label = "D"
[[question]]
id = "sorti"
kind = "single"
text = "Es-tu sorti hier ?"
choices = [{code = "oui", label = "Oui"}, {code = "non", label = "Non"}]
[[question]]
id = "aides"
kind = "multiple"
text = "Qui t'aide ?"
choices = [{code = "amis", label = "Des amis"}, {code = "parents", label = "Mes parents"}]
[[question]]
id = "mois"
kind = "number"
text = "Combien de mois cela a-t-il duré ?"
[[question]]
id = "prenom"
kind = "text"
text = "Comment t'appelles-tu ?"
[[question]]
id = "contact"
kind = "text"
text = "Où peut-on te joindre ?"
[[question]]
id = "secu"
kind = "text"
text = "Quel est ton numéro d'assuré ?"
[[question]]
id = "mot"
kind = "text"
text = "Veux-tu ajouter quelque chose ?"
[[indicator]]
id = "part"
dimension = "d"
kind = "share"
question = "sorti"
counts = ["oui"]
label = "I"
[[indicator]]
id = "moyenne"
dimension = "d"
kind = "mean"
question = "mois"
label = "M"
"""
UNNAMED = re.compile(r'\[\[question\]\]\nid = "(?:contact|secu|mot)".*?(?=\[\[)', re.DOTALL)
STUDY = '[study]\ntitle = "T"\nyear = 2026\nquestionnaire = "{questionnaire}.toml"\n{more}\n'


class Seeded(Cohort):
    """A cohort whose free answers are canaries, one of whose numbers is."""

    @property
    def questions(self) -> tuple[Question, ...]:
        """All of them, texts too."""
        return self.study.questionnaire.question

    def said(self, question: Question) -> list[Said]:
        """What each respondent said: all differ in their words, and one alone in the months."""
        people = range(len(self))
        if question.kind == "text":
            return [_typed(question.id, self.group, place) for place in people]
        if question.kind == "number":
            return ["58.31" if place == 7 else str(3 + place % 5) for place in people]
        codes = [question.codes[place // 2 % 2] for place in people]
        return [(code,) if question.kind == "multiple" else code for code in codes]

    def asked(self, question: Question) -> list[bool]:
        """Everybody was asked everything."""
        return [True] * len(self)


def _typed(question: str, group: str, place: int) -> str:
    number = place if group == "mentored" else 100 + place
    return {
        "prenom": f"Zebulon{number} Quintefeuille",
        "contact": f"0698765{number:03d}" if place % 2 else f"z{number}@exemple-canari.fr",
        "secu": "185057800608491",
        "mot": f"Zanzibarbadour {number}, je le dis a tous",
    }[question]


def study_folder(folder: Path, writer, more: str = "") -> Path:
    """A study whose exports a dialect's writer makes; all but the name are columns that the questionnaire ignores."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "whole.toml").write_text(QUESTIONNAIRE, encoding="utf-8")
    (folder / "asked.toml").write_text(UNNAMED.sub("", QUESTIONNAIRE), encoding="utf-8")
    made = folder / "study.toml"
    made.write_text(
        STUDY.format(questionnaire="whole", more="") + '[[source]]\nfile = "x"\ngroup = "mentored"\n', encoding="utf-8"
    )
    whole, tables = read_study(made), []
    for group in ("mentored", "non_mentored"):
        nothing = pd.DataFrame(index=range(PEOPLE))
        source = writer(Seeded(whole, group, nothing, nothing, pd.Series(dtype=str)), folder)
        source.pop("tool", None)
        tables.append(source | {"group": group})
    from tests.dialects.test_dialects import source_table  # noqa: PLC0415 – it imports every dialect

    linked = {str(question) for table in tables for question in table.get("rename", {}).values()}
    asked = "whole" if linked & {"contact", "secu", "mot"} else "asked"
    said = STUDY.format(questionnaire=asked, more=more) + "".join(map(source_table, tables))
    made.write_text(said, encoding="utf-8")
    return made


# --- the search ------------------------------------------------------------------------------------------------------


def found_in(paths: Iterable[Path], canaries: dict[str, str] = CANARIES) -> set[tuple[str, str]]:
    """The canaries that stand in some files or folders, by the name of the file; names of files are looked at too."""
    files = [file for path in paths for file in (sorted(path.rglob("*")) if path.is_dir() else [path])]
    return {
        (file.name, name)
        for file in files
        for held in (file.name, *(read_whole(file) if file.is_file() else ()))
        for name in said_in(held, canaries)
    }


def said_in(text: str, canaries: dict[str, str] = CANARIES) -> set[str]:
    """The canaries that stand in a text, whatever its case and the spaces in it."""
    plain = re.sub(r"[\s\u00a0\u202f\u00ad]+", "", text).casefold()
    return {name for name, canary in canaries.items() if canary in plain}


def read_whole(path: Path) -> Iterator[str]:
    """All the texts that a file can be read as."""
    content = path.read_bytes()
    yield from _decoded(content)
    if content.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(content)) as archive:
            for member in archive.infolist():
                yield member.filename
                yield from _decoded(archive.read(member))
                yield member.comment.decode("latin-1") + member.extra.decode("latin-1")
    if content.startswith(b"%PDF"):
        yield words_of(path)
        yield from _of_pdf(content)


def _decoded(content: bytes) -> Iterator[str]:
    for encoding in ("utf-8", "utf-16-le", "utf-16-be", "latin-1"):
        yield content.decode(encoding, "replace")
    for embedded in re.findall(rb"data:[\w/+.-]+;base64,([A-Za-z0-9+/=]+)", content):
        yield base64.b64decode(embedded).decode("utf-8", "replace")


def _of_pdf(content: bytes) -> Iterator[str]:
    """Every stream unpacked, every string and name: texts, titles, alternative texts, bookmarks, metadata, files."""
    with pikepdf.open(BytesIO(content)) as pdf:
        for part in pdf.objects:
            yield from _of_object(part)
        yield from _of_object(pdf.trailer)


def _of_object(part: pikepdf.Object) -> Iterator[str]:
    if isinstance(part, pikepdf.Stream):
        yield part.read_bytes(pikepdf.StreamDecodeLevel.specialized).decode("latin-1")
    if isinstance(part, (pikepdf.Dictionary, pikepdf.Stream)):
        for value in part.as_dict().values() if isinstance(part, pikepdf.Dictionary) else part.stream_dict.values():
            yield from _of_value(value)
    elif isinstance(part, pikepdf.Array):
        for value in part:
            yield from _of_value(value)
    else:
        yield from _of_value(part)


def _of_value(value: object) -> Iterator[str]:
    if isinstance(value, (pikepdf.String, str)):
        yield str(value)
    elif (isinstance(value, pikepdf.Array) and not value.is_indirect) or (
        isinstance(value, pikepdf.Dictionary) and not value.is_indirect
    ):
        yield from _of_object(value)
