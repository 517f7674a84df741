"""Young people of unknown duration put with the smaller band: when, once for the whole report, and said."""

from dataclasses import replace
from functools import cache

import pandas as pd
import pytest

from impact import texts
from impact.analyse import analyse
from impact.analyse.merging import merged, taking_in
from impact.figures import group_name
from impact.model import COMPARISONS, MERGED, TABLES, comparisons_in, merged_in, named_in
from impact.normalise import normalise
from impact.protect import protect
from impact.report.book import open_book
from impact.report.pages import document
from impact.report.sentences import name
from impact.study.locking import lock
from impact.study.published import Published
from tests.unit._exports import YES_NO, export, study
from tests.unit._fake_results import fake_results, fake_study

ABSENCE = {"id": "absence", "kind": "single", "text": "Absence", "choices": YES_NO}
MONTHS = {"id": "mois", "kind": "number", "text": "Mois", "asked": ["mentored"]}
SHARE = {"id": "absents", "dimension": "d", "kind": "share", "label": "L", "question": "absence", "counts": ["oui"]}
BOTH = [{"file": "a.csv", "group": {"column": "Mentor", "mentored": ["1"], "non_mentored": ["0"]}}]
LASTED = {"over": "8", "under": "2", "unknown": ""}
FR, EN = texts.load("fr"), texts.load("en")


def people(answered=None, **sizes):
    """Rows of as many people in each band and outside; a third of them says yes. Of those of unknown duration, only
    `answered` answer."""
    rows = []
    for group, size in sizes.items():
        said = ["oui" if place % 3 == 0 else "non" for place in range(size)]
        if group == "unknown" and answered is not None:
            said[answered:] = [""] * (size - answered)
        rows += [["0" if group == "others" else "1", word, LASTED.get(group, "")] for word in said]
    return rows


def made(rows, **tables):
    tables = {"duration": {"question": "mois"}, "source": BOTH} | tables
    read = study([ABSENCE, MONTHS], [SHARE], **tables)
    return normalise([export(("Mentor", "Absence", "Mois"), rows)], read), read


def analysed(rows, **tables):
    responses, read = made(rows, **tables)
    return analyse(responses, read)


@pytest.mark.parametrize(
    ("sizes", "side"),
    [
        ({"over": 60, "under": 40, "unknown": 21}, "under"),
        ({"over": 60, "under": 40, "unknown": 22}, ""),  # twice the base of 11: they stand alone
        ({"over": 40, "under": 60, "unknown": 12}, "over"),
        ({"over": 40, "under": 40, "unknown": 12}, "under"),
        ({"over": 60, "under": 8, "unknown": 3}, "under"),  # the two together reach the base
        ({"over": 60, "under": 7, "unknown": 3}, ""),  # they do not: it would help nobody
        ({"over": 60, "under": 40}, ""),
        ({"over": 60, "unknown": 12}, ""),  # one band alone: it would be all the mentored
        ({"under": 60, "unknown": 12}, ""),
        ({"unknown": 12}, ""),
    ],
)
def test_the_smaller_band_takes_in_those_too_few_to_stand_alone(sizes, side):
    responses, read = made(people(**sizes, others=50))
    assert taking_in(responses, read) == side
    assert (merged(responses, read) is responses) == (side == "")


@pytest.mark.parametrize(("answered", "side"), [(22, ""), (21, "under"), (0, "under")])
def test_those_who_did_not_answer_are_no_base(answered, side):
    responses, read = made(people(answered, over=60, under=40, unknown=30, others=50))
    assert taking_in(responses, read) == side


def test_the_rule_is_the_studys_own():
    rows = people(over=60, under=40, unknown=30, others=50)
    responses, read = made(rows, disclosure={"minimum_base": 20})
    assert taking_in(responses, read) == "under"
    responses, read = made(rows, disclosure={"minimum_base": 15})
    assert taking_in(responses, read) == ""


@pytest.mark.parametrize("answers", ["oui", "non"])
def test_what_was_answered_decides_nothing(answers):
    rows = people(over=60, under=40, unknown=21, others=50)
    alike = [[mentor, answers, months] for mentor, _, months in rows]
    assert taking_in(*made(rows)) == taking_in(*made(alike)) == "under"


def test_a_question_that_an_earlier_answer_leads_to_is_no_reason_to_merge():
    """Of 30, seven say yes and are asked more: the base of that question is small in any group."""
    more = {"id": "plus", "kind": "single", "text": "Plus", "choices": YES_NO,
            "only_if": {"question": "absence", "is": ["oui"]}}  # fmt: skip
    asked = {**SHARE, "id": "plus_absents", "question": "plus"}
    rows = [[*row, "oui" if row[1] == "oui" else ""] for row in people(over=60, under=40, unknown=30, others=50)]
    read = study([ABSENCE, MONTHS, more], [SHARE, asked], source=BOTH, duration={"question": "mois"})
    assert taking_in(normalise([export(("Mentor", "Absence", "Mois", "Plus"), rows)], read), read) == ""


