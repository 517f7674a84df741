"""From exports to the two files of a study, with what is left to settle: proposals, and nothing that was not seen.

`draft` reads as the table of contents; each step is a module of this room. No value of a respondent is written that
fewer than three gave, unless a form or a file's own dictionary offers it.
"""

import errno
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Final

from impact import texts
from impact.drafting import (
    asking,
    familiar,
    groups,
    near,
    questionnaire_page,
    routes,
    scales,
    study_page,
    together,
    toml,
    trial,
)
from impact.drafting.draft import Asked, Given, Grouping, said
from impact.drafting.duration import lasting
from impact.drafting.given import WRITTEN, Standing, given
from impact.drafting.indicators import figures, shown
from impact.drafting.questionnaire_page import REST, Proposal
from impact.drafting.study_page import Decisions
from impact.drafting.wording import shortened
from impact.errors import ImpactError
from impact.study import Questionnaire, bundled, questionnaire_in

PRIVATE: Final = 0o600  # answers are for whoever runs the command alone
SHARED: Final = 0o666  # less what the user's own habit (umask) takes away: a study file is worked on by several
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL


@dataclass(frozen=True)
class Drafted:
    """The files of a study, not yet written: name to text. `settle`: file, line, sentence of what is to be decided."""

    files: Mapping[str, str]
    standing: Standing
    settle: tuple[tuple[str, int, str], ...]
    questions: int
    indicators: int
    example: tuple[str, ...] = ()  # the lines of an indicator, where none is proposed
    dropped: tuple[tuple[str, str], ...] = ()  # columns that may lead to someone: the file, then the heading and why


def draft(paths: Sequence[Path], output: Path | None = None, language: str = texts.DEFAULT) -> Drafted:
    """The two files that some exports and forms suggest. Nothing is written.

    ImpactError where a file cannot be read, none holds answers or a question, or the folder has a study already.
    """
    say = texts.load(language)
    files, standing = given(paths, output)
    found = together.questions(files)
    house = bundled(familiar.BUNDLED)
    asked, links = near.linked(scales.completed(found.asked))
    asked = familiar.recognised(scales.completed(asked), house)
    grouped = groups.groups(files, asked)
    asked, absent = asking.asked_of(files, asked, grouped)
    if not asked:
        raise ImpactError("init_no_question", file=files.files[0])
    proposal = _tried(_proposal(files, asked, house), grouped, language, say)
    if not proposal.kept:
        raise ImpactError("init_no_question", file=files.files[0])
    proposal = replace(proposal, left_out=found.left_out, unmet=found.unmet)
    kept, absent = proposal.kept, asking.without(absent, proposal.aside)
    links = [link for link in links if link.question not in proposal.aside]
    identifiers = [one.heading for one in found.left_out if one.reason == "identifier"]
    repeated = [one.heading for one in found.left_out if one.reason == "repeated"]
    lasts = lasting(kept, grouped)
    personal = [one for one in found.left_out if one.reason == "personal"]
    dropped = sorted(personal, key=lambda one: (files.files.index(one.file), len(one.letter), one.letter))
    decisions = Decisions(
        files, kept, grouped, lasts, links, absent, identifiers, repeated, dropped, found.numbered_apart
    )
    pages = {WRITTEN[0]: study_page.page(decisions, say), WRITTEN[1]: questionnaire_page.page(proposal, say)}
    told = tuple((one.file, study_page.told(one, say)) for one in dropped)
    return Drafted(pages, standing, _to_settle(pages, say), len(kept), len(proposal.figures), _example(proposal), told)


