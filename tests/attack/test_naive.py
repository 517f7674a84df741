"""The attacker breaks masking that judges each row alone, so that what he does not break is worth something."""

import pytest

from impact.report.tables import write_tables
from tests.attack.attacker import attack, knowing, recovered, seen
from tests.attack.cohorts import study_of
from tests.attack.naive import NAIVE

SEEDS = (1, 3, 5, 7)  # studies that leave the people of unknown duration alone


@pytest.mark.parametrize("masking", NAIVE)
def test_naive_masking_is_broken_in_over_half_of_the_cohorts(masking, tmp_path):
    broken = []
    for seed in SEEDS:
        asked = study_of(seed)
        write_tables(NAIVE[masking](asked.results, asked.study), asked.study, tmp_path)
        read = seen(tmp_path)
        broken += [bool(recovered(attack(read, one), first=True)) for one in knowing(asked)]
    assert sum(broken) > len(broken) / 2