@pytest.mark.parametrize("rule", [{"audience": "internal"}, {"merge_unknown": False}])
def test_nothing_is_merged_for_an_internal_audience_nor_against_the_studys_word(rule):
    found = analysed(people(over=60, under=40, unknown=12, others=50), disclosure=rule)
    assert found.sizes == {
        "mentored": 112, "mentored_over": 60, "mentored_under": 40, "mentored_unknown": 12, "non_mentored": 50,
    }  # fmt: skip
    assert not set(MERGED.values()) & set(found.estimates["group"])


def test_without_a_split_by_duration_there_is_nothing_to_merge():
    responses, read = made(people(others=50, over=30), duration=None)
    assert merged(responses, read) is responses


@pytest.mark.parametrize(("over", "under", "side"), [(60, 40, "under"), (40, 60, "over")])
def test_figures_are_those_of_the_union(over, under, side):
    """The same people, those of unknown duration told as mentored for as long as the band: the same figures."""
    rows = people(over=over, under=under, unknown=12, others=50)
    told = [[mentor, said, months or LASTED[side] if mentor == "1" else ""] for mentor, said, months in rows]
    here, there = analysed(rows), analysed(told)
    band = f"mentored_{side}"
    renamed = {band: MERGED[band]}
    for table in sorted(set(TABLES) - {"flow", "problems", "trend"}):
        frame = getattr(there, table)
        groups = [column for column in ("group", "reference", "arm") if column in frame]
        expected = frame.assign(**{column: frame[column].replace(renamed) for column in groups})
        keys = [column for column in frame if column in {"indicator", "question", "choice", "reason", "measure",
                                                         "analysis", *groups}]  # fmt: skip
        one, other = (each.sort_values(keys).reset_index(drop=True) for each in (getattr(here, table), expected))
        pd.testing.assert_frame_equal(one, other, rtol=1e-12)
    assert here.sizes == {renamed.get(group, group): size for group, size in there.sizes.items()}
    row = here.estimates.query("group == @renamed[@band]").iloc[0]
    small = {"over": over, "under": under}[side]
    assert row["n"] == small + 12
    assert row["estimate"] == pytest.approx((-(-small // 3) + 4) / (small + 12))


def test_who_is_compared_with_whom_once_merged():
    found = analysed(people(over=60, under=40, unknown=12, others=50))
    pairs = found.comparisons[["group", "reference"]].drop_duplicates().itertuples(index=False, name=None)
    assert list(pairs) == [
        ("mentored", "non_mentored"), ("mentored_over", "non_mentored"), ("mentored_under_unknown", "non_mentored"),
        ("mentored_over", "mentored_under_unknown"),
    ]  # fmt: skip
    assert comparisons_in({"mentored", "mentored_over", "mentored_under"}) == COMPARISONS
    assert named_in("mentored_over", {"mentored_over_unknown"}) == "mentored_over_unknown"
    assert merged_in({"mentored", "mentored_over"}) == ""


def test_merging_lets_the_small_band_be_shown():
    """Five of unknown duration, whom any two bands shown beside all the mentored would tell: apart, they hide one."""
    rows = people(over=72, under=42, unknown=5, others=60)
    responses, read = made(rows)
    safe = protect(analyse(responses, read), read).estimates.set_index("group")["status"]
    assert safe["mentored_under_unknown"] == safe["mentored_over"] == "shown"
    responses, read = made(rows, disclosure={"merge_unknown": False})
    safe = protect(analyse(responses, read), read).estimates.set_index("group")["status"]
    assert {safe["mentored_under"], safe["mentored_over"]} != {"shown"}


def test_a_published_figure_stands_beside_the_band_by_its_own_name():
    rows = people(over=60, under=40, unknown=12, others=50)
    figures = [
        {"id": "part", "says": "P", "indicator": "absents", "group": "mentored_under", "value": 0.5, "rounding": 0.01,
         "base": 40, "where": ["w"]},
        {"id": "taille", "says": "T", "kind": "size", "group": "mentored_under", "value": 40, "rounding": 1,
         "base": 40, "where": ["w"]},
        {"id": "rapport", "says": "R", "kind": "ratio", "indicator": "absents", "group": "mentored_under",
         "reference": "non_mentored", "value": 0.5, "rounding": 0.01, "base": 40, "where": ["w"]},
    ]  # fmt: skip
    responses, read = made(rows)
    read = replace(read, published=Published.model_validate({"title": "P", "year": 2022, "figure": figures}))
    found = analyse(responses, read).published.set_index("figure")
    assert set(found["group"]) == {"mentored_under_unknown"}
    assert found["n"].tolist() == [52, 52, 52]
    assert found.loc["part", "estimate"] == pytest.approx((14 + 4) / 52)
    assert found.loc["rapport", "status"] == "shown"


def test_a_plan_foresaw_no_merged_band(tmp_path):
    """What a band's difference stands on is no longer as it was planned, nor what is corrected together with it."""
    from impact.analyse.planned import planned  # noqa: PLC0415 – beside the one test that asks for it

    rows = people(over=60, under=40, unknown=12, others=50)
    responses, read = made(rows)
    held = replace(read, file=tmp_path / "study.toml")
    held = replace(held, plan=lock(held, "2026-01-01", "0"))
    found = analyse(responses, held)
    pairs = found.comparisons.assign(plan=planned(found.comparisons, held)).set_index(["group", "reference"])["plan"]
    assert set(pairs["mentored", "non_mentored"]) == {"planned"}
    assert set(pairs.drop(("mentored", "non_mentored"))) == {"exploratory"}
    levels = found.estimates.assign(plan=planned(found.estimates, held)).set_index("group")["plan"]
    assert levels.to_dict() == {
        "mentored": "planned", "mentored_over": "planned", "mentored_under_unknown": "exploratory",
        "non_mentored": "planned",
    }  # fmt: skip


@pytest.mark.parametrize("at", ["over", "under"])
@pytest.mark.parametrize("words", [FR, EN])
@pytest.mark.parametrize("band", MERGED)
def test_a_merged_band_is_named_as_its_band_and_those_it_took_in(band, words, at):
    trial = fake_study()
    trial = replace(trial, duration=trial.duration.model_copy(update={"at_threshold": at}))
    said = {"fr": "ou durée inconnue", "en": "or duration unknown"}[words.language]
    plain, more = (group_name(each, trial, words) for each in (band, MERGED[band]))
    assert more == f"{plain}, {said}"
    book = open_book(fake_results(), trial, words)
    assert name(book, MERGED[band]) == f"{name(book, band)} ({said})"


# --- pages -----------------------------------------------------------------------------------------------------------


def merged_results():
    """The trial tables with the small band as it is named once it took others in."""
    results = fake_results()
    changed = {}
    for table in TABLES:
        frame = getattr(results, table)
        for column in ("group", "reference", "arm"):
            if column in frame and len(frame):
                frame = frame[frame[column] != "mentored_unknown"].reset_index(drop=True)
                frame = frame.assign(**{column: frame[column].replace("mentored_under", "mentored_under_unknown")})
        changed[table] = frame
    sizes = {named_in(group, {"mentored_under_unknown"}): size for group, size in results.sizes.items()}
    return replace(results, **changed, sizes={key: size for key, size in sizes.items() if key != "mentored_unknown"})


@cache
def pages(language="fr"):
    return document(open_book(merged_results(), fake_study(), texts.load(language)), {})


def strings(found):
    if isinstance(found, str):
        yield found.replace("\u00a0", " ").replace("\u202f", " ")
    elif isinstance(found, dict):
        yield from (text for value in found.values() for text in strings(value))
    elif isinstance(found, (list, tuple)):
        yield from (text for value in found for text in strings(value))


@pytest.mark.parametrize(
    ("language", "band", "others"), [("fr", "moins de 6 mois", "ou durée"), ("en", "less than 6 months", "or duration")]
)
def test_no_page_names_the_band_without_saying_whom_it_took_in(language, band, others):
    said = [text for text in strings(pages(language)) if band in text]
    assert len(said) > 5
    for text in said:
        assert text.count(band) == sum(part.lstrip(" (,").startswith(others) for part in text.split(band)[1:]), text


def test_the_duration_page_and_the_method_say_what_was_merged():
    whole = {each["id"]: each for each in pages()["sections"]}
    assert any("comptées, dans tout le rapport, avec la plus petite des deux tranches" in text
               for text in strings(whole["duration"]))  # fmt: skip
    assert any("Ce choix tient aux effectifs, pas aux réponses." in text for text in strings(whole["method"]))
    assert not any("dans aucune des deux tranches" in text for text in strings(pages()))


def test_every_table_of_the_duration_page_is_of_the_merged_band():
    """The page stands on the merged pair: its table has a row an indicator that the two bands have in common."""
    results = merged_results()
    whole = {each["id"]: each for each in pages()["sections"]}
    table = next(block for block in whole["duration"]["blocks"] if block["kind"] == "table")
    compared = results.comparisons.query("group == 'mentored_over' and reference == 'mentored_under_unknown'")
    assert len(table["rows"]) == compared["indicator"].nunique() > 0
