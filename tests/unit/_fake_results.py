"""Invented tables and their study, for the tests of figures and report: every status, long labels, extreme values.

The counts are made up and are no result. Intervals are Wilson's and Newcombe's, so that rows look as real ones do.
Import it as `from tests.unit._fake_results import fake_results, fake_study`.
"""

import math
import tomllib
from pathlib import Path
from typing import Any

import pandas as pd

from impact import model
from impact.model import Results
from impact.study.published import Figure, Published
from impact.study.questionnaire import Questionnaire
from impact.study.schema import About, Analysis, Design, Disclosure, Duration, Source, Study
from tests.unit._fake_tables import adjusted_rows, occasional

SIZES = {
    "mentored": 163,
    "mentored_over": 100,
    "mentored_under": 51,
    "mentored_unknown": 12,
    "non_mentored": 174,
    "mentor": 202,
}

QUESTIONNAIRE = """
title = {fr = "Questionnaire d'essai", en = "Trial questionnaire"}
[[question]]
id = "duree_mois"
kind = "number"
text = {fr = "Depuis combien de mois as-tu ton mentor ?", en = "For how many months have you had your mentor?"}
asked = ["mentored"]
[[question]]
id = "age"
kind = "number"
text = {fr = "Quel âge as-tu ?", en = "How old are you?"}
label = {fr = "âge", en = "age"}
asked = ["mentored", "non_mentored"]
units = ["ans"]
[[question]]
id = "accueil"
kind = "single"
text = {fr = "Où vis-tu en ce moment, la plupart des nuits de la semaine ?", en = "Where do you live, most nights?"}
asked = ["mentored", "non_mentored"]
choices = [{code = "famille", label = {fr = "En famille d'accueil", en = "With a foster family"}},
           {code = "foyer", label = {fr = "En foyer ou en maison d'enfants à caractère social", en = "In a home"}}]
[[question]]
id = "soutiens"
kind = "multiple"
text = {fr = "En cas de coup dur, sur qui peux-tu compter ?", en = "Whom can you count on?"}
asked = ["mentored", "non_mentored"]
choices = [{code = "parents", label = {fr = "Mes parents", en = "My parents"}},
           {code = "amis", label = {fr = "Des amis de mon âge ou un peu plus âgés, hors du foyer", en = "Friends"}},
           {code = "personne", label = {fr = "Personne", en = "Nobody"}, exclusive = true}]
[dimension.socio_affective]
label = {fr = "La situation socio-affective", en = "Socio-affective situation"}
[dimension.daily_life]
label = {fr = "La vie quotidienne", en = "Daily life"}
[dimension.ambition]
label = {fr = "L'ambition et la projection dans les études et le travail", en = "Ambition, studies and work"}
[dimension.schooling]
label = {fr = "La scolarité", en = "Schooling"}
"""

FREQUENCY = (
    ("jamais", "Jamais", "Never"), ("rarement", "Rarement", "Rarely"), ("parfois", "Parfois", "Sometimes"),
    ("souvent", "Souvent", "Often"), ("tres_souvent", "Très souvent", "Very often"),
)  # fmt: skip
AGREEMENT = (
    ("pas_du_tout", "Pas du tout d'accord", "Strongly disagree"), ("plutot_pas", "Plutôt pas d'accord", "Disagree"),
    ("plutot", "Plutôt d'accord", "Agree"), ("tout_a_fait", "Tout à fait d'accord", "Strongly agree"),
)  # fmt: skip
YES_NO = (("oui", "Oui", "Yes"), ("non", "Non", "No"))

