"""Qualtrics: rows of headings, blocks, flags, blanks; then real exports, counted by pandas alone."""

import json

import pandas as pd
import pytest

from tests.unit._loaders import delimited, read, read_text

OWN = ("StartDate", "EndDate", "Status", "IPAddress", "Progress", "Finished", "ResponseId")
DATE = "2022-06-01 10:00:00"
FOLDER = "qualtrics"


def respondent(number, *cells, status="IP Address", progress="100", finished="True"):
    return (DATE, DATE, status, "192.0.2.7", progress, finished, f"R_{number}", *cells)


def headings(*named, rows=3):
    """Names, texts, identifiers."""
    names, asked = zip(*named, strict=True) if named else ((), ())
    own = ("Start Date", "End Date", "Response Type", "IP Address", "Progress", "Finished", "Response ID")
    imported = [json.dumps({"ImportId": name}) for name in (*OWN, *names)]
    return [(*OWN, *names), (*own, *asked), imported][:rows]


def export(folder, named, *answers, rows=3):
    return read_text(folder, delimited([*headings(*named, rows=rows), *answers], ","))


def questions(found):
    return found.columns[len(OWN) :]


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_no_respondent_is_made_of_headings(tmp_path, rows):
    found = export(tmp_path, [("Q1", "Tu es… ?")], respondent(1, "Oui"), respondent(2, "Non"), rows=rows)
    assert found.tool == "qualtrics"
    assert found.cells[len(OWN)].tolist() == ["Oui", "Non"]
    assert list(found.header) == list(range(1, rows + 1))
    assert questions(found)[0].headings == ("Q1", "Tu es… ?")[: min(rows, 2)]
    assert found.columns[found.answered_on].heading == "EndDate"


def test_the_row_of_identifiers_is_enough(tmp_path):
    """The file has none of Qualtrics' own columns left; a title stands above."""
    data = [("Enquête 2022",), ("Q1", "Q2"), ("Un ?", "Deux ?"), ('{"ImportId":"QID1"}', '{"ImportId":"QID2"}')]
    found = read_text(tmp_path, delimited([*data, ("a", "b")], ","))
    assert (found.tool, len(found.cells)) == ("qualtrics", 1)
    assert found.columns[0].headings == ("Q1", "Un ?")
    assert found.signs == ('« {"ImportId":"QID1"} »',)


def test_older_files_have_two_rows_and_a_comma_too_many(tmp_path):
    names = [f"V{place}" for place in range(1, 4)] + ["Q1", ""]
    below = ["ResponseID", "ResponseSet", "IPAddress", "Ça va ?", ""]
    found = read_text(tmp_path, delimited([names, below, ["R_1", "Default", "192.0.2.7", "Oui", ""]], ","))
    assert (found.tool, found.cells.shape) == ("qualtrics", (1, 4))
    assert found.columns[3].headings == ("Q1", "Ça va ?")
    assert [column.role for column in found.columns] == ["metadata", "metadata", "personal", ""]


def test_sixteen_bits_and_tabs(tmp_path):
    rows = [*headings(("Q1", "Été ?")), respondent(1, "Élève")]
    found = read_text(tmp_path, delimited(rows, "\t").encode("utf-16"))
    assert (found.tool, found.cells[len(OWN)].tolist()) == ("qualtrics", ["Élève"])


def test_questions_spread_over_columns_are_blocks(tmp_path):
    named = [
        ("Q1", "Lequel ? - Selected Choice"), ("Q1_5_TEXT", "Lequel ? - Autre - Text"),
        ("Q2_1", "Qui <b>t'aide</b> ? - Selected Choice - Un ami"),
        ("Q2_4", "Qui <b>t'aide</b> ? - Selected Choice - Un prof - principal"),
        ("Q3_1", "Note - la classe"), ("Q3_2", "Note - la cantine"),
        ("Q4", "Seul - sans bloc"), ("Q5_1", "Années 2021 - 2022"),
    ]  # fmt: skip
    found = questions(export(tmp_path, named, respondent(1, *"abcdefgh")))
    assert [(column.block, column.item) for column in found] == [
        ("", ""), ("Lequel ?", "other"), ("Qui t'aide ?", "Un ami"), ("Qui t'aide ?", "Un prof - principal"),
        ("Note", "la classe"), ("Note", "la cantine"), ("", ""), ("", ""),
    ]  # fmt: skip
    assert found[0].headings == ("Q1", "Lequel ? - Selected Choice", "Lequel ?")
    assert found[2].headings[-1] == "Q2 [Un ami]"
    assert "Qui t'aide ? - Selected Choice - Un ami" in found[2].headings  # without its markup


