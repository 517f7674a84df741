"""Every real export through `impact init`: the questions found in it, its multiple choices, and why people are silent.

The columns of files.csv that are held here, each checked with the file open beside it:

- `questions`: columns that ask something, a multiple choice counting once and what is typed beside an answer (`beside`)
  not at all; `blocks` of them are multiple choices, whose boxes are listed by letter in `recount`.
- `drafted`: those that `init` writes; it leaves out free texts, identifiers and columns that are blank or say one thing
  only, and sets aside what could not be read back. "none" where nothing is left, and init says so.
- `silent`: blanks of all drafted questions by reason. Those of a question in one column are recounted cell by cell from
  the words that the file uses; those of a block from its boxes. What is left, `unknown` and `implausible`, was looked
  at one by one: codes that a file declares missing without a word, and ages of no respondent.
"""

from collections import Counter
from functools import cache
from typing import NamedTuple

import pytest

from impact import drafting, load, normalise, read_study
from impact.drafting.fields import fields
from impact.errors import ImpactError
from impact.model import Export, Responses
from impact.study import Question
from tests.real import recount
from tests.real.test_every_file import EXPORTS, FILES, numbered
from tests.unit._loaders import read

DRAFTED = [name for name in EXPORTS if FILES[name]["drafted"] != "none"]
NOT_READ = ("unknown", "implausible")
# Multiple choices that init sets aside and says why: their text is another's too, or their "Other" stands at five.
SET_ASIDE = {
    "limesurvey_rse/2018_public_data.csv": {"AX:DJ"},
    "typeform_opportunite/res_YvBfAdHB_old.csv": {"Z:AD", "AX:BB", "BF:BQ", "BS:BX", "BY:CC"},
}


class Drafted(NamedTuple):
    """What init makes of one file, and what is read by it."""

    export: Export
    questions: tuple[Question, ...]
    responses: Responses

    def letters(self, question):
        """The columns that carry a question."""
        mapping = self.responses.mapping
        return mapping.loc[mapping["question"] == question, "column"].tolist()


@pytest.fixture(scope="module")
def drafted(shared, tmp_path_factory):
    @cache
    def of(name):
        folder = tmp_path_factory.mktemp("draft")
        drafting.write(drafting.draft([shared / name], folder / "study"))
        study = read_study(folder / "study")
        exports = load(study)
        return Drafted(exports[0], tuple(study.questionnaire.question), normalise(exports, study))

    return of


@pytest.mark.parametrize("name", EXPORTS)
def test_each_column_is_a_question_or_part_of_one_or_none(name, shared):
    row, export = FILES[name], read(shared / name)
    found = fields(export, 0)
    assert len(found) == int(row["questions"])
    parted = [block for block in recount.BLOCKS.get(name, ()) if len(set(block.columns.split(":"))) > 1]
    assert sum(bool(one.layout) for one in found) == len(parted)
    assert len(recount.BLOCKS.get(name, ())) == int(row["blocks"])
    held = sum(len(one.all) for one in found)
    unnamed = sum(not column.heading.strip() and not column.role for column in export.columns)
    others = sum(int(row[what]) for what in ("personal", "metadata", "notes", "beside"))
    assert held + unnamed + others == int(row["columns"])


@pytest.mark.parametrize("name", [name for name in EXPORTS if name not in DRAFTED])
def test_where_nothing_can_be_drafted_init_says_so(name, shared, tmp_path):
    with pytest.raises(ImpactError) as fault:
        drafting.draft([shared / name], tmp_path / "study")
    assert fault.value.key == "init_no_question"


@pytest.mark.parametrize("name", DRAFTED)
def test_blanks_have_the_reasons_that_the_table_says(name, drafted):
    row, found = FILES[name], drafted(name)
    assert len(found.questions) == int(row["drafted"])
    reasons = Counter(found.responses.reasons.to_numpy().ravel())
    answered = reasons.pop("", 0)
    assert reasons == numbered(row["silent"])
    assert answered + sum(reasons.values()) == int(row["drafted"]) * int(row["respondents"])


@pytest.mark.parametrize("name", DRAFTED)
def test_silence_in_one_column_is_what_its_cells_say(name, drafted, shared):
    found, counted = drafted(name), recount.counted(shared / name, name)
    partial = recount.flagged(shared / name, name).get("partial", ()) if name in recount.FLAGS else ()
    for question in found.questions:
        letters = found.letters(question.id)
        if len(letters) != 1 or question.kind == "multiple":
            continue
        for row, said, reason in zip(
            counted.rows, recount.silences(counted, name, *letters), found.responses.reasons[question.id], strict=True
        ):
            expected = "partial" if said == "no_answer" and row in partial else said
            assert reason == expected or (reason in NOT_READ and not said), (question.id, row)


@pytest.mark.parametrize("name", recount.BLOCKS)
def test_ticks_and_bases_of_multiple_choices_are_recounted(name, drafted, shared):
    found, counted = drafted(name), recount.counted(shared / name, name)
    left = {block.columns: recount.ticks(counted, block) for block in recount.BLOCKS[name]}
    for question in (one for one in found.questions if one.kind == "multiple"):
        columns = _columns_of(found.letters(question.id), left)
        answers = found.responses.answers.filter(regex=f"^{question.id}/")
        each = tuple(sorted(int(count) for count in answers.sum() if count))
        assert recount.Ticks(each, int(answers.notna().any(axis=1).sum())) == left.pop(columns)
    assert set(left) <= SET_ASIDE.get(name, set())


def _columns_of(letters, blocks):
    """The block, by its columns, that some letters stand in."""
    ends = {columns: [recount.place_of(end) for end in columns.split(":")] for columns in blocks}
    places = [recount.place_of(letter) for letter in letters]
    return next(columns for columns, (first, last) in ends.items() if any(first <= place <= last for place in places))


@pytest.mark.parametrize("name", [name for name in DRAFTED if name not in recount.BLOCKS])
def test_no_multiple_choice_is_seen_where_there_is_none(name, drafted):
    assert [question.id for question in drafted(name).questions if question.kind == "multiple"] == []
