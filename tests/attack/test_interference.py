"""Non-interference: two people of one block exchange their answers, and no output changes by a byte.

This is what holds for every output at once, those included that no attacker thought of: sort orders, ends of axes,
colours, alternatives of figures, what is corrected together, hashes. Exchanges that change which rows are printed are
left out, since what is masked depends on a few counts; they are counted, and must stay the lesser part.
"""

import numpy as np
import pytest

from impact import protect
from tests.attack.folder import reported, written
from tests.attack.interference import DESIGNS, designed, differences, exchanged, possible, settled

SEEDS = (0, 1)
WHOLE = ("plain", "adjusted")  # whose whole report is made twice
FEW = ("share", "levels", "filter", "several", "index")


@pytest.mark.slow
@pytest.mark.parametrize("design", DESIGNS)
def test_no_figure_changes_by_a_bit(design):
    kept, wanted = 0, 0
    for seed in SEEDS:
        asked = designed(design, seed)
        before = protect(asked.results, asked.study)
        drawn = list(possible(asked, before, np.random.default_rng(seed)))
        held, after = settled(asked, before, drawn)
        assert differences(before, after) == []
        kept, wanted = kept + len(held), wanted + len(drawn)
    assert kept > wanted / 2


@pytest.mark.slow
@pytest.mark.parametrize("design", WHOLE)
def test_no_file_of_a_report_changes_by_a_byte(design, tmp_path):
    asked = designed(design, 3, FEW)
    before = protect(asked.results, asked.study)
    held, _ = settled(asked, before, list(possible(asked, before, np.random.default_rng(3))))
    assert held
    one = reported(written(asked, tmp_path / "one" / "study"), tmp_path / "one" / "report", tmp_path / "home")
    other = written(exchanged(asked, held), tmp_path / "other" / "study")
    other = reported(other, tmp_path / "other" / "report", tmp_path / "home")
    assert {"rapport.pdf", "tables.xlsx", "manifest.json", "estimates.csv"} <= one.keys()
    assert one.keys() == other.keys()
    assert [name for name in one if one[name] != other[name]] == []