# id, dimension, kind, better, attribution, scale, counted codes, label, English label, says
INDICATORS: tuple[tuple[Any, ...], ...] = (
    ("compte_sur_mentor", "socio_affective", "share", "neutral", False, YES_NO, ["oui"],
     "Cite son mentor parmi les personnes sur qui compter en cas de coup dur",
     "Names their mentor among the people to count on", "citent leur mentor parmi les personnes sur qui compter"),
    ("seul_souvent", "socio_affective", "share", "lower", False, FREQUENCY, ["souvent", "tres_souvent"],
     "S'est senti·e seul·e souvent ou très souvent au cours des deux dernières semaines, y compris en présence "
     "d'autres personnes de son lieu de vie", "Felt alone often or very often in the last two weeks",
     "se sont senti·es seul·es souvent ou très souvent"),
    ("a_des_qualites", "socio_affective", "share", "higher", False, AGREEMENT, ["plutot", "tout_a_fait"],
     "Pense avoir des qualités", "Thinks they have qualities", "pensent avoir des qualités"),
    ("socio_affective", "socio_affective", "index", "higher", False, (), [],
     "Indice de la situation socio-affective", "Socio-affective index", ""),
    ("moins_isole", "socio_affective", "share", "higher", False, AGREEMENT, ["plutot", "tout_a_fait"],
     "Le jeune paraît moins isolé qu'au début", "The young person seems less isolated", "trouvent le jeune moins seul"),
    ("arret_influences", "daily_life", "share", "higher", True, YES_NO, ["oui"],
     "Dit que le mentor l'a aidé·e à laisser ce qui n'était pas bon pour lui ou elle",
     "Says the mentor helped to drop what was bad for them", "disent que leur mentor les a aidé·es à arrêter"),
    ("demarches_seul", "daily_life", "share", "higher", False, AGREEMENT, ["plutot", "tout_a_fait"],
     "Sait faire ses démarches administratives sans aide", "Can do paperwork alone", "savent faire leurs démarches"),
    ("regrets", "daily_life", "mean", "lower", False, FREQUENCY, [],
     "Nombre de fois où j'ai fait quelque chose que j'ai regretté (30 derniers jours)",
     "Times they did something they regretted (30 days)", ""),
    ("ambitieux", "ambition", "share", "higher", False, AGREEMENT, ["plutot", "tout_a_fait"],
     "« Je me considère comme ambitieux »", "“I see myself as ambitious”", "se considèrent comme ambitieux"),
    ("avenir_confiant", "ambition", "share", "higher", False, AGREEMENT, ["plutot", "tout_a_fait"],
     "A confiance dans sa vie à 25 ans", "Confident about being 25", "ont confiance dans leur vie à 25 ans"),
    ("absence_tres_souvent", "schooling", "share", "lower", False, FREQUENCY, ["tres_souvent"],
     "A manqué les cours « très souvent » sans raison valable cette année",
     "Missed class “very often” without good reason this year", "manquent « très souvent » les cours"),
    ("veut_reussir", "schooling", "share", "higher", False, AGREEMENT, ["plutot", "tout_a_fait"],
     "Veut réussir à l'école", "Wants to succeed at school", "veulent réussir à l'école"),
    ("envie_reussir", "schooling", "share", "higher", True, AGREEMENT, ["plutot", "tout_a_fait"],
     "Dit que le mentorat lui a donné plus envie de réussir en classe",
     "Says mentoring gave more wish to succeed", "disent que le mentorat leur a donné plus envie de réussir"),
    ("abandon_orientation", "schooling", "share", "lower", False, YES_NO, ["oui"],
     "A renoncé à une orientation en s'en croyant incapable", "Gave up a course, feeling unable",
     "ont renoncé à une orientation"),
)  # fmt: skip

# Counts (those who say so, of those who answered), groups in the order of `ASKED`; None: not asked.
COUNTS = {
    "compte_sur_mentor": ((32, 158), (22, 98), (9, 49), None, None),
    "seul_souvent": ((41, 156), (21, 96), (18, 48), (66, 168), None),
    "a_des_qualites": ((118, 160), (74, 99), (35, 49), (121, 170), None),
    "moins_isole": (None, None, None, None, (141, 190)),
    "arret_influences": ((55, 150), (38, 95), (14, 45), None, None),
    "demarches_seul": ((71, 152), (50, 95), (17, 46), (97, 165), None),
    "ambitieux": ((129, 157), (87, 97), (35, 49), (117, 169), None),
    "avenir_confiant": ((88, 158), (60, 98), (22, 49), (92, 166), None),
    "absence_tres_souvent": ((9, 149), (5, 91), "suppressed", (31, 163), None),
    "veut_reussir": ((158, 160), (97, 98), (49, 50), (165, 168), None),
    "envie_reussir": ((106, 149), (70, 93), (31, 45), None, None),
    "abandon_orientation": ("suppressed_secondary", "suppressed", (13, 43), (70, 161), None),
}
# Means and indices: n, estimate, standard error.
MEANS = {
    "socio_affective": ((160, 0.21, 0.08), (99, 0.27, 0.10), (49, 0.08, 0.15), (171, 0.0, 0.08), None),
    "regrets": ((155, 1.84, 0.14), (97, 1.61, 0.17), (46, 2.41, 0.31), (167, 12.5, 4.20), None),
}
ASKED = ("mentored", "mentored_over", "mentored_under", "non_mentored", "mentor")
MIRRORS = {"moins_isole": "a_des_qualites"}  # what mentors tell, and what young people tell of the same thing
GAP = 0.05  # the smallest useful gap that the fake study declares


