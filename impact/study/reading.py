"""From study files to a `Study`, checked as a whole before anything else is read."""

import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from impact.errors import ImpactError
from impact.matching import fold, nearest, nearest_places
from impact.study._toml import named
from impact.study._validated import validated
from impact.study.plan import plan_file, read_plan
from impact.study.published import Published
from impact.study.questionnaire import WHEN_ANSWERING, Question, Questionnaire, Routing
from impact.study.schema import GroupColumn, Source, Study, StudyFile
from impact.study.unsettled import unsettled

_PACKAGE = Path(__file__).parent.parent

_LONGEST_NAME, _LONGEST_PATH = 255, 1_000  # bytes of a file's name, signs of a path: no system opens longer ones
_SHOWN = 40  # signs of such a path that a message shows


def read_study(path: str | Path) -> Study:
    """Read a study file, its questionnaire and its published figures.

    `path` is the file, or its folder where it is named `study.toml`. ImpactError where a file is missing or is not
    TOML, where a key is unknown, missing or of the wrong kind, and where a name stands for nothing.
    """
    file = named(Path(path))
    written = validated(StudyFile, file)
    questions_file = beside(file, written.study.questionnaire, "questionnaire")
    questionnaire = with_scales(validated(Questionnaire, questions_file), questions_file)
    _must_differ([_table_of(source) for source in written.source], "[[source]]", file)
    published_file = beside(file, written.study.published, "published") if written.study.published else None
    published = validated(Published, published_file) if published_file else None
    exports = [below(file.parent, source.file, file) for source in written.source]
    plan = read_plan(plan_file(file), exports)
    own = (file, questions_file, published_file, plan.file if plan else None)
    study = Study(
        file=file, about=written.study, sources=written.source, duration=written.duration, design=written.design,
        analysis=written.analysis, disclosure=written.disclosure, questionnaire=questionnaire, published=published,
        inputs=tuple(path for path in (*own, *exports) if path is not None),
        comparability=written.comparability, unsettled=unsettled((file, questions_file)), plan=plan,
        link=written.link,
    )  # fmt: skip
    _check_study(study)
    return study


def below(folder: Path, name: str, file: Path) -> Path:
    """The path of a file that a study names, which must stay below the study's folder, links followed."""
    path = folder / name
    if any(sign < " " for sign in name):
        raise ImpactError("study_path_signs", file=file.name, path=json.dumps(name, ensure_ascii=False))
    if len(name) > _LONGEST_PATH or any(len(part.encode()) > _LONGEST_NAME for part in path.parts):
        raise ImpactError("study_path_long", file=file.name, path=f"{name[:_SHOWN]}…")
    if not _is_inside(path, folder):
        raise ImpactError("study_path_outside", file=file.name, path=name)
    return path


def _is_inside(path: Path, folder: Path) -> bool:
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # links that lead to one another
        return False


def _table_of(source: Source) -> str:
    """What a source reads: a file read twice would count everyone twice."""
    name = os.path.normpath(source.file)
    return f"{name}, {source.sheet}" if source.sheet else name


def beside(file: Path, name: str, kind: str) -> Path:
    """A study's own file, or the bundled one of that name ("koreis2022")."""
    if name.endswith(".toml"):
        return below(file.parent, name, file)
    ending = "" if kind == "questionnaire" else f".{kind}"
    bundled = (_PACKAGE / "questionnaires" / f"{name}{ending}.toml", _PACKAGE.parent / "data" / name / f"{kind}.toml")
    for path in bundled:
        if re.fullmatch(r"\w{1,100}", name) and path.is_file():
            return path
    raise ImpactError("study_no_bundled", file=file.name, name=name, key=kind)


# --- names that must stand for something -----------------------------------------------------------------------------


def with_scales(questionnaire: Questionnaire, file: Path) -> Questionnaire:
    """Each question with the choices and missing codes of its scale, and every name checked."""
    scales = {scale.id: scale for scale in questionnaire.scale}
    questions = []
    for question in questionnaire.question:
        if question.scale:
            _must_know(question.scale, scales, "scale", question.id, file)
            scale = scales[question.scale]
            filled = {"choices": question.choices or scale.choices, "missing": (*question.missing, *scale.missing)}
            question = question.model_copy(update=filled)
        questions.append(question)
    whole = questionnaire.model_copy(update={"question": tuple(questions)})
    _check_questions(whole, file)
    _check_indicators(whole, file)
    _check_mirrors(whole, file)
    return whole


