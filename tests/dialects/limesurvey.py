"""LimeSurvey's exports: CSV in every style of headings, codes or full answers, XLSX, .vv, and the pairs for R and SPSS.

The codes are those of the questionnaire: a question's id, a choice's code. What LimeSurvey's database holds is written
in three ways: "" for a question shown and left, nothing at all for one not shown.
"""

import csv
from collections import Counter
from collections.abc import Callable, Iterator

from tests.dialects._cohort import Cohort, labels, text
from tests.dialects._table import Columns, rows, workbook

FRENCH = (
    "ID de la réponse", "Date de soumission", "Dernière page", "Langue de départ", "Tête de série",
    "Date de lancement", "Date de la dernière action",
)  # fmt: skip
ENGLISH = (
    "Response ID", "Date submitted", "Last page", "Start language", "Seed", "Date started", "Date last action",
)  # fmt: skip
GERMAN = (
    "Antwort ID", "Datum Abgeschickt", "Letzte Seite", "Start-Sprache", "Zufallsstartwert", "Datum gestartet",
    "Datum letzte Aktivität",
)  # fmt: skip
CODES = ("id", "submitdate", "lastpage", "startlanguage", "seed", "startdate", "datestamp")

# One column of a question: its code and its sub-question's, its text and the sub-question's.
Name = tuple[str, str, str, str]


def own(cohort: Cohort, names: tuple[str, ...]) -> Columns:
    """LimeSurvey's own columns."""
    count = range(len(cohort))
    begun = [f"2022-06-{1 + row // 48 % 28:02} {row // 2 % 24:02}:{row % 2 * 30:02}:07" for row in count]
    done = [f"{moment[:-2]}41" for moment in begun]
    cells = ([str(row + 1) for row in count], done, ["7"] * len(count), ["fr"] * len(count))
    return list(zip(names, (*cells, [str(10**9 + 7919 * row) for row in count], begun, done), strict=True))


def fields(cohort: Cohort) -> Iterator[tuple[object, Name, list[str | None]]]:
    """The columns of the database: a question, the names of one of its columns, its answers in codes; None for NULL."""
    for question in cohort.questions:
        said = cohort.said(question)
        asked = cohort.asked(question)
        if question.kind != "multiple":
            cells = ["" if one is None and shown else one for one, shown in zip(said, asked, strict=True)]
            yield question, (question.id, "", text(question), ""), cells
            continue
        alone = {choice.code for choice in question.choices if choice.exclusive}
        for code, label in labels(question).items():
            boxes = [
                None if not shown or alone.intersection(one or ()) - {code} else "Y" if code in (one or ()) else ""
                for one, shown in zip(said, asked, strict=True)
            ]
            yield question, (question.id, code, text(question), label), boxes


def short(question, cells):
    """Answers in codes."""
    return [
        "" if cell is None else f"{cell} 00:00:00" if question.kind == "date" and cell[:1].isdigit() else cell
        for cell in cells
    ]


def full(question, cells):
    """Full answers, as versions 3 to 5 write them: NULL in a box is N/A, and so it is in no other question here."""
    if question.kind == "multiple":
        return [{"Y": "Oui", "": "Non", None: "N/A"}[cell] for cell in cells]
    names = labels(question)
    said = [names.get(cell, cell) or "" for cell in cells]
    if question.kind == "date":
        return ["/".join(reversed(cell.split("-"))) if cell[:1].isdigit() else cell for cell in said]
    return said


def full_six(question, cells):
    """Full answers of version 6: a box that was not shown is not ticked."""
    return [cell.replace("N/A", "Non") for cell in full(question, cells)]


def bracket(name: Name) -> str:
    code, sub, _, _ = name
    return f"{code}[{sub}]" if sub else code


def underscore(name: Name) -> str:
    code, sub, _, _ = name
    return f"{code}_{sub}" if sub else code


def words(name: Name) -> str:
    _, _, question, sub = name
    return f"{question} [{sub}]" if sub else question


def short_words(name: Name) -> str:
    """Each text cut at 15 signs."""
    _, _, question, sub = name
    return f"{cut(question)} [{cut(sub)}]" if sub else cut(question)