def fake_study() -> Study:
    """A study whose questionnaire carries the indicators above and whose published figures are four of 2022's."""
    return Study(
        file=Path("etude") / "study.toml",
        about=About(
            title={"fr": "Étude d'essai sur le mentorat", "en": "A trial study of mentoring"},
            organisation="Association Passerelle (essai)",
            year=2022,
            questionnaire="questionnaire.toml",
            synthetic=True,
            published="published.toml",
            population={
                "fr": "Jeunes de 11 à 21 ans confiés à l'Aide sociale à l'enfance",
                "en": "Young people in care",
            },
            collection={"fr": "Questionnaires remis de mars à juin 2022", "en": "March to June 2022"},
        ),
        sources=(
            Source(file="a.csv", group="mentored"),
            Source(file="b.csv", group="non_mentored"),
            Source(file="c.csv", group="mentor"),
        ),
        duration=Duration(question="duree_mois"),
        design=Design(cluster="structure"),
        analysis=Analysis(
            adjust_for=("age", "accueil"),
            primary=("absence_tres_souvent", "ambitieux"),
            smallest_useful_gap=GAP,
            breakdowns=("accueil",),
        ),
        disclosure=Disclosure(),
        questionnaire=fake_questionnaire(),
        published=fake_published(),
        inputs=(),
    )


def fake_questionnaire() -> Questionnaire:
    """The questionnaire: one question a share or mean, choices on the question as they are once read."""
    tables = tomllib.loads(QUESTIONNAIRE)
    tables["question"] = [*(_question(*row) for row in INDICATORS if row[2] != "index"), *tables["question"]]
    tables["indicator"] = [_indicator(*row) for row in INDICATORS]
    return Questionnaire.model_validate(tables)


def _question(name, dimension, kind, better, attribution, scale, counts, label, english, says) -> dict[str, Any]:
    choices = [
        {"code": code, "label": {"fr": fr, "en": en}, "value": value} for value, (code, fr, en) in enumerate(scale, 1)
    ]
    cells = dict(zip(ASKED, COUNTS.get(name) or MEANS[name], strict=True))
    asked = [group for group in ("mentored", "non_mentored", "mentor") if cells[group] is not None]
    return {
        "id": name,
        "kind": "single",
        "text": {"fr": label + " ?", "en": english + "?"},
        "choices": choices,
        "asked": asked,
    }


def _indicator(name, dimension, kind, better, attribution, scale, counts, label, english, says) -> dict[str, Any]:
    index = kind == "index"
    return {
        "id": name,
        "dimension": dimension,
        "kind": kind,
        "label": {"fr": label, "en": english},
        "says": {"fr": says or label},
        "question": "" if index else name,
        "counts": counts if kind == "share" else [],
        "better": better,
        "items": ["seul_souvent", "a_des_qualites"] if index else [],
        "attribution": attribution,
        "mirrors": MIRRORS.get(name, ""),
    }


