"""LimeSurvey's questionnaires: .lss before and since version 4, .txt, every type, conditions, and what is refused."""

from collections import Counter
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import pytest

from impact.errors import ImpactError
from impact.loaders.forms import recognised
from impact.model import Route
from tests.unit._loaders import delimited, save

TEXTS = {
    "aide": {"fr": "<p>Qui t&rsquo;aide <b>vraiment</b>&nbsp;?<br />(hors mentor)</p>", "en": "Who helps?"},
    "ami": {"fr": "Un ami", "en": "A friend"},
    "seul": {"fr": "Personne", "en": "Nobody"},
}
# type, code, sub-questions (scale 0), columns (scale 1), answers of each scale, attributes, other
QUESTIONS = [
    ("Y", "eleve", (), (), (), {}, ""),
    ("L", "classe", (), (), (("A1", "A2"),), {}, "Y"),
    ("M", "aide", ("ami", "seul"), (), (), {"exclude_all_others": "seul"}, "Y"),
    ("F", "sens", ("a", "b"), (), (("1", "2"),), {}, ""),
    ("1", "double", ("a",), (), (("x", "y"), ("z",)), {}, ""),
    (":", "table", ("r",), ("c", "d"), (), {}, ""),
    ("R", "rang", (), (), (("m", "n"),), {}, ""),
    ("N", "age", (), (), (), {"min_num_value_n": "11", "max_num_value_n": "21", "num_value_int_only": "1"}, ""),
    ("K", "notes", ("k",), (), (), {"slider_layout": "1", "slider_min": "0", "slider_max": "20"}, ""),
    ("P", "avec", ("p",), (), (), {"array_filter": "aide"}, ""),
    ("O", "pourquoi", (), (), (("A1",),), {}, ""),
    ("D", "debut", (), (), (), {}, ""),
    ("X", "merci", (), (), (), {}, ""),
    ("C", "avis", ("c",), (), (), {}, ""),
    ("?", "autre", (), (), (), {}, ""),
]
RELEVANCE = {
    "classe": '((eleve.NAOK == "Y"))',
    "sens": '((7X1X2.NAOK == "A1" or 7X1X2.NAOK == "-oth-"))',
    "double": '((aide_ami.NAOK == "Y") and !is_empty(classe))',
    "rang": '(aide_seul.NAOK != "Y") && (eleve.NAOK eq "Y")',
    "notes": "((age.NAOK >= 16))",
    "debut": '((sens_a.NAOK == "1"))',
    "avis": '((7X1X4b.NAOK == "2"))',
}
ROUTES = {
    "classe": (Route("eleve", ("Y",)),),
    "sens[a]": (Route("classe", ("A1", "other")),),
    "rang[1]": (Route("aide", is_not=("seul",)), Route("eleve", ("Y",))),
    "notes[k]": (Route("age", minimum=16),),
    "debut": (Route("sens[a]", ("1",)),),
    "avis[c]": (Route("sens[b]", ("2",)),),
}
NAMES = [
    "eleve", "classe", "aide", "sens[a]", "sens[b]", "double[a][1]", "double[a][2]", "table[r_c]", "table[r_d]",
    "rang[1]", "rang[2]", "age", "notes[k]", "avec", "avec[pcomment]", "pourquoi", "pourquoi[comment]", "debut",
    "merci", "avis[c]",
]  # fmt: skip
LANGUAGES = ("fr", "en")


def wording(code, language):
    return TEXTS.get(code, {}).get(language, f"{code} {language}")


class Rows(dict):
    """The tables of an .lss, filled row by row as a version of LimeSurvey's database has them."""

    version = 400
    number = 100

    def add(self, table, **cells):
        self.setdefault(table, []).append({key: str(value) for key, value in cells.items()})

    def named(self, table, key, wanted, **cells):
        """A row with its wording: a row a language before version 4, wordings in a table of their own since."""
        text = "answer" if table == "answers" else "question"
        for language in LANGUAGES if self.version < 400 else ():
            self.add(table, **cells, language=language, **{text: wording(wanted, language)})
        if self.version >= 400:
            self.add(table, **cells)
        for language in LANGUAGES if self.version >= 400 else ():
            self.add(f"{text}_l10ns", **{key: cells[key], text: wording(wanted, language)}, language=language)

    def parts(self, question, subs, scales):
        """Sub-questions and answers, each list a scale."""
        for scale, order, one in of_scales(subs):
            self.number += 1
            self.named("subquestions", "qid", one, qid=self.number, parent_qid=question, title=one,
                       question_order=order, scale_id=scale, relevance="1")  # fmt: skip
        for scale, order, one in of_scales(scales):
            self.number += 1
            self.named("answers", "aid", one, aid=self.number, qid=question, code=one, sortorder=order, scale_id=scale)

    def xml(self, before=""):
        tables = "".join(f"<{name}><rows>{''.join(map(self.row, rows))}</rows></{name}>" for name, rows in self.items())
        languages = "".join(f"<language>{language}</language>" for language in LANGUAGES)
        return (
            f'<?xml version="1.0" encoding="UTF-8"?>\n{before}<document>'
            f"<LimeSurveyDocType>Survey</LimeSurveyDocType><DBVersion>{self.version}</DBVersion>"
            f"<languages>{languages}</languages>{tables}</document>"
        )

    @staticmethod
    def row(cells):
        return "<row>" + "".join(f"<{key}>{escape(value)}</{key}>" for key, value in cells.items() if value) + "</row>"


