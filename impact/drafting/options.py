"""The options of closed questions: their codes, their order, and those that are no answer."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from impact.drafting import bands, lexicon
from impact.drafting.answers import Answer, answers
from impact.drafting.draft import FEWEST, Field, Guess, Option
from impact.drafting.wording import plain, slug, unused
from impact.matching import fold, says_no_answer
from impact.model import Column, Export
from impact.normalise.quantities import number

_NOTHING: Final = re.compile(r"(aucune?|rien|personne|none|nobody|nothing)( (de|of|besoin) .*|)")
FEWEST_ALONE: Final = 20  # respondents, each with one box ticked
_CODE: Final = re.compile(r"[A-Za-z0-9_.-]+")
_BANDS: Final = "tranches"
_POINTS: Final = "points"


def is_offered(answer: Answer) -> bool:
    """Whether an answer is the form's: several gave it, or it is a word of a known scale or for no answer."""
    return answer.count >= FEWEST or lexicon.may_be_level(answer.text) or bool(lexicon.reason_of(answer.text))


def is_known(found: Sequence[Answer]) -> bool:
    """Whether the answers are all those of a known scale, or a yes and a no."""
    texts = [one.text for one in found if not lexicon.reason_of(one.text)]
    return bool(texts) and (lexicon.is_yes_no(texts) or lexicon.ordered(texts) is not None)


def missing(found: Iterable[Answer]) -> tuple[Option, ...]:
    """The answers that say why there is none."""
    named = [(one.text, one.text, one.count, lexicon.reason_of(one.text)) for one in found]
    return tuple(_options(sorted((line for line in named if line[3]), key=lambda line: lexicon.place_of(line[3]))))


def of_answers(found: Sequence[Answer], kind: str, other: bool) -> Guess:
    """A closed question from the texts of its answers."""
    said = [one for one in found if not lexicon.reason_of(one.text)]
    none = missing(found)
    if kind == "single" and lexicon.is_yes_no([one.text for one in said]):
        return replace(yes_no(said), options=(*yes_no(said).options, *none), other=other)
    named = [(one.text, one.text, one.count, "") for one in said]
    return sorted_out(Guess(kind, (*_options(named, taken=none), *none), other=other))


def of_labels(column: Column, codes: Sequence[Answer], other: bool) -> Guess:
    """A closed question from the value labels of its column, in the order of their codes; unlabelled codes follow."""
    counts = {answer.text: answer.count for answer in codes}
    lines = []
    for code, label in column.labels.items():
        none = lexicon.reason_of(label) or ("unknown" if says_no_answer(label) else "")
        reason = none or ("unknown" if code in column.declared_missing else "")
        lines.append((label or code, label or code, counts.get(code, 0), reason))
    bare = [one for one in codes if one.text not in column.labels and one.count >= FEWEST]
    lines += [(one.text, one.text, one.count, lexicon.reason_of(one.text)) for one in bare]
    lines = _without_doubles(lines)
    remarks = ("bare_codes",) if bare else ()
    return replace(sorted_out(Guess("single", tuple(_options(lines)), other=other)), remarks=remarks)


def _without_doubles(lines: Iterable[tuple[str, str, int, str]]) -> list[tuple[str, str, int, str]]:
    """One line a label: two codes of one label are one answer."""
    found: dict[str, tuple[str, str, int, str]] = {}
    for code, label, count, reason in lines:
        before = found.get(fold(label))
        found[fold(label)] = (before[0], before[1], before[2] + count, before[3]) if before else (
            code, label, count, reason,
        )  # fmt: skip
    return list(found.values())


def of_boxes(field: Field, export: Export) -> Guess:
    """A multiple choice from its boxes, one option each; the box of "other" alone says nothing of what was written."""
    lines, other = [], False
    numbered = all(item == column.headings[-1] for column, item in zip(field.columns, field.items, strict=True))
    own = {fold(item): column.headings[:1] for column, item in zip(field.columns, field.items, strict=True)}
    for column, item in zip(field.columns, field.items, strict=True):
        ticked = sum(one.count for one in answers(export, column, labelled=False) if fold(one.text) not in lexicon.NO)
        if fold(item) in ("autre", "autres", "other", "-oth-", "comment", "commentaire", "autre (precisez)"):
            other = True
        else:
            lines.append((item, item, ticked, lexicon.reason_of(item)))
    made = with_exclusive(tuple(_options(_without_doubles(lines))))
    if field.unnamed and numbered:
        made = tuple(replace(one, columns=own[fold(one.label[""])]) for one in made)
    if not made:
        return Guess(left_out="text")
    if _one_at_a_time(field, export):
        return sorted_out(Guess("single", made, other=other, remarks=("spread",)))
    return Guess("multiple", made, other=other, remarks=("unnamed",) if field.unnamed else ())


def _one_at_a_time(field: Field, export: Export) -> bool:
    """Whether nobody ticked two boxes, and enough ticked one for that to be no chance: a single choice, spread out."""
    ticked = export.cells[[column.position for column in field.columns]].astype(object)
    count = ticked.map(lambda cell: _is_tick(str(cell))).sum(axis=1)
    return bool((count <= 1).all()) and int((count == 1).sum()) >= FEWEST_ALONE and len(field.columns) > 2


