"""Locking a study's analysis plan, writing it down for people, and naming what changed since."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from impact import texts
from impact.errors import ImpactError
from impact.study.plan import KINDS, Change, Lock, Name, Part, Plan, digest, hash_of, plan_file, sealed
from impact.study.questionnaire import Indicator, Question
from impact.study.schema import Analysis, Design, Duration, Study

# Words and places of an instrument, which may be mended without changing what is estimated.
_WORDING: Final = {"id", "label", "says", "dimension"}
_ASKED: Final = ("kind", "choices", "missing", "asked", "only_if", "none_ticked", "other", "min", "max", "units")
_DEFAULTS: Final[Mapping[str, type[Analysis] | type[Design] | type[Duration]]] = {
    "analysis": Analysis, "design": Design, "duration": Duration,
}  # fmt: skip


def parts(study: Study) -> dict[Name, Part]:
    """The plan as the study's files say it today, in the order of KINDS and of the questionnaire."""
    found: dict[Name, Part] = {("indicator", one.id): _indicator(one, study) for one in study.questionnaire.indicator}
    found |= {("covariate", name): as_asked(study.question(name)) for name in study.analysis.adjust_for}
    found["analysis", ""] = study.analysis.model_dump(mode="json", exclude_none=True)
    if study.duration:
        written = study.duration.model_dump(mode="json", exclude_none=True)
        question = as_asked(study.question(study.duration.question)) if study.duration.question else {}
        found["duration", ""] = written | ({"answers": question} if question else {})
    found["design", ""] = study.design.model_dump(mode="json", exclude_none=True)
    return found


def _indicator(indicator: Indicator, study: Study) -> Part:
    """What an indicator counts and of whom, the answers to its question included; never its wording."""
    written = indicator.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude=_WORDING)
    asked = study.question(indicator.question) if indicator.question else None
    return written | ({"answers": as_asked(asked)} if asked else {})


def as_asked(question: Question) -> Part:
    """Who is asked, what can be answered, and what an answer is worth."""
    written = question.model_dump(mode="json", by_alias=True, exclude_defaults=True, include=set(_ASKED))
    for name, kept in (("choices", ("code", "value")), ("missing", ("code", "reason"))):
        if name in written:
            written[name] = [{key: one[key] for key in kept if one.get(key) is not None} for one in written[name]]
    return {name: written[name] for name in _ASKED if name in written}


def changes(study: Study, since: Lock | None = None) -> tuple[Change, ...]:
    """What the study says otherwise than its lock does (`since`, else the one it is held to), in the plan's order."""
    if study.plan is None:
        return ()
    then, now = (since or study.plan.held).parts, parts(study)
    names = [*now, *(name for name in then if name not in now)]
    found = (_change(name, then.get(name), now.get(name)) for name in sorted(names, key=lambda name: _place(name)))
    return tuple(one for one in found if one)


def _place(name: Name) -> int:
    return KINDS.index(name[0])


def _change(name: Name, then: Part | None, now: Part | None) -> Change | None:
    if then is None or now is None:
        return Change(*name, "added" if then is None else "removed")
    keys = tuple(key for key in dict.fromkeys([*then, *now]) if not same(name[0], key, then, now))
    return Change(*name, "changed", keys) if keys else None


def same(kind: str, key: str, then: Part, now: Part) -> bool:
    """Whether a key of a part says what it did. One that the software did not know yet said its default."""
    usual = default(kind, key)
    return bool(then.get(key, usual) == now.get(key, usual))


def default(kind: str, key: str) -> Any:  # noqa: ANN401 – whatever a study file may hold
    """What a key of `[analysis]`, `[duration]` or `[design]` says where it is not written; None elsewhere."""
    fields = _DEFAULTS[kind].model_fields if kind in _DEFAULTS else {}
    if key not in fields or fields[key].is_required():
        return None
    value = fields[key].get_default(call_default_factory=True)
    return list(value) if isinstance(value, tuple) else value


def lock(study: Study, today: str, software: str, again: bool = False, given: str = "") -> Plan:
    """The plan of a study locked `today` ("2026-11-25"), or on an earlier day `given` by hand, written beside its file.
    No export needs to exist.

    ImpactError where a plan is locked already, unless `again`; where nothing changed since; where the day is no day,
    comes before the last lock's, or is still to come.
    """
    plan, file = study.plan, plan_file(study.file)
    before, day = plan.locks if plan else (), _day(given or today)
    if day > _day(today):
        raise ImpactError("plan_future", day=day, today=today)
    _refuse(study, day, again)
    found = {source.file: hash_of(study.folder / source.file) for source in study.sources}
    made = sealed(day, software, found, parts(study), before[-1].seal if before else "", bool(given))
    locks = (*before, made)
    draft = file.with_name(f".{file.name}.partial")
    draft.write_text(_written(locks, _language(study)), encoding="utf-8", newline="\n")
    draft.replace(file)
    return Plan(file, locks, frozenset(found.values()) - {""})


def _language(study: Study) -> str:
    return study.about.language if study.about.language in texts.languages() else texts.DEFAULT


def _day(day: str) -> str:
    try:
        return date.fromisoformat(day).isoformat()
    except ValueError:
        raise ImpactError("plan_day", day=day) from None


def _refuse(study: Study, day: str, again: bool) -> None:
    if study.plan is None:
        return
    file, last = study.plan.file.name, study.plan.locks[-1]
    if not again:
        raise ImpactError("plan_locked", file=file, date=last.date)
    if not changes(study, last):
        raise ImpactError("plan_unchanged", file=file, date=last.date)
    if day < last.date:
        raise ImpactError("plan_before", file=file, date=last.date, day=day)


# --- the file --------------------------------------------------------------------------------------------------------


def _written(locks: tuple[Lock, ...], language: str) -> str:
    """The locks as TOML, what the file is for at its head."""
    remark = "\n".join(f"# {line}" for line in texts.load(language)("plan.head").split("\n"))
    return "\n\n".join([remark, *(_lock(one) for one in locks)]) + "\n"


def _lock(made: Lock) -> str:
    given = {"date_given": True} if made.given else {}
    head = {"date": made.date, **given, "impact": made.software, "plan": made.hash, "seal": made.seal}
    return "\n\n".join(["\n".join(["[[lock]]", *_lines(head)]), *_tables(made)])


def _tables(made: Lock) -> Iterator[str]:
    for name, found in made.sources.items():
        yield "\n".join(["[[lock.source]]", *_lines({"file": name, "sha256": found})])
    for (kind, name), part in made.parts.items():
        heading = f"[lock.{kind}.{_key(name)}]" if name else f"[lock.{kind}]"
        yield "\n".join([heading, *_lines({**part, "sha256": digest(part)})])


def _lines(table: Mapping[str, Any]) -> list[str]:
    return [f"{_key(key)} = {_value(value)}" for key, value in table.items()]


def _key(key: str) -> str:
    return key if key.replace("_", "").isalnum() and key.isascii() else _text(key)


def _value(value: Any) -> str:  # noqa: ANN401 – whatever a study file may hold
    if isinstance(value, dict):
        return "{" + ", ".join(_lines(value)) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return _text(value) if isinstance(value, str) else repr(value)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
