"""The public names: what `impact` offers, whatever was imported before."""

import subprocess
import sys

import pytest

import impact
from tests.unit._fake_results import fake_results, fake_study

NAMES_ARE_NO_ROOMS = """
import types, impact
for name in impact.__all__:
    offered = getattr(impact, name)
    assert not isinstance(offered, types.ModuleType), name
    assert getattr(impact, name) is offered, name
"""
ROOMS = "import impact.normalise, impact.report, impact.synthesise, impact.analyse, impact.protect"
NOTHING_HEAVY = """
import sys, impact
assert not {"numpy", "pandas", "scipy", "pydantic", "matplotlib", "typst"} & set(sys.modules)
"""


@pytest.mark.parametrize("code", [NAMES_ARE_NO_ROOMS, ROOMS + NAMES_ARE_NO_ROOMS, NOTHING_HEAVY])
def test_public_names(code):
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_a_figure_goes_by_its_name():
    with pytest.raises(impact.ImpactError, match="forest"):
        impact.draw("pie", fake_results(), fake_study())
    assert impact.draw("forest", fake_results(), fake_study()).axes is not None
