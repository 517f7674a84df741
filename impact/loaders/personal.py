"""What leads to someone: the one place that says how it is known, by heading and by value.

Every pattern is bounded: its cost is that of the text's length, whatever stands in it.
"""

import ipaddress
import re
from collections.abc import Iterable, Sequence
from typing import Final

from impact.matching import fold

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

EMAIL: Final = re.compile(r"[^\s@]{1,64}@[^\s@]{1,190}\.[A-Za-z]{2,24}")
PHONE: Final = re.compile(
    r"(?<![\w+])(?<!\d[.,])0\s?[1-9](?:([ .\-/]?)\d\d(?:\1\d\d){3})(?!\d)"
    r"|(?<!\w)(?<!\d[.,])(?:\+|00)[1-9]\d{0,2}[ .\-]?(?:\(0\)[ .\-]?)?(?:\d[ .\-]?){6,12}(?!\d)"
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
FEWEST_DIGITS: Final = 6  # of any of the numbers above
_DIGITS: Final = re.compile(r"\d")
_NIR_MODULUS: Final = 97
_CORSICA: Final = {"2A": "19", "2B": "18"}  # as the key counts these departments


def leads_to_someone(text: str) -> bool:
    """Whether an address, a number to call, of social security or of an account, a place or a link stands in a text."""
    if "@" in text and EMAIL.search(text):
        return True
    if text.count(":") > 1 and any(map(_is_ipv6, text.split())):
        return True
    if LINK.search(text) or GPS.search(text):
        return True
    if len(_DIGITS.findall(text)) < FEWEST_DIGITS:
        return False
    numbers = (PHONE, IPV4, IBAN)
    return any(pattern.search(text) for pattern in numbers) or any(_is_nir(*found) for found in NIR.findall(text))


def is_reached_by(text: str) -> bool:
    """Whether a text, whole, is such an address or number: a link or a place is not, which a question may ask for."""
    text = text.strip()
    patterns = (EMAIL, PHONE, IPV4, IBAN)
    return any(pattern.fullmatch(text) for pattern in patterns) or _is_ipv6(text) or _whole_nir(text)


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
