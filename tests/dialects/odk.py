"""ODK Central: XML names, groups joined by a hyphen; split, a multiple choice has noughts where nobody answered."""

from tests.dialects._cohort import Cohort, labels
from tests.dialects._table import Columns, delimited, moments, rows
from tests.dialects.kobo import coded


def central(cohort: Cohort, folder):
    """As it comes: options joined by spaces."""
    return written(cohort, folder, split=False)


def split(cohort: Cohort, folder):
    """« Split "select multiple" choices into columns »."""
    return written(cohort, folder, split=True)


def written(cohort: Cohort, folder, split: bool):
    path = delimited(folder / f"{cohort.group}.csv", rows(columns(cohort, split)), lineterminator="\n")
    return {"file": path.name, "tool": "odk"}


def columns(cohort: Cohort, split: bool) -> Columns:
    sent = moments(cohort, "2022-06-{:02}T{:02}:{:02}:13.000Z".format)
    keys = [f"uuid:{row:08}" for row in range(len(cohort))]
    made: Columns = [("SubmissionDate", sent)]
    for question in cohort.questions:
        said, heading = cohort.said(question), f"mentorat-partie_1-{question.id}"
        made.append((heading, list(map(coded, said))))
        if question.kind == "multiple" and split:
            for code in labels(question):
                made.append((f"{heading}/{code}", [str(int(code in (one or ()))) for one in said]))
    nobody = [""] * len(cohort)
    last = [("meta-instanceID", keys), ("KEY", keys), ("SubmitterID", ["5"] * len(cohort)), ("SubmitterName", nobody)]
    return made + last + [(name, nobody) for name in ("ReviewState", "DeviceID", "Edits", "FormVersion")]


WRITERS = {"odk_central": central, "odk_split": split}
