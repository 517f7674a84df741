"""The files of a report: what readers and programs open, byte for byte, and how they get into their place."""

import json
import re
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import page
import pandas as pd
import pikepdf
import pytest
from python_calamine import CalamineWorkbook

from impact import texts
from impact.errors import ImpactError
from impact.model import COMPARED, ESTIMATES, TABLES, Results
from impact.report import report
from impact.report.book import open_book
from impact.report.delivery import check, staged
from impact.report.manifest import manifest
from impact.report.pdf import AMBIGUOUS, end_streams_plainly
from impact.report.tables import as_csv, harmless, write_tables
from impact.report.workbook import workbook
from impact.study import Study
from tests.unit._fake_results import fake_results, fake_study

HOSTILE = (
    '#read("/etc/passwd") $x$ *gras* _a_ `b` @ref <label> \\u{1F600} [[ ]] <script>alert(1)</script> "=1+1" '
    "\u202e\x07😀漢字 ok"
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reports") / "essai"
    report(fake_results(), fake_study(), folder)
    return folder


def test_a_report_is_whole(made: Path) -> None:
    names = {path.relative_to(made).as_posix() for path in made.rglob("*") if path.is_file()}
    assert {"rapport.pdf", "tables.xlsx", "manifest.json", "estimates.csv", "comparisons.csv", "missing.csv",
            "flow.csv", "problems.csv", "distributions.csv", "published.csv"} <= names  # fmt: skip
    assert {"figures/forest.svg", "figures/forest.png", "figures/shares_schooling.svg"} <= names
    assert not list(made.parent.glob(".*"))


def test_only_its_owner_may_read_it(made: Path) -> None:
    assert stat.S_IMODE(made.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in made.rglob("*") if path.is_file()} == {0o600}


def test_the_pdf_keeps_every_rule_of_pdf_ua_and_pdf_a(made: Path) -> None:
    for profile in (page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_3A):
        result = page.validate_pdf(str(made / "rapport.pdf"), profile=profile)
        assert result.is_compliant, result.failures


def elements(pdf: pikepdf.Pdf, kind: str) -> list[Any]:
    return [each for each in walk(pdf.Root.StructTreeRoot) if str(each.get("/S", "")) == f"/{kind}"]


def walk(node: Any) -> Iterator[Any]:
    kids = node.get("/K")
    for kid in list(kids) if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and ("/S" in kid or "/K" in kid):
            yield kid
            yield from walk(kid)


def test_every_table_of_the_pdf_has_headers_for_its_columns_and_rows(made: Path) -> None:
    with pikepdf.open(made / "rapport.pdf") as pdf:
        ids = {str(each.ID) for each in elements(pdf, "TH")}
        for table in elements(pdf, "Table"):
            rows = [each for each in walk(table) if str(each.get("/S", "")) == "/TR"]
            kinds = [[str(cell.S) for cell in row.K] for row in rows]
            assert set(kinds[0]) == {"/TH"}
            assert all(row[0] == "/TH" and set(row[1:]) <= {"/TH", "/TD"} for row in kinds)
            for cell in (cell for row in rows for cell in row.K if str(cell.S) == "/TD"):
                named = [str(each) for attributes in cell.A for each in attributes.get("/Headers", ())]
                assert len(named) >= 2  # its row's and its column's
                assert set(named) <= ids


def test_every_figure_of_the_pdf_says_what_it_shows(made: Path) -> None:
    with pikepdf.open(made / "rapport.pdf") as pdf:
        alternatives = [str(each.get("/Alt", "")) for each in elements(pdf, "Figure")]
    assert len(alternatives) >= 8
    assert all(len(text) > 40 for text in alternatives)


def test_the_pdf_says_whose_it_is_and_carries_the_tables(made: Path) -> None:
    with pikepdf.open(made / "rapport.pdf") as pdf:
        assert str(pdf.Root.Lang) == "fr"
        assert str(pdf.docinfo["/Title"]).replace("’", "'") == "Étude d'essai sur le mentorat"
        attached = pdf.attachments["estimates.csv"].get_file().read_bytes()
    assert attached == (made / "estimates.csv").read_bytes()


def test_same_study_same_bytes(made: Path, tmp_path: Path) -> None:
    report(fake_results(), fake_study(), tmp_path / "again")
    for path in sorted(made.rglob("*")):
        if path.is_file():
            assert (tmp_path / "again" / path.relative_to(made)).read_bytes() == path.read_bytes(), path.name


def test_the_manifest_names_no_machine_and_no_hour(made: Path) -> None:
    text = (made / "manifest.json").read_text(encoding="utf-8")
    content = json.loads(text)
    assert str(made.parent) not in text
    assert not re.search(r"\d{4}-\d\d-\d\d|\d\d:\d\d:\d\d", text)
    assert content["study"]["data"] == "synthetic"
    assert set(content["outputs"]) == {
        path.relative_to(made).as_posix() for path in made.rglob("*") if path.is_file() and path.name != "manifest.json"
    }
    assert {"impact", "python", "pandas", "typst"} <= set(content["versions"])


@pytest.mark.parametrize("audience", ["public", "internal"])
def test_inputs_are_named_from_the_study_and_those_with_answers_fingerprinted_for_its_own_people_alone(
    tmp_path: Path, audience: str
) -> None:
    folder = tmp_path / "étude"
    folder.mkdir()
    (folder / "a.csv").write_bytes(b"abc")
    (tmp_path / "bundled.toml").write_bytes(b"")
    study = fake_study()
    study = replace(
        study,
        file=folder / "study.toml",
        inputs=(folder / "a.csv", tmp_path / "bundled.toml"),
        disclosure=study.disclosure.model_copy(update={"audience": audience}),
    )
    told = json.loads(manifest(study, "fr", tmp_path / "nothing"))
    # sha256 of nothing and of "abc" (FIPS 180-2, appendix B.1)
    own = {"bundled.toml": "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}
    answers = {"a.csv": "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}
    assert told["inputs"] == (own | answers if audience == "internal" else own)
    assert told.get("named_only") == (None if audience == "internal" else ["a.csv"])


# --- tables ----------------------------------------------------------------------------------------------------------


def test_a_csv_is_read_back_as_it_was(made: Path) -> None:
    results = fake_results()
    for name, columns in (("estimates", ESTIMATES), ("comparisons", COMPARED)):
        read = pd.read_csv(made / f"{name}.csv")
        assert list(read.columns) == [*columns, "data"]
        assert set(read["data"]) == {"synthetic"}
        expected = getattr(results, name)
        for column in ("estimate", "low", "high"):
            pd.testing.assert_series_equal(read[column], expected[column], check_exact=True, check_dtype=False)


def test_a_csv_of_real_public_data_has_the_promised_columns_alone(tmp_path: Path) -> None:
    study = fake_study()
    real = replace(study, about=study.about.model_copy(update={"synthetic": False}))
    write_tables(fake_results(), real, tmp_path)
    assert tuple(pd.read_csv(tmp_path / "estimates.csv").columns) == ESTIMATES


def test_internal_use_is_said_in_every_table(tmp_path: Path) -> None:
    study = fake_study()
    internal = replace(study, disclosure=study.disclosure.model_copy(update={"audience": "internal"}))
    paths = write_tables(fake_results(), internal, tmp_path)
    assert all(set(pd.read_csv(path)["audience"]) <= {"internal"} for path in paths)
    content = workbook(open_book(fake_results(), internal, texts.load("fr")))
    sheet = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    assert "Usage interne" in str(sheet[1][1])


def test_infinite_blank_and_whole_numbers_keep_their_form() -> None:
    frame = pd.DataFrame(
        {"n": [12.0, None], "low": [0.1, None], "high": [float("inf"), None], "status": ["shown", "s"]}
    )
    assert as_csv(frame, {}) == "n,low,high,status\n12,0.1,inf,shown\n,,,s\n"


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"), ("@SOMME(A1)", "'@SOMME(A1)"), ("+cmd", "'+cmd"), ("-2+3", "'-2+3"), ("\tx", "'\tx"),
        ("＝1", "'＝1"), ("-5", "-5"), ("-3,5", "-3,5"), ("+33", "+33"), ("oui", "oui"), ("", ""), (None, None),
    ],
)  # fmt: skip
def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless(cell: object, written: object) -> None:
    assert harmless(cell) == written


def test_the_workbook_is_for_people(made: Path) -> None:
    book = CalamineWorkbook.from_path(made / "tables.xlsx")
    assert book.sheet_names[0] == "Lisez-moi"
    rows = book.get_sheet_by_name("Résultats").to_python()
    head = rows[0]
    assert all(len([cell for cell in row if cell != ""]) == len(head) for row in rows)  # no empty cell
    row = next(row for row in rows if row[-1] == "absence_tres_souvent")
    assert row[head.index("Chiffre")] == 9 / 149
    assert row[head.index("Groupe")] == "jeunes mentorés"
    masked = next(row for row in rows if row[-1] == "abandon_orientation")
    assert {masked[head.index(name)] for name in ("Base", "Chiffre", "Limite basse")} == {"s"}
    gaps = book.get_sheet_by_name("Comparaisons").to_python()
    gap = next(row for row in gaps if row[-1] == "absence_tres_souvent")
    assert gap[gaps[0].index("Chiffre")] == pytest.approx((9 / 149 - 31 / 163) * 100, abs=1e-9)
    assert gap[gaps[0].index("Unité")] == "points"


def test_the_workbook_keeps_the_words_of_a_users_file_and_marks_a_masked_count() -> None:
    results = fake_results()
    problems = results.problems.assign(heading="Ça va ? « oui »", value="10 000 %", column="A:B")
    missing = results.missing.assign(count=results.missing["count"].astype(float)).head(1).assign(count=float("nan"))
    book = open_book(replace(results, problems=problems, missing=missing), fake_study(), texts.load("fr"))
    sheets = CalamineWorkbook.from_filelike(BytesIO(workbook(book)))
    row = sheets.get_sheet_by_name("Cellules non comprises").to_python()[1]
    assert {"Ça va ? « oui »", "10 000 %", "A:B"} <= set(row)
    head, masked = sheets.get_sheet_by_name("Sans réponse").to_python()
    assert masked[head.index("Nombre")] == "s"


@pytest.mark.parametrize("language", texts.languages())
def test_every_column_of_every_table_has_a_heading_in_words(language: str) -> None:
    words = texts.load(language)
    lacking = {column for columns in TABLES.values() for column in columns if f"table.{column}" not in words}
    assert not lacking


def test_the_workbook_holds_no_formula_no_merged_cell_and_no_clock(made: Path) -> None:
    with zipfile.ZipFile(made / "tables.xlsx") as parts:
        sheets = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/worksheets/")]
        core = parts.read("docProps/core.xml").decode()
    assert len(sheets) == 1 + len(TABLES)
    assert not any("<f>" in sheet or "mergeCell" in sheet for sheet in sheets)
    assert all("Données synthétiques" in sheet for sheet in sheets)  # in what is printed above and below
    assert "2022-01-01T00:00:00Z" in core
    assert "Données synthétiques" in core


# --- hostile words ---------------------------------------------------------------------------------------------------


def hostile_study() -> Study:
    study = fake_study()
    tables = study.questionnaire.model_dump(by_alias=True)
    tables["dimension"]["schooling"]["label"] = HOSTILE
    for indicator in tables["indicator"]:
        indicator["label"] = indicator["says"] = HOSTILE
    about = study.about.model_copy(update={"title": HOSTILE, "organisation": HOSTILE, "population": HOSTILE * 40})
    return replace(study, about=about, questionnaire=type(study.questionnaire).model_validate(tables))


def test_hostile_words_stay_words(tmp_path: Path) -> None:
    results = fake_results()
    problems = results.problems.assign(value=HOSTILE, heading="=HYPERLINK()", source=HOSTILE)
    report(replace(results, problems=problems), hostile_study(), tmp_path / "out")
    result = page.validate_pdf(str(tmp_path / "out" / "rapport.pdf"), profile=page.ValidationProfile.PDF_UA_1)
    assert result.is_compliant, result.failures
    with pikepdf.open(tmp_path / "out" / "rapport.pdf") as pdf:
        title = str(pdf.docinfo["/Title"])
    assert '#read("/etc/passwd") $x$ *gras* _a_ `b` @ref <label>' in title
    assert "□" in title
    assert "root:" not in (tmp_path / "out" / "rapport.pdf").read_bytes().decode("latin-1")


def test_everything_masked_still_makes_a_report(tmp_path: Path) -> None:
    results = fake_results()
    frames = {}
    for name in ("estimates", "comparisons", "distributions"):
        frame = getattr(results, name).assign(status="suppressed")
        numbers = frame.select_dtypes("number").columns
        frames[name] = frame.assign(**dict.fromkeys(numbers, float("nan")))
    made = report(replace(results, **frames), fake_study(), tmp_path / "out", "en")
    result = page.validate_pdf(str(made[0]), profile=page.ValidationProfile.PDF_UA_1)
    assert result.is_compliant, result.failures


def test_a_study_with_one_group_and_nothing_else_makes_a_report(tmp_path: Path) -> None:
    results, study = fake_results(), fake_study()
    names = ("estimates", "distributions", "missing", "flow", "breakdowns")
    alone: dict[str, Any] = {name: getattr(results, name) for name in names}
    alone = {name: frame[frame["group"] == "mentored"] for name, frame in alone.items()}
    alone |= {name: getattr(results, name).iloc[:0] for name in ("comparisons", "published", "problems")}
    bare = Results(
        **{**{name: getattr(results, name) for name in Results.__slots__}, **alone, "sizes": {"mentored": 163}}
    )
    made = report(bare, replace(study, duration=None, published=None), tmp_path / "out")
    result = page.validate_pdf(str(made[0]), profile=page.ValidationProfile.PDF_UA_1)
    assert result.is_compliant, result.failures
    assert (tmp_path / "out" / "comparisons.csv").read_text(encoding="utf-8") == ",".join([*COMPARED, "data"]) + "\n"


# --- putting it in its place -----------------------------------------------------------------------------------------


def test_what_was_not_protected_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="protect"):
        report(replace(fake_results(), protected=False), fake_study(), tmp_path / "out")


