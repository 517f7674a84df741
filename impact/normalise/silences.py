"""Words that people type where they do not answer: proposed as `missing`, never taken as such without the study's word.

"RAS" and "Aucun" are answers: nothing to report is not nothing said.
"""

from typing import Final

from impact.matching import fold
from impact.model import SILENCES

# By the reason that they suggest: the end of a key `says_<reason>` of texts, section `problem`.
WORDS: Final = {
    "no_answer": (
        "-", "--", "---", "–", "—", "/", "//", ".", "..", "...", "…", "?", "??", "???", "na", "n/a", "n.a.", "n.a",
        "#n/a", "nr", "n.r.", "n.r", "nd", "n.d.", "n.d", "nc", "n.c.", "n.c", "non renseigne", "non renseignee",
        "non reponse", "non-reponse", "sans reponse", "pas de reponse", "non communique",
        "non disponible", "no answer", "missing",
    ),
    "dont_know": (
        "nsp", "n.s.p.", "ne sait pas", "ne sais pas", "je ne sais pas", "je sais pas", "sais pas", "jsp", "dk",
        "don't know", "i don't know",
    ),
    "refused": ("refus", "refuse", "refuse de repondre", "ne souhaite pas repondre", "refused"),
    "not_applicable": ("s.o.", "s.o", "so", "s/o", "sans objet", "non concerne", "non concernee", "not applicable"),
}  # fmt: skip
_PROBLEMS: Final = {word: f"says_{reason}" for reason, words in WORDS.items() for word in words}
SILENT: Final = frozenset(SILENCES)


def silence(value: str) -> str:
    """The problem that such a word is, "" for any other text."""
    return _PROBLEMS.get(fold(value), "")
