"""`questionnaire.toml` as it is proposed: what was asked, one table a question, and the figures drawn from it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from impact.drafting import toml
from impact.drafting.draft import FEWEST, Asked, Given, Guess, Option, said
from impact.drafting.familiar import BUNDLED
from impact.drafting.indicators import BASE, SIDE, Figure
from impact.drafting.scales import Shared
from impact.drafting.together import LeftOut
from impact.drafting.wording import shortened
from impact.model import Item
from impact.normalise._reading import impersonal
from impact.texts import Texts

REST = "autres"  # the dimension of what no bundled question says the dimension of


@dataclass(frozen=True)
class Proposal:
    """All that the questionnaire is written from."""

    given: Given
    asked: Sequence[Asked]
    scales: Sequence[Shared]
    scale_of: Mapping[str, str]
    figures: Sequence[Figure]
    without: Sequence[Asked]
    dimensions: Mapping[str, str]  # question id -> dimension, empty where the bundled questionnaire says none
    labels: Mapping[str, Mapping[str, str]]  # dimension -> its label
    left_out: Sequence[LeftOut] = ()
    unmet: Sequence[Item] = ()
    aside: Mapping[str, str] = field(default_factory=dict)  # question id -> why it cannot be read
    lost: Mapping[str, int] = field(default_factory=dict)
    hidden: Sequence[Figure] = ()  # figures that the report would not print

    @property
    def kept(self) -> list[Asked]:
        """The questions that are written as such."""
        return [one for one in self.asked if one.id not in self.aside]


def page(proposal: Proposal, say: Texts) -> str:
    """The file, a line feed after its last line."""
    lines = [*toml.comment(say("draft.questionnaire")), ""]
    lines += [] if proposal.figures else ["indicator = []", ""]
    lines += _dimensions(proposal, say)
    if proposal.scales:
        lines += ["", *toml.title(say("draft.scales"))]
        lines += [line for scale in proposal.scales for line in ("", *_scale(scale))]
    lines += ["", *toml.title(say("draft.questions"))]
    lines += _remarks(proposal, say)
    lines += [line for one in proposal.kept for line in ("", *_question(one, proposal, say))]
    lines += _figures(proposal, say)
    lines += _aside(proposal, say)
    lines += _left_out(proposal, say)
    return "\n".join(lines).rstrip() + "\n"


def settle(sentence: str, say: Texts) -> str:
    """A line that the person has to look at, found again by its mark."""
    return f"# {say('draft.to_settle')} {shortened(sentence, 600)}"


def _dimensions(proposal: Proposal, say: Texts) -> list[str]:
    used = {_dimension(figure, proposal) for figure in proposal.figures}
    lines = toml.title(say("draft.dimensions"))
    for name, label in proposal.labels.items():
        if name in used:
            lines += ["", f"[dimension.{name}]", f"label = {toml.words(label)}"]
    if REST in used or not used:
        sentence = say("draft.dimension_rest" if proposal.dimensions else "draft.dimension_one", name=REST)
        called = toml.string(say("draft.dimension_label"))
        lines += ["", settle(sentence, say), f"[dimension.{REST}]", f"label = {called}"]
    return lines


def _remarks(proposal: Proposal, say: Texts) -> Iterator[str]:
    """What is to be looked at in the questions, one line a matter."""
    told: dict[str, list[str]] = {}
    for one in proposal.kept:
        unsaid = ["asked_if"] if one.asked_if and not one.routes else []
        lost = ["lost"] if one.id in proposal.lost else []
        for key in (*one.guess.remarks, *lost, *unsaid):
            told.setdefault(key, []).append(one.id)
    for key, names in told.items():
        yield settle(say(f"draft.{key}", count=len(names), questions=", ".join(names)), say)


def _dimension(figure: Figure, proposal: Proposal) -> str:
    return proposal.dimensions.get(figure.question.id, REST)


def _scale(scale: Shared) -> list[str]:
    choices = [option for option in scale.options if not option.reason]
    missing = [option for option in scale.options if option.reason]
    return [
        "[[scale]]",
        f"id = {toml.string(scale.id)}",
        *toml.listed("choices", [_choice(option) for option in choices]),
        *(toml.listed("missing", [_missing(option) for option in missing]) if missing else ()),
    ]


def _choice(option: Option) -> str:
    pairs = [("code", toml.string(option.code))]
    pairs += [("value", toml.number(option.value))] if option.value is not None else []
    pairs += [("exclusive", "true")] if option.exclusive else []
    pairs += [("label", toml.words(option.label))]
    pairs += [("columns", toml.strings(option.columns))] if option.columns else []
    return toml.table(pairs)


def _missing(option: Option) -> str:
    label = toml.words(option.label)
    return toml.table([("code", toml.string(option.code)), ("label", label), ("reason", toml.string(option.reason))])


def _question(one: Asked, proposal: Proposal, say: Texts) -> Iterator[str]:
    yield from toml.comment(_where(one, proposal.given))
    if one.familiar:
        yield from toml.comment(say("draft.familiar", id=one.familiar[0], likeness=int(one.familiar[1]), name=BUNDLED))
    if one.asked_if and not one.routes:
        yield from toml.comment(say("draft.condition", condition=shortened(one.asked_if, 200)))
    yield "[[question]]"
    yield f"id = {toml.string(one.id)}"
    yield f"kind = {toml.string(one.guess.kind)}"
    yield f"text = {toml.words(one.text)}"
    if one.columns:
        yield f"columns = {toml.strings(one.columns)}"
    if one.groups:
        yield f"asked = {toml.strings(one.groups)}"
    yield from _routes(one)
    yield from _answers(one, proposal, say)


def _where(one: Asked, given: Given) -> str:
    """The columns that carry a question, file by file."""
    return " · ".join(
        f"{given.files[each.export]} {each.columns[0].letter}"
        + (f"–{each.columns[-1].letter}" if len(each.columns) > 1 else "")
        for each in one.fields
    )


def _routes(one: Asked) -> Iterator[str]:
    made = []
    for route in one.routes:
        pairs = [("question", toml.string(route.question))]
        pairs += [("is", toml.strings(route.is_))] if route.is_ else []
        pairs += [("is_not", toml.strings(route.is_not))] if route.is_not else []
        pairs += [("min", toml.number(route.minimum))] if route.minimum is not None else []
        pairs += [("max", toml.number(route.maximum))] if route.maximum is not None else []
        made.append(toml.table(pairs))
    if made:
        yield f"only_if = {made[0] if len(made) == 1 else '[' + ', '.join(made) + ']'}"


def _answers(one: Asked, proposal: Proposal, say: Texts) -> Iterator[str]:
    guess = one.guess
    if one.id in proposal.scale_of:
        counts = " · ".join(_count(option, say) for option in one.choices)
        yield f"scale = {toml.string(proposal.scale_of[one.id])}" + (f"  # {counts}" if not one.from_form else "")
    else:
        remarks = ["" if one.from_form else _count(option, say) for option in one.choices]
        if one.choices:
            yield from toml.listed("choices", [_choice(option) for option in one.choices], remarks)
        if one.missing:
            yield from toml.listed("missing", [_missing(option) for option in one.missing])
    if guess.other:
        yield f"other = true  # {say('draft.other')}"
    yield from _quantity(guess, say)


def _quantity(guess: Guess, say: Texts) -> Iterator[str]:
    """What a number is and between which it lies."""
    if guess.age_on:
        yield f"age_on = {toml.string(guess.age_on)}  # {say('draft.age_on')}"
    if guess.minimum is not None:
        yield f"min = {toml.number(guess.minimum)}"
    if guess.maximum is not None:
        yield f"max = {toml.number(guess.maximum)}"
    if guess.units:
        yield f"units = {toml.strings(guess.units)}"


def _count(option: Option, say: Texts) -> str:
    """How many gave an answer; fewer than three are not counted out."""
    return str(option.count) if option.count >= FEWEST else say("draft.few")


def _figures(proposal: Proposal, say: Texts) -> Iterator[str]:
    yield from ("", *toml.title(say("draft.indicators")))
    if proposal.figures:
        yield settle(say("draft.better"), say)
    names = [*proposal.labels, REST]
    for figure in sorted(proposal.figures, key=lambda one: names.index(_dimension(one, proposal))):
        yield ""
        yield "[[indicator]]"
        yield f"id = {toml.string(figure.id)}"
        yield 'better = "neutral"  # higher, lower, neutral'
        yield f"dimension = {toml.string(_dimension(figure, proposal))}"
        yield f"question = {toml.string(figure.question.id)}"
        yield f"kind = {toml.string(figure.kind)}"
        if figure.counts:
            yield f"counts = {toml.strings(option.code for option in figure.counts)}"
        if figure.attribution:
            yield "attribution = true"
        yield f"label = {toml.string(figure.label(say.language))}"
    if proposal.hidden:
        left = ", ".join(one.id for one in proposal.hidden)
        yield from ("", *toml.comment(say("draft.hidden", base=BASE, side=SIDE, indicators=left)))
    if proposal.without:
        names = [one.id for one in proposal.without]
        yield from ("", *toml.comment(say("draft.without", questions=", ".join(names))))


def _aside(proposal: Proposal, say: Texts) -> Iterator[str]:
    """Questions that could not be read as they stand: what stands in the way, and where."""
    if proposal.aside:
        yield from ("", *toml.title(say("draft.aside")))
    for one in proposal.asked:
        if one.id in proposal.aside:
            text = said(one.text, say.language)
            where = _where(one, proposal.given)
            reason = proposal.aside[one.id]
            yield settle(say("draft.aside_one", where=where, text=shortened(text, 80), reason=reason), say)


def _left_out(proposal: Proposal, say: Texts) -> Iterator[str]:
    """Columns that make no question, by heading only."""
    if proposal.left_out:
        yield from ("", *toml.title(say("draft.left_out")))
    for reason in dict.fromkeys(one.reason for one in proposal.left_out):
        yield from toml.comment(say(f"draft.left_{reason}"))
        for one in proposal.left_out:
            if one.reason == reason:
                yield from toml.comment(f"{one.file} {one.letter} {shortened(impersonal(one.heading), 80)}", "#   ")
    if proposal.unmet:
        names = ", ".join(shortened(said(item.texts, say.language) or item.name, 60) for item in proposal.unmet)
        yield from ("", *toml.comment(say("draft.unmet", questions=names)))
