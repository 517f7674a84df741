"""From responses to the tables of results. A pure step: every figure of every output is a row made here."""

import pandas as pd

from impact.analyse._alike import alike
from impact.analyse._cohort import Drawn, coded, gathered, guarded
from impact.analyse.adjusted import adjusted
from impact.analyse.agreement import agreements, pairs_behind
from impact.analyse.balance import adjustments, balances, overlaps
from impact.analyse.beside import published
from impact.analyse.breakdowns import breakdowns, crossed
from impact.analyse.comparisons import bands, crude, not_comparable
from impact.analyse.distributions import distributions, missing
from impact.analyse.estimates import levels
from impact.analyse.merging import merged
from impact.analyse.nested import nested_answers
from impact.analyse.options import options
from impact.analyse.people import people_behind
from impact.analyse.profiles import profiles_behind
from impact.analyse.reliability import reliabilities
from impact.analyse.respondents import respondents
from impact.analyse.sensitivity import sensitivities
from impact.analyse.trend import left_out, trend
from impact.choices import refuse_unknown_choices
from impact.families import corrected
from impact.indicators import score
from impact.model import COMPARED, ESTIMATES, Responses, Results
from impact.normalise.losses import refuse_lost_answers
from impact.study import Study


def analyse(responses: Responses, study: Study) -> Results:
    """Estimates, comparisons and what is missing, for every indicator and group, rows in the questionnaire's order.

    Shares and means with the intervals that `[analysis]` names; differences and ratios from their arms' intervals;
    every table as `impact.model` names its columns. What the two groups were not asked alike has its estimates and no
    comparison. Nothing is masked: that is `protect`'s; but those of unknown duration, where they are too few to stand
    alone in a public report, are put with the smaller band before any figure is made. ImpactError where too many
    answers to a question were not understood for its figures to be right, and where `[analysis]` names a method that
    does not exist.
    """
    refuse_unknown_choices(study)
    refuse_lost_answers(responses, study)
    drawn = _drawn(responses, study)
    estimates = pd.DataFrame(
        [cell.row for cells in drawn.cells.values() for cell in cells.values()], columns=list(ESTIMATES)
    )
    groups = alike(drawn)
    compared = pd.DataFrame([*crude(drawn), *adjusted(drawn, groups)], columns=list(COMPARED))
    banded = bands(compared, drawn)
    comparisons = corrected(compared, study, banded)
    return Results(
        estimates=estimates,
        comparisons=comparisons,
        missing=missing(drawn),
        distributions=distributions(drawn),
        published=published(study, estimates, comparisons, drawn.cohort),
        flow=responses.flow,
        problems=responses.problems,
        comparability=responses.comparability,
        counts=people_behind(
            drawn, (*pairs_behind(drawn), *left_out(drawn), *profiles_behind(drawn, groups), *nested_answers(drawn))
        ),
        sizes=drawn.cohort.sizes,
        balance=balances(groups),
        adjustment=adjustments(groups),
        overlap=overlaps(groups),
        reliability=reliabilities(drawn),
        sensitivity=sensitivities(drawn, comparisons),
        trend=trend(drawn),
        options=options(drawn),
        agreement=agreements(drawn),
        respondents=respondents(responses, study),
        bands=banded,
        fields=responses.fields,
        breakdowns=breakdowns(drawn),
        crossed=crossed(drawn),
    )


def _drawn(responses: Responses, study: Study) -> Drawn:
    """The samples that all tables share, made once."""
    responses = coded(merged(responses, study), study)
    indicators, cohort = study.questionnaire.indicator, gathered(responses, study)
    scores = {one.id: score(one, study.questionnaire, responses) for one in indicators}
    cohort = guarded(cohort, scores, responses, study)
    cells = {one.id: levels(one, scores[one.id], cohort, study) for one in indicators}
    return Drawn(responses, study, cohort, scores, cells, not_comparable(responses, study))
