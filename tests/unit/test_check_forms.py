"""A check on a terminal, as JSON and as an HTML page: the same points, whatever the width, and nothing let through."""

import json
import re
import subprocess
import sys
import tomllib
from html import unescape as html_unescaped
from html.parser import HTMLParser
from unicodedata import east_asian_width

import pytest
from typer.testing import CliRunner

from impact import load, normalise, read_study, texts
from impact.check import examine
from impact.check.nouns import KINDS
from impact.check.page import page
from impact.check.plain import plain
from impact.cli import app
from impact.report.check_page import html
from impact.terminal import printed
from tests.unit._planted import HEADINGS, ITEMS, PLACE, STUDY, cell, several, written

HOSTILE = "<script>alert('1')</script> & \"co\""
LONG = "Une affirmation qui n’en finit pas, et que le questionnaire pose pourtant telle quelle à chacun des jeunes"
PLANT = several(
    cell(5, "accord_3", "Tout a fai"), cell(6, "age", "151"), cell(7, "accord_4", HOSTILE),
    cell(8, "accord_5", "😀 bof"), *(cell(9, name, "Plutôt") for name in ITEMS),
    *(cell(row, "accord_8", "") for row in range(2, 20)),
)  # fmt: skip


ACTING = "neuf\x1b]0;t\x07\x9b2J\u202e"
ACTS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def test_no_sign_of_a_file_acts_on_who_reads_the_check(tmp_path):
    study = read_study(written(tmp_path, cell(6, "age", ACTING), STUDY, HEADINGS))
    exports = load(study)
    check = examine(exports, normalise(exports, study), study)
    words = texts.load("fr")
    shown = page(check, study, words)
    proposed = [line.text for finding in check.findings for line in finding.lines if "neuf" in line.text]
    assert [tomllib.loads(line)["recode"]["age"] for line in proposed] == [{ACTING: "…"}]
    assert proposed[0] in printed(shown, 100)
    assert not ACTS.search(printed(shown, 100))
    assert not ACTS.search(html(shown, words))


def one_more_column(rows):
    for row in rows:
        row.append("x")


@pytest.fixture(params=texts.languages())
def said(request, tmp_path):
    """A check with points of both severities, a hostile title, heading and answer; its page and its JSON."""
    headings = [*HEADINGS]
    headings[PLACE["accord_1"]] = LONG
    source = 'group = "mentored"\n'
    renamed = STUDY.replace(source, f'{source}rename = {{{json.dumps(LONG, ensure_ascii=False)} = "accord_1"}}\n')
    hostile = renamed.replace('title = "T"', f"title = {json.dumps(HOSTILE)}")
    study = read_study(written(tmp_path, several(PLANT, one_more_column), hostile, [*headings, HOSTILE]))
    exports = load(study)
    check = examine(exports, normalise(exports, study), study)
    words = texts.load(request.param)
    return check, page(check, study, words), study, words


def width_of(line):
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in line)


@pytest.mark.parametrize("width", [40, 80, 100, 140])
def test_no_line_is_wider_than_the_terminal_and_no_word_is_lost(said, width):
    check, shown, _, _ = said
    lines = printed(shown, width).split("\n")
    proposed = {line.text for finding in check.findings for line in finding.lines}
    assert proposed <= {line.strip() for line in lines}
    assert not [line for line in lines if width_of(line) > width and line not in proposed]
    assert not [line for line in lines if line != line.rstrip() or re.search("[\u00a0\u202f\ue000]", line)]
    text = re.sub(r"\s", "", "".join(lines))
    for section in shown.sections:
        rows = section.table.rows if section.table else ()
        cells = [cell for row in rows for cell in row]
        points = [words for point in section.points for words in (point.what, point.where, *point.more)]
        assert not [words for words in (*cells, *points, section.verdict) if re.sub(r"\s", "", words) not in text]


def test_the_verdict_stands_at_the_top_and_what_is_to_be_settled_comes_first(said):
    check, shown, _, words = said
    assert (check.count("settle"), check.count("look")) == (3, 3)
    lines = printed(shown, 100).split("\n")
    assert (
        lines[1]
        == {"fr": "3 points à régler, 3 à regarder.", "en": "3 points to settle, 3 to look at."}[words.language]
    )
    assert [section.key for section in shown.sections] == ["settle", "look", "files", "unmapped", "questions"]
    kinds = [finding.kind for finding in check.findings]
    assert kinds[:3] == ["not_a_choice"] * 3
    assert set(kinds[3:]) == {"implausible", "blank_until", "straight_line"}