def fake_published() -> Published:
    """Four published figures: a share, a share of a band, a ratio and a size."""
    figures = [
        _figure(
            "absence_mentores",
            "6 % des jeunes mentorés sont « très souvent » absents",
            "absence_tres_souvent",
            "share",
            "mentored",
            0.06,
        ),
        _figure(
            "absence_non_mentores",
            "19 % des jeunes non mentorés sont « très souvent » absents",
            "absence_tres_souvent",
            "share",
            "non_mentored",
            0.19,
        ),
        _figure(
            "ambition_plus",
            "90 % des jeunes mentorés depuis plus de six mois se disent ambitieux",
            "ambitieux",
            "share",
            "mentored_over",
            0.9,
        ),
        _figure(
            "ambition_moins",
            "71 % des jeunes mentorés depuis moins de six mois se disent ambitieux",
            "ambitieux",
            "share",
            "mentored_under",
            0.71,
        ),
        _figure(
            "arret",
            "40 % disent avoir arrêté ce qui les tirait vers le bas grâce au mentor",
            "arret_influences",
            "share",
            "mentored_over",
            0.4,
        ),
        _figure(
            "absence_ratio",
            "Trois fois moins d'absences injustifiées",
            "absence_tres_souvent",
            "ratio",
            "mentored",
            1 / 3,
        ),
        _figure("taille_mentores", "163 jeunes mentorés ont répondu", "", "size", "mentored", 163),
    ]
    return Published.model_validate(
        {"title": {"fr": "Étude de 2022", "en": "2022 study"}, "year": 2022, "figure": figures}
    )


def _figure(name: str, says: str, indicator: str, kind: str, group: str, value: float) -> dict[str, Any]:
    return {
        "id": name,
        "says": {"fr": says},
        "indicator": indicator,
        "kind": kind,
        "group": group,
        "value": value,
        "where": ["1"],
        "reference": "non_mentored" if kind == "ratio" else "",
        "rounding": 1 if kind == "size" else 0.01,
        "base": 163 if kind == "size" else "unknown",
    }


def fake_results() -> Results:
    """The tables of the fake study as `protect` would let them through."""
    estimates = _estimates()
    crude = _comparisons(estimates)
    return Results(
        estimates=estimates,
        comparisons=pd.concat([crude, adjusted_rows(crude)], ignore_index=True),
        **occasional(estimates, crude),
        missing=_missing(estimates),
        distributions=_distributions(),
        published=_published(estimates),
        flow=_flow(),
        problems=pd.DataFrame(
            [("c.csv", "Feuille 1", 17, "H", "Âge", "150", "out_of_range", "implausible")], columns=list(model.PROBLEMS)
        ),
        comparability=_comparability(),
        counts=pd.DataFrame(columns=list(model.COUNTS)),
        sizes=dict(SIZES),
        protected=True,
    )


def _comparability() -> pd.DataFrame:
    """Every question asked of both groups: one not compared, one signed, the others the same."""
    both = [name for name, cells in (COUNTS | MEANS).items() if name != "socio_affective" and cells[0] and cells[3]]
    alike = {"verdict": "identical", "compared": True, "found": "identical"}
    files = {"mentored_source": "a.csv", "non_mentored_source": "b.csv"}
    apart = files | {"differs": "wording", "mentored_shows": "As-tu renoncé ?", "non_mentored_shows": "Renonces-tu ?"}
    doubtful = {"verdict": "doubtful", "compared": False, "found": "doubtful", **apart}
    signed = files | {"found": "doubtful", "differs": "column", "mentored_shows": "oui", "signed_by": "A. Martin"}
    nothing = dict.fromkeys(model.COMPARABILITY, "")
    rows = [
        nothing | {"question": name} | alike | {"abandon_orientation": doubtful, "veut_reussir": signed}.get(name, {})
        for name in both
    ]
    return pd.DataFrame(rows, columns=list(model.COMPARABILITY))


def wilson(k: float, n: int, z: float = 1.959964) -> tuple[float, float]:
    """Wilson's interval, for rows that look real."""
    p, half = k / n, z * math.sqrt(k * (n - k) / n + z * z / 4)
    return (p * n + z * z / 2 - half) / (n + z * z), (p * n + z * z / 2 + half) / (n + z * z)


