"""`impact init` on every real file: a study that is read, or a refusal in a sentence; and never what someone wrote."""

import re
from collections import Counter

import pytest

from impact import load, normalise, read_study
from impact.drafting import draft, write
from impact.drafting.lexicon import may_be_level, reason_of
from impact.errors import ImpactError
from impact.loaders.forms import recognised
from impact.matching import fold
from tests.real.test_every_file import FILES

SHORT, LONG = 10, 30  # signs: a shorter text is met by chance; a longer one is looked for within others too
PERSONAL = re.compile(r"[^\s@\"]+@[^\s@\"]+\.\w+|\b\d{1,3}(\.\d{1,3}){3}\b|(\+33 ?|\b0)[1-9]([ .]?\d\d){4}\b")


@pytest.mark.parametrize("name", FILES)
def test_every_real_file_is_drafted_or_refused(name, shared, tmp_path):
    try:
        made = draft([shared / name], tmp_path / "study")
    except ImpactError as refusal:
        assert (shared / name).name in str(refusal)
        assert not (tmp_path / "study").exists()
        return
    write(made)
    study = read_study(tmp_path / "study")
    exports = load(study)
    responses = normalise(exports, study)
    assert len(responses.people) == len(exports[0].cells)
    pages = "\n".join(made.files.values())
    assert not PERSONAL.search(pages)
    quoted, offered = fold_all(re.findall(r'"((?:[^"\\]|\\.)*)"', pages)), words_of_the_form(exports[0], shared / name)
    assert [text for text in rare(exports[0]) if text in quoted and text not in offered] == []
    assert [
        text for text in rare(exports[0]) if len(text) >= LONG and text in fold(pages) and text not in offered
    ] == []


def rare(export):
    """Texts that fewer than three people gave, nowhere more, and that no form is known to offer."""
    given = Counter()
    for column in export.columns:
        cells = export.cells[column.position].astype(object).map(lambda cell: fold(str(cell)))
        for text, count in cells.value_counts().items():
            given[text] = max(given[text], count)
    for text, count in given.items():
        if count < 3 and len(text) >= SHORT and not may_be_level(text) and not reason_of(text):
            yield text


def fold_all(texts):
    return {fold(text) for text in texts}


def words_of_the_form(export, path):
    """All that headings, value labels and the tool's form say, folded and run together."""
    said = [text for column in export.columns for text in (*column.headings, column.block, *column.labels.values())]
    reader = recognised(path)
    for item in reader.read(path).items if reader else ():
        said += [*item.texts.values(), item.asked_if, *item.choices]
        said += [text for texts in item.choices.values() for text in texts.values()]
    return fold(" ".join(said))