def test_colours_are_for_a_terminal_alone(said):
    _, shown, _, _ = said
    assert "\x1b[1m" in printed(shown, 100, styled=True)
    plainly = re.sub("\x1b\\[[0-9;]*m", "", printed(shown, 100, styled=True)).split("\n")
    assert [line.rstrip() for line in plainly] == printed(shown, 100).split("\n")


KEYS = {
    "": "version language study title verdict use settle look findings sources unmapped comparability questions",
    "findings": "kind severity source sheet column heading question rows values lines facts message advice",
    "findings.values": "text label rows nearest",
    "findings.lines": "file under add_to text",
    "sources": "source sheet format tool tool_title signs header_rows received dropped kept repaired metadata personal"
    " notes",
    "sources.metadata": "column heading",
    "unmapped": "source column heading filled nearest_question",
    "questions": "question text kind fed",
    "questions.fed": "source columns answered answers blanks low high order proofs",
    "questions.fed.columns": "column heading",
    "questions.fed.answers": "code label count",
}


def shapes(value, path=""):
    """Every table of a JSON value, by the path of the lists it stands in."""
    if isinstance(value, dict):
        yield path, value
    for name, inner in value.items() if isinstance(value, dict) else ():
        for one in inner if isinstance(inner, list) else ():
            yield from shapes(one, f"{path}.{name}".strip("."))


def test_the_keys_of_the_json_are_a_promise_and_documented(said):
    check, shown, study, words = said
    value = json.loads(json.dumps(plain(check, shown, study, words)))
    met = set()
    for path, table in shapes(value):
        met.add(path)
        if path in KEYS:
            assert list(table) == KEYS[path].split(), path
    assert met >= KEYS.keys()
    assert value["version"] == 1
    documented = set(re.findall(r"`(\w+)`", plain.__doc__))
    assert {key for keys in KEYS.values() for key in keys.split()} <= documented


def test_the_json_holds_what_the_page_cuts_short(said):
    check, shown, study, words = said
    value = plain(check, shown, study, words)
    (later,) = [one for one in value["findings"] if one["kind"] == "blank_until"]
    assert later["rows"] == list(range(2, 20))
    assert later["rows"] != [int(row) for row in re.findall(r"\d+", shown.sections[1].points[1].where)]
    assert [one["message"] for one in value["findings"]] == [
        point.what for section in shown.sections for point in section.points
    ]


def test_every_kind_of_finding_has_its_sentences():
    for kind in KINDS:
        assert {f"finding.{kind}", f"advice.{kind}"} <= texts.load().entries.keys()


