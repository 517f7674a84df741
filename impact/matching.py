"""When two texts are the same: the one rule by which headings, labels and answers match."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
_QUOTES = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"'}
)
_PADDED_QUOTE = re.compile(r'"\s+|\s+"')
# What a value label says that is no answer. A code so labelled is never taken for a number, declared missing or not.
_NO_ANSWER = re.compile(
    r"ne sai[st] pas|\bnsp\b|refus|manquant|non[- ]reponse|sans reponse|\bnr\b|don'?t know|missing|no answer"
)
_WORTH_A_LOOK = 60  # of 100, where several are shown and the person chooses
_SHOWN = 3
_NEAR_ENOUGH = 70  # of 100, in rapidfuzz's WRatio: below it a proposal would puzzle more than help


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """A text as it is compared: case, accents, runs of spaces, invisible signs, apostrophes and quotes no longer count.

    Everything else does, a hyphen included: "6 - 12" and "6-12" are two answers.
    """
    plain = _INVISIBLE.sub("", text).translate(_QUOTES)
    bare = "".join(sign for sign in unicodedata.normalize("NFD", plain) if not unicodedata.combining(sign))
    spaced = " ".join(unicodedata.normalize("NFC", bare).casefold().split())
    return _PADDED_QUOTE.sub(lambda found: found[0].strip(), spaced) if '"' in spaced else spaced


def bare(text: str) -> str:
    """A text as it would be typed on a plain keyboard: every space the same and alone, every digit in its usual form,
    invisible signs left out."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
    return " ".join(plain.split())


def says_no_answer(label: str) -> bool:
    """Whether a value label says that there is no answer: "Ne sait pas", "Refus", "manquant"…"""
    return bool(_NO_ANSWER.search(fold(label)))


def nearest(text: str, known: Iterable[str], at_least: float = _NEAR_ENOUGH) -> str:
    """The known text most like this one, "" where none is near: a proposal for an error, never applied."""
    from rapidfuzz import process, utils  # noqa: PLC0415 – only an error needs it

    found = process.extractOne(text, list(known), processor=utils.default_process, score_cutoff=at_least)
    return str(found[0]) if found else ""


def nearest_places(text: str, known: Iterable[str]) -> tuple[int, ...]:
    """Where the three known texts most like this one stand, the nearest first; fewer where fewer are like it at all."""
    from rapidfuzz import process, utils  # noqa: PLC0415 – only an error needs it

    found = process.extract(
        text, list(known), processor=utils.default_process, limit=_SHOWN, score_cutoff=_WORTH_A_LOOK
    )
    return tuple(place for _, _, place in found)
