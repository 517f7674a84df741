"""The report: PDF, workbook, CSV tables and figures of a study, in one folder.

`report` is the whole of it. It writes only what `protect` let through, the same bytes for the same study, and puts the
folder in its place at the end, whole.
"""

from pathlib import Path

from impact.model import Results
from impact.report.files import FORMATS
from impact.study import Study

__all__ = ["FORMATS", "report"]


def report(
    results: Results,
    study: Study,
    folder: Path,
    language: str = "",
    formats: tuple[str, ...] = FORMATS,
    never_shown: tuple[int, ...] = (),
) -> tuple[Path, ...]:
    """Write the report of a study into `folder` and return its files, the PDF first.

    The CSV tables, the figures and the manifest are always written; `formats` adds "pdf" and "xlsx". `language` is the
    study's own where it is "". What stood in `folder` is replaced at the end, at once; a file that a person put there
    stays. What is for the public is written down beside the study file (`impact.report.publications`); `never_shown`
    are the numbers of earlier publications that nobody saw. For an internal audience every file says so in its name.

    ImpactError where these results differ from an earlier publication by a few respondents, where the folder holds
    something else than a report, or a format or language does not exist; ValueError where `results` have not passed
    `protect`.
    """
    from impact.report.making import make  # noqa: PLC0415 – typst and matplotlib are not for who writes tables alone

    if not results.protected:
        raise ValueError("these results have not passed impact.protect")
    return make(results, study, folder.resolve(), language or study.about.language, formats, never_shown)
