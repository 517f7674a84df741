"""Disclosure control: what may leave the room. A pure step, before any table is written or any page drawn.

Whole rows or nothing. A row is shown when at least `minimum_base` people answered and each answer that it tells of was
given by at least `minimum_answer` (CASD; INSEE; trust levels of the study's `[disclosure]`), and when the same holds of
all that can be worked out from the rows that are shown: of every block (`_tree`), by the rule of `_blocks`, with what
the choice itself would tell (`_audit`). Judged on counts of people, never on weights. What is shown of a question, of
who was asked it and of all its answers nest (`_choice`). All other tables follow (`_tables`).
"""

from dataclasses import replace
from typing import Any

import pandas as pd

from impact.families import corrected, corrected_sets, corrected_slopes
from impact.model import WEIGHED, Results
from impact.protect._covariates import shown_covariates
from impact.protect._layers import gathered, judged, masked
from impact.protect._rounding import rounded, steady
from impact.protect._tables import hidden_rows, masked_tables, other_tables
from impact.study import Study

__all__ = ["protect"]


def protect(results: Results, study: Study) -> Results:
    """Results whose unsafe rows keep their names and nothing else; all of them for an `internal` audience.

    Status becomes `suppressed`, whatever the cause, which `masked` tells in memory. Figures that are not made of shown
    counts are rounded, and p corrected over the rows that are shown. The counts of people that the rule is judged on
    are gone from what is returned.
    """
    if study.disclosure.audience == "internal":
        return _passed(results)
    counts = gathered(results, study)
    shown = judged(counts)
    hidden = hidden_rows(results, study, shown, shown_covariates(results.balance, counts, shown))
    safe = replace(
        results,
        **masked_tables(results, study, hidden),
        **other_tables(results, study, hidden, shown.filtered),
        masked=masked(hidden.figures, hidden.spreads, shown, study),
    )
    loose: dict[str, Any] = dict(rounded(safe, study))
    corrected = _corrected(replace(safe, **loose), study)
    loose = dict(rounded(corrected, study))  # what is corrected for what figures have in common has all digits again
    return _passed(steady(_with_breakdowns(replace(corrected, **loose), study)))


def _passed(results: Results) -> Results:
    return replace(results, counts=results.counts.iloc[:0], crossed=results.crossed.iloc[:0], bands={}, protected=True)


def _with_breakdowns(results: Results, study: Study) -> Results:
    """The same, of the figures broken down what all rows together leave in doubt; `results` are masked otherwise."""
    if results.breakdowns.empty:
        return results
    from impact.protect.breakdowns import masked, with_safe_breakdowns  # noqa: PLC0415 – the solver is for who breaks down

    if results.counts["layer"].str.startswith(WEIGHED).any():  # its tables know of no weight
        return replace(results, breakdowns=masked(results.breakdowns, pd.Series(False, results.breakdowns.index)))
    return replace(results, breakdowns=with_safe_breakdowns(results, study))


def _corrected(results: Results, study: Study) -> Results:
    """With the p of the shown rows corrected among themselves."""
    return replace(
        results,
        comparisons=corrected(results.comparisons, study, results.bands),
        trend=corrected_slopes(results.trend, study),
        options=corrected_sets(results.options),
    )
