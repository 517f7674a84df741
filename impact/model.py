"""The nouns that travel the path. Values only: nothing here reads a file or computes a figure."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import Any, Final, NamedTuple, TypeAlias

import pandas as pd

Values: TypeAlias = "pd.Series[Any]"  # one value a respondent

# Why a cell holds no answer. An answer has the reason "" (empty).
REASONS: Final = (
    "dont_know", "refused", "not_applicable", "not_asked", "not_yet", "partial", "no_answer", "implausible", "unknown",
)  # fmt: skip

# The groups a study may publish, in the order of every table. A band is a part of the mentored; one that took in those
# of unknown duration stands in the place of both.
SOURCE_GROUPS: Final = ("mentored", "non_mentored", "mentor")
BANDS: Final = ("over", "over_unknown", "under", "under_unknown", "unknown")
GROUPS: Final = ("mentored", *(f"mentored_{band}" for band in BANDS), "non_mentored", "mentor")
MERGED: Final[Mapping[str, str]] = MappingProxyType(
    {"mentored_over": "mentored_over_unknown", "mentored_under": "mentored_under_unknown"}
)


def parts_of(group: str, groups: Iterable[str]) -> tuple[str, ...]:
    """The groups among `groups` that are a part of this one: the bands of the mentored."""
    return tuple(one for one in groups if one.startswith(f"{group}_"))


# Who is compared with whom, in the order of every table: (group, reference).
COMPARISONS: Final = (
    ("mentored", "non_mentored"),
    ("mentored_over", "non_mentored"),
    ("mentored_under", "non_mentored"),
    ("mentored_over", "mentored_under"),
)


def named_in(group: str, held: Container[str]) -> str:
    """A group as a report that holds these groups names it: a band that took in those of unknown duration by that."""
    merged = MERGED.get(group, group)
    return merged if merged in held else group


def merged_in(held: Iterable[str]) -> str:
    """The band that took in those of unknown duration, among the groups of a report; "" for none."""
    groups = set(held)
    return next((group for group in MERGED.values() if group in groups), "")


def comparisons_in(held: Container[str]) -> tuple[tuple[str, str], ...]:
    """COMPARISONS, each group as a report that holds these groups names it."""
    return tuple((named_in(group, held), named_in(reference, held)) for group, reference in COMPARISONS)


# What became of a row of the tables; a suppressed row keeps its names and nothing else.
STATUSES: Final = ("shown", "suppressed", "suppressed_secondary", "not_comparable", "too_few")
# Whether what two groups were asked may be compared: `doubtful` is not, unless a person signs that it may.
COMPARABLE: Final = ("identical", "recodable", "doubtful", "not_comparable")
VERDICTS: Final = ("higher", "lower", "equivalent", "inconclusive")

# The columns of the published tables: names, order and meaning are a promise to those who read them by program.
ESTIMATES: Final = (
    "indicator", "dimension", "group", "n", "missing", "estimate", "std_error", "df", "low", "high", "level",
    "interval", "unit", "status",
)  # fmt: skip
COMPARED: Final = (
    "indicator", "dimension", "group", "reference", "measure", "adjustment", "estimate", "std_error", "low", "high",
    "level", "p", "p_adjusted", "interval", "test", "unit", "verdict", "status",
)  # fmt: skip
MISSING: Final = ("indicator", "group", "reason", "count")
DISTRIBUTIONS: Final = ("question", "dimension", "group", "choice", "n", "count", "share", "status")
FLOW: Final = ("source", "group", "stage", "reason", "count")
PROBLEMS: Final = ("source", "sheet", "row", "column", "heading", "value", "problem", "done")
# Problems of one cell whose value is what someone typed; but for the words of `SILENCES`, an answer is lost.
SILENCES: Final = ("says_no_answer", "says_dont_know", "says_refused", "says_not_applicable")
MISREAD: Final = (
    "not_a_choice", "not_a_mark", "not_a_number", "not_a_date", "range", "open_bound", "about", "unit_unknown",
    "date_serial", "date_swapped",
)  # fmt: skip
PUBLISHED: Final = (
    "figure", "indicator", "dimension", "group", "reference", "published", "base", "published_low", "published_high",
    "n", "estimate", "low", "high", "unit", "status",
)  # fmt: skip
# What the groups were asked, set side by side: one row a question, one more for each other thing that differs. `found`
# is what the files say, `verdict` what is held once signed; `differs` is a key of texts, and the two `_shows` are what
# the file of each group shows of it. `untold` is what the files do not tell.
COMPARABILITY: Final = (
    "question", "verdict", "compared", "found", "differs", "mentored_source", "mentored_shows", "non_mentored_source",
    "non_mentored_shows", "recode", "untold", "signed_by", "why",
)  # fmt: skip
# The tables that stand only where a study has something to put in them.
# Covariates by group; `category` is "" for a number, the code of a choice, MISSING_CATEGORY for who did not answer. A
# code that ends by WITH_RARE counts with its own those whose answer, or silence, was too rare in either group.
BALANCE: Final = (
    "covariate", "category", "group", "reference", "adjustment", "n", "n_reference", "mean", "mean_reference",
    "std_difference", "variance_ratio", "status",
)  # fmt: skip
MISSING_CATEGORY: Final = "missing"
WITH_RARE: Final = "+rare"
# What each adjusted comparison stands on, or why it is not made: `reason` is a key of texts.
ADJUSTMENT: Final = (
    "group", "reference", "adjustment", "n", "n_reference", "effective", "effective_reference", "parameters",
    "largest_std_difference", "status", "reason",
)  # fmt: skip
# Quantiles, in each of two groups, of the chance of being in the first given the covariates.
OVERLAP: Final = ("group", "reference", "arm", "quantile", "propensity", "status")
RELIABILITY: Final = (
    "indicator", "dimension", "group", "measure", "items", "n", "estimate", "low", "high", "level", "interval",
    "status",
)  # fmt: skip
# Over the months of mentoring: `slope` is what twelve months more set apart, `curve` the level at so many months.
TREND: Final = (
    "indicator", "dimension", "group", "measure", "months", "n", "estimate", "std_error", "df", "low", "high", "level",
    "p", "p_adjusted", "interval", "test", "unit", "verdict", "status",
)  # fmt: skip
# What a comparison could have seen, what would explain it away, and what silent people could change in it.
SENSITIVITY: Final = (
    "indicator", "dimension", "group", "reference", "adjustment", "analysis", "estimate", "low", "high", "limit_low",
    "limit_high", "level", "unit", "status",
)  # fmt: skip
# All answers to a closed question as one set: no `reference`, a share with its simultaneous interval; no `choice`, the
# joint test of two groups; both, the difference of one answer.
OPTIONS: Final = (
    "question", "dimension", "group", "reference", "choice", "n", "estimate", "std_error", "low", "high", "level", "p",
    "p_adjusted", "interval", "test", "verdict", "status",
)  # fmt: skip
# Young people and their mentors on the same thing, pair by pair.
AGREEMENT: Final = (
    "indicator", "mirror", "measure", "pairs", "estimate", "low", "high", "level", "interval", "status",
)  # fmt: skip

# Levels by the answers (`choice`) to a closed question (`by`) that the study names, within each group.
BREAKDOWNS: Final = (
    "indicator", "dimension", "group", "by", "choice", "n", "missing", "estimate", "std_error", "df", "low", "high",
    "level", "interval", "unit", "status",
)  # fmt: skip

# Every table that is written, in the order of the workbook; those of OCCASIONAL only where they have a row.
OCCASIONAL: Final[Mapping[str, tuple[str, ...]]] = {
    "balance": BALANCE, "adjustment": ADJUSTMENT, "overlap": OVERLAP, "reliability": RELIABILITY, "trend": TREND,
    "sensitivity": SENSITIVITY, "options": OPTIONS, "agreement": AGREEMENT, "breakdowns": BREAKDOWNS,
}  # fmt: skip
TABLES: Final[Mapping[str, tuple[str, ...]]] = {
    "estimates": ESTIMATES, "comparisons": COMPARED, "missing": MISSING, "flow": FLOW, "problems": PROBLEMS,
    "distributions": DISTRIBUTIONS, "published": PUBLISHED, "comparability": COMPARABILITY, **OCCASIONAL,
}  # fmt: skip
# What disclosure control judges: people by what they answered, in the groups that no other is a part of, by layer.
COUNTS: Final = ("layer", "question", "variable", "modality", "group", "count")
# `routes`: who was asked what, of all questions that hang on one another; `silence`: who found a question to be no
# question for them; `figures`: the answers as the shares of a question tell them apart; `values`: the numbers behind a
# mean or an index; `spread`: all answers; `covariate`: all answers and those who gave none; `items`: all answers to the
# few items of an index at once; `pair`: who agrees, and what those of no pair answered; `months`: those whose months
# are not known; `adjusted`: no people, but what is judged of an adjusted figure. WEIGHED before a layer: the same among
# those of one weight, where so few weights would tell it.
WEIGHED: Final = "weighed_"
# The same by the answers to all breakdown questions at once: a row each smallest group, `choices` and `answers`.
CROSSED: Final = ("subject", "group", "choices", "answers", "count")
# What was masked, a row a masked row of `estimates` or `distributions`, and why: one of CAUSES.
MASKED: Final = ("table", "subject", "question", "group", "status", "cause")
CAUSES: Final = ("base", "answer", "constant", "filter", "remainder", "index", "audit", "question")

# What became of each column of the exports, by its heading: it may lead to someone and was "dropped" when it was read,
# or "kept" since the study needs it or says so; it answers a "question", sorts "rows" (the group, the number of a
# respondent, what drops a row), is the tool's own ("metadata", "note"), or is "unused".
FIELDS: Final = ("source", "heading", "use")

# What a column is for: "" a question's; the tool's own; one that may lead to someone; one that never holds an answer.
ROLES: Final = ("", "metadata", "personal", "note")
# Why the cells of a column were dropped when its file was read: its heading names someone; a cell leads to someone; the
# tool says so; people wrote there in their own words; nearly every cell is another; it names the respondents.
TRACES: Final = ("heading", "values", "tool", "text", "unique", "identifier")
# How the columns of a block hold its answers: "" a box or a row of a grid each; "slots" the k-th answer given in the
# k-th column, whatever it is; "rank" the rank of an option, or the option of a rank; "summary" all options in one cell,
# beside boxes that say the same.
LAYOUTS: Final = ("", "slots", "rank", "summary")
FLAGS: Final = ("partial", "preview", "test", "spam")

NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an export, as its file shows it.

    `headings` are the texts that name it, the one a user sees first: the heading of a text file or sheet; the name
    and then the label of an SPSS or Stata variable; each header row's own cell where there are several. `block` is the
    text that stands above a group of columns and `item` what this column is within it (an option, a row of a grid),
    where the format tells them apart. `labels` maps codes to value labels and `declared_missing` holds the codes the
    file itself declares missing, both written as the cells are.
    """

    position: int  # 0-based
    headings: tuple[str, ...]
    block: str = ""
    labels: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    declared_missing: frozenset[str] = frozenset()
    item: str = ""
    role: str = ""  # one of ROLES
    layout: str = ""  # one of LAYOUTS
    ticked: str = ""  # the cell that ticks this box, where the file itself says so
    trace: str = ""  # one of TRACES where its cells were dropped, and marks stand in their place; "" elsewhere

    @property
    def heading(self) -> str:
        """The text a user sees above the column."""
        return self.headings[0] if self.headings else ""

    @property
    def personal(self) -> bool:
        """Whether it may lead to someone: none of its cells is ever shown."""
        return self.role == "personal" or bool(self.trace)

    @property
    def letter(self) -> str:
        """The column as a spreadsheet names it: A, B, … Z, AA."""
        name, rest = "", self.position + 1
        while rest:
            rest, digit = divmod(rest - 1, 26)
            name = chr(65 + digit) + name
        return name


