"""What the report says: no stronger than its verdicts, no number that is not a row's, no banned word."""

import re
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from impact import texts
from impact.model import COMPARISONS, TABLES, Results
from impact.report.book import Book, gap_is_sayable, headline, open_book, sayable
from impact.report.pages import document
from impact.report.pages._blocks import gap_cells
from impact.report.pages.dimensions import reading, scores
from impact.report.pages.summary import essentials
from impact.report.sentences import (
    against,
    bracket,
    by_chance,
    comparison,
    finding,
    level,
    lost_by_correction,
    name,
    outcome,
    survivors,
    tally,
)
from impact.texts.typography import percent
from tests.unit._fake_results import fake_results, fake_study

FR, EN = texts.load("fr"), texts.load("en")
PAIR = COMPARISONS[0]
# trust in the report rests on what it never says: causes, successes, change without a second wave
BANNED = (
    "prouve", "grâce à", "grâce au", "impact", "efficace", "aucun effet", "tendance à la significativité",
    "presque significatif", "progrès", "progression", "amélior", "significati", "proves", "thanks to", "effective",
    "no effect", "improve", "aucune différence détectée", "no difference detected",
)  # fmt: skip


def book_of(results: Results | None = None, language: str = "fr", **changes: Any) -> Book:
    return open_book(results or fake_results(), replace(fake_study(), **changes), texts.load(language))


def with_gap(**cells: Any) -> Book:
    """The fake study, one difference of it rewritten: absence, mentored against non-mentored."""
    results = fake_results()
    frame = results.comparisons.copy()
    row = (frame["indicator"] == "absence_tres_souvent") & (frame["group"] == "mentored")
    row &= (frame["reference"] == "non_mentored") & (frame["measure"] == "difference") & (frame["adjustment"] == "none")
    assert row.sum() == 1
    for column, value in cells.items():
        frame.loc[row, column] = value
    return book_of(replace(results, comparisons=frame))


ABSENCE = fake_study().questionnaire.indicators["absence_tres_souvent"]


def test_two_levels_are_said_from_their_rows() -> None:
    # 9 of 149 is 6.04 %, 31 of 163 is 19.02 %; the difference, before rounding, is 12.98 points
    said = finding(book_of(), ABSENCE, PAIR)
    assert said == (
        "6\u202f% des jeunes mentorés manquent « très souvent » les cours, contre 19\u202f% des jeunes non mentorés"
        " : un écart de 13\u00a0points."
    )


def test_the_gap_is_taken_before_rounding() -> None:
    """6.4 and 19.4 % print as 6 and 19, and their difference of 13.0 as 13; 6.4 and 19.6 as 6 and 20, and as 13."""
    assert "13\u00a0points" in finding(with_gap(estimate=0.064 - 0.196), ABSENCE, PAIR)


@pytest.mark.parametrize(
    ("verdict", "better", "expected"),
    [
        ("lower", "lower", "favourable"),
        ("lower", "higher", "unfavourable"),
        ("higher", "higher", "favourable"),
        ("higher", "neutral", "higher"),
        ("inconclusive", "higher", "inconclusive"),
        ("equivalent", "lower", "equivalent"),
    ],
)
def test_what_a_verdict_means_depends_on_what_is_better(verdict: str, better: str, expected: str) -> None:
    assert outcome(ABSENCE.model_copy(update={"better": better}), {"verdict": verdict}) == expected


def test_a_clear_gap_is_given_as_a_size_with_its_limits_in_order() -> None:
    book = with_gap(estimate=-0.128, low=-0.199, high=-0.058, verdict="lower", p_adjusted=0.001)
    assert comparison(book, ABSENCE, PAIR) == (
        "L’écart est de 13\u00a0points en faveur des jeunes mentorés (de 6 à 20)."
    )


def test_an_unfavourable_gap_is_said_on_the_same_footing() -> None:
    said = comparison(with_gap(estimate=0.1, low=0.05, high=0.15, verdict="higher", p_adjusted=0.001), ABSENCE, PAIR)
    assert said.startswith("L’écart est de 10\u00a0points en défaveur des jeunes mentorés (de 5 à 15).")
    assert "présenté au même titre que les autres" in said