def of_scales(lists):
    return [(scale, order, one) for scale, codes in enumerate(lists) for order, one in enumerate(codes)]


def tables(version=400):
    """The survey of QUESTIONS."""
    rows = Rows()
    rows.version = version
    rows.add("surveys", sid=7, language="fr")
    rows.add("groups", gid=1, group_order=0, grelevance="1", language="" if version >= 400 else "fr")
    for place, (kind, code, subs, columns, scales, attributes, other) in enumerate(QUESTIONS, 1):
        rows.named("questions", "qid", code, qid=place, sid=7, gid=1, parent_qid=0, type=kind, title=code, other=other,
                   question_order=place, relevance=RELEVANCE.get(code, "1"))  # fmt: skip
        rows.parts(place, (subs, columns), scales)
        for attribute, value in attributes.items():
            rows.add("question_attributes", qid=place, attribute=attribute, value=value)
    for language in reversed(LANGUAGES):
        rows.add("surveys_languagesettings", surveyls_language=language, surveyls_title=f"<b>Mentorat</b> {language}")
    return rows


def lss(folder, version):
    return read(save(folder, tables(version).xml(), "limesurvey_survey_7.lss"))


def text(folder):
    """The same survey as a text, once for each language; it has no numbers of questions, so none in its conditions."""
    headings = ["id", "related_id", "class", "type/scale", "name", "relevance", "text", "help", "language", "other"]
    attributes = sorted({key for *_, found, _ in QUESTIONS for key in found})
    lines = [[*headings, *attributes], ["", "", "SL", "", "surveyls_title", "", "Mentorat fr", "", "fr"]]
    for language in LANGUAGES:
        lines.append(["1", "", "G", "0", "Groupe", "1", "", "", language])
        for place, (kind, code, subs, columns, scales, found, other) in enumerate(QUESTIONS, 1):
            asked = RELEVANCE.get(code, "1").replace("7X1X2.", "classe.").replace("7X1X4b", "sens_b")
            own = [found.get(key, "") for key in attributes]
            lines.append([place, "", "Q", kind, code, asked, wording(code, language), "", language, other, *own])
            parts = [("SQ", scale, one) for scale, _, one in of_scales((subs, columns))]
            parts += [("A", scale, one) for scale, _, one in of_scales(scales)]
            lines += [
                ["", "", part, scale, one, "", wording(one, language), "", language] for part, scale, one in parts
            ]
    return read(save(folder, "\ufeff" + delimited([list(map(str, line)) for line in lines], "\t"), "survey.txt"))


def read(path):
    reader = recognised(path)
    assert "LimeSurvey" in reader.TITLE
    return reader.read(path)


@pytest.fixture(params=[261, 359, 400, 623, "txt"])
def form(request, tmp_path):
    found = text(tmp_path) if request.param == "txt" else lss(tmp_path, request.param)
    return found, {item.name: item for item in found.items}


def test_every_question_row_and_cell_is_an_item(form):
    found, items = form
    assert [item.name for item in found.items] == NAMES
    assert found.title == "Mentorat fr"
    kinds = {name: items[name].kind for name in ("eleve", "aide", "sens[a]", "table[r_c]", "age", "debut", "merci")}
    assert list(kinds.values()) == ["single", "multiple", "single", "number", "number", "date", "note"]


def test_texts_stand_by_language_without_html(form):
    _, items = form
    assert items["aide"].texts == {"fr": "Qui t’aide vraiment ? (hors mentor)", "en": "Who helps?"}
    assert list(items["aide"].texts) == ["fr", "en"]
    assert items["aide"].columns == ("Qui t’aide vraiment ?(hors mentor)",)  # as a heading has it
    assert items["sens[a]"].block == "sens fr"


def test_choices_keep_their_codes_and_their_order(form):
    _, items = form
    assert items["aide"].choices == {"ami": TEXTS["ami"], "seul": TEXTS["seul"]}
    assert (items["aide"].other, items["aide"].exclusive) == (True, ("seul",))
    assert list(items["classe"].choices) == ["A1", "A2"]
    assert items["eleve"].choices == {"Y": {"fr": "Oui", "en": "Yes"}, "N": {"fr": "Non", "en": "No"}}
    assert list(items["avis[c]"].choices) == ["Y", "U", "N"]
    assert (list(items["double[a][1]"].choices), list(items["double[a][2]"].choices)) == (["x", "y"], ["z"])
    assert list(items["rang[2]"].choices) == ["m", "n"]


