"""The p of tests under a design beside those of R's survey: svychisq, and svyttest on ranks."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from impact.association import answers, rao_scott_f
from impact.sample import Design, Sample
from impact.significance import p_value

FOLDER = Path(__file__).parent

# Both sides compute in double precision, in other orders; a p far out in a tail loses a little more.
TOLERANCE = 1e-9

STRATIFIED, CLUSTERED = ("stratified", "whole", "uneven"), ("clustered", "whole", "uneven")


def cases(*variables: str) -> list:
    rows = pd.read_csv(FOLDER / "survey_tests.csv", comment="#")
    rows = rows[rows["variable"].isin(variables)].to_dict("records")
    return [pytest.param(row, id="-".join(str(row[key]) for key in ("design", "a", "b", "variable"))) for row in rows]


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return pd.read_csv(FOLDER / "frame.csv", comment="#")


@pytest.fixture(scope="module")
def arm(frame):
    """The answers of a group to a variable under a design of survey.R, or who of them gave one certain answer."""
    weights = {
        "plain": 1.0, "weighted": frame["weight"], "stratified": frame["weight"], "clustered": 1.0,
        "whole": frame["weight"], "uneven": frame["weight"].where(frame["group"] != "a", 2.0),
    }  # fmt: skip
    designs = {
        name: Design.of(
            len(frame),
            stratum=frame["stratum"] if name in STRATIFIED else None,
            cluster=frame["cluster"] if name in CLUSTERED else None,
        )
        for name in weights
    }

    def of(design: str, group: str, variable: str, answer: float | None = None) -> Sample:
        y = frame[variable]
        y = y if answer is None else (y == answer).astype(float).where(y.notna())
        return Sample(y, weights[design] * (frame["group"] == group), designs[design])

    return of


@pytest.mark.parametrize("row", cases("share", "rare", "score"))
def test_the_table_of_two_groups_by_answer_has_the_p_of_svychisq(row, frame, arm):
    given = np.unique(frame[row["variable"]].dropna())
    sides = [answers([arm(row["design"], row[side], row["variable"], answer) for answer in given]) for side in "ab"]
    found = rao_scott_f(*sides)
    np.testing.assert_allclose(
        [found.f, found.df, found.denominator, found.p], [row["f"], row["ndf"], row["ddf"], row["p"]], rtol=TOLERANCE
    )
    if row["answers"] == 2 and row["design"] != "plain":
        a, b = (arm(row["design"], row[side], row["variable"]) for side in "ab")
        np.testing.assert_allclose(p_value("rao_scott", a, b), row["p"], rtol=TOLERANCE)


@pytest.mark.parametrize("row", cases("score"))
def test_two_groups_differ_in_their_weighted_ranks_as_svyttest_says(row, arm):
    a, b = (arm(row["design"], row[side], row["variable"]) for side in "ab")
    np.testing.assert_allclose(p_value("rank_test", a, b), row["ranks"], rtol=TOLERANCE)