def write(drafted: Drafted) -> tuple[Path, ...]:
    """The files of a draft, and the copies of exports that stand elsewhere: the paths written. None is written over.

    All of them or none: what a run that stops midway has begun is taken away.
    """
    folder = drafted.standing.folder
    folder.mkdir(mode=PRIVATE | 0o100, parents=True, exist_ok=True)
    begun: list[Path] = []
    placed: list[Path] = []
    try:
        for source, target in drafted.standing.copies:
            with source.open("rb") as read, _begun(target, PRIVATE, begun) as file:
                shutil.copyfileobj(read, file)
        for name, text in drafted.files.items():
            with _begun(folder / name, SHARED, begun) as file:
                file.write(text.encode())
        for target in begun:
            _place(target)
            placed.append(target)
    except BaseException:  # an interruption too: a second run would find a study that is not whole
        for path in (*placed, *map(_draft, begun)):
            path.unlink(missing_ok=True)
        raise
    return tuple(folder / name for name in drafted.files)


def _draft(target: Path) -> Path:
    return target.with_name(f".{target.name}.partial")


def _begun(target: Path, mode: int, begun: list[Path]) -> BinaryIO:
    """A file beside the one it will be, which a killed run may leave and the next takes away."""
    _draft(target).unlink(missing_ok=True)
    begun.append(target)
    return os.fdopen(os.open(_draft(target), _NEW, mode), "wb")


def _place(target: Path) -> None:
    if target.exists():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
    _draft(target).rename(target)


def _example(proposal: Proposal) -> tuple[str, ...]:
    """An indicator to copy, of the first question that can have one; () where some are proposed."""
    fit = [one for one in proposal.kept if one.guess.kind == "number" or one.choices]
    if proposal.figures or not fit:
        return ()
    one = fit[0]
    counts = [f"counts = {toml.strings([one.choices[0].code])}"] if one.choices else []
    kind = "share" if one.choices else "mean"
    lines = [
        "[[indicator]]", f"id = {toml.string(f'{one.id}_figure')}", f"question = {toml.string(one.id)}",
        f"dimension = {toml.string(REST)}", f'kind = "{kind}"', *counts, 'better = "neutral"',
        f"label = {toml.string(shortened(said(one.text, texts.DEFAULT)))}",
    ]  # fmt: skip
    return tuple(lines)


def _proposal(files: Given, asked: Sequence[Asked], house: Questionnaire) -> Proposal:
    shared, scale_of = scales.shared(asked)
    made, without = figures(asked, set())
    labels = {name: _label(one.label) for name, one in house.dimension.items()}
    return Proposal(files, asked, shared, scale_of, made, without, familiar.dimensions(asked, house), labels)


def _label(label: str | Mapping[str, str]) -> Mapping[str, str]:
    return {"": label} if isinstance(label, str) else label


def _tried(proposal: Proposal, grouped: Sequence[Grouping], language: str, say: texts.Texts) -> Proposal:
    """The proposal without what its own files cannot be read by, and without figures that would be wrong."""
    unrouted = replace(proposal, asked=[replace(one, routes=()) for one in proposal.asked])
    questions = questionnaire_in(questionnaire_page.page(unrouted, say), Path(WRITTEN[1])).question
    found = trial.tried(proposal.given, proposal.asked, questions, grouped, language)
    asked = routes.kept(proposal.asked, found.aside)
    told = groups.telling(proposal.asked, grouped)
    lasts = lasting(asked, grouped)
    split = {lasts.question} if lasts and lasts.sure else set()  # what makes the bands is no difference between them
    made, without = figures(asked, {*found.aside, *found.lost, *told, *split})
    safe = [one for one in made if shown(one, found.seen.get(one.question.id, ()))]
    hidden = [one for one in made if one not in safe]
    shared, scale_of = scales.shared([one for one in asked if one.id not in found.aside])
    return replace(
        proposal, asked=asked, scales=shared, scale_of=scale_of, figures=safe, hidden=hidden,
        without=[one for one in without if one.id not in found.aside], aside=found.aside, lost=found.lost,
    )  # fmt: skip


def _to_settle(pages: Mapping[str, str], say: texts.Texts) -> tuple[tuple[str, int, str], ...]:
    """Every line of the files that bears the mark, where it stands."""
    mark = questionnaire_page.settle("", say).rstrip()
    return tuple(
        (name, number, line.removeprefix(mark).strip())
        for name, text in pages.items()
        for number, line in enumerate(text.splitlines(), start=1)
        if line.startswith(mark)
    )
