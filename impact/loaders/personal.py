"""What leads to someone: the one place that says how it is known, by heading and by value.

Every pattern is bounded: its cost is that of the text's length, whatever stands in it.
"""

import ipaddress
import re
from collections.abc import Iterable, Sequence
from typing import Final

from impact.matching import bare, fold

# Headings that lead to someone whatever the tool, folded; `*` stands for anything. A question may begin like one ("Nom
# de ton établissement ?"), so a word alone must be the whole heading.
HEADINGS: Final = (
    "nom", "prenom", "nom de famille", "nom et prenom", "prenom et nom", "nom d'utilisateur", "name", "first name",
    "last name", "full name", "lastname", "firstname", "surname", "last_nm", "frst_nm", "mid_nm",
    "username", "e-mail", "email", "mail", "courriel", "adresse e-mail", "adresse email",
    "adresse mail", "adresse de messagerie", "adresse de courriel", "email address", "e-mail address", "telephone",
    "tel", "tel.", "portable",
    "phone", "phonenumber", "phone number", "mobile", "numero de telephone", "adresse", "address",
    "adresse postale", "adresse ip", "ip address", "ipaddress", "ipaddr", "ip", "remote_addr", "network id", "token",
    "code d'acces", "date de naissance", "date of birth", "birthdate", "dob", "ine", "nir", "numero etudiant",
    "n° de securite sociale", "numero de securite sociale", "latitude", "longitude", "geopoint", "gps",
    "locationlatitude", "locationlongitude", "deviceid", "imei", "simserial", "subscriberid", "submittername",
    "_submitted_by", "recipient*", "externalreference", "externaldatareference", "respondent id", "respondentid",
    "id du repondant",
    "collector id", "collectorid", "refurl", "url referente", "user agent", "browser", "_*_latitude", "_*_longitude",
    "_*_altitude", "_*_precision", "*-latitude", "*-longitude", "*-altitude", "*-accuracy", "*_url",
)  # fmt: skip

# Words that say the same wherever they stand in a heading, folded; a long heading asks something else of them.
STRONG: Final = re.compile(
    r"\b(prenoms?|noms? (?:de famille|et prenom|du jeune|du mentor)|(?:ton|votre|le|quel est ton|quel est votre) nom"
    r"|e-?mail|courriel|telephone|adresse|first name|last name|code postal|zip|ta ville|votre ville|date de naissance"
    r"|ne\(?e?\)? le|birth ?date|date of birth|signature|pseudo)\b|^(ville|commune|quelle (ville|commune)|instagram)\b"
)
# Words that may: a column under one is a person's unless its answers come back, as those of a closed question do.
WEAK: Final = re.compile(
    r"\b(noms?|names?|adresses?|address|tel|telephones?|phone|portable|mobile|mails?|contacts?|ville|commune|residence"
    r"|pere|mere|educateur|educatrice|referente?|parrain|marraine|naissance|ne\(?e?\)? le|birth|born|initiales?)\b"
)
MOST_WORDS: Final = 5  # of a heading that names what stands below it; a question has more

_AT: Final = r"(?:@|[(\[{] ?(?:at|arobas[e]?) ?[)\]}]|\barobas[e]?\b)"
_DOT: Final = r"(?:[.,]| ?[(\[{] ?(?:point|dot) ?[)\]}] ?| (?:point|dot) )"
_HOUSES: Final = "gmail|hotmail|outlook|yahoo|orange|free|laposte|icloud|live|wanadoo|sfr|proton|protonmail"
EMAIL: Final = re.compile(  # as a program writes it, then as people type it to hide it or without care
    r"[^\s@]{1,64}@[^\s@]{1,190}\.[A-Za-z]{2,24}"
    rf"|[\w.+\-]{{1,64}} ?{_AT} ?(?:(?:{_HOUSES})\b|[\w\-]{{1,64}}(?:\.[\w\-]{{1,64}}){{0,3}}{_DOT}[a-z]{{2,24}})",
    re.IGNORECASE,
)
_ADDRESSED: Final = re.compile(_AT, re.IGNORECASE)
_ALONE: Final = r"(?<![^\W_])(?<!\+)(?<!\d[.,])"  # no letter, digit, + or whole part of a number stands before
_ONE_SIGN: Final = "|".join(  # ten digits in any groups, one sign between them; neither days nor codes in a row
    rf"(?<!\d{sign})[0oO]{sign}?[1-9](?:{sign}?\d){{8}}(?!{sign}?\d|:\d)" for sign in (" ", "-", "_")
)
PHONE: Final = re.compile(
    rf"{_ALONE}(?:[0oO] ?[1-9](?:([ .\-/_]?)\d\d(?:\1\d\d){{3}})(?!\d)"
    r"|0[67](?:,\d\d){4}(?!,?\d)"
    rf"|(?!0 1 2 3|[0-3]\d([ \-_])[01]\d\2(?:19|20)\d\d)(?:{_ONE_SIGN})"
    r"|(?<!\d[ \-_])[67](?:([ .\-_])\d\d(?:\3\d\d){3})(?![ .,\-_]?\d))"  # the first nought lost
    r"|(?<!\w)(?<!\d[.,])(?:\+|00)[1-9]\d{0,2}[ .\-]?(?:\(0\)[ .\-]?)?(?:\d[ .\-]?){6,12}(?!\d)"
)
# What a spreadsheet leaves of a telephone number that it took for a quantity.
LOST_NOUGHT: Final = re.compile(r"(?:33)?[67]\d{8}")
_LOST_WITHIN: Final = re.compile(r"(?<![\w+.,/\-])(?:33)?[67]\d{8}(?![\w/\-]|[.,]\d)")
QUANTITY: Final = re.compile(
    r"[-+]?(?:0|[1-9]\d{0,8}|[1-9]\d{0,2}(?: \d{3}){1,3})?(?:[.,]\d{1,40})?(?:[eE][-+]?\d{1,3})?"
)
IPV4: Final = re.compile(r"(?<![\d.])(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}(?![\d.])")
GPS: Final = re.compile(
    r"(?<![\d.,])-?\d{1,2}[.,]\d{3,16}\s{0,3}[,; ]\s{0,3}-?\d{1,3}[.,]\d{3,16}"
    r"|\d{1,3}\s?°\s?\d{1,2}\s?['′]|\bPOINT\s?\("
)
NIR: Final = re.compile(  # sex, year, month, department, commune, order; then the key that the other thirteen give
    r"(?<!\d)(?<!\d[.,])([1-478]([ .\-]?)\d\d\2\d\d\2(?:\d\d|2[ABab])\2\d{3}\2\d{3})[ .\-]?(\d\d)(?!\d)"
)
IBAN: Final = re.compile(r"(?<!\w)[A-Z]{2}\d\d(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?(?!\w)")
LINK: Final = re.compile(r"https?://|\bwww\.")
_LONG_NUMBER: Final = 9  # digits
FEWEST_DIGITS: Final = 6  # of any of the numbers above
_DIGITS: Final = re.compile(r"\d")
_NIR_MODULUS: Final = 97
_CORSICA: Final = {"2A": "19", "2B": "18"}  # as the key counts these departments