def test_boxes_name_themselves_where_the_texts_are_lost(tmp_path):
    named = [(name, "") for name in ("Q2_1", "Q2_2", "Q2_3", "Q3_1", "Q3_2")]
    answers = [respondent(1, "Un ami", "", "", "Souvent", "Jamais"), respondent(2, "", "Un frère", "", "Jamais", "")]
    found = questions(export(tmp_path, named, *answers, *answers, rows=1))
    assert [(column.block, column.item) for column in found] == [
        ("Q2", "Un ami"), ("Q2", "Un frère"), ("", ""), ("", ""), ("", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("last", "layout"),
    [(("1", "2", "3"), "rank"), (("1", "1", "3"), ""), (("1", "2", "4"), ""), (("", "", ""), "")],
)
def test_ranks_are_told_from_grids_of_numbers(tmp_path, last, layout):
    """Five rows in which each option has a rank of its own."""
    named = [(f"Q6_{place}", f"Classe - {item}") for place, item in enumerate("abc", 1)]
    answers = [respondent(row, *"312") for row in range(4)]
    found = questions(export(tmp_path, named, *answers, respondent(4, *last)))
    assert {column.layout for column in found} == {layout}


@pytest.mark.parametrize(
    ("said", "flag"),
    [
        ({"status": "Survey Preview"}, "preview"), ({"status": "1"}, "preview"), ({"status": "17"}, "preview"),
        ({"status": "Survey Test"}, "test"), ({"status": "2"}, "test"), ({"status": "Spam"}, "spam"),
        ({"status": "8"}, "spam"), ({"status": "Imported"}, None), ({"status": "4"}, None), ({"status": "0"}, None),
        ({"status": "16"}, None), ({"finished": "False"}, "partial"), ({"finished": "FAUX"}, "partial"),
        ({"finished": "0"}, "partial"), ({"progress": "77"}, "partial"), ({}, None),
        ({"status": "Survey Preview", "finished": "False"}, "preview"),
    ],
)  # fmt: skip
def test_flags(tmp_path, said, flag):
    found = export(tmp_path, [("Q1", "Ça va ?")], respondent(1, "Oui"), respondent(2, "Oui", **said))
    assert dict(found.flags) == ({5: flag} if flag else {})
    assert len(found.cells) == 2  # nobody is dropped


@pytest.mark.parametrize(
    ("cells", "blanks"),
    [
        (("-99", "-99"), {"": "not_asked", "-99": "no_answer"}),  # whoever exported asked for it
        (("-99", "0"), {}),  # in one question alone it may be an answer
    ],
)
def test_what_minus_99_says(tmp_path, cells, blanks):
    named = [("Q1", "Un ?"), ("Q2", "Deux ?")]
    found = export(tmp_path, named, respondent(1, *cells), respondent(2, "Oui", ""))
    assert dict(found.blanks) == blanks


def test_the_tool_s_own_columns_and_those_that_lead_to_someone(tmp_path):
    named = [
        (name, name) for name in ("Q7_First Click", "Q7_DO_1", "SC0", "RecipientEmail", "scolarite", "Q1 - Topics")
    ]
    found = questions(export(tmp_path, named, respondent(1, *"123456")))
    assert [column.role for column in found] == ["metadata", "metadata", "metadata", "personal", "", "metadata"]
    assert read(tmp_path / "a.csv").columns[3].role == "personal"


REAL = {
    # file: header rows (names, texts, identifiers) of the file
    "qualtrics_ropensci/sample.csv": 3,
    "qualtrics_projoint/mummolo_nall_300.csv": 3,
    "qualtrics_excluder/qualtrics_text.csv": 1,
    "qualtrics_workshop/01-02-pre_workshop.tsv": 1,
}


@pytest.mark.parametrize("file", REAL)
def test_real_exports(shared, file):
    raw = pd.read_csv(shared / file, sep=None, engine="python", dtype=str, keep_default_na=False)
    answers = raw.iloc[REAL[file] - 1 :]
    found = read(shared / file)
    assert found.tool == "qualtrics"
    assert len(found.header) == REAL[file]
    assert found.cells.astype(object).to_numpy().tolist() == answers.to_numpy().tolist()
    previews = (answers["Status"] == "Survey Preview").to_numpy()
    unfinished = answers["Finished"].str.casefold().isin(["false", "0"]).to_numpy() & ~previews
    flags = pd.Series(dict(found.flags), dtype=object).reindex(found.cells.index)
    assert (flags == "preview").tolist() == previews.tolist()
    assert (flags == "partial").tolist() == unfinished.tolist()


def test_real_boxes_saved_by_r(shared):
    found = read(shared / "qualtrics_workshop/01-02-pre_workshop.tsv")
    raw = pd.read_csv(shared / "qualtrics_workshop/01-02-pre_workshop.tsv", sep="\t")
    boxes = raw.filter(regex=r"^Q(2\.5|2\.8|5\.1)_\d+$")
    ticked = {name: boxes[name].dropna().unique() for name in boxes if boxes[name].notna().any()}
    blocks = {column.heading: column.item for column in found.columns if column.block and column.item != "other"}
    assert blocks == {name: texts[0] for name, texts in ticked.items() if len(texts) == 1}
    assert dict(found.blanks) == {"NA": "no_answer"}
