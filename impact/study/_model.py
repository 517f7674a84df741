"""What every table of a study file has in common."""

import math
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _written(value: object) -> object:
    """A code or answer typed as a number in TOML is the text it would be in a file: 1 and 1.0 are "1"."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)) and math.isfinite(value):
        return f"{value:g}" if abs(value) < 1e6 else str(int(value))
    return value


Code = Annotated[str, BeforeValidator(_written)]  # a code or an answer, always a text
# A name of the study's own: it stands in files that programs read and in names of figures, so that it holds no path, no
# sign that cannot be seen, and nothing that a spreadsheet would run.
Id = Annotated[str, Field(pattern=r"^[^\p{C}\s/\\.=+\-@＝＋－＠][^\p{C}/\\]{0,99}$")]
Label = str | dict[str, str]  # a text, or one text a language: {fr = "…", en = "…"}


class Table(BaseModel):
    """A table of a study file: fixed once read, and a key it does not know is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)
