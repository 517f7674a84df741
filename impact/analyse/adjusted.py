"""The comparisons again, between groups made alike in the declared covariates. Beside the crude ones, never instead."""

from collections.abc import Iterator, Sequence

from impact.adjust import ADJUSTMENTS, FEWEST_LEFT
from impact.adjust.arms import AdjustedArm, Outcome
from impact.analyse._alike import Alike, weightings
from impact.analyse._cohort import Cell, Drawn, Row
from impact.analyse.comparisons import Pair, compared, pairs
from impact.contrasts import Estimated
from impact.intervals import interval


def adjusted(drawn: Drawn, groups: Sequence[Alike]) -> Iterator[Row]:
    """Every measure of what sets two groups apart, by adjustment, in the order of the crude comparisons.

    An indicator that stands on a covariate is not adjusted, nor is what the two groups were not asked alike.
    """
    covariates = {one.id for one in drawn.study.unadjusted}
    by_groups = {(one.group, one.reference): one for one in groups}
    for two in pairs(drawn):
        made = by_groups.get((str(two.one.row["group"]), str(two.other.row["group"])))
        if made is not None and not two.refused and two.indicator.id not in covariates:
            yield from _compared(drawn, two, made)


def _compared(drawn: Drawn, two: Pair, made: Alike) -> Iterator[Row]:
    scored, cells = drawn.scores[two.indicator.id], (two.one, two.other)
    outcome = Outcome(scored.y, scored.kind, scored.bounds)
    for name, weighting in weightings(made):
        arms = [ADJUSTMENTS[name].arm(made.pair, weighting, outcome, inside) for inside in (True, False)]
        one, other = (_cell(drawn, cell, arm) for cell, arm in zip(cells, arms, strict=True))
        yield from compared(two.indicator, one, other, drawn.study, name)


def _cell(drawn: Drawn, crude: Cell, arm: AdjustedArm) -> Cell:
    """The adjusted arm in the place of the crude one, with the same interval method. Without a figure where those who
    answered, once weighed, are too few, however many were weighed."""
    if arm.left < FEWEST_LEFT:
        return Cell(arm, crude.row, None)
    limits = interval(str(crude.row["interval"]), arm, drawn.study.analysis.level)
    return Cell(arm, crude.row, Estimated(arm.mean, arm.std_error, *limits))
