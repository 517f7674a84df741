"""What leads to someone: the one place that says how it is known, by heading and by value.

Every pattern is bounded: its cost is that of the text's length, whatever stands in it.
"""

import ipaddress
import re
from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

from impact.loaders.everyday import holds_everyday, is_everyday
from impact.loaders.first_names import FIRST_NAMES
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

# Words that say the same wherever they stand in a heading, folded, unless the answers are everyday ones.
STRONG: Final = re.compile(
    r"\b(prenoms?|noms? (?:de famille|et prenom|du jeune|du mentor)|(?:ton|votre|le|quel est ton|quel est votre) nom"
    r"|e-?mail|courriel|telephone|adresse|first name|last name|code postal|zip|ta ville|votre ville|date de naissance"
    r"|anniversaire|ne(?:e|\(e\)|\.e|·e)s? le|birth ?date|date of birth|signature|pseudo"
    r"|t'appelles|vous appelez|s'appelle|qui (?:es-tu|etes-vous)|ton numero|votre numero"
    r"|ou (?:est-ce que )?(?:tu|vous) (?:vis|vivez|habites?|habitez|loges?|logez)|ou (?:vis|habites|loges)-tu"
    r"|te (?:rappeler|joindre|recontacter)|vous (?:rappeler|joindre|recontacter))\b"
    r"|(?:^|\b(?:es|etes)[ -](?:tu|vous) |\b(?:je suis|tu es|vous etes|quand|jour) )nee? le\b(?! [a-z])"
    r"|^(?:dans )?(?:ville|commune|quelle (?:ville|commune)|instagram)\b"
)
# Words that do in a short heading.
NAMING: Final = re.compile(
    r"\b(snap(?:chat)?|insta(?:gram)?|tik ?tok|discord|whats ?app|dossier|matricule|allocataire|referente?s?"
    r"|educateurs?|educatrices?|(?:mon|ton|votre|son) educ|educ ref|mentore?s?|tuteur|tutrice|parrain|marraine"
    r"|famille d'accueil|assistante? familiale?|noms?|adresses?|tel|telephones?|phone|portable|mobile|mails?|contacts?"
    r"|ville|commune|cp|initiales?|binome)\b"
)
# What has a name of its own that names nobody: a question about it may well have its answers come back.
PLACES: Final = re.compile(
    r"\b(etablissements?|structures?|associations?|antennes?|organismes?|services?|ecoles?|lycees?|colleges?|foyers?"
    r"|metier|formation|diplome|filiere|projet|programme|activite|atelier|club|sport)\b"
)
# Words that may: a column under one is a person's unless its answers come back, as those of a closed question do.
WEAK: Final = re.compile(
    r"\b(noms?|names?|address|contacts?|residence|pere|mere|naissance|ne(?:\(?e\)?)? (?:le|en)|birth|born)\b"
)
NUMBERING: Final = re.compile(r"\b(identifiant|id|ids|numero|n°|code|uuid|index|matricule|key|cle|dossier)\b|#")
_FILE_NUMBERS: Final = re.compile(r"\b(dossier|matricule|allocataire)\b")  # however short these are
_IS_NAME: Final = re.compile(r"\bnoms?\b")
_ADDRESSING: Final = re.compile(r"adressée?s?\b|\b(?:vous|s'|t'|m')\s?adresse[rsz]?\b", re.IGNORECASE)  # the verb
Counted: TypeAlias = Sequence[tuple[str, int]]  # each different answer of a column and how many gave it

MOST_WORDS: Final = 5  # of a heading that names what stands below it; a question has more

_AT: Final = r"(?:@|[(\[{] ?(?:at|arobas[e]?) ?[)\]}]|\barobas[e]?\b)"
_DOT: Final = r"(?:[.,]| ?[(\[{] ?(?:point|dot) ?[)\]}] ?| (?:point|dot) )"
_HOUSES: Final = "gmail|hotmail|outlook|yahoo|orange|free|laposte|icloud|live|wanadoo|sfr|proton|protonmail"
EMAIL: Final = re.compile(  # as a program writes it, then as people type it to hide it or without care
    r"[^\s@]{1,64}@[^\s@]{1,190}\.[A-Za-z]{2,24}"
    rf"|[\w.+\-]{{1,64}} ?{_AT} ?(?:(?:{_HOUSES})\b|[\w\-]{{1,64}}(?:\.[\w\-]{{1,64}}){{0,3}}{_DOT}[a-z]{{2,24}})",
    re.IGNORECASE,
)
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
TITLED: Final = re.compile(  # a title and the name that follows
    r"(?<!\w)(?:(?:M|Mr|Mme|Mmes|Mlle|Melle|Dr|Me|Mrs|Ms)\.|Mr|Mme|Mlle|Melle|Dr|Mrs|Monsieur|Madame|Mademoiselle"
    r"|Maître|Docteur) [A-ZÀ-ÖØ-Þ]|(?<!\w)M [A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ]{2}"
)
LIVING: Final = re.compile(  # a number in a street, or a post code and its town
    r"(?<!\d)\d{1,4} ?(?i:bis|ter)?,? (?i:rue|avenue|av\.?|boulevard|bd\.?|blvd|chemin|allées?|impasse|square|quai)"
    r" [^\W\d_]|(?<!\d)\d{1,4} ?(?i:bis|ter)?,? (?i:place|route|cours|villa|cité|résidence) (?:d[eu']|l[ae']|[A-ZÀ-Þ])"
    r"|(?<!\d)(?:0[1-9]|[1-8]\d|9[0-8])\d{3} [A-ZÀ-Þ](?!uros?\b)[A-Za-zÀ-ÿ'\-]{2}"
)
_NAME_PARTS: Final = re.compile(r"[^\W\d_]+")
_LONGEST_NAME: Final = 60
_MOST_PARTS: Final = 4  # of a name: Jean-Pierre Le Goff
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
FEWEST_DIGITS: Final = 6  # of any of the numbers above but an IP address, which may have four
_DIGITS: Final = re.compile(r"\d")
_NIR_MODULUS: Final = 97
_CORSICA: Final = {"2A": "19", "2B": "18"}  # as the key counts these departments