def test_inconclusive_is_never_no_difference() -> None:
    book = with_gap(estimate=0.05, low=-0.03, high=0.13, verdict="inconclusive")
    assert comparison(book, ABSENCE, PAIR) == (
        "Comparaison non concluante. Avec ces effectifs, les données restent compatibles avec un écart de "
        "\u22123 à +13\u00a0points."
    )
    assert finding(book, ABSENCE, PAIR).endswith(" : comparaison non concluante.")


def test_a_very_wide_interval_says_that_it_concludes_nothing() -> None:
    wide = with_gap(estimate=0.0, low=-0.16, high=0.16, verdict="inconclusive")
    assert "trop large pour conclure" in comparison(wide, ABSENCE, PAIR)


def test_equivalent_names_the_threshold_as_the_studys_where_no_lock_proves_that_it_was_set_in_advance() -> None:
    book = with_gap(estimate=0.01, low=-0.03, high=0.04, verdict="equivalent")
    assert comparison(book, ABSENCE, PAIR) == (
        "Un écart supérieur à 5\u00a0points, seuil déclaré par l’étude, est peu compatible avec ces données."
    )


def test_a_gap_that_the_correction_takes_away_says_so() -> None:
    kept = with_gap(estimate=-0.1, low=-0.2, high=-0.01, verdict="lower", p_adjusted=0.049)
    lost = with_gap(estimate=-0.1, low=-0.2, high=-0.01, verdict="lower", p_adjusted=0.051)
    assert "pas confirmé vu le nombre" not in comparison(kept, ABSENCE, PAIR)
    assert "pas confirmé vu le nombre" in comparison(lost, ABSENCE, PAIR)


def test_a_limit_that_is_not_zero_is_not_written_zero() -> None:
    said = comparison(with_gap(estimate=-0.1, low=-0.2, high=-0.003, verdict="lower", p_adjusted=0.04), ABSENCE, PAIR)
    assert "(de 0,3 à 20)" in said


def test_a_masked_row_cannot_be_quoted() -> None:
    book = book_of()
    masked = book.indicators["abandon_orientation"]
    assert not sayable(book, masked.id, "mentored")
    assert not gap_is_sayable(book, masked, PAIR)
    with pytest.raises(LookupError):
        level(book, masked, "mentored")
    with pytest.raises(LookupError):
        comparison(book, masked, PAIR)


def test_a_base_under_thirty_is_printed_and_never_said() -> None:
    results = fake_results()
    small = results.estimates.assign(n=results.estimates["n"].where(results.estimates["group"] != "non_mentored", 29))
    book = book_of(replace(results, estimates=small))
    assert headline(book, "schooling") is None
    assert not tally(book, book.indicators.values(), PAIR)
    tables = [block for section in document(book, {})["sections"] for block in section["blocks"]]
    cells = [cell for block in tables if block["kind"] == "table" for row in block["rows"] for cell in row]
    assert "19\u202f% †" in cells


def test_attribution_is_reported_and_never_compared() -> None:
    book = book_of()
    credited = [each for each in book.indicators.values() if each.attribution]
    assert credited
    assert not any(gap_is_sayable(book, each, pair) for each in credited for pair in COMPARISONS)
    said = prose(document(book, {}), "schooling")
    # 106 of 149 is 71.1 %
    assert "71\u202f% des jeunes mentorés disent que le mentorat leur a donné plus envie de réussir." in said
    assert "C’est ce que disent les répondants, sans comparaison possible." in said


def test_the_first_question_is_the_first_announced_whatever_the_figures() -> None:
    study = fake_study()
    primary = ("veut_reussir", "absence_tres_souvent")
    book = book_of(analysis=study.analysis.model_copy(update={"primary": primary}))
    first = headline(book, "schooling")
    assert first is not None
    assert first.id == "veut_reussir"
    first = headline(book_of(analysis=study.analysis.model_copy(update={"primary": ()})), "schooling")
    assert first is not None
    assert first.id == "absence_tres_souvent"  # the first share of the questionnaire


def test_groups_are_named_with_the_threshold_on_its_side() -> None:
    book = book_of()
    assert name(book, "mentored_over") == "jeunes mentorés depuis 6 mois ou plus"
    assert name(book, "mentored_under") == "jeunes mentorés depuis moins de 6 mois"
    duration = fake_study().duration
    assert duration is not None
    past = book_of(duration=duration.model_copy(update={"at_threshold": "under", "threshold_months": 7.5}))
    assert name(past, "mentored_over") == "jeunes mentorés depuis plus de 7,5 mois"
    assert name(past, "mentored_under") == "jeunes mentorés depuis 7,5 mois ou moins"


