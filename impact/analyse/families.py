"""Which comparisons are corrected together, since several questions are asked at once."""

import numpy as np
import pandas as pd

from impact.model import COMPARED
from impact.multiplicity import benjamini_hochberg, holm
from impact.study import Study


def corrected(comparisons: pd.DataFrame, study: Study) -> pd.DataFrame:
    """With `p_adjusted`: Holm over the primary family, Benjamini–Hochberg over all the other comparisons.

    The primary family is the primary indicators, all mentored against the non-mentored. A ratio bears the p of its
    difference: it is the same test. Each adjustment has families of its own: it answers the same questions again.
    """
    keys = ["indicator", "group", "reference", "adjustment"]
    tests = comparisons[(comparisons["measure"] == "difference") & (comparisons["status"] == "shown")]
    whole = (tests["group"] == "mentored") & (tests["reference"] == "non_mentored")
    primary = tests["indicator"].isin(study.analysis.primary) & whole
    adjusted = pd.Series(np.nan, tests.index)
    for adjustment in tests["adjustment"].unique():
        for first, correct in ((primary, holm), (~primary, benjamini_hochberg)):
            family = first & (tests["adjustment"] == adjustment)
            adjusted[family] = correct(tests.loc[family, "p"].to_numpy(dtype=float))
    found = tests[keys].assign(p_adjusted=adjusted)
    merged = comparisons.drop(columns="p_adjusted").merge(found, on=keys, how="left")
    return merged[list(COMPARED)]
