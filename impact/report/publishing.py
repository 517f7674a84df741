"""How results leave the room: judged, staged, written down and put in their place, whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from impact import texts
from impact.model import Results
from impact.report.control import write_control
from impact.report.delivery import check, staged
from impact.report.files import MANIFEST, named, write
from impact.report.manifest import manifest
from impact.report.processing import write_record
from impact.report.publications import judged, record
from impact.report.tables import write_tables
from impact.study import Study


@contextmanager
def published(
    results: Results, study: Study, folder: Path, language: str, never_shown: tuple[int, ...] = ()
) -> Iterator[Path]:
    """A folder to fill that takes the place of `folder` with its manifest, once what is in it stands in the registry.

    ImpactError, and nothing is written, where the folder is not a report's or where a publication is too close
    (`judged`). The registry, and the association's own record of what it does with the data, are written just before
    the folder takes its place: a run that is killed between the two leaves a line too many, which a person can strike,
    and never a publication without its line. The manifest comes last, newer than anything in the study's folder: `make`
    compares their dates.
    """
    check(folder, study)
    standing = judged(results, study, never_shown, folder)
    with staged(folder) as draft:
        yield draft
        record(standing, results, study, draft)
        write_record(results, study)
        write(draft / named(MANIFEST, study), manifest(study, language, draft))


def tables_alone(
    results: Results, study: Study, folder: Path, language: str = "", never_shown: tuple[int, ...] = ()
) -> tuple[Path, ...]:
    """The tables of a study as CSV in `folder`, with their manifest, in the place of all that a report wrote there: its
    pages would tell other figures than the tables beside them. ValueError, ImpactError as `impact.report`."""
    if not results.protected:
        raise ValueError("these results have not passed impact.protect")
    folder = folder.resolve()
    with published(results, study, folder, language or study.about.language, never_shown) as draft:
        made = write_tables(results, study, draft)
        secret = write_control(results, study, draft, texts.load(language or study.about.language))
    return tuple(folder / path.name for path in (*made, secret))
