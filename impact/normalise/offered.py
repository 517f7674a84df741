"""The answers that one file shows of a closed question: which, whether that is all of them, how written, in what order.

Only what the file itself tells: an answer that nobody of a plain list of texts gave may well have been offered.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

from impact.matching import fold
from impact.model import Column
from impact.normalise.closed import OTHER, Answers, plain
from impact.normalise.columns import Feed
from impact.normalise.wording import item_text
from impact.study import Question

# The missing codes that a form offers to be ticked, by their reason; the others are what an office adds afterwards.
_ON_THE_FORM: Final = ("dont_know", "refused", "not_applicable")
_CODE: Final = 0  # the place of an answer's code among its texts; its labels come after


class Offered(NamedTuple):
    """The answers that a file shows.

    `codes` are all that it shows, `met` those that only respondents' answers tell: a label such as "don't know" that
    nobody gave may be an office's own, and not the form's. `whole` says that it lists all it offers: value labels, or a
    column an option (`boxed`). `written` is what stands in the file for each code, `own` that these are the
    questionnaire's own labels. `recoded` is what the study itself rewrites, `order` that of the list (() where there is
    none).
    """

    codes: frozenset[str] = frozenset()
    met: frozenset[str] = frozenset()
    whole: bool = False
    boxed: bool = False
    written: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    own: bool = False
    recoded: tuple[tuple[str, str], ...] = ()
    order: tuple[str, ...] = ()


def offered(question: Question, feed: Feed, answers: Answers, values: Sequence[str], ticked: Iterable[str]) -> Offered:
    """What a file shows of a closed question's answers.

    `values` are the different cells of the group that the feed's columns hold; `ticked` the codes that were given.
    """
    recoded = tuple((value, code) for value, code in answers.recode.items() if code in _names(question).values())
    names = _names(question, answers)
    if feed.items:
        return _of_boxes(question, feed)._replace(recoded=recoded)
    listed = _listed(question, feed.columns[0], names, recoded)
    if listed:
        return _of_labels(question, listed, names, values)._replace(recoded=recoded)
    return _of_texts(question, names, values, ticked)._replace(recoded=recoded)


def on_the_form(question: Question) -> tuple[str, ...]:
    """The codes that a form can offer: the choices, and the missing codes that one ticks."""
    return (*question.codes, *(one.code for one in question.missing if one.reason in _ON_THE_FORM))


def is_offered(question: Question, code: str, each: Offered) -> bool:
    """Whether a file surely offered a code that it shows."""
    return code in question.codes or each.boxed or code in each.met or code == OTHER


def _names(question: Question, answers: Answers | None = None) -> dict[str, str]:
    """The code of every text that an answer of the form may be written as, folded."""
    codes = on_the_form(question)
    names = {fold(text): one.code for one in question.answers if one.code in codes for text in one.texts}
    if answers is None:
        return names
    words = {word: meaning.code for word, meaning in answers.by_word.items() if meaning.code}
    return words | names | {fold(value): code for value, code in answers.recode.items() if code in codes}


def _of_boxes(question: Question, feed: Feed) -> Offered:
    known = (*on_the_form(question), OTHER)
    items = [(column, code) for column, code in zip(feed.columns, feed.items, strict=True) if code in known]
    headed = {code: item_text(question, column, code) for column, code in reversed(items)}
    labels = {fold(text) for one in question.answers for text in one.texts[1:]}
    return Offered(
        codes=frozenset(code for _, code in items),
        whole=True,
        boxed=True,
        written={code: (text,) for code, text in headed.items() if text},
        own=all(fold(text) in labels for text in headed.values() if text),
        order=_choices(question, (code for _, code in sorted(items, key=lambda item: item[0].position))),
    )


def _listed(
    question: Question, column: Column, names: Mapping[str, str], recoded: Iterable[tuple[str, str]]
) -> dict[str, str]:
    """The codes of a column's value labels, by what stands in the cells; {} where the labels say no choice."""
    rewritten = {fold(value) for value, _ in recoded}
    said = {
        value: names.get(fold(value)) if fold(value) in rewritten else names.get(fold(plain(label)))
        for value, label in column.labels.items()
    }
    found = {value: code for value, code in said.items() if code}
    return found if set(found.values()) & set(question.codes) else {}


def _of_labels(
    question: Question, listed: Mapping[str, str], names: Mapping[str, str], values: Iterable[str]
) -> Offered:
    """A column with value labels; one that labels only some of its codes (the ends of a scale) lists nothing whole."""
    values = list(values)
    beyond = {code for value in values if value not in listed and (code := names.get(fold(plain(value))))}
    given = {listed[value] for value in values if value in listed} - set(question.codes)
    return Offered(
        codes=frozenset(listed.values()) | beyond,
        met=frozenset(beyond - set(listed.values()) | given),
        whole=not beyond,
        written=_by_code(listed.items()),
        order=_choices(question, (listed[value] for value in _ordered(listed))),
    )


def _of_texts(question: Question, names: Mapping[str, str], values: Sequence[str], ticked: Iterable[str]) -> Offered:
    """Cells that hold texts: what was met. How they are written is told whole, so that nobody's answer is."""
    met = {value: code for value in values if (code := names.get(fold(plain(value))))}
    codes = frozenset(met.values()) | (frozenset(ticked) & set(on_the_form(question)))
    place = _form(question, codes, values)
    if place is None:
        return Offered(codes=codes, met=codes, written=_by_code(met.items()))
    texts = [(one.texts[place], one.code) for one in question.answers if len(one.texts) > place]
    return Offered(codes=codes, met=codes, written=_by_code(texts), own=place != _CODE)


def _form(question: Question, codes: frozenset[str], values: Sequence[str]) -> int | None:
    """In which of an answer's texts all that was met is written: a language's labels, or the codes; None for none."""
    held = "\n".join(map(fold, values))
    answers = [one for one in question.answers if one.code in codes]
    places = range(max((len(one.texts) for one in answers), default=0))
    fits = [
        place for place in places if all(len(one.texts) > place and fold(one.texts[place]) in held for one in answers)
    ]
    return next((place for place in fits if place != _CODE), fits[0] if fits else None)


def _by_code(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for value, code in pairs:
        found[code] = (*found.get(code, ()), value)
    return found


def _choices(question: Question, codes: Iterable[str]) -> tuple[str, ...]:
    """The choices among some codes, each once: where "don't know" stands says nothing of the order of a scale."""
    return tuple(code for code in dict.fromkeys(codes) if code in question.codes)


def _ordered(values: Iterable[str]) -> list[str]:
    """Codes of a file in their order: that of numbers where they are all numbers, else that of the list."""
    listed = list(values)
    return sorted(listed, key=float) if all(value.lstrip("-").isdigit() for value in listed) else listed
