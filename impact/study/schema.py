"""What this cohort decides: `study.toml`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from pydantic import Field

from impact.study._model import Code, Day, Label, Table
from impact.study.plan import Plan
from impact.study.published import Published
from impact.study.questionnaire import Group, Indicator, Question, Questionnaire
from impact.study.unsettled import Unsettled


class About(Table):
    """`[study]`: what the study is, and the two files it stands on."""

    title: Label
    organisation: str = ""
    year: int = Field(ge=1900, le=2999)
    language: str = "fr"
    questionnaire: str
    published: str = ""
    unit: Label = Field(default_factory=lambda: {"fr": "jeunes", "en": "young people"})
    identifier: str = ""  # a heading: names respondents, must be unique
    synthetic: bool = False  # said on every page and in every file
    population: Label = ""  # who was asked: the "Champ" of every figure
    collection: Label = ""  # when and how the answers were collected
    keep_until: Day | None = None  # the day after which the answers are not to be kept


class GroupColumn(Table):
    """`group = {column = …, mentored = […], non_mentored = […]}`: the group of each row, where a file holds several."""

    column: str | tuple[str, ...]
    mentored: tuple[Code, ...] = ()
    non_mentored: tuple[Code, ...] = ()
    mentor: tuple[Code, ...] = ()


class DroppedRows(Table):
    """`drop_rows`: rows of the file set aside, by their number or by what a column says, and why."""

    rows: tuple[int, ...] = ()
    column: str = ""
    is_: tuple[Code, ...] = Field(default=(), alias="is")
    reason: str


class Source(Table):
    """`[[source]]`: one file, and what its recognition gets wrong."""

    file: str
    group: Group | GroupColumn
    format: str = ""
    sheet: str = ""
    header_row: int | None = Field(default=None, ge=1)
    encoding: str = ""
    separator: str = ""
    rename: dict[str, str] = Field(default_factory=dict)  # heading of the file -> question id
    recode: dict[str, dict[str, Code]] = Field(default_factory=dict)  # question id -> value of the file -> code
    merge: dict[str, tuple[str, ...]] = Field(default_factory=dict)  # question id -> columns never both filled
    drop_rows: tuple[DroppedRows, ...] = ()
    keep_duplicate: Literal["", "first", "last", "all"] = ""  # of the rows of one respondent; "all": looked at, kept
    repair_encoding: bool = False  # accents damaged before the export ("trÃ¨s") are mended
    absent: tuple[str, ...] = ()  # questions that this file does not hold
    since: dict[str, str] = Field(default_factory=dict)  # question id -> day from which it was on the form
    keep: tuple[str, ...] = ()  # headings of columns that may lead to someone and are read all the same


class Duration(Table):
    """`[duration]`: how long a mentored respondent has been mentored, and the split."""

    question: str = ""
    start: str = ""
    until: str = ""
    over: tuple[Code, ...] = ()
    under: tuple[Code, ...] = ()
    threshold_months: float = Field(default=6, gt=0)
    at_threshold: Literal["over", "under"] = "over"


class Design(Table):
    """`[design]`: question ids of the weight, the stratum, the cluster, and the code of a pair."""

    weight: str = ""
    stratum: str = ""
    cluster: str = ""
    nested: bool = False  # the same cluster code in two strata names two clusters
    pair: str = ""  # the code that a mentor and their young people share, asked of both; it reaches no output


class Link(Table):
    """`[link]`: who answers again in another year. The columns that name a respondent, one text once put together, and
    the name of the key under which they become a digest: the same in the study of every year."""

    column: str | tuple[str, ...]
    key: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")

    @property
    def columns(self) -> tuple[str, ...]:
        """The headings, in the order in which their texts are put together."""
        return (self.column,) if isinstance(self.column, str) else self.column


class Analysis(Table):
    """`[analysis]`: choices of method, each with the default a methodologist would keep and who argues for it."""

    level: float = Field(default=0.95, gt=0.5, lt=1, description="Neyman 1937")
    share_interval: str = Field(default="wilson", description="Wilson 1927; Brown, Cai & DasGupta 2001")
    mean_interval: str = Field(default="student", description="Student 1908; Mandelkern 2002")
    share_test: str = Field(default="auto", description="Lydersen, Fagerland & Laake 2009; Rao & Scott 1984")
    mean_test: str = Field(default="auto", description="Welch 1947; Brunner & Munzel 2000")
    measures: tuple[str, ...] = Field(
        default=("difference", "ratio", "effect_size", "superiority"),
        description="Newcombe 1998; Donner & Zou 2012; Cohen 1988; Brunner & Munzel 2000",
    )
    primary: tuple[str, ...] = Field(default=(), description="Holm 1979")
    smallest_useful_gap: float | None = Field(default=None, gt=0, lt=1, description="Lakens, Scheel & Isager 2018")
    power: float = Field(default=0.8, gt=0.5, lt=1, description="Cohen 1988")
    duration_correction: str = Field(default="max_t", description="Dunnett 1955; Hothorn, Bretz & Westfall 2008")
    adjust_for: tuple[str, ...] = Field(default=(), description="VanderWeele 2019")
    adjustments: tuple[str, ...] = Field(default=("overlap",), description="Li, Morgan & Zaslavsky 2018")
    respondents_per_covariate: float = Field(default=5, ge=1, description="Vittinghoff & McCulloch 2007")
    breakdowns: tuple[str, ...] = Field(default=(), description="Lumley 2010; Hundepool et al. 2012")


# How many people a public figure stands on and how many gave each answer, at least: under it, one may be recognised.
ADVISED_BASE: Final = 11
ADVISED_ANSWER: Final = 5


class Disclosure(Table):
    """`[disclosure]`: who may read the outputs, and what is masked for them."""

    audience: Literal["public", "internal"] = "public"
    minimum_base: int = Field(default=ADVISED_BASE, ge=1)
    minimum_answer: int = Field(default=ADVISED_ANSWER, ge=1)
    merge_unknown: bool = True  # too few of unknown duration are put with the smaller of the two bands
    not_sensitive: tuple[str, ...] = ()  # question ids: each answer is told of one person or more, never of all


class Signature(Table):
    """`[comparability.<question>]`: what a person decides of a question asked of both groups, and answers for."""

    verdict: Literal["identical", "recodable", "not_comparable"]
    by: str = Field(min_length=1)
    why: str = ""  # needed where it overrules a doubt


class StudyFile(Table):
    """`study.toml` as it is written."""

    study: About
    source: tuple[Source, ...] = Field(min_length=1)
    duration: Duration | None = None
    design: Design = Design()
    link: Link | None = None
    analysis: Analysis = Analysis()
    disclosure: Disclosure = Disclosure()
    comparability: dict[str, Signature] = Field(default_factory=dict)  # question id -> what is signed of it


@dataclass(frozen=True)
class Study:
    """A study, read and checked as a whole: its decisions, its questionnaire, the published figures beside it.

    `file` is the study file; the paths of sources are relative to its folder. `inputs` lists every file the study
    stands on, the exports included, for the manifest.
    """

    file: Path
    about: About
    sources: tuple[Source, ...]
    duration: Duration | None
    design: Design
    analysis: Analysis
    disclosure: Disclosure
    questionnaire: Questionnaire
    published: Published | None
    inputs: tuple[Path, ...]
    comparability: Mapping[str, Signature] = field(default_factory=dict)
    unsettled: tuple[Unsettled, ...] = ()  # lines of the study's own files that wait for a decision
    link: Link | None = None
    plan: Plan | None = None  # what was locked of all this before the answers were looked at

    @property
    def folder(self) -> Path:
        """Where the study's files stand."""
        return self.file.parent

    def question(self, identifier: str) -> Question:
        """A question of the questionnaire by id."""
        return self.questionnaire.questions[identifier]

    @property
    def internal(self) -> bool:
        """Whether the outputs are for the people of the study alone: nothing in them is masked."""
        return self.disclosure.audience == "internal"

    @property
    def registered(self) -> bool:
        """Whether what is published of it is written down: not what nobody else reads, nor what nobody answered, nor a
        draft, which is not to be handed on."""
        return not (self.internal or self.about.synthetic or self.draft)

    @property
    def draft(self) -> bool:
        """Whether lines of its files still wait for a decision: its report says so on every page."""
        return bool(self.unsettled)

    @property
    def lowered(self) -> tuple[str, ...]:
        """The thresholds under those advised, as they are written; none where nobody could be recognised."""
        rule = self.disclosure
        below = {
            "minimum_base": rule.minimum_base < ADVISED_BASE,
            "minimum_answer": rule.minimum_answer < ADVISED_ANSWER,
        }
        return tuple(f"{name} = {getattr(rule, name)}" for name in below if below[name] and self.registered)

    @property
    def unadjusted(self) -> tuple[Indicator, ...]:
        """The indicators, indices too, that are drawn from a covariate: groups made alike in it cannot differ in it."""
        known, covariates = self.questionnaire.indicators, self.analysis.adjust_for
        return tuple(
            one for one in self.questionnaire.indicator
            if not one.attribution
            and any(each.question in covariates for each in (one, *(known[item] for item in one.items)))
        )  # fmt: skip

    @property
    def groups(self) -> tuple[str, ...]:
        """The source groups this study's files can hold, in the order of every table."""
        held = {group for source in self.sources for group in groups_of(source)}
        return tuple(group for group in ("mentored", "non_mentored", "mentor") if group in held)


def groups_of(source: Source) -> tuple[str, ...]:
    if isinstance(source.group, str):
        return (source.group,)
    return tuple(group for group in ("mentored", "non_mentored", "mentor") if getattr(source.group, group))
