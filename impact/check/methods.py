"""Names of methods in `[analysis]`, which stand for nothing until the figures are computed."""

from impact.study import Study
from impact.study.schema import Analysis

# Keys whose default names a method; those of questions and indicators are checked when the study is read.
NAMING = frozenset(
    key for key, field in Analysis.model_fields.items() if field.default and isinstance(field.default, str | tuple)
)


def refuse_unknown_methods(study: Study) -> None:
    """ImpactError for a name of `[analysis]` that no method bears. Nothing is imported for a study that names none."""
    if not NAMING & study.analysis.model_fields_set:
        return
    from impact.choices import refuse_unknown_choices  # noqa: PLC0415 – scipy is not for most checks

    refuse_unknown_choices(study)
