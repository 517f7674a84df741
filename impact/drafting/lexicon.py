"""What French and English forms offer as answers: scales and their order, yes and no, words for no answer.

Patterns are matched whole against texts made `plain`. A scale goes from the least to the most; `top` is the place of
its first level that counts as being on the high side.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from impact.drafting.wording import plain
from impact.matching import fold


class Ordered(NamedTuple):
    """A known scale: its name, its levels as patterns, the first of those on the high side."""

    name: str
    levels: tuple[str, ...]
    top: int


_D = "d'accord"
SCALES: Final = (
    Ordered(
        "frequence",
        (
            "jamais|never|pas du tout", "presque jamais|quasiment jamais|hardly ever|almost never",
            "tres rarement|very rarely", "rarement|peu souvent|pas souvent|rarely|seldom|not often",
            "occasionnellement|occasionally|une fois de temps en temps",
            "parfois|quelquefois|de temps en temps|sometimes|a l'occasion", "regulierement|assez souvent|regularly",
            "souvent|often|frequemment",
            "tres souvent|very often|tres frequemment|la plupart du temps|most of the time",
            "presque toujours|almost always|usually|presque tout le temps",
            "toujours|tout le temps|en permanence|always|all the time",
        ),
        6,
    ),
    Ordered(
        "rythme",
        (
            "jamais|never", "moins d'une fois par an|less than once a year", "une fois par an|once a year",
            "quelques fois par an|plusieurs fois par an|une a (deux|trois) fois par an|a few times a year",
            "moins d'une fois par mois|moins souvent|less than once a month|less often",
            "(environ )?(une|1) fois par mois|tous les mois|mensuellement|once a month|monthly",
            "(deux|2)( ou (trois|3)| a (trois|3))? fois par mois|plusieurs fois par mois|tous les quinze jours"
            "|toutes les deux semaines|two or three times a month|several times a month",
            "(au moins |environ )?(une|1) fois par semaine|toutes les semaines|chaque semaine|once a week|weekly",
            "(deux|2)( ou (trois|3)| a (trois|3))? fois par semaine|plusieurs fois par semaine|several times a week",
            "(presque )?tous les jours|chaque jour|quotidiennement|every day|daily|plusieurs fois par jour",
        ),
        7,
    ),
    Ordered(
        "accord",
        (
            f"pas du tout {_D}|{_D} pas du tout|tout a fait en desaccord|totalement en desaccord"
            "|fortement en desaccord|strongly disagree|completely disagree",
            f"pas {_D}|en desaccord|disagree", f"plutot pas {_D}|plutot en desaccord|pas vraiment {_D}|peu {_D}"
            "|(somewhat|rather|slightly|mostly) disagree",
            f"ni {_D},? ni (pas {_D}|en desaccord)|neutre|neither agree nor disagree|neutral|moyennement {_D}",
            f"(plutot|assez) {_D}|(somewhat|rather|slightly|mostly) agree", f"{_D}|agree",
            f"(tout a fait|totalement|entierement|tres|fortement|completement) {_D}|strongly agree|completely agree",
        ),
        4,
    ),
    Ordered(
        "ampleur",
        (
            "pas du tout|aucunement|not at all", "tres peu|pas vraiment|very little|not really",
            "un peu|peu|plutot pas|a little|slightly|a bit",
            "moyennement|plus ou moins|moderately|somewhat|en partie|a moitie", "assez|plutot|quite a lot|quite a bit",
            "beaucoup|a lot|very much|bien", "tout a fait|enormement|completement|totalement|vraiment|a great deal"
            "|extremely|completely|tres",
        ),
        4,
    ),
    Ordered(
        "satisfaction",
        (
            "(pas du tout|pas satisfaite?s? du tout|tres in) ?(satisfaite?s?)?|very (dis|un)satisfied",
            "(pas |in|peu |plutot pas |plutot in|pas vraiment )satisfaite?s?|(dis|un)satisfied"
            "|(somewhat|rather) (dis|un)satisfied",
            "ni satisfaite?s?,? ni (in|pas )satisfaite?s?|neutre|moyennement satisfaite?s?|neutral"
            "|neither satisfied nor (dis|un)satisfied",
            "(plutot|assez) satisfaite?s?|(somewhat|rather|fairly) satisfied", "satisfaite?s?|satisfied",
            "(tres|tout a fait|entierement|totalement) satisfaite?s?|very satisfied",
        ),
        3,
    ),
    Ordered(
        "qualite",
        (
            "tres mauvaise?s?|tres mal|very (bad|poor)|nulle?s?", "mauvaise?s?|mal|bad|poor|insuffisante?s?",
            "plutot mauvaise?s?|plutot mal|mediocres?",
            "moyen(ne)?s?|passables?|fair|average|correcte?s?|ni bien ni mal",
            "plutot bo(n|nne)s?|assez bo(n|nne)s?|assez bien|plutot bien", "bo(n|nne)s?|bien|good|well",
            "tres bo(n|nne)s?|tres bien|very (good|well)", "excellente?s?|excellent",
        ),
        4,
    ),
    Ordered(
        "probabilite",
        (
            "(non,? )?certainement pas|(non,? )?surement pas|very unlikely|definitely not|pas du tout probable"
            "|tres improbable",
            "(non,? )?probablement pas|peu probable|improbable|unlikely|probably not|plutot improbable",
            "peut[- ]etre|maybe|possible|neutral", "(oui,? )?probablement|plutot probable|assez probable|probable"
            "|likely|probably", "(oui,? )?certainement|(oui,? )?surement|tres probable|very likely|definitely"
            "|tout a fait probable",
        ),
        3,
    ),
    Ordered(
        "oui_non_nuance",
        (
            "(non,? )?pas du tout|non,? absolument pas|certainement pas", "non|plutot non|non,? plutot pas|plutot pas",
            "peut[- ]etre|moyennement|entre les deux", "oui,? un peu|un peu", "plutot oui|oui,? plutot|plutot",
            "oui,? (tout a fait|beaucoup|absolument|certainement)|tout a fait|oui",
        ),
        3,
    ),
    Ordered(
        "comparaison",
        (
            "beaucoup moins( bie?ns?| bons?| bonnes?)?|much worse|much less",
            "(un peu )?moins( biens?| bons?| bonnes?)?"
            "|pire|en baisse|worse|less",
            "(les? )?(pareil(le)?s?|memes?|identiques?|stables?)|comme avant|autant|ni plus ni moins"
            "|the same|same|equal",
            "(un peu )?(mieux|meilleure?s?|plus)|en hausse|better|more",
            "beaucoup (mieux|meilleure?s?|plus)|much better|much more",
        ),
        3,
    ),
    Ordered(
        "importance",
        (
            "pas du tout importante?s?|not at all important",
            "(peu|pas|pas tres|pas vraiment) importante?s?|not important"
            "|slightly important", "moyennement importante?s?|moderately important",
            "(assez|plutot) importante?s?|fairly important|quite important", "importante?s?|important",
            "(tres|extremement|essentielle?ment) importante?s?|essentielle?s?|very important|extremely important",
        ),
        3,
    ),
    Ordered(
        "facilite",
        (
            "tres difficiles?|very (difficult|hard)", "difficiles?|difficult|hard",
            "(plutot|assez) difficiles?|(rather|somewhat|fairly) (difficult|hard)", "ni facile,? ni difficile|neutre",
            "(plutot|assez) faciles?|(rather|somewhat|fairly) easy", "faciles?|easy", "tres faciles?|very easy",
        ),
        4,
    ),
)  # fmt: skip

# What stands in place of an answer, with its reason and the code that a questionnaire gives it.
NO_ANSWERS: Final = (
    ("dont_know", "nsp",
     r"(je )?(ne |n')?(me )?(le |l')?(sai[st]|souviens?t?|rappelle) (pas|plus).*|nsp( .*)?|ne se prononce pas|nspp|nvpr"
     r"|(i )?(don'?t|do not) know|dk|(je ne peux|i can ?not|ne peut) (pas )?(en )?(juger?|judge)|aucune idee"
     r"|sans (opinion|avis)|pas d'(avis|opinion)|no (idea|opinion)|not sure|unsure"),
    ("refused", "npr",
     r"(je )?(ne )?(prefere|souhaite|veu[xt]|desire)( pas)?( ne)?( pas)? "
     r"(repondre|le dire|dire|me prononcer|y repondre)( pas)?.*|npr|refus(e|ee)?( de repondre)?"
     r"|(i )?(would )?(prefers? not|rather not|decline|refuse).*"),
    ("not_applicable", "nc",
     r"(je ne suis |ne suis |n'est )?(non|pas) concerne(e|es|s)?.*|sans objet|(non|pas) applicable|n/a|n\.a|n\.d"
     r"|ne s'applique pas.*|(je ne suis|ne me concerne|cela ne me concerne|ca ne me concerne) pas( concerne.*)?"
     r"|not (applicable|concerned)|does not apply|nc"),
    ("no_answer", "nr",
     r"non[- ]?(reponse|repondu|renseigne|reponses)(e|s|es)?|(sans|pas de|aucune) reponse|nr|no (answer|response)"
     r"|[-–—?.]+|manquante?s?|missing|vide|null|na|nan|non precise|not answered|skipped"),
    ("unknown", "manquant", r"\.[a-z_]"),
)  # fmt: skip

YES: Final = frozenset(("oui", "yes", "true", "vrai", "1", "y", "o"))
NO: Final = frozenset(("non", "no", "false", "faux", "0", "n"))
OTHER: Final = r"(une? )?autres?( .*)?|autrement|other( .*)?|something else"


@lru_cache(maxsize=8192)
def reason_of(text: str) -> str:
    """Why an answer is none, "" where it is one."""
    bare = fold(text.replace("_", " ")).strip(" !").removesuffix(".")
    return next((reason for reason, _, pattern in NO_ANSWERS if re.fullmatch(pattern, bare)), "")


def code_of(reason: str) -> str:
    """The usual code of an answer that is none."""
    return next((code for known, code, _ in NO_ANSWERS if known == reason), "sans")


def place_of(reason: str) -> int:
    """The usual order of the answers that are none."""
    reasons = [known for known, _, _ in NO_ANSWERS]
    return reasons.index(reason) if reason in reasons else len(reasons)


def is_other(text: str) -> bool:
    """Whether an option asks for a text of one's own."""
    return bool(re.fullmatch(OTHER, plain(text)))


