"""What leaves the room, table by table: nested answers, routes, boxes, bands, indices; nothing of what is hidden."""

from dataclasses import fields

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from impact.analyse import analyse
from impact.errors import ImpactError
from impact.model import CAUSES, MASKED, TABLES
from impact.multiplicity import benjamini_hochberg, holm
from impact.normalise import normalise
from impact.protect import protect
from impact.protect._rounding import chance, level
from impact.study import read_study
from tests.unit._exports import AGREEMENT, YES_NO, export, study

BOTH = [{"file": "a.csv", "group": {"column": "Mentor", "mentored": ["1"], "non_mentored": ["0"]}}]
APART = {"merge_unknown": False}  # those of unknown duration stand alone
SCHOOL = {"id": "ecole", "kind": "single", "text": "École", "choices": YES_NO}
ABSENT = {"id": "absence", "kind": "single", "text": "Absence", "choices": YES_NO}
ROUTED = ABSENT | {"only_if": {"question": "ecole", "is": ["oui"]}}
FRIENDS = {"id": "amis", "kind": "multiple", "text": "Aides", "none_ticked": "answered",
           "choices": [{"code": code, "label": code.title()} for code in ("pere", "mere", "voisin")]}  # fmt: skip
OPINION = {"id": "avis", "kind": "single", "text": "Avis", "choices": AGREEMENT}
TRUST = OPINION | {"id": "foi", "text": "Confiance"}
MONTHS = {"id": "mois", "kind": "number", "text": "Mois"}


def share(question, counts, name="", **more):
    return {"id": name or question, "dimension": "d", "kind": "share", "label": "L", "question": question,
            "counts": counts} | more  # fmt: skip


def mean(question, name="", **more):
    return {"id": name or question, "dimension": "d", "kind": "mean", "label": "L", "question": question} | more


def results(headings, rows, questions, indicators, **tables):
    made = study(questions, indicators, source=BOTH, **tables)
    return analyse(normalise([export(["Mentor", *headings], rows)], made), made), made


def status(safe, table="estimates", subject="indicator"):
    frame = getattr(safe, table)
    return {(row[subject], row["group"]): row["status"] for row in frame.to_dict("records")}


def why(safe, table="estimates"):
    rows = safe.masked[safe.masked["table"] == table]
    return {(row.subject, row.group): row.cause for row in rows.itertuples()}


# --- one vector ------------------------------------------------------------------------------------------------------


def of_opinions(*counts, group="1"):
    labels = [each["label"]["fr"] for each in AGREEMENT]
    return [[group, label] for label, many in zip(labels, counts, strict=True) for _ in range(many)]


@pytest.mark.parametrize(("between", "shown"), [(2, False), (5, True)])
def test_two_thresholds_of_one_question_are_one_set_of_answers(between, shown):
    """Who agrees, and who fully agrees: each is safe by itself; the few between are what one leaves of the other."""
    agree = share("avis", ["plutot", "tout_a_fait"], "accord")
    fully = share("avis", ["tout_a_fait"], "plein")
    found, made = results(["Avis"], of_opinions(10, 10, between, 30), [OPINION], [agree, fully])
    safe = protect(found, made)
    assert set(safe.estimates["status"]) == {"shown" if shown else "suppressed"}
    alone, made = results(["Avis"], of_opinions(10, 10, between, 30), [OPINION], [agree])
    assert set(protect(alone, made).estimates["status"]) == {"shown"}


def test_a_mean_of_two_or_three_answers_tells_how_many_gave_each():
    found, made = results(["Avis"], of_opinions(0, 20, 20, 3), [OPINION], [mean("avis")])
    assert why(protect(found, made)) == {("avis", "mentored"): "answer"}
    found, made = results(["Avis"], of_opinions(3, 20, 20, 3), [OPINION], [mean("avis")])
    assert not why(protect(found, made))


@pytest.mark.parametrize(
    ("counts", "figures", "hidden"),
    [
        ((2, 20, 20, 20), (), set()),  # a mean and its error leave the two who disagree in doubt
        ((2, 20, 20, 20), ("accord",), {"avis"}),  # with a share they do not: base, share, mean and error are four
        ((6, 20, 20, 20), ("accord",), set()),  # all four answers may be told
        ((2, 9, 9, 9), (), {"avis"}),  # of few people, the error alone may leave one set of answers
    ],
)
def test_a_mean_of_a_scale_is_told_where_it_does_not_tell_who_gave_which_answer(counts, figures, hidden):
    shares = [share("avis", ["plutot", "tout_a_fait"], name) for name in figures]
    found, made = results(["Avis"], of_opinions(*counts), [OPINION], [*shares, mean("avis")])
    assert {name for name, _ in why(protect(found, made))} == hidden