class Seen(HTMLParser):
    """The tags of a page with their attributes, and the text outside its style."""

    def __init__(self, written):
        super().__init__()
        self.tags, self.texts, self.open = [], [], []
        self.feed(written)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.texts.append(data)

    def of(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


def test_the_page_asks_nothing_of_any_other_place(said):
    _, shown, _, words = said
    seen = Seen(html(shown, words))
    assert not seen.open
    names = {name for name, _ in seen.tags}
    assert not names & {"script", "link", "img", "iframe", "object", "form", "base"}
    assert not [
        value for _, given in seen.tags for name, value in given.items() if name in ("src", "style") or name[:2] == "on"
    ]
    assert all(given["href"].startswith("#") for given in seen.of("a"))
    (policy,) = [given["content"] for given in seen.of("meta") if given.get("http-equiv") == "Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")


def test_the_page_can_be_read_by_ear(said):
    _, shown, _, words = said
    seen = Seen(html(shown, words))
    assert seen.of("html") == [{"lang": words.language}]
    assert len(seen.of("h1")) == len(seen.of("title")) == len(seen.of("main")) == 1
    tables = [section for section in shown.sections if section.table]
    assert len(seen.of("caption")) == len(seen.of("table")) == len(tables)
    assert all(given.get("scope") in ("col", "rowgroup") for given in seen.of("th"))
    identifiers = [given["id"] for _, given in seen.tags if "id" in given]
    assert len(identifiers) == len(set(identifiers))
    pointed = [given["href"][1:] for given in seen.of("a")]
    pointed += [given["aria-labelledby"] for _, given in seen.tags if "aria-labelledby" in given]
    assert set(pointed) <= set(identifiers)


def test_what_a_file_says_is_text_in_the_page(said):
    check, shown, _, words = said
    written_page = html(shown, words)
    assert "<script" not in written_page
    text = "".join(Seen(written_page).texts)
    assert text.count(HOSTILE) >= 2  # the title, the heading; the answer is withheld or shown as it stands
    for finding in check.findings:
        assert all(line.text in text for line in finding.lines)


RARE = several(
    cell(5, "accord_3", "Chez Fatou Diallo"), cell(6, "accord_3", "comme Tata"), cell(6, "age", "151"),
    *(cell(row, "accord_4", "Presque daccord") for row in range(2, 13)),
    *(cell(row, "accord_5", "Presque autant") for row in range(2, 12)),
)  # fmt: skip


@pytest.mark.parametrize("form", ["html", "json"])
def test_a_file_holds_no_words_of_fewer_than_the_minimum(form, tmp_path):
    made = written(tmp_path, RARE, STUDY, HEADINGS)
    run = CliRunner()
    assert run.invoke(app, ["check", str(made), "-o", str(tmp_path / f"check.{form}")]).exit_code == 0
    held = html_unescaped((tmp_path / f"check.{form}").read_text(encoding="utf-8"))
    screen = " ".join(run.invoke(app, ["check", str(made), "--all"]).output.split())
    for few in ("Fatou", "Tata", "Presque autant"):
        assert few in screen and few not in held
    assert "Presque daccord" in held and "151" in held
    assert "Usage interne" in held and "Usage interne" not in screen
    if form == "json":
        found = [one for one in json.loads(held)["findings"] if one["question"] == "accord_3"]
        assert [value for one in found for value in one["values"]] == [
            {"text": "", "label": "", "rows": [5, 6], "nearest": ""}
        ]


def impact(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "impact", *map(str, arguments)],
        capture_output=True,
        timeout=120,
        env=environment or None,
    )


@pytest.mark.parametrize(("name", "begins"), [("a.html", b"<!DOCTYPE html>"), ("a.json", b"{")])
def test_the_form_of_a_file_is_that_of_its_name_and_it_is_for_its_owner_alone(name, begins, tmp_path):
    path = written(tmp_path, PLANT)
    done = impact("check", path, "-o", tmp_path / "out" / name)
    assert done.returncode == 0, done.stderr
    output = tmp_path / "out" / name
    assert output.read_bytes().startswith(begins)
    assert output.stat().st_mode & 0o077 == 0
    again = impact("check", path, "--format", name[2:])
    assert again.stdout == output.read_bytes()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--format", "pdf"), "« pdf » n’est pas une forme"),
        (("--format", "terminal", "-o", "a.txt"), "« terminal »"),
        (("-o", "a.csv", "--format", "json"), "appartient à l’étude"),
        (("-o", "study.toml", "--format", "html"), "appartient à l’étude"),
    ],
)
def test_a_form_that_is_none_and_a_file_of_the_study_are_refused(arguments, sentence, tmp_path):
    path = written(tmp_path)
    before = {file: file.read_bytes() for file in tmp_path.iterdir()}
    output = [str(tmp_path / one) if one.startswith(("a.", "study")) else one for one in arguments]
    done = impact("check", path, *output)
    assert done.returncode == 1
    assert sentence in done.stderr.decode()
    assert {file: file.read_bytes() for file in tmp_path.iterdir()} == before


HEAVY = {"matplotlib", "typst", "scipy", "statsmodels", "seaborn", "pikepdf"}


@pytest.mark.parametrize(("form", "allowed"), [("terminal", set()), ("json", set()), ("html", {"jinja2"})])
def test_a_check_loads_nothing_heavy(form, allowed, tmp_path):
    path = written(tmp_path)
    program = (
        "import sys\nfrom impact.cli import main\n"
        f"sys.argv = ['impact', 'check', {str(path)!r}, '--format', {form!r}]\n"
        "try:\n    main()\nfinally:\n    print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(done.stderr.split())
    assert "pandas" in loaded
    assert loaded & (HEAVY | {"jinja2"}) == allowed


def test_the_lines_shown_are_toml(said):
    check, _, _, _ = said
    for finding in check.findings:
        for line in finding.lines:
            tomllib.loads(line.text if not line.add_to else f"{line.add_to} = {{{line.text}}}")
