"""The names that `[analysis]` may give to what is computed, and a refusal of any other before anything is computed.

They are those of the registries: a method that joins one of them can be asked for at once.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from impact.adjust import ADJUSTMENTS
from impact.effects import ASKED
from impact.errors import ImpactError
from impact.intervals import INTERVALS
from impact.multiplicity import DURATION_CORRECTIONS
from impact.sample import Kind
from impact.significance import TESTS
from impact.study import Study

AUTO: Final = "auto"  # the test that fits the answers


def _intervals(kind: Kind) -> tuple[str, ...]:
    return tuple(name for name, one in INTERVALS.items() if one.kind == kind)


def _tests(kind: Kind) -> tuple[str, ...]:
    return (AUTO, *(name for name, one in TESTS.items() if kind in one.kinds))


CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "share_interval": _intervals("share"),
    "mean_interval": _intervals("mean"),
    "share_test": _tests("share"),
    "mean_test": _tests("mean"),
    "measures": tuple(ASKED),
    "duration_correction": DURATION_CORRECTIONS,
    "adjustments": tuple(ADJUSTMENTS),
}


def refuse_unknown_choices(study: Study) -> None:
    """ImpactError for a name of `[analysis]` that stands for nothing: the key, the name, and those that exist."""
    for key, names in _named(study):
        for name in names:
            if name not in CHOICES[key]:
                raise ImpactError(
                    "analysis_choice", file=study.file.name, key=key, name=name, known=", ".join(CHOICES[key])
                )


def _named(study: Study) -> Iterator[tuple[str, tuple[str, ...]]]:
    for key in CHOICES:
        said = getattr(study.analysis, key)
        yield key, (said,) if isinstance(said, str) else said