@dataclass(frozen=True, slots=True)
class Export:
    """One file as it was read: every cell a text, "" where the file holds nothing, nothing turned into missing.

    `cells` has one column a `Column`, named by its position, and one row a respondent, its index the row number a user
    sees in the file (1-based, header included). Numbers are written in the shortest way, without ".0"; dates as
    "2022-03-01" or "2022-03-01T14:05:00"; booleans TRUE and FALSE; Stata's tagged missing ".a".
    The columns of `cells` are categorical: each distinct text stands once.
    `left_out` holds the rows that are no respondent, row number to reason: blank_row, total, note,
    repeated_header, hxl.
    `flags` holds what the tool says against a respondent, row number to one of FLAGS: nobody is dropped for it.
    `beside` holds the sheets, by name, that tell of the answers and without which their tool would not be known.
    `links` holds a keyed digest of what names a respondent from one year to the next, by row, where the study asks.
    `blanks` maps what stands for no answer in this tool's files ("" for a blank) to its reason, where that is known.
    """

    source: str  # the file's name
    format: str  # how the file is opened: the loader's name
    sheet: str  # "" where the format has none
    columns: tuple[Column, ...]
    cells: pd.DataFrame
    left_out: Mapping[int, str]
    notes: tuple[str, ...] = ()  # what was found out: encoding, separator, sheet, header row; keys of texts, filled
    tool: str = ""  # who wrote it: the name of a module of loaders/tools, "" for a table without a tool's mark
    signs: tuple[str, ...] = ()  # what the tool was recognised by, as it stands in the file
    header: Mapping[int, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))  # by row number
    flags: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))
    answered_on: int | None = None  # position of the column that dates each answer
    blanks: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    beside: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=lambda: MappingProxyType({}))
    links: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))  # row to who answers over the years
    repaired: int = 0  # cells whose damaged accents were mended, where the study asks for it