def _check_questions(questionnaire: Questionnaire, file: Path) -> None:
    _must_differ([question.id for question in questionnaire.question], "question", file)
    for question in questionnaire.question:
        _must_differ([*question.codes, *(m.code for m in question.missing)], f"question {question.id}", file)
        if question.kind in ("single", "multiple") and not question.choices:
            raise ImpactError("study_no_choices", file=file.name, question=question.id)
        _check_labels(question, file)
        _check_age(question, file)
        _check_bounds(question, file)
    _check_routing(questionnaire, file)


def _check_labels(question: Question, file: Path) -> None:
    """Two answers that read alike could never be told apart in an export."""
    owners: dict[str, str] = {}
    for answer in question.answers:
        for label in answer.texts[1:]:
            if owners.setdefault(fold(label), answer.code) != answer.code:
                raise ImpactError("study_label_twice", file=file.name, question=question.id, label=label)


def _check_age(question: Question, file: Path) -> None:
    """An age is a number, told on the day of the answer or on one that exists."""
    day = question.age_on
    if day and (question.kind != "number" or not (day == WHEN_ANSWERING or _is_day(day))):
        raise ImpactError("study_age", file=file.name, question=question.id)


def _is_day(text: str) -> bool:
    try:
        return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", text)) and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _check_bounds(question: Question, file: Path) -> None:
    for name, bound in (("min", question.min), ("max", question.max)):
        right = isinstance(bound, str) if question.kind == "date" else isinstance(bound, (int, float))
        if isinstance(bound, str) and not re.fullmatch(r"\d{4}-\d\d-\d\d", bound):
            right = False
        if bound is not None and not right:
            key = "study_bound_date" if question.kind == "date" else "study_bound_number"
            raise ImpactError(key, file=file.name, question=question.id, key=name)


def _check_routing(questionnaire: Questionnaire, file: Path) -> None:
    """A question hangs on one before it, as on the form: routes are followed in the questionnaire's order."""
    before: list[str] = []
    for question in questionnaire.question:
        for routing in question.only_if:
            _must_know(routing.question, questionnaire.questions, "only_if", question.id, file)
            if routing.question not in before:
                raise ImpactError("study_routing_order", file=file.name, question=question.id, decides=routing.question)
            _check_route(routing, questionnaire.questions[routing.question], question.id, file)
        before.append(question.id)


def _check_route(routing: Routing, decides: Question, owner: str, file: Path) -> None:
    """One way of deciding, and one that the deciding question has: codes of choices, bounds of a number."""
    ways = [bool(routing.is_), bool(routing.is_not), routing.bounded]
    closed = decides.kind in ("single", "multiple")
    if ways.count(True) != 1 or closed == routing.bounded or (not closed and decides.kind != "number"):
        raise ImpactError("study_routing_way", file=file.name, question=owner, decides=decides.id)
    _check_choices(decides, routing.is_, owner, file)
    _check_codes(decides, routing.is_not, owner, file)


def _check_indicators(questionnaire: Questionnaire, file: Path) -> None:
    _must_differ([indicator.id for indicator in questionnaire.indicator], "indicator", file)
    for indicator in questionnaire.indicator:
        _must_know(indicator.dimension, questionnaire.dimension, "dimension", indicator.id, file)
        if indicator.kind == "index":
            single = [one.id for one in questionnaire.indicator if one.kind != "index"]
            for item in indicator.items:
                _must_know(item, single, "items", indicator.id, file)
            if not indicator.items:
                raise ImpactError("study_no_items", file=file.name, indicator=indicator.id)
            continue
        _must_know(indicator.question, questionnaire.questions, "question", indicator.id, file)
        question = questionnaire.questions[indicator.question]
        if indicator.kind == "share" and (not indicator.counts or question.kind not in ("single", "multiple")):
            raise ImpactError("study_no_counts", file=file.name, indicator=indicator.id)
        _check_choices(question, indicator.counts, indicator.id, file)
        if indicator.kind == "mean" and not _can_score(question):
            raise ImpactError("study_no_values", file=file.name, indicator=indicator.id, question=question.id)


