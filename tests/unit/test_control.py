"""What was masked and why, in a file and in sentences that tell no more than the tables."""

import json
from dataclasses import replace

import pandas as pd
import pytest

from impact import texts
from impact.analyse import analyse
from impact.model import TABLES
from impact.protect import protect
from impact.report.book import open_book
from impact.report.control import CHECKS, LINKED, NAMED, THRESHOLD, control, reasons, told, ways_out, write_control
from impact.report.delivery import WRITTEN
from impact.report.files import CONTROL
from impact.report.pages import document
from tests.unit._fake_results import fake_results, fake_study
from tests.unit.test_merging import made, people, strings

FR, EN = texts.load("fr"), texts.load("en")


def book_of(rows, language="fr", **tables):
    responses, read = made(rows, **tables)
    return open_book(protect(analyse(responses, read), read), read, texts.load(language))


def answers(yes):
    """70 mentored for long, 40 for a short time, 30 of unknown duration and 60 others, `yes` of each saying yes."""
    months = {"over": "8", "under": "2", "unknown": "", "others": ""}
    sizes = {"over": 70, "under": 40, "unknown": 30, "others": 60}
    return [
        ["0" if group == "others" else "1", "oui" if place < yes[group] else "non", months[group]]
        for group, size in sizes.items()
        for place in range(size)
    ]


def masked(book, *groups):
    """The same book with every estimate of these groups masked."""
    frame = book.results.estimates
    status = frame["status"].mask(frame["group"].isin(groups), "suppressed")
    return open_book(replace(book.results, estimates=frame.assign(status=status)), book.study, book.texts)


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_the_file_counts_the_rows_of_each_table():
    book = open_book(fake_results(), fake_study(), FR)
    content = json.loads(control(book))
    for line in content["tableaux"]:
        status = getattr(book.results, line["tableau"])["status"]
        assert line["lignes"] == len(status)
        assert line["affichees"] == (status == "shown").sum()
        assert line["masquees"] == status.str.startswith("suppressed").sum()
        assert line["lignes"] == line["affichees"] + line["masquees"] + line["sans_objet"]
    assert {line["tableau"] for line in content["tableaux"]} == {
        name for name, columns in TABLES.items() if "status" in columns and len(getattr(book.results, name))
    }


def test_the_file_names_each_masked_row_once_with_a_check_that_tells_nothing_else():
    book = open_book(fake_results(), fake_study(), FR)
    content = json.loads(control(book))
    for table, names in NAMED.items():
        frame = getattr(book.results, table)
        hidden = frame.loc[frame["status"].str.startswith("suppressed"), list(names)].drop_duplicates()
        assert len(hidden) or table == "breakdowns"
        named = [tuple(row[word] for word in names.values()) for row in content["lignes_masquees"]
                 if row["tableau"] == table]  # fmt: skip
        assert named == list(hidden.itertuples(index=False, name=None))
    assert {row["controle"] for row in content["lignes_masquees"]} <= set(CHECKS)
    assert set(content["controles"]) == set(CHECKS)


@pytest.mark.parametrize("status", ["suppressed", "suppressed_secondary"])
def test_what_made_a_row_go_and_what_followed_it_bear_one_name(status):
    results = fake_results()
    frame = results.estimates
    hidden = frame["status"].str.startswith("suppressed")
    assert hidden.any()
    book = open_book(replace(results, estimates=frame.assign(status=frame["status"].mask(hidden, status))),
                     fake_study(), FR)  # fmt: skip
    assert control(book) == control(open_book(results, fake_study(), FR))


def test_a_group_under_the_base_is_named_by_its_size_alone():
    book = book_of(people(over=60, under=40, unknown=5, others=50), disclosure={"merge_unknown": False})
    found = {row["groupe"]: row["controle"] for row in json.loads(control(book))["lignes_masquees"]}
    assert found["mentored_unknown"] == THRESHOLD
    assert {check for group, check in found.items() if group != "mentored_unknown"} <= {LINKED}


@pytest.mark.parametrize("under", range(5))
def test_no_masked_count_is_in_the_file_nor_in_what_is_said(under):
    """Answers exchanged between two bands of one block: the same bytes, the same lines, the same pages on method."""
    rule = {"merge_unknown": False}
    first = book_of(answers({"over": 20, "under": 2, "unknown": 10, "others": 30}), disclosure=rule)
    other = book_of(answers({"over": 20, "under": under, "unknown": 12 - under, "others": 30}), disclosure=rule)
    status = first.results.estimates.set_index("group")["status"]
    assert status["mentored_under"] != "shown"
    assert other.results.estimates.set_index("group")["status"].equals(status)
    assert control(other) == control(first)
    said = [told(each.results, each.study, FR) for each in (first, other)]
    assert said[0] == said[1]
    assert len(said[0]) > 2


def test_the_file_says_what_was_merged_and_its_size():
    content = json.loads(control(book_of(people(over=60, under=40, unknown=12, others=50))))
    (merge,) = content["reunions"]
    assert merge["groupe"] == "mentored_under_unknown"
    assert merge["remplace"] == ["mentored_under", "mentored_unknown"]
    assert merge["effectif"] == 52
    assert "12" not in json.dumps(content["reunions"])
    assert content["regle"]["minimum_de_reponses"]["valeur"] == 11
    assert content["regle"]["minimum_par_reponse"]["valeur"] == 5


