"""The share of rows that a report masks, as it is committed, is what this program masks."""

import pandas as pd
import pytest

from tests.attack import masked

AGAIN = (0, 7, 300, 599)  # cohorts made again


@pytest.fixture(scope="module")
def committed():
    return pd.read_csv(masked.FOLDER / "masked.csv")


def test_all_600_cohorts_are_there_in_both_ways_of_merging(committed):
    assert sorted(zip(committed["cohort"], committed["merge_unknown"], strict=True)) == [
        (seed, merge) for seed in range(masked.COHORTS) for merge in (False, True)
    ]


@pytest.mark.parametrize("merge", masked.MERGING)
def test_cohorts_made_again_are_as_committed(committed, merge):
    made = masked.table([masked.line(seed, merge) for seed in AGAIN])
    kept = committed[committed["cohort"].isin(AGAIN) & (committed["merge_unknown"] == merge)].reset_index(drop=True)
    for name in committed.columns.union(made.columns):
        column = made[name] if name in made else pd.Series(0, made.index)
        assert kept[name].tolist() == column.tolist(), name


def test_the_rows_are_the_sum_of_the_cohorts(committed):
    said = pd.read_csv(masked.FOLDER / "masked_rows.csv")
    pd.testing.assert_frame_equal(said, masked.summed(committed).reset_index(drop=True))


def test_what_merging_is_for_is_seen(committed):
    """Without it the smaller band is hidden nearly everywhere; with it, it is shown about as often as the larger."""
    rows = pd.read_csv(masked.FOLDER / "masked_rows.csv").query("kind == 'share'")
    shown = rows.set_index(["merge_unknown", "row"])["share_shown"]
    assert shown[True, "mentored_under"] > 3 * shown[False, "mentored_under"]
    assert min(shown[True, "mentored"], shown[True, "non_mentored"]) > 0.85
