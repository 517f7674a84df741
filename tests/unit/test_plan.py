"""The analysis plan locked: when it may be, what it holds, what changed since, and what each result is called."""

import hashlib
import json
import re
import tomllib

import pandas as pd
import pytest
from typer.testing import CliRunner

from impact import ImpactError, analyse, load, normalise, protect, read_study
from impact.analyse.planned import announced, planned, standing
from impact.cli import app
from impact.report.manifest import manifest
from impact.report.tables import write_tables
from impact.study.locking import changes, lock
from impact.study.schema import Analysis
from tests.unit._loaders import delimited, save

STUDY = """[study]
title = "T"
year = 2026
language = "fr"
questionnaire = "questionnaire.toml"

[[source]]
file = "a.csv"
group = {column = "Mentor", mentored = ["1"], non_mentored = ["0"]}

[duration]
question = "mois"

[analysis]
level = 0.95
adjust_for = ["age"]
primary = ["absents"]
smallest_useful_gap = 0.05
"""
QUESTIONNAIRE = """
[dimension.d]
label = "D"

[[question]]
id = "absence"
kind = "single"
text = "Absence"
choices = [{code = "oui", label = "Oui"}, {code = "non", label = "Non"}, {code = "bof", label = "Parfois"}]

[[question]]
id = "note"
kind = "number"
text = "Note"
min = 0
max = 20

[[question]]
id = "age"
kind = "number"
text = "Âge"

[[question]]
id = "mois"
kind = "number"
text = "Mois"
asked = ["mentored"]

[[indicator]]
id = "absents"
dimension = "d"
kind = "share"
question = "absence"
counts = ["oui"]
better = "lower"
label = "Absents"

[[indicator]]
id = "notes"
dimension = "d"
kind = "mean"
question = "note"
better = "higher"
label = "Note moyenne"

[[indicator]]
id = "d"
dimension = "d"
kind = "index"
items = ["absents", "notes"]
better = "higher"
label = "Indice"
"""
HEADINGS = ["Mentor", "Absence", "Note", "Âge", "Mois"]
SAID = ("Oui", "Non", "Parfois", "Oui", "Non", "")
ROWS = [
    [str(row % 2), SAID[row % 11 % 6], str(5 + row * 7 % 13), str(12 + row % 7), str(row % 17 + 1)]
    for row in range(120)
]
DAY = "2026-01-15"


WORDS = {"fr": "toutes les réponses étaient déjà là", "en": "all the answers were there already"}


@pytest.fixture
def folder(tmp_path):
    """A study whose answers have not come yet."""
    (tmp_path / "study.toml").write_text(STUDY, encoding="utf-8")
    (tmp_path / "questionnaire.toml").write_text(QUESTIONNAIRE, encoding="utf-8")
    return tmp_path


def answered(folder):
    save(folder, delimited([HEADINGS, *ROWS]))
    return folder


def begun(folder):
    """The same export while the answers were still coming."""
    save(folder, delimited([HEADINGS, *ROWS[:60]]))
    return folder


def locked(folder, day=DAY, again=False, given=""):
    return lock(read_study(folder), day, "0.1.0", again, given)


def change(folder, name, before, after):
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def tabled(folder):
    study = read_study(folder)
    return protect(analyse(normalise(load(study), study), study), study), study


def tags(folder, table="comparisons", **where):
    """What the rows of a table are called, by the names asked for."""
    results, study = tabled(folder)
    frame = getattr(results, table)
    frame = frame.assign(plan=planned(frame, study))
    for column, value in where.items():
        frame = frame[frame[column] == value]
    assert len(frame)
    return set(frame["plan"])


def test_a_plan_is_locked_before_any_export_is_there_and_says_what_was_decided(folder):
    locked(folder)
    written = tomllib.loads((folder / "study.plan.toml").read_text(encoding="utf-8"))
    (only,) = written["lock"]
    assert only["date"] == DAY
    assert only["source"] == [{"file": "a.csv", "sha256": ""}]
    assert only["indicator"]["absents"]["counts"] == ["oui"]
    assert [one["code"] for one in only["indicator"]["absents"]["answers"]["choices"]] == ["oui", "non", "bof"]
    assert only["analysis"]["smallest_useful_gap"] == 0.05
    assert only["covariate"].keys() == {"age"}
    assert (only["duration"]["threshold_months"], only["duration"]["at_threshold"]) == (6, "over")
    assert set(only["analysis"]) - {"sha256"} == set(Analysis.model_fields)


