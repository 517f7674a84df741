"""Invented rows of the occasional tables: every status, a refusal, long labels. Made up: no number is a result."""

import math
from typing import Any

import pandas as pd

from impact import model

PAIR = ("mentored", "non_mentored")
LEVEL = {"level": 0.95}


def table(name: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """The rows as a table of `model`: text columns blank where a row says nothing, numbers missing."""
    columns = model.TABLES[name]
    blank = dict.fromkeys(TEXTS & set(columns), "")
    return pd.DataFrame([blank | row for row in rows], columns=list(columns))


TEXTS = {
    "indicator", "dimension", "question", "group", "reference", "choice", "measure", "adjustment", "analysis",
    "interval", "test", "unit", "verdict", "covariate", "category", "arm", "mirror", "reason",
    "by",
}  # fmt: skip


def adjusted_rows(crude: pd.DataFrame) -> pd.DataFrame:
    """Each crude difference of the first pair, a fifth smaller and its interval a tenth wider; others are refused."""
    rows = []
    for row in crude[crude["measure"] == "difference"].to_dict("records"):
        if (row["group"], row["reference"]) == PAIR:
            rows.append(row | {"adjustment": "overlap"} | (_adjusted(row) if row["status"] == "shown" else {}))
    return pd.DataFrame(rows, columns=list(crude.columns))


def _adjusted(row: dict[str, Any]) -> dict[str, Any]:
    gap, wide = 0.8 * row["estimate"], 1.1
    low = gap - wide * (row["estimate"] - row["low"])
    high = gap + wide * (row["high"] - row["estimate"])
    verdict = "higher" if low > 0 else "lower" if high < 0 else "inconclusive"
    return {"estimate": gap, "low": low, "high": high, "verdict": verdict, "interval": "newcombe", "test": "design_t"}


def occasional(estimates: pd.DataFrame, crude: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Every occasional table."""
    made = {
        "balance": _balance(), "adjustment": _adjustment(), "overlap": _overlap(), "reliability": _reliability(),
        "trend": _trend(), "sensitivity": _sensitivity(crude), "options": _options(), "agreement": _agreement(),
        "breakdowns": _breakdowns(estimates),
    }  # fmt: skip
    return {name: table(name, rows) for name, rows in made.items()}


# covariate, category: mean of the mentored and of the others before, then after; standardised difference before, after
BALANCE = (
    ("age", "", (15.62, 14.71), (15.2, 15.2), 0.38, 0.0),
    ("age", "missing", (0.04, 0.01), (0.02, 0.02), 0.19, 0.0),
    ("accueil", "famille", (0.41, 0.38), (0.4, 0.37), 0.06, 0.06),
    ("accueil", "foyer", (0.59, 0.62), (0.6, 0.63), -0.06, -0.12),
    ("accueil", "missing", None, None, 0.0, 0.0),
)


def _balance() -> list[dict[str, Any]]:
    rows = []
    for covariate, category, before, after, *apart in BALANCE:
        for place, (adjustment, means) in enumerate((("none", before), ("overlap", after))):
            names = {"covariate": covariate, "category": category, "group": PAIR[0], "reference": PAIR[1],
                     "adjustment": adjustment}  # fmt: skip
            cells = {"status": "suppressed"}
            if means:
                cells = {"n": 163, "n_reference": 174, "mean": means[0], "mean_reference": means[1], "status": "shown",
                         "std_difference": apart[place], "variance_ratio": math.nan if category else 1.1}  # fmt: skip
            rows.append(names | cells)
    return rows


def _adjustment() -> list[dict[str, Any]]:
    made = {"group": PAIR[0], "reference": PAIR[1], "adjustment": "overlap", "n": 163, "n_reference": 174,
            "effective": 121.4, "effective_reference": 133.8, "parameters": 4, "largest_std_difference": 0.12,
            "status": "shown"}  # fmt: skip
    refused = [
        {"group": group, "reference": reference, "adjustment": "overlap", "n": 51, "n_reference": 174, "parameters": 14,
         "status": "too_few", "reason": reason}
        for (group, reference), reason in zip(model.COMPARISONS[1:], REASONS, strict=True)
    ]  # fmt: skip
    return [made, *refused]


REASONS = ("separated", "few_people", "few_people")


def _overlap() -> list[dict[str, Any]]:
    quantiles = {"mentored": (0.31, 0.41, 0.5, 0.6, 0.7), "non_mentored": (0.28, 0.36, 0.45, 0.55, 0.64)}
    return [
        {"group": PAIR[0], "reference": PAIR[1], "arm": arm, "quantile": quantile, "propensity": chance,
         "status": "shown"}
        for arm, chances in quantiles.items()
        for quantile, chance in zip((0.1, 0.25, 0.5, 0.75, 0.9), chances, strict=True)
    ]  # fmt: skip


def _reliability() -> list[dict[str, Any]]:
    common = {"indicator": "socio_affective", "dimension": "socio_affective", "items": 2, "status": "shown", **LEVEL}
    return [
        common | {"group": "mentored", "measure": "alpha", "n": 150, "estimate": 0.58, "low": 0.46, "high": 0.68,
                  "interval": "delta"},
        common | {"group": "mentored", "measure": "omega", "n": 150, "estimate": 0.61, "low": 0.49, "high": 0.71,
                  "interval": "delta"},
        {"indicator": "socio_affective", "dimension": "socio_affective", "group": "mentored_under", "measure": "alpha",
         "items": 2, "status": "suppressed"},
    ]  # fmt: skip


def _trend() -> list[dict[str, Any]]:
    rows = []
    for name, dimension, start, verdict in (
        ("absence_tres_souvent", "schooling", 0.10, "inconclusive"), ("ambitieux", "ambition", 0.70, "higher"),
    ):  # fmt: skip
        names = {"indicator": name, "dimension": dimension, "group": "mentored", "unit": "share", **LEVEL}
        rows.append(names | {"measure": "slope", "n": 139, "estimate": 0.06, "std_error": 0.03, "df": 20,
                             "low": 0.01 if verdict == "higher" else -0.02, "high": 0.12, "p": 0.03, "p_adjusted": 0.05,
                             "interval": "student", "test": "design_t", "verdict": verdict,
                             "status": "shown"})  # fmt: skip
        rows += [
            names | {"measure": "curve", "months": months, "n": 139, "estimate": start + months / 200,
                     "low": start + months / 200 - 0.08, "high": min(start + months / 200 + 0.08, 1.0),
                     "status": "shown"}
            for months in range(1, 25)
        ]  # fmt: skip
    return [*rows, {"indicator": "seul_souvent", "dimension": "socio_affective", "group": "mentored",
                    "measure": "slope", "unit": "share", "status": "suppressed"}]  # fmt: skip


def _sensitivity(crude: pd.DataFrame) -> list[dict[str, Any]]:
    rows = []
    for row in crude[crude["measure"] == "difference"].to_dict("records"):
        names = {key: row[key] for key in ("indicator", "dimension", "group", "reference", "unit", "status")}
        if row["status"] == "shown":
            rows += [names | {"adjustment": "none", **LEVEL} | found for found in _analyses(row)]
        else:
            rows.append(names | {"adjustment": "none", "analysis": "detectable"})
    return rows


def _analyses(row: dict[str, Any]) -> list[dict[str, Any]]:
    gap, low, high = row["estimate"], row["low"], row["high"]
    away = math.copysign(0.05, gap)
    return [
        {"analysis": "detectable", "estimate": 1.4 * (high - low) / 2},
        {"analysis": "e_value", "estimate": 3.9 if low * high > 0 else 1.4, "low": 1.8 if low * high > 0 else 1.0},
        {"analysis": "bounds", "low": gap - 0.09, "high": gap + 0.11, "limit_low": low - 0.09,
         "limit_high": high + 0.11},
        {"analysis": "trimming", "low": gap - abs(away), "high": gap + abs(away), "limit_low": low - 0.05,
         "limit_high": high + 0.05},
    ]  # fmt: skip


def _options() -> list[dict[str, Any]]:
    counts = {"parents": (60, 71), "amis": (88, 80), "personne": (None, None)}
    rows: list[dict[str, Any]] = []
    common = {"question": "soutiens", "dimension": "socio_affective", **LEVEL}
    for choice, cells in counts.items():
        for group, count, n in zip(PAIR, cells, (155, 168), strict=True):
            names = common | {"group": group, "choice": choice}
            if count is None:
                rows.append(names | {"status": "suppressed"})
                continue
            share = count / n
            rows.append(names | {"n": n, "estimate": share, "std_error": 0.04, "low": share - 0.09,
                                 "high": share + 0.09, "interval": "wilson", "status": "shown"})  # fmt: skip
        if cells[0] is not None:
            gap = cells[0] / 155 - cells[1] / 168
            rows.append(common | {"group": PAIR[0], "reference": PAIR[1], "choice": choice, "estimate": gap,
                                  "low": gap - 0.12, "high": gap + 0.12, "p": 0.2, "p_adjusted": 0.4,
                                  "interval": "newcombe", "verdict": "inconclusive", "status": "shown"})  # fmt: skip
    return [*rows, common | {"group": PAIR[0], "reference": PAIR[1], "p": 0.21, "p_adjusted": 0.21,
                             "test": "rao_scott", "status": "shown"}]  # fmt: skip


def _agreement() -> list[dict[str, Any]]:
    common = {"indicator": "a_des_qualites", "mirror": "moins_isole", "pairs": 88, "status": "shown", **LEVEL}
    return [
        common | {"measure": "agreement", "estimate": 0.74, "low": 0.64, "high": 0.82, "interval": "wilson"},
        common | {"measure": "kappa", "estimate": 0.31, "low": 0.11, "high": 0.51, "interval": "delta"},
    ]


def _breakdowns(estimates: pd.DataFrame) -> list[dict[str, Any]]:
    """The levels of two indicators by where people live: one of the two answers of the others is masked."""
    rows = []
    for row in estimates[estimates["indicator"].isin(["a_des_qualites", "regrets"])].to_dict("records"):
        for choice, part in (("famille", 0.4), ("foyer", 0.6)):
            shown = row["status"] == "shown" and (row["group"], choice) != ("non_mentored", "famille")
            names = {name: row[name] for name in ("indicator", "dimension", "group", "level", "interval", "unit")}
            figures = {name: row[name] for name in ("missing", "estimate", "std_error", "df", "low", "high")}
            status = {"status": "shown" if shown else "suppressed_secondary"}
            rows.append(names | {"by": "accueil", "choice": choice} | status
                        | (figures | {"n": round(part * row["n"])} if shown else {}))  # fmt: skip
    return rows
