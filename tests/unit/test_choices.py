"""Names of methods in `[analysis]`: those that exist are taken, any other is refused before anything is computed."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from impact import ImpactError, analyse, load, normalise, read_study
from impact.check import examine
from impact.check.methods import NAMING
from impact.choices import CHOICES, refuse_unknown_choices
from impact.cli import app
from impact.study.schema import Analysis
from tests.unit._exports import study

BUNDLED = Path(__file__).parents[2] / "data" / "koreis2022"
PLAIN = {"id": "age", "kind": "number", "text": "Âge"}
KEYS = [key for key, field in Analysis.model_fields.items() if field.annotation in (str, tuple[str, ...])]
OF_THE_QUESTIONNAIRE = {"primary", "adjust_for", "breakdowns"}  # whose names are checked when the study is read


def said(key, name):
    return {key: name if Analysis.model_fields[key].annotation is str else [name]}


def test_every_key_that_names_a_method_is_checked():
    assert set(CHOICES) == set(KEYS) - OF_THE_QUESTIONNAIRE == NAMING


@pytest.mark.parametrize(("key", "name"), [(key, name) for key, names in CHOICES.items() for name in names])
def test_what_exists_is_taken(key, name):
    refuse_unknown_choices(study([PLAIN], analysis=said(key, name)))


@pytest.mark.parametrize("key", CHOICES)
@pytest.mark.parametrize("name", ["wald", "Wilson", ""])
def test_what_does_not_exist_is_refused_with_what_does(key, name):
    with pytest.raises(ImpactError) as fault:
        refuse_unknown_choices(study([PLAIN], analysis=said(key, name)))
    assert fault.value.key == "analysis_choice"
    assert fault.value.facts["known"] == ", ".join(CHOICES[key])
    assert key in fault.value.say("en")


def test_an_interval_of_shares_is_none_of_means():
    with pytest.raises(ImpactError):
        refuse_unknown_choices(study([PLAIN], analysis={"mean_interval": "wilson"}))


@pytest.fixture
def misnamed(tmp_path):
    """The bundled study with one name misspelt, its exports left where they are."""
    text = (BUNDLED / "study.toml").read_text(encoding="utf-8")
    misspelt = text.replace("[analysis]", "[analysis]\nshare_interval = 'wilsson'", 1)
    for path in BUNDLED.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "study.toml").write_text(misspelt, encoding="utf-8")
    return tmp_path


def test_a_check_an_analysis_and_a_lock_all_refuse_it(misnamed):
    read = read_study(misnamed)
    exports = load(read)
    responses = normalise(exports, read)
    for step in (lambda: examine(exports, responses, read), lambda: analyse(responses, read)):
        with pytest.raises(ImpactError, match="wilsson"):
            step()
    done = CliRunner().invoke(app, ["lock", str(misnamed)])
    assert (done.exit_code, "wilsson" in done.stderr) == (1, True)
    assert not (misnamed / "study.plan.toml").exists()