def test_how_many_comparisons_are_corrected_together():
    book = book_of(people(over=60, under=40, unknown=12, others=50), analysis={"primary": ["absents"]})
    shown = sum(row["status"] == "shown" for row in book.gaps.values())
    found = json.loads(control(book))["comparaisons"]
    assert found["affichees"] == shown == 4
    sizes = {each["famille"]: each["m"] for each in found["corrections"] if each["ajustement"] == "none"}
    assert (sizes["principales"], sizes["autres"], sizes["durees_d_une_question"]) == (1, 3, 3)


def test_internally_nothing_is_masked_nor_merged():
    book = book_of(people(over=60, under=7, unknown=3, others=50), disclosure={"audience": "internal"})
    content = json.loads(control(book))
    assert content["usage"] == "interne"
    assert content["description"].startswith("Usage interne : rien n’est masqué")
    assert content["lignes_masquees"] == content["reunions"] == content["pour_afficher"] == []
    assert told(book.results, book.study, FR) == []


def test_it_is_a_file_of_the_report(tmp_path):
    book = open_book(fake_results(), fake_study(), FR)
    path = write_control(book.results, book.study, tmp_path, FR)
    assert path.name == CONTROL == "controle_secret.json"
    assert CONTROL in WRITTEN
    assert path.read_bytes() == control(book)
    assert path.read_text(encoding="utf-8").startswith('{\n  "description"')


def test_what_the_study_calls_not_sensitive_is_told_in_the_file_and_on_the_page():
    book = book_of(people(over=60, under=40, others=50), disclosure={"not_sensitive": ["absence"]})
    assert json.loads(control(book))["regle"]["non_sensibles"]["valeur"] == ["absence"]
    method = next(each for each in document(book, {})["sections"] if each["id"] == "method")
    assert any("rien de sensible" in text and "« Absence »" in text for text in strings(method))


# --- sentences -------------------------------------------------------------------------------------------------------


def test_how_many_people_lack_by_the_sizes_of_groups_alone():
    """7 and 3 are 10 together: one more, and those mentored for longer could be shown beside all the mentored."""
    book = masked(book_of(people(over=50, under=7, unknown=3, others=60)), "mentored_over", "mentored_under",
                  "mentored_unknown")  # fmt: skip
    said = [plain(text) for text in reasons(book)]
    assert said == [
        "Il manque 1 personne dans les autres durées pour afficher les résultats du groupe « jeunes mentorés depuis 6 "
        "mois ou plus », qui les feraient retrouver par soustraction.",
        "Il manque 4 personnes dans le groupe « jeunes mentorés depuis moins de 6 mois » pour en afficher les "
        "résultats.",
        "Il manque 8 personnes dans le groupe « jeunes mentorés depuis une durée inconnue » pour en afficher les "
        "résultats.",
    ]  # fmt: skip


def test_a_question_that_nobody_of_a_small_group_answered_changes_nothing_to_what_it_lacks():
    book = masked(book_of(people(over=60, under=7, others=60)), "mentored_under")
    frame = book.results.estimates
    row = frame[frame["group"] == "mentored_under"].assign(status="too_few", indicator="absents")
    more = open_book(replace(book.results, estimates=pd.concat([frame, row])), book.study, FR)
    assert [text for text in reasons(more) if text.startswith("Il manque 4")] != []


@pytest.mark.parametrize(("size", "lacks"), [(10, True), (11, False)])
def test_a_group_of_the_base_lacks_nobody(size, lacks):
    book = masked(book_of(people(over=60, under=size, others=50)), "mentored_under")
    assert any(text.startswith("Il manque 1 personne") for text in reasons(book)) == lacks


def test_rows_that_answers_mask_are_summed_up_in_one_line():
    book = open_book(fake_results(), fake_study(), FR)
    lines = told(book.results, book.study, FR)
    assert len(lines) <= 8
    assert sum("résultats masqués parce que" in line.lower() for line in lines) == 1


def test_what_can_be_done_is_told_as_far_as_it_applies():
    apart = book_of(people(over=60, under=40, unknown=5, others=50), disclosure={"merge_unknown": False})
    assert any("merge_unknown = true" in text for text in ways_out(apart))
    together = book_of(people(over=60, under=40, unknown=5, others=50))
    assert not any("merge_unknown" in text for text in ways_out(together))


@pytest.mark.parametrize(
    ("language", "said"), [("fr", "il faut davantage de réponses"), ("en", "more answers are needed")]
)
def test_the_method_page_says_what_would_let_a_row_be_shown(language, said):
    pages = document(open_book(fake_results(), fake_study(), texts.load(language)), {})
    method = next(each for each in pages["sections"] if each["id"] == "method")
    assert any(said in text for text in strings(method))
    internal = fake_study()
    internal = replace(internal, disclosure=internal.disclosure.model_copy(update={"audience": "internal"}))
    pages = document(open_book(fake_results(), internal, texts.load(language)), {})
    assert not any(said in text for text in strings(pages))
