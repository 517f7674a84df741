"""The table of attained coverage keeps the house's word, and is that of the intervals as they are now."""

from itertools import product

import numpy as np
import pandas as pd
import pytest

from impact.adjust import ADJUSTMENTS
from impact.contrasts import CONTRASTS
from impact.intervals import INTERVALS
from tests.simulation import adjusted, clustered, exact, means
from tests.simulation.coverage import FOLDER, smallest_expected, summary, table

# Coverage is written with five decimals.
WRITTEN = 6e-6
FIGURES = ["coverage", "width", "below", "above", "error"]
# A Monte Carlo error is at most this.
MOST_ERROR = 0.005


@pytest.fixture(scope="module")
def cells() -> pd.DataFrame:
    found = pd.read_csv(FOLDER / "coverage.csv", comment="#", keep_default_na=False)
    return found.assign(expected=smallest_expected(found))


def chosen(cells: pd.DataFrame, **where: object) -> pd.DataFrame:
    for column, value in where.items():
        cells = cells[cells[column] == value]
    assert len(cells)
    return cells


def grid(cells: pd.DataFrame, setting: str) -> pd.DataFrame:
    """The plain cells of the default on its grid, without the points chosen for their dips."""
    found = chosen(cells, setting=setting, method="wilson", design="plain")
    return found[found["truth"].isin(exact.SHARES)]


def test_every_cell_tells_how_sure_it_is(cells):
    exactly = cells["how"] == "exact"
    assert (cells.loc[exactly, "error"] == 0).all()
    assert cells.loc[~exactly, "error"].between(0.0001, 0.0055).all()
    default = cells[(cells["method"] == "wilson") & cells["setting"].isin(["share", "difference", "ratio"])]
    assert (default["error"] <= 0.004).all()


def test_a_share_by_default_covers_as_it_says(cells):
    shares = grid(cells, "share")
    assert len(shares) == len(exact.SIZES) * len(exact.SHARES)
    assert 0.945 <= shares["coverage"].mean() <= 0.96
    assert shares.loc[shares["expected"] >= 1, "coverage"].min() >= 0.91


def test_no_share_at_all_covers_less_than_the_worst_row_says(cells):
    # The lowest of every p, not of a grid, at which both expected counts are 1 or more.
    worst = chosen(cells, setting="share_worst", method="wilson")
    assert set(worst["n"]) == set(exact.SIZES)
    assert worst["coverage"].min() >= 0.91
    shares = chosen(cells, setting="share", method="wilson", design="plain")
    lowest = shares[shares["expected"] >= 1].groupby("n")["coverage"].min()
    assert (worst.set_index("n")["coverage"] <= lowest + WRITTEN).all()


@pytest.mark.parametrize(("count", "low", "high"), [(0.17, 0.84, 0.87), (0.54, 0.885, 0.905)])
def test_the_known_dips_are_in_the_table(cells, count, low, high):
    shares = chosen(cells, setting="share", method="wilson", design="plain")
    dips = shares[np.isclose(shares["expected"], count, rtol=1e-3)]
    assert len(dips) == len(exact.SIZES)
    assert dips["coverage"].between(low, high).all()


def test_a_difference_by_default_covers_as_it_says(cells):
    differences = grid(cells, "difference")
    assert 0.945 <= differences["coverage"].mean() <= 0.97
    assert differences.loc[differences["expected"] >= 2, "coverage"].min() >= 0.92


@pytest.mark.parametrize("measure", CONTRASTS)
def test_every_measure_of_two_shares_covers_as_a_difference_does(cells, measure):
    found = grid(cells, measure)
    assert 0.945 <= found["coverage"].mean() <= 0.97
    assert found.loc[found["expected"] >= 2, "coverage"].min() >= 0.92


def test_under_a_design_of_fifteen_clusters_or_more_differences_cover_on_the_same_terms(cells):
    drawn = cells[(cells["clusters"] >= 15) & cells["setting"].isin(["difference", "ratio"])]
    assert set(drawn["design"]) == {
        how + weighted for how, weighted in product(("shared", "apart"), ("", ", weighted"))
    }
    assert drawn.loc[drawn["expected"] >= 2, "coverage"].min() >= 0.91


