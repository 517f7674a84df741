"""What follows, table by table, from the rows that may not be shown."""

import math
from typing import Any, Final, NamedTuple

import pandas as pd

from impact.model import PROBLEMS, WITH_RARE, Results, Values
from impact.protect._layers import Pairs, Shown
from impact.protect._profiles import of_few_profiles
from impact.protect._silences import told_reasons
from impact.protect._tree import trees
from impact.study import Study
from impact.study.schema import Disclosure

_FEWEST_LEFT: Final = 10  # people beyond the columns of a model, as research data centres ask (ACRO's default)
_SENT_PAST: Final = "answered_though_not_asked"
_OF_SILENCE: Final = ("bounds", "trimming")  # analyses that count those who were asked and kept silent
_WORDS: Final = ("test", "reason")  # columns of texts: which test fits, or why a model is refused, stands on counts
_KEPT: Final = {
    "estimates": ("indicator", "dimension", "group", "level", "interval", "unit", "status"),
    "comparisons": ("indicator", "dimension", "group", "reference", "measure", "adjustment", "level", "interval",
                    "unit", "status"),
    "distributions": ("question", "dimension", "group", "choice", "status"),
    "published": ("figure", "indicator", "dimension", "group", "published", "base", "published_low",
                  "published_high", "unit", "status"),
    "balance": ("covariate", "category", "group", "reference", "adjustment", "status"),
    "adjustment": ("group", "reference", "adjustment", "n", "n_reference", "status"),
    "overlap": ("group", "reference", "arm", "quantile", "status"),
    "reliability": ("indicator", "dimension", "group", "measure", "items", "level", "interval", "status"),
    "trend": ("indicator", "dimension", "group", "measure", "months", "level", "interval", "unit",
              "status"),
    "sensitivity": ("indicator", "dimension", "group", "reference", "adjustment", "analysis", "level", "unit",
                    "status"),
    "options": ("question", "dimension", "group", "reference", "choice", "level", "interval", "status"),
    "agreement": ("indicator", "mirror", "measure", "level", "interval", "status")}  # fmt: skip


class Hidden(NamedTuple):
    """What may not be shown: (indicator, group) of figures, (question, group) of all answers, (covariate, group); the
    indicators, by group, of which it may not be told who found their question none for them; indicators whose pairs of
    young person and mentor are too few, or too much alike; (index, group) whose items' answers would be told."""

    figures: Pairs
    spreads: Pairs
    covariates: Pairs
    silences: Pairs
    pairs: frozenset[str]
    items: Pairs


def hidden_rows(results: Results, study: Study, shown: Shown, covariates: Pairs) -> Hidden:
    """The complement of what may be shown, in the rows of these results."""
    indicators = study.questionnaire.indicators
    figures, silences = set(), set()
    for name, group in _keys(results.estimates, "indicator", "group"):
        one = indicators[name]
        if not shown.of(one, group):
            figures.add((name, group))
        if one.kind != "index" and (one.question, group) not in shown.silences:
            silences.add((name, group))
    spreads = set(_keys(results.distributions, "question", "group")) - shown.spreads
    sides = results.balance.rename(columns={"reference": "group", "group": "reference"})
    known = {*_keys(results.balance, "covariate", "group"), *_keys(sides, "covariate", "group")}
    items = set(_keys(results.reliability, "indicator", "group")) - shown.reliable
    return Hidden(figures, spreads, known - covariates, silences, _few_pairs(results, study.disclosure), items)


def _few_pairs(results: Results, rule: Disclosure) -> frozenset[str]:
    counts = results.counts[results.counts["layer"] == "pair"]
    pairs = counts.groupby(["question", "variable"])["count"]
    few = (pairs.transform("sum") < rule.minimum_base) | (counts["count"] < rule.minimum_answer)
    return frozenset(counts.loc[few, "question"])


