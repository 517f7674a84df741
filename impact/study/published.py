"""Figures published elsewhere, to set beside a cohort's own: `published.toml`."""

from typing import Annotated, Literal

from pydantic import Field

from impact.study._model import Id, Label, Table


class Figure(Table):
    """One published figure: what it says in our words, of whom, on which base, and where it stands."""

    id: Id
    says: Label
    indicator: str = ""  # "" for a group's size
    kind: Literal["share", "ratio", "size"] = "share"
    group: Literal["mentored", "mentored_over", "mentored_under", "non_mentored", "mentor"]
    reference: Literal["", "non_mentored", "mentored_under"] = ""  # the other group of a ratio
    value: float = Field(ge=0, le=1_000_000, allow_inf_nan=False)
    rounding: float  # the figure is known to this step: 0.01 for a whole percent
    base: Annotated[int, Field(gt=0, le=1_000_000)] | Literal["unknown"]
    where: tuple[str, ...]


class Published(Table):
    """The published figures of one study."""

    title: Label
    year: int = Field(ge=1900, le=2999)
    figure: tuple[Figure, ...]
