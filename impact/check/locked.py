"""The locked plan of a study: what changed since, and what is said once it is locked."""

from collections.abc import Iterator
from datetime import date

from impact.check.nouns import Finding, Value
from impact.check.wording import Words
from impact.study import Study
from impact.study.locking import changes
from impact.study.plan import Change, Plan
from impact.texts import Texts
from impact.texts.typography import day


def changed(study: Study) -> Iterator[Finding]:
    """One finding where the plan was locked too late to plan anything, and one for all that changed since: a value
    each, the part and what it became."""
    if study.plan and study.plan.late:
        day = study.plan.held.date
        yield Finding(kind="plan_late", severity="look", source=study.plan.file.name, facts={"day": day})
    values = tuple(Value(part, (), label=one.became) for one in changes(study) for part in _parts(one))
    if study.plan and values:
        yield Finding(
            kind="plan_changed",
            severity="look",
            source=study.plan.file.name,
            values=values,
            facts={"day": study.plan.held.date, "count": len(values)},
        )


def _parts(change: Change) -> Iterator[str]:
    """The part as the study's files name it, a key at a time: "[analysis] level", "[[indicator]] absence, counts"."""
    if change.kind == "covariate":
        heading = f"[[question]] {change.name}"
    else:
        heading = f"[[{change.kind}]] {change.name}" if change.name else f"[{change.kind}]"
    separator = ", " if change.name else " "
    yield from (f"{heading}{separator}{key}" for key in change.keys) if change.keys else (heading,)


def said(plan: Plan, texts: Texts) -> Iterator[str]:
    """What was just locked, in sentences: where, when, its hash, and which exports were there."""
    words, last = Words(texts), plan.locks[-1]
    count = sum(kind == "indicator" for kind, _ in last.parts)
    yield words.counted("plan.locked", count, file=plan.file.name, day=day(date.fromisoformat(last.date), texts))
    yield words("plan.hash", hash=last.hash)
    if last.given:
        yield words("plan.given")
    if not last.there:
        yield words("plan.before")
    else:
        yield words.counted("plan.after", len(last.there), total=len(last.sources), names=", ".join(last.there))
    if plan.late:
        yield words("plan.late")
    if plan.held is not last:
        yield words("plan.held", day=day(date.fromisoformat(plan.held.date), texts))