def _check_mirrors(questionnaire: Questionnaire, file: Path) -> None:
    """Two figures of one kind, one told by the mentored and the other by mentors."""
    for indicator in (one for one in questionnaire.indicator if one.mirrors):
        _must_know(indicator.mirrors, questionnaire.indicators, "mirrors", indicator.id, file)
        other = questionnaire.indicators[indicator.mirrors]
        sides = [set(questionnaire.asked_of(one)) & {"mentored", "mentor"} for one in (indicator, other)]
        apart = sides in ([{"mentored"}, {"mentor"}], [{"mentor"}, {"mentored"}])
        if not apart or indicator.kind != other.kind or indicator.kind == "index":
            raise ImpactError("study_mirror_unlike", file=file.name, indicator=indicator.id, mirror=other.id)


def _can_score(question: Question) -> bool:
    scored = any(choice.value is not None for choice in question.choices)
    return question.kind == "number" or (question.kind == "single" and scored)


def _check_choices(question: Question, codes: Iterable[str], owner: str, file: Path) -> None:
    """Codes of answers: a missing code never counts, and asks nothing further."""
    for code in codes:
        _must_know(code, [*question.codes, *(["other"] if question.other else [])], question.id, owner, file)


def _check_codes(question: Question, codes: Iterable[str], owner: str, file: Path) -> None:
    known = [*question.codes, *(missing.code for missing in question.missing), *(["other"] if question.other else [])]
    for code in codes:
        _must_know(code, known, question.id, owner, file)


def _check_study(study: Study) -> None:
    known, file = study.questionnaire.questions, study.file
    for owner, names in _questions_named(study):
        for name in filter(None, names):
            if name not in known:
                raise _no_question(study, owner, name)
    for name in study.analysis.primary:
        _must_know(name, study.questionnaire.indicators, "primary", "[analysis]", file)
    _check_recodes(study)
    _check_covariates(study)
    _check_breakdowns(study)
    _check_duration(study)
    _check_groups(study)
    _check_signatures(study)
    _check_kind(study, study.design.weight, "number")
    _check_pair(study)
    for figure in study.published.figure if study.published else ():
        if figure.indicator:
            _must_know(figure.indicator, study.questionnaire.indicators, "indicator", figure.id, file)


def _check_covariates(study: Study) -> None:
    """What groups are made alike in: numbers and closed answers, which both groups gave."""
    _must_differ(list(study.analysis.adjust_for), "[analysis] adjust_for", study.file)
    for question in map(study.question, study.analysis.adjust_for):
        if question.kind not in ("number", "single", "multiple"):
            raise ImpactError("study_covariate_kind", file=study.file.name, question=question.id, kind=question.kind)
        if not {"mentored", "non_mentored"} <= set(question.asked):
            raise ImpactError("study_covariate_one_group", file=study.file.name, question=question.id)
        _must_not_make_groups(study, question)


def _check_breakdowns(study: Study) -> None:
    """What figures are broken down by: questions with one answer a person."""
    _must_differ(list(study.analysis.breakdowns), "[analysis] breakdowns", study.file)
    closed = [one.id for one in study.questionnaire.question if one.kind == "single"]
    for question in map(study.question, study.analysis.breakdowns):
        if question.kind != "single":
            near = ", ".join(closed[place] for place in nearest_places(question.id, closed) or range(len(closed[:3])))
            raise ImpactError(
                "study_breakdown_kind" if near else "study_breakdown_none",
                file=study.file.name, question=question.id, kind=question.kind, near=near,
            )  # fmt: skip


def _must_not_make_groups(study: Study, question: Question) -> None:
    """A covariate is not the column that tells the group of each row."""
    own = {fold(text) for text in (question.id, *question.columns, *question.texts)}
    for source in study.sources:
        made = source.group.column if isinstance(source.group, GroupColumn) else ()
        for column in (made,) if isinstance(made, str) else made:
            if fold(column) in own:
                raise ImpactError(
                    "study_covariate_groups", file=study.file.name, question=question.id, column=column
                )  # fmt: skip