def test_under_a_design_of_fifteen_clusters_or_more_shares_cover_on_the_same_terms(cells):
    drawn = chosen(cells, setting="share", method="wilson").query("clusters >= 15 and expected >= 1")
    assert set(drawn["design"]) == {"clusters", "clusters, weighted"}
    assert 0.945 <= drawn["coverage"].mean() <= 0.97
    assert drawn["coverage"].min() >= 0.91


def test_a_mean_on_a_scale_covers_better_by_its_score_than_by_student(cells):
    scales = cells[cells["setting"].isin(["mean", "mean_difference"]) & cells["answers"].str.startswith("scale")]
    enough = (scales["clusters"] == 0) | (scales["clusters"] >= 15)
    lowest = scales[enough].groupby("method")["coverage"].min()
    assert set(lowest.index) == set(means.METHODS)
    assert lowest["scale_score"] >= 0.90 > 0.87 > lowest["student"]


def test_an_adjusted_difference_covers_where_the_propensity_model_is_right(cells):
    found = chosen(cells, setting="adjusted_difference")
    assert set(found["adjustment"]) == set(ADJUSTMENTS)
    assert found.groupby("adjustment").size().eq(len(adjusted.SCENES)).all()
    assert found["coverage"].min() >= 0.93
    assert found["coverage"].mean() <= 0.97


def test_every_interval_has_its_rows_and_the_summary_is_that_of_the_cells(cells):
    assert set(cells["method"]) >= set(INTERVALS)
    written = pd.read_csv(FOLDER / "summary.csv", comment="#", keep_default_na=False, na_values={"lowest_on_terms": ""})
    pd.testing.assert_frame_equal(summary(cells), written, check_dtype=False, atol=1e-4)


def same(cells: pd.DataFrame, made: list) -> None:
    """Whether the table holds these cells, to the digits that it is written with."""
    keys = [column for column in made[0]._fields if column not in FIGURES]
    found = table(made).merge(cells, on=keys, how="left", suffixes=("", "_written"), validate="one_to_one")
    assert found["coverage_written"].notna().all()
    for figure in FIGURES:
        np.testing.assert_allclose(found[figure], found[f"{figure}_written"].astype(float), rtol=WRITTEN, atol=WRITTEN)


def test_the_table_is_that_of_todays_intervals_of_shares(cells):
    asked = product(exact.SHARE_METHODS, exact.SIZES, (0.02, 0.1, 0.37, 0.5, 0.95))
    same(cells, [exact.share(*one) for one in asked])


def test_the_table_is_that_of_todays_comparisons(cells):
    asked = [*product(("difference", "ratio"), exact.SHARE_METHODS), *product(exact.OTHER_MEASURES, ["wilson"])]
    same(cells, [exact.pair(*one, (30, 30), truths) for one in asked for truths in ((0.1, 0.3), (0.5, 0.95))])


def test_the_table_is_that_of_todays_means(cells):
    same(cells, [means.mean(method, answers, 15) for method, answers in product(means.METHODS, means.SCALES)])


def test_adjusted_intervals_are_as_wide_as_the_table_says(cells):
    # Of fifty draws only: their mean width is within some 2 % of that of thousands.
    few = {cell.adjustment: cell.width for cell in adjusted.made(adjusted.SCENES[0], 50)}
    first = chosen(cells, setting="adjusted_difference", answers="share about -0.8", n=300, clusters=0)
    written = first.set_index("adjustment")["width"].astype(float)
    assert few == pytest.approx(written.to_dict(), rel=0.04)


@pytest.mark.parametrize(
    ("make", "given"),
    [
        (clustered.share, ("wilson", clustered.Drawn(15, 0.05, weighted=True), 0.2)),
        (clustered.mean, ("scale_score", clustered.Drawn(8, 0.1), 1.6)),
        (clustered.pair, ("difference", clustered.Drawn(10, 0.1), (0.06, 0.19))),
        (clustered.pair, ("ratio", clustered.Drawn(10, 0.1, shared=False), (0.5, 0.4))),
    ],
    ids=["share", "mean", "shared", "apart"],
)
def test_the_table_is_that_of_todays_designs(cells, make, given):
    same(cells, [make(*given)])
