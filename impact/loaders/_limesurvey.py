"""What LimeSurvey writes into its files, whichever the file: its own columns by name, its words, its codes."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from impact.matching import fold
from impact.model import Column

# LimeSurvey's own columns: the code, then what the person who exported reads above them (English, French new and old,
# German). That person's language names them, not the survey's.
METADATA: Final = {
    "id": ("Response ID", "ID de la réponse", "ID réponse", "Antwort ID"),
    "submitdate": ("Date submitted", "Date de soumission", "Datum Abgeschickt"),
    "lastpage": ("Last page", "Dernière page", "Letzte Seite"),
    "startlanguage": ("Start language", "Langue de départ", "Langue", "Start-Sprache"),
    "seed": ("Seed", "Tête de série", "Zufallsstartwert"),
    "startdate": ("Date started", "Date de lancement", "Datum gestartet"),
    "datestamp": ("Date last action", "Date de la dernière action", "Datum letzte Aktivität"),
    "interviewtime": ("Total time", "Temps total", "Gesamtzeit"),
}
# Those that may lead to someone.
PERSONAL: Final = {
    "token": ("Access code", "Code d'accès", "Token", "Zugangscode", "Zugangsschlüssel"),
    "ipaddr": ("IP address", "Adresse IP", "IP-Adresse"),
    "refurl": ("Referrer URL", "URL référente", "Weiterleitungs-URL"),
    "firstname": ("First name", "Prénom", "Vorname"),
    "lastname": ("Last name", "Nom de famille", "Nachname"),
    "email": ("Email address", "Adresse de courriel", "E-Mail-Adresse"),
}
OWN: Final = METADATA | PERSONAL
# Names that a question may bear as well: the tool's own only where they stand among others of its own.
EVERYDAY: Final = frozenset(("langue", "seed", "token", "id"))
# What each group and question took, folded; such words are the tool's only behind the time that the whole took.
TIMING: Final = re.compile(r"(group|question) time\b.*|\w+time\d*|temps\b.*|.*zeit\b.*")

# What stands in the brackets of columns that are no box and no row of a grid.
COMMENT: Final = re.compile(r".*comment|commentaire|kommentar")  # folded; a code ends in "comment"
FILE_COUNT: Final = frozenset(map(fold, ("filecount", "file count", "nombre de fichiers")))
RANK: Final = re.compile(r"(?:rank|ranking|rang|classement|rangfolge|platz)\s*(\d+)")  # folded
YES: Final = frozenset(("yes", "oui", "ja"))
UNTICKED: Final = frozenset(map(fold, ("not selected", "non sélectionné", "pas sélectionné", "nicht gewählt")))
OTHER_CHOSEN: Final = "-oth-"
CUT: Final = ".."  # how an abbreviated heading ends
SHORTEST_CUT: Final = 8  # signs by which an abbreviated heading is known
NOT_SHOWN: Final = "{question_not_shown}"

NAMES: Final = {fold(name): code for code, texts in OWN.items() for name in (code, *texts)}
# The person who exports may have the spaces of the headings turned into underscores.
UNDERSCORED: Final = {text.replace(" ", "_"): code for code, texts in OWN.items() for text in texts if " " in text}
ROLES: Final = {
    **{name: "metadata" for code, texts in METADATA.items() for name in (code, *texts) if fold(name) not in EVERYDAY},
    **{name: "personal" for code, texts in PERSONAL.items() for name in (code, *texts) if fold(name) not in EVERYDAY},
    "attribute_*": "personal",
}
DATED: Final = [name for code in ("submitdate", "datestamp", "startdate") for name in (code, *OWN[code])]
UNDATED: Final = "1980-01-01"  # what an anonymous survey writes as the date of every answer


class Part(NamedTuple):
    """A heading cut in two: what names the question, and what tells one of its columns from another."""

    question: str
    item: str


def own(name: str) -> str:
    """The code of LimeSurvey's own column that a heading names, whole or cut ("Date last actio.. "); "" for others."""
    found = NAMES.get(fold(name)) or UNDERSCORED.get(name.strip(), "")
    start = fold(name.strip().removesuffix(CUT)) if not found and name.strip().endswith(CUT) else ""
    if len(start) < SHORTEST_CUT:
        return found
    return next((code for known, code in NAMES.items() if known.startswith(start)), "")