def test_chance_is_counted_on_the_printed_comparisons() -> None:
    results = fake_results()
    few = results.comparisons[results.comparisons["status"] == "shown"]
    few = few[few["measure"] == "difference"].head(30)
    # 30 comparisons at 95 %: 30 × 0.05 = 1.5 by chance
    said = by_chance(book_of(replace(results, comparisons=few)))
    assert "tout le rapport fait 30 comparaisons" in said
    assert "environ 1,5 ressortiraient" in said


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_banned_word_in_the_words_of_the_report(language: str) -> None:
    sections = ("report.", "sentence.", "table.", "adjusted.", "adjustment.")
    for key, text in texts.load(language).entries.items():
        if key.startswith(sections):
            assert not banned(text.replace("impact {version}", "")), key


def banned(text: str) -> list[str]:
    """The banned words that begin a word of the text ("éprouver" is another word)."""
    return [word for word in BANNED if re.search(rf"\b{word}", text.lower())]


def strings(node: Any) -> list[str]:
    if isinstance(node, str):
        return [node]
    values = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return [text for value in values for text in strings(value)]


def prose(content: dict[str, Any], section: str) -> str:
    found = next(each for each in content["sections"] if each["id"] == section)
    return " ".join([found["message"], *(text for block in found["blocks"] for text in block.get("paragraphs", []))])


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_banned_word_in_the_pages(language: str) -> None:
    said = " ".join(strings(document(book_of(language=language), {})))
    assert not banned(re.sub(r"impact \d[\d.]*", "", said))


def test_every_percentage_that_is_said_is_a_printed_row() -> None:
    book = book_of()
    rows = [row for row in book.estimates.values() if row["status"] == "shown" and row["unit"] == "share"]
    printed = {percent(row["estimate"], FR) for row in rows if row["n"] >= 30} | {"95\u202f%"}
    content = document(book, {})
    sections = [each["id"] for each in content["sections"] if each["id"] != "method"]
    said = re.findall(r"\d+\u202f%", " ".join(prose(content, section) for section in sections))
    assert len(said) > 10
    assert set(said) <= printed


def test_two_levels_of_a_mean_are_said_by_their_label() -> None:
    book = book_of()
    said = against(book, book.indicators["regrets"], PAIR)
    # 1.84 and 12.5: a mean that reaches ten in a group is written with one decimal in all of them
    assert said.endswith(" : 1,8 chez les jeunes mentorés, 12,5 chez les jeunes non mentorés")


def test_nothing_masked_leaves_a_number_behind() -> None:
    """With every row masked the pages still stand, and hold no percentage but the level of the intervals."""
    results = fake_results()
    frames = {}
    for key in [key for key, columns in TABLES.items() if "status" in columns and key != "adjustment"]:
        frame = getattr(results, key).copy()
        frame["status"] = "suppressed"
        numbers = [column for column in frame if pd.api.types.is_numeric_dtype(frame[column])]
        frame[numbers] = float("nan")
        frames[key] = frame
    content = document(book_of(replace(results, **frames)), {})
    said = [text for section in content["sections"] if section["id"] != "method" for text in strings(section)]
    assert {found for text in said for found in re.findall(r"\d+\u202f%", text)} <= {"95\u202f%"}
    tables = [block for section in content["sections"] for block in section["blocks"] if block["kind"] == "table"]
    titles = {FR(f"report.{key}") for key in ("quality_flow", "quality_problems", "compared_title")}
    assert {block["title"] for block in tables} == titles | {FR("adjusted.footing")}  # no table of signs alone
    assert content["sections"][0]["message"] == FR("report.results_nothing")
    assert content["sections"][0]["blocks"] == []
    assert "duration" not in {section["id"] for section in content["sections"]}


def test_only_what_the_correction_leaves_is_said_to_stand() -> None:
    """With every p corrected to 1 nothing survives; with every p at 0 all clear differences do."""
    results, pair = fake_results(), COMPARISONS[0]
    for p, kept in ((1.0, 0), (0.0, None)):
        book = book_of(replace(results, comparisons=results.comparisons.assign(p_adjusted=p)))
        counts = tally(book, book.indicators.values(), pair)
        clear = counts.total() - counts["inconclusive"] - counts["equivalent"]
        assert clear > 0
        assert len(survivors(book, book.indicators.values(), pair)) == (clear if kept is None else kept)
        opened = essentials(book)["message"]
        assert ("aucun écart ne reste net" in opened) == (kept == 0)
        assert str(counts.total()) in opened


