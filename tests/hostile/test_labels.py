"""Words of a study that something along the way might run: they stay text, as written, in every output."""

import csv
import io
import json
import re
import unicodedata
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pikepdf
import pytest
from matplotlib.ft2font import FT2Font

from impact import analyse, load, normalise, protect, read_study, report, texts
from impact.check import examine
from impact.check.page import page
from impact.errors import ImpactError
from impact.figures import png, svg
from impact.figures._style import FILES
from impact.report.check_page import html
from impact.texts import LONGEST
from tests.hostile._study import HOSTILE, written
from tests.unit._pdf import words_of

ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
FORMULA = re.compile(r"\s*[\u200b\ufeff]*[=+\-@＝＋－＠]|\t")


class Made(NamedTuple):
    """A study whose words are hostile, and what came of it."""

    folder: Path
    said: dict[str, list[str]]  # place -> its words, one by one


@pytest.fixture(scope="module", params=range(2))
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A report in which every hostile text stands somewhere, each elsewhere in the other."""
    base, said = tmp_path_factory.mktemp("labels"), defaultdict(list)

    def say(place: str) -> str:
        count = sum(map(len, said.values()))
        text = HOSTILE[(count + 13 * request.param) % len(HOSTILE)]
        said[place].append(f"{text} {count}" if len(text) < LONGEST else f"{count} {text}")
        return said[place][-1]

    study = read_study(written(base / "étude", say))
    exports = load(study)
    responses = normalise(exports, study)
    report(protect(analyse(responses, study), study), study, base / "rapport")
    words = texts.load("fr")
    told = page(examine(exports, responses, study), study, words)
    (base / "rapport" / "check.html").write_text(html(told, words), encoding="utf-8")
    return Made(base / "rapport", said)


def files(made: Made, ending: str) -> Iterator[Path]:
    found = sorted(made.folder.rglob(f"*{ending}"))
    assert found
    yield from found


def test_no_file_holds_a_sign_that_acts(made: Made) -> None:
    for ending in (".csv", ".svg", ".json", ".html"):
        for path in files(made, ending):
            assert not ACTING.findall(path.read_bytes().decode()), path.name


def test_no_cell_of_a_table_is_a_formula(made: Made) -> None:
    for path in files(made, ".csv"):
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
        assert {len(row) for row in rows} == {len(rows[0])}, path.name
        for cell in (cell for row in rows for cell in row if FORMULA.match(cell)):
            float(cell.replace("−", "-"))  # a number alone may begin so


def test_the_workbook_has_no_formula_no_link_and_no_code(made: Made) -> None:
    with zipfile.ZipFile(made.folder / "tables.xlsx") as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    for name, part in parts.items():
        tags = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(part).iter()}
        assert not tags & {"f", "hyperlink", "oleObject", "drawing", "legacyDrawingHF"}, name
        assert not ACTING.search(part), name
        assert not re.search(r"_x00[01]\w_", part), name
    assert not [name for name in parts if re.search("external|vba|macro|media", name, re.IGNORECASE)]
    for header in re.findall("<odd(?:Header|Footer)>(.*?)</odd", "".join(parts.values())):
        codes = re.findall("&(.)", unescape(header).replace("&&", ""))
        assert set(codes) <= set("LCRP"), header


def test_a_drawing_holds_text_and_nothing_that_acts(made: Made) -> None:
    for path in files(made, ".svg"):
        for element in ElementTree.fromstring(path.read_bytes()).iter():
            assert element.tag.rpartition("}")[2] not in {"script", "foreignObject", "a", "image", "iframe"}
            for name, value in element.items():
                assert not name.lower().startswith("on")
                assert not name.endswith("href") or value.startswith("#")


def test_the_page_of_a_check_has_its_own_tags_alone(made: Made) -> None:
    text = (made.folder / "check.html").read_text(encoding="utf-8")
    assert not re.search(r"<\s*(script|img|iframe|svg|a href=.http)", text)
    for tag in re.findall(r"<[a-z][^>]*>", text):
        names = re.findall(r"\s([\w-]+)=", re.sub(r'"[^"]*"', '""', tag))
        assert not [name for name in names if name.startswith("on")], tag


def test_the_pdf_runs_nothing_and_leads_nowhere(made: Made) -> None:
    with pikepdf.open(made.folder / "rapport.pdf") as pdf:
        for found in pdf.objects:
            if isinstance(found, pikepdf.Dictionary):
                assert not {"/URI", "/JS", "/JavaScript", "/Launch", "/OpenAction", "/AA"} & set(found.keys())
    assert b"root:" not in words_of(made.folder / "rapport.pdf").encode()


def as_drawn(text: str) -> str:
    """A text as the report's font draws it, spaces and quotes left aside, which French sets in its own way."""
    known = set(FT2Font(str(FILES[400])).get_charmap())
    kept = [sign for sign in unicodedata.normalize("NFC", text) if unicodedata.category(sign)[0] not in "CZ"]
    return (
        "".join(sign if ord(sign) in known else "□" for sign in kept)
        .casefold()
        .translate(str.maketrans("’“”«»", '\'""""'))
    )


