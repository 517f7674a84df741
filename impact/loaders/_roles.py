"""What a column is for: a question's, the tool's own, or one that may lead to someone."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from impact.loaders.tools import Tool, tools
from impact.matching import fold
from impact.model import NOTHING, Column, Export

# What leads to someone by itself: an e-mail address, a French telephone number, an IPv4 address, an IBAN.
REACHING: Final = re.compile(
    r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}|(?:\+33\s?|0)[1-9](?:[ .-]?\d\d){4}|\d{1,3}(?:\.\d{1,3}){3}"
    r"|[A-Z]{2}\d\d(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?"
)
LOOKED_AT: Final = 50  # different texts of a column
FEWEST_MARKS: Final = 4  # of a tool's own columns, by which a file that carries its labels is known as that tool's

# Headings that lead to someone whatever the tool, folded; `*` stands for anything. A question may begin like one ("Nom
# de ton établissement ?"), so a word alone must be the whole heading.
PERSONAL: Final = (
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


def with_roles(columns: tuple[Column, ...], known: Mapping[str, str]) -> tuple[Column, ...]:
    """Columns with the role that their headings say: the tool's own (`known`) before what holds everywhere."""
    patterns = [(_pattern(name), role) for name, role in known.items()]
    patterns += [(_pattern(name), "personal") for name in PERSONAL]
    return tuple(column if column.role else replace(column, role=_role(column, patterns)) for column in columns)


def told_by_cells(export: Export) -> tuple[Column, ...]:
    """Columns, personal where they hold addresses, telephone or account numbers, whatever their heading."""
    return tuple(
        replace(column, role="personal") if not column.role and _leads_to_someone(export, column) else column
        for column in export.columns
    )


def _leads_to_someone(export: Export, column: Column) -> bool:
    cells = [text.strip() for text in export.cells[column.position].cat.categories[:LOOKED_AT] if text.strip()]
    return 2 * sum(bool(REACHING.fullmatch(cell)) for cell in cells) > len(cells)


def of_labelled(export: Export) -> Export:
    """The roles of a file that carries its own labels: those of its tool, or of the one most like it, if any."""
    named = _named(export)
    return replace(named, columns=told_by_cells(named))


def _named(export: Export) -> Export:
    if export.tool:
        tool = tools()[export.tool]
        return finished(replace(export, columns=with_roles(export.columns, tool.roles)), tool)
    names = {fold(heading) for column in export.columns for heading in column.headings}
    counted = {name: sum(fold(mark) in names for mark in tool.roles) for name, tool in tools().items()}
    best = max(counted, key=lambda name: counted[name], default="")
    if not best or counted[best] < FEWEST_MARKS:
        return replace(export, columns=with_roles(export.columns, NOTHING))
    return finished(replace(export, tool=best, columns=with_roles(export.columns, tools()[best].roles)), tools()[best])


def finished(export: Export, tool: Tool) -> Export:
    """What a tool's rows tell, and which of its columns dates each answer."""
    positions = {fold(heading): column.position for column in export.columns for heading in column.headings}
    dated = next((positions[fold(name)] for name in tool.answered_on if fold(name) in positions), None)
    return tool.finish(replace(export, answered_on=dated))


def _role(column: Column, patterns: list[tuple[re.Pattern[str], str]]) -> str:
    names = [fold(heading) for heading in column.headings]
    return next((role for pattern, role in patterns if any(map(pattern.fullmatch, names))), "")


def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in fold(name).split("*")), re.DOTALL)
