"""A small study in files, whose every word a test may choose: what it says is text, whatever it looks like."""

import random
from collections.abc import Callable
from pathlib import Path

from impact.drafting.toml import string
from tests.unit._loaders import delimited

QUESTIONS = 6

# What something along the way might run, follow, expand or draw: typst, TeX, HTML, spreadsheets, matplotlib, templates,
# format strings, terminals, and signs that turn or hide the text around them.
HOSTILE = (
    '#eval("1+1")', '#read("/etc/passwd")', '#import "@preview/x:0.1.0": *', "$x^2$ _a_ *b* <c> @d `e` = f",
    r"\input{/etc/passwd}", "<script>alert(1)</script>", "&amp; &lt;b&gt;", "=1+1", "+1+2", "-1-2", "@SUM(A1)",
    "\t=1+1", "\r=1+1", "＝1+1", "\u200b=1+1", r"$\frac{a}{b}$", "$_^{}$", "avant\u202egnp.exe", "zéro\u200b\ufeff",
    "ctl\x01\x07\x1b[31mrouge", "{0}", "{placeholder} {impact}", "%s %d %(x)s", "é" * 20_000, "😀 漢字",
    "**gras** __x__", '=HYPERLINK("http://x.invalid";"y")', "http://x.invalid/y", '" onmouseover="alert(1)',
    "]]> <!-- -->", "{{ 7*7 }} {% x %}", '&L&"Arial"&R&G&[Picture]', "ligne\u2028\u2029suite", "\x85=1+1",
)  # fmt: skip

Say = Callable[[str], str]  # the words of a place ("title", "choice"): asked once for each there is


def written(folder: Path, say: Say, people: int = 90) -> Path:
    """The study in a folder, half of its people mentored; the words of every place are what `say` says."""
    folder.mkdir(parents=True)
    (folder / "q.toml").write_text(_questionnaire(say), encoding="utf-8")
    (folder / "p.toml").write_text(_published(say), encoding="utf-8")
    (folder / "study.toml").write_text(_study(say), encoding="utf-8")
    drawn = random.Random(1)
    for name, mentored in (("a.csv", True), ("b.csv", False)):
        rows = [_answers(drawn, mentored) for _ in range(people)]
        if mentored:
            rows[3][2], rows[8][4] = (say("cell")[:5_000] for _ in range(2))
        headings = [*(f"C{place}" for place in range(QUESTIONS)), "M", "A", "S", say("heading")[:5_000]]
        (folder / name).write_bytes(delimited([headings, *rows]).encode())
    return folder / "study.toml"


def _answers(drawn: random.Random, mentored: bool) -> list[str]:
    closed = [drawn.choice(f"o{place} n{place} p{place}".split()) for place in range(QUESTIONS)]
    months = str(drawn.randint(1, 24)) if mentored else ""
    return [*closed, months, str(drawn.randint(11, 20)), drawn.choice("fg"), ""]


def _study(say: Say) -> str:
    about = "".join(f"{key} = {string(say(key))}\n" for key in ("organisation", "unit", "population", "collection"))
    return (
        f'[study]\ntitle = {string(say("title"))}\nyear = 2024\nquestionnaire = "q.toml"\npublished = "p.toml"\n{about}'
        f'[[source]]\nfile = "a.csv"\ngroup = "mentored"\n'
        f"drop_rows = [{{rows = [3], reason = {string(say('reason'))}}}]\n"
        '[[source]]\nfile = "b.csv"\ngroup = "non_mentored"\n[duration]\nquestion = "m"\n'
        '[analysis]\nadjust_for = ["sexe"]\nprimary = ["i0", "i1"]\n'
        f'[comparability.q0]\nverdict = "recodable"\nby = {string(say("by"))}\nwhy = {string(say("why"))}\n'
    )


def _questionnaire(say: Say) -> str:
    parts = [f"[dimension.d{place}]\nlabel = {string(say('dimension'))}\n" for place in range(2)]
    for place in range(QUESTIONS):
        parts.append(
            f'[[question]]\nid = "q{place}"\nkind = "single"\ntext = {string(say("question"))}\n'
            f'label = {string(say("name"))}\ncolumns = ["C{place}"]\nchoices = [\n'
            + "".join(f'  {{code = "{code}{place}", label = {string(say("choice"))}}},\n' for code in "onp")
            + f']\nmissing = [{{code = "nsp", label = {string(say("missing"))}, reason = "dont_know"}}]\n'
        )
        parts.append(
            f'[[indicator]]\nid = "i{place}"\ndimension = "d{place % 2}"\nquestion = "q{place}"\nkind = "share"\n'
            f'counts = ["o{place}"]\nbetter = "higher"\nlabel = {string(say("indicator"))}\n'
            f"says = {string(say('says'))}\n"
        )
    parts.append('[[question]]\nid = "m"\nkind = "number"\ntext = "Mois"\ncolumns = ["M"]\nasked = ["mentored"]\n')
    parts.append(
        f'[[question]]\nid = "age"\nkind = "number"\ntext = {string(say("question"))}\ncolumns = ["A"]\n'
        f"units = [{string(say('units'))}]\n"
    )
    parts.append(
        f'[[question]]\nid = "sexe"\nkind = "single"\ntext = {string(say("question"))}\ncolumns = ["S"]\n'
        f'choices = [{{code = "f", label = {string(say("choice"))}}},'
        f' {{code = "g", label = {string(say("choice"))}}}]\n'
    )
    parts.append(
        '[[indicator]]\nid = "age_moyen"\ndimension = "d0"\nquestion = "age"\nkind = "mean"\n'
        f"label = {string(say('indicator'))}\n"
    )
    return "\n".join(parts)


def _published(say: Say) -> str:
    return (
        f'title = {string(say("published"))}\nyear = 2020\n[[figure]]\nid = "f1"\nsays = {string(say("figure"))}\n'
        f'indicator = "i0"\ngroup = "mentored"\nvalue = 0.5\nrounding = 0.01\nbase = 100\n'
        f"where = [{string(say('where'))}]\n"
    )
