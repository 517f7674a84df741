"""Whether what two groups were asked may be compared: a verdict a question, before any comparison is made.

`identical` and `recodable` are compared: the same words and answers, under other codes perhaps. `doubtful` is what only
a person can judge, and is compared once signed in the study file. `not_comparable` never is.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Final, NamedTuple

import pandas as pd

from impact.errors import ImpactError
from impact.matching import fold
from impact.model import COMPARABILITY
from impact.normalise._reading import impersonal
from impact.normalise.closed import OTHER
from impact.normalise.offered import Offered, is_offered
from impact.normalise.showing import GROUPS, Shown, asked_of_both
from impact.normalise.wording import alike
from impact.study import Question, Study
from impact.study.schema import Signature

NEVER: Final = ("kind", "nothing_common")
DOUBTS: Final = ("wording", "column", "option", "answer", "filter", "route", "base")
RECODED: Final = ("codes", "order", "reserved")  # told, and no reason to doubt

_FEWEST: Final = 5  # people: fewer are slips
_LEAST: Final = 0.05  # of a group: a filter leaves out more than this
_FAR: Final = 0.25  # between two groups' shares without an answer: more than people's reluctance explains
_SURE: Final = 10  # answers of several options that would be expected, and none is found: only one could be given

# A thing that differs: a key of texts, section `comparability`, and what the file of each group shows of it.
Difference = tuple[str, str, str]


class Verdict(NamedTuple):
    """What is decided of a question: what the files say of it, what the study signs, whether it is compared."""

    found: str
    verdict: str
    compared: bool


def comparability(study: Study, shown: Sequence[tuple[str, str, Shown]]) -> pd.DataFrame:
    """The verdicts, columns as `model.COMPARABILITY`: one row a question asked of both groups, one more for each other
    thing that differs.

    A question that the files of one group do not hold is not in it. ImpactError where the study signs what cannot be
    compared, or overrules a doubt without saying why.
    """
    rows = []
    for question in asked_of_both(study.questionnaire):
        mentored, others = ([one for name, of, one in shown if (name, of) == (question.id, group)] for group in GROUPS)
        if mentored and others:
            rows += _rows(study, question, list(product(mentored, others)))
    return pd.DataFrame(rows, columns=list(COMPARABILITY)).astype({"compared": bool})


def _rows(study: Study, question: Question, pairs: Sequence[tuple[Shown, Shown]]) -> list[tuple[object, ...]]:
    told = [
        (one.source, other.source, line) for one, other in pairs for line in differences(study, question, one, other)
    ]
    lines = list(dict.fromkeys(told)) or [("", "", ("", "", ""))]
    signature = study.comparability.get(question.id)
    said = decided(question, [line[0] for _, _, line in lines], signature)
    recode = _recodes(question, pairs) if any(line[0] == "codes" for _, _, line in lines) else ""
    signed, why = (signature.by, signature.why) if signature else ("", "")
    return [
        (question.id, said.verdict, said.compared, said.found, aspect, one, here, other, there, recode,
         _untold(question, pairs), signed, why)
        for one, other, (aspect, here, there) in lines
    ]  # fmt: skip


def decided(question: Question, aspects: Iterable[str], signature: Signature | None) -> Verdict:
    """The verdict on a question, from what differs and what the study signs."""
    found = _found(set(aspects))
    if signature is None:
        return Verdict(found, found, found in ("identical", "recodable"))
    if signature.verdict == "not_comparable":
        return Verdict(found, "not_comparable", False)
    if found == "not_comparable":
        raise ImpactError("comparability_never", question=question.id, verdict=signature.verdict)
    if found == "doubtful" and not signature.why.strip():
        raise ImpactError("comparability_no_why", question=question.id)
    return Verdict(found, signature.verdict, True)


def _found(aspects: set[str]) -> str:
    if aspects & set(NEVER):
        return "not_comparable"
    if aspects & set(DOUBTS):
        return "doubtful"
    return "recodable" if aspects & set(RECODED) else "identical"


def differences(study: Study, question: Question, one: Shown, other: Shown) -> Iterator[Difference]:
    """All that differs between what two groups' files show of a question."""
    if one.place != other.place:
        if alike(question, one.wordings, other.wordings) is False:
            yield "wording", impersonal(one.wordings[0].text), impersonal(other.wordings[0].text)
        yield from _kinds(one, other)
        yield from _answers(study, question, one.offered, other.offered)
        yield from _routes(one, other)
    yield from _people(one, other)


def _kinds(one: Shown, other: Shown) -> Iterator[Difference]:
    """One answer in one file, several in the other: so many of several that chance does not explain that none is."""
    for here, there, said in ((one, other, ("several", "single")), (other, one, ("single", "several"))):
        if here.several >= _FEWEST and not there.several and there.free * here.several / here.free >= _SURE:
            yield "kind", *said


