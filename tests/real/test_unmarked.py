"""Real tables that bear no tool's mark: every row a respondent, every cell as the file has it."""

import pandas as pd
import pytest

from tests.unit._loaders import read


@pytest.mark.parametrize("file", ["causal_aod/AOD.csv", "causal_jobs/jobs.csv", "questionr_hdv2003/hdv2003.csv"])
def test_real_tables_without_a_mark(shared, file):
    raw = pd.read_csv(shared / file, dtype=str, keep_default_na=False)
    found = read(shared / file)
    assert (found.tool, list(found.header), dict(found.left_out), dict(found.flags)) == ("", [1], {}, {})
    assert [column.heading for column in found.columns] == raw.columns.tolist()
    assert found.cells.astype(object).to_numpy().tolist() == raw.to_numpy().tolist()
