"""From questionnaires of young people to figures that can be defended and a report that people read.

The path: `read_study`, `load`, `normalise`, `analyse`, `protect`, `report`. Each takes values and gives a value; only
the first two and the last touch files.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from impact.analyse import analyse
    from impact.errors import ImpactError
    from impact.figures import draw
    from impact.loaders import load
    from impact.model import Column, Export, Responses, Results
    from impact.normalise import normalise
    from impact.protect import protect
    from impact.report import report
    from impact.study import Study, read_study
    from impact.synthesise import synthesise

__version__ = "0.1.0"

__all__ = [
    "Column", "Export", "ImpactError", "Responses", "Results", "Study", "analyse", "draw", "load", "normalise",
    "protect", "read_study", "report", "synthesise",
]  # fmt: skip

_HOME = {
    "Column": "model", "Export": "model", "ImpactError": "errors", "Responses": "model", "Results": "model",
    "Study": "study", "draw": "figures", "load": "loaders", "read_study": "study",
}  # fmt: skip


class _Package(ModuleType):
    """A step and its room bear the same name: `impact.normalise` is the step, whatever was imported first."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in __all__ and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


def __getattr__(name: str) -> Any:  # noqa: ANN401 – whatever the name stands for
    """Each public name is imported when first used: `import impact` and `impact --help` cost nothing."""
    if name not in __all__:
        raise AttributeError(f"module 'impact' has no attribute {name!r}")
    return getattr(import_module(f"impact.{_HOME.get(name, name)}"), name)


sys.modules[__name__].__class__ = _Package
