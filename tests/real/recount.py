"""Real exports counted by other means than impact's: csv, zipfile with ElementTree, pandas, pyreadstat, and eyes.

How each file stands (its encoding, its separator, the records of its headings, what is below its answers) was read in
the file by eye, and is written here file by file; nothing is recognised. No answer of anyone stands here: only where
to look, and how a cell of a block says yes.
"""

import csv
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from xml.etree import ElementTree as ET

import pandas as pd
import pyreadstat


class Counted(NamedTuple):
    """Rows that people filled, each named as its file numbers it, and the texts of their cells."""

    header: tuple[int, ...]
    rows: tuple[int, ...]
    cells: tuple[tuple[str, ...], ...]

    @property
    def filled(self) -> tuple[int, ...]:
        """How many people filled each column."""
        return tuple(sum(bool(cell.strip()) for cell in column) for column in zip(*self.cells, strict=True))


class Text(NamedTuple):
    """A delimited file: its headings by record, and the other records that are nobody's."""

    separator: str = ","
    encoding: str = "utf-8"
    header: tuple[int, ...] = (1,)
    nobodys: tuple[int, ...] = ()


class Grid(NamedTuple):
    """The sheet of a workbook that holds the answers: its row of headings, the last row that is someone's."""

    sheet: str
    header: int
    last: int


KOBO = Text(";")
TEXTS = {
    "causal_aod/AOD.csv": Text(),
    "causal_jobs/jobs.csv": Text(),
    "google_ahp/survey_sheets_export.csv": Text(),
    "google_autistica/Form Responses 1(3).csv": Text(),
    "kobo_dori/dori_xml_values.csv": KOBO,
    "kobo_formpack/geojson_and_selects.csv": KOBO,
    "kobo_formpack/hxl_grouped_repeatable.csv": Text(";", nobodys=(2,)),  # tags of HXL
    "kobo_formpack/or_other_labels_both.csv": KOBO,
    "kobo_formpack/quotes_newlines_and_long_urls.csv": KOBO,
    "kobo_formpack/restaurant_profile - all versions - french - 2024-03-06-10-00-00.csv": KOBO,
    "kobo_formpack/restaurant_profile_xml.csv": KOBO,
    "limesurvey_biodiv/third.csv": Text(),
    "limesurvey_limonaid/survey_100001_R_data_file.csv": Text(encoding="utf-8-sig"),
    "limesurvey_patrimoine/results-survey4914.tsv": Text("\t"),
    "limesurvey_rse/2018_public_data.csv": Text(),
    "odk_central/selectMultiple.csv": Text(),
    "psych_bfi/bfi.csv": Text(),
    "qualtrics_excluder/qualtrics_text.csv": Text(),
    "qualtrics_projoint/mummolo_nall_300.csv": Text(header=(1, 2, 3)),
    "qualtrics_ropensci/sample.csv": Text(header=(1, 2, 3)),
    "qualtrics_workshop/01-02-pre_workshop.tsv": Text("\t"),
    "questionr_hdv2003/hdv2003.csv": Text(),
    "survey_api/apiclus2.csv": Text(),
    "survey_api/apistrat.csv": Text(),
    "surveymonkey_538/StarWars.csv": Text(encoding="mac_roman", header=(1, 2)),
    "surveymonkey_538/raw-responses.csv": Text(),
    "surveymonkey_538/steak-risk-survey.csv": Text(header=(1, 2)),
    "surveymonkey_538/thanksgiving-2015-poll-data.csv": Text(),
    "typeform_opportunite/res_YvBfAdHB_old.csv": Text(),
}
WORKBOOKS = {
    "google_edav/Survey Response.xlsx": Grid("Form Responses 1", 1, 115),
    "hand_readxl/deaths.xlsx": Grid("arts", 5, 19),  # from 16 on, one sentence over four rows
    "hand_readxl/empty-named-column.xlsx": Grid("Sheet1", 1, 4),
    "hand_readxl/los-angeles-arrests-xlsx.xlsx": Grid("Sheet1", 3, 196),
    "hand_readxl/type-me.xlsx": Grid("logical_coercion", 1, 11),
    "kobo_cruncher/data_likert.xlsx": Grid("test_likert", 1, 121),
    "kobo_dori/dori_labels_fr.xlsx": Grid("Évaluation territoriale Dori", 1, 31),
    "kobo_dori/kobo_data_survey_choices.xlsx": Grid("data", 1, 31),
    "kobo_formpack/grouped_repeatable.xlsx": Grid("Household survey with repeat...", 1, 7),
    "limesurvey_patrimoine/results-survey4914.xlsx": Grid("Sheet1", 1, 349),
    "sphinx_annecy/exp_QuestionnairevilledAnnecy.xlsx": Grid("Questionnairevilled'Annecy", 2, 27),
}
LABELLED = (".sav", ".zsav", ".dta")

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_TIED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def counted(path: Path, name: str) -> Counted:
    """The answers of a file of realdata."""
    if name in TEXTS:
        return of_text(path, TEXTS[name])
    if name in WORKBOOKS:
        return of_workbook(path, WORKBOOKS[name])
    return of_stata(path) if path.suffix == ".dta" else of_spss(path)