def test_a_killed_run_leaves_the_old_report(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "estimates.csv").write_text("old", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt), staged(folder) as draft:
        (draft / "estimates.csv").write_text("new", encoding="utf-8")
        raise KeyboardInterrupt
    assert (folder / "estimates.csv").read_text(encoding="utf-8") == "old"
    with staged(folder) as draft:
        assert list(draft.iterdir()) == []
        (draft / "estimates.csv").write_text("new", encoding="utf-8")
    assert (folder / "estimates.csv").read_text(encoding="utf-8") == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_run_killed_between_two_renames_is_put_right(tmp_path: Path) -> None:
    (tmp_path / ".out.old").mkdir()
    (tmp_path / ".out.old" / "notes.txt").write_text("mine", encoding="utf-8")
    with staged(tmp_path / "out") as draft:
        (draft / "estimates.csv").write_text("new", encoding="utf-8")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["estimates.csv", "notes.txt"]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_second_report_takes_the_place_of_the_first_and_keeps_a_persons_file(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    report(fake_results(), fake_study(), folder, formats=("xlsx",))
    (folder / "mes notes.txt").write_text("mine", encoding="utf-8")
    made = report(fake_results(), fake_study(), folder, formats=())
    assert (folder / "mes notes.txt").read_text(encoding="utf-8") == "mine"
    assert not (folder / "tables.xlsx").exists()
    assert all(path.is_file() for path in made)


def test_the_tables_of_analyse_may_be_replaced(tmp_path: Path) -> None:
    write_tables(fake_results(), fake_study(), tmp_path)
    (tmp_path / ".DS_Store").write_bytes(b"")
    check(tmp_path, fake_study())
    (tmp_path / "lettre.txt").write_bytes(b"")
    with pytest.raises(ImpactError):
        check(tmp_path, fake_study())


def test_a_folder_that_holds_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thèse.docx").write_bytes(b"")
    with pytest.raises(ImpactError) as caught:
        report(fake_results(), fake_study(), tmp_path)
    assert caught.value.key == "report_folder_taken"
    assert (tmp_path / "thèse.docx").exists()


def test_the_study_s_own_folder_is_refused(tmp_path: Path) -> None:
    study = replace(fake_study(), file=tmp_path / "étude" / "study.toml")
    for folder in (tmp_path / "étude", tmp_path):
        with pytest.raises(ImpactError) as caught:
            report(fake_results(), study, folder)
        assert caught.value.key == "report_folder_holds_study"


@pytest.mark.parametrize(
    ("wrong", "key", "known"),
    [({"language": "eo"}, "language", "en, fr"), ({"formats": ("docx",)}, "format", "pdf, xlsx")],
)
def test_what_does_not_exist_is_named_with_what_does(
    tmp_path: Path, wrong: dict[str, Any], key: str, known: str
) -> None:
    with pytest.raises(ImpactError) as caught:
        report(fake_results(), fake_study(), tmp_path / "out", **wrong)
    assert caught.value.key == f"report_unknown_{key}"
    assert not (tmp_path / "out").exists()
    assert known in caught.value.say()


def test_no_stream_of_the_pdf_ends_where_its_end_could_be_misread(made: Path) -> None:
    """A stream whose data end in a carriage return is written in letters; the others are left as they were."""
    with pikepdf.new() as pdf:
        odd = pdf.make_stream(b"")
        odd.write(b"\x01\x02\r", filter=None)
        plain = pdf.make_stream(b"")
        plain.write(b"\x01\x02\n", filter=None)
        end_streams_plainly(pdf)
        # Adobe's ASCII85 by hand: 0x01020D00 is 0, 27, 45, 60, 16 in base 85; each plus 33; one letter less for the pad
        assert odd.read_raw_bytes() == b"!<N]~>"
        assert odd.read_bytes() == b"\x01\x02\r"
        assert plain.read_raw_bytes() == b"\x01\x02\n"
    assert AMBIGUOUS not in (made / "rapport.pdf").read_bytes()
