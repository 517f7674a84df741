"""Who makes a pair with whom: the code that a mentor and their young people gave."""

import pandas as pd

from impact.matching import fold
from impact.model import PROBLEMS, Values
from impact.normalise.people import as_code
from impact.study import Study


def with_pairs(study: Study, people: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """People with `pair`, the code as it was typed, folded, and `pair_twice`: whether two mentors gave it.

    `pair` is "" where no code was given and where two mentors gave it: it cannot be told whose young people are whose.
    Young people may share a code, that of the mentor whom they share.
    """
    codes: Values = pd.Series("", people.index, dtype=object)
    if study.design.pair in answers:
        given = answers[study.design.pair].dropna()
        codes = given.map(lambda value: fold(as_code(value))).reindex(people.index, fill_value="")
    mentors = codes[(people["group"] == "mentor") & (codes != "")]
    twice = codes.isin(mentors[mentors.duplicated()])
    return people.assign(pair=codes.mask(twice, ""), pair_twice=twice & (people["group"] == "mentor"))


def pair_problems(study: Study, people: pd.DataFrame, mapping: pd.DataFrame) -> pd.DataFrame:
    """One line a mentor whose code another mentor gave as well; the code itself is never told."""
    rows = people.loc[people["pair_twice"], ["source", "sheet", "row"]]
    fed = mapping[mapping["question"] == study.design.pair].drop_duplicates("source")
    found = rows.merge(fed[["source", "column", "heading"]], on="source")
    found = found.assign(value="", problem="pair_twice", done="set_aside")
    return found[list(PROBLEMS)].astype({"row": "Int64"})
