"""What stands on the pages: every row of a long figure is on one, and nothing is higher than a page."""

import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
import pikepdf
import pytest
import typst

from impact import texts
from impact.figures import FIGURES, Scene, parts
from impact.figures._parts import ROOM
from impact.model import Results
from impact.report.book import open_book
from impact.report.legible import legible
from impact.report.pages import Picture, Pictures, document
from impact.report.pdf import render
from impact.report.pictures import pictures, with_all_parts
from impact.study import Study
from tests.unit._fake_results import fake_results, fake_study

FR = texts.load("fr")
TABLES = ("estimates", "comparisons")
PATTERNS = ("a_des_qualites", "ambitieux", "veut_reussir", "regrets")


def long_study(count: int, label: str = "Question {place} sur la vie de tous les jours") -> tuple[Results, Study]:
    """A study of `count` indicators, in turn of three dimensions; one in four is a mean."""
    results, study = fake_results(), fake_study()
    of = study.questionnaire.indicators
    places = sorted(range(count), key=lambda place: place % 4)
    copies = [of[PATTERNS[place % 4]] for place in places]
    named = [
        one.model_copy(update={"id": f"i{place}", "label": label.format(place=place), "says": ""})
        for place, one in zip(places, copies, strict=True)
    ]
    questionnaire = study.questionnaire.model_copy(update={"indicator": tuple(named)})
    questionnaire.__dict__.pop("indicators", None)  # a cached property of the copy
    tables = {name: _copied(getattr(results, name), places) for name in TABLES}
    empty = {name: getattr(results, name).iloc[:0] for name in ("published", "distributions", "missing")}
    analysis = study.analysis.model_copy(update={"primary": ()})
    return replace(results, **tables, **empty), replace(
        study, questionnaire=questionnaire, analysis=analysis, published=None
    )


def _copied(table: pd.DataFrame, places: list[int]) -> pd.DataFrame:
    rows = [table[table["indicator"] == PATTERNS[place % 4]].assign(indicator=f"i{place}") for place in places]
    return pd.concat(rows, ignore_index=True)


def words_of(svg: str) -> str:
    return " ".join(re.findall(r"<text[^>]*>([^<]*)</text>", svg)).replace("\u202f", " ")


@pytest.mark.parametrize("count", [24, 32, 60, 120])
@pytest.mark.parametrize("name", ["forest", "shares", "duration"])
def test_a_long_figure_is_cut_in_parts_that_fit_and_hold_every_row_once(name: str, count: int) -> None:
    results, study = long_study(count)
    whole, member = Scene(results, study, FR), FIGURES[name]
    cut = parts(member, whole)
    assert all(member.draw(part).get_size_inches()[1] * 25.4 <= ROOM for part in cut)
    held = [name for part in cut for name in dict.fromkeys(row["indicator"] for row in member.drawn(part))]
    assert sorted(held) == sorted(f"i{place}" for place in range(count))
    assert len(cut) > 1


def test_the_parts_of_a_figure_share_its_scale() -> None:
    results, study = long_study(60)
    far = results.comparisons["indicator"] == "i0"
    wide = results.comparisons.assign(high=results.comparisons["high"].mask(far, 0.9))
    whole = Scene(replace(results, comparisons=wide), study, FR)
    cut = parts(FIGURES["forest"], whole)
    shares = [part for part in cut if all(row["unit"] == "share" for row in FIGURES["forest"].drawn(part))]
    ticks = [{t.get_text() for t in FIGURES["forest"].draw(part).texts if re.fullmatch(r"[+−]\d+", t.get_text())
              and t.get_ha() == "center"} for part in shares]  # fmt: skip
    assert len(shares) > 1
    assert all("+100" in found or "+90" in found for found in ticks), ticks


def pages_of(results: Results, study: Study, folder: Path) -> tuple[dict[str, Any], Pictures]:
    book = open_book(results, study, FR)
    drawn = pictures(book, folder)
    return with_all_parts(document(book, drawn), drawn, FR), drawn


@pytest.mark.parametrize("count", [24, 60])
def test_every_comparison_stands_in_the_overview(count: int, tmp_path: Path) -> None:
    results, study = long_study(count)
    content, drawn = pages_of(results, study, tmp_path)
    (overview,) = (section for section in content["sections"] if section["id"] == "overview")
    figures = [block for block in overview["blocks"] if block["kind"] == "figure"]
    shown = " ".join(words_of(block["svg"]) for block in figures)
    shares = [one.id.removeprefix("i") for one in study.questionnaire.indicator if one.kind == "share"]
    assert len(shares) >= count / 2
    assert all(re.search(rf"Question {place}\b", shown) for place in shares)
    assert [block["title"].endswith(" (suite)") for block in figures] == [False] + [True] * (len(figures) - 1)
    assert len({block["alt"] for block in figures}) == len(figures) == sum(name.startswith("forest") for name in drawn)
    assert all((tmp_path / f"{name}.png").stat().st_size for name in drawn)
    assert render(legible({**content, "attachments": []}, FR)).startswith(b"%PDF")


def test_a_figure_higher_than_a_page_stops_the_making(tmp_path: Path) -> None:
    results, study = long_study(2)
    book = open_book(results, study, FR)
    tall = '<svg xmlns="http://www.w3.org/2000/svg" width="174mm" height="{}mm"></svg>'
    made = [document(book, {"forest": Picture(tall.format(high), "alt")}) for high in (200, 260)]
    assert render(legible({**made[0], "attachments": []}, FR))
    with pytest.raises(typst.TypstError, match="higher than a page"):
        render(legible({**made[1], "attachments": []}, FR))


def test_a_label_without_a_space_does_not_cross_the_numbers_beside_it(tmp_path: Path) -> None:
    """An unbroken line is as wide as its words, whatever its column: broken, it makes its row taller."""
    content, _ = pages_of(*long_study(2), tmp_path)
    heights = {}
    for label in ("x" * 10, "x" * 300):
        table = {**next(block for section in content["sections"] for block in section["blocks"] if "rows" in block)}
        table["rows"] = [[label, *row[1:]] for row in table["rows"]] * 30
        section = {**content["sections"][0], "blocks": [table]}
        made = render(legible({**content, "sections": [section], "attachments": []}, FR))
        with pikepdf.open(BytesIO(made)) as pdf:
            heights[label] = len(pdf.pages)
    assert heights["x" * 300] > heights["x" * 10]
