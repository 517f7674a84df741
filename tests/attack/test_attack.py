"""What an attacker makes of the produced tables: nothing.

A cohort is one draw of sizes, bases and answers (`cohorts.py`); twenty stand in a study, and there are 125 studies. The
attacker reads the CSV tables of each, knows the size of every group and the base of every leaf, and has an integer
program prove of each masked count that it can be another. One who knows the program as well must be left three values.
"""

import pytest

from impact import protect
from impact.report.tables import write_tables
from tests.attack.attacker import FEWEST_LEFT, attack, figures_left, knowing, recovered, seen, speaks_of_hidden
from tests.attack.cohorts import MIX, study_of
from tests.attack.informed import open_values

COHORTS = 2500
STUDIES = COHORTS // len(MIX)
PARTS = 5
INFORMED, ROUNDS = (1,), 80  # `make attack` asks it of all


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_no_masked_count_of_2500_small_cohorts_is_recovered(part, tmp_path):
    attacked = 0
    for seed in range(part, STUDIES, PARTS):
        asked = study_of(seed)
        write_tables(protect(asked.results, asked.study), asked.study, tmp_path)
        read = seen(tmp_path)
        assert not speaks_of_hidden(read)
        assert not figures_left(read)
        for place, one in enumerate(knowing(asked)):
            found = recovered(attack(read, one))
            assert not found, (seed, place, [(each.subject, each.answer, each.leaves) for each in found])
            attacked += 1
    assert attacked == COHORTS // PARTS


@pytest.mark.slow
@pytest.mark.parametrize("seed", INFORMED)
def test_who_knows_the_program_is_left_three_values(seed, tmp_path):
    asked = study_of(seed)
    before = protect(asked.results, asked.study)
    write_tables(before, asked.study, tmp_path)
    read = seen(tmp_path)
    attacks = {place: attack(read, one) for place, one in enumerate(knowing(asked))}
    left = open_values(asked, before, attacks, ROUNDS)
    assert min(left.values()) >= FEWEST_LEFT, left