def cut(words: str) -> str:
    return words if len(words) <= 15 else words[:15] + ".. "


def table(cohort: Cohort, names: tuple[str, ...], head: Callable[[Name], str], answers) -> Columns:
    return own(cohort, names) + [(head(name), answers(question, cells)) for question, name, cells in fields(cohort)]


def save(cohort: Cohort, folder, columns: Columns, separator=","):
    """A results file: a mark of UTF-8, everything quoted, a blank line at the end."""
    path = folder / f"results-survey{len(cohort)}{cohort.group}.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=separator, quoting=csv.QUOTE_ALL).writerows(rows(columns))
        file.write("\r\n")
    return {"file": path.name, "tool": "limesurvey"}


def codes(cohort: Cohort, folder):
    return save(cohort, folder, table(cohort, CODES, bracket, short))


def expression_codes(cohort: Cohort, folder):
    return save(cohort, folder, table(cohort, CODES, underscore, short), ";")


def french_answers(cohort: Cohort, folder):
    return save(cohort, folder, table(cohort, FRENCH, words, full))


def english_headings(cohort: Cohort, folder):
    """The person who exports reads English, the respondents read French."""
    return save(cohort, folder, table(cohort, ENGLISH, words, full))


def german_headings(cohort: Cohort, folder):
    return save(cohort, folder, table(cohort, GERMAN, words, full_six), ";")


def code_and_text(cohort: Cohort, folder):
    names = tuple(f"{code}. {name}" for code, name in zip(CODES, ENGLISH, strict=True))
    return save(cohort, folder, table(cohort, names, lambda name: f"{bracket(name)}. {words(name)}", full))


def own_separator(cohort: Cohort, folder):
    """The sign between code and text is the exporter's choice, codes in the cells."""
    names = tuple(f"{code} :: {name}" for code, name in zip(CODES, FRENCH, strict=True))
    return save(cohort, folder, table(cohort, names, lambda name: f"{underscore(name)} :: {words(name)}", short))


def saved_again(cohort: Cohort, folder):
    """Put through pandas: a leading column of row numbers, LimeSurvey's own columns gone but one."""
    columns = table(cohort, tuple(f"{one}._.{two}" for one, two in zip(CODES, ENGLISH, strict=True)),
                    lambda name: f"{bracket(name)}._.{words(name)}", full)  # fmt: skip
    columns = [("", [str(row) for row in range(len(cohort))]), columns[5], *columns[7:]]
    path = folder / f"{cohort.group}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows(columns))
    return {"file": path.name, "tool": "limesurvey"}


def abbreviated(cohort: Cohort, folder):
    """Texts cut at 15 signs no longer name a question: the study says which is which."""
    written = table(cohort, tuple(map(cut, FRENCH)), short_words, full)
    seen: Counter[str] = Counter()
    rename = {}
    for question, (_, sub, asked, _), _ in fields(cohort):
        heading = cut(asked).strip()
        if not sub:
            seen[heading] += 1
            rename[f"{heading} ({seen[heading]})"] = question.id
        else:
            rename[heading] = question.id
    return {**save(cohort, folder, written), "rename": rename}


def spaces_underscored(cohort: Cohort, folder):
    columns = table(cohort, FRENCH, words, full)
    return save(cohort, folder, [(heading.replace(" ", "_"), cells) for heading, cells in columns])


def xlsx(cohort: Cohort, folder):
    path = workbook(folder / f"{cohort.group}.xlsx", rows(table(cohort, FRENCH, words, full)), "Jeunes 2022")
    return {"file": path.name, "tool": "limesurvey"}


WRITERS = {
    "limesurvey_codes": codes,
    "limesurvey_expression_codes": expression_codes,
    "limesurvey_french": french_answers,
    "limesurvey_english": english_headings,
    "limesurvey_german": german_headings,
    "limesurvey_code_and_text": code_and_text,
    "limesurvey_own_separator": own_separator,
    "limesurvey_saved_again": saved_again,
    "limesurvey_abbreviated": abbreviated,
    "limesurvey_underscored": spaces_underscored,
    "limesurvey_xlsx": xlsx,
}
