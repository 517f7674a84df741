"""A LimeSurvey questionnaire, whichever file described it, as items: one a question, one a row of a grid."""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from impact import texts
from impact.loaders import _conditions
from impact.matching import fold
from impact.model import Item, Route

Texts = Mapping[str, str]  # by language
Choices = Mapping[str, Texts]

# LimeSurvey's letters for its types.
LISTS: Final = "L!O5YG"
BOXES: Final = "MP"
GRIDS: Final = "FHABCE"
TABLES: Final = ":;"
SIMPLE: Final = {
    "N": "number",
    "S": "text",
    "T": "text",
    "U": "text",
    "D": "date",
    "*": "text",
    "|": "text",
    "X": "note",
}
SEVERAL: Final = {"K": "number", "Q": "text"}

# What LimeSurvey itself shows for the codes of its ready-made scales; other languages are given the English words.
WORDS: Final = {
    "Y": {"fr": "Oui", "en": "Yes", "de": "Ja"},
    "N": {"fr": "Non", "en": "No", "de": "Nein"},
    "U": {"fr": "Incertain", "en": "Uncertain", "de": "Unsicher"},
    "F": {"fr": "Féminin", "en": "Female", "de": "Weiblich"},
    "M": {"fr": "Masculin", "en": "Male", "de": "Männlich"},
    "I": {"fr": "Augmenter", "en": "Increase", "de": "Zunahme"},
    "S": {"fr": "Sans changement", "en": "Same", "de": "Gleich"},
    "D": {"fr": "Diminuer", "en": "Decrease", "de": "Abnahme"},
}
READY: Final = {"5": "12345", "A": "12345", "B": range(1, 11), "Y": "YN", "G": "FM", "C": "YUN", "E": "ISD"}
SCALES: Final = ("Échelle {}", "Scale {}", "Skala {}")
RANKS: Final = ("Classement {}", "Rank {}", "Rang {}")
COMMENTS: Final = {"fr": "Commentaire", "en": "Comment", "de": "Kommentar"}

TAG: Final = re.compile(r"<[^>]*>")
HIDDEN: Final = re.compile(r"<(script|style)\b.*?</\1>|<!--.*?-->", re.DOTALL | re.IGNORECASE)
VARIABLE: Final = re.compile(r"\b([A-Za-z]\w*|\d+X\d+X\w+)(?:\.NAOK|\.code|\.value)?\b(?!\()")
SIGNS: Final = (("&&", " and "), ("||", " or "), ("==", "="))
WORDED: Final = {"eq": "=", "ne": "!=", "ge": ">=", "le": "<=", "gt": ">", "lt": "<"}
OTHER: Final = "-oth-"


@dataclass
class Part:
    """A sub-question or an answer: its code, its wording by language, which of two scales it belongs to."""

    code: str
    texts: dict[str, str]
    scale: str = "0"
    relevance: str = ""


@dataclass
class Question:
    """A question as LimeSurvey's tables hold it; `names` are what conditions call it besides its code."""

    code: str
    type: str
    texts: dict[str, str]
    other: bool = False
    relevance: Sequence[str] = ()  # of its group, then its own
    subs: list[Part] = field(default_factory=list)
    answers: list[Part] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)
    number: str = ""  # survey, group and question: "245554X1X2"

    def options(self, scale: str = "0") -> Choices:
        """The answers it offers."""
        ready = READY.get(self.type)
        if ready is None:
            return {one.code: one.texts for one in self.answers if one.scale == scale}
        return {str(code): {key: _word(str(code), key) for key in self.texts} for code in ready}


def _word(code: str, language: str) -> str:
    return WORDS[code].get(language[:2], WORDS[code]["en"]) if code in WORDS else code


def plain(text: str) -> str:
    """A text without its HTML, on one line."""
    return " ".join(html.unescape(TAG.sub(" ", HIDDEN.sub(" ", text))).split())


def flat(text: str) -> str:
    """A text as an export's heading has it: tags leave nothing behind, not even a space."""
    return " ".join(html.unescape(TAG.sub("", HIDDEN.sub("", text))).split())