def of_two(*arms):
    """(group, yes to both, yes to the first alone, to the second alone, to neither)."""
    words = (("Oui", "Oui"), ("Oui", "Non"), ("Non", "Oui"), ("Non", "Non"))
    return [[group, *said] for group, *counts in arms for said, many in zip(words, counts, strict=True)
            for _ in range(many)]  # fmt: skip


@pytest.mark.parametrize(
    ("arm", "told"),
    [
        ((22, 3, 0, 35), "suppressed"),  # 25 and 22 of 60: three between
        ((22, 8, 0, 30), "shown"),
        ((22, 0, 0, 38), "suppressed"),  # nobody between, where others are
        ((22, 3, 6, 29), "shown"),  # no one's yes tells the other
    ],
)
def test_two_questions_of_which_one_tells_of_the_other_are_one_set_of_answers(arm, told):
    others = (30, 20, 0 if arm[2] == 0 else 6, 30)
    rows, figures = of_two(("1", *arm), ("0", *others)), [share("ecole", ["oui"]), share("absence", ["oui"])]
    safe = protect(*results(["École", "Absence"], rows, [SCHOOL, ABSENT], figures))
    assert status(safe) == {("ecole", "mentored"): "shown", ("ecole", "non_mentored"): "shown",
                            ("absence", "mentored"): told, ("absence", "non_mentored"): "shown"}  # fmt: skip
    assert status(safe, "distributions", "question")["absence", "mentored"] == told


def test_a_question_turned_around_tells_as_much():
    rows, figures = (
        of_two(("1", 0, 25, 32, 3), ("0", 0, 40, 40, 20)),
        [share("ecole", ["oui"]), share("absence", ["oui"])],
    )
    safe = protect(*results(["École", "Absence"], rows, [SCHOOL, ABSENT], figures))
    assert status(safe)["absence", "mentored"] == "suppressed"


def test_two_questions_that_chance_set_one_in_the_other_are_two():
    """Of six and of nine people nobody is in both: so few that it says nothing of the others."""
    rows, figures = of_two(("1", 0, 6, 9, 45)), [share("ecole", ["oui"]), share("absence", ["oui"])]
    safe = protect(*results(["École", "Absence"], rows, [SCHOOL, ABSENT], figures))
    assert set(safe.estimates["status"]) == {"shown"}


# --- routes ----------------------------------------------------------------------------------------------------------


def of_pupils(away, group="1", n=40):
    """Of n people of a group, so many who do not go to school and are not asked; a third of the others is absent."""
    return [[group, "Non", ""] if i < away else [group, "Oui", "Oui" if i % 3 else "Non"] for i in range(n)]


@pytest.mark.parametrize(("away", "shown"), [(0, False), (1, False), (4, False), (5, True), (12, True)])
def test_the_base_of_a_routed_question_tells_no_more_of_the_route_than_its_own_row(away, shown):
    found, made = results(["École", "Absence"], of_pupils(away), [SCHOOL, ROUTED], [share("absence", ["oui"])])
    safe = protect(found, made)
    told = "shown" if shown else "suppressed"
    assert set(safe.estimates["status"]) == {told}
    assert status(safe, "distributions", "question") == {("ecole", "mentored"): told, ("absence", "mentored"): told}
    assert ("not_asked" in set(safe.missing["reason"])) == shown
    assert set(why(safe).values()) <= {"filter"}


@pytest.mark.parametrize(("half", "told"), [(2, "suppressed"), (6, "shown")])
def test_the_answers_that_lead_to_a_question_and_those_that_a_share_counts_are_one_set(half, told):
    """Whole days or half days lead to the next question, and whole days have a share: how many were asked it would tell
    of the few half days."""
    days = [{"code": code, "label": code.title()} for code in ("entier", "demi", "non")]
    school, routed = SCHOOL | {"choices": days}, ABSENT | {"only_if": {"question": "ecole", "is": ["entier", "demi"]}}
    rows = [["1", "Entier", "Oui" if i % 2 else "Non"] for i in range(30)]
    rows += [["1", "Demi", "Oui" if i % 2 else "Non"] for i in range(half)] + [["1", "Non", ""]] * 10
    figures = [share("ecole", ["entier"]), share("absence", ["oui"])]
    found, made = results(["École", "Absence"], rows, [school, routed], figures)
    assert status(protect(found, made)) == {("ecole", "mentored"): told, ("absence", "mentored"): "shown"}


