"""Answers as a French LimeSurvey writes them: CSV, full texts as headings, Oui/Non/N/A, a blank line at the end."""

from datetime import timedelta

import pandas as pd

from impact import texts
from impact.study import Choice, Question
from impact.synthesise._respondents import BLANK, Cohort, moments
from impact.synthesise._sheet import MARK, Builder, Layout, Sheet

FIRST_ROW = 2
_FRENCH = texts.load("fr").label
_PAGES = 7


def sheet(cohort: Cohort, answers: pd.DataFrame) -> Sheet:
    """The export of a cohort, duplicates included."""
    rows = pd.RangeIndex(FIRST_ROW, FIRST_ROW + len(answers))
    build = Builder(rows)
    seen = _moments(cohort, answers)
    build.add(("ID de la réponse",), [str(number) for number in range(1, len(answers) + 1)])
    build.add(("Date de soumission",), [done for _, done in seen])
    build.add(("Dernière page",), [str(_PAGES)] * len(answers))
    build.add(("Langue de départ",), ["fr"] * len(answers))
    build.add(("Date de lancement",), [begun for begun, _ in seen])
    build.add(("Date de la dernière action",), [done for _, done in seen])
    build.add(("Numéro du questionnaire",), answers["numbered"].tolist())
    for question in cohort.study.questionnaire.question:
        if cohort.source.group in question.asked:
            _add(build, cohort, question, answers)
    build.add((MARK,), ["Oui"] * len(answers))
    return build.sheet(Layout("delimited", others={int(rows[-1]) + 1: ()}))


def _add(build: Builder, cohort: Cohort, question: Question, answers: pd.DataFrame) -> None:
    heading = cohort.source.headings.get(question.id, _FRENCH(question.text))
    if question.kind == "multiple":
        for choice in question.choices:
            build.add((f"{heading} [{_FRENCH(choice.label)}]",), _boxes(question, choice, answers))
        return
    labels = {answer.code: _FRENCH(answer.label) for answer in (*question.missing, *question.choices)}
    said = [labels.get(code, code) if code else BLANK for code in answers[question.id]]
    if question.kind == "date":
        said = ["/".join(reversed(day.split("-"))) for day in said]
    build.add((heading,), _with_suffix(cohort, question, said))


def _boxes(question: Question, choice: Choice, answers: pd.DataFrame) -> list[str]:
    """Oui, Non, or N/A where the box was not on the screen: "nobody" hides the others. A block left blank says Non."""
    hides = [f"{question.id}/{other.code}" for other in question.choices if other.exclusive and other is not choice]
    hidden = (answers[hides] == "1").any(axis=1) | answers[f"{question.id}/{choice.code}"].isna()
    ticked = answers[f"{question.id}/{choice.code}"] == "1"
    return ["Oui" if box else "N/A" if away else "Non" for box, away in zip(ticked, hidden, strict=True)]


def _with_suffix(cohort: Cohort, question: Question, said: list[str]) -> list[str]:
    """Some type the unit after the number, whatever the field says."""
    suffix = cohort.source.suffixes.get(question.id, "")
    if not suffix:
        return said
    typed = cohort.rng(f"{question.id} suffix").random(len(said)) < 0.1
    return [text + suffix if more and text.isdigit() else text for text, more in zip(said, typed, strict=True)]


def _moments(cohort: Cohort, answers: pd.DataFrame) -> list[tuple[str, str]]:
    """When each began and ended, in the order of the answers."""
    begun = moments(cohort, answers["day"].tolist(), (9, 19))
    lengths = cohort.rng("lengths").integers(8 * 60, 25 * 60, len(begun))
    return [
        (f"{start:%Y-%m-%d %H:%M:%S}", f"{start + timedelta(seconds=int(length)):%Y-%m-%d %H:%M:%S}")
        for start, length in zip(begun, lengths, strict=True)
    ]