def test_each_hash_can_be_made_again_by_hand(folder):
    """SHA-256 of the part as JSON, keys in order and no space, which any language can write."""
    plan = locked(folder)
    part = tomllib.loads((folder / "study.plan.toml").read_text(encoding="utf-8"))["lock"][0]["indicator"]["notes"]
    told = part.pop("sha256")
    text = json.dumps(part, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert told == hashlib.sha256(text.encode()).hexdigest()
    assert plan.locks[0].hash == read_study(folder).plan.held.hash


def test_the_day_changes_the_date_and_the_seal_and_nothing_else(folder, tmp_path_factory):
    locked(folder)
    first = (folder / "study.plan.toml").read_text(encoding="utf-8").splitlines()
    (folder / "study.plan.toml").unlink()
    locked(folder, "2026-02-01")
    second = (folder / "study.plan.toml").read_text(encoding="utf-8").splitlines()
    differ = [a.split(" = ")[0] for a, b in zip(first, second, strict=True) if a != b]
    assert differ == ["date", "seal"]


def test_an_export_that_is_there_is_told_with_its_hash(folder):
    locked(answered(folder))
    found = hashlib.sha256((folder / "a.csv").read_bytes()).hexdigest()
    held = read_study(folder).plan.held
    assert held.sources == {"a.csv": found}
    assert held.there == ("a.csv",)


@pytest.mark.parametrize(
    ("again", "day", "key"),
    [(False, DAY, "plan_locked"), (True, DAY, "plan_unchanged"), (True, "hier", "plan_day"), (False, "", "plan_day")],
)
def test_a_second_lock_is_refused(folder, again, day, key):
    locked(folder)
    before = (folder / "study.plan.toml").read_bytes()
    with pytest.raises(ImpactError) as fault:
        locked(folder, day, again)
    assert fault.value.key == key
    assert (folder / "study.plan.toml").read_bytes() == before


def test_a_plan_locked_again_keeps_the_lock_before_it(folder):
    first = locked(folder).locks[0]
    change(folder, "study.toml", "0.05", "0.1")
    locked(folder, "2026-02-01", again=True)
    plan = read_study(folder).plan
    assert [one.date for one in plan.locks] == [DAY, "2026-02-01"]
    assert plan.locks[0] == first
    change(folder, "study.toml", "0.1\n", "0.2\n")
    with pytest.raises(ImpactError) as fault:
        locked(folder, "2026-01-31", again=True)
    assert fault.value.key == "plan_before"


def test_locking_again_once_the_answers_are_there_makes_nothing_planned(folder):
    locked(folder)
    change(answered(folder), "questionnaire.toml", 'counts = ["oui"]', 'counts = ["oui", "bof"]')
    assert tags(folder, indicator="absents") == {"exploratory"}
    locked(folder, "2026-03-01", again=True)
    assert read_study(folder).plan.held.date == DAY
    assert tags(folder, indicator="absents") == {"exploratory"}


def test_locking_again_before_the_answers_are_there_is_a_new_plan(folder):
    locked(folder)
    change(folder, "questionnaire.toml", 'counts = ["oui"]', 'counts = ["oui", "bof"]')
    locked(folder, "2026-02-01", again=True)
    assert tags(answered(folder)) == {"planned"}
    assert read_study(folder).plan.held.date == "2026-02-01"


def test_a_plan_locked_when_all_the_answers_were_there_plans_nothing(folder):
    locked(answered(folder))
    results, study = tabled(folder)
    for table in ("estimates", "comparisons", "missing", "options"):
        assert set(planned(getattr(results, table), study)) == {"exploratory"}
    said = standing(results, study)
    assert (said.late, said.there, said.counts["comparisons"][0]) == (True, ("a.csv",), 0)


def test_answers_that_came_after_the_lock_are_planned_and_those_that_were_there_are_told(folder):
    locked(begun(folder))
    assert tags(answered(folder)) == {"planned"}
    results, study = tabled(folder)
    said = standing(results, study)
    assert (said.late, said.before, said.there) == (False, False, ("a.csv",))


def test_a_second_export_that_came_after_the_lock_makes_a_plan(folder):
    source = '[[source]]\nfile = "b.csv"\ngroup = {column = "Mentor", mentored = ["1"], non_mentored = ["0"]}\n\n'
    change(folder, "study.toml", "[duration]", source + "[duration]")
    locked(begun(folder))
    save(folder, delimited([HEADINGS, *ROWS[60:]]), "b.csv")
    assert tags(folder) == {"planned"}


def test_an_export_renamed_since_the_lock_is_no_new_answers(folder):
    locked(answered(folder))
    (folder / "a.csv").rename(folder / "b.csv")
    change(folder, "study.toml", "a.csv", "b.csv")
    assert tags(folder) == {"exploratory"}


def test_of_locks_with_as_many_exports_the_first_is_held_against(folder):
    locked(answered(folder))
    change(folder, "questionnaire.toml", 'counts = ["oui"]', 'counts = ["oui", "bof"]')
    locked(folder, "2026-03-01", again=True)
    assert read_study(folder).plan.held.date == DAY
    assert tags(folder) == {"exploratory"}


def test_locking_again_while_answers_come_makes_nothing_planned(folder):
    locked(begun(folder))
    change(answered(folder), "questionnaire.toml", 'counts = ["oui"]', 'counts = ["oui", "bof"]')
    locked(folder, "2026-03-01", again=True)
    assert tags(folder, indicator="absents") == {"exploratory"}
    assert tags(folder, indicator="notes") == {"planned"}


def test_a_day_given_by_hand_is_told_and_a_day_to_come_is_refused(folder):
    answered(folder)
    with pytest.raises(ImpactError) as fault:
        locked(folder, given="2026-01-16")
    assert fault.value.key == "plan_future"
    assert not (folder / "study.plan.toml").exists()
    locked(folder, given="2026-01-14")
    assert tomllib.loads((folder / "study.plan.toml").read_text(encoding="utf-8"))["lock"][0]["date_given"] is True
    study = read_study(folder)
    assert (study.plan.held.date, study.plan.held.given) == ("2026-01-14", True)
    assert json.loads(manifest(study, "fr", folder))["plan"]["date_given"] is True
    change(folder, "study.plan.toml", "date_given = true\n", "")
    with pytest.raises(ImpactError) as fault:
        read_study(folder)
    assert fault.value.key == "plan_altered"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_commands_say_that_the_answers_were_there_and_the_day_given(folder, language):
    answered(folder)
    done = CliRunner().invoke(app, ["lock", str(folder), "--date", DAY, "--language", language])
    assert WORDS[language] in " ".join(done.stdout.split()).lower()
    assert {"fr": "donnée à la main", "en": "given by hand"}[language] in done.stdout
    done = CliRunner().invoke(app, ["check", str(folder), "--language", language])
    assert WORDS[language] in " ".join(done.stdout.split())


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        ('counts = ["oui"]', 'counts = ["non"]', "plan_altered_part"),
        ("level = 0.95", "level = 0.9", "plan_altered_part"),
        (f'date = "{DAY}"', 'date = "2025-01-15"', "plan_altered"),
        ('file = "a.csv"\nsha256 = ""', 'file = "b.csv"\nsha256 = ""', "plan_altered"),
        ("[[lock]]", "[[verrou]]", "plan_unread"),
        ("\n[[lock.source]]", "\n[[lock.export]]", "plan_unread"),
    ],
)
def test_a_lock_changed_by_hand_is_refused(folder, before, after, key):
    locked(folder)
    change(folder, "study.plan.toml", before, after)
    with pytest.raises(ImpactError) as fault:
        read_study(folder)
    assert fault.value.key == key
    assert "study.plan.toml" in fault.value.say()