def test_a_difference_that_the_correction_takes_away_says_so_wherever_it_is_said() -> None:
    results, pair = fake_results(), COMPARISONS[0]
    book = book_of(replace(results, comparisons=results.comparisons.assign(p_adjusted=1.0)))
    clear = [each for each in book.indicators.values() if (each.id, *pair) in book.gaps]
    said = [finding(book, each, pair) for each in clear if gap_is_sayable(book, each, pair)]
    assert [text for text in said if "écart de" in text]
    assert all("non confirmé vu le nombre" in text for text in said if "écart de" in text)


def test_the_band_adds_up_whatever_the_comparisons_came_to() -> None:
    """One comparison of each kind: 4 = 1 held (of no better side) + 1 lost + 1 under the threshold + 1 inconclusive."""
    results = fake_results()
    frame = results.comparisons
    of_pair = (frame["group"] == PAIR[0]) & (frame["reference"] == PAIR[1]) & (frame["measure"] == "difference")
    shown = frame[of_pair & (frame["status"] == "shown")].head(4).copy()
    ids = list(shown["indicator"])
    shown["verdict"], shown["p_adjusted"] = ["higher", "lower", "equivalent", "inconclusive"], [0.001, 0.2, 0.001, 0.5]
    questionnaire = fake_study().questionnaire
    neutral = tuple(
        each.model_copy(update={"better": "neutral"}) if each.id == ids[0] else each for each in questionnaire.indicator
    )
    book = book_of(
        replace(results, comparisons=shown), questionnaire=questionnaire.model_copy(update={"indicator": neutral})
    )
    content = essentials(book)
    band = next(block for block in content["blocks"] if block["kind"] == "band")
    assert [item["number"] for item in band["items"]] == ["539", "4", "1", "1", "1", "1"]
    assert [item["text"] for item in band["items"]][1:3] == [
        "comparaisons avec les non mentorés",
        "écart net, compte tenu du nombre de comparaisons",
    ]
    label = texts.load("fr").label(book.indicators[ids[0]].label)
    assert f"« {label} » (plus élevé)" in content["message"]
    asides = [score["text"] for score in scores(book, book.indicators.values(), PAIR)]
    assert asides == ["écart net, sans sens favorable", "net seulement pris seul", "plus petit que le seuil",
                      "comparaison non concluante"]  # fmt: skip


def test_a_clear_gap_whose_corrected_p_is_unknown_was_not_shown_to_last() -> None:
    assert lost_by_correction({"verdict": "higher", "p_adjusted": float("nan"), "level": 0.95})
    assert not lost_by_correction({"verdict": "inconclusive", "p_adjusted": 0.9, "level": 0.95})


def test_every_shown_comparison_is_printed() -> None:
    """The row of each comparison, by its interval, stands in a table that compares its two groups."""
    book = book_of()
    content = document(book, {})
    tables = [block for section in content["sections"] for block in section["blocks"] if block["kind"] == "table"]
    cells = {(row[0], cell) for block in tables for row in block["rows"] for cell in row if isinstance(cell, str)}
    shown = [row for row in book.gaps.values() if row["status"] == "shown"]
    assert {row["group"] for row in shown} == {"mentored", "mentored_over", "mentored_under"}
    for row in shown:
        label = FR.label(book.indicators[row["indicator"]].label)
        assert (label, bracket(book, row)) in cells, (row["indicator"], row["group"], row["reference"])


def test_a_comparison_in_a_table_has_its_own_sign_its_corrected_p_and_says_when_it_is_lost() -> None:
    def cells(**row: Any) -> list[str]:
        found = gap_cells(with_gap(**row), ABSENCE, PAIR)
        return [cell if isinstance(cell, str) else cell["text"] for cell in found]

    lower = cells(estimate=-0.13, low=-0.2, high=-0.06, verdict="lower", p=0.001, p_adjusted=0.2)
    assert lower == ["▼\u00a0\u221213", "[\u221220\u202f;\u00a0\u22126]", "0,20", "(favorable)"]
    higher = cells(estimate=0.13, low=0.06, high=0.2, verdict="higher", p=0.2, p_adjusted=0.001)
    assert (higher[0], higher[2], higher[3]) == ("▲\u00a0+13", "0,001", "défavorable")
    assert cells(estimate=0.01, low=-0.06, high=0.2, verdict="inconclusive")[0] == "○\u00a0+1"
    assert cells(estimate=0.01, low=-0.01, high=0.02, verdict="equivalent")[0] == "≈\u00a0+1"