def masked_tables(results: Results, study: Study, hidden: Hidden) -> dict[str, Any]:
    """Every table with the figures of its hidden rows blank."""
    trend, reliability, agreement, balance = results.trend, results.reliability, results.agreement, results.balance
    adjustment, rule, away = results.adjustment, study.disclosure, hidden.figures
    telling = _telling(results, study, hidden)
    veiled = set(_keys(balance[telling], "group", "reference"))
    thin = _thin(adjustment)
    few: dict[str, pd.Series[bool]] = {
        "estimates": _keys(results.estimates, "indicator", "group").isin(away),
        "comparisons": _either_arm(results.comparisons, away) | _counted(results.comparisons, study, veiled)
                       | of_few_profiles(results.comparisons, results, study)
                       | _by_thin(results.comparisons, thin),
        "distributions": _keys(results.distributions, "question", "group").isin(hidden.spreads),
        "published": _hidden_published(results.published, away),
        "balance": telling | _few(balance, rule) | _of_one_level(balance) | _by_thin(balance, thin),
        "adjustment": _few(adjustment, rule) | _keys(adjustment, "group", "reference").isin(veiled)
                      | _by_thin(adjustment, thin),
        "overlap": _few_beyond(results, rule) | _keys(results.overlap, "group", "reference").isin(veiled),
        "reliability": _keys(reliability, "indicator", "group").isin(away | hidden.items) | _few(reliability, rule),
        "trend": _keys(trend, "indicator", "group").isin(away | _of_hidden_bands(away)) | _few(trend, rule)
                 | _few_of_trend(results, study) | trend["indicator"].isin(_few_left_out(results, study)),
        "sensitivity": _either_arm(results.sensitivity, away) | _counted(results.sensitivity, study, veiled)
                       | of_few_profiles(results.sensitivity, results, study)
                       | _by_thin(results.sensitivity, thin) | _of_silence(results.sensitivity, hidden),
        "options": _either_arm(results.options, hidden.spreads, "question"),
        "agreement": _hidden_agreement(agreement, hidden) | (agreement["pairs"] < rule.minimum_base)}  # fmt: skip
    found = {name: _without(getattr(results, name), rows, name) for name, rows in few.items()}
    found |= {"balance": _joined(found["balance"]), "trend": _without_curves(found["trend"])}
    # Beside a weighted share, a count of people would tell what their weights are.
    weighted = {"distributions": found["distributions"].assign(count=math.nan)} if study.design.weight else {}
    return found | weighted


def other_tables(results: Results, study: Study, hidden: Hidden, filtered: bool) -> dict[str, Any]:
    """The tables whose rows have no status: what would tell of a hidden row is left out.

    Reasons of hidden rows go whole: a reason without its count would still say that it occurred.
    """
    missing = told_reasons(results.missing, trees(results.sizes), study.disclosure.minimum_answer)
    keys = _keys(missing, "indicator", "group")
    return {
        "missing": missing[~keys.isin(hidden.figures | hidden.silences)].reset_index(drop=True),
        "problems": _without_places(_without_sent_past(results.problems, filtered)),
        "comparability": _without_met_answers(results.comparability),
    }


def _of_silence(frame: pd.DataFrame, hidden: Hidden) -> "pd.Series[bool]":
    return frame["analysis"].isin(_OF_SILENCE) & _either_arm(frame, hidden.silences)


def _thin(adjustment: pd.DataFrame) -> Pairs:
    """The two groups of a model that leaves fewer than _FEWEST_LEFT people beyond its columns."""
    people = adjustment[["n", "n_reference"]].astype(float).sum(axis=1)
    left = people - adjustment["parameters"].astype(float) - 1
    return set(_keys(adjustment[left < _FEWEST_LEFT], "group", "reference"))


def _by_thin(frame: pd.DataFrame, thin: Pairs) -> "pd.Series[bool]":
    return (frame["adjustment"] != "none") & _keys(frame, "group", "reference").isin(thin)


def _few_of_trend(results: Results, study: Study) -> "pd.Series[bool]":
    """Shares over the months with fewer than `minimum_answer` people on a side among those whose months are known, and
    models that leave fewer than _FEWEST_LEFT people beyond their columns: a slope has two, a curve three."""
    trend, rule = results.trend, study.disclosure
    columns = trend["measure"].map({"slope": 2, "curve": 3}).astype(float)
    whole = results.estimates[results.estimates["group"] == "mentored"].set_index("indicator")
    n, share = trend["indicator"].map(whole["n"]).astype(float), trend["indicator"].map(_yes(results, study))
    known = trend["n"].astype(float)
    # At worst, all of those whose months are unknown stand on the rarer side.
    rarest = pd.concat([share, n - share], axis=1).min(axis=1) - (n - known)
    strict = rule.minimum_answer > _ENOUGH_FOR_TREND
    return (known - columns < _FEWEST_LEFT) | ((rarest < rule.minimum_answer) & strict)