def items(questions: Sequence[Question]) -> tuple[tuple[Item, ...], tuple[str, ...]]:
    """The items of a questionnaire in order, and what of it could not be taken, in sentences."""
    say = texts.load()
    found: dict[str, Item] = {}
    unread: list[str] = []
    known: dict[str, str] = {}
    whole = {question.code for question in questions if question.attributes.get("num_value_int_only") == "1"}
    for question in questions:
        made = list(_items(question))
        if not made:
            unread.append(say("form.type_unknown", name=question.code, type=question.type))
        if question.attributes.get("array_filter", "").strip():
            unread.append(say("form.array_filter", name=question.code, other=question.attributes["array_filter"]))
        for item in made:
            routes = _routes(item, known, _conditions.Before(found, whole))
            if item.asked_if and not routes and item.kind != "note":
                unread.append(say("form.condition", name=item.name, condition=item.asked_if))
            found[item.name] = replace(item, routes=routes)
        known |= _called(question, made)
    return tuple(found.values()), tuple(unread)


def _items(question: Question) -> Iterator[Item]:
    """The items of one question, none for a type that is not known."""
    kind = question.type
    if kind in LISTS:
        yield replace(_item(question, "single"), choices=question.options(), other=question.other)
    elif kind in BOXES:
        choices = {sub.code: sub.texts for sub in question.subs}
        alone = re.split(r"[;,\s]+", question.attributes.get("exclude_all_others", ""))
        exclusive = tuple(code for code in alone if code in choices)
        yield replace(_item(question, "multiple"), choices=choices, other=question.other, exclusive=exclusive)
    elif kind in SIMPLE:
        item = _item(question, _numeric(question, SIMPLE[kind]))
        yield _bounded(item, question, "min_num_value_n", "max_num_value_n")
    else:
        yield from _inside(question)
    yield from _comments(question)


def _inside(question: Question) -> Iterator[Item]:
    """The rows of a grid, the cells of a table, the fields of one question, the ranks of a ranking."""
    rows = [sub for sub in question.subs if sub.scale == "0"]
    if question.type in GRIDS:
        yield from (replace(_row(question, row, "single"), choices=question.options()) for row in rows)
    elif question.type in SEVERAL:
        kind = _numeric(question, SEVERAL[question.type])
        yield from (_bounded(_row(question, row, kind), question, "slider_min", "slider_max") for row in rows)
    elif question.type == "1":
        yield from (_scale(question, row, scale) for row in rows for scale in (1, 2))
    elif question.type in TABLES:
        columns = [sub for sub in question.subs if sub.scale == "1"]
        yield from (_cell(question, row, column) for row in rows for column in columns)
    elif question.type == "R":
        yield from (_rank(question, place) for place in range(1, len(question.answers) + 1))


def _item(question: Question, kind: str) -> Item:
    named = {language: plain(text) for language, text in question.texts.items()}
    flattened = [flat(text) for text in question.texts.values()]
    headings = [text for text in flattened if fold(text) not in {fold(one) for one in named.values()}]
    return Item(question.code, named, kind, columns=tuple(headings), asked_if=_asked_if(*question.relevance))


def _row(question: Question, row: Part, kind: str) -> Item:
    """A row of a grid; its columns are how an export may head it."""
    headings = [f"{question.code}_{row.code}", *_headed(question, row.texts, "[{}]")]
    return _within(question, f"{question.code}[{row.code}]", row, kind, headings)


def _scale(question: Question, row: Part, scale: int) -> Item:
    """A row of a grid under one of its two scales."""
    headings = [f"{question.code}_{row.code}_{scale - 1}"]
    headings += _headed(question, row.texts, *(f"[{{}}][{word.format(scale)}]" for word in SCALES))
    item = _within(question, f"{question.code}[{row.code}][{scale}]", row, "single", headings)
    return replace(item, choices=question.options(str(scale - 1)))


def _cell(question: Question, row: Part, column: Part) -> Item:
    """A cell of a table."""
    code = f"{row.code}_{column.code}"
    both = {language: f"{text} · {column.texts.get(language, '')}" for language, text in row.texts.items()}
    headings = [f"{question.code}_{code}"]
    headings += [
        f"{flat(text)} [{flat(row.texts.get(language, ''))}][{flat(column.texts.get(language, ''))}]"
        for language, text in question.texts.items()
    ]
    kind = "number" if question.type == ":" else _numeric(question, "text")
    return _within(question, f"{question.code}[{code}]", replace(row, texts=both), kind, headings)


def _rank(question: Question, place: int) -> Item:
    """What stands at one place of a ranking."""
    named = {language: f"{text} [{place}]" for language, text in question.texts.items()}
    headings = [f"{question.code}_{place}"]
    headings += [f"{flat(text)} [{word.format(place)}]" for text in question.texts.values() for word in RANKS]
    item = _within(question, f"{question.code}[{place}]", Part(str(place), named), "single", headings)
    return replace(item, choices=question.options())