def test_a_part_taken_out_of_a_lock_is_missed(folder):
    locked(folder)
    path = folder / "study.plan.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"\[lock\.indicator\.notes\].*?\n\n", "", text, flags=re.DOTALL), encoding="utf-8")
    with pytest.raises(ImpactError) as fault:
        read_study(folder)
    assert fault.value.key == "plan_altered"


def test_a_lock_taken_out_of_the_history_is_missed(folder):
    locked(folder)
    change(folder, "study.toml", "0.05", "0.1")
    locked(folder, "2026-02-01", again=True)
    path = folder / "study.plan.toml"
    head, _, second = path.read_text(encoding="utf-8").split("[[lock]]")
    path.write_text(f"{head}[[lock]]{second}", encoding="utf-8")
    with pytest.raises(ImpactError) as fault:
        read_study(folder)
    assert fault.value.key == "plan_altered"


# What is changed in which file, and the changes that are to be told of it.
CHANGES = {
    "counts": ("questionnaire.toml", 'counts = ["oui"]', 'counts = ["oui", "bof"]', [("indicator", "absents")]),
    "choices": ("questionnaire.toml", ', {code = "bof", label = "Parfois"}', "", [("indicator", "absents")]),
    "better": ("questionnaire.toml", 'better = "lower"', 'better = "neutral"', [("indicator", "absents")]),
    "bound": ("questionnaire.toml", "max = 20", "max = 19", [("indicator", "notes")]),
    "items": ("questionnaire.toml", '["absents", "notes"]', '["notes", "absents"]', [("indicator", "d")]),
    "covariate": ("questionnaire.toml", 'text = "Âge"', 'text = "Âge"\nmin = 10', [("covariate", "age")]),
    "level": ("study.toml", "level = 0.95", "level = 0.9", [("analysis", "")]),
    "gap": ("study.toml", "smallest_useful_gap = 0.05\n", "", [("analysis", "")]),
    "duration": ("study.toml", 'question = "mois"', 'question = "mois"\nthreshold_months = 9', [("duration", "")]),
    "design": ("study.toml", "[analysis]", '[design]\nweight = "note"\n\n[analysis]', [("design", "")]),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_changed_since_is_named(folder, name):
    file, before, after, told = CHANGES[name]
    locked(folder)
    change(folder, file, before, after)
    assert [(one.kind, one.name) for one in changes(read_study(folder))] == told


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("questionnaire.toml", 'label = "Absents"', 'label = "Absences"'),
        ("questionnaire.toml", 'text = "Note"', 'text = "Note sur 20"\ncolumns = ["Note"]'),
        ("questionnaire.toml", 'label = "Oui"', 'label = "Oui, souvent"'),
        ("study.toml", "level = 0.95\n", ""),  # the default
        ("study.toml", 'title = "T"', 'title = "U"'),
    ],
)
def test_mending_words_changes_no_plan(folder, file, before, after):
    locked(folder)
    change(folder, file, before, after)
    assert changes(read_study(folder)) == ()