def test_a_route_that_is_not_sensitive_hides_nothing():
    rows, rule = of_pupils(1), {"not_sensitive": ["ecole"]}
    found, made = results(["École", "Absence"], rows, [SCHOOL, ROUTED], [share("absence", ["oui"])], disclosure=rule)
    assert set(protect(found, made).estimates["status"]) == {"shown"}


def test_everybody_may_be_old_enough_but_not_all_but_a_few():
    age = {"id": "age", "kind": "number", "text": "Âge"}
    routed = ABSENT | {"only_if": {"question": "age", "min": 16}}
    for few, told in ((0, "shown"), (3, "suppressed"), (8, "shown")):
        rows = [["1", "12" if i < few else "17", "Oui" if i % 2 else "Non"] for i in range(40)]
        found, made = results(["Âge", "Absence"], rows, [age, routed], [share("absence", ["oui"])])
        assert set(protect(found, made).estimates["status"]) == {told}


def test_who_answered_though_not_asked_is_named_by_no_row_where_the_route_is_hidden():
    rows = [["1", "Non", "Oui"], *of_pupils(1)]
    found, made = results(["École", "Absence"], rows, [SCHOOL, ROUTED], [share("absence", ["oui"])])
    assert "answered_though_not_asked" in set(found.problems["problem"])
    assert "answered_though_not_asked" not in set(protect(found, made).problems["problem"])
    rows = [["1", "Non", "Oui"], *of_pupils(9)]
    found, made = results(["École", "Absence"], rows, [SCHOOL, ROUTED], [share("absence", ["oui"])])
    assert "answered_though_not_asked" in set(protect(found, made).problems["problem"])


def test_the_few_who_say_that_a_question_is_none_for_them_are_counted_nowhere():
    none = {"code": "na", "label": {"fr": "Sans objet"}, "reason": "not_applicable"}
    asked = ABSENT | {"missing": [none]}
    for few in (2, 6):
        rows = [[group, "Sans objet" if i < few else "Oui" if i % 2 else "Non"] for group in "10" for i in range(50)]
        found, made = results(["Absence"], rows, [asked], [share("absence", ["oui"])])
        safe = protect(found, made)
        assert set(safe.estimates["status"]) == {"shown"}
        assert len(safe.missing) == (0 if few < 5 else 2)
        bounds = safe.sensitivity[safe.sensitivity["analysis"].isin(["bounds", "trimming"])]
        assert ("shown" in set(bounds["status"])) == (few >= 5)


# --- boxes -----------------------------------------------------------------------------------------------------------


def of_boxes(*ticked, n=30):
    """So many of n people tick each of the three boxes, the last people first for the second."""
    first, second, third = ticked
    return [["1", *("1" if tick else "0" for tick in (i < first, i >= n - second, i < third))] for i in range(n)]


def test_each_box_is_an_answer_and_the_question_is_shown_whole_or_not_at_all():
    questions, headings = [FRIENDS], ["Aides [Pere]", "Aides [Mere]", "Aides [Voisin]"]
    figures = [share("amis", ["pere"], "a_pere"), share("amis", ["mere"], "a_mere")]
    for third, spread in ((3, "suppressed"), (9, "shown")):
        found, made = results(headings, of_boxes(14, 20, third), questions, figures)
        safe = protect(found, made)
        assert set(safe.estimates["status"]) == {"shown"}
        assert set(safe.distributions["status"]) == {spread}
        assert set(safe.options["status"]) == {spread}
    found, made = results(headings, of_boxes(14, 27, 9), questions, figures)
    assert set(protect(found, made).estimates["status"]) == {"suppressed"}  # three lack the second: both figures go


# --- bands -----------------------------------------------------------------------------------------------------------


def of_bands(*arms, group="1"):
    """(months, how many, how many say yes) of the mentored; others have no months."""
    return [[group, months, "Oui" if i < yes else "Non"] for months, n, yes in arms for i in range(n)]


EXAMPLE_D = (("12", 50, 22), ("2", 20, 20), ("", 15, 6))