def test_items_know_the_headings_of_exports(form):
    _, items = form
    assert {"sens_a", "sens fr [a fr]", "sens en [a en]"} == set(items["sens[a]"].columns)
    assert {"double_a_0", "double fr [a fr][Échelle 1]"} <= set(items["double[a][1]"].columns)
    assert {"table_r_c", "table fr [r fr][c fr]"} <= set(items["table[r_c]"].columns)
    assert {"rang_2", "rang fr [Classement 2]"} <= set(items["rang[2]"].columns)


def test_bounds_are_those_of_the_form(form):
    _, items = form
    assert (items["age"].minimum, items["age"].maximum) == (11, 21)
    assert (items["notes[k]"].minimum, items["notes[k]"].maximum) == (0, 20)
    assert (items["table[r_c]"].minimum, items["table[r_c]"].maximum) == (None, None)


def test_a_condition_is_kept_word_for_word_and_said_where_it_can_be(form):
    found, items = form
    assert items["rang[1]"].asked_if == RELEVANCE["rang"]
    assert {name: items[name].routes for name in ROUTES} == ROUTES
    assert items["double[a][1]"].asked_if == RELEVANCE["double"]
    assert items["double[a][1]"].routes == ()  # nobody can say "is not empty"
    assert items["eleve"].asked_if == ""
    said = " ".join(found.unread)
    assert all(word in said for word in ("double[a][1]", "« autre »", "« avec »"))
    assert len(found.unread) == 4  # two rows of "double", the type that is not known, the filter of rows


def test_a_group_s_condition_holds_for_its_questions(tmp_path):
    rows = tables()
    rows["groups"][0]["grelevance"] = 'age.NAOK == "1"'
    found = read(save(tmp_path, rows.xml(), "a.lss"))
    asked = {item.name: item.asked_if for item in found.items}
    assert asked["eleve"] == 'age.NAOK == "1"'
    assert asked["classe"] == f'(age.NAOK == "1") and ({RELEVANCE["classe"]})'


DOCTYPE = '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("written", "key"),
    [
        (lambda rows: rows.xml(before=DOCTYPE), "form_doctype"),
        (lambda rows: rows.xml(before=f"<!-- <LimeSurveyDocType> -->{DOCTYPE}"), "form_doctype"),
        (lambda rows: rows.xml()[:-40], "form_unreadable"),
        (lambda rows: rows.xml().replace("UTF-8", "UTF-99"), "form_unreadable"),
        (lambda rows: Rows().xml(), "form_no_question"),
    ],
)
def test_what_cannot_be_trusted_or_read_is_refused(written, key, tmp_path):
    path = save(tmp_path, written(tables()), "a.lss")
    with pytest.raises(ImpactError) as fault:
        read(path)
    assert fault.value.key == key
    assert "a.lss" in str(fault.value)


def test_other_files_of_limesurvey_are_no_questionnaire(tmp_path):
    labels = tables().xml().replace("Type>Survey<", "Type>Label set<")
    assert recognised(save(tmp_path, labels, "a.lsl")) is None
    assert recognised(save(tmp_path, "id\tclass\ttext\n1\t2\t3\n", "a.txt")) is None


def test_the_real_survey_is_read_whole(shared):
    """Counted from the file: one a question, one a row of a grid or field, one a rank."""
    path = shared / "limesurvey_rse" / "uk_core_survey.lss"
    found = read(path)
    root = ElementTree.parse(path).getroot()
    rows = Counter(row.findtext("parent_qid") for row in root.iterfind("subquestions/rows/row"))
    answers = Counter(row.findtext("qid") for row in root.iterfind("answers/rows/row"))
    expected = 0
    for row in root.iterfind("questions/rows/row"):
        inside = {"F": rows, "K": rows, "Q": rows, "R": answers}.get(row.findtext("type"))
        expected += inside[row.findtext("qid")] if inside else 1
    assert len(found.items) == expected == 99
    asked = [row.findtext("title") for row in root.iterfind("questions/rows/row") if row.findtext("relevance") != "1"]
    assert {item.name.partition("[")[0] for item in found.items if item.routes} == set(asked)
    assert len(asked) == 13
    assert found.unread == ()
    assert not any("<" in text for item in found.items for text in item.texts.values())


def test_the_real_text_has_its_two_languages(shared):
    found = read(shared / "limesurvey_limonaid" / "testing-multilingual-export.txt")
    (item,) = found.items
    assert (found.title, item.name, item.kind, list(item.texts)) == (
        "Test Survey",
        "onlyQuestion",
        "single",
        ["en", "nl"],
    )
    assert {code: list(labels) for code, labels in item.choices.items()} == {"1": ["en", "nl"], "2": ["en", "nl"]}
