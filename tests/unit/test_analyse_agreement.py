"""Pairs of a young person and a mentor: from the code that both gave to the agreement of what they say."""

import math
from dataclasses import replace

import pytest

from impact.analyse import analyse
from impact.check import examine
from impact.errors import ImpactError
from impact.model import AGREEMENT as COLUMNS
from impact.normalise import normalise
from impact.protect import protect
from impact.study.reading import read_study
from tests.unit._exports import AGREEMENT, YES_NO, export, study

CODE = {"id": "binome", "kind": "text", "text": "Code", "asked": ["mentored", "mentor"]}
WEEKLY = {
    "id": "semaine",
    "kind": "single",
    "text": "Chaque semaine",
    "choices": YES_NO,
    "asked": ["mentored", "mentor"],
}
EFFORT = {"id": "effort", "kind": "single", "text": "Effort", "choices": AGREEMENT, "asked": ["mentored"]}
SEEN = {"id": "effort_vu", "kind": "single", "text": "Effort vu", "choices": AGREEMENT, "asked": ["mentor"]}
SHARE = {"id": "hebdo", "dimension": "d", "kind": "share", "label": "L", "question": "semaine", "counts": ["oui"]}
MEAN = {"id": "efforts", "dimension": "d", "kind": "mean", "label": "L", "question": "effort"}
MIRROR = {
    "id": "efforts_vus",
    "dimension": "d",
    "kind": "mean",
    "label": "L",
    "question": "effort_vu",
    "mirrors": "efforts",
}
SOURCES = [{"file": "a.csv", "group": "mentored"}, {"file": "b.csv", "group": "mentor"}]
LEVELS = ["Pas du tout d’accord", "Plutôt pas d’accord", "Plutôt d’accord", "Tout à fait d’accord"]
QUESTIONS = (CODE, WEEKLY, EFFORT, SEEN)


def responses(young, mentors, indicators=(SHARE,), **tables):
    """Rows of code, weekly or not, effort; the codes are those that [design] names."""
    design = {"pair": "binome"} | tables.pop("design", {})
    made = study(list(QUESTIONS), list(indicators), source=SOURCES, design=design, **tables)
    files = [
        export(("Code", "Chaque semaine", "Effort"), young, source="a.csv"),
        export(("Code", "Chaque semaine", "Effort vu"), mentors, source="b.csv"),
    ]
    return normalise(files, made), made


def results(young, mentors, indicators=(SHARE,), **tables):
    read, made = responses(young, mentors, indicators, **tables)
    return analyse(read, made), made


def pairs(*counts):
    """Rows of both sides: how many pairs say yes and yes, yes and no, no and yes, no and no."""
    both = (("oui", "oui"), ("oui", "non"), ("non", "oui"), ("non", "non"))
    said = [one for one, times in zip(both, counts, strict=True) for _ in range(times)]
    rows = [[[f"P{place}", one, ""] for place, one in enumerate(side)] for side in zip(*said, strict=True)]
    return rows[0], rows[1]


def by_measure(found):
    return found.agreement.set_index("measure")


def test_agreement_and_kappa_of_what_both_sides_were_asked():
    """35 of 50 pairs agree; 25 and 30 yes, so chance gives one half: kappa of 0.4. Wilson's limits of 35 of 50."""
    found, _ = results(*pairs(20, 5, 10, 15))
    assert list(found.agreement.columns) == list(COLUMNS)
    table = by_measure(found)
    assert table.loc["agreement", ["indicator", "mirror", "pairs"]].tolist() == ["hebdo", "hebdo", 50]
    # R: prop.test(35, 50, correct = FALSE)
    limits = table.loc["agreement", ["estimate", "low", "high"]].tolist()
    assert limits == pytest.approx([0.7, 0.5624964954, 0.8089644650], abs=1e-9)
    assert table.loc["kappa", "estimate"] == pytest.approx(0.4)
    assert table.loc["kappa", "low"] < 0.4 < table.loc["kappa", "high"]


def test_full_agreement_keeps_its_lower_limits():
    table = by_measure(results(*pairs(15, 0, 0, 15))[0])
    assert (table["estimate"] == 1).all()
    assert (table["low"] < 0.95).all()
    assert (table["high"] == 1).all()


def test_one_answer_by_all_has_an_agreement_and_no_kappa():
    table = by_measure(results(*pairs(20, 0, 0, 0))[0])
    assert table["status"].to_dict() == {"agreement": "shown", "kappa": "too_few"}
    assert table.loc["agreement", "low"] < 1
    assert math.isnan(table.loc["kappa", "estimate"])


