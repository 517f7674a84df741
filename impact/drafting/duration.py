"""The question that says how long someone has been mentored, where there is one."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from impact.drafting import bands
from impact.drafting.draft import Asked, Grouping, said
from impact.matching import fold

_LONG: Final = re.compile(
    r"\b(depuis (combien|quand|quelle)|combien de (mois|temps)|duree|how (long|many months)|for how)\b"
)
_MENTORING: Final = re.compile(r"\b(mentor|mentorat|mentoring|parrain|parrainage|marraine|binome)\b")
_MENTORS_OWN: Final = re.compile(r"\b(etes-vous (mentor|parrain|benevole)|votre (jeune|filleul)|are you a mentor)\b")
_CARE: Final = re.compile(r"\b(ase|aide sociale|educat\w*|foyer|famille d'accueil|place|placee|placement)\b")
_MONTHS: Final = re.compile(r"\b(mois|months?)\b")
_YEARS: Final = re.compile(r"\b(annees?|ans|years?)\b")
THRESHOLD: Final = 6.0


class Lasting(NamedTuple):
    """The question of duration: the choices on each side of six months, where it is a choice. `sure` if it says so."""

    question: str
    over: tuple[str, ...] = ()
    under: tuple[str, ...] = ()
    sure: bool = False


def lasting(asked: Sequence[Asked], grouped: Sequence[Grouping]) -> Lasting | None:
    """The likeliest question of duration asked of the mentored, None where none is."""
    found = [lasts for one in asked if (lasts := _of(one, grouped))]
    return max(found, key=lambda one: one.sure) if found else None


def _of(one: Asked, grouped: Sequence[Grouping]) -> Lasting | None:
    of = {group for each in one.fields for group in grouped[each.export].groups}
    text = fold(" ".join((said(one.text, "fr"), *one.columns))).replace("_", " ")
    named = bool(_MENTORING.search(text))
    about = (
        _LONG.search(text)
        and (named or (of == {"mentored"} and not _CARE.search(text)))
        and not _MENTORS_OWN.search(text)
    )
    if not about or "mentored" not in of or (one.groups and "mentored" not in one.groups):
        return None
    if one.guess.kind == "number":
        months = bool(_MONTHS.search(text)) or one.guess.units == ("mois",)
        return Lasting(one.id, sure=named and months and not _YEARS.search(text))
    return _of_bands(one) if one.guess.kind == "single" else None


def _of_bands(one: Asked) -> Lasting | None:
    """Bands of time, each on one side of six months; the band that holds them is left to be settled."""
    ranges = {option.code: bands.in_months(said(option.label, "fr")) for option in one.choices}
    known = {code: band for code, band in ranges.items() if band}
    over = tuple(code for code, band in known.items() if band.low >= THRESHOLD)
    under = tuple(code for code, band in known.items() if band.high <= THRESHOLD and band.low < THRESHOLD)
    if not over or not under:
        return None
    return Lasting(one.id, over, under, sure=len(over) + len(under) == len(ranges))