def leads_to_someone(text: str) -> bool:
    """Whether an address, a number to call, of social security or of an account, a place or a link stands in a text."""
    text = bare(text)
    if _may_hold_address(text) and EMAIL.search(text):
        return True
    if text.count(":") > 1 and any(map(_is_ipv6, text.split())):
        return True
    if LINK.search(text):
        return True
    digits = len(_DIGITS.findall(text))
    if (digits or "POINT" in text) and GPS.search(text):
        return True
    if digits < FEWEST_DIGITS:
        return bool(IPV4.search(text))
    numbers = (PHONE, IPV4, IBAN) if is_quantity(text) else (PHONE, IPV4, IBAN, _LOST_WITHIN)
    return any(pattern.search(text) for pattern in numbers) or any(_is_nir(*found) for found in NIR.findall(text))


def is_reached_by(text: str) -> bool:
    """Whether a text, whole, is such an address or number: a link or a place is not, which a question may ask for."""
    text = bare(text)
    if len(_DIGITS.findall(text)) < FEWEST_DIGITS:
        short = bool(_may_hold_address(text) and EMAIL.fullmatch(text)) or bool(IPV4.fullmatch(text))
        return short or _is_ipv6(text)
    patterns = (EMAIL, PHONE, LOST_NOUGHT, IPV4, IBAN)
    return any(pattern.fullmatch(text) for pattern in patterns) or _is_ipv6(text) or _whole_nir(text)


def _may_hold_address(text: str) -> bool:
    """What is seen at once, before a pattern is tried."""
    return any(sign in text for sign in "@([{") or "arob" in text.casefold()


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


def names_someone(names: Sequence[str], texts: Sequence[str] = ()) -> bool:
    """Whether headings lead to someone, with the different answers below them: under most, everyday ones do not."""
    if is_personal_heading(names):
        return True
    folded = [fold(_ADDRESSING.sub(" ", name)) for name in names]
    if any(map(STRONG.search, folded)):
        return not texts or not all(map(is_everyday, texts))
    longest = max(folded, key=len, default="")
    if len(longest.split()) > MOST_WORDS or not texts:
        return False
    if _FILE_NUMBERS.search(longest) and any(map(_DIGITS.search, texts)):
        return True
    asked = _IS_NAME.sub(" ", longest) if PLACES.search(longest) else longest
    return bool(NAMING.search(asked)) and not all(map(is_everyday, texts))


def may_name_someone(names: Iterable[str]) -> bool:
    """Whether a short heading holds words that lead to someone where answers do not come back."""
    return any(len(name.split()) <= MOST_WORDS and WEAK.search(name) for name in map(fold, names))


def numbers_people(name: str) -> bool:
    """Whether a heading says that what stands below numbers people."""
    return bool(NUMBERING.search(fold(name).replace("_", " ")))


def names_people(counted: Counted) -> bool:
    """Whether answers are people or where they live: one that comes back, or most of them."""
    texts = [bare(text) for text, _ in counted]
    told = [bool(TITLED.search(text) or LIVING.search(text)) for text in texts]
    if any(found and count > 1 for found, (_, count) in zip(told, counted, strict=True)):
        return True
    return 2 * sum(map(_is_a_name, texts)) > len(texts) or 2 * sum(told) > len(texts)


def _is_a_name(text: str) -> bool:
    """Whether a text is a first name, alone or with others and a surname: a few words, none an everyday one."""
    parts = _NAME_PARTS.findall(fold(text)) if len(text) <= _LONGEST_NAME else []
    first = len(parts) <= _MOST_PARTS and any(part in FIRST_NAMES for part in parts)
    return first and not any(map(str.isdigit, text)) and not holds_everyday(text)


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
