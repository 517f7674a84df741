"""Why people kept silent, in a public report: no reason of few people, in no group nor in what is left of one."""

import pytest

from impact.analyse import analyse
from impact.normalise import normalise
from impact.protect import protect
from tests.unit._exports import YES_NO, export, study

SOURCE = [{"file": "a.csv", "group": {"column": "Mentor", "mentored": ["1"], "non_mentored": ["0"]}}]
SILENT = [{"code": code, "label": {"fr": code}, "reason": code} for code in ("refused", "dont_know")]
ASKED = {"id": "aide", "kind": "single", "text": "Aide", "choices": YES_NO, "missing": SILENT}
MONTHS = {"id": "mois", "kind": "number", "text": "Mois"}
SHARE = {"id": "aide", "dimension": "d", "kind": "share", "label": "L", "question": "aide", "counts": ["oui"]}


def told(silent, audience="public"):
    """Rows of `missing`; `silent` says by duration in months how many refused, did not know and left a blank, beside
    thirty who answered."""
    rows = [["1", months, "Oui" if i % 2 else "Non"] for months in silent for i in range(30)]
    for months, counts in silent.items():
        for word, many in zip(("refused", "dont_know", ""), counts, strict=True):
            rows += [["1", months, word]] * many
    made = study([ASKED, MONTHS], [SHARE], source=SOURCE, duration={"question": "mois"},
                 disclosure={"audience": audience})  # fmt: skip
    found = protect(analyse(normalise([export(["Mentor", "Mois", "Aide"], rows)], made), made), made)
    kept = found.missing[found.missing["indicator"] == "aide"]
    return {(row.group, row.reason): row.count_ for row in kept.rename(columns={"count": "count_"}).itertuples()}


@pytest.mark.parametrize(
    ("silent", "expected"),
    [
        ((9, 6, 5), {"refused": 9, "dont_know": 6, "no_answer": 5}),
        ((9, 2, 4), {"refused": 9, "unknown": 6}),
        ((9, 2, 0), {"unknown": 11}),  # two alone are no others: the next reason joins them
        ((9, 0, 0), {"refused": 9}),
        ((3, 1, 0), {}),  # four in all
        ((0, 0, 0), {}),
    ],
)
def test_a_reason_of_few_is_counted_with_others_or_is_not_told(silent, expected):
    assert told({"12": silent}) == {
        (group, reason): many for reason, many in expected.items() for group in ("mentored", "mentored_over")
    }


def test_what_a_band_leaves_of_the_mentored_is_no_reason_of_few():
    """Eight refused: six of one band, so two of the other. The whole tells its reasons, and no band does."""
    assert told({"12": (6, 6, 0), "2": (2, 0, 0)}) == {("mentored", "refused"): 8, ("mentored", "dont_know"): 6}


def test_a_reason_that_is_told_of_two_bands_is_told_of_all():
    groups = ("mentored", "mentored_over", "mentored_under")
    found = told({"12": (6, 3, 2), "2": (7, 5, 1)})
    assert found == {(group, reason): many for group, counts in zip(groups, ((13, 11), (6, 5), (7, 6)), strict=True)
                     for reason, many in zip(("refused", "unknown"), counts, strict=True)}  # fmt: skip


def test_an_internal_audience_reads_every_reason():
    assert told({"12": (1, 2, 3)}, "internal")["mentored", "refused"] == 1