def by_duration(arms, disclosure=APART):
    rows = [*of_bands(*arms), *of_bands(("", 103, 40), group="0")]
    tables = {"duration": {"question": "mois"}, "disclosure": disclosure}
    return results(["Mois", "Absence"], rows, [MONTHS, ABSENT], [share("absence", ["oui"])], **tables)


def test_what_is_left_of_the_mentored_is_hidden_with_a_companion_and_all_that_stands_on_either():
    found, made = by_duration(EXAMPLE_D)
    safe = protect(found, made)
    hidden = {"mentored_under", "mentored_unknown"}
    assert {group for (_, group), told in status(safe).items() if told != "shown"} == hidden
    assert why(safe) == {("absence", "mentored_under"): "answer", ("absence", "mentored_unknown"): "remainder"}
    assert list(safe.masked.columns) == list(MASKED)
    assert set(safe.masked["status"]) == {"suppressed", "suppressed_secondary"}
    assert set(safe.masked["cause"]) <= set(CAUSES)
    for name in ("comparisons", "sensitivity"):
        frame = getattr(safe, name)
        touched = frame["group"].isin(hidden) | frame["reference"].isin(hidden)
        assert set(frame[touched]["status"]) == {"suppressed"}
        assert "shown" in set(frame[~touched]["status"])
    assert not safe.missing["group"].isin(hidden).any()
    assert set(safe.trend["status"]) <= {"suppressed"}


def test_a_printed_table_has_one_status_for_what_is_hidden_and_nothing_that_stands_on_its_counts():
    found, made = by_duration(EXAMPLE_D)
    safe = protect(found, made)
    for name, columns in TABLES.items():
        if "status" not in columns:
            continue
        frame = getattr(safe, name)
        hidden = frame[frame["status"].str.startswith("suppressed")]
        assert set(hidden["status"]) <= {"suppressed"}
        for column in ("n", "estimate", "share", "count", "low", "high", "p", "p_adjusted", "verdict"):
            assert column not in hidden or hidden[column].isna().all()
        for column in ("test", "reason"):
            assert column not in hidden or hidden[column].eq("").all()


def test_an_answer_exchanged_within_what_is_hidden_changes_nothing_that_leaves_the_room():
    """20 of 20 and 6 of 15, or 19 and 7, 18 and 8: the same 26 of 35."""
    made = by_duration(EXAMPLE_D)[1]
    tables = [protect(by_duration((EXAMPLE_D[0], ("2", 20, under), ("", 15, 26 - under)))[0], made)
              for under in (20, 19, 18)]  # fmt: skip
    for other in tables[1:]:
        for field in fields(other):
            one, two = getattr(tables[0], field.name), getattr(other, field.name)
            if isinstance(one, pd.DataFrame):
                assert_frame_equal(one, two)


def test_an_internal_audience_reads_every_row_as_it_was_made():
    found, made = by_duration(EXAMPLE_D, {"audience": "internal"})
    safe = protect(found, made)
    for name in TABLES:
        assert_frame_equal(getattr(safe, name), getattr(found, name))
    assert safe.counts.empty
    assert safe.masked.empty


# --- indices ---------------------------------------------------------------------------------------------------------


