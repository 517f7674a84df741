"""What every table of a study file has in common."""

import math
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict


def _written(value: object) -> object:
    """A code or answer typed as a number in TOML is the text it would be in a file: 1 and 1.0 are "1"."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)) and math.isfinite(value):
        return f"{value:g}" if abs(value) < 1e6 else str(int(value))
    return value


Code = Annotated[str, BeforeValidator(_written)]  # a code or an answer, always a text
Label = str | dict[str, str]  # a text, or one text a language: {fr = "…", en = "…"}


class Table(BaseModel):
    """A table of a study file: fixed once read, and a key it does not know is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)
