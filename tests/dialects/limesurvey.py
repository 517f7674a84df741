"""LimeSurvey's exports: CSV in every style of headings, codes or full answers, XLSX, .vv, and the pairs for R and SPSS.

The codes are those of the questionnaire: a question's id, a choice's code. What LimeSurvey's database holds is written
in three ways: "" for a question shown and left, nothing at all for one not shown.
"""

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

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


def vv(cohort: Cohort, folder):
    """Texts above codes, tabs between, NULL written as a word, what would break a line as others."""
    columns = own(cohort, CODES)
    texts = [name for name, _ in columns]
    for _, name, cells in fields(cohort):
        texts.append(f"{name[2]} ({name[3]})" if name[1] else f"{name[2]} ")
        columns.append((underscore(name), ["{question_not_shown}" if one is None else escaped(one) for one in cells]))
    path = folder / f"vvexport_{len(cohort)}{cohort.group}.csv"
    lines = [texts, *rows(columns)]
    path.write_text("".join("\t".join(map(put, line)) + "\n" for line in lines), encoding="utf-8", newline="")
    return {"file": path.name, "tool": "limesurvey"}


def escaped(text: str) -> str:
    for sign, word in (("{", "{lbrace}"), ("\n", "{newline}"), ("\r", "{cr}"), ("\t", "{tab}")):
        text = text.strip().replace(sign, word)
    return re.sub('^"', "{quote}", text)


def put(text: str) -> str:
    """A cell as PHP writes it: in quotes where it holds a space or worse."""
    return '"' + text.replace('"', '""') + '"' if re.search(r'[ \t\r\n"]', text) else text


@dataclass
class Variable:
    """A column as the exports for R and SPSS have it: labelled, "[sub-question] question", in codes of its own."""

    name: str
    label: str
    heading: str
    labels: dict[str, str]
    cells: list[str]
    is_date: bool = False


def variables(cohort: Cohort, code: str) -> Iterator[Variable]:
    """All columns; the answers of a list have LimeSurvey's codes, `code` and their rank."""
    places = {question.id: f"G01Q{place:02}" for place, question in enumerate(cohort.questions, 1)}
    for name, cells in own(cohort, CODES):
        yield Variable(name, name, dict(zip(CODES, ENGLISH, strict=True))[name], {}, cells, name.endswith("date"))
    for question, name, cells in fields(cohort):
        heading = words(name)
        if question.kind == "multiple":
            sub = f"SQ{list(labels(question)).index(name[1]) + 1:03}"
            boxes = [{"Y": "1", "": "0", None: ""}[cell] for cell in cells]
            label = f"[{name[3]}] {name[2]}"
            yield Variable(f"{places[question.id]}_{sub}", label, heading, {"1": "Yes", "0": "Not selected"}, boxes)
            continue
        said = labels(question)
        codes = {one: f"{code}{place}" for place, one in enumerate(said, 1)} if question.kind == "single" else {}
        given = [(codes or said).get(cell, cell) or "" for cell in cells]
        named = {codes[one]: said[one] for one in codes}
        yield Variable(places[question.id], heading, heading, named, given, question.kind == "date")


def for_r(cohort: Cohort, folder):
    found = list(variables(cohort, "A"))
    stem = f"survey_{len(cohort)}{cohort.group}_R_"
    path = folder / f"{stem}data_file.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        columns = [(one.heading, one.cells) for one in found]
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows(rows(columns))
        file.write("\r\n")
    lines = [f'data <- read.csv("{path.name}", quote = "\'\\"", na.strings=c("", "\\"\\""), fileEncoding="UTF-8-BOM")']
    for place, one in enumerate(found, 1):
        lines.append(f"data[, {place}] <- as.character(data[, {place}])")
        lines.append(f"attributes(data)$variable.labels[{place}] <- {slashed(one.label)}")
        if one.labels:
            levels = ",".join(code if code.isdigit() else slashed(code) for code in one.labels)
            listed = ", ".join(map(slashed, one.labels.values()))
            lines.append(f"data[, {place}] <- factor(data[, {place}], levels=c({levels}),labels=c({listed}))")
        lines.append(f'names(data)[{place}] <- "{one.name}"')
    (folder / f"{stem}syntax_file.R").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return {"file": path.name, "tool": "limesurvey"}


def slashed(text: str) -> str:
    return '"' + re.sub(r"([\\'\"])", r"\\\1", text) + '"'


def for_spss(cohort: Cohort, folder):
    """No line of headings, apostrophes around each answer; one variable is hidden, as those without a type are."""
    found = [one for one in variables(cohort, "") if one.name != "lastpage"]
    stem = f"survey_{len(cohort)}{cohort.group}_SPSS_"
    path = folder / f"{stem}data_file.dat"
    cells = [[spss_cell(cell, is_date=one.is_date) for cell in one.cells] for one in found]
    path.write_text("".join(",".join(row) + "\n" for row in zip(*cells, strict=True)), encoding="utf-8", newline="")
    places = {one.name: f"V{place}" for place, one in enumerate(variables(cohort, ""), 1)}
    lines = ["*$Rev: 121017 $ all 2.", "SET UNICODE=ON.", "GET DATA", " /TYPE=TXT", f" /FILE='{path.name}'"]
    lines += [" /DELCASE=LINE", ' /DELIMITERS=","', ' /QUALIFIER="\'"', " /ARRANGEMENT=DELIMITED", " /FIRSTCASE=1"]
    lines += [" /VARIABLES=", *(f" {places[one.name]} {spss_format(one)}" for one in found)]
    lines[-1] += "."
    lines += ["CACHE.", "EXECUTE.", "*Define Variable Properties."]
    lines += [f"VARIABLE LABELS {places[one.name]} {doubled(one.label)}." for one in found]
    lines.append("*Define Value labels.")
    for one in found:
        if one.labels:
            pairs = [f" {code} {doubled(label)}" for code, label in one.labels.items()]
            lines += [f"VALUE LABELS  {places[one.name]}", *pairs]
            lines[-1] += "."
    lines += [f"RENAME VARIABLE ( {places[one.name]} = {one.name} )." for one in found]
    lines.append("RESTORE LOCALE.")
    (folder / f"{stem}syntax_file.sps").write_text("\ufeff" + "\n".join(lines) + "\n", encoding="utf-8")
    return {"file": path.name, "tool": "limesurvey"}


def spss_cell(cell: str, *, is_date: bool) -> str:
    if is_date and cell[:4].isdigit():
        cell = f"{cell[8:10]}-{cell[5:7]}-{cell[:4]} {cell[11:] or '00:00:00'}"
    return "'" + cell.replace("'", "''") + "'" if cell else ""


def spss_format(one: Variable) -> str:
    if one.is_date:
        return "DATETIME23.2"
    width = max(map(len, one.cells))
    return f"F{width}" if all(cell.isdigit() or not cell for cell in one.cells) else f"A{width}"


def doubled(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


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
    "limesurvey_vv": vv,
    "limesurvey_r": for_r,
    "limesurvey_spss": for_spss,
}