def test_an_index_stands_where_all_its_items_do_in_its_group_and_in_the_one_they_are_measured_in():
    index = {"id": "d", "dimension": "d", "kind": "index", "label": "L", "items": ["avis", "foi", "absence"]}
    questions, figures = [OPINION, TRUST, ABSENT], [mean("avis"), mean("foi"), share("absence", ["oui"]), index]
    labels = [each["label"]["fr"] for each in AGREEMENT]

    def answers(yes, of_others):
        return [[group, labels[i % 4], labels[i // 2 % 4], "Oui" if i < absent else "Non"]
                for group, absent in (("1", yes), ("0", of_others)) for i in range(60)]  # fmt: skip

    for yes, of_others, shown in ((30, 30, {"mentored", "non_mentored"}), (3, 30, {"non_mentored"}), (30, 3, set())):
        found, made = results(["Avis", "Confiance", "Absence"], answers(yes, of_others), questions, figures)
        safe = protect(found, made)
        assert {group for (name, group), told in status(safe).items() if name == "d" and told == "shown"} == shown
        assert set(safe.reliability.loc[safe.reliability["status"] == "shown", "group"]) == shown
        assert {cause for (name, _), cause in why(safe).items() if name == "d"} <= {"index"}


@pytest.mark.parametrize(
    ("both", "first", "second", "neither", "shown"),
    [(9, 0, 21, 30, ()), (9, 6, 20, 25, ("values", "items")), (9, 3, 20, 28, ())],
)
def test_an_index_of_two_yes_or_no_is_told_where_all_four_answers_to_both_may_be(both, first, second, neither, shown):
    """Its error, or alpha, tells how many said yes to both: one number leaves one table."""
    index = {"id": "d", "dimension": "d", "kind": "index", "label": "L", "items": ["ecole", "absence"]}
    cells = ((20, 15, 22, 23), (both, first, second, neither))
    words = (("Oui", "Oui"), ("Oui", "Non"), ("Non", "Oui"), ("Non", "Non"))
    rows = [[group, *said] for group, counts in zip("01", cells, strict=True)
            for said, many in zip(words, counts, strict=True) for _ in range(many)]  # fmt: skip
    figures = [share("ecole", ["oui"]), share("absence", ["oui"]), index]
    safe = protect(*results(["École", "Absence"], rows, [SCHOOL, ABSENT], figures))
    assert {status(safe)[name, "mentored"] for name in ("ecole", "absence")} == {"shown"}
    assert (status(safe)["d", "mentored"] == "shown") == ("values" in shown)
    alpha = safe.reliability[safe.reliability["measure"] == "alpha"].set_index("group")["status"].to_dict()
    assert alpha == {"mentored": "shown" if "items" in shown else "suppressed", "non_mentored": "shown"}


@pytest.mark.parametrize("items", [3, 4])
def test_how_far_three_yes_or_no_tell_one_thing_is_told_where_all_answers_at_once_may_be(items):
    """Alpha and omega of three leave one or two tables; of four the tables are too many."""
    names = [f"q{place}" for place in range(items)]
    index = {"id": "d", "dimension": "d", "kind": "index", "label": "L", "items": names}
    questions = [ABSENT | {"id": name, "text": name.upper()} for name in names]
    rows = [[group, *("Oui" if (i * (place + 3) + i // 7) % 5 < 2 else "Non" for place in range(items))]
            for group in "10" for i in range(50)]  # fmt: skip
    figures = [share(name, ["oui"]) for name in names]
    safe = protect(*results([name.upper() for name in names], rows, questions, [*figures, index]))
    assert status(safe)["d", "mentored"] == "shown"
    assert set(safe.reliability["status"]) == ({"suppressed"} if items == 3 else {"shown"})


# --- what is corrected together --------------------------------------------------------------------------------------

MANY = [ABSENT | {"id": f"q{place}", "text": f"Q{place}"} for place in range(4)]


def of_many(last):
    """Four yes or no; of the last so many mentored say yes."""
    arms = {"1": (20, 30, 15, last), "0": (33, 31, 30, 30)}
    apart = (1, 7, 11, 13)  # steps around the sixty, so that no question tells of another
    return [[group, *("Oui" if i * step % 60 < yes else "Non" for step, yes in zip(apart, arms[group], strict=True))]
            for group in "10" for i in range(60)]  # fmt: skip


@pytest.mark.parametrize("primary", [(), ("q0", "q1", "q3")])
def test_a_corrected_p_stands_on_the_rows_that_are_shown(primary):
    """Of four comparisons one is hidden, whatever it is: the three others are corrected among themselves."""
    figures, names = [share(f"q{place}", ["oui"]) for place in range(4)], ["Q0", "Q1", "Q2", "Q3"]
    tables = []
    for last in (4, 0):
        found, made = results(names, of_many(last), MANY, figures, analysis={"primary": list(primary)})
        tables.append(protect(found, made).comparisons)
    assert_frame_equal(*tables)
    rows = tables[0].query("measure == 'difference' and status == 'shown'").set_index("indicator")
    assert list(rows.index) == ["q0", "q1", "q2"]
    for names, correct in (([one for one in rows.index if one in primary], holm),
                           ([one for one in rows.index if one not in primary], benjamini_hochberg)):  # fmt: skip
        p = rows.loc[names, "p"].to_numpy(dtype=float)
        assert rows.loc[names, "p_adjusted"].tolist() == pytest.approx(correct(p).tolist())


# --- what is called not sensitive ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("n", "yes", "told"), [(30, 1, "shown"), (30, 0, "suppressed"), (30, 30, "suppressed"), (10, 5, "suppressed")]
)
def test_an_answer_that_is_not_sensitive_is_told_of_one_person_never_of_all_nor_of_few(n, yes, told):
    rows = [["1", "Oui" if i < yes else "Non"] for i in range(n)]
    rule = {"not_sensitive": ["absence"]}
    found, made = results(["Absence"], rows, [ABSENT], [share("absence", ["oui"])], disclosure=rule)
    assert set(protect(found, made).estimates["status"]) == {told}


def test_a_question_called_not_sensitive_must_be_one(tmp_path):
    (tmp_path / "q.toml").write_text(
        '[dimension.d]\nlabel = "D"\n[[question]]\nid = "absence"\nkind = "number"\ntext = "A"\n'
        '[[indicator]]\nid = "i"\ndimension = "d"\nquestion = "absence"\nkind = "mean"\nlabel = "I"\n'
    )
    (tmp_path / "study.toml").write_text(
        '[study]\ntitle = "T"\nyear = 2026\nquestionnaire = "q.toml"\n[[source]]\nfile = "a.csv"\ngroup = "mentored"\n'
        '[disclosure]\nnot_sensitive = ["absense"]\n'
    )
    with pytest.raises(ImpactError) as caught:
        read_study(tmp_path / "study.toml")
    assert caught.value.key == "study_no_question"
    assert "absence" in caught.value.say()


# --- digits ----------------------------------------------------------------------------------------------------------


def test_what_is_not_made_of_shown_counts_is_rounded_and_shares_of_plain_counts_are_not():
    rows = [[group, "Oui" if i % 3 else "Non", AGREEMENT[(i * 7) % 4]["label"]["fr"], str(1 + i % 5)]
            for group, n in (("1", 61), ("0", 53)) for i in range(n)]  # fmt: skip
    weight = {"id": "poids", "kind": "number", "text": "Poids"}
    asked = (["Absence", "Avis", "Poids"], rows, [ABSENT, OPINION, weight], [share("absence", ["oui"]), mean("avis")])
    plain, made = results(*asked)
    safe = protect(plain, made)
    level = safe.estimates.set_index(["indicator", "group"])["estimate"]
    assert level["absence", "mentored"] == round(40 / 61, 10)  # the last bits of a double are the order of the rows
    told = safe.estimates[safe.estimates["indicator"] == "avis"]
    exact = plain.estimates[plain.estimates["indicator"] == "avis"]
    for column in ("estimate", "std_error", "low", "high"):
        assert told[column].map(lambda value: len(f"{value!r}".strip("-0.").replace(".", ""))).max() <= 3
        assert told[column].to_numpy() == pytest.approx(exact[column].to_numpy(), rel=0.05)
    heavy, made = results(*asked, design={"weight": "poids"})
    shares = protect(heavy, made).estimates.query("indicator == 'absence'")["estimate"]
    assert shares.map(lambda value: len(repr(value)) <= len("0.123")).all()


@pytest.mark.parametrize(
    ("p", "printed"),
    [(0.12345, 0.123), (0.05, 0.05), (0.0496, 0.0496), (0.05004, 0.05004), (0.00012345, 0.0001), (0.00098, 0.0009)],
)
def test_a_rounded_p_stays_on_its_side_of_what_sentences_hang_on(p, printed):
    assert chance(p) == printed
    assert np.isnan(chance(float("nan")))


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (2.3456, 2.35),
        (15.678, 15.7),
        (163.4, 163),
        (-0.2345, -0.23),
        (0.0034, 0.003),
        (1.004, 1.004),
        (0.0, 0.0),
        (1e-16, 0.0),
    ],
)
def test_what_is_drawn_from_means_has_the_decimals_of_a_page_and_stays_on_its_side_of_no_difference(value, printed):
    assert level(value) == printed


@pytest.mark.parametrize(("unknown", "yes", "shown"), [(0, 0, True), (9, 4, False), (14, 2, False), (14, 7, True)])
def test_a_slope_is_shown_where_those_it_leaves_out_are_enough(unknown, yes, shown):
    """All the mentored, or the band that took in those of unknown duration, less those of known months."""
    rows = [["1", "Oui" if i % 2 else "Non", str(1 + i % 12)] for i in range(80)]
    rows += [["1", "Oui" if i < yes else "Non", ""] for i in range(unknown)]
    months = {"id": "mois", "kind": "number", "text": "Mois"}
    asked = (["Absence", "Mois"], rows, [ABSENT, months], [share("absence", ["oui"])])
    found, made = results(*asked, duration={"question": "mois"})
    assert set(protect(found, made).trend.query("measure == 'slope'")["status"]) == {"shown" if shown else "suppressed"}
