"""Young people of unknown duration, too few to stand alone, put with the smaller of the two bands: once, for the whole
report.

Beside two bands that are shown, the few of unknown duration would be what the mentored leave: that is why they would
hide one of the bands nearly everywhere. Put with it they hide nothing, and nobody is left out of a table.
"""

from dataclasses import replace

import numpy as np

from impact.analyse.comparisons import duration_questions
from impact.model import Responses
from impact.study import Study

UNKNOWN = "unknown"
SIDES = ("under", "over")  # of two bands of one size, the first
FEWEST_BASES = 2  # bases that those of unknown duration must fill to stand alone


def merged(responses: Responses, study: Study) -> Responses:
    """The same responses with those of unknown duration in the band that takes them in; unchanged where none does.

    The band is then "under_unknown" or "over_unknown". Never for an `internal` audience.
    """
    side = taking_in(responses, study)
    if not side:
        return responses
    band = responses.people["band"]
    joined = band.isin((side, UNKNOWN))
    return replace(responses, people=responses.people.assign(band=band.mask(joined, f"{side}_{UNKNOWN}")))


def taking_in(responses: Responses, study: Study) -> str:
    """The band that takes in those of unknown duration, one of SIDES; "" where they stand alone, or it would not help.

    Judged on how many people there are and answered, never on what they answered: they are too few where their usual
    base is under `FEWEST_BASES` times `minimum_base`. It does not help without two bands, nor where the smaller one
    stays under the base that a row must have.
    """
    rule = study.disclosure
    sizes = responses.people["band"].value_counts()
    if rule.audience == "internal" or not rule.merge_unknown or not all(side in sizes for side in (*SIDES, UNKNOWN)):
        return ""
    side = min(SIDES, key=lambda each: int(sizes[each]))
    helps = sizes[side] + sizes[UNKNOWN] >= rule.minimum_base
    return side if helps and _usual_base(responses, study) < FEWEST_BASES * rule.minimum_base else ""


def _usual_base(responses: Responses, study: Study) -> float:
    """How many of those of unknown duration answered: the median over the questions of the indicators.

    A question that an earlier answer leads to has a small base in any group, and one that the mentored were not asked
    has none: neither counts.
    """
    people, known = responses.people, {one.question for one in study.questionnaire.indicator if one.question}
    asked = sorted(name for name in known - duration_questions(study) if not study.question(name).only_if)
    unknown = (people["band"] == UNKNOWN).to_numpy()
    bases = (responses.reasons.loc[unknown, asked] == "").sum()
    silent = bases.index[bases == 0]
    mentored = (people["group"] == "mentored").to_numpy()
    unasked = silent[~(responses.reasons.loc[mentored, silent] == "").any()]
    bases = bases.drop(unasked)
    return float(np.median(bases)) if len(bases) else float(unknown.sum())
