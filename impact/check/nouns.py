"""The nouns of a check. Values only; sentences are made of them elsewhere, in any language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias

Words: TypeAlias = str | dict[str, str]  # a text, or one text a language, as a study file has it

# How much a finding asks for: a figure is wrong or lost until it is settled; or it may well be right, and is looked at.
SEVERITIES: Final = ("settle", "look")

# What can be found, the most harmful first: findings are shown in this order. Most are problems of
# normalise, under their own names; `other_problem` stands for one that is not named here.
KINDS: Final = (
    "unsettled", "plan_late", "plan_changed", "same_file",
    "no_column_near", "no_column", "two_groups", "two_columns_filled", "labelled_missing", "not_a_choice", "not_a_mark",
    "not_a_number", "unit_unknown", "range", "open_bound", "about", "not_a_date", "date_serial",
    "date_swapped", "says_missing", "identifier_twice", "same_row", "same_answers", "same_answers_across",
    "identifier_across", "test", "preview", "spam", "implausible", "impossible_age", "start_after_until",
    "date_after_answer", "answered_though_not_asked", "pair_twice", "two_boxes", "summary_differs",
    "missing_beside_answers", "exclusive_beside_answers", "other_problem", "hidden", "none_ticked", "blank_until",
    "straight_line", "partial", "lowered", "unadjusted", "overlong", "note",
)  # fmt: skip


class Place(NamedTuple):
    """A column as the user finds it in a file."""

    letter: str
    heading: str


class Value(NamedTuple):
    """One value among those of a finding: `text` is "" where it may lead to someone and is withheld."""

    text: str
    rows: tuple[int, ...]
    near: str = ""  # the code of the nearest known answer, "" where none is near
    label: str = ""  # its value label, where the file has one


class Line(NamedTuple):
    """A line to write. `file` is "study" or "questionnaire", `under` the source's file or the question it goes under.

    `add_to` is "" for a line of its own, else the key that is already there and takes `text` as one more entry.
    """

    file: str
    under: str
    add_to: str
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One point: what was found, where, how often, and what can be written about it (nothing is done meanwhile)."""

    kind: str  # one of KINDS
    severity: str  # one of SEVERITIES
    source: str
    sheet: str = ""
    place: Place | None = None
    question: str = ""
    rows: tuple[int, ...] = ()  # all of them
    values: tuple[Value, ...] = ()  # the most frequent first
    lines: tuple[Line, ...] = ()
    facts: Mapping[str, str | int] = field(default_factory=lambda: MappingProxyType({}))  # what its sentence needs


@dataclass(frozen=True, slots=True)
class SourceRead:
    """One file: how it was recognised, its rows, its columns that are nobody's answers."""

    source: str
    sheet: str
    format: str
    tool: str  # the tool's name, "" for a table without a tool's mark
    signs: tuple[str, ...]
    header: tuple[int, ...]
    received: int
    dropped: Mapping[str, int]  # by reason
    kept: Mapping[str, int]  # by group
    repaired: Mapping[str, int]  # by repair of the study file
    metadata: tuple[Place, ...]
    personal: tuple[Place, ...]  # dropped when the file was read, but for those that the study keeps
    traces: Mapping[str, str]  # why each of these was dropped, by letter: one of model.TRACES
    needed: tuple[tuple[Place, str], ...]  # columns that may lead to someone and that a question is read from
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unmapped:
    """A column that no question takes; `near` is a question without a column that it may carry, "" for none."""

    source: str
    place: Place
    filled: int
    near: str = ""


class Counted(NamedTuple):
    """How many gave one answer."""

    code: str
    label: Words
    times: int


@dataclass(frozen=True, slots=True)
class Fed:
    """What one file says to one question.

    `low` and `high` bound a number or a date, "" elsewhere; `order` says in which order the days and months of its
    dates are read, `proofs` how many different dates leave no other.
    """

    source: str
    places: tuple[Place, ...]
    answered: int
    answers: tuple[Counted, ...]
    blanks: Mapping[str, int]  # by reason
    low: str = ""
    high: str = ""
    order: str = ""
    proofs: int = 0


@dataclass(frozen=True, slots=True)
class QuestionRead:
    """One question and the files that feed it."""

    question: str
    text: Words
    kind: str
    fed: tuple[Fed, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """Whether one question asked of both groups is compared; `rows` are its rows of `Responses.comparability`."""

    question: str
    verdict: str  # one of model.COMPARABLE
    compared: bool
    rows: tuple[Mapping[str, str], ...]

    @property
    def unsigned(self) -> bool:
        """Whether it waits for a person to judge of it."""
        return self.verdict == "doubtful"


@dataclass(frozen=True, slots=True)
class Check:
    """All that `impact check` shows, as values."""

    findings: tuple[Finding, ...]
    sources: tuple[SourceRead, ...]
    unmapped: tuple[Unmapped, ...]
    questions: tuple[QuestionRead, ...]
    compared: tuple[Compared, ...]
    linked: tuple[str, ...] = ()  # the columns that link years, then where their key is kept

    @property
    def unsigned(self) -> tuple[Compared, ...]:
        """The questions that are not compared until someone signs them."""
        return tuple(one for one in self.compared if one.unsigned)

    def count(self, severity: str) -> int:
        """How many findings are of one severity."""
        return sum(finding.severity == severity for finding in self.findings)