def test_the_card_of_a_lost_comparison_says_so() -> None:
    book = with_gap(estimate=-0.1, low=-0.2, high=-0.01, verdict="lower", p_adjusted=0.2)
    cards = next(block for block in essentials(book)["blocks"] if block["kind"] == "cards")["items"]
    assert cards[-1]["verdict"]["text"] == "écart net en faveur des mentorés, pris seul"


def test_the_reading_of_a_comparison_gives_its_bases_and_says_that_it_is_not_adjusted() -> None:
    said = reading(book_of(), [ABSENCE], PAIR)
    assert "Bases : 149 et 163." in said
    assert "Comparaison non ajustée." in said
    assert FR("report.method_beside") in " ".join(strings(document(book_of(), {})))
    bare = fake_results()
    crude = replace(bare, comparisons=bare.comparisons[bare.comparisons["adjustment"] == "none"])
    assert "Comparaisons non ajustées" in " ".join(strings(document(book_of(crude), {})))


def test_without_a_comparison_group_page_three_counts_no_comparison() -> None:
    results = fake_results()
    frame = results.comparisons
    alone = replace(results, comparisons=frame[frame["reference"] != "non_mentored"])
    assert by_chance(book_of(alone))
    assert "comparaisons" not in " ".join(strings(essentials(book_of(alone))))


def test_chance_counts_what_one_less_the_level_of_the_comparisons_gives() -> None:
    results = fake_results()
    frame = results.comparisons
    forty = pd.concat([frame[(frame["status"] == "shown") & (frame["measure"] == "difference")]] * 4).head(40)
    book = book_of(results)
    gaps = {(str(place), "a", "b"): row for place, row in enumerate(forty.to_dict("records"))}
    # 40 comparisons at 95 %: 40 × 0.05 = 2 by chance; at 90 %: 4
    assert "40 comparaisons" in by_chance(replace(book, gaps=gaps))
    assert "environ 2 ressortiraient" in by_chance(replace(book, gaps=gaps))
    wider = replace(book.study, analysis=book.study.analysis.model_copy(update={"level": 0.9}))
    assert "environ 4 ressortiraient" in by_chance(replace(book, gaps=gaps, study=wider))


@pytest.mark.parametrize(("p_adjusted", "written"), [(0.2, "(▼\u00a0\u221213)"), (0.001, "▼\u00a0\u221213")])
def test_a_band_against_the_non_mentored_is_in_brackets_where_it_is_lost(p_adjusted: float, written: str) -> None:
    results = fake_results()
    frame = results.comparisons.copy()
    row = (frame["indicator"] == ABSENCE.id) & (frame["group"] == "mentored_over") & (frame["measure"] == "difference")
    row &= frame["reference"] == "non_mentored"
    frame.loc[row, ["estimate", "verdict", "p_adjusted"]] = [-0.13, "lower", p_adjusted]
    content = document(book_of(replace(results, comparisons=frame)), {})
    tables = next(each for each in content["sections"] if each["id"] == "results")["blocks"]
    (found,) = [each for each in tables[-1]["rows"] if each[0] == FR.label(ABSENCE.label)]
    assert found[1]["text"] == written


def test_durations_are_counted_only_where_there_are_some() -> None:
    book = book_of()
    assert by_chance(book).startswith("Durées comprises")
    results = fake_results()
    frame = results.comparisons[~results.comparisons["group"].str.startswith("mentored_")]
    assert by_chance(book_of(replace(results, comparisons=frame))).startswith("Tout le rapport fait")


def test_other_is_said_only_after_a_first() -> None:
    results = fake_results()
    lost = replace(results, comparisons=results.comparisons.assign(p_adjusted=0.9))
    message = essentials(book_of(lost))["message"]
    assert "aucun écart ne reste net" in message
    assert " autre" not in message