def _is_tick(cell: str) -> bool:
    return bool(cell.strip()) and fold(cell) not in lexicon.NO and not lexicon.reason_of(cell)


def of_form(kind: str, choices: Mapping[str, Mapping[str, str]], other: bool, exclusive: Sequence[str]) -> Guess:
    """A closed question as its form describes it: the codes are the form's own."""
    made: list[Option] = []
    known: set[str] = set()
    for code, texts in choices.items():
        doubled = not known.isdisjoint(map(fold, texts.values()))
        known |= set(map(fold, texts.values()))
        label = {language: f"{text} ({code})" if doubled else text for language, text in texts.items() if text}
        reason = next(filter(None, map(lexicon.reason_of, texts.values())), "")
        worded = fold(code) in map(fold, texts.values()) and not _CODE.fullmatch(code)
        name = unused(slug(code, 24) or code, [one.code for one in made]) if worded else code
        made.append(Option(name, label or {"": code}, reason=reason, exclusive=code in exclusive))
    if kind == "multiple":
        return Guess(kind, with_exclusive(tuple(made)), other=other)
    return sorted_out(Guess(kind, tuple(made), other=other))


def with_exclusive(made: Sequence[Option]) -> tuple[Option, ...]:
    """Options such as "none of these" stand alone."""
    return tuple(replace(one, exclusive=one.exclusive or _is_nothing(one)) for one in made)


def _is_nothing(option: Option) -> bool:
    return not option.reason and any(_NOTHING.fullmatch(plain(text)) for text in option.label.values())


def yes_no(said: Sequence[Answer]) -> Guess:
    """A yes and a no, under the words that the answers use where they are words."""
    by_word = {fold(one.text): one for one in said}
    yes = next(one for word, one in by_word.items() if word in lexicon.YES)
    no = next(one for word, one in by_word.items() if word in lexicon.NO)
    worded = fold(yes.text) in ("oui", "yes")
    letters = fold(yes.text) in ("y", "o")
    made = (
        Option(yes.text if letters else "oui", {"": yes.text if worded else "Oui"}, yes.count, value=1, top=True),
        Option(no.text if letters else "non", {"": no.text if worded else "Non"}, no.count, value=0),
    )
    return Guess("single", made, "oui_non", remarks=() if worded else ("yes_no_codes",))


def points(said: Sequence[Answer], found: Sequence[Answer]) -> Guess:
    """The points of a numeric scale, whose ends only the form names."""
    numbers = [one for one in said if number(one.text) is not None]
    ranked = sorted(numbers, key=lambda one: number(one.text) or 0.0)
    half = len(ranked) // 2 + len(ranked) % 2
    made = [
        Option(one.text, {"": one.text}, one.count, value=number(one.text), top=place >= half)
        for place, one in enumerate(ranked)
    ]
    beside = len(numbers) < len(said)
    return Guess("single", (*made, *missing(found)), _POINTS, other=beside, remarks=("points",))


def sorted_out(guess: Guess) -> Guess:
    """Choices in the order of the scale they are levels of, with its values and its high side; others as they came."""
    said = [one for one in guess.options if not one.reason]
    none = sorted((one for one in guess.options if one.reason), key=lambda one: lexicon.place_of(one.reason))
    texts = [next(iter(one.label.values()), one.code) for one in said]
    if guess.kind != "single":
        return replace(guess, options=(*with_exclusive(said), *none))
    if lexicon.is_yes_no(texts):
        yes = [fold(text) in lexicon.YES for text in texts]
        made = [replace(one, value=float(is_yes), top=is_yes) for one, is_yes in zip(said, yes, strict=True)]
        return replace(guess, options=(*sorted(made, key=lambda one: not one.top), *none), scale="oui_non")
    known = lexicon.ordered(texts)
    if known:
        scale, places = known
        pairs = sorted(zip(places, said, strict=True), key=lambda pair: pair[0])
        made = [
            replace(one, value=float(rank), top=place >= scale.top) for rank, (place, one) in enumerate(pairs, start=1)
        ]
        return replace(guess, options=(*made, *none), scale=scale.name)
    ranked = bands.ranked(texts)
    if ranked:
        high = len(ranked) - len(ranked) // 2
        ladder = [replace(said[place], top=rank >= high) for rank, place in enumerate(ranked)]
        return replace(guess, options=(*ladder, *none), scale=_BANDS)
    return replace(guess, options=(*said, *none))


def _options(lines: Iterable[tuple[str, str, int, str]], taken: Iterable[Option] = ()) -> Iterable[Option]:
    """Options of (code, label, count, reason), each under a code of its own."""
    used = {one.code for one in taken} | {"other"}
    for code, label, count, reason in lines:
        name = (lexicon.code_of(reason) if reason else slug(code, 24)) or "reponse"
        name = unused(name, used)
        used.add(name)
        yield Option(name, {"": label}, count, reason)