@pytest.mark.parametrize("place", ["title", "organisation", "population", "dimension", "indicator", "by"])
def test_words_stand_in_the_pdf_as_they_were_written(made: Made, place: str) -> None:
    shown = as_drawn(words_of(made.folder / "rapport.pdf").replace("*\u200b*", "**"))
    for text in made.said[place][:2]:
        expected = as_drawn(text)
        if len(text) < LONGEST:
            assert expected in shown, text
        else:
            assert as_drawn(text[:300]) in shown
            assert as_drawn(text[: LONGEST + 100]) not in shown


def test_the_manifest_says_the_title_as_it_is(made: Made) -> None:
    held = json.loads((made.folder / "manifest.json").read_text(encoding="utf-8"))["study"]
    assert (held["title"], held["organisation"]) == (made.said["title"][0], made.said["organisation"][0])


NAMES = ("../ailleurs", "a/b", "a\\\\b", "=1+1", "@a", "-a", ".a", "a\\u202Eb", "a\\u0000b", " a", "a" * 101, "")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("place", ['[dimension."d"]', 'id = "q"', 'id = "i"', 'id = "s"'])
def test_what_names_a_figure_or_a_row_is_a_plain_name(tmp_path: Path, place: str, name: str) -> None:
    text = (
        '[dimension."d"]\nlabel = "D"\n[[scale]]\nid = "s"\nchoices = [{code = "o", label = "O"}]\n'
        '[[question]]\nid = "q"\nkind = "single"\ntext = "Q"\nscale = "s"\n'
        '[[indicator]]\nid = "i"\ndimension = "d"\nquestion = "q"\nkind = "share"\ncounts = ["o"]\nlabel = "L"\n'
    )
    old = re.search('"(.)"', place)[1]
    (tmp_path / "q.toml").write_text(text.replace(place, place.replace(f'"{old}"', f'"{name}"')), encoding="utf-8")
    (tmp_path / "study.toml").write_text(
        '[study]\ntitle = "T"\nyear = 2024\nquestionnaire = "q.toml"\n[[source]]\nfile = "a.csv"\ngroup = "mentored"\n',
        encoding="utf-8",
    )
    with pytest.raises(ImpactError, match=r"ne peut pas servir de nom|n’existe pas") as fault:
        read_study(tmp_path)
    assert fault.value.key in ("study_faults", "study_name_unknown", "study_name_unknown_alone")


def test_mathematics_is_never_drawn() -> None:
    from matplotlib.figure import Figure  # noqa: PLC0415 – of this test alone

    from impact.figures._canvas import Canvas, words  # noqa: PLC0415 – idem
    from impact.figures._style import BODY  # noqa: PLC0415 – idem

    figure = Figure()
    words(Canvas(figure, figure.transFigure), 0.1, 0.5, r"$\frac{a}{b$", BODY)
    assert r"$\frac{a}{b$" in svg(figure)
    assert png(figure)