def is_yes_no(texts: Iterable[str]) -> bool:
    """Whether some answers are a yes and a no, in one of the ways that tools write them."""
    folded = {fold(text) for text in texts}
    return len(folded) == 2 and bool(folded & YES) and bool(folded & NO)


@lru_cache(maxsize=8192)
def _levels(text: str) -> tuple[tuple[str, int], ...]:
    """The scales that a text is a level of, each with its place."""
    text = text.replace("_", " ")
    bare = plain(re.sub(r"^\s*\(?\d{1,2}\s*[-–.:)=]\s*(?=\D)", "", text))
    found = []
    for scale in SCALES:
        place = next((place for place, level in enumerate(scale.levels) if re.fullmatch(level, bare)), None)
        if place is not None:
            found.append((scale.name, place))
    return tuple(found)


def ordered(texts: Sequence[str], fewest: int = 2) -> tuple[Ordered, list[int]] | None:
    """The scale that all these answers are levels of, no two the same, and the place of each; None where there is none.

    Two answers are the fewest that show a scale; of two scales that fit, the first of SCALES is meant.
    """
    if len(texts) < fewest:
        return None
    known = [dict(_levels(text)) for text in texts]
    for scale in SCALES:
        places = [places[scale.name] for places in known if scale.name in places]
        if len(set(places)) == len(texts):
            return scale, places
    return None


def may_be_level(text: str) -> bool:
    """Whether a text is a level of a known scale: a word of the form then, however few chose it."""
    return bool(_levels(text))
