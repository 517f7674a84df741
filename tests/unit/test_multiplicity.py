"""Corrections by hand; those of R and statsmodels stand in tests/oracle."""

import numpy as np
import pytest

from impact.multiplicity import benjamini_hochberg, holm


def test_holm_by_hand():
    # In order 0.01 x 4, 0.02 x 3, 0.03 x 2, 0.9 x 1, none below the one before.
    np.testing.assert_allclose(holm([0.03, 0.01, 0.9, 0.02]), [0.06, 0.04, 0.9, 0.06])


def test_benjamini_hochberg_by_hand():
    # In order 0.01 x 4/1, 0.02 x 4/2, 0.03 x 4/3, 0.9 x 4/4, none above the one after.
    np.testing.assert_allclose(benjamini_hochberg([0.03, 0.01, 0.9, 0.02]), [0.04, 0.04, 0.9, 0.04])


@pytest.mark.parametrize("correct", [holm, benjamini_hochberg])
def test_one_question_needs_no_correction_and_none_gives_none(correct):
    assert correct([0.03]).tolist() == [0.03]
    assert correct([]).size == 0