def of_text(path: Path, shape: Text) -> Counted:
    """Records by their number, as a spreadsheet counts them; a record without any text is nobody's."""
    kept, header = {}, []
    with path.open(encoding=shape.encoding, newline="") as file:
        reader = csv.reader(file, delimiter=shape.separator)
        for place, record in enumerate(reader, start=1):
            if place in shape.header:
                header.append(place)
                width = len(record)
            elif place not in shape.nobodys and any(cell.strip() for cell in record):
                kept[place] = (*record, *[""] * (width - len(record)))
    return Counted(tuple(header), tuple(kept), tuple(kept.values()))


def of_workbook(path: Path, shape: Grid) -> Counted:
    """Rows by their number; a row without any value is nobody's."""
    rows = dict(_rows(path, shape.sheet))
    width = max(place for place, text in rows[shape.header].items() if text.strip()) + 1
    kept = {number: row for number, row in rows.items() if shape.header < number <= shape.last}
    cells = {number: tuple(row.get(place, "") for place in range(width)) for number, row in kept.items()}
    people = {number: row for number, row in cells.items() if any(cell.strip() for cell in row)}
    return Counted((shape.header,), tuple(people), tuple(people.values()))


def _rows(path: Path, sheet: str) -> Iterator[tuple[int, Mapping[int, str]]]:
    """The rows of a sheet as the workbook's own XML has them: number, and text by place."""
    with zipfile.ZipFile(path) as book:
        main = PurePosixPath(_targets(book, PurePosixPath("_rels/.rels"))["officeDocument"])
        tree = _xml(book, main)
        tied = next(one.get(_TIED) for one in tree.iter(f"{_MAIN}sheet") if one.get("name") == sheet)
        targets = _targets(book, main.parent / "_rels" / f"{main.name}.rels")
        strings = _strings(book, main.parent, targets)
        rows = _xml(book, main.parent / targets[str(tied)]).iter(f"{_MAIN}row")
    for row in rows:
        cells = enumerate(row.iter(f"{_MAIN}c"))  # some workbooks do not say where a cell stands: side by side, then
        named = {place_of(cell.get("r", "")) if cell.get("r") else place: _text(cell, strings) for place, cell in cells}
        yield int(str(row.get("r"))), named


def _targets(book: zipfile.ZipFile, ties: PurePosixPath) -> dict[str, str]:
    """The parts that a part is tied to, by the name of the tie and by the kind of part."""
    found = [(one.get("Id"), str(one.get("Type")), str(one.get("Target"))) for one in _xml(book, ties)]
    by_kind = {kind.rpartition("/")[2]: target for _, kind, target in found}
    return by_kind | {str(name): target for name, _, target in found}


def _xml(book: zipfile.ZipFile, part: PurePosixPath) -> ET.Element:
    return ET.fromstring(book.read(str(part)))


def _strings(book: zipfile.ZipFile, folder: PurePosixPath, targets: Mapping[str, str]) -> list[str]:
    if "sharedStrings" not in targets:
        return []
    items = _xml(book, folder / targets["sharedStrings"]).iter(f"{_MAIN}si")
    return ["".join(text.text or "" for text in item.iter(f"{_MAIN}t")) for item in items]


