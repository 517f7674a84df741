"""A study of which nothing is to be said, in files: a test plants one fault and sees that it alone is told."""

import random
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path

from impact import load, normalise, read_study
from impact.check import Check, examine
from tests.unit._loaders import delimited, save

AGREEMENT = ("Pas du tout", "Plutôt pas", "Plutôt", "Tout à fait")
HELP = ("Soutien scolaire", "Psychologue", "Parrain")
ITEMS = tuple(f"accord_{number}" for number in range(1, 9))
HEADINGS = (
    "Horodateur", "Code", "Quel âge as-tu ?", "Début du mentorat", "Fin du mentorat", "Quelles aides as-tu reçues ?",
    *(f"Affirmation numéro {number}" for number in range(1, 9)), "Adresse e-mail",
)  # fmt: skip
PLACE = {name: place for place, name in enumerate(("stamp", "code", "age", "start", "end", "help", *ITEMS, "mail"))}
COUNT = 60  # respondents, in rows 2 to 61

QUESTIONNAIRE = (
    '[dimension.d]\nlabel = "D"\n\n[[scale]]\nid = "accord"\nchoices = [\n'
    + "".join(f'  {{code = "a{n}", value = {n}, label = "{label}"}},\n' for n, label in enumerate(AGREEMENT, 1))
    + ']\nmissing = [{code = "nsp", label = "Ne sait pas", reason = "dont_know"}]\n\n'
    + '[[question]]\nid = "age"\nkind = "number"\ntext = "Quel âge as-tu ?"\nmin = 11\nmax = 21\n\n'
    + '[[question]]\nid = "debut"\nkind = "date"\ntext = "Début du mentorat"\n\n'
    + '[[question]]\nid = "fin"\nkind = "date"\ntext = "Fin du mentorat"\n\n'
    + '[[question]]\nid = "aides"\nkind = "multiple"\ntext = "Quelles aides as-tu reçues ?"\nchoices = [\n'
    + "".join(f'  {{code = "h{n}", label = "{label}"}},\n' for n, label in enumerate(HELP, 1))
    + "]\n\n"
    + "".join(
        f'[[question]]\nid = "{name}"\nkind = "single"\ntext = "{heading}"\nscale = "accord"\n\n'
        for name, heading in zip(ITEMS, HEADINGS[6:14], strict=True)
    )
    + "".join(
        f'[[indicator]]\nid = "i_{name}"\ndimension = "d"\nkind = "mean"\nquestion = "{name}"\n'
        f'better = "{"higher" if place % 2 else "lower"}"\nlabel = "{name}"\n\n'
        for place, name in enumerate(ITEMS)
    )
)
STUDY = (
    '[study]\ntitle = "T"\nyear = 2024\nquestionnaire = "questionnaire.toml"\nidentifier = "Code"\n\n'
    '[[source]]\nfile = "a.csv"\ngroup = "mentored"\n\n[duration]\nstart = "debut"\nuntil = "fin"\n'
)

Rows = list[list[str]]
Plant = Callable[[Rows], None]


def respondents(seed: int = 1, letter: str = "A", count: int = COUNT) -> Rows:
    """Plausible answers, all different, one a day from 1 March 2024 on."""
    drawn = random.Random(seed)
    found = []
    for number in range(count):
        day = f"2024/03/{1 + number // 2:02d} 10:{number:02d}:00"
        answers = [drawn.choice(AGREEMENT) for _ in ITEMS]
        answers[:2] = drawn.sample(AGREEMENT, 2)  # nobody answers the same all along
        chosen = ", ".join(sorted(drawn.sample(HELP, drawn.randint(1, 3))))
        month = drawn.randint(1, 9)
        dates = (f"2022-0{month}-15", f"2023-0{month}-20")
        code, mail = f"{letter}{number:03d}", f"{letter}{number}@exemple.fr"
        found.append([day, code, str(drawn.randint(11, 21)), *dates, chosen, *answers, mail])
    return found


def cell(row: int, name: str, text: str) -> Plant:
    """A plant: one cell of a row, as the file counts rows."""

    def plant(rows: Rows) -> None:
        rows[row - 2][PLACE[name]] = text

    return plant


def several(*plants: Plant) -> Plant:
    """Plants one after the other."""

    def plant(rows: Rows) -> None:
        for one in plants:
            one(rows)

    return plant


def written(folder: Path, plant: Plant | None = None, study: str = STUDY, headings: Sequence[str] = HEADINGS) -> Path:
    """The study in files, with what is planted in its export."""
    rows = respondents()
    if plant:
        plant(rows)
    save(folder, QUESTIONNAIRE, "questionnaire.toml")
    save(folder, delimited([headings, *rows], ","), "a.csv")
    return save(folder, study, "study.toml")


def checked(path: Path) -> Check:
    """The check of a study in files."""
    study = read_study(path)
    exports = load(study)
    return examine(exports, normalise(exports, study), study)


def pasted(path: Path, check: Check, replacing: str = "") -> Path:
    """The study with every proposed line written where it says; `replacing` stands for what only a person knows."""
    for finding in check.findings:
        for line in finding.lines:
            file = path if line.file == "study" else path.with_name("questionnaire.toml")
            anchor = f'file = "{line.under}"\n' if line.file == "study" else f'id = "{line.under}"\n'
            text = file.read_text(encoding="utf-8")
            before, found, after = text.partition(anchor)
            assert found
            if line.add_to:
                start = f"{line.add_to} = ["
                assert start in after
                after = after.replace(start, f"{start}{line.text}, ", 1)
            else:
                found += line.text.replace("…", replacing) + "\n"
            file.write_text(before + found + after, encoding="utf-8")
            tomllib.loads(file.read_text(encoding="utf-8"))
    return path
