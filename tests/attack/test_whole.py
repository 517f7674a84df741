"""Whole reports, file by file: pages, figures, workbook and what goes with them say no more than the tables."""

from dataclasses import replace

import pytest

from impact import protect
from impact.report.tables import write_tables
from tests.attack import told
from tests.attack.cohorts import small
from tests.attack.files import attached, beside_the_sheets
from tests.attack.folder import whole

REPORTS = 12
FEW = ("share", "share", "levels", "filter")


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """A dozen whole reports, each with its study."""
    made = []
    for seed in range(REPORTS):
        asked, folder = small(seed, FEW, merge=seed % 2 == 0), tmp_path_factory.mktemp("whole")
        made.append((asked, whole(asked, protect(asked.results, asked.study), folder)))
    return made


@pytest.mark.slow
def test_pages_figures_and_workbook_say_no_more_than_the_tables(reports):
    for _, folder in reports:
        assert told.unexplained(folder) == {}
        assert told.drawn_elsewhere(folder) == {}
        assert told.numbers_beside(folder) == []
        for name, content in attached(folder / "rapport.pdf").items():
            assert content.decode() == (folder / name).read_text(encoding="utf-8")
        parts = beside_the_sheets(folder / "tables.xlsx")
        assert not [name for name in parts if "comment" in name.lower() or "externalLink" in name]
        assert 'state="' not in parts["xl/workbook.xml"]  # no sheet is hidden


def test_a_report_that_prints_what_the_tables_mask_is_caught(tmp_path):
    """Pages, figures and workbook of figures that nothing was masked of, beside tables that are."""
    asked = small(7, FEW)
    folder = whole(asked, replace(asked.results, protected=True), tmp_path)
    write_tables(protect(asked.results, asked.study), asked.study, folder)
    assert told.unexplained(folder)
    assert told.drawn_elsewhere(folder)
    assert told.numbers_beside(folder)