def place_of(reference: str) -> int:
    """A column by its letters ("AB", or "AB12"), counted from 0."""
    place = 0
    for letter in reference.rstrip("0123456789"):
        place = 26 * place + ord(letter) - ord("A") + 1
    return place - 1


def _text(cell: ET.Element, strings: Sequence[str]) -> str:
    if cell.get("t") == "inlineStr":
        return "".join(text.text or "" for text in cell.iter(f"{_MAIN}t"))
    value = cell.findtext(f"{_MAIN}v") or ""
    return strings[int(value)] if cell.get("t") == "s" else value


def of_spss(path: Path) -> Counted:
    """Cases by their number; system missing is blank, what the file declares missing is a value."""
    frame, _ = pyreadstat.read_sav(path, user_missing=True, disable_datetime_conversion=True)
    return _cases(frame)


def of_stata(path: Path) -> Counted:
    """Cases by their number, read by pandas: a tagged missing (.a) is a value, the dot alone is blank."""
    frame = pd.read_stata(path, convert_missing=True, convert_categoricals=False, convert_dates=False)
    return _cases(frame.map(lambda cell: "" if str(cell) == "." else cell))


def _cases(frame: pd.DataFrame) -> Counted:
    texts = frame.astype(object).where(frame.notna(), "").map(str)
    return Counted((), tuple(range(1, len(texts) + 1)), tuple(texts.itertuples(index=False, name=None)))


class Block(NamedTuple):
    """A multiple choice: its boxes by letter ("D:G"), its slots, or the one column that joins its options.

    `summary` is a column that joins them beside the boxes, and speaks for a row that has none. `options` are those of
    the form, in the boxes' order, where cells join them. `ticks` is the cell of a ticked box, where another text than
    those of `LEFT` leaves one too. `refuses` is a box that is no option.
    """

    columns: str
    slots: bool = False
    summary: str = ""
    options: tuple[str, ...] = ()
    ticks: str = ""
    refuses: str = ""


# Texts of a box that nobody ticked; any other text ticks it: "Oui", "1", the option itself, what was typed as "other".
LEFT = ("", "0", "0.0", "Non", "No", "Not selected", "NA", "N/A")
SPHINX = "sphinx_annecy/exp_QuestionnairevilledAnnecy.xlsx"
RESTAURANT = "kobo_formpack/restaurant_profile - all versions - french - 2024-03-06-10-00-00.csv"
PERSONAL_CONNECTION = (
    "I am autistic", "I am a parent/ guardian of someone autistic", "Someone in my family is autistic",
    "I know someone who is autistic", "I have another personal connection to autism",
    "I have no personal connection to autism",
)  # fmt: skip
TOOLS = (
    "Matlab", "R", "Github", "Excel", "SQL", "RStudio", "ggplot2", "shell (terminal / command line)", "SPSS", "C/C++",
    "Python", "Stata", "LaTeX", "regular expressions (grep)", "lattice", "Sweave/knitr", "XML", "Web: html css js",
    "dropbox", "google drive (formerly docs)",
)  # fmt: skip
BLOCKS = {
    "google_edav/Survey Response.xlsx": (Block("C:C", options=TOOLS),),
    "google_autistica/Form Responses 1(3).csv": (Block("D:D", options=PERSONAL_CONNECTION),),
    "kobo_dori/dori_labels_fr.xlsx": (Block("AD:AI", summary="AC"), Block("AL:AV", summary="AK")),
    "kobo_dori/dori_xml_values.csv": (Block("AD:AI", summary="AC"), Block("AL:AV", summary="AK")),
    "kobo_dori/kobo_data_survey_choices.xlsx": (Block("AG:AL", summary="AF"), Block("AO:AY", summary="AN")),
    "kobo_formpack/or_other_labels_both.csv": (Block("D:H", summary="C"),),
    RESTAURANT: (Block("H:I", summary="G", options=("traditionnel", "avec vente à emporter")),),
    "kobo_formpack/restaurant_profile_xml.csv": (Block("H:I", summary="G", options=("sit_down", "takeaway")),),
    "limesurvey_biodiv/third.csv": (Block("AZS:BAJ"),),
    "limesurvey_limonaid/survey_100001_R_data_file.csv": (Block("M:AA"), Block("AB:AL")),
    "limesurvey_patrimoine/results-survey4914.xlsx": (Block("D:G"), Block("H:I"), Block("P:S")),
    "limesurvey_rse/2018_public_data.csv": (
        *map(
            Block,
            (
                "AX:DJ",
                "DK:FW",
                "FX:IJ",
                "IK:KW",
                "KX:NJ",
                "NK:PW",
                "PX:RZ",
                "SA:SV",
                "SW:VI",
                "WG:WJ",
                "WQ:WU",
                "WY:XO",
            ),
        ),
        *map(Block, ("YF:YJ", "YL:ZU", "ZV:AAB")),
    ),
    "odk_central/selectMultiple.csv": (Block("D:E", summary="C"), Block("G:J", summary="F")),
    "qualtrics_workshop/01-02-pre_workshop.tsv": (Block("Q:AD"), Block("AH:AP", refuses="AN"), Block("AU:AZ")),
    "sav_pyreadstat/simple_alltypes.sav": (Block("E:G", ticks="1.0"), Block("H:J", slots=True)),
    SPHINX: (Block("E:J", slots=True), Block("L:R", slots=True)),
    "surveymonkey_538/StarWars.csv": (Block("D:I"),),
    "surveymonkey_538/raw-responses.csv": tuple(
        map(Block, ("F:K", "X:AI", "AK:AR", "AS:AW", "AX:BD", "BJ:BP", "BQ:BV", "BW:BZ", "CC:CE"))
    ),
    "surveymonkey_538/thanksgiving-2015-poll-data.csv": tuple(map(Block, ("L:Y", "AA:AL", "AN:AX"))),
    "typeform_opportunite/res_YvBfAdHB_old.csv": tuple(
        map(Block, ("L:Q", "Z:AD", "AP:AT", "AX:BB", "BF:BQ", "BS:BX", "BY:CC"))  # nothing parts the two of BF:BQ
    ),
}