def _few_left_out(results: Results, study: Study) -> set[str]:
    """The indicators of which few people's answers, or nearly all alike, are left out of what is told over the months:
    they are all the mentored who answered less those of known months."""
    counts, rule = results.counts[results.counts["layer"] == "months"], study.disclosure
    least = counts["question"].map(lambda question: 1 if question in rule.not_sensitive else rule.minimum_answer)
    people = counts.groupby("variable")["count"].transform("sum")
    return set(counts.loc[(people < rule.minimum_base) | (counts["count"] < least), "variable"])


_ENOUGH_FOR_TREND: Final = 5  # of yes and of no, which `impact.regression` asks for by itself


def _yes(results: Results, study: Study) -> dict[str, float]:
    """How many of the mentored are counted by each share."""
    found: dict[str, float] = {}
    counts = results.counts[(results.counts["layer"] == "figures") & results.counts["group"].str.startswith("mentored")]
    for row in counts.itertuples():
        names = str(row.variable).split()
        for place, name in enumerate(names):
            sign = str(row.modality)
            counted = sign == "yes" if sign in ("yes", "no") else sign[place] == "1"
            found[name] = found.get(name, 0.0) + (float(row.count) if counted else 0.0)  # type: ignore[arg-type]
    return {name: yes for name, yes in found.items() if name in study.questionnaire.indicators}


def _of_hidden_bands(hidden: Pairs) -> Pairs:
    """The same indicators of all the mentored, where a band of them is hidden: a curve over months, or a slope beside
    the other band, would tell the level that the band hides."""
    return {(indicator, "mentored") for indicator, group in hidden if group.startswith("mentored_")}


def _either_arm(frame: pd.DataFrame, hidden: Pairs, subject: str = "indicator") -> "pd.Series[bool]":
    """Rows one of whose two groups is hidden for what the row is about."""
    return _keys(frame, subject, "group").isin(hidden) | _keys(frame, subject, "reference").isin(hidden)


def _few(frame: pd.DataFrame, rule: Disclosure) -> "pd.Series[bool]":
    """Rows on fewer people than a base must have, in either group."""
    sizes = [name for name in ("n", "n_reference") if name in frame]
    few: pd.Series[bool] = (frame[sizes].astype(float) < rule.minimum_base).any(axis=1)
    return few


def _telling(results: Results, study: Study, hidden: Hidden) -> "pd.Series[bool]":
    """Rows of a covariate whose figures would tell what a few people of one of the two groups answered, or all."""
    balance = results.balance
    # What all gave alike makes no column of a model.
    unsafe = _either_arm(balance, hidden.covariates, "covariate") & ~_of_one_level(balance)
    return (unsafe | _of_one_value(balance) | _told_elsewhere(balance, study)) & (balance["status"] == "shown")


def _counted(frame: pd.DataFrame, study: Study, veiled: Pairs) -> "pd.Series[bool]":
    """Rows that are adjusted for closed questions alone, one of which is hidden in these two groups (`veiled`).

    Such a figure is made of a few counts: trying them all finds the hidden one, and what those few people answered.
    """
    adjusted = frame["adjustment"] != "none"
    if any(study.question(name).kind == "number" for name in study.analysis.adjust_for):
        return adjusted & False
    return adjusted & _keys(frame, "group", "reference").isin(veiled)


def _of_one_value(balance: pd.DataFrame) -> "pd.Series[bool]":
    """Numbers that all of a group gave alike: their mean is what each of them answered."""
    ratio = balance["variance_ratio"].astype(float)
    return (balance["category"] == "") & ~(ratio > 0)


def _of_one_level(balance: pd.DataFrame) -> "pd.Series[bool]":
    """The answer that all of a group gave, or all with those of rare answers."""
    means = balance[["mean", "mean_reference"]].astype(float)
    return (balance["category"] != "") & means.isin((0.0, 1.0)).any(axis=1)