def _estimates() -> pd.DataFrame:
    rows = []
    for name, dimension, kind, *_ in INDICATORS:
        for group, cell in zip(ASKED, COUNTS.get(name) or MEANS[name], strict=True):
            if isinstance(cell, str):
                rows.append({"indicator": name, "dimension": dimension, "group": group, "status": cell})
            elif cell is not None:
                rows.append(_estimate(name, dimension, kind, group, cell))
    return pd.DataFrame(rows, columns=list(model.ESTIMATES)).fillna({"interval": "", "unit": ""})


def _estimate(name: str, dimension: str, kind: str, group: str, cell: tuple[float, ...]) -> dict[str, Any]:
    if kind == "share":
        k, n = cell
        estimate, error, (low, high) = k / n, math.sqrt(k * (n - k) / n**3), wilson(k, int(n))
    else:
        n, estimate, error = cell
        low, high = estimate - 1.98 * error, estimate + 1.98 * error
    return {
        "indicator": name,
        "dimension": dimension,
        "group": group,
        "n": n,
        "missing": SIZES[group] - n,
        "estimate": estimate,
        "std_error": error,
        "df": n - 1,
        "low": low,
        "high": high,
        "level": 0.95,
        "unit": kind,
        "status": "shown",
        "interval": "wilson" if kind == "share" else "student",
    }


def _comparisons(estimates: pd.DataFrame) -> pd.DataFrame:
    cells = {(row["indicator"], row["group"]): row for row in estimates.to_dict("records")}
    rows = [
        row
        for name, dimension, _, better, attribution, *_ in INDICATORS
        if not attribution and (name, "non_mentored") in cells
        for group, reference in model.COMPARISONS
        for row in _compared(name, dimension, cells[name, group], cells[name, reference])
    ]
    return pd.DataFrame(rows, columns=list(model.COMPARED)).fillna(
        dict.fromkeys(("interval", "test", "unit", "verdict"), "")
    )


def _compared(name: str, dimension: str, a: dict[str, Any], b: dict[str, Any]) -> list[dict[str, Any]]:
    names = {
        "indicator": name,
        "dimension": dimension,
        "group": a["group"],
        "reference": b["group"],
        "adjustment": "none",
    }
    measures = ("difference", "ratio") if "share" in (a["unit"], b["unit"]) else ("difference",)
    if a["status"] != "shown" or b["status"] != "shown":
        return [{**names, "measure": measure, "status": "suppressed"} for measure in measures]
    return [
        {**names, "measure": measure, "level": 0.95, "unit": a["unit"], "status": "shown", **CONTRASTS[measure](a, b)}
        for measure in measures
    ]


def _difference(a: dict[str, Any], b: dict[str, Any]) -> dict[str, Any]:
    gap = a["estimate"] - b["estimate"]
    low = gap - math.hypot(a["estimate"] - a["low"], b["high"] - b["estimate"])
    high = gap + math.hypot(a["high"] - a["estimate"], b["estimate"] - b["low"])
    error = math.hypot(a["std_error"], b["std_error"])
    verdict = (
        "higher" if low > 0 else "lower" if high < 0 else "equivalent" if -GAP < low < high < GAP else "inconclusive"
    )
    p = math.erfc(abs(gap / error) / math.sqrt(2))
    return {
        "estimate": gap,
        "std_error": error,
        "low": low,
        "high": high,
        "p": p,
        "p_adjusted": min(1.0, 2 * p),
        "interval": "newcombe",
        "test": "score",
        "verdict": verdict,
    }


def _ratio(a: dict[str, Any], b: dict[str, Any]) -> dict[str, Any]:
    ratio = a["estimate"] / b["estimate"]
    spread = 1.96 * math.hypot(a["std_error"] / a["estimate"], b["std_error"] / b["estimate"])
    low, high = ratio * math.exp(-spread), ratio * math.exp(spread)
    return {
        "estimate": ratio,
        "std_error": ratio * spread / 1.96,
        "low": low,
        "high": high,
        "p": 0.0004,
        "p_adjusted": 0.0008,
        "interval": "mover_wilson",
        "test": "score",
        "verdict": "higher" if low > 1 else "lower" if high < 1 else "inconclusive",
    }


CONTRASTS = {"difference": _difference, "ratio": _ratio}