class Ticks(NamedTuple):
    """How many ticked each option that anybody ticked, fewest first; and how many ticked one at least."""

    each: tuple[int, ...]
    base: int


def ticks(found: Counted, block: Block) -> Ticks:
    """The ticks of a block."""
    first, last = map(place_of, block.columns.split(":"))
    places = [place for place in range(first, last + 1) if place != place_of(block.refuses)]
    given = [_options(cells, places, block) for cells in found.cells]
    counts = Counter(option for options in given for option in options)
    return Ticks(tuple(sorted(counts.values())), sum(bool(options) for options in given))


def _options(cells: Sequence[str], places: Sequence[int], block: Block) -> set[int | str]:
    """The options of one person: boxes by their place, slots by their text, joined options by theirs."""
    if block.slots:
        return {cells[place] for place in places} - {""}
    if len(places) == 1:
        return set(_joined(cells[places[0]], block.options))
    if block.options and not any(cells[place] for place in places):
        return {
            places[block.options.index(option)] for option in block.options if option in cells[place_of(block.summary)]
        }
    return {place for place in places if (cells[place] == block.ticks if block.ticks else cells[place] not in LEFT)}


def _joined(cell: str, options: Sequence[str]) -> Iterator[str]:
    """The options that a cell joins, the longest taken out first: "RStudio" is no "R"."""
    for option in sorted(options, key=len, reverse=True):
        if option in cell:
            cell = cell.replace(option, "", 1)
            yield option


