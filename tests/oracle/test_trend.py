"""What R's survey finds of the slope and the curve of answers over months, and what whole matrices say of its error."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from impact.regression import curve, slope
from impact.sample import Design, Sample

FOLDER = Path(__file__).parent

# Both sides compute in double precision, in other orders, and iterate a logistic fit until nothing moves.
TOLERANCE = 1e-9

KEYS = ["design", "group", "variable"]
AT = np.array([4.0, 12.0, 20.0, 33.0])


def table(name: str) -> pd.DataFrame:
    return pd.read_csv(FOLDER / name, comment="#", keep_default_na=False, na_values={"score": "", "share": ""})


SLOPES, CURVES = table("trend_slopes.csv"), table("trend_curves.csv")


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    """The made-up respondents, with the months that trend.R gives them."""
    found, row = table("frame.csv"), np.arange(1, len(table("frame.csv")) + 1)
    months = (7 * found["cluster"] + 11 * row + row**2 // 9) % 37 + 1
    return found.assign(months=months.where(row % 13 != 0).astype(float))


@pytest.fixture(scope="module")
def sample(frame):
    rows, stratum, cluster = len(frame), frame["stratum"], frame["cluster"]
    designs = {
        "plain": Design.plain(rows), "weighted": Design.plain(rows), "stratified": Design.of(rows, stratum=stratum),
        "clustered": Design.of(rows, cluster=cluster), "whole": Design.of(rows, stratum=stratum, cluster=cluster),
    }  # fmt: skip

    def of(design: str, group: str, variable: str) -> Sample:
        weight = frame["weight"] if design in ("weighted", "stratified", "whole") else 1.0
        inside = frame["months"].notna() & ((frame["group"] == group) | (group == "all"))
        return Sample(frame[variable], np.where(inside, weight, 0.0), designs[design])

    return of


@pytest.mark.parametrize("row", SLOPES.to_dict("records"), ids=lambda row: "-".join(row[key] for key in KEYS))
def test_a_slope_is_that_of_svyglm_and_its_error_set_right_as_whole_matrices_say(row, frame, sample):
    arm = sample(*(row[key] for key in KEYS))
    found = slope(frame["months"].to_numpy(), arm, 0.95)
    assert (arm.n, arm.design.df(arm.rows) - 1) == (row["n"], row["df"])
    expected = [row["slope"], row["std_error"], row["std_error"] / np.sqrt(row["kept"]), min(row["freedom"], row["df"])]
    given = [found.estimate, found.linearised, found.std_error, found.df]
    np.testing.assert_allclose(given, expected, rtol=TOLERANCE)


@pytest.mark.parametrize(
    ("key", "rows"), [pytest.param(key, rows, id="-".join(key)) for key, rows in CURVES.groupby(KEYS)]
)
def test_a_curve_is_that_of_svyglm_on_harrells_spline(key, rows, frame, sample):
    found = curve(frame["months"].to_numpy(), sample(*key), AT, 0.95)
    given = [[one.at, one.estimate, one.std_error, one.low, one.high] for one in found]
    np.testing.assert_allclose(given, rows[["at", "estimate", "std_error", "low", "high"]], rtol=TOLERANCE)


def test_without_design_or_extreme_months_the_error_is_nearly_the_usual_one(frame, sample):
    """Least squares with equal spread (scipy's linregress), whose error the corrected one estimates."""
    arm, months = sample("plain", "all", "score"), frame["months"].to_numpy()
    found, usual = slope(months, arm, 0.95), stats.linregress(months[arm.rows], arm.y)
    assert found.estimate == pytest.approx(usual.slope, rel=TOLERANCE)
    assert found.std_error == pytest.approx(usual.stderr, rel=0.1)  # two estimates of one error, from 207 answers