def test_nothing_changed_is_all_planned(folder):
    locked(folder)
    results, study = tabled(answered(folder))
    for table in ("estimates", "comparisons", "missing"):
        assert set(planned(getattr(results, table), study)) == {"planned"}


# What is changed, in whose rows that is exploratory, and rows that stay as planned (None for none).
TAGGED = [
    ("counts", "estimates", {"indicator": "absents"}, {"indicator": "notes"}),
    ("counts", "comparisons", {"indicator": "d"}, {"indicator": "notes"}),
    ("bound", "estimates", {"indicator": "notes"}, {"indicator": "absents"}),
    ("level", "estimates", {}, None),
    ("design", "comparisons", {}, None),
    ("gap", "comparisons", {}, None),
    ("duration", "estimates", {"group": "mentored_over"}, {"group": "mentored"}),
    ("duration", "comparisons", {"group": "mentored_over"}, {"group": "mentored"}),
]


@pytest.mark.parametrize(("name", "table", "moved", "kept"), TAGGED)
def test_what_stands_on_a_change_is_exploratory_and_nothing_else(folder, name, table, moved, kept):
    file, before, after, _ = CHANGES[name]
    locked(folder)
    change(answered(folder), file, before, after)
    assert tags(folder, table, **moved) == {"exploratory"}
    if kept is not None:
        assert tags(folder, table, **kept) == {"planned"}


def test_a_code_of_pairs_named_afterwards_moves_nothing_but_the_pairs(folder):
    """The second group are mentors here, so that both sides answer."""
    change(folder, "study.toml", 'non_mentored = ["0"]', 'mentor = ["0"]')
    change(folder, "study.toml", 'adjust_for = ["age"]\n', "")
    change(folder, "questionnaire.toml", 'id = "age"\nkind = "number"', 'id = "age"\nkind = "text"')
    locked(folder)
    change(folder, "study.toml", "[analysis]", '[design]\npair = "age"\n\n[analysis]')
    rows = [[row[0], *row[1:3], f"P{place // 2}", row[4]] for place, row in enumerate(ROWS)]
    save(folder, delimited([HEADINGS, *rows]))
    assert tags(folder, "estimates") == {"planned"}
    assert tags(folder, "agreement") == {"exploratory"}


