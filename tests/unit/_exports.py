"""Exports and studies made in memory, for tests of what comes after the loaders."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from impact.model import Column, Export
from impact.study import Questionnaire, Study
from impact.study.schema import StudyFile

AGREEMENT = [
    {"code": "pas_du_tout", "label": {"fr": "Pas du tout d’accord"}, "value": 1},
    {"code": "plutot_pas", "label": {"fr": "Plutôt pas d’accord"}, "value": 2},
    {"code": "plutot", "label": {"fr": "Plutôt d’accord"}, "value": 3},
    {"code": "tout_a_fait", "label": {"fr": "Tout à fait d’accord"}, "value": 4},
]
YES_NO = [{"code": "oui", "label": {"fr": "Oui"}}, {"code": "non", "label": {"fr": "Non"}}]
DONT_KNOW = [{"code": "nsp", "label": {"fr": "Ne sait pas"}, "reason": "dont_know"}]


def export(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    labels: Mapping[int, Mapping[str, str]] | None = None,
    declared_missing: Mapping[int, Sequence[str]] | None = None,
    source: str = "a.csv",
) -> Export:
    """An export as a loader would give it: the first respondent stands in row 2."""
    columns = tuple(
        Column(
            position=place,
            headings=(heading,),
            labels=(labels or {}).get(place, {}),
            declared_missing=frozenset((declared_missing or {}).get(place, ())),
        )
        for place, heading in enumerate(headings)
    )
    cells = pd.DataFrame(list(rows), columns=range(len(headings)), index=range(2, 2 + len(rows)), dtype=object)
    cells = cells.astype("category")  # as loaders give them
    return Export(source, "delimited", "", columns, cells, {})


def study(questions: Sequence[dict], indicators: Sequence[dict] = (), **tables: object) -> Study:
    """A study of these questions; one source a.csv of mentored respondents unless `source` says otherwise."""
    written = StudyFile.model_validate(
        {
            "study": {"title": "T", "year": 2026, "questionnaire": "q.toml"} | dict(tables.pop("study", {})),
            "source": tables.pop("source", [{"file": "a.csv", "group": "mentored"}]),
            **tables,
        }
    )
    questionnaire = Questionnaire.model_validate(
        {"dimension": {"d": {"label": "D"}}, "question": list(questions), "indicator": list(indicators)}
    )
    return Study(
        Path("study.toml"), written.study, written.source, written.duration, written.design, written.analysis,
        written.disclosure, questionnaire, None, (), written.comparability,
    )  # fmt: skip


# A whole questionnaire as it is written: one closed question, and the share of one of its answers.
HELPED = """
[dimension.d]
label = "D"

[[question]]
id = "aide"
kind = "single"
text = "Es-tu aidé ?"
choices = [{code = "oui", label = "Oui"}, {code = "non", label = "Non"}]

[[indicator]]
id = "aide_oui"
dimension = "d"
kind = "share"
question = "aide"
counts = ["oui"]
label = "Est aidé"
"""
