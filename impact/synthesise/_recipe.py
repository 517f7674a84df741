"""What a synthetic cohort is made from: `recipe.toml`."""

import tomllib
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from impact.errors import ImpactError
from impact.study._model import Table


class Quantity(Table):
    """A number drawn from a normal, or from an exponential above `low`, rounded and kept between `low` and `high`.

    `count` respondents get it; without it, all that no other quantity of the question takes.
    """

    low: float
    high: float
    mean: float
    sd: float | None = None  # None: exponential, with this mean
    count: int | None = None
    at_most: str = ""  # a question whose number is a ceiling: years in care never exceed the age


class Answer(Table):
    """How one question is answered. Keys of the tables are groups, or bands where a band answers in its own way.

    `shares` follow the questionnaire's choices: of each choice among those who answered. They come out exactly, to the
    nearest respondent. `missing` holds how many of those asked leave a blank or give a missing code: an expected share,
    or from 1 on an exact number.
    """

    shares: dict[str, tuple[float, ...]] = Field(default_factory=dict)
    numbers: dict[str, tuple[Quantity, ...]] = Field(default_factory=dict)
    text: dict[str, str] = Field(default_factory=dict)  # {cluster}, {place} and {rank} are filled
    like: str = ""  # a question: {rank} is the place, within the cluster, of what a respondent answers to it
    date: Literal["", "start", "end"] = ""  # of the mentoring, so that it agrees with the months told
    missing: dict[str, float] | None = None
    trait: str = ""
    loading: float = 0.65  # correlation of the answer with its trait, negative for a reversed item
    by_cluster: bool = False  # one answer a cluster: where it stands
    slip: dict[str, str] = Field(default_factory=dict)  # what one respondent of the group typed and that cannot be


class Twice(Table):
    """A respondent who stands twice in the file: the row of the copy and the row that it copies, as the file counts."""

    row: int
    of: int


class Clusters(Table):
    """The structures that handed out the questionnaire, and how many respondents each brought."""

    prefix: str
    sizes: tuple[int, ...]


class SourceRecipe(Table):
    """One export to write."""

    file: str
    group: Literal["mentored", "non_mentored", "mentor"]
    tool: Literal["limesurvey", "spss", "google"]
    clusters: Clusters
    missing: dict[str, float]  # of any question that says nothing else
    numbered: str = ""  # prefix of the questionnaires' numbers
    headings: dict[str, str] = Field(default_factory=dict)  # where this tool words a question in another way
    orders: dict[str, tuple[str, ...]] = Field(
        default_factory=dict
    )  # where it lists the choices of a scale or question in another order
    undeclared: tuple[str, ...] = ()  # questions whose missing codes are labelled but not declared missing
    suffixes: dict[str, str] = Field(default_factory=dict)  # a unit that some respondents typed after a number
    duplicates: tuple[Twice, ...] = ()

    @property
    def size(self) -> int:
        """Respondents, duplicates not counted."""
        return sum(self.clusters.sizes)


class Recipe(Table):
    """A synthetic cohort: its exports and how every question is answered."""

    seed: int
    first_day: str
    last_day: str
    cluster_share: float = Field(ge=0, lt=1)  # of a trait's variance
    source: tuple[SourceRecipe, ...]
    answer: dict[str, Answer]


def read_recipe(path: Path) -> Recipe:
    """A recipe from its file. ImpactError where it is no recipe."""
    try:
        return Recipe.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise ImpactError("synthesise_recipe_unreadable", file=path.name, fault=fault) from None
    except ValidationError as found:
        first = found.errors()[0]
        place = ", ".join(map(str, first["loc"]))
        raise ImpactError("synthesise_recipe_fault", file=path.name, place=place, fault=first["msg"]) from None