def bracketed(text: str, opens: str = "[", closes: str = "]") -> Part:
    """A heading before and inside its last balanced bracket: question texts hold brackets of their own."""
    bare = text.rstrip()
    depth = 0
    for place in range(len(bare) - 1, -1, -1) if bare.endswith(closes) else ():
        depth += {closes: 1, opens: -1}.get(bare[place], 0)
        if not depth:
            return Part(bare[:place].rstrip(), bare[place + 1 : -1].strip())
    return Part(text, "")


def with_own(columns: Sequence[Column], codes: Sequence[str]) -> list[Column]:
    """LimeSurvey's own columns, whose code is known, by their role; an everyday word only before the first question.

    Behind the time that the whole took stand those of its groups and questions.
    """
    first = next((place for place, code in enumerate(codes) if not code and columns[place].heading), len(columns))
    timed = codes.index("interviewtime") if "interviewtime" in codes else len(columns)
    return [
        replace(column, role="personal" if code in PERSONAL else "metadata")
        if (code and (place < first or not EVERYDAY.intersection(map(fold, column.headings))))
        or (place > timed and any(TIMING.fullmatch(fold(heading)) for heading in column.headings))
        else column
        for place, (column, code) in enumerate(zip(columns, codes, strict=True))
    ]


def of_labelled(columns: Sequence[Column]) -> list[Column]:
    """Columns named by code and labelled "[sub-question] question", as those for R and SPSS are, put in blocks."""
    parts = underscored([column.heading for column in columns])
    known = with_own(columns, [own(column.heading) for column in columns])
    return [_of_labelled(column, part) for column, part in zip(known, parts, strict=True)]


def _of_labelled(column: Column, code: Part) -> Column:
    label = column.headings[-1] if len(column.headings) > 1 else ""
    text = _leading_bracket(label)
    if column.role or column.block or not code.item or not text.item:
        return column
    names = (*column.headings, f"{code.question}[{code.item}]", f"{text.question} [{text.item}]".strip())
    comment = COMMENT.fullmatch(fold(code.item))
    return replace(
        column,
        headings=tuple(dict.fromkeys(names)),
        block="" if comment else text.question or code.question,
        item=text.item,
        ticked=_ticked(column),
    )


def _leading_bracket(label: str) -> Part:
    """A label behind and inside the balanced bracket that it begins with."""
    depth = 0
    for place, sign in enumerate(label if label.startswith("[") else ""):
        depth += {"[": 1, "]": -1}.get(sign, 0)
        if not depth:
            return Part(label[place + 1 :].strip(), label[1:place].strip())
    return Part(label, "")


def _ticked(column: Column) -> str:
    """The code of a ticked box, "" for what is no box: its two codes say yes, and that the box was not selected."""
    said = {fold(label): code for code, label in column.labels.items()}
    yes = next((code for label, code in said.items() if label in YES), "")
    return yes if len(said) == 2 and UNTICKED.intersection(said) else ""


def underscored(names: Sequence[str]) -> list[Part]:
    """Codes as ExpressionScript writes them, `Q1_SQ001`, cut in two by what neighbours share.

    The question is what a run of neighbours begins with. Where all go on with two codes more (a second scale, the cells
    of a table) the first of them belongs to the question: the last alone tells the column from its neighbours.
    """
    parts: list[Part] = []
    for run in _runs([name.split("_") for name in names]):
        shared = _shared(run)
        deep = {len(pieces) - shared for pieces in run} == {2}
        cut = shared + deep
        parts += [Part("_".join(pieces[:cut]), "_".join(pieces[cut:])) for pieces in run]
    return parts


def _runs(names: Sequence[list[str]]) -> list[list[list[str]]]:
    """Neighbours that begin with the same code and go on; a name without underscore stands alone."""
    runs: list[list[list[str]]] = []
    for pieces in names:
        if runs and len(pieces) > 1 and len(runs[-1][-1]) > 1 and runs[-1][-1][0] == pieces[0]:
            runs[-1].append(pieces)
        else:
            runs.append([pieces])
    return runs


def _shared(run: Sequence[list[str]]) -> int:
    """How many codes all names of a run begin with, at least one and never all of a name's own."""
    shortest = min(map(len, run))
    same = next((place for place in range(shortest) if len({pieces[place] for pieces in run}) > 1), shortest)
    return max(1, min(same, shortest - 1))
