"""What the groups have in common before they are compared: covariates side by side, weights, propensities."""

import math
from collections.abc import Iterator, Sequence

import pandas as pd

from impact.adjust.balance import QUANTILES, Balance, balance, effective, quantiles
from impact.analyse._alike import Alike, weightings
from impact.analyse._cohort import Row
from impact.model import ADJUSTMENT, BALANCE, OVERLAP
from impact.sample import FloatArray


def balances(groups: Sequence[Alike]) -> pd.DataFrame:
    """Each covariate in each two groups, as they are (`none`) and after each adjustment that was made; one that they
    were not asked alike has one row without a figure."""
    rows = [row for one in groups for name, weights in _weights(one) for row in _side_by_side(one, name, weights)]
    return pd.DataFrame(rows, columns=list(BALANCE))


def adjustments(groups: Sequence[Alike]) -> pd.DataFrame:
    """What each adjusted comparison stands on, or why it is not made."""
    rows = [_standing(one, name) for one in groups for name in one.found]
    return pd.DataFrame(rows, columns=list(ADJUSTMENT))


def overlaps(groups: Sequence[Alike]) -> pd.DataFrame:
    """Quantiles of the propensity in each of two groups, where an adjustment stands on it."""
    rows: list[Row] = []
    for one in groups:
        if one.pair.propensity is None or not any(weightings(one)):
            continue
        for inside, arm in ((True, one.group), (False, one.reference)):
            found = zip(QUANTILES, quantiles(one.pair, inside), strict=True)
            rows += [_names(one) | {"arm": arm, "quantile": quantile, "propensity": chance, "status": "shown"}
                     for quantile, chance in found]  # fmt: skip
    return pd.DataFrame(rows, columns=list(OVERLAP))


def _names(one: Alike) -> Row:
    return {"group": one.group, "reference": one.reference}


def _weights(one: Alike) -> Iterator[tuple[str, FloatArray]]:
    yield "none", one.pair.weight
    for name, weighting in weightings(one):
        yield name, weighting.weights


def _side_by_side(one: Alike, adjustment: str, weights: FloatArray) -> Iterator[Row]:
    for covariate in sorted(one.apart, key=[each.name for each in one.covariates].index):
        yield _names(one) | {
            "covariate": covariate, "category": "", "adjustment": adjustment, "status": "not_comparable"
        }  # fmt: skip
    for line in balance([each for each in one.covariates if each.name not in one.apart], one.pair, weights):
        yield _names(one) | {
            "covariate": line.covariate, "category": line.category, "adjustment": adjustment,
            "n": line.n[0], "n_reference": line.n[1], "mean": line.means[0], "mean_reference": line.means[1],
            "std_difference": line.difference, "variance_ratio": line.ratio, "status": "shown",
        }  # fmt: skip


def _standing(one: Alike, name: str) -> Row:
    found, pair = one.found[name], one.pair
    row = _names(one) | {
        "adjustment": name, "n": pair.size(inside=True), "n_reference": pair.size(inside=False),
        "parameters": len(pair.terms),
    }  # fmt: skip
    if isinstance(found, str):
        return row | {"status": "too_few", "reason": found}
    left = effective(pair, found.weights)
    return row | {
        "effective": left[0], "effective_reference": left[1],
        "largest_std_difference": _largest(balance(one.covariates, pair, found.weights)),
        "status": "shown", "reason": "",
    }  # fmt: skip


def _largest(lines: Iterator[Balance]) -> float:
    return max((abs(line.difference) for line in lines if not math.isnan(line.difference)), default=0.0)
