"""What every table of a study file has in common."""

import math
from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError


def _written(value: object) -> object:
    """A code or answer typed as a number in TOML is the text it would be in a file: 1 and 1.0 are "1"."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)) and math.isfinite(value):
        return f"{value:g}" if abs(value) < 1e6 else str(int(value))
    return value


def _day(value: object) -> object:
    """A day as a text or as TOML's own dates; never a number, which would be taken for seconds."""
    try:
        return date.fromisoformat(str(value)) if isinstance(value, (str, date)) else _no_day()
    except ValueError:
        return _no_day()


def _no_day() -> object:
    raise PydanticCustomError("date_type", "a day is expected")


Day = Annotated[date, BeforeValidator(_day)]
Code = Annotated[str, BeforeValidator(_written)]  # a code or an answer, always a text
# A name of the study's own: it stands in files that programs read and in names of figures, so that it holds no path, no
# sign that cannot be seen, and nothing that a spreadsheet would run.
Id = Annotated[str, Field(pattern=r"^[^\p{C}\s/\\.=+\-@＝＋－＠][^\p{C}/\\]{0,99}$")]
Label = str | dict[str, str]  # a text, or one text a language: {fr = "…", en = "…"}


class Table(BaseModel):
    """A table of a study file: fixed once read, and a key it does not know is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)