def test_declared_mirrors_are_crossed_by_squares_of_distances():
    """Young people say 1, 2, 3, 4 ten times each; mentors the same but for ten who say one step more than 1."""
    young = [[f"P{i}", "", LEVELS[i // 10]] for i in range(40)]
    mentors = [[f"P{i}", "", LEVELS[max(i // 10, 1)]] for i in range(40)]
    table = by_measure(results(young, mentors, (MEAN, MIRROR))[0])
    assert table.loc["kappa", ["indicator", "mirror", "pairs"]].tolist() == ["efforts", "efforts_vus", 40]
    assert table.loc["agreement", "estimate"] == pytest.approx(30 / 40)
    # Sums of squared steps: 10 apart by 1 of 40 pairs; by chance, the mean over 4 x (2, 2, 3, 4) of their differences.
    seen, chance = 10 / 40, sum((x - y) ** 2 for x in (1, 2, 3, 4) for y in (2, 2, 3, 4)) / 16
    assert table.loc["kappa", "estimate"] == pytest.approx(1 - seen / chance)


def test_a_mentor_of_several_young_people_is_one_unit():
    young, mentors = pairs(20, 5, 10, 15)
    shared = [[f"P{int(code[1:]) // 5}", *rest] for code, *rest in young]
    few = [row for row in mentors if int(row[0][1:]) < 10]
    alone, together = results(young, mentors)[0], results(shared, few)[0]
    assert by_measure(together).loc["agreement", "pairs"] == 50
    wide = [
        by_measure(found).loc["agreement", "high"] - by_measure(found).loc["agreement", "low"]
        for found in (alone, together)
    ]
    assert wide[0] < wide[1]


def test_all_pairs_of_one_mentor_tell_nothing_of_others():
    young = [["A", "oui" if i % 2 else "non", ""] for i in range(20)]
    table = by_measure(results(young, [["A", "oui", ""]])[0])
    assert set(table["status"]) == {"too_few"}


def test_codes_match_as_headings_do_and_who_gave_none_is_in_no_pair():
    young = [[" ab 1", "oui", ""], ["AB 2", "non", ""], ["", "oui", ""], ["zz", "oui", ""]]
    found, _ = results(young, [["AB 1", "oui", ""], ["ab 2", "non", ""], ["", "oui", ""]])
    assert set(found.agreement["pairs"]) == {2}


def test_a_code_of_two_mentors_is_told_and_makes_no_pair():
    young, mentors = pairs(20, 5, 10, 15)
    mentors[1][0] = "p0"
    read, made = responses(young, mentors)
    told = read.problems[read.problems["problem"] == "pair_twice"]
    assert told[["source", "row", "column", "heading"]].to_numpy().tolist() == [
        ["b.csv", 2, "A", "Code"], ["b.csv", 3, "A", "Code"],
    ]  # fmt: skip
    assert set(told["value"]) == {""}
    assert set(analyse(read, made).agreement["pairs"]) == {48}


def test_a_check_tells_the_code_of_two_mentors_without_the_code():
    young, mentors = pairs(20, 5, 10, 15)
    mentors[1][0] = "p0"
    made = study(list(QUESTIONS), [SHARE], source=SOURCES, design={"pair": "binome"})
    files = [
        export(("Code", "Chaque semaine", "Effort"), young, source="a.csv"),
        replace(export(("Code", "Chaque semaine", "Effort vu"), mentors, source="b.csv"), sheet="Mentors"),
    ]
    found = examine(files, normalise(files, made), made)
    (told,) = [one for one in found.findings if one.kind == "pair_twice"]
    assert (told.source, told.sheet, told.question, told.rows) == ("b.csv", "Mentors", "binome", (2, 3))
    assert not told.values


def test_without_a_code_there_are_shares_and_no_agreement():
    young, mentors = pairs(20, 5, 10, 15)
    found, _ = results(young, mentors, design={"pair": ""})
    assert found.agreement.empty
    assert found.estimates["group"].tolist() == ["mentored", "mentor"]


def test_a_code_reaches_no_table():
    young, mentors = pairs(20, 5, 10, 15)
    young, mentors = ([[f"secret{code}", *rest] for code, *rest in side] for side in (young, mentors))
    read, made = responses(young, mentors)
    assert "binome" not in read.answers
    found = analyse(read, made)
    for name in found.__dataclass_fields__:
        assert (
            "secret"
            not in str(getattr(found, name).to_dict() if hasattr(getattr(found, name), "to_dict") else "").lower()
        )


@pytest.mark.parametrize(
    ("counts", "status"),
    [
        ((20, 5, 10, 15), "shown"),
        ((20, 2, 2, 20), "suppressed"),
        ((20, 4, 20, 20), "suppressed"),
        ((20, 20, 5, 5), "suppressed"),
        ((2, 20, 20, 2), "suppressed"),
        ((4, 2, 2, 2), "suppressed"),
    ],
)
def test_where_nearly_all_agree_a_mentor_would_know_the_answer_of_their_young_person(counts, status):
    found, made = results(*pairs(*counts))
    safe = protect(found, made).agreement
    assert set(safe["status"]) == {status}
    assert safe[["pairs", "estimate", "low", "high"]].isna().all(axis=None) == (status == "suppressed")


@pytest.mark.parametrize(
    ("alone", "status"), [((3, 0), "suppressed"), ((9, 0), "suppressed"), ((8, 3), "suppressed"), ((6, 6), "shown")]
)
@pytest.mark.parametrize("side", [0, 1])
def test_those_of_no_pair_are_what_all_less_the_pairs_tell(alone, status, side):
    both = pairs(20, 9, 10, 15)
    both[side].extend([f"Z{place}", "oui" if place < alone[0] else "non", ""] for place in range(sum(alone)))
    found, made = results(*both)
    safe = protect(found, made)
    assert set(safe.agreement["status"]) == {status}
    assert set(safe.estimates["status"]) == {"shown"}


def test_the_one_mentor_of_two_young_people_is_what_pairs_less_mentors_tell():
    young, mentors = pairs(20, 9, 10, 15)
    young.append(["P0", "oui", ""])
    found, made = results(young, mentors)
    assert set(protect(found, made).agreement["status"]) == {"suppressed"}


def test_weights_of_thousands_change_no_agreement():
    poids = {"id": "poids", "kind": "number", "text": "Poids", "asked": ["mentored", "mentor"]}
    told = []
    for times in (1, 1000):
        sides = [
            [[*row, str(times * (1 + place % 3))] for place, row in enumerate(side)] for side in pairs(20, 5, 10, 15)
        ]
        made = study([*QUESTIONS, poids], [SHARE], source=SOURCES, design={"pair": "binome", "weight": "poids"})
        headings = (("Code", "Chaque semaine", "Effort", "Poids"), ("Code", "Chaque semaine", "Effort vu", "Poids"))
        files = [
            export(heading, side, source=name)
            for heading, side, name in zip(headings, sides, ("a.csv", "b.csv"), strict=True)
        ]
        found = analyse(normalise(files, made), made).agreement
        told.append(found[["pairs", "estimate", "low", "high"]].to_numpy(dtype=float))
    assert told[0] == pytest.approx(told[1])


QUESTIONNAIRE = """
[dimension.d]
label = "D"
[[question]]
id = "code"
kind = "{kind}"
text = "Code"
asked = [{asked}]
[[question]]
id = "a"
kind = "number"
text = "A"
asked = ["mentored"]
[[question]]
id = "b"
kind = "number"
text = "B"
asked = ["mentor"]
[[indicator]]
id = "ia"
dimension = "d"
kind = "mean"
question = "{question}"
label = "L"
[[indicator]]
id = "ib"
dimension = "d"
kind = "mean"
question = "b"
label = "L"
mirrors = "{mirrors}"
"""
RIGHT = {"kind": "number", "asked": '"mentored", "mentor"', "question": "a", "mirrors": "ia"}


def read(folder, **changed):
    (folder / "questionnaire.toml").write_text(QUESTIONNAIRE.format(**RIGHT | changed), encoding="utf-8")
    (folder / "study.toml").write_text(
        '[study]\ntitle = "T"\nyear = 2026\nquestionnaire = "questionnaire.toml"\n'
        '[[source]]\nfile = "a.csv"\ngroup = "mentored"\n[design]\npair = "code"\n', encoding="utf-8",
    )  # fmt: skip
    return read_study(folder)


def test_a_pair_and_its_mirrors_are_read(tmp_path):
    found = read(tmp_path)
    assert found.design.pair == "code"
    assert found.questionnaire.indicators["ib"].mirrors == "ia"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"mirrors": "ic"}, "« ic »"),
        ({"mirrors": "ib"}, "mirrors"),
        ({"kind": "date"}, "binôme"),
        ({"question": "code", "asked": '"mentored", "mentor"', "mirrors": ""}, "binôme"),
        ({"asked": '"mentored"'}, "asked"),
    ],
)
def test_a_pair_that_would_tell_who_is_who_and_an_uneven_mirror_are_refused(tmp_path, changed, said):
    with pytest.raises(ImpactError, match=said):
        read(tmp_path, **changed)
