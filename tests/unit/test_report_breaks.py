"""Where pages end: no heading, row or panel is left alone, and no title passes the edge."""

import re
from dataclasses import replace
from io import BytesIO
from typing import Any

import pikepdf
import pytest

from impact import texts
from impact.report.book import open_book
from impact.report.legible import legible
from impact.report.pages import document
from impact.report.pdf import render
from tests.unit._fake_results import fake_study
from tests.unit._pdf import pieces
from tests.unit.test_report_reasons import alone

FR = texts.load("fr")
ROOM = 166 / 25.4 * 72  # points of the cover's width that a title may take
ROWS = 12


def pages_of(content: dict[str, Any], sections: list[dict[str, Any]]) -> list[str]:
    """The words of each page: the cover, the contents, then the sections."""
    made = render(legible({**content, "sections": sections, "attachments": []}, FR))
    with pikepdf.open(BytesIO(made)) as pdf:
        return [" ".join(" ".join(pieces(page)).split()) for page in pdf.pages]


@pytest.fixture(scope="module")
def content() -> dict[str, Any]:
    return document(open_book(*alone(), FR), {})


def section(content: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in content["sections"] if each["id"] == name)
    return found


def before(content: dict[str, Any], lines: int, *blocks: dict[str, Any]) -> dict[str, Any]:
    """A section of so many lines, then what is looked at."""
    filled = {"kind": "prose", "paragraphs": ["Une ligne."] * lines, "aside": []}
    return {**section(content, "quality"), "title": "Avant", "message": "Un", "blocks": [filled, *blocks]}


def numbered_table(content: dict[str, Any], rows: int) -> dict[str, Any]:
    found = next(block for block in section(content, "results")["blocks"] if block["kind"] == "table")
    like = found["rows"][0][1:]
    note = [{"term": "Champ", "text": "tout le monde"}]
    written = [[f"Rang{place:02d}", *like] for place in range(rows)]
    return {**found, "rows": written, "title": "Le tableau", "legend": "", "label": "Tableau 1", "note": note}


@pytest.mark.parametrize("lines", range(34, 48))
def test_no_row_of_a_long_table_stands_alone_above_or_below_the_end_of_a_page(
    content: dict[str, Any], lines: int
) -> None:
    pages = pages_of(content, [before(content, lines, numbered_table(content, ROWS)), section(content, "method")])[2:]
    held = [re.findall(r"Rang\d\d", page) for page in pages]
    assert sum(map(len, held)) == ROWS
    assert all(len(rows) != 1 for rows in held)
    assert all(len(rows) > 2 for rows, page in zip(held, pages, strict=True) if "Le tableau" in page)


@pytest.mark.parametrize("lines", range(36, 48, 2))
def test_a_short_table_and_its_note_stand_on_one_page(content: dict[str, Any], lines: int) -> None:
    pages = pages_of(content, [before(content, lines, numbered_table(content, 4)), section(content, "method")])[2:]
    (page,) = (page for page in pages if "Le tableau" in page)
    assert re.findall(r"Rang\d\d", page) == [f"Rang{place:02d}" for place in range(4)]
    assert "tout le monde" in page


@pytest.mark.parametrize("lines", range(24, 48, 2))
def test_a_heading_stands_with_what_it_heads(content: dict[str, Any], lines: int) -> None:
    pages = pages_of(content, [before(content, lines), section(content, "method")])[2:]
    (page,) = (page for page in pages if FR("report.method") in page)
    assert FR("report.method_who") in page


@pytest.mark.parametrize("count", range(20, 34))
def test_the_panel_that_ends_the_report_is_no_page_of_its_own(content: dict[str, Any], count: int) -> None:
    method = section(content, "method")
    first, *others = method["blocks"]
    longer = {**first, "items": first["items"] + [{"term": "Un", "paragraphs": ["Une ligne."]}] * count}
    pages = pages_of(content, [{**method, "blocks": [longer, *others]}])[2:]
    assert FR("report.colophon_cite") in pages[-1]
    assert FR("report.glossary") in pages[-1]


def test_what_is_said_in_one_sentence_stands_under_the_contents(content: dict[str, Any]) -> None:
    brief = {**section(content, "essentials"), "message": "Une seule phrase.", "blocks": []}
    pages = pages_of(content, [brief, section(content, "method")])
    assert pages[1].count("Une seule phrase.") == 2  # its line in the contents, and itself
    assert pages[1].index(FR("report.how_title")) > pages[1].rindex("Une seule phrase.")
    assert FR("report.method_who") in pages[2]


def title_on_the_cover(title: str) -> tuple[float, float]:
    """The size of a one-line title, and how far it goes, in points: from the font's own advances."""
    results, study = alone()
    study = replace(study, about=fake_study().about.model_copy(update={"title": title}))
    made = render(legible({**document(open_book(results, study, FR), {}), "attachments": []}, FR))
    with pikepdf.open(BytesIO(made)) as pdf:
        size, advances = 0.0, dict[int, float]()
        for operands, operator in pikepdf.parse_content_stream(pdf.pages[0]):
            if str(operator) == "Tf":
                size, advances = float(operands[1]), advances_of(pdf.pages[0].Resources.Font[str(operands[0])])
            elif str(operator) in ("Tj", "TJ") and count(operands[0]) == len(title):
                return size, advance(operands[0], advances) * size / 1000
    raise LookupError(title)


def count(shown: Any) -> int:
    """How many letters are drawn at once."""
    parts = shown if isinstance(shown, pikepdf.Array) else [shown]
    return sum(len(bytes(one)) // 2 for one in parts if isinstance(one, pikepdf.String))


def advances_of(font: pikepdf.Object) -> dict[int, float]:
    """The advance of each code: "/W [first [w w w] first last w]"."""
    found, held = dict[int, float](), list(font.DescendantFonts[0].W)
    while held:
        first, following = int(held.pop(0)), held.pop(0)
        if isinstance(following, pikepdf.Array):
            found |= {first + place: float(each) for place, each in enumerate(following)}
        else:
            found |= dict.fromkeys(range(first, int(following) + 1), float(held.pop(0)))
    return found


def advance(shown: Any, advances: dict[int, float]) -> float:
    total = 0.0
    for one in shown if isinstance(shown, pikepdf.Array) else [shown]:
        if isinstance(one, pikepdf.String):
            codes = bytes(one)
            total += sum(advances[int.from_bytes(codes[at : at + 2])] for at in range(0, len(codes), 2))
        else:
            total -= float(one)
    return total


@pytest.mark.parametrize("word", ["Questionnairevilled’Annecy", "W" * 23, "Anticonstitutionnellement"])
def test_a_long_word_of_the_title_is_as_large_as_the_cover_has_room(word: str) -> None:
    size, wide = title_on_the_cover(word)
    assert 18 <= size < 46
    assert wide <= ROOM < wide * (size + 1) / size


def test_a_title_of_short_words_keeps_its_size() -> None:
    size, wide = title_on_the_cover("Étude de nos mentorats")
    assert size == 46
    assert wide <= ROOM