@dataclass(frozen=True, slots=True)
class Route:
    """One thing that must hold for a question to be asked, as `only_if` of a questionnaire says it: that the item named
    `question` was answered by one of `is_`, or by none of `is_not`, or by a number from `minimum` to `maximum`."""

    question: str
    is_: tuple[str, ...] = ()
    is_not: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One question of a form, as its tool describes it.

    `texts` is its wording by language code ("" where the form names none). `choices` maps each code to its label in
    every language, in the form's order. `kind` is that of a questionnaire, or "note" for what is no question; each
    row of a grid is an item of its own, whose `block` is the grid's text.
    `asked_if` is the form's own condition, word for word; `routes` holds the same where a questionnaire can say it, and
    is empty where it cannot.
    """

    name: str
    texts: Mapping[str, str]
    kind: str  # single | multiple | number | date | text | note
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    other: bool = False
    exclusive: tuple[str, ...] = ()  # codes that stand alone
    columns: tuple[str, ...] = ()  # headings under which an export may carry it, besides its name and texts
    block: str = ""
    asked_if: str = ""
    routes: tuple[Route, ...] = ()
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """A questionnaire as a tool writes it: its questions in order. `unread` says in words what could not be taken."""

    title: str
    source: str  # the file's name
    items: tuple[Item, ...]
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Responses:
    """All kept respondents of a study on one questionnaire. Every frame has the same index, one row a respondent.

    `people`: source, row (in the file), group, band ("" outside the mentored), months (float), weight (float),
    stratum and cluster (text, "" where the study declares none), pair (the code that a mentor and their young
    people share, "" where there is none or where two mentors gave it; it reaches no output).
    `answers`: one column a question of kind single (code or None), number (float or NaN), date (datetime64) or text
    (text or None, kept only where the study's [design] needs it); for a multiple choice one column a choice, named
    "question/choice": 1.0 ticked, 0.0 not, NaN no answer.
    `reasons`: one column a question: "" where answered, else one of REASONS.
    `mapping`: how each question was fed: source, question ("" for a column that only sorts rows), column, heading.
    `comparability`: whether what the two groups of young people were asked may be compared, as COMPARABILITY.
    `fields`: every column of the exports and what became of it, as FIELDS.
    """

    people: pd.DataFrame
    answers: pd.DataFrame
    reasons: pd.DataFrame
    mapping: pd.DataFrame
    flow: pd.DataFrame
    problems: pd.DataFrame
    comparability: pd.DataFrame
    notes: tuple[str, ...] = ()
    fields: pd.DataFrame = field(default_factory=partial(pd.DataFrame, columns=list(FIELDS)))

    def members(self, group: str) -> "pd.Series[bool]":
        """Which respondents are in a group of GROUPS."""
        source, _, band = group.partition("_") if group.startswith("mentored_") else (group, "", "")
        inside = self.people["group"] == source
        return inside & (self.people["band"] == band) if band else inside


def empty(columns: tuple[str, ...]) -> pd.DataFrame:
    """A table without a row."""
    return pd.DataFrame(columns=list(columns))


class Band(NamedTuple):
    """What the comparisons of one question by duration have in common: the covariance of their differences, as a square
    array in the order of `pairs`, (group, reference) each, and its degrees of freedom."""

    pairs: tuple[tuple[str, str], ...]
    covariance: Any
    df: float


class People(NamedTuple):
    """Who is behind the results, in memory only, for it is as good as the answers: places of people by part, as
    `analyse.respondents` names them, and what each answered by question, as numbers in an array (people, 2)."""

    parts: Mapping[str, Any]
    cells: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Results:
    """The tables of a study, columns as named above, rows in the order of the questionnaire and of GROUPS.

    `published` sets each published figure (and what it can bear: its interval on its base or, where that is unknown, on
    the largest base it can have had) beside this cohort's own. `sizes` maps each group to its number of kept
    respondents. `counts` and `crossed` are empty once `protected`, which says that `protect` has passed; `masked` then
    says what was masked and why. `bands` holds what the comparisons of one question by duration have in common.
    `respondents` tells the people apart, for the registry of publications, where one is kept. `fields`
    names the columns of the exports and what became of them, for the register of processing. None of these is a table
    of results.
    """

    estimates: pd.DataFrame
    comparisons: pd.DataFrame
    missing: pd.DataFrame
    distributions: pd.DataFrame
    published: pd.DataFrame
    flow: pd.DataFrame
    problems: pd.DataFrame
    comparability: pd.DataFrame
    counts: pd.DataFrame
    sizes: Mapping[str, int]
    balance: pd.DataFrame = field(default_factory=partial(empty, BALANCE))
    adjustment: pd.DataFrame = field(default_factory=partial(empty, ADJUSTMENT))
    overlap: pd.DataFrame = field(default_factory=partial(empty, OVERLAP))
    reliability: pd.DataFrame = field(default_factory=partial(empty, RELIABILITY))
    trend: pd.DataFrame = field(default_factory=partial(empty, TREND))
    sensitivity: pd.DataFrame = field(default_factory=partial(empty, SENSITIVITY))
    options: pd.DataFrame = field(default_factory=partial(empty, OPTIONS))
    agreement: pd.DataFrame = field(default_factory=partial(empty, AGREEMENT))
    respondents: People | None = None
    masked: pd.DataFrame = field(default_factory=partial(empty, MASKED))
    bands: Mapping[tuple[str, str], Band] = field(default_factory=lambda: MappingProxyType({}))
    fields: pd.DataFrame = field(default_factory=partial(empty, FIELDS))
    breakdowns: pd.DataFrame = field(default_factory=partial(empty, BREAKDOWNS))
    crossed: pd.DataFrame = field(default_factory=partial(empty, CROSSED))
    protected: bool = False
