"""Folder = registry: a member joins by being a file there."""

import importlib
import pkgutil
from types import ModuleType


def members(package: str) -> dict[str, ModuleType]:
    """The public modules of a package by name, in alphabetical order; names with a leading underscore are helpers."""
    folder = importlib.import_module(package)
    names = sorted(found.name for found in pkgutil.iter_modules(folder.__path__) if not found.name.startswith("_"))
    return {name: importlib.import_module(f"{package}.{name}") for name in names}