def _missing(estimates: pd.DataFrame) -> pd.DataFrame:
    shown = estimates[estimates["status"] == "shown"]
    rows = [
        (row["indicator"], row["group"], "no_answer", int(row["missing"]))
        for row in shown.to_dict("records")
        if row["missing"]
    ]
    return pd.DataFrame(rows, columns=list(model.MISSING))


# Counts a choice of four distributions, by group; the last is masked for one group.
ANSWERS = {
    "ambitieux": {
        "mentored": (8, 20, 74, 55),
        "mentored_over": (3, 7, 47, 40),
        "mentored_under": (4, 10, 23, 12),
        "non_mentored": (21, 31, 80, 37),
    },
    "a_des_qualites": {
        "mentored": (11, 31, 78, 40),
        "mentored_over": (5, 20, 48, 26),
        "mentored_under": (5, 9, 23, 12),
        "non_mentored": (16, 33, 81, 40),
    },
    "absence_tres_souvent": {
        "mentored": (66, 41, 20, 13, 9),
        "mentored_over": (44, 24, 11, 7, 5),
        "mentored_under": None,
        "non_mentored": (48, 35, 28, 21, 31),
    },
    "seul_souvent": {
        "mentored": (30, 41, 44, 28, 13),
        "mentored_over": (22, 25, 28, 14, 7),
        "mentored_under": (6, 12, 12, 12, 6),
        "non_mentored": (20, 36, 46, 40, 26),
    },
}


def _distributions() -> pd.DataFrame:
    rows = []
    for name, dimension, _, _, _, scale, *_ in INDICATORS:
        for group, counts in ANSWERS.get(name, {}).items():
            base = {"question": name, "dimension": dimension, "group": group}
            for place, (code, *_) in enumerate(scale):
                shown = (
                    {}
                    if counts is None
                    else {"n": sum(counts), "count": counts[place], "share": counts[place] / sum(counts)}
                )
                rows.append({**base, "choice": code, **shown, "status": "shown" if counts else "suppressed"})
    return pd.DataFrame(rows, columns=list(model.DISTRIBUTIONS))


def _published(estimates: pd.DataFrame) -> pd.DataFrame:
    cells = {(row["indicator"], row["group"]): row for row in estimates.to_dict("records")}
    return pd.DataFrame([_beside(figure, cells) for figure in fake_published().figure], columns=list(model.PUBLISHED))


def _beside(figure: Figure, cells: dict[tuple[str, str], dict[str, Any]]) -> dict[str, Any]:
    row: dict[str, Any] = {
        "figure": figure.id, "indicator": figure.indicator, "group": figure.group, "reference": figure.reference,
        "published": figure.value, "base": figure.base, "unit": figure.kind, "dimension": "", "status": "shown",
    }  # fmt: skip
    if figure.kind == "size":
        return row | {"n": SIZES[figure.group], "estimate": SIZES[figure.group]}
    ours = cells[figure.indicator, figure.group]
    row |= {"n": ours["n"], "dimension": ours["dimension"]}
    if figure.kind == "ratio":
        found = _ratio(ours, cells[figure.indicator, figure.reference])
        return row | {name: found[name] for name in ("estimate", "low", "high")}
    low, high = wilson(figure.value * SIZES[figure.group], SIZES[figure.group])
    bears = {"published_low": low, "published_high": high}
    return row | bears | {name: ours[name] for name in ("estimate", "low", "high", "status")}


def _flow() -> pd.DataFrame:
    rows = [
        ("a.csv", "mentored", "received", "", 166),
        ("a.csv", "mentored", "dropped", "duplicate", 1),
        ("a.csv", "mentored", "dropped", "blank_row", 2),
        ("a.csv", "mentored", "kept", "", 163),
        ("b.csv", "non_mentored", "received", "", 175),
        ("b.csv", "non_mentored", "dropped", "duplicate", 1),
        ("b.csv", "non_mentored", "kept", "", 174),
        ("c.csv", "mentor", "received", "", 202),
        ("c.csv", "mentor", "kept", "", 202),
    ]
    return pd.DataFrame(rows, columns=list(model.FLOW))