def _told_elsewhere(balance: pd.DataFrame, study: Study) -> "pd.Series[bool]":
    """Covariates with rare answers that an indicator counts as well: beside its share, the rest would be the rare."""
    asked = {one.question for one in study.questionnaire.indicator}
    rare = set(balance.loc[balance["category"].str.endswith(WITH_RARE), "covariate"])
    return balance["covariate"].isin(asked & rare)


def _few_beyond(results: Results, rule: Disclosure) -> "pd.Series[bool]":
    """Quantiles with fewer people on one side than a base must have."""
    overlap = results.overlap
    quantile, sizes = overlap["quantile"].astype(float), overlap["arm"].map(dict(results.sizes)).astype(float)
    return (sizes * quantile.clip(upper=1 - quantile)).lt(rule.minimum_base)


def _hidden_agreement(frame: pd.DataFrame, hidden: Hidden) -> "pd.Series[bool]":
    """Pairs of a figure that is hidden on either side, or most of which agree, or do not."""
    young = [(one, "mentored") in hidden.figures or one in hidden.pairs for one in frame["indicator"]]
    mentor = [(one, "mentor") in hidden.figures for one in frame["mirror"]]
    return pd.Series(young, frame.index, dtype=bool) | pd.Series(mentor, frame.index, dtype=bool)


def _hidden_published(published: pd.DataFrame, hidden: Pairs) -> "pd.Series[bool]":
    groups = published["group"].where(published["reference"] == "", published["reference"])
    return _keys(published, "indicator", "group").isin(hidden) | pd.Series(
        list(zip(published["indicator"], groups, strict=True)), published.index, dtype=object
    ).isin(hidden)


def _keys(frame: pd.DataFrame, *columns: str) -> Values:
    keys = list(zip(*(frame[column].tolist() for column in columns), strict=True))
    return pd.Series(keys, frame.index, dtype=object)


def _without(frame: pd.DataFrame, hidden: "pd.Series[bool]", table: str) -> pd.DataFrame:
    """The frame with every figure of the hidden rows blank and their status `suppressed`, of whatever cause: that a row
    is safe by itself would tell of its counts."""
    hidden = hidden & frame["status"].isin(("shown", "too_few"))
    figures = [column for column in frame.columns if column not in _KEPT[table]]
    blank = frame.copy()
    for column in figures:
        blank[column] = frame[column].mask(hidden, "" if column in _WORDS else math.nan)
    blank["status"] = frame["status"].mask(hidden, "suppressed")
    return blank


def _joined(balance: pd.DataFrame) -> pd.DataFrame:
    """A hidden covariate in one row: which answers stand with the most common one would tell which are rare."""
    hidden = balance["status"] == "suppressed"
    named = balance.assign(category=balance["category"].mask(hidden, ""))
    again = named.duplicated(["covariate", "category", "group", "reference", "adjustment"])
    return named[~(hidden & again)].reset_index(drop=True)


def _without_curves(trend: pd.DataFrame) -> pd.DataFrame:
    """Without the points of a hidden curve: that there are any, and at which months, stands on the answers."""
    away = (trend["status"] == "suppressed") & (trend["measure"] == "curve")
    return trend[~away].reset_index(drop=True)


def _without_places(problems: pd.DataFrame) -> pd.DataFrame:
    """Which row of the file a cell is on, and what was typed there, may tell who it is: `impact check` shows them, no
    public file does. Columns stand together: what one row holds in two of them is not told either."""
    blank = problems.assign(row=math.nan, value=problems["value"].where(problems["problem"] == "no_column", ""))
    return blank.sort_values(list(PROBLEMS), kind="stable", ignore_index=True)


def _without_sent_past(problems: pd.DataFrame, filtered: bool) -> pd.DataFrame:
    """Without those who answered though they were sent past the question, where who was asked is hidden somewhere."""
    if filtered:
        return problems
    return problems[problems["problem"] != _SENT_PAST].reset_index(drop=True)


def _without_met_answers(comparability: pd.DataFrame) -> pd.DataFrame:
    """An answer that only a respondent's own tells to have been offered says that someone gave it."""
    met = comparability["differs"] == "answer"
    sides = ["mentored_shows", "non_mentored_shows"]
    return comparability.assign(**{side: comparability[side].mask(met, "") for side in sides})