def _check_pair(study: Study) -> None:
    """A code that both sides of a pair gave, and of which no figure is drawn: it leads to people."""
    if not study.design.pair:
        return
    question = study.question(study.design.pair)
    used = {study.design.weight, *study.analysis.adjust_for, *(one.question for one in study.questionnaire.indicator)}
    if question.kind not in ("text", "number") or question.id in used:
        raise ImpactError("study_pair_code", file=study.file.name, question=question.id)
    if not {"mentored", "mentor"} <= set(question.asked):
        raise ImpactError("study_pair_one_side", file=study.file.name, question=question.id)


def _check_duration(study: Study) -> None:
    duration = study.duration
    if duration is None:
        return
    if not duration.question and not (duration.start and duration.until):
        raise ImpactError("study_duration_nothing", file=study.file.name)
    for name in (duration.start, duration.until):
        _check_kind(study, name, "date")
    if duration.question:
        _check_choices(study.question(duration.question), (*duration.over, *duration.under), "[duration]", study.file)


def _check_kind(study: Study, name: str, kind: str) -> None:
    if name and study.question(name).kind != kind:
        raise ImpactError("study_wrong_kind", file=study.file.name, question=name, kind=kind)


def _check_groups(study: Study) -> None:
    """A value that says two groups would put everyone in the last of them."""
    for source in study.sources:
        if isinstance(source.group, GroupColumn):
            values = [
                fold(value) for name in ("mentored", "non_mentored", "mentor") for value in getattr(source.group, name)
            ]
            _must_differ(values, _named(source, "group"), study.file)


def _check_signatures(study: Study) -> None:
    """What is signed of a question that only one group was asked would never be looked at."""
    for name in study.comparability:
        if not {"mentored", "non_mentored"} <= set(study.question(name).asked):
            raise ImpactError("study_comparability_one_group", file=study.file.name, question=name)


def _check_recodes(study: Study) -> None:
    for source in study.sources:
        for name, codes in source.recode.items():
            question = study.question(name)
            boxes = ("oui", "non") if question.kind == "multiple" else ()  # what the mark of a box means
            if question.kind in ("single", "multiple"):
                said = [code for code in codes.values() if code not in boxes]
                _check_codes(question, said, _named(source, "recode"), study.file)


def _no_question(study: Study, owner: str, name: str) -> ImpactError:
    """A name that is no question's: the three nearest, and where the others are."""
    if owner == "[design]":
        return ImpactError("study_design_no_question", file=study.file.name, name=name)
    known, whole = list(study.questionnaire.questions), study.inputs[1]
    root = next((folder for folder in (study.folder, _PACKAGE.parent) if whole.is_relative_to(folder)), whole.parent)
    near = ", ".join(known[place] for place in nearest_places(name, known))
    key = "study_no_question" if near else "study_no_question_far"
    place = whole.relative_to(root).as_posix()
    return ImpactError(key, file=study.file.name, owner=owner, name=name, near=near, questionnaire=place)


def _questions_named(study: Study) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every place of a study file that names questions, with the names."""
    design, duration = study.design, study.duration
    yield "[design]", (design.weight, design.stratum, design.cluster, design.pair)
    yield "[analysis] adjust_for", study.analysis.adjust_for
    yield "[disclosure] not_sensitive", study.disclosure.not_sensitive
    yield "[analysis] breakdowns", study.analysis.breakdowns
    yield "[comparability]", tuple(study.comparability)
    if duration:
        yield "[duration]", (duration.question, duration.start, duration.until)
    for source in study.sources:
        yield _named(source, "rename"), tuple(source.rename.values())
        yield _named(source, "recode"), tuple(source.recode)
        yield _named(source, "absent"), source.absent
        yield _named(source, "merge"), tuple(source.merge)
        yield _named(source, "since"), tuple(source.since)


def _named(source: Source, key: str) -> str:
    return f"[[source]] {source.file}, {key}"


def _must_know(name: str, known: Iterable[str], key: str, owner: str, file: Path) -> None:
    known = list(known)
    if name not in known:
        near = nearest(name, known)
        raise ImpactError(
            "study_name_unknown" if near else "study_name_unknown_alone",
            file=file.name,
            owner=owner,
            key=key,
            name=name,
            near=near,
        )


def _must_differ(names: list[str], kind: str, file: Path) -> None:
    for name, count in Counter(names).items():
        if count > 1:
            raise ImpactError("study_twice", file=file.name, kind=kind, name=name)