def test_a_gap_declared_afterwards_leaves_the_estimates_planned(folder):
    locked(folder)
    change(answered(folder), "study.toml", "0.05", "0.2")
    assert tags(folder, "estimates") == {"planned"}
    assert tags(folder, "comparisons") == {"exploratory"}


def test_an_indicator_that_joins_the_family_is_exploratory_as_is_the_family_it_joins(folder):
    locked(folder)
    change(answered(folder), "study.toml", '["absents"]', '["absents", "notes"]')
    assert tags(folder, "comparisons", indicator="absents") == {"exploratory"}
    assert tags(folder, "comparisons", indicator="notes") == {"exploratory"}
    assert tags(folder, "comparisons", indicator="d") == {"planned"}


ADJUSTED = pd.DataFrame(
    [("absents", "mentored", "non_mentored", "difference", adjustment, "share") for adjustment in
     ("none", "overlap", "att")],
    columns=["indicator", "group", "reference", "measure", "adjustment", "unit"],
)  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("", "", ["planned", "planned", "exploratory"]),  # "att" was never asked for
        ('["age"]', '["age"]\nadjustments = ["overlap", "att"]', ["planned", "planned", "exploratory"]),
        ('["age"]', '["age", "note"]', ["planned", "exploratory", "exploratory"]),
        ('["age"]', '["age"]\nrespondents_per_covariate = 9', ["planned", "exploratory", "exploratory"]),
    ],
)
def test_an_adjustment_is_planned_with_its_covariates(folder, before, after, said):
    locked(folder)
    change(folder, "study.toml", before, after)
    assert planned(ADJUSTED, read_study(folder)).tolist() == said


def test_a_measure_added_afterwards_is_exploratory_alone(folder):
    change(folder, "study.toml", "[analysis]", '[analysis]\nmeasures = ["difference"]')
    locked(folder)
    change(folder, "study.toml", '["difference"]', '["difference", "ratio", "effect_size"]')
    rows = ADJUSTED.iloc[[0, 0, 0]].assign(measure=["difference", "ratio", "cohen_h"])
    assert planned(rows, read_study(folder)).tolist() == ["planned", "exploratory", "exploratory"]


def test_a_breakdown_added_afterwards_is_exploratory_and_leaves_the_estimates_planned(folder):
    broken = pd.DataFrame([("notes", "mentored", "absence", "mean", 0.1)],
                          columns=["indicator", "group", "by", "unit", "low"])  # fmt: skip
    locked(folder)
    change(folder, "study.toml", "[analysis]", '[analysis]\nbreakdowns = ["absence"]')
    study = read_study(folder)
    assert planned(broken, study).tolist() == ["exploratory"]
    assert planned(broken.drop(columns="by"), study).tolist() == ["planned"]
    (folder / "study.plan.toml").unlink()
    locked(folder)
    assert planned(broken, read_study(folder)).tolist() == ["planned"]


def test_the_files_say_it_only_where_a_plan_was_locked(folder):
    results, study = tabled(answered(folder))
    assert standing(results, study) is None
    write_tables(results, study, folder / "before")
    assert "plan" not in pd.read_csv(folder / "before" / "comparisons.csv")
    (folder / "a.csv").unlink()
    locked(folder)
    results, study = tabled(answered(folder))
    write_tables(results, study, folder / "after")
    for table in ("estimates", "comparisons", "missing"):
        written = pd.read_csv(folder / "after" / f"{table}.csv")
        assert written.columns[-1] == "plan"
        assert set(written["plan"]) == {"planned"}
    assert "plan" not in pd.read_csv(folder / "after" / "flow.csv")


def test_an_answer_of_a_set_is_planned_where_an_indicator_counts_it_alone(folder):
    locked(folder)
    rows = pd.DataFrame(
        [("absence", "", "oui"), ("absence", "non_mentored", "oui"), ("absence", "non_mentored", "non"),
         ("absence", "non_mentored", "")],
        columns=["question", "reference", "choice"],
    ).assign(group="mentored", p=0.5, low=0.1)  # fmt: skip
    assert planned(rows, read_study(folder)).tolist() == ["planned", "planned", "exploratory", "exploratory"]
    change(folder, "questionnaire.toml", 'counts = ["oui"]', 'counts = ["oui", "bof"]')
    assert set(planned(rows, read_study(folder))) == {"exploratory"}