# Texts that are no answer, and why, by the letter of their column ("" for all): as their tool or their labels say.
ANYWHERE = ""
PREFER_NOT = {(ANYWHERE, "Prefer not to say"): "refused", (ANYWHERE, "Prefer not to answer"): "refused"}
SAYS_NOTHING = {(ANYWHERE, "NA"): "no_answer"}
SILENT = {
    "google_autistica/Form Responses 1(3).csv": PREFER_NOT,
    "limesurvey_patrimoine/results-survey4914.tsv": {(ANYWHERE, "N/A"): "not_applicable"},
    "limesurvey_patrimoine/results-survey4914.xlsx": {(ANYWHERE, "N/A"): "not_asked"},
    "limesurvey_rse/2018_public_data.csv": {**PREFER_NOT, (ANYWHERE, "Don't know"): "dont_know"},
    "psych_bfi/bfi.csv": SAYS_NOTHING,
    "qualtrics_workshop/01-02-pre_workshop.tsv": {**PREFER_NOT, **SAYS_NOTHING},
    "questionr_fecondite/femmes.sav": {
        ("J", "9.0"): "no_answer", ("P", "96.0"): "dont_know", ("P", "99.0"): "no_answer", ("Q", "9.0"): "no_answer",
    },
    "questionr_hdv2003/hdv2003.csv": {(ANYWHERE, "NSP ou NVPR"): "dont_know", (ANYWHERE, "Ne sait pas"): "dont_know"},
    "sav_foreign/testdata.sav": {("E", "99.0"): "no_answer"},
    "sav_pyreadstat/missing_test.sav": {("A", "1.0"): "no_answer"},
    "sav_pyreadstat/simple_alltypes.sav": {("C", "999.0"): "no_answer"},
    "survey_api/apiclus2.csv": SAYS_NOTHING,
    "survey_api/apistrat.csv": SAYS_NOTHING,
    "surveymonkey_538/raw-responses.csv": {**PREFER_NOT, **SAYS_NOTHING, (ANYWHERE, "No answer"): "no_answer"},
    "surveymonkey_538/thanksgiving-2015-poll-data.csv": PREFER_NOT,
    "typeform_opportunite/res_YvBfAdHB_old.csv": {(ANYWHERE, "Aucune idee"): "dont_know"},
}  # fmt: skip


def silences(found: Counted, name: str, letter: str) -> list[str]:
    """Why each person gives no answer in a column, "" where the cell may be one."""
    says, place = SILENT.get(name, {}), place_of(letter)
    cells = [row[place].strip() for row in found.cells]
    return [says.get((letter, cell)) or says.get((ANYWHERE, cell)) or ("" if cell else "no_answer") for cell in cells]


# What a tool says against a respondent: the heading of the column that says so, and its cell.
FLAGS = {
    "google_ahp/survey_sheets_export.csv": {"test": ("Horodateur", "Test")},
    "limesurvey_limonaid/survey_100001_R_data_file.csv": {"partial": ("Date submitted", "")},
    "qualtrics_excluder/qualtrics_text.csv": {
        "preview": ("Status", "Survey Preview"),
        "partial": ("Finished", "FALSE"),
    },
    "qualtrics_workshop/01-02-pre_workshop.tsv": {"partial": ("Finished", "FALSE")},
}


def flagged(path: Path, name: str) -> dict[str, tuple[int, ...]]:
    """The rows that a tool says something against, by what it says."""
    found, headings = counted(path, name), heading_record(path, TEXTS[name])
    places = {flag: (headings.index(heading), cell) for flag, (heading, cell) in FLAGS[name].items()}
    lines = list(zip(found.rows, found.cells, strict=True))
    return {flag: tuple(row for row, cells in lines if cells[at] == cell) for flag, (at, cell) in places.items()}


def heading_record(path: Path, shape: Text) -> list[str]:
    """The first record of headings."""
    with path.open(encoding=shape.encoding, newline="") as file:
        return next(csv.reader(file, delimiter=shape.separator))


def items(path: Path) -> int:
    """How many questions a form asks: each row of a grid is one, and each place of a ranking."""
    if path.suffix == ".lss":
        return sum(_items_of_lss(path))
    if path.suffix == ".txt":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return len({row["name"] for row in csv.DictReader(file, delimiter="\t") if row["class"] == "Q"})
    return sum(row.get(0, "").startswith("select_one ") for _, row in _rows(path, "survey"))


def _items_of_lss(path: Path) -> Iterator[int]:
    """One a question, but for LimeSurvey's grids (F, K, Q: one a sub-question) and rankings (R: one an answer)."""
    tree = ET.parse(path)
    rows = Counter(row.findtext("parent_qid") for row in tree.iterfind("subquestions/rows/row"))
    ranked = Counter(row.findtext("qid") for row in tree.iterfind("answers/rows/row"))
    for question in tree.iterfind("questions/rows/row"):
        kind, name = str(question.findtext("type")), question.findtext("qid")
        yield rows[name] if kind in "FKQ" else ranked[name] if kind == "R" else 1
