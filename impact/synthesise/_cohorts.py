"""From a recipe to the exports of a whole synthetic study."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from impact.study import Study
from impact.study.reading import below
from impact.synthesise import _google, _limesurvey, _spss
from impact.synthesise._files import write
from impact.synthesise._recipe import Recipe, SourceRecipe
from impact.synthesise._respondents import Cohort, draw
from impact.synthesise._sheet import Sheet

_TOOLS: dict[str, tuple[int, Callable[[Cohort, pd.DataFrame], Sheet]]] = {
    "limesurvey": (_limesurvey.FIRST_ROW, _limesurvey.sheet),
    "spss": (_spss.FIRST_ROW, _spss.sheet),
    "google": (_google.FIRST_ROW, _google.sheet),
}


def exports(study: Study, recipe: Recipe, folder: Path) -> tuple[Path, ...]:
    """Write every export of a recipe into a folder."""
    return tuple(
        path
        for source in recipe.source
        for path in write(_sheet(study, recipe, source), below(folder, source.file, folder / source.file))
    )


def _sheet(study: Study, recipe: Recipe, source: SourceRecipe) -> Sheet:
    first_row, tool = _TOOLS[source.tool]
    cohort, answers = draw(study, recipe, source)
    numbers = [f"{source.numbered}{number:03d}" for number in range(1, source.size + 1)]
    rows = answers.assign(numbered=numbers, day=list(cohort.days))
    for twice in source.duplicates:
        rows = _with_copy(rows, twice.of - first_row, twice.row - first_row)
    return tool(cohort, rows)


def _with_copy(rows: pd.DataFrame, of: int, place: int) -> pd.DataFrame:
    """The same respondent once more, further down, on the day of the row above."""
    copy = rows.iloc[[of]].assign(day=rows["day"].iloc[place - 1])
    return pd.concat([rows.iloc[:place], copy, rows.iloc[place:]], ignore_index=True)