@pytest.mark.parametrize(
    ("kind", "codes", "told"),
    [
        ("single", "oui non", {"oui": "planned", "non": "planned"}),
        ("single", "oui non bof", {"oui": "planned", "non": "exploratory", "bof": "exploratory"}),
        ("multiple", "oui non", {"oui": "planned", "non": "exploratory"}),  # who ticks the one may tick the other
    ],
)
def test_the_answer_that_a_share_leaves_is_planned_with_it(folder, kind, codes, told):
    before = '[{code = "oui", label = "Oui"}, {code = "non", label = "Non"}, {code = "bof", label = "Parfois"}]'
    after = ", ".join(f'{{code = "{code}", label = "{code}"}}' for code in codes.split())
    change(folder, "questionnaire.toml", before, f"[{after}]")
    change(folder, "questionnaire.toml", 'kind = "single"', f'kind = "{kind}"')
    locked(folder)
    rows = pd.DataFrame([("absence", "", code) for code in told], columns=["question", "reference", "choice"])
    rows = rows.assign(group="mentored", p=0.5, low=0.1)
    assert dict(zip(told, planned(rows, read_study(folder)), strict=True)) == told


def test_what_a_report_can_say_of_the_plan(folder):
    locked(folder)
    change(answered(folder), "questionnaire.toml", "max = 20", "max = 19")
    results, study = tabled(folder)
    said = standing(results, study)
    assert (said.date, said.before, said.there, said.exports, said.locked) == (DAY, True, (), 1, (DAY,))
    shown = results.comparisons[results.comparisons["status"] == "shown"]
    shown = shown[(shown["measure"] == "difference") & (shown["adjustment"] == "none")]
    moved = int(shown["indicator"].isin(["notes", "d"]).sum())
    assert said.counts["comparisons"] == (len(shown) - moved, moved)
    assert said.changes == changes(study)


def test_the_manifest_names_the_lock_and_its_file(folder):
    locked(answered(folder))
    content = json.loads(manifest(read_study(folder), "fr", folder))
    assert content["plan"] == {
        "locked": DAY, "hash": f"sha256:{read_study(folder).plan.held.hash}", "exports_there": ["a.csv"],
    }  # fmt: skip
    assert "study.plan.toml" in content["named_only"]  # it holds hashes of the exports


@pytest.mark.parametrize(("language", "said"), [("fr", "2026-01-15"), ("en", "2026-01-15")])
def test_the_command_says_what_it_did_and_refuses_to_do_it_twice(folder, language, said):
    arguments = ["lock", str(folder), "--date", DAY, "--language", language]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0
    assert read_study(folder).plan.held.hash in done.stdout
    again = CliRunner().invoke(app, arguments)
    assert again.exit_code == 1
    assert said in again.stderr


def test_a_check_names_what_changed(folder):
    locked(folder)
    change(answered(folder), "study.toml", "0.05", "0.1")
    done = CliRunner().invoke(app, ["check", str(folder), "--language", "en"])
    assert done.exit_code == 0
    assert "[analysis] smallest_useful_gap: changed" in " ".join(done.stdout.split())


CHOICES = ("primary", "smallest_useful_gap")


def test_a_choice_is_announced_only_where_a_lock_proves_it(folder):
    assert [announced(read_study(folder), choice) for choice in CHOICES] == [False, False]
    locked(folder)
    assert [announced(read_study(answered(folder)), choice) for choice in CHOICES] == [True, True]


def test_what_was_locked_once_the_answers_were_there_is_not_announced(folder):
    locked(answered(folder))
    assert [announced(read_study(folder), choice) for choice in CHOICES] == [False, False]


@pytest.mark.parametrize(
    ("file", "before", "after", "expected"),
    [
        ("study.toml", 'primary = ["absents"]', 'primary = ["notes"]', [False, True]),
        ("study.toml", "smallest_useful_gap = 0.05", "smallest_useful_gap = 0.2", [True, False]),
        ("questionnaire.toml", 'counts = ["oui"]', 'counts = ["non"]', [False, True]),
    ],
)
def test_a_choice_that_changed_is_not_announced(folder, file, before, after, expected):
    locked(folder)
    change(folder, file, before, after)
    assert [announced(read_study(folder), choice) for choice in CHOICES] == expected