def _within(question: Question, name: str, row: Part, kind: str, headings: Sequence[str]) -> Item:
    named = {language: plain(text) for language, text in row.texts.items()}
    block = plain(next(iter(question.texts.values()), ""))
    asked = _asked_if(*question.relevance, row.relevance)
    return Item(name, named, kind, columns=tuple(dict.fromkeys(headings)), block=block, asked_if=asked)


def _comments(question: Question) -> Iterator[Item]:
    """The free texts beside a list or its boxes."""
    if question.type == "O":
        yield _comment(question, f"{question.code}[comment]", question.texts)
    for sub in question.subs if question.type == "P" else ():
        yield _comment(question, f"{question.code}[{sub.code}comment]", sub.texts)


def _comment(question: Question, name: str, beside: Texts) -> Item:
    named = {
        language: f"{plain(text)} [{COMMENTS.get(language[:2], COMMENTS['en'])}]" for language, text in beside.items()
    }
    code = name.replace("[", "_").rstrip("]")
    return Item(name, named, "text", columns=(code,), asked_if=_asked_if(*question.relevance))


def _headed(question: Question, beside: Texts, *forms: str) -> list[str]:
    """The text of a question and that of a row, as an export heads the column."""
    return [
        f"{flat(text)} {form.format(flat(beside.get(language, '')))}"
        for language, text in question.texts.items()
        for form in forms
    ]


def _numeric(question: Question, kind: str) -> str:
    return "number" if kind == "text" and question.attributes.get("numbers_only") == "1" else kind


def _bounded(item: Item, question: Question, low: str, high: str) -> Item:
    """A number with its bounds; a slider's hold only where there is a slider."""
    if item.kind != "number" or (low == "slider_min" and question.attributes.get("slider_layout") != "1"):
        return item
    bounds = [_number(question.attributes.get(key, "")) for key in (low, high)]
    return replace(item, minimum=bounds[0], maximum=bounds[1])


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"\s*-?\d+(\.\d+)?\s*", text) else None


# Conditions


def _asked_if(*conditions: str) -> str:
    """All that must hold; "1" is LimeSurvey's word for always."""
    real = list(dict.fromkeys(text for one in conditions if (text := _conditions.straight(one)) not in ("", "1")))
    return real[0] if len(real) == 1 else " and ".join(f"({one})" for one in real)


def _called(question: Question, made: Sequence[Item]) -> dict[str, str]:
    """What conditions call a question and its parts, and what that is in the words of `_conditions`."""
    names = {question.code, question.number} - {""}
    if question.type in BOXES:
        return {
            f"{name}{sign}{sub.code}": f"{question.code}\n{sub.code}"
            for name, sign in ((question.code, "_"), (question.number, ""))
            for sub in question.subs
            if name
        }
    found = {name: question.code for name in names}
    for item in made:
        inner = re.findall(r"\[(\w+)\]", item.name)
        if inner:
            found["_".join((question.code, *inner))] = item.name
            found[question.number + "".join(inner)] = item.name
    return found


def _routes(item: Item, known: Mapping[str, str], before: _conditions.Before) -> tuple[Route, ...]:
    return _conditions.routes(_translated(item.asked_if, known), before) if item.asked_if else ()


def _translated(condition: str, known: Mapping[str, str]) -> str:
    """A condition of LimeSurvey's, in the words of an XLSForm where it has such words."""
    for sign, word in SIGNS:
        condition = condition.replace(sign, word)
    pieces = re.split(r"(\"[^\"]*\"|'[^']*')", condition)
    pieces[::2] = [_named(piece, known) for piece in pieces[::2]]
    joined = "".join("'other'" if piece[1:-1] == OTHER else piece for piece in pieces)
    box = r"\$\{([^}\n]*)\n([^}]*)\}\s*(!?=)\s*[\"']Y[\"']"
    return re.sub(box, _selected, joined)


def _named(piece: str, known: Mapping[str, str]) -> str:
    def word(found: "re.Match[str]") -> str:
        name = found[1]
        return WORDED.get(name.casefold()) or (f"${{{known[name]}}}" if name in known else found[0])

    return VARIABLE.sub(word, piece)


def _selected(found: "re.Match[str]") -> str:
    asked = f"selected(${{{found[1]}}}, '{found[2]}')"
    return asked if found[3] == "=" else f"not({asked})"
