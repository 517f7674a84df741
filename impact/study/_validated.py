"""One TOML file as a model: every fault of pydantic said in the user's terms, with its place and what to write."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from impact.errors import ImpactError
from impact.matching import fold, nearest
from impact.study._toml import read_toml

Model = TypeVar("Model", bound=BaseModel)

_SHOWN_FAULTS = 5  # enough to mend in one go, few enough to read


def validated(model: type[Model], file: Path) -> Model:
    """One TOML file as a model; every fault of pydantic said in the user's terms."""
    data = read_toml(file)
    try:
        return model.model_validate(data)
    except ValidationError as found:
        faults = _faults(model, data, found)
        raise ImpactError("study_faults", file=file.name, faults=faults[:_SHOWN_FAULTS], count=len(faults)) from None


def _faults(model: type[BaseModel], data: Mapping[str, Any], found: ValidationError) -> list[ImpactError]:
    """One fault a place: pydantic tells each branch of a union, and that a list is empty once its items failed."""
    by_place: dict[object, ImpactError] = {}
    for fault in found.errors():
        branch = fault["type"] == "literal_error" and isinstance(fault["input"], dict)  # of a union: a table was meant
        if not branch and (fault["type"] != "too_short" or not by_place):
            by_place.setdefault((_place(data, fault["loc"]), _key(fault["loc"])), _fault(model, data, fault))
    return list(by_place.values())


def _fault(model: type[BaseModel], data: Mapping[str, Any], fault: Mapping[str, Any]) -> ImpactError:
    """One fault as a sentence: where in the file, what is wrong, what to write."""
    place, key = _place(data, fault["loc"]), _key(fault["loc"])
    kind, context = fault["type"], fault.get("ctx", {})
    if kind.startswith("tuple") and isinstance(fault["input"], dict) and len(fault["loc"]) == 1:
        return ImpactError("study_list_of_tables", key=key)
    if kind == "extra_forbidden":
        known = _known_keys(model, fault["loc"][:-1])
        near = next((name for name in _IN_ENGLISH.get(fold(key), ()) if name in known), "") or nearest(key, known)
        return ImpactError("study_key_unknown" if near else "study_key_unknown_alone", place=place, key=key, near=near)
    if key == "drop_rows":
        return ImpactError("study_drop_rows", place=place)
    if kind == "missing":
        return ImpactError("study_key_missing", place=place, key=key)
    if kind == "literal_error":
        return ImpactError(
            "study_value_not_one_of",
            place=place,
            key=key,
            value=_short(fault["input"]),
            known=tuple(ImpactError(f"choice_{name}") for name in re.findall(r"'(\w+)'", context["expected"])),
        )
    expected = next((name for name in _KINDS if kind.startswith(name)), "other")
    if expected == "less_than" and key in _PARTS_OF_ONE:
        expected = _PARTS_OF_ONE[key]
    return ImpactError(f"study_value_{expected}", place=place, key=key, value=_short(fault["input"]))


_KINDS = (
    "string_pattern",
    "string",
    "int",
    "float",
    "bool",
    "tuple",
    "dict",
    "model",
    "greater_than",
    "less_than",
    "too_short",
    "date",
)

# Keys written in French, and those that may be meant.
_IN_ENGLISH = {
    "etude": ("study",),
    "titre": ("title",),
    "annee": ("year",),
    "fichier": ("file",),
    "groupe": ("group",),
    "libelle": ("label",),
    "intitule": ("text", "label"),
    "texte": ("text",),
    "raison": ("reason",),
    "ligne": ("rows",),
    "lignes": ("rows",),
    "colonne": ("column", "columns"),
    "colonnes": ("columns", "column"),
    "choix": ("choices",),
    "reponses": ("choices",),
    "duree": ("duration",),
}

# Keys told as a part of one, that are easily written as the report says them: in points, or in percent.
_PARTS_OF_ONE = {"smallest_useful_gap": "points", "level": "percent", "power": "percent"}


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else text[:59] + "…"


def _key(loc: tuple[str | int, ...]) -> str:
    """The last key that stands in the file: pydantic adds the branch of a union after it."""
    names = [part for part in loc if isinstance(part, str) and part not in ("str", "GroupColumn") and "[" not in part]
    return names[-1] if names else ""


def _place(data: object, loc: tuple[str | int, ...]) -> str:
    """Where a fault stands: "[[question]] n° 3 (« absence »)" or "[study]"."""
    steps: list[str] = []
    here = data
    for part, following in zip(loc, (*loc[1:], None), strict=True):
        here = _step(here, part)
        if here is None:
            break
        if isinstance(part, int):
            name = here.get("id") or here.get("file") or here.get("code") if isinstance(here, dict) else None
            steps[-1] += f" n° {part + 1}" + (f" (« {name} »)" if name else "")
        elif isinstance(here, (dict, list)) and following is not None:
            steps.append(f"[[{part}]]" if isinstance(here, list) else f"[{part}]")
    return ", ".join(steps) or str(next(iter(loc), ""))


def _step(here: object, part: str | int) -> object:
    """What stands at a key of a table or at a place of a list, None where nothing does."""
    if isinstance(here, dict):
        return here.get(part)
    if isinstance(here, list) and isinstance(part, int) and part < len(here):
        return here[part]
    return None


def _known_keys(model: type[BaseModel], loc: Iterable[str | int]) -> list[str]:
    """The keys a table of a model may hold: walks the annotations along the place of a fault."""
    for part in loc:
        if isinstance(part, str) and part in model.model_fields:
            model = next(_tables_in(model.model_fields[part].annotation), model)
    return [field.alias or name for name, field in model.model_fields.items()]


def _tables_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _tables_in(part)