def leads_to_someone(text: str) -> bool:
    """Whether an address, a number to call, of social security or of an account, a place or a link stands in a text."""
    text = bare(text)
    if _ADDRESSED.search(text) and EMAIL.search(text):
        return True
    if text.count(":") > 1 and any(map(_is_ipv6, text.split())):
        return True
    if LINK.search(text) or GPS.search(text):
        return True
    if len(_DIGITS.findall(text)) < FEWEST_DIGITS:
        return False
    numbers = (PHONE, IPV4, IBAN) if is_quantity(text) else (PHONE, IPV4, IBAN, _LOST_WITHIN)
    return any(pattern.search(text) for pattern in numbers) or any(_is_nir(*found) for found in NIR.findall(text))


def is_reached_by(text: str) -> bool:
    """Whether a text, whole, is such an address or number: a link or a place is not, which a question may ask for."""
    text = bare(text)
    patterns = (EMAIL, PHONE, LOST_NOUGHT, IPV4, IBAN)
    return any(pattern.fullmatch(text) for pattern in patterns) or _is_ipv6(text) or _whole_nir(text)


def is_quantity(text: str) -> bool:
    """Whether a text is a number that something may be counted or measured by: nine digits at most, no first nought."""
    return any(map(str.isdigit, text)) and bool(QUANTITY.fullmatch(bare(text)))


def reached(texts: Sequence[str]) -> bool:
    """Whether the different answers of a column hold, or mostly are, ways to reach someone.

    Of a column of numbers alone, one that looks like a telephone's says nothing, unless the others are short.
    """
    long = [text for text in texts if text.isdigit() and len(text) >= _LONG_NUMBER]
    if mostly(texts) or (long and all(map(LOST_NOUGHT.fullmatch, long))):
        return True
    return not all(map(is_quantity, texts)) and any(map(leads_to_someone, texts))


def heading_pattern(name: str) -> re.Pattern[str]:
    """A heading as it is looked for: folded, `*` for anything."""
    return re.compile(".*".join(re.escape(part) for part in fold(name).split("*")), re.DOTALL)


_HEADINGS: Final = tuple(map(heading_pattern, HEADINGS))


def is_personal_heading(names: Iterable[str]) -> bool:
    """Whether one of a column's headings, whole, is one that leads to someone."""
    folded = [fold(name) for name in names]
    return any(pattern.fullmatch(name) for pattern in _HEADINGS for name in folded)


def names_someone(names: Iterable[str], *, weak: bool = False) -> bool:
    """Whether a heading holds words that lead to someone: of those alone that surely do or, in a short heading, of
    those that may."""
    for name in map(fold, names):
        if STRONG.search(name) or (weak and len(name.split()) <= MOST_WORDS and WEAK.search(name)):
            return True
    return False


def mostly(texts: Sequence[str]) -> bool:
    """Whether most of some texts are ways to reach someone."""
    return 2 * sum(map(is_reached_by, texts)) > len(texts)


def _is_ipv6(text: str) -> bool:
    if text.count(":") < 2:
        return False
    try:
        ipaddress.IPv6Address(text.strip("[](),;"))
    except ValueError:
        return False
    return True


def _whole_nir(text: str) -> bool:
    found = NIR.fullmatch(text)
    return bool(found) and _is_nir(*found.groups()) if found else False


def _is_nir(number: str, sign: str, key: str) -> bool:
    """Whether the key is that of the number: 97 less the rest of its division by 97 (Insee, 1946)."""
    digits = (number.replace(sign, "") if sign else number).upper()
    digits = digits[:5] + _CORSICA.get(digits[5:7], digits[5:7]) + digits[7:]
    return int(key) == _NIR_MODULUS - int(digits) % _NIR_MODULUS