def _answers(study: Study, question: Question, one: Offered, other: Offered) -> Iterator[Difference]:
    common = one.codes & other.codes
    if one.codes and other.codes and not common and (one.whole or other.whole):
        yield "nothing_common", "", ""
        return
    for code in _not_in(question, one, other):
        yield _lacking(study, question, code, (one, other), GROUPS[0]), code, ""
    for code in _not_in(question, other, one):
        yield _lacking(study, question, code, (other, one), GROUPS[1]), "", code
    if _coded_otherwise(one, other):
        yield "codes", "", ""
    ordered = set(one.order) & set(other.order)
    orders = [[code for code in each.order if code in ordered] for each in (one, other)]
    if all(orders) and orders[0] != orders[1]:
        yield "order", ", ".join(orders[0]), ", ".join(orders[1])


def _not_in(question: Question, holds: Offered, lacks: Offered) -> list[str]:
    """The codes that one file offered and that the other, which lists all it offers, does not hold."""
    if not lacks.whole:
        return []
    known = [*question.codes, *(one.code for one in question.missing), OTHER]
    return [code for code in known if code in holds.codes - lacks.codes and is_offered(question, code, holds)]


def _lacking(study: Study, question: Question, code: str, files: tuple[Offered, Offered], group: str) -> str:
    """How an option of one group's file is lacking in the other's list: by the questionnaire's will, or not."""
    if _reserved(study, question, code, group):
        return "reserved"
    holds, lacks = files
    return "answer" if code in holds.met else "column" if lacks.boxed else "option"


def _reserved(study: Study, question: Question, code: str, group: str) -> bool:
    """Whether the questionnaire itself keeps an option for one group: all that counts it is a figure of that group.

    Not where the groups are compared on an option that stands alone ("nobody"): what it excludes is not the same then.
    """
    own = [one for one in study.questionnaire.indicator if one.question == question.id]
    of = {one.id: set(GROUPS) & set(study.questionnaire.asked_of(one)) for one in own}
    counting = [one for one in own if code in one.counts]
    alone = {choice.code for choice in question.choices if choice.exclusive}
    compared = [one for one in own if of[one.id] == set(GROUPS) and alone & set(one.counts)]
    return bool(counting) and not compared and all(of[one.id] == {group} for one in counting)


def _coded_otherwise(one: Offered, other: Offered) -> bool:
    """Whether an answer of both is written otherwise, or the study had to rewrite one."""
    if one.recoded or other.recoded:
        return True
    both = one.written.keys() & other.written.keys()
    return any(set(map(fold, one.written[code])).isdisjoint(map(fold, other.written[code])) for code in both)


def _routes(one: Shown, other: Shown) -> Iterator[Difference]:
    """What decides who is asked stands in one file only: the other may have asked everyone."""
    for decides in dict.fromkeys((*one.lacks, *other.lacks)):
        if (decides in one.lacks) != (decides in other.lacks):
            yield "route", *(("", decides) if decides in one.lacks else (decides, ""))


def _people(one: Shown, other: Shown) -> Iterator[Difference]:
    """Whom the question was shown to, beyond what the questionnaire's own rules explain."""
    if _filtered(one, other) or _filtered(other, one):
        yield "filter", *(("hidden", "everyone") if one.hidden else ("everyone", "hidden"))
        return
    shares = [(each.hidden + each.blank) / each.people for each in (one, other)]
    enough = all(min(each.people, each.hidden + each.blank + each.given) >= _FEWEST for each in (one, other))
    lost = max(one.hidden + one.blank, other.hidden + other.blank)
    if enough and lost >= _FEWEST and abs(shares[0] - shares[1]) >= _FAR:
        yield "base", *(("more", "fewer") if shares[0] > shares[1] else ("fewer", "more"))


def _filtered(one: Shown, other: Shown) -> bool:
    """Whether one file hides a question from people, and the other from so few that it cannot have done so too."""
    hides = one.hidden >= _FEWEST and one.hidden >= _LEAST * one.people
    return hides and not other.hidden and other.blank / other.people < one.hidden / one.people / 2


def _untold(question: Question, pairs: Iterable[tuple[Shown, Shown]]) -> str:
    """What the files do not tell, so that no verdict speaks of it."""
    apart = [(one, other) for one, other in pairs if one.place != other.place]
    words = any(alike(question, one.wordings, other.wordings) is None for one, other in apart)
    closed = question.kind in ("single", "multiple")
    lists = any(not (one.offered.whole and other.offered.whole) for one, other in apart)
    return ", ".join(name for name, holds in (("wording", words), ("options", closed and lists)) if holds)


def _recodes(question: Question, pairs: Iterable[tuple[Shown, Shown]]) -> str:
    """The recode written out, by file: "b.sav : 5 → jamais, 4 → rarement". Labels of the questionnaire are told only
    where all files hold such."""
    files = {one.source: one.offered for pair in pairs for one in pair}
    plain = all(each.own for each in files.values())
    told = {source: _recode(question, each, plain or not each.own) for source, each in files.items()}
    return " ; ".join(f"{source} : {recode}" for source, recode in told.items() if recode)


def _recode(question: Question, each: Offered, whole: bool) -> str:
    written = {value: code for code, values in each.written.items() for value in values} if whole else {}
    known = [*question.codes, *(one.code for one in question.missing)]
    ordered = sorted(written.items(), key=lambda item: known.index(item[1]) if item[1] in known else len(known))
    lines = [(value, code) for value, code in (*ordered, *each.recoded) if fold(value) != fold(code)]
    return ", ".join(f"{value} → {code}" for value, code in dict.fromkeys(lines))
