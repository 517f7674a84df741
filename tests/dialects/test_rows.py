"""Every row of every tool's export is a heading, a respondent or left out with a reason, and once only."""

import pytest

from impact import loaders
from impact.loaders.containers import delimited
from impact.study.schema import Source
from tests.dialects.test_dialects import WRITERS, groups


def written(name, cohort, folder):
    source = {key: value for key, value in WRITERS[name](cohort, folder).items() if key != "tool"}
    return {"group": cohort.group, **source}


def read(source, folder):
    return loaders.read(folder / source["file"], Source.model_validate(source))


@pytest.mark.parametrize("name", WRITERS)
def test_no_row_is_lost_or_invented(name, tmp_path):
    cohort = groups()[0]
    found = read(written(name, cohort, tmp_path), tmp_path)
    numbers = [*found.cells.index, *found.left_out, *found.header]
    assert len(found.cells) == len(cohort)
    assert len(numbers) == len(set(numbers))
    assert set(found.flags) <= set(found.cells.index)


@pytest.mark.parametrize("name", WRITERS)
def test_a_text_read_by_columns_is_the_one_read_row_by_row(name, tmp_path, monkeypatch):
    source = written(name, groups()[0], tmp_path)
    found = []
    for large in (0, 10**12):
        monkeypatch.setattr(delimited, "LARGE", large)
        found.append(read(source, tmp_path))
    quick, slow = found
    assert quick.cells.astype(object).equals(slow.cells.astype(object))
    for part in ("columns", "left_out", "notes", "tool", "signs", "header", "flags", "answered_on", "blanks"):
        assert getattr(quick, part) == getattr(slow, part), part
